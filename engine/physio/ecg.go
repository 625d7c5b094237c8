package physio

import "math"

// ECG finds heart beats in an electrocardiogram as they come: J. Pan, W. J.
// Tompkins, "A real-time QRS detection algorithm", IEEE Trans. Biomed. Eng. 32
// (1985) 230–236, for any sampling rate. Band-pass 5 to 15 Hz, slope, square,
// integral over 150 ms; a peak of the integral over a threshold between the
// running peaks of signal and of noise is a beat. A wave soon after a beat and
// less than half as steep is a T wave; where a beat is long overdue the
// highest peak over half the threshold is taken after all.
//
// A beat is told when the integral has fallen to half its peak: some 150 to
// 220 ms after the R wave. One that was searched back for is told late, with
// its true time. For the first two seconds the thresholds are learned.
type ECG struct {
	rate  float64
	low   biquad
	high  biquad
	slope delay
	sum   mean
	n     int

	learned    float64 // highest integral while learning
	signal     float64 // SPKI: running peak of beats
	noise      float64 // NPKI: of what is none
	refractory int     // samples
	tWave      int     // samples after a beat in which a T wave may stand
	learn      int

	rising  bool
	steepAt int     // of the largest slope
	peak    float64 // of the integral, since it rose
	steep   float64 // largest squared slope since then
	beatAt  int     // of the last beat, by the R wave, samples
	has     bool
	beaten  float64 // squared slope of the last beat
	usual   float64 // interval of late, samples
	skipped candidate

	raw   ring // the signal, for the place of the R wave
	shape shape
}

// candidate is a peak that did not reach the threshold.
type candidate struct {
	peak, steep float64
	at          int
	known       bool
}

// The paper's times and factors.
const (
	ecgLow, ecgHigh = 5.0, 15.0 // Hz
	ecgSlope        = 0.01      // s, over which the slope is taken
	ecgIntegral     = 0.150     // s
	ecgRefractory   = 0.200     // s
	ecgTWave        = 0.360     // s
	ecgLearn        = 2.0       // s
	ecgOverdue      = 1.66      // usual intervals
	ecgRecall       = 0.5       // s of signal in which the R wave lies
	ecgBefore       = 0.10      // s, before the steepest place of the late band-passed signal
	ecgAfter        = 0.02      // s
	ecgWing         = 0.03      // s
)

// NewECG makes a detector for a signal of rate samples a second, 60 or more.
func NewECG(rate float64) *ECG {
	samples := func(s float64) int { return max(int(float64(s*rate)+0.5), 1) }
	return &ECG{
		rate: rate,
		high: highPass(ecgLow, rate), low: lowPass(ecgHigh, rate),
		slope: newDelay(samples(ecgSlope)), sum: newMean(samples(ecgIntegral)),
		refractory: samples(ecgRefractory), tWave: samples(ecgTWave), learn: samples(ecgLearn),
		usual: 0.8 * rate,
		raw:   newRing(samples(ecgRecall)),
		shape: newShape(0.10, 0.10),
	}
}

// Add takes the next sample and says whether a beat has now been found.
func (e *ECG) Add(x float64) (Beat, bool) {
	y := e.low.step(e.high.step(x))
	e.raw.push(x)
	d := y - e.slope.step(y)
	square := float64(d * d)
	integral := e.sum.step(square)
	n := e.n
	e.n++
	if n < e.learn {
		e.learned = max(e.learned, integral)
		if n == e.learn-1 {
			e.signal, e.noise = float64(0.6*e.learned), float64(0.05*e.learned)
		}
	}
	// Where no beat has come for long the thresholds give way, so that one
	// large artefact does not hide the heart.
	if e.has && n-e.beatAt > int(2*e.usual) || !e.has && n > 2*e.learn {
		e.signal = Ease(e.signal, 0, 1/e.rate, 2)
		e.noise = Ease(e.noise, 0, 1/e.rate, 2)
	}
	if integral > e.peak {
		e.peak, e.rising = integral, true
	}
	if e.rising {
		if square > e.steep {
			e.steep, e.steepAt = square, n
		}
		if integral < float64(0.5*e.peak) {
			c := candidate{peak: e.peak, steep: e.steep, at: e.place(), known: true}
			e.rising, e.peak, e.steep = false, integral, 0
			if b, ok := e.judge(c); ok {
				return b, ok
			}
		}
	} else {
		e.peak = min(e.peak, integral) // follows down until it rises again
	}
	if e.skipped.known && e.has && float64(n-e.beatAt) > float64(ecgOverdue*e.usual) {
		c := e.skipped
		e.skipped = candidate{}
		if c.peak > 0.5*e.threshold() && c.at-e.beatAt > e.refractory {
			return e.take(c, 0.25)
		}
	}
	return Beat{}, false
}

