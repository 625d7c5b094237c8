package life

import (
	"noctiluca/engine/life/graph"
	"noctiluca/shaders/kage/block/scalar"
)

var physarumKind = Kind{
	Name:   "physarum",
	Doc:    "A slime mould of many agents that follow each other's trails: it searches the pixels for people and joins them by veins.",
	Source: "Jones, Artificial Life 16:127 (2010): sensors at 45°, turn 45°, deposit, diffuse, decay; here agents go from pixel to neighbouring pixel",
	Gives:  [4]string{"the trail", "agents passing", "food: where people are", ""},
	Settings: []Setting{
		{"agents", 0.15, 0.001, 1, "", "for each pixel"},
		{"pace", 10, 0.1, 60, "1/s", "pixels that an agent goes in a second"},
		{"deposit", 0.05, 0.001, 5, "", "that an agent leaves on a pixel"},
		{"diffuse", 3, 0, 10, "1/s", "how fast trails spread"},
		{"fade", 4, 0.05, 600, "s", "time constant in which trails go"},
		{"wander", 0.02, 0, 1, "", "chance at each pixel to turn at random"},
		{"food", 1.5, 0, 50, "1/s", "trail that grows where people are"},
	},
	make: func(c *Config, s settings) Life { return newPhysarum(c, s) },
}

type physarum struct {
	near
	place *Config
	graph *graph.Graph
	state [4][]float32
	rng   *random

	at         []int32 // the pixel of each agent
	dx, dy, dz []float32
	way        float32
	trail      []float32
	scent      []float32 // the trail, spread: what sensors some pixels ahead would feel
	flux       []float32

	pace, deposit, diffuse, fade, wander, food float32
}

// Cosines of 22.5° and 67.5°: a neighbour within the first is ahead, within
// the second at a sensor's 45°.
const (
	cosAhead = 0.9238795
	cosSide  = 0.3826834
)

func newPhysarum(c *Config, s settings) *physarum {
	n := len(c.X)
	p := &physarum{
		near: newNear(c), place: c, graph: c.graph(), state: states(n), rng: newRandom(c.Seed, 0x9145A2), trail: make([]float32, n), scent: make([]float32, n), flux: make([]float32, n),
		pace: s.get("pace"), deposit: s.get("deposit"), diffuse: s.get("diffuse"), fade: s.get("fade"), wander: s.get("wander"), food: s.get("food"),
	}
	agents := int(float32(n) * s.get("agents"))
	for range agents {
		p.at = append(p.at, int32(p.rng.below(n)))
		p.dx, p.dy, p.dz = append(p.dx, p.rng.normal()), append(p.dy, p.rng.normal()), append(p.dz, p.rng.normal())
	}
	return p
}

func (p *physarum) Step(in *Influence) {
	if len(p.trail) == 0 {
		return
	}
	food := p.state[2]
	clear(food)
	for c := range min(len(p.reach), len(in.Cells)) {
		here := in.Cells[c].Presence
		for i, r := range p.reach[c] {
			if r > 0.5 {
				food[i] = max(food[i], float32(here*unit(float32(2*(r-0.5)))))
			}
		}
	}
	for i, f := range food {
		if in.Drive != nil {
			f = max(f, in.Drive[i])
			food[i] = f
		}
		p.trail[i] += float32(float32(p.food*f) * in.Seconds)
	}
	p.way += float32(float32(p.pace*in.Seconds) * (1 + float32(0.5*in.Arousal)))
	for ; p.way >= 1; p.way-- {
		for a := range p.at {
			p.move(a)
		}
	}
	p.graph.Laplacian(p.flux, p.trail)
	d, left := min(float32(p.diffuse*in.Seconds), 0.2), decay(in.Seconds, p.fade)
	for i, f := range p.flux {
		p.trail[i] = float32(max(p.trail[i]+float32(d*f), 0) * left)
	}
	p.graph.Laplacian(p.flux, p.trail)
	fade := decay(in.Seconds, 0.15)
	for i, t := range p.trail {
		s := max(t+float32(0.2*p.flux[i]), 0)
		p.scent[i] = s / (1 + s)
		p.state[0][i] = t / (0.4 + t)
		p.state[1][i] = float32(p.state[1][i] * fade)
	}
}

// move takes an agent to the neighbour, ahead or at 45°, where the scent is
// strongest.
func (p *physarum) move(a int) {
	i := int(p.at[a])
	best, most := -1, float32(-1)
	random := p.rng.unit() < p.wander
	var bx, by, bz float32
	for _, j := range p.graph.Of(i) {
		x, y, z := p.place.X[j]-p.place.X[i], p.place.Y[j]-p.place.Y[i], p.place.Z[j]-p.place.Z[i]
		l := scalar.Sqrt(float32(x*x) + float32(y*y) + float32(z*z))
		if l == 0 {
			continue
		}
		x, y, z = x/l, y/l, z/l
		c := float32(x*p.dx[a]) + float32(y*p.dy[a]) + float32(z*p.dz[a])
		v := float32(0.02 * p.rng.unit())
		switch {
		case random:
		case c > cosAhead:
			v += float32(1.05*p.scent[j]) + 0.02
		case c > cosSide:
			v += p.scent[j]
		default:
			continue
		}
		if v > most {
			best, most, bx, by, bz = int(j), v, x, y, z
		}
	}
	if best < 0 {
		// Nothing lies ahead: it turns anywhere.
		p.dx[a], p.dy[a], p.dz[a] = p.rng.normal(), p.rng.normal(), p.rng.normal()
	} else {
		p.at[a] = int32(best)
		p.dx[a], p.dy[a], p.dz[a] = float32(0.4*p.dx[a])+bx, float32(0.4*p.dy[a])+by, float32(0.4*p.dz[a])+bz
		p.trail[best] += p.deposit
		p.state[1][best] = 1
	}
	l := scalar.Sqrt(float32(p.dx[a]*p.dx[a]) + float32(p.dy[a]*p.dy[a]) + float32(p.dz[a]*p.dz[a]))
	if l > 0 {
		p.dx[a], p.dy[a], p.dz[a] = p.dx[a]/l, p.dy[a]/l, p.dz[a]/l
	}
}

func (p *physarum) State() *[4][]float32 { return &p.state }

func (p *physarum) Memory() []any {
	return []any{&p.rng.PCG, &p.at, &p.dx, &p.dy, &p.dz, &p.way, &p.trail, &p.scent, &p.state[0], &p.state[1], &p.state[2]}
}
