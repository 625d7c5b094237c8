package block

import (
	"fmt"
	"math/bits"
	"unsafe"
)

// State is the memory of one run of a program: its block and scalar
// registers, and the program bound to one kernel set. The caller fills the
// inputs, sets the uniforms, calls Prologue once for each frame and Run for
// each block. Nothing of that allocates. A State serves one goroutine at a
// time; States of one program are independent.
type State struct {
	p *Program
	k *Kernels

	// mem holds the blocks, Size words each, from a 64-byte boundary; then
	// blocks that scalars are spread over; then the scalars; then array
	// lengths; then Size words more, so that any scalar can be seen as the
	// start of a block.
	mem     []uint32
	scalars []uint32
	slots   []slot
	splats  []splat

	images [MaxImages][]uint32
	looks  []look // instructions that read images

	tape            []record           // for kernels in assembly
	room            [MaxArgs * 64]byte // where kernels put scalar operands, a vector of each
	inputs, outputs []direct           // where they are, one for each of the program's

	goTape []goRecord // for the plain ones
}

// splat is a scalar that some instruction needs as a block.
type splat struct {
	scalar int
	block  []uint32
}

// slot is one Pack's: which lanes it took, and how many there were before.
type slot struct {
	lanes  [Size / 64]uint64 // a bit each
	packed uint64            // 1 between Pack and Unpack, where it packs
	bytes  uint64            // of a block to run over, and lanes, before
	before uint64
	count  uint64 // lanes that are taken
}

// record is one bound instruction as kernels in assembly read it.
type record struct {
	kernel uintptr
	dst    unsafe.Pointer
	arg    [MaxArgs]unsafe.Pointer
	room   unsafe.Pointer // for a vector of each scalar operand
}

// goRecord is one bound instruction for the plain kernels: an operand's mask
// is 0 for a scalar, so that every lane reads the first.
type goRecord struct {
	run    func(r *goRecord, n int)
	op     Op
	dst    *[Size]uint32
	arg    [MaxArgs]*[Size]uint32
	mask   [MaxArgs]uint8
	array  []uint32 // of Gather, Scatter and Lookup
	target int
	body   int
	slot   *slot // of Pack, Unpack, Compress and Expand
}

// The machine's own kernels.
const (
	ctlEnd = iota
	ctlJump
	ctlJumpNone
	ctlJumpZero
	ctlGather
	ctlScatter
	ctlLookup
	ctlLookupScalar
	ctlExtract
	ctlUnpack
	ctlPack // and the two after it, for the set with the wider vectors; three more for the other
	ctlCompress
	ctlExpand
	ctlPackNarrow
	ctlCompressNarrow
	ctlExpandNarrow
	controlCount
)

// Operations of a bound program alone: opExtract moves lane 0 of a block to a
// scalar, opLookupScalar is Lookup with a scalar for its index.
const (
	opExtract = opCount + iota
	opLookupScalar
)

// bound is an instruction with its registers as places in State.mem.
type bound struct {
	op     Op
	mask   uint16
	dst    int
	arg    [MaxArgs]int
	nargs  int
	target int // of jumps: first an index into Insts, then into the bound program
	body   int // of Pack: the bound instruction after its Compresses
	slot   int
	count  int // of arrays
	length int // where in mem the count stands
}

// NewState makes the registers for p and binds p to the kernels of k. It
// panics if p is not valid: call Validate first on programs of unknown origin.
func (p *Program) NewState(k *Kernels) *State {
	if err := p.Validate(); err != nil {
		panic(err)
	}
	s := &State{p: p, k: k}
	b := binder{p: p, k: k, splatOf: map[int]int{}}
	b.program()

	blocks := p.Blocks + len(b.splats)
	scalars := blocks * Size
	lengths := scalars + len(p.Scalars)
	total := lengths + len(b.lengths) + Size
	s.mem = aligned(total)
	s.slots = make([]slot, p.Slots)
	s.scalars = s.mem[scalars:lengths:lengths]
	copy(s.scalars, p.Scalars)
	for i, n := range b.lengths {
		s.mem[lengths+i] = uint32(n)
	}
	for i, sc := range b.splats {
		at := (p.Blocks + i) * Size
		s.splats = append(s.splats, splat{sc, s.mem[at : at+Size : at+Size]})
	}
	// Places were given before the counts were known: scalars and lengths count down from -1.
	place := func(x int) int {
		switch {
		case x >= 0:
			return x * Size
		case x > lengthPlace:
			return scalars + (-1 - x)
		}
		return lengths + (lengthPlace - x)
	}
	if k.plain {
		s.bindGo(b.out, place)
	} else {
		s.bindThreaded(b.out, place)
		s.findDirect(b.out)
	}
	for i := range s.images {
		s.SetImage(i, nil)
	}
	s.spread()
	return s
}

