package signal

import (
	"time"

	"noctiluca/engine/physio"
)

// skin follows a person's skin conductance.
type skin struct {
	known bool
	at    time.Duration
	conf  float64
	fast  float64 // µS, over a second or so
	base  physio.Baseline
}

const (
	skinFast = 1.5 // time constant of the present level, seconds
	// The least spread of a level: a part of the level, and µS. [design]
	skinFloorPart, skinFloor = 0.04, 0.02
)

func (s *skin) add(x float64, at time.Duration, rate float64) {
	dt := (at - s.at).Seconds()
	if rate > 0 {
		dt = 1 / rate
	}
	dt = min(max(dt, 0), 1)
	if !s.known {
		dt = 0
		s.fast = x
	}
	s.known = true
	s.at = max(s.at, at)
	s.fast = physio.Ease(s.fast, x, dt, skinFast)
	s.base.Add(x, dt)
}

func (s *skin) step(dt, fresh float64) { s.conf = towards(s.conf, fresh, dt) }

func (s *skin) z() float64 {
	return s.base.Z(s.fast, float64(skinFloorPart*s.base.Mean())+skinFloor)
}
