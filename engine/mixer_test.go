package engine

import (
	"fmt"
	"math"
	"testing"

	"noctiluca/engine/show"
	"noctiluca/installations"
)

// three is a made-up installation of three scenes; each lights all pixels of
// both groups, in a colour of its own.
func three() *installations.Installation {
	inst := small(moving)
	inst.Groups = append(inst.Groups, installations.Group{Name: "both", Fixtures: []int{0, 1}})
	inst.Scenes = nil
	for i, colour := range []string{"1, 0, 0", "0, 1, 0", "0, 0, 1"} {
		field := "package main\n\nfunc Light(p vec3) vec4 {\n\treturn vec4(" + colour + ", 1) * 0.5\n}\n"
		inst.Scenes = append(inst.Scenes, installations.Scene{Name: string(rune('x' + i)), Layers: []installations.Layer{
			{Name: "l", Group: 2, FieldFile: "c.kage", FieldText: []byte(field), Level: 1, Line: 1},
		}})
	}
	return inst
}

// hands offers events to an engine by the paths of parameters.
type hands struct {
	t testing.TB
	e *Engine
	n int
}

func (h *hands) set(path string, v, fade float32) {
	h.t.Helper()
	id, err := h.e.Show().Find(path)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.e.Show().Offer(show.Event{Action: show.Set, Param: id, Value: v, Fade: fade, At: frameTime(h.n)}); err != nil {
		h.t.Fatal(err)
	}
}

// pixel steps one frame and gives the light of a pixel.
func (h *hands) pixel(p int) [3]float32 {
	h.n++
	f := h.e.Step(frameTime(h.n))
	defer f.Release()
	r, g, b := f.RGB()
	return [3]float32{r[p], g[p], b[p]}
}

func (h *hands) frames(n, p int) (v [3]float32) {
	for range n {
		v = h.pixel(p)
	}
	return v
}

func near(a, b [3]float32) bool {
	for i := range a {
		if math.Abs(float64(a[i]-b[i])) > 1e-5 {
			return false
		}
	}
	return true
}

// TestMixer: levels, decks, masks and the master, at a pixel.
func TestMixer(t *testing.T) {
	h := &hands{t: t, e: play(t, three(), Config{Workers: 3})}
	const other = 3000 // a pixel of group b
	for _, c := range []struct {
		path  string
		v     float32
		p     int
		light [3]float32
	}{
		{"/channel/1/level", 1, 0, [3]float32{0.5, 0, 0}},
		{"/channel/2/blend", 1, 0, [3]float32{0.5, 0, 0}},
		{"/channel/2/level", 1, 0, [3]float32{0.5, 0.5, 0}},
		{"/channel/2/group", 1, other, [3]float32{0.5, 0, 0}}, // group a only
		{"/channel/2/mute", 1, 0, [3]float32{0.5, 0, 0}},
		{"/channel/2/mute", 0, 0, [3]float32{0.5, 0.5, 0}},
		{"/channel/2/solo", 1, 0, [3]float32{0, 0.5, 0}},
		{"/channel/2/solo", 0, 0, [3]float32{0.5, 0.5, 0}},
		{"/channel/2/group", 0, other, [3]float32{0.5, 0.5, 0}},
		{"/channel/1/deck", 1, 0, [3]float32{0.5, 0.5, 0}},
		{"/cross", 1, 0, [3]float32{0, 0.5, 0}},
		{"/channel/3/deck", 2, 0, [3]float32{0, 0.5, 0}},
		{"/channel/3/level", 1, 0, [3]float32{0, 0.5, 0.5}},
		{"/cross", 0.25, 0, [3]float32{0.375, 0.5, 0.125}},
		{"/master/level", 0.5, 0, [3]float32{0.1875, 0.25, 0.0625}},
		{"/master/level", 1, 0, [3]float32{0.375, 0.5, 0.125}},
		{"/master/freeze", 1, 0, [3]float32{0.375, 0.5, 0.125}},
		{"/channel/2/level", 0, 0, [3]float32{0.375, 0.5, 0.125}}, // held
		{"/master/freeze", 0, 0, [3]float32{0.375, 0, 0.125}},
		{"/master/blackout", 1, 0, [3]float32{0, 0, 0}},
	} {
		h.set(c.path, c.v, 0)
		if got := h.frames(2, c.p); !near(got, c.light) {
			t.Errorf("%s %v: pixel %d is %v, not %v", c.path, c.v, c.p, got, c.light)
		}
	}
}

