package engine

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"noctiluca/engine/show"
	"noctiluca/engine/signal"
	"noctiluca/installations"
	"noctiluca/shaders/kage"
	"noctiluca/shaders/kage/check"
)

// MaxCells is how many cells a field can read: the length of its Cell arrays.
const MaxCells = 8

// inputs says where in a field's uniform words each input goes; -1 where the
// field does not declare it. shaders/README.md documents them for artists.
type inputs struct {
	words                       int
	time, seed, count           int
	place, affect, crowd, pulse int
	whole                       int
	persons, spot, own, rhythm  int // of the people's own light
	room                        int // how many of them each of its arrays holds
	params                      []param
	colours                     []tint
	places                      []installations.Cell
}

// param is a uniform that a parameter of the layer sets.
type param struct {
	at    int
	index int // in the show's layer
	kind  check.Kind
}

// tint is a uniform that holds a colour of the layer's.
type tint struct {
	at  int
	rgb [3]float32
}

// standard is the type each standard uniform must have, if declared. Those of
// people's own lights may be shorter or longer: see mistyped.
var standard = map[string]check.Type{
	"Time":       {Kind: check.Float},
	"Seed":       {Kind: check.Int},
	"CellCount":  {Kind: check.Int},
	"CellPlace":  {Kind: check.Array, Elem: check.Vec4, Len: MaxCells},
	"CellAffect": {Kind: check.Array, Elem: check.Vec4, Len: MaxCells},
	"CellCrowd":  {Kind: check.Array, Elem: check.Vec4, Len: MaxCells},
	"CellPulse":  {Kind: check.Array, Elem: check.Vec4, Len: MaxCells},
	"Whole":      {Kind: check.Array, Elem: check.Vec4, Len: 3},
	"Organism":   {Kind: check.Vec3},

	"PersonCount":  {Kind: check.Int},
	"PersonPlace":  {Kind: check.Array, Elem: check.Vec4, Len: signal.DefaultOwn},
	"PersonColour": {Kind: check.Array, Elem: check.Vec4, Len: signal.DefaultOwn},
	"PersonPulse":  {Kind: check.Array, Elem: check.Vec4, Len: signal.DefaultOwn},
}

// mistyped says what is wrong with a uniform of a standard name; empty where it
// is right.
func mistyped(name string, is check.Type) string {
	want, known := standard[name]
	if !known || is == want {
		return ""
	}
	if strings.HasPrefix(name, "Person") && want.Kind == check.Array {
		// As long as a field wants it: the loop over them is its own affair.
		if is.Kind == want.Kind && is.Elem == want.Elem && is.Len >= 1 && is.Len <= signal.MaxOwn {
			return ""
		}
		return fmt.Sprintf("uniform %s is %v: this name is the engine's, which gives a %v, or as many as you like of 1…%d", name, is, want, signal.MaxOwn)
	}
	return fmt.Sprintf("uniform %s is %v: this name is the engine's, which gives a %v", name, is, want)
}

// compileFields compiles every layer's field, of every scene, so that a
// mistake shows before the scene is called. A field used twice is compiled once.
func compileFields(inst *installations.Installation) (map[*installations.Layer]*kage.Field, installations.Problems) {
	compiled := map[*installations.Layer]*kage.Field{}
	byText := map[string]*kage.Field{}
	var problems installations.Problems
	for i := range inst.Scenes {
		for k := range inst.Scenes[i].Layers {
			l := &inst.Scenes[i].Layers[k]
			f, done := byText[string(l.FieldText)]
			if !done {
				var err error
				if f, err = kage.Compile(l.FieldFile, l.FieldText); err != nil {
					problems = append(problems, compileProblems(l, err)...)
				}
				byText[string(l.FieldText)] = f
			}
			if f == nil {
				continue
			}
			compiled[l] = f
			problems = append(problems, fits(inst, l, f)...)
		}
	}
	if len(inst.Cells) > MaxCells {
		problems = append(problems, installations.Problem{File: inst.File, Message: fmt.Sprintf("%d cells: a field can read at most %d", len(inst.Cells), MaxCells)})
	}
	return compiled, problems
}

func compileProblems(l *installations.Layer, err error) installations.Problems {
	var errs check.Errors
	if !errors.As(err, &errs) {
		return installations.Problems{{File: l.FieldFile, Message: err.Error()}}
	}
	var ps installations.Problems
	for _, e := range errs {
		m := e.Message
		if e.Hint != "" {
			m += ": " + e.Hint
		}
		if x := e.Excerpt(); x != "" {
			m += "\n\t" + strings.ReplaceAll(x, "\n", "\n\t")
		}
		ps = append(ps, installations.Problem{File: e.File, Line: e.Line, Column: e.Column, Message: m})
	}
	return ps
}

