// Package light is the path from a field's answer to the bytes of a wire:
// layers blended in linear light, then each output's bytes by its transfer
// curve, component order and patch.
//
// Everything before the last step is linear and float32. The order of
// operations is fixed, none is fused, so the same light gives the same bytes
// on every machine.
package light

import "fmt"

// Blend says how a layer's light joins what lies under it. Light is
// premultiplied by its coverage a.
type Blend uint8

// The blend modes. s is the layer's component times its level, d what is there.
const (
	Normal   Blend = iota // s + d × (1 − a)
	Add                   // s + d
	Screen                // s + d − s × d, each clamped to 0…1
	Lighten               // the larger of s and d
	Multiply              // d × (s + (1 − a))
)

// Blends lists the modes by the names used in files.
var blends = map[string]Blend{
	"": Normal, "normal": Normal, "add": Add, "screen": Screen, "lighten": Lighten, "multiply": Multiply,
}

// ParseBlend finds a mode by its name in the file; empty is normal.
func ParseBlend(name string) (Blend, error) {
	b, ok := blends[name]
	if !ok {
		return 0, fmt.Errorf("blend %q: expected normal, add, screen, lighten or multiply", name)
	}
	return b, nil
}

// Layer is one layer's light for a stretch of points.
type Layer struct {
	R, G, B, A []float32
	Level      float32 // 0…1, scales light and coverage
	Blend      Blend
}

// Onto blends the layer onto pixels[i] of r, g and b. A component that is
// not a number counts as dark: one bad value must not spread.
func (l *Layer) Onto(r, g, b []float32, pixels []int32) {
	level := l.Level
	for i, p := range pixels {
		sr, sg := float32(finite(l.R[i])*level), float32(finite(l.G[i])*level)
		sb, sa := float32(finite(l.B[i])*level), float32(finite(l.A[i])*level)
		r[p] = l.Blend.mix(r[p], sr, sa)
		g[p] = l.Blend.mix(g[p], sg, sa)
		b[p] = l.Blend.mix(b[p], sb, sa)
	}
}

func (b Blend) mix(d, s, a float32) float32 {
	switch b {
	case Add:
		return s + d
	case Screen:
		s, d = unit(s), unit(d)
		return (s + d) - float32(s*d)
	case Lighten:
		return max(s, d)
	case Multiply:
		return float32(d * (s + (1 - a)))
	default:
		return s + float32(d*(1-unit(a)))
	}
}

// finite turns NaN and the infinities into 0.
func finite(x float32) float32 {
	if x-x != 0 {
		return 0
	}
	return x
}

// unit clamps to 0…1.
func unit(x float32) float32 { return min(max(x, 0), 1) }
