package desk

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/showfile"
	"noctiluca/engine"
	"noctiluca/engine/show"
	"noctiluca/installations"
	"noctiluca/shaders"
)

// reacher presses and reaches controls by keys.
func reacher(t *testing.T, d *Desk, draw func(Hand) bool) func(name string, keys ...Key) {
	return func(name string, keys ...Key) {
		t.Helper()
		for range 2 * len(d.names) {
			if d.Focus() == name {
				break
			}
			draw(key(KeyNext))
		}
		if d.Focus() != name {
			t.Fatalf("keys do not reach %q of %v", name, d.names)
		}
		for _, k := range keys {
			draw(key(k))
		}
	}
}

// TestControlsAreTold, and a mapping is changed, taken away and brought back
// by keys alone.
func TestControlsAreTold(t *testing.T) {
	d, s, c, _ := table(t)
	status := &Status{Remote: []string{"OSC is taken in at 127.0.0.1:9001"}, Surfaces: []Surface{{Port: "p", Device: "nanoKONTROL2", Connected: true, Controls: []Control{
		{Name: "knob3", Does: "/master/hue", Learned: true, Hold: Armed, At: 0.2, Value: 0.5},
		{Name: "slider1", Does: "/channel/1/level", Hold: Held, At: 0.7, Value: 0.7},
		{Name: "slider2", Does: "/channel/2/level", Hold: Unknown, At: -1, Value: 0.7},
	}}}}
	n := 60
	draw := func(h Hand) bool {
		c.texts = nil
		mine := d.Draw(c, h, status)
		for range 30 {
			n++
			s.Step(time.Duration(n)*time.Second/60, quiet{})
		}
		return mine
	}
	for _, it := range []show.Item{
		&show.Mapping{Device: "nanoKONTROL2", Control: "knob3", Path: "/master/hue", Param: s.Master.Hue, To: 1},
		&show.Mapping{Device: "MIDImix", Control: "knob1", Path: "/master/level", Param: s.Master.Level, To: 1, Takeover: show.Direct},
	} {
		if err := s.Offer(show.Event{Action: show.Insert, Index: -1, Item: it}); err != nil {
			t.Fatal(err)
		}
	}
	draw(Hand{X: -1})
	if c.says("Learned controls") {
		t.Error("it was not asked for")
	}
	d.Surfaces()
	draw(Hand{X: -1})
	for _, want := range []string{"Learned controls: 2", "nanoKONTROL2 knob3", "to be picked up", "MIDImix knob1", "not plugged in", "direct", "slider1", "holds", "not moved yet", "OSC is taken in at 127.0.0.1:9001", "pickup"} {
		if !c.says(want) {
			t.Errorf("nothing says %q: %q", want, c.texts)
		}
	}
	if d.Focus() != "mapping 1" {
		t.Errorf("the focus is at %q, not in what was opened", d.Focus())
	}
	mappings := func() []show.Item { draw(Hand{X: -1}); return look(s).Items[show.Mappings] }
	at := func(i int) *show.Mapping { return mappings()[i].(*show.Mapping) }
	reach := reacher(t, d, draw)
	reach("mapping 1", KeyEnter)
	if m := at(0); m.Takeover != show.Direct || m.Control != "knob3" {
		t.Errorf("after enter: %+v", m)
	}
	reach("mapping 2", KeyDefault)
	if m := mappings(); len(m) != 1 {
		t.Errorf("after backspace there are %d", len(m))
	}
	draw(key(KeyUndo))
	if m := mappings(); len(m) != 2 || at(1).Device != "MIDImix" {
		t.Errorf("after undo there are %d", len(m))
	}
	draw(key(KeyUndo))
	if m := at(0); m.Takeover != show.Pickup {
		t.Errorf("after a second undo: %+v", m)
	}
	if !d.Close() || d.Close() {
		t.Error("it closes once")
	}
}

