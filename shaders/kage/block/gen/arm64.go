package main

import (
	"bytes"
	"fmt"
	"os"
)

// The NEON kernels are threaded code as the amd64 ones are (amd64.go). What
// the machine keeps in registers, and no kernel may change but the controls:
//
//	R0  the record that runs
//	R1  bytes of a block to run over, rounded up to the granule
//	R2  lanes to run over, exact
//	R30 where the last record returns to
//
// A kernel has R4…R15 for its operands, R19 for its result, R20 for what is
// left to do and R21 for the constants.
//
// Go's assembler has few of the vector instructions, so they are written as
// the words that the Arm Architecture Reference Manual (DDI 0487, C7.2) gives,
// each with its mnemonic beside it. None of them is a fused multiply and add.
type arm64 struct {
	text   bytes.Buffer
	consts map[string]int // bits of a constant (with width) to its offset in the table
	words  []uint64
	names  []string
	forms  []formName

	// of the kernel being written
	k      *kernel
	code   []neonInst
	vregs  int
	val    map[*node][2]int // the virtual registers that hold a value
	inRegs map[string]int   // constants held in registers
	loop   int              // the first instruction of the loop
}

// neonInst is one vector instruction over virtual registers; a field that it
// does not have is -1.
type neonInst struct {
	word    uint32 // with its registers zero
	name    string // the mnemonic, with %d %n %m where registers go
	d, n, m int
	tied    bool // it reads d too
	move    bool // d becomes n: nothing, where n dies of it
}

// neon are the instructions that definitions need: Vd at bit 0, Vn at 5, Vm
// at 16, all of 128 bits, four lanes of 32 bits or two of 64.
var neon = map[string]struct {
	word uint32
	name string
}{
	"fadd":     {0x4e20d400, "FADD %d.4S, %n.4S, %m.4S"},
	"fsub":     {0x4ea0d400, "FSUB %d.4S, %n.4S, %m.4S"},
	"fmul":     {0x6e20dc00, "FMUL %d.4S, %n.4S, %m.4S"},
	"fdiv":     {0x6e20fc00, "FDIV %d.4S, %n.4S, %m.4S"},
	"fcmeq":    {0x4e20e400, "FCMEQ %d.4S, %n.4S, %m.4S"},
	"fcmge":    {0x6e20e400, "FCMGE %d.4S, %n.4S, %m.4S"},
	"fcmgt":    {0x6ea0e400, "FCMGT %d.4S, %n.4S, %m.4S"},
	"fsqrt":    {0x6ea1f800, "FSQRT %d.4S, %n.4S"},
	"frintm":   {0x4e219800, "FRINTM %d.4S, %n.4S"},
	"frintp":   {0x4ea18800, "FRINTP %d.4S, %n.4S"},
	"scvtf":    {0x4e21d800, "SCVTF %d.4S, %n.4S"},
	"fcvtzs":   {0x4ea1b800, "FCVTZS %d.4S, %n.4S"},
	"fadd.2d":  {0x4e60d400, "FADD %d.2D, %n.2D, %m.2D"},
	"fsub.2d":  {0x4ee0d400, "FSUB %d.2D, %n.2D, %m.2D"},
	"fmul.2d":  {0x6e60dc00, "FMUL %d.2D, %n.2D, %m.2D"},
	"fdiv.2d":  {0x6e60fc00, "FDIV %d.2D, %n.2D, %m.2D"},
	"scvtf.2d": {0x4e61d800, "SCVTF %d.2D, %n.2D"},
	"fcvtzs.d": {0x4ee1b800, "FCVTZS %d.2D, %n.2D"},
	"fcvtl":    {0x0e617800, "FCVTL %d.2D, %n.2S"},
	"fcvtl2":   {0x4e617800, "FCVTL2 %d.2D, %n.4S"},
	"fcvtn":    {0x0e616800, "FCVTN %d.2S, %n.2D"},
	"fcvtn2":   {0x4e616800, "FCVTN2 %d.4S, %n.2D"},
	"xtn":      {0x0ea12800, "XTN %d.2S, %n.2D"},
	"xtn2":     {0x4ea12800, "XTN2 %d.4S, %n.2D"},
	"sxtl":     {0x0f20a400, "SXTL %d.2D, %n.2S"},
	"sxtl2":    {0x4f20a400, "SXTL2 %d.2D, %n.4S"},
	"and":      {0x4e201c00, "AND %d.16B, %n.16B, %m.16B"},
	"bic":      {0x4e601c00, "BIC %d.16B, %n.16B, %m.16B"},
	"orr":      {0x4ea01c00, "ORR %d.16B, %n.16B, %m.16B"},
	"eor":      {0x6e201c00, "EOR %d.16B, %n.16B, %m.16B"},
	"bsl":      {0x6e601c00, "BSL %d.16B, %n.16B, %m.16B"},
	"not":      {0x6e205800, "NOT %d.16B, %n.16B"},
	"add":      {0x4ea08400, "ADD %d.4S, %n.4S, %m.4S"},
	"sub":      {0x6ea08400, "SUB %d.4S, %n.4S, %m.4S"},
	"mul":      {0x4ea09c00, "MUL %d.4S, %n.4S, %m.4S"},
	"smin":     {0x4ea06c00, "SMIN %d.4S, %n.4S, %m.4S"},
	"smax":     {0x4ea06400, "SMAX %d.4S, %n.4S, %m.4S"},
	"umin":     {0x6ea06c00, "UMIN %d.4S, %n.4S, %m.4S"},
	"cmeq":     {0x6ea08c00, "CMEQ %d.4S, %n.4S, %m.4S"},
	"cmgt":     {0x4ea03400, "CMGT %d.4S, %n.4S, %m.4S"},
	"cmhi":     {0x6ea03400, "CMHI %d.4S, %n.4S, %m.4S"},
	"abs":      {0x4ea0b800, "ABS %d.4S, %n.4S"},
	"neg":      {0x6ea0b800, "NEG %d.4S, %n.4S"},
	"sshl":     {0x4ea04400, "SSHL %d.4S, %n.4S, %m.4S"},
	"ushl":     {0x6ea04400, "USHL %d.4S, %n.4S, %m.4S"},
	"uzp1":     {0x4e801800, "UZP1 %d.4S, %n.4S, %m.4S"},
}

