package desk

import (
	"image/color"
	"math"
	"time"

	"noctiluca/engine/signal"
)

// PastSeconds is how far back a Past goes: a value a second.
const PastSeconds = 300

// The series that are kept of each cell.
const (
	pastArousal       = iota // −1…1
	pastCoherence            // 0…1
	pastFragmentation        // 0…1
	pastKinds
)

// Past is what the cells felt, and what the guard did, in the last five
// minutes: a value a second, in rings that are made once. Only what may be
// shown goes in, and what few people left behind goes out with them: once a
// cell is withheld, or holds fewer than two people and fewer than it did, what
// was kept of it is gone, for it would be about one of them.
//
// It belongs to one goroutine, that of the Source which fills a Status.
type Past struct {
	cells  []pastCell // everybody first, then each cell
	light  ring       // how much of the people the light follows, 0…1
	gain   ring       // of the loop through them
	second int64
	begun  bool
}

type pastCell struct {
	series [pastKinds]ring
	people int
}

// ring holds the last values, NaN where there was none.
type ring struct {
	v [PastSeconds]float32
	n int // values ever added
}

func (r *ring) add(v float32) { r.v[r.n%PastSeconds] = v; r.n++ }

// at is the value of so many seconds ago; NaN for none.
func (r *ring) at(ago int) float32 {
	if ago >= min(r.n, PastSeconds) {
		return nan
	}
	return r.v[(r.n-1-ago)%PastSeconds]
}

var nan = float32(math.NaN())

// Add takes in what s tells, at an instant of the engine's time. It is called
// for each picture, and more often does no harm; it allocates the first time.
func (p *Past) Add(at time.Duration, s *Status) {
	if p.cells == nil {
		p.cells = make([]pastCell, len(s.Cells)+1)
	}
	second := int64(at / time.Second)
	due := !p.begun || second != p.second
	p.second, p.begun = second, true
	for i := range p.cells {
		state, withheld := s.Whole, s.WholeWithheld
		if i > 0 {
			if i > len(s.Cells) {
				break
			}
			state, withheld = s.Cells[i-1], i <= len(s.Withheld) && s.Withheld[i-1]
		}
		p.cells[i].add(&state, withheld, due)
	}
	if !due {
		return
	}
	light, gain := nan, nan
	if s.Guard.Watches {
		light = float32(s.Guard.Reactivity)
		if s.Guard.Known {
			gain = float32(s.Guard.Gain)
		}
	}
	p.light.add(light)
	p.gain.add(gain)
}

func (c *pastCell) add(s *signal.CellState, withheld, due bool) {
	if withheld || s.People < 2 && s.People < c.people {
		for k := range c.series {
			c.series[k].n = 0
			clear(c.series[k].v[:])
		}
	}
	c.people = s.People
	if withheld {
		c.people = 0
	}
	if !due {
		return
	}
	v := [pastKinds]float32{nan, nan, nan}
	if !withheld {
		if s.ArousalConfidence > 0 {
			v[pastArousal] = s.Arousal
		}
		if s.People > 1 {
			v[pastCoherence], v[pastFragmentation] = s.Coherence, s.Fragmentation
		}
	}
	for k := range v {
		c.series[k].add(v[k])
	}
}

// history draws a ring from five minutes ago, at the left, to now: lo at the
// lower edge, hi at the upper one. Where nothing is known there is a gap.
func (d *Desk) history(r *ring, a area, lo, hi float32, c color.NRGBA) {
	const stride = 4 // seconds to a point
	d.points = d.points[:0]
	for ago := (PastSeconds - 1) / stride * stride; ago >= 0; ago -= stride {
		v := r.at(ago)
		if v != v {
			d.curve(c)
			continue
		}
		k := min(max((v-lo)/(hi-lo), 0), 1)
		d.points = append(d.points, a.x+a.w*(1-float64(ago)/PastSeconds), a.y+a.h*(1-float64(k)))
	}
	d.curve(c)
}

// curve draws the points that were gathered, and begins anew.
func (d *Desk) curve(c color.NRGBA) {
	if len(d.points) >= 4 {
		d.canvas.Curve(d.points, 1.2, c)
	}
	d.points = d.points[:0]
}
