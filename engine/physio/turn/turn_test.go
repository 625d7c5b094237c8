package turn

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Package math is the oracle: its values differ by machine in the last bit
// only, and the tolerances here are wider than that.
func TestSinCosAgainstMath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-1000, 1000).Draw(t, "x")
		s, c := SinCos(x)
		f := x - math.Floor(x)
		ws, wc := math.Sincos(2 * math.Pi * f)
		if math.Abs(s-ws) > 2e-15 || math.Abs(c-wc) > 2e-15 {
			t.Fatalf("SinCos(%v) = %v, %v; math says %v, %v", x, s, c, ws, wc)
		}
	})
}

func TestSinCosAtQuarters(t *testing.T) {
	for i, want := range [][2]float64{{0, 1}, {1, 0}, {0, -1}, {-1, 0}, {0, 1}} {
		s, c := SinCos(float64(i) * 0.25)
		if s != want[0] || c != want[1] {
			t.Errorf("SinCos(%v/4) = %v, %v, want exactly %v", i, s, c, want)
		}
	}
}

func TestAtan2IsTheInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(0, 0.9999999).Draw(t, "x")
		r := rapid.Float64Range(1e-6, 1e6).Draw(t, "r")
		s, c := SinCos(x)
		if d := Near(Atan2(r*s, r*c) - x); math.Abs(d) > 2e-15 {
			t.Fatalf("Atan2 of the point at %v turns is off by %v", x, d)
		}
	})
}

func TestOddInputs(t *testing.T) {
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if w := Wrap(x); w != 0 {
			t.Errorf("Wrap(%v) = %v, want 0", x, w)
		}
		if s, c := SinCos(x); s != 0 || c != 1 {
			t.Errorf("SinCos(%v) = %v, %v, want 0, 1", x, s, c)
		}
		if a := Atan2(x, 1); a != 0 {
			t.Errorf("Atan2(%v, 1) = %v, want 0", x, a)
		}
	}
	if w := Wrap(-1e-30); w < 0 || w >= 1 {
		t.Errorf("Wrap(-1e-30) = %v, want it in 0…1", w)
	}
	if n := Near(0.75); n != -0.25 {
		t.Errorf("Near(0.75) = %v, want -0.25", n)
	}
}