// aligned makes n words that begin on a 64-byte boundary.
func aligned(n int) []uint32 {
	const words = 64 / 4
	m := make([]uint32, n+words)
	off := int(-uintptr(unsafe.Pointer(&m[0])) / 4 % words)
	return m[off : off+n : off+n]
}

// lengthPlace is the first place of an array's length; scalars are above it.
const lengthPlace = -1 << 20

// binder turns a program into bound instructions.
type binder struct {
	p       *Program
	k       *Kernels
	out     []bound
	splatOf map[int]int // scalar to its place among splats
	splats  []int
	lengths []int
}

// place is where a register is: a block's number, or below zero for a scalar.
func (b *binder) place(a Arg) int {
	if a&ScalarBit != 0 {
		return -1 - int(a&^ScalarBit)
	}
	return int(a)
}

// spread is the number of a block that holds the scalar a in every lane.
func (b *binder) spread(a Arg) int {
	if a&ScalarBit == 0 {
		return int(a)
	}
	sc := int(a &^ ScalarBit)
	i, ok := b.splatOf[sc]
	if !ok {
		i = len(b.splats)
		b.splatOf[sc] = i
		b.splats = append(b.splats, sc)
	}
	return b.p.Blocks + i
}

// writesScalar says that the instruction has a result that may be a scalar.
func (in *Inst) writesScalar() bool {
	return in.Op != Nop && (!in.Op.isControl() || in.Op == Lookup)
}

func (b *binder) program() {
	for _, a := range b.p.Outputs {
		b.spread(a) // so that Block can show a scalar result
	}
	for i := range b.p.Insts { // scalars written for each block live in a block as well
		if in := &b.p.Insts[i]; in.writesScalar() && in.Dst&ScalarBit != 0 {
			b.spread(in.Dst)
		}
	}
	start := make([]int, len(b.p.Insts)+1)
	for i := range b.p.Insts {
		start[i] = len(b.out)
		b.inst(&b.p.Insts[i])
	}
	start[len(b.p.Insts)] = len(b.out)
	for i := range b.out {
		switch b.out[i].op {
		case Jump, JumpNone, JumpZero, Pack, Unpack:
			b.out[i].target = start[b.out[i].target]
			for b.out[i].body = i + 1; b.out[i].body < len(b.out) && b.out[b.out[i].body].op == Compress; {
				b.out[i].body++
			}
		}
	}
}

// count is the place of a word that holds n.
func (b *binder) count(n int) int {
	b.lengths = append(b.lengths, n)
	return lengthPlace - len(b.lengths) + 1
}

