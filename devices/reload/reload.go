// Package reload watches the fields of an artwork that plays, and hands on
// each that is saved anew. It compiles nothing, and keeps no clock: what a
// text is worth is for whom it is handed to.
//
// Editors save in many ways: they write over a file, in one piece or several,
// or rename another onto it. So folders are watched, and a file is read once
// nothing has happened to it for some milliseconds.
package reload

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"

	"noctiluca/installations"

	"github.com/fsnotify/fsnotify"
)

// quiet is how long nothing must happen to a file before it is read: longer
// than between the pieces that a file is written in, and less than a frame.
const quiet = 4 * time.Millisecond

// maxField is the largest file that is read.
const maxField = 1 << 20

// Config is what to watch, and for whom.
type Config struct {
	Installation *installations.Installation
	// Apply is given each text that is saved, under the name that the
	// installation has for its file. Its error is kept until a text is taken.
	Apply func(file string, text []byte) error
	Log   func(string) // remarks; nil for none
}

// Watcher watches. Problems and Taken may be called from any goroutine.
type Watcher struct {
	c     Config
	files map[string]*file // by their paths, absolute
	notes *fsnotify.Watcher

	mu       sync.Mutex
	problems map[string]string
	taken    int
}

// file is one field's source.
type file struct {
	name string // that the installation has
	text []byte // as it was last read
}

// New watches the fields of an installation that are files on this machine:
// a field that came out of the program itself is not. It is nil, without an
// error, when there is none.
func New(c Config) (*Watcher, error) {
	if c.Log == nil {
		c.Log = func(string) {}
	}
	w := &Watcher{c: c, files: onDisk(c.Installation), problems: map[string]string{}}
	folders := map[string]bool{}
	for path := range w.files {
		folders[filepath.Dir(path)] = true
	}
	if len(w.files) == 0 {
		return nil, nil
	}
	var err error
	if w.notes, err = fsnotify.NewWatcher(); err != nil {
		return nil, fmt.Errorf("fields that are saved will not be taken up: %w", err)
	}
	for f := range folders {
		if err := w.notes.Add(f); err != nil {
			w.notes.Close()
			return nil, fmt.Errorf("fields that are saved in %s will not be taken up: %w", f, err)
		}
	}
	return w, nil
}

// onDisk are the fields of an installation that are files on this machine, by
// their paths.
func onDisk(inst *installations.Installation) map[string]*file {
	files := map[string]*file{}
	for _, s := range inst.Scenes {
		for _, l := range s.Layers {
			path, err := filepath.Abs(filepath.FromSlash(l.FieldFile))
			if err != nil {
				continue
			}
			// A path alone could be another file of the same name.
			if text, err := os.ReadFile(path); err != nil || !bytes.Equal(text, l.FieldText) {
				continue
			}
			files[path] = &file{l.FieldFile, l.FieldText}
		}
	}
	return files
}

// Sources are the fields of an installation that may be saved while it plays,
// each text by the name that the installation has for its file.
func Sources(inst *installations.Installation) map[string]string {
	sources := map[string]string{}
	for _, f := range onDisk(inst) {
		sources[f.name] = string(f.text)
	}
	return sources
}

// Files are the names of the files that are watched, sorted.
func (w *Watcher) Files() []string {
	var names []string
	for _, f := range w.files {
		names = append(names, f.name)
	}
	sort.Strings(names)
	return names
}

// Run watches until the context ends.
func (w *Watcher) Run(ctx context.Context) error {
	defer w.notes.Close()
	waiting := map[string]bool{}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, ok := <-w.notes.Events:
			if !ok {
				return nil
			}
			path := filepath.Clean(e.Name)
			if w.files[path] != nil && !e.Has(fsnotify.Chmod) {
				waiting[path] = true
				timer.Reset(quiet)
			}
		case err, ok := <-w.notes.Errors:
			if !ok {
				return nil
			}
			w.c.Log(fmt.Sprintf("watching fields: %v", err))
			for path := range w.files { // something may have been missed
				waiting[path] = true
			}
			timer.Reset(quiet)
		case <-timer.C:
			for path := range waiting {
				w.read(path)
			}
			clear(waiting)
		}
	}
}

// read hands a file on if it has changed.
func (w *Watcher) read(path string) {
	f := w.files[path]
	info, err := os.Stat(path)
	if err != nil {
		return // between the two halves of a rename
	}
	if info.Size() > maxField {
		w.say(f.name, fmt.Errorf("%s: the file has %d bytes: at most %d are read", f.name, info.Size(), maxField))
		return
	}
	text, err := os.ReadFile(path)
	if err != nil {
		w.say(f.name, err)
		return
	}
	if bytes.Equal(text, f.text) {
		return
	}
	f.text = text
	w.say(f.name, w.c.Apply(f.name, text))
}

// say keeps and tells what became of a file.
func (w *Watcher) say(name string, err error) {
	w.mu.Lock()
	if err != nil {
		w.problems[name] = err.Error()
	} else {
		delete(w.problems, name)
		w.taken++
	}
	w.mu.Unlock()
	if err != nil {
		w.c.Log(fmt.Sprintf("%s was saved with mistakes, and plays on as it was:\n%v", name, err))
	} else {
		w.c.Log(name + " was saved, and plays")
	}
}

// Problems are the mistakes of files as they are now, a line each; those of a
// file go when it is saved without any.
func (w *Watcher) Problems() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var names, out []string
	for n := range w.problems {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		for line := range strings.Lines(w.problems[n]) {
			if line = strings.TrimRight(line, "\n"); line != "" && line[0] != '\t' { // the source is for the log
				out = append(out, line)
			}
		}
	}
	return out
}

// Taken counts the texts that were taken up.
func (w *Watcher) Taken() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.taken
}
