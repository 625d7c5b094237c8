package midi

import (
	"bytes"
	"testing"

	"gitlab.com/gomidi/midi/v2"

	"noctiluca/assets/controllers"
	"noctiluca/engine/show"
)

// TestTrueColourBytes compares messages with examples that others publish:
// for Akai's document those of several projects' tests, for Novation's that of
// its manual.
func TestTrueColourBytes(t *testing.T) {
	for _, c := range []struct {
		device string
		lights []coloured
		want   []byte
	}{
		{"APC mini mk2", []coloured{{0, [3]uint8{255, 128, 1}}}, []byte{0xF0, 0x47, 0x7F, 0x4F, 0x24, 0, 8, 0, 0, 1, 0x7F, 1, 0, 0, 1, 0xF7}},
		{"APC mini mk2", []coloured{{0, [3]uint8{0, 0, 255}}}, []byte{0xF0, 0x47, 0x7F, 0x4F, 0x24, 0, 8, 0, 0, 0, 0, 0, 0, 1, 0x7F, 0xF7}},
		{"APC mini mk2", []coloured{{1, [3]uint8{1, 2, 3}}, {63, [3]uint8{4, 5, 6}}}, []byte{0xF0, 0x47, 0x7F, 0x4F, 0x24, 0, 16, 1, 1, 0, 1, 0, 2, 0, 3, 63, 63, 0, 4, 0, 5, 0, 6, 0xF7}},
		{"Launchpad Mini MK3", []coloured{{81, [3]uint8{255, 0, 100}}}, []byte{0xF0, 0, 0x20, 0x29, 2, 0x0D, 3, 3, 81, 127, 0, 50, 0xF7}},
		{"Launchpad X", []coloured{{11, [3]uint8{0, 255, 0}}, {12, [3]uint8{2, 0, 0}}}, []byte{0xF0, 0, 0x20, 0x29, 2, 0x0C, 3, 3, 11, 0, 127, 0, 3, 12, 1, 0, 0, 0xF7}},
	} {
		if got := told(controllers.Named(c.device).RGB, c.lights); !bytes.Equal(got, c.want) {
			t.Errorf("%s: % x, and is to be % x", c.device, got, c.want)
		}
	}
}

// pads reads the true-colour messages of a device, and holds them to its form.
func pads(t *testing.T, device string, messages [][]byte) map[byte][3]uint8 {
	t.Helper()
	r, out := controllers.Named(device).RGB, map[byte][3]uint8{}
	for _, m := range messages {
		if !bytes.HasPrefix(m, r.Begin) {
			continue
		}
		for _, b := range m[1 : len(m)-1] {
			if b > 127 {
				t.Fatalf("%s: % x: a byte over 127", device, m)
			}
		}
		body, n := m[len(r.Begin):len(m)-1], 5
		if r.Form == "akai" {
			if int(body[0])<<7|int(body[1]) != len(body)-2 || (len(body)-2)/8 > 32 {
				t.Fatalf("% x: the length is wrong", m)
			}
			body, n = body[2:], 8
		}
		if len(body)%n != 0 || len(body)/n > r.Most {
			t.Fatalf("%s: % x: %d bytes of lights", device, m, len(body))
		}
		for ; len(body) > 0; body = body[n:] {
			if r.Form == "akai" {
				out[body[0]] = [3]uint8{body[2]<<7 | body[3], body[4]<<7 | body[5], body[6]<<7 | body[7]}
			} else {
				out[body[1]] = [3]uint8{body[2], body[3], body[4]}
			}
		}
	}
	return out
}

