package main

import (
	"fmt"

	"noctiluca/devices/midi"
	"noctiluca/devices/screen"
	"noctiluca/devices/screen/desk"
	"noctiluca/engine/show"
	feeling "noctiluca/engine/signal"
)

// revoke takes a person's consent back for them: whoever watches over the work
// was asked to. It acts with the next frame.
func (l *live) revoke(person string) {
	l.engine.Signals().Offer(feeling.Event{Action: feeling.Revoke, Reading: feeling.Reading{Person: person, At: l.player.Now()}, Cell: -1})
	l.keeper.log("a consent was taken back in the window") // of whom is told no more
}

// surfaces tells the window how the controllers stand, and where OSC is
// listened for.
func (l *live) surfaces() func([]screen.Surface) ([]screen.Surface, []string) {
	k := l.keeper
	var remote []string
	if a := k.server.Addr(); a.IsValid() {
		remote = append(remote, "OSC is taken in at "+a.String())
	}
	if a := k.server.QueryAddr(); a.IsValid() {
		remote = append(remote, fmt.Sprintf("OSCQuery describes it at http://%v/", a))
	}
	var view show.View
	var controls []midi.Control
	return func(dst []screen.Surface) ([]screen.Surface, []string) {
		if k.hub == nil {
			return dst, remote
		}
		k.show.Look(&view)
		for _, s := range k.hub.Surfaces() {
			controls = k.hub.Controls(s.Port, &view, controls[:0])
			dst = append(dst, surfaceOf(&s, controls))
		}
		return dst, remote
	}
}

// surfaceOf is a controller as the window tells of it.
func surfaceOf(s *midi.Status, controls []midi.Control) screen.Surface {
	out := screen.Surface{
		Port: s.Port, Device: s.Device, Connected: s.Connected,
		Selected: s.Look.Selected, Page: s.Look.Page, Pages: s.Look.Pages, Last: s.Last.Control,
	}
	for _, c := range controls {
		out.Controls = append(out.Controls, screen.Control{
			Name: c.Control, Does: c.Does, Learned: c.By != "profile", Takeover: c.Takeover, At: c.At, Value: c.Value,
			Hold: [...]desk.Hold{midi.Free: desk.Free, midi.Unknown: desk.Unknown, midi.Armed: desk.Armed, midi.Held: desk.Held}[c.Hold],
		})
	}
	return out
}