const neonLanes = 4

// constant is the place in the table of a constant, a whole vector of it.
func (g *arm64) constant(n *node) int {
	key := constKey(n)
	off, ok := g.consts[key]
	if !ok {
		off = len(g.words) * 8
		g.consts[key] = off
		w := n.c
		if n.t != tW {
			w |= w << 32
		}
		g.words = append(g.words, w, w)
	}
	return off
}

func (g *arm64) fresh() int { g.vregs++; return g.vregs - 1 }

// to adds an instruction whose result is d.
func (g *arm64) to(d int, op string, n, m int, tied bool) {
	e, ok := neon[op]
	if !ok {
		panic("no NEON instruction " + op)
	}
	g.code = append(g.code, neonInst{word: e.word, name: e.name, d: d, n: n, m: m, tied: tied})
}

func (g *arm64) do(op string, n, m int) int {
	d := g.fresh()
	g.to(d, op, n, m, false)
	return d
}

// copy is a register that may be written over, with what x holds.
func (g *arm64) copy(x int) int {
	d := g.fresh()
	g.code = append(g.code, neonInst{word: neon["orr"].word, name: neon["orr"].name, d: d, n: x, m: x, move: true})
	return d
}

// sel is x where mask holds, else y.
func (g *arm64) sel(mask, x, y int) int {
	d := g.copy(mask)
	g.to(d, "bsl", x, y, true)
	return d
}

// shift is a shift by an immediate, which stands at bit 16.
func (g *arm64) shift(name string, word uint32, imm uint64, c uint64, n int) int {
	d := g.fresh()
	g.code = append(g.code, neonInst{word: word | uint32(imm)<<16, name: fmt.Sprintf("%s %%d.4S, %%n.4S, $%d", name, c), d: d, n: n, m: -1})
	return d
}

