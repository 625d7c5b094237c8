package life

// Results of those that flash: fireflies and plankton.

import (
	"fmt"
	"math"
	"slices"
)

// kuramotoResults: oscillators with Lorentzian natural frequencies of
// half-width 1, N = 4000; r must be √(1 − 2/K).
func kuramotoResults() []result {
	const n, seconds, dt = 4000, 30, 1.0 / 30
	var out []result
	for _, k := range []float32{1, 3, 4, 8} {
		var m kuramoto
		rng := newRandom(11, 1)
		for i := range n {
			// Quantiles of the distribution, so that the sample is an even one.
			m.rate = append(m.rate, float32(math.Tan(math.Pi*((float64(i)+0.5)/n-0.5))/tau))
			m.phase = append(m.phase, rng.unit())
		}
		m.prepare()
		mean, count := 0.0, 0
		for s := range int(seconds / dt) {
			m.step(k, dt)
			if s > int(seconds/dt)/2 {
				mean += float64(m.order)
				count++
			}
		}
		mean /= float64(count)
		// N oscillators are chance's play of 1/√N = 0.016 about the law of infinitely many.
		want, law := math.Sqrt(max(1-2/float64(k), 0)), "√(1 − 2/K)"
		if k < 2 {
			// Under Kc what is left is chance alone: √(π/4N)/√(1 − K/Kc) (Daido 1990).
			want, law = chance(n, float64(k)/2), "√(π/4N)/√(1 − K/2)"
		}
		out = append(out, result{"Kuramoto, Lorentzian, γ = 1, N = 4000", fmt.Sprintf("K = %g: r = %s = %.3f", k, law, want), fmt.Sprintf("r = %.3f", mean), math.Abs(mean-want) < 1/math.Sqrt(n)})
	}
	// The shipped swarm: rates spread evenly over ±δ, Kc = 4δ/π. Over it, while
	// δ < Kr, all are locked: r = (√(1 − q²) + asin(q)/q)/2 with q = δ/Kr
	// (Pazó, Phys. Rev. E 72, 046211 (2005)).
	const swarm = 2000
	l, _ := New("fireflies", Config{Seed: 3, X: make([]float32, swarm), Y: make([]float32, swarm), Z: make([]float32, swarm), Settings: map[string]float64{"spacing": 1}})
	f := l.(*fireflies)
	order := func(coherence, fragmentation float32) float64 {
		in := &Influence{Seconds: 1.0 / 20, Coherence: coherence, Fragmentation: fragmentation}
		mean := 0.0
		for s := range 20 * 120 {
			f.Step(in)
			if s >= 20*80 {
				mean += float64(f.order) / (20 * 40)
			}
		}
		return mean
	}
	delta := math.Pi * (1/5.5 - 1.0/7)
	kc := 4 * delta / math.Pi
	locked := 1.0
	for range 50 {
		q := delta / (0.4 * locked)
		locked = (math.Sqrt(1-q*q) + math.Asin(q)/q) / 2
	}
	below, above, split := order(0.1, 0), order(0.5, 0), order(1, 0.95)
	// The modulus of chance is Rayleigh's, over which three times the mean comes
	// once in a thousand. A split crowd's coupling is 0.8 × 0.05.
	most, apart := 3*chance(swarm, 0.08/kc), 3*chance(swarm, 0.04/kc)
	return append(out,
		result{"fireflies, natural periods 5.5 to 7 s, K ∝ coherence", fmt.Sprintf("Kc = 4δ/π = %.3f rad/s. Coherence 0.1, K = 0.08: chance, r < %.3f; coherence 0.5, K = 0.4: all locked, r = %.3f", kc, most, locked), fmt.Sprintf("r = %.3f and %.3f", below, above), below < most && math.Abs(above-locked) < 1/math.Sqrt(swarm)},
		result{"fireflies in a crowd split in two", fmt.Sprintf("uncoupled: they fall out of step, r < %.3f", apart), fmt.Sprintf("r = %.3f", split), split < apart})
}

// chance is the mean order that n oscillators show with a share of the
// critical coupling.
func chance(n int, share float64) float64 {
	return math.Sqrt(math.Pi/float64(4*n)) / math.Sqrt(1-share)
}

