package show

import (
	"fmt"
	"math"
	"math/rand/v2"

	"noctiluca/shaders/kage/block/scalar"
)

// Source is what a modulator makes its wave of.
type Source uint8

// The sources.
const (
	LFO      Source = iota // a wave of Shape, −1…1
	Envelope               // 0…1: rises while its signal is over Threshold, and falls after
	Noise                  // −1…1, smooth, never repeating
	Steps                  // Levels, one after another
	Signal                 // a signal of a cell, as it is
	BeatWave               // 1 on the beat, falling to 0 before the next
)

// Sources are their names, in order.
var Sources = []string{"lfo", "envelope", "noise", "steps", "signal", "beat"}

// Shapes are the waves of an LFO.
var Shapes = []string{"sine", "triangle", "saw", "square", "random"}

// Modulator is a wave that moves any number of parameters.
type Modulator struct {
	Name   string
	Source Source
	Shape  string // of an LFO
	// Rate is in cycles a second; with Beats over 0 a cycle takes so many
	// beats instead.
	Rate, Beats float32
	Phase       float32 // where the cycle begins, 0…1
	// Of an envelope, in seconds, and its level while it is held.
	Attack, Decay, Sustain, Release float32
	Signal                          string // of Signal and Envelope
	Cell                            int
	Threshold                       float32
	Levels                          []float32 // of Steps, −1…1
	Slide                           float32   // of Steps: the share of a step in which it slides to the next
	Routes                          []Route
}

// Route leads a modulator to a parameter.
type Route struct {
	Param ID
	Depth float32 // how far a wave of 1 moves the parameter
	// Smooth is the time constant of a low-pass, in seconds.
	Smooth float32
	// Low and High limit what is added.
	Low, High float32
}

func (m *Modulator) check(r *Registry) error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("modulator %s: "+format, append([]any{m.Name}, args...)...)
	}
	if err := named(Modulations, m.Name); err != nil {
		return err
	}
	if int(m.Source) >= len(Sources) {
		return fail("source %d is none", m.Source)
	}
	for _, t := range []struct {
		what string
		v    float32
		most float32
	}{{"rate", m.Rate, 60}, {"beats", m.Beats, 4096}, {"phase", m.Phase, 1}, {"attack", m.Attack, longest}, {"decay", m.Decay, longest}, {"sustain", m.Sustain, 1}, {"release", m.Release, longest}, {"slide", m.Slide, 1}} {
		if !(t.v >= 0 && t.v <= t.most) {
			return fail("%s is %v: expected 0…%v", t.what, t.v, t.most)
		}
	}
	if !(m.Threshold >= -1 && m.Threshold <= 1) {
		return fail("threshold is %v: expected −1…1", m.Threshold)
	}
	if m.Source == LFO {
		known := false
		for _, s := range Shapes {
			known = known || s == m.Shape
		}
		if !known {
			return fail("shape %q: expected one of %v", m.Shape, Shapes)
		}
	}
	if m.Source == Signal || m.Source == Envelope {
		if !Knows(m.Signal) {
			return fail("there is no signal %q; there is %v", m.Signal, SignalNames)
		}
		if m.Cell < -1 || m.Cell >= r.cells {
			return fail("cell %d: there are %d", m.Cell, r.cells)
		}
	}
	if m.Source == Steps && len(m.Levels) == 0 {
		return fail("steps need at least one level")
	}
	for _, v := range m.Levels {
		if !(v >= -1 && v <= 1) {
			return fail("a level is %v: expected −1…1", v)
		}
	}
	for _, t := range m.Routes {
		if t.Param < 0 || int(t.Param) >= len(r.Specs) {
			return fail("parameter number %d: there are 0…%d", t.Param, len(r.Specs)-1)
		}
		if s := &r.Specs[t.Param]; s.Kind != Number {
			return fail("%s is no number: a modulator cannot move it", s.Path)
		}
		if t.Depth-t.Depth != 0 || t.Low-t.Low != 0 || t.High-t.High != 0 || !(t.Low <= t.High) || !(t.Smooth >= 0 && t.Smooth <= longest) {
			return fail("route with depth %v, smooth %v, limits %v…%v", t.Depth, t.Smooth, t.Low, t.High)
		}
	}
	return nil
}

// wave is a modulator that plays.
type wave struct {
	from   *Modulator
	phase  float64 // cycles, 0…1
	cycle  uint64  // cycles done
	level  float32 // of an envelope
	open   bool
	peaked bool
	seed   uint64
	out    float32
}

