package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"regexp"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

// The kernels of one amd64 set are threaded code: each ends by jumping to the
// next record's kernel. What the machine keeps in registers, and no kernel
// may change but the controls:
//
//	SI  the record that runs: kernel, result, twelve operands and
//	    room for a vector of each scalar one, for kernels that have too few registers; 8 bytes each
//	CX  bytes of a block to run over, rounded up to the set's granule
//	DX  lanes to run over, exact
const (
	recordBytes = 120
	recordRoom  = 112
)

// amd64 writes one set of kernels with avo.
type amd64 struct {
	name   string // "avx2" or "avx512"
	wide   bool   // AVX-512
	text   bytes.Buffer
	file   *ir.File
	fn     *ir.Function
	regs   *reg.Collection
	consts map[string]int // bits of a constant (with width) to its offset in the table
	words  []uint64       // the table, in 8-byte words
	names  []string       // kernels in order
	forms  []formName

	// of the kernel being written
	k       *kernel
	val     map[*node][2]reg.VecVirtual
	kmask   map[*node]reg.OpmaskVirtual
	fixedC  map[string]reg.VecVirtual // constants held in registers
	wantC   map[string]*node          // constants asked for as registers, in the dry run
	dry     bool
	ptr     []reg.GPVirtual
	idx     reg.GPVirtual
	disp    int
	pending map[*node]operand.Mem // operands not loaded yet: folded into their one user
	aside   bool                  // scalar operands lie in memory, a vector of each
	memory  map[*node]operand.Mem // where they lie
	room    reg.GPVirtual
}

type formName struct {
	op   string
	mask int
}

const constBytes = 64

func (g *amd64) lanes() int {
	if g.wide {
		return 16
	}
	return 8
}
func (g *amd64) bytes() int { return g.lanes() * 4 }

func (g *amd64) vec() reg.VecVirtual {
	if g.wide {
		return g.regs.ZMM()
	}
	return g.regs.YMM()
}

// do adds an instruction that avo built, and dies of a bad one.
func (g *amd64) do(i *ir.Instruction, err error) {
	if err != nil {
		panic(fmt.Sprintf("%s %s form %d: %v", g.name, g.k.d.name, g.k.mask, err))
	}
	if !g.dry {
		g.fn.AddInstruction(i)
	}
}

// constant is the address of a constant, a whole vector of it.
func (g *amd64) constant(n *node) operand.Mem {
	key := constKey(n)
	off, ok := g.consts[key]
	if !ok {
		off = len(g.words) * 8
		g.consts[key] = off
		w := n.c
		if n.t != tW {
			w |= w << 32
		}
		for range constBytes / 8 {
			g.words = append(g.words, w)
		}
	}
	return operand.NewDataAddr(operand.NewStaticSymbol(g.name+"const"), off)
}

func constKey(n *node) string {
	if n.t == tW {
		return fmt.Sprintf("w%x", n.c)
	}
	return fmt.Sprintf("%x", uint32(n.c))
}

// rm is a value as register or memory, for an instruction's last source.
func (g *amd64) rm(n *node) operand.Op { return g.rmHalf(n, 0) }

func (g *amd64) rmHalf(n *node, h int) operand.Op {
	if n.op == oConst {
		if v, ok := g.fixedC[constKey(n)]; ok {
			return v
		}
		return g.constant(n)
	}
	if m, ok := g.pending[n]; ok && n.uses == 1 {
		return m
	}
	if m, ok := g.memory[n]; ok {
		return m
	}
	return g.half(n, h)
}

// r is a value in a register.
func (g *amd64) r(n *node) reg.VecVirtual { return g.half(n, 0) }

func (g *amd64) half(n *node, h int) reg.VecVirtual {
	if n.op == oConst {
		key := constKey(n)
		if v, ok := g.fixedC[key]; ok {
			return v
		}
		g.wantC[key] = n
		v := g.vec()
		g.load(g.constant(n), v)
		return v
	}
	if m, ok := g.pending[n]; ok {
		v := g.vec()
		g.load(m, v)
		delete(g.pending, n)
		g.val[n] = [2]reg.VecVirtual{v}
		return v
	}
	if m, ok := g.memory[n]; ok {
		v := g.vec()
		g.load(m, v)
		return v
	}
	v, ok := g.val[n]
	if !ok {
		if km, ok := g.kmask[n]; ok { // a mask held as a mask register
			v := g.vec()
			g.do(x86.VPMOVM2D(km, v))
			g.val[n] = [2]reg.VecVirtual{v}
			return v
		}
		panic(fmt.Sprintf("%s: node %d op %d has no value", g.k.d.name, n.id, n.op))
	}
	return v[h]
}

