package space

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestSinCos(t *testing.T) {
	worst := 0.0
	for i := -2_000_00; i <= 2_000_00; i++ {
		x := float64(i) * 0.0317
		s, c := SinCos(x)
		worst = max(worst, math.Abs(s-math.Sin(x)), math.Abs(c-math.Cos(x)))
	}
	for _, x := range []float64{0, 1e-300, 5e-324, 1e-9, math.Pi, -math.Pi / 4, 99999.25, -1e5} {
		s, c := SinCos(x)
		worst = max(worst, math.Abs(s-math.Sin(x)), math.Abs(c-math.Cos(x)))
	}
	if worst > 1e-12 {
		t.Errorf("SinCos differs from math's by %g: expected at most 1e-12", worst)
	}
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300} {
		if s, c := SinCos(x); s != 0 || c != 1 {
			t.Errorf("SinCos(%v) = %v, %v: expected 0, 1", x, s, c)
		}
	}
}

func TestDegreesAreExactAtRightAngles(t *testing.T) {
	for k, want := range [][2]float64{{0, 1}, {1, 0}, {0, -1}, {-1, 0}} {
		for turns := -3; turns <= 3; turns++ {
			x := float64(90*k + 360*turns)
			if s, c := SinCosDegrees(x); s != want[0] || c != want[1] {
				t.Errorf("SinCosDegrees(%v) = %v, %v: expected %v", x, s, c, want)
			}
		}
	}
	if s, _ := SinCosDegrees(30); math.Abs(s-0.5) > 1e-15 {
		t.Errorf("the sine of 30 degrees is %v", s)
	}
}

// Turns are right-handed, about x first, z last.
func TestDegrees(t *testing.T) {
	for _, c := range []struct{ turn, from, to [3]float64 }{
		{[3]float64{90, 0, 0}, [3]float64{0, 1, 0}, [3]float64{0, 0, 1}},
		{[3]float64{0, 90, 0}, [3]float64{0, 0, 1}, [3]float64{1, 0, 0}},
		{[3]float64{0, 0, 90}, [3]float64{1, 0, 0}, [3]float64{0, 1, 0}},
		{[3]float64{90, 90, 0}, [3]float64{0, 1, 0}, [3]float64{1, 0, 0}},
		{[3]float64{0, 90, 90}, [3]float64{0, 0, 1}, [3]float64{0, 1, 0}},
	} {
		if got := Of(c.from).Degrees(c.turn); got.Sub(Of(c.to)).Length() > 1e-15 {
			t.Errorf("%v turned by %v is %v: expected %v", c.from, c.turn, got, c.to)
		}
	}
}

func TestTurnsKeepLength(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := func(l string) float64 { return rapid.Float64Range(-100, 100).Draw(t, l) }
		v, axis := V{n("x"), n("y"), n("z")}, V{n("a"), n("b"), n("c")}.Unit()
		angle := n("angle")
		for _, got := range []V{v.About(axis, angle), v.Degrees([3]float64{angle, n("ty"), n("tz")})} {
			if math.Abs(got.Length()-v.Length()) > 1e-9 {
				t.Fatalf("%v became %v", v, got)
			}
		}
		if d := v.About(axis, angle).Dot(axis) - v.Dot(axis); math.Abs(d) > 1e-9 {
			t.Fatalf("turning about an axis moved %v along it by %v", v, d)
		}
		if s := axis.Side(); math.Abs(s.Dot(axis)) > 1e-12 || math.Abs(s.Length()-1) > 1e-12 {
			t.Fatalf("the side of %v is %v", axis, s)
		}
	})
}
