package midi

import (
	"slices"

	"noctiluca/engine/show"
)

// Hold says how a control and its value stand to each other.
type Hold uint8

// The ways a control can stand.
const (
	Free    Hold = iota // it needs to take hold of nothing: a button, an encoder
	Unknown             // it was not moved yet, so nobody knows where it stands
	Armed               // it waits to be picked up: its value stands elsewhere
	Held                // the value follows it
)

// Control is what one control of a surface does and how it stands.
type Control struct {
	Assignment
	Param    show.ID // −1: it acts, and moves nothing
	Takeover show.Takeover
	Hold     Hold
	// At is where the control stands on the parameter's way and Value where
	// its value does, 0…1; −1 for unknown.
	At, Value float32
}

// Controls appends every control that does something, with how it stands.
func (s *Surface) Controls(v *show.View, dst []Control) []Control {
	for i, a := range s.Assignments(v) {
		if a.Does == "" {
			continue
		}
		t, g := &s.targets[i], &s.grips[i]
		c := Control{Assignment: a, Param: t.param, Takeover: t.takeover, At: -1, Value: -1}
		if t.param >= 0 {
			c.Value = s.show.Specs[t.param].Position(v.To[t.param])
		}
		if k := &s.decoder.controls[i]; t.param >= 0 && k.Kind != "button" && k.Relative == "" {
			switch {
			case g.last < 0:
				c.Hold = Unknown
			case g.held && (v.By[t.param] == s.origin || g.pending(v)):
				c.Hold = Held
			default:
				c.Hold = Armed
			}
			if g.last >= 0 {
				c.At = t.from + g.last*(t.to-t.from)
			}
		}
		dst = append(dst, c)
	}
	return dst
}

// Controls appends what the controls of the surface at a port do; nothing for
// a port that never was. Any goroutine may call it, a few times a second.
func (h *Hub) Controls(port string, v *show.View, dst []Control) []Control {
	h.mu.Lock()
	s := h.seats[port]
	h.mu.Unlock()
	if s == nil {
		return dst
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.surface.Controls(v, slices.Grow(dst, len(s.surface.targets)))
}
