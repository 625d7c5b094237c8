package flash

import (
	"slices"
	"testing"
	"time"

	"noctiluca/engine/crew"
	"noctiluca/engine/safety/flash/lane"
)

// big is 100,000 lights of a bright wall, 3 cm apart, seen from 5 m.
func big() *Scene {
	s := wall(316, 0.03, 5, [4]float32{460, 800, 220})
	s.Surround = Surround{Area: 400, Reflectance: 0.5}
	return s
}

// bench plays a light to a scene, on one core, and reports what a frame costs.
func bench(b *testing.B, s *Scene, light func(t float64, i int) (r, g, b float32)) {
	n := 0
	for i := range s.Stretches {
		n += s.Stretches[i].Count
	}
	a := New(s, Room(), true, crew.New(1))
	const frames = 120
	var source [frames][3][]float32
	for k := range source {
		for c := range source[k] {
			source[k][c] = make([]float32, n)
		}
		for i := range n {
			source[k][0][i], source[k][1][i], source[k][2][i] = light(float64(k)/60, i)
		}
	}
	var in [3][]float32
	for c := range in {
		in[c] = make([]float32, n)
	}
	b.ReportAllocs()
	b.ResetTimer()
	took := make([]time.Duration, b.N)
	for k := range b.N {
		for c := range in {
			copy(in[c], source[k%frames][c])
		}
		from := time.Now()
		a.Step(time.Duration(float64(k)/60*float64(time.Second)), in[0], in[1], in[2])
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

// inGrey is a light without a colour.
func inGrey(v func(t float64, i int) float32) func(t float64, i int) (r, g, b float32) {
	return func(t float64, i int) (r, g, b float32) {
		k := v(t, i)
		return k, k, k
	}
}

func waves(t float64, i int) float32 {
	x, y := float64(i%316)/316, float64(i/316)/316
	return float32(0.3 + 0.15*wave(0.25*t+2*x) + 0.1*wave(0.25*t+3*y))
}

func on(t float64, more int) float32 { return float32((int(t*20+1e-6) + more) & 1) }

func noise(t float64, i int) float32 {
	x := uint32(i)*2654435761 + uint32(t*60+0.5)*40503
	x ^= x >> 15
	x *= 2246822519
	return float32(x>>8) / (1 << 24)
}

// inRed is a saturated red: every light's luminance and redness are followed.
func inRed(v func(t float64, i int) float32) func(t float64, i int) (r, g, b float32) {
	return func(t float64, i int) (r, g, b float32) {
		k := v(t, i)
		return k, 0.05 * k, 0
	}
}

func BenchmarkCalm(b *testing.B) { bench(b, big(), inGrey(waves)) }

// BenchmarkOne is the same, with a hundredth of the lights flashing.
func BenchmarkOne(b *testing.B) {
	bench(b, big(), inGrey(func(t float64, i int) float32 {
		x, y := float64(i%316)/316, float64(i/316)/316
		if x > 0.4 && x < 0.5 && y > 0.4 && y < 0.5 {
			return on(t, 0)
		}
		return waves(t, i)
	}))
}

func BenchmarkStrobe(b *testing.B) {
	bench(b, big(), inGrey(func(t float64, _ int) float32 { return on(t, 0) }))
}

// BenchmarkAntiphase has one half on while the other is off.
func BenchmarkAntiphase(b *testing.B) {
	bench(b, big(), inGrey(func(t float64, i int) float32 { return on(t, i%316/158) }))
}

// BenchmarkNoise has every light flash by itself.
func BenchmarkNoise(b *testing.B) { bench(b, big(), inGrey(noise)) }

func BenchmarkRedCalm(b *testing.B) { bench(b, big(), inRed(waves)) }
func BenchmarkRedStrobe(b *testing.B) {
	bench(b, big(), inRed(func(t float64, _ int) float32 { return on(t, 0) }))
}
func BenchmarkRedNoise(b *testing.B) { bench(b, big(), inRed(noise)) }

// BenchmarkBytes has noise in lights that are told in bytes.
func BenchmarkBytes(b *testing.B) {
	s := big()
	s.Stretches[0].Steps = byteSteps(b)
	bench(b, s, inGrey(func(t float64, i int) float32 { return inBytes(noise(t, i)) }))
}

// BenchmarkColours has noise in lights that are told in bytes, each component
// by itself.
func BenchmarkColours(b *testing.B) {
	s := big()
	s.Stretches[0].Steps = byteSteps(b)
	bench(b, s, func(t float64, i int) (float32, float32, float32) {
		return inBytes(noise(t, i)), inBytes(noise(t, i+1e6)), inBytes(noise(t, i+2e6))
	})
}

// byteSteps are the light that can be sent in bytes.
func byteSteps(b *testing.B) *lane.Steps {
	var at [256]float32
	for n := range at {
		at[n] = float32(n) / 255
	}
	s, err := lane.NewSteps(&at)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// inBytes is the most light in 255 steps that is no more than v.
func inBytes(v float32) float32 {
	n := int(v*255 + 0.5)
	if float32(n)/255 > v {
		n--
	}
	return float32(n) / 255
}

// BenchmarkPairs has noise in lights of two pixels.
func BenchmarkPairs(b *testing.B) {
	s := big()
	s.Stretches[0].Run = 2
	bench(b, s, inGrey(func(t float64, i int) float32 { return noise(t, i/2) }))
}

// BenchmarkWhite has noise in lights with a white emitter.
func BenchmarkWhite(b *testing.B) {
	s := big()
	s.Stretches[0].White, s.Stretches[0].Full[3] = true, 1000
	bench(b, s, inGrey(noise))
}

// BenchmarkPlaces has noise seen from three places.
func BenchmarkPlaces(b *testing.B) {
	s := big()
	s.Places = append(s.Places, Place{Name: "left", At: [3]float32{-4, 0, 4}, Near: 0.5}, Place{Name: "right", At: [3]float32{3, 1, 7}, Near: 0.5})
	bench(b, s, inGrey(noise))
}

// BenchmarkShuffled has noise in lights whose order is not where they are.
func BenchmarkShuffled(b *testing.B) {
	s := big()
	st := &s.Stretches[0]
	for i := range st.Count {
		k := int(uint32(i) * 2654435761 % uint32(st.Count))
		st.X[i], st.X[k] = st.X[k], st.X[i]
		st.Y[i], st.Y[k] = st.Y[k], st.Y[i]
	}
	bench(b, s, inGrey(noise))
}

// BenchmarkStrips has noise in 666 strips of 150 lights.
func BenchmarkStrips(b *testing.B) {
	s := big()
	all := s.Stretches[0]
	s.Stretches = nil
	for at := 0; at < all.Count; at += 150 {
		st := all
		st.First, st.Count = at, min(150, all.Count-at)
		st.X, st.Y, st.Z = all.X[at:], all.Y[at:], all.Z[at:]
		s.Stretches = append(s.Stretches, st)
	}
	bench(b, s, inGrey(noise))
}

// wave is a triangle of period 1, −1…1.
func wave(x float64) float64 {
	x -= float64(int(x))
	if x < 0.5 {
		return 4*x - 1
	}
	return 3 - 4*x
}
