// Package granger tells whether one series helps to foretell another beyond
// that one's own past: Granger causality, which for Gaussian series is twice
// the transfer entropy. It says nothing of a third thing that moves both.
//
// The one idea it owns: nothing of the series is kept but sums, which fade. A
// Stream takes a pair of values at a time, allocates nothing, and costs the
// same whether it has run for a minute or for a month.
package granger

import (
	"math"

	"noctiluca/shaders/kage/block/scalar"
)

// Most is the largest order of a Stream.
const Most = 8

const (
	columns = 2 + 2*Most // 1, past of y, past of x, y itself
	// spare is what is left of a column beside those before it, as a part of
	// itself, under which it counts as made of them.
	spare = 1e-9
)

// Stream gathers what x tells of y. The zero value is not ready: New makes
// one. It belongs to one goroutine.
type Stream struct {
	order          int
	keep           float64
	y, x           [Most]float64 // newest first
	have           int
	weight, square float64 // Σw, Σw²
	sums           [columns][columns]float64
}

// New makes a stream that looks back order values, 1…Most. With each pair the
// weight of all before is multiplied by keep: 1 keeps everything, 1 − 1/n
// remembers some n pairs. Outside 0…1 it is 1.
func New(order int, keep float64) Stream {
	if !(keep > 0 && keep <= 1) {
		keep = 1
	}
	return Stream{order: min(max(order, 1), Most), keep: keep}
}

// Add takes the next pair of values.
func (s *Stream) Add(y, x float64) {
	if s.have == s.order {
		var v [columns]float64
		n := s.gather(&v, y)
		s.weight = float64(s.weight*s.keep) + 1
		s.square = float64(s.square*float64(s.keep*s.keep)) + 1
		for i := range n {
			for j := range i + 1 {
				s.sums[i][j] = float64(s.sums[i][j]*s.keep) + float64(v[i]*v[j])
			}
		}
	} else {
		s.have++
	}
	copy(s.y[1:], s.y[:])
	copy(s.x[1:], s.x[:])
	s.y[0], s.x[0] = y, x
}

// gather lays out what is known before y, then y, and gives how many these are.
func (s *Stream) gather(v *[columns]float64, y float64) int {
	v[0] = 1
	copy(v[1:], s.y[:s.order])
	copy(v[1+s.order:], s.x[:s.order])
	v[1+2*s.order] = y
	return 2 + 2*s.order
}

// Gap says that values are missing: those before it are no past of those
// after.
func (s *Stream) Gap() { s.have, s.y, s.x = 0, [Most]float64{}, [Most]float64{} }

// Empty is whether there is no past that a next pair would follow.
func (s *Stream) Empty() bool { return s.have == 0 }

// Reset forgets everything.
func (s *Stream) Reset() { *s = Stream{order: s.order, keep: s.keep} }

// Strength is how much the past of x tells of y beyond the past of y.
type Strength struct {
	// F is ln of how many times larger the variance of what is not foretold is
	// without x: 0 and more. For y = c x₋₁ + noise it is ln(1 + c²), both of
	// variance 1.
	F float64
	// N is how many pairs it rests on, faded ones counting less.
	N     float64
	Order int
}

// Strength computes it; ok is false while there are too few pairs, or where y
// does not move.
//
// Source: C. W. J. Granger, Econometrica 37 (1969) 424–438; J. Geweke, J. Am.
// Stat. Assoc. 77 (1982) 304–313. Both regressions are one Cholesky
// decomposition: each column takes off y what it alone explains.
func (s *Stream) Strength() (Strength, bool) {
	last := 1 + 2*s.order
	r := Strength{Order: s.order}
	if s.square > 0 {
		r.N = float64(s.weight*s.weight) / s.square
	}
	if r.N < float64(10*last) {
		return r, false
	}
	var l [columns][columns]float64
	own, both := 0.0, 0.0 // what of y is left, without x and with it
	for i := range last + 1 {
		left := s.sums[i][i]
		for j := range i {
			if j == s.order+1 {
				own = left
			}
			if l[j][j] == 0 {
				continue // it told nothing that was not known
			}
			v := s.sums[i][j]
			for k := range j {
				v -= float64(l[i][k] * l[j][k])
			}
			l[i][j] = v / l[j][j]
			left -= float64(l[i][j] * l[i][j])
		}
		if i == last {
			both = left
			break
		}
		if left > spare*s.sums[i][i] {
			l[i][i] = math.Sqrt(left)
		}
	}
	if !(both > spare*s.sums[last][last]) || !(own >= both) {
		return r, false
	}
	r.F = float64(scalar.Log(float32(own / both)))
	return r, true
}

// Bits is the transfer entropy from x to y, bits a sample: F/2 over ln 2 (L.
// Barnett, A. B. Barrett, A. K. Seth, Phys. Rev. Lett. 103 (2009) 238701).
func (r Strength) Bits() float64 { return r.F / 2 / math.Ln2 }

// Chance is the F that unrelated series have in the mean.
func (r Strength) Chance() float64 { return float64(r.Order) / max(r.N, 1) }

// Sure is whether unrelated series have as much once in a thousand times: N F
// is then distributed as χ² with as many degrees of freedom as the order.
func (r Strength) Sure() bool {
	thousandth := [Most + 1]float64{math.Inf(1), 10.828, 13.816, 16.266, 18.467, 20.515, 22.458, 24.322, 26.124}
	return float64(r.N*r.F) > thousandth[min(max(r.Order, 0), Most)]
}
