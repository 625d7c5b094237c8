package main

import (
	"strings"
	"testing"
)

// TestBenchPixels: a short run says what it measured; wrong numbers are told.
func TestBenchPixels(t *testing.T) {
	code, out, errs := cli("bench", "pixels", "--pixels", "3000", "--seconds", "0.1")
	if code != done || !strings.Contains(out, "3000 pixels of the forest's canopy at 60 Hz on") || !strings.Contains(out, "This machine holds") {
		t.Errorf("code %d: %s%s", code, out, errs)
	}
	for _, c := range []struct{ arg, value, want string }{
		{"--pixels", "0", "expected 1…"},
		{"--rate", "0", "expected 1…1000"},
		{"--workers", "0", "expected 1…1024"},
		{"--seconds", "-1", "expected up to"},
		{"--people", "9", "expected 0…8"},
		{"--layer", "canpy", "forest has [canopy"},
		{"--cpu", "sse9", "no kernels are named"},
	} {
		code, _, errs := cli("bench", "pixels", c.arg+"="+c.value)
		if code != badInput || !strings.Contains(errs, c.want) {
			t.Errorf("%s %s: code %d, %q; expected %q", c.arg, c.value, code, errs, c.want)
		}
	}
}
