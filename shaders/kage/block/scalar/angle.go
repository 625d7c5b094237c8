package scalar

// Half of pi in two parts: the first has 33 bits, so that its product with a
// whole number below 2^20 is exact in float64, the second the 53 bits after.
const (
	halfPi1 = 0x1.921fb544p+0
	halfPi2 = 0x1.0b4611a626331p-34
	pi1     = 2 * halfPi1
	pi2     = 2 * halfPi2
	invPi   = 0x1.45f306dc9c883p-2 // 1/pi

	// roundWide added to a float64 below 2^51 leaves it rounded to a whole
	// number, in the low bits.
	roundWide = 0x1.8p+52

	// angleMax is the largest angle taken as it is, 2^40. Neighbouring
	// floats are then 131072 apart.
	angleMax = 0x1p+40
)

// angle is x, or 0 when it is beyond angleMax; NaN when it is not finite.
func angle(x float32) float32 {
	if abs(x) <= angleMax {
		return x
	}
	return x - x
}

// sinHalfTurn is the sine of r, |r| ≤ 1.6; relative error of the polynomial 2^-27.
func sinHalfTurn(r float32) float32 {
	z := float32(r * r)
	p := float32(z*float(0x362e7362)) + float(0xb94fb09c)
	p = float32(p*z) + float(0x3c088743)
	p = float32(p*z) + float(0xbe2aaaa5)
	return r + float32(r*float32(p*z))
}

// Sin is the sine of x radians.
func Sin(x float32) float32 {
	w := float64(angle(x))
	u := float64(w*invPi) + roundWide
	k := u - roundWide // whole half turns
	r := float32((w - float64(k*pi1)) - float64(k*pi2))
	return float(bits(sinHalfTurn(r)) ^ low(u)<<31)
}

// Cos is the cosine of x radians.
func Cos(x float32) float32 {
	w := float64(angle(x))
	u := (float64(w*invPi) - 0.5) + roundWide
	k := (u - roundWide) + 0.5 // half turns to the nearest zero of the cosine
	r := float32((w - float64(k*pi1)) - float64(k*pi2))
	return float(bits(sinHalfTurn(r)) ^ (low(u)<<31 ^ 1<<31))
}

// Tan is the tangent of x radians.
func Tan(x float32) float32 {
	w := float64(angle(x))
	u := float64(w*(2*invPi)) + roundWide
	k := u - roundWide // quarter turns
	r := float32((w - float64(k*halfPi1)) - float64(k*halfPi2))
	z := float32(r * r)
	p := float32(z*float(0x3c1bd6bb)) + float(0x3b3ea1f0)
	p = float32(p*z) + float(0x3cc93285)
	p = float32(p*z) + float(0x3d5aa011)
	p = float32(p*z) + float(0x3e0897fc)
	p = float32(p*z) + float(0x3eaaaa6a)
	t := r + float32(r*float32(p*z))
	if low(u)&1 != 0 {
		return -1 / t
	}
	return t / 1
}

// Pi and its half as the nearest float32 and what is missing from it.
const (
	piHigh     = 0x1.921fb6p+1
	piLow      = -0x1.777a5cp-24
	halfPiHigh = 0x1.921fb6p+0
	halfPiLow  = -0x1.777a5cp-25
)

// arc gives what Asin and Acos share: the arc sine of s, with z = s*s, s ≤ 0.5.
func arc(s, z float32) float32 {
	p := float32(z*float(0x3d2cae49)) + float(0x3cc61f14)
	p = float32(p*z) + float(0x3d3a3ddd)
	p = float32(p*z) + float(0x3d998102)
	p = float32(p*z) + float(0x3e2aaae4)
	return s + float32(s*float32(p*z))
}

// Asin is the angle in -pi/2…pi/2 whose sine is x; NaN outside -1…1.
func Asin(x float32) float32 {
	a := abs(x)
	var r float32
	if 0.5 < a { // by the half angle
		z := float32((1 - a) * 0.5)
		p := arc(Sqrt(z), z)
		r = halfPiHigh - ((p + p) - halfPiLow)
	} else {
		r = arc(a, float32(a*a))
	}
	return float(bits(r) ^ sign(x))
}

// Acos is the angle in 0…pi whose cosine is x; NaN outside -1…1.
func Acos(x float32) float32 {
	a := abs(x)
	if 0.5 < a {
		z := float32((1 - a) * 0.5)
		p := arc(Sqrt(z), z)
		t := p + p
		if x < 0 {
			return piHigh - (t - piLow)
		}
		return t
	}
	p := float(bits(arc(a, float32(a*a))) ^ sign(x))
	return halfPiHigh - (p - halfPiLow)
}

// arcTan is the arc tangent of q, 0…1.
func arcTan(q float32) float32 {
	z := float32(q * q)
	p := float32(z*float(0x3b3f6034)) + float(0xbc860fad)
	p = float32(p*z) + float(0x3d30f8bf)
	p = float32(p*z) + float(0xbd9aa898)
	p = float32(p*z) + float(0x3dda6f59)
	p = float32(p*z) + float(0xbe11854a)
	p = float32(p*z) + float(0x3e4cbc76)
	p = float32(p*z) + float(0xbeaaaa6e)
	return q + float32(q*float32(p*z))
}

// Atan is the angle in -pi/2…pi/2 whose tangent is x.
func Atan(x float32) float32 {
	a := abs(x)
	var r float32
	if 1 < a {
		r = halfPiHigh - (arcTan(1/a) - halfPiLow)
	} else {
		r = arcTan(a / 1)
	}
	return float(bits(r) ^ sign(x))
}

// Atan2 is the angle in -pi…pi of the point (x, y) from the x axis. Zeros
// and infinities, with their signs, are as in IEEE 754.
func Atan2(y, x float32) float32 {
	ay, ax := abs(y), abs(x)
	num, den, steep := ay, ax, ax < ay
	if steep {
		num, den = ax, ay
	}
	q := num / den
	if num == den { // also 0/0 and inf/inf
		q = 0
		if 0 < den {
			q = 1
		}
	}
	left := sign(x) != 0
	p := arcTan(q)
	if steep == left { // the angle grows with p
		p = -p
	}
	high, low := float32(0), float32(0)
	switch {
	case steep:
		high, low = halfPiHigh, halfPiLow
	case left:
		high, low = piHigh, piLow
	}
	r := high - (p - low)
	return float(bits(r) ^ sign(y))
}
