package engine

import (
	"fmt"
	"slices"

	"noctiluca/installations"
	"noctiluca/shaders/kage"
	"noctiluca/shaders/kage/check"
)

// withUniforms gives each layer a parameter for every number that its field
// declares and the installation does not speak of: 0…1, at 0, as it would be
// if nobody could turn it. So an artist who writes a new uniform finds a
// slider for it, and names it in the file once its range is known. The
// installation itself stays as it is.
func withUniforms(inst *installations.Installation, compiled map[*installations.Layer]*kage.Field) (*installations.Installation, map[*installations.Layer]*kage.Field) {
	more := *inst
	fields := map[*installations.Layer]*kage.Field{}
	more.Scenes = slices.Clone(inst.Scenes)
	for i := range more.Scenes {
		s := &more.Scenes[i]
		s.Layers = slices.Clone(s.Layers)
		for k := range s.Layers {
			l, f := &s.Layers[k], compiled[&inst.Scenes[i].Layers[k]]
			fields[l] = f
			if f == nil {
				continue
			}
			l.Parameters = slices.Clip(l.Parameters)
			for _, u := range f.Uniforms() {
				if !free(l, u) {
					continue
				}
				l.Parameters = append(l.Parameters, installations.Parameter{Name: u.Name, Max: 1, Line: l.Line, Found: true})
			}
		}
	}
	return &more, fields
}

// Complete gives the installation as New plays it: with a parameter for each
// uniform that the file says nothing of. A show's document is made for this
// one. The error is installations.Problems, as of New.
func Complete(inst *installations.Installation) (*installations.Installation, error) {
	compiled, problems := compileFields(inst)
	if len(problems) > 0 {
		return nil, problems
	}
	inst, _ = withUniforms(inst, compiled)
	return inst, nil
}

// Unnamed are warnings about numbers that fields declare and the installation
// does not speak of: they are 0 until somebody turns them.
func Unnamed(inst *installations.Installation) installations.Problems {
	whole, err := Complete(inst)
	if err != nil {
		return nil // New tells of it
	}
	var ps installations.Problems
	for i := range whole.Scenes {
		for k := range whole.Scenes[i].Layers {
			l := &whole.Scenes[i].Layers[k]
			for _, p := range l.Parameters {
				if p.Found {
					ps = append(ps, installations.Problem{File: inst.File, Line: l.Line, Column: 1, Warning: true,
						Message: fmt.Sprintf("layer %s: %s of its field is 0 until somebody turns it: name it under parameters, with its range and default", l.Name, p.Name)})
				}
			}
		}
	}
	return ps
}

// Unturned are the numbers that a field which was saved while it plays
// declares and nobody can turn before the work is started again; in the order
// of the field. It may be called from any goroutine.
func (e *Engine) Unturned(file string) []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var names []string
	n := 0
	for i := range e.inst.Scenes {
		for k := range e.inst.Scenes[i].Layers {
			l := &e.inst.Scenes[i].Layers[k]
			if l.FieldFile == file {
				for _, u := range e.shown[n].Uniforms {
					if free(l, u) && !slices.Contains(names, u.Name) {
						names = append(names, u.Name)
					}
				}
			}
			n++
		}
	}
	return names
}

// free says whether a uniform is a number that no parameter of a layer sets.
func free(l *installations.Layer, u kage.Uniform) bool {
	return standard[u.Name] == (check.Type{}) && (u.Type.Kind == check.Float || u.Type.Kind == check.Int) &&
		!slices.ContainsFunc(l.Parameters, func(p installations.Parameter) bool { return p.Name == u.Name })
}
