package safety

import (
	"time"

	"noctiluca/engine/safety/flash"
	"noctiluca/engine/safety/night"
	"noctiluca/installations"
)

// guard prepares all limits but power.
func (s *Stage) guard(inst *installations.Installation) {
	s.room = NewRoom(inst)
	s.flashes = flash.New(&s.room.Scene, flash.Room(), !inst.Safety.IsOff("flash"), s.crew)
	glare := inst.Safety.Glare
	if inst.Safety.IsOff("glare") {
		glare = installations.Glare{}
	}
	for i := range inst.Fixtures {
		c := newCaps(&inst.Fixtures[i], glare, s.room.Pitch[i], s.room.Nearest[i])
		s.caps = append(s.caps, c)
		s.capped = s.capped || c.matters
	}
	curfews := inst.Safety.Curfews
	if inst.Safety.IsOff("curfew") {
		curfews = nil
	}
	s.night = night.New(curfews, inst.Safety.Where)
	s.now = night.Free
	s.failure, s.fading = inst.Safety.Failure, 1
	if s.failure.Stop == "hold" || s.failure.Stop == "scene" {
		for i := range s.held {
			s.held[i] = make([]float32, inst.Pixels.Count())
		}
	}
	s.journal.status.Off = inst.Safety.Off
	s.journal.status.Gain, s.journal.status.Curfew = 1, 1
}

// Room is the room as flashes are judged in it. Read only.
func (s *Stage) Room() *Room { return s.room }

// Clock tells the stage which time it is at an instant of the engine's time,
// for curfews: whoever plays live calls it at the start, and again so often
// that it follows a clock that is set. Without it no curfew holds, so that a
// render is the same at any time of the day. It is called from the goroutine
// that calls Make.
func (s *Stage) Clock(at time.Duration, wall time.Time) { s.anchor, s.wall = at, wall }

// Dim multiplies all light from the next frame on, 0…1: how a run that ends
// lets it go. It is called from the goroutine that calls Make.
func (s *Stage) Dim(k float32) { s.fading = clamp(k) }

// leave sets the light of the last frame: the last one that was sent, or the
// safe scene. It passes the limits like any other.
func (s *Stage) leave() {
	switch s.failure.Stop {
	case "scene":
		for i := range s.held {
			for k := range s.held[i] {
				s.held[i][k] = s.failure.Colour[i]
			}
		}
		fallthrough
	case "hold":
		s.r, s.g, s.b, s.fading = s.held[0], s.held[1], s.held[2], 1
	}
}

// darkness finds what the night allows, and gives the level.
func (s *Stage) darkness(at time.Duration) float32 {
	if s.wall.IsZero() {
		return 1
	}
	s.now = s.night.At(s.wall.Add(at - s.anchor))
	return s.now.Level
}

// note writes what the frame's limits did into the journal.
func (s *Stage) note(at time.Duration, f *Frame, v *flash.Verdict, gain float32) {
	if f.softened {
		limit, where, from := "flash", "all", "surroundings"
		if v.RedCaused {
			limit = "red flash"
		}
		if v.At >= 0 {
			where = s.names[s.room.Fixture[v.At]]
		}
		if v.Place >= 0 {
			from = s.room.Scene.Places[v.Place].Name
		}
		s.journal.add(at, limit, where, from, v.Gain, v.Softened)
	}
	if f.limited {
		for _, list := range [2][]supply{s.feeds, s.supplies} {
			for i := range list {
				if p := &list[i]; p.scale < 1 {
					limit := "power"
					if p.sags {
						limit = "voltage"
					}
					s.journal.add(at, limit, p.name, "", p.scale, 0)
				}
			}
		}
		if s.whole.scale < 1 {
			s.journal.add(at, "power", s.whole.name, "", s.whole.scale, 0)
		}
	}
	if s.capped {
		for i := 0; i < len(s.loads); {
			fixture, over := s.loads[i].fixture, 0
			for ; i < len(s.loads) && s.loads[i].fixture == fixture; i++ {
				over += s.loads[i].glared
			}
			if over > 0 {
				s.journal.add(at, "glare", s.names[fixture], "", 1, over)
			}
		}
	}
	if s.now.Active > 0 {
		s.journal.add(at, "curfew", "all", "", s.now.Level, 0)
	}
	j := &s.journal
	j.mu.Lock()
	st := &j.status
	st.At, st.Watts, st.WattHours = at, f.watts, s.joules/3600
	st.Transitions, st.Red, st.Around = v.General, v.Red, v.Around
	st.Acted, st.Softened, st.Gain, st.Curfew = j.next, v.Softened, gain, s.now.Level
	j.mu.Unlock()
}
