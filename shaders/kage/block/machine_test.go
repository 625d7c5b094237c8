package block

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// interpret runs a program lane by lane by Eval: what a State must equal.
// Blocks hold their inputs; scalars their values after the prologue.
func interpret(p *Program, blocks [][]uint32, scalars []uint32, n int) {
	get := func(a Arg, lane int) uint32 {
		if a&ScalarBit != 0 {
			return scalars[a&^ScalarBit]
		}
		return blocks[a][lane]
	}
	for pc := 0; pc < len(p.Insts); pc++ {
		in := &p.Insts[pc]
		switch in.Op {
		case Nop:
		case Jump:
			pc = int(in.To) - 1
		case JumpZero:
			if get(in.Arg[0], 0) == 0 {
				pc = int(in.To) - 1
			}
		case JumpNone:
			some := false
			for l := range n {
				some = some || get(in.Arg[0], l) != 0
			}
			if !some {
				pc = int(in.To) - 1
			}
		case Gather, Lookup:
			for l := range n {
				v := uint32(0)
				if i := get(in.Arg[1], l); i < uint32(in.To) {
					v = get(in.Arg[0]+Arg(i), l)
				}
				if in.Dst&ScalarBit != 0 {
					scalars[in.Dst&^ScalarBit] = v
					break
				}
				blocks[in.Dst][l] = v
			}
		case Scatter:
			for l := range n {
				if i := get(in.Arg[1], l); i < uint32(in.To) && get(in.Arg[2], l) != 0 {
					blocks[in.Dst+Arg(i)][l] = get(in.Arg[0], l)
				}
			}
		default:
			var x [MaxArgs]uint32
			na := len(in.Op.Info().Args)
			if in.Dst&ScalarBit != 0 {
				for i := range na {
					x[i] = get(in.Arg[i], 0)
				}
				scalars[in.Dst&^ScalarBit] = Eval(in.Op, x[:na]...)
				break
			}
			for l := range n {
				for i := range na {
					x[i] = get(in.Arg[i], l)
				}
				blocks[in.Dst][l] = Eval(in.Op, x[:na]...)
			}
		}
	}
}

// Registers of random programs are kept apart by type, so that no operation
// sees which NaN a NaN is: some for floats, some for ints, some for masks.
const perType = 5

// program makes a random valid program that ends: jumps go forward only.
func program(r *rand.Rand, length int) *Program {
	ops := valueOps()
	reg := func(kind byte, scalar bool) Arg {
		if kind == 'x' || kind == 0 {
			kind = "fim"[r.IntN(3)]
		}
		a := Arg(strings.IndexByte("fim", kind)*perType + r.IntN(perType))
		if scalar {
			a |= ScalarBit
		}
		return a
	}
	p := &Program{Blocks: 3 * perType, Scalars: make([]uint32, 3*perType)}
	for i := range p.Scalars {
		p.Scalars[i] = operand(r, "fim"[i/perType])
	}
	for i := range length {
		in := Inst{Op: ops[r.IntN(len(ops))]}
		switch r.IntN(20) {
		case 0:
			in.Op = []Op{Jump, JumpNone, JumpZero, Nop}[r.IntN(4)]
		case 1:
			in.Op = []Op{Gather, Scatter, Lookup}[r.IntN(3)]
		}
		info := in.Op.Info()
		kind := byte(0) // of all operands and results that may be of any type
		if strings.Contains(info.Args, "x") {
			kind = "fim"[r.IntN(3)]
		}
		of := func(k byte) byte {
			if k == 'x' {
				return kind
			}
			return k
		}
		scalarDst := r.IntN(12) == 0 && !in.Op.isControl()
		for j := range info.Args {
			in.Arg[j] = reg(of(info.Args[j]), scalarDst || r.IntN(4) == 0 || info.Scalars>>j&1 == 1)
		}
		in.Dst = reg(of(info.Result), scalarDst)
		first := Arg(strings.IndexByte("fim", kind)) * perType
		switch in.Op {
		case Jump, JumpNone, JumpZero:
			in.To = int32(i + 1 + r.IntN(length-i))
			in.Arg[0] = reg('m', in.Op == JumpZero)
		case Gather:
			in.Arg[0], in.To = first, perType
		case Lookup:
			in.Arg[0], in.To = first|ScalarBit, perType
		case Scatter:
			in.Dst, in.To = first, perType
		}
		p.Insts = append(p.Insts, in)
	}
	for i := range p.Blocks {
		p.Outputs = append(p.Outputs, Arg(i))
	}
	return p
}

