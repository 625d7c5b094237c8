// Package lower turns a checked Kage file into a block program: it inlines
// and scalarises the typed syntax into values, makes divergent control flow
// masks and selects, optimises, and gives the values block registers.
//
// It is not a front end: what it is given has passed package check. It runs
// nothing: that is package block.
//
// The one idea it owns is the skippable region: a value made inside a region
// reaches the outside only through a select whose mask is the region's, so a
// region in which no lane runs may be jumped over whole, and what its
// registers then hold is never seen.
package lower

import (
	"go/token"

	"noctiluca/shaders/kage/block"
)

// Operations that only the IR has; they follow block's.
const (
	opConst   block.Op = 0xf000 + iota // imm holds the bits
	opUniform                          // imm is the word
	opInput                            // imm is the input's number
	opPhi                              // a value that a loop carries
)

// value is one scalarised component: 32 bits for each lane, or one for all
// lanes when scalar. Values are made once and never change, but for the
// rewriting that fusion does.
type value struct {
	op     block.Op
	typ    byte // f, i or m
	scalar bool // the same in every lane
	n      uint8
	imm    uint32
	id     int32
	args   [block.MaxArgs]*value
	home   *region // where it is computed; nil: constants, uniforms, inputs and the prologue

	uses int32   // by live values and regions
	mark uint32  // of the pass that saw it last
	need int32   // block registers that computing it takes, of the scheduler
	phi  *phi    // of opPhi
	next *value  // of the builder's table
	hold *region // of the pass that sinks: the innermost that holds all uses, where mark is the pass's
	no   int32   // of the registers: its place among those that have one
	join *region // of opPhi that a skippable region may overwrite
}

// phi is a value that a loop carries from one iteration to the next.
type phi struct {
	v, init, next *value
}

type regionKind uint8

const (
	rootRegion regionKind = iota
	skipRegion            // jumped over when its mask holds in no lane
	loopRegion            // repeated
)

// node is one thing in a region's order: a value or a region.
type node struct {
	v *value
	r *region
}

// region is a sequence of values and regions that runs or is skipped as one.
type region struct {
	kind   regionKind
	parent *region
	depth  int
	list   []node

	mask  *value          // of a skip region: who runs; nil: all
	facts map[*value]bool // what masks are in every lane that runs

	phis   []*phi // of a loop; or values that a skippable region overwrites
	trips  *value // of a loop: scalar mask, the loop ends before an iteration in which it is zero
	active *value // of a loop: the lanes still in it, or nil for all
	mark   uint32
}

// key is what makes two values the same one.
type key struct {
	op   block.Op
	args [keyArgs]*value
}

// keyArgs is how many operands an operation has before fusion.
const keyArgs = 3

// Limits. A field of some hundred lines stays under a hundredth of each.
const (
	maxSteps  = 1 << 19 // values made, folded ones included: what bounds time and memory
	maxInsts  = 1 << 16 // instructions of the program
	maxBlocks = 1 << 10 // block registers: a state of one MiB
	maxDepth  = 1 << 10 // nesting of regions, calls and expressions
)

// builder makes values: each is folded when its operands are constant,
// simplified where that keeps the bits, and made only once.
type builder struct {
	nextID   int32
	steps    int
	leaves   map[uint64]*value
	table    table    // of what was computed, for common subexpressions
	prologue []*value // frame-invariant values in order
	root     *region
	cur      *region
	pos      token.Pos // what is being lowered, for errors
	noSkips  bool
	skipAll  bool // every region is worth a jump
	evals    [block.MaxArgs]uint32
	room     []value  // not yet used
	lists    []*value // the same
}

// limitError is panicked with when a limit is met, and recovered at the entry.
type limitError struct {
	pos token.Pos
	msg string
}

func newBuilder() *builder {
	b := &builder{leaves: make(map[uint64]*value, 256), table: newTable(1024)}
	b.root = &region{kind: rootRegion}
	b.cur = b.root
	return b
}

func (b *builder) step() {
	if b.steps++; b.steps > maxSteps {
		panic(limitError{b.pos, "the field is too large: its functions and loops, written out, are more than half a million operations; use fewer or shorter loops, or fewer nested calls"})
	}
}

func (b *builder) leaf(op block.Op, imm uint32, typ byte, scalar bool) *value {
	b.step()
	k := uint64(op)<<48 | uint64(typ)<<32 | uint64(imm)
	if v := b.leaves[k]; v != nil {
		return v
	}
	v := b.make()
	*v = value{op: op, typ: typ, scalar: scalar, imm: imm, id: b.id()}
	b.leaves[k] = v
	return v
}

// make gives room for a value; many at a time are asked of the heap.
func (b *builder) make() *value {
	if len(b.room) == 0 {
		b.room = make([]value, 64)
	}
	v := &b.room[0]
	b.room = b.room[1:]
	return v
}

// list gives room for the components of something, as make does. What is in
// it is not changed any more once others have it.
func (b *builder) list(n int) []*value {
	if n > len(b.lists) {
		b.lists = make([]*value, max(256, n))
	}
	out := b.lists[:n:n]
	b.lists = b.lists[n:]
	return out
}

// single is a list of one.
func (b *builder) single(v *value) []*value {
	out := b.list(1)
	out[0] = v
	return out
}

func (b *builder) id() int32 { b.nextID++; return b.nextID }

