package check

import (
	"go/constant"
	"go/token"
)

const maxShift = 512 // bits that constants are shifted by at most

// binary checks x op y, both single values.
func (c *checker) binary(pos token.Pos, op token.Token, x, y operand) operand {
	if !c.resolve(op, &x, &y) {
		c.noOperator(pos, op, &x, &y)
		return bad
	}
	t, ok := resultOf(op, &x, &y)
	if !ok {
		c.noOperator(pos, op, &x, &y)
		return bad
	}
	c.record(&x)
	c.record(&y)
	if x.val == nil || y.val == nil {
		return operand{t: t}
	}
	return c.fold(pos, op, x, y, t)
}

// fold computes an operator on two constants.
func (c *checker) fold(pos token.Pos, op token.Token, x, y operand, t Type) operand {
	switch op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		return operand{t: t, val: constant.MakeBool(constant.Compare(x.val, op, y.val))}
	case token.SHL, token.SHR:
		n, ok := constant.Int64Val(y.val)
		if !ok || n < 0 || n > maxShift {
			c.errorf(pos, "", "a constant is shifted by 0 to %d bits, not by %s", maxShift, short(y.val))
			return bad
		}
		return c.constantOf(pos, constant.Shift(x.val, op, uint(n)), t)
	case token.QUO, token.REM:
		if constant.Sign(y.val) == 0 {
			c.errorf(pos, "", "division by zero")
			return bad
		}
		if op == token.QUO && x.val.Kind() == constant.Int && y.val.Kind() == constant.Int {
			op = token.QUO_ASSIGN // whole numbers divide to whole ones
		}
	}
	v := constant.BinaryOp(x.val, op, y.val)
	if v.Kind() == constant.Unknown {
		c.errorf(pos, "", "this constant cannot be computed")
		return bad
	}
	if t.Kind.untyped() {
		t = of(untypedOf(v))
	}
	return c.constantOf(pos, v, t)
}

// resolve gives an untyped constant the type that the other operand asks for.
// Of two untyped ones, a float makes the other a float.
func (c *checker) resolve(op token.Token, x, y *operand) bool {
	to := func(x *operand, k Kind) bool {
		v := x.val
		switch k {
		case Int, UntypedInt:
			v = constant.ToInt(v)
		case Float, UntypedFloat:
			v = constant.ToFloat(v)
		default:
			if v.Kind() != constant.Bool {
				return false
			}
		}
		if v.Kind() == constant.Unknown {
			return false
		}
		x.val, x.t = v, of(k)
		return true
	}
	part := func(k Kind) Kind {
		switch {
		case k == Float || k.vec() || k.mat():
			return Float
		case k == Int || k.ivec():
			return Int
		}
		return k
	}
	switch {
	case x.untyped() && y.untyped():
		if op == token.SHL || op == token.SHR {
			return to(x, Int) && to(y, Int)
		}
		switch {
		case x.t == y.t:
			return true
		case x.t.Kind == UntypedFloat:
			return to(y, UntypedFloat)
		case y.t.Kind == UntypedFloat:
			return to(x, UntypedFloat)
		}
		return false
	case x.untyped():
		k := part(y.t.Kind)
		return (k == Float || k == Int || k == Bool) && to(x, k)
	case y.untyped():
		k := part(x.t.Kind)
		return (k == Float || k == Int || k == Bool) && to(y, k)
	}
	return true
}

