package signal

import (
	"time"

	"noctiluca/engine/physio"
)

// skin follows a person's skin conductance: its level against the person's
// own normal, and its responses against the person's own largest.
type skin struct {
	known  bool
	at     time.Duration
	conf   float64
	fast   float64 // µS, over a second or so
	base   physio.Baseline
	before calibrated

	clock    clock
	counted  float64
	detector *physio.EDA // once the sampling rate is known and high enough
}

const (
	skinFast  = 1.5 // time constant of the present level, seconds
	skinLeast = 4   // least sampling rate that shows a response
	// The least spread of a level: a part of the level, and µS. [design]
	skinFloorPart, skinFloor = 0.04, 0.02
	// What a response as large as any of late adds, in spreads. [design]
	skinResponse = 1.0
)

func (s *skin) add(x float64, at time.Duration, told float64) {
	dt := (at - s.at).Seconds()
	if told > 0 {
		dt = 1 / told
	}
	dt = min(max(dt, 0), 1)
	if !s.known {
		dt = 0
		s.fast = x
	}
	s.known = true
	s.at = max(s.at, at)
	s.fast = physio.Ease(s.fast, x, dt, skinFast)
	if s.detector == nil || s.detector.Quality() > 0 {
		s.base.Add(x, dt) // what is no skin is not the person's normal
	}

	rate, ready := s.clock.rate(at, told, skinLeast)
	if !ready {
		return
	}
	if s.detector == nil || rate != s.counted {
		s.detector, s.counted = physio.NewEDA(rate), rate
	}
	s.detector.Add(x)
}

// step is sure of the skin as far as the sensor shows skin: electrodes that
// are off or dry are no signal.
func (s *skin) step(dt, fresh float64) {
	if s.detector != nil {
		fresh *= s.detector.Quality()
	}
	s.conf = towards(s.conf, fresh, dt)
}

func (s *skin) wipe() { s.detector.Wipe() }

func (s *skin) z() float64 {
	z := s.base.Z(s.fast, float64(skinFloorPart*s.base.Mean())+skinFloor)
	if s.detector != nil {
		z += float64(skinResponse * s.detector.Response())
	}
	return z
}
