package block

import (
	"math/rand/v2"
	"testing"
)

// TestImages: Lookup finds the words of an image, and 0 outside it, by blocks,
// by scalars and in the prologue, on every kernel set.
func TestImages(t *testing.T) {
	p := &Program{
		Blocks:   3,
		Scalars:  make([]uint32, 3),
		Words:    1,
		Inputs:   []Arg{0},
		Prologue: []Inst{{Op: Lookup, Dst: ScalarBit | 1, To: -1}},
		Insts: []Inst{
			{Op: Lookup, Dst: 1, To: -2},
			{Op: Lookup, Dst: 2, To: -1},
		},
		Outputs: []Arg{1, 2, ScalarBit | 1},
	}
	p.Prologue[0].Arg[0], p.Prologue[0].Arg[1] = ScalarBit|2, ScalarBit|0
	p.Insts[0].Arg[0], p.Insts[0].Arg[1] = ScalarBit|2, 0
	p.Insts[1].Arg[0], p.Insts[1].Arg[1] = ScalarBit|2, ScalarBit|0
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	a, b := make([]uint32, 7), make([]uint32, 1000)
	for i := range a {
		a[i] = r.Uint32()
	}
	for i := range b {
		b[i] = r.Uint32()
	}
	find := func(w []uint32, i uint32) uint32 {
		if i < uint32(len(w)) {
			return w[i]
		}
		return 0
	}
	for _, k := range Sets() {
		s := p.NewState(k)
		for _, images := range [][2][]uint32{{nil, nil}, {a, b}, {b, a}, {nil, b}} {
			s.SetImage(0, images[0])
			s.SetImage(1, images[1])
			for _, at := range []uint32{0, 3, 6, 7, 1 << 31, ^uint32(0)} {
				s.SetScalar(0, at)
				s.Prologue()
				in := s.Words(0)
				for i := range in {
					in[i] = uint32(r.IntN(1200) - 100)
				}
				const n = 77
				s.Run(n)
				for i := range n {
					if got, want := s.Words(1)[i], find(images[1], in[i]); got != want {
						t.Fatalf("%s: lane %d, index %d: %x, want %x", k.Name(), i, int32(in[i]), got, want)
					}
					if got, want := s.Words(2)[i], find(images[0], at); got != want {
						t.Fatalf("%s: scalar index %d: %x, want %x", k.Name(), int32(at), got, want)
					}
				}
				if got, want := s.Scalar(1), find(images[0], at); got != want {
					t.Fatalf("%s: prologue, index %d: %x, want %x", k.Name(), int32(at), got, want)
				}
			}
		}
	}
}
