//go:build !venue

package screen

import (
	"flag"
	"fmt"
	"image"
	"image/color"
	imgdraw "image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/screen/desk"
	"noctiluca/devices/screen/editor"
	"noctiluca/engine"
	"noctiluca/engine/safety"
	"noctiluca/engine/show"
	"noctiluca/engine/signal"
	"noctiluca/engine/signal/consent"
	"noctiluca/installations"
	"noctiluca/shaders"

	"github.com/hajimehoshi/ebiten/v2"
)

var update = flag.Bool("update", false, "write the pictures in testdata anew")

// grove is a run of the tests' own installation, for a window.
type grove struct {
	inst   *installations.Installation
	engine *engine.Engine
	frame  *safety.Frame
	state  engine.Snapshot
	tick   int
}

func newGrove(t testing.TB, crowd int) *grove {
	t.Helper()
	inst, problems := installations.OpenNamed(filepath.Join("testdata", "grove"), shaders.FS)
	if inst == nil {
		t.Fatal(problems)
	}
	e, err := engine.New(inst, engine.Config{Crowd: crowd, Holders: 2})
	if err != nil {
		t.Fatal(err)
	}
	g := &grove{inst: inst, engine: e, frame: e.Step(0)}
	e.Snapshot(&g.state)
	t.Cleanup(func() { g.frame.Release(); e.Close() })
	return g
}

// run plays on for so many seconds.
func (g *grove) run(seconds float64) {
	for range int(seconds * 60) {
		g.tick++
		g.frame.Release()
		g.frame = g.engine.Step(time.Duration(g.tick) * time.Second / 60)
	}
	g.engine.Snapshot(&g.state)
}

func (g *grove) Frame() *safety.Frame     { return g.frame.Retain() }
func (g *grove) Words(layer int) []uint32 { return g.state.Layers[layer].Words }
func (g *grove) Status(s *Status) {
	*s = Status{Scene: g.engine.Scene(), People: g.state.People, Cells: g.state.Cells, Whole: g.state.Whole, Guard: g.state.Guard, History: g.state.History, FPS: 60, FrameTime: time.Millisecond, FrameTimeWorst: 2 * time.Millisecond, Watts: g.frame.Watts(),
		Outputs: []Output{{Name: "wood", Line: "240 packets/s  120 kB/s"}, {Name: "low", Line: "nobody listens", Bad: true}}}
}

