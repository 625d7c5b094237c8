package guard

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"noctiluca/engine/signal/audit"
)

// outcome is what became of a simulated room.
type outcome struct {
	guard   *Guard
	most    float64 // largest arousal of the last quarter of the time
	log     []audit.Entry
	lowered bool
	covered bool // the interval at the end covers the truth
	known   bool
	wide    float64
}

// room plays a crowd whose gain is known under a light that follows it, for a
// while. Their own moods wander with a standard deviation of 0.1 and a time
// constant of 5 s. The people saturate, as people do.
func room(seed uint64, people People, o Options, guarded bool, length time.Duration) outcome {
	log := audit.New(1000)
	o.Log, o.Seed = log, seed
	g := New(o)
	r := rand.New(rand.NewPCG(seed, 77))
	own, felt, followed := 0.0, 0.0, 0.0
	var out outcome
	const dt = 50 * time.Millisecond
	for now := time.Duration(0); now < length; now += dt {
		own += (0 - own) * 0.05 / 5
		own += 0.1 * math.Sqrt(2*0.05/5) * r.NormFloat64()
		felt = min(max(own+people.Step(followed), -1), 1)
		reactivity, dither := 1.0, 0.0
		if guarded {
			reactivity, dither = g.Reactivity(), g.Dither()
		}
		followed = reactivity*felt + dither
		if guarded {
			g.Step(now, felt, followed, 1)
		}
		if now > length*3/4 {
			out.most = max(out.most, math.Abs(felt))
		}
	}
	out.guard = g
	out.log = log.Since(0, nil)
	for _, e := range out.log {
		out.lowered = out.lowered || e.What == audit.Lowered
	}
	_, low, high, ok := g.Gain()
	truth := people.Gain * (1 - people.Habituation)
	out.known, out.covered, out.wide = ok, ok && low <= truth && truth <= high, high-low
	return out
}

// At true gains of 0.3, 0.6, 0.9 and 1.3, with and without delay: the room
// stays bounded, the loop ends under its limit, and the interval covers the
// truth in at least 90 of 100 runs of an hour.
func TestLoopGains(t *testing.T) {
	for _, gain := range []float64{0.3, 0.6, 0.9, 1.3} {
		for _, delay := range []float64{0, 3} {
			covered, known, over, worst, loop, wide := 0, 0, 0, 0.0, 0.0, 0.0
			const runs = 100
			for seed := range uint64(runs) {
				o := room(seed, People{Gain: gain, Delay: delay}, Options{Dither: 0.1}, true, time.Hour)
				worst = max(worst, o.most)
				loop += gain * o.guard.Reactivity() / runs
				if o.known {
					known++
					wide += o.wide
				}
				if o.covered {
					covered++
				}
				if gain*o.guard.Reactivity() > 0.55 {
					over++
				}
			}
			t.Logf("gain %.1f, delay %.0f s: interval known in %d, covers the truth in %d of %d, mean width %.2f; mean loop gain at the end %.2f, over 0.55 in %d; arousal at most %.2f",
				gain, delay, known, covered, runs, wide/float64(max(known, 1)), loop, over, worst)
			if covered < 90 {
				t.Errorf("gain %.1f, delay %.0f s: the interval covers the truth in %d of %d runs, want 90", gain, delay, covered, runs)
			}
			if over > runs/20 {
				t.Errorf("gain %.1f, delay %.0f s: the loop gain stays over 0.55 in %d of %d runs", gain, delay, over, runs)
			}
			if worst > 0.95 {
				t.Errorf("gain %.1f, delay %.0f s: in the last minutes arousal reaches %.2f", gain, delay, worst)
			}
		}
	}
}

// Without the guard the strongest of them runs to the end of its range: what
// is guarded against is there.
func TestWithoutTheGuardItRunsAway(t *testing.T) {
	o := room(1, People{Gain: 1.3}, Options{}, false, 10*time.Minute)
	if o.most < 0.99 {
		t.Errorf("arousal reaches only %.2f", o.most)
	}
}

// A delay and habituation make a loop that swings: it is found as such.
func TestLimitCycle(t *testing.T) {
	people := People{Gain: 2, Delay: 6, Lag: 1.5, Habituation: 1, Habit: 5}
	wild := room(1, people, Options{}, false, 5*time.Minute)
	if wild.most < 0.8 {
		t.Fatalf("unguarded it swings by %.2f only", wild.most)
	}
	found := 0
	for seed := range uint64(20) {
		o := room(seed, people, Options{Dither: 0.1}, true, 20*time.Minute)
		for _, e := range o.log {
			if strings.Contains(e.String(), "swings") {
				found++
				break
			}
		}
		if o.most > 0.8 {
			t.Errorf("seed %d: it still swings by %.2f with the reactivity %.2f", seed, o.most, o.guard.Reactivity())
		}
	}
	t.Logf("the swing was named in %d of 20 runs", found)
	if found < 18 {
		t.Errorf("the swing was named in %d of 20 runs", found)
	}
}

