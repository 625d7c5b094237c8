package engine

import (
	"sync"

	"noctiluca/engine/light/colour"
	"noctiluca/engine/signal"
)

// wheel is colour.Wheel, made when first asked for.
var wheel = sync.OnceValue(colour.Wheel)

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

// fillOwn writes the light of each person's own; what nobody has is 0.
func (in *inputs) fillOwn(words []uint32, own []signal.Own) {
	if in.persons >= 0 {
		words[in.persons] = uint32(len(own))
	}
	for _, at := range [...]int{in.spot, in.own, in.rhythm} {
		if at >= 0 {
			clear(words[at+4*len(own) : at+4*signal.MaxOwn])
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