// memory is a load or store, with the address register at bit 5.
func (g *arm64) memory(word uint32, name string, v int, base int, store bool) {
	in := neonInst{word: word | uint32(base)<<5, name: name, d: v, n: -1, m: -1}
	if store {
		in.d, in.tied, in.name = v, true, name
	}
	g.code = append(g.code, in)
}

func (g *arm64) load(n *node) int {
	off := g.constant(n)
	v := g.fresh()
	g.memory(0x3dc00000|uint32(off/16)<<10, fmt.Sprintf("LDR Q%%d, [R21, $%d]", off), v, 21, false)
	return v
}

func (g *arm64) half(n *node, h int) int {
	if n.op == oConst {
		if v, ok := g.inRegs[constKey(n)]; ok {
			return v
		}
		return g.load(n)
	}
	v, ok := g.val[n]
	if !ok {
		panic(fmt.Sprintf("%s: node %d op %d has no value", g.k.d.name, n.id, n.op))
	}
	return v[h]
}

func (g *arm64) r(n *node) int { return g.half(n, 0) }

var neonBinary = map[opcode]string{
	oAdd: "fadd", oSub: "fsub", oMul: "fmul", oDiv: "fdiv",
	oAnd: "and", oOr: "orr", oXor: "eor", oAndNot: "bic",
	oIAdd: "add", oISub: "sub", oIMul: "mul", oIMin: "smin", oIMax: "smax",
	oFEq: "fcmeq", oIEq: "cmeq", oIGt: "cmgt",
	oWAdd: "fadd.2d", oWSub: "fsub.2d", oWMul: "fmul.2d", oWDiv: "fdiv.2d",
}

var neonUnary = map[opcode]string{
	oSqrt: "fsqrt", oFloor: "frintm", oCeil: "frintp", oIAbs: "abs", oIToF: "scvtf",
}

// constBits is a vector of a 32-bit constant, from a register or the table.
func (g *arm64) constBits(x uint32) int { return g.r(&node{op: oConst, t: tI, c: uint64(x)}) }

// emit writes the instructions of one value.
func (g *arm64) emit(n *node) {
	arg := func(i int) int { return g.r(n.args[i]) }
	set := func(v int) { g.val[n] = [2]int{v, v} }
	if op, ok := neonUnary[n.op]; ok {
		set(g.do(op, arg(0), -1))
		return
	}
	if op, ok := neonBinary[n.op]; ok {
		v := [2]int{}
		v[0] = g.do(op, arg(0), arg(1))
		v[1] = v[0]
		if n.t == tW {
			v[1] = g.do(op, g.half(n.args[0], 1), g.half(n.args[1], 1))
		}
		g.val[n] = v
		return
	}
	switch n.op {
	case oConst:
	case oIn:
		v := g.fresh()
		g.memory(0x3cc10400, fmt.Sprintf("LDR Q%%d, [R%d], $16", 4+n.c), v, 4+int(n.c), false)
		set(v)
	case oCast:
		set(arg(0))
	case oMin: // FMIN treats NaN otherwise
		a, b := arg(0), arg(1)
		set(g.sel(g.do("fcmgt", a, b), b, a))
	case oMax:
		a, b := arg(0), arg(1)
		set(g.sel(g.do("fcmgt", b, a), b, a))
	case oShl:
		set(g.shift("SHL", 0x4f005400, 32+n.c, n.c, arg(0)))
	case oSrl:
		set(g.shift("USHR", 0x6f000400, 64-n.c, n.c, arg(0)))
	case oSra:
		set(g.shift("SSHR", 0x4f000400, 64-n.c, n.c, arg(0)))
	case oShlV: // USHL looks at the low byte of the count alone
		a, b := arg(0), arg(1)
		in := g.do("cmhi", g.constBits(32), b)
		set(g.do("and", g.do("ushl", a, b), in))
	case oSraV:
		a, b := arg(0), arg(1)
		set(g.do("sshl", a, g.do("neg", g.do("umin", b, g.constBits(31)), -1)))
	case oFToI: // FCVTZS saturates, and gives 0 for NaN
		a := arg(0)
		in := g.do("fcmgt", g.constBits(0x4f000000), a)
		set(g.sel(in, g.do("fcvtzs", a, -1), g.constBits(1<<31)))
	case oFNe:
		set(g.do("not", g.do("fcmeq", arg(0), arg(1)), -1))
	case oFLt:
		set(g.do("fcmgt", arg(1), arg(0)))
	case oFLe:
		set(g.do("fcmge", arg(1), arg(0)))
	case oSelect:
		set(g.sel(arg(0), arg(1), arg(2)))
	case oWFromF:
		a := arg(0)
		g.val[n] = [2]int{g.do("fcvtl", a, -1), g.do("fcvtl2", a, -1)}
	case oWFromI:
		a := arg(0)
		lo, hi := g.do("sxtl", a, -1), g.do("sxtl2", a, -1)
		g.val[n] = [2]int{g.do("scvtf.2d", lo, -1), g.do("scvtf.2d", hi, -1)}
	case oWToF:
		d := g.do("fcvtn", arg(0), -1)
		g.to(d, "fcvtn2", g.half(n.args[0], 1), -1, true)
		set(d)
	case oWToI:
		// To 64 bits and the low half of those: as CVTTPD2DQ for 2³¹, and for
		// all that a quotient of two int32 can be but those by 0, which the
		// definitions of IDiv and IMod replace.
		d := g.do("xtn", g.do("fcvtzs.d", arg(0), -1), -1)
		g.to(d, "xtn2", g.do("fcvtzs.d", g.half(n.args[0], 1), -1), -1, true)
		set(d)
	case oWLow:
		set(g.do("uzp1", arg(0), g.half(n.args[0], 1)))
	default:
		panic(fmt.Sprint("no NEON instruction for ", n.op))
	}
}

