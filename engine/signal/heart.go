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
	source    source     // of the beats
	intervals [3]float64 // the last intervals, ms
	count     int

	fast   float64 // rate over some seconds
	base   physio.Baseline
	before calibrated

	pulse  pulse
	leads  leads
	rhythm *physio.Rhythm // once there are beats
	good   float64        // quality of the beats of late
}

// source is where beats come from, the more exact ones last. While one tells,
// those below it are not listened to: two clocks of one heart would be taken
// for twice as many beats.
type source uint8

const (
	fromPPG source = iota
	fromInterval
	fromECG
)

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
	// heartIntervals is how many intervals the variability is of.
	heartIntervals = 60
	// heartGood is the quality of beats that may teach the baseline. [design]
	heartGood = 0.5
	// toldQuality is what a rate is worth of which one does not see the beats.
	toldQuality = 0.8
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
func (h *heart) beat(from source, interval, quality float64, at, stepped time.Duration) {
	if h.beating && from < h.source && at-h.beats < beatsHold {
		return
	}
	h.source = from
	if h.rhythm == nil {
		h.rhythm = physio.NewRhythm(heartIntervals)
	}
	if at-h.beats > beatsHold {
		h.rhythm.HRV.Break()
	}
	h.rhythm.Add(interval, quality)
	h.good = h.rhythm.Quality()
	h.intervals[h.count%3] = interval
	h.count++
	if h.count < 3 && h.known {
		interval = 60000 / h.rate
	} else if h.count >= 3 {
		interval = median(h.intervals[0], h.intervals[1], h.intervals[2])
	}
	h.take(60000/interval, at, h.count >= 3 && h.good >= heartGood)
	h.pull(at, stepped)
	h.beats, h.beating = at, true
}

// variability tells how the heart varies, as far as its beats can tell.
func (h *heart) variability(s *PersonState) {
	if h.rhythm == nil {
		return
	}
	v := h.rhythm.HRV
	s.RMSSD, s.SDNN, s.PNN50 = float32(v.RMSSD()), float32(v.SDNN()), float32(v.PNN50())
	// Thirty intervals are a shortest series; beats of a pulse wave at 25 Hz,
	// or intervals in steps of 40 ms, are too coarse for any.
	conf := min(float64(v.Count())/30, 1) * h.rhythm.Quality() * h.conf
	floor := v.Floor()
	if h.source == fromPPG && h.pulse.rate > 0 {
		step := 1000 / h.pulse.rate / 4 // a parabola finds a peak to a quarter of a sample
		floor = max(floor, step)
	}
	if rmssd := v.RMSSD(); rmssd < 2*floor {
		conf = 0
	}
	s.HRVConfidence = unit(conf)
}

func (h *heart) wipe() {
	h.pulse.detector.Wipe()
	h.leads.detector.Wipe()
	h.rhythm.Wipe()
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
	quality := float64(toldQuality)
	if h.beating {
		quality = h.good
	}
	h.conf = towards(h.conf, float64(fresh*quality), dt)
}

func (h *heart) z() float64 { return h.base.Z(h.fast, heartFloor) }
