package safety

import (
	"math"
	"testing"

	"noctiluca/engine/crew"
	"noctiluca/installations"

	"pgregory.net/rapid"
)

var (
	plain = installations.LED{Type: "test RGB", Volts: 5, Idle: 1, Full: [5]float64{10, 20, 30}}
	white = installations.LED{Type: "test RGBW", White: true, Volts: 12, Idle: 0.5, Full: [5]float64{8, 8, 8, 16}}
)

// wall is an installation made for these tests: fixtures of the given LEDs
// and supplies, count pixels each, on one output, which is dithered as outputs
// are where nobody says otherwise.
func wall(count int, leds []installations.LED, supply []int, limits ...float64) *installations.Installation {
	inst := &installations.Installation{Name: "test"}
	for _, w := range limits {
		inst.Supplies = append(inst.Supplies, installations.Supply{Watts: w})
	}
	out := installations.Output{Name: "all", Dither: true}
	for i, led := range leds {
		order := installations.Order{0, 1, 2}
		if led.White {
			order = installations.Order{0, 1, 2, 3}
		}
		inst.Fixtures = append(inst.Fixtures, installations.Fixture{First: i * count, Count: count, LED: led, Supply: supply[i]})
		out.Runs = append(out.Runs, installations.Run{First: i * count, Step: 1, Count: count, Offset: out.Bytes, Order: order})
		out.Bytes += count * len(order)
	}
	inst.Outputs = []installations.Output{out}
	n := count * len(leds)
	inst.Pixels = installations.Pixels{X: make([]float32, n), Y: make([]float32, n), Z: make([]float32, n)}
	return inst
}

func fill(n int, v float32) []float32 {
	s := make([]float32, n)
	for i := range s {
		s[i] = v
	}
	return s
}

func stage(t testing.TB, inst *installations.Installation, workers int) *Stage {
	c := crew.New(workers)
	t.Cleanup(c.Close)
	s, err := NewStage(inst, 2, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestWatts works the estimate out by hand.
func TestWatts(t *testing.T) {
	for _, c := range []struct {
		name    string
		led     installations.LED
		r, g, b float32
		want    float64 // of 100 pixels
	}{
		{"dark", plain, 0, 0, 0, 100 * 5 * 0.001},
		{"red", plain, 1, 0, 0, 100 * 5 * 0.011},
		{"full", plain, 1, 1, 1, 100 * 5 * 0.061},
		{"half", plain, .5, .5, .5, 100 * 5 * 0.031},
		{"over full is full", plain, 7, 1, 1, 100 * 5 * 0.061},
		{"no number is dark", plain, float32(math.NaN()), float32(math.Inf(-1)), -1, 100 * 5 * 0.001},
		{"white emitter", white, 1, 1, 1, 100 * 12 * 0.0165},
		{"white and red", white, 1, .5, .5, 100 * 12 * (0.0005 + 0.004 + 0.008)},
	} {
		s := stage(t, wall(100, []installations.LED{c.led}, []int{-1}), 1)
		f := s.Make(0, 0, fill(100, c.r), fill(100, c.g), fill(100, c.b), false)
		if math.Abs(f.Watts()-c.want) > 1e-9 {
			t.Errorf("%s: %v W, want %v", c.name, f.Watts(), c.want)
		}
		if f.Limited() {
			t.Errorf("%s: limited without a limit", c.name)
		}
		f.Release()
	}
}

// TestNeverOverTheLimit: whatever the light, no supply is asked for more than
// its limit, hue is kept, and light that is within the limit is untouched.
func TestNeverOverTheLimit(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		count := rapid.IntRange(1, 70).Draw(rt, "pixels a fixture")
		leds := []installations.LED{plain, white, plain}
		supply := []int{0, 1, rapid.IntRange(-1, 1).Draw(rt, "supply")}
		limits := []float64{rapid.Float64Range(0.001, 20).Draw(rt, "limit 0"), rapid.Float64Range(0.001, 20).Draw(rt, "limit 1")}
		inst := wall(count, leds, supply, limits...)
		s := stage(t, inst, 2)
		n := 3 * count
		r, g, b := fill(n, 0), fill(n, 0), fill(n, 0)
		for i := range n {
			r[i] = rapid.Float32Range(0, 1).Draw(rt, "r")
			g[i] = rapid.Float32Range(0, 1).Draw(rt, "g")
			b[i] = rapid.Float32Range(0, 1).Draw(rt, "b")
		}
		f := s.Make(0, 0, r, g, b, false)
		defer f.Release()
		fr, fg, fb := f.RGB()
		for k, limit := range limits {
			// An independent sum over the frame that leaves, in float64.
			idle, glow := 0.0, 0.0
			before := 0.0
			for i, fix := range inst.Fixtures {
				if fix.Supply != k {
					continue
				}
				idle += leds[i].Volts * leds[i].Idle / 1000 * float64(count)
				for p := fix.First; p < fix.First+count; p++ {
					glow += draw(leds[i], fr[p], fg[p], fb[p])
					before += draw(leds[i], r[p], g[p], b[p])
				}
			}
			if idle+glow > max(limit, idle)+1e-12 {
				rt.Fatalf("supply %d: %v W, limit %v W (idle %v)", k, idle+glow, limit, idle)
			}
			want := min(1, max(limit-idle, 0)/before)
			for _, fix := range inst.Fixtures {
				if fix.Supply != k {
					continue
				}
				for p := fix.First; p < fix.First+count; p++ {
					if d := math.Abs(float64(fr[p]) - want*float64(r[p])); d > 3e-6 || want == 1 && fr[p] != r[p] {
						rt.Fatalf("pixel %d: red %v became %v, want %v times", p, r[p], fr[p], want)
					}
				}
			}
		}
	})
}