func (g *grove) window(t testing.TB) *window {
	t.Helper()
	w, err := newWindow(Config{Installation: g.inst, Layers: g.engine.Layers(), Source: g, Show: g.engine.Show(), Title: g.inst.Title, Overlay: true, Revoke: func(string) {}})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func shoot(w *window, width, height int, scale float64) *image.NRGBA {
	dst := ebiten.NewImage(width, height)
	w.compose(dst, 5*time.Second, scale, true)
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	dst.ReadPixels(out.Pix)
	dst.Deallocate()
	return out
}

// TestViewsLookAsTheyDid compares each view, on a usual display and on one
// with twice as many pixels, with a picture that was looked at. Drivers draw
// edges a little differently, so it is cells of 8 pixels that are compared.
func TestViewsLookAsTheyDid(t *testing.T) {
	needDisplay(t)
	g := newGrove(t, 0)
	g.run(2)
	// People made for this test, so that the pictures stay as they are
	// whatever is learned of real ones.
	g.state.Cells = []signal.CellState{{Affect: signal.Affect{Arousal: 0.4, ArousalConfidence: 0.8}, People: 3, Presence: 1, Coherence: 0.7, Fragmentation: 0.1}, {People: 1, Presence: 0.5}}
	g.state.Whole = g.state.Cells[0]
	for i, a := range []float32{0.7, 0.2, -0.5, 0} {
		g.state.People = append(g.state.People, signal.PersonState{Terms: consent.Terms{Light: consent.Feeling | consent.Heart, Display: consent.Modality(7 + 8*i), Record: consent.Heart}, HeartQuality: float32(i) / 3, Person: []string{"ada", "grace", "hedy", "mary"}[i], Affect: signal.Affect{Arousal: a, ArousalConfidence: a * a * 2}, HeartRate: float32(60 + 7*i), Beat: 0.3 * float32(i)})
	}
	g.state.History = company(200).History()
	for v, name := range []string{"stage", "map", "fixture"} {
		for _, scale := range []float64{1, 2} {
			w := g.window(t)
			w.view, w.picked = view(v), 30
			compare(t, w, fmt.Sprintf("%s-%gx.png", name, scale), scale)
		}
	}
}

// compare draws a window and compares it with a picture in testdata.
func compare(t *testing.T, w *window, name string, scale float64) {
	t.Helper()
	got := shoot(w, int(1280*scale), int(720*scale), scale)
	file := filepath.Join("testdata", name)
	if *update {
		write(t, file, got)
		return
	}
	want := read(t, file)
	if want.Bounds() != got.Bounds() {
		t.Errorf("%s is %v, the picture %v", file, want.Bounds(), got.Bounds())
		return
	}
	bad, worst := differ(got, want)
	if cells := got.Bounds().Dx() * got.Bounds().Dy() / 64; bad > cells/200 {
		seen := filepath.Join(t.TempDir(), filepath.Base(file))
		write(t, seen, got)
		t.Errorf("%s: %d of %d cells differ, by up to %.0f of 255: look at %s; if it is as it should be, run with -update", file, bad, cells, worst, seen)
	}
}

// TestPanelsLookAsTheyDid: what controls move, recorded gestures, the
// shortcuts, and a person's consent, on both displays.
func TestPanelsLookAsTheyDid(t *testing.T) {
	needDisplay(t)
	g := newGrove(t, 0)
	s := g.engine.Show()
	find := func(path string) show.ID {
		id, err := s.Find(path)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	wave := show.Track{Param: find("/master/hue")}
	for i := range 40 {
		wave.At, wave.Value = append(wave.At, float32(i)*0.2), append(wave.Value, 0.4*float32(math.Sin(float64(i)/4)))
	}
	for _, it := range []show.Item{
		&show.Mapping{Device: "nanoKONTROL2", Control: "knob3", Path: "/master/hue", Param: find("/master/hue"), To: 1, Takeover: show.Scale},
		&show.Mapping{Device: "MIDImix", Control: "solo", Do: "cue/2", Param: -1, To: 1},
		&show.Modulator{Name: "breath", Source: show.LFO, Shape: "sine", Rate: 0.1, Routes: []show.Route{{Param: find("/master/hue"), Depth: 0.2, Low: -1, High: 1}}},
		&show.Gesture{Name: "a wave", Length: 8, Loop: true, Tracks: []show.Track{wave, {Param: find("/master/level"), At: []float32{0, 2, 5.5}, Value: []float32{1, 0.3, 0.8}}}},
		&show.Gesture{Name: "sparks", Length: 3.2, Tracks: []show.Track{{Param: find("/master/sparkle"), At: []float32{0, 3}, Value: []float32{0, 1}}}},
	} {
		if err := s.Offer(show.Event{Action: show.Insert, Index: -1, Item: it}); err != nil {
			t.Fatal(err)
		}
	}
	g.run(2)
	g.state.People = []signal.PersonState{{Person: "sipe-noka", HeartRate: 71, HeartQuality: 0.9, SkinQuality: 0.4, Affect: signal.Affect{Arousal: 0.3, ArousalConfidence: 0.7},
		Terms: consent.Terms{Light: consent.Heart | consent.Skin, Display: consent.Heart | consent.Skin | consent.Feeling, Record: consent.Heart, Until: 10 * time.Minute}}, {Person: "dafu-mewa", Terms: consent.New(consent.Display, consent.Breath, 0)}}
	surfaces := []Surface{{Port: "nanoKONTROL2 MIDI 1", Device: "nanoKONTROL2", Connected: true, Pages: 2, Last: "slider1", Controls: []Control{
		{Name: "slider1", Does: "/channel/1/level", Hold: desk.Held, At: 0.7, Value: 0.7},
		{Name: "slider2", Does: "/channel/2/level", Hold: desk.Armed, At: 0.3, Value: 0.8},
		{Name: "knob1", Does: "/scene/dusk/wood/Glow", Hold: desk.Unknown, At: -1, Value: 0.3},
		{Name: "knob3", Does: "/master/hue", Learned: true, Takeover: show.Scale, Hold: desk.Armed, At: 0.2, Value: 0.6},
		{Name: "solo1", Does: "/channel/1/solo", At: -1, Value: 0},
		{Name: "play", Does: "go", At: -1, Value: -1},
	}}}
	for _, scale := range []float64{1, 2} {
		for _, p := range []struct {
			name, focus string
			show        func(*desk.Desk)
		}{
			{"controls", "mapping 1", (*desk.Desk).Surfaces},
			{"gestures", "lane 2", (*desk.Desk).Gestures},
			{"shortcuts", "", (*desk.Desk).Help},
			{"person", "person sipe-noka", func(*desk.Desk) {}},
		} {
			if scale > 1 && p.focus != "lane 2" && p.focus != "mapping 1" {
				continue // they are made of what the others are made of
			}
			w := g.window(t)
			w.c.Surfaces = func(dst []Surface) ([]Surface, []string) {
				return append(dst, surfaces...), []string{"OSC is taken in at 127.0.0.1:9001"}
			}
			p.show(w.desk)
			g.Status(&w.status)
			w.ink.on(ebiten.NewImage(1280, 720), 1)
			for range 300 {
				if w.desk.Focus() == p.focus {
					break
				}
				w.desk.Draw(blank{w.ink}, desk.Hand{X: -1, Y: -1, Keys: []desk.Key{desk.KeyNext}}, &w.status)
			}
			if w.desk.Focus() != p.focus {
				t.Errorf("keys do not reach %q", p.focus)
			}
			compare(t, w, fmt.Sprintf("%s-%gx.png", p.name, scale), scale)
		}
	}
}

// TestPlayheadsLookAsTheyDid: a recording as it grows, over a gesture that
// plays and was sent to another place, on both displays.
func TestPlayheadsLookAsTheyDid(t *testing.T) {
	needDisplay(t)
	g := newGrove(t, 0)
	s := g.engine.Show()
	offer := func(e show.Event) {
		e.By = show.ByWindow
		if err := s.Offer(e); err != nil {
			t.Fatal(err)
		}
	}
	hue := show.Track{Param: s.Master.Hue, At: []float32{0, 2, 6, 8}, Value: []float32{0, 0.4, -0.3, 0}}
	offer(show.Event{Action: show.Insert, Index: -1, Item: &show.Gesture{Name: "a wave", Length: 8, Loop: true, Tracks: []show.Track{hue}}})
	g.run(1)
	offer(show.Event{Action: show.Record})
	for k := range 60 {
		level := 1 - 0.5*math.Sin(float64(k)/9)*float64(k)/60
		offer(show.Event{Action: show.Set, Param: s.Master.Level, Value: float32(min(level, 1)), Fade: 0})
		if k > 40 {
			offer(show.Event{Action: show.Set, Param: s.Master.Saturation, Value: float32(k-40) / 20, Fade: 0})
		}
		g.run(4.0 / 60)
	}
	offer(show.Event{Action: show.Seek, Index: 0, Value: 5})
	g.run(1.2)
	for _, scale := range []float64{1, 2} {
		w := g.window(t)
		w.desk.Gestures()
		compare(t, w, fmt.Sprintf("recording-%gx.png", scale), scale)
	}
}

// blank measures text as ink does, and draws nothing: for going from control
// to control.
type blank struct{ *ink }

func (blank) Box(_, _, _, _ float64, _ color.NRGBA)                                 {}
func (blank) Line(_, _, _, _, _ float64, _ color.NRGBA)                             {}
func (blank) Curve(_ []float64, _ float64, _ color.NRGBA)                           {}
func (blank) Dot(_, _, _ float64, _ color.NRGBA)                                    {}
func (blank) Ring(_, _, _, _ float64, _ color.NRGBA)                                {}
func (blank) Text(_ string, _, _ float64, _ desk.Face, _ desk.Align, _ color.NRGBA) {}

// company is two people in the first cell, one calm and one stirred in turn.
func company(seconds int) *signal.Cells {
	c := signal.New([]string{"path", "bank"}, signal.Options{})
	for i := range 2 {
		who := []string{"ada", "eve"}[i]
		c.Offer(signal.Event{Action: signal.Grant, Reading: signal.Reading{Person: who}, Terms: consent.New(consent.Light|consent.Display, consent.Everything, 0), Standing: true})
		for s := range seconds {
			c.Offer(signal.Event{Action: signal.Read, Reading: signal.Reading{Person: who, Kind: signal.Arousal, Value: float64((s+20*i)%60)/60 - 0.5, At: time.Duration(s) * time.Second}})
		}
	}
	for s := range seconds {
		c.Step(time.Duration(s) * time.Second)
	}
	return c
}

// differ counts the cells of 8×8 pixels whose means differ by more than 8.
func differ(a, b *image.NRGBA) (bad int, worst float64) {
	size := a.Bounds().Size()
	for y := 0; y+8 <= size.Y; y += 8 {
		for x := 0; x+8 <= size.X; x += 8 {
			most := 0.0
			for c := range 3 {
				sum := 0
				for k := range 64 {
					i := a.PixOffset(x+k%8, y+k/8) + c
					sum += int(a.Pix[i]) - int(b.Pix[i])
				}
				d := float64(sum) / 64
				most = max(most, d, -d)
			}
			worst = max(worst, most)
			if most > 8 {
				bad++
			}
		}
	}
	return bad, worst
}

func write(t testing.TB, file string, img *image.NRGBA) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, file string) *image.NRGBA {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewNRGBA(img.Bounds())
	imgdraw.Draw(out, out.Bounds(), img, image.Point{}, imgdraw.Src)
	return out
}

// TestPickedPixels: a press on the stage or the map finds the pixel that is
// drawn there, and what is said of it is where the patch has it.
func TestPickedPixels(t *testing.T) {
	needDisplay(t)
	g := newGrove(t, 0)
	g.run(1)
	w := g.window(t)
	shoot(w, 1280, 720, 1)
	v := w.orbit.View(1280, 720)
	for _, pixel := range []int{0, 17, 333, 599} {
		x, y, z := v.Project([3]float32{g.inst.Pixels.X[pixel], g.inst.Pixels.Y[pixel], g.inst.Pixels.Z[pixel]})
		got := nearest(g.inst, v, x, y, 14)
		gx, gy, _ := v.Project([3]float32{g.inst.Pixels.X[got], g.inst.Pixels.Y[got], g.inst.Pixels.Z[got]})
		if z > 0 && (gx-x)*(gx-x)+(gy-y)*(gy-y) > 5 {
			t.Errorf("pixel %d is at %.1f, %.1f; found %d", pixel, x, y, got)
		}
	}
	w.view = mapView
	shoot(w, 1280, 720, 1)
	for pixel := range g.inst.Pixels.Count() {
		x, y, ok := w.chart.square(pixel)
		if got := w.chart.pixelAt(x+w.chart.cell/2, y+w.chart.cell/2); !ok || got != pixel {
			t.Fatalf("pixel %d: its square holds %d", pixel, got)
		}
	}
	r, gr, b := g.frame.RGB()
	lines := fmt.Sprint(describe(g.inst, nil, 0, r, gr, b, g.frame.Output))
	for _, want := range []string{"pixel 0 of oak", "wood: artnet 127.0.0.1", "universe 1, channels 1…3"} {
		if !strings.Contains(lines, want) {
			t.Errorf("pixel 0: %s; it should say %q", lines, want)
		}
	}
}

// TestASession is what an artist does: play two scenes, keep cues, go from one
// to the other by keys, undo; the light is that of the cues.
func TestASession(t *testing.T) {
	needDisplay(t)
	g := newGrove(t, 0)
	w := g.window(t)
	s := g.engine.Show()
	turn := func(keys ...desk.Key) {
		w.hands.desk.Keys = append(w.hands.desk.Keys, keys...)
		shoot(w, 1280, 720, 1)
		g.run(0.5)
	}
	set := func(path string, v float32) {
		id, err := s.Find(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Offer(show.Event{Action: show.Set, By: show.ByWindow, Param: id, Value: v}); err != nil {
			t.Fatal(err)
		}
		turn()
	}
	press := func(name string) {
		for range 200 {
			if w.desk.Focus() == name {
				turn(desk.KeyEnter)
				return
			}
			w.hands.desk.Keys = append(w.hands.desk.Keys, desk.KeyNext)
			w.hands.hidden = false
			w.ink.on(ebiten.NewImage(1280, 720), 1)
			w.c.Source.Status(&w.status)
			w.desk.Draw(blank{w.ink}, w.hands.gathered(), &w.status)
		}
		t.Fatalf("keys do not reach %s", name)
	}
	turn()
	press("add cue") // dusk
	set("/master/level", 0.2)
	press("add cue") // dim
	set("/master/level", 1)
	set("/channel/1/level", 0)
	set("/channel/2/level", 1)
	press("add cue") // dawn
	look := func() *show.View { v := &show.View{}; s.Look(v); return v }
	if n := len(look().Items[show.Cues]); n != 3 {
		t.Fatalf("%d cues were kept", n)
	}
	state := func() string { g.run(4); return fmt.Sprintf("%.3f %s", look().Base[s.Master.Level], g.engine.Scene()) }
	for _, want := range []string{"1.000 dusk", "0.200 dusk", "1.000 dawn"} {
		turn(desk.KeyGo)
		if got := state(); got != want {
			t.Errorf("after Go: %s, want %s", got, want)
		}
	}
	turn(desk.KeyBack)
	if got := state(); got != "0.200 dusk" {
		t.Errorf("after Back: %s", got)
	}
	turn(desk.KeyUndo)
	g.run(1)
	if n := len(look().Items[show.Cues]); n != 2 {
		t.Errorf("after undo %d cues are left, want 2", n)
	}
}

// TestAConsentIsTakenBack in the window: the person in focus is gone from the
// people and from the light with the next frame.
func TestAConsentIsTakenBack(t *testing.T) {
	needDisplay(t)
	g := newGrove(t, 4)
	g.run(8)
	w, err := newWindow(Config{Installation: g.inst, Layers: g.engine.Layers(), Source: g, Show: g.engine.Show(), Overlay: true, Revoke: func(who string) {
		g.engine.Signals().Offer(signal.Event{Action: signal.Revoke, Reading: signal.Reading{Person: who, At: time.Duration(g.tick) * time.Second / 60}, Cell: -1})
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(g.state.People) == 0 {
		t.Fatal("nobody is there")
	}
	who := g.state.People[0].Person
	for range 300 {
		if w.desk.Focus() == "person "+who {
			break
		}
		w.hands.desk.Keys = append(w.hands.desk.Keys, desk.KeyNext)
		shoot(w, 640, 360, 0.5)
	}
	w.hands.desk.Keys = append(w.hands.desk.Keys, desk.KeyDefault)
	shoot(w, 640, 360, 0.5)
	g.run(1.0 / 60)
	for _, p := range g.state.People {
		if p.Person == who {
			t.Errorf("%s is still shown", who)
		}
	}
	for _, name := range g.engine.Signals().Consenting(nil) {
		if name == who {
			t.Errorf("%s still counts as consenting", who)
		}
	}
}

// TestTheEditorStandsBesideTheStage: typed letters change the text, what is
// wrong is shown, and keys are the window's again after escape.
func TestTheEditorStandsBesideTheStage(t *testing.T) {
	needDisplay(t)
	g := newGrove(t, 0)
	g.run(1)
	source, err := os.ReadFile(filepath.Join("testdata", "grove", "glow.kage"))
	if err != nil {
		t.Fatal(err)
	}
	saved := ""
	w := g.window(t)
	w.c.Fields = []editor.Source{{Name: "glow.kage", Text: string(source), Save: func(s string) error { saved = s; return nil }, Check: func(s string) []editor.Mark {
		if strings.Contains(s, "vec5") {
			return []editor.Mark{{Line: 8, Column: 9, Text: "vec5 is not known: did you mean vec4?"}}
		}
		return nil
	}}}
	before := shoot(w, 1280, 720, 1)
	w.hands.edit = true
	w.obey(0)
	w.editor.Buffer().Go(7, 8)
	w.hands.letters = []rune("vec5 ")
	w.obey(0)
	img := shoot(w, 1280, 720, 1)
	if bad, _ := differ(before, img); bad < 100 {
		t.Errorf("the editor is not to be seen: %d cells changed", bad)
	}
	if !w.hands.editing || len(w.editor.Marks()) != 1 || !w.editor.Changed() {
		t.Errorf("editing %v, marks %v, changed %v", w.hands.editing, w.editor.Marks(), w.editor.Changed())
	}
	w.hands.strokes = []editor.Key{editor.Save}
	w.obey(0)
	if !strings.Contains(saved, "vec5") {
		t.Errorf("saved %q", saved)
	}
	w.hands.leave = true
	w.obey(0)
	if w.hands.editing || w.editor == nil {
		t.Error("after one escape the editor is there, and keys are not its")
	}
	w.hands.leave = true
	w.obey(0)
	if w.editor != nil {
		t.Error("after two the editor is closed")
	}
	if *update {
		w.hands.edit = true
		w.obey(0)
		w.editor.Buffer().Go(7, 8)
		w.editor.Type([]rune("vec5 "))
		write(t, filepath.Join(os.TempDir(), "editor.png"), shoot(w, 1280, 720, 1))
	}
}
