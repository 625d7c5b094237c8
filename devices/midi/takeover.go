package midi

import "noctiluca/engine/show"

// grip is how a control holds its parameter.
type grip struct {
	last  float32 // where the control was, 0…1; −1 unknown
	held  bool    // it has the value
	sent  float32 // the position that it sent last
	until uint64  // the tick by which the show has taken that
}

// pending says that what was sent last may not have been taken yet when the
// view was made: the tick in the making may have been begun without it.
func (g *grip) pending(v *show.View) bool { return v.Tick < g.until }

// near is how close a control must come to pick a value up: a step and a half
// of a 7-bit control, so that the turning of one does not step over it.
const near = 1.5 / 127

// take says where a value goes when its control is moved to x. at is where
// the value stands on the control's way; moved says that another hand (a
// cue, another control, the window) has moved it since, so that it must be
// picked up again.
func (g *grip) take(way show.Takeover, x, at float32, moved bool) (to float32, ok bool) {
	last := g.last
	g.last = x
	if moved {
		g.held = false
	}
	switch way {
	case show.Direct:
		g.held = true
		return x, true
	case show.Scale:
		if g.held {
			return x, true
		}
		if last < 0 {
			if abs(x-at) > near {
				return 0, false
			}
			g.held = true
			return x, true
		}
		to = at
		if x > last && last < 1 {
			to = at + (x-last)*(1-at)/(1-last)
		} else if x < last && last > 0 {
			to = at + (x-last)*at/last
		}
		if abs(to-x) < near/2 {
			g.held, to = true, x
		}
		return min(max(to, 0), 1), true
	}
	if g.held {
		return x, true
	}
	if abs(x-at) <= near || last >= 0 && (last-at)*(x-at) <= 0 {
		g.held = true
		return x, true
	}
	return 0, false
}

func abs(x float32) float32 {
	if x < 0 {
		return -x
	}
	return x
}
