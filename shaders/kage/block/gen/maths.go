package main

import "math"

// The functions of package scalar, which explains them, in primitives.

// poly is Horner's rule, the first coefficient that of the highest power.
func poly(b bld, x nd, c ...uint32) nd {
	p := b.FBits(c[0])
	for _, k := range c[1:] {
		p = b.Add(b.Mul(p, x), b.FBits(k))
	}
	return p
}

// limit keeps x within lo…hi; NaN stays.
func limit(b bld, x nd, lo, hi float32) nd { return b.Min(b.Max(x, b.F(lo)), b.F(hi)) }

func signOf(b bld, x nd) nd { return b.And(x, b.FBits(1<<31)) }

const (
	halfPi1   = 0x1.921fb544p+0
	halfPi2   = 0x1.0b4611a626331p-34
	invPi     = 0x1.45f306dc9c883p-2
	roundWide = 0x1.8p+52
	round32   = 0x1.8p+23
	roundBits = 0x4b400000
	log2Scale = 2 / math.Ln2
)

func angle(b bld, x nd) nd {
	return b.Select(b.FLe(b.Abs(x), b.F(0x1p40)), x, b.Sub(x, x))
}

// reduce is w - k*h for h in two parts.
func reduce(b bld, w, k nd, h1, h2 float64) nd {
	return b.Narrow(b.WSub(b.WSub(w, b.WMul(k, b.W(h1))), b.WMul(k, b.W(h2))))
}

func sinHalfTurn(b bld, r nd) nd {
	z := b.Mul(r, r)
	p := poly(b, z, 0x362e7362, 0xb94fb09c, 0x3c088743, 0xbe2aaaa5)
	return b.Add(r, b.Mul(r, b.Mul(p, z)))
}

func sin(b bld, x nd) nd {
	w := b.Wide(angle(b, x))
	u := b.WAdd(b.WMul(w, b.W(invPi)), b.W(roundWide))
	k := b.WSub(u, b.W(roundWide))
	r := reduce(b, w, k, 2*halfPi1, 2*halfPi2)
	return b.Xor(sinHalfTurn(b, r), b.Shl(b.Low(u), 31))
}

func cos(b bld, x nd) nd {
	w := b.Wide(angle(b, x))
	u := b.WAdd(b.WSub(b.WMul(w, b.W(invPi)), b.W(0.5)), b.W(roundWide))
	k := b.WAdd(b.WSub(u, b.W(roundWide)), b.W(0.5))
	r := reduce(b, w, k, 2*halfPi1, 2*halfPi2)
	return b.Xor(sinHalfTurn(b, r), b.Xor(b.Shl(b.Low(u), 31), b.I(-1<<31)))
}

func tan(b bld, x nd) nd {
	w := b.Wide(angle(b, x))
	u := b.WAdd(b.WMul(w, b.W(2*invPi)), b.W(roundWide))
	k := b.WSub(u, b.W(roundWide))
	r := reduce(b, w, k, halfPi1, halfPi2)
	z := b.Mul(r, r)
	p := poly(b, z, 0x3c1bd6bb, 0x3b3ea1f0, 0x3cc93285, 0x3d5aa011, 0x3e0897fc, 0x3eaaaa6a)
	t := b.Add(r, b.Mul(r, b.Mul(p, z)))
	odd := b.cast(tM, b.Sra(b.Shl(b.Low(u), 31), 31))
	return b.Div(b.Select(odd, b.F(-1), t), b.Select(odd, t, b.F(1)))
}

const (
	piHigh     = 0x1.921fb6p+1
	piLow      = -0x1.777a5cp-24
	halfPiHigh = 0x1.921fb6p+0
	halfPiLow  = -0x1.777a5cp-25
)

// from is high+low - r.
func from(b bld, high, low float32, r nd) nd { return b.Sub(b.F(high), b.Sub(r, b.F(low))) }

// arc is the arc sine of |x|, halved where that is above 0.5, and where it is so.
func arc(b bld, x nd) (p, big nd) {
	a := b.Abs(x)
	big = b.FLt(b.F(0.5), a)
	z := b.Select(big, b.Mul(b.Sub(b.F(1), a), b.F(0.5)), b.Mul(a, a))
	s := b.Select(big, b.Sqrt(z), a)
	q := poly(b, z, 0x3d2cae49, 0x3cc61f14, 0x3d3a3ddd, 0x3d998102, 0x3e2aaae4)
	return b.Add(s, b.Mul(s, b.Mul(q, z))), big
}

func asin(b bld, x nd) nd {
	p, big := arc(b, x)
	r := b.Select(big, from(b, halfPiHigh, halfPiLow, b.Add(p, p)), p)
	return b.Xor(r, signOf(b, x))
}

func acos(b bld, x nd) nd {
	p, big := arc(b, x)
	t := b.Add(p, p)
	far := b.Select(b.FLt(x, b.F(0)), from(b, piHigh, piLow, t), t)
	near := from(b, halfPiHigh, halfPiLow, b.Xor(p, signOf(b, x)))
	return b.Select(big, far, near)
}

func arcTan(b bld, q nd) nd {
	z := b.Mul(q, q)
	p := poly(b, z, 0x3b3f6034, 0xbc860fad, 0x3d30f8bf, 0xbd9aa898, 0x3dda6f59, 0xbe11854a, 0x3e4cbc76, 0xbeaaaa6e)
	return b.Add(q, b.Mul(q, b.Mul(p, z)))
}

