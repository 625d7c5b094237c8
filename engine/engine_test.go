package engine

import (
	"crypto/sha256"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"noctiluca/engine/show"
	"noctiluca/engine/signal"
	"noctiluca/engine/signal/consent"
	"noctiluca/installations"
)

// A small installation made for these tests: two groups, two layers on the
// first, a life, and a parameter that arousal moves.
func small(field string) *installations.Installation {
	const n = 3000
	inst := &installations.Installation{
		Name: "small", File: "small.yaml", Rate: 60, Seed: 5,
		Cells: []installations.Cell{{Name: "here", Radius: 2}, {Name: "there", At: [3]float32{5, 0, 0}, Radius: 1}},
	}
	led := installations.LED{Type: "test", Volts: 5, Idle: 1, Full: [5]float64{12, 12, 12}}
	for f := range 2 {
		inst.Fixtures = append(inst.Fixtures, installations.Fixture{Name: string(rune('a' + f)), First: f * n, Count: n, LED: led, Supply: -1})
		inst.Groups = append(inst.Groups, installations.Group{Name: string(rune('a' + f)), Fixtures: []int{f}})
		for i := range n {
			inst.Pixels.X = append(inst.Pixels.X, float32(i%50)*0.1)
			inst.Pixels.Y = append(inst.Pixels.Y, float32(i/50)*0.1)
			inst.Pixels.Z = append(inst.Pixels.Z, float32(f))
			inst.Pixels.Along = append(inst.Pixels.Along, float32(i)/n)
			inst.Pixels.Random = append(inst.Pixels.Random, float32(i*7919%n)/n)
			inst.Pixels.Fixture = append(inst.Pixels.Fixture, int32(f))
		}
		out := installations.Output{Name: inst.Groups[f].Name, Protocol: "artnet", Gamma: 1, Dither: true}
		for i := 0; i < n; i += 170 {
			count := min(170, n-i)
			out.Runs = append(out.Runs, installations.Run{First: f*n + i, Step: 1, Count: count, Offset: out.Bytes, Order: installations.Order{1, 0, 2}})
			out.Universes = append(out.Universes, installations.Universe{Number: i / 170, Offset: out.Bytes, Length: 3 * count})
			out.Bytes += 3 * count
		}
		inst.Outputs = append(inst.Outputs, out)
	}
	scene := installations.Scene{Name: "test"}
	for i, g := range []int{0, 0, 1} {
		l := installations.Layer{Name: "l", Group: g, FieldFile: "test.kage", FieldText: []byte(field), Life: "fireflies", Blend: "add", Level: 0.5, Line: 10 + i}
		l.Parameters = []installations.Parameter{
			{Name: "Glow", Min: 0, Max: 1, Default: 0.3, Line: 20, Modulations: []installations.Modulation{{Signal: "arousal", Cell: 0, Depth: 0.5, Rise: 0.2, Fall: 0.2}}},
			{Name: "Turn", Min: -1, Max: 1, Default: 0.25, Integrate: true, Line: 30},
		}
		scene.Layers = append(scene.Layers, l)
	}
	inst.Scenes = []installations.Scene{scene}
	return inst
}

const moving = `package main

var Time float
var Glow float
var Turn float
var Seed int
var CellCount int
var CellPlace [8]vec4
var CellAffect [8]vec4

func Light(p vec3, life vec4, pixel vec3) vec4 {
	v := Glow * (0.5 + 0.5*sin(p.x*3+p.y*5+Time+Turn*6.2831853)) * (0.5 + 0.5*pixel.y)
	for i := 0; i < 8; i++ {
		if i >= CellCount {
			break
		}
		d := distance(p, CellPlace[i].xyz)
		if d < CellPlace[i].w {
			v += 0.1 * CellAffect[i].w
		}
	}
	return vec4(v, life.x*0.5+v, 0.2*v, 1)
}
`

