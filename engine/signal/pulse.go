package signal

import (
	"time"

	"noctiluca/engine/physio"
)

// The least sampling rates that show a beat, samples a second.
const (
	pulseLeast = 10 // in a pulse wave
	leadsLeast = 60 // in an electrocardiogram
)

// beat is one heart beat that was seen.
type beat struct {
	interval float64 // before it, ms
	quality  float64 // 0…1
	at       time.Duration
}

// pulse finds beats in a person's pulse wave. A sender that does not tell its
// sampling rate is counted for some seconds first.
type pulse struct {
	detector *physio.PPG
	rate     float64
	clock    clock
}

func (p *pulse) add(x float64, at time.Duration, told float64) (beat, bool) {
	rate, ready := p.clock.rate(at, told, pulseLeast)
	if !ready {
		return beat{}, false
	}
	if p.detector == nil || rate != p.rate {
		p.detector.Wipe()
		p.detector, p.rate = physio.NewPPG(rate), rate
	}
	b, ok := p.detector.Add(x)
	return seen(b, at, ok)
}

// leads finds beats in a person's electrocardiogram, as pulse does.
type leads struct {
	detector *physio.ECG
	rate     float64
	clock    clock
}

func (l *leads) add(x float64, at time.Duration, told float64) (beat, bool) {
	rate, ready := l.clock.rate(at, told, leadsLeast)
	if !ready {
		return beat{}, false
	}
	if l.detector == nil || rate != l.rate {
		l.detector.Wipe()
		l.detector, l.rate = physio.NewECG(rate), rate
	}
	b, ok := l.detector.Add(x)
	return seen(b, at, ok)
}

// seen gives a beat its time. A longer pause than a heart makes is a lost
// signal and no interval.
func seen(b physio.Beat, at time.Duration, ok bool) (beat, bool) {
	interval := b.Interval * 1000
	if !ok || !plausible(BeatToBeat, interval) {
		return beat{}, false
	}
	return beat{interval: interval, quality: b.Quality, at: at - time.Duration(b.Ago*float64(time.Second))}, true
}
