package colour

import (
	"math"
	"testing"

	"github.com/lucasb-eyer/go-colorful"
)

// TestWheel: each degree's light has that hue by go-colorful, and is as pure
// as can be.
func TestWheel(t *testing.T) {
	es := Nominal()
	lamp, err := NewLamp(es[:])
	if err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	for i, w := range Wheel() {
		if most, least := max(w[0], w[1], w[2]), min(w[0], w[1], w[2]); most != 1 || least != 0 {
			t.Errorf("hue %d°: %v is not pure", i, w[:3])
		}
		x := lamp.XYZ([MaxEmitters]float64{float64(w[0]), float64(w[1]), float64(w[2])})
		_, _, h := colorful.XyzToOkLch(x[0], x[1], x[2])
		d := math.Abs(h - float64(i))
		worst = max(worst, min(d, 360-d))
	}
	t.Logf("largest difference of hue: %.2f°", worst)
	if worst > 0.5 {
		t.Errorf("a hue is %.2f° off: at most 0.5", worst)
	}
}
