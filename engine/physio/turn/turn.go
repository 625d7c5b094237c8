// Package turn computes with angles counted in turns (cycles): 0.25 is a
// quarter of the circle. It is for the phases of hearts and breaths and for
// the coefficients of filters. It is not a general maths library.
//
// The one idea it owns: the same bits on every machine. Package math may use
// an assembly routine or fuse a multiplication with an addition where the
// processor has such an instruction, so its results differ by machine; here
// everything is additions, multiplications and divisions in a fixed order,
// each rounded on its own.
package turn

import "math"

// Wrap brings an angle into 0…1. NaN and infinities give 0.
func Wrap(x float64) float64 {
	x -= math.Floor(x)
	if !(x >= 0 && x < 1) { // rounding at tiny negatives; NaN; infinities
		return 0
	}
	return x
}

// Near brings an angle into −0.5…0.5: the shorter way round.
func Near(x float64) float64 {
	x = Wrap(x)
	if x >= 0.5 {
		x--
	}
	return x
}

// The Taylor series of sin and cos about 0, in the order of evaluation. On
// an eighth of a turn (π/4) the first term left out is under 4e-18.
var (
	sinSeries = [...]float64{-1.0 / 1307674368000, 1.0 / 6227020800, -1.0 / 39916800, 1.0 / 362880, -1.0 / 5040, 1.0 / 120, -1.0 / 6}
	cosSeries = [...]float64{1.0 / 20922789888000, -1.0 / 87178291200, 1.0 / 479001600, -1.0 / 3628800, 1.0 / 40320, -1.0 / 720, 1.0 / 24, -1.0 / 2}
)

// SinCos gives the sine and the cosine of an angle in turns, to about 2e-16.
// NaN and infinities count as 0.
func SinCos(x float64) (sin, cos float64) {
	x = Wrap(x)
	eighth := math.Floor(x * 8)  // 0…7
	quarter := int(eighth+1) / 2 // nearest quarter: 0…4
	r := (x - float64(quarter)*0.25) * (2 * math.Pi)
	r2 := r * r
	s := sinSeries[0]
	for _, c := range sinSeries[1:] {
		s = float64(s*r2) + c
	}
	s = float64(float64(s*r2)*r) + r
	c := cosSeries[0]
	for _, k := range cosSeries[1:] {
		c = float64(c*r2) + k
	}
	c = float64(c*r2) + 1
	switch quarter & 3 {
	case 1:
		return c, -s
	case 2:
		return -s, -c
	case 3:
		return -c, s
	}
	return s, c
}

// Tan is the tangent of an angle in turns.
func Tan(x float64) float64 {
	s, c := SinCos(x)
	return s / c
}

// Atan2 gives the angle of the point (x, y) in turns, 0…1, to about 1e-15;
// 0 for the origin.
func Atan2(y, x float64) float64 {
	ax, ay := math.Abs(x), math.Abs(y)
	if !(ax > 0 || ay > 0) || math.IsInf(ax, 0) || math.IsInf(ay, 0) {
		return 0
	}
	swap := ay > ax
	if swap {
		ax, ay = ay, ax
	}
	t := ay / ax // 0…1
	// Halve the angle twice, atan t = 2 atan(t/(1+√(1+t²))), so that the
	// series below runs on 0…0.199.
	t /= 1 + math.Sqrt(1+float64(t*t))
	t /= 1 + math.Sqrt(1+float64(t*t))
	t2 := t * t
	a := 0.0
	for k := 21; k >= 3; k -= 2 { // Gregory: t − t³/3 + t⁵/5 …
		c := 1 / float64(k)
		if k%4 == 3 {
			c = -c
		}
		a = float64(a*t2) + c
	}
	a = float64(float64(a*t2)*t) + t
	a *= 4 / (2 * math.Pi)
	if swap {
		a = 0.25 - a
	}
	if x < 0 {
		a = 0.5 - a
	}
	if y < 0 {
		a = -a
	}
	return Wrap(a)
}
