package flash

import (
	"time"

	"noctiluca/engine/safety/flash/lane"
)

// soften takes back the rises of the frame that would be one flash too many.
func (a *Analyser) soften(v *Verdict) {
	a.sift()
	for _, t := range a.tracks {
		for _, l := range t.ledgers {
			if t.softened > 0 {
				l.flag(a.now)
			} else {
				clear(l.flags)
			}
		}
	}
	a.crew.Do(len(a.parts), a.weighing)
	a.refused = 0
	for k, t := range a.tracks {
		if a.weigh(k, t) {
			a.refused |= t.up()
		}
	}
	for _, w := range a.workers {
		w.least = 1
	}
	a.crew.Do(len(a.parts), a.deciding)
	for _, t := range a.tracks {
		t.softened = 0
	}
	for i := range a.parts {
		p := &a.parts[i]
		for k, t := range a.tracks {
			t.softened += p.softs[k]
		}
		v.Softened += p.count
		if p.least.gain < v.Gain {
			v.Gain, v.At, v.Place, v.RedCaused = p.least.gain, p.stretch, p.least.place, p.least.byRed
		}
	}
}

// sift finds out what any light did.
func (a *Analyser) sift() {
	a.did = 0
	for i := range a.parts {
		a.did |= a.parts[i].did
	}
}

// weigh sums the rises of the frame over cells and windows, marks those that
// are refused, and says whether there are any.
func (a *Analyser) weigh(k int, t *track) bool {
	any := false
	for i, l := range t.ledgers {
		l.begin()
		if sums := a.collect(k, i, t.up()); sums != nil {
			l.gatherRises(sums)
		} else {
			clear(l.wanted)
		}
		any = l.judge(a.workers[0].set, a.now, &a.rules, a.area) || any
	}
	if any || t.softened > 0 {
		for _, l := range t.ledgers {
			l.refused(a.now)
		}
	} else {
		for _, l := range t.ledgers {
			clear(l.tried)
		}
	}
	return any
}

// decide decides on the lights of one part that are marked or may be refused,
// dims them, and follows the part anew, block by block.
func (a *Analyser) decide(w *worker, task int) {
	p := &a.parts[task]
	p.count, p.least = 0, dimmed{gain: 1}
	looks := [2]bool{}
	for k, t := range a.tracks {
		looks[k] = p.softs[k] > 0 || p.did&t.up()&a.refused != 0
	}
	if !looks[0] && !looks[1] {
		return
	}
	st := &a.scene.Stretches[p.stretch]
	for k, t := range a.tracks {
		if looks[k] {
			w.flag(t, k, task, p)
			c := &w.choice[k]
			c.Margin, c.Back = lane.Of(t.margin(st)), lane.Of(float32(t.full(st)*a.ramp))
		}
	}
	// The sum of a part is that of all its blocks: from the first one that is
	// dimmed on, all are followed.
	dims, followed := false, 0
	for at := 0; at < p.end-p.light; at += lane.Size {
		then, block := [2]lane.Bits{}, (p.slot+at)/lane.Size
		dimsBlock := a.choose(w, p, at, &looks, &then)
		if dimsBlock && !dims {
			dims = true
			w.begin(p, st)
		}
		if dimsBlock {
			least := a.dim(w, p, st, at)
			// A worker comes to parts in their order: what is not less than
			// before is not the first that is least.
			if least < w.least {
				w.least, p.least.gain = least, least
				a.seek(w, p, st, at)
			}
		}
		for k, t := range a.tracks {
			if looks[k] {
				soft := &t.soft[block]
				p.softs[k] += then[k].Count() - soft.Count()
				*soft = then[k]
			}
		}
		// A block behind, since what was just written is slow to be read.
		for ; dims && followed < at; followed += lane.Size {
			a.followBlock(w, followed, false)
		}
	}
	if dims {
		a.followBlock(w, followed, false)
		w.finish()
	}
}

// choose decides on the lights of a block of a part, and says whether any is
// dimmed: w.gains says how much, and then which are marked from now on.
func (a *Analyser) choose(w *worker, p *part, at int, looks *[2]bool, then *[2]lane.Bits) (dims bool) {
	slot := p.slot + at
	before := &ones
	for k, t := range a.tracks {
		if !looks[k] {
			continue
		}
		soft, up := &t.soft[slot/lane.Size], &a.codes[slot/lane.Size][t.kind]
		then[k] = *soft
		if !soft.Any() && !up.Any() {
			continue
		}
		c := &w.choice[k]
		c.N, c.Dims = sixteens(p.end-p.light-at), 0
		c.Old, c.Next = whole(t.old[slot:]), whole(t.next[slot:])
		c.Turned, c.Soft, c.Then = up, soft, &w.then
		c.Flags, c.Before, c.Gains = whole(w.flags[k][at:]), before, &w.gains
		w.set.Choose(c)
		then[k], before = w.then, &w.gains
		dims = dims || c.Dims != 0
	}
	return dims
}

// ones leave lights as they are.
var ones = func() (of [lane.Size]float32) {
	for i := range of {
		of[i] = 1
	}
	return of
}()

// seek finds out why the light of a block that is dimmed most is.
func (a *Analyser) seek(w *worker, p *part, st *Stretch, at int) {
	for w.gains[at%lane.Size] != p.least.gain {
		at++
	}
	slot, light := p.slot+at, int32(p.light+at)
	gain := float32(1)
	for k, t := range a.tracks {
		block, word, bit := slot/lane.Size, slot%lane.Size/64, slot%64
		turned, soft := a.codes[block][t.kind][word]>>bit&1 != 0, t.soft[block][word]>>bit&1 != 0
		if !soft && !(turned && a.refused&t.up() != 0) {
			continue
		}
		if g, place := a.why(t, st, slot, light, turned, soft); g < gain {
			gain, p.least.place, p.least.byRed = g, place, k == 1
		}
	}
}

// count adds what the frame did to the tallies.
func (a *Analyser) count(v *Verdict) {
	a.sift()
	a.crew.Do(len(a.parts), a.counting)
	for k, t := range a.tracks {
		for i, l := range t.ledgers {
			l.begin()
			if sums := a.collect(k, i, t.up()|t.down()); sums != nil {
				l.gather(sums)
			}
			most, rolling, extended, busy := l.commit(a.workers[0].set, a.frame, a.now, &a.rules, a.area)
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