func (g *amd64) load(m operand.Mem, v reg.VecVirtual) {
	g.do(x86.VMOVUPS(m, v))
}

type ctor = func(...operand.Op) (*ir.Instruction, error)

func wrap3(f func(a, b, c operand.Op) (*ir.Instruction, error)) ctor {
	return func(o ...operand.Op) (*ir.Instruction, error) { return f(o[0], o[1], o[2]) }
}

// two emits d = x op y, for a constructor that takes y (register or memory), x, d.
func (g *amd64) two(f ctor, n *node, x, y *node, commutes bool) {
	if commutes && (x.op == oConst || g.folds(x) || g.lies(x)) && y.op != oConst && !g.folds(y) && !g.lies(y) {
		x, y = y, x
	}
	a := g.r(x)
	o := g.rm(y)
	d := g.vec()
	g.do(f(o, a, d))
	g.val[n] = [2]reg.VecVirtual{d}
}

func (g *amd64) lies(n *node) bool { _, ok := g.memory[n]; return ok }

func (g *amd64) folds(n *node) bool { _, ok := g.pending[n]; return ok && n.uses == 1 }

func (g *amd64) twoW(f ctor, n *node) {
	x, y := n.args[0], n.args[1]
	if x.op == oConst && (n.op == oWAdd || n.op == oWMul) {
		x, y = y, x
	}
	var out [2]reg.VecVirtual
	for h := range 2 {
		a := g.half(x, h)
		o := g.rmHalf(y, h)
		out[h] = g.vec()
		g.do(f(o, a, out[h]))
	}
	g.val[n] = out
}

func imm(v int) operand.Constant { return operand.Imm(uint64(v)) }

