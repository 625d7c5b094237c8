package flash

import (
	"slices"
	"time"

	"noctiluca/engine/safety/flash/lane"
)

// judge marks the cells whose rises would be one too many, and says whether
// there are any.
func (l *ledger) judge(set *lane.Set, now time.Duration, r *Rules, area int64) bool {
	clear(l.refuse)
	if len(l.touched) == 0 {
		return false
	}
	l.byWindows(set)
	any := false
	last, was := int32(-1), false
	for _, w := range l.turned {
		if l.winT.of[w].last == up || l.windows.of[w].up+int64(l.spread.Sums[w][0]) < area {
			continue
		}
		refused := l.winT.full(w, now, r.Most)
		if !refused && r.Extended > 0 {
			// Neighbours have mostly flashed at the same times.
			if last < 0 || !l.winT.alike(w, last) {
				last, was = w, l.winT.extended(w, now, 2) > r.Extended
			}
			refused = was
		}
		if refused {
			l.mark(w)
			any = true
		}
	}
	if any {
		depth := int32(0)
		for c := range l.refuse {
			depth += l.cover[c]
			l.cover[c] = 0
			if depth > 0 {
				l.refuse[c] = lane.Refused
			}
		}
		l.cover[len(l.refuse)] = 0
	}
	// Lights that each change too often, wherever and whenever.
	hasty := false
	for _, c := range l.touched {
		if l.hasty(c, now, r) {
			hasty = true
			break
		}
	}
	return hasty && l.judgeOften(set, now, r, area) || any
}

// mark covers the cells of a window.
func (l *ledger) mark(w int32) {
	v := l.view
	for _, r := range v.runs[v.runsOf[w]:v.runsOf[w+1]] {
		l.cover[r.From]++
		l.cover[r.To]--
	}
}

// judgeOften marks the cells that would have changed too often, where all such
// fill the area of a window.
func (l *ledger) judgeOften(set *lane.Set, now time.Duration, r *Rules, area int64) bool {
	often, newly := uint64(0), uint64(0)
	for c, total := range l.view.total {
		l.often[c] = 0
		switch c := int32(c); {
		case l.tooOften(c, now, r):
			often += uint64(total)
		case l.hasty(c, now, r):
			l.often[c] = 1
			often += uint64(total)
			newly++
		}
		before := &l.spread.Before[c+1]
		before[0], before[1] = often, newly
	}
	any := false
	if newly == 0 || int64(often) < area {
		return false
	}
	set.Spread(&l.spread)
	for _, w := range l.turned {
		if s := &l.spread.Sums[w]; s[1] > 0 && int64(s[0]) >= area {
			l.mark(w)
			any = true
		}
	}
	if !any {
		return false
	}
	depth := int32(0)
	for c := range l.refuse {
		depth += l.cover[c]
		l.cover[c] = 0
		if depth > 0 && l.often[c] != 0 {
			l.refuse[c] = lane.Refused
		}
	}
	l.cover[len(l.refuse)] = 0
	return true
}

// tooOften says that a cell has changed too often already, or will have once
// it falls.
func (l *ledger) tooOften(c int32, now time.Duration, r *Rules) bool {
	return l.cellT.reach(c, 2*r.Most+1, now) || l.cellT.of[c].last == up && l.cellT.reach(c, 2*r.Most, now)
}

// hasty says that a cell would have more than its share of transitions if
// this frame's rise passed, and its fall after it.
func (l *ledger) hasty(c int32, now time.Duration, r *Rules) bool {
	of := &l.cells.of[c]
	rise := int64(l.turns[c][0])
	return rise > 0 && l.cellT.of[c].last != up && of.up+rise >= of.need && l.cellT.full(c, now, r.Most)
}

// flag puts down for every cell what its lights that were softened have to do.
func (l *ledger) flag(now time.Duration) {
	for c, until := range l.until {
		f := uint8(0)
		if until > now {
			f = lane.Held
		}
		if until+2*back > now {
			f |= lane.Unrecovered
		}
		l.flags[c] = f
	}
	l.compare()
}

// compare finds out whether the flags are the same for all cells.
func (l *ledger) compare() {
	l.same = len(l.flags) > 0 && slices.Equal(l.flags[1:], l.flags[:len(l.flags)-1])
}

// refused adds which cells' lights may not rise, and holds those that wanted
// to, and those that were held and try anew, for longer.
func (l *ledger) refused(now time.Duration) {
	for c, refused := range l.refuse {
		f := l.flags[c] | refused
		l.flags[c] = f
		area := int64(0)
		switch {
		case f&lane.Refused != 0:
			area = int64(l.wanted[c][0] + l.wanted[c][1])
			if area > 0 {
				l.until[c] = max(l.until[c], now+hold)
			}
		case f&lane.Held != 0:
			area = int64(l.wanted[c][1])
		}
		// In the second frame on end it may still be bright from the first.
		before := l.tried[c]
		if area > 2*max(before, 0) {
			l.until[c] = max(l.until[c], now+hold)
		}
		if area > 0 && before != 0 {
			area = -1
		}
		l.tried[c] = area
	}
	l.compare()
}
