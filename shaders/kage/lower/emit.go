package lower

import (
	"fmt"
	"sort"

	"noctiluca/shaders/kage/block"
)

// line is one instruction before registers are given.
type line struct {
	op    block.Op
	dst   *value
	args  [block.MaxArgs]*value
	n     uint8
	label int     // of jumps: an index into emitter.labels
	slot  int     // of packing
	carry bool    // of Copy: dst is a carried value, and this its next
	home  *region // of such: the region that carries it
}

// order is how a region's values are put one after another.
type order int

// The orders.
const (
	fromResults order = iota // depth first from what is needed in the end
	asWritten                // as the field has them
	nearUses                 // as the field has them, but what is used once just before its use
	orders
)

// emitter puts the regions' values into one order, and gives them registers.
type emitter struct {
	p      *program
	order  order
	pass   uint32
	lines  []line
	labels []int // the line that each label stands before
	spans  []span
	deps   map[*region][]*value // values from outside that a region uses

	outs     map[*region][]*value // values that are used outside a skippable region
	packings []packing
	slots    int

	found []interval        // where the lines' values live, in the order of their beginnings
	same  map[*value]*value // values that are computed in the register of another
	most  int               // blocks that are live at once
}

// span is a loop, from its first line to the line after it.
type span struct{ from, to int }

// fewBlocks stay in the first-level cache, of 32 KiB or more, with room for
// the instructions and the inputs.
const fewBlocks = 20

// size is how many values and regions r holds, in all.
func (r *region) size() int {
	n := len(r.list) + 2*len(r.phis)
	for _, x := range r.list {
		if x.r != nil {
			n += x.r.size()
		}
	}
	return n
}

// finish runs the passes over what was lowered, and makes the program.
func (l *lowerer) finish(outs []*value, words int) *Result {
	p := &program{root: l.root, prologue: l.prologue, outs: outs, noSkips: l.opts.NoSkips, noPacking: l.opts.NoPacking, packAll: l.opts.PackAll}
	p.clean()
	p.resolve(p.root)
	p.clean()
	p.sink()
	p.clean()
	if !l.opts.NoFusion {
		first, rest := patterns()
		p.fuse(p.root, first)
		p.clean()
		p.fuse(p.root, rest)
		if p.clean() { // fused, a region was not worth its jump: what it held can go into its users now
			p.fuse(p.root, rest)
			p.clean()
		}
	}
	// No order is the best for every field: of three, the one that keeps the
	// fewest blocks at once, for they have to stay in the first-level cache.
	p.joins(p.root)
	deps := map[*region][]*value{}
	var e *emitter
	var room []line // of an order that was not the best
	for o := order(0); o < orders && (e == nil || e.most > fewBlocks); o++ {
		p.pass++
		t := &emitter{p: p, pass: p.pass, deps: deps, order: o, lines: room[:0]}
		if room = nil; t.lines == nil {
			t.lines = make([]line, 0, p.root.size()*9/8)
		}
		if e == nil {
			t.free(p.root)
			t.outsides()
		} else {
			t.outs = e.outs
		}
		t.region(p.root, outs)
		t.coalesce()
		if t.intervals(); t.keep() {
			t.intervals()
		}
		switch {
		case e == nil:
			e = t
		case t.most < e.most:
			e, room = t, e.lines
		default:
			room = t.lines
		}
	}
	if n := len(e.lines) + len(p.prologue); n > maxInsts {
		panic(limitError{l.pos, fmt.Sprintf("the field is too large: %d instructions, of at most %d", n, maxInsts)})
	}
	return e.result(l, words)
}

// free collects the values that r and the regions in it use from outside r.
func (e *emitter) free(r *region) {
	for _, n := range r.list {
		if n.r != nil {
			e.free(n.r)
		}
	}
	if r.parent == nil {
		return // nothing is outside
	}
	e.p.pass++
	var out []*value
	use := func(v *value) {
		if v == nil || v.home == nil && v.op != opInput || v.mark == e.p.pass || within(v.home, r) {
			return
		}
		v.mark = e.p.pass
		out = append(out, v)
	}
	use(r.mask)
	use(r.trips)
	use(r.active)
	for _, f := range r.phis {
		use(f.init)
		use(f.next)
	}
	for _, n := range r.list {
		if n.r != nil {
			for _, v := range e.deps[n.r] {
				use(v)
			}
			continue
		}
		for _, a := range n.v.args[:n.v.n] {
			use(a)
		}
	}
	e.deps[r] = out
}

func within(x, r *region) bool {
	for ; x != nil; x = x.parent {
		if x == r {
			return true
		}
	}
	return false
}

// region emits what is in r: depth first from what is needed of it, so that
// a value is computed near its use, and of two operands the one that takes
// more registers first.
func (e *emitter) region(r *region, roots []*value) {
	for _, n := range r.list {
		if n.v != nil {
			n.v.need = need(n.v)
		}
	}
	if e.order == fromResults {
		for _, v := range roots {
			e.value(r, v)
		}
	}
	if e.order == nearUses {
		for _, n := range r.list {
			if n.v != nil && n.v.uses != 1 {
				e.value(r, n.v)
			}
		}
	}
	for _, n := range r.list { // in order, or what only a region outside asks for
		if n.v != nil {
			e.value(r, n.v)
		} else {
			e.child(r, n.r)
		}
	}
}

