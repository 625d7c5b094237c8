package midi

import (
	"time"

	"noctiluca/engine/show"
	"noctiluca/engine/show/tempo"
)

// clockReader makes events of what a MIDI port says of the time: clock, song
// position, timecode.
type clockReader struct{ quarters tempo.Quarters }

func (c *clockReader) read(msg []byte, at time.Duration) (show.Event, bool) {
	e := show.Event{At: at, By: show.Nobody}
	switch msg[0] {
	case 0xF8:
		e.Action = show.Pulse
	case 0xFA:
		e.Action = show.Start
	case 0xFB:
		e.Action = show.Continue
	case 0xFC:
		e.Action = show.Halt
	case 0xF2:
		if len(msg) < 3 {
			return e, false
		}
		e.Action, e.Index = show.Locate, int(msg[2]&127)<<7|int(msg[1]&127)
	case 0xF1:
		if len(msg) < 2 {
			return e, false
		}
		code, ok := c.quarters.Add(msg[1])
		e.Action, e.Code = show.Timecode, code
		return e, ok
	case 0xF0:
		code, err := tempo.FullFrame(msg)
		e.Action, e.Code = show.Timecode, code
		return e, err == nil
	default:
		return e, false
	}
	return e, true
}