func (b *binder) inst(in *Inst) {
	switch in.Op {
	case Nop:
		return
	case Jump:
		b.out = append(b.out, bound{op: Jump, target: int(in.To)})
		return
	case JumpNone:
		b.out = append(b.out, bound{op: JumpNone, nargs: 1, arg: [MaxArgs]int{b.spread(in.Arg[0])}, target: int(in.To)})
		return
	case JumpZero:
		b.out = append(b.out, bound{op: JumpZero, nargs: 1, arg: [MaxArgs]int{b.place(in.Arg[0])}, target: int(in.To)})
		return
	case Lookup:
		r := bound{op: Lookup, nargs: 2, arg: [MaxArgs]int{b.place(in.Arg[0]), b.place(in.Arg[1])}, count: int(in.To)}
		if in.Arg[1]&ScalarBit != 0 {
			r.op = opLookupScalar
		}
		r.dst = b.spread(in.Dst)
		r.length = b.count(r.count)
		b.out = append(b.out, r)
		if in.Dst&ScalarBit != 0 {
			b.out = append(b.out, bound{op: opExtract, nargs: 1, dst: b.place(in.Dst), arg: [MaxArgs]int{r.dst}})
		}
		return
	case Pack:
		b.out = append(b.out, bound{op: Pack, nargs: 1, arg: [MaxArgs]int{b.spread(in.Arg[0])}, slot: int(in.Dst), target: int(in.To)})
		return
	case Unpack:
		b.out = append(b.out, bound{op: Unpack, slot: int(in.Dst), target: int(in.To)})
		return
	case Compress:
		b.out = append(b.out, bound{op: Compress, nargs: 1, dst: int(in.Dst), arg: [MaxArgs]int{int(in.Arg[0])}, slot: int(in.To)})
		return
	case Expand:
		b.out = append(b.out, bound{op: Expand, dst: int(in.Dst), slot: int(in.To)})
		return
	case Gather, Scatter:
		r := bound{op: in.Op, nargs: len(infos[in.Op].Args), dst: int(in.Dst), count: int(in.To)}
		for i := range r.nargs {
			r.arg[i] = b.spread(in.Arg[i])
		}
		r.length = b.count(r.count)
		b.out = append(b.out, r)
		return
	}

	r := bound{op: in.Op, nargs: len(infos[in.Op].Args)}
	args := in.Arg
	want := uint16(0)
	for i := range r.nargs {
		if args[i]&ScalarBit != 0 {
			want |= 1 << i
		}
	}
	if in.Dst&ScalarBit != 0 {
		// A scalar computed for each block: in the block that stands for it,
		// and then taken out of its first lane.
		home := b.spread(in.Dst)
		r.mask = infos[in.Op].Scalars
		for i := range r.nargs {
			if r.mask>>i&1 == 1 {
				r.arg[i] = b.place(args[i])
			} else {
				r.arg[i] = b.spread(args[i])
			}
		}
		r.dst = home
		b.out = append(b.out, r, bound{op: opExtract, nargs: 1, dst: b.place(in.Dst), arg: [MaxArgs]int{home}})
		return
	}
	r.dst = int(in.Dst)
	if !b.k.Has(in.Op, want) {
		pairs := infos[in.Op].commute
		for i := 0; i+1 < len(pairs); i += 2 {
			x, y := pairs[i]-'0', pairs[i+1]-'0'
			if want>>x&1 == 1 && want>>y&1 == 0 {
				args[x], args[y] = args[y], args[x]
				want = want&^(1<<x) | 1<<y
			}
		}
	}
	r.mask = b.nearest(in.Op, want)
	for i := range r.nargs {
		if r.mask>>i&1 == 1 {
			r.arg[i] = b.place(args[i])
		} else {
			r.arg[i] = b.spread(args[i])
		}
	}
	b.out = append(b.out, r)
}

// nearest is the form with a kernel that takes the most of the scalars in
// want as scalars.
func (b *binder) nearest(op Op, want uint16) uint16 {
	best := uint16(0)
	for m := int(want); m > 0; m-- {
		f := uint16(m)
		if f&^want == 0 && b.k.Has(op, f) && bits.OnesCount16(f) > bits.OnesCount16(best) {
			best = f
		}
	}
	return best
}

// bindThreaded makes the records for kernels in assembly.
func (s *State) bindThreaded(prog []bound, place func(int) int) {
	at := func(x int) unsafe.Pointer { return unsafe.Pointer(&s.mem[place(x)]) }
	s.tape = make([]record, len(prog)+1)
	for i, in := range prog {
		r := &s.tape[i]
		r.room = unsafe.Pointer(&s.room)
		for j := range in.nargs {
			r.arg[j] = at(in.arg[j])
		}
		switch in.op {
		case Jump, JumpNone, JumpZero:
			r.kernel = controlTable[ctlJump+int(in.op-Jump)]
			r.dst = unsafe.Pointer(&s.tape[in.target])
			continue
		case Pack:
			r.kernel = controlTable[s.k.packing]
			r.dst = unsafe.Pointer(&s.tape[in.target])
			r.arg[1] = unsafe.Pointer(&s.slots[in.slot])
			r.arg[2] = unsafe.Pointer(&s.tape[in.body])
			continue
		case Unpack:
			r.kernel = controlTable[ctlUnpack]
			r.dst = unsafe.Pointer(&s.tape[in.target])
			r.arg[0] = unsafe.Pointer(&s.slots[in.slot])
			continue
		case Compress, Expand:
			r.kernel = controlTable[s.k.packing+1+int(in.op-Compress)]
			r.arg[1] = unsafe.Pointer(&s.slots[in.slot])
		case Gather, Scatter:
			r.kernel = controlTable[ctlGather+int(in.op-Gather)]
			r.arg[in.nargs] = at(in.length)
		case Lookup:
			r.kernel, r.arg[2] = controlTable[ctlLookup], at(in.length)
			if in.count < 0 {
				s.looks = append(s.looks, look{image: -1 - in.count, threaded: r, length: place(in.length)})
			}
		case opLookupScalar:
			r.kernel, r.arg[2] = controlTable[ctlLookupScalar], at(in.length)
			if in.count < 0 {
				s.looks = append(s.looks, look{image: -1 - in.count, threaded: r, length: place(in.length)})
			}
		case opExtract:
			r.kernel = controlTable[ctlExtract]
		default:
			r.kernel = s.k.forms[in.op][in.mask]
		}
		r.dst = at(in.dst)
	}
	s.tape[len(prog)].kernel = controlTable[ctlEnd]
}

