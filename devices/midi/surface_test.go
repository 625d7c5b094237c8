package midi

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/gomidi/midi/v2"

	"noctiluca/assets/controllers"
	"noctiluca/engine/show"
	"noctiluca/engine/signal"
	"noctiluca/installations"
)

// artwork is a made-up installation of three scenes, two layers each, with
// three parameters a layer.
func artwork() *installations.Installation {
	inst := &installations.Installation{Name: "test", Rate: 60, Groups: []installations.Group{{Name: "all"}}}
	for s := range 3 {
		scene := installations.Scene{Name: fmt.Sprintf("s%d", s)}
		for l := range 2 {
			layer := installations.Layer{Name: fmt.Sprintf("l%d", l), Level: 1}
			for p := range 3 {
				layer.Parameters = append(layer.Parameters, installations.Parameter{Name: fmt.Sprintf("P%d", p), Max: 1, Default: 0.5})
			}
			scene.Layers = append(scene.Layers, layer)
		}
		inst.Scenes = append(inst.Scenes, scene)
	}
	return inst
}

type nobody struct{}

func (nobody) Cell(int) signal.CellState { return signal.CellState{} }

// rig is a show with one surface, in step.
type rig struct {
	t       testing.TB
	show    *show.Show
	surface *Surface
	view    show.View
	n       int
}

func newRig(t testing.TB, device string) *rig {
	t.Helper()
	s, err := show.New(artwork(), show.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, show: s, surface: NewSurface(controllers.Named(device), device, s)}
	r.run(1)
	return r
}

func (r *rig) now() time.Duration { return time.Duration(float64(r.n) / 60 * 1e9) }

func (r *rig) run(ticks int) {
	for range ticks {
		r.n++
		r.show.Step(r.now(), nobody{})
	}
	r.show.Look(&r.view)
}

// play sends a message and gives what it asks of the show, in words, after
// the show has done it.
func (r *rig) play(msg []byte) string {
	r.t.Helper()
	events, _, _ := r.surface.Receive(msg, r.now()+1, &r.view, nil)
	var words []string
	for _, e := range events {
		if err := r.show.Offer(e); err != nil {
			r.t.Fatal(err)
		}
		switch e.Action {
		case show.Set, show.Nudge, show.Toggle:
			words = append(words, fmt.Sprintf("%s %s %.3g", [...]string{"set", "nudge", "toggle"}[e.Action], r.show.Specs[e.Param].Path, e.Value))
		default:
			words = append(words, fmt.Sprintf("action %d/%d", e.Action, e.Index))
		}
	}
	r.run(1)
	return strings.Join(words, "; ")
}

