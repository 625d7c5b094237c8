package lower

import (
	"math"
	"math/bits"

	"noctiluca/shaders/kage/block"
)

func f32bits(x float32) uint32 { return math.Float32bits(x) }

// commutes says that op's two operands may change places. Which NaN comes
// out of two may change with them; no field can see that.
func commutes(op block.Op) bool {
	switch op {
	case block.Add, block.Mul, block.IAdd, block.IMul, block.IAnd, block.IOr, block.IXor, block.IMin, block.IMax,
		block.FEq, block.FNe, block.IEq, block.INe, block.MAnd, block.MOr, block.MXor, block.MulAdd, block.MulSub, block.NegMulAdd:
		return true
	}
	return false
}

const (
	negZero = 1 << 31
	one     = 0x3f800000
)

// is reports whether v is the constant of those bits.
func (v *value) is(imm uint32) bool { return v.op == opConst && v.imm == imm }

// powerOfTwo reports whether the float bits are ±2^k with 2^-k normal as
// well, so that dividing by it and multiplying by its inverse round alike.
func powerOfTwo(imm uint32) (inverse uint32, ok bool) {
	if imm&0x7fffff != 0 {
		return 0, false
	}
	e := imm >> 23 & 0xff
	if e < 1 || e > 253 {
		return 0, false
	}
	return imm&negZero | (254-e)<<23, true
}

// simplify is another value that has the same bits in every lane as op of
// args would, or nil. What only nearly holds is not here: x+0 is not x when x
// is -0, and x*0 is not 0 when x is infinite.
func (b *builder) simplify(op block.Op, a []*value) *value {
	switch op {
	case block.Add:
		for i, x := range a {
			if x.is(negZero) {
				return a[1-i]
			}
		}
		for i, x := range a { // x + -y is x - y by definition
			if x.op == block.Neg {
				return b.op(block.Sub, a[1-i], x.args[0])
			}
		}
	case block.Sub:
		if a[1].is(0) {
			return a[0]
		}
		if a[0].is(negZero) {
			return b.op(block.Neg, a[1])
		}
		if a[1].op == block.Neg {
			return b.op(block.Add, a[0], a[1].args[0])
		}
		if a[1].op == block.Floor && a[1].args[0] == a[0] {
			return b.op(block.Fract, a[0])
		}
	case block.Mul:
		for i, x := range a {
			if x.is(one) {
				return a[1-i]
			}
			if x.is(one | negZero) {
				return b.op(block.Neg, a[1-i])
			}
		}
	case block.Div:
		if a[1].is(one) {
			return a[0]
		}
		if a[1].op == opConst {
			if inv, ok := powerOfTwo(a[1].imm); ok {
				return b.op(block.Mul, a[0], b.leaf(opConst, inv, 'f', true))
			}
		}
		if a[0].is(one) && a[1].op == block.Sqrt {
			return b.op(block.InvSqrt, a[1].args[0])
		}
	case block.Min, block.Max:
		if a[0] == a[1] {
			return a[0]
		}
	case block.Neg:
		if a[0].op == block.Neg {
			return a[0].args[0]
		}
	case block.Abs:
		if a[0].op == block.Neg || a[0].op == block.Abs {
			return b.op(block.Abs, a[0].args[0])
		}
	case block.Floor, block.Ceil:
		if o := a[0].op; o == block.Floor || o == block.Ceil || o == block.ToFloat {
			return a[0]
		}

	case block.IAdd, block.IOr, block.IXor:
		for i, x := range a {
			if x.is(0) {
				return a[1-i]
			}
		}
	case block.ISub, block.IAndNot:
		if a[1].is(0) {
			return a[0]
		}
	case block.IMul:
		for i, x := range a {
			switch {
			case x.is(0):
				return x
			case x.is(1):
				return a[1-i]
			case x.op == opConst && bits.OnesCount32(x.imm) == 1:
				return b.op(block.IShl, a[1-i], b.i(int32(bits.TrailingZeros32(x.imm))))
			}
		}
	case block.IDiv:
		if a[1].is(1) {
			return a[0]
		}
	case block.IAnd:
		for i, x := range a {
			if x.is(0) {
				return x
			}
			if x.is(^uint32(0)) {
				return a[1-i]
			}
		}
	case block.IShl, block.IShr:
		if a[1].is(0) {
			return a[0]
		}
	case block.INeg, block.INot:
		if a[0].op == op {
			return a[0].args[0]
		}

	case block.MNot:
		x := a[0]
		switch x.op {
		case block.MNot:
			return x.args[0]
		case block.IEq:
			return b.op(block.INe, x.args[0], x.args[1])
		case block.INe:
			return b.op(block.IEq, x.args[0], x.args[1])
		case block.FEq:
			return b.op(block.FNe, x.args[0], x.args[1])
		case block.FNe:
			return b.op(block.FEq, x.args[0], x.args[1])
		case block.ILt:
			return b.op(block.ILe, x.args[1], x.args[0])
		case block.ILe:
			return b.op(block.ILt, x.args[1], x.args[0])
		}
	case block.MAnd:
		if a[0] == a[1] {
			return a[0]
		}
		for i, x := range a {
			switch {
			case x.isTrue():
				return a[1-i]
			case x.isFalse():
				return x
			case x.op == block.MNot:
				return b.op(block.MAndNot, a[1-i], x.args[0])
			}
		}
	case block.MOr:
		if a[0] == a[1] {
			return a[0]
		}
		for i, x := range a {
			switch {
			case x.isFalse():
				return a[1-i]
			case x.isTrue():
				return x
			}
		}
	case block.MXor:
		for i, x := range a {
			switch {
			case x.isFalse():
				return a[1-i]
			case x.isTrue():
				return b.not(a[1-i])
			}
		}
	case block.MAndNot:
		switch {
		case a[1].isFalse():
			return a[0]
		case a[1].isTrue(), a[0].isFalse():
			return b.m(false)
		case a[0].isTrue():
			return b.not(a[1])
		case a[1].op == block.MNot:
			return b.and(a[0], a[1].args[0])
		}
	case block.Select:
		return b.simplifySelect(a[0], a[1], a[2])
	}
	return nil
}

func (b *builder) simplifySelect(c, x, y *value) *value {
	if holds, known := b.fact(c); known {
		if holds {
			return x
		}
		return y
	}
	switch {
	case x == y || c.isTrue():
		return x
	case c.isFalse():
		return y
	case c.op == block.MNot:
		return b.sel(c.args[0], y, x)
	case y.op == block.Select && y.args[0] == c:
		return b.sel(c, x, y.args[2])
	case x.op == block.Select && x.args[0] == c:
		return b.sel(c, x.args[1], y)
	case x.typ != 'm':
		return nil
	case x.isTrue() && y.isFalse():
		return c
	case x.isFalse() && y.isTrue():
		return b.not(c)
	case x.isTrue(), x == c:
		return b.or(c, y)
	case y.isFalse(), y == c:
		return b.and(c, x)
	case x.isFalse():
		return b.op(block.MAndNot, y, c)
	case y.isTrue():
		return b.or(b.not(c), x)
	}
	return nil
}
