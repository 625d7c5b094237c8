package controllers

import (
	"strings"
	"testing"
)

// TestProfiles reads every file, and holds each to the published map of its
// device at some points of it.
func TestProfiles(t *testing.T) {
	if n := len(All()); n != 8 {
		t.Errorf("%d profiles", n)
	}
	for _, c := range []struct {
		port, control string
		send          string
		channel       uint8
		number        int
		light         [2]uint8 // channel, number
	}{
		{"APC40 mkII MIDI 1", "fader8", "cc", 7, 7, [2]uint8{}},
		{"APC40 mkII MIDI 1", "pad1.1", "note", 0, 32, [2]uint8{0, 32}},
		{"APC40 mkII MIDI 1", "pad5.8", "note", 0, 7, [2]uint8{0, 7}},
		{"APC40 mkII MIDI 1", "solo3", "note", 2, 49, [2]uint8{2, 49}},
		{"APC40 mkII MIDI 1", "device1", "cc", 0, 16, [2]uint8{0, 16}},
		{"APC mini mk2 APC mini mk2 Contr", "pad1.1", "note", 0, 56, [2]uint8{0, 56}},
		{"APC mini mk2 APC mini mk2 Contr", "scene8", "note", 0, 119, [2]uint8{0, 119}},
		{"MIDI Mix MIDI 1", "fader5", "cc", 0, 49, [2]uint8{}},
		{"MIDI Mix MIDI 1", "record8", "note", 0, 24, [2]uint8{0, 24}},
		{"Launchpad Mini MK3 LPMiniMK3 MI", "pad1.1", "note", 0, 81, [2]uint8{0, 81}},
		{"Launchpad Mini MK3 LPMiniMK3 MI", "pad8.8", "note", 0, 18, [2]uint8{0, 18}},
		{"Launchpad X LPX MIDI", "side8", "cc", 0, 19, [2]uint8{0, 19}},
		{"Launch Control XL MIDI 1", "knob-low8", "cc", 8, 56, [2]uint8{8, 127}},
		{"Launch Control XL MIDI 1", "control5", "note", 8, 89, [2]uint8{8, 89}},
		{"nanoKONTROL2 nanoKONTROL2 _ CTR", "record8", "cc", 0, 71, [2]uint8{0, 71}},
		{"X-TOUCH MINI MIDI 1", "encoder8", "cc", 10, 8, [2]uint8{0, 16}},
		{"X-TOUCH MINI MIDI 1", "low8", "note", 10, 23, [2]uint8{0, 15}},
	} {
		p := For(c.port)
		if p == nil {
			t.Errorf("no profile for port %q", c.port)
			continue
		}
		i := p.Find(c.control)
		if i < 0 {
			t.Errorf("%s: no control %s", p.Name, c.control)
			continue
		}
		got := p.Controls[i]
		if got.Send != c.send || got.Channel != c.channel || got.Number != c.number {
			t.Errorf("%s %s: %s, channel %d, number %d", p.Name, c.control, got.Send, got.Channel, got.Number)
		}
		if got.Light != nil && [2]uint8{got.LightOn.Channel, got.LightOn.Number} != c.light {
			t.Errorf("%s %s: its light is %+v", p.Name, c.control, got.LightOn)
		}
	}
	for _, p := range All() {
		if len(p.Sources) == 0 {
			t.Errorf("%s names no source", p.Name)
		}
		for _, l := range p.Controls {
			if l.Light != nil && l.Light.Kind == "palette" && len(p.Colours) == 0 {
				t.Errorf("%s %s: no palette", p.Name, l.Name)
			}
		}
	}
	if For("Launchpad Mini MK3 LPMiniMK3 DA ") != nil || For("toaster") != nil {
		t.Error("a port of another device has a profile")
	}
}

func TestWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"name: x", "match"},
		{"name: x\nmatch: [x]\nstart: [zz]", "zz"},
		{"name: x\nmatch: [x]\nfoo: 1", "foo"},
		{"name: x\nmatch: [x]\ncontrols: [{name: a, kind: knob, send: cc, light: {kind: ring, low: 9, high: 3}}]", "from 9 to 3"},
		{"name: x\nmatch: [x]\nrgb: {head: \"47 7F\", form: akai, most: 1}", "F0"},
		{"name: x\nmatch: [x]\nrgb: {head: \"F0 47\", form: roland, most: 1}", "roland"},
		{"name: x\nmatch: [x]\nrgb: {head: \"F0 47\", form: akai, most: 900}", "900"},
		{"name: x\nmatch: [x]\ncontrols: [{name: a, kind: button, send: note, light: {kind: rgb}}]", "needs rgb"},
		{"name: x\nmatch: [x]\ncontrols: [{name: a, kind: slider, send: cc}]", "slider"},
		{"name: x\nmatch: [x]\ncontrols: [{name: a, kind: fader, send: cc, number: 200}]", "200"},
		{"name: x\nmatch: [x]\ncontrols: [{name: a, kind: fader, send: cc}, {name: b, kind: fader, send: cc}]", "a and b"},
		{"name: x\nmatch: [x]\ncontrols: [{name: a, kind: fader, send: cc, role: sing}]", "sing"},
		{"name: x\nmatch: [x]\ncontrols: [{name: a, kind: knob, send: cc, relative: odd}]", "odd"},
		{"name: x\nmatch: [x]\npalette: [red]", "red"},
		{"name: x\nmatch: [x]\ncontrols: [{name: a, kind: knob, send: cc, count: 3, numbers: [1, 2]}]", "2 numbers"},
	} {
		if _, err := Parse("x.yaml", []byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "x.yaml") {
			t.Errorf("%q: error %v, want %q", c.text, err, c.want)
		}
	}
}
