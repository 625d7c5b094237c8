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
	rise, fall []int64    // of each cell
	touched    []int32    // cells with a rise or a fall, in order
	wanted     []lane.Sum // of each cell: what would rise, and was not softened before; and what was
	turned     []rising   // windows with a rise or a fall, in no order that matters
	byWindow   []rising   // of each window, in sums over few cells
	prefix     []lane.Sum // sums of all cells before each
	cover      []int32
	flags      []uint8 // of each cell: what follows for its lights, as lane has it
	refuse     []uint8 // of each cell: lane.Refused where its rises are refused
	same       bool    // the flags are the same for all cells
	often      []uint8 // of each cell: whether it has changed too often, or would

	// A cell that was refused is held until then; tried is what it tried to
	// raise in this frame, and before what in the last.
	until         []time.Duration
	tried, before []int64
	attempts      []int32
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

// rising is what a window did in the frame in the making.
type rising struct {
	up, down int64
	window   int32
}

// lapse is how many frames of changes there is room for: over a 1/30 s at
// 240 a second.
const lapse = 10

func newSums(n int) sums { return sums{of: make([]sum, n), ring: make([]change, n*lapse)} }

func newLedger(v *view, r *Rules, area int64) *ledger {
	n, w := len(v.total), len(v.cells)
	l := &ledger{
		view: v, cells: newSums(n), windows: newSums(w), cellT: newTallies(n, 8), winT: newTallies(w, 32),
		rise: make([]int64, n), fall: make([]int64, n), touched: make([]int32, 0, n), wanted: make([]lane.Sum, n),
		turned: make([]rising, 0, w), byWindow: make([]rising, w), prefix: make([]lane.Sum, n+1), cover: make([]int32, n+1),
		flags: make([]uint8, n), refuse: make([]uint8, n), often: make([]uint8, n),
		until: make([]time.Duration, n), tried: make([]int64, n), before: make([]int64, n), attempts: make([]int32, 0, n),
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
	for _, c := range l.touched {
		l.rise[c], l.fall[c] = 0, 0
	}
	l.touched = l.touched[:0]
	l.turned = l.turned[:0]
}

// gather takes over what the workers have added up of a signal in a view: of
// rises that are weighed, or of all that turned.
func (l *ledger) gather(a *Analyser, k, view int, weighed bool) {
	t := a.tracks[k]
	if weighed {
		clear(l.wanted)
	}
	if a.did&(t.up()|t.down()) == 0 {
		return
	}
	first := &a.workers[0].ledger[k][view]
	for _, w := range a.workers[1:] {
		first.take(&w.ledger[k][view])
	}
	for c := range first.cells {
		s := &first.cells[c]
		if s[0]|s[1] == 0 {
			continue
		}
		rise, fall := int64(s[0]), int64(s[1])
		if weighed {
			l.wanted[c] = *s
			switch {
			case len(a.views) > 1:
				rise += fall - int64(first.held[c][0])
				first.held[c][0] = 0
			case l.flags[c]&lane.Held == 0:
				rise += fall
			}
			fall = 0
		}
		*s = lane.Sum{}
		if rise|fall != 0 {
			l.rise[c], l.fall[c] = rise, fall
			l.touched = append(l.touched, int32(c))
		}
	}
}

// spread adds up, over windows, what the cells did.
func (l *ledger) spread() {
	v := l.view
	if len(l.touched)*v.pairs < 2*len(v.runs)*len(l.rise) {
		l.spreadFew()
		return
	}
	sum := lane.Sum{}
	for c := range l.rise {
		l.prefix[c] = sum
		sum[0] += uint64(l.rise[c])
		sum[1] += uint64(l.fall[c])
	}
	l.prefix[len(l.rise)] = sum
	for w := range v.cells {
		if s := l.over(w); s[0]|s[1] != 0 {
			l.turned = append(l.turned, rising{int64(s[0]), int64(s[1]), int32(w)})
		}
	}
}

// over is the sum of the cells of a window, from prefix.
func (l *ledger) over(w int) (s lane.Sum) {
	v := l.view
	for _, r := range v.runs[v.runsOf[w]:v.runsOf[w+1]] {
		a, b := &l.prefix[r.from], &l.prefix[r.to]
		s[0] += b[0] - a[0]
		s[1] += b[1] - a[1]
	}
	return s
}

// spreadFew is spread where few cells did anything.
func (l *ledger) spreadFew() {
	for _, c := range l.touched {
		up, down := l.rise[c], l.fall[c]
		for _, w := range l.view.windows[c] {
			of := &l.byWindow[w]
			if of.up|of.down == 0 {
				l.turned = append(l.turned, rising{window: w})
			}
			of.up += up
			of.down += down
		}
	}
	for i := range l.turned {
		of := &l.byWindow[l.turned[i].window]
		l.turned[i].up, l.turned[i].down = of.up, of.down
		*of = rising{}
	}
}

// commit counts what the frame did, and gives the most transitions that a
// window it touched has now had in a second, and whether lights that change
// too often fill the area.
func (l *ledger) commit(frame uint32, now time.Duration, r *Rules, area int64) (most int, rolling, extended, busy bool) {
	if len(l.touched) == 0 {
		return 0, false, false, false
	}
	hasty := false
	for _, c := range l.touched {
		l.cells.add(c, l.rise[c], l.fall[c])
		if l.cells.fire(c, frame, now, &l.cellT) {
			hasty, busy = hasty || l.cellT.reach(c, 2*r.Most+1, now), busy || l.cellT.reach(c, alarm, now)
		}
	}
	l.spread()
	if hasty {
		rolling = l.rolls(now, r, area)
	}
	last, was := int32(-1), time.Duration(0)
	for i := range l.turned {
		t := &l.turned[i]
		w := t.window
		l.windows.add(w, t.up, t.down)
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
	return most, rolling, extended, busy
}

// rolls says whether cells that have changed too often fill the area in a
// window that the frame touched.
func (l *ledger) rolls(now time.Duration, r *Rules, area int64) bool {
	sum := lane.Sum{}
	for c, total := range l.view.total {
		l.prefix[c] = sum
		if l.cellT.reach(int32(c), 2*r.Most+1, now) {
			sum[0] += uint64(total)
		}
	}
	l.prefix[len(l.view.total)] = sum
	for i := range l.turned {
		if int64(l.over(int(l.turned[i].window))[0]) >= area {
			return true
		}
	}
	return false
}
