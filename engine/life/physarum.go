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
		{"agents", 0.2, 0.001, 1, "", "for each pixel"},
		{"pace", 10, 0.1, 60, "1/s", "pixels that an agent goes in a second"},
		{"deposit", 0.05, 0.001, 5, "", "that an agent leaves on a pixel"},
		{"diffuse", 0.6, 0, 10, "1/s", "how fast trails spread"},
		{"fade", 0.7, 0.05, 600, "s", "time constant in which trails go"},
		{"sensor", 5, 1, 20, "pixels", "how far ahead an agent smells: the further, the wider the web"},
		{"wander", 0.12, 0, 1, "", "chance at each pixel to turn at random"},
		{"food", 2, 0, 50, "1/s", "trail that grows where people are"},
		{"hand", 0, 0, 10, "m", "how far food lies round each person's own place; 0: it lies in their cells"},
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

	ahead []int32 // of each edge: where a sensor along it lies; −1 nowhere

	pace, deposit, diffuse, fade, wander, food, hand float32
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
		pace: s.get("pace"), deposit: s.get("deposit"), diffuse: s.get("diffuse"), fade: s.get("fade"), wander: s.get("wander"), food: s.get("food"), hand: s.get("hand"),
	}
	p.ahead = lookAhead(c, p.graph, int(s.get("sensor")))
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
	cells := min(len(p.reach), len(in.Cells))
	if p.hand > 0 {
		spots(food, p.place, in, p.hand, func(s *Spot) float32 { return s.Presence })
		cells = 0
	}
	for c := range cells {
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
	for e := p.graph.First[i]; e < p.graph.First[i+1]; e++ {
		j := p.graph.To[e]
		x, y, z, ok := heading(p.place, int32(i), j)
		if !ok {
			continue
		}
		c := float32(x*p.dx[a]) + float32(y*p.dy[a]) + float32(z*p.dz[a])
		v := float32(0.02 * p.rng.unit())
		far := p.ahead[e]
		if far < 0 {
			continue // over the edge
		}
		smell := p.scent[far]
		switch {
		case random:
		case c > cosAhead:
			v += float32(1.05*smell) + 0.02
		case c > cosSide:
			v += smell
		default:
			continue
		}
		if v > most {
			best, most, bx, by, bz = int(j), v, x, y, z
		}
	}
	if best < 0 {
		// Nothing lies ahead: it turns to any of the pixels beside it.
		if of := p.graph.Of(i); len(of) > 0 {
			if x, y, z, ok := heading(p.place, int32(i), of[p.rng.below(len(of))]); ok {
				p.dx[a], p.dy[a], p.dz[a] = x, y, z
			}
		}
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

// lookAhead finds for each edge of the graph the pixel at which a sensor that
// points along it lies: so many pixels straight on from the edge's end. −1 is
// one that lies over an edge of what there is, where nothing can be smelt: so
// an agent turns away from there, as Jones's do.
func lookAhead(c *Config, g *graph.Graph, pixels int) []int32 {
	out := make([]int32, len(g.To))
	for i := range len(c.X) {
		for e := g.First[i]; e < g.First[i+1]; e++ {
			j := g.To[e]
			x, y, z, ok := heading(c, int32(i), j)
			if !ok {
				out[e] = -1
				continue
			}
			// Straight on from where it began, and not from each pixel anew, so
			// that it does not bend with them.
			for n := 1; n < pixels && j >= 0; n++ {
				next, most := int32(-1), float32(cosAhead)
				for _, k := range g.Of(int(j)) {
					dx, dy, dz, ok := heading(c, j, k)
					if v := float32(dx*x) + float32(dy*y) + float32(dz*z); ok && v > most {
						next, most = k, v
					}
				}
				j = next
			}
			out[e] = j
		}
	}
	return out
}

// heading is the direction from one pixel to another, of length 1; false
// where they are at one place.
func heading(c *Config, i, j int32) (x, y, z float32, ok bool) {
	x, y, z = c.X[j]-c.X[i], c.Y[j]-c.Y[i], c.Z[j]-c.Z[i]
	l := scalar.Sqrt(float32(x*x) + float32(y*y) + float32(z*z))
	if l == 0 {
		return 0, 0, 0, false
	}
	return x / l, y / l, z / l, true
}
