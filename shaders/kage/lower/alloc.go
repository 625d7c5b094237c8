package lower

import (
	"fmt"

	"noctiluca/shaders/kage/block"
)

// interval is where a value's block register is its own.
type interval struct {
	v        *value
	from, to int // the lines of its first definition and its last use
}

// result gives registers and makes the block program.
func (e *emitter) result(l *lowerer, words int) *Result {
	prog := &block.Program{Words: words, Slots: e.slots, Scalars: make([]uint32, words, words+64)}
	scalars := map[*value]block.Arg{}
	constants := map[uint32]block.Arg{}
	used := make([]bool, words)
	scalar := func(v *value) block.Arg {
		if v.op == opUniform {
			used[v.imm] = true
			return block.ScalarBit | block.Arg(v.imm)
		}
		if a, ok := scalars[v]; ok {
			return a
		}
		if v.op == opConst {
			if a, ok := constants[v.imm]; ok {
				return a
			}
		}
		n := len(prog.Scalars)
		if n >= int(block.ScalarBit)-1 {
			panic(limitError{l.pos, fmt.Sprintf("the field is too large: more than %d values that are the same for all points", n)})
		}
		a := block.ScalarBit | block.Arg(n)
		if v.op == opConst {
			constants[v.imm] = a
			prog.Scalars = append(prog.Scalars, v.imm)
		} else {
			scalars[v] = a
			prog.Scalars = append(prog.Scalars, 0)
		}
		return a
	}

	for i := range e.found { // another order's lines may have been numbered since
		e.found[i].v.no = int32(i)
	}
	blocks, inputs := e.blocks(prog)
	arg := func(v *value) block.Arg {
		if v.scalar {
			return scalar(v)
		}
		return block.Arg(blocks[v.no])
	}
	for _, v := range e.p.prologue {
		in := block.Inst{Op: v.op}
		for i, a := range v.args[:v.n] {
			in.Arg[i] = scalar(a)
		}
		in.Dst = scalar(v)
		if v.op == block.Lookup {
			in.To = -1 - int32(v.args[0].imm)
		}
		prog.Prologue = append(prog.Prologue, in)
	}
	start := make([]int, len(e.lines)+1)
	for i := range e.lines {
		start[i] = len(prog.Insts)
		ln := &e.lines[i]
		in := block.Inst{Op: ln.op}
		for j, a := range ln.args[:ln.n] {
			in.Arg[j] = arg(a)
		}
		if ln.op == block.Lookup {
			in.To = -1 - int32(ln.args[0].imm)
		}
		switch ln.op {
		case block.Pack, block.Unpack:
			in.Dst, in.To = block.Arg(ln.slot), int32(ln.label)
		case block.Compress, block.Expand:
			in.Dst, in.To = arg(ln.dst), int32(ln.slot)
		default:
			if ln.dst == nil {
				in.To = int32(ln.label)
				break
			}
			in.Dst = arg(ln.dst)
			if ln.op == block.Copy && in.Arg[0] == in.Dst {
				continue
			}
		}
		if ln.op == block.Nop {
			continue
		}
		prog.Insts = append(prog.Insts, in)
	}
	start[len(e.lines)] = len(prog.Insts)
	for i := range prog.Insts {
		in := &prog.Insts[i]
		switch in.Op {
		case block.Jump, block.JumpNone, block.JumpZero, block.Pack, block.Unpack:
			in.To = int32(start[e.labels[in.To]])
		}
	}
	for _, v := range e.p.outs {
		prog.Outputs = append(prog.Outputs, arg(v))
	}
	res := &Result{Program: prog, Inputs: inputs}
	res.Report = Report{Values: int(l.nextID), Insts: len(prog.Insts), Prologue: len(prog.Prologue), Blocks: prog.Blocks}
	for _, u := range l.uniforms {
		for w := u.Offset; w < u.Offset+u.Words; w++ {
			u.Used = u.Used || used[w]
		}
	}
	return res
}

