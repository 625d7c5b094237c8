package player

import (
	"slices"
	"time"

	"noctiluca/devices/pacer"
)

// meter collects frame times without allocating: those of a second one by
// one, those of the run in histograms.
type meter struct {
	took, out []time.Duration // of the present second
	late      uint64          // frames that were handed over after the next one was due
	lost      uint64          // frames left out
	since     time.Duration
	woke      histogram // of the run: from a frame's release to the wake-up
	ready     lateness  // of the run: when a frame was computed, of its deadline
	sent      histogram // of the run: from a frame's deadline to its hand-over
}

// newMeter has room for one second, and some, at a rate.
func newMeter(rate float64) meter {
	room := int(2*rate) + 2
	return meter{took: make([]time.Duration, 0, room), out: make([]time.Duration, 0, room)}
}

// add takes one frame: when it was computed, and when all outputs had it.
func (m *meter) add(f pacer.Frame, ready, sent, period time.Duration) {
	m.woke.add(f.Late)
	m.ready.add(ready - f.At)
	m.sent.add(sent - f.At)
	if len(m.took) < cap(m.took) {
		m.took = append(m.took, ready-f.Release-f.Late)
		m.out = append(m.out, sent-f.At)
	}
	if sent-f.At > period {
		m.late++
	}
	m.lost += f.Missed
}

// Pace is how the frames of one second came.
type Pace struct {
	FPS              float64
	Frame50, Frame99 time.Duration // frame time: from the wake-up until the frame was computed
	Sent99           time.Duration // lateness: from the deadline to the hand-over
	Lead             time.Duration // how long before its deadline a frame is begun, at the end of the second
	Late             uint64        // frames since the start that were handed over after the next one was due
	Lost             uint64        // frames since the start that were left out
}

// take closes a second at the instant now.
func (m *meter) take(now, lead time.Duration) Pace {
	slices.Sort(m.took)
	slices.Sort(m.out)
	p := Pace{Late: m.late, Lost: m.lost, Lead: lead}
	if d := (now - m.since).Seconds(); d > 0 {
		p.FPS = float64(len(m.took)) / d
	}
	p.Frame50, p.Frame99, p.Sent99 = rank(m.took, 0.50), rank(m.took, 0.99), rank(m.out, 0.99)
	m.took, m.out, m.since = m.took[:0], m.out[:0], now
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
