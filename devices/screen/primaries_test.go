package screen

import (
	"math"
	"testing"

	"noctiluca/engine/light/colour"

	"github.com/lucasb-eyer/go-colorful"
)

// TestPrimaries: white stays white, and the hue of each primary on a display
// is that of its emitter, by go-colorful, as far as a display reaches.
func TestPrimaries(t *testing.T) {
	m := newPrimaries()
	var out [3][]float32
	m.show(&out, []float32{1, 0.25, 1, 0, 0}, []float32{1, 0.25, 0, 1, 0}, []float32{1, 0.25, 0, 0, 1})
	for i, want := range []float32{1, 0.25} {
		for c := range out {
			if math.Abs(float64(out[c][i]-want)) > 1e-5 {
				t.Errorf("grey of %v has %v in component %d", want, out[c][i], c)
			}
		}
	}
	lamp := colour.Nominal()
	var white [3]float64
	for _, e := range lamp {
		x, y, z := colorful.XyzToLinearRgb(e.XYZ[0], e.XYZ[1], e.XYZ[2])
		for c, v := range []float64{x, y, z} {
			white[c] += v
		}
	}
	for e := range lamp {
		r, g, b := colorful.XyzToLinearRgb(lamp[e].XYZ[0], lamp[e].XYZ[1], lamp[e].XYZ[2])
		for c, v := range []float64{r, g, b} {
			want := max(v/white[c], 0)
			if got := float64(out[c][2+e]); math.Abs(got-want) > 1e-3 {
				t.Errorf("emitter %d, component %d: %.4f, by go-colorful %.4f", e, c, got, want)
			}
		}
	}
}