// resultOf is the type of an operator's result, as Ebitengine has it, less
// what no GPU takes (arithmetic of bools and of whole arrays).
func resultOf(op token.Token, x, y *operand) (Type, bool) {
	a, b := x.t.Kind, y.t.Kind
	same := x.t == y.t
	if x.untyped() && y.untyped() {
		switch op {
		case token.LAND, token.LOR:
			return of(Bool), a == UntypedBool
		case token.REM, token.AND, token.AND_NOT, token.OR, token.XOR:
			return of(Int), a == UntypedInt
		case token.EQL, token.NEQ:
			return of(Bool), true
		case token.LSS, token.LEQ, token.GTR, token.GEQ:
			return of(Bool), a != UntypedBool
		case token.ADD, token.SUB, token.MUL, token.QUO:
			return x.t, a != UntypedBool
		}
		return Type{}, false
	}
	switch op {
	case token.LAND, token.LOR:
		return of(Bool), a == Bool && b == Bool
	case token.EQL, token.NEQ:
		return of(Bool), same && !a.mat() && a != Array
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		return of(Bool), same && (a == Int || a == Float)
	case token.REM:
		return x.t, same && (a == Int || a.ivec()) || a.ivec() && b == Int
	case token.AND, token.AND_NOT, token.OR, token.XOR:
		switch {
		case same && (a == Int || a.ivec()), a.ivec() && b == Int:
			return x.t, true
		case a == Int && b.ivec():
			return y.t, true
		}
		return Type{}, false
	case token.SHL, token.SHR:
		return x.t, (a == Int || a.ivec()) && b == Int || same && a.ivec()
	case token.ADD, token.SUB, token.MUL, token.QUO:
	default:
		return Type{}, false
	}
	if op == token.QUO && b.mat() || a == Bool || b == Bool || a == Array || b == Array {
		return Type{}, false
	}
	switch {
	case same:
		return x.t, true
	case op == token.MUL && (a.mat() || b.mat()):
		switch {
		case a.mat() && b == Float:
			return x.t, true
		case a == Float && b.mat():
			return y.t, true
		case a.mat() && b.vec() && a.size() == b.size():
			return y.t, true
		case a.vec() && b.mat() && a.size() == b.size():
			return x.t, true
		}
		return Type{}, false
	case op == token.QUO && a.mat():
		return x.t, b == Float
	case a.vec() && b == Float, a.ivec() && b == Int:
		return x.t, true
	case a == Float && b.vec(), a == Int && b.ivec():
		return y.t, true
	}
	return Type{}, false
}

// noOperator says that there is no such operator on these, and what to do.
func (c *checker) noOperator(pos token.Pos, op token.Token, x, y *operand) {
	a, b := x.t.Kind, y.t.Kind
	hint := ""
	switch {
	case op == token.REM && (a == Float || b == Float || a == UntypedFloat || b == UntypedFloat || a.vec()):
		hint = "write mod(a, b)"
	case a == Int && b == Float || a == Float && b == Int:
		hint = "convert one: float(…) or int(…)"
	case a == Int && b == UntypedFloat || a == UntypedFloat && b == Int:
		hint = "the constant is not whole; convert the int: float(…)"
	case a.ivec() && b.vec() || a.vec() && b.ivec() || a == Int && b.vec() || a.vec() && b == Int || a == Float && b.ivec() || a.ivec() && b == Float:
		hint = "convert one, so that both are floats or both ints"
	case (op == token.LSS || op == token.LEQ || op == token.GTR || op == token.GEQ) && (a.vec() || a.ivec()):
		hint = "compare components, or use step"
	case op == token.QUO && b.mat():
		hint = "multiply by the inverse, as a uniform"
	case (op == token.LAND || op == token.LOR) && (a != Bool || b != Bool):
		hint = "both sides must be bool: compare with 0"
	case (op == token.AND || op == token.OR || op == token.XOR || op == token.SHL || op == token.SHR || op == token.AND_NOT) && a != Int && !a.ivec():
		hint = "it is of ints alone"
	}
	c.errorf(pos, hint, "there is no %v %s %v", x.t, op, y.t)
}

// assignOps are the operators of op= statements.
var assignOps = map[token.Token]token.Token{
	token.ADD_ASSIGN: token.ADD, token.SUB_ASSIGN: token.SUB, token.MUL_ASSIGN: token.MUL, token.QUO_ASSIGN: token.QUO,
	token.REM_ASSIGN: token.REM, token.AND_ASSIGN: token.AND, token.OR_ASSIGN: token.OR, token.XOR_ASSIGN: token.XOR,
	token.SHL_ASSIGN: token.SHL, token.SHR_ASSIGN: token.SHR, token.AND_NOT_ASSIGN: token.AND_NOT,
}
