// Package flicker judges light that is switched faster than it is seen to
// flash: the pulse width modulation of LED drivers, and dither in time. It
// holds it to the recommended practices of IEEE 1789-2015.
//
// Slower changes that are meant to be seen are package flash's.
package flicker

import "fmt"

// Risk is a region of IEEE 1789-2015's figure 20.
type Risk int

// The regions, best first.
const (
	NoEffect Risk = iota // no observable effect level (recommended practice 2)
	Low                  // low risk (recommended practice 1)
	High                 // neither
)

// String names the region.
func (r Risk) String() string {
	return [...]string{"no observable effect", "low risk", "not low risk"}[r]
}

// LowRisk is the most modulation, in per cent, that is low risk at a
// frequency in Hz (recommended practice 1): 0.025 f under 90 Hz, 0.08 f up to
// 1250 Hz, any over it.
func LowRisk(hz float64) float64 {
	switch {
	case hz < 90:
		return 0.025 * hz
	case hz <= 1250:
		return 0.08 * hz
	}
	return 100
}

// NoObservableEffect is the same for recommended practice 2: 0.01 f under
// 90 Hz, 0.08 f / 2.5 (quoted as 0.0333 f) up to 3000 Hz, any over it.
func NoObservableEffect(hz float64) float64 {
	switch {
	case hz < 90:
		return 0.01 * hz
	case hz <= 3000:
		return min(0.0333*hz, 100)
	}
	return 100
}

// Judge places a modulation, 100 (most − least)/(most + least) in per cent, at
// a frequency in Hz.
func Judge(hz, modulation float64) Risk {
	switch {
	case modulation <= NoObservableEffect(hz):
		return NoEffect
	case modulation <= LowRisk(hz):
		return Low
	}
	return High
}

// PWM judges a driver that switches its LED wholly on and off.
func PWM(hz float64) Risk { return Judge(hz, 100) }

// DitherFloor is the least byte at which dither in time is low risk at a frame
// rate, for bytes that are linear in light. A light that is the byte n + 1 in
// a share p of the frames, else n, has its first harmonic at p × rate, of
// 2p/n at most; so much is low risk as 0.025 × p × rate per cent. Both grow
// with p, so one byte holds for all of them: n = 200/(0.025 × rate). For
// rates whose half is over 90 Hz the stricter rule is kept. 256: there is no
// such byte.
func DitherFloor(rate float64) int {
	if !(rate > 0) {
		return 256
	}
	return min(256, int(200/(0.025*rate)+0.9999))
}

// Warnings says, for an installation's rate and its drivers, what is not low
// risk. types and their PWM frequencies are of one length.
func Warnings(types []string, hz []float64) []string {
	var out []string
	for i := range types {
		if r := PWM(hz[i]); r == High {
			out = append(out, fmt.Sprintf("LED type %s switches at %g Hz, fully on and off: IEEE 1789-2015 calls up to %.0f %% of modulation low risk there. Where people stay for long, use a type that switches at over 1250 Hz.", types[i], hz[i], LowRisk(hz[i])))
		}
	}
	return out
}
