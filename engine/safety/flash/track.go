package flash

import (
	"math"
	"time"

	"noctiluca/engine/safety/flash/lane"
)

// track follows one signal of every light, by the rule of its changes.
type track struct {
	lane.Track
	old, next []float32 // extremes, of the frame before and of this one
	ledgers   []*ledger // of each view
	kind      int       // of its rises in codes; its falls are the next
	soft      []lane.Bits
	softened  int // lights that were softened and are coming back: so many bits of soft
}

func newTrack(slots int, rule lane.Track, kind int) *track {
	t := &track{Track: rule, kind: kind, soft: make([]lane.Bits, slots/lane.Size)}
	t.old, t.next = aside(slots, 2*kind), aside(slots, 2*kind+1)
	dark := math.Float32frombits(lane.SignBit)
	for i := range t.old {
		t.old[i], t.next[i] = dark, dark
	}
	return t
}

// aside is so many numbers that begin aside from a page, each time elsewhere:
// where arrays that are read together all begin like pages, as large ones do,
// their lights fight for the same places of the first-level cache.
func aside(n, which int) []float32 {
	const line = 16
	begin := (5 + 6*which) * line
	return make([]float32, begin+n)[begin:]
}

// up and down are its bits in what a part did.
func (t *track) up() uint8   { return 1 << t.kind }
func (t *track) down() uint8 { return 2 << t.kind }

// full is the most that a signal of a stretch's lights can be.
func (t *track) full(st *Stretch) float32 {
	if t.kind == lane.RedUp {
		return 1
	}
	f := &st.Full
	return (f[0] + f[1]) + (f[2] + f[3])
}

// margin is how far below its threshold a rise is held: a byte, for the wire
// may yet round it, here and where the signal was lowest.
func (t *track) margin(st *Stretch) float32 {
	if st.Steps != nil {
		return 0
	}
	return float32(t.full(st) * (1.0 / 255))
}

// mostGain is what a gain is multiplied by, and the most of one that is under
// 1.
const mostGain = 1 - 3e-6

// why is the gain of one light as lane.Set.Choose decides it, and the last
// place that asks for it, −1 where the light only comes back slowly.
func (a *Analyser) why(t *track, st *Stretch, slot int, light int32, turned, soft bool) (gain float32, place int) {
	old, v := t.old[slot], t.next[slot]
	if !turned && !(old > 0 && v > old) {
		return 1, -1
	}
	limit, place := old, -1
	unrecovered := false
	if turned {
		limit = t.Above(-old)
	}
	for i, l := range t.ledgers {
		f := l.flags[l.view.lights[light].Cell]
		if turned && (f&lane.Refused != 0 || soft && f&lane.Held != 0) {
			place = i
		}
		unrecovered = unrecovered || f&lane.Unrecovered != 0
	}
	switch {
	case place >= 0:
		limit = max(limit-t.margin(st), -old)
	case soft && unrecovered:
		if limit += float32(t.full(st) * a.ramp); v <= limit {
			return 1, -1
		}
	default:
		return 1, -1
	}
	return min(float32(limit/v)*mostGain, mostGain), place
}

// hold is how long a light stays softened after it last tried to flash, and
// back how long it takes from there to its full: what comes back slowly is no
// flash, and what goes on flashing is not let through in bursts.
const (
	hold = time.Second
	back = 750 * time.Millisecond
)
