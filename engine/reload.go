package engine

import (
	"fmt"

	"noctiluca/installations"
	"noctiluca/shaders/kage"
)

// refit is fields to be played by layers from the next frame on, by the
// layer's number in Snapshot.Layers.
type refit map[int]fitted

// Reload plays a field anew that was saved while it plays: all layers whose
// field comes from file play text from the next Step on. Lives, parameters and
// phases go on from where they are. When it does not compile or does not fit,
// the error is installations.Problems and nothing changes.
//
// It may be called from any goroutine, and takes as long as compiling does;
// the frame that takes the field up allocates nothing.
func (e *Engine) Reload(file string, text []byte) error {
	field, err := kage.Compile(file, text)
	if err != nil {
		return compileProblems(&installations.Layer{FieldFile: file}, err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	change := refit{}
	var problems installations.Problems
	n := 0
	for i := range e.inst.Scenes {
		for k := range e.inst.Scenes[i].Layers {
			l := &e.inst.Scenes[i].Layers[k]
			if l.FieldFile == file {
				problems = append(problems, fits(e.inst, l, field)...)
				if e.fields[l].IsPicture() != field.IsPicture() {
					problems = append(problems, installations.Problem{File: file, Message: fmt.Sprintf("layer %s plays either a Light or a Fragment: start again to change from one to the other", l.Name)})
				}
				if len(problems) == 0 {
					change[n] = e.fit(l, field)
				}
			}
			n++
		}
	}
	if len(problems) > 0 {
		return problems
	}
	if len(change) == 0 {
		return fmt.Errorf("no layer plays %s", file)
	}
	for n := range change {
		e.shown[n].Kage, e.shown[n].Uniforms = string(text), field.Uniforms()
	}
	for {
		before := e.saved.Load()
		if before != nil { // a change that no frame has taken up yet
			for n, f := range *before {
				if _, again := change[n]; !again {
					change[n] = f
				}
			}
		}
		if e.saved.CompareAndSwap(before, &change) {
			return nil
		}
	}
}

// fit binds a field to a layer for this engine.
func (e *Engine) fit(l *installations.Layer, f *kage.Field) fitted {
	return fit(e.inst, l, f, e.seed, e.crew.Workers(), e.kernels)
}

// takeUp lets layers play what was saved since the last frame.
func (e *Engine) takeUp() {
	change := e.saved.Swap(nil)
	if change == nil {
		return
	}
	n := 0
	for i := range e.scenes {
		for _, l := range e.scenes[i].layers {
			if f, ok := (*change)[n]; ok {
				l.fitted = f
			}
			n++
		}
	}
}
