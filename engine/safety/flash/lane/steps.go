package lane

import (
	"fmt"
	"math"
)

// Steps are the light that can be sent, where it is told in so few steps that
// it matters.
type Steps struct {
	at    [257]float32
	first uint32  // the bits of the least step over 0, without the lower ones
	low   []uint8 // of light of the same upper bits, from first on: a step under it
	even  bool    // they are n/255
}

// drop is how many of a number's bits do not count in Steps.low: 256 parts of
// each octave are told apart.
const drop = 15

// NewSteps prepares so many steps of light, from 0, each more than the last.
func NewSteps(at *[256]float32) (*Steps, error) {
	s := &Steps{even: true}
	for n, v := range at {
		if n > 0 && !(v > at[n-1] && v <= 1) || n == 0 && v != 0 {
			return nil, fmt.Errorf("step %d is a light of %v: expected 0, and then ever more up to 1", n, v)
		}
		s.at[n] = v
		s.even = s.even && v == even(float32(n))
	}
	s.at[256] = float32(math.Inf(1))
	s.first = math.Float32bits(at[1]) >> drop
	n := 0
	for i := s.first; i <= math.Float32bits(1)>>drop; i++ {
		for s.at[n+1] <= math.Float32frombits(i<<drop) {
			n++
		}
		s.low = append(s.low, uint8(n))
	}
	return s, nil
}

// Under is the most light that can be sent that is no more than v.
func (s *Steps) Under(v float32) float32 {
	if !(v >= s.at[1]) {
		return 0
	}
	n := int(s.low[min(int(math.Float32bits(v)>>drop-s.first), len(s.low)-1)])
	for s.at[n+1] <= v {
		n++
	}
	return s.at[n]
}

// A 255th, in two parts: n times the first is exact, so that their sum is n/255
// rounded once.
const (
	evenHigh = 0x8080p-23
	evenLow  = 1.0/255 - evenHigh
)

// even is n/255, for n up to 255.
func even(n float32) float32 { return float32(n*evenHigh) + float32(n*evenLow) }

// ByRed are the constants by which light in steps is kept from becoming
// redder.
type ByRed struct {
	Times  Wide // of green and blue a red is saturated over so many times
	Always Wide // all bits set: it is kept under that even where it is over
	// Constants of the kernels.
	Near, Zero, Scale, High, Low Wide
}

// NewByRed prepares them for a share of R, G and B from which a red is
// saturated. always is for the pixels of a light that is the mean of several:
// it has to stay under that whatever each is.
func NewByRed(share float32, always bool) (b ByRed) {
	b.Times = Of(share / (1 - share))
	if always {
		b.Always = Of(math.Float32frombits(math.MaxUint32))
	}
	b.Near, b.Scale, b.High, b.Low = Of(Near), Of(255), Of(evenHigh), Of(evenLow)
	return b
}

// less is a pixel's light times k, in steps: rounded down to them, and red so
// much further that neither R − G − B is over k times what it was, nor a red
// saturated that was not: less green and blue alone would make it redder. k is
// under 1.
func (d *Dim) less(r, g, b, k float32) (x, y, z float32) {
	x, y, z = float32(r*k), float32(g*k), float32(b*k)
	bound := x
	y, z = d.Steps.Under(y), d.Steps.Under(z)
	x = d.Steps.Under(x)
	s, rest := g+b, y+z
	if x > rest {
		bound = min(bound, float32(k*(r-s))+rest)
	}
	times := d.ByRed.Times[0]
	of := float32(times * rest)
	if d.ByRed.Always[0] != 0 || x >= of*Near && r < float32(times*s) {
		bound = min(bound, float32(k*(r-float32(times*s)))+of)
	}
	if bound < x {
		x = d.Steps.Under(max(bound, 0))
	}
	return x, y, z
}

func (d *Dim) dimSteps() {
	d.Least = 1
	for i, k := range d.Gains[:d.N] {
		if k == 1 {
			continue
		}
		d.Count++
		d.R[i], d.G[i], d.B[i] = d.less(d.R[i], d.G[i], d.B[i], k)
		d.Least = min(d.Least, k)
	}
}
