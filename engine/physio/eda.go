package physio

// EDA parts skin conductance (µS) into its level (tonic) and its responses
// (phasic, by a high-pass at 0.05 Hz), and finds the responses: an onset, then
// a peak that stands high enough over it. Response rate and level rise with
// arousal; about one person in ten shows no responses at all, so their
// absence says nothing.
type EDA struct {
	rate    float64
	smooth  biquad
	high    biquad
	n       int
	Tonic   float64 // µS: level
	Phasic  float64 // µS: what is over the level, about 0 at rest
	last    float64
	rising  bool
	low     float64 // phasic at the last trough
	lowAt   int
	top     float64 // largest response, fading over minutes
	recent  float64 // responses a minute, over the last minute or so
	settled float64 // s of signal
	raw     float64 // the smoothed sample before
	bad     float64 // s until a breach of the rules of quality is forgotten
}

// Response is one skin-conductance response.
type Response struct {
	Onset     float64 // seconds since the first sample
	Peak      float64
	Amplitude float64 // µS, of the phasic part: a third less than one reads off the signal
	Ago       float64 // how long before the newest sample its peak was, s
}

// What makes a response. The usual criterion is 0.05 µS by eye and 0.01 by
// machine; that of the largest is NeuroKit's. Rise times are 0.5 to 5 s. [2nd]
const (
	edaCorner    = 0.05 // Hz
	edaSmooth    = 1.0  // Hz, against noise
	edaLeast     = 0.02 // µS
	edaOfLargest = 0.1
	edaFade      = 180.0 // s, in which the largest fades to a third
	edaWarm      = 10.0  // s, until the filters rest
	edaRiseLeast = 0.3   // s
	edaRiseMost  = 10.0
)

// What skin can do: conductance within 0.05 to 60 µS that changes by no more
// than 10 µS a second; what lies within 5 s of a breach is not to be trusted.
// Source: I. R. Kleckner et al., "Simple, transparent, and flexible automated
// quality assessment procedures for ambulatory electrodermal activity data",
// IEEE Trans. Biomed. Eng. 65 (2018) 1460–1467.
const (
	edaDry, edaShort = 0.05, 60.0 // µS
	edaSlope         = 10.0       // µS/s
	edaDoubt         = 5.0        // s
)

// NewEDA makes one for a signal of rate samples a second, 4 or more.
func NewEDA(rate float64) *EDA {
	return &EDA{rate: rate, smooth: lowPass(edaSmooth, rate), high: highPass(edaCorner, rate)}
}

// Add takes the next sample, and says whether a response has now been found.
func (e *EDA) Add(x float64) (Response, bool) {
	s := e.smooth.step(x)
	change := (s - e.raw) * e.rate
	if !(x >= edaDry && x <= edaShort) || e.n > 0 && (change > edaSlope || -change > edaSlope) {
		e.bad = edaDoubt
	} else {
		e.bad = max(e.bad-1/e.rate, 0)
	}
	e.raw = s
	e.Phasic = e.high.step(s)
	e.Tonic = s - e.Phasic
	n := e.n
	e.n++
	dt := 1 / e.rate
	e.settled += dt
	e.top = Ease(e.top, 0, dt, edaFade)
	e.recent = Ease(e.recent, 0, dt, 60)
	found, ok := Response{}, false
	switch rising := e.Phasic > e.last; {
	case n == 0 || e.settled < edaWarm:
		e.low, e.lowAt, e.rising = e.Phasic, n, false
	case rising && !e.rising:
		e.rising = true
		e.low, e.lowAt = e.last, n-1
	case !rising && e.rising:
		e.rising = false
		found = Response{
			Onset: float64(e.lowAt) * dt, Peak: float64(n-1) * dt,
			Amplitude: e.last - e.low, Ago: dt,
		}
		rise := found.Peak - found.Onset
		ok = found.Amplitude >= max(edaLeast, float64(edaOfLargest*e.top)) && rise >= edaRiseLeast && rise <= edaRiseMost
		ok = ok && e.bad == 0
		if ok {
			e.top = max(e.top, found.Amplitude)
			e.recent++
		}
	}
	e.last = e.Phasic
	return found, ok
}

// Response is how high the present response stands, in the largest of late:
// 0 with none, 1 for one as large.
func (e *EDA) Response() float64 {
	if e.settled < edaWarm || e.top < edaLeast {
		return 0
	}
	return min(max(e.Phasic/e.top, 0), 1)
}

// Quality is 1 where the signal is one of skin, 0 within five seconds of where
// it is not: electrodes that are off or dry are no signal, and not a calm one.
func (e *EDA) Quality() float64 {
	if e.bad > 0 || e.n == 0 {
		return 0
	}
	return 1
}

// Rate is the responses a minute, over the last minute or so.
func (e *EDA) Rate() float64 { return e.recent }
