package main

import (
	"fmt"
	"math"
)

// typ is what a value of a definition holds.
type typ byte

const (
	tF typ = 'f' // float32 lanes
	tI typ = 'i' // int32 lanes
	tM typ = 'm' // masks, all ones or zero
	tW typ = 'w' // float64, two vectors for the lanes of one
)

// opcode is one primitive of a definition: something that every back end
// has in an instruction or a few.
type opcode int

const (
	oIn    opcode = iota // operand c of the operation
	oConst               // the 32 bits (64 for tW) c
	oCast                // the same bits seen as another type
	oAdd                 // float32
	oSub
	oMul
	oDiv
	oSqrt
	oFloor
	oCeil
	oMin // b < a ? b : a
	oMax // a < b ? b : a
	oAnd // 32 bits of any type
	oOr
	oXor
	oAndNot // a &^ b
	oIAdd
	oISub
	oIMul
	oIMin
	oIMax
	oIAbs
	oShl  // by c
	oSrl  // by c, logical
	oSra  // by c, arithmetic
	oShlV // by lanes of b, 0 outside 0…31
	oSraV // by lanes of b, sign fill outside 0…31
	oIToF
	oFToI // truncated, 0x80000000 when out of range
	oFEq
	oFNe
	oFLt
	oFLe
	oIEq
	oIGt
	oSelect // a ? b : c
	oWFromF
	oWFromI
	oWToF
	oWToI
	oWLow // the low 32 bits of each
	oWAdd
	oWSub
	oWMul
	oWDiv
)

// node is one value of a definition.
type node struct {
	op   opcode
	t    typ
	args []*node
	c    uint64
	id   int
	uses int
}

// builder collects the values of one definition, each once: equal
// subexpressions are one node.
type builder struct {
	nodes []*node
	seen  map[string]*node
}

func newBuilder() *builder { return &builder{seen: map[string]*node{}} }

func (b *builder) mk(op opcode, t typ, c uint64, args ...*node) *node {
	key := fmt.Sprint(op, t, c)
	for _, a := range args {
		key += fmt.Sprint(" ", a.id)
	}
	if n := b.seen[key]; n != nil {
		return n
	}
	n := &node{op: op, t: t, c: c, args: args, id: len(b.nodes)}
	b.nodes = append(b.nodes, n)
	b.seen[key] = n
	return n
}

func want(t typ, ns ...*node) {
	for _, n := range ns {
		if n.t != t {
			panic(fmt.Sprintf("node %d has type %c, want %c", n.id, n.t, t))
		}
	}
}

// F and its kin are constants.
func (b *builder) F(x float32) *node    { return b.mk(oConst, tF, uint64(math.Float32bits(x))) }
func (b *builder) FBits(x uint32) *node { return b.mk(oConst, tF, uint64(x)) }
func (b *builder) I(x int32) *node      { return b.mk(oConst, tI, uint64(uint32(x))) }
func (b *builder) W(x float64) *node    { return b.mk(oConst, tW, math.Float64bits(x)) }

func (b *builder) cast(t typ, x *node) *node {
	if x.t == t {
		return x
	}
	if x.op == oConst {
		return b.mk(oConst, t, x.c)
	}
	return b.mk(oCast, t, 0, x)
}
func (b *builder) asF(x *node) *node { return b.cast(tF, x) }
func (b *builder) asI(x *node) *node { return b.cast(tI, x) }

func (b *builder) f2(op opcode, x, y *node) *node { want(tF, x, y); return b.mk(op, tF, 0, x, y) }
func (b *builder) f1(op opcode, x *node) *node    { want(tF, x); return b.mk(op, tF, 0, x) }
func (b *builder) i2(op opcode, x, y *node) *node { want(tI, x, y); return b.mk(op, tI, 0, x, y) }
func (b *builder) w2(op opcode, x, y *node) *node { want(tW, x, y); return b.mk(op, tW, 0, x, y) }

func (b *builder) Add(x, y *node) *node { return b.f2(oAdd, x, y) }
func (b *builder) Sub(x, y *node) *node { return b.f2(oSub, x, y) }
func (b *builder) Mul(x, y *node) *node { return b.f2(oMul, x, y) }
func (b *builder) Div(x, y *node) *node { return b.f2(oDiv, x, y) }
func (b *builder) Min(x, y *node) *node { return b.f2(oMin, x, y) }
func (b *builder) Max(x, y *node) *node { return b.f2(oMax, x, y) }
func (b *builder) Sqrt(x *node) *node   { return b.f1(oSqrt, x) }
func (b *builder) Floor(x *node) *node  { return b.f1(oFloor, x) }
func (b *builder) Ceil(x *node) *node   { return b.f1(oCeil, x) }

// bits is a bitwise operation whose result has the type of x.
func (b *builder) bits(op opcode, x, y *node) *node { return b.mk(op, x.t, 0, x, y) }
func (b *builder) And(x, y *node) *node             { return b.bits(oAnd, x, y) }
func (b *builder) Or(x, y *node) *node              { return b.bits(oOr, x, y) }
func (b *builder) Xor(x, y *node) *node             { return b.bits(oXor, x, y) }
func (b *builder) AndNot(x, y *node) *node          { return b.bits(oAndNot, x, y) }

