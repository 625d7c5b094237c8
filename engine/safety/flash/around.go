package flash

import "time"

// around follows the light that all fixtures together throw on what surrounds
// them: it fills the view, so it has no area to be measured, and what it
// needs is dimmed everywhere.
type around struct {
	band  *track // of one light, by the rules of luminance
	tally tallies
	until time.Duration
	tried bool
}

func newAround(lum *track) around {
	return around{band: newTrack(1, 1, 4, lum.lift, lum.dark, lum.ratio, false), tally: newTallies(1, 32)}
}

// allow gives what the whole frame has to be multiplied by, 1 for nothing.
func (s *around) allow(light float32, a *Analyser, v *Verdict) float32 {
	was, m := s.band.states[0], s.band.marks[0]
	risen, hi := was.sign > 0, was.ext
	if !risen {
		hi = s.band.above(-was.ext)
	}
	limit := light
	tried := false
	if light > hi {
		held := m&soft != 0 && s.until > a.now
		full := s.tally.full(0, a.now, a.rules.Most) || a.rules.Extended > 0 && s.tally.extended(0, a.now, 2) > a.rules.Extended
		switch {
		case !risen && (held || full):
			tried = true
			limit = hi
			if !s.tried || !held {
				s.until = a.now + hold
			}
			s.band.marks[0] |= soft
		case m&soft != 0:
			// It comes back as a share of what it would be.
			if limit = hi + float32(max(light, s.band.lift)*a.ramp); limit >= light {
				limit = light
				if risen {
					s.band.marks[0] &^= soft
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
	if dir, _ := s.band.step(0, light, false); dir != none {
		s.tally.add(0, dir, a.now)
	}
	return s.tally.within(0, a.now)
}