// extraConsts are constants that emit brings in for an opcode.
func extraConsts(op opcode) []uint32 {
	switch op {
	case oShlV:
		return []uint32{32}
	case oSraV:
		return []uint32{31}
	case oFToI:
		return []uint32{0x4f000000, 1 << 31}
	}
	return nil
}

// body writes the kernel over virtual registers, with the first limit of its
// constants held in registers for the whole loop.
func (g *arm64) body(k *kernel, limit int) {
	g.k, g.code, g.vregs = k, nil, 0
	g.val, g.inRegs = map[*node][2]int{}, map[string]int{}
	hold := func(n *node) {
		if _, ok := g.inRegs[constKey(n)]; !ok && len(g.inRegs) < limit {
			g.inRegs[constKey(n)] = g.load(n)
		}
	}
	for _, n := range k.live {
		if n.op == oConst {
			hold(n)
		}
		for _, c := range extraConsts(n.op) {
			hold(&node{op: oConst, t: tI, c: uint64(c)})
		}
	}
	for _, n := range k.live {
		switch {
		case !k.fixed[n]:
		case n.op == oIn:
			v := g.fresh()
			g.memory(0x4d40c800, fmt.Sprintf("LD1R {%%d.4S}, [R%d]", 4+n.c), v, 4+int(n.c), false)
			g.val[n] = [2]int{v, v}
		default:
			g.emit(n)
		}
	}
	g.loop = len(g.code)
	base := copyMap(g.val)
	for range k.unroll() {
		g.val = copyMap(base)
		for _, n := range k.live {
			if !k.fixed[n] {
				g.emit(n)
			}
		}
		g.memory(0x3c810400, "STR Q%d, [R19], $16", g.r(k.result), 19, true)
	}
}

// kernel writes the function of one form.
func (g *arm64) kernel(d *def, mask int) error {
	k := d.compile(mask)
	name := fmt.Sprintf("neon%s%d", d.name, mask)
	for limit := 24; limit >= 0; limit-- {
		g.body(k, limit)
		phys, ok := allocate(g.code, g.vregs, g.loop)
		if !ok {
			continue
		}
		g.print(k, name, phys)
		g.names = append(g.names, name)
		g.forms = append(g.forms, formName{d.name, mask})
		return nil
	}
	return fmt.Errorf("%s: too many registers", name)
}