func (r *rig) find(path string) show.ID {
	r.t.Helper()
	id, err := r.show.Find(path)
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

func (r *rig) set(path string, v float32) {
	r.t.Helper()
	if err := r.show.Offer(show.Event{Action: show.Set, Param: r.find(path), Value: v, Fade: 0, At: r.now(), By: show.ByWindow}); err != nil {
		r.t.Fatal(err)
	}
	r.run(2)
}

// sweep moves an absolute control over its whole way, so that it picks up
// what it moves, and leaves it at v.
func (r *rig) sweep(message func(v uint8) []byte, v uint8) string {
	r.play(message(0))
	r.play(message(127))
	return r.play(message(v))
}

// TestDefaults plays each device as it comes out of its box. The bytes are
// those of its published map.
func TestDefaults(t *testing.T) {
	cc := func(ch, n uint8) func(uint8) []byte {
		return func(v uint8) []byte { return midi.ControlChange(ch, n, v) }
	}
	for _, c := range []struct {
		device string
		fader  func(uint8) []byte // channel 2's level, at 64
		knob   func(uint8) []byte // the first parameter, at 127
		press  []byte
		want   string
	}{
		{"APC40 mkII", cc(1, 7), cc(0, 48), midi.NoteOn(2, 32+2, 127), ""},
		{"APC40 mkII", cc(1, 7), cc(0, 48), midi.NoteOn(0, 24+3, 127), "set /channel/4/scene 2"},
		{"APC40 mkII", cc(1, 7), cc(0, 48), midi.NoteOn(4, 49, 127), "toggle /channel/5/solo 0"},
		{"APC40 mkII", cc(1, 7), cc(0, 48), midi.NoteOn(0, 91, 127), "action 3/0"},
		{"APC40 mkII", cc(1, 7), cc(0, 48), midi.NoteOn(0, 81, 127), "toggle /master/panic 0"},
		{"APC mini mk2", cc(0, 49), nil, midi.NoteOn(0, 48+1, 127), "set /channel/2/scene 2"},
		{"APC mini mk2", cc(0, 49), nil, midi.NoteOn(0, 119, 127), "toggle /master/blackout 0"},
		{"MIDImix", cc(0, 23), cc(0, 16), midi.NoteOn(0, 22, 127), "toggle /channel/8/mute 0"},
		{"MIDImix", cc(0, 23), cc(0, 16), midi.NoteOn(0, 27, 127), "action 3/0"},
		{"Launchpad Mini MK3", nil, nil, midi.NoteOn(0, 61+7, 127), "set /channel/8/scene 3"},
		{"Launchpad Mini MK3", nil, nil, midi.ControlChange(0, 93, 127), "action 4/0"},
		{"Launchpad X", nil, nil, midi.NoteOn(0, 81, 100), "set /channel/1/scene 1"},
		{"Launchpad X", nil, nil, midi.ControlChange(0, 19, 127), "toggle /master/blackout 0"},
		{"Launch Control XL", cc(8, 78), cc(8, 13), midi.NoteOn(8, 90, 127), "toggle /channel/6/mute 0"},
		{"Launch Control XL", cc(8, 78), cc(8, 13), midi.ControlChange(8, 104, 127), "toggle /master/blackout 0"},
		{"nanoKONTROL2", cc(0, 1), cc(0, 16), midi.ControlChange(0, 33, 127), "toggle /channel/2/solo 0"},
		{"nanoKONTROL2", cc(0, 1), cc(0, 16), midi.ControlChange(0, 46, 127), "toggle /master/freeze 0"},
		{"X-Touch Mini", nil, cc(10, 1), midi.NoteOn(10, 23, 127), "toggle /master/blackout 0"},
	} {
		r := newRig(t, c.device)
		if c.fader != nil {
			if got := r.sweep(c.fader, 64); got != "set /channel/2/level 0.254" { // (64/127)²
				t.Errorf("%s: the second fader does %q", c.device, got)
			}
		}
		if c.knob != nil {
			if got := r.sweep(c.knob, 127); got != "set /scene/s0/l0/P0 1" {
				t.Errorf("%s: the first knob does %q", c.device, got)
			}
		}
		if got := r.play(c.press); got != c.want {
			t.Errorf("%s: % x does %q, not %q", c.device, c.press, got, c.want)
		}
		if got := r.play([]byte{c.press[0], c.press[1], 0}); got != "" {
			t.Errorf("%s: letting it go does %q", c.device, got)
		}
	}
}

// TestLightsAgainstTheTable compares the bytes of LEDs with the devices'
// published maps. The installation is at its start: scene 1 on channel 1 is
// seen, scenes 2 and 3 are armed on channels 2 and 3.
func TestLightsAgainstTheTable(t *testing.T) {
	for _, c := range []struct {
		device string
		start  string
		want   [][3]byte
		not    []byte // note numbers that must stay dark
	}{
		// Palette: the scene's colour, bright, on channel 0; armed ones blink
		// on channel 14, dim ones are solid. Rings: style 2, then 0.5 as 64.
		{"APC40 mkII", "f0477f2960000442090005f7", [][3]byte{
			{0x90, 32, velocity("APC40 mkII", sea, 2)}, {0x9E, 25, velocity("APC40 mkII", violet, 2)}, {0x9E, 18, velocity("APC40 mkII", lime, 2)},
			{0x90, 24, velocity("APC40 mkII", violet, 1)}, {0xB0, 56, 2}, {0xB0, 48, 64}, {0x90, 51, 1}, {0x91, 51, 0}, {0x90, 50, 0},
		}, []byte{8, 0}},
		{"APC mini mk2", "f0477f4f60000441090104f7", [][3]byte{{0x90, 100, 1}, {0x90, 101, 0}, {0x90, 112, 0}}, nil},
		{"MIDImix", "", [][3]byte{{0x90, 1, 0}, {0x90, 3, 127}, {0x90, 6, 0}, {0x90, 27, 0}}, nil},
		{"Launchpad Mini MK3", "f0002029020d0e01f7", [][3]byte{{0xB0, 59, velocity("Launchpad Mini MK3", white, 2)}, {0xB0, 94, 0}}, nil},
		{"Launchpad X", "f0002029020c0e01f7", [][3]byte{{0xB0, 59, velocity("Launchpad X", white, 2)}, {0xB0, 89, 0}}, nil},
		{"Launch Control XL", "f000202902117708f7", [][3]byte{
			// The first column's knobs: note 13, 14, 15; half-way is dim green.
			{0x98, 13, 28}, {0x98, 29, 28}, {0x98, 14, 28}, {0x98, 30, 60}, {0x98, 41, 62}, {0x98, 42, 12}, {0x98, 73, 12},
		}, nil},
		{"nanoKONTROL2", "", [][3]byte{{0xB0, 64, 127}, {0xB0, 65, 0}, {0xB0, 48, 0}, {0xB0, 45, 0}}, nil},
		// The ring's style goes to CC 1, its value, LED 1 to 13, to CC 9, on
		// channel 0.
		{"X-Touch Mini", "", [][3]byte{{0xB0, 1, 2}, {0xB0, 9, 7}, {0x90, 0, 1}, {0x90, 1, 0}, {0x90, 15, 0}}, nil},
	} {
		r := newRig(t, c.device)
		start := ""
		for _, m := range r.surface.Start() {
			start += fmt.Sprintf("%x", m)
		}
		if start != c.start {
			t.Errorf("%s starts with %s, not %s", c.device, start, c.start)
		}
		told := map[[2]byte]byte{}
		all := map[[3]byte]bool{}
		for _, m := range r.surface.Lights(&r.view, nil) {
			if m[0] == 0xF0 {
				continue // TestTrueColour has these
			}
			all[[3]byte(m)] = true
			told[[2]byte{m[0] & 0xF0, m[1]}] = m[2]
		}
		for _, w := range c.want {
			if !all[w] {
				t.Errorf("%s: % x was not sent; number %d got %d", c.device, w, w[1], told[[2]byte{w[0] & 0xF0, w[1]}])
			}
		}
		for _, n := range c.not {
			if told[[2]byte{0x90, n}] != 0 {
				t.Errorf("%s: pad %d, which does nothing, is lit", c.device, n)
			}
		}
		if again := r.surface.Lights(&r.view, nil); len(again) != 0 {
			t.Errorf("%s: nothing changed, and % x is sent", c.device, again)
		}
		r.surface.Start() // plugged in again
		if again := r.surface.Lights(&r.view, nil); len(again) < len(c.want) {
			t.Errorf("%s: plugged in again, only %d lights are told", c.device, len(again))
		}
	}
}

// The colours of the first three scenes, where the installation gives none.
var sea, violet, lime = [3]uint8{0, 255, 178}, [3]uint8{252, 0, 255}, [3]uint8{182, 255, 0}

// velocity is the palette index of a colour.
func velocity(device string, colour [3]uint8, bright uint8) byte {
	return nearest(controllers.Named(device).Colours, glow{colour: colour, bright: bright})
}

// TestTakeover: the three ways, and that pickup arms again.
func TestTakeover(t *testing.T) {
	r := newRig(t, "MIDImix")
	fader := func(v uint8) string { return r.play(midi.ControlChange(0, 19, v)) } // channel 1's, which is at 1
	if got := fader(10) + fader(90); got != "" {
		t.Errorf("a fader that is under the value does %q", got)
	}
	if got := fader(126); !strings.HasPrefix(got, "set /channel/1/level") {
		t.Errorf("at the value it does %q", got)
	}
	if got := fader(64); got != "set /channel/1/level 0.254" {
		t.Errorf("once picked up it does %q", got)
	}
	r.set("/channel/1/level", 1) // the window moves it
	if got := fader(63); got != "" {
		t.Errorf("after the window moved the value, the fader does %q", got)
	}
	if got := fader(127); got == "" {
		t.Error("picked up again it does nothing")
	}
	// A cue moves it too.
	if err := r.show.Offer(show.Event{Action: show.Insert, Item: &show.Cue{Name: "c", Follow: -1, Timecode: -1, Sets: []show.Setting{{Param: r.find("/channel/1/level"), Value: 0.2}}}, At: r.now()}); err != nil {
		t.Fatal(err)
	}
	if err := r.show.Offer(show.Event{Action: show.Go, At: r.now()}); err != nil {
		t.Fatal(err)
	}
	r.run(3)
	if got := fader(120); got != "" {
		t.Errorf("after a cue moved the value, the fader does %q", got)
	}

	// Direct jumps; scale goes in proportion, and arrives together.
	id := r.find("/channel/2/level")
	mapping := func(way show.Takeover) {
		if err := r.show.Offer(show.Event{Action: show.Edit, Index: 0, At: r.now(), Item: &show.Mapping{Device: "MIDImix", Control: "fader8", Path: "/channel/2/level", Param: id, To: 1, Takeover: way}}); err != nil {
			t.Fatal(err)
		}
		r.run(1)
	}
	last := func(v uint8) string { return r.play(midi.ControlChange(0, 61, v)) }
	mapping(show.Direct)
	if got := last(64); got != "set /channel/2/level 0.254" {
		t.Errorf("direct: %q", got)
	}
	mapping(show.Scale)
	r.surface.Start()
	r.set("/channel/2/level", 0.25) // position 0.5
	if got := last(100); got != "" {
		t.Errorf("scale moves at the first message: %q", got)
	}
	last(114) // half of what is left to the control: half of what is left to the value
	r.run(3)
	if got := r.show.Specs[id].Position(r.view.To[id]); math.Abs(float64(got)-0.759) > 0.01 {
		t.Errorf("scale: position %v after half of the way that was left", got)
	}
	last(127)
	r.run(3)
	if got := r.view.To[id]; got != 1 {
		t.Errorf("scale: at the end the value is %v", got)
	}
	if got := last(64); got != "set /channel/2/level 0.254" {
		t.Errorf("scale: once together: %q", got)
	}
}

// TestEncodings: 14 bits, NRPN, the three relative ones, bend, pressure,
// program change, by mappings that were learned.
func TestEncodings(t *testing.T) {
	for _, c := range []struct {
		control  string
		messages [][]byte
		want     string
	}{
		{"cc14 0/7", [][]byte{{0xB0, 7, 64}, {0xB0, 39, 1}}, "set /master/hue 9.16e-05"},
		{"nrpn 2/300", [][]byte{{0xB2, 99, 2}, {0xB2, 98, 44}, {0xB2, 6, 127}, {0xB2, 38, 127}}, "set /master/hue 0.5"},
		{"nrpn 2/300", [][]byte{{0xB2, 99, 2}, {0xB2, 98, 44}, {0xB2, 96, 0}}, "nudge /master/hue 0.00787"},
		{"cc 0/20 twos", [][]byte{{0xB0, 20, 1}}, "nudge /master/hue 0.00781"},
		{"cc 0/20 twos", [][]byte{{0xB0, 20, 126}}, "nudge /master/hue -0.0156"},
		{"cc 0/20 offset", [][]byte{{0xB0, 20, 66}}, "nudge /master/hue 0.0156"},
		{"cc 0/20 offset", [][]byte{{0xB0, 20, 63}}, "nudge /master/hue -0.00781"},
		{"cc 0/20 sign", [][]byte{{0xB0, 20, 66}}, "nudge /master/hue -0.0156"},
		{"cc 0/20 sign", [][]byte{{0xB0, 20, 2}}, "nudge /master/hue 0.0156"},
		{"bend 3", [][]byte{{0xE3, 127, 127}}, "set /master/hue 0.5"},
		{"pressure 1", [][]byte{{0xD1, 0}}, "set /master/hue -0.5"},
		{"touch 1/60", [][]byte{{0xA1, 60, 127}}, "set /master/hue 0.5"},
		{"note 9/36", [][]byte{{0x99, 36, 90}}, "set /master/hue 0.5"},
		{"note 9/36", [][]byte{{0x99, 36, 0}}, "set /master/hue -0.5"},
		{"cc 9/80", [][]byte{{0xC4, 7}}, "action 6/7"}, // a program change calls a cue
	} {
		r := newRig(t, "nobody's box")
		m := &show.Mapping{Device: "nobody's box", Control: c.control, Path: "/master/hue", Param: r.show.Master.Hue, To: 1, Takeover: show.Direct}
		if err := r.show.Offer(show.Event{Action: show.Insert, Item: m}); err != nil {
			t.Fatal(err)
		}
		r.run(1)
		got := ""
		for i, msg := range c.messages {
			got = r.play(msg)
			if i < len(c.messages)-1 && got != "" {
				t.Errorf("%s: half of it does %q", c.control, got)
			}
		}
		if got != c.want {
			t.Errorf("%s: % x does %q, not %q", c.control, c.messages, got, c.want)
		}
	}
	for _, bad := range []string{"cc", "cc 0", "cc 16/1", "cc 0/128", "cc14 0/40", "horn 0/1", "cc 0/1 odd", "bend x"} {
		if _, ok := bare(bad); ok {
			t.Errorf("%q is a control", bad)
		}
	}
}

// TestPages: knobs go through more parameters than there are of them, and
// through the scene of the selected channel.
func TestPages(t *testing.T) {
	r := newRig(t, "nanoKONTROL2") // 8 knobs; 6 parameters, 2 levels, 4 of the master
	knob := func() string { return r.sweep(func(v uint8) []byte { return midi.ControlChange(0, 17, v) }, 127) }
	if got := knob(); got != "set /scene/s0/l0/P1 1" {
		t.Errorf("page 1: %q", got)
	}
	r.play(midi.ControlChange(0, 59, 127))
	if got := knob(); got != "set /master/saturation 1" {
		t.Errorf("page 2: %q", got)
	}
	r.play(midi.ControlChange(0, 66, 127)) // selects channel 3
	if got := knob(); got != "set /scene/s2/l0/P1 1" {
		t.Errorf("channel 3: %q", got)
	}
	if l := r.surface.Look(); l.Selected != 2 || l.Page != 0 || l.Pages != 2 {
		t.Errorf("the surface says %+v", l)
	}
}

func FuzzReceive(f *testing.F) {
	f.Add([]byte{0xB0, 7, 64, 0x90, 32, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		r := newRig(t, "APC40 mkII")
		for i := 0; i+3 <= len(data) && i < 300; i += 3 {
			r.play(data[i : i+3])
			r.surface.Lights(&r.view, nil)
		}
	})
}

// TestKeep: a control that was learned to keep takes a snapshot of all.
func TestKeep(t *testing.T) {
	r := newRig(t, "MIDImix")
	m := &show.Mapping{Device: "MIDImix", Control: "solo-shift", Do: "keep", To: 1}
	if err := r.show.Offer(show.Event{Action: show.Insert, Index: -1, Item: m, At: r.now()}); err != nil {
		t.Fatal(err)
	}
	r.run(1)
	r.set("/master/hue", 0.25)
	r.play(midi.NoteOn(0, 27, 127))
	r.play(midi.NoteOff(0, 27))
	if n := len(r.view.Items[show.Snapshots]); n != 1 {
		t.Fatalf("%d snapshots", n)
	}
	shot := r.view.SnapshotAt(0)
	if i := slices.IndexFunc(shot.Sets, func(s show.Setting) bool { return s.Param == r.find("/master/hue") }); shot.Name != "Snapshot 1" || i < 0 || shot.Sets[i].Value != 0.25 {
		t.Errorf("it kept %+v", shot)
	}
}
