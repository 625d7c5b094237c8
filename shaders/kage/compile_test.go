package kage

import (
	"os"
	"path/filepath"
	"testing"
)

func TestCompileShippedFields(t *testing.T) {
	files, err := filepath.Glob("../*.kage")
	if err != nil || len(files) == 0 {
		t.Fatal("no fields", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Compile(name, text)
		if err != nil {
			t.Error(err)
			continue
		}
		t.Logf("%s: %+v", filepath.Base(name), f.Report())
	}
}
