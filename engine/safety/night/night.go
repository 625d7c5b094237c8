// Package night says how much light a place allows at a time: curfews by the
// clock and by the sun, for neighbours, animals and the sky.
//
// It reads no clock: the time is an argument. The one idea it owns is how
// much of a rule is in force at an instant, from nothing to all of it, so
// that light comes and goes slowly at dusk and at dawn, at any latitude.
package night

import (
	"time"

	"noctiluca/engine/sun"
	"noctiluca/installations"
)

// State is what is allowed: the strictest of all rules in force.
type State struct {
	Level     float32 // all light is multiplied by it
	Luminance float32 // cd/m², of any light
	Melanopic float32 // melanopic DER, of any light
	Active    int     // rules in force, in part or whole
}

// Free is the state without rules.
var Free = State{Level: 1, Luminance: 1e7, Melanopic: 100}

// Night follows the rules of an installation. It belongs to one goroutine.
type Night struct {
	rules []installations.Curfew
	where *installations.Where
	sines []float64 // of each rule's moments: from, to

	day      [3]int // the calendar day that spans are of
	known    bool
	spans    [][days]span
	strength []float64 // of each rule, as it is applied
	last     time.Time
}

// span is one time that a rule holds.
type span struct {
	from, to time.Time
	holds    bool
}

// days is how many evenings a night can belong to: of two days ago, as polar
// night and offsets make long ones, to tomorrow, as a fade begins early.
const days = 4

// New prepares the rules. where may be nil if none goes by the sun.
func New(rules []installations.Curfew, where *installations.Where) *Night {
	n := &Night{rules: rules, where: where, spans: make([][days]span, len(rules)), strength: make([]float64, len(rules))}
	for i := range rules {
		n.sines = append(n.sines, -sun.Sine(rules[i].From.Below), -sun.Sine(rules[i].To.Below))
	}
	return n
}

// slew is how fast a rule may come into force or leave when the clock jumps.
const slew = 10 * time.Second

// At gives what is allowed at an instant. Instants should come in order; a
// clock that jumps is followed over some seconds.
func (n *Night) At(now time.Time) State {
	if len(n.rules) == 0 {
		return Free
	}
	if n.where != nil {
		now = now.In(n.where.Zone)
	}
	y, m, d := now.Date()
	if day := [3]int{y, int(m), d}; !n.known || day != n.day {
		n.day = day
		n.plan(now)
	}
	s := Free
	for i := range n.rules {
		c := &n.rules[i]
		want := n.wanted(i, now)
		if n.known {
			most := min(max(now.Sub(n.last).Seconds(), -now.Sub(n.last).Seconds())/slew.Seconds(), 1)
			want = min(max(want, n.strength[i]-most), n.strength[i]+most)
		}
		n.strength[i] = want
		if want <= 0 {
			continue
		}
		s.Active++
		s.Level = min(s.Level, float32(1-float64(want*(1-c.Level))))
		s.Luminance = min(s.Luminance, float32(c.Luminance/want))
		s.Melanopic = min(s.Melanopic, float32(c.Melanopic/want))
	}
	n.known, n.last = true, now
	return s
}

// Strength is how much of a rule is in force, 0…1, by the last call of At.
func (n *Night) Strength(rule int) float64 { return n.strength[rule] }

// wanted is how much of a rule is in force at an instant.
func (n *Night) wanted(rule int, now time.Time) float64 {
	fade := n.rules[rule].Fade
	most := 0.0
	for _, p := range n.spans[rule] {
		if !p.holds {
			continue
		}
		switch {
		case now.Before(p.from):
			if before := p.from.Sub(now); before < fade {
				most = max(most, 1-before.Seconds()/fade.Seconds())
			}
		case now.Before(p.to):
			return 1
		default:
			if after := now.Sub(p.to); after < fade {
				most = max(most, 1-after.Seconds()/fade.Seconds())
			}
		}
	}
	return most
}

// plan finds when each rule holds around a day.
func (n *Night) plan(now time.Time) {
	for i := range n.rules {
		c := &n.rules[i]
		for k := range days {
			y, m, d := now.Date()
			first := time.Date(y, m, d+k-days+2, 12, 0, 0, 0, now.Location())
			n.spans[i][k] = n.span(i, c, first)
		}
	}
}

// span is the time that begins on a day.
func (n *Night) span(rule int, c *installations.Curfew, day time.Time) span {
	y, m, d := day.Date()
	if !within(c.Dates, int(m), d) {
		return span{}
	}
	from, _ := n.moment(c.From, n.sines[2*rule], y, m, d, day.Location())
	for k := -1; k <= 3; k++ {
		to, how := n.moment(c.To, n.sines[2*rule+1], y, m, d+k, day.Location())
		least := from.Add(-time.Minute)
		if how == sun.StaysDown || !c.To.Sun && !c.From.Sun {
			// At noon of a polar night the sun does not rise: it goes on. And
			// from one time to the same is a whole day.
			least = from.Add(time.Minute)
		}
		if to.Before(least) {
			continue
		}
		if how == sun.StaysUp && to.Sub(from) < time.Minute {
			return span{} // at midnight of a polar day the sun does not set
		}
		return span{from: from, to: to, holds: to.After(from)}
	}
	return span{}
}

// moment is when a moment of a day is. Times that a change of the clocks
// leaves out are what time.Date makes of them: as late by the other clock.
func (n *Night) moment(m installations.Moment, sine float64, year int, month time.Month, day int, zone *time.Location) (time.Time, sun.Kind) {
	if !m.Sun {
		return time.Date(year, month, day, int(m.At/time.Hour), int(m.At/time.Minute%60), 0, 0, zone), sun.Crosses
	}
	midday := sun.Noon(year, month, day, n.where.Longitude)
	t, how := sun.Crossing(midday, m.Rising, sine, n.where.Latitude, n.where.Longitude)
	return t.Add(m.At), how
}

// within says whether a day of the year is among some.
func within(dates []installations.Dates, month, day int) bool {
	if len(dates) == 0 {
		return true
	}
	at := 100*month + day
	for _, s := range dates {
		from, to := 100*s.FromMonth+s.FromDay, 100*s.ToMonth+s.ToDay
		if from <= to && at >= from && at <= to || from > to && (at >= from || at <= to) {
			return true
		}
	}
	return false
}
