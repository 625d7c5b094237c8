package flash

import (
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"noctiluca/engine/crew"
	"noctiluca/engine/safety/flash/lane"
)

// TestSameWithAllKernels: every set of kernels the machine has, and the plain
// one, softens to the same bits, with one worker and with three: lights that
// are a sum, lights of several pixels, and lights with a white emitter.
func TestSameWithAllKernels(t *testing.T) {
	sums := [3]uint64{0x4cd11da54515fd25, 0xed2ae4f470028936, 0x4f658b98483c68cf}
	for kind, of := range []string{"plain", "runs of two", "white"} {
		var want []float32
		var verdicts []Verdict
		for _, k := range lane.Sets() {
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
					t.Errorf("%s: %s kernels, %d workers: other light than the first", of, k.Name, workers)
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
