package flash

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"noctiluca/engine/crew"
	"noctiluca/shaders/kage/block"
)

// TestSameWithAllKernels: every set of kernels the machine has, and the plain
// one, softens to the same bits, with one worker and with three: lights that
// are a sum, lights of several pixels, and lights with a white emitter.
func TestSameWithAllKernels(t *testing.T) {
	sums := [3]uint64{0x4cd11da54515fd25, 0xed2ae4f470028936, 0x4f658b98483c68cf}
	for kind, of := range []string{"plain", "runs of two", "white"} {
		var want []float32
		var verdicts []Verdict
		for _, k := range block.Sets() {
			for _, workers := range []int{1, 3} {
				s := wall(70, 0.06, 3, [4]float32{60, 160, 30, 100})
				s.Surround = Surround{Area: 60, Reflectance: 0.5}
				s.Stretches[0].Run, s.Stretches[0].White = 1+kind%2, kind == 2
				c := crew.New(workers)
				a := newWith(k, s, Room(), true, c)
				rng := rand.New(rand.NewPCG(1, 2))
				n := s.Stretches[0].Count
				r, g, b := make([]float32, n), make([]float32, n), make([]float32, n)
				var got []float32
				var said []Verdict
				for f := range 150 {
					for i := range n {
						switch v := rng.Float32(); {
						case f < 40:
							r[i], g[i], b[i] = 0.2, 0.5, 0.4 // nothing happens
						case f < 90:
							r[i], g[i], b[i] = v*v, v, v
						default:
							on := float32(f / 4 % 2)
							r[i], g[i], b[i] = on, on*0.05, v*0.05*on
						}
					}
					said = append(said, a.Step(time.Duration(f)*time.Second/60, r, g, b))
					got = append(append(append(got, r...), g...), b...)
				}
				c.Close()
				if want == nil {
					want, verdicts = got, said
				}
				if !slices.Equal(got, want) || !slices.Equal(said, verdicts) {
					t.Errorf("%s: %s kernels, %d workers: other light than the first", of, k.Name(), workers)
				}
			}
		}
		h := fnv.New64a()
		for _, x := range want {
			binary.Write(h, binary.LittleEndian, x)
		}
		if got := h.Sum64(); got != sums[kind] {
			t.Errorf("%s: the light has the sum %#x, want %#x", of, got, sums[kind])
		}
		if last := verdicts[len(verdicts)-1]; last.Softened == 0 || !last.RedCaused {
			t.Errorf("%s: %+v: red flashes were meant to be softened", of, last)
		}
	}
}

// TestTurnsOneByOne: a light that is looked at by itself turns as one in a
// block does, for extremes and signals around every threshold.
func TestTurnsOneByOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	signs := func() float32 { return math.Float32frombits(signBit * rng.Uint32N(2)) }
	for _, rules := range []Rules{Room(), WCAG(200), WCAG(1000)} {
		s := wall(16, 0.1, 3, grey(400))
		for _, k := range block.Sets() {
			a := newWith(k, s, rules, true, crew.New(1))
			w := a.workers[0]
			turns := 0
			for range 300 {
				var in [7][]float32
				for i := range in {
					in[i] = make([]float32, block.Size)
				}
				for i := range block.Size {
					c := [3]float32{rng.Float32(), rng.Float32(), rng.Float32()}
					if rng.IntN(2) == 0 { // red, or nearly
						c[1], c[2] = c[0]*0.25*rng.Float32(), 0
					}
					for k := range c {
						in[k][i] = c[k]
						if rng.IntN(8) == 0 {
							in[k][i] = 0
						}
					}
					y := float32(a.scene.Stretches[0].Full[0]*c[0]) + float32(a.scene.Stretches[0].Full[1]*c[1])
					ext := y + float32(60*(rng.Float32()-0.5))
					in[inLum][i] = math.Float32frombits(math.Float32bits(max(ext, 20)) | math.Float32bits(signs()))
					in[inRed][i] = math.Float32frombits(math.Float32bits(max(rng.Float32(), 0.07)) | math.Float32bits(signs()))
					if rng.IntN(2) == 0 {
						in[inSat][i] = math.Float32frombits(math.MaxUint32)
					}
				}
				copy(a.lum.old, in[inLum])
				copy(a.red.old, in[inRed])
				copy(a.oldSat, in[inSat])
				out := [3][]float32{make([]float32, block.Size), make([]float32, block.Size), make([]float32, block.Size)}
				for k := range 3 {
					w.turns[0].SetScalar(k, math.Float32bits(s.Stretches[0].Full[k]))
					w.calm[0].SetScalar(k, math.Float32bits(s.Stretches[0].Full[k]))
				}
				w.turns[0].Prologue()
				w.calm[0].Prologue()
				codes := w.turns[0].Words(w.turns[0].sees(outSum))
				w.calm[0].run(&in, &[3][]float32{a.lum.next, a.red.next, a.nextSat}, block.Size)
				w.turns[0].run(&in, &out, block.Size)
				for i := range block.Size {
					y := float32(s.Stretches[0].Full[0]*in[inR][i]) + float32(s.Stretches[0].Full[1]*in[inG][i])
					y += float32(s.Stretches[0].Full[2] * in[inB][i])
					code := a.turn(i, y, in[inR][i], in[inG][i], in[inB][i])
					one := fmt.Sprintf("code %x, %x %x %x", code, math.Float32bits(a.lum.next[i]), math.Float32bits(a.red.next[i]), math.Float32bits(a.nextSat[i]))
					all := fmt.Sprintf("code %x, %x %x %x", codes[i], math.Float32bits(out[0][i]), math.Float32bits(out[1][i]), math.Float32bits(out[2][i]))
					if one != all {
						t.Fatalf("%s, light %v %v %v, extremes %v %v: by itself %s, in a block %s", k.Name(), in[0][i], in[1][i], in[2][i], in[inLum][i], in[inRed][i], one, all)
					}
					if code != 0 {
						turns++
					}
				}
			}
			if turns < 10000 {
				t.Errorf("only %d turns", turns)
			}
		}
	}
}
