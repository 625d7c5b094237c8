package flash

import (
	"time"

	"noctiluca/engine/safety/flash/lane"
)

// ledger is the area, of one kind of flash in one view, that changed at once:
// of each cell, of each window, and the changes that will lapse.
type ledger struct {
	view           *view
	cells, windows sums
	cellT, winT    tallies
	moments        [64]moment // frames that still count, a ring
	head, count    int

	// Of the frame in the making.
	turns   []lane.Sum // of each cell: what rises, and what falls
	touched []int32    // cells with a rise or a fall, in order
	wanted  []lane.Sum // of each cell: what would rise, and was not softened before; and what was
	turned  []int32    // windows with a rise or a fall, in no order that matters
	spread  lane.Windows
	cover   []int32
	flags   []uint8 // of each cell: what follows for its lights, as lane has it
	refuse  []uint8 // of each cell: lane.Refused where its rises are refused
	same    bool    // the flags are the same for all cells
	often   []uint8 // of each cell: whether it has changed too often, or would

	// A cell that was refused is held until then; tried is what it tried to
	// raise in the last frame, -1 if it had in the one before, too.
	until []time.Duration
	tried []int64
}

// sums is the area that went up, and that went down, in the last moment, and
// the changes that it is made of, a ring.
type sums struct {
	of          []sum
	ring        []change
	head, count int
}

type sum struct {
	up, down           int64
	need               int64  // what has to change at once
	upClear, downClear uint32 // the frame that used it up
}

// change is what one cell or window did in one frame.
type change struct {
	up, down int64
	i        int32
}

// moment is one frame.
type moment struct {
	at             time.Duration
	frame          uint32
	cells, windows int32 // how many changed
}

// lapse is how many frames of changes there is room for: over a 1/30 s at
// 240 a second.
const lapse = 10

func newSums(n int) sums { return sums{of: make([]sum, n), ring: make([]change, n*lapse)} }

func newLedger(v *view, r *Rules, area int64) *ledger {
	n, w := len(v.total), len(v.cells)
	l := &ledger{
		view: v, cells: newSums(n), windows: newSums(w), cellT: newTallies(n, 8), winT: newTallies(w, 32),
		turns: make([]lane.Sum, n), touched: make([]int32, 0, n), wanted: make([]lane.Sum, n), turned: make([]int32, 0, w),
		spread: lane.Windows{Before: make([]lane.Sum, n+1), Runs: v.runs, First: v.runsOf, Sums: make([]lane.Sum, w)}, cover: make([]int32, n+1),
		flags: make([]uint8, n, n+16), refuse: make([]uint8, n), often: make([]uint8, n),
		until: make([]time.Duration, n), tried: make([]int64, n),
	}
	for c := range l.cells.of {
		l.cells.of[c].need = (v.total[c] + 1) / 2 // half of a cell's lights
	}
	for w := range l.windows.of {
		l.windows.of[w].need = area
	}
	return l
}

// expire takes out what is no longer at once with now, and makes room for a
// frame.
func (l *ledger) expire(now time.Duration, together time.Duration) {
	for l.count > 0 {
		m := &l.moments[l.head]
		// Half a millisecond for times that were cut off.
		if now-m.at < together-500*time.Microsecond && l.count < len(l.moments) && l.cells.room() && l.windows.room() {
			return
		}
		l.cells.drop(int(m.cells), m.frame)
		l.windows.drop(int(m.windows), m.frame)
		l.head = (l.head + 1) % len(l.moments)
		l.count--
	}
}

func (s *sums) room() bool { return s.count+len(s.of) <= len(s.ring) }

// drop takes out the oldest changes, those of one frame.
func (s *sums) drop(n int, frame uint32) {
	s.count -= n
	for range n {
		c := &s.ring[s.head]
		if s.head++; s.head == len(s.ring) {
			s.head = 0
		}
		of := &s.of[c.i]
		if frame > of.upClear {
			of.up -= c.up
		}
		if frame > of.downClear {
			of.down -= c.down
		}
	}
}

// add notes a change.
func (s *sums) add(i int32, up, down int64) {
	at := s.head + s.count
	if at >= len(s.ring) {
		at -= len(s.ring)
	}
	s.ring[at] = change{up, down, i}
	s.count++
	s.of[i].up += up
	s.of[i].down += down
}

// fire counts a transition of i when the area of one direction has changed at
// once, and uses that area up. Of two that fall together only the one that
// opposes the last counts: the flashes are one.
func (s *sums) fire(i int32, frame uint32, now time.Duration, t *tallies) bool {
	of := &s.of[i]
	rose, fell := of.up >= of.need, of.down >= of.need
	if rose {
		of.up, of.upClear = 0, frame
	}
	if fell {
		of.down, of.downClear = 0, frame
	}
	switch {
	case rose && (!fell || t.of[i].last != up):
		return t.add(i, up, now)
	case fell:
		return t.add(i, down, now)
	}
	return false
}

