package watch

import (
	"bytes"
	"errors"
	"io"
	"os"

	"noctiluca/devices/screen/editor"
	"noctiluca/devices/wholefile"
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
			s.Save = func(text string) error {
				return wholefile.Write(l.File, func(w io.Writer) error { _, err := io.WriteString(w, text); return err })
			}
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
