package life

import "noctiluca/shaders/kage/block/scalar"

var pulsesKind = Kind{
	Name:   "pulses",
	Doc:    "Fireflies that feel each other's flashes as kicks: in tune they absorb one another, flash by flash, until all flash at once.",
	Source: "Mirollo and Strogatz, SIAM J. Appl. Math. 50:1645 (1990): x = f(φ) = ln(1 + (e^b − 1)φ)/b, a firing adds ε to all others",
	Gives:  [4]string{"the flash", "its phase", "1 where a firefly sits", ""},
	Settings: []Setting{
		{"spacing", 24, 1, 10000, "pixels", "one pixel in so many has a firefly"},
		{"period", 0.9, 0.1, 600, "s", "natural period"},
		{"spread", 0, 0, 0.5, "", "how far natural periods differ, as a share"},
		{"rise", 0.05, 0.005, 10, "s", "from dark to the height of a flash"},
		{"fall", 0.06, 0.005, 10, "s", "time constant of its decay"},
		{"kick", 0.02, 0, 0.5, "", "ε when all hearts beat as one: what the flash of one adds to each other, were there 100 of them"},
		{"bend", 3, 0.1, 10, "", "b: how concave the charging is"},
	},
	make: func(c *Config, s settings) Life { return newPulses(c, s) },
}

// pulses is a swarm of integrate-and-fire oscillators, all to all.
type pulses struct {
	integrators
	state      [4][]float32
	pixel      []int32
	rise, fall float32
	kick       float32
}

func newPulses(c *Config, s settings) *pulses {
	p := &pulses{state: states(len(c.X)), rise: s.get("rise"), fall: s.get("fall"), kick: s.get("kick")}
	rng := newRandom(c.Seed, 0x9015E)
	spacing := int(s.get("spacing"))
	for i := range c.X {
		if rng.below(spacing) != 0 {
			continue
		}
		p.pixel = append(p.pixel, int32(i))
		p.phase = append(p.phase, rng.unit())
		p.rate = append(p.rate, 1/float32(s.get("period")*(1+float32(s.get("spread")*(float32(2*rng.unit())-1)))))
		p.state[2][i] = 1
	}
	p.prepare(s.get("bend"))
	for i := range p.phase {
		p.since[i] = p.phase[i] / p.rate[i]
	}
	p.show()
	return p
}

func (p *pulses) Step(in *Influence) {
	n := float32(max(len(p.phase), 1))
	p.step(float32(float32(float32(p.kick*in.Coherence)*(1-in.Fragmentation))*100)/n, in.Seconds)
	p.show()
}

func (p *pulses) State() *[4][]float32 { return &p.state }

func (p *pulses) Memory() []any {
	return []any{&p.phase, &p.rate, &p.since, &p.state[0], &p.state[1]}
}

func (p *pulses) show() {
	for i, px := range p.pixel {
		p.state[0][px] = flash(p.since[i], p.rise, p.fall)
		p.state[1][px] = p.phase[i]
	}
}

// integrators is N oscillators that charge along a concave curve and fire at 1.
type integrators struct {
	phase []float32 // 0…1
	rate  []float32 // cycles a second
	since []float32 // s since it fired
	fired []bool    // in the present step
	bend  float32
	span  float32 // e^b − 1
}

func (p *integrators) prepare(bend float32) {
	p.fired = make([]bool, len(p.phase))
	if p.since == nil {
		p.since = make([]float32, len(p.phase))
	}
	p.bend, p.span = bend, scalar.Exp(bend)-1
}

// charge is f, discharge its inverse.
func (p *integrators) charge(phase float32) float32 {
	return scalar.Log(1+float32(p.span*phase)) / p.bend
}

func (p *integrators) discharge(x float32) float32 {
	return (scalar.Exp(float32(p.bend*x)) - 1) / p.span
}

// step advances; a firing adds kick to the charge of all that have not fired
// in this step. Whom that brings to 1 fires too, at once, and is in step with
// it from then on.
func (p *integrators) step(kick, seconds float32) {
	firing := 0
	for i := range p.phase {
		p.phase[i] += float32(p.rate[i] * seconds)
		p.since[i] += seconds
		p.fired[i] = p.phase[i] >= 1
		if p.fired[i] {
			// What is left over is kept, so that a step's length does not slow the clock.
			p.phase[i] -= 1
			p.since[i] = p.phase[i] / p.rate[i]
			firing++
		}
	}
	for firing > 0 && kick > 0 {
		add := float32(float32(firing) * kick)
		firing = 0
		for i := range p.phase {
			if p.fired[i] {
				continue
			}
			x := p.charge(p.phase[i]) + add
			if x >= 1 {
				p.phase[i], p.since[i], p.fired[i] = 0, 0, true
				firing++
			} else {
				p.phase[i] = p.discharge(x)
			}
		}
	}
}
