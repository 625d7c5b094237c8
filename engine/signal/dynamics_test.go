package signal

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

func TestBimodalityCoefficient(t *testing.T) {
	of := func(x []float64) *axis {
		a := &axis{}
		for _, v := range x {
			a.add(v, 1)
		}
		return a
	}
	var ten, poles []float64
	for i := range 10 {
		ten = append(ten, float64(i+1)/10)
	}
	for i := range 100 {
		poles = append(poles, float64(i%2))
	}
	// Pfister et al. 2013 and its corrections for small samples.
	for _, c := range []struct {
		x    []float64
		want float64
	}{{ten, 0.31854}, {poles, 0.95070}} {
		if got := of(c.x).bimodality(); math.Abs(got-c.want) > 5e-6 {
			t.Errorf("the coefficient of %v is %.5f, want %.5f", c.x, got, c.want)
		}
	}
	if got := evenSpread(10); math.Abs(got-0.31854) > 5e-6 {
		t.Errorf("of an even spread of ten it is %.5f", got)
	}
}

func TestMoments(t *testing.T) {
	_, sd, mssd := moments([]float64{5, 6, 4, 7, 5, 5})
	if math.Abs(mssd-3.6) > 1e-12 || math.Abs(sd-math.Sqrt(16.0/3/5)) > 1e-9 {
		t.Errorf("MSSD %v, SD %v; want 3.6 and %v", mssd, sd, math.Sqrt(16.0/3/5))
	}
	// An autoregressive series has its coefficient as inertia.
	r := rand.New(rand.NewPCG(1, 2))
	x := make([]float64, 20000)
	for i := 1; i < len(x); i++ {
		x[i] = 0.7*x[i-1] + r.NormFloat64()
	}
	if inertia, _, _ := moments(x); math.Abs(inertia-0.7) > 0.02 {
		t.Errorf("inertia %v, want 0.7", inertia)
	}
}

// compared gives people their series and compares them.
func compared(series [][]float64) (isc, z float64) {
	var c company
	c.begin(1000)
	for _, x := range series {
		d := dynamics{slot: 1000, n: slots}
		for i, v := range x {
			d.ring[(1000-int64(slots-1-i))%slots] = float32(v)
		}
		c.add(&d)
	}
	return c.synchrony()
}

// The recipe of mv-SUSY (10.3390/e23111385): no synchrony of white noise, of
// a trend, of autocorrelated series or of oscillations, and synchrony where a
// part is common.
func TestSynchronyAgainstChance(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	make1 := func(people int, x func(person, i int) float64) [][]float64 {
		out := make([][]float64, people)
		for p := range out {
			for i := range slots {
				out[p] = append(out[p], x(p, i))
			}
		}
		return out
	}
	noise := func(int, int) float64 { return 0.2 * r.NormFloat64() }
	for _, people := range []int{2, 5, 30} {
		for _, c := range []struct {
			name string
			made func() [][]float64
			want bool
		}{
			{"white noise", func() [][]float64 { return make1(people, noise) }, false},
			{"a trend", func() [][]float64 {
				return make1(people, func(_, i int) float64 { return 0.01*float64(i) + 0.1*r.NormFloat64() })
			}, false},
			{"autocorrelation", func() [][]float64 {
				last := 0.0
				return make1(people, func(_, i int) float64 {
					if i == 0 {
						last = 0
					}
					last = 0.8*last + 0.1*r.NormFloat64()
					return last
				})
			}, false},
			{"oscillations", func() [][]float64 {
				phase := make([]float64, people)
				for i := range phase {
					phase[i] = r.Float64()
				}
				return make1(people, func(p, i int) float64 {
					return math.Sin(2*math.Pi*(float64(i)*(0.08+0.01*phase[p])+phase[p])) + 0.1*r.NormFloat64()
				})
			}, false},
			{"a common part", func() [][]float64 {
				common := make([]float64, slots)
				for i := 1; i < slots; i++ {
					common[i] = 0.7*common[i-1] + 0.2*r.NormFloat64()
				}
				return make1(people, func(_, i int) float64 { return common[i] + 0.1*r.NormFloat64() })
			}, true},
		} {
			found := 0
			const runs = 100
			for range runs {
				if _, z := compared(c.made()); z > 3 {
					found++
				}
			}
			if c.want && found < 90 || !c.want && found > 10 {
				t.Errorf("%d people, %s: synchrony in %d of %d runs", people, c.name, found, runs)
			}
		}
	}
}

