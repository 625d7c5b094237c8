package flash

import (
	"time"

	"noctiluca/engine/safety/flash/lane"
)

// ledger is the area, of one kind of flash in one view, that changed at once:
// of each cell, of each window, and the changes that will lapse.
type ledger struct {
	view          *view
	cells, window sums
	cellT, winT   tallies
	queue         []change // a ring
	head, count   int

	// Of the frame in the making.
	rise, fall []int64 // of each cell
	touched    []int32 // cells with a rise or a fall, in order
	wanted     []want  // cells with lights that would rise, held or not
	rising     []int64 // of each window
	wins       []int32
	winSeen    []uint32
	refuse     []uint32 // of each cell: the pass in which its rises are refused
	flags      []uint8  // of each cell: what follows for its lights, as lane has it
	same       bool     // that is the same for all cells
	often      []uint8  // of each cell: whether it has changed too often, or would
	pass       uint32

	// A cell that was refused is held until then; heldRise is what it tried
	// to raise in the last frame and in this.
	until              []time.Duration
	tried, triedBefore []int64
	attempts           []int32
}

// sums is the area that went up, and that went down, in the last moment.
type sums struct {
	up, down           []int64
	upClear, downClear []uint32 // the frame that used it up
}

func newSums(n int) sums {
	return sums{make([]int64, n), make([]int64, n), make([]uint32, n), make([]uint32, n)}
}

// change is what one cell did in one frame.
type change struct {
	at       time.Duration
	frame    uint32
	cell     int32
	up, down int64
}

// lapse is how many frames a change can count for: a 1/30 s at 240 a second.
const lapse = 10

func newLedger(v *view) *ledger {
	n, w := len(v.total), len(v.cells)
	return &ledger{
		view: v, cells: newSums(n), window: newSums(w), cellT: newTallies(n, 8), winT: newTallies(w, 32),
		queue: make([]change, n*lapse+1),
		rise:  make([]int64, n), fall: make([]int64, n), touched: make([]int32, 0, n), wanted: make([]want, 0, n),
		rising: make([]int64, w), wins: make([]int32, 0, w), winSeen: make([]uint32, w), refuse: make([]uint32, n), flags: make([]uint8, n), often: make([]uint8, n),
		until: make([]time.Duration, n), tried: make([]int64, n), triedBefore: make([]int64, n), attempts: make([]int32, 0, n),
	}
}

// expire takes out what is no longer at once with now.
func (l *ledger) expire(now time.Duration, together time.Duration) {
	for l.count > 0 {
		c := &l.queue[l.head]
		// Half a millisecond for times that were cut off.
		if now-c.at < together-500*time.Microsecond && l.count < len(l.queue)-len(l.cells.up) {
			return
		}
		l.cells.drop(c.cell, c)
		for _, w := range l.view.windows[c.cell] {
			l.window.drop(w, c)
		}
		l.head = (l.head + 1) % len(l.queue)
		l.count--
	}
}

func (s *sums) drop(i int32, c *change) {
	if c.frame > s.upClear[i] {
		s.up[i] -= c.up
	}
	if c.frame > s.downClear[i] {
		s.down[i] -= c.down
	}
}

// begin clears what the frame in the making did.
func (l *ledger) begin() {
	for _, c := range l.touched {
		l.rise[c], l.fall[c] = 0, 0
	}
	l.touched = l.touched[:0]
	l.pass++
}

// want is the area of a cell that would rise in this frame: all of it, and
// what was softened before.
type want struct {
	cell      int32
	all, soft int64
}

// spread sums the rises of the frame in the making over the windows.
func (l *ledger) spread() {
	for _, w := range l.wins {
		l.rising[w] = 0
	}
	l.wins = l.wins[:0]
	for _, c := range l.touched {
		if l.rise[c] == 0 {
			continue
		}
		for _, w := range l.view.windows[c] {
			if l.winSeen[w] != l.pass {
				l.winSeen[w] = l.pass
				l.wins = append(l.wins, w)
			}
			l.rising[w] += l.rise[c]
		}
	}
}

// half is the share of a cell that has to change at once for the cell to
// have changed.
func (l *ledger) half(c int32) int64 { return (l.view.total[c] + 1) / 2 }