func atan(b bld, x nd) nd {
	a := b.Abs(x)
	steep := b.FLt(b.F(1), a)
	r := arcTan(b, b.Div(b.Select(steep, b.F(1), a), b.Select(steep, a, b.F(1))))
	r = b.Select(steep, from(b, halfPiHigh, halfPiLow, r), r)
	return b.Xor(r, signOf(b, x))
}

func atan2(b bld, y, x nd) nd {
	ay, ax := b.Abs(y), b.Abs(x)
	steep := b.FLt(ax, ay)
	num, den := b.Select(steep, ax, ay), b.Select(steep, ay, ax)
	q := b.Select(b.FEq(num, den), b.Where(b.FLt(b.F(0), den), b.F(1)), b.Div(num, den))
	left := b.Sra(b.asI(x), 31)
	// The angle falls with p where only one of steep and left holds.
	falls := b.Xor(b.cast(tM, left), steep)
	p := b.Xor(arcTan(b, q), b.AndNot(b.FBits(1<<31), falls))
	base := func(half, whole float32) nd {
		return b.Select(steep, b.F(half), b.Where(b.cast(tM, left), b.F(whole)))
	}
	r := b.Sub(base(halfPiHigh, piHigh), b.Sub(p, base(halfPiLow, piLow)))
	return b.Xor(r, signOf(b, y))
}

// scale is y * 2^k, k from the low bits of u.
func scale(b bld, y, u nd) nd {
	k := b.ISub(b.asI(u), b.I(roundBits))
	half := b.Sra(k, 1)
	one := b.Shl(b.IAdd(half, b.I(127)), 23)
	two := b.Shl(b.IAdd(b.ISub(k, half), b.I(127)), 23)
	return b.Mul(b.Mul(y, b.asF(one)), b.asF(two))
}

func exp(b bld, x nd) nd {
	x = limit(b, x, -104, 89)
	u := b.Add(b.Mul(x, b.FBits(0x3fb8aa3b)), b.F(round32))
	n := b.Sub(u, b.F(round32))
	r := b.Sub(b.Sub(x, b.Mul(n, b.FBits(0x3f317000))), b.Mul(n, b.FBits(0x3805fdf4)))
	p := poly(b, r, 0x3ab561a8, 0x3c091f62, 0x3d2aac28, 0x3e2aaa45, 0x3efffffe)
	return scale(b, b.Add(b.Add(b.Mul(b.Mul(r, r), p), r), b.F(1)), u)
}

func power(b bld, f nd) nd {
	p := poly(b, f, 0x3924ffa0, 0x3aafcc9b, 0x3c1d90be, 0x3d6356d5, 0x3e75fdf3, 0x3f317219)
	return b.Add(b.Mul(p, f), b.F(1))
}

func exp2(b bld, x nd) nd {
	x = limit(b, x, -151, 129)
	u := b.Add(x, b.F(round32))
	return scale(b, power(b, b.Sub(x, b.Sub(u, b.F(round32)))), u)
}

func logarithm(b bld, x nd) nd {
	small := b.FLt(x, b.F(0x1p-126))
	i := b.asI(b.Select(small, b.Mul(x, b.F(0x1p24)), x))
	e := b.Sra(b.ISub(i, b.I(0x3f3504f3)), 23)
	m := b.asF(b.ISub(i, b.Shl(e, 23)))
	f := b.Wide(b.Sub(m, b.F(1)))
	s := b.WDiv(f, b.WAdd(f, b.W(2)))
	z := b.WMul(s, s)
	p := b.WAdd(b.WMul(z, b.W(0.11791042514963425)), b.W(0.14268658321377214))
	p = b.WAdd(b.WMul(p, z), b.W(0.2000016748904648))
	p = b.WAdd(b.WMul(p, z), b.W(0.3333333282342654))
	t := b.WMul(s, b.W(log2Scale))
	whole := b.Wide(b.Sub(b.IToF(e), b.Where(small, b.F(24))))
	return b.WAdd(whole, b.WAdd(t, b.WMul(t, b.WMul(z, p))))
}

func inf(b bld) nd { return b.FBits(0x7f800000) }
func nan(b bld) nd { return b.FBits(0x7fc00000) }

func edges(b bld, x, y nd) nd {
	zero := b.F(0)
	in := b.And(b.FLt(zero, x), b.FLt(x, inf(b)))
	out := b.Select(b.FEq(x, zero), b.FBits(0xff800000), b.Select(b.FLt(x, zero), nan(b), x))
	return b.Select(in, y, out)
}

func log(b bld, x nd) nd {
	return edges(b, x, b.Narrow(b.WMul(logarithm(b, x), b.W(math.Ln2))))
}

func log2(b bld, x nd) nd { return edges(b, x, b.Narrow(logarithm(b, x))) }

func pow(b bld, x, y nd) nd {
	t := b.WMul(logarithm(b, x), b.Wide(y))
	u := b.Add(limit(b, b.Narrow(t), -160, 160), b.F(round32))
	n := b.Sub(u, b.F(round32))
	f := limit(b, b.Narrow(b.WSub(t, b.Wide(n))), -0.6, 0.6)
	r := scale(b, power(b, f), u)
	zero := b.FEq(x, b.F(0))
	e := b.Mul(b.Select(zero, b.FBits(0xff800000), inf(b)), y)
	e = b.AndNot(e, b.FLt(e, b.F(0)))
	r = b.Select(b.Or(zero, b.FEq(x, inf(b))), e, r)
	r = b.Select(b.FLe(b.F(0), x), r, nan(b))
	return b.Select(b.Or(b.FEq(y, b.F(0)), b.FEq(x, b.F(1))), b.F(1), r)
}
