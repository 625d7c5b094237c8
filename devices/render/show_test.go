package render

import "testing"

// FSEQ counts whole milliseconds: 40 frames a second are 25, 60 are none.
func TestStep(t *testing.T) {
	for rate, want := range map[float64]int{40: 25, 50: 20, 20: 50, 100: 10, 60: 25, 30: 25, 1: 25, 240: 25, 4: 250} {
		if got := Step(rate); got != want {
			t.Errorf("%v frames a second: %d ms, expected %d", rate, got, want)
		}
	}
}
