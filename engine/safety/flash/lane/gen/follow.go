package main

import (
	"unsafe"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"noctiluca/engine/safety/flash/lane"
)

// begin starts a kernel, and gives the register of its one argument.
func (m machine) begin(name string) (args Mem) {
	TEXT(name+m.name, attr.NOSPLIT, "func(b uintptr)")
	return Mem{Base: Load(Param("b"), GP64())}
}

// pointer is a pointer of the arguments.
func pointer(args Mem, offset uintptr) reg.Register {
	p := GP64()
	MOVQ(args.Offset(int(offset)), p)
	return p
}

// follower writes the kernels that follow a block.
type follower struct {
	machine
	args  Mem
	rules Mem
	at    reg.GPVirtual // bytes from the beginning of each array
	bit   reg.GPVirtual // and of bits

	end Op // how many there are

	r, g, b, y reg.Register // where they are
	near       Op           // a constant
	sign, zero reg.VecVirtual
}

// tracked is one signal in its place: its extremes, and its rule.
type tracked struct {
	old, next    reg.Register
	rule         Mem
	share, least Op
}

var (
	block lane.Block
	track lane.Track
	rules lane.Rules
)

func (m machine) follow(given, full bool) {
	name := "dark"
	if full {
		name = "full"
	}
	if given {
		name += "Y"
	}
	f := &follower{machine: m, args: m.begin(name)}
	f.r, f.g, f.b = pointer(f.args, unsafe.Offsetof(block.R)), pointer(f.args, unsafe.Offsetof(block.G)), pointer(f.args, unsafe.Offsetof(block.B))
	f.rules = Mem{Base: pointer(f.args, unsafe.Offsetof(block.Rules))}
	f.lights(unsafe.Offsetof(block.N))
	f.zero = f.vec()
	VXORPS(f.zero, f.zero, f.zero)
	glows := f.args.Offset(int(unsafe.Offsetof(block.Glows)))
	hot := f.args.Offset(int(unsafe.Offsetof(block.Hot)))
	lit := f.args.Offset(int(unsafe.Offsetof(block.Lit)))
	MOVL(U32(0), hot)
	MOVL(U32(0), glows)
	MOVL(U32(0), lit)
	f.at = GP64()
	if !full {
		f.isDark(glows)
	}
	var factors [3]Op
	if given {
		f.y = pointer(f.args, unsafe.Offsetof(block.Y))
	} else {
		for k := range factors {
			factors[k] = f.constant(f.args.Offset(int(unsafe.Offsetof(block.Full)) + k*int(unsafe.Sizeof(lane.Wide{}))))
		}
	}
	f.sign = f.load(f.rules.Offset(int(unsafe.Offsetof(rules.Sign))))
	f.near = f.constant(f.rules.Offset(int(unsafe.Offsetof(rules.Near))))
	codes := f.to(unsafe.Offsetof(block.Codes))
	clear := YMM()
	VXORPS(clear, clear, clear)
	for k := range 4 {
		VMOVUPS(clear, codes.Offset(32*k))
	}
	lum := f.track(unsafe.Offsetof(block.OldLum), unsafe.Offsetof(block.NextLum), unsafe.Offsetof(rules.Lum))
	var red tracked
	var glow, lits reg.VecVirtual
	var share Op
	if full {
		red = f.track(unsafe.Offsetof(block.OldRed), unsafe.Offsetof(block.NextRed), unsafe.Offsetof(rules.Red))
		share = f.constant(f.rules.Offset(int(unsafe.Offsetof(rules.RedShare))))
		glow, lits = f.vec(), f.vec()
		VXORPS(glow, glow, glow)
		VXORPS(lits, lits, lits)
	}
	f.bit = GP64()
	XORQ(f.at, f.at)
	XORQ(f.bit, f.bit)

	Label("lights")
	r, g, b := f.load(f.here(f.r)), f.load(f.here(f.g)), f.load(f.here(f.b))
	var y reg.VecVirtual
	if given {
		y = f.load(f.here(f.y))
	} else {
		y = f.add(f.mul(r, factors[0]), f.mul(g, factors[1]))
		y = f.add(y, f.mul(b, factors[2]))
	}
	sums := f.to(unsafe.Offsetof(block.Sums)).Idx(f.at, 1)
	VMOVUPS(f.add(y, sums), sums)
	c := f.calm(lum, y)
	hots := c.hot
	if !full {
		f.unless(hots, "calm")
		f.turns(lum, &c, y, lane.LumUp, nil)
		MOVL(U32(1), hot)
		Label("calm")
		f.step()
		done()
		return
	}
	v := f.more(f.sub(f.sub(r, g), b), f.zero)
	VORPS(v, glow, glow)
	cRed := f.calm(red, v)
	VORPS(f.xor(cRed.next, f.sign), lits, lits)
	hots = f.either(hots, cRed.hot)
	sum := f.mul(f.mul(f.add(f.add(r, g), b), share), f.near)
	now := f.compareIn(f.compare(moreOrEqual, r, red.least), lessOrEqual, sum, r)
	since := f.either(now, f.bits(f.to(unsafe.Offsetof(block.OldSat)).Idx(f.bit, 1)))
	f.keep(since, f.to(unsafe.Offsetof(block.NextSat)).Idx(f.bit, 1))
	f.unless(hots, "calm")
	f.turns(lum, nil, y, lane.LumUp, nil)
	turned := f.turns(red, nil, v, lane.RedUp, since)
	// What turned forgets the red before.
	f.keep(f.either(now, f.butNot(since, turned)), f.to(unsafe.Offsetof(block.NextSat)).Idx(f.bit, 1))
	MOVL(U32(1), hot)
	Label("calm")
	f.step()
	f.flag(glow, glows, "glows")
	f.flag(lits, lit, "lit")
	done()
}