// TestAGestureIsEdited by keys and by the pointer, each movement one undo, and
// is saved in the file, whose comments stay.
func TestAGestureIsEdited(t *testing.T) {
	inst, problems := installations.OpenNamed("forest", shaders.FS)
	if inst == nil {
		t.Fatal(problems)
	}
	file := filepath.Join(t.TempDir(), "show.yaml")
	const text = `# The evening.
noctiluca: 1
gestures:
  # Recorded when it rained.
  - name: rain
    length: 4
    tracks:
      - parameter: /master/hue # turned slowly
        at: [0, 1.1, 1.9, 4]
        value: [0, 0.2, 0.1, 0]
      - parameter: /master/level
        at: [0, 2]
        value: [1, 0.5]
`
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	opened, err := showfile.Open(inst, showfile.Options{Path: file})
	if err != nil {
		t.Fatal(err)
	}
	s, err := show.New(inst, show.Options{Document: opened.Document})
	if err != nil {
		t.Fatal(err)
	}
	d := New(Options{Installation: inst, Show: s})
	c := &paperCanvas{w: 1280, h: 1400}
	n := 0
	draw := func(h Hand) bool {
		c.texts = nil
		mine := d.Draw(c, h, &Status{})
		for range 60 {
			n++
			s.Step(time.Duration(n)*time.Second/60, quiet{})
		}
		return mine
	}
	draw(Hand{X: -1})
	d.Gestures()
	draw(Hand{X: -1})
	reach := reacher(t, d, draw)
	gesture := func() *show.Gesture { draw(Hand{X: -1}); draw(Hand{X: -1}); return look(s).GestureAt(0) }

	// The second point: half a second later, in two steps of 0.05 s that are
	// one edit each, for the hand rests between the pictures of this test.
	reach("lane 1", KeyRight)
	reach("point time", KeyRight, KeyRight)
	if g := gesture(); g.Tracks[0].At[1] < 1.19 || g.Tracks[0].At[1] > 1.21 || g.Tracks[0].Value[1] != 0.2 {
		t.Errorf("moved by two steps it is at %v s, %v", g.Tracks[0].At[1], g.Tracks[0].Value[1])
	}
	before := gesture().Tracks[0].Value[1]
	reach("point value", KeyRight)
	if v := gesture().Tracks[0].Value[1]; v <= before {
		t.Errorf("a step up: from %v to %v", before, v)
	}
	reach("lane 1", KeyDefault)
	if k := len(gesture().Tracks[0].At); k != 3 {
		t.Errorf("taken away: %d points", k)
	}
	for range 4 {
		draw(key(KeyUndo))
	}
	if g := gesture(); !slices.Equal(g.Tracks[0].At, []float32{0, 1.1, 1.9, 4}) || !slices.Equal(g.Tracks[0].Value, []float32{0, 0.2, 0.1, 0}) {
		t.Errorf("after all undo: %v %v", g.Tracks[0].At, g.Tracks[0].Value)
	}
	reach("grid", KeyRight) // a beat: half a second at 120
	reach("quantise", KeyEnter)
	if g := gesture(); !slices.Equal(g.Tracks[0].At, []float32{0, 1, 2, 4}) {
		t.Errorf("on the beat: %v", g.Tracks[0].At)
	}
	reach("lane 1", KeyRight, KeyRight, KeyRight, KeyLeft)
	reach("trim end", KeyEnter)
	if g := gesture(); g.Length != 2 || len(g.Tracks[0].At) != 3 {
		t.Errorf("it ends at the third point: %v s, %v", g.Length, g.Tracks[0].At)
	}
	reach("lane 2")
	reach("remove lane", KeyEnter)
	if g := gesture(); len(g.Tracks) != 1 {
		t.Errorf("%d lanes are left", len(g.Tracks))
	}
	var v show.View
	s.Look(&v)
	if err := opened.File.Save(&v); err != nil {
		t.Fatal(err)
	}
	saved, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# The evening.", "# Recorded when it rained.", "length: 2"} {
		if !strings.Contains(string(saved), want) {
			t.Errorf("the file does not say %q:\n%s", want, saved)
		}
	}
	if strings.Contains(string(saved), "/master/level") {
		t.Errorf("the lane that was removed is in the file:\n%s", saved)
	}
	again, err := showfile.Open(inst, showfile.Options{Path: file})
	if err != nil || len(again.Document.Items[show.Gestures]) != 1 {
		t.Errorf("it is read again: %v", err)
	}
}

// TestADragIsOneEdit: the pointer takes the nearest point, the draft is shown
// while it moves, and one undo takes all of it back.
func TestADragIsOneEdit(t *testing.T) {
	d, s, _, draw := table(t)
	track := show.Track{Param: s.Master.Hue, At: []float32{0, 2, 4}, Value: []float32{0, 0, 0}}
	if err := s.Offer(show.Event{Action: show.Insert, Index: -1, Item: &show.Gesture{Name: "g", Length: 4, Tracks: []show.Track{track}}}); err != nil {
		t.Fatal(err)
	}
	draw(Hand{X: -1})
	d.Gestures()
	draw(Hand{X: -1})
	// Find the lane by pressing down the middle of the window.
	y := 0.0
	for y = 60; y < 700 && d.Focus() != "lane 1"; y += 6 {
		draw(Hand{X: 640, Y: y, Down: true, Pressed: true})
		draw(Hand{X: 640, Y: y, Released: true})
	}
	if d.Focus() != "lane 1" || d.drafting.point != 1 {
		t.Fatalf("no lane under the pointer; focus %q, point %d", d.Focus(), d.drafting.point)
	}
	// Its middle point is at the middle of the lane, where it is grasped.
	for at := y - 12; at < y+60; at += 3 {
		draw(Hand{X: 640, Y: at, Down: true, Pressed: true})
		if d.grip == "lane 1" && d.drafting.held {
			y = at
			break
		}
		draw(Hand{X: 640, Y: at, Released: true})
	}
	for i := range 5 {
		draw(Hand{X: 640 + 12*float64(i+1), Y: y, Down: true})
		if g := look(s).GestureAt(0); g.Tracks[0].At[1] != 2 {
			t.Fatal("the show has it before the hand lets go")
		}
	}
	if at := d.inHand().Tracks[0].At[1]; at <= 2.2 {
		t.Fatalf("dragged it is shown at %v s", at)
	}
	draw(Hand{X: 700, Y: y, Released: true})
	draw(Hand{X: -1})
	draw(Hand{X: -1})
	if at := look(s).GestureAt(0).Tracks[0].At[1]; at <= 2.2 || d.drafting.draft != nil {
		t.Fatalf("let go it is at %v s, draft %v", at, d.drafting.draft != nil)
	}
	draw(key(KeyUndo))
	draw(Hand{X: -1})
	if at := look(s).GestureAt(0).Tracks[0].At[1]; at != 2 {
		t.Errorf("after one undo it is at %v s", at)
	}
}

