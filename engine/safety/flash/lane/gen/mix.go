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
	Label("pixels")
	var c [3]reg.VecVirtual
	CMPQ(run, U32(1))
	JNE(LabelRef("several"))
	for k := range c {
		c[k] = m.load(Mem{Base: in[k]}.Idx(pixel, 1))
	}
	JMP(LabelRef("loaded"))
	Label("several")
	for k := range c {
		from := GP64()
		LEAQ(Mem{Base: in[k]}.Idx(pixel, 1), from)
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
	Label("loaded")
	for k := range c {
		VADDPS(c[k], sums[k], sums[k])
	}
	CMPL(f.args.Offset(int(unsafe.Offsetof(mixing.White))), U8(0))
	JE(LabelRef("colours"))
	white := f.less(f.less(c[0], c[1]), c[2])
	VADDPS(f.mul(white, full[3]), sums[3], sums[3])
	for k := range c {
		VSUBPS(white, c[k], c[k])
	}
	Label("colours")
	l := f.add(f.mul(c[0], full[0]), f.mul(c[1], full[1]))
	VADDPS(f.add(l, f.mul(c[2], full[2])), sums[3], sums[3])
	ADDQ(U8(4), pixel)
	DECQ(left)
	JNZ(LabelRef("pixels"))
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