// checkProgram compares a program on every set with the interpreter.
func checkProgram(t *testing.T, p *Program, r *rand.Rand, n int) {
	t.Helper()
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	blocks := make([][]uint32, p.Blocks)
	input := make([][]uint32, p.Blocks)
	for i := range blocks {
		blocks[i] = make([]uint32, Size)
		for l := range Size {
			blocks[i][l] = operand(r, "fim"[i/perType])
			if "fim"[i/perType] == 'i' && r.IntN(2) == 0 {
				blocks[i][l] = uint32(r.IntN(perType + 1)) // an index, often enough
			}
		}
		input[i] = append([]uint32(nil), blocks[i]...)
	}
	scalars := append([]uint32(nil), p.Scalars...)
	interpret(p, blocks, scalars, n)
	for _, k := range Sets() {
		s := p.NewState(k)
		s.Prologue()
		for i := range input {
			copy(s.Words(Arg(i)), input[i])
		}
		s.Run(n)
		for i := range blocks {
			for l := range n {
				if got := s.Words(Arg(i))[l]; !same("fim"[i/perType], got, blocks[i][l]) {
					t.Fatalf("%s: block %d lane %d of %d is %#x, want %#x\n%v", k.Name(), i, l, n, got, blocks[i][l], p.Insts)
				}
			}
		}
		for i, want := range scalars {
			if got := s.Scalar(i); !same("fim"[i/perType], got, want) {
				t.Fatalf("%s: scalar %d is %#x, want %#x\n%v", k.Name(), i, got, want, p.Insts)
			}
		}
	}
}

func FuzzPrograms(f *testing.F) {
	for seed := range uint64(60) {
		f.Add(seed, uint16(seed*7%300), uint16(1+seed*37%Size))
	}
	f.Fuzz(func(t *testing.T, seed uint64, length, n uint16) {
		r := rand.New(rand.NewPCG(seed, 5))
		checkProgram(t, program(r, int(length)%600), r, 1+int(n)%Size)
	})
}

// FuzzValidate runs whatever Validate passes, without backward jumps.
func FuzzValidate(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(3))
	f.Fuzz(func(t *testing.T, seed uint64, blocks, scalars uint8) {
		r := rand.New(rand.NewPCG(seed, 6))
		p := &Program{Blocks: int(blocks), Scalars: make([]uint32, scalars)}
		anyArg := func() Arg {
			a := Arg(r.IntN(int(blocks)/2*3 + 2))
			if r.IntN(2) == 0 {
				a = Arg(r.IntN(int(scalars)/2*3+2)) | ScalarBit
			}
			return a
		}
		for i := range r.IntN(20) {
			in := Inst{Op: Op(r.IntN(int(opCount) + 3)), Dst: anyArg(), To: int32(r.IntN(30) - 3)}
			for j := range in.Arg {
				in.Arg[j] = anyArg()
			}
			if in.Op == Jump || in.Op == JumpNone || in.Op == JumpZero {
				in.To = max(in.To, int32(i)+1)
			}
			trial := *p
			trial.Insts = append(trial.Insts, in)
			if trial.Validate() == nil {
				p.Insts = append(p.Insts, in)
			}
		}
		if p.Validate() != nil { // jumps past the end that an instruction left out made
			return
		}
		for _, k := range Sets() {
			s := p.NewState(k)
			s.Prologue()
			s.Run(1 + r.IntN(Size))
		}
	})
}

// TestLoop runs a loop whose lanes leave it one by one, by a mask and by the
// machine's jumps: the sum of 1…n in each lane.
func TestLoop(t *testing.T) {
	const (
		limit, sum, i, alive, next = 0, 1, 2, 3, 4 // blocks
	)
	const zero, one = ScalarBit, ScalarBit | 1
	p := &Program{
		Blocks:  5,
		Scalars: []uint32{0, 1},
		Insts: []Inst{
			{Op: Copy, Dst: sum, Arg: [MaxArgs]Arg{zero}},
			{Op: Copy, Dst: i, Arg: [MaxArgs]Arg{zero}},
			{Op: ILt, Dst: alive, Arg: [MaxArgs]Arg{i, limit}},
			{Op: JumpNone, Arg: [MaxArgs]Arg{alive}, To: 8},
			{Op: IAdd, Dst: i, Arg: [MaxArgs]Arg{i, one}},
			{Op: IAdd, Dst: next, Arg: [MaxArgs]Arg{sum, i}},
			{Op: Select, Dst: sum, Arg: [MaxArgs]Arg{alive, next, sum}},
			{Op: Jump, To: 2},
		},
		Inputs: []Arg{limit}, Outputs: []Arg{sum},
	}
	for _, k := range Sets() {
		s := p.NewState(k)
		s.Prologue()
		for _, n := range []int{1, 7, 100, Size} {
			for l := range Size {
				s.Words(limit)[l] = uint32(l % 40)
				if l >= n { // would never end if it counted
					s.Words(limit)[l] = math.MaxInt32
				}
			}
			s.Run(n)
			for l := range n {
				m := uint32(l % 40)
				if got := s.Words(sum)[l]; got != m*(m+1)/2 {
					t.Fatalf("%s, %d lanes: lane %d is %d, want %d", k.Name(), n, l, got, m*(m+1)/2)
				}
			}
		}
	}
}