// allocate gives each virtual register one of the 32, by linear scan: the
// code is one line with a loop at its end, and what is made before the loop
// and used in it lives to the end.
func allocate(code []neonInst, vregs, loop int) ([]int, bool) {
	last, first := make([]int, vregs), make([]int, vregs)
	for i := range first {
		first[i] = -1
	}
	see := func(v, i int) {
		if v < 0 {
			return
		}
		if first[v] < 0 {
			first[v] = i
		}
		last[v] = i
		if i >= loop && first[v] < loop {
			last[v] = len(code)
		}
	}
	for i, in := range code {
		see(in.n, i)
		see(in.m, i)
		see(in.d, i)
	}
	phys := make([]int, vregs)
	for i := range phys {
		phys[i] = -1
	}
	var used [32]bool
	for i, in := range code {
		for _, v := range []int{in.n, in.m} {
			if v >= 0 && last[v] == i {
				used[phys[v]] = false
			}
		}
		if in.d < 0 || phys[in.d] >= 0 {
			if in.d >= 0 && last[in.d] == i {
				used[phys[in.d]] = false
			}
			continue
		}
		at := -1
		if in.move && last[in.n] == i {
			at = phys[in.n]
		}
		for r := 0; at < 0 && r < len(used); r++ {
			if !used[r] {
				at = r
			}
		}
		if at < 0 {
			return nil, false
		}
		phys[in.d], used[at] = at, true
	}
	return phys, true
}

// print writes the kernel as text.
func (g *arm64) print(k *kernel, name string, phys []int) {
	t := &g.text
	fmt.Fprintf(t, "\n// %s\nTEXT %s<>(SB), NOSPLIT|NOFRAME, $0\n", name, name)
	for _, n := range k.live {
		if n.op == oIn {
			fmt.Fprintf(t, "\tMOVD %d(R0), R%d\n", 16+8*n.c, 4+n.c)
		}
	}
	fmt.Fprintf(t, "\tMOVD 8(R0), R19\n")
	for _, in := range g.code {
		if in.word>>5&31 == 21 && in.n < 0 {
			fmt.Fprintf(t, "\tMOVD $neonconst<>(SB), R21\n")
			break
		}
	}
	fmt.Fprintf(t, "\tMOVD R1, R20\n")
	for i, in := range g.code {
		if i == g.loop {
			fmt.Fprintf(t, "\nloop:\n")
		}
		if in.move && phys[in.d] == phys[in.n] {
			continue
		}
		w := in.word
		var text []byte
		for j := 0; j < len(in.name); j++ {
			if in.name[j] != '%' {
				text = append(text, in.name[j])
				continue
			}
			j++
			reg := map[byte]int{'d': in.d, 'n': in.n, 'm': in.m}[in.name[j]]
			if text[len(text)-1] != 'Q' {
				text = append(text, 'V')
			}
			text = fmt.Append(text, phys[reg])
		}
		w |= uint32(phys[in.d])
		if in.n >= 0 {
			w |= uint32(phys[in.n]) << 5
		}
		if in.m >= 0 {
			w |= uint32(phys[in.m]) << 16
		}
		fmt.Fprintf(t, "\tWORD $0x%08x // %s\n", w, text)
	}
	fmt.Fprintf(t, "\tSUBS $%d, R20, R20\n\tBGT loop\n\tADD $%d, R0, R0\n\tMOVD (R0), R3\n\tJMP (R3)\n", k.unroll()*neonLanes*4, recordBytes)
}

// generate writes the set's assembly.
func (g *arm64) generate(path string) error {
	g.consts = map[string]int{}
	g.text.WriteString("// Code generated by gen. DO NOT EDIT.\n\n//go:build arm64\n\n#include \"textflag.h\"\n")
	for i := range operations {
		d := &operations[i]
		for _, m := range d.formsOf() {
			if err := g.kernel(d, m); err != nil {
				return err
			}
		}
	}
	writeTables(&g.text, "neon", g.names, g.words)
	return os.WriteFile(path, g.text.Bytes(), 0o666)
}
