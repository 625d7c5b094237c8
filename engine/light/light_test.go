package light

import (
	"math"
	"testing"

	"noctiluca/installations"
)

// TestBlend holds each mode to its formula, worked out by hand.
func TestBlend(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		name             string
		under            float32
		s, a, level, get float32
	}{
		{"normal", 0.5, 0.25, 0.5, 1, 0.5},
		{"normal", 0.5, 0.25, 0.5, 0, 0.5},
		{"normal", 0.5, 0.25, 1, 1, 0.25},
		{"normal", 0.5, nan, 0.5, 1, 0.25},
		{"normal", 0.5, 0.25, nan, 1, 0.75},
		{"", 1, 0, 1, 1, 0},
		{"add", 0.5, 0.75, 1, 1, 1.25},
		{"screen", 0.5, 0.5, 1, 1, 0.75},
		{"screen", 2, 0.5, 1, 1, 1},
		{"lighten", 0.5, 0.25, 1, 1, 0.5},
		{"lighten", 0.5, 0.75, 1, 1, 0.75},
		{"multiply", 0.5, 0.5, 1, 1, 0.25},
		{"multiply", 0.5, 0, 0, 1, 0.5},
	} {
		mode, err := ParseBlend(c.name)
		if err != nil {
			t.Fatal(err)
		}
		l := Layer{R: []float32{c.s}, G: []float32{c.s}, B: []float32{c.s}, A: []float32{c.a}, Level: c.level, Blend: mode}
		r, g, b := []float32{c.under}, []float32{c.under}, []float32{c.under}
		l.Onto(r, g, b, []int32{0})
		if r[0] != c.get || g[0] != c.get || b[0] != c.get {
			t.Errorf("%s: %v with %v (a %v, level %v) gives %v %v %v, not %v", c.name, c.under, c.s, c.a, c.level, r[0], g[0], b[0], c.get)
		}
	}
	if _, err := ParseBlend("difference"); err == nil {
		t.Error("an unknown mode is taken")
	}
}

// TestCurve compares with the formula in float64, at and between all steps.
func TestCurve(t *testing.T) {
	for _, gamma := range []float64{1, 1.8, 2.2, 2.6, 4} {
		c, err := NewCurve(gamma)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i <= 1<<16; i++ {
			v := float32(i) / (1 << 16)
			exact := 255 * math.Pow(float64(v), 1/gamma)
			if math.Abs(exact-math.Floor(exact)-0.5) < 1e-4 {
				continue // on the edge of a step either byte is right
			}
			if got, want := c.Byte(v), byte(math.Floor(exact+0.5)); got != want {
				t.Fatalf("gamma %v: light %v gives %d, the formula %v", gamma, v, got, exact)
			}
		}
		for v, want := range map[float32]byte{-1: 0, 2: 255, float32(math.NaN()): 0, float32(math.Inf(1)): 255, float32(math.Inf(-1)): 0} {
			if got := c.Byte(v); got != want {
				t.Errorf("gamma %v: light %v gives %d, not %d", gamma, v, got, want)
			}
		}
	}
	for _, gamma := range []float64{-1, 0.5, 5, math.NaN()} {
		if _, err := NewCurve(gamma); err == nil {
			t.Errorf("gamma %v is taken", gamma)
		}
	}
}

func TestEncode(t *testing.T) {
	o := &installations.Output{Name: "test", Gamma: 1, Bytes: 14, Runs: []installations.Run{
		{First: 2, Step: -1, Count: 2, Offset: 0, Order: installations.Order{1, 0, 2}},
		{First: 0, Step: 1, Count: 1, Offset: 8, Order: installations.Order{0, 1, 2, 3}},
	}}
	e, err := NewEncoder(o, nil)
	if err != nil {
		t.Fatal(err)
	}
	dst := make([]byte, o.Bytes)
	dst[6], dst[7] = 9, 9
	e.Encode(dst, []float32{1, 0.2, 0.4}, []float32{0.2, 0, 1}, []float32{0.4, 0.6, 0}, 0)
	want := []byte{255, 102, 0, 0, 51, 153, 9, 9, 204, 0, 51, 51, 0, 0}
	if string(dst) != string(want) {
		t.Errorf("got %v, want %v", dst, want)
	}
	if n := testing.AllocsPerRun(10, func() { e.Encode(dst, []float32{1, 1, 1}, []float32{1, 1, 1}, []float32{1, 1, 1}, 0) }); n != 0 {
		t.Errorf("Encode allocates %v times", n)
	}
}
