package show

import (
	"flag"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files")

var cells = []string{"clearing"}

func evening(t testing.TB) ([]byte, *Registry, *Document) {
	t.Helper()
	data, err := os.ReadFile("testdata/evening.yaml")
	if err != nil {
		t.Fatal(err)
	}
	setup, ps := ReadSetup("evening.yaml", data)
	if ps != nil {
		t.Fatal(ps)
	}
	r := NewRegistry(artwork(2), setup.Channels)
	d, ps := setup.Document(r, cells)
	if ps != nil {
		t.Fatal(ps)
	}
	return data, r, d
}

// TestReads: what the file says is what there is.
func TestReads(t *testing.T) {
	_, r, d := evening(t)
	value := func(path string) float32 {
		id, err := r.Find(path)
		if err != nil {
			t.Fatal(err)
		}
		return d.Values[id]
	}
	if value("/channel/1/level") != 0.8 || value("/channel/2/blend") != 1 || value("/channel/3/mute") != 1 || d.BPM != 96 || len(r.Channels) != 6 {
		t.Errorf("values %v, %v beats a minute, %d channels", d.Values, d.BPM, len(r.Channels))
	}
	c := d.Items[Cues][1].(*Cue)
	if w := c.Wait; c.Name != "awake" || w == nil || w.Signal != "arousal" || w.Cell != 0 || w.Threshold != 0.6 || w.For != 5 || w.Below || c.Out != 3 || c.Follow != -1 {
		t.Errorf("cue %+v, wait %+v", c, c.Wait)
	}
	if m := d.Items[Modulations][1].(*Modulator); m.Source != Envelope || m.Threshold != 0.2 || len(m.Routes) != 1 {
		t.Errorf("modulator %+v", m)
	}
	if m := d.Items[Mappings][1].(*Mapping); m.Do != "go" || m.To != 1 {
		t.Errorf("mapping %+v", m)
	}
}

// TestSaves compares with files side by side: what is saved after each edit.
// A save with no edit gives the file to the byte.
func TestSaves(t *testing.T) {
	set := func(path string, v float32) func(*Registry, *Document) {
		return func(r *Registry, d *Document) {
			id, err := r.Find(path)
			if err != nil {
				t.Fatal(err)
			}
			d.Values[id] = v
		}
	}
	for name, edits := range map[string][]func(*Registry, *Document){
		"untouched": nil,
		"values":    {set("/channel/1/level", 0.9), set("/channel/2/blend", 3), set("/master/hue", 0.125), set("/master/saturation", 1), set("/channel/3/mute", 0)},
		"cues": {func(r *Registry, d *Document) {
			items := d.Items[Cues]
			dusk := *items[0].(*Cue)
			dusk.Out, dusk.Sets = 12, []Setting{{dusk.Sets[0].Param, 0.5}, dusk.Sets[1], {r.Master.Hue, -0.25}}
			awake := *items[1].(*Cue)
			awake.Wait = &Wait{Signal: "fragmentation", Cell: -1, Below: true, Threshold: 0.1, For: 3}
			fresh := &Cue{Name: "a storm: loud", In: 1, Out: 3, Follow: -1, Timecode: 90.5, Sets: []Setting{{r.Master.Sparkle, 1}}}
			// Dark comes first, and a new one between.
			d.Items[Cues] = []Item{items[2], fresh, &dusk, &awake}
		}},
		"removed": {func(r *Registry, d *Document) {
			d.Items[Cues] = d.Items[Cues][1:2]
			d.Items[Modulations] = d.Items[Modulations][1:]
			d.Items[Mappings] = nil
		}},
		"modulators": {func(r *Registry, d *Document) {
			slow := *d.Items[Modulations][0].(*Modulator)
			slow.Rate = 0.08
			slow.Routes = append([]Route{}, slow.Routes...)
			slow.Routes[0].Depth = 0.5
			heart := *d.Items[Modulations][1].(*Modulator)
			heart.Release = 9
			d.Items[Modulations] = []Item{&slow, &heart, &Modulator{Name: "steps", Source: Steps, Shape: "sine", Rate: 0.1, Beats: 4, Cell: -1, Threshold: 0.5, Attack: 1, Decay: 1, Sustain: 1, Release: 1, Levels: []float32{0, 0.5, -1}}}
			d.Items[Gestures] = []Item{&Gesture{Name: "sweep", Length: 2, Loop: true, Tracks: []Track{{Param: r.Master.Hue, At: []float32{0, 1.5}, Value: []float32{0, 0.25}}}}}
		}},
	} {
		data, r, d := evening(t)
		for _, e := range edits {
			e(r, d)
		}
		got, err := Write(data, d, r, cells)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if name == "untouched" {
			if string(got) != string(data) {
				t.Errorf("a save with no edit changes the file:\n%s", got)
			}
			continue
		}
		golden := "testdata/evening." + name + ".yaml"
		if *update {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s: saved\n%s\nnot what %s has", name, got, golden)
		}
	}
}

func TestWhatIsWrongInAFile(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"noctiluca: 2", "x.yaml:1:"},
		{"noctiluca: 1\nvalues: {/channel/1/levle: 1}", "x.yaml:2:10: error: there is no parameter"},
		{"noctiluca: 1\nvalues: {/channel/1/level: 7}", "0…1"},
		{"noctiluca: 1\nvalues: {/channel/1/scene: s9}", "s0"},
		{"noctiluca: 1\nvalues: {/channel/1/mute: loud}", "on or off"},
		{"noctiluca: 1\nvalues: 3", "mapping"},
		{"noctiluca: 1\ncues:\n  - {name: a, wait: {signal: arousal, cell: attic, over: 1}}", "x.yaml:3:"},
		{"noctiluca: 1\ncues:\n  - {name: a, wait: {signal: arousal}}", "over and under"},
		{"noctiluca: 1\nmappings: [{device: d, control: c}]", "parameter and do"},
		{"noctiluca: 1\nmappings: [{device: d, control: c, do: sing}]", "sing"},
		{"noctiluca: 1\nmodulators: [{name: m, source: lfo, move: [{parameter: /channel/1/scene}]}]", "no number"},
		{"noctiluca: 1\ngestures: [{name: g, length: 1, tracks: [{parameter: /cross, at: [1, 0], value: [0, 1]}]}]", "rise"},
		{"noctiluca: 1\nhat: 1", "unknown key"},
	} {
		setup, ps := ReadSetup("x.yaml", []byte(c.text))
		if ps == nil {
			_, ps = setup.Document(NewRegistry(artwork(1), setup.Channels), cells)
		}
		if ps == nil || !strings.Contains(ps.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.text, ps, c.want)
		}
		for _, p := range ps {
			if p.File != "x.yaml" || p.Line == 0 {
				t.Errorf("%q: a problem with no place: %+v", c.text, p)
			}
		}
	}
}

