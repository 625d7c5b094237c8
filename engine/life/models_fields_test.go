package life

// Results of those that spread: waves, reactions, bacteria.

import (
	"fmt"
	"math"
)

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
	ok := math.Abs(float64(one.v[0])+1.1994) < 1e-4 && math.Abs(float64(one.w[0])+0.6243) < 1e-4

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
		m := nagumoOn(strip(260), map[string]float64{"epsilon": 0.08})
		m.diffusion = float32(d)
		for i := range 12 {
			m.v[i] = 1.5
		}
		first, last := 0.0, 0.0
		for s := 0; s < 20000 && last == 0; s++ {
			m.advance(0.1)
			if first == 0 && m.v[100] > 0 {
				first = float64(s) / 10
			}
			if m.v[220] > 0 {
				last = float64(s) / 10
			}
		}
		return 120 / (last - first)
	}
	// The wider a front is beside the pixels' spacing, the less those slow it, in
	// proportion to 1/D: 8 % at D = 1 against 4, so 4 % at 2 against 8.
	a, b := speed(2), speed(8)

	// A broken front curls up into a spiral and goes on by itself.
	const side = 64
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
		{"FitzHugh–Nagumo, front", "speed ∝ √D: four times D, twice the speed", fmt.Sprintf("%.3f and %.3f pixels a unit of time: %.2f times", a, b, b/a), math.Abs(b/a-2) < 0.08},
		{"FitzHugh–Nagumo, broken front, ε 0.05", "curls up into a spiral that goes on by itself", fmt.Sprintf("%d turns in 520 units of time", turns), turns >= 3},
	}
}

func reactionResults() []result {
	grow := func(feed, kill float64, steps int, spots int) (share float64, pieces int) {
		const side = 48
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
	spots, many := grow(0.0367, 0.0649, 3000, 3)
	coral, corals := grow(0.0545, 0.062, 3000, 3)

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
		{"Gray–Scott, F 0.0367, k 0.0649", "spots that divide: at least twice as many", fmt.Sprintf("%d spots after 300, %d after 3000, on %.0f %% of the pixels", few, many, 100*spots), many >= 2*few},
		{"Gray–Scott, F 0.0545, k 0.062", "coral: joined up, on more of the ground", fmt.Sprintf("%d pieces on %.0f %%", corals, 100*coral), coral > spots && corals <= few},
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
	// Moved at a rate ṅ through a fold, light jumps late, by Ω₀ ṅ^⅔/(αβ)^⅓ of n,
	// where ȧ = α(n − n*) + β(a − a*)² there and Ω₀ = 2.338 (the delay of a passage
	// through a fold, Jung, Gray, Roy and Mandel, Phys. Rev. Lett. 65, 1873 (1990)).
	late := func(low, high float64, best func(a, b float64) bool) float64 {
		at := low
		for a := low; a < high; a += 0.0001 {
			if best(steady(a), steady(at)) {
				at = a
			}
		}
		hill := func(a float64) float64 { return 0.05 + a*a/(1+a*a) }
		const h = 1e-3
		beta := math.Abs(steady(at)*(hill(at+h)-2*hill(at)+hill(at-h))/(h*h)) / 2
		return 2.338 * math.Pow(1e-4, 2.0/3) / math.Cbrt(hill(at)*beta)
	}
	lateOn := late(0.01, 0.4, func(a, b float64) bool { return a > b })
	lateOff := late(0.4, 3, func(a, b float64) bool { return a < b })
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
		{"quorum, switching on", fmt.Sprintf("where the dark state ends, n = %.3f, and %.3f later by the sweep", on, lateOn), fmt.Sprintf("%.3f", up), math.Abs(up-on-lateOn) < lateOn/2},
		{"quorum, switching off", fmt.Sprintf("where the lit state ends, n = %.3f, and %.3f later by the sweep", off, lateOff), fmt.Sprintf("%.3f", down), math.Abs(off-down-lateOff) < lateOff/2},
	}
}
