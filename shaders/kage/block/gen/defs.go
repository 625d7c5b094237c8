package main

// def is one operation: its operands, its result and what it does.
type def struct {
	name    string
	args    string // a letter for each operand: f float32, i int32, m mask, x 32 bits of any type
	res     byte
	commute string // pairs of operands that may be exchanged, as "01" or "0123"
	forms   []int  // masks of scalar operands that have a kernel; nil: all but all-scalar
	body    func(b *builder, x []*node) *node
}

// control marks operations that no generator makes: the machine's own.
func control(name, args string, res byte) def { return def{name: name, args: args, res: res} }

func f1(name string, f func(b *builder, x *node) *node) def {
	return def{name: name, args: "f", res: 'f', body: func(b *builder, x []*node) *node { return f(b, x[0]) }}
}

func bin(name, args string, res byte, commute string, f func(b *builder, x, y *node) *node) def {
	return def{name: name, args: args, res: res, commute: commute,
		body: func(b *builder, x []*node) *node { return f(b, x[0], x[1]) }}
}

func tri(name, args string, res byte, commute string, f func(b *builder, x, y, z *node) *node) def {
	return def{name: name, args: args, res: res, commute: commute,
		body: func(b *builder, x []*node) *node { return f(b, x[0], x[1], x[2]) }}
}

type bld = *builder
type nd = *node

// mix is x*(1-t) + y*t.
func mix(b bld, x, y, t nd) nd {
	return b.Add(b.Mul(x, b.Sub(b.F(1), t)), b.Mul(y, t))
}

func clamp(b bld, x, lo, hi nd) nd { return b.Min(b.Max(x, lo), hi) }

// dot is the sum of products of pairs, added from the left.
func dot(b bld, x ...nd) nd {
	s := b.Mul(x[0], x[1])
	for i := 2; i < len(x); i += 2 {
		s = b.Add(s, b.Mul(x[i], x[i+1]))
	}
	return s
}

// fade is (t*t) * (3 - 2*t).
func fade(b bld, t nd) nd {
	return b.Mul(b.Mul(t, t), b.Sub(b.F(3), b.Mul(b.F(2), t)))
}

// quot is the truncated quotient, by way of float64: two int32 have an exact
// quotient further from the next integer than half a unit in the last place.
func quot(b bld, x, y nd) nd { return b.NarrowI(b.WDiv(b.Wide(x), b.Wide(y))) }

