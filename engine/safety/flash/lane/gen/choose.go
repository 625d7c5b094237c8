package main

import (
	"unsafe"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"

	"noctiluca/engine/safety/flash/lane"
)

var choice lane.Choice

// choose writes the kernel that decides on the lights of a block.
func (m machine) choose() {
	args := m.begin("choose")
	arg := func(offset uintptr) Mem { return args.Offset(int(offset)) }
	f := &follower{machine: m, args: args, at: GP64(), bit: GP64()}
	old, next := pointer(args, unsafe.Offsetof(choice.Old)), pointer(args, unsafe.Offsetof(choice.Next))
	before, gains := pointer(args, unsafe.Offsetof(choice.Before)), pointer(args, unsafe.Offsetof(choice.Gains))
	flags := Mem{Base: pointer(args, unsafe.Offsetof(choice.Flags))}
	turned, soft := Mem{Base: pointer(args, unsafe.Offsetof(choice.Turned))}, Mem{Base: pointer(args, unsafe.Offsetof(choice.Soft))}
	then := Mem{Base: pointer(args, unsafe.Offsetof(choice.Then))}
	of := Mem{Base: pointer(args, unsafe.Offsetof(choice.Rule))}
	rule := func(offset uintptr) Mem { return of.Offset(int(offset)) }
	f.lights(unsafe.Offsetof(choice.N))
	XORQ(f.at, f.at)
	XORQ(f.bit, f.bit)
	near, sign := m.load(arg(unsafe.Offsetof(choice.Near))), m.load(arg(unsafe.Offsetof(choice.Sign)))
	zero := m.vec()
	VXORPS(zero, zero, zero)

	Label("lights")
	was, v := m.load(f.here(old)), m.load(f.here(next))
	up, marked := m.bits(turned.Idx(f.bit, 1)), m.bits(soft.Idx(f.bit, 1))
	flag := m.flags(flags.Idx(f.bit, 8))
	refused, held, unrecovered := flag(lane.Refused), flag(lane.Held), flag(lane.Unrecovered)
	above := m.above(rule, m.without(was, sign), near)
	stays := m.both(up, m.either(refused, m.both(marked, held)))
	limit := m.more(m.sub(above, arg(unsafe.Offsetof(choice.Margin))), m.xor(was, sign))

	// Those that may come back, slowly.
	rises := m.either(up, m.compareIn(m.compare(less, zero, was), less, was, v))
	comes := m.butNot(m.both(rises, marked), stays)
	slowly := m.both(comes, unrecovered)
	back := m.add(m.pick(up, above, was), arg(unsafe.Offsetof(choice.Back)))
	over := m.compareIn(slowly, less, back, v)
	most := m.load(arg(unsafe.Offsetof(choice.Most)))
	gain := m.less(m.mul(m.div(m.pick(stays, limit, back), v), most), most)
	given := m.load(f.here(before))
	gain = m.less(gain, given)
	dims := m.either(stays, over)
	VMOVUPS(m.pick(dims, gain, given), f.here(gains))

	forgets := m.butNot(m.butNot(comes, over), m.both(unrecovered, up))
	m.keep(m.butNot(m.either(marked, stays), forgets), then.Idx(f.bit, 1))
	m.unless(dims, "bright")
	MOVL(U32(1), arg(unsafe.Offsetof(choice.Dims)))
	Label("bright")
	f.step()
	done()
}