// TestPanelsAreLeaptTo: from one to the next, through all, and back.
func TestPanelsAreLeaptTo(t *testing.T) {
	d, _, _, draw := table(t)
	var there []string
	for range 20 {
		draw(key(KeyNextPanel))
		if slices.Contains(there, d.Focus()) {
			break
		}
		there = append(there, d.Focus())
	}
	for _, want := range []string{"/master/panic", "go", "channel 1", "/master/hue", "add snapshot"} {
		if !slices.Contains(there, want) {
			t.Errorf("%q is not among the panels' first: %v", want, there)
		}
	}
	draw(key(KeyPriorPanel))
	if d.Focus() != there[len(there)-1] {
		t.Errorf("back is %q of %v", d.Focus(), there)
	}
}

// TestColoursOutOfReachAreTold for the scene in hand, with how far off.
func TestColoursOutOfReachAreTold(t *testing.T) {
	inst, problems := installations.OpenNamed("tide", shaders.FS)
	if inst == nil {
		t.Fatal(problems)
	}
	s, err := show.New(inst, show.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := New(Options{Installation: inst, Show: s})
	s.Step(0, quiet{})
	reaches, err := engine.Reaches(inst)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for i := range inst.Scenes {
		d.scene = i
		c := &paperCanvas{w: 1280, h: 2400}
		d.Draw(c, Hand{X: -1}, &Status{})
		for k := range reaches {
			r := &reaches[k]
			want := r.Noticed() && slices.Contains(r.Scenes, inst.Scenes[i].Name)
			if c.says(r.Organism.Latin) != want {
				t.Errorf("scene %s: %v: told %v", inst.Scenes[i].Name, r, !want)
			}
			if want {
				told++
				if off := fmt.Sprintf("%s  %.2f off", r.LED, r.Distance); !c.says(off) {
					t.Errorf("scene %s: nothing says %q", inst.Scenes[i].Name, off)
				}
			}
		}
	}
	if told == 0 {
		t.Error("no colour of the tide is out of reach, so nothing was tried")
	}
}

// TestWhatKeysDidIsTold over the stage, and what the show refused, whole and
// for a while.
func TestWhatKeysDidIsTold(t *testing.T) {
	d, s, c, _ := table(t)
	d.Draw(c, Hand{X: -1}, &Status{Said: "saved show.yaml"})
	if !c.says("saved show.yaml") {
		t.Error("nothing says that it was saved")
	}
	d.offer(show.Event{Action: show.Edit, List: show.Gestures, Item: &show.Gesture{Name: "g", Length: -1}})
	c.texts = nil
	d.Draw(c, Hand{X: -1}, &Status{})
	if !slices.Contains(c.texts, d.said) || d.said == "" {
		t.Errorf("the show refused with %q, and that is not told: %q", d.said, c.texts)
	}
	for n := range 500 {
		s.Step(time.Duration(100+n)*time.Second/60*10, quiet{})
	}
	c.texts = nil
	d.Draw(c, Hand{X: -1}, &Status{})
	if slices.Contains(c.texts, d.said) && c.texts[len(c.texts)-1] == d.said {
		t.Error("it stands there for ever")
	}
}

// TestWhoHasNoLightOfTheirOwnIsTold, unless too few people are there.
func TestWhoHasNoLightOfTheirOwnIsTold(t *testing.T) {
	d, _, c, _ := table(t)
	for _, k := range []struct {
		status Status
		told   bool
	}{
		{Status{OwnLights: 32}, false},
		{Status{OwnLights: 32, OwnWaiting: 15}, true},
		{Status{OwnLights: 2, OwnWaiting: 1, WholeWithheld: true}, false},
	} {
		c.texts = nil
		d.Draw(c, Hand{X: -1}, &k.status)
		if c.says("32 of 47 have a light of their own") != k.told {
			t.Errorf("%+v: told %v, want %v: %q", k.status, !k.told, k.told, c.texts)
		}
	}
}
