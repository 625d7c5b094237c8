package flash

import (
	"encoding/binary"
	"math/bits"
	"time"

	"noctiluca/shaders/kage/block"
)

// every has the same in each of its eight bytes, once multiplied.
const every = 0x0101010101010101

// soften takes back the rises of the frame that would be one flash too many.
func (a *Analyser) soften(v *Verdict) {
	refused := uint8(0)
	for _, t := range a.tracks {
		if a.weigh(t) {
			refused |= t.up
		}
	}
	a.dimmed = a.dimmed[:0]
	for task := range a.parts {
		if p := &a.parts[task]; p.softs > 0 || p.did&refused != 0 {
			if a.visit(v, task, refused) {
				a.dimmed = append(a.dimmed, int32(task))
			}
		}
	}
	for _, t := range a.tracks {
		for _, l := range t.ledgers {
			l.settle(a.now)
		}
	}
	a.crew.Do(len(a.dimmed), a.apply)
}

// eight gives the codes of eight lights of a part from a slot on.
func (a *Analyser) eight(p *part, at int) uint64 {
	if p.hot>>(at/block.Size)&1 == 0 {
		return 0
	}
	return binary.LittleEndian.Uint64(a.codes[p.slot+at:])
}

// nextOf takes the lowest byte that is not nought out of w, and gives its place.
func nextOf(w *uint64) int {
	k := bits.TrailingZeros64(*w) / 8
	*w &^= 0xff << (8 * k)
	return k
}

// weigh sums the rises of the frame over cells and windows, marks those that
// are refused, and says whether there are any.
func (a *Analyser) weigh(t *track) bool {
	for _, l := range t.ledgers {
		l.begin()
		for i := range a.parts {
			p := &a.parts[i]
			if p.did&t.up == 0 {
				continue
			}
			for at := 0; at < p.end-p.light; at += 8 {
				for w := a.eight(p, at) & (uint64(t.up) * every); w != 0; {
					k := nextOf(&w)
					light := int32(p.light + at + k)
					if a.marks[p.slot+at+k]&t.soft == 0 || !t.held(light, a.now) {
						l.note(light, up)
					}
				}
			}
		}
	}
	any := false
	for _, l := range t.ledgers {
		any = l.judge(a.now, &a.rules, a.area) || any
	}
	if any || t.softened > 0 {
		for _, l := range t.ledgers {
			l.flag(a.now)
		}
	}
	return any
}

// visit decides on the lights of one part that are marked or may be refused,
// in order, and says whether any has to be dimmed.
func (a *Analyser) visit(v *Verdict, task int, refused uint8) bool {
	p := &a.parts[task]
	st := &a.scene.Stretches[p.stretch]
	dims := false
	n := p.end - p.light
	for at := 0; at < n; at += 8 {
		codes, marks := a.eight(p, at), binary.LittleEndian.Uint64(a.marks[p.slot+at:])
		if marks|codes&(uint64(refused)*every) == 0 {
			continue
		}
		for k := range min(8, n-at) {
			code, mark := uint8(codes), uint8(marks)
			codes, marks = codes>>8, marks>>8
			if mark|code&refused == 0 {
				continue
			}
			slot, light := p.slot+at+k, int32(p.light+at+k)
			gain, place, byRed := float32(1), -1, false
			if mark&softLum != 0 || code&lumUp&refused != 0 {
				gain, place = a.consider(a.lum, st, p, slot, light, code&lumUp != 0, mark&softLum != 0)
			}
			if mark&softRed != 0 || code&redUp&refused != 0 {
				if g, at := a.consider(a.red, st, p, slot, light, code&redUp != 0, mark&softRed != 0); g < gain {
					gain, place, byRed = g, at, true
				}
			}
			if gain == 1 {
				continue
			}
			if !dims {
				dims = true
				gains := a.gains[p.slot : p.slot+p.end-p.light]
				for i := range gains {
					gains[i] = 1
				}
			}
			a.gains[slot] = gain
			v.Softened++
			if gain < v.Gain {
				v.Gain, v.At, v.Place, v.RedCaused = gain, p.stretch, place, byRed
			}
		}
	}
	return dims
}

