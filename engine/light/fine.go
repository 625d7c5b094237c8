package light

// Fine is a transfer curve from linear light to two bytes:
// round(65535 × light^(1/gamma)), or CIE L*, by the same rule as a Curve. It
// is for devices that take a channel as coarse and fine.
type Fine struct {
	linear bool
	// from[n] is the least light whose value is n, of 0…65535; nil if linear.
	from []float32
	// guess[i] is the value of i/guesses, where the search begins.
	guess [guesses + 1]uint16
}

const words = 65536

// Fine makes the curve of 16 bits that goes with c.
func (c *Curve) Fine() *Fine {
	f := &Fine{linear: c.linear}
	if c.linear {
		return f
	}
	f.from = make([]float32, words)
	for n := 1; n < words; n++ {
		f.from[n] = float32(c.light((float64(n) - 0.5) / (words - 1)))
	}
	n := 0
	for i := range f.guess {
		for n < words-1 && float32(i)/guesses >= f.from[n+1] {
			n++
		}
		f.guess[i] = uint16(n)
	}
	return f
}

// Word encodes one component. What is not a number is dark.
func (f *Fine) Word(v float32) uint16 {
	if !(v > 0) {
		return 0
	}
	if v >= 1 {
		return words - 1
	}
	if f.linear {
		return uint16(float32(v*(words-1)) + 0.5)
	}
	// The value is the last n with from[n] no more than v: halve what the
	// guesses leave.
	i := int(v * guesses)
	low, high := int(f.guess[i]), int(f.guess[i+1])
	for low < high {
		mid := (low + high + 1) / 2
		if v >= f.from[mid] {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return uint16(low)
}

// words is the light that each value of 16 bits means.
func (c *Curve) words() []float32 {
	at := make([]float32, words)
	for n := 1; n < words-1; n++ {
		if c.linear {
			at[n] = float32(float64(n) / (words - 1))
		} else {
			at[n] = float32(c.light(float64(n) / (words - 1)))
		}
	}
	at[words-1] = 1
	return at
}
