package safety

import (
	"math"
	"testing"
	"time"

	"noctiluca/engine/light"
	"noctiluca/installations"

	"pgregory.net/rapid"
)

// TestGridSaysWhatBytesSay: the light that a grid makes is sent as the same
// bytes as the light it was made of, is what those bytes mean, and rounding
// down gives the most that is no more.
func TestGridSaysWhatBytesSay(t *testing.T) {
	for _, o := range []installations.Output{{}, {Gamma: 1}, {Gamma: 2.2}, {Gamma: 4}, {Lightness: true}} {
		inst := wall(3, []installations.LED{plain}, []int{-1})
		inst.Outputs[0].Dither, inst.Outputs[0].Gamma, inst.Outputs[0].Lightness = false, o.Gamma, o.Lightness
		g, err := newGrid(inst, 0)
		if err != nil || g == nil {
			t.Fatal(g, err)
		}
		e, err := light.NewEncoder(&inst.Outputs[0], nil)
		if err != nil {
			t.Fatal(err)
		}
		if o.Gamma <= 1 && !o.Lightness {
			for n, v := range g.at {
				if v != float32(float64(n)/255) {
					t.Errorf("byte %d means %v, want %v", n, v, float64(n)/255)
				}
			}
		}
		rapid.Check(t, func(rt *rapid.T) {
			v := fill(3, 0)
			on := fill(3, 0)
			for i := range v {
				v[i] = rapid.Float32Range(0, 1).Draw(rt, "light")
				on[i] = g.nearest(v[i])
				n := g.curve.Byte(on[i])
				if g.at[n] != on[i] || g.under(on[i]) != on[i] {
					rt.Fatalf("%v is rounded to %v, which is no byte's", v[i], on[i])
				}
				u := g.under(v[i])
				if k := g.curve.Byte(u); u > v[i] || g.at[k] != u || k < 255 && g.at[k+1] <= v[i] {
					rt.Fatalf("%v is rounded down to %v", v[i], u)
				}
			}
			var raw, rounded [9]byte
			e.Encode(raw[:], v, v, v, 0)
			e.Encode(rounded[:], on, on, on, 0)
			if raw != rounded {
				rt.Fatalf("%v is sent as %v, and rounded as %v", v, raw, rounded)
			}
		})
	}
}

// TestFineLightIsNotRounded: of outputs that tell light more finely than a
// byte, or lights whose components are not bytes by themselves.
func TestFineLightIsNotRounded(t *testing.T) {
	for name, change := range map[string]func(*installations.Installation){
		"dither":  func(i *installations.Installation) { i.Outputs[0].Dither = true },
		"16 bits": func(i *installations.Installation) { i.Outputs[0].Runs[0].Wide = true; i.Outputs[0].Bytes *= 2 },
		"white":   func(i *installations.Installation) { i.Fixtures[0].LED.White = true },
		"two curves": func(i *installations.Installation) {
			i.Outputs = append(i.Outputs, i.Outputs[0])
			i.Outputs[1].Gamma = 2
		},
		"sent nowhere": func(i *installations.Installation) { i.Outputs = nil },
		"numbers":      func(i *installations.Installation) { i.Outputs[0].Protocol = "osc" },
	} {
		inst := wall(3, []installations.LED{plain}, []int{-1})
		inst.Outputs[0].Dither = false
		change(inst)
		if g, err := newGrid(inst, 0); g != nil || err != nil {
			t.Errorf("%s: %v, %v", name, g, err)
		}
	}
}

// TestBytesAreWithinEveryLimit: with bytes alone, what a supply gives is at or
// under its limit, and what is handed on is what the bytes say.
func TestBytesAreWithinEveryLimit(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		const count = 40
		limit := rapid.Float64Range(0.3, 12).Draw(rt, "limit")
		inst := wall(count, []installations.LED{plain}, []int{0}, limit)
		inst.Outputs[0].Dither = false
		s := stage(t, inst, 1)
		r, g, b := fill(count, 0), fill(count, 0), fill(count, 0)
		for i := range count {
			r[i] = rapid.Float32Range(0, 1).Draw(rt, "r")
			g[i] = rapid.Float32Range(0, 1).Draw(rt, "g")
			b[i] = rapid.Float32Range(0, 1).Draw(rt, "b")
		}
		s.Dim(rapid.SampledFrom([]float32{1, 0.7}).Draw(rt, "dim"))
		f := s.Make(0, 0, r, g, b, false)
		defer f.Release()
		x, y, z := f.RGB()
		watts := plain.Volts * plain.Idle / 1000 * count
		for i := range count {
			watts += draw(plain, x[i], y[i], z[i])
			for k, v := range []float32{x[i], y[i], z[i]} {
				if w := f.Output(0)[3*i+k]; math.Abs(float64(v)-float64(w)/255) > 1e-7 {
					rt.Fatalf("pixel %d: light %v, byte %d", i, v, w)
				}
			}
		}
		if watts > max(limit, plain.Volts*plain.Idle/1000*count)+1e-9 {
			rt.Fatalf("%v W, limit %v W", watts, limit)
		}
	})
}

// BenchmarkStage makes frames of 100,000 pixels that breathe, dithered, and
// told by bytes alone.
func BenchmarkStage(b *testing.B) {
	for _, dither := range []bool{true, false} {
		b.Run(map[bool]string{true: "dither", false: "bytes"}[dither], func(b *testing.B) {
			inst := wall(100000, []installations.LED{plain}, []int{-1})
			inst.Outputs[0].Dither = dither
			for i := range inst.Pixels.X {
				inst.Pixels.X[i], inst.Pixels.Y[i] = float32(i%400)*0.01, float32(i/400)*0.01
			}
			s := stage(b, inst, 1)
			v := fill(100000, 0)
			for k := range b.N {
				for i := 0; i < len(v); i += 7 {
					v[i] = 0.5 + float32(k%100)*0.001
				}
				s.Make(uint64(k), time.Duration(k)*time.Second/60, v, v, v, false).Release()
			}
		})
	}
}
