package flash

import (
	"encoding/binary"
	"math"
	"math/bits"

	"noctiluca/engine/safety/flash/lane"
)

// Areas of lights that did something are added up by cells: part by part,
// each worker by itself, then those of all workers, in whole numbers.

// tallied is what one worker has added up, of one signal in one view.
type tallied struct {
	cells []lane.Sum
	// Of rises, those that are held by any of several views.
	held []lane.Sum
}

func newTallied(cells, views int) tallied {
	t := tallied{cells: make([]lane.Sum, cells)}
	if views > 1 {
		t.held = make([]lane.Sum, cells)
	}
	return t
}

// collect is what all workers have added up of a signal in a view, if
// anything did what is asked for.
func (a *Analyser) collect(k, view int, did uint8) *tallied {
	if a.did&did == 0 {
		return nil
	}
	first := &a.workers[0].ledger[k][view]
	for _, w := range a.workers[1:] {
		first.take(&w.ledger[k][view])
	}
	return first
}

// take adds what another worker has added up, and clears it.
func (t *tallied) take(of *tallied) {
	for c := range of.cells {
		s := &of.cells[c]
		t.cells[c][0] += s[0]
		t.cells[c][1] += s[1]
		*s = lane.Sum{}
	}
	for c := range of.held {
		t.held[c][0] += of.held[c][0]
		of.held[c][0] = 0
	}
}

// fours are a part's lights in one view, four at a time.
type fours struct {
	areas []lane.Four
	where []lane.Where
}

// four sorts a part's lights, which lie side by side, into fours of a cell.
func (v *view) four(p *part) (f fours) {
	for at := p.light; at < p.end; {
		cell := v.lights[at].Cell
		var one lane.Four
		n := 0
		for n < len(one) && at+n < p.end && v.lights[at+n].Cell == cell {
			one[n] = uint32(v.lights[at+n].Area)
			n++
		}
		f.areas, f.where = append(f.areas, one), append(f.where, lane.At(int(cell), at-p.light))
		at += n
	}
	return f
}

// add adds up a part's lights in w.areas, of which there are some, in one
// view.
func (w *worker) add(v *view, task int, p *part, count int, to []lane.Sum) {
	f := &v.fours[task]
	s := &w.areas
	s.Fours, s.Where, s.Seen, s.Cells = f.areas, f.where, v.lights[p.light:p.end], to
	if count > len(f.where)/2 {
		w.set.Add(s)
	} else {
		w.set.AddFew(s)
	}
}

// deal writes two choices of a part's n lights into w.areas, and counts them.
func (w *worker) deal(n int, of func(block, word int) (a, b uint64)) (count int) {
	w.areas.N = n
	for i := range (n + 63) / 64 {
		a, b := of(i/len(lane.Bits{}), i%len(lane.Bits{}))
		w.areas.A[i], w.areas.B[i] = a, b
		count += bits.OnesCount64(a) + bits.OnesCount64(b)
	}
	return count
}

// weighPart adds up the rises of one part: in A those that were not softened
// before, in B those that were.
func (a *Analyser) weighPart(w *worker, task int) {
	p := &a.parts[task]
	first := p.slot / lane.Size
	for k, t := range a.tracks {
		if p.did&t.up() == 0 {
			continue
		}
		count := w.deal(p.end-p.light, func(b, i int) (x, y uint64) {
			up, soft := a.codes[first+b][t.kind][i], t.soft[first+b][i]
			return up &^ soft, up & soft
		})
		for i, v := range a.views {
			w.add(v, task, p, count, w.ledger[k][i].cells)
		}
		if len(a.views) == 1 || p.softs[k] == 0 {
			continue
		}
		// What is held in one view is not seen to rise in any.
		w.flag(t, k, task, p)
		count = w.deal(p.end-p.light, func(b, i int) (x, y uint64) {
			return a.codes[first+b][t.kind][i] & t.soft[first+b][i] & heldOf(w.flags[k][b*lane.Size+i*64:]), 0
		})
		for i, v := range a.views {
			w.add(v, task, p, count, w.ledger[k][i].held)
		}
	}
}

// countPart adds up the rises of one part, and its falls.
func (a *Analyser) countPart(w *worker, task int) {
	p := &a.parts[task]
	first := p.slot / lane.Size
	for k, t := range a.tracks {
		if p.did&(t.up()|t.down()) == 0 {
			continue
		}
		count := w.deal(p.end-p.light, func(b, i int) (x, y uint64) {
			c := &a.codes[first+b]
			return c[t.kind][i], c[t.kind+1][i]
		})
		for i, v := range a.views {
			w.add(v, task, p, count, w.ledger[k][i].cells)
		}
	}
}

// heldOf gives which of the next 64 flags are of lights that have to wait.
func heldOf(flags []uint8) (word uint64) {
	for i, f := range flags[:64] {
		word |= uint64(f&lane.Held) / lane.Held << i
	}
	return word
}

// crowds are a part's lights in one view, 32 at a time.
type crowds struct {
	all []lane.Crowd
	odd []int32 // those whose cells are too far from each other
}

// crowd finds the crowds of a part's lights, which lie side by side.
func (v *view) crowd(p *part) (of crowds) {
	for at := p.light; at < p.end; at += 32 {
		var c lane.Crowd
		odd := false
		for half := range c.First {
			from := min(at+half*16, p.end)
			lights := v.lights[from:min(from+16, p.end)]
			first, second := int32(math.MaxInt32), int32(math.MaxInt32)
			for _, s := range lights {
				first = min(first, s.Cell)
			}
			for _, s := range lights {
				if s.Cell > first+15 {
					second = min(second, s.Cell)
				}
			}
			for i, s := range lights {
				switch {
				case s.Cell <= first+15:
					c.After[half*16+i] = uint8(s.Cell - first)
				case s.Cell <= second+15:
					c.After[half*16+i] = lane.Then | uint8(s.Cell-second)
				default:
					odd = true
				}
			}
			if first < math.MaxInt32 {
				c.First[half] = first
			}
			if second < math.MaxInt32 {
				c.Second[half] = second
			}
		}
		if odd {
			of.odd = append(of.odd, int32(len(of.all)))
		}
		of.all = append(of.all, c)
	}
	return of
}

// flag writes what the cells of a part's lights say, in any view.
func (w *worker) flag(t *track, k, task int, p *part) {
	n := p.end - p.light
	to := w.flags[k][:]
	for i, l := range t.ledgers {
		if i > 0 {
			to = w.view[:]
		}
		if l.same {
			to[0] = l.flags[0]
			for j := 1; j < n; j *= 2 {
				copy(to[j:n], to[:j])
			}
		} else {
			c := &l.view.crowds[task]
			w.tell = lane.Tell{Cells: l.flags[:cap(l.flags)], Crowds: c.all, Lights: to}
			w.set.Tell(&w.tell)
			for _, j := range c.odd {
				at := int(j) * 32
				for k, s := range l.view.lights[p.light+at : min(p.light+at+32, p.end)] {
					to[at+k] = l.flags[s.Cell]
				}
			}
		}
		if i > 0 {
			for j := 0; j < n; j += 8 {
				of := w.flags[k][j : j+8]
				binary.LittleEndian.PutUint64(of, binary.LittleEndian.Uint64(of)|binary.LittleEndian.Uint64(to[j:]))
			}
		}
	}
}
