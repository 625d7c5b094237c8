package life

var planktonKind = Kind{
	Name:   "plankton",
	Doc:    "Plankton that flashes when it is touched or pressed, and tires: each flash is dimmer until it has rested. Steps and excited people stir it.",
	Source: "Jalaal and Goldstein, Phys. Rev. Lett. 125, 028102 (2020): light by a Maxwell response to deformation and its rate, from a store that empties",
	Gives:  [4]string{"the light", "what is left of its store", "the stress that it feels", "how far it is pressed"},
	Settings: []Setting{
		{"latency", 0.02, 0, 2, "s", "from the touch to the first light"},
		{"rise", 0.03, 0.002, 10, "s", "from dark to the height of a flash"},
		{"fall", 0.045, 0.002, 20, "s", "time constant of its decay"},
		{"slow", 0, 0, 1, "", "share of a second, slower decay"},
		{"slowfall", 0.6, 0.01, 60, "s", "time constant of that"},
		{"refractory", 0.3, 0.01, 60, "s", "least time between two flashes"},
		{"threshold", 0.15, 0.001, 10, "", "stress that makes it flash; a full step is about 1"},
		{"drain", 0.12, 0, 1, "", "share of its store that a full flash takes"},
		{"refill", 600, 0.1, 36000, "s", "time constant of its rest"},
		{"relax", 0.25, 0.01, 60, "s", "Maxwell time: how fast stress goes while it stays pressed"},
		{"drift", 0.004, 0, 10, "1/s", "touches by the water, for each pixel"},
		{"steps", 1, 0, 20, "1/s", "steps of a crowd that fills a cell"},
		{"foot", 0.35, 0.01, 10, "m", "how far a step is felt"},
	},
	make: func(c *Config, s settings) Life { return newPlankton(c, s) },
}

// plankton: for each pixel a deformation d that steps and touches set and
// that eases; a stress σ that follows its changes and relaxes, dσ = dd − σ/τ;
// when |σ| passes the threshold a flash begins, as strong as the stress and
// the store allow. The stress of easing is negative: light comes again as the
// pressure goes.
type plankton struct {
	state       [4][]float32
	since       []float32 // s since the flash began; under 0: none
	level       []float32 // of the present flash
	before      []float32 // the deformation of the last tick
	rng         *random
	feet        feet
	latency     float32
	rise, fall  float32
	slow        float32
	slowfall    float32
	refractory  float32
	threshold   float32
	drain       float32
	refill      float32
	relax       float32
	drift       float32
	drifting    float32 // touches that are due
	tick        float32 // what the constants below are for
	eases       float32
	relaxes     float32
	x           *Config
	touchRadius float32
}

// lift is the time constant, s, in which a pressed place eases.
const lift = 0.18

func newPlankton(c *Config, s settings) *plankton {
	n := len(c.X)
	p := &plankton{
		state: states(n), since: make([]float32, n), level: make([]float32, n), before: make([]float32, n),
		rng: newRandom(c.Seed, 0x91A27), latency: s.get("latency"), rise: s.get("rise"), fall: s.get("fall"),
		slow: s.get("slow"), slowfall: s.get("slowfall"), refractory: s.get("refractory"), threshold: s.get("threshold"),
		drain: s.get("drain"), refill: s.get("refill"), relax: s.get("relax"), drift: s.get("drift"), x: c, touchRadius: s.get("foot"),
	}
	p.feet = newFeet(c, s.get("steps"))
	for i := range n {
		p.since[i] = -1
		p.state[1][i] = 1
	}
	return p
}