// A room that does not answer the light is left alone, whatever its mood.
func TestOpenLoop(t *testing.T) {
	alarms, lowered := 0, 0
	for seed := range uint64(50) {
		o := room(seed, People{}, Options{Dither: 0.1}, true, time.Hour)
		for _, e := range o.log {
			if e.What == audit.Warned || e.What == audit.Lowered {
				alarms++
				t.Logf("seed %d: %v", seed, e)
			}
		}
		if o.lowered {
			lowered++
		}
	}
	if alarms > 0 {
		t.Errorf("%d false alarms in 50 hours", alarms)
	}
}

// The reactivity never rises by itself, whatever it is told.
func TestItOnlyLowers(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	g := New(Options{Dither: 0.1, Assumed: 1})
	if g.Reactivity() != 0.5 {
		t.Errorf("with a gain of 1 taken for granted the reactivity is %v, want 0.5", g.Reactivity())
	}
	last := g.Reactivity()
	x := 0.0
	for now := time.Duration(0); now < 2*time.Hour; now += 100 * time.Millisecond {
		x = min(max(0.99*x+0.2*r.NormFloat64(), -1), 1)
		known := 1.0
		if r.IntN(2000) == 0 {
			g.Forget()
		}
		if now%(20*time.Minute) < time.Minute {
			known = 0
		}
		g.Step(now, x, g.Reactivity()*x+g.Dither(), known)
		if g.Reactivity() > last {
			t.Fatalf("at %v the reactivity rose from %v to %v", now, last, g.Reactivity())
		}
		if last-g.Reactivity() > 0.04 {
			t.Fatalf("at %v it fell from %v to %v in a tick", now, last, g.Reactivity())
		}
		last = g.Reactivity()
	}
	g.Reset()
	if g.reactivity < last {
		t.Error("a technician could not give it back")
	}
}

// A critical room has the autocorrelation that theory gives: for people of a
// time constant of 5 s at 10 Hz, the pole 1 − (1 − φ)(1 − L).
func TestSlowingAgainstTheory(t *testing.T) {
	for _, c := range []struct{ loop, want float64 }{{0, 0.9802}, {0.6, 0.9921}, {0.9, 0.9980}} {
		phi := math.Exp(-0.1 / 5)
		pole := 1 - (1-phi)*(1-c.loop)
		if math.Abs(pole-c.want) > 5e-5 {
			t.Errorf("pole %.4f, want %.4f", pole, c.want)
		}
		r := rand.New(rand.NewPCG(7, 8))
		x := 0.0
		series := make([]float64, 200000)
		for i := range series {
			x = pole*x + 0.02*r.NormFloat64()
			series[i] = x
		}
		got, ok := lagOne(series)
		if !ok || math.Abs(got-c.want) > 0.0015 {
			t.Errorf("loop %.1f: correlation %.4f of a long series, want %.4f", c.loop, got, c.want)
		}
		// What five minutes show, a value a second.
		sum, n := 0.0, 0.0
		var s slowing
		for i, v := range series {
			if i%10 == 0 {
				s.add(v)
			}
			if i%3000 == 2999 {
				lag, _ := s.lag()
				sum += lag
				n++
			}
		}
		t.Logf("loop %.1f: long %.4f, five minutes a value a second %.3f", c.loop, got, sum/n)
	}
}

func TestTransform(t *testing.T) {
	var re, im [256]float64
	for i := range re {
		re[i] = math.Cos(2*math.Pi*7*float64(i)/256) + 0.5
	}
	transform(re[:], im[:])
	for k := range re {
		want := 0.0
		switch k {
		case 0, 7, 249:
			want = 128
		}
		if math.Abs(re[k]-want) > 1e-9 || math.Abs(im[k]) > 1e-9 {
			t.Fatalf("bin %d is %v, %v", k, re[k], im[k])
		}
	}
}

func TestStepsAllocateNothing(t *testing.T) {
	g := New(Options{Dither: 0.1, Log: audit.New(10)})
	n := 0
	if a := testing.AllocsPerRun(20000, func() {
		n++
		g.Step(time.Duration(n)*100*time.Millisecond, math.Sin(float64(n)/40), 0.5, 1)
	}); a != 0 {
		t.Errorf("a step allocates %v times", a)
	}
}

func ExampleGuard() {
	o := room(3, People{Gain: 0.9, Delay: 1}, Options{Dither: 0.1}, true, 20*time.Minute)
	for _, e := range o.log {
		if e.What == audit.Lowered {
			fmt.Println(strings.SplitN(e.String(), ":", 3)[0])
			break
		}
	}
	// Output: guard
}
