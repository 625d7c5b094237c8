package audit

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"noctiluca/engine/signal/audit"
	"noctiluca/engine/signal/consent"
)

func at() time.Time { return time.Date(2150, 3, 4, 5, 6, 7, 0, time.UTC) }

func written(t *testing.T, entries int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "audit.log")
	for range 2 { // opened twice: the second goes on
		w, err := Open(name, at)
		if err != nil {
			t.Fatal(err)
		}
		log := audit.New(1000)
		for i := range entries {
			log.Add(audit.Entry{What: audit.Granted, Visit: uint64(i), Terms: consent.New(consent.Light, consent.Heart, 0)})
			if err := w.Write(log); err != nil {
				t.Fatal(err)
			}
		}
		w.f.Close()
	}
	return name
}

func TestChain(t *testing.T) {
	name := written(t, 5)
	n, hash, err := Check(name)
	if err != nil || n != 10 || len(hash) != 64 {
		t.Fatalf("%d lines, %q, %v; want 10", n, hash, err)
	}
	good, _ := os.ReadFile(name)
	if !strings.Contains(string(good), `"text":"visit 3: consent given, light: heart"`) {
		t.Errorf("the log is\n%s", good)
	}
	lines := bytes.SplitAfter(good, []byte("\n"))
	join := func(l ...[]byte) []byte { return bytes.Join(l, nil) }
	for what, bad := range map[string][]byte{
		"changed":   bytes.Replace(good, []byte("visit 3"), []byte("visit 7"), 1),
		"taken out": join(append(append([][]byte{}, lines[:3]...), lines[4:]...)...),
		"put in":    join(append(append(append([][]byte{}, lines[:3]...), lines[2]), lines[3:]...)...),
		"cut off":   good[:len(good)-7],
		"no log":    []byte("hello\n"),
	} {
		os.WriteFile(name, bad, 0o600)
		if _, _, err := Check(name); err == nil || !strings.Contains(err.Error(), "audit.log:") {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := Open(name, at); err == nil {
			t.Errorf("%s: the log was carried on", what)
		}
	}
}

// A flood is bounded, and counted.
func TestFlood(t *testing.T) {
	name := filepath.Join(t.TempDir(), "audit.log")
	w, err := Open(name, at)
	if err != nil {
		t.Fatal(err)
	}
	log := audit.New(4096)
	for range 1000 {
		log.Add(audit.Entry{What: audit.Granted})
	}
	for range 2 {
		if err := w.Write(log); err != nil {
			t.Fatal(err)
		}
	}
	log.Add(audit.Entry{What: audit.Revoked})
	if err := w.Write(log); err != nil {
		t.Fatal(err)
	}
	b, _ := os.ReadFile(name)
	if n := strings.Count(string(b), "\n"); n != 202 || !strings.Contains(string(b), "800 entries more came at once") {
		t.Errorf("%d lines were written", n)
	}
	if _, _, err := Check(name); err != nil {
		t.Error(err)
	}
}

// Entries that came faster than they were written are missed, not silently.
func TestLostEntries(t *testing.T) {
	name := filepath.Join(t.TempDir(), "audit.log")
	w, err := Open(name, at)
	if err != nil {
		t.Fatal(err)
	}
	log := audit.New(4)
	for range 10 {
		log.Add(audit.Entry{What: audit.Revoked, Visit: 1})
	}
	if err := w.Write(log); err != nil {
		t.Fatal(err)
	}
	b, _ := os.ReadFile(name)
	if n := strings.Count(string(b), "\n"); n != 5 || !strings.Contains(string(b), "6 entries were lost") {
		t.Errorf("the log is\n%s", b)
	}
}
