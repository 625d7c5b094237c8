package show

import (
	"fmt"
	"math"
	"testing"
	"time"

	"noctiluca/engine/signal"
	"noctiluca/installations"
)

// felt is a made-up room: one value for every signal of every cell.
type felt struct{ arousal float32 }

func (f *felt) Cell(int) signal.CellState {
	return signal.CellState{Affect: signal.Affect{Arousal: f.arousal, ArousalConfidence: 1}, Presence: 1}
}

// artwork is a made-up installation: three scenes of two layers, with that
// many parameters each.
func artwork(parameters int) *installations.Installation {
	inst := &installations.Installation{Name: "test", Rate: 60, Cells: []installations.Cell{{Name: "clearing"}}}
	inst.Groups = []installations.Group{{Name: "all"}, {Name: "canopy"}}
	for s := range 3 {
		scene := installations.Scene{Name: fmt.Sprintf("s%d", s)}
		for l := range 2 {
			layer := installations.Layer{Name: fmt.Sprintf("l%d", l), Level: 1}
			for p := range parameters {
				layer.Parameters = append(layer.Parameters, installations.Parameter{
					Name: fmt.Sprintf("P%d", p), Min: 0, Max: 2, Default: 0.5,
					Modulations: []installations.Modulation{{Signal: "arousal", Cell: -1, Depth: 0.25, Rise: 0.5, Fall: 1}},
				})
			}
			scene.Layers = append(scene.Layers, layer)
		}
		inst.Scenes = append(inst.Scenes, scene)
	}
	return inst
}

// desk is a show in a test, with its time.
type desk struct {
	*Show
	t     testing.TB
	n     int
	sense *felt
}

func open(t testing.TB, inst *installations.Installation, o Options) *desk {
	t.Helper()
	s, err := New(inst, o)
	if err != nil {
		t.Fatal(err)
	}
	return &desk{Show: s, t: t, sense: &felt{}}
}

func (d *desk) now() time.Duration { return time.Duration(float64(d.n) / 60 * 1e9) }

func (d *desk) run(ticks int) {
	for range ticks {
		d.n++
		d.Step(d.now(), d.sense)
	}
}

