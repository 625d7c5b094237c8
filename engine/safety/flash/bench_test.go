package flash

import (
	"slices"
	"testing"
	"time"

	"noctiluca/engine/crew"
)

// big is 100,000 lights of a bright wall, 3 cm apart, seen from 5 m.
func big() *Scene {
	s := wall(316, 0.03, 5, [4]float32{460, 800, 220})
	s.Surround = Surround{Area: 400, Reflectance: 0.5}
	return s
}

// bench plays a light to a big wall, on one core, and reports what a frame
// costs.
func bench(b *testing.B, light func(t float64, i int) float32) {
	s := big()
	n := s.Stretches[0].Count
	a := New(s, Room(), true, crew.New(1))
	const frames = 240
	source := make([][]float32, frames)
	for k := range source {
		source[k] = make([]float32, n)
		for i := range source[k] {
			source[k][i] = light(float64(k)/60, i)
		}
	}
	r, g, bl := make([]float32, n), make([]float32, n), make([]float32, n)
	b.ReportAllocs()
	b.ResetTimer()
	took := make([]time.Duration, b.N)
	for k := range b.N {
		f := source[k%frames]
		copy(r, f)
		copy(g, f)
		copy(bl, f)
		from := time.Now()
		a.Step(time.Duration(float64(k)/60*float64(time.Second)), r, g, bl)
		took[k] = time.Since(from)
	}
	b.StopTimer()
	sum := time.Duration(0)
	for _, t := range took {
		sum += t
	}
	slices.Sort(took)
	b.ReportMetric(sum.Seconds()*1e6/float64(b.N), "µs/frame")
	b.ReportMetric(took[b.N/2].Seconds()*1e6, "µs/median")
	b.ReportMetric(took[b.N*9/10].Seconds()*1e6, "µs/9th-tenth")
}

func BenchmarkCalm(b *testing.B) {
	bench(b, func(t float64, i int) float32 {
		x, y := float64(i%316)/316, float64(i/316)/316
		v := 0.3 + 0.15*wave(0.25*t+2*x) + 0.1*wave(0.25*t+3*y)
		return float32(v)
	})
}

// BenchmarkOne is the same, with a hundredth of the lights flashing.
func BenchmarkOne(b *testing.B) {
	bench(b, func(t float64, i int) float32 {
		x, y := float64(i%316)/316, float64(i/316)/316
		if x > 0.4 && x < 0.5 && y > 0.4 && y < 0.5 {
			return float32(int(t*20+1e-6) & 1)
		}
		v := 0.3 + 0.15*wave(0.25*t+2*x) + 0.1*wave(0.25*t+3*y)
		return float32(v)
	})
}

// BenchmarkAntiphase has one half on while the other is off.
func BenchmarkAntiphase(b *testing.B) {
	bench(b, func(t float64, i int) float32 {
		n := int(t*20 + 1e-6)
		if i%316 < 158 {
			n++
		}
		return float32(n & 1)
	})
}

func BenchmarkStrobe(b *testing.B) {
	bench(b, func(t float64, i int) float32 { return float32(int(t*20+1e-6) & 1) })
}

func BenchmarkNoise(b *testing.B) {
	bench(b, func(t float64, i int) float32 {
		x := uint32(i)*2654435761 + uint32(t*60+0.5)*40503
		x ^= x >> 15
		x *= 2246822519
		return float32(x>>8) / (1 << 24)
	})
}

// wave is a triangle of period 1, −1…1.
func wave(x float64) float64 {
	x -= float64(int(x))
	if x < 0.5 {
		return 4*x - 1
	}
	return 3 - 4*x
}