// TestTrueColour: a pad shows its scene's own colour: bright where it is seen,
// blinking on the beat where it is armed, dim where it could be called, dark
// where there is none. What does not change is not sent again.
func TestTrueColour(t *testing.T) {
	for _, c := range []struct {
		device           string
		seen, armed, dim byte
		none             []byte
		half             bool // colours are 0…127
	}{
		{"APC mini mk2", 56, 49, 48, []byte{0, 32, 39}, false},
		{"Launchpad Mini MK3", 81, 72, 71, []byte{11, 51, 58}, true},
		{"Launchpad X", 81, 72, 71, []byte{11, 51, 58}, true},
	} {
		r := newRig(t, c.device)
		bytes := func(colour [3]uint8, x float32) [3]uint8 {
			for i := range colour {
				colour[i] = uint8(float32(colour[i])*x + 0.5)
				if c.half {
					colour[i] >>= 1
				}
			}
			return colour
		}
		r.surface.Start()
		first := pads(t, c.device, r.surface.Lights(&r.view, nil))
		if len(first) != 64 {
			t.Errorf("%s: at the start %d pads are told", c.device, len(first))
		}
		for pad, want := range map[byte][3]uint8{c.seen: bytes(sea, 1), c.armed: bytes(violet, 1), c.dim: bytes(violet, dim)} {
			if first[pad] != want {
				t.Errorf("%s: pad %d is %v, and is to be %v", c.device, pad, first[pad], want)
			}
		}
		for _, pad := range c.none {
			if first[pad] != [3]uint8{} {
				t.Errorf("%s: pad %d, which does nothing, is %v", c.device, pad, first[pad])
			}
		}
		if again := r.surface.Lights(&r.view, nil); len(again) != 0 {
			t.Errorf("%s: nothing changed, and % x is sent", c.device, again)
		}
		// Half a beat later, at 120 a minute, the armed ones are dark, and
		// nothing else is told.
		r.run(16)
		later := pads(t, c.device, r.surface.Lights(&r.view, nil))
		if len(later) != 2 || later[c.armed] != [3]uint8{} {
			t.Errorf("%s: half a beat later %v is told", c.device, later)
		}
		// On a fast beat they blink at most twice a second.
		blinks := 0
		v := r.view
		for v.BPM = 600; v.Beat < 100; v.Beat += 0.1 {
			was := pads(t, c.device, r.surface.Lights(&v, nil))
			if was[c.armed] != [3]uint8{} {
				blinks++
			}
		}
		if blinks < 9 || blinks > 20 { // in ten seconds
			t.Errorf("%s: at 600 beats a minute %d blinks in 10 s", c.device, blinks)
		}
	}
}

// TestDecksAndSingleLEDs: deck A and B of an APC40 are two colours; an LED of
// one colour on a Launch Control XL is told both bits.
func TestDecksAndSingleLEDs(t *testing.T) {
	lights := func(r *rig) map[[2]byte]byte {
		r.surface.Start()
		out := map[[2]byte]byte{}
		for _, m := range r.surface.Lights(&r.view, nil) {
			out[[2]byte{m[0], m[1]}] = m[2]
		}
		return out
	}
	r := newRig(t, "APC40 mkII")
	for deck, want := range []byte{0, 1, 2} {
		r.set("/channel/3/deck", float32(deck))
		if got := lights(r)[[2]byte{0x92, 66}]; got != want {
			t.Errorf("deck %s is told as %d, and is to be %d", show.Decks[deck], got, want)
		}
	}
	r = newRig(t, "Launch Control XL")
	if got := lights(r); got[[2]byte{0x98, 108}] != 12 || got[[2]byte{0xB8, 104}] != 12 {
		t.Errorf("at rest record-arm and up are told as %d and %d", got[[2]byte{0x98, 108}], got[[2]byte{0xB8, 104}])
	}
	r.set("/master/blackout", 1)
	r.play(midi.NoteOn(8, 108, 127)) // record
	if got := lights(r); got[[2]byte{0x98, 108}] != 63 || got[[2]byte{0xB8, 104}] != 63 {
		t.Errorf("recording, in a blackout, record-arm and up are told as %d and %d", got[[2]byte{0x98, 108}], got[[2]byte{0xB8, 104}])
	}
}