func (d *desk) offer(e Event) {
	d.t.Helper()
	e.At = d.now()
	if err := d.Offer(e); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) find(path string) ID {
	d.t.Helper()
	id, err := d.Find(path)
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

func (d *desk) look() *View {
	v := &View{}
	d.Look(v)
	return v
}

func (d *desk) to(path string) float32 { return d.look().To[d.find(path)] }

// TestSetFades: a set parameter goes in a straight line and arrives exactly.
func TestSetFades(t *testing.T) {
	d := open(t, artwork(1), Options{})
	id := d.find("/scene/s0/l0/P0")
	d.run(1)
	d.offer(Event{Action: Set, Param: id, Value: 1.5, Fade: 1})
	for k := 1; k <= 60; k++ {
		d.run(1)
		if want := 0.5 + float64(k)/60; math.Abs(float64(d.values[id])-want) > 1e-6 {
			t.Fatalf("after %d of 60 ticks it is %v, not %v", k, d.values[id], want)
		}
	}
	if d.values[id] != 1.5 {
		t.Errorf("it arrives at %v", d.values[id])
	}
	d.offer(Event{Action: Set, Param: id, Value: 99, Fade: 0})
	d.run(1)
	if d.values[id] != 2 {
		t.Errorf("a value over the range becomes %v, not the most there is", d.values[id])
	}
}

// TestSceneCrossfades: a change of scene is weights that add up to 1, also
// when it is changed again on the way.
func TestSceneCrossfades(t *testing.T) {
	d := open(t, artwork(1), Options{})
	id := d.Channels[0].Scene
	d.run(1)
	if !d.Mix().Plain || d.Mix().Only != 0 || d.Mix().Heard(1) != 0 {
		t.Fatalf("at the start the mix is %+v", d.Mix())
	}
	last := append([]float32(nil), d.Mix().Channels[0].Scenes...)
	for k := range 200 {
		switch k {
		case 10:
			d.offer(Event{Action: Set, Param: id, Value: 2, Fade: 1})
		case 40:
			d.offer(Event{Action: Set, Param: id, Value: 3, Fade: 1})
		}
		d.run(1)
		w, sum := d.Mix().Channels[0].Scenes, float32(0)
		for i := range w {
			sum += w[i]
			if math.Abs(float64(w[i]-last[i])) > 1.0/60+1e-6 {
				t.Fatalf("tick %d: weight %d goes from %v to %v", k, i, last[i], w[i])
			}
		}
		if math.Abs(float64(sum)-1) > 1e-6 {
			t.Fatalf("tick %d: the weights %v add up to %v", k, w, sum)
		}
		copy(last, w)
	}
	if d.Mix().Heard(2) != 1 || d.Mix().Heard(0) != 0 || !d.Mix().Plain {
		t.Errorf("at the end the mix is %+v", d.Mix().Channels[0])
	}
}

func TestMuteSoloAndMaster(t *testing.T) {
	d := open(t, artwork(1), Options{})
	set := func(path string, v float32) {
		d.offer(Event{Action: Set, Param: d.find(path), Value: v, Fade: 0})
		d.run(1)
	}
	gain := func(c int) float32 { return d.Mix().Channels[c].Gain }
	set("/channel/2/level", 0.5)
	if gain(0) != 1 || gain(1) != 0.5 || d.Mix().Plain {
		t.Errorf("gains %v and %v", gain(0), gain(1))
	}
	set("/channel/2/solo", 1)
	if gain(0) != 0 || gain(1) != 0.5 {
		t.Errorf("with a solo on 2: gains %v and %v", gain(0), gain(1))
	}
	set("/channel/2/mute", 1)
	if gain(1) != 0 {
		t.Errorf("muted, the gain is %v", gain(1))
	}
	if !d.Mix().Master.Neutral() {
		t.Errorf("the master is %+v", d.Mix().Master)
	}
	d.offer(Event{Action: Set, Param: d.Master.Blackout, Value: 1, Fade: Own})
	last := d.Mix().Master.Gain
	for range 120 {
		d.run(1)
		if g := d.Mix().Master.Gain; g > last || last-g > 1.0/120+1e-6 {
			t.Fatalf("a blackout in two seconds goes from %v to %v in a tick", last, g)
		}
		last = d.Mix().Master.Gain
	}
	if last != 0 {
		t.Errorf("after the blackout the gain is %v", last)
	}
	set("/master/panic", 1)
	if d.Mix().Master.Gain != panicLevel {
		t.Errorf("in a panic the gain is %v", d.Mix().Master.Gain)
	}
}

// TestCues: fades in and out, follow-on, back, hold, and round.
func TestCues(t *testing.T) {
	d := open(t, artwork(1), Options{})
	a, b := d.find("/scene/s0/l0/P0"), d.find("/scene/s0/l1/P0")
	for _, c := range []*Cue{
		{Name: "one", In: 1, Out: 2, Follow: -1, Timecode: -1, Sets: []Setting{{a, 1.5}, {b, 0}}},
		{Name: "two", In: 0.5, Follow: 0.5, Timecode: -1, Sets: []Setting{{a, 2}}},
		{Name: "three", In: 0.5, Follow: -1, Timecode: -1, Sets: []Setting{{b, 1}}},
	} {
		d.offer(Event{Action: Insert, Index: -1, Item: c})
	}
	d.run(1)
	base := func(id ID) float32 { return d.look().Base[id] }
	d.offer(Event{Action: Go})
	d.run(60)
	if base(a) != 1.5 || base(b) == 0 {
		t.Errorf("after one second of cue one: %v %v", base(a), base(b))
	}
	d.offer(Event{Action: Hold})
	d.run(60)
	if got := base(b); got == 0 || got > 0.26 {
		t.Errorf("held half-way, the falling value is %v", got)
	}
	d.offer(Event{Action: Go}) // ends the hold, calls nothing
	d.run(61)
	if base(b) != 0 || d.look().Cue != 0 {
		t.Errorf("after the hold: %v, cue %d", base(b), d.look().Cue)
	}
	d.offer(Event{Action: Go})
	d.run(30 + 30 + 35)
	if v := d.look(); v.Cue != 2 || base(a) != 2 || base(b) != 1 {
		t.Errorf("cue three should have followed: cue %d, %v %v", v.Cue, base(a), base(b))
	}
	d.offer(Event{Action: Back})
	d.run(1)
	d.offer(Event{Action: Back})
	d.run(200)
	if v := d.look(); v.Cue != 0 || base(a) != 1.5 || base(b) != 0 {
		t.Errorf("back twice: cue %d, %v %v", v.Cue, base(a), base(b))
	}
	d.offer(Event{Action: Back})
	d.run(200)
	if v := d.look(); v.Cue != -1 || base(a) != 0.5 || base(b) != 0.5 {
		t.Errorf("back before all cues: cue %d, %v %v", v.Cue, base(a), base(b))
	}
}

// TestCueWaits: "arousal of the clearing over 0.6 for 5 s".
func TestCueWaits(t *testing.T) {
	d := open(t, artwork(1), Options{})
	a := d.find("/scene/s0/l0/P0")
	d.offer(Event{Action: Insert, Index: -1, Item: &Cue{Name: "awake", Follow: -1, Timecode: -1,
		Wait: &Wait{Signal: "arousal", Cell: 0, Threshold: 0.6, For: 5}, Sets: []Setting{{a, 2}}}})
	d.sense.arousal = 0.7
	d.run(290)
	d.sense.arousal = 0.5
	d.run(10)
	d.sense.arousal = 0.7
	d.run(298)
	if d.look().Cue != -1 {
		t.Fatal("the cue went before the signal had been there for five seconds on end")
	}
	d.run(4)
	if d.look().Cue != 0 {
		t.Error("the cue did not go")
	}
}

// TestGesture: what a hand did is done again.
func TestGesture(t *testing.T) {
	d := open(t, artwork(1), Options{})
	id := d.find("/scene/s0/l0/P0")
	d.run(1)
	d.offer(Event{Action: Record, Text: "sweep"})
	way := func(k int) float32 { return 0.5 + float32(k)/100 }
	for k := range 100 {
		d.offer(Event{Action: Set, Param: id, Value: way(k), Fade: 0, By: ByWindow})
		d.run(1)
	}
	d.offer(Event{Action: Record})
	d.run(1)
	v := d.look()
	if len(v.Items[Gestures]) != 1 || v.GestureAt(0).Name != "sweep" || v.Recording {
		t.Fatalf("recorded %v", v.Items[Gestures])
	}
	d.offer(Event{Action: Play, Index: 0})
	worst, last := 0.0, d.look().Base[id]
	for k := range 110 {
		d.run(1)
		here := d.look().Base[id]
		if step := math.Abs(float64(here - last)); step > 1.0/15 {
			t.Fatalf("playing, the value jumps by %v", step)
		}
		last = here
		if k > 40 && k < 98 {
			worst = max(worst, math.Abs(float64(here-way(k))))
		}
	}
	if worst > 0.03 {
		t.Errorf("the gesture errs by %v", worst)
	}
	if d.look().Playing[0] != -1 {
		t.Error("it plays on after its end")
	}
	// A hand that takes hold keeps what it has.
	d.offer(Event{Action: Play, Index: 0})
	d.run(20)
	d.offer(Event{Action: Set, Param: id, Value: 0.1, Fade: 0, By: ByWindow})
	d.run(30)
	if got := d.look().Base[id]; got != 0.1 {
		t.Errorf("a hand set 0.1; the gesture makes it %v", got)
	}
}

// TestModulators: each source within its range, routes limited, and an edit
// while it plays does not jump.
func TestModulators(t *testing.T) {
	d := open(t, artwork(4), Options{})
	ids := []ID{d.find("/scene/s0/l0/P0"), d.find("/scene/s0/l0/P1")}
	wide := func(id ID) Route { return Route{Param: id, Depth: 0.4, Low: -9, High: 9} }
	for _, m := range []*Modulator{
		{Name: "sine", Shape: "sine", Rate: 0.7, Routes: []Route{wide(ids[0]), {Param: ids[1], Depth: 1, Low: -0.1, High: 0.2}}},
		{Name: "noise", Source: Noise, Rate: 0.5, Routes: []Route{wide(ids[0])}},
		{Name: "steps", Source: Steps, Beats: 4, Levels: []float32{0, 1, -1}, Slide: 1},
		{Name: "envelope", Source: Envelope, Signal: "arousal", Cell: 0, Threshold: 0.5, Attack: 1, Decay: 1, Sustain: 0.5, Release: 1},
		{Name: "beat", Source: BeatWave}, {Name: "saw", Shape: "saw", Rate: 1}, {Name: "tri", Shape: "triangle", Rate: 1},
		{Name: "square", Shape: "square", Rate: 1}, {Name: "random", Shape: "random", Rate: 3},
	} {
		d.offer(Event{Action: Insert, Index: -1, Item: m})
	}
	d.run(1)
	last := d.values[ids[0]]
	low, high := float32(9), float32(-9)
	for k := range 900 {
		if k == 200 {
			d.sense.arousal = 1
		}
		if k == 300 { // takes a modulator away in the middle of its wave
			d.offer(Event{Action: Remove, List: Modulations, Index: 0})
		}
		d.run(1)
		for i, w := range d.look().Waves {
			if !(w >= -1 && w <= 1) {
				t.Fatalf("wave %d is %v", i, w)
			}
		}
		v := d.values[ids[0]]
		if step := math.Abs(float64(v - last)); step > 0.06 {
			t.Fatalf("tick %d: the value jumps by %v", k, step)
		}
		last = v
		if k < 200 {
			low, high = min(low, d.values[ids[1]]), max(high, d.values[ids[1]])
		}
	}
	if low != 0.4 || high != 0.7 {
		t.Errorf("limits −0.1…0.2 about 0.5 give %v…%v", low, high)
	}
	if got := d.waves[2].level; got != 0.5 {
		t.Errorf("the held envelope is %v, not its sustain", got)
	}
	d.offer(Event{Action: Insert, Item: &Modulator{Name: "bad", Shape: "sine", Routes: []Route{wide(d.find("/channel/1/level"))}}})
	if err := d.Offer(Event{Action: Insert, Item: &Modulator{Name: "bad", Shape: "sine", Routes: []Route{wide(d.Channels[0].Scene)}}}); err == nil {
		t.Error("a modulator may move a choice")
	}
}

// TestReplay: the log of what happened, offered to another show, gives the
// same values to the bit.
func TestReplay(t *testing.T) {
	var log []Applied
	d := open(t, artwork(3), Options{Seed: 3, Record: func(a Applied) { log = append(log, a) }})
	id := d.find("/scene/s0/l0/P0")
	var want []float32
	for k := range 300 {
		switch k % 50 {
		case 3:
			d.offer(Event{Action: Set, Param: id, Value: float32(k) / 150, Fade: 0.4})
		case 10:
			e := Event{Action: Tap, At: d.now() - 400*time.Millisecond} // far too late
			if err := d.Offer(e); err != nil {
				t.Fatal(err)
			}
		case 12:
			d.offer(Event{Action: Insert, Item: &Modulator{Name: fmt.Sprint("m", k), Source: Noise, Rate: 3, Routes: []Route{{Param: id, Depth: 0.3, Low: -1, High: 1}}}})
		case 30:
			d.offer(Event{Action: Undo})
		}
		d.run(1)
		want = append(want, d.values[id])
	}
	r := open(t, artwork(3), Options{Seed: 3})
	for _, a := range log {
		if err := r.Offer(a.Event); err != nil {
			t.Fatal(err)
		}
	}
	for k := range want {
		r.run(1)
		if r.values[id] != want[k] {
			t.Fatalf("tick %d: replayed %v, was %v", k, r.values[id], want[k])
		}
	}
}

// TestAheadOfItsLight: a show that is computed 5 ms before its light takes
// some pulses of a clock a tick late, and its beat is as exact as if it had
// taken all in time; so is that of the log of it.
func TestAheadOfItsLight(t *testing.T) {
	const ahead = 5 * time.Millisecond
	var log []Applied
	d := open(t, artwork(1), Options{Record: func(a Applied) { log = append(log, a) }})
	pulse, late := 0, 0
	exact := func(n int) time.Duration { return time.Second + time.Duration(n)*time.Second*60/97/24 } // 97 beats a minute
	var beats []float64
	for range 60 * 20 {
		// All that has happened when the next tick is computed.
		for until := time.Duration(float64(d.n+1)/60*1e9) - ahead; exact(pulse) <= until; pulse++ {
			if exact(pulse) < d.now() {
				late++
			}
			if pulse == 0 {
				if err := d.Offer(Event{Action: Start, At: exact(0)}); err != nil {
					t.Fatal(err)
				}
			}
			if err := d.Offer(Event{Action: Pulse, At: exact(pulse)}); err != nil {
				t.Fatal(err)
			}
		}
		d.run(1)
		v := d.look()
		beats = append(beats, v.Beat)
		if want := (d.now() - time.Second).Seconds() * 97 / 60; d.n > 3*60 && math.Abs(v.Beat-want) > 1e-6 {
			t.Fatalf("tick %d: beat %.6f, want %.6f", d.n, v.Beat, want)
		}
	}
	if late < 100 {
		t.Errorf("only %d pulses came late: this tests nothing", late)
	}
	r := open(t, artwork(1), Options{})
	for _, a := range log {
		if a.Event.Ago < 0 || a.Event.Ago > ahead+1 {
			t.Fatalf("%+v", a)
		}
		if err := r.Offer(a.Event); err != nil {
			t.Fatal(err)
		}
	}
	for k := range beats {
		r.run(1)
		if got := r.look().Beat; got != beats[k] {
			t.Fatalf("tick %d: replayed %v, was %v", k, got, beats[k])
		}
	}
}

// TestCurves: a control's way and back, for every curve.
func TestCurves(t *testing.T) {
	for _, s := range []Spec{{Max: 3}, {Min: -1, Max: 2, Curve: Square}, {Min: 0.03, Max: 0.8, Curve: Exponential}} {
		for i := range 128 {
			x := float32(i) / 127
			if got := s.Position(s.At(x)); math.Abs(float64(got-x)) > 1e-5 {
				t.Errorf("curve %d: position %v comes back as %v", s.Curve, x, got)
			}
		}
		if s.At(0) != s.Min || s.At(1) != s.Max {
			t.Errorf("curve %d: the ends are %v…%v", s.Curve, s.At(0), s.At(1))
		}
	}
	c := Spec{Kind: Choice, Choices: []string{"a", "b", "c"}, Max: 2}
	for v := float32(0); v < 3; v++ {
		if got := c.At(c.Position(v)); got != v {
			t.Errorf("choice %v comes back as %v", v, got)
		}
	}
}

func TestOfferRefuses(t *testing.T) {
	d := open(t, artwork(1), Options{})
	nan := float32(math.NaN())
	for _, e := range []Event{
		{Action: Set, Param: -1}, {Action: Set, Param: 9999}, {Action: Set, Value: nan}, {Action: Set, Fade: nan}, {Action: Set, Fade: -2},
		{Action: Tap, Ago: 1}, {Action: Tap, At: 5, Ago: 6}, {Action: Tap, At: 5, Ago: -1},
		{Action: Recall, Fade: nan}, {Action: Insert}, {Action: Remove, List: 77}, {Action: Tempo, Value: 5}, {Action: 99},
		{Action: Insert, Item: &Cue{Name: "x", In: nan}}, {Action: Insert, Item: &Cue{Sets: []Setting{{0, 99}}}},
		{Action: Insert, Item: &Cue{Wait: &Wait{Signal: "love"}}}, {Action: Insert, Item: &Mapping{Path: "/no"}},
		{Action: Insert, Item: &Gesture{Tracks: []Track{{}}}}, {Action: Insert, Item: &Snapshot{Sets: []Setting{{0, nan}}}},
	} {
		if err := d.Offer(e); err == nil {
			t.Errorf("%+v is taken", e)
		} else if err.Error() == "" {
			t.Errorf("%+v: an empty error", e)
		}
	}
	if _, err := d.Find("/scene/s0/p0"); err == nil || err.Error() == "" {
		t.Error("a path that is not there is found")
	}
}

// TestCurvesOfTheFile: a parameter has the unit and the curve that the
// installation gives it, or else those that suit it.
func TestCurvesOfTheFile(t *testing.T) {
	inst := &installations.Installation{Scenes: []installations.Scene{{Name: "s", Layers: []installations.Layer{{Name: "l", Parameters: []installations.Parameter{
		{Name: "A", Max: 1},
		{Name: "B", Max: 1, Unit: "m", Curve: "square"},
		{Name: "C", Min: 1, Max: 100, Unit: "K", Curve: "exponential"},
		{Name: "D", Min: 0.1, Max: 10, Integrate: true},
		{Name: "E", Min: 0.1, Max: 10, Integrate: true, Curve: "linear", Unit: "turns/s"},
	}}}}}}
	r := NewRegistry(inst, 1)
	for path, want := range map[string]struct {
		unit   string
		curve  Curve
		middle float32
	}{
		"A": {"", Linear, 0.5}, "B": {"m", Square, 0.25}, "C": {"K", Exponential, 10},
		"D": {"Hz", Exponential, 1}, "E": {"turns/s", Linear, 5.05},
	} {
		id, err := r.Find("/scene/s/l/" + path)
		if err != nil {
			t.Fatal(err)
		}
		s := r.Specs[id]
		if got := s.At(0.5); s.Unit != want.unit || s.Curve != want.curve || got < 0.99*want.middle || got > 1.01*want.middle {
			t.Errorf("%s: unit %q, curve %v, in the middle %v; expected %v", path, s.Unit, s.Curve, got, want)
		}
	}
}
