package lower_test

import (
	"math/rand/v2"
	"testing"

	"noctiluca/shaders/kage/block"
	"noctiluca/shaders/kage/check"
	"noctiluca/shaders/kage/kagetest"
	"noctiluca/shaders/kage/lower"
)

// TestRandomProgramsPacked: with every region packed, worth it or not, the
// light is the same, for so many points that every kernel set does pack.
func TestRandomProgramsPacked(t *testing.T) {
	packs := 0
	for seed := range uint64(120) {
		text := kagetest.Generate(seed+5000, kagetest.Style{})
		f, err := check.Check("random.kage", []byte(text))
		if err != nil {
			continue
		}
		o := lower.Options{PackAll: true, NoUnroll: seed%3 == 0, NoFusion: seed%5 == 0}
		if res, err := lower.Lower(f, f.Entry, o); err == nil {
			for _, in := range res.Program.Insts {
				if in.Op == block.Pack {
					packs++
				}
			}
		}
		if err := differ(f, rand.New(rand.NewPCG(seed, 2)), 200, o); err != nil {
			if _, ok := err.(*lower.Error); !ok {
				t.Errorf("seed %d: %v\n%s", seed, err, text)
			}
		}
	}
	t.Logf("%d regions were packed", packs)
	if packs < 300 {
		t.Errorf("only %d regions were packed", packs)
	}
}
