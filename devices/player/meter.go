package player

import (
	"slices"
	"time"
)

// meter collects frame times without allocating: those of a second one by
// one, those of the run in histograms.
type meter struct {
	times []time.Duration // of the present second
	late  uint64          // frames whose bytes were ready after the next one was due
	lost  uint64          // frames left out
	since time.Duration
	woke  histogram // of the run: from a frame's deadline to the wake-up
	took  histogram // of the run: from a frame's deadline to its hand-over
}

// newMeter has room for one second, and some, at a rate.
func newMeter(rate float64) meter { return meter{times: make([]time.Duration, 0, int(2*rate)+2)} }

// add takes one frame: how long after its deadline the pacer woke, and how
// long it took from there until all outputs had it.
func (m *meter) add(woke, took, period time.Duration, missed uint64) {
	m.woke.add(woke)
	m.took.add(took)
	if len(m.times) < cap(m.times) {
		m.times = append(m.times, took)
	}
	if took > period {
		m.late++
	}
	m.lost += missed
}

// Pace is how the frames of one second came.
type Pace struct {
	FPS      float64
	P50, P99 time.Duration // from a frame's deadline to its hand-over
	Late     uint64        // frames since the start that were ready after the next one was due
	Lost     uint64        // frames since the start that were left out
}

// take closes a second at the instant now.
func (m *meter) take(now time.Duration) Pace {
	slices.Sort(m.times)
	p := Pace{Late: m.late, Lost: m.lost}
	if d := (now - m.since).Seconds(); d > 0 {
		p.FPS = float64(len(m.times)) / d
	}
	p.P50, p.P99 = rank(m.times, 0.50), rank(m.times, 0.99)
	m.times, m.since = m.times[:0], now
	return p
}

// rank is the nearest-rank quantile q of sorted times.
func rank(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	i := int(q * float64(len(sorted)))
	return sorted[min(i, len(sorted)-1)]
}
