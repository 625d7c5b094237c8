package safety

import (
	"fmt"
	"sync"
	"time"

	"noctiluca/installations"
)

// Event is one time that a limit acted: from when on, where, and how much.
// What follows within a second is the same event.
type Event struct {
	Number uint64        // from 0, in order
	At     time.Duration // the engine's time at which it began
	Last   time.Duration // and at which it last acted
	Limit  string        // flash, red flash, power, voltage, glare, curfew
	Where  string        // the fixture, the supply; all
	From   string        // the viewing place that asked, for flashes
	Gain   float32       // the least that light was multiplied by
	Frames int           // in which it acted
	Lights int           // the most in one frame
}

// String says what happened, in a line.
func (e *Event) String() string {
	s := fmt.Sprintf("%s limited at %s (%s)", e.Limit, e.Where, e.At.Round(10*time.Millisecond))
	if e.From != "" {
		s += ", as seen from " + e.From
	}
	if e.Gain < 1 {
		s += fmt.Sprintf(", to %.0f %%", 100*e.Gain)
	}
	if e.Lights > 0 {
		s += fmt.Sprintf(", %d lights", e.Lights)
	}
	return s
}

// Status is how the limits stand, for a window, a metric or a log.
type Status struct {
	At          time.Duration
	Watts       float64
	WattHours   float64 // since the start
	Transitions int     // the most that any 10° saw in the last second, of general flashes; 6 are allowed
	Red         int     // and of red ones
	Around      float32 // luminance of the surroundings, cd/m²
	Acted       uint64  // events so far
	Softened    int     // lights in this frame
	Gain        float32 // the least of this frame, by any limit
	Curfew      float32 // the level that the night allows, 1 by day
	Off         []installations.Disabled
}

// kept is how many events are remembered.
const kept = 256

// journal holds the newest events. The stage writes it, any goroutine reads.
type journal struct {
	mu     sync.Mutex
	events [kept]Event
	next   uint64
	status Status
}

// add notes that a limit acted in this frame.
func (j *journal) add(at time.Duration, limit, where, from string, gain float32, lights int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for k := uint64(1); k <= min(j.next, 16); k++ {
		e := &j.events[(j.next-k)%kept]
		if e.Limit == limit && e.Where == where && at-e.Last <= time.Second {
			if at != e.Last {
				e.Frames++
			}
			e.Last, e.Gain, e.Lights = at, min(e.Gain, gain), max(e.Lights, lights)
			return
		}
	}
	j.events[j.next%kept] = Event{Number: j.next, At: at, Last: at, Limit: limit, Where: where, From: from, Gain: gain, Frames: 1, Lights: lights}
	j.next++
}

// Events appends to dst the events from a number on that are still
// remembered, and gives the number to ask from next. An event goes on for as
// long as its limit acts: one that was given may have grown since. Any
// goroutine may call it.
func (s *Stage) Events(from uint64, dst []Event) ([]Event, uint64) {
	j := &s.journal
	j.mu.Lock()
	defer j.mu.Unlock()
	for n := max(from, j.next-min(j.next, kept)); n < j.next; n++ {
		dst = append(dst, j.events[n%kept])
	}
	return dst, j.next
}

// Status gives how the limits stand. Any goroutine may call it.
func (s *Stage) Status() Status {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	return s.journal.status
}
