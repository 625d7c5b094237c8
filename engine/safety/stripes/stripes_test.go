package stripes

import (
	"math"
	"testing"
	"time"

	"noctiluca/engine/safety/flash"
)

// wall is a scene made for these tests: 80 × 80 lights that fill 40° by 40°
// as seen from straight in front, of a screen's white of 200 cd/m².
func wall() *flash.Scene {
	const n = 80
	side := 2 * math.Tan(20*math.Pi/180) * 3 / n
	st := flash.Stretch{Count: n * n, Full: [4]float32{0.2126 * 200, 0.7152 * 200, 0.0722 * 200}, Area: side * side}
	for y := range n {
		for x := range n {
			st.X = append(st.X, float32((float64(x)-float64(n-1)/2)*side))
			st.Y = append(st.Y, float32((float64(y)-float64(n-1)/2)*side))
			st.Z = append(st.Z, 0)
		}
	}
	return &flash.Scene{Stretches: []flash.Stretch{st}, Places: []flash.Place{{Name: "front", At: [3]float32{0, 0, 3}, Near: 0.5}}}
}

// TestClauses holds the analyser to the rule, at, under and over each of its
// thresholds, by clause. x and y are 0…1 over the wall; u goes across stripes.
func TestClauses(t *testing.T) {
	const nit = 1.0 / 200
	a := New(wall(), Room())
	// Stripes over the wall's middle: so many pairs, in a square of so much of
	// its side, turned, on black.
	stripes := func(pairs int, wide, tall, turn, dark, light float64) func(x, y float64) float64 {
		sin, cos := math.Sincos(turn * math.Pi / 180)
		return func(x, y float64) float64 {
			x, y = x-0.5, y-0.5
			u, v := x*cos+y*sin, y*cos-x*sin
			if math.Abs(u) >= wide/2 || math.Abs(v) >= tall/2 {
				return dark
			}
			if math.Mod((u/wide+0.5)*float64(pairs), 1) < 0.5 {
				return light
			}
			return dark
		}
	}
	for _, c := range []struct {
		clause  string
		light   func(x, y float64) float64
		harmful bool
	}{
		{"BT.1702-3: more than five light-dark pairs: six", stripes(6, 1, 1, 0, 0, 1), true},
		{"BT.1702-3: five are not more than five", stripes(5, 1, 1, 0, 0, 1), false},
		{"BT.1702-3: seven", stripes(7, 1, 1, 0, 0, 1), true},
		{"BT.1702-3: twenty, each of 1°", stripes(20, 1, 1, 0, 0, 1), true},
		{"BT.1702-3: in any orientation: level", stripes(8, 1, 1, 90, 0, 1), true},
		{"BT.1702-3: in any orientation: 45°", stripes(8, 1, 1, 45, 0, 1), true},
		{"BT.1702-3: in any orientation: 62.5°, between two that are tried", stripes(8, 1, 1, 62.5, 0, 1), true},
		{"IRIS: over a quarter of the view: half of the height", stripes(12, 1, 0.6, 0, 0, 1), true},
		{"IRIS: under a quarter of it: a band of 4°", stripes(12, 1, 0.1, 0, 0, 1), false},
		{"contrast as of a flash: 20 cd/m²", stripes(8, 1, 1, 0, 10*nit, 30.1*nit), true},
		{"contrast as of a flash: 19 cd/m²", stripes(8, 1, 1, 0, 10*nit, 29*nit), false},
		{"contrast as of a flash: from 165 cd/m² on 1/17 decides, over it", stripes(8, 1, 1, 0, 165*nit, 186.5*nit), true},
		{"contrast as of a flash: from 165 cd/m² on 1/17 decides, under it", stripes(8, 1, 1, 0, 165*nit, 184.5*nit), false},
		{"no pattern: even light", func(x, y float64) float64 { return 1 }, false},
		{"no pattern: a slow gradient", func(x, y float64) float64 { return x }, false},
		{"no pattern: one bar", stripes(1, 0.2, 1, 0, 0, 1), false},
		{"no pattern: noise", func(x, y float64) float64 {
			h := uint32(x*80)*2654435761 ^ uint32(y*80)*2246822519
			h ^= h >> 15
			h *= 3266489917
			return float64(h>>8) / (1 << 24)
		}, false},
		{"no pattern: soft clouds", func(x, y float64) float64 {
			return 0.5 + 0.25*math.Sin(5*x+3*y) + 0.2*math.Sin(7*y-2*x)
		}, false},
	} {
		const n = 80
		v := make([]float32, n*n)
		for i := range v {
			v[i] = float32(c.light((float64(i%n)+0.5)/n, (float64(i/n)+0.5)/n))
		}
		rules := Room()
		rules.Long = 0 // how long it stays is the next test's
		p := a.Step(0, v, v, v)
		if got := p.Harmful(rules); got != c.harmful {
			t.Errorf("%s: harmful %v, want %v: %+v", c.clause, got, c.harmful, p)
		}
	}
}

// TestHalfASecond: a pattern that goes before it is half a second old is none
// that harms, and one that comes back begins anew.
func TestHalfASecond(t *testing.T) {
	a := New(wall(), Room())
	const n = 80
	dark, bars := make([]float32, n*n), make([]float32, n*n)
	for i := range bars {
		bars[i] = float32(i % n / 5 % 2)
	}
	for k, c := range []struct {
		light   []float32
		harmful bool
	}{
		{bars, false}, {bars, false}, {dark, false}, {bars, false}, {bars, false}, {bars, true}, {bars, true}, {dark, false},
	} {
		at := time.Duration(k) * time.Second / 4
		p := a.Step(at, c.light, c.light, c.light)
		if p.Harmful(Room()) != c.harmful {
			t.Errorf("at %v: harmful %v: %+v", at, !c.harmful, p)
		}
	}
}

func BenchmarkLook(b *testing.B) {
	a := New(wall(), Room())
	const n = 80
	bars := make([]float32, n*n)
	for i := range bars {
		bars[i] = float32(i % n / 5 % 2)
	}
	for k := range b.N {
		a.Step(time.Duration(k)*time.Second/4, bars, bars, bars)
	}
}
