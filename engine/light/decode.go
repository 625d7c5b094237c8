package light

import (
	"fmt"

	"noctiluca/installations"
)

// Decoder is the way back: from the bytes of one output to the light they
// stand for, so that a recording can be limited and sent as anything else is.
// It does not change once made, so any number of goroutines may use it.
type Decoder struct {
	runs  []installations.Run
	light [256]float32 // of each byte
}

// NewDecoder prepares the decoder of an output.
func NewDecoder(o *installations.Output) (*Decoder, error) {
	gamma := o.Gamma
	if gamma == 0 {
		gamma = 1
	}
	if _, err := NewCurve(gamma); err != nil {
		return nil, fmt.Errorf("output %s: %w", o.Name, err)
	}
	d := &Decoder{runs: o.Runs}
	for n := 1; n < 255; n++ {
		d.light[n] = float32(power(float64(n)/255, gamma))
		if gamma == 1 {
			d.light[n] = float32(n) / 255
		}
	}
	d.light[255] = 1
	return d, nil
}

// Decode sets the light of every pixel that the output carries, from channel
// data that begin with the output's first channel. Channels that are missing
// at the end of data are dark. A white emitter's light is added to all three
// colours; over 1 stays over 1, for the safety stage to clamp.
//
// Encoding what was decoded gives the same bytes again, but for a pixel with
// white whose red, green and blue are all lit (white takes over what those
// have in common), or, with a gamma over 2.8, one in whose bright white the
// darkest steps of a colour are lost.
func (d *Decoder) Decode(data []byte, r, g, b []float32) {
	for i := range d.runs {
		run := &d.runs[i]
		at, p := run.Offset, run.First
		for range run.Count {
			var v [4]float32
			for k, c := range run.Order {
				if at+k < len(data) {
					v[c] = d.light[data[at+k]]
				}
			}
			r[p], g[p], b[p] = v[0]+v[3], v[1]+v[3], v[2]+v[3]
			at += len(run.Order)
			p += run.Step
		}
	}
}
