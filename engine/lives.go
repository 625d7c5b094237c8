package engine

import (
	"slices"

	"noctiluca/engine/life"
	"noctiluca/engine/show"
	"noctiluca/engine/signal"
	"noctiluca/installations"
)

// feeling is what moves the lives, kept from tick to tick.
type feeling struct {
	in     life.Influence
	people []float32 // in each cell, at the last tick
	spots  []life.Spot
}

// touchFade is the time constant, s, in which somebody's coming or going is
// felt.
const touchFade = 0.4

func newFeeling(inst *installations.Installation, seconds float32) feeling {
	n := len(inst.Cells)
	return feeling{in: life.Influence{Seconds: seconds, Cells: make([]life.Cell, n)}, people: make([]float32, n), spots: make([]life.Spot, ownLights(inst))}
}

// step takes what people feel at this tick.
func (f *feeling) step(sense show.Sense, own []signal.Own) {
	for i := range own {
		f.spots[i] = life.Spot{At: own[i].At, Presence: own[i].Presence, Beat: own[i].Beat}
	}
	f.in.Own = f.spots[:len(own)]
	whole := sense.Cell(-1)
	f.in.Arousal = show.Read(whole, "arousal")
	f.in.Presence = whole.Presence
	f.in.Coherence = whole.Coherence
	f.in.Fragmentation = whole.Fragmentation
	keep := 1 - f.in.Seconds/(touchFade+f.in.Seconds)
	for i := range f.in.Cells {
		s, c := sense.Cell(i), &f.in.Cells[i]
		c.Presence = s.Presence
		c.Arousal = show.Read(s, "arousal")
		c.Valence = show.Read(s, "valence")
		c.Beat = s.Beat
		c.Touch = float32(c.Touch * keep)
		if n := float32(s.People); n != f.people[i] {
			f.people[i], c.Touch = n, 1
		}
	}
}

// places are the cells as the life of a layer knows them, whose pixels lie at
// the heights y: lifted, or lowered, to it. People stand on the ground; what
// hangs over their heads feels them from right below.
func places(inst *installations.Installation, y []float32) []life.Place {
	if len(y) == 0 {
		return nil
	}
	low, high := slices.Min(y), slices.Max(y)
	var ps []life.Place
	for _, c := range inst.Cells {
		c.At[1] = min(max(c.At[1], low), high)
		ps = append(ps, life.Place{At: c.At, Radius: c.Radius})
	}
	return ps
}
