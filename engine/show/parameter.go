package show

import (
	"fmt"

	"noctiluca/shaders/kage/block/scalar"
)

// ID is a parameter's place in the registry: its index in Specs.
type ID int32

// Kind is what a parameter's values are.
type Kind uint8

// The kinds of parameter.
const (
	Number Kind = iota // anything within Min…Max
	Switch             // 0 or 1; on its way between them while it fades
	Choice             // an index into Choices
)

// Curve says how the way of a control, 0…1, becomes a value.
type Curve uint8

// The curves. A control at 0 is Min and at 1 is Max with every one of them.
const (
	Linear      Curve = iota
	Square            // finer near Min: for light, whose steps show most in the dark
	Exponential       // equal steps are equal ratios: for rates; needs Min over 0
)

// Spec is what a parameter is. It does not change while a show plays.
type Spec struct {
	Path     string // /scene/night/canopy/Swell: its address in OSC, files and mappings
	Label    string // for people
	Unit     string // Hz, s, …; empty for a bare number
	Kind     Kind
	Min, Max float32
	Default  float32
	Curve    Curve
	Choices  []string // of a Choice
	// Glide is how long a change by hand takes, in seconds: long enough that
	// the steps of a 7-bit control do not show.
	Glide float32
	// Momentary marks what nobody saves: blackout, freeze, panic.
	Momentary bool
}

// At gives the value of a control's position, 0…1. Positions outside are
// clamped, and what is not a number is 0.
func (s *Spec) At(position float32) float32 {
	x := unit(position)
	switch s.Kind {
	case Switch:
		if x >= 0.5 {
			return 1
		}
		return 0
	case Choice:
		return min(scalar.Floor(x*float32(len(s.Choices))), s.Max)
	}
	switch {
	case s.Curve == Square:
		x = float32(x * x)
	case s.Curve == Exponential && s.Min > 0 && x > 0 && x < 1:
		return s.Clamp(float32(s.Min * scalar.Pow(s.Max/s.Min, x)))
	case s.Curve == Exponential && s.Min > 0 && x == 0:
		return s.Min
	}
	return s.Clamp(s.Min + float32(x*(s.Max-s.Min)))
}

// Position is the inverse of At: where a control stands for a value.
func (s *Spec) Position(value float32) float32 {
	v := s.Clamp(value)
	switch {
	case s.Kind == Choice:
		return unit((v + 0.5) / float32(len(s.Choices)))
	case s.Max == s.Min:
		return 0
	case s.Kind == Number && s.Curve == Exponential && s.Min > 0:
		return unit(scalar.Log(v/s.Min) / scalar.Log(s.Max/s.Min))
	}
	x := unit((v - s.Min) / (s.Max - s.Min))
	if s.Kind == Number && s.Curve == Square {
		x = scalar.Sqrt(x)
	}
	return x
}

// Clamp brings a value into the range; a Switch and a Choice to a whole one.
// What is not a number becomes the default.
func (s *Spec) Clamp(v float32) float32 {
	if v-v != 0 {
		if v > s.Max {
			return s.Max
		}
		if v < s.Min {
			return s.Min
		}
		return s.Default
	}
	v = min(max(v, s.Min), s.Max)
	if s.Kind != Number {
		v = scalar.Floor(v + 0.5)
	}
	return v
}

// Text writes a value as a file and a person has it.
func (s *Spec) Text(v float32) string {
	switch s.Kind {
	case Switch:
		if v >= 0.5 {
			return "on"
		}
		return "off"
	case Choice:
		return s.Choices[int(s.Clamp(v))]
	}
	return fmt.Sprintf("%.5g", v)
}

// param is a parameter at the present tick. Its base is where hands, cues and
// gestures have it; its value is that with all modulation.
type param struct {
	base, from, to float32
	tick, ticks    int32 // of the fade from from to to; equal when there
	held           bool  // the fade is a cue's, which stands still
	by             Origin
	cue            bool // the fade is a cue's

	// What modulators gave at the last tick, and what is left over from an
	// edit of them: it fades, so that an edit does not jump.
	sum, residue float32
	residueLeft  int32

	weights, wfrom []float32 // of a Choice: how much of each is chosen; the sum is 1

	moves     []move // the installation's own modulations
	integrate bool
	phase     float64 // of an integrated parameter, cycles
}

// aim starts a fade from wherever the parameter is now. A fade of no ticks
// takes one: nothing moves within a tick.
func (p *param) aim(v float32, ticks int32) {
	p.from, p.to = p.base, v
	p.tick, p.ticks = 0, max(ticks, 1)
	copy(p.wfrom, p.weights)
	p.held, p.cue = false, false
}

// put sets a parameter with no fade, before anything was shown.
func (p *param) put(v float32) {
	p.base, p.from, p.to, p.tick, p.ticks = v, v, v, 1, 1
	for i := range p.weights {
		p.weights[i] = 0
		if i == int(v) {
			p.weights[i] = 1
		}
	}
	copy(p.wfrom, p.weights)
}

// move takes the base one tick on.
func (p *param) move() {
	if p.tick >= p.ticks || p.held {
		return
	}
	p.tick++
	if p.tick == p.ticks {
		p.put(p.to)
		return
	}
	k := float32(p.tick) / float32(p.ticks)
	p.base = p.from + float32((p.to-p.from)*k)
	for i, w := range p.wfrom {
		goal := float32(0)
		if i == int(p.to) {
			goal = 1
		}
		p.weights[i] = w + float32((goal-w)*k)
	}
}

// unit clamps to 0…1; what is not a number is 0.
func unit(x float32) float32 {
	if !(x > 0) {
		return 0
	}
	return min(x, 1)
}
