package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"strconv"
)

// def is one operation: its operands, its result and what it does.
type def struct {
	name    string
	args    string // a letter for each operand: f float32, i int32, m mask, x 32 bits of any type
	res     byte
	commute string // pairs of operands that may be exchanged, as "01" or "0123"
	forms   []int  // masks of scalar operands that have a kernel; nil: all but all-scalar
	body    func(b *builder, x []*node) *node
	expr    string // of one that stands for several: the composition, with operands a to f
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

// quot is the truncated quotient, by way of float64: two int32 have an exact
// quotient further from the next integer than half a unit in the last place.
func quot(b bld, x, y nd) nd { return b.NarrowI(b.WDiv(b.Wide(x), b.Wide(y))) }

// operations is the one table: op.go's constants in order have an entry each,
// the metadata, the plain Go kernels and all the assembly are made from it.
var operations []def

func init() { operations = table() }

func table() []def {
	return []def{
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
		fuse("Fract", "f", 'f', "", "Sub(a, Floor(a))"),
		fuse("Mod", "ff", 'f', "", "Sub(a, Mul(b, Floor(Div(a, b))))"),
		f1("Sqrt", bld.Sqrt),
		fuse("InvSqrt", "f", 'f', "", "Div(1, Sqrt(a))"),
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

		fuse("MulAdd", "fff", 'f', "01", "Add(Mul(a, b), c)"),
		fuse("MulSub", "fff", 'f', "01", "Sub(Mul(a, b), c)"),
		fuse("NegMulAdd", "fff", 'f', "01", "Sub(c, Mul(a, b))"),
		fuse("Mix", "fff", 'f', "", "Add(Mul(a, Sub(1, c)), Mul(b, c))"),
		fuse("Clamp", "fff", 'f', "", "Min(Max(a, b), c)"),
		fuse("SmoothStep", "fff", 'f', "", "Fade(Clamp(Div(Sub(c, a), Sub(b, a)), 0, 1))"),
		fuse("Dot2", "ffff", 'f', "0123", "Add(Mul(a, b), Mul(c, d))"),
		fuse("Dot3", "ffffff", 'f', "012345", "Add(Add(Mul(a, b), Mul(c, d)), Mul(e, f))", 0, 2, 8, 32, 10, 40, 34, 42),
		fuse("Length2", "ff", 'f', "", "Sqrt(Dot2(a, a, b, b))"),
		fuse("Length3", "fff", 'f', "", "Sqrt(Dot3(a, a, b, b, c, c))"),

		control("Jump", "", 0),
		control("JumpNone", "m", 0),
		control("JumpZero", "i", 0),
		control("Gather", "xi", 'x'),
		control("Scatter", "xim", 'x'),
		control("Lookup", "xi", 'x'),
		control("Pack", "m", 0),
		control("Unpack", "", 0),
		control("Compress", "x", 'x'),
		control("Expand", "", 'x'),

		fuse("Add3", "fff", 'f', "01", "Add(Add(a, b), c)"),
		fuse("MulMul", "fff", 'f', "01", "Mul(Mul(a, b), c)"),
		fuse("AddMul", "fff", 'f', "01", "Mul(Add(a, b), c)"),
		fuse("SubMul", "fff", 'f', "", "Mul(Sub(a, b), c)"),
		fuse("AddDiv", "fff", 'f', "01", "Div(Add(a, b), c)"),
		fuse("SubDiv", "fff", 'f', "", "Div(Sub(a, b), c)"),
		fuse("MulAddMul", "ffff", 'f', "01", "Mul(Add(Mul(a, b), c), d)"),
		fuse("MulMulAdd", "ffff", 'f', "01", "Add(Mul(Mul(a, b), c), d)"),
		fuse("SubMulAdd", "ffff", 'f', "", "Add(Mul(Sub(a, b), c), d)"),
		fuse("DotSub2", "ffff", 'f', "0123", "Sub(Mul(a, b), Mul(c, d))"),
		fuse("Dot2Add", "fffff", 'f', "0123", "Add(Dot2(a, b, c, d), e)", 0, 2, 8, 10, 16, 18, 24, 26),
		fuse("AbsSub", "ff", 'f', "", "Abs(Sub(a, b))"),
		fuse("MulAddMax", "ffff", 'f', "01", "Max(Add(Mul(a, b), c), d)"),
		fuse("NegMulAddMax", "ffff", 'f', "01", "Max(Sub(c, Mul(a, b)), d)"),
		fuse("SubClamp", "ffff", 'f', "", "Clamp(Sub(a, b), c, d)", 0, 12, 13, 14),
		fuse("MulAddClamp", "fffff", 'f', "01", "Clamp(Add(Mul(a, b), c), d, e)", 0, 24, 26, 28, 30),

		fuse("Dist2", "ffff", 'f', "", "Dot2(Sub(a, b), Sub(a, b), Sub(c, d), Sub(c, d))", 0, 5, 10, 2, 8, 1, 4),
		fuse("Dist3", "ffffff", 'f', "", "Dot3(Sub(a, b), Sub(a, b), Sub(c, d), Sub(c, d), Sub(e, f), Sub(e, f))", 0, 21, 42),
		fuse("Distance2", "ffff", 'f', "", "Sqrt(Dist2(a, b, c, d))", 0, 5, 10, 2, 8, 1, 4),
		fuse("Distance3", "ffffff", 'f', "", "Sqrt(Dist3(a, b, c, d, e, f))", 0, 21, 42),
		fuse("SqrLength2", "ff", 'f', "", "Dot2(a, a, b, b)"),
		fuse("SqrLength3", "fff", 'f', "", "Dot3(a, a, b, b, c, c)"),
		fuse("InvLength2", "ff", 'f', "", "InvSqrt(Dot2(a, a, b, b))"),
		fuse("InvLength3", "fff", 'f', "", "InvSqrt(Dot3(a, a, b, b, c, c))"),

		fuse("Fade", "f", 'f', "", "Mul(Mul(a, a), Sub(3, Mul(2, a)))"),
		fuse("Fade5", "f", 'f', "", "Mul(Mul(Mul(a, a), a), Add(Mul(a, Sub(Mul(a, 6), 15)), 10))"),
		fuse("MixMix", "ffffff", 'f', "", "Mix(Mix(a, b, e), Mix(c, d, e), f)", 0, 16, 32, 48),
		fuse("MulAddFract", "fff", 'f', "01", "Fract(Add(Mul(a, b), c))"),
		fuse("FloorInt", "f", 'i', "", "ToInt(Floor(a))"),
		fuse("MulFract", "ff", 'f', "01", "Fract(Mul(a, b))"),
		fuse("MulFloor", "ff", 'f', "01", "Floor(Mul(a, b))"),
		fuse("MulAddFloor", "fff", 'f', "01", "Floor(Add(Mul(a, b), c))"),
		fuse("SinMulAdd", "fff", 'f', "01", "Sin(Add(Mul(a, b), c))", 0, 2, 4, 6),
		fuse("CosMulAdd", "fff", 'f', "01", "Cos(Add(Mul(a, b), c))", 0, 2, 4, 6),
		fuse("ExpMul", "ff", 'f', "01", "Exp(Mul(a, b))"),
		fuse("ExpMul3", "fff", 'f', "01", "Exp(Mul(Mul(a, b), c))"),
		fuse("ExpNegMul", "ff", 'f', "01", "Exp(Mul(Neg(a), b))", 0, 1, 2),

		fuse("IAdd3", "iii", 'i', "01", "IAdd(IAdd(a, b), c)"),
		fuse("IXor3", "iii", 'i', "01", "IXor(IXor(a, b), c)"),
		fuse("IMulAdd", "iii", 'i', "01", "IAdd(IMul(a, b), c)"),
		fuse("IMulXor", "iii", 'i', "01", "IXor(IMul(a, b), c)"),
		fuse("IAddMul", "iii", 'i', "01", "IMul(IAdd(a, b), c)"),
		fuse("IXorMul", "iii", 'i', "01", "IMul(IXor(a, b), c)"),
		fuse("IDot2", "iiii", 'i', "0123", "IAdd(IMul(a, b), IMul(c, d))"),
		fuse("IDot3", "iiiiii", 'i', "012345", "IAdd(IAdd(IMul(a, b), IMul(c, d)), IMul(e, f))", 0, 42),
		fuse("IMulXor2", "iiii", 'i', "0123", "IXor(IMul(a, b), IMul(c, d))"),
		fuse("IMulXor3", "iiiiii", 'i', "012345", "IXor(IXor(IMul(a, b), IMul(c, d)), IMul(e, f))", 0, 42),
		fuse("IXorShr", "ii", 'i', "", "IXor(a, IShr(a, b))"),
		fuse("IXorShl", "ii", 'i', "", "IXor(a, IShl(a, b))"),
		fuse("IXorShrMul", "iii", 'i', "", "IMul(IXor(a, IShr(a, b)), c)"),
		fuse("IMulXorShr", "iii", 'i', "01", "IXorShr(IMul(a, b), c)"),
		fuse("IShrAnd", "iii", 'i', "", "IAnd(IShr(a, b), c)"),
		fuse("IXorShrAnd", "iii", 'i', "", "IXor(a, IAnd(IShr(a, b), c))"),
		fuse("IXorShrAndMul", "iiii", 'i', "", "IMul(IXor(a, IAnd(IShr(a, b), c)), d)", 0, 14),
		fuse("IHash", "iiii", 'i', "", "IXorShr(IXorShrMul(a, b, c), d)", 0, 14),
		fuse("IAndFloat", "iif", 'f', "01", "Mul(ToFloat(IAnd(a, b)), c)"),
		fuse("IAndFloatDiv", "iif", 'f', "01", "Div(ToFloat(IAnd(a, b)), c)"),
		fuse("FloatMul", "if", 'f', "", "Mul(ToFloat(a), b)"),
		fuse("HashFloatMul", "iiiiif", 'f', "", "IAndFloat(IHash(a, b, c, d), e, f)", 0, 62),
		fuse("HashFloatDiv", "iiiiif", 'f', "", "IAndFloatDiv(IHash(a, b, c, d), e, f)", 0, 62),
		fuse("XorShrFloatMul", "iiif", 'f', "", "IAndFloat(IXorShr(a, b), c, d)", 0, 14),
		fuse("XorShrFloatDiv", "iiif", 'f', "", "IAndFloatDiv(IXorShr(a, b), c, d)", 0, 14),

		fuse("SelectLt", "ffxx", 'x', "", "Select(FLt(a, b), c, d)"),
		fuse("SelectLe", "ffxx", 'x', "", "Select(FLe(a, b), c, d)"),
		fuse("SelectIEq", "iixx", 'x', "01", "Select(IEq(a, b), c, d)"),
		fuse("SelectILt", "iixx", 'x', "", "Select(ILt(a, b), c, d)"),
		fuse("SelectBits", "iiixx", 'x', "01", "Select(IEq(IAnd(a, b), c), d, e)", 0, 6, 14, 22, 30),
		fuse("AndFLt", "mff", 'm', "", "MAnd(a, FLt(b, c))", 0, 2, 4),
		fuse("AndFLe", "mff", 'm', "", "MAnd(a, FLe(b, c))", 0, 2, 4),
		fuse("AndNotFLt", "mff", 'm', "", "MAndNot(a, FLt(b, c))", 0, 2, 4),
		fuse("AndNotFLe", "mff", 'm', "", "MAndNot(a, FLe(b, c))", 0, 2, 4),
		fuse("SelectAdd", "mff", 'f', "", "Select(a, Add(b, c), b)", 0, 4),

		fuse("SubAdd", "fff", 'f', "", "Add(Sub(a, b), c)"),
		fuse("AddSub", "fff", 'f', "01", "Sub(Add(a, b), c)"),
		fuse("SubSub", "fff", 'f', "", "Sub(Sub(a, b), c)"),
		fuse("SubOfAdd", "fff", 'f', "12", "Sub(a, Add(b, c))"),
		fuse("SubOfSub", "fff", 'f', "", "Sub(a, Sub(b, c))"),
		fuse("MinMul", "fff", 'f', "", "Mul(Min(a, b), c)"),
		fuse("MaxMul", "fff", 'f', "", "Mul(Max(a, b), c)"),
		fuse("AddMin", "fff", 'f', "01", "Min(Add(a, b), c)"),
		fuse("AddMax", "fff", 'f', "01", "Max(Add(a, b), c)"),
		fuse("SubMin", "fff", 'f', "", "Min(Sub(a, b), c)"),
		fuse("SubMax", "fff", 'f', "", "Max(Sub(a, b), c)"),
		fuse("MulMin", "fff", 'f', "01", "Min(Mul(a, b), c)"),
		fuse("MulMax", "fff", 'f', "01", "Max(Mul(a, b), c)"),
		fuse("Min3", "fff", 'f', "", "Min(Min(a, b), c)"),
		fuse("Max3", "fff", 'f', "", "Max(Max(a, b), c)"),
		fuse("MinOfMax", "fff", 'f', "", "Min(a, Max(b, c))"),
		fuse("MaxOfMin", "fff", 'f', "", "Max(a, Min(b, c))"),
		fuse("MinOfSub", "fff", 'f', "", "Min(a, Sub(b, c))"),
		fuse("MinOfMul", "fff", 'f', "12", "Min(a, Mul(b, c))"),
		fuse("MulDiv", "fff", 'f', "01", "Div(Mul(a, b), c)"),
		fuse("DivMul", "fff", 'f', "", "Mul(Div(a, b), c)"),
		fuse("DivOfAdd", "fff", 'f', "12", "Div(a, Add(b, c))"),
		fuse("MinOfMulDiv", "ffff", 'f', "12", "Min(a, Div(Mul(b, c), d))", 0, 4),
		fuse("MulAddMin", "ffff", 'f', "01", "Min(Add(Mul(a, b), c), d)"),
		fuse("Dot2Min", "fffff", 'f', "0123", "Min(Dot2(a, b, c, d), e)", 0, 26, 16),
		fuse("MulMulMul", "ffff", 'f', "01", "Mul(Mul(Mul(a, b), c), d)", 0, 2, 4, 8),
		fuse("SubSquare", "ff", 'f', "", "Mul(Sub(a, b), Sub(a, b))"),
		fuse("Square", "f", 'f', "", "Mul(a, a)"),
		fuse("MulMulMulMul", "fffff", 'f', "01", "Mul(Mul(Mul(Mul(a, b), c), d), e)", 0),
		fuse("CubeMulMin", "ffff", 'f', "", "Mul(Mul(Mul(a, a), a), Min(Mul(b, c), d))", 0, 12),
		fuse("MulAdd2", "fffff", 'f', "1234", "Add(Add(a, Mul(b, c)), Mul(d, e))", 0, 20, 1, 21),
		fuse("MulAdd3", "fffffff", 'f', "123456", "Add(Add(Add(a, Mul(b, c)), Mul(d, e)), Mul(f, g))", 0, 84),
		fuse("MulAdd4", "fffffffff", 'f', "12345678", "Add(Add(Add(Add(a, Mul(b, c)), Mul(d, e)), Mul(f, g)), Mul(h, i))", 0, 340),
		fuse("Attenuate", "ffff", 'f', "", "Div(a, Add(Mul(Mul(b, b), c), d))", 0, 12, 13),
		fuse("AttenuateDiv", "ffff", 'f', "", "Div(a, Add(Div(Mul(b, b), c), d))", 0, 12, 13),
		fuse("DistanceSub", "fffffff", 'f', "", "Sub(Distance3(a, b, c, d, e, f), g)", 0, 106),
		fuse("MinDistance", "ffffffff", 'f', "", "Min(a, Sub(Distance3(b, c, d, e, f, g), h))", 0, 212),
		fuse("AddFract", "ff", 'f', "01", "Fract(Add(a, b))"),
		fuse("SubFract", "ff", 'f', "", "Fract(Sub(a, b))"),
		fuse("NegMulAddFract", "fff", 'f', "01", "Fract(Sub(c, Mul(a, b)))"),
		fuse("FadeFract", "f", 'f', "", "Fade(Fract(a))"),
		fuse("FadeMul", "ff", 'f', "", "Mul(Fade(a), b)"),
		fuse("FloorIntMul", "fi", 'i', "", "IMul(ToInt(Floor(a)), b)"),
		fuse("HashMix", "iifiiiif", 'f', "", "Mix(HashFloatMul(a, d, e, f, g, h), HashFloatMul(b, d, e, f, g, h), c)", 0, 248),
		fuse("XorHashMix", "iiifiiiif", 'f', "", "Mix(HashFloatMul(IXor(a, c), e, f, g, h, i), HashFloatMul(IXor(b, c), e, f, g, h, i), d)", 0, 496),
		fuse("IShrAndFloat", "iiif", 'f', "", "Mul(ToFloat(IAnd(IShr(a, b), c)), d)", 0, 14),
		fuse("Select2", "mxmxx", 'x', "", "Select(a, b, Select(c, d, e))", 0, 2),
		fuse("SelectMul", "mfff", 'f', "", "Mul(Select(a, b, c), d)", 0),
		fuse("SelectOfMul", "mfff", 'f', "12", "Select(a, Mul(b, c), d)"),
		fuse("SelectOfMulSame", "mff", 'f', "", "Select(a, Mul(b, c), b)", 0, 4),
		fuse("AndOfIEq", "mii", 'm', "", "MAnd(a, IEq(b, c))", 0, 4),
		fuse("AndOfINe", "mii", 'm', "", "MAnd(a, INe(b, c))", 0, 4),
		fuse("AndNotOr", "mmm", 'm', "12", "MAndNot(a, MOr(b, c))", 0),
		fuse("OrFLt", "mff", 'm', "", "MOr(a, FLt(b, c))", 0, 2, 4),
		fuse("FLtOrFLt", "ffff", 'm', "", "MOr(FLt(a, b), FLt(c, d))", 0, 2, 8, 10),
		fuse("SelectTwice", "mmxxx", 'x', "", "Select(a, Select(b, c, d), e)", 0),
		fuse("MulClamp", "ffff", 'f', "01", "Clamp(Mul(a, b), c, d)", 0, 12, 14),
		fuse("AddClamp", "ffff", 'f', "01", "Clamp(Add(a, b), c, d)", 0, 12, 14),
		fuse("SubAbsMulAdd", "ffff", 'f', "", "Add(Mul(Abs(Sub(a, b)), c), d)", 0, 14),
		fuse("AbsMulAdd", "fff", 'f', "01", "Abs(Add(Mul(a, b), c))", 0, 6),
		fuse("PowMul", "fff", 'f', "", "Mul(Pow(a, b), c)", 0, 2),
		fuse("SinAdd", "ff", 'f', "01", "Sin(Add(a, b))"),
		fuse("CosAdd", "ff", 'f', "01", "Cos(Add(a, b))"),
		fuse("SinMulSub", "fff", 'f', "01", "Sin(Sub(Mul(a, b), c))", 0, 2, 4, 6),
		fuse("CosAdd3", "fff", 'f', "01", "Cos(Add(Add(a, b), c))", 0, 2, 4, 6),
		fuse("SinMul", "ff", 'f', "01", "Sin(Mul(a, b))"),
		fuse("CosMul", "ff", 'f', "01", "Cos(Mul(a, b))"),
		fuse("ValueNoise2", "ffiiiiiif", 'f', "",
			"Mix(XorHashMix(FloorIntMul(a, c), IAdd(FloorIntMul(a, c), c), FloorIntMul(b, d), FadeFract(a), e, f, g, h, i), XorHashMix(FloorIntMul(a, c), IAdd(FloorIntMul(a, c), c), IAdd(FloorIntMul(b, d), d), FadeFract(a), e, f, g, h, i), FadeFract(b))", 508),
		fuse("ValueNoise3", "fffiiiiiiif", 'f', "",
			"Mix(Mix(XorHashMix(IXor(FloorIntMul(a, d), FloorIntMul(b, e)), IXor(IAdd(FloorIntMul(a, d), d), FloorIntMul(b, e)), FloorIntMul(c, f), FadeFract(a), g, h, i, j, k), XorHashMix(IXor(FloorIntMul(a, d), IAdd(FloorIntMul(b, e), e)), IXor(IAdd(FloorIntMul(a, d), d), IAdd(FloorIntMul(b, e), e)), FloorIntMul(c, f), FadeFract(a), g, h, i, j, k), FadeFract(b)), Mix(XorHashMix(IXor(FloorIntMul(a, d), FloorIntMul(b, e)), IXor(IAdd(FloorIntMul(a, d), d), FloorIntMul(b, e)), IAdd(FloorIntMul(c, f), f), FadeFract(a), g, h, i, j, k), XorHashMix(IXor(FloorIntMul(a, d), IAdd(FloorIntMul(b, e), e)), IXor(IAdd(FloorIntMul(a, d), d), IAdd(FloorIntMul(b, e), e)), IAdd(FloorIntMul(c, f), f), FadeFract(a), g, h, i, j, k), FadeFract(b)), FadeFract(c))", 2040),
		fuse("MulMulSub", "ffff", 'f', "01", "Mul(Mul(a, b), Sub(c, d))", 0, 2, 4, 6),
		fuse("Atan2Sub", "ffff", 'f', "", "Atan2(Sub(a, b), Sub(c, d))", 0, 10),
		fuse("PulseSquare", "fff", 'f', "", "Mul(Mul(SubSquare(1, Fract(a)), SubSquare(1, Fract(a))), Min(Mul(Fract(a), b), c))", 0, 6),
		fuse("PulseCube", "fff", 'f', "", "Mul(Mul(Mul(SubSquare(1, Fract(a)), SubSquare(1, Fract(a))), SubSquare(1, Fract(a))), Min(Mul(Fract(a), b), c))", 0, 6),
		fuse("Wave", "f", 'f', "", "Fade(Abs(Sub(Mul(a, 2), 1)))"),
		fuse("FractWave", "f", 'f', "", "Wave(Fract(a))"),
		fuse("SelectMix", "mffff", 'f', "", "Select(a, b, Mix(c, d, e))", 0, 12),
		fuse("SelectMulMix", "mfffff", 'f', "", "Select(a, Mul(b, c), Mix(d, e, f))", 0, 28),
		fuse("SelectMulMulSame", "mfff", 'f', "", "Select(a, Mul(Mul(b, c), d), Mul(b, c))", 0, 4),
		fuse("AndNotOfINe", "iim", 'm', "", "MAndNot(INe(a, b), c)", 0, 2),
		fuse("SelectLtSame2", "fffff", 'f', "", "Select(FLt(a, b), a, Select(FLt(c, d), c, e))", 0, 10),
		fuse("SinMulAdd2MulAdd", "fffffff", 'f', "", "Add(Mul(Sin(Add(Add(Mul(a, b), c), Mul(d, e))), f), g)", 0, 118),
		fuse("ExpDistance", "fffffff", 'f', "", "ExpMul(Distance3(a, b, c, d, e, f), g)", 0, 106),
		fuse("SubFractMul", "ffff", 'f', "", "Mul(Sub(a, AddFract(b, c)), d)", 0, 5),
	}
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

// scalars are the operands that are scalars in every form.
func (d *def) scalars() int {
	if d.forms == nil {
		return 0
	}
	all := -1
	for _, f := range d.forms {
		all &= f
	}
	return all
}

// fuse is an operation that stands for a composition of others, and gives its bits.
func fuse(name, args string, res byte, commute, expr string, forms ...int) def {
	return def{name: name, args: args, res: res, commute: commute, forms: forms, expr: expr,
		body: func(b bld, x []nd) nd {
			e, err := parser.ParseExpr(expr)
			if err != nil {
				panic(name + ": " + err.Error())
			}
			return compose(b, e, typ(res), x)
		}}
}

// lookup is the operation of a name.
func lookup(name string) *def {
	for i := range operations {
		if operations[i].name == name {
			return &operations[i]
		}
	}
	panic("no operation is named " + name)
}

// compose builds the value of an expression over operands a, b, c …
func compose(b bld, e ast.Expr, t typ, x []nd) nd {
	switch e := e.(type) {
	case *ast.Ident:
		return b.cast(t, x[e.Name[0]-'a'])
	case *ast.BasicLit:
		v, err := strconv.ParseFloat(e.Value, 32)
		if err != nil {
			panic(err)
		}
		return b.F(float32(v))
	case *ast.CallExpr:
		d := lookup(e.Fun.(*ast.Ident).Name)
		if len(e.Args) != len(d.args) {
			panic(fmt.Sprintf("%s takes %d operands", d.name, len(d.args)))
		}
		var in []nd
		for i, a := range e.Args {
			in = append(in, compose(b, a, typ(d.args[i]), x))
		}
		return b.cast(t, d.body(b, in))
	}
	panic("what is this expression")
}
