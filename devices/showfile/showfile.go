// Package showfile keeps a show in a file: it opens it, saves it, and writes
// an autosave beside it while there are changes that nobody saved.
//
// It decides nothing about a show. The one idea it owns: a save that fails
// leaves the last good file. What is written goes to another name first, is
// read again, and takes the file's place in one step.
package showfile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"noctiluca/engine/show"
	"noctiluca/installations"
)

// Names beside the file's own.
const (
	autosaved = ".autosave"
	previous  = "~"
)

// DefaultEvery is how often changes are written to the autosave.
const DefaultEvery = 30 * time.Second

// File is a show's file. Its methods may be called from any goroutine.
type File struct {
	path  string // where it is saved
	cells []string
	reg   *show.Registry

	mu    sync.Mutex
	text  []byte // what the file said when it was read or written last
	saved *show.Document
	auto  *show.Document // what the autosave says; nil for none
}

// Opened is a show that was read.
type Opened struct {
	File     *File
	Setup    *show.Setup
	Document *show.Document
	// Notes are remarks for a person: an autosave that is newer.
	Notes []string
}

// Options say which show is opened.
type Options struct {
	// Path is the file; empty is show.yaml beside the installation, or for a
	// shipped one in the user's folder for settings.
	Path string
	// Shipped says that the installation is a shipped one, with a show of its
	// own where it has one. Own lets the one go first that the user saved: for
	// live playing, not for what must always be the same.
	Shipped, Own bool
	// Recover opens the autosave instead.
	Recover bool
}

// Open reads the show of an installation. No file at all is a show at its
// defaults; a file that is wrong is an error, installations.Problems.
func Open(inst *installations.Installation, o Options) (*Opened, error) {
	file := o.Path
	var text []byte
	if file == "" {
		if o.Shipped {
			config, err := os.UserConfigDir()
			if err != nil {
				config = os.TempDir()
			}
			file = filepath.Join(config, "noctiluca", inst.Name, show.FileName)
			text, _ = fs.ReadFile(installations.Shipped(), path.Join(path.Dir(inst.File), show.FileName))
		} else {
			file = filepath.Join(filepath.Dir(inst.File), show.FileName)
		}
	}
	out := &Opened{}
	if o.Shipped && o.Path == "" && !o.Own && !o.Recover {
		return read(out, inst, path.Join(path.Dir(inst.File), show.FileName), file, text)
	}
	from := file
	if o.Recover {
		from = file + autosaved
	}
	switch data, err := os.ReadFile(from); {
	case err == nil:
		text = data
	case errors.Is(err, fs.ErrNotExist) && o.Recover:
		return nil, fmt.Errorf("show: there is no %s: nothing was left unsaved", from)
	case errors.Is(err, fs.ErrNotExist) && o.Path != "":
		return nil, fmt.Errorf("show: there is no %s; a new show begins with an empty file of that name, or with a copy of another", from)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("show: %w", err)
	}
	if newer(file+autosaved, file) && !o.Recover {
		out.Notes = append(out.Notes, fmt.Sprintf("%s has changes that were never saved; --recover plays them", file+autosaved))
	}
	if out, err := read(out, inst, from, file, text); err != nil || !o.Recover {
		return out, err
	}
	out.File.saved = out.File.reg.Defaults() // it is not in the file yet
	return out, nil
}

// read makes a show of a file's text, to be saved in a file.
func read(out *Opened, inst *installations.Installation, from, file string, text []byte) (*Opened, error) {
	out.Setup = show.NoFile()
	if len(text) > 0 {
		var ps installations.Problems
		if out.Setup, ps = show.ReadSetup(from, text); ps != nil {
			return nil, ps
		}
	}
	f := &File{path: file, reg: show.NewRegistry(inst, out.Setup.Channels), text: text}
	for _, c := range inst.Cells {
		f.cells = append(f.cells, c.Name)
	}
	var ps installations.Problems
	if out.Document, ps = out.Setup.Document(f.reg, f.cells); ps != nil {
		return nil, ps
	}
	out.File, f.saved = f, out.Document
	return out, nil
}

// newer says whether file a was written after b, or b is not there.
func newer(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err != nil || x.ModTime().After(y.ModTime())
}

// Path is where the show is saved.
func (f *File) Path() string { return f.path }

// Changed says whether a show differs from what the file says.
func (f *File) Changed(v *show.View) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !same(v.Document(f.reg), f.saved)
}

// same says whether two documents are the same: items are never changed, so
// that they are the same ones is enough.
func same(a, b *show.Document) bool {
	if b == nil || !slices.Equal(a.Values, b.Values) || a.BPM != b.BPM {
		return false
	}
	for l := range a.Items {
		if !slices.Equal(a.Items[l], b.Items[l]) {
			return false
		}
	}
	return true
}

// Save writes the show that a view shows. What an author changed in the file
// meanwhile stays, where it is not what the show says itself.
func (f *File) Save(v *show.View) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := v.Document(f.reg)
	old := f.text
	if data, err := os.ReadFile(f.path); err == nil {
		old = data
	}
	text, err := show.Write(old, d, f.reg, f.cells)
	if err != nil && len(f.text) > 0 {
		// The file is broken now: somebody is at work on it. The last text
		// that could be read is what is written on.
		text, err = show.Write(f.text, d, f.reg, f.cells)
	}
	if err != nil {
		return fmt.Errorf("%s was not saved: %w", f.path, err)
	}
	if data, err := os.ReadFile(f.path); err == nil && string(data) != string(text) {
		if err := replace(f.path+previous, data); err != nil {
			return fmt.Errorf("%s was not saved: %w", f.path, err)
		}
	}
	if err := replace(f.path, text); err != nil {
		return fmt.Errorf("%s was not saved: %w", f.path, err)
	}
	f.text, f.saved, f.auto = text, d, nil
	os.Remove(f.path + autosaved)
	return nil
}

// replace puts a text in a file's place in one step: whoever reads the file,
// also after the power failed, finds the old text or the new one.
func replace(file string, text []byte) error {
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	t, err := os.CreateTemp(dir, "."+filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(t.Name())
	_, err = t.Write(text)
	err = errors.Join(err, t.Chmod(0o644), t.Sync(), t.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(t.Name(), file); err != nil {
		return err
	}
	if d, err := os.Open(dir); err == nil {
		d.Sync() // the new name, too, is on the disk
		d.Close()
	}
	return nil
}

// autosave writes the changes that nobody saved, if there are new ones.
func (f *File) autosave(v *show.View) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := v.Document(f.reg)
	if same(d, f.saved) || same(d, f.auto) {
		return nil
	}
	text, err := show.Write(f.text, d, f.reg, f.cells)
	if err == nil {
		err = replace(f.path+autosaved, text)
	}
	if err != nil {
		return fmt.Errorf("autosave: %w", err)
	}
	f.auto = d
	return nil
}

// Run writes the autosave every so often, and once more when ctx is done. It
// tells log what fails, once for each reason.
func (f *File) Run(ctx context.Context, s *show.Show, every time.Duration, log func(string)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var v show.View
	said := ""
	write := func() {
		s.Look(&v)
		if err := f.autosave(&v); err != nil && err.Error() != said {
			said = err.Error()
			log(said)
		}
	}
	for {
		select {
		case <-ctx.Done():
			write()
			return
		case <-tick.C:
			write()
		}
	}
}
