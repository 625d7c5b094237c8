package flash

import (
	"math"

	"noctiluca/shaders/kage/block"
)

// What every light needs in every frame runs over blocks of 256 lights, by
// the kernels that fields run by: one program takes the extremes of both
// signals on and says whether anything else may have happened in the block,
// and another, for those blocks alone, finds out what. All kernel sets give
// the same bits.

// The inputs of both programs: the light (with its luminance, where that is
// not a sum of R, G and B), the extremes of luminance and of redness, and
// whether there was a saturated red.
const (
	inR = iota
	inG
	inB
	inLum
	inRed
	inSat
	inY
)

// Their results: first what is kept for the next frame, as in the inputs from
// inLum on, then what is looked at at once.
const (
	outSum  = iota // of calm: the luminances, summed lane by lane; of turns: codes
	outAny         // of calm: a mask of where there is more to see
	outHot         // of calm: lane 0 is not 0 where that is anywhere
	outGlow        // of calm: lane 0 is not 0 where anything is more red than not
)

// What a light did, in a code.
const (
	lumUp   uint8 = 1 << iota
	lumDown       // never both
	redUp         // with a saturated red before or after
	redDown
)

// signBit is what tells a light that fell last (set) from one that rose.
const signBit = 1 << 31

// assembler writes a program: each operation has a block of its own until
// finish shares them.
type assembler struct {
	p       block.Program
	in      []int // what each input is
	scalars map[uint32]block.Arg
	keep    []block.Arg // that hold their value from one run to the next
}

func (a *assembler) input(of int) block.Arg {
	a.in = append(a.in, of)
	a.p.Inputs = append(a.p.Inputs, a.fresh())
	return a.p.Inputs[len(a.p.Inputs)-1]
}

func (a *assembler) fresh() block.Arg {
	a.p.Blocks++
	return block.Arg(a.p.Blocks - 1)
}

func (a *assembler) do(op block.Op, args ...block.Arg) block.Arg {
	d := a.fresh()
	a.to(d, op, args...)
	return d
}

func (a *assembler) to(dst block.Arg, op block.Op, args ...block.Arg) {
	in := block.Inst{Op: op, Dst: dst}
	copy(in.Arg[:], args)
	a.p.Insts = append(a.p.Insts, in)
}

func (a *assembler) float(v float32) block.Arg { return a.word(math.Float32bits(v)) }

func (a *assembler) word(v uint32) block.Arg {
	if s, ok := a.scalars[v]; ok {
		return s
	}
	s := block.Arg(len(a.p.Scalars)) | block.ScalarBit
	a.p.Scalars = append(a.p.Scalars, v)
	a.scalars[v] = s
	return s
}

// unlessNone writes what is only done where a mask holds in some lane.
func (a *assembler) unlessNone(mask block.Arg, do func()) {
	at := len(a.p.Insts)
	a.to(0, block.JumpNone, mask)
	do()
	a.p.Insts[at].To = int32(len(a.p.Insts))
}

// luminance is Full times the light. Its factors are the first scalars, which
// are set for each stretch.
func (a *assembler) luminance(r, g, b block.Arg) block.Arg {
	k := block.ScalarBit
	return a.do(block.Dot3, r, k, g, k+1, b, k+2)
}

func newAssembler() *assembler {
	a := &assembler{scalars: map[uint32]block.Arg{}}
	a.p.Scalars = make([]uint32, 3)
	a.p.Words = 3
	return a
}

// calmProgram is what every block runs. mixed says that luminances are given.
// One that is dark says of what glows red only that it is there, and does
// nothing in that block: it is for those where nothing was red for a while,
// whose extremes of redness and its marks stay.
func calmProgram(lum, red *track, share float32, mixed, dark bool) *assembler {
	a := newAssembler()
	r, g, b, lumExt := a.input(inR), a.input(inG), a.input(inB), a.input(inLum)
	var y, redExt, sat block.Arg
	if !dark {
		redExt, sat = a.input(inRed), a.input(inSat)
	}
	if mixed {
		y = a.input(inY)
	}
	sum, hot, glow := a.fresh(), a.fresh(), a.fresh()
	a.keep = append(a.keep, sum, hot, glow)
	v := a.redness(r, g, b)
	a.unlessNone(a.do(block.FLt, a.float(0), v), func() {
		a.to(glow, block.Copy, a.word(1))
		if dark {
			a.to(0, block.Jump)
		}
	})
	if !mixed {
		y = a.luminance(r, g, b)
	}
	a.to(sum, block.Add, sum, y)
	q := a.do(block.IXor, y, a.do(block.IAnd, lumExt, a.word(signBit)))
	nextLum := a.do(block.Max, lumExt, q)
	least := a.do(block.MulMax, a.do(block.Abs, lumExt), a.float(lum.share), a.float(lum.least))
	any := a.do(block.FLe, least, a.do(block.Sub, lumExt, q))
	if dark {
		a.p.Outputs = []block.Arg{nextLum, sum, any, hot, glow}
		a.unlessNone(any, func() { a.to(hot, block.Copy, a.word(1)) })
		return a.finish()
	}
	q = a.do(block.IXor, v, a.do(block.IAnd, redExt, a.word(signBit)))
	nextRed := a.do(block.Max, redExt, q)
	any = a.do(block.MOr, any, a.do(block.FLe, a.float(red.least), a.do(block.Sub, redExt, q)))
	nextSat := a.do(block.MOr, sat, a.saturated(r, g, b, red, share))

	a.p.Outputs = []block.Arg{nextLum, nextRed, nextSat, sum, any, hot, glow}
	a.unlessNone(any, func() { a.to(hot, block.Copy, a.word(1)) })
	return a.finish()
}

