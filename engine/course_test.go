package engine

import (
	"math"
	"testing"

	"noctiluca/assets/observer"
	"noctiluca/assets/organisms"
	"noctiluca/engine/light/colour"
)

// TestOrganismsColours: the chromaticity of each organism's spectrum against
// that by the standard's table summed at its own 5 nm, without interpolation, and how far from it the
// nominal LED comes.
func TestOrganismsColours(t *testing.T) {
	table := observer.CIE1931()
	worst := 0.0
	for _, o := range organisms.All() {
		s := Emission(o)
		x, y := s.XYZ().Chromaticity()
		var sum colour.XYZ
		for nm := table.First; nm <= 780; nm += table.Step {
			for i := range sum {
				sum[i] += s.At(nm) * table.At(nm, i)
			}
		}
		wx, wy := sum.Chromaticity()
		worst = max(worst, math.Abs(x-wx), math.Abs(y-wy))
		rgb, off := Nominal(s.XYZ())
		t.Logf("%-28s x %.4f y %.4f; LED %.3f %.3f %.3f, ΔE OK %.3f", o.Latin, x, y, rgb[0], rgb[1], rgb[2], off)
		for _, v := range rgb {
			if !(v >= 0 && v <= 1) {
				t.Errorf("%s: %v", o.Name, rgb)
			}
		}
	}
	t.Logf("largest difference of x or y from the table %.5f", worst)
	// Bands of 30 nm and more are summed as well at 5 nm as at 1 nm.
	if worst > 0.0001 {
		t.Error("too far")
	}
}
