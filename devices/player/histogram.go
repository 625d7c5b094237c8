package player

import (
	"fmt"
	"math/bits"
	"time"
)

// histogram counts times of a whole run, however long, in a fixed memory: 64
// buckets for each doubling from a microsecond on, so that a quantile is
// known to 1.6 %. The most is exact.
type histogram struct {
	counts [16 * steps]uint64 // up to 2 s; what is longer counts as that
	total  uint64
	most   time.Duration
}

const steps = 64

func (h *histogram) add(d time.Duration) {
	us := uint64(max(d, 0) / time.Microsecond)
	h.counts[min(bucket(us), len(h.counts)-1)]++
	h.total++
	h.most = max(h.most, d)
}

// remove takes back a time that was added; the most stays what it was.
func (h *histogram) remove(d time.Duration) {
	us := uint64(max(d, 0) / time.Microsecond)
	h.counts[min(bucket(us), len(h.counts)-1)]--
	h.total--
}

// bucket is the place of a number of microseconds: below steps each has its
// own, above each doubling has that many.
func bucket(us uint64) int {
	if us < steps {
		return int(us)
	}
	shift := bits.Len64(us) - bits.Len64(steps) // us>>shift is steps…2·steps-1
	return (shift+1)*steps + int(us>>shift) - steps
}

// floor is the least number of microseconds of a bucket.
func floor(b int) uint64 {
	if b < steps {
		return uint64(b)
	}
	return uint64(steps+b%steps) << (b/steps - 1)
}

// quantile is the time that a share q, 0…1, of all are not above, by nearest
// rank; rounded up to its bucket's end, and 0 without any.
func (h *histogram) quantile(q float64) time.Duration {
	return h.ranked(min(uint64(q*float64(h.total)), max(h.total, 1)-1), true)
}

// ranked is the time that so many are before, of all in order; rounded up to
// its bucket's end or down to its beginning.
func (h *histogram) ranked(rank uint64, up bool) time.Duration {
	seen := uint64(0)
	for b, n := range h.counts {
		if seen += n; seen <= rank || b == len(h.counts)-1 {
			continue
		}
		if !up {
			return time.Duration(floor(b)) * time.Microsecond
		}
		return min(time.Duration(floor(b+1))*time.Microsecond, h.most)
	}
	return h.most
}

func (h *histogram) String() string {
	return fmt.Sprintf("p50 %s  p99 %s  p99.9 %s  most %s", ms(h.quantile(0.5)), ms(h.quantile(0.99)), ms(h.quantile(0.999)), ms(h.most))
}
