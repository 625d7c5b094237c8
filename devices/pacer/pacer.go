// Package pacer is the one clock of the program: it wakes a caller on an
// absolute grid of deadlines, frame after frame, and says how late it was.
//
// A frame has two instants. A lead before its deadline it is released: the
// caller wakes and computes it. At its deadline it is due: the caller, which
// holds it until then, hands it over. So what leaves keeps the time of a
// wake-up, however the computing varies, as long as that takes no longer than
// the lead. (Release time, deadline and lateness as in C. L. Liu and J. W.
// Layland, J. ACM 20:46, 1973, and since.)
//
// A late frame does not move the grid, so nothing drifts; a caller that was
// too slow for one or more frames is told how many it missed and goes on at
// the next one. time.Ticker is no use here: under load it drops ticks and
// drifts (golang/go#38860).
package pacer

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

// Clock is what a grid is measured against.
type Clock interface {
	// Now is the time since some fixed instant, monotonic. Any goroutine may
	// call it.
	Now() time.Duration
	// Sleep returns at or after the instant at.
	Sleep(at time.Duration)
}

// Pacer gives the frames of one rate. It belongs to one goroutine, which
// Start locks to its thread.
type Pacer struct {
	clock   Clock
	real    bool    // the clock is the machine's, and Start has to do with threads
	period  float64 // ns
	start   time.Duration
	n       uint64
	missed  uint64
	started bool
}

// Frame is one wake-up.
type Frame struct {
	Number  uint64        // on the grid: a missed frame leaves a gap
	At      time.Duration // its deadline, since the start
	Release time.Duration // when the caller was to wake: At less the lead; before the start it is negative
	Late    time.Duration // how long after its release the caller woke
	Missed  uint64        // frames left out just before this one
}

// New makes a pacer of a rate in frames a second, 1…1000.
func New(rate float64) (*Pacer, error) {
	p, err := On(newClock(), rate)
	if err == nil {
		p.real = true
	}
	return p, err
}

// On makes a pacer on a clock of the caller's, such as a simulated one. Its
// Start leaves the caller's thread as it is.
func On(c Clock, rate float64) (*Pacer, error) {
	if !(rate >= 1 && rate <= 1000) {
		return nil, fmt.Errorf("pacer: rate %v: expected 1…1000 frames a second", rate)
	}
	return &Pacer{clock: c, period: 1e9 / rate}, nil
}

// Start begins the grid, whose first frame is due after lead, and locks the
// calling goroutine to its thread, which, where the system lets it, is given
// real-time priority. It also sets GOMAXPROCS above the number of goroutines
// that will compute: the thread that wakes must find a processor of the
// scheduler free, or the best clock is of no use. The returned text says what
// was to be had.
func (p *Pacer) Start(busy int, lead time.Duration) string {
	said := "pacing: a clock of its own"
	if p.real {
		if want := busy + 2; runtime.GOMAXPROCS(0) < want {
			runtime.GOMAXPROCS(want)
		}
		runtime.LockOSThread()
		said = prioritise()
	}
	p.start, p.started = p.clock.Now()+max(lead, 0), true
	return said
}

// Stop gives back what Start took, but for GOMAXPROCS: the thread and its
// priority. Like Start it belongs to the goroutine that waits.
func (p *Pacer) Stop() {
	if p.real && p.started {
		unprioritise()
		runtime.UnlockOSThread()
	}
}

// Raise puts all threads of the process in real time, at the lowest priority
// there is: for a machine that has nothing better to do than to play. Go's
// scheduler hands a goroutine that it preempts, a locked one too, on by
// whichever thread comes next, and a collection of garbage waits for all of
// them; where one of these stands in line behind other programs, so does the
// frame. It says whether the system lets it, and what there is.
//
// Call it before Start. Keep looks after it and ends it.
func (p *Pacer) Raise() (said string, ok bool) {
	if !p.real {
		return "", false
	}
	return raise()
}

// Keep gives back what Raise took when ctx is done, and for as long as the
// process uses so much of the cores that others would starve. say is told of
// that.
func (p *Pacer) Keep(ctx context.Context, say func(string)) { keep(ctx, say) }

// Now is the time since the first frame was due, and 0 before. Any goroutine
// may call it once Start returned.
func (p *Pacer) Now() time.Duration { return max(p.now(), 0) }

func (p *Pacer) now() time.Duration { return p.clock.Now() - p.start }

// Missed is how many frames were left out so far.
func (p *Pacer) Missed() uint64 { return p.missed }

// Wait sleeps until the release of the next frame of the grid, a lead of at
// most a period before its deadline.
func (p *Pacer) Wait(lead time.Duration) Frame {
	if !p.started {
		panic("pacer: Wait before Start")
	}
	lead = min(max(lead, 0), time.Duration(p.period))
	f := Frame{Number: p.n}
	at := func() { // computed from the number alone, so no error adds up
		f.At = time.Duration(float64(f.Number) * p.period)
		f.Release = f.At - lead
	}
	at()
	now := p.now()
	if now < f.Release {
		now = p.until(f.Release)
	} else if behind := uint64(float64(now-f.Release) / p.period); behind > 0 {
		// Whole frames have passed: take the latest one whose time has come.
		f.Missed = behind
		p.missed += behind
		f.Number += behind
		at()
	}
	f.Late = max(now-f.Release, 0)
	p.n = f.Number + 1
	return f
}

// Hold sleeps until a frame's deadline, unless that has passed. It gives when
// that began, which is negative before the start, and when it ended.
func (p *Pacer) Hold(f Frame) (from, now time.Duration) {
	from = p.now()
	if from >= f.At {
		return from, from
	}
	return from, p.until(f.At)
}

func (p *Pacer) until(at time.Duration) time.Duration {
	p.clock.Sleep(p.start + at)
	return p.now()
}
