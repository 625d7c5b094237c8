package flash

import (
	"math"
	"time"
)

// track follows one signal of every light. Where a light stands between
// transitions is one number: after a rise the highest since, over 0; after a
// fall the lowest since, negated, with the sign bit set even where that is
// nought. So a signal has gone on where it is over that number, with the
// number's sign, and a transition is what falls short of it by enough.
type track struct {
	old, next []float32 // those numbers, of the frame before and of this one
	ledgers   []*ledger // of each view
	// The rule of a change: from a darker state under dark it is lift, over
	// it the ratio of the two; with ratio 0 there is none there.
	lift, dark, ratio float32
	// least says which changes are worth a look: those of lift, and of so
	// much of the extreme.
	least, share float32

	up, down uint8 // in codes
	soft     uint8 // in marks: it was softened and is coming back
	softened int   // lights so marked
}

func newTrack(slots int, lift, dark, ratio float32, up, down, soft uint8) *track {
	t := &track{lift: lift, dark: dark, ratio: ratio, least: float32(lift * near), up: up, down: down, soft: soft}
	if ratio > 0 {
		t.share = (1 - 1/ratio) * near
	}
	t.old, t.next = make([]float32, slots), make([]float32, slots)
	dark0 := math.Float32frombits(signBit)
	for i := range t.old {
		t.old[i], t.next[i] = dark0, dark0
	}
	return t
}

// near keeps a change that is right at the threshold a change.
const near = 1 - 1e-6

// endless is no light's luminance.
const endless = 3e38

// slack is what keeps a fall of just the threshold a fall.
func (t *track) slack() float32 { return float32(t.lift * (1 - near)) }

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
	return lo + t.slack()
}

// turn says whether a light turned, and puts it where it is then.
func (t *track) turn(slot int, v float32) (up, down bool) {
	ext := math.Float32bits(t.old[slot])
	size := math.Float32frombits(ext &^ signBit)
	least := float32(size * t.share)
	if least < t.least {
		least = t.least
	}
	if ext&signBit != 0 {
		if v-size < least || !(v > t.above(size)) {
			return false, false
		}
		t.next[slot] = v
		return true, false
	}
	if size-v < least || !(v < t.below(size)) {
		return false, false
	}
	t.next[slot] = -v
	return false, true
}

// held says that a light that was softened has to wait.
func (t *track) held(light int32, now time.Duration) bool {
	for _, l := range t.ledgers {
		if l.until[l.view.lights[light].cell] > now {
			return true
		}
	}
	return false
}

// recovered says that it was so long ago that it may forget.
func (t *track) recovered(light int32, now time.Duration) bool {
	for _, l := range t.ledgers {
		if l.until[l.view.lights[light].cell]+2*back > now {
			return false
		}
	}
	return true
}

// full is the most that a signal of a stretch's lights can be.
func (t *track) full(st *Stretch) float32 {
	if t.soft == softRed {
		return 1
	}
	f := &st.Full
	return (f[0] + f[1]) + (f[2] + f[3])
}
