package life

import (
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

// A result is one line of the table in docs/life.md: a model, what is known
// of it, and what this package's code gives.
type result struct {
	model, known, measured string
	ok                     bool
}

var write = flag.String("write", "", "the document whose table of models is to be written anew")

// TestModels holds every model to an analytic or published result.
func TestModels(t *testing.T) {
	var all []result
	for _, f := range []func() []result{
		kuramotoResults, pulseResults, swarmResults, planktonResults, nagumoResults, reactionResults, quorumResults, myceliumResults, physarumResults, circadianResults, glowResults,
	} {
		for _, r := range f() {
			t.Logf("%s: %s: %s", r.model, r.known, r.measured)
			if !r.ok {
				t.Errorf("%s: known: %s; measured: %s", r.model, r.known, r.measured)
			}
			all = append(all, r)
		}
	}
	if *write == "" {
		return
	}
	var b strings.Builder
	b.WriteString("| model | what is known | what the code gives |\n|---|---|---|\n")
	for _, r := range all {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", r.model, r.known, r.measured)
	}
	text, err := os.ReadFile(*write)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- table: models -->\n", "<!-- end -->"
	head, rest, ok := strings.Cut(string(text), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no %q", *write, begin)
	}
	if err := os.WriteFile(*write, []byte(head+begin+b.String()+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}

// kuramotoResults: oscillators with Lorentzian natural frequencies of
// half-width 1, N = 4000; r must be √(1 − 2/K).
func kuramotoResults() []result {
	const n, seconds, dt = 4000, 40, 1.0 / 60
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
		want := 0.0
		if k > 2 {
			want = math.Sqrt(1 - 2/float64(k))
		}
		tolerance := 0.01
		if want == 0 {
			tolerance = 0.04 // chance, about 1/√N, and slow near Kc
		}
		out = append(out, result{"Kuramoto, Lorentzian, γ = 1, N = 4000", fmt.Sprintf("K = %g: r = √(1 − 2/K) = %.3f", k, want), fmt.Sprintf("r = %.3f", mean), math.Abs(mean-want) < tolerance})
	}
	// The shipped swarm: rates spread evenly over ±δ, Kc = 4δ/π.
	l, _ := New("fireflies", Config{Seed: 3, X: make([]float32, 2000), Y: make([]float32, 2000), Z: make([]float32, 2000), Settings: map[string]float64{"spacing": 1}})
	f := l.(*fireflies)
	order := func(coherence, fragmentation float32) float64 {
		in := &Influence{Seconds: 1.0 / 60, Coherence: coherence, Fragmentation: fragmentation}
		mean := 0.0
		for s := range 60 * 200 {
			f.Step(in)
			if s >= 60*150 {
				mean += float64(f.order) / (60 * 50)
			}
		}
		return mean
	}
	below, above, split := order(0.1, 0), order(0.5, 0), order(1, 0.95)
	return append(out,
		result{"fireflies, natural periods 5.5 to 7 s, K ∝ coherence", "Kc = 4δ/π = 0.162 rad/s: coherence 0.1 (K = 0.08) does not, 0.5 (K = 0.4) does bring them into step", fmt.Sprintf("r = %.2f and %.2f", below, above), below < 0.3 && above > 0.9},
		result{"fireflies in a crowd split in two", "uncoupled: they fall out of step", fmt.Sprintf("r = %.2f", split), split < 0.3})
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
		{"pulse-coupled, two oscillators, b = 3, ε = 0.01", "phase after each firing: h(φ) = f⁻¹(ε + f(1 − φ))", fmt.Sprintf("%d firings, at most %.1e cycles off", firings, worst), firings >= 8 && worst < 3e-4},
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
		// Those that end their burst early have waited a little already; with n > 1 that is counted in the mean.
		limit := 1.63/math.Sqrt(float64(len(waits))) + 0.02*float64(min(n-1, 3))
		out = append(out, result{fmt.Sprintf("first to fire, N = %d", n), fmt.Sprintf("waits distributed as the least of N draws: mean %.1f s", wait/float64(n)),
			fmt.Sprintf("mean %.1f s; Kolmogorov–Smirnov distance %.3f over %d", mean, distance, len(waits)), distance < limit})
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
	height := func(speed float64) (going, coming float64) {
		p := fresh(map[string]float64{"threshold": 0.05, "refractory": 0.2})
		l := run(p, 1.2, func(t float64) float32 {
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
	fast, off := height(40)
	slow, _ := height(2)
	return []result{
		{"plankton, a press", "latency 20 ms + rise 30 ms: peak at 50 ms", fmt.Sprintf("%.0f ms", at*1000), math.Abs(at-0.05) < 0.003},
		{"plankton, a press", "exponential decay, 50 ms", fmt.Sprintf("%.0f ms", constant*1000), math.Abs(constant-0.05) < 0.004},
		{"plankton, depletion", "fifth flash to the first: (1 − 0.12)⁴ = 0.600", fmt.Sprintf("%.3f", ratio), math.Abs(ratio-math.Pow(0.88, 4)) < 0.02},
		{"plankton, rest", "1 − 1/e of the store comes back in a time constant: 0.632", fmt.Sprintf("%.3f", recovered), math.Abs(recovered-0.632) < 0.01},
		{"plankton, Maxwell response", "faster pressing gives more light; light again as the pressure eases (Jalaal and Goldstein 2020)", fmt.Sprintf("%.2f fast, %.2f slow, %.2f on easing", fast, slow, off), fast > 1.3*slow && off > 0.1},
	}
}

// strip is n pixels a centimetre apart.
func strip(n int) Config {
	c := Config{X: make([]float32, n), Y: make([]float32, n), Z: make([]float32, n), Seed: 5}
	for i := range n {
		c.X[i] = float32(i) * 0.01
	}
	return c
}

// square is side × side pixels on a floor.
func square(side int) Config {
	n := side * side
	c := Config{X: make([]float32, n), Y: make([]float32, n), Z: make([]float32, n), Seed: 5}
	for i := range n {
		c.X[i], c.Z[i] = float32(i%side)*0.05, float32(i/side)*0.05
	}
	return c
}

func nagumoOn(c Config, settings map[string]float64) *nagumo {
	k, _ := Find("waves")
	s, err := k.Resolve(settings)
	if err != nil {
		panic(err)
	}
	m := newNagumo(&c, s)
	return &m
}

func nagumoResults() []result {
	one := nagumoOn(strip(1), map[string]float64{"epsilon": 0.08})
	one.v[0], one.w[0] = -1, -0.5
	for range 5000 {
		one.advance(0.1)
	}
	rest := fmt.Sprintf("v %.4f, w %.4f", one.v[0], one.w[0])
	// The roots of v − v³/3 = (v + 0.7)/0.8.
	ok := math.Abs(float64(one.v[0])+1.1994) < 1e-3 && math.Abs(float64(one.w[0])+0.6243) < 1e-3

	excited := func(v float32) float32 {
		m := nagumoOn(strip(1), map[string]float64{"epsilon": 0.08})
		m.v[0] = v
		most := v
		for range 600 {
			m.advance(0.1)
			most = max(most, m.v[0])
		}
		return most
	}
	under, over := excited(-0.75), excited(-0.45)

	speed := func(d float64) float64 {
		m := nagumoOn(strip(400), map[string]float64{"diffusion": d, "epsilon": 0.08})
		for i := range 12 {
			m.v[i] = 1.5
		}
		first, last := 0.0, 0.0
		for s := 0; s < 20000 && last == 0; s++ {
			m.advance(0.1)
			if first == 0 && m.v[150] > 0 {
				first = float64(s) / 10
			}
			if m.v[350] > 0 {
				last = float64(s) / 10
			}
		}
		return 200 / (last - first)
	}
	a, b := speed(1), speed(4)

	// A broken front curls up into a spiral and goes on by itself.
	const side = 120
	m := nagumoOn(square(side), map[string]float64{"diffusion": 0.12})
	for i := range m.v {
		x, y := i%side, i/side
		if x < side/3 {
			m.v[i] = 1.5
		}
		if y < side/2 {
			m.w[i] = 1.2
		}
	}
	turns, was := 0, false
	for range 2600 {
		m.advance(0.2)
		if now := m.v[side*20+20] > 0.5; now && !was {
			turns++
			was = now
		} else if m.v[side*20+20] < -0.5 {
			was = false
		}
	}
	return []result{
		{"FitzHugh–Nagumo, rest, a 0.7, b 0.8, ε 0.08", "v −1.1994, w −0.6243", rest, ok},
		{"FitzHugh–Nagumo, threshold", "a push under it dies away, one over it runs to the full height", fmt.Sprintf("from −0.75 to %.2f, from −0.45 to %.2f", under, over), under < -0.7 && over > 1.5},
		{"FitzHugh–Nagumo, front", "speed ∝ √D: four times D, twice the speed", fmt.Sprintf("%.3f and %.3f pixels a unit of time: %.2f times", a, b, b/a), math.Abs(b/a-2) < 0.1},
		{"FitzHugh–Nagumo, broken front, ε 0.05", "curls up into a spiral that goes on by itself", fmt.Sprintf("%d turns in 520 units of time", turns), turns >= 3},
	}
}

func reactionResults() []result {
	grow := func(feed, kill float64, steps int, spots int) (share float64, pieces int) {
		const side = 80
		c := square(side)
		c.Settings = map[string]float64{"feed": feed, "kill": kill, "seeds": float64(spots)}
		l, _ := New("reaction", c)
		r := l.(*reaction)
		for range steps {
			r.advance(1)
		}
		lit := make([]bool, side*side)
		for i, v := range r.v {
			lit[i] = v > 0.15
			if lit[i] {
				share++
			}
		}
		return share / (side * side), components(lit, side)
	}
	dead, _ := grow(0.0367, 0.0649, 200, 0)
	_, few := grow(0.0367, 0.0649, 300, 3)
	spots, many := grow(0.0367, 0.0649, 5000, 3)
	coral, corals := grow(0.0545, 0.062, 5000, 3)

	// The other homogeneous states: v = F/(F + k) × u'(…); for F = 0.04, k = 0.05 they exist, u = (1 ± √(1 − 4(F+k)²/F))/2.
	const f, k = 0.04, 0.05
	root := math.Sqrt(1 - 4*(f+k)*(f+k)/f)
	u := (1 - root) / 2
	v := f / (f + k) * (1 - u)
	c := strip(1)
	c.Settings = map[string]float64{"feed": f, "kill": k, "seeds": 0}
	l, _ := New("reaction", c)
	r := l.(*reaction)
	r.u[0], r.v[0] = float32(u)+0.01, float32(v)-0.01
	for range 5000 {
		r.advance(1)
	}
	off := math.Abs(float64(r.u[0])-u) + math.Abs(float64(r.v[0])-v)
	return []result{
		{"Gray–Scott, no v", "u = 1, v = 0 is a state that stays", fmt.Sprintf("v over 0.15 in %.0f %% after 200", 100*dead), dead == 0},
		{"Gray–Scott, F 0.04, k 0.05", fmt.Sprintf("stable homogeneous state u %.4f, v %.4f", u, v), fmt.Sprintf("%.1e off after 5000", off), off < 1e-4},
		{"Gray–Scott, F 0.0367, k 0.0649", "spots that divide", fmt.Sprintf("%d spots after 300, %d after 5000, on %.0f %% of the pixels", few, many, 100*spots), many >= 4*few && many > 12},
		{"Gray–Scott, F 0.0545, k 0.062", "coral: longer, joined up, on more of the ground", fmt.Sprintf("%d pieces on %.0f %%", corals, 100*coral), coral > spots && coral/float64(corals) > 2*spots/float64(many)},
	}
}

// components counts what hangs together on a square, by all eight neighbours.
func components(lit []bool, side int) int {
	seen := make([]bool, len(lit))
	n := 0
	var stack []int
	for i := range lit {
		if !lit[i] || seen[i] {
			continue
		}
		n++
		stack = append(stack[:0], i)
		seen[i] = true
		for len(stack) > 0 {
			at := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					x, y := at%side+dx, at/side+dy
					if x < 0 || y < 0 || x >= side || y >= side {
						continue
					}
					if j := y*side + x; lit[j] && !seen[j] {
						seen[j] = true
						stack = append(stack, j)
					}
				}
			}
		}
	}
	return n
}

// quorumResults: the density is moved up and down slowly; the light jumps
// where the steady states, n = dA/(k₀ + A²/(1 + A²)), fold.
func quorumResults() []result {
	c := colony{basal: 0.05, loss: 0.45}
	steady := func(a float64) float64 { return 0.45 * a / (0.05 + a*a/(1+a*a)) }
	on, off := 0.0, math.Inf(1)
	for a := 0.001; a < 0.3; a += 0.0001 {
		on = max(on, steady(a))
	}
	for a := 0.05; a < 3; a += 0.001 {
		if n := steady(a); a > 0.3 {
			off = min(off, n)
		}
	}
	a, up, down := float32(0), 0.0, 0.0
	const dt = 0.1
	for n := 0.3; n < 2; n += 0.00001 {
		a += float32(dt * c.rate(float32(n), a))
		if up == 0 && a > 0.5 {
			up = n
		}
	}
	for n := 2.0; n > 0.3; n -= 0.00001 {
		a += float32(dt * c.rate(float32(n), a))
		if down == 0 && a < 0.5 {
			down = n
		}
	}
	return []result{
		{"quorum, switching on", fmt.Sprintf("where the dark state ends: n = %.3f", on), fmt.Sprintf("%.3f", up), math.Abs(up-on) < 0.03},
		{"quorum, switching off", fmt.Sprintf("where the lit state ends: n = %.3f", off), fmt.Sprintf("%.3f", down), math.Abs(down-off) < 0.03},
	}
}

func myceliumResults() []result {
	// On a strip one tip grows at the pace that is set.
	c := strip(600)
	c.Settings = map[string]float64{"pace": 6, "asleep": 1, "branch": 0, "wither": 36000, "tips": 1}
	l, _ := New("mycelium", c)
	m := l.(*mycelium)
	in := &Influence{Seconds: 1.0 / 60}
	for range 60 * 10 {
		m.Step(in)
	}
	at10 := int(m.count)
	for range 60 * 20 {
		m.Step(in)
	}
	rate := float64(int(m.count)-at10) / 20
	const side = 96
	g := square(side)
	g.Settings = map[string]float64{"asleep": 1, "pace": 20, "wither": 36000, "tips": 200, "branch": 0.25}
	l, _ = New("mycelium", g)
	m = l.(*mycelium)
	for m.count < side*side/8 {
		m.Step(in)
	}
	lit := make([]bool, side*side)
	for i, v := range m.grown {
		lit[i] = v == 1
	}
	pieces := components(lit, side)
	d := boxDimension(lit, side)

	// Towards people: of a strip's middle, the half with a cell grows more.
	h := square(60)
	h.Cells = []Place{{At: [3]float32{2.6, 0, 1.5}, Radius: 0.8}}
	h.Settings = map[string]float64{"wither": 36000, "tips": 30}
	l, _ = New("mycelium", h)
	m = l.(*mycelium)
	m.mark(30*60+30, 0)
	there := &Influence{Seconds: 1.0 / 60, Presence: 1, Cells: []Cell{{Presence: 1, Arousal: -0.6}}}
	for range 60 * 12 {
		m.Step(there)
	}
	near, far := 0, 0
	for i, v := range m.grown {
		if v == 1 && i%60 > 30 {
			near++
		} else if v == 1 {
			far++
		}
	}
	calm, excited := grownWith(h, -0.8), grownWith(h, 0.8)
	return []result{
		{"mycelium, growth", "a tip at the pace that is set: 6 pixels a second", fmt.Sprintf("%.1f pixels a second", rate), math.Abs(rate-6) < 0.2},
		{"mycelium, form", "one web; fractal dimension of mycelia in the plane 1.3 to 1.9 (Boddy and others 1999, Obert and others 1990)", fmt.Sprintf("%d piece, box dimension %.2f", pieces, d), pieces == 1 && d > 1.3 && d < 1.9},
		{"mycelium and people", "grows towards them, and faster when they are calm", fmt.Sprintf("%d pixels towards, %d away; %d with calm, %d with excited people", near, far, calm, excited), near > 2*far && calm > excited*3/2},
	}
}

func grownWith(c Config, arousal float32) int {
	l, _ := New("mycelium", c)
	m := l.(*mycelium)
	in := &Influence{Seconds: 1.0 / 60, Presence: 1, Cells: []Cell{{Presence: 1, Arousal: arousal}}}
	for range 60 * 8 {
		m.Step(in)
	}
	return int(m.count)
}

// boxDimension is the slope of log count over log 1/size, for boxes of 2 to 16.
func boxDimension(lit []bool, side int) float64 {
	var xs, ys []float64
	for _, size := range []int{2, 4, 8, 16} {
		boxes := map[int]bool{}
		for i, v := range lit {
			if v {
				boxes[(i/side/size)*1000+i%side/size] = true
			}
		}
		xs, ys = append(xs, -math.Log(float64(size))), append(ys, math.Log(float64(len(boxes))))
	}
	mx, my := 0.0, 0.0
	for i := range xs {
		mx += xs[i] / float64(len(xs))
		my += ys[i] / float64(len(xs))
	}
	xy, xx := 0.0, 0.0
	for i := range xs {
		xy += (xs[i] - mx) * (ys[i] - my)
		xx += (xs[i] - mx) * (xs[i] - mx)
	}
	return xy / xx
}

func physarumResults() []result {
	const side = 50
	c := square(side)
	c.Cells = []Place{{At: [3]float32{0.5, 0, 1.25}, Radius: 0.2}, {At: [3]float32{1.9, 0, 1.25}, Radius: 0.2}}
	l, _ := New("physarum", c)
	p := l.(*physarum)
	in := &Influence{Seconds: 1.0 / 60, Cells: []Cell{{Presence: 1}, {Presence: 1}}}
	mass, joined, judged := 0.0, 0, 0
	for s := range 60 * 60 {
		p.Step(in)
		sum := 0.0
		for _, t := range p.trail {
			sum += float64(t)
		}
		mass = max(mass, sum)
		if s > 60*30 && s%60 == 0 {
			judged++
			// A vein stands out: a fifth over the mean all the way.
			if linked(p.trail, side, 25*side+10, 25*side+38, float32(1.2*sum/side/side)) {
				joined++
			}
		}
	}
	food := 0.0
	for _, f := range p.state[2] {
		food += float64(f)
	}
	// What comes in a second is at most what agents and food leave; it fades with a time constant.
	bound := (float64(len(p.at))*10*0.05 + 1.5*food) * 4 * 1.05
	return []result{
		{"Physarum, two foods", "joined by a vein", fmt.Sprintf("joined in %d of %d seconds", joined, judged), joined*10 >= judged*8},
		{"Physarum, mass", fmt.Sprintf("at most deposits × time constant = %.0f", bound), fmt.Sprintf("%.0f", mass), mass <= bound},
	}
}

// linked says whether two pixels hang together over a level.
func linked(v []float32, side, from, to int, level float32) bool {
	seen := make([]bool, len(v))
	stack := []int{from}
	seen[from] = true
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if at == to {
			return true
		}
		for dy := -1; dy <= 1; dy++ {
			for dx := -1; dx <= 1; dx++ {
				x, y := at%side+dx, at/side+dy
				if x < 0 || y < 0 || x >= side || y >= side {
					continue
				}
				if j := y*side + x; !seen[j] && v[j] > level {
					seen[j] = true
					stack = append(stack, j)
				}
			}
		}
	}
	return false
}

// circadianResults: free, and with an hour of light each day, which makes the
// circle map φ → φ + 24/T − A sin 2πφ: it locks while |24/T − 1| ≤ A.
func circadianResults() []result {
	run := func(period, shift float32, days int) float64 {
		k := clocks{phase: []float32{0.3}, rate: []float32{1 / period}, shift: shift}
		dark, light := []float32{0}, []float32{1}
		last, turns := 0.0, 0.0
		for d := range days {
			before := float64(k.phase[0])
			if d == days/2 {
				last, turns = before, 0
			}
			for h := range 24 {
				was := k.phase[0]
				if h == 23 && shift > 0 {
					k.step(1, light)
				} else {
					k.step(1, dark)
				}
				if k.phase[0] < was-0.5 {
					turns++
				}
			}
		}
		cycles := turns + float64(k.phase[0]) - last
		return 24 * float64(days-days/2) / cycles
	}
	free := run(22, 0, 200)
	locked, not := run(22, 0.1, 400), run(22, 0.08, 400)
	return []result{
		{"circadian, free", "its own period: 22 h", fmt.Sprintf("%.2f h", free), math.Abs(free-22) < 0.05},
		{"circadian, an hour of light a day", "entrained to 24 h while A ≥ |24/22 − 1| = 0.0909", fmt.Sprintf("A = 0.10: %.3f h; A = 0.08: %.2f h", locked, not), math.Abs(locked-24) < 0.01 && math.Abs(not-24) > 0.2},
	}
}

func glowResults() []result {
	c := strip(1)
	c.Cells = []Place{{Radius: 1}}
	c.Settings = map[string]float64{"rise": 4, "asleep": 0, "vary": 0, "waver": 0}
	l, _ := New("glow", c)
	in := &Influence{Seconds: 1.0 / 60, Cells: []Cell{{Presence: 1}}}
	for range 4 * 60 {
		l.Step(in)
	}
	got := float64(l.State()[0][0])
	return []result{{"glow", "1 − 1/e of the way in a time constant: 0.632", fmt.Sprintf("%.3f", got), math.Abs(got-0.632) < 0.005}}
}
