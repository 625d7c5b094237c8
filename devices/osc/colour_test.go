package osc

import (
	"math"
	"testing"
	"time"

	"github.com/hypebeast/go-osc/osc"
)

// TestColoursOfPeople against OkLCh's hues of sRGB's corners in CSS Color 4
// (oklch(0.628 0.2577 29.23) is red, and so on).
func TestColoursOfPeople(t *testing.T) {
	for hex, want := range map[string]float64{"#ff0000": 29.23, "#00ff00": 142.5, "#0000ff": 264.05, "#ffff00": 109.77, "#00ffff": 194.77, "#ff00ff": 328.36} {
		l := &log{}
		if err := testReceiver(l).Receive(encode(t, osc.NewMessage("/noctiluca/person/ada/colour", hex)), 0, time.Unix(0, 0)); err != nil {
			t.Fatal(err)
		}
		if len(l.events) != 1 {
			t.Errorf("%s gave %+v", hex, l.events)
			continue
		}
		if got := l.events[0].Value * 360; math.Abs(got-want) > 0.1 {
			t.Errorf("%s has hue %.2f°, want %.2f°", hex, got, want)
		}
	}
	// As a colour argument, which go-osc cannot send: red, by hand.
	l := &log{}
	if err := testReceiver(l).Receive([]byte("/noctiluca/person/ada/colour\x00\x00\x00\x00,r\x00\x00\xff\x00\x00\xff"), 0, time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	if len(l.events) != 1 || math.Abs(l.events[0].Value*360-29.23) > 0.1 {
		t.Errorf("red as RGBA gave %+v", l.events)
	}
}
