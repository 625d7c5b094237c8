package signal

import (
	"sync"
	"time"
)

// The history holds HistoryKept moments of each cell, one every HistoryEvery
// of engine time: ten minutes.
const (
	HistoryKept  = 600
	HistoryEvery = time.Second
)

// Moment is what could be told of a cell at one instant of the last minutes.
type Moment struct {
	At       time.Duration
	Withheld bool // nothing was told, or it was taken back since; the rest is 0
	People   int32

	Valence, Arousal                     float32 // −1…1
	ValenceConfidence, ArousalConfidence float32 // 0…1; 0 is no signal, which is not calm
	Fragmentation, Polarisation          float32 // 0…1
	Coherence, Synchrony                 float32 // 0…1
}

// GuardMoment is what the feedback guard did and knew at one instant.
type GuardMoment struct {
	At              time.Duration
	Reactivity      float32 // 0…1: how much of what people feel the light followed
	Known           bool    // people's gain was known, with its 95 % interval
	Gain, Low, High float32
}

// History is the last minutes of the cells and of the guard, for a screen to
// draw: Cells.History gives it, and engine.Snapshot carries it. It holds only
// what Shown told at the time. Where somebody's consent ends, moments at which
// a group was so small that its mean was nearly theirs are erased.
//
// Any goroutine may call its methods. They allocate nothing where dst has room
// for HistoryKept.
type History struct {
	mu      sync.Mutex
	n       uint64 // moments so far
	changes uint64
	cells   [][HistoryKept]Moment // the whole last
	guard   *[HistoryKept]GuardMoment
	least   int32 // people of whom a mean is not about each
	next    time.Duration
}

func newHistory(cells, least int, guarded bool) *History {
	h := &History{cells: make([][HistoryKept]Moment, cells+1), least: int32(max(least, 2))}
	if guarded {
		h.guard = new([HistoryKept]GuardMoment)
	}
	return h
}

// Changes counts what was written and erased: where it is as it was, a screen
// has nothing to draw anew.
func (h *History) Changes() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.changes
}

// Cell appends the moments of cell i, −1 the whole, oldest first. Of a cell
// that there is not there are none.
func (h *History) Cell(i int, dst []Moment) []Moment {
	h.mu.Lock()
	defer h.mu.Unlock()
	whole := len(h.cells) - 1
	if i >= whole {
		return dst
	}
	if i < 0 {
		i = whole
	}
	return unrolled(h.cells[i][:], h.n, dst)
}

// Guard appends the guard's moments, oldest first; none where no guard
// watches.
func (h *History) Guard(dst []GuardMoment) []GuardMoment {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.guard == nil {
		return dst
	}
	return unrolled(h.guard[:], h.n, dst)
}

// unrolled appends a ring of which n were written, oldest first.
func unrolled[T any](ring []T, n uint64, dst []T) []T {
	if n < HistoryKept {
		return append(dst, ring[:n]...)
	}
	at := n % HistoryKept
	dst = append(dst, ring[at:]...)
	return append(dst, ring[:at]...)
}

// remember writes the moment of now, where one is due.
func (h *History) remember(c *Cells) {
	if c.now < h.next {
		return
	}
	h.next = c.now.Truncate(HistoryEvery) + HistoryEvery
	h.mu.Lock()
	defer h.mu.Unlock()
	at := h.n % HistoryKept
	for i := range h.cells {
		h.cells[i][at] = momentOf(c.now, &c.shown[i].out)
	}
	if h.guard != nil {
		g := GuardMoment{At: c.now, Reactivity: float32(c.guard.Reactivity())}
		gain, low, high, ok := c.guard.Gain()
		g.Gain, g.Low, g.High, g.Known = float32(gain), float32(low), float32(high), ok
		h.guard[at] = g
	}
	h.n++
	h.changes++
}

func momentOf(now time.Duration, from *Shown) Moment {
	if from.Withheld {
		return Moment{At: now, Withheld: true}
	}
	s := &from.State
	return Moment{
		At: now, People: int32(s.People),
		Valence: s.Valence, Arousal: s.Arousal,
		ValenceConfidence: s.ValenceConfidence, ArousalConfidence: s.ArousalConfidence,
		Fragmentation: s.Fragmentation, Polarisation: s.Polarisation,
		Coherence: s.Coherence, Synchrony: s.Synchrony,
	}
}

// atLeast changes of how few people a mean counts as about each of them.
func (h *History) atLeast(people int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.least = int32(max(people, 2))
}

// erase takes back what was told of small groups: the consent of somebody who
// may have been in one has ended.
func (h *History) erase() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.cells {
		ring := &h.cells[i]
		for k := range min(h.n, HistoryKept) {
			if m := &ring[k]; m.People > 0 && m.People < h.least {
				*m = Moment{At: m.At, Withheld: true}
			}
		}
	}
	h.changes++
}

// History is the last minutes of the cells and of the guard. Any goroutine may
// call it.
func (c *Cells) History() *History { return c.history }