// emit writes the instructions of one value.
func (g *amd64) emit(n *node) {
	if _, ok := g.val[n]; ok {
		return
	}
	arg := func(i int) *node { return n.args[i] }
	set := func(v reg.VecVirtual) { g.val[n] = [2]reg.VecVirtual{v} }
	isF := n.t == tF
	switch n.op {
	case oConst:
	case oIn:
		i := int(n.c)
		if g.k.mask>>i&1 == 1 {
			panic("scalar operand in the loop")
		}
		g.pending[n] = operand.Mem{Base: g.ptr[i], Index: g.idx, Scale: 1, Disp: g.disp}
	case oCast:
		a := arg(0)
		if v, ok := g.kmask[a]; ok {
			g.kmask[n] = v
			return
		}
		set(g.r(a))
	case oAdd:
		g.two(x86.VADDPS, n, arg(0), arg(1), true)
	case oSub:
		g.two(x86.VSUBPS, n, arg(0), arg(1), false)
	case oMul:
		g.two(x86.VMULPS, n, arg(0), arg(1), true)
	case oDiv:
		g.two(x86.VDIVPS, n, arg(0), arg(1), false)
	case oMin: // the instruction gives its second source when unordered or equal
		g.two(x86.VMINPS, n, arg(1), arg(0), false)
	case oMax:
		g.two(x86.VMAXPS, n, arg(1), arg(0), false)
	case oSqrt:
		o, d := g.rm(arg(0)), g.vec()
		g.do(x86.VSQRTPS(o, d))
		set(d)
	case oFloor, oCeil:
		mode := 9 // down, no precision exception
		if n.op == oCeil {
			mode = 10
		}
		o, d := g.rm(arg(0)), g.vec()
		if g.wide {
			g.do(x86.VRNDSCALEPS(imm(mode), o, d))
		} else {
			g.do(x86.VROUNDPS(imm(mode), o, d))
		}
		set(d)
	case oAnd, oOr, oXor, oAndNot:
		g.bitwise(n, isF)
	case oIAdd:
		g.two(x86.VPADDD, n, arg(0), arg(1), true)
	case oISub:
		g.two(x86.VPSUBD, n, arg(0), arg(1), false)
	case oIMul:
		g.two(x86.VPMULLD, n, arg(0), arg(1), true)
	case oIMin:
		g.two(x86.VPMINSD, n, arg(0), arg(1), true)
	case oIMax:
		g.two(x86.VPMAXSD, n, arg(0), arg(1), true)
	case oIAbs:
		o, d := g.rm(arg(0)), g.vec()
		g.do(x86.VPABSD(o, d))
		set(d)
	case oShl, oSrl, oSra:
		f := map[opcode]ctor{oShl: x86.VPSLLD, oSrl: x86.VPSRLD, oSra: x86.VPSRAD}[n.op]
		a, d := g.r(arg(0)), g.vec()
		g.do(f(imm(int(n.c)), a, d))
		set(d)
	case oShlV:
		g.two(x86.VPSLLVD, n, arg(0), arg(1), false)
	case oSraV:
		g.two(x86.VPSRAVD, n, arg(0), arg(1), false)
	case oIToF:
		o, d := g.rm(arg(0)), g.vec()
		g.do(x86.VCVTDQ2PS(o, d))
		set(d)
	case oFToI:
		o, d := g.rm(arg(0)), g.vec()
		g.do(x86.VCVTTPS2DQ(o, d))
		set(d)
	case oFEq, oFNe, oFLt, oFLe:
		pred := map[opcode]int{oFEq: 0x00, oFLt: 0x11, oFLe: 0x12, oFNe: 0x04}[n.op]
		a, o := g.r(arg(0)), g.rm(arg(1))
		if g.wide {
			k := g.regs.K()
			g.do(x86.VCMPPS(imm(pred), o, a, k))
			g.kmask[n] = k
			return
		}
		d := g.vec()
		g.do(x86.VCMPPS(imm(pred), o, a, d))
		set(d)
	case oIEq, oIGt:
		f := ctor(x86.VPCMPEQD)
		if n.op == oIGt {
			f = x86.VPCMPGTD
		}
		a, o := g.r(arg(0)), g.rm(arg(1))
		if g.wide {
			k := g.regs.K()
			g.do(f(o, a, k))
			g.kmask[n] = k
			return
		}
		d := g.vec()
		g.do(f(o, a, d))
		set(d)
	case oSelect:
		g.selects(n)
	case oWFromF, oWFromI:
		g.widen(n)
	case oWLow:
		g.lows(n)
	case oWToF, oWToI:
		g.narrow(n)
	case oWAdd:
		g.twoW(x86.VADDPD, n)
	case oWSub:
		g.twoW(x86.VSUBPD, n)
	case oWMul:
		g.twoW(x86.VMULPD, n)
	case oWDiv:
		g.twoW(x86.VDIVPD, n)
	default:
		panic(fmt.Sprint("no instruction for ", n.op))
	}
}

func (g *amd64) bitwise(n *node, isF bool) {
	x, y := n.args[0], n.args[1]
	kx, okx := g.kmask[x]
	ky, oky := g.kmask[y]
	switch {
	case okx && oky:
		d := g.regs.K()
		switch n.op {
		case oAnd:
			g.do(x86.KANDW(ky, kx, d))
		case oOr:
			g.do(x86.KORW(ky, kx, d))
		case oXor:
			g.do(x86.KXORW(ky, kx, d))
		case oAndNot:
			g.do(x86.KANDNW(kx, ky, d))
		}
		g.kmask[n] = d
		return
	case okx && n.op == oXor && y.op == oConst && n.t == tM:
		d := g.regs.K()
		g.do(x86.KNOTW(kx, d))
		g.kmask[n] = d
		return
	case oky && n.op == oAnd: // a value where a mask holds
		a, d := g.r(x), g.vec()
		g.do(x86.VMOVAPS_Z(a, ky, d))
		g.val[n] = [2]reg.VecVirtual{d}
		return
	case oky && n.op == oAndNot:
		a, d, nk := g.r(x), g.vec(), g.regs.K()
		g.do(x86.KNOTW(ky, nk))
		g.do(x86.VMOVAPS_Z(a, nk, d))
		g.val[n] = [2]reg.VecVirtual{d}
		return
	}
	var f ctor
	switch {
	case isF && n.op == oAnd:
		f = x86.VANDPS
	case isF && n.op == oOr:
		f = x86.VORPS
	case isF && n.op == oXor:
		f = x86.VXORPS
	case isF:
		f = x86.VANDNPS
	case g.wide && n.op == oAnd:
		f = x86.VPANDD
	case g.wide && n.op == oOr:
		f = x86.VPORD
	case g.wide && n.op == oXor:
		f = x86.VPXORD
	case g.wide:
		f = x86.VPANDND
	case n.op == oAnd:
		f = wrap3(x86.VPAND)
	case n.op == oOr:
		f = wrap3(x86.VPOR)
	case n.op == oXor:
		f = wrap3(x86.VPXOR)
	default:
		f = wrap3(x86.VPANDN)
	}
	if n.op == oAndNot { // the instruction inverts its first source
		g.two(f, n, y, x, false)
		return
	}
	g.two(f, n, x, y, true)
}