// consider decides on one light that rises: the gain it may have, and the
// place that asks for it. turned says that the rise is a transition, soft
// that the light was softened before.
func (a *Analyser) consider(t *track, st *Stretch, p *part, slot int, light int32, turned, soft bool) (gain float32, place int) {
	old, v := t.old[slot], t.next[slot]
	if !turned && !(old > 0 && v > old) {
		return 1, -1
	}
	limit, place := float32(-1), -1
	if turned {
		for i, l := range t.ledgers {
			c := l.view.lights[light].cell
			if f := l.flags[c]; f&refusedCell != 0 || soft && f&heldCell != 0 {
				l.try(c, l.view.lights[light].area, f&refusedCell != 0, a.now)
				limit, place = t.above(-old), i
				if st.Under == nil {
					// A byte less, for the wire may yet round it, here and
					// where the signal was lowest.
					limit = max(limit-float32(t.full(st)*(1.0/255)), -old)
				}
			}
		}
	}
	if limit >= 0 {
		if !soft {
			a.marks[slot] |= t.soft
			p.softs++
			t.softened++
		}
		return min(limit/v*(1-3e-6), 1-3e-6), place
	}
	if !soft {
		return 1, -1
	}
	if !t.recovered(light, a.now) {
		// It may come back, slowly.
		from := old
		if turned {
			from = t.above(-old)
		}
		if limit = from + float32(t.full(st)*a.ramp); v > limit {
			return min(limit/v*(1-3e-6), 1-3e-6), -1
		}
		if turned {
			return 1, -1
		}
	}
	a.marks[slot] &^= t.soft
	p.softs--
	t.softened--
	return 1, -1
}

// What a cell's lights have to do in this frame.
const (
	refusedCell uint8 = 1 << iota // they may not rise
	heldCell                      // those that are softened have to wait
)

// flag puts it down for every cell.
func (l *ledger) flag(now time.Duration) {
	for c := range l.flags {
		f := uint8(0)
		if l.refuse[c] == l.pass {
			f = refusedCell
		}
		if l.until[c] > now {
			f |= heldCell
		}
		l.flags[c] = f
	}
}

// try notes that a light of a cell wanted to rise and may not.
func (l *ledger) try(c, area int32, refused bool, now time.Duration) {
	if l.tried[c] == 0 {
		l.attempts = append(l.attempts, c)
	}
	l.tried[c] += int64(area)
	if refused {
		l.until[c] = max(l.until[c], now+hold)
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

// count adds what the frame did to the tallies.
func (a *Analyser) count(v *Verdict) {
	for k, t := range a.tracks {
		for _, l := range t.ledgers {
			l.begin()
			a.noteTurns(t, l)
			most, rolling, extended, busy := l.commit(a.frame, a.now, &a.rules, a.area)
			if busy {
				a.alert = a.now + time.Second
			}
			if k == 0 {
				v.General = max(v.General, most)
			} else {
				v.Red = max(v.Red, most)
			}
			v.Rolling, v.Extended = v.Rolling || rolling, v.Extended || extended
		}
		if t.softened > 0 {
			a.alert = max(a.alert, a.now+time.Second)
		}
	}
	if v.Surround >= alarm || a.around.soft {
		a.alert = a.now + time.Second
	}
}

// alarm is how many transitions in a second make it possible that the next
// is one too many. Before that no light is looked at twice.
const alarm = 3

// noteTurns adds the turns of the frame to their cells.
func (a *Analyser) noteTurns(t *track, l *ledger) {
	for i := range a.parts {
		p := &a.parts[i]
		if p.did&(t.up|t.down) == 0 {
			continue
		}
		for at := 0; at < p.end-p.light; at += 8 {
			codes := a.eight(p, at)
			for w := codes & (uint64(t.up|t.down) * every); w != 0; {
				k := nextOf(&w)
				dir := up
				if uint8(codes>>(8*k))&t.down != 0 {
					dir = down
				}
				l.note(int32(p.light+at+k), dir)
			}
		}
	}
}
