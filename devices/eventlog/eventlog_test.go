package eventlog

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"noctiluca/engine/show"
	"noctiluca/engine/show/tempo"
	"noctiluca/installations"

	"pgregory.net/rapid"
)

// registry is of a made-up installation of two scenes.
func registry() *show.Registry {
	inst := &installations.Installation{Name: "test", Rate: 60, Cells: []installations.Cell{{Name: "clearing"}}}
	for _, name := range []string{"day", "night"} {
		inst.Scenes = append(inst.Scenes, installations.Scene{Name: name, Layers: []installations.Layer{{Name: "l", Level: 1, Parameters: []installations.Parameter{{Name: "Glow", Max: 2, Default: 0.5}}}}})
	}
	return show.NewRegistry(inst, 2)
}

// written is what a log of these events says.
func written(t interface{ Fatal(...any) }, folder string, r *show.Registry, d *show.Document, events []show.Applied) string {
	name := filepath.Join(folder, "log.jsonl")
	os.Remove(name)
	w, err := Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Begin(Start{Installation: "test", Rate: 60, Seed: 7, Channels: 2}, d, r); err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		w.Record(e)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	w.Run(ctx, func(err error) { t.Fatal(err) })
	return name
}

// TestAnything: any event and any item is read again as it was, to the bit.
func TestAnything(t *testing.T) {
	r, folder := registry(), t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		param := func() show.ID { return show.ID(rapid.IntRange(0, len(r.Specs)-1).Draw(t, "param")) }
		value := rapid.Float32()
		settings := func() (out []show.Setting) {
			for range rapid.IntRange(0, 3).Draw(t, "settings") {
				out = append(out, show.Setting{Param: param(), Value: value.Draw(t, "value")})
			}
			return out
		}
		item := func() show.Item {
			name := rapid.String().Draw(t, "name")
			switch rapid.IntRange(0, 4).Draw(t, "item") {
			case 0:
				c := &show.Cue{Name: name, In: value.Draw(t, "in"), Out: 3, Follow: -1, Timecode: value.Draw(t, "code"), Sets: settings()}
				if rapid.Bool().Draw(t, "waits") {
					c.Wait = &show.Wait{Signal: "arousal", Cell: -1, Below: true, Threshold: 0.1, For: value.Draw(t, "for")}
				}
				return c
			case 1:
				return &show.Snapshot{Name: name, Sets: settings()}
			case 2:
				id := param()
				return &show.Mapping{Device: name, Control: "fader1", Path: r.Specs[id].Path, Param: id, From: value.Draw(t, "from"), To: 1, Takeover: show.Scale}
			case 3:
				g := &show.Gesture{Name: name, Length: value.Draw(t, "length"), Loop: rapid.Bool().Draw(t, "loop"), Chase: true}
				for range rapid.IntRange(0, 2).Draw(t, "tracks") {
					g.Tracks = append(g.Tracks, show.Track{Param: param(), At: []float32{0, value.Draw(t, "at")}, Value: []float32{value.Draw(t, "value"), 1}})
				}
				return g
			}
			m := &show.Modulator{Name: name, Source: show.Steps, Shape: "sine", Rate: value.Draw(t, "rate"), Signal: "heart", Cell: 0, Levels: []float32{value.Draw(t, "level"), -1}, Slide: 0.5}
			for range rapid.IntRange(0, 2).Draw(t, "routes") {
				m.Routes = append(m.Routes, show.Route{Param: param(), Depth: value.Draw(t, "depth"), Smooth: 1, Low: -1e6, High: 1e6})
			}
			return m
		}
		d := r.Defaults()
		for range rapid.IntRange(0, 4).Draw(t, "values") {
			d.Values[param()] = value.Draw(t, "value")
		}
		d.BPM = rapid.Float64Range(20, 999).Draw(t, "bpm")
		d.Items[show.Cues] = append(d.Items[show.Cues], &show.Cue{Name: "first"})
		var events []show.Applied
		at := int64(0)
		for range rapid.IntRange(0, 20).Draw(t, "events") {
			at += rapid.Int64Range(0, 1e12).Draw(t, "later")
			e := show.Event{At: time.Duration(at), Action: show.Action(rapid.IntRange(0, int(show.Sync)).Draw(t, "action")), By: show.Origin(rapid.Uint16().Draw(t, "by")), Fade: show.Own}
			if rapid.Bool().Draw(t, "late") {
				e.Ago = time.Duration(rapid.Int64Range(0, at).Draw(t, "ago"))
			}
			switch e.Action {
			case show.Set, show.Nudge, show.Toggle:
				e.Param, e.Value = param(), value.Draw(t, "value")
				if rapid.Bool().Draw(t, "fades") {
					e.Fade = value.Draw(t, "fade")
				}
			case show.GoTo, show.Play, show.Stop, show.Locate:
				e.Index = rapid.IntRange(-1, 5).Draw(t, "index")
			case show.Seek:
				e.Index, e.Value = rapid.IntRange(-1, 5).Draw(t, "index"), value.Draw(t, "seconds")
			case show.Recall:
				e.Index, e.Fade = 3, 0
			case show.Edit, show.Insert:
				e.Index, e.Item = rapid.IntRange(-1, 5).Draw(t, "index"), item()
				e.List = listOf(e.Item)
			case show.Remove:
				e.Index, e.List = 2, show.Gestures
			case show.Tempo:
				e.Value = 90.5
			case show.Sync:
				e.Value, e.Beat = 124.7, rapid.Float64().Draw(t, "beat")
			case show.Record:
				e.Text = rapid.String().Draw(t, "text")
			case show.Timecode:
				e.Code = tempo.Timecode{Hours: 1, Minutes: 2, Seconds: 3, Frames: 4, Rate: tempo.EBU}
			}
			events = append(events, show.Applied{Tick: uint64(len(events)), Event: e})
		}
		name := written(t, folder, r, d, events)
		l, err := Read(name)
		if err != nil {
			t.Fatal(err)
		}
		got, skips, err := l.Events(r)
		if err != nil || len(got) != len(events) || skips != nil {
			t.Fatalf("%d events became %d, %v", len(events), len(got), err)
		}
		for i := range got {
			if !reflect.DeepEqual(got[i], events[i].Event) {
				t.Fatalf("%+v became %+v", events[i].Event, got[i])
			}
		}
		back, err := l.Document(r)
		if err != nil || !reflect.DeepEqual(back, d) {
			t.Fatalf("the document %+v became %+v, %v", d, back, err)
		}
		// A log that was cut off is read to its last whole line.
		text, _ := os.ReadFile(name)
		if cut := rapid.IntRange(0, len(text)).Draw(t, "cut"); cut > strings.IndexByte(string(text), '\n') {
			half, err := read("half", strings.NewReader(string(text[:cut])))
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(text[:cut]), "\n") - 1; len(half.lines) < n || len(half.lines) > n+1 {
				t.Fatalf("of %d whole lines %d are read", n, len(half.lines))
			}
		}
	})
}

