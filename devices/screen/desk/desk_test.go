package desk

import (
	"image/color"
	"slices"
	"strings"
	"testing"
	"time"

	"noctiluca/engine/safety"
	"noctiluca/engine/show"
	"noctiluca/engine/signal"
	"noctiluca/engine/signal/consent"
	"noctiluca/installations"
	"noctiluca/shaders"

	"pgregory.net/rapid"
)

// paperCanvas is a Canvas that keeps what was written, for these tests.
type paperCanvas struct {
	w, h   float64
	texts  []string
	boxes  int
	curves []int // points of each
}

func (p *paperCanvas) Size() (float64, float64)                  { return p.w, p.h }
func (p *paperCanvas) Box(_, _, _, _ float64, _ color.NRGBA)     { p.boxes++ }
func (p *paperCanvas) Line(_, _, _, _, _ float64, _ color.NRGBA) {}
func (p *paperCanvas) Curve(v []float64, _ float64, _ color.NRGBA) {
	p.curves = append(p.curves, len(v)/2)
}
func (p *paperCanvas) Dot(_, _, _ float64, _ color.NRGBA)     {}
func (p *paperCanvas) Ring(_, _, _, _ float64, _ color.NRGBA) {}
func (p *paperCanvas) Width(s string, f Face) float64         { return float64(len([]rune(s))) * f.Size * 0.5 }
func (p *paperCanvas) Text(s string, _, _ float64, _ Face, _ Align, _ color.NRGBA) {
	p.texts = append(p.texts, s)
}

func (p *paperCanvas) says(s string) bool {
	return slices.ContainsFunc(p.texts, func(t string) bool { return strings.Contains(t, s) })
}

// quiet is what a show senses when nobody is there.
type quiet struct{}

func (quiet) Cell(int) signal.CellState { return signal.CellState{} }

// table is a desk of the forest with everything in view, and its show.
func table(t testing.TB) (*Desk, *show.Show, *paperCanvas, func(Hand) bool) {
	t.Helper()
	inst, problems := installations.OpenNamed("forest", shaders.FS)
	if inst == nil {
		t.Fatal(problems)
	}
	s, err := show.New(inst, show.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := New(Options{Installation: inst, Show: s, Title: inst.Title})
	c := &paperCanvas{w: 1280, h: 2400}
	n := 0
	status := &Status{Scene: "night", Cells: make([]signal.CellState, len(inst.Cells))}
	draw := func(h Hand) bool {
		c.texts = nil
		mine := d.Draw(c, h, status)
		for range 60 {
			n++
			s.Step(time.Duration(n)*time.Second/60, quiet{})
		}
		return mine
	}
	draw(Hand{X: -1, Y: -1})
	return d, s, c, draw
}

func key(k Key) Hand { return Hand{X: -1, Y: -1, Keys: []Key{k}} }

// TestEverythingIsReachedByKeys: going on from control to control visits each
// that is drawn, once, and comes round; going back visits them backwards.
func TestEverythingIsReachedByKeys(t *testing.T) {
	d, s, _, draw := table(t)
	names := slices.Clone(d.names)
	if len(names) < 30 {
		t.Fatalf("%d controls: %v", len(names), names)
	}
	for _, want := range []string{"/master/level", "/master/panic", "/cross", "go", "undo", "/channel/1/level", s.Specs[0].Path} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is not on the desk", want)
		}
	}
	if u := slices.Compact(slices.Sorted(slices.Values(names))); len(u) != len(names) {
		t.Errorf("%d controls have %d names", len(names), len(u))
	}
	var visited []string
	for range names {
		draw(key(KeyNext))
		visited = append(visited, d.Focus())
	}
	if !slices.Equal(visited, names) {
		t.Errorf("visited %v\nwant %v", visited, names)
	}
	if draw(key(KeyNext)); d.Focus() != names[0] {
		t.Errorf("after the last comes %q", d.Focus())
	}
	if draw(key(KeyPrior)); d.Focus() != names[len(names)-1] {
		t.Errorf("before the first comes %q", d.Focus())
	}
}