// TestFadesDoNotJump: a scene, a deck, a mode and a mask changed in a second
// move light by no more than a second allows, and a new change on the way
// goes on from where the light is.
func TestFadesDoNotJump(t *testing.T) {
	h := &hands{t: t, e: play(t, three(), Config{})}
	h.frames(5, 0)
	h.set("/channel/2/level", 0.7, 0)
	last := h.frames(2, 0)
	for n := range 400 {
		switch n {
		case 10:
			h.set("/channel/1/scene", 3, 1)
		case 40:
			h.set("/channel/1/scene", 2, 1)
		case 110:
			h.set("/channel/2/blend", 5, 1)
		case 140:
			h.set("/channel/2/blend", 1, 1)
		case 200:
			h.set("/channel/1/deck", 1, 1)
		case 230:
			h.set("/channel/2/group", 2, 1)
		case 280:
			h.set("/master/freeze", 1, 1)
		case 320:
			h.set("/master/freeze", 0, 1)
		case 350:
			h.set("/master/hue", 0.5, 1)
		}
		v := h.pixel(0)
		for k := range v {
			if step := math.Abs(float64(v[k] - last[k])); step > 3.5/60 {
				t.Fatalf("frame %d: component %d goes from %v to %v", n, k, last[k], v[k])
			}
		}
		last = v
	}
}

// TestLostFramesChangeNothing: a run that loses frames, at the instant of a
// freeze and at its end too, shows in those it draws what one shows that loses
// none. The first is drawn: it says when the show begins.
func TestLostFramesChangeNothing(t *testing.T) {
	run := func(lost func(n int) bool) map[int]string {
		inst := small(moving)
		h := &hands{t: t, e: play(t, inst, Config{Workers: 2, Crowd: 3})}
		out := map[int]string{}
		for h.n = 1; h.n < 240; h.n++ {
			switch h.n {
			case 40, 150:
				h.set("/master/freeze", 1, 0.2)
			case 90:
				h.set("/master/freeze", 0, 0.2)
			case 170: // thawed and frozen again before a frame is drawn
				h.set("/master/freeze", 0, 0)
			case 172:
				h.set("/master/freeze", 1, 0)
			case 210:
				h.set("/master/freeze", 0, 1)
			}
			if !lost(h.n) {
				// Before the safety stage: that one limits steps between the
				// frames that were shown, so a lost one is its affair.
				h.e.Step(frameTime(h.n)).Release()
				out[h.n] = fmt.Sprint(h.e.r[:60], h.e.g[2000:2060], h.e.b[4000:4060])
			}
		}
		return out
	}
	whole := run(func(int) bool { return false })
	if whole[89] != whole[65] || whole[89] == whole[120] || whole[165] == whole[180] {
		t.Error("the picture is not frozen when it should be")
	}
	for name, lost := range map[string]func(int) bool{
		"the frame of the freeze": func(n int) bool { return n == 40 || n == 41 || n == 150 },
		"while it thaws":          func(n int) bool { return n > 89 && n < 95 || n > 168 && n < 178 },
		"every second":            func(n int) bool { return n%2 == 0 },
		"most":                    func(n int) bool { return n%17 != 1 },
	} {
		for n, got := range run(lost) {
			if got != whole[n] {
				t.Errorf("%s lost: frame %d is another", name, n)
				break
			}
		}
	}
}

// TestOnlyWhatIsHeardIsComputed: a scene at level 0 is not evaluated.
func TestOnlyWhatIsHeardIsComputed(t *testing.T) {
	e := play(t, three(), Config{})
	h := &hands{t: t, e: e}
	h.frames(10, 0)
	if e.scenes[0].layers[0].frame != 10 || e.scenes[1].layers[0].frame != 0 {
		t.Errorf("scenes were drawn %d and %d times of 10", e.scenes[0].layers[0].frame, e.scenes[1].layers[0].frame)
	}
	h.set("/channel/2/level", 1, 0)
	h.frames(10, 0)
	if e.scenes[1].layers[0].frame != 10 {
		t.Errorf("a scene that was turned up was drawn %d times of 10", e.scenes[1].layers[0].frame)
	}
	h.set("/channel/2/level", 0, 0)
	h.frames(10, 0)
	if e.scenes[1].layers[0].frame > 10 {
		t.Errorf("a scene that was turned down is still drawn")
	}
}