// open starts a region inside the current one.
func (b *builder) open(kind regionKind, mask *value) *region {
	r := &region{kind: kind, parent: b.cur, depth: b.cur.depth + 1, mask: mask}
	if r.depth > maxDepth {
		panic(limitError{b.pos, "control flow is nested too deeply: at most 1024 levels, calls and unrolled loops included"})
	}
	if mask != nil {
		r.facts = map[*value]bool{}
		r.learn(mask, true)
	}
	b.cur = r
	return r
}

// learn notes what follows from m holding, or not, in every lane that runs.
func (r *region) learn(m *value, holds bool) {
	r.facts[m] = holds
	switch {
	case m.op == block.MNot:
		r.learn(m.args[0], !holds)
	case m.op == block.MAnd && holds:
		r.learn(m.args[0], true)
		r.learn(m.args[1], true)
	case m.op == block.MAndNot && holds:
		r.learn(m.args[0], true)
		r.learn(m.args[1], false)
	case m.op == block.MOr && !holds:
		r.learn(m.args[0], false)
		r.learn(m.args[1], false)
	}
}

// fact is what m is in every lane that runs here, where that is known. What
// other lanes compute is seen by nobody.
func (b *builder) fact(m *value) (holds, known bool) {
	for r := b.cur; r != nil; r = r.parent {
		if holds, known = r.facts[m]; known {
			return holds, true
		}
	}
	return false, false
}

// close ends the current region, which becomes a node of its parent; a skip
// region not worth a jump dissolves into it.
func (b *builder) close() {
	r := b.cur
	b.cur = r.parent
	if r.kind == skipRegion && (b.noSkips || !b.skipAll && !worthSkipping(r, nil)) {
		dissolve(r)
		return
	}
	b.cur.list = append(b.cur.list, node{r: r})
}

// dissolve moves what r holds to the end of its parent.
func dissolve(r *region) {
	for _, n := range r.list {
		if n.v != nil {
			n.v.home = r.parent
		} else {
			n.r.parent = r.parent
		}
	}
	r.parent.list = append(r.parent.list, r.list...)
}

// make1 is op of args: folded, simplified, found, or new.
func (b *builder) op(op block.Op, args ...*value) *value {
	b.step()
	k := key{op: op}
	copy(k.args[:], args)
	n := len(args)
	scalar, folds := true, op != block.Lookup
	for _, a := range args {
		scalar = scalar && a.scalar
		folds = folds && a.op == opConst
	}
	info := op.Info()
	typ := info.Result
	if typ == 'x' {
		typ = args[n-1].typ
	}
	if folds {
		for i, a := range args {
			b.evals[i] = a.imm
		}
		return b.leaf(opConst, block.Eval(op, b.evals[:n]...), typ, true)
	}
	if v := b.simplify(op, args); v != nil {
		return v
	}
	if commutes(op) && after(k.args[0], k.args[1]) {
		k.args[0], k.args[1] = k.args[1], k.args[0]
	}
	home := b.homeOf(&k, n, scalar)
	if v := b.table.find(&k, home); v != nil {
		return v
	}
	v := b.make()
	*v = value{op: op, typ: typ, scalar: scalar, n: uint8(n), home: home, id: b.id()}
	copy(v.args[:], k.args[:])
	b.table.add(v)
	if home == nil {
		b.prologue = append(b.prologue, v)
	} else {
		home.list = append(home.list, node{v: v})
	}
	return v
}

// after orders the operands of commutative operations: blocks before
// scalars, as the kernels have it, then by age.
func after(x, y *value) bool {
	if x.scalar != y.scalar {
		return x.scalar
	}
	return x.id > y.id
}

// homeOf is the region for a value: nil, the prologue, when nothing in it
// changes within a frame; else here, or before the outermost loop in which
// no operand is made. A value is not taken out of a skippable region alone:
// that would compute what may be skipped.
func (b *builder) homeOf(k *key, n int, scalar bool) *region {
	var deepest *region
	for _, a := range k.args[:n] {
		if a.home != nil && (deepest == nil || a.home.depth > deepest.depth) {
			deepest = a.home
		}
	}
	if scalar {
		return deepest
	}
	least := 0
	if deepest != nil {
		least = deepest.depth
	}
	home := b.cur
	for r := b.cur; r.depth > least; r = r.parent {
		if r.kind == loopRegion {
			home = r.parent
		}
	}
	return home
}

func (b *builder) f(x float32) *value { return b.leaf(opConst, f32bits(x), 'f', true) }
func (b *builder) i(x int32) *value   { return b.leaf(opConst, uint32(x), 'i', true) }
func (b *builder) m(x bool) *value {
	if x {
		return b.leaf(opConst, ^uint32(0), 'm', true)
	}
	return b.leaf(opConst, 0, 'm', true)
}
func (b *builder) not(m *value) *value       { return b.op(block.MNot, m) }
func (b *builder) and(x, y *value) *value    { return b.op(block.MAnd, x, y) }
func (b *builder) or(x, y *value) *value     { return b.op(block.MOr, x, y) }
func (b *builder) sel(c, x, y *value) *value { return b.op(block.Select, c, x, y) }

func (v *value) isTrue() bool  { return v.op == opConst && v.typ == 'm' && v.imm != 0 }
func (v *value) isFalse() bool { return v.op == opConst && v.typ == 'm' && v.imm == 0 }
