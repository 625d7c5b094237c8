package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
