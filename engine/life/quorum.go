package life

import "noctiluca/engine/life/graph"

var quorumKind = Kind{
	Name:   "quorum",
	Doc:    "Bacteria that multiply where people are and light up together once there are enough; they stay lit longer than it took to light them.",
	Source: "Nealson and Hastings 1979; autoinducer by Hill kinetics: Ȧ = n(k₀ + A²/(1 + A²)) − dA + D∇²A",
	Gives:  [4]string{"the light", "the signal substance", "how many they are, n/(1 + n)", ""},
	Settings: []Setting{
		{"growth", 0.15, 0.001, 10, "1/s", "how fast they multiply, and die off"},
		{"basal", 0.05, 0, 0.124, "", "k₀: what each gives off unlit"},
		{"loss", 0.45, 0.01, 5, "", "d: how fast the substance is lost"},
		{"pace", 1.5, 0.01, 20, "1/s", "model time that passes in a second"},
		{"diffusion", 0.1, 0, 0.25, "", "D, in spacings²"},
		{"rise", 1.5, 0.05, 60, "s", "time constant of the light"},
		{"asleep", 0.35, 0, 2, "", "how many there are with nobody near"},
	},
	make: func(c *Config, s settings) Life { return newQuorum(c, s) },
}

type quorum struct {
	near
	colony
	graph     *graph.Graph
	state     [4][]float32
	here      []float32
	spread    []float32
	signal    []float32
	growth    float32
	pace      float32
	diffusion float32
	rise      float32
	asleep    float32
	own       []float32 // each place's own yield
	many      []float32 // n
}

// colony is one place's kinetics.
type colony struct{ basal, loss float32 }

// rate is Ȧ at a density and a concentration, without diffusion.
func (c *colony) rate(n, a float32) float32 {
	return float32(n*(c.basal+hill(a))) - float32(c.loss*a)
}

func hill(a float32) float32 {
	q := float32(a * a)
	return q / (1 + q)
}

func newQuorum(c *Config, s settings) *quorum {
	n := len(c.X)
	q := &quorum{
		near: newNear(c), graph: c.graph(), state: states(n), here: make([]float32, n), spread: make([]float32, n), signal: make([]float32, n), own: make([]float32, n), many: make([]float32, n),
		growth: s.get("growth"), pace: s.get("pace"), diffusion: s.get("diffusion"), rise: s.get("rise"), asleep: s.get("asleep"),
	}
	q.colony = colony{s.get("basal"), s.get("loss")}
	rng := newRandom(c.Seed, 0x900203)
	for i := range q.own {
		q.own[i] = 0.85 + float32(0.3*rng.unit())
		q.many[i] = float32(q.asleep * q.own[i])
	}
	return q
}

func (q *quorum) Step(in *Influence) {
	q.sum(q.here, in, presence)
	// People in tune let it spread further.
	span := float32(q.pace * in.Seconds)
	d := float32(q.diffusion * (1 + in.Coherence))
	steps := int(span/0.2) + 1
	dt := span / float32(steps)
	for range steps {
		q.graph.Laplacian(q.spread, q.signal)
		for i, a := range q.signal {
			a += float32(dt * (q.rate(q.many[i], a) + float32(d*q.spread[i])))
			q.signal[i] = max(a, 0)
		}
	}
	k := in.Seconds / (q.rise + in.Seconds)
	g := float32(q.growth * in.Seconds)
	for i, a := range q.signal {
		room := float32((q.asleep + float32(1.4*unit(q.here[i]))) * q.own[i])
		if in.Drive != nil {
			room += in.Drive[i]
		}
		n := q.many[i]
		q.many[i] = n + float32(g*(room-n))
		q.state[2][i] = n / (1 + n)
		light := float32(hill(a) * unit(n))
		q.state[0][i] += float32((light - q.state[0][i]) * k)
		q.state[1][i] = a / (1 + a)
	}
}

func (q *quorum) State() *[4][]float32 { return &q.state }

func (q *quorum) Memory() []any {
	return []any{&q.signal, &q.many, &q.state[0], &q.state[1], &q.state[2]}
}