// pulseResults: two oscillators against Mirollo and Strogatz's return map in
// closed form, and many.
func pulseResults() []result {
	const dt = 1e-4
	m := integrators{phase: []float32{0, 0.3}, rate: []float32{1, 1}}
	m.prepare(3)
	const kick = 0.01
	h := func(phase float64) float64 { // f⁻¹(ε + f(1 − φ))
		f := math.Log(1+(math.Exp(3)-1)*(1-phase)) / 3
		return (math.Exp(3*(f+kick)) - 1) / (math.Exp(3) - 1)
	}
	want, worst, firings := 0.3, 0.0, 0
	for firings < 12 && m.phase[0] != m.phase[1] {
		m.step(kick, dt)
		for who := range 2 {
			if m.fired[who] {
				firings++
				want = h(want)
				if want < 1 {
					worst = max(worst, math.Abs(float64(m.phase[1-who])-want))
					want = float64(m.phase[1-who]) // each firing is judged alone
				}
			}
		}
	}
	// Each firing is judged to a tick at either end, times the slope of h, at most e^(bε).
	synchronised, cycles := 0, 0.0
	const trials, many = 40, 50
	for trial := range uint64(trials) {
		m := integrators{}
		rng := newRandom(trial, 7)
		for range many {
			m.phase, m.rate = append(m.phase, rng.unit()), append(m.rate, 1)
		}
		m.prepare(3)
		for s := range 200 * 60 {
			m.step(0.3/many, 1.0/60)
			n := 0
			for _, f := range m.fired {
				if f {
					n++
				}
			}
			if n == many {
				synchronised++
				cycles += float64(s) / 60 / trials
				break
			}
		}
	}
	return []result{
		{"pulse-coupled, two oscillators, b = 3, ε = 0.01", "phase after each firing: h(φ) = f⁻¹(ε + f(1 − φ))", fmt.Sprintf("%d firings, at most %.1e cycles off", firings, worst), firings >= 8 && worst < 2*dt*math.Exp(3*kick)},
		{"pulse-coupled, 50 identical", "all fall into step from almost every start", fmt.Sprintf("%d of %d starts, after %.0f cycles in the mean", synchronised, trials, cycles), synchronised == trials},
	}
}

// swarmResults: the interval between bursts of N fireflies is the rest and
// the burst of the leader plus the least of N waits: a Kolmogorov–Smirnov
// distance from that, with nothing fitted.
func swarmResults() []result {
	var out []result
	for _, n := range []int{1, 5, 15} {
		const rest, wait, interval = 7.0, 60.0, 0.55
		// All bursts as long as one another, and no late ones: what is left is the theorem.
		l, _ := New("swarm", Config{Seed: uint64(n), X: make([]float32, n), Y: make([]float32, n), Z: make([]float32, n),
			Settings: map[string]float64{"spacing": 1, "scatter": 0, "wait": wait, "rest": rest, "interval": interval}})
		w := l.(*swarm)
		in := &Influence{Seconds: 1.0 / 20, Coherence: 1}
		var starts []float64
		var waits []float64
		was := make([]bool, n)
		ended := math.NaN()
		for s := 0; len(waits) < 500; s++ {
			w.Step(in)
			any, all := false, true
			for i := range n {
				now := w.left[i] > 0
				if now && !was[i] {
					any = true
				}
				was[i] = now
				all = all && !now && w.resting[i] <= 0
			}
			now := float64(s) / 20
			if any && !math.IsNaN(ended) {
				waits = append(waits, now-ended)
				starts = append(starts, now)
				ended = math.NaN()
			}
			if all && math.IsNaN(ended) {
				ended = now // all rested: the waits begin
			}
		}
		slices.Sort(waits)
		distance, mean := 0.0, 0.0
		for i, v := range waits {
			// The least of n exponential waits of mean 60 is one of mean 60/n.
			distance = max(distance, math.Abs(float64(i+1)/float64(len(waits))-(1-math.Exp(-v*float64(n)/wait))))
			mean += v / float64(len(waits))
		}
		// Kolmogorov and Smirnov's own limit, which chance passes once in a hundred. (Waits are without
		// memory: that some have waited already when the last has rested changes nothing.)
		limit := 1.63 / math.Sqrt(float64(len(waits)))
		out = append(out, result{fmt.Sprintf("first to fire, N = %d", n), fmt.Sprintf("waits distributed as the least of N draws: mean %.1f s", wait/float64(n)),
			fmt.Sprintf("mean %.1f s; Kolmogorov–Smirnov distance %.3f over %d, limit %.3f", mean, distance, len(waits), limit), distance < limit})
	}
	return out
}

