package physio

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.4f, want %.4f within %v", what, got, want, tolerance)
	}
}

// pyHRV's published report on its long sample.
func TestHRVAgainstPyHRV(t *testing.T) {
	x := column(t, "pyhrv/pyhrv_SampleNNISeriesLong.csv", 0)
	h := NewHRV(len(x))
	for _, v := range x {
		h.Add(v)
	}
	near(t, "count", float64(h.Count()), 4684, 0)
	near(t, "mean", h.Mean(), 768.438, 5e-4)
	near(t, "SDNN", h.SDNN(), 85.357, 5e-4)
	near(t, "RMSSD", h.RMSSD(), 60.523, 5e-4)
	near(t, "NN50", float64(h.NN50()), 1338, 0)
	near(t, "pNN50", 100*h.PNN50(), 28.571, 5e-4)
}

// HeartPy's documentation: 60.384 beats a minute, RMSSD 67.082.
func TestHRVAgainstHeartPy(t *testing.T) {
	h := NewHRV(100)
	for _, v := range []float64{1020, 990, 960, 1000, 1050, 1090, 990, 900, 900, 950, 1080} {
		h.Add(v)
	}
	near(t, "rate", 60000/h.Mean(), 60.384, 5e-4)
	near(t, "RMSSD", h.RMSSD(), 67.082, 5e-4)
}

// However long it runs, the ring holds what a fresh one of the same last
// intervals holds.
func TestHRVRing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(2, 40).Draw(t, "size")
		x := rapid.SliceOfN(rapid.Float64Range(240, 3000), 1, 300).Draw(t, "intervals")
		h := NewHRV(size)
		for _, v := range x {
			h.Add(v)
		}
		last := x[max(0, len(x)-size):]
		mean, steps, large := 0.0, 0.0, 0
		for i, v := range last {
			mean += v / float64(len(last))
			if i > 0 {
				d := v - last[i-1]
				steps += d * d
				if math.Abs(d) > 50 {
					large++
				}
			}
		}
		variance := 0.0
		for _, v := range last {
			variance += (v - mean) * (v - mean)
		}
		n := float64(len(last))
		if math.Abs(h.Mean()-mean) > 1e-6 {
			t.Fatalf("mean %v, want %v", h.Mean(), mean)
		}
		if n < 2 {
			return
		}
		if math.Abs(h.SDNN()-math.Sqrt(variance/(n-1))) > 1e-3 || math.Abs(h.RMSSD()-math.Sqrt(steps/(n-1))) > 1e-3 || h.NN50() != large {
			t.Fatalf("SDNN %v, RMSSD %v, NN50 %v; want %v, %v, %v", h.SDNN(), h.RMSSD(), h.NN50(), math.Sqrt(variance/(n-1)), math.Sqrt(steps/(n-1)), large)
		}
	})
}