func (e *ECG) threshold() float64 { return e.noise + float64(0.25*(e.signal-e.noise)) }

// judge says what a peak of the integral was.
func (e *ECG) judge(c candidate) (Beat, bool) {
	if e.n <= e.learn {
		return Beat{}, false
	}
	since := c.at - e.beatAt
	switch {
	case e.has && since < e.refractory:
		return Beat{}, false // the same wave again
	case c.peak < e.threshold(), !(c.peak > 0):
		if !e.skipped.known || c.peak > e.skipped.peak {
			e.skipped = c
		}
		e.noise += float64(0.125 * (c.peak - e.noise))
		return Beat{}, false
	case e.has && since < e.tWave && c.steep < 0.5*e.beaten:
		e.noise += float64(0.125 * (c.peak - e.noise)) // a T wave
		return Beat{}, false
	}
	return e.take(c, 0.125)
}

// take takes a peak as a beat; share is how far it moves the running peak.
func (e *ECG) take(c candidate, share float64) (Beat, bool) {
	// One peak many times as large as usual moves the measure as one four
	// times as large does.
	e.signal += float64(share * (min(c.peak, 4*e.signal) - e.signal))
	at := float64(c.at) + e.bend(c.at)
	b := Beat{At: at / e.rate, Ago: (float64(e.n-1) - at) / e.rate}
	b.Quality = e.shape.judge(&e.raw, e.n-1-c.at, e.rate)
	if e.has {
		b.Interval = float64(c.at-e.beatAt) / e.rate
		s := min(max(float64(c.at-e.beatAt), 0.75*e.usual), 1.33*e.usual)
		e.usual += float64((s - e.usual) * 0.25)
		e.usual = min(max(e.usual, 0.35*e.rate), 1.5*e.rate)
	}
	e.beatAt, e.has, e.beaten = c.at, true, c.steep
	e.skipped = candidate{}
	return b, true
}

// place is where the R wave of the present peak lies: about the steepest
// place, where the signal itself is most pointed, that is, farthest from the
// chord over 30 ms to both sides. Band-passed it has lobes to both sides, and
// a baseline that jumps is not pointed.
func (e *ECG) place() int {
	wing := max(int(float64(ecgWing*e.rate)+0.5), 1)
	last := e.n - 1 - e.steepAt
	from := max(last-int(float64(ecgAfter*e.rate)), wing)
	to := min(last+int(float64(ecgBefore*e.rate)), e.raw.len()-1-wing)
	most, ago := -1.0, max(last, 0)
	for i := from; i <= to; i++ {
		if v := math.Abs(e.raw.back(i) - float64(0.5*(e.raw.back(i-wing)+e.raw.back(i+wing)))); v > most {
			most, ago = v, i
		}
	}
	return e.n - 1 - ago
}

// bend is the part of a sample by which the top lies beside its sample.
func (e *ECG) bend(at int) float64 {
	ago := e.n - 1 - at
	if ago < 1 || ago+1 >= e.raw.len() {
		return 0
	}
	a, b, c := e.raw.back(ago+1), e.raw.back(ago), e.raw.back(ago-1)
	if (b-a)*(b-c) <= 0 {
		return 0
	}
	return min(max(0.5*(a-c)/(a-2*b+c), -0.5), 0.5)
}
