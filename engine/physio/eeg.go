package physio

import (
	"math"

	"noctiluca/engine/physio/turn"
	"noctiluca/shaders/kage/block/scalar"
)

// EEG is the power of one electrode's bands: Welch's method (P. D. Welch, IEEE
// Trans. Audio Electroacoust. 15 (1967) 70–73) over segments of four seconds
// that overlap by half, each with its mean taken off and a Hann window laid
// on. A segment is told every two seconds. Its bins are a quarter of a hertz
// apart, by Goertzel's recurrence.
//
// A segment that swings more than four times as far as usual, as in a blink
// or a clenched jaw, or not at all, has no quality and counts for nothing.
type EEG struct {
	rate   float64
	ring   ring
	hop    int
	left   int // samples until the next segment
	window []float64
	work   []float64
	cosine []float64 // 2 cos of each bin
	scale  float64   // of a bin's square into power a hertz
	usual  float64   // swing of late
	steady int       // segments since the last artefact
	Bands  Bands     // of the good segments of late, smoothed over some 10 s
	warm   bool
	power  [eegLast + 1]float64
}

// Bands are powers in the square of the signal's unit; the bands are delta 1–4,
// theta 4–8, alpha 8–13, beta 13–30 and gamma 30–40 Hz, each with its lower
// end and without its upper one, but for 40.
type Bands struct {
	Delta, Theta, Alpha, Beta, Gamma float64
	Total                            float64 // 1 to 40 Hz
	Peak                             float64 // Hz: the highest bin of 7 to 14 Hz
	Quality                          float64 // 0…1
}

const (
	eegSegment        = 4.0    // s
	eegFirst, eegLast = 4, 160 // bins of a quarter of a hertz: 1 to 40 Hz
	eegSmooth         = 10.0   // s
	eegSwing          = 4.0    // of usual
)

// NewEEG makes one for a signal of rate samples a second, 90 or more.
func NewEEG(rate float64) *EEG {
	n := int(float64(eegSegment*rate) + 0.5)
	e := &EEG{rate: rate, ring: newRing(n), hop: n / 2, left: n, window: make([]float64, n), work: make([]float64, n), cosine: make([]float64, eegLast+1)}
	sum := 0.0
	for i := range e.window {
		_, c := turn.SinCos(float64(i) / float64(n))
		e.window[i] = 0.5 - float64(0.5*c)
		sum += float64(e.window[i] * e.window[i])
	}
	e.scale = 2 / (rate * sum)
	for k := range e.cosine {
		_, c := turn.SinCos(float64(k) / float64(n))
		e.cosine[k] = 2 * c
	}
	return e
}

// Add takes the next sample. Every two seconds it gives the bands of the last
// four and says so.
func (e *EEG) Add(x float64) (Bands, bool) {
	e.ring.push(x)
	e.left--
	if e.left > 0 {
		return Bands{}, false
	}
	e.left = e.hop
	b := e.segment()
	if b.Quality > 0 {
		share := eegSegment / 2 / eegSmooth
		if !e.warm {
			share, e.warm = 1, true
		}
		for _, p := range [...][2]*float64{
			{&e.Bands.Delta, &b.Delta}, {&e.Bands.Theta, &b.Theta}, {&e.Bands.Alpha, &b.Alpha},
			{&e.Bands.Beta, &b.Beta}, {&e.Bands.Gamma, &b.Gamma}, {&e.Bands.Total, &b.Total}, {&e.Bands.Peak, &b.Peak},
		} {
			*p[0] += float64(share * (*p[1] - *p[0]))
		}
	}
	e.Bands.Quality = Ease(e.Bands.Quality, b.Quality, eegSegment/2, 4)
	return b, true
}

func (e *EEG) segment() Bands {
	n := len(e.work)
	mean, low, high := 0.0, math.Inf(1), math.Inf(-1)
	for i := range n {
		v := e.ring.back(n - 1 - i)
		e.work[i] = v
		mean += v
		low, high = min(low, v), max(high, v)
	}
	mean /= float64(n)
	for i := range e.work {
		e.work[i] = float64((e.work[i] - mean) * e.window[i])
	}
	var b Bands
	top := 0.0
	for k := eegFirst; k <= eegLast; k++ {
		c, s1, s2 := e.cosine[k], 0.0, 0.0
		for _, x := range e.work {
			s1, s2 = x+float64(c*s1)-s2, s1
		}
		p := float64(s1*s1) + float64(s2*s2) - float64(float64(c*s1)*s2)
		p = float64(p*e.scale) / eegSegment
		e.power[k] = p
		b.Total += p
		switch {
		case k < 16:
			b.Delta += p
		case k < 32:
			b.Theta += p
		case k < 52:
			b.Alpha += p
		case k < 120:
			b.Beta += p
		default:
			b.Gamma += p
		}
		if k >= 28 && k <= 56 && p > top {
			top, b.Peak = p, float64(k)/eegSegment
		}
	}
	swing := high - low
	switch {
	case !(b.Total > 0) || math.IsInf(b.Total, 0):
		return Bands{}
	case e.usual == 0:
		e.usual = swing
	}
	b.Quality = 1
	if swing > float64(eegSwing*e.usual) {
		b.Quality = 0
	}
	e.usual += float64((min(swing, float64(2*e.usual)) - e.usual) * 0.1)
	return b
}

// Spectrum is the power in each bin of the last segment, bin k at k/4 Hz, 1 to
// 40 Hz; it is the detector's own and good until the next Add.
func (e *EEG) Spectrum() []float64 { return e.power[:] }

// RelativeAlpha is alpha's part of all the power from 1 to 40 Hz.
func (b Bands) RelativeAlpha() float64 {
	if !(b.Total > 0) {
		return 0
	}
	return b.Alpha / b.Total
}

// Asymmetry is frontal alpha asymmetry, ln(right) − ln(left), of the alpha
// powers of two electrodes such as AF8 and AF7. It is often read as approach
// (above 0) against withdrawal; a review of 61 studies finds mixed results
// (10.3389/fcomp.2022.869123), so here it is a number to look at and moves
// nothing. It is 0 where either power is unknown.
func Asymmetry(left, right float64) float64 {
	if !(left > 0 && right > 0) {
		return 0
	}
	return float64(scalar.Log(float32(right))) - float64(scalar.Log(float32(left)))
}
