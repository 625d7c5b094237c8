package signal

import (
	"math"
	"time"
)

// dynamics is the arousal of the last half minute, in slots of engine time
// that are the same for everybody, so that people can be compared.
type dynamics struct {
	ring [slots]float32
	slot int64 // newest that is filled, from 1
	n    int   // filled without a gap, at most slots
}

const (
	slots    = 64
	slotTime = 500 * time.Millisecond
	slotSure = 0.2 // least confidence of an arousal that is remembered
)

// slotAt is the number of the slot at an instant, from 1.
func slotAt(now time.Duration) int64 { return int64(now/slotTime) + 1 }

// add remembers the arousal once a slot; a slot without one breaks the series.
func (d *dynamics) add(now time.Duration, x, conf float64) {
	at := slotAt(now)
	if at == d.slot || conf < slotSure {
		return
	}
	if at != d.slot+1 {
		d.n = 0
	}
	d.slot = at
	d.ring[at%slots] = float32(x)
	d.n = min(d.n+1, slots)
}

// at is the value k slots before slot.
func (d *dynamics) at(slot int64, k int) float64 { return float64(d.ring[(slot-int64(k))%slots]) }

// moments are an affect's dynamics over a series, oldest first: inertia, its
// lag-1 autocorrelation; variability, its standard deviation (n − 1); and
// instability, the mean squared successive difference (MSSD). Source: P.
// Kuppens, N. B. Allen, L. B. Sheeber, Psychol. Sci. 21 (2010) 984–991.
func moments(x []float64) (inertia, deviation, mssd float64) {
	n := len(x)
	if n < 3 {
		return 0, 0, 0
	}
	mean := 0.0
	for _, v := range x {
		mean += v
	}
	mean /= float64(n)
	square, lag, steps := 0.0, 0.0, 0.0
	for i, v := range x {
		square += float64((v - mean) * (v - mean))
		if i > 0 {
			lag += float64((v - mean) * (x[i-1] - mean))
			steps += float64((v - x[i-1]) * (v - x[i-1]))
		}
	}
	if square > 0 {
		inertia = lag / square
	}
	return inertia, math.Sqrt(square / float64(n-1)), steps / float64(n-1)
}

const (
	// together is the most people of a cell that are compared with each other;
	// of more, those who came first.
	together = 64
	// surrogates is how many times chance is tried: with 19 the largest of all
	// is one in twenty (J. Theiler et al., Physica D 58 (1992) 77–94).
	surrogates = 19
	// apartLeast is how many slots a surrogate's series are shifted at least.
	apartLeast = 8
)

// company compares the series of the people of one cell.
type company struct {
	series [together][slots]float64 // each without its mean and trend, of length 1
	slot   int64
	n      int
	sum    [slots]float64

	inertia, deviation, mssd, known float64 // sums over people
}

// begin starts on a slot.
func (c *company) begin(slot int64) { *c = company{slot: slot} }

// add takes a person whose series is whole.
func (c *company) add(d *dynamics) {
	if d.slot < c.slot-1 || d.n < slots {
		return
	}
	var x [slots]float64
	for i := range x {
		x[i] = d.at(d.slot, slots-1-i)
	}
	r, s, m := moments(x[:])
	c.inertia += r
	c.deviation += s
	c.mssd += m
	c.known++
	if c.n == together {
		return
	}
	// A trend that two people share for half a minute is no synchrony.
	mean, slope, across := 0.0, 0.0, 0.0
	for _, v := range x {
		mean += v
	}
	mean /= slots
	for i, v := range x {
		t := float64(i) - (slots-1)/2.0
		slope += float64(t * (v - mean))
		across += float64(t * t)
	}
	slope /= across
	square := 0.0
	for i := range x {
		t := float64(i) - (slots-1)/2.0
		x[i] -= mean + float64(slope*t)
		square += float64(x[i] * x[i])
	}
	if !(square > 1e-6) { // nothing but rounding: constant
		return
	}
	k := 1 / math.Sqrt(square)
	for i := range x {
		x[i] *= k
	}
	c.series[c.n] = x
	c.n++
}

// correlation is the mean over people of the correlation of each with the sum
// of all others (leave-one-out inter-subject correlation: S. A. Nastase et
// al., Soc. Cogn. Affect. Neurosci. 14 (2019) 667–685), each series turned
// round by its shift.
func (c *company) correlation(shift *[together]int) float64 {
	c.sum = [slots]float64{}
	for p := range c.n {
		s := &c.series[p]
		at := shift[p]
		for i := range slots {
			c.sum[i] += s[at&(slots-1)]
			at++
		}
	}
	whole := 0.0
	for _, v := range c.sum {
		whole += float64(v * v)
	}
	total := 0.0
	for p := range c.n {
		s := &c.series[p]
		dot, at := 0.0, shift[p]
		for i := range slots {
			dot += float64(c.sum[i] * s[at&(slots-1)])
			at++
		}
		if rest := whole - float64(2*dot) + 1; rest > 1e-9 {
			total += (dot - 1) / math.Sqrt(rest)
		}
	}
	return total / float64(c.n)
}

// synchrony is the correlation and how many standard deviations it stands
// above that of series turned round in time by chance. The shifts depend on
// the slot and on nothing that is remembered.
func (c *company) synchrony() (isc, z float64) {
	if c.n < 2 {
		return 0, 0
	}
	var shift [together]int
	isc = c.correlation(&shift)
	r := random(uint64(c.slot) * 0x9e3779b97f4a7c15)
	mean, square := 0.0, 0.0
	for range surrogates {
		for p := range c.n {
			shift[p] = min(int(r.unit()*slots), slots-1)
		}
		if d := (shift[0] - shift[1]) & (slots - 1); c.n == 2 && (d < apartLeast || d > slots-apartLeast) {
			shift[1] = (shift[0] + slots/2) & (slots - 1)
		}
		v := c.correlation(&shift)
		mean += v
		square += float64(v * v)
	}
	mean /= surrogates
	deviation := math.Sqrt(max(square/surrogates-float64(mean*mean), 1e-6))
	return isc, (isc - mean) / deviation
}

// tell writes what was found into a cell's state.
func (c *company) tell(s *CellState) {
	if c.known > 0 {
		s.Inertia = unit(c.inertia / c.known)
		s.Variability = unit(c.deviation / c.known)
		s.Instability = unit(math.Sqrt(c.mssd / c.known))
	}
	isc, z := c.synchrony()
	s.SynchronyZ = float32(z)
	// Nothing below one deviation over chance, all of it from three on.
	s.Synchrony = unit(float64(max(isc, 0) * min(max((z-1)/2, 0), 1)))
}
