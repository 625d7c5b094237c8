package engine

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"noctiluca/installations"
	"noctiluca/shaders/kage"
)

// Saved is a field that was saved while it played, and what came of it.
type Saved struct {
	Tick    uint64        // of the frame that took it up, or that came next
	At      time.Duration // the time of that frame
	File    string        // as the installation names it
	Text    string        // its source
	Refused error         // why it is not played; nil: it plays from that frame on
}

// refit is what was saved since the last frame: fields to be played by layers
// from the next one on, by the layer's number in Snapshot.Layers, and all that
// is to be told of.
type refit struct {
	fields map[int]fitted
	told   []*Saved
}

// Reload plays a field anew that was saved while it plays: all layers whose
// field comes from file play text from the next Step on. Lives, parameters and
// phases go on from where they are. When it does not compile or does not fit,
// the error is installations.Problems and nothing changes.
//
// It may be called from any goroutine, and takes as long as compiling does;
// the frame that takes the field up allocates nothing.
func (e *Engine) Reload(file string, text []byte) error {
	field, err := kage.Compile(file, text)
	e.mu.Lock()
	defer e.mu.Unlock()
	var fields map[int]fitted
	if err != nil {
		err = compileProblems(&installations.Layer{FieldFile: file}, err)
	} else {
		fields, err = e.refitted(file, text, field)
	}
	e.hand(&refit{fields: fields, told: []*Saved{{File: file, Text: string(text), Refused: err}}})
	return err
}

// refitted is a field that was saved, for each layer that plays its file; it
// is called under e.mu.
func (e *Engine) refitted(file string, text []byte, field *kage.Field) (map[int]fitted, error) {
	change := map[int]fitted{}
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
		return nil, problems
	}
	if len(change) == 0 {
		return nil, fmt.Errorf("no layer plays %s", file)
	}
	for n := range change {
		e.shown[n].Kage, e.shown[n].Uniforms = string(text), field.Uniforms()
	}
	return change, nil
}

// hand leaves a change for the next frame, with those that no frame has taken
// up yet: of two saves of one file the later counts, and both are told of.
func (e *Engine) hand(change *refit) {
	for {
		before := e.saved.Load()
		next := change
		if before != nil {
			next = &refit{fields: maps.Clone(before.fields), told: slices.Concat(before.told, change.told)}
			if next.fields == nil {
				next.fields = map[int]fitted{}
			}
			maps.Copy(next.fields, change.fields)
		}
		if e.saved.CompareAndSwap(before, next) {
			return
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
			if f, ok := change.fields[n]; ok {
				l.fitted = f
			}
			n++
		}
	}
	if e.told == nil {
		return
	}
	for _, s := range change.told {
		s.Tick, s.At = e.ticks, e.at()
		e.told(s)
	}
}
