package show

import (
	"fmt"
	"slices"
	"strings"

	"noctiluca/installations"
)

// Registry is every parameter of a show: what can be turned, by whatever way.
// It is made once from the installation and does not change, so any number of
// goroutines may read it.
type Registry struct {
	Specs  []Spec
	byPath map[string]ID

	scenes []sceneIDs
	cells  int
	// Channels are the strips of the mixer.
	Channels []ChannelIDs
	Cross    ID // /cross: 0 is deck A, 1 is deck B
	Master   MasterIDs
	// Amounts and Speeds belong to the first Slots modulators.
	Amounts, Speeds []ID
}

// Slots is how many modulators have parameters of their own.
const Slots = 16

// MaxChannels is how many channels a mixer can have.
const MaxChannels = 32

// sceneIDs says where a scene's parameters lie.
type sceneIDs struct {
	layers []layerIDs
	colour [3]uint8
}

type layerIDs struct {
	level ID
	first ID // of the field's own parameters, which follow one another
	count int
}

// ChannelIDs are the parameters of one channel.
type ChannelIDs struct{ Level, Scene, Blend, Mute, Solo, Deck, Group ID }

// MasterIDs are the parameters of what comes last.
type MasterIDs struct {
	Level, Hue, Saturation, Sparkle          ID
	Freeze, Blackout, Panic, Fade, Modulated ID
}

// Blends are the modes in which a channel meets those under it, in the order
// of the choices of /channel/N/blend.
var Blends = []string{"normal", "add", "multiply", "screen", "lighten", "mask"}

// Decks are the choices of /channel/N/deck.
var Decks = []string{"main", "A", "B"}

// NewRegistry lists the parameters of an installation with that many channels.
func NewRegistry(inst *installations.Installation, channels int) *Registry {
	r := &Registry{byPath: map[string]ID{}, cells: len(inst.Cells)}
	for i := range inst.Scenes {
		scene := &inst.Scenes[i]
		ids := sceneIDs{colour: placeColour(i)}
		if scene.Colour != nil {
			ids.colour = *scene.Colour
		}
		for k := range scene.Layers {
			l := &scene.Layers[k]
			stem := "/scene/" + scene.Name + "/" + l.Name
			li := layerIDs{count: len(l.Parameters)}
			li.level = r.add(Spec{Path: stem + "/level", Label: l.Name, Min: 0, Max: 1, Default: l.Level, Curve: Square, Glide: 0.05})
			li.first = ID(len(r.Specs))
			for _, p := range l.Parameters {
				s := Spec{Path: stem + "/" + p.Name, Label: p.Name, Min: p.Min, Max: p.Max, Default: p.Default, Glide: 0.05}
				if p.Integrate {
					s.Unit = "Hz"
				}
				if p.Unit != "" {
					s.Unit = p.Unit
				}
				s.Curve = curveOf(&p)
				r.add(s)
			}
			ids.layers = append(ids.layers, li)
		}
		r.scenes = append(r.scenes, ids)
	}
	sceneNames := []string{"none"}
	for i := range inst.Scenes {
		sceneNames = append(sceneNames, inst.Scenes[i].Name)
	}
	groups := []string{"everything"}
	for i := range inst.Groups {
		groups = append(groups, inst.Groups[i].Name)
	}
	for c := range channels {
		stem := fmt.Sprintf("/channel/%d/", c+1)
		label := fmt.Sprintf("Channel %d ", c+1)
		scene := float32(0)
		if c < len(inst.Scenes) {
			scene = float32(c + 1)
		}
		level := float32(0)
		if c == 0 {
			level = 1
		}
		choice := func(leaf string, choices []string, at float32, glide float32) ID {
			return r.add(Spec{Path: stem + leaf, Label: label + leaf, Kind: Choice, Choices: choices, Max: float32(len(choices) - 1), Default: at, Glide: glide})
		}
		r.Channels = append(r.Channels, ChannelIDs{
			Level: r.add(Spec{Path: stem + "level", Label: label + "level", Max: 1, Default: level, Curve: Square, Glide: 0.05}),
			Scene: choice("scene", sceneNames, scene, 1),
			Blend: choice("blend", Blends, 0, 0.5),
			Mute:  r.add(Spec{Path: stem + "mute", Label: label + "mute", Kind: Switch, Max: 1, Glide: 0.2}),
			Solo:  r.add(Spec{Path: stem + "solo", Label: label + "solo", Kind: Switch, Max: 1, Glide: 0.2}),
			Deck:  choice("deck", Decks, 0, 0.5),
			Group: choice("group", groups, 0, 0.5),
		})
	}
	r.Cross = r.add(Spec{Path: "/cross", Label: "Crossfader", Max: 1, Glide: 0.05})
	m := &r.Master
	m.Level = r.add(Spec{Path: "/master/level", Label: "Master", Max: 1, Default: 1, Curve: Square, Glide: 0.05})
	m.Hue = r.add(Spec{Path: "/master/hue", Label: "Hue turn", Unit: "turns", Min: -0.5, Max: 0.5, Glide: 0.05})
	m.Saturation = r.add(Spec{Path: "/master/saturation", Label: "Saturation", Max: 1, Default: 1, Glide: 0.05})
	m.Sparkle = r.add(Spec{Path: "/master/sparkle", Label: "Sparkle", Max: 1, Glide: 0.1})
	m.Freeze = r.add(Spec{Path: "/master/freeze", Label: "Freeze", Kind: Switch, Max: 1, Glide: 0.5, Momentary: true})
	m.Blackout = r.add(Spec{Path: "/master/blackout", Label: "Blackout", Kind: Switch, Max: 1, Glide: 2, Momentary: true})
	m.Panic = r.add(Spec{Path: "/master/panic", Label: "Panic", Kind: Switch, Max: 1, Glide: 1, Momentary: true})
	m.Fade = r.add(Spec{Path: "/master/fade", Label: "Blackout fade", Unit: "s", Min: 0, Max: 30, Default: 2, Curve: Square, Glide: 0.05})
	m.Modulated = r.add(Spec{Path: "/master/modulation", Label: "Modulation", Max: 1, Default: 1, Glide: 0.2})
	for i := range Slots {
		stem := fmt.Sprintf("/modulator/%d/", i+1)
		r.Amounts = append(r.Amounts, r.add(Spec{Path: stem + "amount", Label: fmt.Sprintf("Modulator %d amount", i+1), Max: 1, Default: 1, Glide: 0.1}))
		r.Speeds = append(r.Speeds, r.add(Spec{Path: stem + "speed", Label: fmt.Sprintf("Modulator %d speed", i+1), Unit: "×", Min: 0.0625, Max: 16, Default: 1, Curve: Exponential, Glide: 0.1}))
	}
	return r
}

