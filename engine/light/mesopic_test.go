package light

import (
	"math"
	"testing"

	"noctiluca/engine/light/colour"
)

// TestDusk: bright light stays, dim light loses its colour and shifts to
// blue, red goes dark first, and the luminance is that of CIE 191.
func TestDusk(t *testing.T) {
	d := NewDusk(100)
	see := func(x, y, z float32) (float32, float32, float32) {
		r, g, b := []float32{x}, []float32{y}, []float32{z}
		d.See(r, g, b)
		return r[0], g[0], b[0]
	}
	if r, g, b := see(0.5, 0.2, 0.9); r != 0.5 || g != 0.2 || b != 0.9 {
		t.Errorf("by day %v %v %v", r, g, b)
	}
	lum := func(r, g, b float32) float64 {
		return 100 * (float64(d.cones[0]*r) + float64(d.cones[1]*g) + float64(d.cones[2]*b))
	}
	red, blue := lum(see(0.001, 0, 0))/lum(0.001, 0, 0), lum(see(0, 0, 0.001))/lum(0, 0, 0.001)
	if red > 0.6 || blue < 2 {
		t.Errorf("at dusk red is seen as %.2f, blue as %.2f of its luminance", red, blue)
	}
	r, g, b := see(0.00002, 0, 0)
	if !(b > r && g > r) {
		t.Errorf("in the dark red is %v %v %v: not grey blue", r, g, b)
	}
	worst := 0.0
	for _, c := range [][3]float32{{0.01, 0.002, 0}, {0, 0.001, 0.002}, {0.0005, 0.0005, 0.0005}, {0, 0.02, 0.001}} {
		photopic := lum(c[0], c[1], c[2])
		scotopic := 100 * (float64(d.rods[0]*c[0]) + float64(d.rods[1]*c[1]) + float64(d.rods[2]*c[2]))
		want, _ := colour.Mesopic(photopic, scotopic)
		got := lum(see(c[0], c[1], c[2]))
		worst = max(worst, math.Abs(got/want-1))
	}
	t.Logf("red %.2f, blue %.2f; largest error of the luminance %.4f", red, blue, worst)
	if worst > 0.01 {
		t.Error("too far from CIE 191")
	}
}