// begin clears what the frame in the making did.
func (l *ledger) begin() {
	clear(l.turns)
	l.touched, l.turned = l.touched[:0], l.turned[:0]
}

// gather takes over what the workers have added up of all that turned.
func (l *ledger) gather(sums *tallied) {
	// What is cleared is given to be added up in next.
	l.turns, sums.cells = sums.cells, l.turns
	for c := range l.turns {
		if l.turns[c][0]|l.turns[c][1] != 0 {
			l.touched = append(l.touched, int32(c))
		}
	}
}

// gatherRises takes over what they have added up of rises that are weighed.
func (l *ledger) gatherRises(sums *tallied) {
	clear(l.wanted)
	l.wanted, sums.cells = sums.cells, l.wanted
	for c := range l.wanted {
		s := &l.wanted[c]
		if s[0]|s[1] == 0 {
			continue
		}
		rise := s[0]
		switch {
		case sums.held != nil:
			rise += s[1] - sums.held[c][0]
			sums.held[c][0] = 0
		case l.flags[c]&lane.Held == 0:
			rise += s[1]
		}
		if rise != 0 {
			l.turns[c][0] = rise
			l.touched = append(l.touched, int32(c))
		}
	}
}

// byWindows adds up, over windows, what the cells did. spread.Before[0] is
// always nought.
func (l *ledger) byWindows(set *lane.Set) {
	v := l.view
	if len(l.touched)*v.pairs < len(v.runs)*len(l.turns) {
		l.byFewWindows()
		return
	}
	rise, fall := uint64(0), uint64(0)
	before := l.spread.Before[1 : len(l.turns)+1]
	for c := range l.turns {
		s := &l.turns[c]
		rise, fall = rise+s[0], fall+s[1]
		before[c][0], before[c][1] = rise, fall
	}
	set.Spread(&l.spread)
	for w := range l.spread.Sums {
		if s := &l.spread.Sums[w]; s[0]|s[1] != 0 {
			l.turned = append(l.turned, int32(w))
		}
	}
}

// byFewWindows is byWindows where few cells did anything.
func (l *ledger) byFewWindows() {
	clear(l.spread.Sums)
	for _, c := range l.touched {
		s := &l.turns[c]
		for _, w := range l.view.windows[c] {
			of := &l.spread.Sums[w]
			if of[0]|of[1] == 0 {
				l.turned = append(l.turned, w)
			}
			of[0] += s[0]
			of[1] += s[1]
		}
	}
}

// commit counts what the frame did, and gives the most transitions that a
// window it touched has now had in a second, and whether lights that change
// too often fill the area.
func (l *ledger) commit(set *lane.Set, frame uint32, now time.Duration, r *Rules, area int64) (most int, rolling, extended, busy bool) {
	if len(l.touched) == 0 {
		return 0, false, false, false
	}
	hasty := false
	for _, c := range l.touched {
		s := &l.turns[c]
		l.cells.add(c, int64(s[0]), int64(s[1]))
		if of := &l.cells.of[c]; of.up < of.need && of.down < of.need {
			continue
		}
		if l.cells.fire(c, frame, now, &l.cellT) {
			hasty, busy = hasty || l.cellT.reach(c, 2*r.Most+1, now), busy || l.cellT.reach(c, alarm, now)
		}
	}
	l.byWindows(set)
	last, was := int32(-1), time.Duration(0)
	for _, w := range l.turned {
		s := &l.spread.Sums[w]
		l.windows.add(w, int64(s[0]), int64(s[1]))
		if !l.windows.fire(w, frame, now, &l.winT) {
			continue
		}
		n := l.winT.within(w, now)
		most, busy = max(most, n), busy || n >= alarm
		if r.Extended > 0 && n >= 3 && !extended {
			if last < 0 || !l.winT.alike(w, last) {
				last, was = w, l.winT.extended(w, now, 0)
			}
			extended = was > r.Extended
		}
	}
	l.moments[(l.head+l.count)%len(l.moments)] = moment{now, frame, int32(len(l.touched)), int32(len(l.turned))}
	l.count++
	return most, hasty && l.rolls(set, now, r, area), extended, busy
}

// rolls says whether cells that have changed too often fill the area in a
// window that the frame touched.
func (l *ledger) rolls(set *lane.Set, now time.Duration, r *Rules, area int64) bool {
	sum := uint64(0)
	for c, total := range l.view.total {
		if l.cellT.reach(int32(c), 2*r.Most+1, now) {
			sum += uint64(total)
		}
		l.spread.Before[c+1][0] = sum
	}
	if int64(sum) < area {
		return false
	}
	set.Spread(&l.spread)
	for _, w := range l.turned {
		if int64(l.spread.Sums[w][0]) >= area {
			return true
		}
	}
	return false
}