// turnProgram is what blocks run in which some light may have turned.
func turnProgram(lum, red *track, share float32, mixed bool) *assembler {
	a := newAssembler()
	r, g, b, lumExt, redExt, sat := a.input(inR), a.input(inG), a.input(inB), a.input(inLum), a.input(inRed), a.input(inSat)
	var y block.Arg
	if mixed {
		y = a.input(inY)
	} else {
		y = a.luminance(r, g, b)
	}
	next, up, down := a.turn(lum, lumExt, y)
	code := a.do(block.IOr, a.do(block.IAnd, up, a.word(uint32(lumUp))), a.do(block.IAnd, down, a.word(uint32(lumDown))))

	nextRed, up, down := a.turn(red, redExt, a.redness(r, g, b))
	now := a.saturated(r, g, b, red, share)
	since := a.do(block.MOr, sat, now)
	turned := a.do(block.MOr, up, down)
	nextSat := a.do(block.Select, turned, now, since)
	code = a.do(block.IOr, code, a.do(block.IAnd, a.do(block.MAnd, up, since), a.word(uint32(redUp))))
	code = a.do(block.IOr, code, a.do(block.IAnd, a.do(block.MAnd, down, since), a.word(uint32(redDown))))
	a.p.Outputs = []block.Arg{next, nextRed, nextSat, code}
	return a.finish()
}

// turn takes an extreme on by a signal, and says where it turned. It is
// track.above and track.below for a block.
func (a *assembler) turn(t *track, ext, v block.Arg) (next, up, down block.Arg) {
	sign := a.word(signBit)
	q := a.do(block.IXor, v, a.do(block.IAnd, ext, sign))
	size := a.do(block.Abs, ext)
	least := a.do(block.MulMax, size, a.float(t.share), a.float(t.least))
	hot := a.do(block.FLe, least, a.do(block.Sub, ext, q))
	fell := a.do(block.ILt, ext, a.word(0))

	above := a.do(block.AddMul, size, a.float(t.lift), a.float(near))
	low, slack := a.do(block.Sub, size, a.float(t.lift)), a.float(t.slack())
	below := a.do(block.Add, low, slack)
	if t.dark < endless {
		over, under := a.float(endless), a.float(t.dark*near)
		if t.ratio > 0 {
			over = a.do(block.MulMul, size, a.float(t.ratio), a.float(near))
			under = a.do(block.Add, a.do(block.Div, size, a.float(t.ratio)), slack)
		}
		above = a.do(block.SelectLt, size, a.float(t.dark), above, over)
		below = a.do(block.SelectLe, a.float(t.dark), low, under, below)
	}
	up = a.do(block.MAnd, a.do(block.MAnd, hot, fell), a.do(block.FLt, above, v))
	down = a.do(block.MAndNot, a.do(block.MAnd, hot, a.do(block.FLt, v, below)), fell)
	next = a.do(block.Max, ext, q)
	next = a.do(block.Select, up, v, next)
	return a.do(block.Select, down, a.do(block.IOr, v, sign), next), up, down
}

// redness is R−G−B, 0 where that is less.
func (a *assembler) redness(r, g, b block.Arg) block.Arg {
	return a.do(block.SubMax, a.do(block.Sub, r, g), b, a.float(0))
}

// saturated says where there is a saturated red, and not one too dark to be
// either state of a transition.
func (a *assembler) saturated(r, g, b block.Arg, red *track, share float32) block.Arg {
	sum := a.do(block.MulMul, a.do(block.Add3, r, g, b), a.float(share), a.float(near))
	return a.do(block.AndFLe, a.do(block.FLe, a.float(red.least), r), sum, r)
}

// finish lets what lives one after the other share blocks, so that a program
// stays within the first-level cache.
func (a *assembler) finish() *assembler {
	p := &a.p
	last := make([]int, p.Blocks)
	pinned := make([]bool, p.Blocks)
	for _, list := range [][]block.Arg{p.Inputs, p.Outputs, a.keep} {
		for _, b := range list {
			pinned[b] = true
		}
	}
	for i := range p.Insts {
		for k := range p.Insts[i].Op.Info().Args {
			if b := p.Insts[i].Arg[k]; b&block.ScalarBit == 0 {
				last[b] = i
			}
		}
	}
	place := make([]block.Arg, p.Blocks)
	count := block.Arg(0)
	for b := range place {
		if pinned[b] {
			place[b] = count
			count++
		}
	}
	var free, ends []block.Arg
	for i := range p.Insts {
		in := &p.Insts[i]
		if in.Op == block.Jump {
			in.To = int32(len(p.Insts)) // to the end
			continue
		}
		n := len(in.Op.Info().Args)
		ends = ends[:0]
		for k := range n {
			b := in.Arg[k]
			if b&block.ScalarBit != 0 {
				continue
			}
			in.Arg[k] = place[b]
			if !pinned[b] && last[b] == i {
				last[b] = -1
				ends = append(ends, place[b])
			}
		}
		if in.Op == block.JumpNone {
			continue
		}
		if b := in.Dst; pinned[b] {
			in.Dst = place[b]
		} else if n := len(free); n > 0 {
			place[b], free = free[n-1], free[:n-1]
			in.Dst = place[b]
		} else {
			place[b] = count
			in.Dst = count
			count++
		}
		free = append(free, ends...)
	}
	for _, list := range [][]block.Arg{p.Inputs, p.Outputs} {
		for i, b := range list {
			list[i] = place[b]
		}
	}
	p.Blocks = int(count)
	return a
}
