package physio

import (
	"math"

	"noctiluca/engine/physio/turn"
)

// biquad is a second-order filter in transposed direct form II. It starts as
// if its first sample had been there for ever, so that a large constant makes
// no wave.
type biquad struct {
	b0, b1, b2, a1, a2 float64
	s1, s2             float64
	started            bool
}

// lowPass and highPass make Butterworth filters of second order by the
// bilinear transform with its warping undone at the corner.
func lowPass(corner, rate float64) biquad {
	k := turn.Tan(min(corner/rate, 0.45) / 2)
	k2 := k * k
	n := 1 / (1 + float64(math.Sqrt2*k) + k2)
	return biquad{
		b0: k2 * n, b1: 2 * k2 * n, b2: k2 * n,
		a1: 2 * (k2 - 1) * n, a2: (1 - float64(math.Sqrt2*k) + k2) * n,
	}
}

func highPass(corner, rate float64) biquad {
	k := turn.Tan(min(corner/rate, 0.45) / 2)
	k2 := k * k
	n := 1 / (1 + float64(math.Sqrt2*k) + k2)
	return biquad{
		b0: n, b1: -2 * n, b2: n,
		a1: 2 * (k2 - 1) * n, a2: (1 - float64(math.Sqrt2*k) + k2) * n,
	}
}

func (f *biquad) step(x float64) float64 {
	if !f.started {
		f.started = true
		gain := (f.b0 + f.b1 + f.b2) / (1 + f.a1 + f.a2) // at rest
		f.s1 = float64(x * (gain - f.b0))
		f.s2 = float64(x * (f.b2 - float64(f.a2*gain)))
	}
	y := float64(f.b0*x) + f.s1
	f.s1 = float64(f.b1*x) - float64(f.a1*y) + f.s2
	f.s2 = float64(f.b2*x) - float64(f.a2*y)
	return y
}

// mean is a moving average over the last len(ring) samples, of those there
// have been. The sum is taken anew at every turn of the ring, so that rounding
// does not pile up over months.
type mean struct {
	ring []float64
	at   int
	n    int
	sum  float64
}

func newMean(samples int) mean { return mean{ring: make([]float64, max(samples, 1))} }

func (m *mean) step(x float64) float64 {
	m.sum += x - m.ring[m.at]
	m.ring[m.at] = x
	m.at++
	m.n = min(m.n+1, len(m.ring))
	if m.at == len(m.ring) {
		m.at = 0
		m.sum = 0
		for _, v := range m.ring {
			m.sum += v
		}
	}
	return m.sum / float64(m.n)
}
