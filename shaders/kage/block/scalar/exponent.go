package scalar

import "math"

// round32 added to a float32 below 2^22 leaves it rounded to a whole number,
// in the low bits; roundBits are its own.
const (
	round32   = 0x1.8p+23
	roundBits = 0x4b400000
)

// scale is y * 2^k for k in -300…300, in two steps so that a result below
// the normal numbers is rounded once.
func scale(y float32, k int32) float32 {
	half := k >> 1
	a := float(uint32(half+127) << 23)
	b := float(uint32(k-half+127) << 23)
	return float32(float32(y*a) * b)
}

// Exp is e to the x.
func Exp(x float32) float32 {
	x = limit(x, -104, 89)
	u := float32(x*float(0x3fb8aa3b)) + round32
	n := u - round32
	// log 2 in two parts: 14 bits, whose product with n is exact, and the rest.
	r := (x - float32(n*float(0x3f317000))) - float32(n*float(0x3805fdf4))
	p := float32(r*float(0x3ab561a8)) + float(0x3c091f62)
	p = float32(p*r) + float(0x3d2aac28)
	p = float32(p*r) + float(0x3e2aaa45)
	p = float32(p*r) + float(0x3efffffe)
	y := (float32(float32(r*r)*p) + r) + 1
	return scale(y, int32(bits(u)-roundBits))
}

// power is 2 to the f, |f| ≤ 0.6.
func power(f float32) float32 {
	p := float32(f*float(0x3924ffa0)) + float(0x3aafcc9b)
	p = float32(p*f) + float(0x3c1d90be)
	p = float32(p*f) + float(0x3d6356d5)
	p = float32(p*f) + float(0x3e75fdf3)
	p = float32(p*f) + float(0x3f317219)
	return float32(p*f) + 1
}

// Exp2 is 2 to the x.
func Exp2(x float32) float32 {
	x = limit(x, -151, 129)
	u := x + round32
	return scale(power(x-(u-round32)), int32(bits(u)-roundBits))
}

// logarithm is the base-2 logarithm of a positive finite x, to about 2^-37 of it.
func logarithm(x float32) float64 {
	lift := float32(0)
	if x < 0x1p-126 { // below the normal numbers
		x = float32(x * 0x1p+24)
		lift = 24
	}
	i := bits(x)
	e := int32(i-0x3f3504f3) >> 23 // so that m is in sqrt(1/2)…sqrt(2)
	m := float(i - uint32(e)<<23)
	f := float64(m - 1)
	s := f / (f + 2)
	z := float64(s * s)
	p := float64(z*0.11791042514963425) + 0.14268658321377214
	p = float64(p*z) + 0.2000016748904648
	p = float64(p*z) + 0.3333333282342654
	t := float64(s * (2 / math.Ln2)) // log2 of m is 2/ln 2 times the inverse hyperbolic tangent of s
	return float64(float32(e)-lift) + (t + float64(t*float64(z*p)))
}

// edges gives a logarithm its values at and beyond the ends of its domain.
func edges(x, y float32) float32 {
	if 0 < x && x < inf() {
		return y
	}
	if x == 0 {
		return -inf()
	}
	if x < 0 {
		return nan()
	}
	return x
}

// Log is the natural logarithm of x: -Inf at 0 and -0, NaN below.
func Log(x float32) float32 { return edges(x, float32(logarithm(x)*math.Ln2)) }

// Log2 is the base-2 logarithm of x: -Inf at 0 and -0, NaN below.
func Log2(x float32) float32 { return edges(x, float32(logarithm(x))) }

// Pow is a to the b. As in GLSL, where it is exp2(b*log2(a)), a negative a has
// no power: NaN. Beyond GLSL, anything to the 0 and 1 to anything are 1, as in
// IEEE 754; -0 counts as 0.
func Pow(a, b float32) float32 {
	t := float64(logarithm(a) * float64(b))
	// The whole and the broken part of t; far outside the range any that
	// give the same infinity or zero.
	u := limit(float32(t), -160, 160) + round32
	n := u - round32
	f := limit(float32(t-float64(n)), -0.6, 0.6)
	y := scale(power(f), int32(bits(u)-roundBits))
	if a == 0 || a == inf() {
		e := inf()
		if a == 0 {
			e = -inf()
		}
		y = float32(e * b)
		if y < 0 {
			y = 0
		}
	}
	if !(0 <= a) {
		y = nan()
	}
	if b == 0 || a == 1 {
		y = 1
	}
	return y
}