func (g *amd64) selects(n *node) {
	m, x, y := n.args[0], n.args[1], n.args[2]
	if k, ok := g.kmask[m]; ok {
		b, a, d := g.r(y), g.rm(x), g.vec()
		g.do(x86.VBLENDMPS(a, b, k, d))
		g.val[n] = [2]reg.VecVirtual{d}
		return
	}
	if g.wide {
		mv, a := g.r(m), g.r(x)
		o, d := g.rm(y), g.vec()
		g.do(x86.VMOVDQA32(mv, d))
		g.do(x86.VPTERNLOGD(imm(0xca), o, a, d))
		g.val[n] = [2]reg.VecVirtual{d}
		return
	}
	mv, b := g.r(m), g.r(y)
	a, d := g.rm(x), g.vec()
	g.do(x86.VBLENDVPS(mv, a, b, d))
	g.val[n] = [2]reg.VecVirtual{d}
}

func (g *amd64) widen(n *node) {
	a := g.r(n.args[0])
	lo, hi := g.vec(), g.vec()
	if g.wide {
		top := g.regs.YMM()
		g.do(x86.VEXTRACTF32X8(imm(1), a, top))
		if n.op == oWFromF {
			g.do(x86.VCVTPS2PD(a.AsY(), lo))
			g.do(x86.VCVTPS2PD(top, hi))
		} else {
			g.do(x86.VCVTDQ2PD(a.AsY(), lo))
			g.do(x86.VCVTDQ2PD(top, hi))
		}
	} else {
		top := g.regs.XMM()
		g.do(x86.VEXTRACTF128(imm(1), a, top))
		if n.op == oWFromF {
			g.do(x86.VCVTPS2PD(a.AsX(), lo))
			g.do(x86.VCVTPS2PD(top, hi))
		} else {
			g.do(x86.VCVTDQ2PD(a.AsX(), lo))
			g.do(x86.VCVTDQ2PD(top, hi))
		}
	}
	g.val[n] = [2]reg.VecVirtual{lo, hi}
}

func (g *amd64) narrow(n *node) {
	lo, hi, d := g.half(n.args[0], 0), g.half(n.args[0], 1), g.vec()
	l, h := g.vec(), g.vec()
	if g.wide {
		if n.op == oWToF {
			g.do(x86.VCVTPD2PS(lo, l.AsY()))
			g.do(x86.VCVTPD2PS(hi, h.AsY()))
		} else {
			g.do(x86.VCVTTPD2DQ(lo, l.AsY()))
			g.do(x86.VCVTTPD2DQ(hi, h.AsY()))
		}
		g.do(x86.VINSERTF32X8(imm(1), h.AsY(), l, d))
	} else {
		if n.op == oWToF {
			g.do(x86.VCVTPD2PSY(lo, l.AsX()))
			g.do(x86.VCVTPD2PSY(hi, h.AsX()))
		} else {
			g.do(x86.VCVTTPD2DQY(lo, l.AsX()))
			g.do(x86.VCVTTPD2DQY(hi, h.AsX()))
		}
		g.do(x86.VINSERTF128(imm(1), h.AsX(), l, d))
	}
	g.val[n] = [2]reg.VecVirtual{d}
}

// lows packs the low halves of the float64s.
func (g *amd64) lows(n *node) {
	lo, hi, d := g.half(n.args[0], 0), g.half(n.args[0], 1), g.vec()
	if g.wide {
		l, h := g.vec(), g.vec()
		g.do(x86.VPMOVQD(lo, l.AsY()))
		g.do(x86.VPMOVQD(hi, h.AsY()))
		g.do(x86.VINSERTF32X8(imm(1), h.AsY(), l, d))
	} else {
		t := g.vec()
		g.do(x86.VSHUFPS(operand.Imm(0x88), hi, lo, t))
		g.do(x86.VPERMQ(operand.Imm(0xd8), t, d))
	}
	g.val[n] = [2]reg.VecVirtual{d}
}

