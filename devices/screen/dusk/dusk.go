// Package dusk computes where the light of an installation falls: on wood, on
// the ground, into the air, and into the lens. It is arithmetic on slices,
// without a window or a GPU, so that it can be tested anywhere; package screen
// draws what it finds.
//
// It is for the eye, not for measuring: falloffs are near those of point
// sources in hazy air, and nothing here reaches a frame.
//
// The one idea it owns: light is gathered in floating point at the coarseness
// at which it is smooth anyway (half-metre cells for air, hand-wide ones for
// the ground, four pixels for a glow), over doubling scales, so that any
// number of lights costs the same, and nothing is rounded or clipped until
// Film, at the very end.
//
// Values are set up for one installation and used from one goroutine each;
// after the first picture of a size nothing is allocated.
package dusk

import "math"

// filmSteps is fine enough that neighbouring entries differ by less than
// half of 1/255.
const filmSteps = 2048

// filmMost is the light at which film is white to within half of 1/255.
const filmMost = 6.3

// film holds Film at squares of equal steps, so that the dark is fine.
var film = func() (t [filmSteps + 1]float32) {
	for i := range t {
		u := float64(i) / filmSteps
		t[i] = float32(255 * math.Sqrt(1-math.Exp(-filmMost*u*u)))
	}
	return t
}()

// Film is what film makes of linear light: 255·sqrt(1-exp(-l)), 0…255. It
// has the slope of a square root in the dark and never clips.
func Film(l float32) float32 {
	if !(l > 0) {
		return 0
	}
	u := float32(math.Sqrt(float64(l * (1 / float32(filmMost)))))
	return film[int(min(u, 1)*filmSteps)]
}

// clearSteps to a unit of optical depth, and how many units there are: beyond
// them nothing is to be seen.
const (
	clearSteps = 128
	clearMost  = 8
)

var clearing = func() (t [clearSteps*clearMost + 2]float32) {
	for i := range t {
		t[i] = float32(math.Exp(-float64(i) / clearSteps))
	}
	return t
}()

// Clear is how much light comes through air of an optical depth of 0 or more:
// exp(-depth), to 1/100,000.
func Clear(depth float32) float32 {
	x := min(max(depth, 0), clearMost) * clearSteps
	i := int(x)
	return clearing[i] + (x-float32(i))*(clearing[i+1]-clearing[i])
}

// noise is a cheap triangular dither of −1…1 for entry i of frame n: rounding
// with it hides the steps of 8 bits.
func noise(i, n uint32) float32 {
	h := i*0x9E3779B1 ^ n*0x85EBCA6B
	h ^= h >> 15
	h *= 0x2C1B3C6D
	h ^= h >> 13
	return (float32(h&0xFFFF) - float32(h>>16)) * (1.0 / 65536)
}

func toByte(v float32) byte { return byte(min(max(v+0.5, 0), 255)) }

// Lights is where the LEDs are and what they emit now. The slices have the
// same length; R, G and B are linear light.
type Lights struct {
	X, Y, Z []float32
	R, G, B []float32
}
