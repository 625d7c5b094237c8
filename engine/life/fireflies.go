package life

import "noctiluca/shaders/kage/block/scalar"

var firefliesKind = Kind{
	Name:   "fireflies",
	Doc:    "Fireflies that flash by their own clocks; people in tune let them couple, and they fall into step.",
	Source: "Kuramoto 1975: dθ = ω + K r sin(ψ − θ), in a mean field",
	Gives:  [4]string{"the flash", "its phase, 0 at the start of the flash", "1 where a firefly sits", ""},
	Settings: []Setting{
		{"spacing", 24, 1, 10000, "pixels", "one pixel in so many has a firefly"},
		{"fastest", 5.5, 0.1, 600, "s", "shortest natural period"},
		{"slowest", 7, 0.1, 600, "s", "longest natural period"},
		{"rise", 0.12, 0.005, 10, "s", "from dark to the height of a flash"},
		{"fall", 0.18, 0.005, 10, "s", "time constant of its decay"},
		{"coupling", 0.8, 0, 100, "rad/s", "K when all hearts beat as one"},
	},
	make: func(c *Config, s settings) Life { return newFireflies(c, s) },
}

// fireflies is a swarm of phase oscillators in a mean field. With natural
// rates spread evenly over ±δ the critical coupling is 4δ/π (Kuramoto: Kc =
// 2/(π g(0))); for periods of 5.5 to 7 s that is 0.16 rad/s, so with the
// coupling as it is a crowd is in tune enough at a coherence of about 0.2.
type fireflies struct {
	kuramoto
	state      [4][]float32
	pixel      []int32 // of each firefly
	rise, fall float32
	coupling   float32
}

func newFireflies(c *Config, s settings) *fireflies {
	f := &fireflies{state: states(len(c.X)), rise: s.get("rise"), fall: s.get("fall"), coupling: s.get("coupling")}
	rng := newRandom(c.Seed, 0xF12EF1E5)
	slow, fast := 1/s.get("slowest"), 1/s.get("fastest")
	spacing := int(s.get("spacing"))
	for i := range c.X {
		if rng.below(spacing) != 0 {
			continue
		}
		f.pixel = append(f.pixel, int32(i))
		f.phase = append(f.phase, rng.unit())
		f.rate = append(f.rate, slow+float32(rng.unit()*(fast-slow)))
		f.state[2][i] = 1
	}
	f.prepare()
	f.show()
	return f
}

func (f *fireflies) Step(in *Influence) {
	f.step(float32(float32(f.coupling*in.Coherence)*(1-in.Fragmentation)), in.Seconds)
	f.show()
}

func (f *fireflies) State() *[4][]float32 { return &f.state }

func (f *fireflies) Memory() []any {
	return []any{&f.phase, &f.rate, &f.state[0], &f.state[1]}
}

func (f *fireflies) show() {
	for i, px := range f.pixel {
		f.state[0][px] = flash(f.phase[i]/f.rate[i], f.rise, f.fall)
		f.state[1][px] = f.phase[i]
	}
}

// kuramoto is N phase oscillators, stepped by Euler's rule.
type kuramoto struct {
	phase  []float32 // cycles, 0…1
	rate   []float32 // cycles a second, alone; may be negative
	re, im []float32 // e^iθ
	order  float32   // r, 0…1, before the last step
}

func (k *kuramoto) prepare() {
	k.re, k.im = make([]float32, len(k.phase)), make([]float32, len(k.phase))
}

// step advances by seconds with a coupling K in rad/s.
func (k *kuramoto) step(coupling, seconds float32) {
	if len(k.phase) == 0 {
		return
	}
	var sumRe, sumIm float32
	for i, p := range k.phase {
		k.re[i], k.im[i] = scalar.Cos(float32(p*tau)), scalar.Sin(float32(p*tau))
		sumRe += k.re[i]
		sumIm += k.im[i]
	}
	n := float32(len(k.phase))
	re, im := sumRe/n, sumIm/n
	k.order = scalar.Sqrt(float32(re*re) + float32(im*im))
	for i := range k.phase {
		// r sin(ψ − θ) is the imaginary part of the mean times the conjugate.
		pull := float32(im*k.re[i]) - float32(re*k.im[i])
		cycles := k.rate[i] + float32(coupling*pull)/tau
		p := k.phase[i] + float32(cycles*seconds)
		k.phase[i] = p - scalar.Floor(p)
	}
}
