package signal

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestEstebanRay(t *testing.T) {
	for _, c := range []struct {
		weights []float64
		alpha   float64
		want    float64
		within  float64
	}{
		// Two poles.
		{[]float64{50, 0, 0, 0, 50}, 1, 0.25, 1e-7},
		{[]float64{1, 0, 0, 0, 0, 0, 1}, 1.6, 0.16494, 5e-6},
		{[]float64{1, 1}, 1.6, 0.16494, 5e-6},
		// One place, and none.
		{[]float64{0, 7, 0}, 1, 0, 0},
		{[]float64{0, 0}, 1.6, 0, 0},
		{nil, 1, 0, 0},
		// By hand: thirds at 0, 1/2, 1: (1/3)²·(1/3)·(3/2 + 1 + 3/2).
		{[]float64{1, 1, 1}, 1, 4.0 / 27, 1e-7},
		// α = 0 is Σ Σ π π |y − y|: twice the mean difference's half.
		{[]float64{1, 3}, 0, 2 * 0.25 * 0.75, 1e-7},
		// More than the axioms allow is held to their end.
		{[]float64{1, 1}, 9, 0.16494, 5e-6},
	} {
		if got := EstebanRay(c.weights, c.alpha); math.Abs(got-c.want) > c.within {
			t.Errorf("EstebanRay(%v, %v) = %.7f, want %.7f", c.weights, c.alpha, got, c.want)
		}
	}
}

// Nothing is more polarised than two even camps at the ends, and it does not
// matter which end is which nor in what units people are counted.
func TestEstebanRayProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.SliceOfN(rapid.Float64Range(0, 10), 2, 9).Draw(t, "weights")
		alpha := rapid.Float64Range(0.5, MostSensitive).Draw(t, "alpha")
		p := EstebanRay(w, alpha)
		most := 2 * math.Pow(0.5, 2+alpha)
		if p < 0 || p > most+1e-6 {
			t.Fatalf("%v outside 0…%v", p, most)
		}
		turned, more := make([]float64, len(w)), make([]float64, len(w))
		for i, v := range w {
			turned[len(w)-1-i], more[i] = v, 8*v
		}
		if q := EstebanRay(turned, alpha); math.Abs(q-p) > 1e-6 {
			t.Fatalf("turned round it is %v, not %v", q, p)
		}
		if q := EstebanRay(more, alpha); math.Abs(q-p) > 1e-6 {
			t.Fatalf("of eight times as many it is %v, not %v", q, p)
		}
	})
}

// What it adds to fragmentation: how far two camps lie apart.
func TestPolarisationOfCells(t *testing.T) {
	none := make([]float64, 6)
	last := -1.0
	for _, d := range []float64{0, 1. / 3, 2. / 3, 1} {
		s := inCell(t, []float64{-d, d, -d, d, -d, d}, none)
		if p := float64(s.Polarisation); p <= last || d == 0 && p != 0 || d == 1 && p < 0.99 {
			t.Errorf("two camps %.2f apart: polarisation %.3f after %.3f", 2*d, p, last)
		} else {
			last = p
		}
	}
	if s := inCell(t, []float64{1}, []float64{1}); s.Polarisation != 0 {
		t.Errorf("one person is polarised by %v", s.Polarisation)
	}
}
