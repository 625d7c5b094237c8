package light

import (
	"fmt"
	"math"

	"noctiluca/installations"
)

// Encoder makes the bytes of one output. It does not change once made, so any
// number of goroutines may use it.
type Encoder struct {
	runs  []installations.Run
	curve *Curve
}

// NewEncoder prepares the encoder of an output.
func NewEncoder(o *installations.Output) (*Encoder, error) {
	c, err := NewCurve(o.Gamma)
	if err != nil {
		return nil, fmt.Errorf("output %s: %w", o.Name, err)
	}
	return &Encoder{runs: o.Runs, curve: c}, nil
}

// Encode writes the light of every pixel that the output carries into dst,
// which is as long as the output's channel data. Bytes of no pixel stay as
// they are. Light is 0…1; what lies outside is clamped.
//
// A white emitter takes what red, green and blue have in common, and they
// give it up.
func (e *Encoder) Encode(dst []byte, r, g, b []float32) {
	for i := range e.runs {
		run := &e.runs[i]
		at, p := run.Offset, run.First
		for range run.Count {
			v := [4]float32{r[p], g[p], b[p]}
			if len(run.Order) == 4 {
				w := min(v[0], v[1], v[2])
				v = [4]float32{v[0] - w, v[1] - w, v[2] - w, w}
			}
			for k, c := range run.Order {
				dst[at+k] = e.curve.Byte(v[c])
			}
			at += len(run.Order)
			p += run.Step
		}
	}
}

// Curve is a transfer curve from linear light to a byte:
// round(255 × light^(1/gamma)). With gamma 1 a byte is the emitter's duty
// cycle, which is what an LED driver by pulse width wants.
type Curve struct {
	linear bool
	// from[n] is the least light whose byte is n. Comparing with it is exact,
	// where a table indexed by light would be off by one at dark levels.
	from [257]float32
	// guess[i] is the byte of i/guesses: where the search begins.
	guess [guesses + 1]uint8
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
	c := &Curve{linear: gamma == 1}
	for n := 1; n <= 255; n++ {
		// The curve passes from byte n-1 to n at ((n-½)/255)^gamma.
		c.from[n] = float32(power((float64(n)-0.5)/255, gamma))
	}
	c.from[256] = float32(math.Inf(1))
	n := 0
	for i := range c.guess {
		for float32(i)/guesses >= c.from[n+1] {
			n++
		}
		c.guess[i] = uint8(n)
	}
	return c, nil
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
