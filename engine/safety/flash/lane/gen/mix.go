package main

import (
	"unsafe"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"noctiluca/engine/safety/flash/lane"
)

var mixing lane.Mix

// mix writes the kernel that works out lights of several pixels, or with a
// white emitter.
func (m machine) mix() {
	f := &follower{machine: m, args: m.begin("mix"), at: GP64()}
	slice := func(offset uintptr) reg.Register { return f.to(offset).Base }
	in := [3]reg.Register{slice(unsafe.Offsetof(mixing.R)), slice(unsafe.Offsetof(mixing.G)), slice(unsafe.Offsetof(mixing.B))}
	var full [4]Mem
	for k := range full {
		full[k] = f.args.Offset(int(unsafe.Offsetof(mixing.Full)) + k*int(unsafe.Sizeof(lane.Wide{})))
	}
	f.lights(unsafe.Offsetof(mixing.N))
	run := GP64()
	MOVQ(f.args.Offset(int(unsafe.Offsetof(mixing.Run))), run)
	// Where each lane's pixels begin.
	lanes := m.vec()
	spread := m.vec()
	VPBROADCASTD(f.args.Offset(int(unsafe.Offsetof(mixing.Run))), spread)
	VPMULLD(numbers, spread, lanes)
	XORQ(f.at, f.at)

	Label("lights")
	var sums [4]reg.VecVirtual
	for k := range sums {
		sums[k] = m.vec()
		VXORPS(sums[k], sums[k], sums[k])
	}
	pixel, left := GP64(), GP64()
	MOVQ(f.at, pixel)
	IMULQ(run, pixel)
	MOVQ(run, left)
	var c [3]reg.VecVirtual
	CMPQ(run, U32(1))
	JE(LabelRef("one"))
	CMPQ(run, U32(2))
	JE(LabelRef("two"))

	Label("pixels")
	for k := range c {
		from := GP64()
		LEAQ(Mem{Base: in[k]}.Idx(pixel, 1), from)
		c[k] = m.vec()
		VXORPS(c[k], c[k], c[k])
		if m.wide {
			all := K()
			KXNORW(all, all, all)
			VGATHERDPS(Mem{Base: from, Index: lanes, Scale: 4}, all, c[k])
		} else {
			all := YMM()
			VPCMPEQD(all, all, all)
			VGATHERDPS(all, Mem{Base: from, Index: lanes, Scale: 4}, c[k])
		}
	}
	f.mixes(c, sums, full, "several")
	ADDQ(U8(4), pixel)
	DECQ(left)
	JNZ(LabelRef("pixels"))
	JMP(LabelRef("mean"))

	Label("two")
	var second [3]reg.VecVirtual
	for k := range c {
		c[k], second[k] = m.deal(Mem{Base: in[k]}.Idx(pixel, 1))
	}
	f.mixes(c, sums, full, "first")
	f.mixes(second, sums, full, "second")
	JMP(LabelRef("mean"))

	Label("one")
	for k := range c {
		c[k] = m.load(Mem{Base: in[k]}.Idx(pixel, 1))
	}
	f.mixes(c, sums, full, "one")

	Label("mean")
	CMPQ(run, U32(1))
	JE(LabelRef("whole"))
	n := m.load(f.args.Offset(int(unsafe.Offsetof(mixing.Count))))
	for k := range sums {
		VDIVPS(n, sums[k], sums[k])
	}
	Label("whole")
	for k := range sums {
		to := slice(unsafe.Offsetof(mixing.Mixed) + uintptr(k)*unsafe.Sizeof(mixing.Mixed[0]))
		VMOVUPS(sums[k], f.here(to))
	}
	ADDQ(U32(m.bytes()), f.at)
	CMPQ(f.at, f.end)
	JLT(LabelRef("lights"))
	done()
}

// mixes adds a pixel of each light.
func (f *follower) mixes(c [3]reg.VecVirtual, sums [4]reg.VecVirtual, full [4]Mem, which string) {
	for k := range c {
		VADDPS(c[k], sums[k], sums[k])
	}
	CMPL(f.args.Offset(int(unsafe.Offsetof(mixing.White))), U8(0))
	JE(LabelRef(which + "Colours"))
	white := f.less(f.less(c[0], c[1]), c[2])
	VADDPS(f.mul(white, full[3]), sums[3], sums[3])
	for k := range c {
		VSUBPS(white, c[k], c[k])
	}
	Label(which + "Colours")
	l := f.add(f.mul(c[0], full[0]), f.mul(c[1], full[1]))
	VADDPS(f.add(l, f.mul(c[2], full[2])), sums[3], sums[3])
}

// deal gives every other of two vectors' numbers, from the first and from the
// second on.
func (m machine) deal(from Mem) (even, odd reg.VecVirtual) {
	x, y := m.load(from), m.load(from.Offset(m.bytes()))
	even, odd = m.vec(), m.vec()
	if m.wide {
		VMOVDQU32(evens, even)
		VMOVDQU32(odds, odd)
		VPERMI2PS(y, x, even)
		VPERMI2PS(y, x, odd)
		return even, odd
	}
	VSHUFPS(U8(0x88), y, x, even)
	VSHUFPS(U8(0xdd), y, x, odd)
	VPERMPD(U8(0xd8), even, even)
	VPERMPD(U8(0xd8), odd, odd)
	return even, odd
}

// evens and odds are 0, 2, 4 … and 1, 3, 5 …
var evens, odds Mem
