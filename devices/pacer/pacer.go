// Package pacer is the one clock of the program: it wakes a caller on an
// absolute grid of deadlines, frame after frame, and says how late it was.
//
// A late frame does not move the grid, so nothing drifts; a caller that was
// too slow for one or more frames is told how many it missed and goes on at
// the next one. time.Ticker is no use here: under load it drops ticks and
// drifts (golang/go#38860).
package pacer

import (
	"fmt"
	"runtime"
	"time"
)

// clock is what a grid is measured against.
type clock interface {
	// now is the time since some fixed instant, monotonic.
	now() time.Duration
	// sleep returns at or after the instant at.
	sleep(at time.Duration)
}

// Pacer gives the frames of one rate. It belongs to one goroutine, which
// Start locks to its thread.
type Pacer struct {
	clock   clock
	period  float64 // ns
	start   time.Duration
	n       uint64
	missed  uint64
	started bool
}

// Frame is one wake-up.
type Frame struct {
	Number uint64        // on the grid: a missed frame leaves a gap
	At     time.Duration // its deadline, since the start
	Late   time.Duration // how long after its deadline the caller woke
	Missed uint64        // frames left out just before this one
}

// New makes a pacer of a rate in frames a second, 1…1000.
func New(rate float64) (*Pacer, error) {
	if !(rate >= 1 && rate <= 1000) {
		return nil, fmt.Errorf("pacer: rate %v: expected 1…1000 frames a second", rate)
	}
	return &Pacer{clock: newClock(), period: 1e9 / rate}, nil
}

// Start begins the grid now and locks the calling goroutine to its thread,
// which, where the system lets it, is given real-time priority. It also sets
// GOMAXPROCS above the number of goroutines that will compute: the thread
// that wakes must find a processor of the scheduler free, or the best clock
// is of no use. The returned text says what was to be had.
func (p *Pacer) Start(busy int) string {
	if want := busy + 2; runtime.GOMAXPROCS(0) < want {
		runtime.GOMAXPROCS(want)
	}
	runtime.LockOSThread()
	said := prioritise()
	p.start, p.started = p.clock.now(), true
	return said
}

// Now is the time since Start. Any goroutine may call it once Start returned.
func (p *Pacer) Now() time.Duration { return p.clock.now() - p.start }

// Missed is how many frames were left out so far.
func (p *Pacer) Missed() uint64 { return p.missed }

// Wait sleeps until the next frame of the grid.
func (p *Pacer) Wait() Frame {
	if !p.started {
		panic("pacer: Wait before Start")
	}
	f := Frame{Number: p.n, At: p.at(p.n)}
	now := p.Now()
	if now < f.At {
		p.clock.sleep(p.start + f.At)
		now = p.Now()
	} else if behind := uint64(float64(now-f.At) / p.period); behind > 0 {
		// Whole frames have passed: take the latest one whose time has come.
		f.Missed = behind
		p.missed += behind
		f.Number += behind
		f.At = p.at(f.Number)
	}
	f.Late = max(now-f.At, 0)
	p.n = f.Number + 1
	return f
}

// at is computed from the number alone, so no error adds up.
func (p *Pacer) at(n uint64) time.Duration {
	return time.Duration(float64(n) * p.period)
}