// unroll says how many vectors a turn of the loop does: short bodies are
// repeated so that the loop's own instructions do not count.
func (k *kernel) unroll() int {
	n := 0
	for _, v := range k.live {
		if v.op != oConst && !k.fixed[v] {
			n++
		}
	}
	switch {
	case n <= 8:
		return 4
	case n <= 24:
		return 2
	}
	return 1
}

// kernel writes the function of one form.
func (g *amd64) kernel(d *def, mask int) error {
	k := d.compile(mask)
	name := fmt.Sprintf("%s%s%d", g.name, d.name, mask)
	// The dry run finds the constants that an instruction wants in a register.
	keep := map[string]*node{}
	g.wantC = keep
	g.body(k, name, nil, true)
	// As many of them as leave registers for the rest stay there; the others
	// are loaded anew in each turn of the loop.
	limit := 8
	if g.wide {
		limit = 20
	}
	var err error
	g.aside = false
	for most := limit; limit >= 0; limit-- {
		var fixed []*node
		for _, n := range k.live {
			if n.op == oConst && keep[constKey(n)] != nil && len(fixed) < limit {
				fixed = append(fixed, n)
			}
		}
		if len(fixed) < limit {
			limit = len(fixed)
		}
		g.wantC = map[string]*node{}
		g.file = ir.NewFile()
		g.body(k, name, fixed, false)
		var text []byte
		if text, err = g.finish(); err == nil {
			g.text.Write(text)
			g.names = append(g.names, name)
			g.forms = append(g.forms, formName{d.name, mask})
			return nil
		}
		if limit == 0 && !g.aside {
			limit, g.aside = most, true
		}
	}
	return fmt.Errorf("%s: %w", name, err)
}

// finish allocates the registers of the kernel just written, and prints it.
func (g *amd64) finish() ([]byte, error) {
	if err := pass.Compile.Execute(g.file); err != nil {
		return nil, err
	}
	if g.fn.FrameBytes() != 0 {
		return nil, errors.New("a threaded kernel must have no frame")
	}
	g.file.Includes = nil
	text, err := printer.NewGoAsm(printer.Config{}).Print(g.file)
	if err != nil {
		return nil, err
	}
	text = text[bytes.Index(text, []byte("// func")):]
	if bad := beyondAVX2.Find(text); bad != nil && !g.wide {
		return nil, fmt.Errorf("too many registers (%s)", bad)
	}
	// Kernels are local to the file and have no declaration in Go, for no Go code calls them.
	text = regexp.MustCompile(`(?m)^// func (\w+)\(\)$`).ReplaceAll(text, []byte("\n// $1"))
	return regexp.MustCompile(`(?m)^TEXT ·(\w+)\(SB\)`).ReplaceAll(text, []byte("TEXT $1<>(SB)")), nil
}

