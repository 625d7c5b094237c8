package lane

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// stepsOf are 256 steps of a curve.
func stepsOf(curve func(v float64) float64) *Steps {
	var at [256]float32
	for n := range at {
		at[n] = float32(curve(float64(n) / 255))
	}
	at[255] = 1
	s, err := NewSteps(&at)
	if err != nil {
		panic(err)
	}
	return s
}

var (
	evenSteps = stepsOf(func(v float64) float64 { return v })
	curves    = map[string]*Steps{
		"even": evenSteps, "gamma 2.2": stepsOf(func(v float64) float64 { return math.Pow(v, 2.2) }),
		"gamma 4": stepsOf(func(v float64) float64 { return math.Pow(v, 4) }), "nearly even": stepsOf(func(v float64) float64 { return math.Pow(v, 1.001) }),
	}
)

// TestSteps: the step under a light is the last that is no more than it.
func TestSteps(t *testing.T) {
	for name, s := range curves {
		if s.even != (name == "even") {
			t.Errorf("%s: even is %v", name, s.even)
		}
		rng := rand.New(rand.NewPCG(1, 8))
		for k := range 100000 {
			v := rng.Float32() * rng.Float32()
			if k%2 == 0 {
				v = s.at[rng.IntN(256)]
				if d := rng.IntN(3); d > 0 {
					v = math.Nextafter32(v, float32(d-1)*2)
				}
			}
			n := 0
			for n < 255 && s.at[n+1] <= v {
				n++
			}
			if got := s.Under(v); got != s.at[n] {
				t.Fatalf("%s: under %v is %v, want %v", name, v, got, s.at[n])
			}
		}
	}
	for _, at := range [][256]float32{{}, {1: 0.5, 2: 0.4}, {0: 0.1, 1: 0.2}} {
		if _, err := NewSteps(&at); err == nil {
			t.Errorf("%v: no error", at[:4])
		}
	}
}

// TestDimmedInSteps: what is dimmed in steps of a byte is at most that part of
// the light, no redder by R − G − B, and no saturated red that was none.
func TestDimmedInSteps(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.SampledFrom([]string{"even", "gamma 2.2"}).Draw(rt, "curve")
		d := &Dim{Steps: curves[name], ByRed: NewByRed(0.8, false)}
		under := d.Steps.Under
		var c [3]float32
		for i := range c {
			c[i] = d.Steps.at[rapid.IntRange(0, 255).Draw(rt, "byte")]
		}
		if rapid.Bool().Draw(rt, "red") {
			c[1], c[2] = under(c[1]/5), under(c[2]/9)
		}
		k := rapid.Float32Range(0, 0.9999).Draw(rt, "gain")
		x, y, z := d.less(c[0], c[1], c[2], k)
		for i, v := range []float32{x, y, z} {
			if v > float32(c[i]*k) || v < 0 || under(v) != v {
				rt.Fatalf("%v times %v became %v %v %v", c, k, x, y, z)
			}
		}
		was, is := max(float64(c[0]-c[1]-c[2]), 0), max(float64(x-y-z), 0)
		if is > was*float64(k)+1e-6 {
			rt.Fatalf("%v times %v became %v %v %v, redder", c, k, x, y, z)
		}
		saturated := func(r, g, b float32) bool { return r > 0 && r >= float32(0.8*((r+g)+b))*Near }
		if saturated(x, y, z) && !saturated(c[0], c[1], c[2]) {
			rt.Fatalf("%v times %v became %v %v %v, a saturated red", c, k, x, y, z)
		}
		// Greys stay grey.
		if x, y, z := d.less(c[0], c[0], c[0], k); x != y || y != z || name == "even" && math.Abs(float64(x-c[0]*k)) > 1.0/255+1e-6 {
			rt.Fatalf("grey %v times %v became %v %v %v", c[0], k, x, y, z)
		}
	})
}

