package life

import (
	"math"
	"testing"
)

func swarm(seed uint64) *fireflies {
	n := 12000
	return newFireflies(Config{Seed: seed, X: make([]float32, n), Y: make([]float32, n), Z: make([]float32, n)})
}

// TestFirefliesFallIntoStep: below the critical coupling the swarm's order
// stays near that of chance (about 1/√N), in tune it comes near one.
func TestFirefliesFallIntoStep(t *testing.T) {
	for _, c := range []struct {
		name     string
		in       Influence
		min, max float32
	}{
		{"nobody", Influence{}, 0, 0.2},
		{"below critical", Influence{Coherence: 0.1}, 0, 0.35},
		{"in tune", Influence{Coherence: 1}, 0.9, 1},
		{"in tune and split", Influence{Coherence: 1, Fragmentation: 0.95}, 0, 0.35},
	} {
		f := swarm(7)
		c.in.Seconds = 1.0 / 60
		for range 60 * 120 {
			f.Step(c.in)
		}
		if f.order < c.min || f.order > c.max {
			t.Errorf("%s: order %.3f after two minutes, want %v…%v", c.name, f.order, c.min, c.max)
		}
	}
}

// TestFlashRate counts the flashes of each firefly alone: 5.5 to 7 s apart.
func TestFlashRate(t *testing.T) {
	f := swarm(3)
	was := make([]float32, len(f.pixel))
	count := make([]int, len(f.pixel))
	const seconds = 300
	for range 60 * seconds {
		f.Step(Influence{Seconds: 1.0 / 60})
		for i, p := range f.pixel {
			x := f.state[0][p]
			if was[i] < 0.5 && x >= 0.5 {
				count[i]++
			}
			was[i] = x
		}
	}
	for i, n := range count {
		if period := seconds / float64(n); period < 5.3 || period > 7.2 {
			t.Fatalf("firefly %d flashed %d times in %d s", i, n, seconds)
		}
	}
}

func TestFirefliesAreSeeded(t *testing.T) {
	a, b, c := swarm(1), swarm(1), swarm(2)
	in := Influence{Seconds: 1.0 / 60, Coherence: 0.5}
	for range 600 {
		a.Step(in)
		b.Step(in)
		c.Step(in)
	}
	same, other := true, false
	for i := range a.state[0] {
		x, y, z := a.state[0][i], b.state[0][i], c.state[0][i]
		same = same && math.Float32bits(x) == math.Float32bits(y)
		other = other || x != z
		if !(x >= 0 && x <= 1) {
			t.Fatalf("pixel %d: flash %v", i, x)
		}
	}
	if !same || !other {
		t.Errorf("same seed same light: %v; other seed other light: %v", same, other)
	}
	if n := testing.AllocsPerRun(10, func() { a.Step(in) }); n != 0 {
		t.Errorf("Step allocates %v times", n)
	}
}

func BenchmarkLife(b *testing.B) {
	b.Run("fireflies", func(b *testing.B) {
		f := swarm(1)
		b.ReportAllocs()
		for b.Loop() {
			f.Step(Influence{Seconds: 1.0 / 60, Coherence: 0.5})
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(f.state[0])), "ns/pixel")
	})
}