// bindGo makes the records for the plain kernels.
func (s *State) bindGo(prog []bound, place func(int) int) {
	at := func(x int) *[Size]uint32 {
		i := place(x)
		return (*[Size]uint32)(s.mem[i : i+Size])
	}
	s.goTape = make([]goRecord, len(prog))
	for i, in := range prog {
		r := &s.goTape[i]
		r.op, r.target = in.op, in.target
		for j := range in.nargs {
			r.arg[j] = at(in.arg[j])
			if in.mask>>j&1 == 0 {
				r.mask[j] = Size - 1
			}
		}
		switch in.op {
		case Jump, JumpNone, JumpZero:
			continue
		case Pack, Unpack:
			r.slot, r.body = &s.slots[in.slot], in.body
			continue
		case Compress:
			r.slot, r.run = &s.slots[in.slot], goCompress
		case Expand:
			r.slot, r.run = &s.slots[in.slot], goExpand
		case Gather:
			from := in.arg[0] * Size
			r.array, r.run = s.mem[from:from+in.count*Size], goGather
		case Scatter:
			from := in.dst * Size
			r.array, r.run = s.mem[from:from+in.count*Size], goScatter
		case Lookup, opLookupScalar:
			from := place(in.arg[0])
			if r.run = goLookup; in.count < 0 {
				s.looks = append(s.looks, look{image: -1 - in.count, plain: r, length: place(in.length)})
			} else {
				r.array = s.mem[from : from+in.count]
			}
			if in.op == opLookupScalar {
				r.mask[1] = 0
			}
		case opExtract:
			r.run = goExtract
		default:
			r.run = goKernels[in.op]
		}
		r.dst = at(in.dst)
	}
}

// Kernels is the set that the State runs on.
func (s *State) Kernels() *Kernels { return s.k }

// Block is the block register a, Size lanes as float32. Of a scalar it is a
// block that shows its value after Prologue, for results and for scalars
// that an instruction needed as a block; nil for others.
func (s *State) Block(a Arg) []float32 {
	w := s.Words(a)
	if w == nil {
		return nil
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(&w[0])), Size)
}

// Words is Block as the 32-bit words that an int or a mask is.
func (s *State) Words(a Arg) []uint32 {
	if a&ScalarBit != 0 {
		for i := range s.splats {
			if s.splats[i].scalar == int(a&^ScalarBit) {
				return s.splats[i].block
			}
		}
		return nil
	}
	if int(a) >= s.p.Blocks {
		panic(fmt.Sprintf("block: block %d of %d", a, s.p.Blocks))
	}
	at := int(a) * Size
	return s.mem[at : at+Size : at+Size]
}

// SetScalar sets scalar register i (without ScalarBit). It counts from the
// next Prologue on.
func (s *State) SetScalar(i int, v uint32) { s.scalars[i] = v }

// Scalar is scalar register i (without ScalarBit).
func (s *State) Scalar(i int) uint32 { return s.scalars[i] }

// Prologue computes the scalars that depend on uniforms. It is due once after
// uniforms were set, before Run, also for programs without a prologue.
func (s *State) Prologue() {
	var x [MaxArgs]uint32
	for pc := 0; pc < len(s.p.Prologue); pc++ {
		in := &s.p.Prologue[pc]
		switch in.Op {
		case Nop:
			continue
		case Jump:
			pc = int(in.To) - 1
			continue
		case JumpZero:
			if s.scalars[in.Arg[0]&^ScalarBit] == 0 {
				pc = int(in.To) - 1
			}
			continue
		}
		if in.Op == Lookup {
			v := uint32(0)
			if in.To < 0 {
				if j := s.scalars[in.Arg[1]&^ScalarBit]; j < uint32(len(s.images[-1-in.To])) {
					v = s.images[-1-in.To][j]
				}
			} else if j := s.scalars[in.Arg[1]&^ScalarBit]; j < uint32(in.To) {
				v = s.scalars[uint32(in.Arg[0]&^ScalarBit)+j]
			}
			s.scalars[in.Dst&^ScalarBit] = v
			continue
		}
		n := len(infos[in.Op].Args)
		for i := range n {
			x[i] = s.scalars[in.Arg[i]&^ScalarBit]
		}
		s.scalars[in.Dst&^ScalarBit] = Eval(in.Op, x[:n]...)
	}
	s.spread()
}

