package physio

import (
	"math"
	"testing"
)

// One missed beat among forty multiplies the RMSSD of all intervals by five;
// the rhythm leaves it out, and both neighbours' differences with it.
func TestRhythmLeavesOutArtefacts(t *testing.T) {
	clean, rhythm, plain := NewHRV(100), NewRhythm(100), NewHRV(100)
	for i := range 60 {
		x := 800 + 30*sine(float64(i)/7.3)
		clean.Add(x)
		if i == 30 {
			plain.Add(2 * x) // a beat was missed
			if rhythm.Add(2*x, 1) {
				t.Error("an interval twice as long was kept")
			}
			continue
		}
		plain.Add(x)
		if !rhythm.Add(x, 1) {
			t.Errorf("interval %d, %.0f ms, was left out", i, x)
		}
	}
	near(t, "RMSSD", rhythm.HRV.RMSSD(), clean.RMSSD(), 1.5)
	near(t, "SDNN", rhythm.HRV.SDNN(), clean.SDNN(), 1)
	if plain.RMSSD() < 3*clean.RMSSD() {
		t.Errorf("the artefact alone would have made %v of %v", plain.RMSSD(), clean.RMSSD())
	}
	if q := rhythm.Quality(); q < 0.9 {
		t.Errorf("thirty good beats later the quality is %v", q)
	}
	for range 20 {
		rhythm.Add(800, 0.1)
	}
	if q := rhythm.Quality(); q > 0.2 {
		t.Errorf("after twenty bad beats the quality is %v", q)
	}
}

// The EmotiBit's own intervals are rounded to 40 ms, so that an RMSSD of 28 ms
// may be made of nothing else.
func TestQuantumOfEmotiBit(t *testing.T) {
	h := NewHRV(60)
	for _, x := range emotibitSamples(t, "BI", 1) {
		h.Add(x)
	}
	near(t, "quantum", h.Quantum(), 40, 0)
	near(t, "floor", h.Floor(), 28.28, 0.01)
	h = NewHRV(60)
	for i := range 60 {
		h.Add(800.3 + math.Pi*float64(i%7))
	}
	near(t, "quantum of what is not rounded", h.Quantum(), 1, 0)
}

// Rules of the paper: no value outside 0.05 to 60 µS, no change over 10 µS a
// second, nothing within five seconds of either.
func TestEDAQuality(t *testing.T) {
	e := NewEDA(10)
	at := func(i int) float64 { return float64(i) / 10 }
	for i := range 600 {
		x := 4 + 0.2*sine(at(i)/20)
		if at(i) >= 20 && at(i) < 22 {
			x = 0.01 // off
		}
		if i >= 400 {
			x += 8 // a jump, and from there on
		}
		e.Add(x)
		bad := at(i) >= 20 && at(i) < 27.1 || at(i) >= 40 && at(i) < 45.6
		edge := at(i) >= 40 && at(i) < 40.3 || at(i) > 45 && at(i) < 46 || at(i) > 26.9 && at(i) < 28 // the smoothing takes its time
		if !edge && (e.Quality() == 0) != bad {
			t.Fatalf("at %v s the quality is %v", at(i), e.Quality())
		}
	}
}