// need is Sethi and Ullman's number of registers for a tree.
func need(v *value) int32 {
	var kids [block.MaxArgs]int32
	n := 0
	for _, a := range v.args[:v.n] {
		if !a.scalar {
			kids[n] = max(a.need, 1)
			n++
		}
	}
	for i := 1; i < n; i++ { // few enough to sort so
		for j := i; j > 0 && kids[j] > kids[j-1]; j-- {
			kids[j], kids[j-1] = kids[j-1], kids[j]
		}
	}
	most := int32(1)
	for i, k := range kids[:n] {
		most = max(most, k+int32(i))
	}
	return most
}

// value emits v, and before it what it needs that is in r.
func (e *emitter) value(r *region, v *value) {
	if v == nil || v.home == nil || v.mark == e.pass {
		return
	}
	if v.home != r {
		if c := childOf(r, v.home); c != nil {
			e.child(r, c)
		}
		return
	}
	if v.op == opPhi {
		if v.join != nil {
			e.child(r, v.join)
		}
		return
	}
	v.mark = e.pass
	var order [block.MaxArgs]*value
	n := copy(order[:], v.args[:v.n])
	for i := 1; i < n; i++ {
		for j := i; j > 0 && order[j].need > order[j-1].need; j-- {
			order[j], order[j-1] = order[j-1], order[j]
		}
	}
	for _, a := range order[:n] {
		e.value(r, a)
	}
	e.lines = append(e.lines, line{op: v.op, dst: v, args: v.args, n: v.n})
}

// childOf is the region in r's list that holds x, or nil.
func childOf(r, x *region) *region {
	for ; x != nil; x = x.parent {
		if x.parent == r {
			return x
		}
	}
	return nil
}

// child emits the region c, in r, and before it what it needs.
func (e *emitter) child(r, c *region) {
	if c.mark == e.pass {
		return
	}
	c.mark = e.pass
	deps := append([]*value(nil), e.deps[c]...)
	sort.SliceStable(deps, func(i, j int) bool { return deps[i].need > deps[j].need })
	for _, v := range deps {
		e.value(r, v)
	}
	end := e.label()
	if c.kind == skipRegion {
		for _, f := range c.phis {
			e.copy(f.v, f.init)
		}
		if !e.packed(c, deps, end) {
			e.jumpUnless(c.mask, end)
			e.region(c, nil)
			e.parallel(c, c.phis)
		}
		e.place(end)
		return
	}

	for _, f := range c.phis {
		e.copy(f.v, f.init)
	}
	from := len(e.lines)
	head := e.label()
	e.place(head)
	if c.active != nil {
		e.jumpUnless(c.active, end)
	}
	e.region(c, nil)
	e.parallel(c, c.phis)
	e.jumpUnless(c.trips, end)
	e.lines = append(e.lines, line{op: block.Jump, label: head})
	e.place(end)
	e.spans = append(e.spans, span{from, len(e.lines)})
}

func (e *emitter) label() int  { e.labels = append(e.labels, 0); return len(e.labels) - 1 }
func (e *emitter) place(l int) { e.labels[l] = len(e.lines) }

func (e *emitter) copy(dst, src *value) {
	e.lines = append(e.lines, line{op: block.Copy, dst: dst, args: [block.MaxArgs]*value{src}, n: 1})
}

func (e *emitter) jumpUnless(mask *value, label int) {
	op := block.JumpNone
	if mask.scalar {
		op = block.JumpZero
	}
	e.lines = append(e.lines, line{op: op, args: [block.MaxArgs]*value{mask}, n: 1, label: label})
}

// parallel gives all phis their next values at once: a copy waits until no
// other still reads what it overwrites, and a cycle goes through a spare.
func (e *emitter) parallel(r *region, phis []*phi) {
	var wait []*phi
	for _, f := range phis {
		if f.next != f.v {
			wait = append(wait, f)
		}
	}
	from := map[*value]*value{}
	src := func(f *phi) *value {
		if s := from[f.next]; s != nil {
			return s
		}
		return f.next
	}
	for len(wait) > 0 {
		at := -1
	search:
		for i, f := range wait {
			for j, g := range wait {
				if i != j && src(g) == f.v {
					continue search
				}
			}
			at = i
			break
		}
		if at < 0 { // every one is read by another: free the first
			f := wait[0]
			spare := &value{op: block.Copy, typ: f.v.typ, scalar: f.v.scalar, home: f.v.home}
			e.copy(spare, f.v)
			from[f.v] = spare
			continue
		}
		e.copy(wait[at].v, src(wait[at]))
		last := &e.lines[len(e.lines)-1]
		last.carry, last.home = true, r
		wait = append(wait[:at], wait[at+1:]...)
	}
}
