package safety

import (
	"fmt"
	"time"

	"noctiluca/engine/light"
	"noctiluca/installations"
)

// release is how long a supply's dimming takes to go once it is not needed.
// It comes at once, for no frame may be over, and goes slowly, so that light
// at the limit does not pump.
const release = 500 * time.Millisecond

// wire finds which pixels each supply and each feed has to carry.
func (s *Stage) wire(inst *installations.Installation, splits *light.Splits) {
	s.noPower = inst.Safety.IsOff("power")
	s.supplies = make([]supply, len(inst.Supplies)+1)
	for i, sup := range inst.Supplies {
		s.supplies[i].name, s.supplies[i].limit = sup.Name, sup.Watts
	}
	s.whole = supply{name: "all", limit: inst.Safety.Watts}
	for i := range inst.Fixtures {
		f := &inst.Fixtures[i]
		s.names = append(s.names, f.Name)
		at := f.Supply
		if at < 0 {
			at = len(inst.Supplies)
		}
		idle := float64(f.LED.Volts * f.LED.Idle / 1000)
		s.supplies[at].idle += float64(idle * float64(f.Count))
		for _, span := range Spans(f) {
			feed := -1
			if span.Feed >= 0 {
				feed = len(s.feeds)
				s.feeds = append(s.feeds, supply{name: fmt.Sprintf("%s, feed %d", f.Name, span.Feed+1), limit: float64(f.Feeds[span.Feed].Fuse * f.LED.Volts), idle: float64(idle * float64(span.End-span.First))})
			}
			for _, stretch := range s.ends(f, span, feed) {
				for first := stretch.first; first < stretch.end; first += part {
					s.loads = append(s.loads, load{first: first, end: min(first+part, stretch.end), fixture: i, feed: feed, side: stretch.side, supply: at, led: f.LED, split: splits.Of(first)})
				}
			}
		}
	}
	for i := range s.supplies {
		s.whole.idle += s.supplies[i].idle
	}
	for _, list := range [][]supply{s.feeds, s.supplies} {
		for i := range list {
			list[i].scale = 1
		}
	}
	s.whole.scale = 1
}

// side is the pixels on one side of a feed: the last of them has the least
// voltage, which falls in the cable by all that the feed gives, and from each
// pixel to the next by all that lies beyond. So what is lost is the current of
// each pixel times its distance, which is as linear in light as watts are.
type side struct {
	feed       int
	at         int     // the pixel where current enters
	volts      float64 // that may be lost
	ohms, link float64 // of the cable, and between two pixels
	idle       float64 // V lost with every pixel dark
	supply     float64 // V of the supply
	moment     float64 // of the light of this frame, mA × links
}

// stretch is pixels on one side of a feed; side −1: nothing is held there.
type stretch struct{ first, end, side int }

// ends parts the pixels of a feed where its voltage has to be held.
func (s *Stage) ends(f *installations.Fixture, span Span, feed int) []stretch {
	if feed < 0 || f.LED.Least <= 0 || f.LED.Least >= f.LED.Volts {
		return []stretch{{span.First, span.End, -1}}
	}
	of := &f.Feeds[span.Feed]
	at := f.First + int(of.At*float64(f.Count-1)+0.5)
	var out []stretch
	for _, x := range [2][2]int{{span.First, min(at, span.End)}, {max(at, span.First), span.End}} {
		if x[0] >= x[1] {
			continue
		}
		links := 0
		for p := x[0]; p < x[1]; p++ {
			links += max(p-at, at-p)
		}
		amps := f.LED.Idle / 1000
		out = append(out, stretch{x[0], x[1], len(s.sides)})
		s.sides = append(s.sides, side{
			feed: feed, at: at, volts: f.LED.Volts - f.LED.Least, ohms: of.Ohms, link: f.Link, supply: f.LED.Volts,
			idle: float64(amps*float64(span.End-span.First)*of.Ohms) + float64(amps*f.Link*float64(links)),
		})
	}
	return out
}

// need is what the light of a feed has to be multiplied by, so that this side
// of it keeps its voltage. glow is the feed's watts of light.
func (e *side) need(glow float64) float64 {
	lost := float64(glow/e.supply*e.ohms) + float64(e.moment/1000*e.link)
	if e.idle+lost <= e.volts {
		return 1
	}
	return max(e.volts-e.idle, 0) / lost
}

// Span is the pixels of a fixture that one feed carries.
type Span struct {
	Feed       int // index into the fixture's feeds; −1 where it names none
	First, End int // pixels
}

