package light

import (
	"fmt"
	"math"
)

// Curve is a transfer curve from linear light to a byte:
// round(255 × light^(1/gamma)), or CIE L*. With gamma 1 a byte is the
// emitter's duty cycle, which is what an LED driver by pulse width wants.
type Curve struct {
	linear bool
	light  func(float64) float64 // the inverse: of a byte of 0…1
	// from[n] is the least light whose byte is n. Comparing with it is exact,
	// where a table indexed by light would be off by one at dark levels.
	from [257]float32
	// at[n] is the light that byte n means.
	at [257]float32
	// guess[i] is the byte of i/guesses, low[i] the last n with at[n] no more
	// than that: where the searches begin.
	guess, low [guesses + 1]uint8
}

const guesses = 1024

// NewCurve makes the curve of a gamma of 1 to 4; 0 stands for 1.
func NewCurve(gamma float64) (*Curve, error) {
	if gamma == 0 {
		gamma = 1
	}
	if !(gamma >= 1 && gamma <= 4) {
		return nil, fmt.Errorf("gamma %v: expected 1…4", gamma)
	}
	c := makeCurve(func(byte float64) float64 { return power(byte, gamma) })
	c.linear = gamma == 1
	return c, nil
}

// NewLightness makes the curve of CIE 1976 lightness, byte = 255 × L*/100:
// L* = 116 Y^⅓ − 16, and 903.3 Y where L* is under 8.
func NewLightness() *Curve {
	return makeCurve(func(byte float64) float64 {
		if l := byte * 100; l <= 8 {
			return l / 903.2962962962963
		}
		f := (byte*100 + 16) / 116
		return float64(float64(f*f) * f)
	})
}

// makeCurve takes the inverse: light of a byte of 0…1, which it is never
// asked for at 0.
func makeCurve(light func(float64) float64) *Curve {
	c := &Curve{light: light}
	for n := 1; n <= 255; n++ {
		// The curve passes from byte n-1 to n halfway.
		c.from[n] = float32(light((float64(n) - 0.5) / 255))
		c.at[n] = float32(light(float64(n) / 255))
	}
	c.at[255] = 1
	c.from[256], c.at[256] = float32(math.Inf(1)), float32(math.Inf(1))
	n, m := 0, 0
	for i := range c.guess {
		for float32(i)/guesses >= c.from[n+1] {
			n++
		}
		for float32(i)/guesses >= c.at[m+1] {
			m++
		}
		c.guess[i], c.low[i] = uint8(n), uint8(m)
	}
	return c
}

// Byte encodes one component. What is not a number is dark.
func (c *Curve) Byte(v float32) byte {
	if !(v > 0) {
		return 0
	}
	if v >= 1 {
		return 255
	}
	if c.linear {
		return byte(float32(v*255) + 0.5)
	}
	n := int(c.guess[int(v*guesses)])
	for v >= c.from[n+1] {
		n++
	}
	return byte(n)
}

// Light is what a byte means, 0…1: the light that Byte makes that byte of.
func (c *Curve) Light(b byte) float32 { return c.at[b] }

// Wide encodes one component in 65535 steps, 257 to a byte's. Between two
// bytes it is linear in light, so that a byte that alternates between them in
// that proportion gives just that light.
func (c *Curve) Wide(v float32) uint32 {
	if !(v > 0) {
		return 0
	}
	if v >= 1 {
		return 65535
	}
	if c.linear {
		return uint32(float32(v*65535) + 0.5)
	}
	n := int(c.low[int(v*guesses)])
	for v >= c.at[n+1] {
		n++
	}
	part := (v - c.at[n]) / (c.at[n+1] - c.at[n])
	return uint32(n)*257 + uint32(float32(part*257)+0.5)
}

// power is x^y for 0 < x < 1, the same bits on every machine: the library's
// functions may fuse a multiplication and an addition where a processor can.
// ln by the series of 2·atanh, e^ by its Taylor series after halving; both
// converge to about 1e-15.
func power(x, y float64) float64 {
	e := 0
	for x < 0.7 {
		x *= 2
		e--
	}
	const ln2 = 0.693147180559945309417232121458
	t := (x - 1) / (x + 1)
	tt := t * t
	sum, term := 0.0, t
	for k := 1; k < 40; k += 2 {
		sum += term / float64(k)
		term *= tt
	}
	z := y * (float64(2*sum) + float64(float64(e)*ln2))
	halvings := 0
	for z < -0.5 {
		z /= 2
		halvings++
	}
	exp, term := 1.0, 1.0
	for k := 1; k < 20; k++ {
		term = float64(term*z) / float64(k)
		exp += term
	}
	for range halvings {
		exp *= exp
	}
	return exp
}
