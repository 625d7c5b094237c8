package engine

import (
	"noctiluca/engine/signal"
	"noctiluca/shaders/kage"
)

// Snapshot is what a window shows beside the light, at one instant.
type Snapshot struct {
	// Of groups that are too small to be shown nothing is told: a zero state,
	// and true under Withheld.
	Whole         signal.CellState
	WholeWithheld bool
	Cells         []signal.CellState
	Withheld      []bool // of the cells
	Guard         GuardState
	People        []signal.PersonState
	OwnLights     int           // how many people have a light of their own
	OwnWaiting    int           // how many more would, were there room: governance.own_lights
	Leads         []signal.Lead // cells whose mood tells another's, the most telling first
	Layers        []LayerState
	// History is the last minutes of the cells and of the guard, which any
	// goroutine may read; nil where nobody is felt, as in a recording.
	History *signal.History
}

// LayerState is a playing layer's inputs.
type LayerState struct {
	Name  string
	Words []uint32 // the field's uniforms, laid out as Uniforms says
	Heard float32  // 0…1: how much of it is in the light
}

// Snapshot fills s, reusing its slices. It is called from the goroutine that
// calls Step.
func (e *Engine) Snapshot(s *Snapshot) {
	whole := e.people.Shown(-1)
	s.Whole, s.WholeWithheld = whole.State, whole.Withheld
	s.Cells, s.Withheld = s.Cells[:0], s.Withheld[:0]
	for i := range e.inst.Cells {
		shown := e.people.Shown(i)
		s.Cells, s.Withheld = append(s.Cells, shown.State), append(s.Withheld, shown.Withheld)
	}
	s.Guard, s.History = e.guardState(), e.people.History()
	s.People = e.people.People(s.People[:0])
	s.OwnLights, s.OwnWaiting = len(e.people.Own()), e.people.Waiting()
	s.Leads = e.people.Leads(s.Leads[:0])
	mix, i := e.show.Mix(), 0
	for k := range e.scenes {
		heard := mix.Heard(k)
		for _, l := range e.scenes[k].layers {
			if i == len(s.Layers) {
				s.Layers = append(s.Layers, LayerState{})
			}
			s.Layers[i].Name, s.Layers[i].Heard = l.from.Name, float32(heard*l.level)
			s.Layers[i].Words = append(s.Layers[i].Words[:0], l.words...)
			i++
		}
	}
}

// CopyTo copies s into dst, reusing its slices.
func (s *Snapshot) CopyTo(dst *Snapshot) {
	dst.Whole, dst.WholeWithheld, dst.Guard, dst.History = s.Whole, s.WholeWithheld, s.Guard, s.History
	dst.OwnLights, dst.OwnWaiting = s.OwnLights, s.OwnWaiting
	dst.Cells = append(dst.Cells[:0], s.Cells...)
	dst.Withheld = append(dst.Withheld[:0], s.Withheld...)
	dst.People = append(dst.People[:0], s.People...)
	dst.Leads = append(dst.Leads[:0], s.Leads...)
	for len(dst.Layers) < len(s.Layers) {
		dst.Layers = append(dst.Layers, LayerState{})
	}
	for i, l := range s.Layers {
		dst.Layers[i].Name, dst.Layers[i].Heard = l.Name, l.Heard
		dst.Layers[i].Words = append(dst.Layers[i].Words[:0], l.Words...)
	}
}

// Layer is what a layer is, beside its state.
type Layer struct {
	Scene    string
	Name     string
	File     string // the field's, for messages
	Kage     string // its source
	Uniforms []kage.Uniform
}

// Layers are the layers of all scenes, in the order of Snapshot.Layers, with
// the fields as they were last loaded. It may be called from any goroutine.
func (e *Engine) Layers() []Layer {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]Layer(nil), e.shown...)
}

// Scene is the name of the scene that is heard most; empty when none is.
func (e *Engine) Scene() string {
	name, most := "", float32(0)
	for i := range e.scenes {
		if h := e.show.Mix().Heard(i); h > most {
			name, most = e.scenes[i].from.Name, h
		}
	}
	return name
}