func look(s *show.Show) *show.View {
	v := &show.View{}
	s.Look(v)
	return v
}

// TestKeysMoveAValue by the control's own way, and back to its default.
func TestKeysMoveAValue(t *testing.T) {
	d, s, _, draw := table(t)
	id, err := s.Find("/master/saturation")
	if err != nil {
		t.Fatal(err)
	}
	for d.Focus() != "/master/saturation" {
		draw(key(KeyNext))
	}
	for range 5 {
		draw(key(KeyLeft))
	}
	if v := look(s).To[id]; v < 0.895 || v > 0.905 {
		t.Errorf("five steps of 0.02 down from 1: %v", v)
	}
	draw(key(KeyDefault))
	if v := look(s).To[id]; v != 1 {
		t.Errorf("its default is 1: %v", v)
	}
}

// TestThePointerDragsASlider to where it is, beyond its end no further, and
// the desk says that the pointer is its own.
func TestThePointerDragsASlider(t *testing.T) {
	d, s, _, draw := table(t)
	m := s.Master.Level
	// The master is in the upper bar; find it by pressing along it.
	found := -1.0
	for x := 300.0; x < 1280 && found < 0; x += 8 {
		mine := draw(Hand{X: x, Y: 16, Down: true, Pressed: true})
		if d.Focus() == "/master/level" {
			found = x
			if !mine {
				t.Error("the pointer is over the desk, which says it is not")
			}
		}
		draw(Hand{X: x, Y: 16, Released: true})
		draw(Hand{X: x, Y: 800})
	}
	if found < 0 {
		t.Fatal("no master level in the bar")
	}
	draw(Hand{X: found, Y: 16, Down: true, Pressed: true})
	draw(Hand{X: found - 600, Y: 300, Down: true})
	if v := look(s).To[m]; v != 0 {
		t.Errorf("dragged to its left end: %v", v)
	}
	draw(Hand{X: found + 900, Y: 300, Down: true})
	if v := look(s).To[m]; v != 1 {
		t.Errorf("dragged to its right end: %v", v)
	}
	draw(Hand{X: 640, Y: 800, Released: true})
	if draw(Hand{X: 640, Y: 800}) {
		t.Error("the pointer is over the stage, and the desk says it is its own")
	}
}

// TestCues: what is kept is what was there, and Go brings it back.
func TestCues(t *testing.T) {
	d, s, c, draw := table(t)
	press := func(name string) {
		t.Helper()
		for range d.names {
			if d.Focus() == name {
				break
			}
			draw(key(KeyNext))
		}
		draw(key(KeyEnter))
	}
	press("add cue")
	if draw(Hand{X: -1}); !c.says("Cue 1") {
		t.Fatalf("there is no cue on the desk: %v", c.texts)
	}
	id := s.Master.Hue
	if err := s.Offer(show.Event{Action: show.Set, Param: id, Value: 0.25, By: show.ByWindow}); err != nil {
		t.Fatal(err)
	}
	draw(Hand{X: -1})
	if v := look(s).To[id]; v != 0.25 {
		t.Fatalf("the hue is %v", v)
	}
	draw(key(KeyGo))
	for range 5 {
		draw(Hand{X: -1})
	}
	if v := look(s); v.Cue != 0 || v.Base[id] != 0 {
		t.Errorf("after Go: cue %d, hue %v", v.Cue, v.Base[id])
	}
	draw(key(KeyUndo))
	draw(key(KeyUndo))
	draw(Hand{X: -1})
	if v := look(s); len(v.Items[show.Cues]) != 0 {
		t.Errorf("after undo there are %d cues", len(v.Items[show.Cues]))
	}
}

