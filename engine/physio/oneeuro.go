package physio

import "math"

// OneEuro is the 1 € filter: a first-order low-pass whose corner rises with
// the speed of the signal, so that it is steady at rest and quick in motion.
// G. Casiez, N. Roussel, D. Vogel, "1 € filter: a simple speed-based low-pass
// filter for noisy input in interactive systems", CHI 2012.
type OneEuro struct {
	MinCutoff float64 // Hz: the corner at rest
	Beta      float64 // how much speed raises it
	DCutoff   float64 // Hz: the corner for the speed itself

	value, speed float64
	started      bool
}

// Add filters a value that came dt seconds after the one before.
func (f *OneEuro) Add(x, dt float64) float64 {
	if !f.started {
		f.started, f.value = true, x
		return x
	}
	if !(dt > 0) {
		return f.value
	}
	f.speed = towardsBy(f.speed, (x-f.value)/dt, f.DCutoff, dt)
	f.value = towardsBy(f.value, x, f.MinCutoff+float64(f.Beta*math.Abs(f.speed)), dt)
	return f.value
}

// towardsBy is one step of exponential smoothing with a corner in Hz:
// α = 1/(1 + τ/Te), τ = 1/(2π fc).
func towardsBy(last, x, corner, dt float64) float64 {
	tau := 1 / (2 * math.Pi * corner)
	return Ease(last, x, dt, tau)
}