func listOf(it show.Item) show.List {
	switch it.(type) {
	case *show.Cue:
		return show.Cues
	case *show.Snapshot:
		return show.Snapshots
	case *show.Mapping:
		return show.Mappings
	case *show.Gesture:
		return show.Gestures
	}
	return show.Modulations
}

// TestWhatIsWrong: an error names the file, the line and what is wrong.
func TestWhatIsWrong(t *testing.T) {
	const start = `{"noctiluca_events":1,"rate":60,"channels":2,"bpm":120}` + "\n"
	for _, c := range []struct{ text, want string }{
		{"", "empty"},
		{"hello\n", "x:1: this is no log"},
		{`{"noctiluca_events":9}` + "\n", "x:1: version 9"},
		{`{"noctiluca_events":1,"rate":60,"channels":99}` + "\n", "channels is 99"},
		{`{"noctiluca_events":1,"rate":0,"channels":2}` + "\n", "rate is 0"},
		{start + "{\n" + start, "x:2"},
		{start + `{"at":1,"do":"sing"}` + "\n", `x:2: do is "sing"`},
		{start + `{"at":1,"do":"go","heart":70}` + "\n", "heart"},
		{start + `{"at":1,"do":"set","path":"/no/where"}` + "\n", "x:2: there is no parameter"},
		{start + `{"at":-1,"do":"go"}` + "\n", "x:2: at is -1"},
		{start + `{"at":5,"ago":6,"do":"tap"}` + "\n", "x:2: ago is 6 and at is 5"},
		{start + `{"at":9,"do":"go"}` + "\n" + `{"at":3,"do":"go"}` + "\n", "x:3: at 3 ns"},
		{start + `{"at":1,"do":"insert"}` + "\n", "x:2: item"},
		{start + `{"at":1,"do":"remove","list":"songs"}` + "\n", "songs"},
		{start + `{"at":1,"do":"reload","file":"f.kage"}` + "\n", `x:2: a reload of "f.kage"`},
		{start + `{"at":1,"do":"reload","source":"package f"}` + "\n", "x:2: a reload"},
		{start + `{"at":1,"do":"reload","file":"f.kage","source":"package f","refused":"f.kage:1:1"}` + "\n", "x:2: a reload"},
		{start + `{"at":9,"do":"reload","file":"f.kage","source":"a"}` + "\n" + `{"at":3,"do":"reload","file":"f.kage","source":"b"}` + "\n", "x:3: at 3 ns"},
		{start + `{"do":"lost","index":5}` + "\n", "x:2: 5 events were lost"},
	} {
		l, err := read("x", strings.NewReader(c.text))
		if err == nil {
			_, _, err = l.Events(registry())
		}
		if err == nil {
			_, err = l.Reloads()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v", c.text, err)
		}
	}
	name := filepath.Join(t.TempDir(), "log")
	os.WriteFile(name, nil, 0o644)
	if _, err := Create(name); err == nil || !strings.Contains(err.Error(), "not written over") {
		t.Errorf("a log is written over: %v", err)
	}
}

