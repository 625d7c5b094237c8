// Package space is the geometry of fixtures: points and directions in metres
// (x right, y up, z towards the viewer), turns, sine and cosine.
//
// The one idea it owns: the same bits on every machine. A Go compiler may
// fuse x*y + z into one rounding where the processor can, and the maths
// library does so by hand on some, so every product here is rounded by an
// explicit conversion and sine and cosine are built of such operations. It is
// not for the frame path, which has shaders/kage for that.
package space

import "math"

// V is a point or a direction.
type V struct{ X, Y, Z float64 }

// Of makes a V of three numbers.
func Of(p [3]float64) V { return V{p[0], p[1], p[2]} }

// Add is a + b.
func (a V) Add(b V) V { return V{a.X + b.X, a.Y + b.Y, a.Z + b.Z} }

// Sub is a − b.
func (a V) Sub(b V) V { return V{a.X - b.X, a.Y - b.Y, a.Z - b.Z} }

// Times is a × k.
func (a V) Times(k float64) V { return V{float64(a.X * k), float64(a.Y * k), float64(a.Z * k)} }

// Dot is the scalar product.
func (a V) Dot(b V) float64 {
	return float64(a.X*b.X) + float64(a.Y*b.Y) + float64(a.Z*b.Z)
}

// Cross is the vector product.
func (a V) Cross(b V) V {
	return V{
		float64(a.Y*b.Z) - float64(a.Z*b.Y),
		float64(a.Z*b.X) - float64(a.X*b.Z),
		float64(a.X*b.Y) - float64(a.Y*b.X),
	}
}

// Length is the distance from the origin.
func (a V) Length() float64 { return math.Sqrt(a.Dot(a)) }

// Unit is the direction of a, and up where a has none.
func (a V) Unit() V {
	if n := a.Length(); n > 1e-12 {
		return V{a.X / n, a.Y / n, a.Z / n}
	}
	return V{0, 1, 0}
}

// Lerp is the point t of the way from a to b.
func (a V) Lerp(b V, t float64) V { return a.Add(b.Sub(a).Times(t)) }

// Side is a direction at right angles to the direction a, the same for the
// same a and changing smoothly but at one pole.
func (a V) Side() V {
	if math.Abs(a.Y) < 0.9 {
		return V{0, 1, 0}.Cross(a).Unit()
	}
	return V{1, 0, 0}.Cross(a).Unit()
}

// About turns a by an angle in radians about the axis, a unit vector, counter-
// clockwise as seen from the axis's tip (Rodrigues' formula).
func (a V) About(axis V, angle float64) V {
	s, c := SinCos(angle)
	return a.Times(c).Add(axis.Cross(a).Times(s)).Add(axis.Times(float64(axis.Dot(a) * (1 - c))))
}

// Degrees turns a by angles in degrees about x, then y, then z.
func (a V) Degrees(turn [3]float64) V {
	if turn[0] != 0 {
		s, c := SinCosDegrees(turn[0])
		a.Y, a.Z = float64(a.Y*c)-float64(a.Z*s), float64(a.Y*s)+float64(a.Z*c)
	}
	if turn[1] != 0 {
		s, c := SinCosDegrees(turn[1])
		a.Z, a.X = float64(a.Z*c)-float64(a.X*s), float64(a.Z*s)+float64(a.X*c)
	}
	if turn[2] != 0 {
		s, c := SinCosDegrees(turn[2])
		a.X, a.Y = float64(a.X*c)-float64(a.Y*s), float64(a.X*s)+float64(a.Y*c)
	}
	return a
}

// π/2 in two parts, the first of 33 bits, so that its product with a whole
// number under 2²⁰ is exact (Cody and Waite; the parts are fdlibm's,
// e_rem_pio2.c).
const (
	halfPi1 = 1.57079632673412561417e+00
	halfPi2 = 6.07710050650619224932e-11
)

// SinCos gives the sine and cosine of an angle in radians, to 1e-12 for
// angles within ±1e5. Beyond ±1e6, and for what is not a number, it gives 0, 1.
func SinCos(x float64) (sin, cos float64) {
	if !(math.Abs(x) <= 1e6) {
		return 0, 1
	}
	k := math.Floor(float64(x*(2/math.Pi)) + 0.5)
	y := (x - float64(k*halfPi1)) - float64(k*halfPi2)
	return quadrant(y, int(k))
}

// SinCosDegrees is SinCos of an angle in degrees, exact at multiples of 90.
func SinCosDegrees(x float64) (sin, cos float64) {
	if !(math.Abs(x) <= 1e9) {
		return 0, 1
	}
	k := math.Floor(float64(x/90) + 0.5)
	return quadrant(float64((x-float64(k*90))*(math.Pi/180)), int(k))
}

// quadrant gives sine and cosine of y + k·π/2 for |y| ≤ π/4, by Taylor's
// series to the 17th and 18th power: the rest is under 1e-18.
func quadrant(y float64, k int) (sin, cos float64) {
	z := float64(y * y)
	s := 1.0 / 355687428096000
	for _, c := range [...]float64{-1.0 / 1307674368000, 1.0 / 6227020800, -1.0 / 39916800, 1.0 / 362880, -1.0 / 5040, 1.0 / 120, -1.0 / 6, 1} {
		s = float64(s*z) + c
	}
	s = float64(s * y)
	c := -1.0 / 6402373705728000
	for _, d := range [...]float64{1.0 / 20922789888000, -1.0 / 87178291200, 1.0 / 479001600, -1.0 / 3628800, 1.0 / 40320, -1.0 / 720, 1.0 / 24, -1.0 / 2, 1} {
		c = float64(c*z) + d
	}
	switch k & 3 {
	case 1:
		return c, -s
	case 2:
		return -s, -c
	case 3:
		return -c, s
	}
	return s, c
}