// busy turns everything on that the mixer has.
func busy(h *hands) {
	for path, v := range map[string]float32{
		"/channel/2/level": 0.7, "/channel/3/level": 0.4, "/channel/2/deck": 1, "/channel/3/deck": 2, "/cross": 0.4, "/channel/2/group": 1,
		"/channel/3/blend": 3, "/master/hue": 0.2, "/master/saturation": 0.6, "/master/sparkle": 0.8, "/master/level": 0.8,
	} {
		h.set(path, v, 0)
	}
	h.set("/channel/1/scene", 3, 30)
	h.set("/channel/1/blend", 4, 30)
}

func TestBusyFramesAreTheSame(t *testing.T) {
	hash := func(workers int) string {
		h := &hands{t: t, e: play(t, three(), Config{Workers: workers})}
		busy(h)
		return hashOf(h.e, 90)
	}
	want := hash(1)
	for _, workers := range []int{2, 5} {
		if hash(workers) != want {
			t.Errorf("%d workers give other frames than one", workers)
		}
	}
}

func TestABusyFrameAllocatesNothing(t *testing.T) {
	h := &hands{t: t, e: play(t, three(), Config{Workers: 2})}
	busy(h)
	h.frames(200, 0)
	if n := testing.AllocsPerRun(200, func() { h.pixel(0) }); n != 0 {
		t.Errorf("a frame allocates %v times", n)
	}
}

// TestSceneOfTheCommandLine plays what was asked for, alone.
func TestSceneOfTheCommandLine(t *testing.T) {
	h := &hands{t: t, e: play(t, three(), Config{Scene: "z"})}
	if got := h.frames(3, 0); !near(got, [3]float32{0, 0, 0.5}) || h.e.Scene() != "z" {
		t.Errorf("scene z gives %v; %q plays", got, h.e.Scene())
	}
	if _, err := New(three(), Config{Scene: "q"}); err == nil {
		t.Error("scene q plays")
	}
}

// TestASceneOnTwoChannelsIsDrawnOnce: its parameters are the same on each, so
// one picture serves both, on decks too, and the light is that of two.
func TestASceneOnTwoChannelsIsDrawnOnce(t *testing.T) {
	run := func(share bool) (string, int) {
		inst := small(moving)
		inst.Scenes = append(inst.Scenes, inst.Scenes[0])
		inst.Scenes[1].Name = "second"
		h := &hands{t: t, e: play(t, inst, Config{Workers: 3, Crowd: 3})}
		if !share {
			h.e.mixer.shared = nil
		}
		h.set("/channel/2/scene", 1, 0)
		h.set("/channel/2/level", 0.8, 0)
		h.set("/channel/2/blend", 1, 0)
		h.set("/channel/2/group", 1, 0)
		h.set("/channel/3/scene", 1, 0)
		h.set("/channel/3/level", 0.7, 0)
		h.set("/channel/3/deck", 1, 2)
		h.set("/channel/1/scene", 2, 2) // a crossfade on the way
		out := ""
		for range 60 {
			h.n++
			f := h.e.Step(frameTime(h.n))
			for i := range f.Outputs() {
				out += string(f.Output(i))
			}
			f.Release()
		}
		return out, h.e.scenes[0].painted
	}
	want, many := run(false)
	got, once := run(true)
	if got != want {
		t.Error("shared, the light is another")
	}
	if once != 60 || many < 3*60 {
		t.Errorf("in 60 frames a scene on three channels is drawn %d times; not shared, %d", once, many)
	}
}

// BenchmarkSharedScene compares a scene on four channels with one on one, which
// is the mixing alone, and with four that are drawn each.
func BenchmarkSharedScene(b *testing.B) {
	for _, c := range []struct {
		name     string
		channels int
		share    bool
	}{{"one channel", 1, true}, {"four channels", 4, true}, {"four channels, each drawn", 4, false}} {
		b.Run(c.name, func(b *testing.B) {
			h := &hands{t: b, e: play(b, small(moving), Config{})}
			if !c.share {
				h.e.mixer.shared = nil
			}
			for i := range c.channels {
				h.set(fmt.Sprintf("/channel/%d/scene", i+1), 1, 0)
				h.set(fmt.Sprintf("/channel/%d/level", i+1), 0.9, 0)
			}
			h.frames(10, 0)
			for b.Loop() {
				h.pixel(0)
			}
		})
	}
}
