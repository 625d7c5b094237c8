package block

import (
	"math"
	"math/rand/v2"
	"testing"
)

// nest makes a program of depth regions, one in another: each region packs by
// its own mask, ands the next one's with it, adds to the sum what its lanes
// have, and gives the sum back to those outside by a select.
//
// Blocks: 0 x, 1…depth the masks, then three for each region.
func nest(depth int) *Program {
	p := &Program{Blocks: 1 + depth + 4*(depth+1), Slots: depth, Scalars: []uint32{math.Float32bits(1.5)}}
	sum := func(level int) Arg { return Arg(1 + depth + 4*level) }
	spare := func(level int) Arg { return sum(level) + 1 }
	p.Insts = []Inst{{Op: Mul, Dst: sum(0), Arg: [MaxArgs]Arg{0, ScalarBit}}}
	var region func(level int)
	region = func(level int) {
		if level > depth {
			return
		}
		mask := Arg(level)
		slot := int32(level - 1)
		pack := len(p.Insts)
		p.Insts = append(p.Insts,
			Inst{Op: Pack, Dst: Arg(slot), Arg: [MaxArgs]Arg{mask}},
			Inst{Op: Compress, Dst: 0, Arg: [MaxArgs]Arg{spare(level)}, To: slot})
		for l := level + 1; l <= depth; l++ { // in place: nobody outside wants them
			p.Insts = append(p.Insts, Inst{Op: Compress, Dst: Arg(l), Arg: [MaxArgs]Arg{Arg(l)}, To: slot})
		}
		p.Insts = append(p.Insts, Inst{Op: Compress, Dst: sum(level - 1), Arg: [MaxArgs]Arg{spare(level) + 1}, To: slot})
		p.Insts = append(p.Insts, Inst{Op: MulAdd, Dst: sum(level), Arg: [MaxArgs]Arg{sum(level - 1), ScalarBit, 0}})
		region(level + 1)
		unpack := len(p.Insts)
		p.Insts = append(p.Insts,
			Inst{Op: Unpack, Dst: Arg(slot)},
			Inst{Op: Expand, Dst: sum(level), To: slot},
			Inst{Op: Copy, Dst: 0, Arg: [MaxArgs]Arg{spare(level)}},
			Inst{Op: Copy, Dst: sum(level - 1), Arg: [MaxArgs]Arg{spare(level) + 1}})
		p.Insts[pack].To, p.Insts[unpack].To = int32(len(p.Insts)), int32(len(p.Insts))
		p.Insts = append(p.Insts, Inst{Op: Select, Dst: sum(level - 1), Arg: [MaxArgs]Arg{mask, sum(level), sum(level - 1)}})
	}
	region(1)
	return p
}

// TestPacking: what some lanes alone do comes out the same, packed or not,
// for any share of lanes and any length, regions in regions.
func TestPacking(t *testing.T) {
	const depth = 5
	p := nest(depth)
	for _, k := range Sets() {
		s := p.NewState(k)
		r := rand.New(rand.NewPCG(5, 5))
		for round := range 300 {
			n := 1 + r.IntN(Size)
			if round%3 == 0 {
				n = Size
			}
			share := [...]float64{0, 0.02, 0.2, 0.5, 0.8, 1}[r.IntN(6)]
			var want [Size]float32
			for l := range Size {
				x := float32(r.NormFloat64())
				s.Block(0)[l] = x
				want[l] = x * 1.5
				in, level := true, 0
				for m := 1; m <= depth; m++ {
					in = in && r.Float64() < share
					s.Words(Arg(m))[l] = mask(in)
					if in {
						level = m
					}
				}
				for range level {
					want[l] = float32(want[l]*1.5) + x
				}
				if l >= n {
					s.Words(1)[l] = mask(r.IntN(2) == 0) // decides nothing
				}
			}
			s.Prologue()
			s.Run(n)
			got := s.Block(Arg(1 + depth))
			for l := range n {
				if got[l] != want[l] {
					t.Fatalf("%s, round %d, share %v, %d lanes: lane %d is %v, want %v", k.Name(), round, share, n, l, got[l], want[l])
				}
			}
		}
	}
}

func TestPackingNeedsItsSlot(t *testing.T) {
	for _, in := range []Inst{{Op: Pack}, {Op: Unpack}, {Op: Compress}, {Op: Expand}} {
		p := Program{Blocks: 1, Insts: []Inst{in}}
		if err := p.Validate(); err == nil {
			t.Errorf("%v without a slot is taken", in.Op)
		}
		p.Slots = 1
		if err := p.Validate(); err != nil {
			t.Error(err)
		}
	}
}
