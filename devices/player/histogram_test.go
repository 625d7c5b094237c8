package player

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestHistogram: quantiles are those of the sorted times, to 1.6 % and a
// microsecond, and never below; the buckets have no gap.
func TestHistogram(t *testing.T) {
	for b := range 16*steps - 1 {
		if lo, hi := floor(b), floor(b+1); hi <= lo || bucket(lo) != b || bucket(hi-1) != b {
			t.Fatalf("bucket %d: %d…%d are in %d…%d", b, lo, hi-1, bucket(lo), bucket(hi-1))
		}
	}
	var h histogram
	if h.quantile(0.999) != 0 {
		t.Error("an empty one has", h.quantile(0.999))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var all []time.Duration
	for range 20_000 {
		d := time.Duration(rng.ExpFloat64() * 3e6)
		all = append(all, d)
		h.add(d)
	}
	h.add(-5) // a clock that steps back counts as in time
	all = append(all, 0)
	slices.Sort(all)
	for _, q := range []float64{0, 0.5, 0.9, 0.99, 0.999, 1} {
		want, got := rank(all, q), h.quantile(q)
		if got < want || got > want+want/60+time.Microsecond {
			t.Errorf("q %v: %v, want %v", q, got, want)
		}
	}
	h.add(time.Hour)
	if h.quantile(1) != time.Hour {
		t.Error("the most is", h.quantile(1))
	}
	if n := testing.AllocsPerRun(100, func() { h.add(time.Millisecond) }); n != 0 {
		t.Error(n, "allocations")
	}
}
