package signal

import (
	"slices"
	"testing"
	"time"
)

func record10min(seed uint64, people, cells int, frame time.Duration) []Event {
	c := NewCrowd(seed, people, cells)
	var log []Event
	for now := time.Duration(0); now <= 10*time.Minute; now += frame {
		c.Step(now, func(e Event) { log = append(log, e) })
	}
	return log
}

func TestCrowdIsTheSameAtAnyFrameRate(t *testing.T) {
	a := record10min(7, 9, 3, time.Second/60)
	b := record10min(7, 9, 3, time.Second/25)
	n := min(len(a), len(b)) // the last frames end at different times
	if n < 10000 || !slices.Equal(a[:n], b[:n]) {
		t.Errorf("%d and %d events differ between 60 and 25 frames a second", len(a), len(b))
	}
	if slices.Equal(a[:1000], record10min(8, 9, 3, time.Second/60)[:1000]) {
		t.Error("seeds 7 and 8 give the same crowd")
	}
}

// The crowd exercises what it is there to show: it comes and goes, falls in
// tune, splits, and every value in it is one a body can have.
func TestCrowdShowsWhatItIsFor(t *testing.T) {
	cells := New([]string{"a", "b", "c"}, Options{})
	crowd := NewCrowd(7, 12, 3)
	var low, high CellState
	low.Arousal, low.Coherence, low.Fragmentation, low.People = 1, 1, 1, 99
	for now := time.Duration(0); now <= 10*time.Minute; now += time.Second / 60 {
		crowd.Step(now, cells.Offer)
		cells.Step(now)
		if now < 30*time.Second {
			continue
		}
		s := cells.Cell(-1)
		low.Arousal, high.Arousal = min(low.Arousal, s.Arousal), max(high.Arousal, s.Arousal)
		low.Coherence, high.Coherence = min(low.Coherence, s.Coherence), max(high.Coherence, s.Coherence)
		low.Fragmentation, high.Fragmentation = min(low.Fragmentation, s.Fragmentation), max(high.Fragmentation, s.Fragmentation)
		low.People, high.People = min(low.People, s.People), max(high.People, s.People)
	}
	t.Logf("lowest %+v, highest %+v, %+v", low, high, cells.Counters())
	if high.Arousal-low.Arousal < 0.5 || high.Coherence-low.Coherence < 0.5 || high.Fragmentation < 0.6 || low.Fragmentation > 0.3 || low.People == high.People {
		t.Errorf("between %+v and %+v the crowd shows too little", low, high)
	}
	if c := cells.Counters(); c.Implausible > 0 || c.Overflow > 0 || c.Refused > 0 || c.Grants < 12 || c.Revocations == 0 {
		t.Errorf("the counters are %+v", c)
	}
	if n := testing.AllocsPerRun(100, func() { crowd.Step(20*time.Minute, func(Event) {}) }); n != 0 {
		t.Errorf("a step of the crowd allocates %v times", n)
	}
}