// operations is the one table: op.go's constants in order have an entry each,
// the metadata, the plain Go kernels and all the assembly are made from it.
var operations = []def{
	{name: "Copy", args: "x", res: 'x', forms: []int{0, 1}, body: func(b bld, x []nd) nd { return x[0] }},

	bin("Add", "ff", 'f', "01", bld.Add),
	bin("Sub", "ff", 'f', "", bld.Sub),
	bin("Mul", "ff", 'f', "01", bld.Mul),
	bin("Div", "ff", 'f', "", bld.Div),
	bin("Min", "ff", 'f', "", bld.Min),
	bin("Max", "ff", 'f', "", bld.Max),
	f1("Neg", bld.Neg),
	f1("Abs", bld.Abs),
	f1("Sign", func(b bld, x nd) nd {
		return b.Or(b.Where(b.FLt(b.F(0), x), b.F(1)), b.Where(b.FLt(x, b.F(0)), b.F(-1)))
	}),
	f1("Floor", bld.Floor),
	f1("Ceil", bld.Ceil),
	f1("Fract", func(b bld, x nd) nd { return b.Sub(x, b.Floor(x)) }),
	bin("Mod", "ff", 'f', "", func(b bld, x, y nd) nd { return b.Sub(x, b.Mul(y, b.Floor(b.Div(x, y)))) }),
	f1("Sqrt", bld.Sqrt),
	f1("InvSqrt", func(b bld, x nd) nd { return b.Div(b.F(1), b.Sqrt(x)) }),
	bin("Step", "ff", 'f', "", func(b bld, x, y nd) nd { return b.AndNot(b.F(1), b.FLt(y, x)) }),

	f1("Sin", sin),
	f1("Cos", cos),
	f1("Tan", tan),
	f1("Asin", asin),
	f1("Acos", acos),
	f1("Atan", atan),
	bin("Atan2", "ff", 'f', "", atan2),
	f1("Exp", exp),
	f1("Exp2", exp2),
	f1("Log", log),
	f1("Log2", log2),
	bin("Pow", "ff", 'f', "", pow),

	bin("IAdd", "ii", 'i', "01", bld.IAdd),
	bin("ISub", "ii", 'i', "", bld.ISub),
	bin("IMul", "ii", 'i', "01", bld.IMul),
	bin("IDiv", "ii", 'i', "", func(b bld, x, y nd) nd { return b.AndNot(quot(b, x, y), b.IEq(y, b.I(0))) }),
	bin("IMod", "ii", 'i', "", func(b bld, x, y nd) nd {
		return b.AndNot(b.ISub(x, b.IMul(quot(b, x, y), y)), b.IEq(y, b.I(0)))
	}),
	{name: "INeg", args: "i", res: 'i', body: func(b bld, x []nd) nd { return b.ISub(b.I(0), x[0]) }},
	bin("IAnd", "ii", 'i', "01", bld.And),
	bin("IOr", "ii", 'i', "01", bld.Or),
	bin("IXor", "ii", 'i', "01", bld.Xor),
	bin("IAndNot", "ii", 'i', "", bld.AndNot),
	{name: "INot", args: "i", res: 'i', body: func(b bld, x []nd) nd { return b.Xor(x[0], b.I(-1)) }},
	bin("IShl", "ii", 'i', "", bld.ShlV),
	bin("IShr", "ii", 'i', "", bld.SraV),
	bin("IMin", "ii", 'i', "01", bld.IMin),
	bin("IMax", "ii", 'i', "01", bld.IMax),
	{name: "IAbs", args: "i", res: 'i', body: func(b bld, x []nd) nd { return b.IAbs(x[0]) }},
	{name: "ISign", args: "i", res: 'i', body: func(b bld, x []nd) nd {
		return b.Or(b.Where(b.IGt(x[0], b.I(0)), b.I(1)), b.Sra(x[0], 31))
	}},

	{name: "ToFloat", args: "i", res: 'f', body: func(b bld, x []nd) nd { return b.IToF(x[0]) }},
	{name: "ToInt", args: "f", res: 'i', body: func(b bld, x []nd) nd { return b.FToI(x[0]) }},

	bin("FEq", "ff", 'm', "01", bld.FEq),
	bin("FNe", "ff", 'm', "01", bld.FNe),
	bin("FLt", "ff", 'm', "", bld.FLt),
	bin("FLe", "ff", 'm', "", bld.FLe),
	bin("IEq", "ii", 'm', "01", bld.IEq),
	bin("INe", "ii", 'm', "01", func(b bld, x, y nd) nd { return b.Not(b.IEq(x, y)) }),
	bin("ILt", "ii", 'm', "", func(b bld, x, y nd) nd { return b.IGt(y, x) }),
	bin("ILe", "ii", 'm', "", func(b bld, x, y nd) nd { return b.Not(b.IGt(x, y)) }),

	bin("MAnd", "mm", 'm', "01", bld.And),
	bin("MOr", "mm", 'm', "01", bld.Or),
	bin("MXor", "mm", 'm', "01", bld.Xor),
	bin("MAndNot", "mm", 'm', "", bld.AndNot),
	{name: "MNot", args: "m", res: 'm', body: func(b bld, x []nd) nd { return b.Not(x[0]) }},
	tri("Select", "mxx", 'x', "", func(b bld, m, x, y nd) nd { return b.Select(m, x, y) }),

	tri("MulAdd", "fff", 'f', "01", func(b bld, x, y, z nd) nd { return b.Add(b.Mul(x, y), z) }),
	tri("MulSub", "fff", 'f', "01", func(b bld, x, y, z nd) nd { return b.Sub(b.Mul(x, y), z) }),
	tri("NegMulAdd", "fff", 'f', "01", func(b bld, x, y, z nd) nd { return b.Sub(z, b.Mul(x, y)) }),
	tri("Mix", "fff", 'f', "", mix),
	tri("Clamp", "fff", 'f', "", clamp),
	tri("SmoothStep", "fff", 'f', "", func(b bld, lo, hi, x nd) nd {
		return fade(b, clamp(b, b.Div(b.Sub(x, lo), b.Sub(hi, lo)), b.F(0), b.F(1)))
	}),
	{name: "Dot2", args: "ffff", res: 'f', commute: "0123", body: func(b bld, x []nd) nd { return dot(b, x...) }},
	{name: "Dot3", args: "ffffff", res: 'f', commute: "012345", forms: []int{0, 2, 8, 32, 10, 40, 34, 42},
		body: func(b bld, x []nd) nd { return dot(b, x...) }},
	{name: "Length2", args: "ff", res: 'f', body: func(b bld, x []nd) nd { return b.Sqrt(dot(b, x[0], x[0], x[1], x[1])) }},
	{name: "Length3", args: "fff", res: 'f', body: func(b bld, x []nd) nd {
		return b.Sqrt(dot(b, x[0], x[0], x[1], x[1], x[2], x[2]))
	}},

	control("Jump", "", 0),
	control("JumpNone", "m", 0),
	control("JumpZero", "i", 0),
	control("Gather", "xi", 'x'),
	control("Scatter", "xim", 'x'),
}

// formsOf lists the forms of d that get a kernel: commutative pairs have the
// block first, so a form with a scalar before a block in a pair is left out.
func (d *def) formsOf() []int {
	if d.body == nil {
		return nil
	}
	if d.forms != nil {
		return d.forms
	}
	var out []int
	all := 1<<len(d.args) - 1
next:
	for m := 0; m < 1<<len(d.args); m++ {
		if m == all {
			continue
		}
		for i := 0; i+1 < len(d.commute); i += 2 {
			x, y := d.commute[i]-'0', d.commute[i+1]-'0'
			if m>>x&1 == 1 && m>>y&1 == 0 {
				continue next
			}
		}
		out = append(out, m)
	}
	return out
}