// TestScalars: the prologue, a scalar loop counter, a lookup by it, and a
// scalar result seen as a block.
func TestScalars(t *testing.T) {
	s := func(i Arg) Arg { return i | ScalarBit }
	f := math.Float32bits
	p := &Program{
		Blocks:   1,
		Scalars:  []uint32{f(0), f(0), f(2), 3, 0, 1, f(10), f(20), f(30), 0},
		Uniforms: 0, Words: 1,
		Prologue: []Inst{
			{Op: JumpZero, Arg: [MaxArgs]Arg{s(0)}, To: 2},
			{Op: Mul, Dst: s(1), Arg: [MaxArgs]Arg{s(0), s(2)}},
		},
		Insts: []Inst{
			{Op: Copy, Dst: 0, Arg: [MaxArgs]Arg{s(1)}},
			{Op: Copy, Dst: s(4), Arg: [MaxArgs]Arg{s(3)}}, // three times
			{Op: JumpZero, Arg: [MaxArgs]Arg{s(4)}, To: 7},
			{Op: ISub, Dst: s(4), Arg: [MaxArgs]Arg{s(4), s(5)}},
			{Op: Lookup, Dst: s(9), Arg: [MaxArgs]Arg{s(6), s(4)}, To: 3},
			{Op: Add, Dst: 0, Arg: [MaxArgs]Arg{0, s(9)}},
			{Op: Jump, To: 2},
		},
		Outputs: []Arg{0, s(1)},
	}
	for _, k := range Sets() {
		st := p.NewState(k)
		for _, u := range []float32{0, 4} {
			st.SetScalar(1, 0)
			st.SetScalar(0, f(u))
			st.Prologue()
			st.Run(9)
			if got, want := st.Block(0)[8], 2*u+60; got != want {
				t.Errorf("%s: %v, want %v", k.Name(), got, want)
			}
			if got := st.Block(s(1))[Size-1]; got != 2*u {
				t.Errorf("%s: the scalar result shows %v, want %v", k.Name(), got, 2*u)
			}
		}
	}
}

func TestNoAllocation(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	p := program(r, 200)
	p.Prologue = []Inst{{Op: Pow, Dst: ScalarBit, Arg: [MaxArgs]Arg{ScalarBit, ScalarBit | 1}}}
	for _, k := range Sets() {
		s := p.NewState(k)
		if n := testing.AllocsPerRun(20, func() {
			s.SetScalar(1, 7)
			s.Prologue()
			s.Run(Size)
		}); n != 0 {
			t.Errorf("%s: %v allocations a frame", k.Name(), n)
		}
	}
}

func TestValidateNamesTheMistake(t *testing.T) {
	const s = ScalarBit
	for _, c := range []struct {
		p    Program
		want string
	}{
		{Program{Insts: []Inst{{Op: Add}}}, "instruction 0, Add: operand 0: block 0 of 0"},
		{Program{Blocks: 1, Insts: []Inst{{Op: Nop}, {Op: Add, Arg: [MaxArgs]Arg{0, s | 2}}}}, "instruction 1, Add: operand 1: scalar 2 of 0"},
		{Program{Blocks: 1, Insts: []Inst{{Op: Neg, Dst: 5}}}, "Neg: the result: block 5 of 1"},
		{Program{Blocks: 1, Insts: []Inst{{Op: Jump, To: 2}}}, "Jump: the target 2 is outside 0…1"},
		{Program{Blocks: 1, Insts: []Inst{{Op: opCount}}}, "no such operation"},
		{Program{Blocks: 1, Scalars: []uint32{0}, Insts: []Inst{{Op: Neg, Dst: s}}}, "operand 0 must be a scalar"},
		{Program{Blocks: 2, Insts: []Inst{{Op: Gather, Arg: [MaxArgs]Arg{1, 0}, To: 2}}}, "array of 2 blocks from b1"},
		{Program{Blocks: 2, Scalars: []uint32{0}, Insts: []Inst{{Op: Lookup, Arg: [MaxArgs]Arg{s, 0}, To: 2}}}, "array of 2 scalars from s0"},
		{Program{Blocks: 1, Insts: []Inst{{Op: JumpZero, To: 1}}}, "must be a scalar"},
		{Program{Blocks: 1, Prologue: []Inst{{Op: Neg}}}, "prologue instruction 0, Neg: operand 0 is block 0"},
		{Program{Blocks: 1, Outputs: []Arg{3}}, "output 0: block 3 of 1"},
		{Program{Blocks: 1, Inputs: []Arg{s}}, "input 0 is s0"},
		{Program{Uniforms: 1, Words: 1}, "uniforms 1…1"},
		{Program{Blocks: 1 << 16}, "blocks"},
	} {
		if err := c.p.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.p, err, c.want)
		}
	}
}

func TestByName(t *testing.T) {
	for _, k := range Sets() {
		if got, err := ByName(k.Name()); err != nil || got != k {
			t.Errorf("%s: %v, %v", k.Name(), got, err)
		}
	}
	if _, err := ByName("sse9"); err == nil || !strings.Contains(err.Error(), "avx512, avx2, neon and go") {
		t.Errorf("an unknown name: %v", err)
	}
	for _, name := range []string{"avx512", "avx2", "neon"} {
		if _, err := ByName(name); err != nil && !strings.Contains(err.Error(), "lacks") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
