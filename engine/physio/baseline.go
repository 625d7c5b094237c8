package physio

import "math"

// Baseline is a person's own running normal of one quantity: a mean and a
// spread, cumulative at first and exponentially weighted later. A value far
// outside the spread moves it no more than one at the edge does, so that an
// artefact does not become the new normal. The zero value is ready; it knows
// nothing.
type Baseline struct {
	mean, variance float64
	age            float64 // seconds of signal it has heard
}

// baselineSpan is the time constant of a baseline, seconds: several times as
// long as a skin-conductance response or a change of pace, short against a
// visit. [design]
const baselineSpan = 180

// Add hears that the quantity was x for the last dt seconds.
func (b *Baseline) Add(x, dt float64) {
	if !(dt > 0) {
		if b.age == 0 {
			b.mean = x
		}
		return
	}
	if b.age == 0 {
		b.mean = x
	}
	b.age += dt
	a := dt / min(b.age, baselineSpan)
	d := x - b.mean
	if b.age > 20 { // seconds, by when the spread means something
		edge := 3 * math.Sqrt(b.variance)
		d = min(max(d, -edge), edge)
		if edge == 0 {
			d = x - b.mean
		}
	}
	a = min(a, 1)
	b.mean += float64(a * d)
	b.variance += float64(a * (float64(d*d) - b.variance))
}

// Set begins the baseline with what was found before, as if so many seconds of
// signal had been heard.
func (b *Baseline) Set(mean, spread, seconds float64) {
	b.mean, b.variance, b.age = mean, float64(spread*spread), seconds
}

// Z is how far x lies from the mean, in spreads; a spread under floor counts
// as floor, so that a very steady person's noise is not taken for feeling.
func (b *Baseline) Z(x, floor float64) float64 {
	return (x - b.mean) / max(math.Sqrt(b.variance), floor)
}

// Mean is the running mean.
func (b *Baseline) Mean() float64 { return b.mean }

// Age is how many seconds of signal the baseline rests on.
func (b *Baseline) Age() float64 { return b.age }

// Confidence is 0 with no signal heard, and rises to 1 in so many seconds of it.
func (b *Baseline) Confidence(seconds float64) float64 { return min(b.age/seconds, 1) }

// Ease moves x towards a target for dt seconds by a first-order low-pass of
// the time constant tau, implicitly, so that it is stable at any dt.
func Ease(x, target, dt, tau float64) float64 {
	return x + float64((target-x)*(dt/(tau+dt)))
}
