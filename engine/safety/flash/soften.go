package flash

import "time"

// soften takes back the rises of the frame that would be one flash too many.
func (a *Analyser) soften(v *Verdict) {
	lum, red := a.weigh(a.lum), a.weigh(a.red)
	for task := range a.parts {
		// The lights that did something by either signal, in order.
		p, l, r := &a.parts[task], a.lum.lists[task], a.red.lists[task]
		if len(l)+len(r) == 0 {
			continue
		}
		st := &a.scene.Stretches[p.stretch]
		for i, k := 0, 0; i < len(l) || k < len(r); {
			var le, re *entry
			switch {
			case k == len(r) || i < len(l) && l[i].light < r[k].light:
				le = &l[i]
			case i == len(l) || r[k].light < l[i].light:
				re = &r[k]
			default:
				le, re = &l[i], &r[k]
			}
			gain, place, byRed := float32(1), -1, false
			if le != nil {
				i++
				if gain1, at := a.consider(a.lum, st, task, le, lum); gain1 < gain {
					gain, place = gain1, at
				}
			}
			if re != nil {
				k++
				if gain1, at := a.consider(a.red, st, task, re, red); gain1 < gain {
					gain, place, byRed = gain1, at, true
				}
			}
			if gain < 1 {
				a.dim(st, p, task, le, re, gain)
				v.Softened++
				if gain < v.Gain {
					v.Gain, v.At, v.Place, v.RedCaused = gain, p.stretch, place, byRed
				}
			}
		}
	}
	for _, t := range a.tracks {
		for _, l := range t.ledgers {
			l.settle(a.now)
		}
	}
}

// weigh sums the rises of the frame over cells and windows, and marks those
// that are refused.
func (a *Analyser) weigh(t *track) bool {
	for _, l := range t.ledgers {
		l.begin()
		for task := range t.lists {
			for i := range t.lists[task] {
				if e := &t.lists[task][i]; e.dir == up && e.counts && !(e.marks&soft != 0 && t.held(e.light, a.now)) {
					l.note(e.light, up)
				}
			}
		}
	}
	any := false
	for _, l := range t.ledgers {
		any = l.judge(a.now, &a.rules, a.area) || any
	}
	return any
}

// held says that a light that was softened has to wait.
func (t *track) held(light int32, now time.Duration) bool {
	for _, l := range t.ledgers {
		if l.until[l.view.cell[light]] > now {
			return true
		}
	}
	return false
}

// recovered says that it was so long ago that it may forget.
func (t *track) recovered(light int32, now time.Duration) bool {
	for _, l := range t.ledgers {
		if l.until[l.view.cell[light]]+2*back > now {
			return false
		}
	}
	return true
}

// consider decides on one light that rises: the gain it may have, and the
// place that asks for it.
func (a *Analyser) consider(t *track, st *Stretch, task int, e *entry, refusing bool) (gain float32, place int) {
	if e.dir == down || e.dir == up && !e.counts {
		return 1, -1
	}
	softened := e.marks&soft != 0
	if !softened && !refusing {
		return 1, -1
	}
	limit, place := float32(-1), -1
	if e.dir == up {
		held := softened && t.held(e.light, a.now)
		for i, l := range t.ledgers {
			c := l.view.cell[e.light]
			refused := l.refuse[c] == l.pass
			if refused || held && l.until[c] > a.now {
				l.try(c, l.view.area[e.light], refused, a.now)
				limit, place = t.above(-e.old.ext), i
			}
		}
	}
	if limit < 0 && !softened {
		return 1, -1
	}
	if limit < 0 {
		if t.recovered(e.light, a.now) {
			t.marks[e.light] &^= soft
			return 1, -1
		}
		// It may come back, slowly.
		from := e.old.ext
		if e.dir == up {
			from = t.above(-from)
		}
		limit = from + float32(t.full(st)*a.ramp)
		if e.v <= limit {
			if e.dir == none {
				t.marks[e.light] &^= soft
			}
			return 1, -1
		}
	} else {
		// The mark goes with the state that dim goes back to.
		t.soften(task, e.light)
		e.marks |= soft
	}
	return min(limit/e.v*(1-3e-6), 1-3e-6), place
}

// full is the most that a signal of a stretch's lights can be.
func (t *track) full(st *Stretch) float32 {
	if t.red {
		return 1
	}
	f := &st.Full
	return (f[0] + f[1]) + (f[2] + f[3])
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

// dim applies a gain to a light, and lets both its signals make their way
// anew with what is left. le and re are its entries, nil where it has none.
func (a *Analyser) dim(st *Stretch, p *part, task int, le, re *entry, k float32) {
	light := int32(0)
	if le != nil {
		light = le.light
	} else {
		light = re.light
	}
	before := float32(0)
	if le != nil {
		before = le.v
	} else {
		before, _, _ = a.signals(st, p, light)
	}
	from := st.First + (int(light)-p.first)*st.run()
	for i := from; i < min(from+st.run(), st.First+st.Count); i++ {
		a.r[i], a.g[i], a.b[i] = float32(a.r[i]*k), float32(a.g[i]*k), float32(a.b[i]*k)
	}
	y, red, sat := a.signals(st, p, light)
	p.sum += float64(y) - float64(before)
	a.lum.redo(light, le, y, false)
	a.red.redo(light, re, red, sat)
}

// redo takes a light's signal from where it was before the frame to where it
// is after softening. One that had no entry went along, and may have less to
// go along with now.
func (t *track) redo(light int32, e *entry, s float32, sat bool) {
	if e != nil {
		t.undo(e)
		e.dir, e.counts = t.step(light, s, sat)
		return
	}
	x := entry{light: light, marks: t.wasMarks[light] | t.marks[light]&soft, old: t.was[light]}
	t.undo(&x)
	if x.dir, x.counts = t.step(light, s, sat); x.dir != none {
		t.fresh = append(t.fresh, x)
	}
}

// count adds what the frame did to the tallies.
func (a *Analyser) count(v *Verdict) {
	for k, t := range a.tracks {
		for _, l := range t.ledgers {
			l.begin()
			for task := range t.lists {
				for i := range t.lists[task] {
					l.noteEntry(&t.lists[task][i])
				}
			}
			for i := range t.fresh {
				l.noteEntry(&t.fresh[i])
			}
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
		t.fresh = t.fresh[:0]
		for _, soft := range t.softs {
			if len(soft) > 0 {
				a.alert = max(a.alert, a.now+time.Second)
			}
		}
	}
	if v.Surround >= alarm || a.around.band.marks[0]&soft != 0 {
		a.alert = a.now + time.Second
	}
}

// alarm is how many transitions in a second make it possible that the next
// is one too many. Before that no light is looked at twice.
const alarm = 3

func (l *ledger) noteEntry(e *entry) {
	if e.counts && e.dir != none {
		l.note(e.light, e.dir)
	}
}
