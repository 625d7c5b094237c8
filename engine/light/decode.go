package light

import (
	"noctiluca/engine/light/colour"
	"noctiluca/installations"
)

// Decoder is the way back: from the bytes of one output to the light they
// stand for, so that a recording can be limited and sent as anything else is.
// It does not change once made, so any number of goroutines may use it.
type Decoder struct {
	runs   []installations.Run
	splits []*Split     // of each run
	light  [256]float32 // of each byte
	fine   []float32    // of each two bytes; nil without such
}

// NewDecoder prepares the decoder of an output. splits are those of the
// installation's fixtures; nil takes every LED for nominal.
func NewDecoder(o *installations.Output, splits *Splits) (*Decoder, error) {
	e, err := NewEncoder(o, splits)
	if err != nil {
		return nil, err
	}
	d := &Decoder{runs: o.Runs, splits: e.splits}
	copy(d.light[:], e.curve.at[:])
	if e.fine != nil {
		d.fine = e.curve.words()
	}
	return d, nil
}

// Decode sets the light of every pixel that the output carries, from channel
// data that begin with the output's first channel. Channels that are missing
// at the end of data are dark. A neutral white emitter's light is added to all
// three colours; what is over 1 stays so, for the safety stage to clamp.
//
// Encoding what was decoded gives the same bytes again, but for a pixel with
// white whose red, green and blue are all lit (white takes over what those
// have in common); one in whose bright white the darkest steps of a colour are
// rounded away, with a gamma over 2 or 16 bits; and LEDs whose primaries were measured, which
// come within a step.
func (d *Decoder) Decode(data []byte, r, g, b []float32) {
	for i := range d.runs {
		run, split := &d.runs[i], d.splits[i]
		at, p := run.Offset, run.First
		for range run.Count {
			var v [5]float32
			for k, c := range run.Order {
				switch {
				case run.Wide:
					if at+2*k+1 < len(data) {
						v[c] = d.fine[uint16(data[at+2*k])<<8|uint16(data[at+2*k+1])]
					}
				case at+k < len(data):
					v[c] = d.light[data[at+k]]
				}
			}
			r[p], g[p], b[p] = split.join(v)
			at += run.Width()
			p += run.Step
		}
	}
}

// join is the way back from Amounts.
func (s *Split) join(v [5]float32) (r, g, b float32) {
	if s.lamp == nil {
		return v[0] + v[3], v[1] + v[3], v[2] + v[3]
	}
	if s.amber && !s.white {
		v[3], v[4] = v[4], 0
	}
	var a [colour.MaxEmitters]float64
	for i := range a {
		a[i] = float64(v[i])
	}
	c := s.lamp.RGB(a)
	return float32(c[0]), float32(c[1]), float32(c[2])
}
