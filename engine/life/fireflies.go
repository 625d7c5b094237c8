package life

import (
	"math/rand/v2"

	"noctiluca/shaders/kage/block/scalar"
)

// Fireflies sit on one pixel in fireflySpacing and flash by their own clock.
// People in tune let them couple: then they fall into step, as a swarm does.
//
// Each is a phase oscillator in a mean field (Kuramoto 1975):
// dθ = ω + K r sin(ψ − θ), where r and ψ are length and angle of the mean of
// all e^iθ, stepped by Euler's rule. Natural periods are 5.5 to 7 s and the
// flash is short and J-shaped, after Photinus pyralis (Lloyd 1966).
//
// State: x the flash 0…1, y the phase in cycles (0 is the start of the
// flash), z 1 where there is a firefly, w unused.
type fireflies struct {
	state  [4][]float32
	pixel  []int32   // of each firefly
	phase  []float32 // cycles, 0…1
	rate   []float32 // cycles a second, alone
	re, im []float32 // e^iθ
	order  float32
}

const (
	fireflySpacing = 24
	slowestFlash   = 7.0 // s between flashes
	fastestFlash   = 5.5
	// fullCoupling is K when all hearts beat as one. Natural rates spread
	// over ±0.125 rad/s, uniformly, for which the critical coupling is
	// 4/π × 0.125 = 0.16 rad/s (Kuramoto: Kc = 2/(π g(0))), so a crowd is in
	// tune enough at a coherence of about 0.2.
	fullCoupling = 0.8 // rad/s

	flashRise  = 0.10 // s
	flashDecay = 0.60 // s
)

const tau = 6.283185307179586

func newFireflies(c Config) *fireflies {
	f := &fireflies{}
	for i := range f.state {
		f.state[i] = make([]float32, len(c.X))
	}
	rng := rand.New(rand.NewPCG(c.Seed, 0xF12EF1E5))
	for i := range c.X {
		if rng.Uint64N(fireflySpacing) != 0 {
			continue
		}
		f.pixel = append(f.pixel, int32(i))
		f.phase = append(f.phase, float32(rng.Uint32N(1<<24))/(1<<24))
		slow, fast := float32(1/slowestFlash), float32(1/fastestFlash)
		f.rate = append(f.rate, slow+float32(float32(rng.Uint32N(1<<24))/(1<<24)*(fast-slow)))
		f.state[2][i] = 1
	}
	f.re, f.im = make([]float32, len(f.pixel)), make([]float32, len(f.pixel))
	f.show()
	return f
}

func (f *fireflies) Step(in Influence) {
	if len(f.pixel) == 0 {
		return
	}
	var sumRe, sumIm float32
	for i, p := range f.phase {
		f.re[i], f.im[i] = scalar.Cos(float32(p*tau)), scalar.Sin(float32(p*tau))
		sumRe += f.re[i]
		sumIm += f.im[i]
	}
	n := float32(len(f.pixel))
	re, im := sumRe/n, sumIm/n
	f.order = scalar.Sqrt(float32(re*re) + float32(im*im))
	k := float32(fullCoupling * in.Coherence * (1 - in.Fragmentation))
	for i := range f.phase {
		// r sin(ψ − θ) is the imaginary part of the mean times the conjugate.
		pull := float32(im*f.re[i]) - float32(re*f.im[i])
		cycles := f.rate[i] + float32(k*pull)/tau
		p := f.phase[i] + float32(cycles*in.Seconds)
		f.phase[i] = p - scalar.Floor(p)
	}
	f.show()
}

func (f *fireflies) State() *[4][]float32 { return &f.state }

func (f *fireflies) show() {
	for i, px := range f.pixel {
		f.state[0][px] = flash(f.phase[i] / f.rate[i])
		f.state[1][px] = f.phase[i]
	}
}

// flash is the light at t seconds after its start: a straight rise, then a
// decay that leaves gently.
func flash(t float32) float32 {
	if t < flashRise {
		return t / flashRise
	}
	u := 1 - (t-flashRise)/flashDecay
	if u <= 0 {
		return 0
	}
	return float32(float32(u*u) * u)
}
