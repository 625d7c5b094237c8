// Package show turns what the cells feel into the parameters of the fields:
// scenes, their parameters, and what moves them. It decides values, and draws
// nothing.
package show

import (
	"noctiluca/engine/signal"
	"noctiluca/installations"
)

// Sense is where a show reads what people feel. Cell −1 is the whole.
type Sense interface {
	Cell(i int) signal.CellState
}

// Show is a playing scene. It belongs to the engine's goroutine.
type Show struct {
	seconds float32
	Layers  []Layer
}

// Layer is one layer's parameters at the present tick.
type Layer struct {
	Parameters []Parameter
}

// Parameter is a named value in its range, moved by signals.
type Parameter struct {
	Name  string
	Value float32 // what the field reads
	from  *installations.Parameter
	moves []move
	sum   float64 // of an integrated parameter, cycles
}

// move is one modulation and the state of its smoothing.
type move struct {
	from       installations.Modulation
	rise, fall float32 // share of the way that one tick goes
	at         float32
	started    bool
}

// New prepares a scene to play at a rate in frames a second.
func New(scene *installations.Scene, rate float64) *Show {
	s := &Show{seconds: float32(1 / rate)}
	for i := range scene.Layers {
		var l Layer
		for k := range scene.Layers[i].Parameters {
			from := &scene.Layers[i].Parameters[k]
			p := Parameter{Name: from.Name, Value: from.Default, from: from}
			if from.Integrate {
				p.Value = 0
			}
			for _, m := range from.Modulations {
				p.moves = append(p.moves, move{from: m, rise: share(s.seconds, m.Rise), fall: share(s.seconds, m.Fall)})
			}
			l.Parameters = append(l.Parameters, p)
		}
		s.Layers = append(s.Layers, l)
	}
	return s
}

// share is how much of the distance to its target a low-pass of that time
// constant covers in one tick, by the backward Euler rule, which needs no
// exponential and is stable at every rate.
func share(tick, constant float32) float32 {
	return tick / (max(constant, 0) + tick)
}

// Step advances by one tick.
func (s *Show) Step(sense Sense) {
	for i := range s.Layers {
		for k := range s.Layers[i].Parameters {
			s.Layers[i].Parameters[k].step(sense, s.seconds)
		}
	}
}

func (p *Parameter) step(sense Sense, seconds float32) {
	v := p.from.Default
	for i := range p.moves {
		v += p.moves[i].step(sense)
	}
	v = min(max(v, p.from.Min), p.from.Max)
	if !p.from.Integrate {
		p.Value = v
		return
	}
	// Kept in float64, so that a slow phase still moves after months.
	p.sum += float64(float64(v) * float64(seconds))
	if p.sum >= 1 || p.sum < 0 {
		p.sum -= floor(p.sum)
	}
	p.Value = float32(p.sum)
}

func floor(x float64) float64 {
	n := float64(int64(x))
	if n > x {
		n--
	}
	return n
}

func (m *move) step(sense Sense) float32 {
	x := Read(sense.Cell(m.from.Cell), m.from.Signal)
	if !m.started {
		// Nothing has moved yet: rest where the signal rests.
		m.at, m.started = x, true
	}
	k := m.rise
	if x < m.at {
		k = m.fall
	}
	m.at += float32((x - m.at) * k)
	return float32(m.from.Depth * m.at)
}

// Read gives the value of a named signal of a cell. Affect has in it already
// how far it is known, so no signal moves nothing.
func Read(c signal.CellState, name string) float32 {
	switch name {
	case "arousal":
		return c.Arousal
	case "valence":
		return c.Valence
	case "presence":
		return c.Presence
	case "coherence":
		return c.Coherence
	case "fragmentation":
		return c.Fragmentation
	case "heart":
		return c.Beat
	case "breath":
		// A wave of the phase, 0 at the start of a breath in, 1 at its height.
		if c.BreathPhase < 0.5 {
			return float32(2 * c.BreathPhase)
		}
		return 2 - float32(2*c.BreathPhase)
	}
	return 0
}

// Knows says whether a signal of that name exists.
func Knows(name string) bool {
	switch name {
	case "arousal", "valence", "presence", "coherence", "fragmentation", "heart", "breath":
		return true
	}
	return false
}
