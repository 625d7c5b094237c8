package main

import (
	"io"
	"strings"
	"testing"
)

// TestExamples: each command has examples at the end of its --help, and each
// of them is right by the grammar, but for files that are not here.
func TestExamples(t *testing.T) {
	var c commands
	parser, err := grammar(&c, io.Discard, io.Discard, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	for _, leaf := range parser.Model.Leaves(true) {
		name, examples := "noctiluca "+strings.TrimPrefix(leaf.Path(), "noctiluca "), 0
		for line := range strings.Lines(leaf.Detail) {
			example, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "    ")
			if !ok {
				continue
			}
			example, _, _ = strings.Cut(example, "   ") // what it is for
			example, _, _ = strings.Cut(example, " > ")
			if example == name || strings.HasPrefix(example, name+" ") {
				examples++
			}
			var c commands
			parser, err := grammar(&c, io.Discard, io.Discard, func(int) {})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parser.Parse(strings.Fields(example)[1:]); err != nil && !strings.Contains(err.Error(), "no such file") {
				t.Errorf("%s: %v", example, err)
			}
		}
		if examples == 0 {
			t.Errorf("%s has no example in its --help", name)
		}
	}
}