// intervals finds where each value of the lines lives.
func (e *emitter) intervals() {
	if e.found == nil {
		e.found = make([]interval, 0, len(e.lines))
	}
	e.found = e.found[:0]
	use := func(v *value, i int) {
		if v.scalar {
			return
		}
		from := i
		if v.op == opInput {
			from = -1
		}
		iv := e.interval(v)
		if iv == nil {
			v.no = int32(len(e.found))
			e.found = append(e.found, interval{v: v, from: from, to: i})
			return
		}
		iv.to = max(iv.to, i)
	}
	for i := range e.lines {
		ln := &e.lines[i]
		for _, a := range ln.args[:ln.n] {
			use(a, i)
		}
		if ln.dst != nil {
			use(ln.dst, i)
		}
	}
	for _, v := range e.p.outs {
		use(v, len(e.lines))
	}
	// A value from before a loop that is used in it lives to its end, and so
	// does a value in it that an iteration takes from the one before: inner
	// loops are listed before the outer ones.
	for _, s := range e.spans {
		for i := range e.found {
			iv := &e.found[i]
			if iv.from < s.from && iv.to >= s.from && iv.to < s.to {
				iv.to = s.to
			}
		}
	}
	e.most = 0
	change := make([]int, len(e.lines)+2) // by the line before
	for _, iv := range e.found {
		change[iv.from+1]++
		change[iv.to+1]--
	}
	live := 0
	for _, c := range change {
		live += c
		e.most = max(e.most, live)
	}
}

// interval is where v lives, or nil.
func (e *emitter) interval(v *value) *interval {
	if i := int(v.no); i < len(e.found) && e.found[i].v == v {
		return &e.found[i]
	}
	return nil
}

// alone finds inputs that few lines read and none writes, and results that one
// line writes and none reads. They get registers that nothing else has, for
// the machine can then use the caller's memory instead of them.
func (e *emitter) alone() []bool {
	type count struct{ reads, writes int32 }
	counts := make([]count, len(e.found))
	for i := range e.lines {
		ln := &e.lines[i]
		for _, a := range ln.args[:ln.n] {
			if !a.scalar {
				counts[a.no].reads++
			}
		}
		if ln.dst != nil && !ln.dst.scalar {
			counts[ln.dst.no].writes++
		}
	}
	out := make([]bool, len(e.found))
	for i, c := range counts {
		out[i] = e.found[i].v.op == opInput && c.writes == 0 && c.reads <= 4
	}
	for _, v := range e.p.outs {
		if !v.scalar && v.op != opInput && counts[v.no] == (count{0, 1}) {
			out[v.no] = true
		}
	}
	return out
}

// blocks gives each value of the lines a block register, by linear scan: in
// the order of their beginnings, each takes the register that was freed last,
// which is the likeliest to be in the cache.
func (e *emitter) blocks(prog *block.Program) (regs, which []int) {
	// Inputs first: they are there before the first line.
	var inputs []*interval
	for i := range e.found {
		if iv := &e.found[i]; iv.v.op == opInput {
			inputs = append(inputs, iv)
		}
	}
	for i := range inputs { // by number; there are few
		for j := i; j > 0 && inputs[j].v.imm < inputs[j-1].v.imm; j-- {
			inputs[j], inputs[j-1] = inputs[j-1], inputs[j]
		}
	}

	regs = make([]int, len(e.found))
	var free []int
	// By line, the first value that ends there, and by value the next; 0 is none.
	ends, next := make([]int32, len(e.lines)+1), make([]int32, len(e.found)+1)
	alone := e.alone()
	take := func(iv *interval) int {
		var r int
		if n := len(free); n > 0 && !alone[iv.v.no] {
			r = free[n-1]
			free = free[:n-1]
		} else {
			r = prog.Blocks
			if prog.Blocks++; prog.Blocks > maxBlocks {
				panic(limitError{0, fmt.Sprintf("the field keeps more than %d values at once for each point: use smaller arrays or shorter loops", maxBlocks)})
			}
		}
		no := iv.v.no
		regs[no] = r
		if !alone[no] {
			next[no+1], ends[iv.to] = ends[iv.to], no+1
		}
		return r
	}
	for _, iv := range inputs {
		prog.Inputs = append(prog.Inputs, block.Arg(take(iv)))
		which = append(which, int(iv.v.imm))
	}
	line := 0
	for i := range e.found {
		iv := &e.found[i]
		if iv.v.op == opInput {
			continue
		}
		for ; line <= iv.from; line++ { // an operand's register may become the result's
			for n := ends[line]; n != 0; n = next[n] {
				free = append(free, regs[n-1])
			}
		}
		take(iv)
	}
	return regs, which
}
