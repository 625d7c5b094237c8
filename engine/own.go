package engine

import (
	"fmt"
	"sync"

	"noctiluca/engine/light/colour"
	"noctiluca/engine/signal"
	"noctiluca/installations"
	"noctiluca/shaders/kage"
)

// wheel is colour.Wheel, made when first asked for.
var wheel = sync.OnceValue(colour.Wheel)

// roomFor is how many people's own lights a field has room for: the length of
// the shortest of the arrays that it declares for them; without any, all.
func roomFor(f *kage.Field) int {
	room := signal.MaxOwn
	for _, u := range f.Uniforms() {
		switch u.Name {
		case "PersonPlace", "PersonColour", "PersonPulse":
			room = min(room, u.Type.Len)
		}
	}
	return room
}

// OwnRoom warns of each field that has room for fewer people's own lights than
// the installation's governance.own_lights gives: the others are not in it.
func (e *Engine) OwnRoom() (warnings installations.Problems) {
	e.mu.Lock()
	defer e.mu.Unlock()
	lights := ownLights(e.inst)
	seen := map[string]bool{}
	for i := range e.inst.Scenes {
		for k := range e.inst.Scenes[i].Layers {
			l := &e.inst.Scenes[i].Layers[k]
			if n := roomFor(e.fields[l]); n < lights && !seen[l.FieldFile] {
				seen[l.FieldFile] = true
				warnings = append(warnings, installations.Problem{File: l.FieldFile, Warning: true, Message: fmt.Sprintf("it has room for the own lights of %d people, by its arrays Person…, and governance.own_lights is %d: those beyond are not seen in it", n, lights)})
			}
		}
	}
	return warnings
}

// ownLights is how many people can have a light of their own.
func ownLights(inst *installations.Installation) int {
	switch n := inst.Governance.OwnLights; {
	case n == 0:
		return signal.DefaultOwn
	default:
		return max(n, 0)
	}
}

// ownColour is the light of a hue in turns, of which the strongest is about 1:
// between two degrees a mixture, so that a hue that somebody turns does not go
// in steps.
func ownColour(hue float32) [3]float32 {
	w := wheel()
	x := float32(hue * 360)
	n := int(x)
	f := x - float32(n)
	a, b := &w[((n%360)+360)%360], &w[(((n+1)%360)+360)%360]
	var c [3]float32
	for i := range c {
		c[i] = a[i] + float32((b[i]-a[i])*f)
	}
	return c
}

// fillOwn writes the light of each person's own, of as many as the field has
// room for; what nobody has is 0.
func (in *inputs) fillOwn(words []uint32, own []signal.Own) {
	own = own[:min(len(own), in.room)]
	if in.persons >= 0 {
		words[in.persons] = uint32(len(own))
	}
	for _, at := range [...]int{in.spot, in.own, in.rhythm} {
		if at >= 0 {
			clear(words[at+4*len(own) : at+4*in.room])
		}
	}
	for i := range own {
		o := &own[i]
		put(words, in.spot, i, o.At[0], o.At[1], o.At[2], o.Presence)
		if in.own >= 0 {
			c := ownColour(o.Hue)
			put(words, in.own, i, c[0], c[1], c[2], o.Touch)
		}
		put(words, in.rhythm, i, o.Heart, o.Beat, o.Breath, o.Pulse)
	}
}