// judge marks the cells whose rises would be one too many, and says whether
// there are any.
func (l *ledger) judge(now time.Duration, r *Rules, area int64) bool {
	l.spread()
	any := false
	for _, w := range l.wins {
		if l.winT.last[w] == up || l.window.up[w]+l.rising[w] < area {
			continue
		}
		if l.winT.full(w, now, r.Most) || r.Extended > 0 && l.winT.extended(w, now, 2) > r.Extended {
			for _, c := range l.view.cells[w] {
				l.refuse[c] = l.pass
			}
			any = true
		}
	}
	// Lights that each change too often, wherever and whenever.
	hasty := false
	for _, c := range l.touched {
		hasty = hasty || l.hasty(c, now, r)
	}
	if !hasty {
		return any
	}
	for c := range l.often {
		l.often[c] = 0
		switch c := int32(c); {
		case l.over(c, now, r):
			l.often[c] = alreadyOften
		case l.hasty(c, now, r):
			l.often[c] = newlyOften
		}
	}
	for _, w := range l.wins {
		over, fresh := int64(0), false
		for _, c := range l.view.cells[w] {
			if o := l.often[c]; o != 0 {
				over += l.view.total[c]
				fresh = fresh || o == newlyOften
			}
		}
		if !fresh || over < area {
			continue
		}
		for _, c := range l.view.cells[w] {
			if l.often[c] == newlyOften {
				l.refuse[c] = l.pass
				any = true
			}
		}
	}
	return any
}

// How often a cell has changed.
const (
	alreadyOften = 1 + iota // too often, or will have once it falls
	newlyOften              // too often if this frame's rise passed
)

// over says that a cell has changed too often already, or will have once it
// falls.
func (l *ledger) over(c int32, now time.Duration, r *Rules) bool {
	n := l.cellT.within(c, now)
	return n > 2*r.Most || n == 2*r.Most && l.cellT.last[c] == up
}

// hasty says that a cell would have more than its share of transitions if
// this frame's rise passed, and its fall after it.
func (l *ledger) hasty(c int32, now time.Duration, r *Rules) bool {
	return l.rise[c] > 0 && l.cellT.last[c] != up && l.cells.up[c]+l.rise[c] >= l.half(c) && l.cellT.full(c, now, r.Most)
}

// commit counts what the frame did, and gives the most transitions that a
// window it touched has now had in a second, and whether lights that change
// too often fill the area.
func (l *ledger) commit(frame uint32, now time.Duration, r *Rules, area int64) (most int, rolling, extended, busy bool) {
	hasty := false
	for _, c := range l.touched {
		if l.rise[c] == 0 && l.fall[c] == 0 {
			continue
		}
		l.queue[(l.head+l.count)%len(l.queue)] = change{now, frame, c, l.rise[c], l.fall[c]}
		l.count++
		l.cells.add(c, l.rise[c], l.fall[c])
		if l.cells.fire(c, l.half(c), frame, now, &l.cellT) {
			n := l.cellT.within(c, now)
			hasty, busy = hasty || n > 2*r.Most, busy || n >= alarm
		}
	}
	if hasty {
		for c := range l.often {
			l.often[c] = 0
			if l.cellT.within(int32(c), now) > 2*r.Most {
				l.often[c] = alreadyOften
			}
		}
	}
	l.pass++ // a fresh mark for the windows
	for _, w := range l.wins {
		l.rising[w] = 0
	}
	l.wins = l.wins[:0]
	for _, c := range l.touched {
		if l.rise[c] == 0 && l.fall[c] == 0 {
			continue
		}
		for _, w := range l.view.windows[c] {
			if l.winSeen[w] != l.pass {
				l.winSeen[w] = l.pass
				l.wins = append(l.wins, w)
			}
			l.window.add(w, l.rise[c], l.fall[c])
		}
	}
	for _, w := range l.wins {
		if l.window.fire(w, area, frame, now, &l.winT) {
			n := l.winT.within(w, now)
			most, busy = max(most, n), busy || n >= alarm
			if r.Extended > 0 && n >= 3 && l.winT.extended(w, now, 0) > r.Extended {
				extended = true
			}
		}
		if !hasty || rolling {
			continue
		}
		over := int64(0)
		for _, c := range l.view.cells[w] {
			if l.often[c] != 0 {
				over += l.view.total[c]
			}
		}
		rolling = over >= area
	}
	return most, rolling, extended, busy
}

