package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"noctiluca/installations"
)

// TestNew: a copy of each shipped installation passes check, plays the same
// light, has fields that can be edited, and is written over by nothing.
func TestNew(t *testing.T) {
	hash := regexp.MustCompile(`SHA-256 [0-9a-f]{64}`)
	for _, name := range installations.ShippedNames() {
		folder := filepath.Join(t.TempDir(), "my-work")
		if code, out, err := cli("new", folder, "--from", name); code != 0 {
			t.Fatalf("%s: code %d: %s%s", name, code, out, err)
		}
		text, err := os.ReadFile(filepath.Join(folder, "installation.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "\nname: my-work\n") || !strings.Contains(string(text), ".kage") || strings.Contains(string(text), "$schema=../") {
			t.Errorf("%s: the copy's file is\n%.600s", name, text)
		}
		if code, _, err := cli("check", folder); code != 0 {
			t.Errorf("%s: check of the copy: %s", name, err)
		}
		render := func(what string) string {
			_, out, _ := cli("render", what, "--seconds", "0.5", "--crowd", "3")
			return hash.FindString(out)
		}
		if a, b := render(name), render(folder); a == "" || a != b {
			t.Errorf("%s: the shipped one renders %q, the copy %q", name, a, b)
		}
		if code, _, err := cli("new", folder, "--from", name); code != badInput || !strings.Contains(err, "is there already") {
			t.Errorf("%s: once more: code %d, %s", name, code, err)
		}
	}
	if code, _, err := cli("new", t.TempDir(), "--from", "wood"); code != badInput || !strings.Contains(err, "forest") {
		t.Errorf("from what is not there: code %d, %s", code, err)
	}
}