func (r *Registry) add(s Spec) ID {
	id := ID(len(r.Specs))
	r.Specs = append(r.Specs, s)
	r.byPath[s.Path] = id
	return id
}

// Find gives the parameter of a path. The error names the nearest there is.
func (r *Registry) Find(path string) (ID, error) {
	if id, ok := r.byPath[path]; ok {
		return id, nil
	}
	return -1, fmt.Errorf("there is no parameter %q%s", path, r.near(path))
}

// near finds the parameters that a mistaken path may have meant.
func (r *Registry) near(path string) string {
	_, leaf := split(path)
	var like []string
	for i := range r.Specs {
		if _, l := split(r.Specs[i].Path); strings.EqualFold(l, leaf) || strings.EqualFold(r.Specs[i].Path, path) {
			like = append(like, r.Specs[i].Path)
		}
	}
	slices.Sort(like)
	switch {
	case len(like) == 0:
		return "; noctiluca midi map lists them"
	case len(like) > 3:
		like = like[:3]
	}
	return "; there is " + strings.Join(like, ", ")
}

// split cuts a path before its last part.
func split(path string) (stem, leaf string) {
	i := strings.LastIndexByte(path, '/')
	return path[:max(i, 0)], path[i+1:]
}

// Scenes is how many scenes there are.
func (r *Registry) Scenes() int { return len(r.scenes) }

// LayerParameters are the parameters of a layer of a scene: its level, and
// the range first…first+count of those that its field reads.
func (r *Registry) LayerParameters(scene, layer int) (level, first ID, count int) {
	l := &r.scenes[scene].layers[layer]
	return l.level, l.first, l.count
}

// Layers is how many layers a scene has.
func (r *Registry) Layers(scene int) int { return len(r.scenes[scene].layers) }

// Colour is a scene's colour for people: of its pad on a controller, of its
// name in a window. It is the installation's, or else one by its place.
func (r *Registry) Colour(scene int) [3]uint8 { return r.scenes[scene].colour }

// placeColour gives scenes hues a golden angle apart, so that neighbours
// differ, beginning with the blue-green of the sea.
func placeColour(scene int) [3]uint8 {
	const golden = 0.381966
	h := 0.45 + float64(scene)*golden
	h -= float64(int(h))
	c := [3]uint8{}
	for i, at := range []float64{0, 1. / 3, 2. / 3} {
		d := h - at
		if d < 0 {
			d = -d
		}
		d = min(d, 1-d) * 6
		c[i] = uint8(255 * min(max(2-d, 0), 1))
	}
	return c
}

// curveOf is the curve that the installation gives a parameter, or else the
// one that suits: rates are felt as factors.
func curveOf(p *installations.Parameter) Curve {
	switch {
	case p.Curve == "square":
		return Square
	case p.Curve == "exponential", p.Curve == "" && p.Integrate && p.Min > 0:
		return Exponential
	}
	return Linear
}
