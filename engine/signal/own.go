package signal

import (
	"time"

	"noctiluca/engine/physio"
	"noctiluca/engine/physio/turn"
	"noctiluca/engine/signal/consent"
)

// MaxOwn is the most that Options.OwnLights may be, and DefaultOwn what it is
// where nobody says: what a field can loop over at each pixel is bounded.
const (
	MaxOwn     = 256
	DefaultOwn = 32
)

// FarthestPlace is how far from the origin a place may be on each axis,
// metres, as for a pixel.
const FarthestPlace = 10000

// Own is the light of one person's own: where it is, in which colour, and by
// whose pulse. What they feel is no part of it: that is told of cells only, so
// that nobody's affect can be read off a wall.
type Own struct {
	Hue      float32 // turns of OkLCh's hue, 0…1
	At       [3]float32
	Presence float32 // 0…1: eases in and out as they come and go
	Touch    float32 // 0…1: a hand, or feet, are there now
	Heart    float32 // phase of the heart, 0…1, 0 at the beat
	Beat     float32 // envelope of the beat, 0…1; 0 where the heart is not known
	Breath   float32 // phase of the breath, 0…1
	Pulse    float32 // 0…1: how well the heart is known
}

// Ground is where a cell is, metres.
type Ground struct {
	At     [3]float32
	Radius float32
}

// spot is where a person's own light is, and where it is going.
type spot struct {
	at    [3]float64
	known bool
	held  bool // at a place that they sent, rather than somewhere in their cell
	to    [3]float32
	last  time.Duration // of their last place
	touch float64
	// Who had to wait for a light comes in as somebody does who arrives.
	waited bool
	shown  float64 // 0…1, from when their wait is over
}

// The time constants of a person's own light, seconds. [design]
const (
	walkTime  = 0.9  // from cell to cell
	handTime  = 0.07 // after a hand: what smooths 20 places a second
	touchTime = 0.25
	touchHeld = 1500 * time.Millisecond // a hand that sends no place for so long is gone
)

// hueOf is the hue of a person who has chosen none: the same for a pseudonym
// and a seed, and else anything. FNV-1a, 64 bits, then a finisher: the last
// letter alone would move the highest bits too little.
func hueOf(name string, seed uint64) float64 {
	h := uint64(0xcbf29ce484222325) ^ seed
	for i := range len(name) {
		h ^= uint64(name[i])
		h *= 0x100000001b3
	}
	r := random(h)
	return r.unit()
}

// placeable is whether somebody can be at a place.
func placeable(at [3]float32) bool {
	for _, v := range at {
		if !(v >= -FarthestPlace && v <= FarthestPlace) {
			return false
		}
	}
	return true
}

// touch takes a place that a person sent. It is a sign of life like a reading.
func (c *Cells) touch(p *person, r *record) {
	if !p.heard {
		p.heard = true
		p.stepped = r.at
	}
	p.seen = max(p.seen, r.at)
	p.lit, p.shining = max(p.lit, r.at), true
	s := &p.spot
	s.to, s.last, s.held = r.place, r.at, true
	if in := c.within(r.place); in >= 0 && in != p.cell {
		p.cell = in
		c.fresh = true
	}
}

// within is the cell in which a place is, the nearest where it is in several;
// −1 in none.
func (c *Cells) within(at [3]float32) int {
	best, least := -1, 0.0
	for i, g := range c.opts.Places {
		d := 0.0
		for k := range at {
			x := float64(at[k]) - float64(g.At[k])
			d += float64(x * x)
		}
		if d <= float64(float64(g.Radius)*float64(g.Radius)) && (best < 0 || d < least) {
			best, least = i, d
		}
	}
	return best
}

// somewhereIn is where in their cell a person's light is who sends no place:
// within its inner half, by their hue's own digits, so that two are not on
// top of one another.
func (g Ground) somewhereIn(hue float64) (to [3]float32) {
	r := random(uint64(hue * (1 << 53)))
	for i := range to {
		to[i] = g.At[i] + float32(g.Radius*float32(r.unit()-0.5))
	}
	return to
}

// place moves everybody's own light on, and lists it.
func (c *Cells) place(dt float64) {
	c.own, c.waiting = c.own[:0], 0
	for _, seat := range c.order {
		p := &c.people[seat]
		s := &p.spot
		if !p.shining || p.terms.Light == 0 {
			continue
		}
		ease := walkTime
		switch {
		case s.held:
			ease = handTime
		case p.cell >= 0 && p.cell < len(c.opts.Places):
			s.to = c.opts.Places[p.cell].somewhereIn(p.hue)
		case !s.known:
			continue // nowhere
		}
		down := 0.0
		if s.held && c.now-s.last <= touchHeld {
			down = 1
		}
		s.touch = physio.Ease(s.touch, down, dt, touchTime)
		for i := range s.at {
			if !s.known {
				s.at[i] = float64(s.to[i])
				continue
			}
			s.at[i] = physio.Ease(s.at[i], float64(s.to[i]), dt, ease)
		}
		s.known = true
		if !c.opts.Rules.NoVeto && (p.veto || p.cell >= 0 && c.sums[p.cell].shaken) {
			continue
		}
		if len(c.own) == c.opts.OwnLights {
			c.waiting++
			s.waited, s.shown = true, 0
			continue
		}
		presence := p.presence
		if s.waited {
			s.shown = physio.Ease(s.shown, 1, dt, walkTime)
			presence = float64(presence * s.shown)
			s.waited = s.shown < 0.999
		}
		o := Own{Hue: float32(p.hue), Presence: unit(presence), Touch: unit(s.touch)}
		for i := range o.At {
			o.At[i] = float32(s.at[i])
		}
		if p.terms.Light&consent.Heart != 0 && p.heart.known {
			o.Heart, o.Pulse = float32(p.heart.phase), unit(p.heart.conf)
			o.Beat = float32(float64(envelope(p.heart.phase) * p.heart.conf))
		}
		if p.terms.Light&consent.Breath != 0 && p.breath.known {
			o.Breath = float32(p.breath.phase)
		}
		c.own = append(c.own, o)
	}
}

// Own is the light of each person's own as of the last Step, in the order of
// their grants, at most Options.OwnLights: those who consented first. Whoever
// comes later counts in their cell as ever. It is read only and holds until the
// next Step.
func (c *Cells) Own() []Own { return c.own }

// Waiting is how many people more would have a light of their own if there were
// room for them; 0 where nobody is to have one.
func (c *Cells) Waiting() int {
	if c.opts.OwnLights == 0 {
		return 0
	}
	return c.waiting
}

// Hue brings an angle in degrees, as CSS writes it in oklch(), into turns.
func Hue(degrees float64) float64 { return turn.Wrap(degrees / 360) }