// Kuramoto's model with Lorentzian frequencies of half width γ = 1 has Kc = 2
// and r = √(1 − Kc/K). Simulated here, its phases counted by the cells' own sum.
func TestKuramotoOrder(t *testing.T) {
	for _, c := range []struct{ k, want float64 }{{3, 0.577}, {4, 0.707}, {8, 0.866}} {
		if got := coupledOrder(t, c.k); math.Abs(got-c.want) > 0.02 {
			t.Errorf("K = %v: r = %.3f, want %.3f", c.k, got, c.want)
		}
	}
}

// coupledOrder is the order of such a crowd, in the mean of its last half.
func coupledOrder(t *testing.T, k float64) float64 {
	const n = 2000
	var phase, speed [n]float64
	for i := range n {
		speed[i] = math.Tan(math.Pi * ((float64(i)+0.5)/n - 0.5))
		phase[i] = 0.3 * float64(i*7919%n) / n
	}
	sum, count := 0.0, 0.0
	for step := range 1200 {
		s := sums{absent: 1}
		for i := range n {
			s.heart.add(phase[i], 1)
			s.presence++
		}
		x, y := s.heart.cos/n, s.heart.sin/n
		r := float64(s.order(&s.heart, 0.25))
		if math.Abs(r-math.Hypot(x, y)) > 1e-6 {
			t.Fatalf("order %v, want %v", r, math.Hypot(x, y))
		}
		if step > 600 {
			sum += r
			count++
		}
		const dt = 0.02
		for i := range n {
			th := 2 * math.Pi * phase[i]
			d := speed[i] + k*(y*math.Cos(th)-x*math.Sin(th))
			phase[i] += d * dt / (2 * math.Pi)
			phase[i] -= math.Floor(phase[i])
		}
	}
	return sum / count
}

// What the cells tell of people who feel alike and of people who do not.
func TestCellsTellSynchrony(t *testing.T) {
	run := func(alike bool) CellState {
		c := New([]string{"a"}, Options{})
		r := rand.New(rand.NewPCG(9, 9))
		names := []string{"a", "b", "c", "d", "e", "f"}
		for _, n := range names {
			c.Offer(grant(n, 0, 0))
		}
		own := make([]float64, len(names))
		common := 0.0
		for at := time.Duration(0); at < 60*time.Second; at += 100 * time.Millisecond {
			common = 0.95*common + 0.15*r.NormFloat64()
			for i, n := range names {
				own[i] = 0.95*own[i] + 0.15*r.NormFloat64()
				x := own[i]
				if alike {
					x = common + 0.2*own[i]
				}
				c.Offer(read(n, Arousal, min(max(x, -1), 1), at))
			}
			c.Step(at)
		}
		return c.Cell(0)
	}
	with, without := run(true), run(false)
	t.Logf("alike %+v", with)
	t.Logf("apart %+v", without)
	if with.Synchrony < 0.5 || with.SynchronyZ < 3 || without.Synchrony > 0.2 {
		t.Errorf("synchrony %.2f of people alike, %.2f of others", with.Synchrony, without.Synchrony)
	}
	if with.Variability < 0.1 || with.Inertia < 0.3 || with.Instability <= 0 || without.ArousalSpread < 0.1 {
		t.Errorf("dynamics %+v", with)
	}
}

// Russell's eight directions.
func TestCircumplex(t *testing.T) {
	const d = math.Sqrt2 / 2
	for _, c := range []struct {
		name             string
		valence, arousal float32
		want             float64
	}{{"pleasure", 1, 0, 0}, {"excitement", d, d, 45}, {"arousal", 0, 1, 90}, {"distress", -d, d, 135}, {"displeasure", -1, 0, 180}, {"depression", -d, -d, 225}, {"sleepiness", 0, -1, 270}, {"relaxation", d, -d, 315}} {
		if got := (Affect{Valence: c.valence, Arousal: c.arousal}).Angle(); math.Abs(got-c.want) > 1e-4 {
			t.Errorf("%s lies at %v°, want %v°", c.name, got, c.want)
		}
	}
}
