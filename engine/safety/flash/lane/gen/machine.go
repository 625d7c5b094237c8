package main

import (
	mathbits "math/bits"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// machine is an instruction set: how it compares, and what it keeps a yes or
// no for each lane in, where the two differ.
type machine struct {
	name string
	wide bool // AVX-512
}

// mask is a yes or no for each lane: with AVX2 the highest bit of each lane
// of a vector, with AVX-512 a mask register.
type mask reg.Register

// Predicates of comparison, ordered.
const (
	less        = 1
	lessOrEqual = 2
	moreOrEqual = 13
)

// bytes is how long a vector is.
func (m machine) bytes() int {
	if m.wide {
		return 64
	}
	return 32
}

func (m machine) vec() reg.VecVirtual {
	if m.wide {
		return ZMM()
	}
	return YMM()
}

// load puts an operand into a new register.
func (m machine) load(from Op) reg.VecVirtual {
	v := m.vec()
	VMOVUPS(from, v)
	return v
}

// constant is a number that is used for all lights: in a register where there
// are enough of them.
func (m machine) constant(from Mem) Op {
	if m.wide {
		return m.load(from)
	}
	return from
}

// two is an operation of two operands, in the order of the formula: y may be
// memory.
func (m machine) two(do func(...Op), x, y Op) reg.VecVirtual {
	v := m.vec()
	do(y, x, v)
	return v
}

func (m machine) add(x, y Op) reg.VecVirtual { return m.two(VADDPS, x, y) }
func (m machine) sub(x, y Op) reg.VecVirtual { return m.two(VSUBPS, x, y) }
func (m machine) mul(x, y Op) reg.VecVirtual { return m.two(VMULPS, x, y) }
func (m machine) div(x, y Op) reg.VecVirtual { return m.two(VDIVPS, x, y) }
func (m machine) and(x, y Op) reg.VecVirtual { return m.two(VANDPS, x, y) }
func (m machine) xor(x, y Op) reg.VecVirtual { return m.two(VXORPS, x, y) }
func (m machine) or(x, y Op) reg.VecVirtual  { return m.two(VORPS, x, y) }

// more is the greater; y where neither is.
func (m machine) more(x, y Op) reg.VecVirtual { return m.two(VMAXPS, x, y) }

// less is the smaller; y where neither is.
func (m machine) less(x, y Op) reg.VecVirtual { return m.two(VMINPS, x, y) }

// without is x without the bits of y.
func (m machine) without(x, y Op) reg.VecVirtual {
	v := m.vec()
	VANDNPS(x, y, v)
	return v
}

// compare says where x stands to y as the predicate says; y may be memory.
func (m machine) compare(predicate int, x, y Op) mask {
	if m.wide {
		k := K()
		VCMPPS(U8(predicate), y, x, k)
		return k
	}
	v := YMM()
	VCMPPS(U8(predicate), y, x, v)
	return v
}

// compareIn is compare where k holds.
func (m machine) compareIn(k mask, predicate int, x, y Op) mask {
	if m.wide {
		to := K()
		VCMPPS(U8(predicate), y, x, k, to)
		return to
	}
	return m.both(k, m.compare(predicate, x, y))
}

// negative is where the sign bit is set.
func (m machine) negative(x reg.VecVirtual) mask {
	if m.wide {
		k := K()
		VPMOVD2M(x, k)
		return k
	}
	return x
}

func (m machine) both(x, y mask) mask {
	if m.wide {
		k := K()
		KANDW(x, y, k)
		return k
	}
	v := YMM()
	VANDPS(y, x, v)
	return v
}

func (m machine) either(x, y mask) mask {
	if m.wide {
		k := K()
		KORW(x, y, k)
		return k
	}
	v := YMM()
	VORPS(y, x, v)
	return v
}

// butNot is x where y is not.
func (m machine) butNot(x, y mask) mask {
	if m.wide {
		k := K()
		KANDNW(x, y, k)
		return k
	}
	v := YMM()
	VANDNPS(x, y, v)
	return v
}

// choose is x where k holds, else y.
func (m machine) pick(k mask, x, y reg.VecVirtual) reg.VecVirtual {
	v := m.vec()
	if m.wide {
		VBLENDMPS(x, y, k, v)
	} else {
		VBLENDVPS(k, x, y, v)
	}
	return v
}

// unless jumps where a mask holds nowhere.
func (m machine) unless(k mask, label string) {
	if m.wide {
		KTESTW(k, k)
		JZ(LabelRef(label))
		return
	}
	bits := GP32()
	VMOVMSKPS(k, bits)
	TESTL(bits, bits)
	JZ(LabelRef(label))
}

// keep writes a mask as bits.
func (m machine) keep(k mask, to Mem) {
	if m.wide {
		KMOVW(k, to)
		return
	}
	bits := GP32()
	VMOVMSKPS(k, bits)
	MOVB(bits.As8(), to)
}

// bits is a mask from its bits.
func (m machine) bits(from Mem) mask {
	if m.wide {
		k := K()
		KMOVW(from, k)
		return k
	}
	v := YMM()
	VPBROADCASTB(from, v)
	VPSLLVD(shifts, v, v)
	return v
}

// flags gives, of the bytes of so many lanes, where one of the upper three bits
// is set.
func (m machine) flags(from Mem) func(flag int) mask {
	if m.wide {
		bytes := XMM()
		VMOVDQU(from, bytes)
		return func(flag int) mask {
			k := K()
			VPTESTMB(bits8.Offset(16*(7-mathbits.Len8(uint8(flag))+1)), bytes, k)
			return k
		}
	}
	says := m.vec()
	VPMOVZXBD(from, says)
	return func(flag int) mask {
		x := m.vec()
		VPSLLD(U8(32-mathbits.Len8(uint8(flag))), says, x)
		return m.negative(x)
	}
}

// bits8 are sixteen bytes of 0x80, then of 0x40, then of 0x20.
var bits8 Mem

// shifts move bit i of lane i to the highest.
var shifts Mem

// numbers are 0, 1, 2 …
var numbers Mem

func constants() {
	bits8 = GLOBL("bits8", attr.RODATA|attr.NOPTR)
	for i := range 3 * 4 {
		DATA(4*i, U32(uint32(0x80808080)>>(i/4)))
	}
	evens = GLOBL("evens", attr.RODATA|attr.NOPTR)
	for i := range 16 {
		DATA(4*i, U32(2*i))
	}
	odds = GLOBL("odds", attr.RODATA|attr.NOPTR)
	for i := range 16 {
		DATA(4*i, U32(2*i+1))
	}
	numbers = GLOBL("numbers", attr.RODATA|attr.NOPTR)
	for i := range 16 {
		DATA(4*i, U32(i))
	}
	shifts = GLOBL("shifts", attr.RODATA|attr.NOPTR)
	for i := range 8 {
		DATA(4*i, U32(31-i))
	}
}
