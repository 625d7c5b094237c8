package flash

import "time"

// around follows the light that all fixtures together throw on what surrounds
// them: it fills the view, so it has no area to be measured, and what it
// needs is dimmed everywhere.
type around struct {
	rule  *track  // of luminance
	ext   float32 // the highest since it rose, or the lowest since it fell
	risen bool
	soft  bool // it was dimmed and is coming back
	tally tallies
	until time.Duration
	tried bool
}

func newAround(lum *track) around { return around{rule: lum, tally: newTallies(1, 32)} }

// allow gives what the whole frame has to be multiplied by, 1 for nothing.
func (s *around) allow(light float32, a *Analyser, v *Verdict) float32 {
	risen, soft, hi := s.risen, s.soft, s.ext
	if !risen {
		hi = s.rule.Above(s.ext)
	}
	limit := light
	tried := false
	if light > hi {
		held := soft && s.until > a.now
		full := s.tally.full(0, a.now, a.rules.Most) || a.rules.Extended > 0 && s.tally.extended(0, a.now, 2) > a.rules.Extended
		switch {
		case !risen && (held || full):
			tried = true
			// As much less as bytes are rounded, of all lights alike.
			limit = max(hi-a.most*(1.0/255), s.ext)
			if !s.tried || !held {
				s.until = a.now + hold
			}
			s.soft = true
		case soft:
			// It comes back as a share of what it would be.
			if limit = hi + float32(max(light, s.rule.Lift[0])*a.ramp); limit >= light {
				limit = light
				if risen {
					s.soft = false
				}
			}
		}
	}
	s.tried = tried
	if limit >= light {
		return 1
	}
	k := limit / light * (1 - 3e-6)
	if k < v.Gain {
		v.Gain, v.At, v.Place, v.RedCaused = k, -1, -1, false
	}
	v.Softened = max(v.Softened, a.lights)
	return k
}

// step counts the light that was sent, and gives the transitions of the last
// second.
func (s *around) step(light float32, a *Analyser) int {
	switch {
	case s.risen && light < s.rule.Below(s.ext):
		s.risen, s.ext = false, light
		s.tally.add(0, down, a.now)
	case !s.risen && light > s.rule.Above(s.ext):
		s.risen, s.ext = true, light
		s.tally.add(0, up, a.now)
	case s.risen:
		s.ext = max(s.ext, light)
	default:
		s.ext = min(s.ext, light)
	}
	return s.tally.within(0, a.now)
}
