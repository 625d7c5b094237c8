package life

import (
	"noctiluca/engine/life/graph"
	"noctiluca/shaders/kage/block/scalar"
)

var myceliumKind = Kind{
	Name:   "mycelium",
	Doc:    "Threads that grow from pixel to pixel, branch, fuse where they meet, and carry food; calm lets them grow, and they grow towards people.",
	Source: "branching growth with anastomosis: Edelstein 1982; Boswell and others 2003",
	Gives:  [4]string{"how thick the thread is", "food that flows in it", "a growing tip, which fades behind it", "how far it has been reached from its root, 0…1"},
	Settings: []Setting{
		{"pace", 6, 0.05, 200, "1/s", "pixels that a tip grows in a second, among calm people"},
		{"asleep", 0.15, 0, 1, "", "how fast with nobody there, as a share"},
		{"tips", 48, 1, 256, "", "tips that grow at a time, at most"},
		{"branch", 0.14, 0, 1, "", "chance at each pixel that a tip forks"},
		{"draw", 3, 0, 50, "", "how strongly people draw it"},
		{"wither", 240, 1, 36000, "s", "time constant in which a thread that is not fed goes"},
		{"flow", 5, 0, 60, "1/s", "how fast food spreads along threads"},
		{"hunger", 0.5, 0, 10, "1/s", "how fast food is used up"},
	},
	make: func(c *Config, s settings) Life { return newMycelium(c, s) },
}

type mycelium struct {
	near
	place *Config
	graph *graph.Graph
	state [4][]float32
	rng   *random

	at         []int32 // the pixel of each tip; -1: the tip rests
	dx, dy, dz []float32
	way        []float32 // how far the tip is on to the next pixel, 0…1
	age        []float32 // pixels that the thread is from its root
	grown      []uint8   // 1 where a thread has been
	here, calm []float32
	flux       []float32

	pace, asleep, branch float32
	draw, wither         float32
	flow, hunger         float32
	longest              float32
	count                int32 // pixels grown
}

func newMycelium(c *Config, s settings) *mycelium {
	n, tips := len(c.X), int(s.get("tips"))
	m := &mycelium{
		near: newNear(c), place: c, graph: c.graph(), state: states(n), rng: newRandom(c.Seed, 0x3C311),
		at: make([]int32, tips), dx: make([]float32, tips), dy: make([]float32, tips), dz: make([]float32, tips), way: make([]float32, tips),
		age: make([]float32, n), grown: make([]uint8, n), here: make([]float32, n), calm: make([]float32, n), flux: make([]float32, n),
		pace: s.get("pace"), asleep: s.get("asleep"), branch: s.get("branch"), draw: s.get("draw"), wither: s.get("wither"), flow: s.get("flow"), hunger: s.get("hunger"),
		longest: 1,
	}
	for t := range m.at {
		m.at[t] = -1
	}
	return m
}

func (m *mycelium) Step(in *Influence) {
	n := len(m.grown)
	if n == 0 {
		return
	}
	m.sum(m.here, in, presence)
	m.sum(m.calm, in, func(c *Cell) float32 { return float32(c.Presence * (0.5 - float32(0.5*c.Arousal))) })
	for t := range m.at {
		if m.at[t] < 0 {
			m.sprout(t)
			continue
		}
		i := m.at[t]
		pace := float32(m.pace * (m.asleep + float32((1-m.asleep)*unit(m.calm[i]))))
		m.way[t] += float32(pace * in.Seconds)
		for m.way[t] >= 1 && m.at[t] >= 0 {
			m.way[t]--
			m.grow(t)
		}
	}
	m.feed(in)
	fade, gone := decay(in.Seconds, 1.5), in.Seconds/m.wither
	thicken := in.Seconds / 3
	for i := range m.grown {
		m.state[2][i] = float32(m.state[2][i] * fade)
		if m.grown[i] == 0 {
			continue
		}
		b, food := m.state[0][i], m.state[1][i]
		fed := unit(food + unit(m.here[i]))
		b += float32(thicken*(0.35+float32(0.65*fed)-b)) - float32(float32(gone*(1-fed))*b)
		// A thread that nothing feeds thins, and is gone; the ground is free again.
		if m.rng.unit() < float32(gone*(1-fed)) {
			m.grown[i], b = 0, 0
			m.state[1][i], m.state[3][i] = 0, 0
			m.count--
		}
		m.state[0][i] = unit(b)
	}
}

// sprout begins a thread: out of one there is, where one can be had, else
// from the pixel that people are nearest to, or any.
func (m *mycelium) sprout(t int) {
	n := len(m.grown)
	i := m.rng.below(n)
	if m.count > 0 {
		for range 24 {
			if m.grown[i] == 1 && m.state[0][i] > 0.1 {
				m.start(t, i)
				return
			}
			i = m.rng.below(n)
		}
		return
	}
	for range 24 {
		if j := m.rng.below(n); m.here[j] > m.here[i] {
			i = j
		}
	}
	m.mark(i, 0)
	m.start(t, i)
}

