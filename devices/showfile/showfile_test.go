package showfile

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"noctiluca/engine/show"
	"noctiluca/engine/signal"
	"noctiluca/installations"
)

type nobody struct{}

func (nobody) Cell(int) signal.CellState { return signal.CellState{} }

func artwork(dir string) *installations.Installation {
	return &installations.Installation{Name: "test", Rate: 60, File: filepath.Join(dir, "installation.yaml"), Groups: []installations.Group{{Name: "all"}},
		Scenes: []installations.Scene{{Name: "night", Layers: []installations.Layer{{Name: "wood", Level: 1, Parameters: []installations.Parameter{{Name: "Wake", Max: 1}}}}}}}
}

// playing opens a show and plays it.
func playing(t *testing.T, inst *installations.Installation, o Options) (*Opened, *show.Show, func(path string, v float32) *show.View) {
	t.Helper()
	op, err := Open(inst, o)
	if err != nil {
		t.Fatal(err)
	}
	s, err := show.New(inst, show.Options{Channels: op.Setup.Channels, Document: op.Document})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	return op, s, func(path string, v float32) *show.View {
		t.Helper()
		id, err := s.Find(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Offer(show.Event{Action: show.Set, Param: id, Value: v}); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			n++
			s.Step(time.Duration(n)*time.Second/60, nobody{})
		}
		var view show.View
		s.Look(&view)
		return &view
	}
}

func TestSaveAndReload(t *testing.T) {
	dir := t.TempDir()
	inst := artwork(dir)
	file := filepath.Join(dir, show.FileName)
	if err := os.WriteFile(file, []byte("# mine\nnoctiluca: 1\nchannels: 3 # few\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	op, _, set := playing(t, inst, Options{})
	v := set("/scene/night/wood/Wake", 0.25)
	if !op.File.Changed(v) {
		t.Error("a changed show is not changed")
	}
	if err := op.File.Save(v); err != nil {
		t.Fatal(err)
	}
	if op.File.Changed(v) {
		t.Error("a saved show is changed")
	}
	data, _ := os.ReadFile(file)
	if want := "# mine\nnoctiluca: 1\nchannels: 3 # few\nvalues:\n  /scene/night/wood/Wake: 0.25\n"; string(data) != want {
		t.Errorf("saved %q", data)
	}
	if data, _ = os.ReadFile(file + previous); !strings.HasPrefix(string(data), "# mine") || strings.Contains(string(data), "Wake") {
		t.Errorf("the file before is %q", data)
	}
	again, s, _ := playing(t, inst, Options{})
	var w show.View
	s.Look(&w)
	if !same(w.Document(s.Registry), v.Document(s.Registry)) || again.Setup.Channels != 3 {
		t.Error("reloaded, the show is another")
	}
}

// TestABrokenSave leaves the last good file: the disk is full, or somebody
// has broken the file in an editor.
func TestABrokenSave(t *testing.T) {
	dir := t.TempDir()
	op, _, set := playing(t, artwork(dir), Options{})
	if err := op.File.Save(set("/master/level", 0.5)); err != nil {
		t.Fatal(err)
	}
	good, _ := os.ReadFile(op.File.Path())
	if err := os.WriteFile(op.File.Path(), []byte("noctiluca: [1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := op.File.Save(set("/master/level", 0.25)); err != nil {
		t.Errorf("over a broken file: %v", err)
	}
	if data, _ := os.ReadFile(op.File.Path()); strings.Replace(string(good), "0.5", "0.25", 1) != string(data) {
		t.Errorf("saved %q over a broken file", data)
	}
	if os.Geteuid() != 0 {
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(dir, 0o700)
	} else {
		// Root writes everywhere: let the folder be no folder.
		op.File.path = filepath.Join(op.File.path, "x", show.FileName)
	}
	err := op.File.Save(set("/master/level", 0.75))
	if err == nil || !strings.Contains(err.Error(), "was not saved") {
		t.Errorf("a save that cannot be: %v", err)
	}
	if data, _ := os.ReadFile(filepath.Join(dir, show.FileName)); !strings.Contains(string(data), "0.25") {
		t.Errorf("a save that failed leaves %q", data)
	}
}

func TestAutosave(t *testing.T) {
	dir := t.TempDir()
	inst := artwork(dir)
	op, s, set := playing(t, inst, Options{})
	set("/master/level", 0.5)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { op.File.Run(ctx, s, time.Millisecond, func(m string) { t.Error(m) }); close(ended) }()
	auto := op.File.Path() + autosaved
	for range 30000 {
		if _, err := os.Stat(auto); err == nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	stop()
	<-ended
	fresh, err := Open(inst, Options{})
	if err != nil || len(fresh.Notes) != 1 || !strings.Contains(fresh.Notes[0], "--recover") {
		t.Fatalf("%v, notes %v", err, fresh.Notes)
	}
	back, r, set2 := playing(t, inst, Options{Recover: true})
	v := set2("/scene/night/wood/Wake", 0.5)
	if v.To[r.Master.Level] != 0.5 || !back.File.Changed(v) {
		t.Error("the autosave was not recovered")
	}
	if err := back.File.Save(v); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(auto); err == nil {
		t.Error("the autosave outlives the save")
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, show.FileName)
	if err := os.WriteFile(file, []byte("noctiluca: 1\nvalues: {/nowhere: 1}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(artwork(dir), Options{}); err == nil || !strings.Contains(err.Error(), file+":2:") {
		t.Errorf("%v", err)
	}
	if _, err := Open(artwork(dir), Options{Path: filepath.Join(dir, "other.yaml")}); err == nil {
		t.Error("a show that was asked for and is not there opens")
	}
}
