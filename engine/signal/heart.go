package signal

import (
	"time"

	"noctiluca/engine/physio"
)

// heart follows a person's heart: from beats if there are any, seen in the
// pulse wave or told as intervals; else from the rate a sensor tells.
type heart struct {
	lock
	known bool
	at    time.Duration // of the last beat or rate
	conf  float64

	first     time.Duration // of the first rate told
	beats     time.Duration // of the last beat
	beating   bool
	intervals [3]float64 // the last intervals, ms
	count     int

	fast float64 // rate over some seconds
	base physio.Baseline

	pulse pulse
}

const (
	// beatsHold is how long beats are trusted before a told rate is taken.
	beatsHold = 5 * time.Second
	// rateSettles is how long a told rate stays out of the baseline: sensors
	// smooth it heavily and start low (an EmotiBit's begins at 38 a minute
	// while its own beats say 54).
	rateSettles = 5 * time.Second
	// heartFast is the time constant of the present rate, seconds.
	heartFast = 4
	// heartFloor is the least spread of a heart rate, beats a minute. [design]
	heartFloor = 2.5
)

func (h *heart) told(rate float64, at, stepped time.Duration) {
	if h.beating && at-h.beats < beatsHold {
		return
	}
	h.beating = false
	if !h.known || h.first == 0 {
		h.first = at
	}
	h.take(rate, at, at-h.first >= rateSettles)
}

// beat hears of a beat at a time, the interval (ms) before it known.
func (h *heart) beat(interval float64, at, stepped time.Duration) {
	h.intervals[h.count%3] = interval
	h.count++
	if h.count < 3 && h.known {
		interval = 60000 / h.rate
	} else if h.count >= 3 {
		interval = median(h.intervals[0], h.intervals[1], h.intervals[2])
	}
	h.take(60000/interval, at, h.count >= 3)
	h.pull(at, stepped)
	h.beats, h.beating = at, true
}

func median(a, b, c float64) float64 { return max(min(a, b), min(max(a, b), c)) }

// take takes a rate; one that has settled counts for the baseline.
func (h *heart) take(rate float64, at time.Duration, settled bool) {
	dt := min((at - h.at).Seconds(), 3)
	if !h.known {
		dt = 0
		h.fast = rate
	}
	h.known = true
	h.at = max(h.at, at)
	h.rate = rate
	h.fast = physio.Ease(h.fast, rate, max(dt, 0), heartFast)
	if settled {
		if h.base.Age() == 0 {
			h.fast = rate
		}
		h.base.Add(rate, dt)
	}
}

func (h *heart) step(dt, fresh float64) {
	h.lock.step(dt)
	h.conf = towards(h.conf, fresh, dt)
}

func (h *heart) z() float64 { return h.base.Z(h.fast, heartFloor) }
