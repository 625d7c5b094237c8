package life

import "noctiluca/shaders/kage/block/scalar"

var circadianKind = Kind{
	Name:   "circadian",
	Doc:    "A glow by an inner clock, brightest at its night; each place's clock is its own, and light and people set it.",
	Source: "phase oscillator with a phase response to light: dφ = dt/T − A sin(2πφ) for each pulse of light",
	Gives:  [4]string{"the light", "the hour of its clock, 0…1 from dusk to dusk", "", ""},
	Settings: []Setting{
		{"period", 22, 10, 40, "h", "its own period, without light"},
		{"spread", 0.02, 0, 0.5, "", "how far periods differ, as a share"},
		{"hour", 30, 0.1, 3600, "s", "how long an hour of its time takes"},
		{"shift", 0.02, 0, 0.15, "", "A: how far an hour of light moves the clock, in cycles"},
		{"together", 0.6, 0, 1, "", "how far all start at the same hour"},
	},
	make: func(c *Config, s settings) Life { return newCircadian(c, s) },
}

type circadian struct {
	near
	clocks
	state [4][]float32
	here  []float32
	hour  float32
}

func newCircadian(c *Config, s settings) *circadian {
	n := len(c.X)
	k := &circadian{near: newNear(c), state: states(n), here: make([]float32, n), hour: s.get("hour")}
	k.clocks = clocks{phase: make([]float32, n), rate: make([]float32, n), shift: s.get("shift")}
	rng := newRandom(c.Seed, 0xC12CAD)
	for i := range k.phase {
		k.rate[i] = 1 / float32(s.get("period")*(1+float32(s.get("spread")*(float32(2*rng.unit())-1))))
		// It begins in the evening.
		k.phase[i] = float32(0.15 + float32((1-s.get("together"))*rng.unit()))
		k.phase[i] -= scalar.Floor(k.phase[i])
	}
	k.show()
	return k
}

func (k *circadian) Step(in *Influence) {
	k.sum(k.here, in, presence)
	if in.Drive != nil {
		for i, v := range in.Drive {
			k.here[i] += v
		}
	}
	k.step(in.Seconds/k.hour, k.here)
	k.show()
}

// show gives the light: from dusk to dawn, half the cycle, as a smooth hill.
func (k *circadian) show() {
	for i, p := range k.phase {
		x := float32(0)
		if p < 0.5 {
			s := scalar.Sin(float32(p * tau))
			x = float32(s * s)
		}
		k.state[0][i], k.state[1][i] = x, p
	}
}

func (k *circadian) State() *[4][]float32 { return &k.state }

func (k *circadian) Memory() []any { return []any{&k.phase, &k.state[0], &k.state[1]} }

// clocks are phase oscillators that light shifts.
type clocks struct {
	phase []float32 // cycles
	rate  []float32 // cycles an hour
	shift float32   // cycles that an hour of full light moves at most
}

// step advances by hours; light is 0…1 of each.
func (k *clocks) step(hours float32, light []float32) {
	for i, p := range k.phase {
		p += float32(k.rate[i] * hours)
		if l := unit(light[i]); l > 0 {
			p -= float32(float32(float32(k.shift*l)*hours) * scalar.Sin(float32(p*tau)))
		}
		k.phase[i] = p - scalar.Floor(p)
	}
}
