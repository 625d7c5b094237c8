package physio

// Breath finds the beginnings of breaths in a respiration signal that rises
// as one breathes in: the upward crossings of its running mean, of which
// those count whose swing since the last one was at least 0.3 of the usual
// swing (after D. Khodadad et al., "Optimized breath detection algorithm in
// electrical impedance tomography", Physiol. Meas. 39 (2018) 094001, with a
// running mean in place of the median). The zero value is ready.
type Breath struct {
	age      float64
	smooth   float64
	level    float64
	high     float64 // extremes since the last crossing counted
	low      float64
	swing    float64 // usual swing
	below    bool    // has been clearly below since
	clock    float64 // s since the first sample
	crossing float64 // clock of the last breath
	has      bool
}

// Inhalation is the beginning of a breath.
type Inhalation struct {
	At       float64 // seconds since the first sample
	Ago      float64 // before the newest sample, s
	Interval float64 // since the breath before, s; always known
}

// What bounds a breath, seconds, and the time constants of its level and of
// the smoothing before it. [design]
const (
	breathLeast, breathMost = 1.2, 15.0
	breathLevel             = 8.0
	breathSmooth            = 0.3
)

// Add takes a sample that came dt seconds after the one before, and says
// whether a breath has begun whose predecessor is known.
func (b *Breath) Add(x, dt float64) (Inhalation, bool) {
	if b.age == 0 && b.clock == 0 && !b.has && b.swing == 0 && b.level == 0 {
		b.level, b.smooth, b.high, b.low = x, x, x, x
	}
	b.clock += dt
	b.age += dt
	b.smooth = Ease(b.smooth, x, dt, breathSmooth)
	b.level = Ease(b.level, b.smooth, dt, min(b.age, breathLevel))
	b.high, b.low = max(b.high, b.smooth), min(b.low, b.smooth)
	swing := b.high - b.low
	if b.smooth < b.level-float64(0.1*b.swing) {
		b.below = true
	}
	if !b.below || b.smooth <= b.level || swing < float64(0.3*b.swing) {
		return Inhalation{}, false
	}
	b.below = false
	b.high, b.low = b.smooth, b.smooth
	if b.swing == 0 {
		b.swing = swing
	}
	b.swing += float64((swing - b.swing) * 0.25)
	interval := b.clock - b.crossing
	if b.has && interval < breathLeast {
		return Inhalation{}, false
	}
	known := b.has && interval <= breathMost
	b.crossing, b.has = b.clock, true
	return Inhalation{At: b.clock, Interval: interval}, known
}
