package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestLogOfARun: a run writes down what was done, and its log is rendered again,
// the same with any number of workers. It begins with the state that the run
// began with, whatever the show's file says by then.
func TestLogOfARun(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("installations/forest")); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(dir, "log.jsonl")
	played := []string{"run", dir, "--no-send", "--osc", "off", "--no-midi", "--crowd", "3", "--seed", "77", "--for", "300ms", "--log-events", log}
	var out, err bytes.Buffer
	if code := run(played, &out, &err); code != done {
		t.Fatalf("run: %d: %s", code, err.String())
	}
	text, _ := os.ReadFile(log)
	if !strings.HasPrefix(string(text), `{"noctiluca_events":1,`) || !strings.Contains(string(text), `"seed":77`) || !strings.HasSuffix(string(text), "\n") {
		t.Fatalf("the log says %s", text)
	}
	// As if somebody had turned the hue at a quarter of a second.
	line := `{"at":250000000,"do":"set","by":16,"path":"/master/hue","value":0.4}` + "\n"
	if e := os.WriteFile(log, append(text, line...), 0o644); e != nil {
		t.Fatal(e)
	}
	hash := func(args ...string) string {
		t.Helper()
		out.Reset()
		err.Reset()
		if code := run(append([]string{"render", "--seconds", "1"}, args...), &out, &err); code != done {
			t.Fatalf("render %v: %d: %s", args, code, err.String())
		}
		_, sum, _ := strings.Cut(out.String(), "SHA-256 ")
		return sum
	}
	want := hash("--events", log)
	if e := os.WriteFile(filepath.Join(dir, "show.yaml"), []byte("noctiluca: 1\nvalues: {/master/level: 0.2}\n"), 0o644); e != nil {
		t.Fatal(e)
	}
	if hash("--events", log, "--workers", "1") != want {
		t.Error("rendered again, the frames are others")
	}
	if hash(dir, "--crowd", "3", "--seed", "77") == want {
		t.Error("what was done changes nothing")
	}
	// What cannot be right is refused, with its reason.
	for _, c := range []struct {
		args []string
		want string
	}{
		{played, "not written over"},
		{[]string{"render", "--events", filepath.Join(dir, "installation.yaml")}, "no log of events"},
	} {
		err.Reset()
		if code := run(c.args, &out, &err); code != badInput || !strings.Contains(err.String(), c.want) {
			t.Errorf("%v: %d: %s", c.args, code, err.String())
		}
	}
}

// TestFieldsThatAreSavedAreLogged: a run whose field is saved with a mistake,
// and then without, says so in its log, and the log is rendered again whatever
// the file holds by then.
func TestFieldsThatAreSavedAreLogged(t *testing.T) {
	dir := t.TempDir()
	const good = "package f\n\nfunc Light(p vec3) vec4 { return vec4(0.01) }\n"
	field, log := filepath.Join(dir, "lamp.kage"), filepath.Join(dir, "log.jsonl")
	// As many editors do it, so that it is never seen half written.
	save := func(name, text string) {
		t.Helper()
		err := os.WriteFile(name+"~", []byte(text), 0o644)
		if err == nil {
			err = os.Rename(name+"~", name)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	save(field, good)
	save(filepath.Join(dir, "installation.yaml"), `noctiluca: 1
name: lamp
fixtures: [{name: row, kind: strip, strip: {points: [[0, 0, 0], [1, 0, 0]], pixels: 9}}]
outputs: [{name: o, protocol: sacn, host: 127.0.0.1, universe: 1, fixtures: [row]}]
scenes: [{name: s, layers: [{name: l, field: lamp.kage}]}]
`)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out, errs safeBuffer
	code := make(chan int, 1)
	go func() {
		code <- runUntil(ctx, []string{"run", dir, "--no-send", "--osc", "off", "--no-midi", "--for", "5m", "--log-events", log}, &out, &errs)
	}()
	until := func(what string) {
		t.Helper()
		for !strings.Contains(errs.String(), what) {
			select {
			case c := <-code:
				t.Fatalf("it ended with %d: %s", c, errs.String())
			case <-time.After(2 * time.Millisecond):
			}
		}
	}
	// Its files are watched before the pacer speaks.
	until("pacing:")
	save(field, strings.Replace(good, "0.01", "q", 1))
	until("was saved with mistakes")
	save(field, strings.Replace(good, "0.01", "0.5", 1))
	until("was saved, and plays")
	for { // with the next frame
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(string(text), "\n") == 3 {
			for _, want := range []string{`"fields":{"lamp.kage":"package f`, `"do":"reload","file":"lamp.kage","refused":"lamp.kage:3:39: error: q is not known here"`, `"do":"reload","file":"lamp.kage","source":"package f`} {
				if !strings.Contains(string(text), want) {
					t.Errorf("the log has no %s:\n%s", want, text)
				}
			}
			break
		}
		select {
		case c := <-code:
			t.Fatalf("it ended with %d, and the log says:\n%s", c, text)
		case <-time.After(5 * time.Millisecond):
		}
	}
	stop()
	if c := <-code; c != done {
		t.Fatalf("run: %d: %s", c, errs.String())
	}
	hash := func() string {
		t.Helper()
		var out, errs bytes.Buffer
		if code := runUntil(t.Context(), []string{"render", dir, "--events", log}, &out, &errs); code != done {
			t.Fatalf("render: %d: %s", code, errs.String())
		}
		_, sum, _ := strings.Cut(out.String(), "SHA-256 ")
		return sum
	}
	first := hash()
	save(field, "no field at all")
	if again := hash(); again != first {
		t.Error("what the file holds by now has changed the frames")
	}
	text, _ := os.ReadFile(log)
	save(log, strings.ReplaceAll(string(text), `"file":"lamp.kage"`, `"file":"other.kage"`))
	errs = safeBuffer{}
	if c := runUntil(t.Context(), []string{"render", dir, "--events", log}, &out, &errs); c != badInput || !strings.Contains(errs.String(), "field other.kage was saved") {
		t.Errorf("render: %d: %s", c, errs.String())
	}
}