// to is where a pointer of the arguments leads. There are too few registers to
// hold all of them.
func (f *follower) to(offset uintptr) Mem { return Mem{Base: pointer(f.args, offset)} }

// isDark ends a kernel if anything is more red than green and blue.
func (f *follower) isDark(glows Mem) {
	XORQ(f.at, f.at)
	glow := f.vec()
	VXORPS(glow, glow, glow)
	Label("look")
	v := f.sub(f.sub(f.load(f.here(f.r)), f.here(f.g)), f.here(f.b))
	VMAXPS(glow, v, glow)
	ADDQ(U32(f.bytes()), f.at)
	CMPQ(f.at, f.end)
	JLT(LabelRef("look"))
	f.unless(f.compare(less, f.zero, glow), "dark")
	MOVL(U32(1), glows)
	done()
	Label("dark")
}

// lights finds out how many there are.
func (f *follower) lights(offset uintptr) {
	end := GP64()
	MOVQ(f.args.Offset(int(offset)), end)
	SHLQ(U8(2), end)
	f.end = end
}

// here is where a vector of an array lies.
func (f *follower) here(array reg.Register) Mem { return Mem{Base: array}.Idx(f.at, 1) }

// track loads what a signal is followed with.
func (f *follower) track(old, next, rule uintptr) tracked {
	t := tracked{old: pointer(f.args, old), next: pointer(f.args, next), rule: f.rules.Offset(int(rule))}
	t.share, t.least = f.constant(t.rule.Offset(int(unsafe.Offsetof(track.Share)))), f.constant(t.rule.Offset(int(unsafe.Offsetof(track.Least))))
	return t
}

// calmed is an extreme as it goes on if it does not turn.
type calmed struct {
	ext, size, next reg.VecVirtual
	hot             mask // where there is more to see
}

// calm takes an extreme on as if it did not turn.
func (f *follower) calm(t tracked, v reg.VecVirtual) calmed {
	c := f.goesOn(t, v)
	VMOVUPS(c.next, f.here(t.next))
	return c
}

func (f *follower) goesOn(t tracked, v reg.VecVirtual) (c calmed) {
	c.ext = f.load(f.here(t.old))
	q := f.xor(v, f.and(c.ext, f.sign))
	c.size = f.without(c.ext, f.sign)
	c.next = f.more(q, c.ext)
	c.hot = f.compare(lessOrEqual, f.more(f.mul(c.size, t.share), t.least), f.sub(c.ext, q))
	return c
}

// turns finds where a signal turned, and writes its extremes and codes: of
// those in only, unless that is nil.
func (f *follower) turns(t tracked, was *calmed, v reg.VecVirtual, code int, only mask) (turned mask) {
	var c calmed
	if f.wide && was != nil {
		c = *was
	} else { // there are too few registers to have kept it
		c = f.goesOn(t, v)
	}
	rule := func(offset uintptr) Mem { return t.rule.Offset(int(offset)) }
	ext, size, next := c.ext, c.size, c.next
	fell := f.negative(ext)
	up := f.compareIn(f.both(c.hot, fell), less, f.above(rule, size, f.near), v)
	next = f.pick(up, v, next)
	low := f.sub(size, rule(unsafe.Offsetof(track.Lift)))
	rest := f.add(f.div(size, rule(unsafe.Offsetof(track.Divisor))), rule(unsafe.Offsetof(track.Rest)))
	bright := f.compare(moreOrEqual, low, rule(unsafe.Offsetof(track.Dark)))
	below := f.pick(bright, rest, f.add(low, rule(unsafe.Offsetof(track.Slack))))
	down := f.compareIn(f.butNot(c.hot, fell), less, v, below)
	VMOVUPS(f.pick(down, f.or(v, f.sign), next), f.here(t.next))
	turned = f.either(up, down)
	if only != nil {
		up, down = f.both(up, only), f.both(down, only)
	}
	codes := f.to(unsafe.Offsetof(block.Codes))
	f.keep(up, codes.Offset(32*code).Idx(f.bit, 1))
	f.keep(down, codes.Offset(32*(code+1)).Idx(f.bit, 1))
	return turned
}

// above is how high a signal may go from its lowest without a rise.
func (m machine) above(rule func(uintptr) Mem, size reg.VecVirtual, near Op) reg.VecVirtual {
	above := m.mul(m.add(size, rule(unsafe.Offsetof(track.Lift))), near)
	over := m.more(m.mul(m.mul(size, rule(unsafe.Offsetof(track.Ratio))), near), rule(unsafe.Offsetof(track.Floor)))
	return m.pick(m.compare(less, size, rule(unsafe.Offsetof(track.Dark))), above, over)
}

// step goes on to the next vector until there is none.
func (f *follower) step() {
	ADDQ(U32(f.bytes()), f.at)
	ADDQ(U32(f.bytes()/32), f.bit)
	CMPQ(f.at, f.end)
	JLT(LabelRef("lights"))
}

// flag writes 1 where a vector has any bit.
func (f *follower) flag(v reg.VecVirtual, to Mem, name string) {
	if f.wide {
		k := K()
		VPTESTMD(v, v, k)
		KTESTW(k, k)
	} else {
		VPTEST(v, v)
	}
	JZ(LabelRef("no" + name))
	MOVL(U32(1), to)
	Label("no" + name)
}

func done() {
	VZEROUPPER()
	RET()
}
