package engine

import (
	"math"

	"noctiluca/installations"
	"noctiluca/shaders/kage/block/scalar"
)

// surface is where a picture lies: a plane, or a cylinder that it goes round
// once. All is float32 in one order, so that every machine finds the same.
type surface struct {
	cylinder      bool
	at            [3]float32
	right, up     [3]float32 // of the picture; of a cylinder, right at its middle and the axis
	front         [3]float32 // of a cylinder: towards the picture's middle
	width, height float32    // metres
	w, h          float32    // pixels
}

func newSurface(p *installations.Picture) *surface {
	s := &surface{cylinder: p.Cylinder, width: float32(p.Width), height: float32(p.Height), w: float32(p.Pixels[0]), h: float32(p.Pixels[1])}
	var n [3]float32
	for i := range n {
		s.at[i], n[i] = float32(p.At[i]), float32(p.Normal[i])
	}
	n = unit(n)
	turn := float32(p.Turn) * (math.Pi / 180)
	sin, cos := scalar.Sin(turn), scalar.Cos(turn)
	turned := func(x, y [3]float32) [3]float32 { // x turned towards y
		for i := range x {
			x[i] = float32(x[i]*cos) + float32(y[i]*sin)
		}
		return x
	}
	if p.Cylinder {
		right := cross(n, [3]float32{0, 0, 1})
		if dot(right, right) < 1e-6 { // the axis points at the viewer
			right = [3]float32{1, 0, 0}
		}
		right = unit(right)
		front := cross(right, n)
		s.up, s.right, s.front = n, turned(right, [3]float32{-front[0], -front[1], -front[2]}), turned(front, right)
		return s
	}
	right := cross([3]float32{0, 1, 0}, n)
	if dot(right, right) < 1e-6 { // it lies on its back, or its face
		right = [3]float32{1, 0, 0}
	}
	right = unit(right)
	up := cross(n, right)
	s.right, s.up = turned(right, up), turned(up, [3]float32{-right[0], -right[1], -right[2]})
	return s
}

// find is the position on the picture, in pixels from its left upper corner,
// that a place in space sees; ok is false outside the picture.
func (s *surface) find(x, y, z float32) (u, v float32, ok bool) {
	d := [3]float32{x - s.at[0], y - s.at[1], z - s.at[2]}
	v = (0.5 - dot(d, s.up)/s.height) * s.h
	if s.cylinder {
		u = (0.5 + scalar.Atan2(dot(d, s.right), dot(d, s.front))*(0.5/math.Pi)) * s.w
		u = min(max(u, 0), math.Nextafter32(s.w, 0)) // the seam is on the picture
	} else {
		u = (0.5 + dot(d, s.right)/s.width) * s.w
	}
	return u, v, u >= 0 && u < s.w && v >= 0 && v < s.h
}

func dot(a, b [3]float32) float32 {
	return float32(a[0]*b[0]) + float32(a[1]*b[1]) + float32(a[2]*b[2])
}

func cross(a, b [3]float32) [3]float32 {
	return [3]float32{
		float32(a[1]*b[2]) - float32(a[2]*b[1]),
		float32(a[2]*b[0]) - float32(a[0]*b[2]),
		float32(a[0]*b[1]) - float32(a[1]*b[0]),
	}
}

func unit(v [3]float32) [3]float32 {
	l := scalar.Sqrt(dot(v, v))
	return [3]float32{v[0] / l, v[1] / l, v[2] / l}
}
