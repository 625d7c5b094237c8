package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/midi"
	"noctiluca/devices/midi/virtual"
	"noctiluca/devices/showfile"
	"noctiluca/engine"
	"noctiluca/engine/show"
	"noctiluca/installations"
	"noctiluca/shaders"
)

// TestSession is an evening in short: open the forest, map a knob by moving
// it, run three cues, save, open again; the state is the same.
func TestSession(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("installations/forest")); err != nil {
		t.Fatal(err)
	}
	inst, problems := installations.OpenNamed(dir, shaders.FS)
	if inst == nil {
		t.Fatal(problems)
	}
	open := func() (*showfile.Opened, *engine.Engine) {
		opened, err := showfile.Open(inst, showfile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		e, err := engine.New(inst, engine.Config{Workers: 2, Channels: opened.Setup.Channels, Document: opened.Document})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(e.Close)
		return opened, e
	}
	opened, e := open()
	n := 0
	now := func() time.Duration { return time.Duration(n) * time.Second / 60 }
	look := func() *show.View {
		var v show.View
		e.Show().Look(&v)
		return &v
	}
	frames := func(count int) {
		for range count {
			n++
			e.Step(now()).Release()
		}
	}

	// The knob: a virtual port, which no profile knows.
	hands, tty, err := virtual.Open()
	if err != nil {
		t.Skip(err)
	}
	go io.Copy(io.Discard, hands)
	defer hands.Close()
	port := t.TempDir()
	if err := os.Symlink(tty, filepath.Join(port, "midiC0D0")); err != nil {
		t.Fatal(err)
	}
	hub, err := midi.NewHub(midi.Options{Driver: midi.At(port, port), Show: e.Show(), Now: func() time.Duration { return 0 }, Poll: 5 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- hub.Run(ctx) }()
	done := hub.Learn(show.Mapping{Path: "/master/hue", Takeover: show.Direct})
	var learned show.Mapping
	for value, tries := byte(0), 0; learned.Control == ""; value, tries = (value+9)&127, tries+1 {
		if tries == 3000 {
			t.Fatal("nothing was learned")
		}
		hands.Write([]byte{0xB0, 21, value})
		select {
		case learned = <-done:
		case <-time.After(10 * time.Millisecond):
		}
	}
	if learned.Control != "cc 0/21" {
		t.Errorf("learned %+v", learned)
	}
	frames(2)
	hands.Write([]byte{0xB0, 21, 127})
	for tries := 0; look().To[e.Show().Master.Hue] != 0.5; tries++ {
		if tries == 6000 {
			t.Fatal("the knob turns nothing")
		}
		time.Sleep(5 * time.Millisecond)
		frames(1)
	}
	stop()
	<-ended

	for range 3 {
		if err := e.Show().Offer(show.Event{Action: show.Go, At: now()}); err != nil {
			t.Fatal(err)
		}
		frames(60)
	}
	v := look()
	if v.Cue != 2 || v.CueAt(2).Name != "sparks" {
		t.Errorf("after three times Go the cue is %d", v.Cue)
	}
	if err := opened.File.Save(v); err != nil {
		t.Fatal(err)
	}
	_, again := open()
	var w show.View
	again.Show().Look(&w)
	a, b := v.Document(e.Show().Registry), w.Document(again.Show().Registry)
	if !slices.Equal(a.Values, b.Values) {
		t.Error("opened again, a value is another")
	}
	if len(w.Items[show.Mappings]) != 1 || *w.MappingAt(0) != learned || len(w.Items[show.Cues]) != 4 || len(w.Items[show.Modulations]) != 1 {
		t.Errorf("opened again there are %d mappings, %d cues, %d modulators", len(w.Items[show.Mappings]), len(w.Items[show.Cues]), len(w.Items[show.Modulations]))
	}
	text, err := os.ReadFile(filepath.Join(dir, show.FileName))
	if err != nil {
		t.Fatal(err)
	}
	for _, comment := range []string{"# A show to begin with", "# The wood breathes", "# By itself, once"} {
		if !strings.Contains(string(text), comment) {
			t.Errorf("the save lost %q:\n%s", comment, text)
		}
	}
}

// TestMIDIMap: the list names controls and paths; a wrong name is told.
func TestMIDIMap(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	var out, bad strings.Builder
	if code := run([]string{"midi", "map", "forest", "--device", "nanoKONTROL2"}, &out, &bad); code != done {
		t.Fatalf("exit %d: %s", code, bad.String())
	}
	for _, want := range []string{"/scene/night/canopy/Swell", "nanoKONTROL2", "slider1", "/channel/1/level"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in\n%s", want, out.String())
		}
	}
	if code := run([]string{"midi", "map", "--device", "toaster"}, &out, &bad); code != badInput || !strings.Contains(bad.String(), "toaster") {
		t.Errorf("exit %d: %s", code, bad.String())
	}
	if code := run([]string{"midi", "learn", "/no/where"}, &out, &bad); code != badInput || !strings.Contains(bad.String(), "/no/where") {
		t.Errorf("exit %d: %s", code, bad.String())
	}
}

// TestShowThatIsWrong names file and line, and the exit code says whose fault
// it is.
func TestShowThatIsWrong(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(file, []byte("noctiluca: 1\nvalues:\n  /master/levle: 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, bad strings.Builder
	if code := run([]string{"run", "forest", "--show", file, "--for", "1s"}, &out, &bad); code != badInput || !strings.Contains(bad.String(), file+":3:3") {
		t.Errorf("exit %d: %s", code, bad.String())
	}
}