// TestSavesAnything: whatever a document says is read back the same, from a
// new file and from one that said something else, whose comments all stay.
func TestSavesAnything(t *testing.T) {
	data, r, _ := evening(t)
	rapid.Check(t, func(t *rapid.T) {
		d := r.Defaults()
		d.BPM = float64(rapid.IntRange(20, 300).Draw(t, "bpm"))
		random := func() Setting {
			id := ID(rapid.IntRange(0, len(r.Specs)-1).Draw(t, "param"))
			return Setting{id, r.Specs[id].At(float32(rapid.Float64Range(0, 1).Draw(t, "position")))}
		}
		for range rapid.IntRange(0, 10).Draw(t, "values") {
			s := random()
			d.Values[s.Param] = s.Value
		}
		name := rapid.SampledFrom([]string{"dusk", "awake", "dark", "slow", "heart", "true", "a: b", "7", "# x", "Ω", "it's", `"q"`, "a #b"})
		for range rapid.IntRange(0, 4).Draw(t, "cues") {
			c := &Cue{Name: name.Draw(t, "name"), In: float32(rapid.IntRange(0, 9).Draw(t, "in")), Out: 3, Follow: -1, Timecode: -1}
			for range rapid.IntRange(0, 3).Draw(t, "sets") {
				c.Sets = append(c.Sets, random())
			}
			if rapid.Bool().Draw(t, "waits") {
				c.Wait = &Wait{Signal: rapid.SampledFrom(SignalNames).Draw(t, "signal"), Cell: rapid.IntRange(-1, 0).Draw(t, "cell"), Threshold: 0.5, For: 2}
			}
			d.Items[Cues] = append(d.Items[Cues], c)
		}
		for range rapid.IntRange(0, 3).Draw(t, "modulators") {
			m := &Modulator{Name: name.Draw(t, "name"), Source: Source(rapid.IntRange(0, len(Sources)-1).Draw(t, "source")), Shape: rapid.SampledFrom(Shapes).Draw(t, "shape"), Levels: []float32{0.5, -1}, Signal: rapid.SampledFrom(SignalNames).Draw(t, "signal"), Cell: -1, Rate: 0.1, Threshold: 0.5, Attack: 1, Decay: 1, Sustain: 1, Release: 1}
			for range rapid.IntRange(0, 3).Draw(t, "routes") {
				if s := random(); r.Specs[s.Param].Kind == Number {
					m.Routes = append(m.Routes, Route{Param: s.Param, Depth: s.Value, Low: -1000000, High: 1000000})
				}
			}
			d.Items[Modulations] = append(d.Items[Modulations], m)
		}
		for range rapid.IntRange(0, 2).Draw(t, "gestures") {
			g := &Gesture{Name: name.Draw(t, "name"), Length: 2.5, Loop: rapid.Bool().Draw(t, "loop")}
			for range rapid.IntRange(0, 2).Draw(t, "tracks") {
				a, b := random(), random()
				g.Tracks = append(g.Tracks, Track{Param: a.Param, At: []float32{0, 1.3}, Value: []float32{a.Value, r.Specs[a.Param].Clamp(b.Value)}})
			}
			d.Items[Gestures] = append(d.Items[Gestures], g)
		}
		for _, items := range d.Items {
			for _, it := range items {
				if err := it.check(r); err != nil {
					t.Fatalf("an item that cannot be offered: %v", err)
				}
			}
		}
		for _, old := range [][]byte{nil, data} {
			text, err := Write(old, d, r, cells)
			if err != nil {
				t.Fatal(err)
			}
			setup, ps := ReadSetup("x", text)
			if ps != nil {
				t.Fatal(ps)
			}
			back, ps := setup.Document(r, cells)
			if ps != nil {
				t.Fatal(ps)
			}
			again, err := Write(text, back, r, cells)
			if err != nil || string(again) != string(text) {
				t.Fatalf("saved again it changes:\n%s\n%s\n%v", text, again, err)
			}
			for i := range d.Values {
				if back.Values[i] != d.Values[i] {
					t.Fatalf("%s was %v, is %v in\n%s", r.Specs[i].Path, d.Values[i], back.Values[i], text)
				}
			}
			for l := range d.Items {
				if len(back.Items[l]) != len(d.Items[l]) {
					t.Fatalf("%d %v became %d", len(d.Items[l]), List(l), len(back.Items[l]))
				}
			}
			for i := range d.Items[Cues] {
				if a, b := d.Items[Cues][i].(*Cue), back.Items[Cues][i].(*Cue); a.Name != b.Name || a.In != b.In || (a.Wait == nil) != (b.Wait == nil) {
					t.Fatalf("cue %+v became %+v", a, b)
				}
			}
			// A comment goes only with the item that it stands in or above.
			for _, c := range []string{"# The evening show", "# two hands", "# the tablet", "# Where everything", "# never full", "# Half of", "x-notes: The second"} {
				if old != nil && !strings.Contains(string(text), c) {
					t.Fatalf("%q is lost in\n%s", c, text)
				}
			}
		}
	})
}

func FuzzReadAndWrite(f *testing.F) {
	data, r, _ := evening(f)
	f.Add(data)
	f.Add([]byte("noctiluca: 1\nvalues:\n  /cross: 1 # x\ncues: []\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		setup, ps := ReadSetup("x", data)
		if ps != nil {
			return
		}
		d, ps := setup.Document(r, cells)
		if ps != nil {
			return
		}
		d.Values[r.Cross] = 0.5
		if text, err := Write(data, d, r, cells); err == nil {
			if _, ps := ReadSetup("x", text); ps != nil {
				t.Fatalf("saved what cannot be read:\n%s\n%v", text, ps)
			}
		}
	})
}
