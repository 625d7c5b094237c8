package life

import "noctiluca/engine/life/graph"

var reactionKind = Kind{
	Name:   "reaction",
	Doc:    "Two substances that feed on each other: spots that divide, corals, mazes that grow through the pixels for minutes.",
	Source: "Gray and Scott 1984; Pearson, Science 261:189 (1993): u̇ = Dᵤ∇²u − uv² + F(1 − u), v̇ = D_v∇²v + uv² − (F + k)v",
	Gives:  [4]string{"the substance that shines", "what has been used up", "", ""},
	Settings: []Setting{
		{"speed", 30, 0.1, 120, "1/s", "model time that passes in a second"},
		{"feed", 0.0367, 0, 0.2, "", "F: 0.0367 with kill 0.0649 makes spots that divide, 0.0545 with 0.062 coral"},
		{"kill", 0.0649, 0, 0.2, "", "k"},
		{"spread", 0.225, 0.001, 0.25, "", "Dᵤ in spacings²; D_v is half of it"},
		{"seeds", 12, 0, 1000, "", "spots at the start, and again when all has died"},
	},
	make: func(c *Config, s settings) Life { return newReaction(c, s) },
}

type reaction struct {
	near
	graph      *graph.Graph
	state      [4][]float32
	u, v       []float32
	du, dv     []float32
	rng        *random
	feed, kill float32
	spread     float32
	speed      float32
	seeds      int
}

func newReaction(c *Config, s settings) *reaction {
	n := len(c.X)
	r := &reaction{
		near: newNear(c), graph: c.graph(), state: states(n), u: make([]float32, n), v: make([]float32, n), du: make([]float32, n), dv: make([]float32, n),
		rng: newRandom(c.Seed, 0x62A75C), feed: s.get("feed"), kill: s.get("kill"), spread: s.get("spread"), speed: s.get("speed"), seeds: int(s.get("seeds")),
	}
	for i := range r.u {
		r.u[i] = 1
	}
	r.sow(r.seeds)
	return r
}

// sow puts v into spots of some pixels.
func (r *reaction) sow(spots int) {
	if len(r.u) == 0 {
		return
	}
	for range spots {
		r.spot(r.rng.below(len(r.u)))
	}
}

func (r *reaction) spot(at int) {
	r.put(at)
	for _, j := range r.graph.Of(at) {
		r.put(int(j))
		for _, k := range r.graph.Of(int(j)) {
			r.put(int(k))
		}
	}
}

func (r *reaction) put(i int) { r.u[i], r.v[i] = 0.5, 0.35 }

func (r *reaction) Step(in *Influence) {
	// Who comes or goes leaves a spot where they stand.
	for c := range min(len(r.reach), len(in.Cells)) {
		if in.Cells[c].Touch > 0.5 && len(r.u) > 0 {
			best := 0
			for i, v := range r.reach[c] {
				if v > r.reach[c][best] {
					best = i
				}
			}
			r.spot(best)
		}
	}
	// Excited people speed it up.
	r.advance(float32(float32(r.speed*in.Seconds) * (1 + float32(0.7*in.Arousal))))
	sum := float32(0)
	for i, v := range r.v {
		r.state[0][i] = unit(float32(v * 2.6))
		r.state[1][i] = unit(1 - r.u[i])
		sum += v
		if in.Drive != nil && in.Drive[i] > 0.5 {
			r.put(i)
		}
	}
	if sum < float32(0.001*float32(len(r.v))) {
		r.sow(r.seeds)
	}
}

// advance by an amount of model time, in steps of at most 1.
func (r *reaction) advance(span float32) {
	steps := int(span) + 1
	dt := span / float32(steps)
	half := r.spread / 2
	for range steps {
		r.graph.Laplacian(r.du, r.u)
		r.graph.Laplacian(r.dv, r.v)
		for i, u := range r.u {
			v := r.v[i]
			uvv := float32(u * float32(v*v))
			u += float32(dt * (float32(r.spread*r.du[i]) - uvv + float32(r.feed*(1-u))))
			v += float32(dt * (float32(half*r.dv[i]) + uvv - float32((r.feed+r.kill)*v)))
			r.u[i], r.v[i] = unit(u), unit(v)
		}
	}
}

func (r *reaction) State() *[4][]float32 { return &r.state }

func (r *reaction) Memory() []any {
	return []any{&r.u, &r.v, &r.rng.PCG, &r.state[0], &r.state[1]}
}
