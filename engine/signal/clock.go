package signal

import "time"

// clock is the sampling rate of a sender: as told, or as counted over the
// first seconds.
type clock struct {
	since   time.Duration
	samples int
	counted float64
}

// mostRate bounds a clock, samples a second, and with it the memory of the
// detectors that run by it.
const mostRate = 1000

// rate counts a sample, and gives the rate as soon as it is known. A sender
// slower than least is counted anew: perhaps it stuttered.
func (c *clock) rate(at time.Duration, told, least float64) (float64, bool) {
	const span = 4 * time.Second
	if told > 0 {
		return min(max(told, least), mostRate), true
	}
	if c.counted > 0 {
		return c.counted, true
	}
	if c.samples == 0 {
		c.since = at
	}
	c.samples++
	if at-c.since < span {
		return 0, false
	}
	rate := float64(c.samples-1) / (at - c.since).Seconds()
	if rate < least {
		c.samples = 0
		return 0, false
	}
	c.counted = min(rate, mostRate)
	return c.counted, true
}