func draw(led installations.LED, r, g, b float32) float64 {
	x, y, z, w := float64(r), float64(g), float64(b), 0.0
	if led.White {
		w = min(x, y, z)
		x, y, z = x-w, y-w, z-w
	}
	return led.Volts / 1000 * (x*led.Full[0] + y*led.Full[1] + z*led.Full[2] + w*led.Full[3])
}

// TestSameWithAnyNumberOfWorkers: sums over many parts, limited, to the bit.
func TestSameWithAnyNumberOfWorkers(t *testing.T) {
	inst := wall(5000, []installations.LED{plain, white}, []int{0, 0}, 300)
	n := inst.Pixels.Count()
	r, g, b := fill(n, 0), fill(n, 0), fill(n, 0)
	for i := range n {
		r[i], g[i], b[i] = float32(i%7)/7, float32(i%11)/11, float32(i%13)/13
	}
	var first []byte
	for _, workers := range []int{1, 2, 7} {
		f := stage(t, inst, workers).Make(0, 0, r, g, b, false)
		if !f.Limited() {
			t.Fatal("the limit was meant to act")
		}
		if first == nil {
			first = append(first, f.Output(0)...)
		} else if string(first) != string(f.Output(0)) {
			t.Errorf("%d workers: other bytes than with one", workers)
		}
		f.Release()
	}
}

func TestMakeAllocatesNothing(t *testing.T) {
	inst := wall(3000, []installations.LED{plain}, []int{0}, 50)
	s := stage(t, inst, 2)
	v := fill(3000, 0.7)
	if n := testing.AllocsPerRun(50, func() { s.Make(1, 2, v, v, v, false).Release() }); n != 0 {
		t.Errorf("a frame allocates %v times", n)
	}
	if got := s.Made(); got != 6 {
		t.Errorf("%d frames were made, want 6 in advance for 2 holders", got)
	}
}

// TestFrameReturnsToItsPool: the last release gives it back, one more panics.
func TestFrameReturnsToItsPool(t *testing.T) {
	s := stage(t, wall(4, []installations.LED{plain}, []int{-1}), 1)
	v := fill(4, 1)
	f := s.Make(0, 0, v, v, v, false)
	f.Retain()
	f.Release()
	if g := s.Make(1, 0, v, v, v, false); g == f {
		t.Fatal("a frame that is held was handed out again")
	}
	f.Release()
	defer func() {
		if recover() == nil {
			t.Error("releasing a frame too often goes unnoticed")
		}
	}()
	f.Release()
}
