// Package camera is where the window looks from: an orbit round a point, and
// the projection of points in space to points of a picture.
//
// It draws nothing and knows no input device: it is told by how much to turn.
// The one idea it owns: the orbit. Whatever it is told, the eye stays above
// the ground and outside of what it looks at.
package camera

import "math"

// Vec is a point or a direction, metres: x right, y up, z towards the viewer.
type Vec [3]float32

func (a Vec) Add(b Vec) Vec             { return Vec{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }
func (a Vec) Sub(b Vec) Vec             { return Vec{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }
func (a Vec) Times(k float32) Vec       { return Vec{a[0] * k, a[1] * k, a[2] * k} }
func (a Vec) Dot(b Vec) float32         { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }
func (a Vec) Length() float32           { return float32(math.Sqrt(float64(a.Dot(a)))) }
func (a Vec) Distance(b Vec) float32    { return a.Sub(b).Length() }
func (a Vec) Lerp(b Vec, k float32) Vec { return a.Add(b.Sub(a).Times(k)) }

// Cross is the vector product.
func (a Vec) Cross(b Vec) Vec {
	return Vec{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

// Unit is a of length 1; the zero vector stays.
func (a Vec) Unit() Vec {
	if l := a.Length(); l > 0 {
		return a.Times(1 / l)
	}
	return a
}

// Orbit is a camera on a sphere round a target. Its methods are called from
// one goroutine.
type Orbit struct {
	Target   Vec
	Yaw      float32 // radians; 0 looks along −z, from the viewer's side
	Pitch    float32 // radians; positive looks down
	Distance float32 // metres from the target
	Field    float32 // vertical angle of view, radians
	// Floor is the lowest y of the eye, metres.
	Floor float32
	// Near and Far bound Distance; Reach bounds how far the target moves from
	// where it was at home, metres.
	Near, Far, Reach float32

	home *Orbit
	goal *Orbit // what it eases to, nil when it is there
}

// SetHome makes the present place the one that Home returns to.
func (o *Orbit) SetHome() {
	h := *o
	h.home, h.goal = nil, nil
	o.home = &h
}

// Home eases back to the place of SetHome.
func (o *Orbit) Home() {
	if o.home == nil {
		return
	}
	g := *o.home
	// The short way round.
	turn := float32(2 * math.Pi)
	g.Yaw += turn * float32(math.Round(float64((o.Yaw-g.Yaw)/turn)))
	o.goal = &g
}

// Turn orbits by angles in radians.
func (o *Orbit) Turn(yaw, pitch float32) {
	o.goal = nil
	o.Yaw += yaw
	o.Pitch = min(max(o.Pitch+pitch, -1.2), 1.5)
	o.settle()
}

// Zoom multiplies the distance to the target.
func (o *Orbit) Zoom(factor float32) {
	o.goal = nil
	o.Distance = min(max(o.Distance*factor, o.Near), o.Far)
	o.settle()
}

// Pan moves the target in the picture's plane; 1 is the picture's height.
func (o *Orbit) Pan(right, up float32) {
	o.goal = nil
	v := o.View(1, 1)
	k := 2 * o.Distance * float32(math.Tan(float64(o.Field)/2))
	o.Target = o.Target.Add(v.Right.Times(right * k)).Add(v.Up.Times(up * k))
	if o.home != nil {
		if d := o.Target.Sub(o.home.Target); d.Length() > o.Reach {
			o.Target = o.home.Target.Add(d.Unit().Times(o.Reach))
		}
	}
	o.settle()
}

// Step goes on by dt seconds with what eases.
func (o *Orbit) Step(dt float32) {
	if o.goal == nil {
		return
	}
	k := 1 - float32(math.Exp(-float64(dt)*3))
	g := o.goal
	o.Target = o.Target.Lerp(g.Target, k)
	o.Yaw += (g.Yaw - o.Yaw) * k
	o.Pitch += (g.Pitch - o.Pitch) * k
	o.Distance += (g.Distance - o.Distance) * k
	if o.Target.Distance(g.Target) < 1e-3 && math.Abs(float64(o.Yaw-g.Yaw)) < 1e-4 && math.Abs(float64(o.Distance-g.Distance)) < 1e-3 {
		o.goal = nil
	}
}

// settle keeps the eye above the floor: it lifts the pitch, and where that is
// not enough, the target.
func (o *Orbit) settle() {
	if y := o.Eye()[1]; y >= o.Floor {
		return
	}
	if s := (o.Floor - o.Target[1]) / o.Distance; s > -1 && s < 1 {
		o.Pitch = float32(math.Asin(float64(s)))
		return
	}
	o.Target[1] += o.Floor - o.Eye()[1]
}

// Eye is where the camera is.
func (o *Orbit) Eye() Vec {
	sy, cy := math.Sincos(float64(o.Yaw))
	sp, cp := math.Sincos(float64(o.Pitch))
	d := float64(o.Distance)
	return o.Target.Add(Vec{float32(d * cp * sy), float32(d * sp), float32(d * cp * cy)})
}

// View is the projection to a picture of the given size, pixels.
func (o *Orbit) View(width, height int) View {
	v := View{Eye: o.Eye(), Width: float32(width), Height: float32(height)}
	v.Forward = o.Target.Sub(v.Eye).Unit()
	sy, cy := math.Sincos(float64(o.Yaw))
	v.Right = Vec{float32(cy), 0, float32(-sy)}
	v.Up = v.Right.Cross(v.Forward)
	v.Focal = float32(height) / 2 / float32(math.Tan(float64(o.Field)/2))
	v.Focus = o.Distance
	return v
}

// View projects points to a picture. It is a value and does not change.
type View struct {
	Eye, Right, Up, Forward Vec
	Focal                   float32 // of 1 m at 1 m, in pixels
	Width, Height           float32 // of the picture, pixels
	Focus                   float32 // metres to what the camera looks at
}

// Near is the nearest depth that is drawn, metres.
const Near = 0.12

// Project gives the pixel of a point, y down, and its depth along the line of
// sight in metres. A depth under Near has no pixel.
func (v *View) Project(p Vec) (x, y, depth float32) {
	// In numbers of their own: an array is kept in memory.
	dx, dy, dz := p[0]-v.Eye[0], p[1]-v.Eye[1], p[2]-v.Eye[2]
	depth = dx*v.Forward[0] + dy*v.Forward[1] + dz*v.Forward[2]
	if depth < Near {
		return 0, 0, depth
	}
	k := v.Focal / depth
	return v.Width/2 + k*(dx*v.Right[0]+dy*v.Right[1]+dz*v.Right[2]), v.Height/2 - k*(dx*v.Up[0]+dy*v.Up[1]+dz*v.Up[2]), depth
}

// Ray is the direction of a pixel, with a length of 1 along the line of sight.
func (v *View) Ray(x, y float32) Vec {
	return v.Forward.Add(v.Right.Times((x - v.Width/2) / v.Focal)).Add(v.Up.Times((v.Height/2 - y) / v.Focal))
}

// Mirrored is the view of the same picture in a level mirror at height y:
// what it projects is where a reflection is seen.
func (v View) Mirrored(y float32) View {
	v.Eye[1] = 2*y - v.Eye[1]
	v.Forward[1] = -v.Forward[1]
	v.Right[1] = -v.Right[1]
	v.Up[1] = -v.Up[1]
	return v
}

// Scaled is the view in a picture of another size, of the same shape.
func (v View) Scaled(width, height int) View {
	k := float32(height) / v.Height
	v.Focal *= k
	v.Width, v.Height = float32(width), float32(height)
	return v
}