func (s *sums) add(i int32, rise, fall int64) {
	s.up[i] += rise
	s.down[i] += fall
}

// fire counts a transition of i when the area of one direction has changed at
// once, and uses that area up. Of two that fall together only the one that
// opposes the last counts: the flashes are one.
func (s *sums) fire(i int32, area int64, frame uint32, now time.Duration, t *tallies) bool {
	rose, fell := s.up[i] >= area, s.down[i] >= area
	if rose {
		s.up[i], s.upClear[i] = 0, frame
	}
	if fell {
		s.down[i], s.downClear[i] = 0, frame
	}
	switch {
	case rose && (!fell || t.last[i] != up):
		return t.add(i, up, now)
	case fell:
		return t.add(i, down, now)
	}
	return false
}

// gather takes over what the workers have added up of a signal in a view: of
// rises that are weighed, or of all that turned.
func (a *Analyser) gather(k, view int, weighed bool) {
	t := a.tracks[k]
	l := t.ledgers[view]
	l.wanted = l.wanted[:0]
	did := uint8(0)
	for i := range a.parts {
		did |= a.parts[i].did
	}
	if did&(t.up()|t.down()) == 0 {
		return
	}
	for c := range l.rise {
		var sum lane.Sum
		held := uint64(0)
		for _, w := range a.workers {
			of := &w.ledger[k][view]
			s := &of.cells[c]
			sum[0], sum[1] = sum[0]+s[0], sum[1]+s[1]
			*s = lane.Sum{}
			if weighed && of.held != nil {
				held += of.held[c][0]
				of.held[c][0] = 0
			}
		}
		if sum[0]|sum[1] == 0 {
			continue
		}
		rise, fall := int64(sum[0]), int64(sum[1])
		if weighed {
			l.wanted = append(l.wanted, want{int32(c), rise + fall, fall})
			if len(a.views) > 1 {
				rise += fall - int64(held)
			} else if t.softened == 0 || l.flags[c]&lane.Held == 0 {
				rise += fall
			}
			fall = 0
		}
		if rise|fall != 0 {
			l.rise[c], l.fall[c] = rise, fall
			l.touched = append(l.touched, int32(c))
		}
	}
}

// flag puts down for every cell what its lights have to do.
func (l *ledger) flag(now time.Duration) {
	or, and := uint8(0), ^uint8(0)
	for c := range l.flags {
		f := uint8(0)
		if l.refuse[c] == l.pass {
			f = lane.Refused
		}
		if l.until[c] > now {
			f |= lane.Held
		}
		if l.until[c]+2*back > now {
			f |= lane.Unrecovered
		}
		l.flags[c] = f
		or, and = or|f, and&f
	}
	l.same = or == and
}

// tries notes which cells have lights that wanted to rise and may not.
func (l *ledger) tries(now time.Duration) {
	for _, w := range l.wanted {
		f, area := l.flags[w.cell], w.soft
		switch {
		case f&lane.Refused != 0:
			area = w.all
			l.until[w.cell] = max(l.until[w.cell], now+hold)
		case f&lane.Held == 0 || area == 0:
			continue
		}
		if l.tried[w.cell] == 0 {
			l.attempts = append(l.attempts, w.cell)
		}
		l.tried[w.cell] += area
	}
}

// settle sees which cells tried anew, rather than still being bright: those
// are held for longer.
func (l *ledger) settle(now time.Duration) {
	kept := l.attempts[:0]
	for _, c := range l.attempts {
		if l.tried[c] > 2*l.triedBefore[c] {
			l.until[c] = max(l.until[c], now+hold)
		}
		l.triedBefore[c] = l.tried[c]
		l.tried[c] = 0
		if l.triedBefore[c] > 0 {
			kept = append(kept, c)
		}
	}
	l.attempts = kept
}
