package engine

import (
	"noctiluca/engine/signal"
	"noctiluca/shaders/kage"
)

// Snapshot is what a window shows beside the light, at one instant.
type Snapshot struct {
	Whole  signal.CellState
	Cells  []signal.CellState
	People []signal.PersonState
	Layers []LayerState
}

// LayerState is a playing layer's inputs.
type LayerState struct {
	Name  string
	Words []uint32 // the field's uniforms, laid out as Uniforms says
}

// Snapshot fills s, reusing its slices. It is called from the goroutine that
// calls Step.
func (e *Engine) Snapshot(s *Snapshot) {
	s.Whole = e.people.Cell(-1)
	s.Cells = s.Cells[:0]
	for i := range e.inst.Cells {
		s.Cells = append(s.Cells, e.people.Cell(i))
	}
	s.People = e.people.People(s.People[:0])
	for len(s.Layers) < len(e.layers) {
		s.Layers = append(s.Layers, LayerState{})
	}
	for i, l := range e.layers {
		s.Layers[i].Name = l.from.Name
		s.Layers[i].Words = append(s.Layers[i].Words[:0], l.words...)
	}
}

// CopyTo copies s into dst, reusing its slices.
func (s *Snapshot) CopyTo(dst *Snapshot) {
	dst.Whole = s.Whole
	dst.Cells = append(dst.Cells[:0], s.Cells...)
	dst.People = append(dst.People[:0], s.People...)
	for len(dst.Layers) < len(s.Layers) {
		dst.Layers = append(dst.Layers, LayerState{})
	}
	for i, l := range s.Layers {
		dst.Layers[i].Name = l.Name
		dst.Layers[i].Words = append(dst.Layers[i].Words[:0], l.Words...)
	}
}

// Layer is what a layer of the playing scene is, beside its state.
type Layer struct {
	Name     string
	Kage     string // the field's source
	Uniforms []kage.Uniform
}

// Layers are the layers of the playing scene, in the order of Snapshot.Layers.
func (e *Engine) Layers() []Layer {
	var ls []Layer
	for _, l := range e.layers {
		ls = append(ls, Layer{Name: l.from.Name, Kage: string(l.from.FieldText), Uniforms: l.field.Uniforms()})
	}
	return ls
}

// Scene is the name of the playing scene.
func (e *Engine) Scene() string { return e.scene.Name }