// TestACueIsEdited by keys while it is in focus: its fades, and what it keeps;
// each can be undone.
func TestACueIsEdited(t *testing.T) {
	d, s, c, draw := table(t)
	reach := func(name string) {
		t.Helper()
		for range 2 * len(d.names) {
			if d.Focus() == name {
				return
			}
			draw(key(KeyNext))
		}
		t.Fatalf("keys do not reach %q", name)
	}
	cue := func() *show.Cue { draw(Hand{X: -1}); return look(s).CueAt(0) }
	reach("add cue")
	draw(key(KeyEnter))
	draw(Hand{X: -1})
	reach("cue 1")
	if draw(Hand{X: -1}); !c.says("U keeps now") {
		t.Error("nothing tells of the keys")
	}
	draw(key(KeyRight))
	draw(Hand{X: -1})
	draw(key(KeyRight))
	if got := cue(); got.In != 4 || got.Out != 4 {
		t.Errorf("after → twice it fades in %v and out %v s", got.In, got.Out)
	}
	fine := key(KeyLeft)
	fine.Fine = true
	draw(fine)
	if got := cue(); got.In != 3.9 || got.Out != 3.9 {
		t.Errorf("after a fine ← it fades in %v and out %v s", got.In, got.Out)
	}
	id := s.Master.Hue
	kept := func() float32 {
		for _, set := range cue().Sets {
			if set.Param == id {
				return set.Value
			}
		}
		t.Fatal("the cue has no hue")
		return 0
	}
	if err := s.Offer(show.Event{Action: show.Set, Param: id, Value: 0.25, By: show.ByWindow}); err != nil {
		t.Fatal(err)
	}
	if got := kept(); got != 0 {
		t.Fatalf("the cue's hue is %v", got)
	}
	draw(key(KeyKeep))
	if got := kept(); got != 0.25 {
		t.Errorf("after U the cue's hue is %v", got)
	}
	draw(key(KeyUndo))
	if got := kept(); got != 0 {
		t.Errorf("after undo the cue's hue is %v", got)
	}
}

// TestSnapshotsAndGestures: what was kept comes back, and what hands did is
// played again.
func TestSnapshotsAndGestures(t *testing.T) {
	d, s, c, draw := table(t)
	press := func(name string) {
		t.Helper()
		for range 2 * len(d.names) {
			if d.Focus() == name {
				draw(key(KeyEnter))
				return
			}
			draw(key(KeyNext))
		}
		t.Fatalf("keys do not reach %q of %v", name, d.names)
	}
	set := func(v float32) {
		if err := s.Offer(show.Event{Action: show.Set, Param: s.Master.Hue, Value: v, By: show.ByWindow}); err != nil {
			t.Fatal(err)
		}
		draw(Hand{X: -1})
	}
	press("add snapshot")
	set(0.2)
	press("snapshot 1")
	for range 3 {
		draw(Hand{X: -1})
	}
	if v := look(s).Base[s.Master.Hue]; v != 0 {
		t.Errorf("the hue was 0 when it was kept; recalled it is %v", v)
	}
	press("record")
	set(0.3)
	for range 4 {
		draw(Hand{X: -1})
	}
	set(-0.3)
	press("record")
	set(0)
	if draw(Hand{X: -1}); !c.says("Gestures") {
		t.Fatalf("no gesture was recorded: %v", c.texts)
	}
	press("gesture 1")
	most := float32(0)
	for range 8 {
		draw(Hand{X: -1})
		most = max(most, look(s).Base[s.Master.Hue])
	}
	if most < 0.2 {
		t.Errorf("played again the hue goes up to %v, not 0.3", most)
	}
}

