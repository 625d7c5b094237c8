package physio

// Breath finds the beginnings of breaths in a respiration signal that rises
// as one breathes in: the upward zero crossings of the signal in the band 0.1
// to 0.35 Hz, of which those count before which it swung at least 0.3 times
// as far as usual, the median of the last breaths (D. Khodadad et al.,
// "Optimized breath detection algorithm in electrical impedance tomography",
// Physiol. Meas. 39 (2018) 094001).
type Breath struct {
	rate     float64
	high     biquad
	low      biquad
	n        int
	last     float64
	up, down float64 // extremes since the last breath
	swings   [breathKept]float64
	breaths  int     // whose swing is in swings, the last breathKept
	usual    float64 // interval, s
	at       float64 // of the last breath, samples
	has      bool
}

// Inhalation is the beginning of a breath.
type Inhalation struct {
	At       float64 // seconds since the first sample
	Ago      float64 // before the newest sample, s
	Interval float64 // since the breath before, s; 0 when that is not known
	Quality  float64 // 0…1: how like the ones before it is, in depth and in length
}

// The band is that of breathing at rest; a pause longer than breathMost is a
// lost signal, not a breath.
const (
	breathLow, breathHigh   = 0.1, 0.35 // Hz
	breathLeast, breathMost = 1.2, 15.0 // s
	breathPart              = 0.3
	breathKept              = 8 // breaths of which the median is taken: half a minute
)

// NewBreath makes one for a signal of rate samples a second, 2 or more.
func NewBreath(rate float64) *Breath {
	return &Breath{rate: rate, high: highPass(breathLow, rate), low: lowPass(breathHigh, rate)}
}

// Add takes the next sample and says whether a breath has begun.
func (b *Breath) Add(x float64) (Inhalation, bool) {
	y := b.low.step(b.high.step(x))
	n := b.n
	b.n++
	last := b.last
	b.last = y
	b.up, b.down = max(b.up, y), min(b.down, y)
	if !(last < 0 && y >= 0) {
		return Inhalation{}, false
	}
	at := float64(n) - y/(y-last) // where the line between the samples crosses
	swing, usual := b.up-b.down, b.usualSwing()
	if swing < float64(breathPart*usual) || (b.has && at-b.at < float64(breathLeast*b.rate)) {
		return Inhalation{}, false
	}
	if b.has { // the first began before there was anything to see
		b.swings[b.breaths%breathKept] = swing
		b.breaths++
	}
	b.up, b.down = 0, 0
	found := Inhalation{At: at / b.rate, Ago: (float64(n) - at) / b.rate}
	if b.has && at-b.at <= float64(breathMost*b.rate) {
		found.Interval = (at - b.at) / b.rate
		if b.usual == 0 {
			b.usual = found.Interval
		}
		// Half or twice as deep or as long as usual is no regular breath.
		found.Quality = float64(alike(swing, usual) * alike(found.Interval, b.usual))
		b.usual += float64((min(found.Interval, 2*b.usual) - b.usual) * 0.25)
	}
	b.at, b.has = at, true
	return found, true
}

// usualSwing is the median of the last swings, 0 of none.
func (b *Breath) usualSwing() float64 {
	k := min(b.breaths, breathKept)
	if k == 0 {
		return 0
	}
	s := b.swings
	for i := 1; i < k; i++ {
		for j := i; j > 0 && s[j] < s[j-1]; j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
	return (s[(k-1)/2] + s[k/2]) / 2
}

// alike is 1 for values up to half as large again, and 0 where one is twice
// the other.
func alike(a, b float64) float64 {
	if !(a > 0 && b > 0) {
		return 0
	}
	if a < b {
		a, b = b, a
	}
	return min(max(2*(2-a/b), 0), 1)
}
