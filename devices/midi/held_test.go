package midi

import (
	"strings"
	"testing"

	"noctiluca/engine/show"
)

// TestHowControlsStand: a fader is unknown until it is moved, armed until it
// passes its value, held then, and armed again once another hand has moved it.
func TestHowControlsStand(t *testing.T) {
	r := newRig(t, "nanoKONTROL2")
	level := r.show.Channels[0].Level
	find := func() Control {
		t.Helper()
		for _, c := range r.surface.Controls(&r.view, nil) {
			if c.Does == r.show.Specs[level].Path {
				return c
			}
		}
		t.Fatal("nothing turns the level of channel 1")
		return Control{}
	}
	set := func(v float32) {
		if err := r.show.Offer(show.Event{Action: show.Set, By: show.ByWindow, Param: level, Value: v}); err != nil {
			t.Fatal(err)
		}
		r.run(2)
	}
	set(0.5)
	if c := find(); c.Hold != Unknown || c.At != -1 || c.Value != r.show.Specs[level].Position(0.5) || c.By != "profile" || c.Takeover != show.Pickup {
		t.Errorf("before it was touched: %+v", c)
	}
	cc := func(v byte) { r.play([]byte{0xB0, 0, v}); r.run(2) }
	cc(20)
	if c := find(); c.Hold != Armed || c.At < 0.15 || c.At > 0.17 {
		t.Errorf("at 20 of 127, the value at 90: %+v", c)
	}
	cc(70)
	cc(95)
	if c := find(); c.Hold != Held || c.Value < 0.74 || c.Value > 0.76 {
		t.Errorf("it has passed the value: %+v", c)
	}
	set(0.1)
	if c := find(); c.Hold != Armed || c.At < 0.74 || c.At > 0.76 || c.Value > 0.4 {
		t.Errorf("the window has moved the value: %+v", c)
	}
	for _, c := range r.surface.Controls(&r.view, nil) {
		if c.Does == "" || strings.Contains(c.Does, "mute") && c.Hold != Free {
			t.Errorf("%+v", c)
		}
	}
}