// TestALimitThatIsOffIsLoud: it is written with its reason, and what is
// softened is told.
func TestALimitThatIsOffIsLoud(t *testing.T) {
	d, _, c, _ := table(t)
	d.Draw(c, Hand{X: -1}, &Status{Safety: safety.Status{Softened: 12, Gain: 0.4, Off: []installations.Disabled{{Limit: "flash", Reason: "measured by the venue"}}}})
	for _, want := range []string{"flash is OFF: measured by", "12 lights, to 40 %"} {
		if !c.says(want) {
			t.Errorf("nothing says %q: %v", want, c.texts)
		}
	}
}

// TestAnyHand leaves every value in its range and the desk standing.
func TestAnyHand(t *testing.T) {
	d, s, c, draw := table(t)
	send, refused := d.send, error(nil)
	d.send = func(e show.Event) error {
		err := send(e)
		if err != nil {
			refused = err
		}
		return err
	}
	hue := show.Track{Param: s.Master.Hue, At: []float32{0, 1, 2}, Value: []float32{0, 0.3, -0.2}}
	for _, it := range []show.Item{&show.Gesture{Name: "g", Length: 3, Tracks: []show.Track{hue}}, &show.Mapping{Device: "d", Control: "c", Path: "/master/hue", Param: s.Master.Hue, To: 1}} {
		if err := s.Offer(show.Event{Action: show.Insert, Index: -1, Item: it}); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		for range rapid.IntRange(1, 12).Draw(t, "pictures") {
			h := Hand{
				X: rapid.Float64Range(-50, 1330).Draw(t, "x"), Y: rapid.Float64Range(-50, 2450).Draw(t, "y"),
				Down: rapid.Bool().Draw(t, "down"), Pressed: rapid.Bool().Draw(t, "pressed"), Released: rapid.Bool().Draw(t, "released"),
				Second: rapid.Bool().Draw(t, "second"), Wheel: rapid.Float64Range(-5, 5).Draw(t, "wheel"), Fine: rapid.Bool().Draw(t, "fine"),
			}
			for _, k := range rapid.SliceOfN(rapid.IntRange(0, int(KeyPriorPanel)), 0, 2).Draw(t, "keys") {
				h.Keys = append(h.Keys, Key(k))
			}
			if rapid.IntRange(0, 3).Draw(t, "panel") == 0 {
				[]func(){d.Surfaces, d.Gestures}[rapid.IntRange(0, 1).Draw(t, "which")]()
			}
			c.w, c.h = rapid.Float64Range(100, 3000).Draw(t, "w"), rapid.Float64Range(60, 2400).Draw(t, "h")
			draw(h)
		}
		v := look(s)
		for i := range s.Specs {
			if p := &s.Specs[i]; !(v.To[i] >= p.Min && v.To[i] <= p.Max) {
				t.Fatalf("%s is %v", p.Path, v.To[i])
			}
		}
		if refused != nil {
			t.Fatalf("the show refused: %v", refused)
		}
	})
}

// TestConsentIsTold of the person in focus: for what each signal may be used
// and until when; and it is taken back by a key or by the button.
func TestConsentIsTold(t *testing.T) {
	d, playing, c, _ := table(t)
	var revoked []string
	d.revoke = func(who string) { revoked = append(revoked, who) }
	status := &Status{People: []signal.PersonState{
		{Person: "ada", HeartRate: 60, HeartQuality: 0.83, Terms: consent.Terms{Light: consent.Heart, Display: consent.Heart | consent.Skin, Until: look(playing).At + 95*time.Second}},
		{Person: "eve", Terms: consent.New(consent.Light|consent.Display|consent.Record, consent.Everything, 0)},
	}}
	draw := func(keys ...Key) { c.texts = nil; d.Draw(c, Hand{X: -1, Y: -1, Keys: keys}, status) }
	reach := func(name string) {
		t.Helper()
		for range 2 * len(d.names) {
			if draw(); d.Focus() == name {
				return
			}
			draw(KeyNext)
		}
		t.Fatalf("keys do not reach %q of %v", name, d.names)
	}
	reach("person ada")
	for _, want := range []string{"moves light", "heart", "heart, skin", "is recorded", "nothing", "in 1 min 35 s", "heart 83 %  skin 0 %", "60 bpm"} {
		if !c.says(want) {
			t.Errorf("nothing says %q: %q", want, c.texts)
		}
	}
	draw(KeyDefault)
	reach("person eve")
	for _, want := range []string{"everything", "the visit ends"} {
		if !c.says(want) {
			t.Errorf("nothing says %q: %q", want, c.texts)
		}
	}
	reach("revoke eve")
	draw(KeyEnter)
	if !slices.Equal(revoked, []string{"ada", "eve"}) {
		t.Errorf("revoked %v", revoked)
	}
	// Whoever watches and cannot take it back is not offered to.
	d.revoke = nil
	draw()
	if slices.Contains(d.names, "revoke eve") {
		t.Error("a button that does nothing")
	}
}

