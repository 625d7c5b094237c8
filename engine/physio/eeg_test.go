package physio

import (
	"math"
	"testing"
)

// averaged is Welch's estimate over a whole recording.
func averaged(x []float64, rate float64) (all Bands, kept int) {
	e := NewEEG(rate)
	var spectrum [eegLast + 1]float64
	defer func() {
		for k := 28; k <= 56; k++ {
			if spectrum[k] > spectrum[int(4*all.Peak)] {
				all.Peak = float64(k) / 4
			}
		}
	}()
	for _, v := range x {
		if b, ok := e.Add(v); ok && b.Total > 0 {
			kept++
			for k, p := range e.Spectrum() {
				spectrum[k] += p
			}
			all.Delta += b.Delta
			all.Theta += b.Theta
			all.Alpha += b.Alpha
			all.Beta += b.Beta
			all.Gamma += b.Gamma
			all.Total += b.Total
		}
	}
	return all, kept
}

// Known of the recordings, by Welch's method with 500 points: alpha's part of
// 1 to 40 Hz is 0.109 with the eyes closed, its peak at 9.75 Hz, and 0.050 with them open.
func TestEEGOnBioSPPy(t *testing.T) {
	for _, c := range []struct {
		file string
		want float64
	}{{"biosppy/eeg_ec.txt", 0.109}, {"biosppy/eeg_eo.txt", 0.050}} {
		b, n := averaged(column(t, c.file, 0), 125)
		t.Logf("%s: relative alpha %.4f of %d segments", c.file, b.RelativeAlpha(), n)
		if c.want > 0.1 {
			near(t, "peak with the eyes closed, Hz", b.Peak, 9.75, 0.01)
		}
		near(t, c.file+": relative alpha", b.RelativeAlpha(), c.want, 0.002)
	}
}

// A sine of known height at known frequency has the power of half its square,
// in its band and nowhere else.
func TestEEGOfKnownPower(t *testing.T) {
	for _, rate := range []float64{125, 250, 256, 500} {
		for _, c := range []struct{ hertz, height float64 }{{2, 3}, {6, 1}, {10, 2}, {10.1, 2}, {20, 5}, {35, 0.5}} {
			e := NewEEG(rate)
			var got Bands
			for i := range int(20 * rate) {
				if b, ok := e.Add(500 + c.height*sine(float64(i)*c.hertz/rate)); ok {
					got = b
				}
			}
			want := c.height * c.height / 2
			band := map[bool]float64{}
			for i, p := range []float64{got.Delta, got.Theta, got.Alpha, got.Beta, got.Gamma} {
				edges := []float64{1, 4, 8, 13, 30, 40}
				band[c.hertz >= edges[i] && c.hertz < edges[i+1]] += p
			}
			near(t, "power in its band", band[true]/want, 1, 0.01)
			near(t, "power beside it", band[false]/want, 0, 0.01)
			if c.hertz > 7 && c.hertz < 14 {
				near(t, "peak", got.Peak, c.hertz, 0.13)
			}
			if got.Quality != 1 {
				t.Errorf("a steady sine has the quality %v", got.Quality)
			}
		}
	}
}

// A blink counts for nothing, a dead electrode has no quality.
func TestEEGRejects(t *testing.T) {
	e := NewEEG(256)
	for i := range 256 * 60 {
		at := float64(i) / 256
		x := 10 * sine(at*10)
		if at > 30 && at < 30.4 {
			x += 200
		}
		before := e.Bands.Alpha
		b, ok := e.Add(x)
		if ok && at > 30 && at < 35 && b.Quality == 0 && e.Bands.Alpha != before {
			t.Errorf("a blink at %v s changed alpha from %v to %v", at, before, e.Bands.Alpha)
		}
		if ok && at > 6 && math.Abs(e.Bands.Alpha-50) > 3 {
			t.Errorf("at %v s alpha is %v, want 50", at, e.Bands.Alpha)
		}
	}
	e = NewEEG(256)
	for range 256 * 20 {
		e.Add(7)
	}
	if e.Bands.Quality != 0 || e.Bands.RelativeAlpha() != 0 {
		t.Errorf("a dead electrode gives %+v", e.Bands)
	}
}

func TestAsymmetry(t *testing.T) {
	near(t, "ln 8 − ln 2", Asymmetry(2, 8), math.Log(4), 1e-6)
	near(t, "of the unknown", Asymmetry(0, 8), 0, 0)
}
