// Package calibrate takes the baselines of people, or of sensors, under a
// technician's eyes: first until the signals are good, then a minute of rest,
// then a stimulus, then a verdict on each sensor. It has no clock and no
// terminal: it is told the time and the people, and gives lines to print.
//
// The one idea it owns: a baseline counts only the seconds in which the signal
// was good, and says how many those were.
package calibrate

import (
	"fmt"
	"math"
	"sort"
	"strings"
	"time"

	"noctiluca/engine/signal"
)

// Options are how long each part takes. A zero field takes its default.
type Options struct {
	Settle   time.Duration // at least, with good signals; default 10 s
	Patience time.Duration // at most; default 2 min
	Rest     time.Duration // default 60 s
	Stimulus time.Duration // default 30 s
}

// Phase is a part of a calibration.
type Phase int

// The phases.
const (
	Settling Phase = iota
	Resting
	Stimulated
	Done
)

func (p Phase) String() string {
	return [...]string{"settling", "rest", "stimulus", "done"}[p]
}

// Instruction is what the technician tells the people.
func (p Phase) Instruction() string {
	return [...]string{
		"Sit down, hands still, sensors on. This goes on as soon as the signals are good.",
		"Rest: sit still, breathe as you like, do not speak.",
		"Now: one deep breath and hold it for five seconds, then count aloud from 300 down in sevens.",
		"Done.",
	}[p]
}

// Session is one calibration. It belongs to one goroutine.
type Session struct {
	opts  Options
	phase Phase
	began time.Duration
	good  time.Duration // since when all signals have been good
	last  time.Duration // of the last second that was counted
	all   map[string]*person
}

// person is what was gathered of one.
type person struct {
	name string
	cell int
	rest [figures]moments
	stim [figures]moments
	// all of the session, a value a second, for the comparison of sensors
	series [figures][]float64
	scr    [2]float64 // responses a minute at the end of rest and of the stimulus
	now    signal.PersonState
}

// The figures that are taken.
const (
	heart = iota
	skin
	breath
	variability
	alpha
	figures
)

var figureNames = [figures]string{"heart rate, a minute", "skin, µS", "breath, a minute", "RMSSD, ms", "relative alpha"}

// moments are a running mean and spread (Welford).
type moments struct {
	n          int
	mean, rest float64
}

func (m *moments) add(x float64) {
	m.n++
	d := x - m.mean
	m.mean += d / float64(m.n)
	m.rest += d * (x - m.mean)
}

func (m *moments) spread() float64 {
	if m.n < 2 {
		return 0
	}
	return math.Sqrt(m.rest / float64(m.n-1))
}

// New begins a session.
func New(o Options) *Session {
	for _, d := range []struct {
		at   *time.Duration
		what time.Duration
	}{{&o.Settle, 10 * time.Second}, {&o.Patience, 2 * time.Minute}, {&o.Rest, time.Minute}, {&o.Stimulus, 30 * time.Second}} {
		if *d.at <= 0 {
			*d.at = d.what
		}
	}
	return &Session{opts: o, all: map[string]*person{}, good: -1, last: -time.Second}
}

// Phase is the present phase, and how long it goes on; 0 where that depends.
func (s *Session) Phase(now time.Duration) (Phase, time.Duration) {
	switch s.phase {
	case Resting:
		return s.phase, s.began + s.opts.Rest - now
	case Stimulated:
		return s.phase, s.began + s.opts.Stimulus - now
	}
	return s.phase, 0
}

// goodQuality is what a signal must have to be counted.
const goodQuality = 0.6

// Add hears of the people at a time; call it some times a second.
func (s *Session) Add(now time.Duration, people []signal.PersonState) {
	if s.phase == Done {
		return
	}
	good := len(people) > 0
	for _, p := range people {
		if best(p) < goodQuality {
			good = false
		}
	}
	switch s.phase {
	case Settling:
		if !good {
			s.good = -1
		} else if s.good < 0 {
			s.good = now
		}
		if s.good >= 0 && now-s.good >= s.opts.Settle || now >= s.opts.Patience && len(people) > 0 {
			s.phase, s.began = Resting, now
		}
	case Resting:
		if now-s.began >= s.opts.Rest {
			s.phase, s.began = Stimulated, now
		}
	case Stimulated:
		if now-s.began >= s.opts.Stimulus {
			s.phase = Done
		}
	}
	if now-s.last < time.Second {
		return
	}
	s.last = now
	for _, p := range people {
		x := s.all[p.Person]
		if x == nil {
			x = &person{name: p.Person}
			s.all[p.Person] = x
		}
		x.cell, x.now = p.Cell, p
		x.take(s.phase, p)
	}
}

// best is the quality of the best signal of a person.
func best(p signal.PersonState) float64 {
	return float64(max(p.HeartQuality, p.SkinQuality, p.BreathQuality, p.BrainQuality))
}

func (x *person) take(phase Phase, p signal.PersonState) {
	for i, f := range [figures]struct{ value, quality float32 }{
		{p.HeartRate, p.HeartQuality}, {p.SkinLevel, p.SkinQuality}, {p.BreathRate, p.BreathQuality},
		{p.RMSSD, p.HRVConfidence}, {p.RelativeAlpha, p.BrainQuality},
	} {
		v := math.NaN()
		if f.quality >= goodQuality && f.value > 0 {
			v = float64(f.value)
			switch phase {
			case Resting:
				x.rest[i].add(v)
			case Stimulated:
				x.stim[i].add(v)
			}
		}
		x.series[i] = append(x.series[i], v)
	}
	switch phase {
	case Resting:
		x.scr[0] = float64(p.SkinResponses)
	case Stimulated:
		x.scr[1] = max(x.scr[1], float64(p.SkinResponses))
	}
}

// Line is one line on the present state, for a terminal.
func (s *Session) Line(now time.Duration) string {
	phase, left := s.Phase(now)
	var b strings.Builder
	fmt.Fprintf(&b, "%-8s", phase)
	if left > 0 {
		fmt.Fprintf(&b, " %3.0f s left", left.Seconds())
	}
	for _, x := range s.people() {
		fmt.Fprintf(&b, "  %s:", x.name)
		p := x.now
		any := false
		for _, f := range []struct {
			name           string
			value, quality float32
			unit           string
		}{{"heart", p.HeartRate, p.HeartQuality, "/min"}, {"skin", p.SkinLevel, p.SkinQuality, " µS"}, {"breath", p.BreathRate, p.BreathQuality, "/min"}, {"alpha", p.RelativeAlpha, p.BrainQuality, ""}} {
			if f.value == 0 && f.quality == 0 {
				continue
			}
			any = true
			fmt.Fprintf(&b, " %s %.3g%s %s", f.name, f.value, f.unit, bar(f.quality))
		}
		if !any {
			b.WriteString(" no signal")
		}
	}
	if len(s.all) == 0 {
		b.WriteString("  nobody yet: waiting for a sensor whose wearer agreed to be shown")
	}
	return b.String()
}

// bar shows a quality of 0 to 1 in five steps.
func bar(q float32) string {
	n := int(q*5 + 0.5)
	n = min(max(n, 0), 5)
	return "[" + strings.Repeat("#", n) + strings.Repeat(".", 5-n) + "]"
}

func (s *Session) people() []*person {
	out := make([]*person, 0, len(s.all))
	for _, x := range s.all {
		out = append(out, x)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].name < out[j].name })
	return out
}
