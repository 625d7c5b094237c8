package granger

import (
	"math"
	"math/rand/v2"
	"testing"
)

// coupled makes x = a x₋₁ + e and y = b y₋₁ + c x₋₁ + n, with e and n of
// variance 1.
func coupled(seed uint64, n int, a, b, c float64, take func(y, x float64)) {
	r := rand.New(rand.NewPCG(seed, 11))
	x, y := 0.0, 0.0
	for range n {
		x, y = a*x+r.NormFloat64(), b*y+c*x+r.NormFloat64()
		take(y, x)
	}
}

// theory is F of such a pair. Who sees only y knows x with the error variance
// P of the Kalman filter, P = a² P/(1 + c² P) + 1; its next value of y has then
// the variance 1 + c² P, against 1 for who sees x. Without memory in x, P is 1.
func theory(a, c float64) float64 {
	p := 1.0
	for range 1000 {
		p = a*a*p/(1+c*c*p) + 1
	}
	return math.Log(1 + c*c*p)
}

func TestReferences(t *testing.T) {
	for _, k := range []struct {
		a, b, c float64
		order   int
		want    float64
	}{
		{0, 0, 1, 1, math.Log(2)},      // ½ bit of transfer entropy
		{0, 0, 0.5, 1, math.Log(1.25)}, // ln(1 + c²)
		{0, 0, 2, 4, math.Log(5)},      // and no more with more of the past
		{0.5, 0.7, 0.8, 8, theory(0.5, 0.8)},
		{0.9, 0.3, 0.4, 8, theory(0.9, 0.4)},
		{0.5, 0.7, 0, 4, 0},
	} {
		there, back := New(k.order, 1), New(k.order, 1)
		coupled(1, 400000, k.a, k.b, k.c, func(y, x float64) { there.Add(y, x); back.Add(x, y) })
		got, ok := there.Strength()
		if !ok || math.Abs(got.F-k.want) > 0.006 {
			t.Errorf("a %v, b %v, c %v: F = %.4f, want %.4f", k.a, k.b, k.c, got.F, k.want)
		}
		if math.Abs(got.Bits()-k.want/2/math.Ln2) > 0.005 {
			t.Errorf("a %v, b %v, c %v: %.4f bit, want %.4f", k.a, k.b, k.c, got.Bits(), k.want/2/math.Ln2)
		}
		if (k.c != 0) != got.Sure() {
			t.Errorf("a %v, b %v, c %v: sure is %v", k.a, k.b, k.c, got.Sure())
		}
		if r, ok := back.Strength(); !ok || r.F > 1e-4 || r.Sure() {
			t.Errorf("a %v, b %v, c %v: the other way F = %.5f", k.a, k.b, k.c, r.F)
		}
		t.Logf("a %v, b %v, c %v, order %d: F %.4f (theory %.4f), %.4f bit", k.a, k.b, k.c, k.order, got.F, k.want, got.Bits())
	}
}

// Unrelated series are taken for related once in a thousand times, whether all
// is kept or the past fades.
func TestChance(t *testing.T) {
	for _, keep := range []float64{1, 1 - 1.0/200} {
		false1000, mean, chance := 0, 0.0, 0.0
		const runs = 2000
		for seed := range uint64(runs) {
			s := New(4, keep)
			coupled(seed, 600, 0.6, 0.6, 0, s.Add)
			r, ok := s.Strength()
			if !ok {
				t.Fatal("nothing known after 600 pairs")
			}
			if r.Sure() {
				false1000++
			}
			mean += r.F / runs
			chance += r.Chance() / runs
		}
		t.Logf("keep %.4f: F %.5f in the mean, %.5f by chance; taken for related %d times of %d", keep, mean, chance, false1000, runs)
		if false1000 > 10 || math.Abs(mean/chance-1) > 0.15 {
			t.Errorf("keep %v: F %.5f in the mean, want %.5f; taken for related %d times of %d, want 2", keep, mean, chance, false1000, runs)
		}
	}
}

// What is a copy, what does not move, and what is not there tell nothing.
func TestNothingToTell(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	copied, still, short := New(3, 1), New(3, 1), New(3, 1)
	for i := range 1000 {
		v := r.NormFloat64()
		copied.Add(v, 2*v+1)
		still.Add(0.25, v)
		if i < 20 {
			short.Add(v, r.NormFloat64())
		}
	}
	if s, ok := copied.Strength(); ok && s.F > 1e-5 {
		t.Errorf("a series tells itself: F = %v", s.F)
	}
	if s, ok := still.Strength(); ok {
		t.Errorf("what does not move is foretold: %+v", s)
	}
	if _, ok := short.Strength(); ok {
		t.Error("twenty pairs are enough")
	}
	copied.Reset()
	if copied != New(3, 1) {
		t.Error("something is left after Reset")
	}
}

// A gap is no past: two halves that are joined over one tell what each tells.
func TestGap(t *testing.T) {
	whole, cut := New(2, 1), New(2, 1)
	n := 0
	coupled(9, 100000, 0.5, 0.5, 0.5, func(y, x float64) {
		if n++; n%100 == 0 {
			cut.Gap()
		}
		whole.Add(y, x)
		cut.Add(y, x)
	})
	a, _ := whole.Strength()
	b, _ := cut.Strength()
	if math.Abs(a.F-b.F) > 0.003 || b.N != a.N-2*1000+1 { // the last gap has one pair after it
		t.Errorf("%+v with gaps, %+v without", b, a)
	}
}

func TestAddAllocatesNothing(t *testing.T) {
	s := New(4, 0.999)
	i := 0.0
	if a := testing.AllocsPerRun(1000, func() {
		i++
		s.Add(math.Sin(i), math.Cos(1.7*i))
		s.Strength()
	}); a != 0 {
		t.Errorf("%v allocations", a)
	}
}

func BenchmarkAdd(b *testing.B) {
	s := New(4, 0.999)
	for i := range b.N {
		s.Add(float64(i%7), float64(i%11))
	}
}
