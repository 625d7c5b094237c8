package safety

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"noctiluca/engine/crew"
)

// TestLimitedLightAgain: what one limiter let out, another leaves alone to the
// bit, as when light is passed on, and what is recorded of it, where every
// light is a byte, if bytes are all that was sent. Of dithered light a
// recording has the nearest bytes, and next to nothing of it is changed: light
// that had been just under a threshold by itself may be over it then.
func TestLimitedLightAgain(t *testing.T) {
	frames, passed := 0, 0
	var of, played [2]int // with bytes alone, and with dither
	for seed := range 6 {
		rate := []float64{60, 50, 30}[seed%3]
		kind := seed / 3
		inst := gallery(rate, kind == 1)
		c := crew.New(1)
		var stages [3]*Stage
		for i := range stages {
			var err error
			if stages[i], err = NewStage(inst, 1, c); err != nil {
				t.Fatal(err)
			}
		}
		a := &adversary{rng: rand.New(rand.NewPCG(77, uint64(seed))), count: inst.Fixtures[0].Count}
		n := inst.Pixels.Count()
		r, g, b := make([]float32, n), make([]float32, n), make([]float32, n)
		acted := 0
		for k := range int(15 * rate) {
			at := time.Duration(float64(k) / rate * float64(time.Second))
			if tt := at.Seconds(); tt >= a.until {
				a.choose(tt)
			}
			for i := range n {
				r[i], g[i], b[i] = a.light(at.Seconds(), i)
			}
			first := stages[0].Make(uint64(k), at, r, g, b, false)
			if first.Softened() {
				acted++
			}
			x, y, z := first.RGB()
			frames++
			of[kind]++
			if !same(stages[1], k, at, x, y, z) {
				passed++
			}
			if !same(stages[2], k, at, rounded(x), rounded(y), rounded(z)) {
				played[kind]++
			}
			first.Release()
		}
		c.Close()
		if acted == 0 {
			t.Errorf("seed %d: the light was meant to be harmful", seed)
		}
	}
	t.Logf("of %d frames %d were changed when passed on; when played from bytes %d of %d, of dithered ones %d of %d", frames, passed, played[0], of[0], played[1], of[1])
	if passed > 0 {
		t.Errorf("%d of %d frames of limited light were changed again", passed, frames)
	}
	if played[0] > 0 {
		t.Errorf("%d of %d frames of recorded limited light were changed again", played[0], of[0])
	}
	if played[1] > of[1]/10 {
		t.Errorf("%d of %d frames of recorded limited light that was dithered were changed again", played[1], of[1])
	}
}

// same says that a stage leaves light as it is.
func same(s *Stage, k int, at time.Duration, r, g, b []float32) bool {
	f := s.Make(uint64(k), at, r, g, b, false)
	defer f.Release()
	x, y, z := f.RGB()
	return slices.Equal(x, r) && slices.Equal(y, g) && slices.Equal(z, b)
}

// rounded is what a byte for each light keeps.
func rounded(x []float32) []float32 {
	y := make([]float32, len(x))
	for i := range x {
		y[i] = float32(math.Round(float64(x[i])*255) / 255)
	}
	return y
}
