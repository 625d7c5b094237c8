package pacer

import (
	"testing"
	"time"
)

// TestShare: real time ends in the second in which more than 70 % of the cores
// are used, and comes back after ten seconds under half of them, in a row.
func TestShare(t *testing.T) {
	s := share{cores: 2}
	for i, c := range []struct {
		used    float64 // of each second, on two cores
		seconds int
		want    bool // at their end
	}{
		{0.4, 5, true}, {1.39, 5, true}, {1.41, 1, false}, {1.2, 30, false}, {0.9, 9, false}, {1.1, 1, false}, {0.9, 9, false}, {0.9, 1, true}, {1.3, 60, true}, {2, 1, false},
	} {
		got := false
		for range c.seconds {
			got = s.step(time.Duration(c.used*1e9), time.Second)
		}
		if got != c.want {
			t.Errorf("%d: after %d s of %v: %v", i, c.seconds, c.used, got)
		}
	}
	if s.step(time.Hour, 0) {
		t.Error("no time gives it back")
	}
}