func (p *plankton) Step(in *Influence) {
	if in.Seconds != p.tick {
		p.tick, p.eases, p.relaxes = in.Seconds, decay(in.Seconds, lift), decay(in.Seconds, p.relax)
	}
	d := p.state[3]
	for i := range d {
		d[i] = float32(d[i] * p.eases)
	}
	p.feet.walk(in, p.rng, p.press)
	// The water itself touches some, more when people are excited.
	p.drifting += float32(float32(p.drift*in.Seconds) * float32(float32(len(d))*(1+float32(3*max(in.Arousal, 0)))))
	for ; p.drifting >= 1 && len(d) > 0; p.drifting-- {
		i := p.rng.below(len(d))
		d[i] = max(d[i], 0.3+float32(0.5*p.rng.unit()))
	}
	if in.Drive != nil {
		for i, v := range in.Drive {
			d[i] = max(d[i], v)
		}
	}
	rest := in.Seconds / p.refill
	light, store, stress := p.state[0], p.state[1], p.state[2]
	for i := range d {
		s := float32(stress[i]*p.relaxes) + (d[i] - p.before[i])
		stress[i], p.before[i] = s, d[i]
		store[i] += float32((1 - store[i]) * rest)
		if s < 0 {
			s = -s
		}
		t := p.since[i]
		if t >= 0 {
			t += in.Seconds
		}
		if s > p.threshold && (t < 0 || t > p.refractory) {
			p.level[i] = float32(store[i] * min(s, 1))
			store[i] -= float32(p.drain * p.level[i])
			t = 0
		} else if t >= 0 && t < p.latency+p.rise {
			// Until it is at its height it takes in how hard it is pressed.
			if more := float32((store[i]+float32(p.drain*p.level[i]))*min(s, 1)) - p.level[i]; more > 0 {
				p.level[i] += more
				store[i] -= float32(p.drain * more)
			}
		}
		if t >= 0 {
			u := t - p.latency
			v := flash(u, p.rise, p.fall)
			if p.slow > 0 {
				v = float32(v*(1-p.slow)) + float32(p.slow*flash(u, p.rise, p.slowfall))
			}
			light[i] = float32(v * p.level[i])
			if light[i] == 0 && u > p.rise && t > p.refractory {
				t = -1
			}
		}
		p.since[i] = t
	}
}

// press deforms what is within a foot's reach of a place.
func (p *plankton) press(x, y, z, how float32) {
	r := float32(p.touchRadius * p.touchRadius)
	d := p.state[3]
	for i := range d {
		dx, dy, dz := p.x.X[i]-x, p.x.Y[i]-y, p.x.Z[i]-z
		q := (float32(dx*dx) + float32(dy*dy) + float32(dz*dz)) / r
		if q < 4 {
			v := 1 - q/4
			d[i] = max(d[i], float32(how*float32(v*v)))
		}
	}
}

func (p *plankton) State() *[4][]float32 { return &p.state }

func (p *plankton) Memory() []any {
	return append([]any{&p.since, &p.level, &p.before, &p.rng.PCG, &p.drifting, &p.state[0], &p.state[1], &p.state[2], &p.state[3]}, p.feet.memory()...)
}

// feet are steps that people in the cells take: a cell that is full and
// excited takes the most. Where somebody comes or goes there is one at once.
type feet struct {
	cells []Place
	rate  float32
	due   []float32 // of each cell: steps
}

func newFeet(c *Config, rate float32) feet {
	return feet{cells: c.Cells, rate: rate, due: make([]float32, len(c.Cells))}
}

func (f *feet) memory() []any { return []any{&f.due} }

// walk calls press for each step of this tick, with how hard it is.
func (f *feet) walk(in *Influence, rng *random, press func(x, y, z, how float32)) {
	for c := range min(len(f.cells), len(in.Cells)) {
		cell, place := &in.Cells[c], &f.cells[c]
		pace := float32(float32(f.rate*cell.Presence) * (0.5 + float32(1.5*max(cell.Arousal, 0))))
		f.due[c] += float32((pace + float32(8*cell.Touch)) * in.Seconds)
		for f.due[c] >= 1 {
			f.due[c]--
			// Somewhere in the circle on the floor, evenly.
			for range 16 {
				u, v := float32(2*rng.unit())-1, float32(2*rng.unit())-1
				if float32(u*u)+float32(v*v) > 1 {
					continue
				}
				how := 0.6 + float32(0.4*max(cell.Arousal, 0))
				press(place.At[0]+float32(u*place.Radius), place.At[1], place.At[2]+float32(v*place.Radius), how)
				break
			}
		}
	}
}