// Spans shares a fixture's pixels among its feeds: each is fed from the
// nearest, the earlier one of two.
func Spans(f *installations.Fixture) []Span {
	if len(f.Feeds) == 0 {
		return []Span{{-1, f.First, f.First + f.Count}}
	}
	var out []Span
	for p := range f.Count {
		best, least := 0, 2.0
		for k := range f.Feeds {
			d := f.Feeds[k].At - float64(p)/float64(max(f.Count-1, 1))
			if d = max(d, -d); d < least {
				best, least = k, d
			}
		}
		if n := len(out); n > 0 && out[n-1].Feed == best {
			out[n-1].End++
		} else {
			out = append(out, Span{best, f.First + p, f.First + p + 1})
		}
	}
	return out
}

// Drop is the voltage lost from the supply to the last pixel that a feed
// carries, when each pixel draws mA: in the cable, and in the links between
// pixels, where it grows with the square of their number. Each side of a feed
// is judged by itself.
func Drop(f *installations.Fixture, span Span, mA float64) (cable, links float64) {
	if span.Feed < 0 {
		return 0, 0
	}
	feed := &f.Feeds[span.Feed]
	at := f.First + int(feed.At*float64(f.Count-1)+0.5)
	amps := mA / 1000
	cable = amps * float64(span.End-span.First) * feed.Ohms
	for _, n := range []int{span.End - 1 - at, at - span.First} {
		if n > 0 {
			// The k-th link from the far end carries k pixels' current.
			links = max(links, amps*f.Link*float64(n)*float64(n+1)/2)
		}
	}
	return cable, links
}

// hold dims to the limit what a supply is asked for, glow, and gives what
// remains of it. need is what it has to be dimmed to for another reason.
func (p *supply) hold(glow, need, dt float64, off bool) float64 {
	switch {
	case off:
		need = 1
	case p.limit > 0 && p.idle+float64(glow*need) > p.limit:
		need, p.sags = max(p.limit-p.idle, 0)/glow, false
	case need < 1:
		p.sags = true
	}
	if need < 1 {
		// Rounded a little further: rounding each dimmed pixel to nearest
		// must not lift the sum over the limit.
		need *= 1 - 1e-6
	}
	p.scale = float32(min(need, float64(p.scale)+dt/release.Seconds()))
	return float64(glow * float64(p.scale))
}

// limitPower dims what is over the limit of a feed, a supply or the whole,
// sums the watts of the frame, and gives the least of the gains.
func (s *Stage) limitPower(f *Frame, dt float64) float32 {
	least := float32(1)
	act := func(p *supply) {
		if p.scale < 1 {
			f.limited = true
			least = min(least, p.scale)
		}
	}
	for i := range s.feeds {
		s.feeds[i].glow = 0
	}
	for i := range s.supplies {
		s.supplies[i].glow = 0
	}
	for i := range s.sides {
		s.sides[i].moment = 0
	}
	for i := range s.loads {
		l := &s.loads[i]
		if l.side >= 0 {
			s.sides[l.side].moment += l.moment
		}
		if l.feed >= 0 {
			s.feeds[l.feed].glow += l.watts
		} else {
			s.supplies[l.supply].glow += l.watts
		}
	}
	end := 0
	for i := range s.feeds {
		p, need := &s.feeds[i], 1.0
		for ; end < len(s.sides) && s.sides[end].feed == i; end++ {
			need = min(need, s.sides[end].need(p.glow))
		}
		p.glow = p.hold(p.glow, need, dt, s.noPower)
		act(p)
	}
	seen := -1
	for i := range s.loads {
		if l := &s.loads[i]; l.feed > seen {
			seen = l.feed
			s.supplies[l.supply].glow += s.feeds[l.feed].glow
		}
	}
	glow := 0.0
	for i := range s.supplies {
		p := &s.supplies[i]
		p.glow = p.hold(p.glow, 1, dt, s.noPower)
		glow += p.glow
		act(p)
	}
	glow = s.whole.hold(glow, 1, dt, s.noPower)
	act(&s.whole)
	f.watts = s.whole.idle + glow
	if !f.limited {
		return 1
	}
	for i := range s.loads {
		l := &s.loads[i]
		k := float32(s.supplies[l.supply].scale * s.whole.scale)
		if l.feed >= 0 {
			k = float32(k * s.feeds[l.feed].scale)
		}
		if k != 1 {
			dim(f.r[l.first:l.end], k, l.grid)
			dim(f.g[l.first:l.end], k, l.grid)
			dim(f.b[l.first:l.end], k, l.grid)
		}
	}
	return least
}

// sum adds up the watts of a frame as it leaves.
func (s *Stage) sum(f *Frame) {
	f.watts = s.whole.idle
	for i := range s.loads {
		f.watts += s.loads[i].watts
	}
}

func dim(v []float32, k float32, g *grid) {
	for i := range v {
		v[i] = float32(v[i] * k)
	}
	if g == nil {
		return
	}
	for i := range v {
		v[i] = g.under(v[i])
	}
}
