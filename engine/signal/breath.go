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

	detector physio.Breath
}

func (b *breath) add(x float64, at time.Duration, told float64, stepped time.Duration) {
	dt := (at - b.at).Seconds()
	if told > 0 {
		dt = 1 / told
	}
	if found, ok := b.detector.Add(x, min(max(dt, 0), 1)); ok {
		b.known = true
		b.lock.rate = 60 / found.Interval
		b.pull(at-time.Duration(found.Ago*float64(time.Second)), stepped)
	}
	b.at = max(b.at, at)
}

func (b *breath) step(dt, fresh float64) {
	b.lock.step(dt)
	b.conf = towards(b.conf, fresh, dt)
}
