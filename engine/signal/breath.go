package signal

import (
	"time"

	"noctiluca/engine/physio"
)

// breath follows a person's breathing.
type breath struct {
	lock
	known bool
	at    time.Duration
	conf  float64
	// quality is how regular the breaths of late are.
	quality float64

	clock    clock
	counted  float64
	detector *physio.Breath
}

// breathLeast is the least sampling rate that shows a breath.
const breathLeast = 2

func (b *breath) add(x float64, at time.Duration, told float64, stepped time.Duration) {
	b.at = max(b.at, at)
	rate, ready := b.clock.rate(at, told, breathLeast)
	if !ready {
		return
	}
	if b.detector == nil || rate != b.counted {
		b.detector, b.counted = physio.NewBreath(rate), rate
	}
	found, ok := b.detector.Add(x)
	if !ok || found.Interval == 0 {
		return
	}
	b.known = true
	b.quality += float64(0.3 * (found.Quality - b.quality))
	b.lock.rate = 60 / found.Interval
	b.pull(at-time.Duration(found.Ago*float64(time.Second)), stepped)
}

func (b *breath) step(dt, fresh float64) {
	b.lock.step(dt)
	b.conf = towards(b.conf, float64(fresh*b.quality), dt)
}

func (b *breath) wipe() { b.detector.Wipe() }
