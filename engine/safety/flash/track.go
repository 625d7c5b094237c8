package flash

// state is where a light's signal stands between transitions. After a rise
// (sign 1) ext is the highest since; after a fall (sign −1) it is the lowest
// since, negated: so the extreme is the most that sign × signal has been, and
// a transition is what falls short of it by enough.
type state struct{ ext, sign float32 }

// A light's marks, one byte for each kind of flash.
const (
	saturated uint8 = 1 << iota // red only: a saturated red since the last transition
	soft                        // it was softened and is coming back
)

// entry is a light that did more than go along: it made a transition, or it
// rises under a softening. old and marks are from before.
type entry struct {
	light  int32
	dir    int8 // none: it only moves
	counts bool // the transition is one by the rules: of a saturated red
	marks  uint8
	v      float32 // the signal
	old    state
}

// track follows one signal of every light.
type track struct {
	states  []state
	marks   []uint8
	lists   [][]entry // of each part, in the order of its lights
	fresh   []entry   // transitions that softening made, of lights that had none
	softs   [][]int32 // of each part: lights that are marked soft, in order
	before  [][]state // of softs, before the frame
	ledgers []*ledger // of each view
	// What states and marks were before the frame, kept while softening is
	// possible.
	was      []state
	wasMarks []uint8
	// The rule of a change: from a darker state under dark it is lift, over
	// it the ratio of the two; with ratio 0 there is none there.
	lift, dark, ratio float32
	// least says which changes are worth a look: those of lift, and of so
	// much of the extreme.
	least, share float32
	red          bool
}

func newTrack(lights, parts, perPart int, lift, dark, ratio float32, red bool) *track {
	t := &track{states: make([]state, lights), marks: make([]uint8, lights), lift: lift, dark: dark, ratio: ratio, red: red, least: float32(lift * near)}
	if ratio > 0 {
		t.share = (1 - 1/ratio) * near
	}
	for i := range t.states {
		t.states[i] = state{0, -1}
	}
	t.was, t.wasMarks = make([]state, lights), make([]uint8, lights)
	for range parts {
		t.lists = append(t.lists, make([]entry, 0, perPart))
		t.softs = append(t.softs, make([]int32, 0, perPart))
		t.before = append(t.before, make([]state, 0, perPart))
	}
	t.fresh = make([]entry, 0, lights)
	return t
}

// near keeps a change that is right at the threshold a change.
const near = 1 - 1e-6

// endless is no light's luminance.
const endless = 3e38

// above is how high a signal may go from its lowest without a rise.
func (t *track) above(lo float32) float32 {
	if lo < t.dark {
		return float32((lo + t.lift) * near)
	}
	if t.ratio == 0 {
		return endless
	}
	return float32(lo*t.ratio) * near
}

// below is how low a signal may go from its highest without a fall.
func (t *track) below(hi float32) float32 {
	lo := hi - t.lift
	if lo >= t.dark {
		if t.ratio == 0 {
			return t.dark * near // just under it a fall of that size is one
		}
		lo = hi / t.ratio
	}
	return lo + float32(t.lift*(1-near))
}

// step takes a signal a frame on and says what it did. sat says that the
// light is a saturated red now.
func (t *track) step(light int32, v float32, sat bool) (dir int8, counts bool) {
	s := t.states[light]
	switch {
	case float32(s.sign*v) > s.ext:
		t.states[light].ext = float32(s.sign * v)
	case s.sign > 0 && v < t.below(s.ext):
		dir = down
		t.states[light] = state{-v, -1}
	case s.sign < 0 && v > t.above(-s.ext):
		dir = up
		t.states[light] = state{v, 1}
	}
	if !t.red {
		return dir, dir != none
	}
	m := t.marks[light]
	counts = dir != none && (sat || m&saturated != 0)
	if dir != none {
		m &^= saturated
	}
	if sat {
		m |= saturated
	}
	t.marks[light] = m
	return dir, counts
}

// look is step for a part, which notes what is more than going along.
func (t *track) look(part int, light int32, v float32, sat bool) {
	e := entry{light: light, marks: t.marks[light], v: v, old: t.states[light]}
	if e.dir, e.counts = t.step(light, v, sat); e.dir != none {
		t.lists[part] = append(t.lists[part], e)
	}
}

// begin notes where a part's softened lights are.
func (t *track) begin(part int) {
	t.lists[part], t.before[part] = t.lists[part][:0], t.before[part][:0]
	for _, light := range t.softs[part] {
		t.before[part] = append(t.before[part], t.states[light])
	}
}

// end adds entries for the softened lights that went on rising.
func (t *track) end(part int) {
	if len(t.softs[part]) == 0 {
		return
	}
	sorted := true
	kept := t.softs[part][:0]
	for i, light := range t.softs[part] {
		if t.marks[light]&soft == 0 {
			continue
		}
		kept = append(kept, light)
		if old := t.before[part][i]; old.sign > 0 && t.states[light].sign > 0 && t.states[light].ext > old.ext {
			t.lists[part] = append(t.lists[part], entry{light: light, marks: t.marks[light], v: t.states[light].ext, old: old})
			sorted = false
		}
	}
	t.softs[part] = kept
	if !sorted {
		sort(t.lists[part])
	}
}

// undo puts a light back to before the frame in the making.
func (t *track) undo(e *entry) { t.states[e.light], t.marks[e.light] = e.old, e.marks }

// soften marks a light.
func (t *track) soften(part int, light int32) {
	if t.marks[light]&soft == 0 && len(t.softs[part]) < cap(t.softs[part]) {
		t.softs[part] = append(t.softs[part], light)
	}
	t.marks[light] |= soft
}