// fits checks that a layer's parameters and its field's uniforms agree.
func fits(inst *installations.Installation, l *installations.Layer, f *kage.Field) installations.Problems {
	var ps installations.Problems
	uniforms := map[string]check.Type{}
	for _, u := range f.Uniforms() {
		uniforms[u.Name] = u.Type
		if wrong := mistyped(u.Name, u.Type); wrong != "" {
			ps = append(ps, installations.Problem{File: l.FieldFile, Message: wrong})
		}
	}
	layer := installations.Problem{File: inst.File, Line: l.Line, Column: 1}
	switch {
	case f.IsPicture() && l.Picture == nil:
		layer.Message = fmt.Sprintf("layer %s: the field %s is a picture, with a Fragment: say where it lies, by the key picture", l.Name, l.FieldFile)
		ps = append(ps, layer)
	case !f.IsPicture() && l.Picture != nil:
		layer.Message = fmt.Sprintf("layer %s: picture is for a field with a Fragment; %s has a Light, which is asked in space", l.Name, l.FieldFile)
		ps = append(ps, layer)
	}
	for i, sampled := range f.Samples() {
		if sampled && i >= len(l.Images) {
			layer.Message = fmt.Sprintf("layer %s: the field %s reads source image %d, and images has %d", l.Name, l.FieldFile, i, len(l.Images))
			ps = append(ps, layer)
		}
	}
	for _, c := range l.Colours {
		at := installations.Problem{File: inst.File, Line: c.Line, Column: 1}
		switch typ, ok := uniforms[c.Name]; {
		case !ok && c.Name == "Organism":
			continue // the field has colours of its own
		case !ok:
			at.Message = fmt.Sprintf("colour %s: the field %s has no uniform of that name", c.Name, l.FieldFile)
		case typ.Kind != check.Vec3:
			at.Message = fmt.Sprintf("colour %s: the uniform is %v; a colour sets a vec3", c.Name, typ)
		default:
			continue
		}
		ps = append(ps, at)
	}
	for _, p := range l.Parameters {
		at := installations.Problem{File: inst.File, Line: p.Line, Column: 1}
		typ, ok := uniforms[p.Name]
		switch {
		case !ok && p.Found:
			continue // a field that was saved anew may do without it
		case !ok:
			at.Message = fmt.Sprintf("parameter %s: the field %s has no uniform of that name", p.Name, l.FieldFile)
		case standard[p.Name] != check.Type{}:
			at.Message = fmt.Sprintf("parameter %s: this uniform is set by the engine, not by a parameter", p.Name)
		case typ.Kind != check.Float && typ.Kind != check.Int:
			at.Message = fmt.Sprintf("parameter %s: the uniform is %v; a parameter sets a float or an int", p.Name, typ)
		default:
			continue
		}
		ps = append(ps, at)
	}
	return ps
}

// bindInputs finds where each input goes.
func bindInputs(f *kage.Field, l *installations.Layer) inputs {
	in := inputs{time: -1, seed: -1, count: -1, place: -1, affect: -1, crowd: -1, pulse: -1, whole: -1, persons: -1, spot: -1, own: -1, rhythm: -1, room: roomFor(f)}
	for _, u := range f.Uniforms() {
		in.words = max(in.words, u.Offset+u.Words)
		switch u.Name {
		case "Time":
			in.time = u.Offset
		case "Seed":
			in.seed = u.Offset
		case "CellCount":
			in.count = u.Offset
		case "CellPlace":
			in.place = u.Offset
		case "CellAffect":
			in.affect = u.Offset
		case "CellCrowd":
			in.crowd = u.Offset
		case "CellPulse":
			in.pulse = u.Offset
		case "Whole":
			in.whole = u.Offset
		case "PersonCount":
			in.persons = u.Offset
		case "PersonPlace":
			in.spot = u.Offset
		case "PersonColour":
			in.own = u.Offset
			wheel() // before the first frame needs it
		case "PersonPulse":
			in.rhythm = u.Offset
		default:
			for k := range l.Colours {
				if l.Colours[k].Name == u.Name {
					t := tint{at: u.Offset}
					t.rgb, _ = colourOf(&l.Colours[k])
					in.colours = append(in.colours, t)
				}
			}
			for k := range l.Parameters {
				if l.Parameters[k].Name == u.Name {
					in.params = append(in.params, param{at: u.Offset, index: k, kind: u.Type.Kind})
				}
			}
		}
	}
	return in
}

// fill writes all inputs but time and seed.
func (in *inputs) fill(words []uint32, l *show.Layer, people *signal.Cells) {
	for _, p := range in.params {
		v := l.Value(p.index)
		if p.kind == check.Int {
			// Held to where float32 is exact: past int32 the conversion would
			// differ by machine.
			words[p.at] = uint32(int32(min(max(v, -1<<24), 1<<24)))
		} else {
			words[p.at] = math.Float32bits(v)
		}
	}
	for i := range in.colours {
		c := &in.colours[i]
		words[c.at], words[c.at+1], words[c.at+2] = math.Float32bits(c.rgb[0]), math.Float32bits(c.rgb[1]), math.Float32bits(c.rgb[2])
	}
	if in.count >= 0 {
		words[in.count] = uint32(len(in.places))
	}
	for i, c := range in.places {
		s := people.Cell(i)
		put(words, in.place, i, c.At[0], c.At[1], c.At[2], c.Radius)
		putAffect(words, in.affect, i, s)
		put(words, in.crowd, i, s.Coherence, s.Fragmentation, float32(s.People), s.Synchrony)
		put(words, in.pulse, i, s.Heart, s.Beat, s.BreathPhase, s.BreathCoherence)
	}
	in.fillOwn(words, people.Own())
	if in.whole >= 0 {
		s := people.Cell(-1)
		putAffect(words, in.whole, 0, s)
		put(words, in.whole, 1, s.Coherence, s.Fragmentation, float32(s.People), s.Synchrony)
		put(words, in.whole, 2, s.Heart, s.Beat, s.BreathPhase, s.BreathCoherence)
	}
}

// putAffect writes valence and arousal as far as they are known: no signal
// moves nothing.
func putAffect(words []uint32, at, i int, s signal.CellState) {
	put(words, at, i, show.Read(s, "valence"), show.Read(s, "arousal"), max(s.ValenceConfidence, s.ArousalConfidence), s.Presence)
}

// put writes element i of a vec4 array that begins at at, if there is one.
func put(words []uint32, at, i int, x, y, z, w float32) {
	if at < 0 {
		return
	}
	at += 4 * i
	words[at] = math.Float32bits(x)
	words[at+1] = math.Float32bits(y)
	words[at+2] = math.Float32bits(z)
	words[at+3] = math.Float32bits(w)
}
