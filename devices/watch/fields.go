package watch

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"noctiluca/devices/screen/editor"
	"noctiluca/engine"
	"noctiluca/shaders/kage"
	"noctiluca/shaders/kage/check"
)

// Fields are the sources of the layers' fields, for the window's editor: what
// lies in a file of its own can be saved, what ships with the program cannot.
func Fields(layers []engine.Layer) []editor.Source {
	var all []editor.Source
	for _, l := range layers {
		s := editor.Source{Name: l.File, Text: l.Kage, Check: marks(l.File)}
		if on, err := os.ReadFile(l.File); err == nil && bytes.Equal(on, []byte(l.Kage)) {
			s.Save = func(text string) error { return replace(l.File, text) }
		} else {
			s.Why = "ships with the program: to change it, name a file of your own in the installation"
		}
		all = append(all, s)
	}
	return all
}

// Reread gives the text that a field's file holds now.
func Reread(layers []engine.Layer) func(field int) (string, error) {
	return func(field int) (string, error) {
		text, err := os.ReadFile(layers[field].File)
		return string(text), err
	}
}

// marks says what the compiler finds wrong with a text.
func marks(file string) func(string) []editor.Mark {
	return func(text string) []editor.Mark {
		_, err := kage.Compile(file, []byte(text))
		var errs check.Errors
		if !errors.As(err, &errs) {
			if err != nil {
				return []editor.Mark{{Line: 1, Column: 1, Text: err.Error()}}
			}
			return nil
		}
		var all []editor.Mark
		for _, e := range errs {
			m := e.Message
			if e.Hint != "" {
				m += ": " + e.Hint
			}
			all = append(all, editor.Mark{Line: e.Line, Column: e.Column, Text: m})
		}
		return all
	}
}

// replace puts a text in place of a file's, whole or not at all.
func replace(file, text string) error {
	mode := os.FileMode(0o644)
	if info, err := os.Stat(file); err == nil {
		mode = info.Mode().Perm()
	}
	t, err := os.CreateTemp(filepath.Dir(file), ".kage-*")
	if err != nil {
		return err
	}
	_, err = t.WriteString(text)
	if e := t.Chmod(mode); err == nil {
		err = e
	}
	if e := t.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(t.Name(), file)
	}
	if err != nil {
		os.Remove(t.Name())
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
