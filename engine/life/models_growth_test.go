package life

// Results of those that grow and keep time.

import (
	"fmt"
	"math"
)

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
	rate := float64(int(m.count)-at10) / 20 // to a pixel at either end
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
		{"mycelium, growth", "a tip at the pace that is set: 6 pixels a second", fmt.Sprintf("%.1f pixels a second", rate), math.Abs(rate-6) < 2.0/20},
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
	// What comes in a second is at most what agents and food leave; it fades with
	// a time constant, and a tick later.
	bound := (float64(len(p.at))*float64(p.pace*p.deposit) + float64(p.food)*food) * (float64(p.fade) + 1.0/60)
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
	// Out of lock the phase drifts at √(Ω² − A²) a day in the mean (Adler 1946), to
	// the first order in A; the next is A² = 0.006 of a cycle in a drift of 0.04
	// a day over 24 h: 0.05 h at most.
	adler := 24 / (1 + math.Sqrt(math.Pow(24.0/22-1, 2)-0.08*0.08))
	return []result{
		{"circadian, free", "its own period: 22 h", fmt.Sprintf("%.2f h", free), math.Abs(free-22) < 0.01},
		{"circadian, an hour of light a day", "entrained to 24 h while A ≥ |24/22 − 1| = 0.0909", fmt.Sprintf("A = 0.10: %.3f h", locked), math.Abs(locked-24) < 0.01},
		{"circadian, an hour of light a day", fmt.Sprintf("A = 0.08 is too weak: 24 h/(1 + √(0.0909² − 0.08²)) = %.2f h", adler), fmt.Sprintf("%.2f h", not), math.Abs(not-adler) < 0.05},
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
	got := float64(l.State()[0][0]) // a time constant of 240 ticks: the rule is half a tick late
	return []result{{"glow", "1 − 1/e of the way in a time constant: 0.632", fmt.Sprintf("%.3f", got), math.Abs(got-(1-math.Exp(-1))) < 0.5/240}}
}