// planktonResults measures flashes that a press makes.
func planktonResults() []result {
	const hz = 1000.0
	fresh := func(settings map[string]float64) *plankton {
		settings["drift"], settings["steps"] = 0, 0
		l, _ := New("plankton", Config{X: []float32{0}, Y: []float32{0}, Z: []float32{0}, Settings: settings})
		return l.(*plankton)
	}
	run := func(p *plankton, seconds float64, press func(t float64) float32) (light []float64) {
		for s := range int(seconds * hz) {
			if d := press(float64(s) / hz); d > 0 {
				p.state[3][0] = max(p.state[3][0], d)
			}
			p.Step(&Influence{Seconds: 1 / hz})
			light = append(light, float64(p.state[0][0]))
		}
		return light
	}
	once := func(t float64) float32 {
		if t == 0 {
			return 1
		}
		return 0
	}
	p := fresh(map[string]float64{"latency": 0.02, "rise": 0.03, "fall": 0.05})
	light := run(p, 0.4, once)
	peak, at := 0.0, 0.0
	for i, v := range light {
		if v > peak {
			peak, at = v, float64(i)/hz
		}
	}
	// The decay constant between 0.8 and 0.2 of the peak.
	t1, t2 := 0.0, 0.0
	for i, v := range light {
		if float64(i)/hz > at && v > 0.8*peak {
			t1 = float64(i) / hz
		}
		if float64(i)/hz > at && v > 0.2*peak {
			t2 = float64(i) / hz
		}
	}
	constant := (t2 - t1) / math.Log(4)

	train := func(t float64) float32 {
		if s := int(math.Round(t * hz)); s%1500 == 0 {
			return 1
		}
		return 0
	}
	p = fresh(map[string]float64{"drain": 0.12, "refill": 36000})
	light = run(p, 7.5, train)
	var peaks []float64
	for k := range 5 {
		peaks = append(peaks, slices.Max(light[k*1500:k*1500+500]))
	}
	ratio := peaks[4] / peaks[0]
	p.refill = 600
	before := p.state[1][0]
	for range 600 {
		p.Step(&Influence{Seconds: 1})
	}
	recovered := float64((p.state[1][0] - before) / (1 - before))

	// Slow and hard against slow and soft, and light again as the press eases.
	stress := 0.0
	height := func(speed float64) (going, coming float64) {
		p := fresh(map[string]float64{"threshold": 0.05, "refractory": 0.2})
		stress = 0
		l := run(p, 1.2, func(t float64) float32 {
			stress = max(stress, float64(p.state[2][0]))
			switch {
			case t < 1/speed:
				return float32(t * speed)
			case t < 0.7:
				return 1
			}
			return 0
		})
		return slices.Max(l[:600]), slices.Max(l[700:])
	}
	// Pressed to 1 at a speed v, a Maxwell element of time τ comes to the stress
	// vτ(1 − e^(−1/vτ)).
	maxwell := func(v float64) float64 { return v * 0.25 * (1 - math.Exp(-1/(v*0.25))) }
	fast, off := height(40)
	hard := stress
	slow, _ := height(2)
	soft := stress
	// Ticks of 1 ms: a peak lies within one and a half, a slope between two
	// levels ln 4 apart is known to two of them. The fifth flash: 6 s of a refill
	// in 10 h, and how the stress of the last press has gone, under 0.002. Rest by
	// ticks of 1 s: Euler's rule is half a tick late. Stress: a tick of the press.
	return []result{
		{"plankton, a press", "latency 20 ms + rise 30 ms: peak at 50 ms", fmt.Sprintf("%.0f ms", at*1000), math.Abs(at-0.05) <= 1.5/hz},
		{"plankton, a press", "exponential decay, 50 ms", fmt.Sprintf("%.0f ms", constant*1000), math.Abs(constant-0.05) < 2/hz/math.Log(4)},
		{"plankton, depletion", "fifth flash to the first: (1 − 0.12)⁴ = 0.600", fmt.Sprintf("%.3f", ratio), math.Abs(ratio-math.Pow(0.88, 4)) < 0.002},
		{"plankton, rest", "1 − 1/e of the store comes back in a time constant: 0.632", fmt.Sprintf("%.3f", recovered), math.Abs(recovered-(1-math.Exp(-1))) < 0.5/600},
		{"plankton, Maxwell response", fmt.Sprintf("stress of pressing at 40 and at 2 a second: vτ(1 − e^(−1/vτ)) = %.3f, %.3f", maxwell(40), maxwell(2)), fmt.Sprintf("%.3f, %.3f", hard, soft), math.Abs(hard-maxwell(40)) < 40/hz && math.Abs(soft-maxwell(2)) < 0.01},
		{"plankton, Maxwell response", "faster pressing gives more light; light again as the pressure eases (Jalaal and Goldstein 2020)", fmt.Sprintf("%.2f fast, %.2f slow, %.2f on easing", fast, slow, off), fast > 1.3*slow && off > 0.1},
	}
}
