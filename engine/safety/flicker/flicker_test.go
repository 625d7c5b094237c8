package flicker

import (
	"math"
	"testing"
)

// TestRegions at, just under and just over the edges of IEEE 1789-2015.
func TestRegions(t *testing.T) {
	for _, c := range []struct {
		clause         string
		hz, modulation float64
		want           Risk
	}{
		{"practice 1, under 90 Hz: 0.025 f", 60, 1.5, Low},
		{"practice 1, under 90 Hz: just over", 60, 1.51, High},
		{"practice 2, under 90 Hz: 0.01 f", 60, 0.6, NoEffect},
		{"practice 2, under 90 Hz: just over", 60, 0.61, Low},
		{"practice 1, 90 to 1250 Hz: 0.08 f", 100, 8, Low},
		{"practice 1, 90 to 1250 Hz: just over", 100, 8.01, High},
		{"practice 2, 90 to 3000 Hz: 0.0333 f", 100, 3.33, NoEffect},
		{"practice 2, 90 to 3000 Hz: just over", 100, 3.34, Low},
		{"practice 1 at 1250 Hz: 100 %", 1250, 100, Low},
		{"practice 1 at 1240 Hz", 1240, 100, High},
		{"practice 2 over 3000 Hz: any", 3010, 100, NoEffect},
		{"a WS2812B's first driver, 400 Hz", 400, 100, High},
		{"a WS2812B's later driver, 2 kHz", 2000, 100, Low},
		{"an APA102's, 19.2 kHz", 19200, 100, NoEffect},
	} {
		if got := Judge(c.hz, c.modulation); got != c.want {
			t.Errorf("%s: %v Hz, %v %%: %v, want %v", c.clause, c.hz, c.modulation, got, c.want)
		}
	}
}

// TestDitherFloor measures dithered light: its strongest harmonic under 90 Hz
// at the floor, for every share of the brighter byte.
func TestDitherFloor(t *testing.T) {
	for _, rate := range []float64{25, 30, 60, 120, 240} {
		floor := DitherFloor(rate)
		if floor == 256 {
			continue // never in time
		}
		for _, period := range []int{2, 3, 4, 5, 8, 16} {
			// One frame in period is a step brighter.
			f := rate / float64(period)
			amplitude := 2 / float64(period) * math.Sin(math.Pi/float64(period)) / (math.Pi / float64(period))
			mean := float64(floor) + 1/float64(period)
			if m := 100 * amplitude / mean; m > LowRisk(f)*1.001 && f < 90 {
				t.Errorf("%v frames a second, byte %d, one frame in %d: %.3f %% at %.1f Hz, low risk is %.3f", rate, floor, period, m, f, LowRisk(f))
			}
		}
	}
	if DitherFloor(60) <= DitherFloor(120) {
		t.Error("a faster rate is no better")
	}
}