// TestDim: every set dims alike, in steps, too.
func TestDim(t *testing.T) {
	for _, set := range Sets() {
		redder := 0
		for seed := range uint64(2000) {
			s := source{rand.New(rand.NewPCG(seed, 3))}
			do, want := set.Dim, plain.Dim
			steps := s.IntN(4)
			if steps > 0 {
				do, want = set.DimSteps, plain.DimSteps
			}
			var of [2]Dim
			gains := new([Size]float32)
			for i := range gains {
				if gains[i] = 1; s.is(0.4) {
					gains[i] = s.Float32()
				}
			}
			n := s.lights()
			for k := range of {
				of[k] = Dim{R: new([Size]float32), G: new([Size]float32), B: new([Size]float32), Gains: gains, One: Of(1), Count: 5, N: n}
				of[k].Steps, of[k].ByRed = evenSteps, NewByRed(0.8, steps == 3)
				if steps == 2 && seed%8 == 0 {
					of[k].Steps = curves["gamma 2.2"]
				}
			}
			red := s.is(0.5)
			for i := range Size {
				c := [3]float32{s.Float32(), s.Float32(), s.Float32()}
				if red {
					c[1], c[2] = c[0]*0.3*s.Float32(), 0
				}
				for k := range c {
					if steps > 0 && !s.is(0.1) {
						c[k] = of[0].Steps.Under(c[k])
					}
					if s.is(0.05) {
						c[k] = float32(s.IntN(2))
					}
				}
				for k := range of {
					of[k].R[i], of[k].G[i], of[k].B[i] = c[0], c[1], c[2]
				}
				if x, y, z := of[0].less(c[0], c[1], c[2], 0.7); steps > 0 && x < of[0].Steps.Under(c[0]*0.7) && y+z >= 0 {
					redder++
				}
			}
			do(&of[0])
			want(&of[1])
			if wordsOf(of[0].R) != wordsOf(of[1].R) || wordsOf(of[0].G) != wordsOf(of[1].G) || wordsOf(of[0].B) != wordsOf(of[1].B) || of[0].Count != of[1].Count || of[0].Least != of[1].Least {
				for i := range Size {
					if of[0].R[i] != of[1].R[i] || of[0].G[i] != of[1].G[i] || of[0].B[i] != of[1].B[i] {
						t.Errorf("%s: light %d, gain %v: %v %v %v, want %v %v %v", set.Name, i, gains[i], of[0].R[i], of[0].G[i], of[0].B[i], of[1].R[i], of[1].G[i], of[1].B[i])
					}
				}
				t.Fatalf("%s, seed %d: other light: %d, want %d", set.Name, seed, of[0].Count, of[1].Count)
			}
		}
		if redder < 1000 {
			t.Errorf("%s: only %d lights would have become redder", set.Name, redder)
		}
	}
}

// TestMix: every set works out mixed lights alike.
func TestMix(t *testing.T) {
	for _, set := range Sets() {
		for seed := range uint64(300) {
			s := source{rand.New(rand.NewPCG(seed, 9))}
			var of [2]Mix
			run, n := 1+s.IntN(5), s.lights()
			one := Mix{Run: run, N: n, White: s.Uint32N(2), Count: Of(float32(run)), Full: [4]Wide{Of(460), Of(800), Of(220), Of(900)}}
			for _, c := range []*[]float32{&one.R, &one.G, &one.B} {
				for range n * run {
					*c = append(*c, s.Float32())
				}
			}
			for k := range of {
				of[k] = one
				for i := range of[k].Mixed {
					of[k].Mixed[i] = new([Size]float32)
				}
			}
			set.Mix(&of[0])
			plain.Mix(&of[1])
			for i := range one.Mixed {
				if *of[0].Mixed[i] != *of[1].Mixed[i] {
					t.Fatalf("%s, seed %d, run of %d, white %d: %v, want %v", set.Name, seed, run, one.White, *of[0].Mixed[i], *of[1].Mixed[i])
				}
			}
		}
	}
}