// Where is x where m holds, and zero bits elsewhere.
func (b *builder) Where(m, x *node) *node { want(tM, m); return b.And(x, m) }

func (b *builder) Neg(x *node) *node { want(tF, x); return b.Xor(x, b.FBits(1<<31)) }
func (b *builder) Abs(x *node) *node { want(tF, x); return b.And(x, b.FBits(1<<31-1)) }

func (b *builder) IAdd(x, y *node) *node { return b.i2(oIAdd, x, y) }
func (b *builder) ISub(x, y *node) *node { return b.i2(oISub, x, y) }
func (b *builder) IMul(x, y *node) *node { return b.i2(oIMul, x, y) }
func (b *builder) IMin(x, y *node) *node { return b.i2(oIMin, x, y) }
func (b *builder) IMax(x, y *node) *node { return b.i2(oIMax, x, y) }
func (b *builder) IAbs(x *node) *node    { want(tI, x); return b.mk(oIAbs, tI, 0, x) }
func (b *builder) ShlV(x, y *node) *node { return b.i2(oShlV, x, y) }
func (b *builder) SraV(x, y *node) *node { return b.i2(oSraV, x, y) }
func (b *builder) Shl(x *node, c uint64) *node {
	want(tI, x)
	return b.mk(oShl, tI, c, x)
}
func (b *builder) Srl(x *node, c uint64) *node {
	want(tI, x)
	return b.mk(oSrl, tI, c, x)
}
func (b *builder) Sra(x *node, c uint64) *node {
	want(tI, x)
	return b.mk(oSra, tI, c, x)
}

func (b *builder) IToF(x *node) *node { want(tI, x); return b.mk(oIToF, tF, 0, x) }
func (b *builder) FToI(x *node) *node { want(tF, x); return b.mk(oFToI, tI, 0, x) }

func (b *builder) fcmp(op opcode, x, y *node) *node { want(tF, x, y); return b.mk(op, tM, 0, x, y) }
func (b *builder) FEq(x, y *node) *node             { return b.fcmp(oFEq, x, y) }
func (b *builder) FNe(x, y *node) *node             { return b.fcmp(oFNe, x, y) }
func (b *builder) FLt(x, y *node) *node             { return b.fcmp(oFLt, x, y) }
func (b *builder) FLe(x, y *node) *node             { return b.fcmp(oFLe, x, y) }
func (b *builder) icmp(op opcode, x, y *node) *node { want(tI, x, y); return b.mk(op, tM, 0, x, y) }
func (b *builder) IEq(x, y *node) *node             { return b.icmp(oIEq, x, y) }
func (b *builder) IGt(x, y *node) *node             { return b.icmp(oIGt, x, y) }
func (b *builder) Not(m *node) *node                { return b.Xor(m, b.mk(oConst, tM, 0xffffffff)) }

func (b *builder) Select(m, x, y *node) *node {
	want(tM, m)
	want(x.t, y)
	return b.mk(oSelect, x.t, 0, m, x, y)
}

func (b *builder) Wide(x *node) *node {
	if x.t == tI {
		return b.mk(oWFromI, tW, 0, x)
	}
	want(tF, x)
	return b.mk(oWFromF, tW, 0, x)
}
func (b *builder) Narrow(x *node) *node  { want(tW, x); return b.mk(oWToF, tF, 0, x) }
func (b *builder) NarrowI(x *node) *node { want(tW, x); return b.mk(oWToI, tI, 0, x) }
func (b *builder) Low(x *node) *node     { want(tW, x); return b.mk(oWLow, tI, 0, x) }
func (b *builder) WAdd(x, y *node) *node { return b.w2(oWAdd, x, y) }
func (b *builder) WSub(x, y *node) *node { return b.w2(oWSub, x, y) }
func (b *builder) WMul(x, y *node) *node { return b.w2(oWMul, x, y) }
func (b *builder) WDiv(x, y *node) *node { return b.w2(oWDiv, x, y) }

// kernel is a definition made ready for one form: which values do not change
// from lane to lane, and so are computed before the loop.
type kernel struct {
	d      *def
	mask   int // which operands are scalars
	live   []*node
	result *node
	fixed  map[*node]bool // neither depends on a block operand
}

// compile builds d's values for the form in which the operands in mask are scalars.
func (d *def) compile(mask int) *kernel {
	b := newBuilder()
	var in []*node
	for i := range d.args {
		in = append(in, b.mk(oIn, typ(d.args[i]), uint64(i)))
	}
	k := &kernel{d: d, mask: mask, result: d.body(b, in), fixed: map[*node]bool{}}
	if k.result.t != typ(d.res) && d.args != "" && d.res != 'x' {
		panic(d.name + ": result type")
	}
	reach := map[*node]bool{}
	var visit func(n *node)
	visit = func(n *node) {
		n.uses++
		if reach[n] {
			return
		}
		reach[n] = true
		for _, a := range n.args {
			visit(a)
		}
	}
	visit(k.result)
	for _, n := range b.nodes { // operands come before their users
		if !reach[n] {
			continue
		}
		k.live = append(k.live, n)
		fixed := true
		if n.op == oIn {
			fixed = mask>>n.c&1 == 1
		}
		for _, a := range n.args {
			fixed = fixed && k.fixed[a]
		}
		k.fixed[n] = fixed
	}
	return k
}