func play(t testing.TB, inst *installations.Installation, c Config) *Engine {
	t.Helper()
	e, err := New(inst, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

// frameTime is the instant of frame n at 60 Hz.
func frameTime(n int) time.Duration { return time.Duration(float64(n) / 60 * 1e9) }

func hashOf(e *Engine, frames int) string {
	sum := sha256.New()
	for n := range frames {
		f := e.Step(frameTime(n + 1))
		for i := range f.Outputs() {
			sum.Write(f.Output(i))
		}
		f.Release()
	}
	return string(sum.Sum(nil))
}

// TestSameFrames: the same seed and crowd give the same bytes with any
// number of workers, and another seed gives others.
func TestSameFrames(t *testing.T) {
	seed, other := uint64(7), uint64(8)
	want := hashOf(play(t, small(moving), Config{Seed: &seed, Workers: 1, Crowd: 5}), 120)
	for _, workers := range []int{2, 7} {
		if hashOf(play(t, small(moving), Config{Seed: &seed, Workers: workers, Crowd: 5}), 120) != want {
			t.Errorf("%d workers give other frames than one", workers)
		}
	}
	if hashOf(play(t, small(moving), Config{Seed: &other, Workers: 1, Crowd: 5}), 120) == want {
		t.Error("another seed gives the same frames")
	}
}

// TestSkippedFramesLoseNothing: a frame that was not drawn is still lived
// through, so what follows is the same.
func TestSkippedFramesLoseNothing(t *testing.T) {
	all, some := play(t, small(moving), Config{Crowd: 3}), play(t, small(moving), Config{Crowd: 3})
	for n := 1; n <= 90; n++ {
		f := all.Step(frameTime(n))
		if n%7 == 0 || n == 1 {
			g := some.Step(frameTime(n))
			if string(f.Output(0)) != string(g.Output(0)) || string(f.Output(1)) != string(g.Output(1)) {
				t.Fatalf("frame %d differs when those before it were skipped", n)
			}
			g.Release()
		}
		f.Release()
	}
}

func TestFrameAllocatesNothing(t *testing.T) {
	e := play(t, small(moving), Config{Workers: 2, Crowd: 5})
	n := 0
	step := func() { n++; e.Step(frameTime(n)).Release() }
	for range 600 {
		step()
	}
	if allocs := testing.AllocsPerRun(200, step); allocs != 0 {
		t.Errorf("a frame allocates %v times", allocs)
	}
}

// TestAPersonMovesTheLight: more arousal, more light; consent taken back, and
// the parameter returns to where it is with nobody there.
func TestAPersonMovesTheLight(t *testing.T) {
	e := play(t, small(moving), Config{})
	at, n := time.Duration(0), 0
	second := func(arousal float64, present bool) float64 {
		mean := 0.0
		for range 60 {
			n++
			at = frameTime(n)
			if present {
				e.Signals().Offer(signal.Event{Action: signal.Read, Reading: signal.Reading{Person: "ada", Kind: signal.Arousal, Value: arousal, At: at}})
			}
			f := e.Step(at)
			r, _, _ := f.RGB()
			mean = 0
			for _, v := range r {
				mean += float64(v)
			}
			mean /= float64(len(r))
			f.Release()
		}
		return mean
	}
	nobody := second(0, false)
	if denied := second(1, true); math.Abs(denied-nobody) > 0.02*nobody {
		t.Errorf("without consent the light went from %.4f to %.4f", nobody, denied)
	}
	e.Signals().Offer(signal.Event{Action: signal.Grant, Reading: signal.Reading{Person: "ada", At: at}, Cell: 0, Terms: consent.New(consent.Light, consent.Everything, 0)})
	for range 4 {
		second(0.9, true)
	}
	high := second(0.9, true)
	if high < 1.3*nobody {
		t.Errorf("high arousal gives %.4f, nobody %.4f", high, nobody)
	}
	e.Signals().Offer(signal.Event{Action: signal.Revoke, Reading: signal.Reading{Person: "ada", At: at}})
	for range 4 {
		second(0.9, true)
	}
	if after := second(0.9, true); math.Abs(after-nobody) > 0.02*nobody {
		t.Errorf("after consent was taken back the light is %.4f, with nobody %.4f", after, nobody)
	}
}

// TestTheHourTurnsWithoutAJump: Time wraps at an hour; the light around it
// moves no faster than elsewhere.
func TestTheHourTurnsWithoutAJump(t *testing.T) {
	e := play(t, small(moving), Config{})
	from := hourSeconds*60 - 60*(hourFade+1)
	e.ticks, e.started = uint64(from), true
	before := -1.0
	most := 0.0
	for n := from + 1; n < hourSeconds*60+120; n++ {
		f := e.Step(frameTime(n))
		r, _, _ := f.RGB()
		v := float64(r[1234])
		f.Release()
		if before >= 0 {
			most = max(most, math.Abs(v-before))
		}
		before = v
	}
	// The field's own speed: amplitude 0.15 × (1 + 2π/4) rad/s at most, and
	// the crossfade adds its own, the whole range in hourFade seconds.
	if limit := (0.15*2.6 + 0.3/hourFade) * 2 / 60; most > limit {
		t.Errorf("the light jumps by %.4f in one frame, more than %.4f", most, limit)
	}
}

// TestUniformsWithoutAParameter can be turned all the same: from 0, where they
// are if nobody does, to 1; the installation stays as it was.
func TestUniformsWithoutAParameter(t *testing.T) {
	inst := small(strings.Replace(moving, "var Glow float", "var Glow float\nvar Extra float\nvar Count int\nvar Tone vec3", 1))
	inst.Scenes[0].Layers[0].Name = "first"
	inst.Scenes[0].Layers[1].Parameters = nil
	inst.Scenes[0].Layers[0].FieldText = []byte(strings.Replace(string(inst.Scenes[0].Layers[0].FieldText), "return vec4(v,", "v += Extra\n\treturn vec4(v,", 1))
	e := play(t, inst, Config{})
	id, err := e.Show().Find("/scene/test/first/Extra")
	if err != nil {
		t.Fatal(err)
	}
	if s := e.Show().Specs[id]; s.Min != 0 || s.Max != 1 || s.Default != 0 {
		t.Errorf("Extra is %v…%v, at %v", s.Min, s.Max, s.Default)
	}
	if _, err := e.Show().Find("/scene/test/first/Tone"); err == nil {
		t.Error("a vec3 has become a parameter")
	}
	mean := func(n int) float64 {
		f := e.Step(frameTime(n))
		defer f.Release()
		r, _, _ := f.RGB()
		sum := 0.0
		for _, v := range r {
			sum += float64(v)
		}
		return sum / float64(len(r))
	}
	before := mean(60)
	if err := e.Show().Offer(show.Event{Action: show.Set, Param: id, Value: 1}); err != nil {
		t.Fatal(err)
	}
	if after := mean(120); after < before+0.1 {
		t.Errorf("turned to 1 the light goes from %.3f to %.3f", before, after)
	}
	if len(inst.Scenes[0].Layers[1].Parameters) != 0 {
		t.Error("the installation was changed")
	}
}

// TestIdentify: the pixels meant are white and everything else dim; when it
// ends the picture is as if it had never been.
func TestIdentify(t *testing.T) {
	a, b := play(t, small(moving), Config{}), play(t, small(moving), Config{})
	a.Identify(100, 50)
	f := a.Step(frameTime(60))
	r, g, _ := f.RGB()
	for i := range r {
		if meant := i >= 100 && i < 150; meant != (r[i] >= identifyLeast && r[i] == g[i]) {
			t.Fatalf("pixel %d: %v %v", i, r[i], g[i])
		}
	}
	f.Release()
	b.Step(frameTime(60)).Release()
	b.Step(frameTime(61)).Release()
	for _, c := range [][2]int{{-1, 5}, {1 << 40, 1}, {5999, 1 << 40}, {0, 0}} {
		a.Identify(c[0], c[1])
		a.Step(frameTime(61)).Release()
	}
	f, want := a.Step(frameTime(62)), b.Step(frameTime(62))
	if string(f.Output(0)) != string(want.Output(0)) {
		t.Error("something is left of it")
	}
	f.Release()
	want.Release()
}

func TestFinishIsBlack(t *testing.T) {
	e := play(t, small(moving), Config{})
	e.Step(frameTime(1)).Release()
	f := e.Finish()
	defer f.Release()
	if !f.Final() {
		t.Error("the last frame does not say so")
	}
	for i := range f.Outputs() {
		for k, b := range f.Output(i) {
			if b != 0 {
				t.Fatalf("output %d, channel %d: %d", i, k, b)
			}
		}
	}
}

// TestProblems: what does not fit is an error that names file and line.
func TestProblems(t *testing.T) {
	for _, c := range []struct {
		name, field string
		change      func(*installations.Installation)
		want        string
	}{
		{"does not compile", "package main\n\nfunc Light(p vec3) vec4 {\n\treturn vec4(q)\n}\n", nil, "test.kage:4:"},
		{"parameter without uniform", "package main\n\nvar Glow float\n\nfunc Light(p vec3) vec4 { return vec4(Glow) }\n", nil, "small.yaml:30:1"},
		{"uniform is no number", strings.Replace(moving, "var Glow float", "var Glow vec3", 1), nil, "test.kage"},
		{"standard uniform of another type", strings.NewReplacer("var Time float", "var Time vec2", "+Time+", "+Time.x+").Replace(moving), nil, "uniform Time is vec2"},
		{"standard uniform as parameter", moving, func(inst *installations.Installation) {
			inst.Scenes[0].Layers[0].Parameters[0].Name = "Time"
		}, "small.yaml:20:1"},
		{"no such life", moving, func(inst *installations.Installation) { inst.Scenes[0].Layers[1].Life = "dragons" }, "small.yaml:11:1"},
		{"no such blend", moving, func(inst *installations.Installation) { inst.Scenes[0].Layers[2].Blend = "burn" }, "small.yaml:12:1"},
		{"no scene", moving, func(inst *installations.Installation) { inst.Scenes = nil }, "scene"},
	} {
		inst := small(c.field)
		if c.change != nil {
			c.change(inst)
		}
		_, err := New(inst, Config{})
		var ps installations.Problems
		if !errors.As(err, &ps) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want a problem that says %q", c.name, err, c.want)
		}
	}
	if _, err := New(small(moving), Config{Scene: "day"}); err == nil || !strings.Contains(err.Error(), "test") {
		t.Errorf("an unknown scene: %v", err)
	}
}
