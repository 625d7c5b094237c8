package signal

import (
	"time"

	"noctiluca/engine/physio"
)

// pulse finds beats in a person's pulse wave. A sender that does not tell its
// sampling rate is counted for some seconds first.
type pulse struct {
	detector *physio.PPG
	rate     float64
	clock    clock
}

// add takes a sample and gives the interval before a beat (ms) and how long
// before the sample the beat was.
func (p *pulse) add(x float64, at time.Duration, told float64) (interval float64, ago time.Duration, ok bool) {
	rate, ready := p.clock.rate(at, told)
	if !ready {
		return 0, 0, false
	}
	if p.detector == nil || rate != p.rate {
		p.detector, p.rate = physio.NewPPG(rate), rate
	}
	b, ok := p.detector.Add(x)
	interval = b.Interval * 1000
	// A longer pause is a lost signal and no interval.
	if !ok || !plausible(BeatToBeat, interval) {
		return 0, 0, false
	}
	return interval, time.Duration(b.Ago * float64(time.Second)), true
}

// clock is the sampling rate of a sender: as told, or as counted over the
// first seconds.
type clock struct {
	since   time.Duration
	samples int
	counted float64
}

// The rates a clock gives are within these, samples a second.
const leastRate, mostRate = 10, 1000

func (c *clock) rate(at time.Duration, told float64) (float64, bool) {
	const span = 4 * time.Second
	if told > 0 {
		return min(max(told, leastRate), mostRate), true
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
	if rate < leastRate {
		c.samples = 0 // too slow to show a beat; perhaps it stuttered: count anew
		return 0, false
	}
	c.counted = min(rate, mostRate)
	return c.counted, true
}
