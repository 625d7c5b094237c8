package engine

import (
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
				if standard[u.Name] != (check.Type{}) || u.Type.Kind != check.Float && u.Type.Kind != check.Int {
					continue
				}
				if slices.ContainsFunc(l.Parameters, func(p installations.Parameter) bool { return p.Name == u.Name }) {
					continue
				}
				l.Parameters = append(l.Parameters, installations.Parameter{Name: u.Name, Max: 1, Line: l.Line})
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