// route is a Route that plays.
type route struct {
	wave    int
	param   ID
	depth   float32
	share   float32
	lo, hi  float32
	at      float32
	started bool
}

// clock is what a wave reads of the time.
type clock struct {
	seconds float32 // a tick
	beat    float64
}

// step advances a wave by one tick.
func (w *wave) step(c clock, speed float32, sense Sense) {
	m := w.from
	switch m.Source {
	case Signal:
		w.out = Read(sense.Cell(m.Cell), m.Signal)
		return
	case Envelope:
		w.envelope(c.seconds, Read(sense.Cell(m.Cell), m.Signal) > m.Threshold)
		return
	}
	if m.Beats > 0 || m.Source == BeatWave {
		beats := float64(m.Beats)
		if beats == 0 {
			beats = 1
		}
		x := c.beat / beats
		n := floor(x)
		w.cycle, w.phase = uint64(int64(n)), x-n
	} else {
		w.phase += float64(float64(m.Rate) * float64(c.seconds) * float64(speed))
		n := floor(w.phase)
		w.phase -= n
		w.cycle += uint64(n)
	}
	phase, cycle := w.phase+float64(m.Phase), w.cycle
	if phase >= 1 {
		phase--
		cycle++
	}
	x := float32(phase)
	switch m.Source {
	case BeatWave:
		w.out = 1 - x
	case Noise:
		a, b := w.random(cycle), w.random(cycle+1)
		w.out = a + float32((b-a)*smooth(x))
	case Steps:
		w.out = m.stepAt(x)
	default:
		w.out = w.shape(x, cycle)
	}
}

func (w *wave) shape(x float32, cycle uint64) float32 {
	switch w.from.Shape {
	case "triangle":
		switch {
		case x < 0.25:
			return float32(4 * x)
		case x < 0.75:
			return 2 - float32(4*x)
		}
		return float32(4*x) - 4
	case "saw":
		return float32(2*x) - 1
	case "square":
		if x < 0.5 {
			return 1
		}
		return -1
	case "random":
		return w.random(cycle)
	}
	return scalar.Sin(float32(x * (2 * math.Pi)))
}

// stepAt is the level of the step at phase x, sliding to the next at its end.
func (m *Modulator) stepAt(x float32) float32 {
	n := len(m.Levels)
	pos := float32(x * float32(n))
	i := min(int(pos), n-1)
	at := pos - float32(i)
	here, next := m.Levels[i], m.Levels[(i+1)%n]
	if m.Slide > 0 && at > 1-m.Slide {
		return here + float32((next-here)*smooth((at-(1-m.Slide))/m.Slide))
	}
	return here
}

// envelope rises in Attack while the gate is open, falls to Sustain in Decay,
// and to 0 in Release once it shuts.
func (w *wave) envelope(dt float32, open bool) {
	m := w.from
	if open && !w.open {
		w.peaked = false
	}
	w.open = open
	towards := func(goal, whole float32) {
		step := float32(1)
		if whole > dt {
			step = dt / whole
		}
		if w.level < goal {
			w.level = min(w.level+step, goal)
		} else {
			w.level = max(w.level-step, goal)
		}
	}
	switch {
	case !open:
		towards(0, m.Release)
	case !w.peaked:
		towards(1, m.Attack)
		w.peaked = w.level >= 1
	default:
		towards(m.Sustain, m.Decay)
	}
	w.out = w.level
}

// random is a value of −1…1 that belongs to a cycle.
func (w *wave) random(cycle uint64) float32 {
	var p rand.PCG
	p.Seed(w.seed, cycle)
	return float32(int32(uint32(p.Uint64()>>32))) / (1 << 31)
}

// smooth is 3x²−2x³: it begins and ends at rest.
func smooth(x float32) float32 {
	return float32(float32(x*x) * (3 - float32(2*x)))
}

func floor(x float64) float64 {
	n := float64(int64(x))
	if n > x {
		n--
	}
	return n
}

// route gives what a route adds at this tick.
func (t *route) step(x, amount float32) float32 {
	if !t.started {
		t.at, t.started = x, true
	}
	t.at += float32((x - t.at) * t.share)
	v := float32(t.depth * t.at)
	return float32(min(max(v, t.lo), t.hi) * amount)
}