// TestRecordWaitsForNobody: the frame path allocates nothing, and a disk that
// hangs costs events, which the log says, and no frame.
func TestRecordWaitsForNobody(t *testing.T) {
	r, name := registry(), filepath.Join(t.TempDir(), "log")
	w, err := Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Begin(Start{Rate: 60, Channels: 2}, r.Defaults(), r); err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(1000, func() { w.Record(show.Applied{Event: show.Event{Action: show.Go}}) }); n != 0 {
		t.Errorf("an event allocates %v times", n)
	}
	for range kept {
		w.Record(show.Applied{Event: show.Event{Action: show.Go}})
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	var said []string
	w.Run(ctx, func(err error) { said = append(said, err.Error()) })
	if len(said) != 1 || !strings.Contains(said[0], "events were lost") {
		t.Errorf("it says %q", said)
	}
	l, err := Read(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Events(r); err == nil || !strings.Contains(err.Error(), "lost") {
		t.Errorf("a log with a hole is replayed: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	r := registry()
	name := written(f, f.TempDir(), r, r.Defaults(), []show.Applied{
		{Event: show.Event{Action: show.Insert, Item: &show.Cue{Name: "c", Sets: []show.Setting{{Param: 1, Value: 1}}, Wait: &show.Wait{Signal: "arousal"}}}},
		{Event: show.Event{Action: show.Set, Param: 3, Value: 0.5, Fade: show.Own}},
		{Event: show.Event{Action: show.Skip, At: 5, Index: 100}},
	})
	text, _ := os.ReadFile(name)
	f.Add(string(text))
	f.Fuzz(func(t *testing.T, text string) {
		l, err := read("x", strings.NewReader(text))
		if err != nil {
			return
		}
		events, _, err := l.Events(r)
		if err != nil {
			return
		}
		if d, err := l.Document(r); err == nil && len(d.Values) != len(r.Specs) {
			t.Fatal("a document of another size")
		}
		// What was read can be offered, or is refused; it is never a crash.
		s, err := show.New(&installations.Installation{Rate: 60, Scenes: []installations.Scene{{Name: "day"}}}, show.Options{Channels: 2})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			_ = s.Offer(e)
		}
	})
}
