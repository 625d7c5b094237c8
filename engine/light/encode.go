package light

import (
	"fmt"

	"noctiluca/installations"
)

// Encoder makes the bytes of one output. It does not change once made, so any
// number of goroutines may use it.
type Encoder struct {
	runs   []installations.Run
	splits []*Split // of each run
	curve  *Curve
	fine   *Fine           // of runs with two bytes for a component; nil without such
	noise  *[dithers]uint8 // nil: without dither
	still  uint32          // values of 65535 under this are dithered along the wire only
}

// NewEncoder prepares the encoder of an output. splits are those of the
// installation's fixtures; nil takes every LED for nominal.
func NewEncoder(o *installations.Output, splits *Splits) (*Encoder, error) {
	c, err := NewCurve(o.Gamma)
	if err != nil {
		return nil, fmt.Errorf("output %s: %w", o.Name, err)
	}
	if o.Lightness {
		c = NewLightness()
	}
	e := &Encoder{runs: o.Runs, curve: c}
	for i := range o.Runs {
		if o.Runs[i].Wide && e.fine == nil {
			e.fine = c.Fine()
		}
		s := splits.Of(o.Runs[i].First)
		if splits == nil && len(o.Runs[i].Order) > 3 {
			s = &Split{white: true}
		}
		e.splits = append(e.splits, s)
	}
	if o.Dither {
		e.noise = thresholds()
		if o.Still {
			e.still = 1 << 16 // all of them
		}
	}
	return e, nil
}

// Still has bytes under a floor dithered along the wire only, and not in time:
// where the steps are a large part of the light, one that comes and goes is
// flicker. It is called before the encoder is used.
func (e *Encoder) Still(floor int) { e.still = max(e.still, uint32(max(floor, 0))*257) }

// Encode writes the light of every pixel that the output carries into dst,
// which is as long as the output's channel data. Bytes of no pixel stay as
// they are. Light is 0…1; what lies outside is clamped. frame is the number of
// the frame, for the dither.
func (e *Encoder) Encode(dst []byte, r, g, b []float32, frame uint64) {
	for i := range e.runs {
		run, split := &e.runs[i], e.splits[i]
		at, p := run.Offset, run.First
		width, wide := run.Width(), run.Wide
		plain := split.lamp == nil && !split.white
		for range run.Count {
			v := [5]float32{r[p], g[p], b[p]}
			if !plain {
				v = split.Amounts(clamp(v[0]), clamp(v[1]), clamp(v[2]))
			}
			switch {
			case wide: // fine enough without dither
				for k, c := range run.Order {
					w := e.fine.Word(v[c])
					dst[at+2*k], dst[at+2*k+1] = byte(w>>8), byte(w)
				}
			case e.noise == nil:
				for k, c := range run.Order {
					dst[at+k] = e.curve.Byte(v[c])
				}
			default:
				for k, c := range run.Order {
					w, f := e.curve.Wide(v[c]), frame
					if w < e.still {
						f = 0
					}
					dst[at+k] = dither(e.noise, w, p, int(c), f)
				}
			}
			at += width
			p += run.Step
		}
	}
}

// clamp gives 0…1, and 0 for what is not a number.
func clamp(x float32) float32 {
	if !(x > 0) {
		return 0
	}
	return min(x, 1)
}