// spread fills the blocks that stand for scalars.
func (s *State) spread() {
	for i := range s.splats {
		v := s.scalars[s.splats[i].scalar]
		b := s.splats[i].block
		for j := range b {
			b[j] = v
		}
	}
}

// Run runs the program over the first n lanes, 1…Size. Lanes from n on hold
// anything afterwards, and decide no jump.
func (s *State) Run(n int) {
	if uint(n) > Size {
		panic(fmt.Sprintf("block: %d lanes: a block has %d", n, Size))
	}
	if n == 0 {
		return
	}
	if s.k.plain {
		s.runGo(n)
		return
	}
	g := s.k.granule
	runThreaded(&s.tape[0], (n+g-1)/g*g*4, n)
}

func (s *State) runGo(n int) {
	for pc := 0; pc < len(s.goTape); pc++ {
		r := &s.goTape[pc]
		switch r.op {
		case Jump:
			pc = r.target - 1
		case JumpNone:
			any := uint32(0)
			for _, m := range r.arg[0][:n] {
				any |= m
			}
			if any == 0 {
				pc = r.target - 1
			}
		case JumpZero:
			if r.arg[0][0] == 0 {
				pc = r.target - 1
			}
		case Pack:
			switch c := r.slot.take(r.arg[0], n); {
			case c == 0:
				pc = r.target - 1
			case 2*c > n:
				r.slot.packed = 0
				pc = r.body - 1
			default:
				r.slot.packed, r.slot.before, r.slot.count = 1, uint64(n), uint64(c)
				n = c
			}
		case Unpack:
			if r.slot.packed == 0 {
				pc = r.target - 1
				continue
			}
			n = int(r.slot.before)
		default:
			r.run(r, n)
		}
	}
}

// take notes which of the first n lanes the mask holds in, and counts them.
func (s *slot) take(mask *[Size]uint32, n int) int {
	s.lanes = [Size / 64]uint64{}
	c := 0
	for i, m := range mask[:n] {
		if m != 0 {
			s.lanes[i/64] |= 1 << (i % 64)
			c++
		}
	}
	return c
}

func goCompress(r *goRecord, _ int) {
	at := 0
	for i := range min(int(r.slot.before), Size) {
		v := r.dst[i]
		r.arg[0][i] = v
		r.dst[at&(Size-1)] = v // never beyond i
		at += int(r.slot.lanes[i/64] >> (i % 64) & 1)
	}
}

func goExpand(r *goRecord, _ int) {
	at := int(r.slot.count)
	for i := min(int(r.slot.before), Size) - 1; i >= 0; i-- {
		if r.slot.lanes[i/64]>>(i%64)&1 != 0 {
			at--
			r.dst[i] = r.dst[at&(Size-1)]
		}
	}
}

func goGather(r *goRecord, n int) {
	count := uint(len(r.array) / Size)
	for i := range min(n, Size) {
		v := uint32(0)
		if j := uint(r.arg[1][i]); j < count {
			v = r.array[j*Size+uint(i)]
		}
		r.dst[i] = v
	}
}

func goScatter(r *goRecord, n int) {
	count := uint(len(r.array) / Size)
	for i := range min(n, Size) {
		if j := uint(r.arg[1][i]); j < count && r.arg[2][i] != 0 {
			r.array[j*Size+uint(i)] = r.arg[0][i]
		}
	}
}

func goLookup(r *goRecord, n int) {
	for i := range min(n, Size) {
		v := uint32(0)
		if j := uint(r.arg[1][uint8(i)&r.mask[1]]); j < uint(len(r.array)) {
			v = r.array[j]
		}
		r.dst[i] = v
	}
}

func goExtract(r *goRecord, n int) { r.dst[0] = r.arg[0][0] }
