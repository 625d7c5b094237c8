package main

import (
	"unsafe"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"noctiluca/engine/safety/flash/lane"
)

var dim lane.Dim

// dim writes the kernels that multiply a block by its gains: in steps that
// are even, or any.
func (m machine) dim(steps bool) {
	name := "dim"
	if steps {
		name = "dimSteps"
	}
	f := &follower{machine: m, args: m.begin(name), at: GP64(), bit: GP64()}
	args := f.args
	r, g, b := f.to(unsafe.Offsetof(dim.R)).Base, f.to(unsafe.Offsetof(dim.G)).Base, f.to(unsafe.Offsetof(dim.B)).Base
	gains := f.to(unsafe.Offsetof(dim.Gains)).Base
	f.lights(unsafe.Offsetof(dim.N))
	one := m.load(args.Offset(int(unsafe.Offsetof(dim.One))))
	least := m.vec()
	VMOVAPS(one, least)
	count := GP64()
	XORQ(f.at, f.at)
	XORQ(f.bit, f.bit)
	XORQ(count, count)

	Label("lights")
	k := m.load(f.here(gains))
	VMINPS(k, least, least)
	is := m.compare(less, k, one)
	n := GP64()
	if m.wide {
		KMOVW(is, n.As32())
	} else {
		VMOVMSKPS(is, n.As32())
	}
	POPCNTQ(n, n)
	ADDQ(n, count)
	if steps {
		f.steps(f.here(r), f.here(g), f.here(b), k, is)
	} else {
		for _, c := range []Mem{f.here(r), f.here(g), f.here(b)} {
			VMOVUPS(m.mul(k, c), c)
		}
	}
	f.step()
	ADDQ(count, args.Offset(int(unsafe.Offsetof(dim.Count))))
	half, other := YMM(), YMM()
	if m.wide {
		VEXTRACTF64X4(U8(1), least, half)
		VMINPS(half, least.AsY(), half)
	} else {
		VMOVAPS(least, half)
	}
	VEXTRACTF128(U8(1), half, other.AsX())
	VMINPS(other.AsX(), half.AsX(), half.AsX())
	for _, swap := range []int{0x4e, 0xb1} {
		VPERMILPS(U8(swap), half.AsX(), other.AsX())
		VMINPS(other.AsX(), half.AsX(), half.AsX())
	}
	VMOVSS(half.AsX(), args.Offset(int(unsafe.Offsetof(dim.Least))))
	done()
}

// steps dims what is dimmed of a vector, as Dim.less does.
func (f *follower) steps(rAt, gAt, bAt Mem, k reg.VecVirtual, is mask) {
	of := func(offset uintptr) Mem { return f.args.Offset(int(unsafe.Offsetof(dim.ByRed) + offset)) }
	r, g, b := f.load(rAt), f.load(gAt), f.load(bAt)
	bound := f.mul(r, k)
	x, y, z := f.under(bound), f.under(f.mul(g, k)), f.under(f.mul(b, k))
	VMOVUPS(f.pick(is, y, g), gAt)
	VMOVUPS(f.pick(is, z, b), bAt)
	s, rest := f.add(g, b), f.add(y, z)
	bound = f.pick(f.compare(less, rest, x), f.less(f.add(f.mul(k, f.sub(r, s)), rest), bound), bound)
	times := f.load(of(unsafe.Offsetof(dim.ByRed.Times)))
	over, share := f.mul(s, times), f.mul(rest, times)
	redder := f.both(f.compare(moreOrEqual, x, f.mul(share, of(unsafe.Offsetof(dim.ByRed.Near)))), f.compare(less, r, over))
	redder = f.either(redder, f.negative(f.load(of(unsafe.Offsetof(dim.ByRed.Always)))))
	bound = f.pick(redder, f.less(f.add(f.mul(k, f.sub(r, over)), share), bound), bound)
	less := f.under(f.more(bound, f.load(of(unsafe.Offsetof(dim.ByRed.Zero)))))
	x = f.pick(f.compare(1, bound, x), less, x)
	VMOVUPS(f.pick(is, x, r), rAt)
}

// under is the last even step that is no more than v.
func (f *follower) under(v reg.VecVirtual) reg.VecVirtual {
	of := func(offset uintptr) Mem { return f.args.Offset(int(unsafe.Offsetof(dim.ByRed) + offset)) }
	scale := f.load(of(unsafe.Offsetof(dim.ByRed.Scale)))
	n := f.less(f.mul(v, scale), scale)
	if f.wide {
		VRNDSCALEPS(U8(0), n, n)
	} else {
		VROUNDPS(U8(0), n, n)
	}
	even := func(n reg.VecVirtual) reg.VecVirtual {
		return f.add(f.mul(n, of(unsafe.Offsetof(dim.ByRed.High))), f.mul(n, of(unsafe.Offsetof(dim.ByRed.Low))))
	}
	step, before := even(n), even(f.sub(n, f.args.Offset(int(unsafe.Offsetof(dim.One)))))
	return f.pick(f.compare(less, v, step), before, step)
}
