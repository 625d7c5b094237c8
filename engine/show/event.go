package show

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// Action says what an Event does.
type Action uint8

// The actions. All that changes a show is one of these, with a time: the log
// of events, replayed, gives the same values to the bit.
const (
	Set      Action = iota // Param goes to Value within Fade
	Nudge                  // Param goes Value of its control's way on; a choice one on or back
	Toggle                 // a switch turns over; a number goes to its other end
	Go                     // the next cue
	Back                   // the cue before
	Hold                   // the fades of cues stand still, and go on at the next Hold or Go
	GoTo                   // cue Index
	Recall                 // snapshot Index, within Fade
	Edit                   // Item of the list, put at Index
	Insert                 // Item, put before Index
	Remove                 // the item at Index
	Undo                   // the latest edit
	Redo                   // what was undone last
	Record                 // begins to record gestures, or ends it: Text names it
	Play                   // gesture Index, from its start
	Stop                   // gesture Index; −1 all
	Seek                   // gesture Index goes on Value seconds into it, and plays from there where it did not
	Tap                    // a tap on the beat
	Tempo                  // Value beats a minute
	Pulse                  // a MIDI clock's
	Start                  // of a song, by a MIDI clock
	Continue               // of a song
	Halt                   // of a song
	Locate                 // Index sixteenth notes into the song
	Timecode               // Code, of a film
	Sync                   // Beat, at Value beats a minute: of a session that is followed
	Skip                   // in logs alone: the engine went on at At after a pause that it did not make up for, from its tick Index
)

// Origin is who moved a parameter: a surface, the window, a cue. A control
// whose value another origin moved must be picked up again.
type Origin uint16

// The show's own origins. Surfaces have numbers from FirstSurface up.
const (
	Nobody Origin = iota
	ByCue
	ByGesture
	ByUndo
	ByWindow
	ByOSC
	FirstSurface Origin = 16
)

// Own is a Fade that means the parameter's own.
const Own = -1

// Event is one change of a show.
type Event struct {
	At time.Duration // when it is to take effect; 0: now
	// Ago is how long before At it happened, where it came too late to act
	// then: a show that is computed ahead of its light has done that tick. It
	// acts at At, and the beat is told of when it was. Offer it as 0.
	Ago    time.Duration
	Action Action
	By     Origin
	Param  ID
	Value  float32
	Fade   float32 // seconds; Own for the parameter's own
	Index  int
	List   List
	Item   Item
	Text   string
	Code   Code
	Beat   float64
}

// Applied is an event as it took effect: in a log of these every At lies
// within the tick that took it, so the log can be offered as it is.
type Applied struct {
	Tick  uint64
	Event Event
}

// maxQueued is how many events can wait. A surface with every fader in motion
// sends some thousand a second.
const maxQueued = 8192

// queue takes events from any goroutine.
type queue struct {
	mu      sync.Mutex
	waiting []Event
}

func newQueue() queue { return queue{waiting: make([]Event, 0, maxQueued)} }

func (q *queue) offer(e Event) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == cap(q.waiting) {
		return fmt.Errorf("show: %d events wait already; is the engine running?", maxQueued)
	}
	q.waiting = append(q.waiting, e)
	return nil
}

// due moves the events up to now to dst, in the order of their times and then
// of their arrival.
func (q *queue) due(now time.Duration, dst []Event) []Event {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		return dst
	}
	kept := q.waiting[:0]
	for _, e := range q.waiting {
		if e.At <= now {
			dst = append(dst, e)
		} else {
			kept = append(kept, e)
		}
	}
	clear(q.waiting[len(kept):])
	q.waiting = kept
	slices.SortStableFunc(dst, func(a, b Event) int {
		switch {
		case a.At < b.At:
			return -1
		case a.At > b.At:
			return 1
		}
		return 0
	})
	return dst
}
