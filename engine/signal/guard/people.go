package guard

// People is how a simulated crowd answers the light, with everything known
// that a guard must find out: for tests, and for the crowd of a demonstration.
type People struct {
	// Gain is the arousal that a unit of the light's brings about in the end.
	Gain float64
	// Delay is how long they take to notice, s, at most 12.
	Delay float64
	// Lag is the time constant with which they answer, s; 0 is 5 s.
	Lag float64
	// Habituation is what part of a lasting light they get used to, 0…1, and
	// Habit how fast, s; 0 is 20 s. The lasting gain is Gain × (1 − Habituation).
	Habituation, Habit float64

	ring   [256]float64 // of the light, at 20 a second
	n      int
	used   float64 // what they are used to
	answer float64
}

const peopleRate = 20 // a second

// Step lets a twentieth of a second pass under a light of that arousal, and
// gives what it brings about.
func (p *People) Step(light float64) float64 {
	const dt = 1.0 / peopleRate
	p.ring[p.n%len(p.ring)] = light
	back := min(int(p.Delay*peopleRate+0.5), len(p.ring)-1)
	seen := 0.0
	if p.n >= back {
		seen = p.ring[(p.n-back)%len(p.ring)]
	}
	p.n++
	lag, habit := p.Lag, p.Habit
	if !(lag > 0) {
		lag = 5
	}
	if !(habit > 0) {
		habit = 20
	}
	p.used += float64((seen - p.used) * (dt / (habit + dt)))
	stimulus := float64(p.Gain * (seen - float64(p.Habituation*p.used)))
	p.answer += float64((stimulus - p.answer) * (dt / (lag + dt)))
	return p.answer
}
