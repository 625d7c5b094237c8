package player

import (
	"fmt"
	"time"
)

// lateness counts times before and after a deadline; those before are
// negative. Each side is as exact as a histogram.
type lateness struct{ before, after histogram }

func (l *lateness) add(d time.Duration) {
	if d < 0 {
		l.before.add(-d)
	} else {
		l.after.add(d)
	}
}

// quantile is the time that a share q, 0…1, of all are not above, by nearest
// rank: never below it, and 0 without any.
func (l *lateness) quantile(q float64) time.Duration {
	total := l.before.total + l.after.total
	if total == 0 {
		return 0
	}
	rank := min(uint64(q*float64(total)), total-1)
	if rank >= l.before.total {
		return l.after.ranked(rank-l.before.total, true)
	}
	return -l.before.ranked(l.before.total-1-rank, false)
}

func (l *lateness) String() string {
	return fmt.Sprintf("p50 %s  p99 %s  p99.9 %s  most %s", ms(l.quantile(0.5)), ms(l.quantile(0.99)), ms(l.quantile(0.999)), ms(l.quantile(1)))
}