func (g *amd64) body(k *kernel, name string, inRegs []*node, dry bool) {
	g.k, g.dry = k, dry
	g.regs = reg.NewCollection()
	g.val = map[*node][2]reg.VecVirtual{}
	g.kmask = map[*node]reg.OpmaskVirtual{}
	g.pending = map[*node]operand.Mem{}
	g.fixedC = map[string]reg.VecVirtual{}
	g.memory = map[*node]operand.Mem{}
	if !dry {
		g.fn = ir.NewFunction(name)
		g.fn.Attributes = attr.NOSPLIT
		g.file.AddSection(g.fn)
	}
	g.ptr = make([]reg.GPVirtual, len(k.d.args))
	used := map[int]bool{}
	for _, n := range k.live {
		if n.op == oIn {
			used[int(n.c)] = true
		}
	}
	if g.aside {
		g.room = g.regs.GP64()
		g.do(x86.MOVQ(operand.Mem{Base: reg.RSI, Disp: recordRoom}, g.room))
	}
	for i := range k.d.args {
		if !used[i] || k.mask>>i&1 == 1 {
			continue
		}
		g.ptr[i] = g.regs.GP64()
		g.do(x86.MOVQ(operand.Mem{Base: reg.RSI, Disp: 16 + 8*i}, g.ptr[i]))
	}
	dst := g.regs.GP64()
	g.do(x86.MOVQ(operand.Mem{Base: reg.RSI, Disp: 8}, dst))
	for _, n := range inRegs {
		if _, ok := g.fixedC[constKey(n)]; ok {
			continue
		}
		v := g.vec()
		g.load(g.constant(n), v)
		g.fixedC[constKey(n)] = v
	}
	for _, n := range k.live {
		if !k.fixed[n] {
			continue
		}
		if n.op == oIn {
			p, v := g.regs.GP64(), g.vec()
			g.do(x86.MOVQ(operand.Mem{Base: reg.RSI, Disp: 16 + 8*int(n.c)}, p))
			g.do(x86.VBROADCASTSS(operand.Mem{Base: p}, v))
			if g.aside {
				g.memory[n] = operand.Mem{Base: g.room, Disp: int(n.c) * g.bytes()}
				g.do(x86.VMOVUPS(v, g.memory[n]))
				continue
			}
			g.val[n] = [2]reg.VecVirtual{v}
			continue
		}
		g.emit(n)
	}
	if k.fixed[k.result] && k.result.op != oConst {
		g.r(k.result)
	}
	g.idx = g.regs.GP64()
	g.do(x86.XORQ(g.idx, g.idx))
	if !dry {
		g.fn.AddLabel("loop")
	}
	unroll := g.unroll(k)
	base, baseK := copyMap(g.val), copyMap(g.kmask)
	for u := range unroll {
		g.val, g.kmask = copyMap(base), copyMap(baseK)
		g.pending = map[*node]operand.Mem{}
		g.disp = u * g.bytes()
		for _, n := range k.live {
			if !k.fixed[n] {
				g.emit(n)
			}
		}
		out := g.r(k.result)
		g.do(x86.VMOVUPS(out, operand.Mem{Base: dst, Index: g.idx, Scale: 1, Disp: g.disp}))
	}
	g.do(x86.ADDQ(operand.I32(int32(unroll*g.bytes())), g.idx))
	g.do(x86.CMPQ(g.idx, reg.RCX))
	g.do(x86.JLT(operand.LabelRef("loop")))
	g.next()
}

// unroll is k's, but no more than makes the granule of 32 lanes: what is
// packed is seldom more.
func (g *amd64) unroll(k *kernel) int { return min(k.unroll(), 32/g.lanes()) }

func copyMap[K comparable, V any](m map[K]V) map[K]V {
	c := make(map[K]V, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}

// next goes on to the next record's kernel. The jump reads what kernels must
// leave alone, so that avo keeps those registers free.
func (g *amd64) next() {
	g.do(x86.ADDQ(operand.Imm(recordBytes), reg.RSI))
	g.do(x86.MOVQ(operand.Mem{Base: reg.RSI}, reg.RAX))
	g.do(&ir.Instruction{
		Opcode:     "JMP",
		Operands:   []operand.Op{reg.RAX},
		Inputs:     []operand.Op{reg.RAX, reg.RSI, reg.RCX, reg.RDX},
		IsTerminal: true,
	}, nil)
}

var beyondAVX2 = regexp.MustCompile(`\b[XY](1[6-9]|2[0-9]|3[01])\b|\bZ[0-9]|\bK[0-7]\b`)

// generate writes the set's assembly.
func (g *amd64) generate(path string) error {
	g.consts = map[string]int{}
	g.text.WriteString("// Code generated by gen with avo. DO NOT EDIT.\n\n//go:build amd64\n\n#include \"textflag.h\"\n")
	for i := range operations {
		d := &operations[i]
		for _, m := range d.formsOf() {
			if err := g.kernel(d, m); err != nil {
				return err
			}
		}
	}
	writeTables(&g.text, g.name, g.names, g.words)
	return os.WriteFile(path, g.text.Bytes(), 0o666)
}

// writeTables prints the constants and the addresses of the kernels.
func writeTables(out *bytes.Buffer, set string, names []string, words []uint64) {
	fmt.Fprintf(out, "\n// Constants, a whole vector of each.\n")
	for i, w := range words {
		fmt.Fprintf(out, "DATA %sconst<>+%d(SB)/8, $0x%016x\n", set, i*8, w)
	}
	if len(words) > 0 {
		fmt.Fprintf(out, "GLOBL %sconst<>(SB), RODATA|NOPTR, $%d\n", set, len(words)*8)
	}
	fmt.Fprintf(out, "\n// Where the kernels are, in the order of %sForms.\n", set)
	for i, n := range names {
		fmt.Fprintf(out, "DATA ·%sTable+%d(SB)/8, $%s<>(SB)\n", set, i*8, n)
	}
	fmt.Fprintf(out, "GLOBL ·%sTable(SB), RODATA|NOPTR, $%d\n", set, len(names)*8)
}