func (m *mycelium) start(t, i int) {
	m.at[t], m.way[t] = int32(i), 0
	m.dx[t], m.dy[t], m.dz[t] = m.rng.normal(), m.rng.normal(), m.rng.normal()
	m.straighten(t)
}

func (m *mycelium) straighten(t int) {
	l := scalar.Sqrt(float32(m.dx[t]*m.dx[t]) + float32(m.dy[t]*m.dy[t]) + float32(m.dz[t]*m.dz[t]))
	if l > 0 {
		m.dx[t], m.dy[t], m.dz[t] = m.dx[t]/l, m.dy[t]/l, m.dz[t]/l
	}
}

func (m *mycelium) mark(i int, age float32) {
	m.grown[i] = 1
	m.count++
	m.age[i] = age
	m.longest = max(m.longest, age)
	m.state[0][i], m.state[2][i] = 0.15, 1
	m.state[3][i] = unit(age / m.longest)
}

// grow moves a tip to the neighbour that lies best: ahead, towards people, on
// free ground with room around it. Where it meets a thread it fuses and ends.
func (m *mycelium) grow(t int) {
	i := int(m.at[t])
	best, score, met := -1, float32(-1), false
	for _, j := range m.graph.Of(i) {
		x, y, z := m.place.X[j]-m.place.X[i], m.place.Y[j]-m.place.Y[i], m.place.Z[j]-m.place.Z[i]
		l := scalar.Sqrt(float32(x*x) + float32(y*y) + float32(z*z))
		if l == 0 {
			continue
		}
		ahead := (float32(x*m.dx[t]) + float32(y*m.dy[t]) + float32(z*m.dz[t])) / l
		v := ahead + float32(m.draw*(m.here[j]-m.here[i])) + float32(0.8*m.rng.unit())
		if v > score {
			best, score, met = int(j), v, m.grown[j] == 1
		}
	}
	if best < 0 || met || m.crowded(best) {
		m.at[t] = -1
		return
	}
	x, y, z := m.place.X[best]-m.place.X[i], m.place.Y[best]-m.place.Y[i], m.place.Z[best]-m.place.Z[i]
	l := scalar.Sqrt(float32(x*x) + float32(y*y) + float32(z*z))
	m.dx[t], m.dy[t], m.dz[t] = m.dx[t]+x/l, m.dy[t]+y/l, m.dz[t]+z/l
	m.straighten(t)
	m.mark(best, m.age[i]+1)
	m.at[t] = int32(best)
	if m.rng.unit() < m.branch {
		for u := range m.at {
			if m.at[u] < 0 {
				m.start(u, best)
				break
			}
		}
	}
}

// crowded says whether more threads than the one it comes from lie around a pixel.
func (m *mycelium) crowded(i int) bool {
	grown, all := 0, 0
	for _, j := range m.graph.Of(i) {
		grown += int(m.grown[j])
		all++
	}
	return grown > max(1, all/4)
}

// feed lets food in where people are, at their heartbeats, spread it along
// the threads, and be used up.
func (m *mycelium) feed(in *Influence) {
	for c := range min(len(m.reach), len(in.Cells)) {
		give := float32(float32(in.Cells[c].Presence*(0.15+in.Cells[c].Beat)) * in.Seconds)
		if give == 0 {
			continue
		}
		for i, r := range m.reach[c] {
			if m.grown[i] == 1 && r > 0.6 {
				m.state[1][i] += float32(give * r)
			}
		}
	}
	d := min(float32(m.flow*in.Seconds), 0.24)
	g := m.graph
	food := m.state[1]
	for i := range m.flux {
		m.flux[i] = 0
		if m.grown[i] == 0 {
			continue
		}
		own, sum := food[i], float32(0)
		for k := g.First[i]; k < g.First[i+1]; k++ {
			if j := g.To[k]; m.grown[j] == 1 {
				sum += float32(g.Weight[k] * (food[j] - own))
			}
		}
		m.flux[i] = sum
	}
	left := decay(in.Seconds, 1/max(m.hunger, 1e-3))
	for i, f := range m.flux {
		if m.grown[i] == 1 {
			food[i] = unit(float32((food[i] + float32(d*f)) * left))
		}
		if in.Drive != nil && m.grown[i] == 1 {
			food[i] = max(food[i], in.Drive[i])
		}
	}
}

func (m *mycelium) State() *[4][]float32 { return &m.state }

func (m *mycelium) Memory() []any {
	return []any{&m.rng.PCG, &m.at, &m.dx, &m.dy, &m.dz, &m.way, &m.age, &m.grown, &m.longest, &m.count, &m.state[0], &m.state[1], &m.state[2], &m.state[3]}
}
