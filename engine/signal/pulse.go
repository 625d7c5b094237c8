package signal

import (
	"time"

	"noctiluca/engine/physio"
)

// pulseLeast is the least sampling rate that shows a beat, samples a second.
const pulseLeast = 10

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
	rate, ready := p.clock.rate(at, told, pulseLeast)
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