// company is cells in which two people have been for a while, one calm and one
// stirred, who come and go with a wave of the time.
func company(names []string, seconds int) *signal.Cells {
	c := signal.New(names, signal.Options{})
	for i := range 2 {
		who := []string{"ada", "eve"}[i]
		c.Offer(signal.Event{Action: signal.Grant, Reading: signal.Reading{Person: who}, Terms: consent.New(consent.Light|consent.Display, consent.Everything, 0), Standing: true})
		for s := range seconds {
			c.Offer(signal.Event{Action: signal.Read, Reading: signal.Reading{Person: who, Kind: signal.Arousal, Value: float64((s+30*i)%60)/60 - 0.5, At: time.Duration(s) * time.Second}})
		}
	}
	for s := range seconds {
		c.Step(time.Duration(s) * time.Second)
	}
	return c
}

// TestThePast of the cells is drawn as far as it is known, and is gone with
// what is taken back.
func TestThePast(t *testing.T) {
	d, _, c, _ := table(t)
	c.curves = nil
	d.Draw(c, Hand{X: -1}, &Status{})
	without := len(c.curves)
	people := company([]string{"clearing", "brook", "old-oak"}, 100)
	status := &Status{History: people.History(), Cells: make([]signal.CellState, 3)}
	c.curves = nil
	d.Draw(c, Hand{X: -1}, status)
	// Everybody and the clearing have an arousal and how torn they are.
	if n := len(c.curves) - without; n < 4 || c.curves[0] < 22 || c.curves[0] > 26 {
		t.Fatalf("100 s at a point every 4 s: curves of %v points", c.curves)
	}
	if n := testing.AllocsPerRun(20, d.recall); n != 0 {
		t.Errorf("%v allocations to look whether it has changed", n)
	}
	people.Offer(signal.Event{Action: signal.Revoke, Reading: signal.Reading{Person: "eve", At: 101 * time.Second}})
	people.Offer(signal.Event{Action: signal.Revoke, Reading: signal.Reading{Person: "ada", At: 101 * time.Second}})
	people.Step(101 * time.Second)
	for _, m := range people.History().Cell(0, nil) {
		if m.People == 1 {
			t.Error("a moment of one person is kept")
		}
	}
	c.curves = nil
	d.Draw(c, Hand{X: -1}, status)
	if d.past.changes != people.History().Changes() {
		t.Error("what was taken back is still held by the desk")
	}
}

// TestNoSignalIsNotCalm: a person without a signal is said to have none.
func TestNoSignalIsNotCalm(t *testing.T) {
	d, _, c, _ := table(t)
	d.Draw(c, Hand{X: -1}, &Status{People: []signal.PersonState{{Person: "ada"}}})
	d.Draw(c, Hand{X: -1}, &Status{WholeWithheld: true, People: []signal.PersonState{{Person: "ada"}}})
	if !c.says("too few to show") {
		t.Errorf("nothing says that a company is too small to be shown: %v", c.texts)
	}
	if !c.says("no signal") {
		t.Errorf("nothing says that ada gives no signal: %v", c.texts)
	}
}
