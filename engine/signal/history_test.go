package signal

import (
	"testing"
	"time"

	"noctiluca/engine/signal/guard"
)

// A moment a second, oldest first, at most HistoryKept of them.
func TestHistory(t *testing.T) {
	c := New([]string{"a", "b"}, Options{Rules: Rules{Guard: &guard.Options{}}})
	h := c.History()
	if got := h.Cell(-1, nil); len(got) != 0 {
		t.Fatalf("before the first step there are %d moments", len(got))
	}
	last := uint64(0)
	hall(c, 4, 700*time.Second, agreed, func(i int, at time.Duration) float64 { return 0.8*float64(i%2) - 0.4 }, func(at time.Duration) {
		if at == 5*time.Second {
			m := h.Cell(-1, nil)
			if len(m) != 5 || m[0].At != 0 || m[4].At != 4*time.Second {
				t.Fatalf("after 5 s: %v", m)
			}
		}
		if n := h.Changes(); n < last || n > last+1 {
			t.Fatalf("at %v: %d changes after %d", at, n, last)
		} else {
			last = n
		}
	})
	for i := -1; i < 2; i++ {
		m := h.Cell(i, nil)
		if len(m) != HistoryKept {
			t.Fatalf("cell %d: %d moments are held, want %d", i, len(m), HistoryKept)
		}
		for k := range m {
			if want := time.Duration(100+k) * time.Second; m[k].At != want || m[k].Withheld {
				t.Fatalf("cell %d, moment %d is of %v, withheld %v; want %v", i, k, m[k].At, m[k].Withheld, want)
			}
		}
		want := map[int]int32{-1: 4, 0: 2, 1: 2}[i]
		if end := m[len(m)-1]; end.People != want || end.ArousalConfidence < 0.9 || i == 0 && end.Arousal > -0.35 || i == 1 && end.Arousal < 0.35 {
			t.Errorf("cell %d ends with %+v", i, end)
		}
	}
	if w := h.Cell(-1, nil)[HistoryKept-1]; w.Fragmentation < 0.3 || w.Polarisation < 0.05 {
		t.Errorf("a split whole is remembered as %+v", w)
	}
	if g := h.Guard(nil); len(g) != HistoryKept || g[0].Reactivity != 1 || g[0].At != 100*time.Second {
		t.Errorf("the guard has %d moments, from %+v", len(g), g[0])
	}
	if h.Cell(2, nil) != nil {
		t.Error("a cell that there is not has a past")
	}
}

// Of a group that is too small nothing is remembered, and once a consent ends
// no mean is held that was nearly that person's.
func TestHistoryForgets(t *testing.T) {
	c := New([]string{"a", "b"}, Options{Rules: Rules{MinimumGroup: 3}})
	h := c.History()
	// Four in all, two in each cell; all agreed to be shown.
	hall(c, 4, 20*time.Second, agreed, func(i int, _ time.Duration) float64 { return float64(i) / 4 }, nil)
	if m := h.Cell(0, nil); m[19].People != 2 || m[19].Arousal == 0 {
		t.Fatalf("before: %+v", m[19])
	}
	c.Offer(Event{Action: Revoke, Reading: Reading{Person: "p0", At: 20 * time.Second}})
	c.Step(20*time.Second + 100*time.Millisecond)
	for _, m := range h.Cell(0, nil)[:20] {
		if m != (Moment{At: m.At, Withheld: true}) {
			t.Fatalf("after a revocation a mean of two is still held: %+v", m)
		}
	}
	if m := h.Cell(-1, nil); m[19].People != 4 || m[19].Withheld {
		t.Errorf("the mean of four is gone: %+v", m[19])
	}
	// Those who did not agree to be shown, in a group under three: never.
	d := New([]string{"a"}, Options{Rules: Rules{MinimumGroup: 3}})
	hall(d, 2, 20*time.Second, lightOnly, func(int, time.Duration) float64 { return 1 }, nil)
	for _, m := range d.History().Cell(-1, nil) {
		if m != (Moment{At: m.At, Withheld: true}) {
			t.Fatalf("too few, and yet %+v", m)
		}
	}
}

func TestHistoryAllocatesNothing(t *testing.T) {
	c := New([]string{"a"}, Options{Rules: Rules{Guard: &guard.Options{}}})
	cell, watch := make([]Moment, 0, HistoryKept), make([]GuardMoment, 0, HistoryKept)
	now := time.Duration(0)
	if a := testing.AllocsPerRun(2000, func() {
		now += time.Second
		c.Step(now)
		cell, watch = c.History().Cell(0, cell[:0]), c.History().Guard(watch[:0])
	}); a != 0 {
		t.Errorf("a second allocates %v times", a)
	}
}
