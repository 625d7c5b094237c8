// Package eventlog keeps on disk what was done to a show while it was played:
// every event as it took effect, and what the run began with, so that a render
// gives the same frames again to the bit.
//
// It holds what hands, cues' callers, controllers and peers did, and which
// fields were saved anew meanwhile, with their text; and nothing of what people
// felt: a reading is never in it, agreed to or not. So a run in
// which people were sensed is repeated as if nobody had been there.
//
// The one idea it owns: a line of JSON for each event. The first line is the
// Start; a file that was cut off, by a power cut say, is read to its last
// whole line.
package eventlog

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"sync"
	"time"

	"noctiluca/engine"
	"noctiluca/engine/show"
	"noctiluca/installations"
)

// Version is the format's.
const Version = 1

// Start is what a run began with: what else than its installation decides its
// frames, beside the events.
type Start struct {
	Version      int     `json:"noctiluca_events"`
	Installation string  `json:"installation"` // as it was named
	Rate         float64 `json:"rate"`
	Seed         uint64  `json:"seed"`
	Scene        string  `json:"scene,omitempty"` // of the command line
	Crowd        int     `json:"crowd,omitempty"`
	Mood         string  `json:"mood,omitempty"`
	Gain         float64 `json:"gain,omitempty"`
	Delay        float64 `json:"delay,omitempty"`
	Channels     int     `json:"channels"`
	BPM          float64 `json:"bpm"`
	// Values are the parameters that began elsewhere than at their default.
	Values map[string]float32 `json:"values,omitempty"`
	// Items are those of the show's lists, in order.
	Items []json.RawMessage `json:"items,omitempty"`
	// Fields are the sources that could be saved while it played, as they were
	// when the run began, by their files as seen from Folder: the installation's.
	Fields map[string]string `json:"fields,omitempty"`
	Folder string            `json:"-"`
}

// seen is a file's name as seen from a folder, with slashes: a log holds no
// path of a machine, and is rendered from wherever the folder lies by then.
func seen(folder, file string) string {
	if r, err := filepath.Rel(filepath.FromSlash(folder), filepath.FromSlash(file)); err == nil {
		return filepath.ToSlash(r)
	}
	return file
}

// kept is how many events can wait for the disk: as many as can wait for the
// engine, so that one tick never has more.
const kept = 8192

// every is how often what was played is written.
const every = 200 * time.Millisecond

// Writer writes a log. Record belongs to the engine's goroutine; Run to
// another.
type Writer struct {
	name string
	file *os.File

	mu     sync.Mutex
	reg    *show.Registry // nil until Begin
	folder string
	came   []entry
	spare  []entry
	lost   int
}

// entry is an event of the show, or a field that was saved.
type entry struct {
	show.Applied
	saved *engine.Saved
}

// Create makes the file. One that is there already is an error: a log is not
// written over.
func Create(name string) (*Writer, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("%s: there is such a file, and a log is not written over: give another name, or remove it", name)
	}
	if err != nil {
		return nil, err
	}
	return &Writer{name: name, file: f, came: make([]entry, 0, kept), spare: make([]entry, 0, kept)}, nil
}

// Begin writes the first line. It comes before the first Record; the document
// is what the show begins in.
func (w *Writer) Begin(s Start, d *show.Document, r *show.Registry) error {
	s.Version, s.BPM = Version, d.BPM
	fields := s.Fields
	s.Fields = nil
	for file, text := range fields {
		if s.Fields == nil {
			s.Fields = map[string]string{}
		}
		s.Fields[seen(s.Folder, file)] = text
	}
	for i, v := range d.Values {
		if v != r.Specs[i].Default {
			if s.Values == nil {
				s.Values = map[string]float32{}
			}
			s.Values[r.Specs[i].Path] = v
		}
	}
	for _, items := range d.Items {
		for _, it := range items {
			text, err := marshalItem(it, r)
			if err != nil {
				return err
			}
			s.Items = append(s.Items, text)
		}
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if _, err := w.file.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("%s: %w", w.name, err)
	}
	w.mu.Lock()
	w.reg, w.folder = r, s.Folder
	w.mu.Unlock()
	return nil
}

// Record takes an event. It waits for no disk and allocates nothing: where the
// disk is slower than hands for long, events are lost, and Run says so.
func (w *Writer) Record(a show.Applied) { w.take(entry{Applied: a}) }

// Saved takes a field that was saved, as Record does an event.
func (w *Writer) Saved(s *engine.Saved) { w.take(entry{saved: s}) }

func (w *Writer) take(e entry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.came) == cap(w.came) {
		w.lost++
		return
	}
	w.came = append(w.came, e)
}

// Run writes until ctx is done, and then what is left. complain is told of a
// disk that takes nothing any more, and of events that were lost, once each.
func (w *Writer) Run(ctx context.Context, complain func(error)) {
	defer w.file.Close()
	out := bufio.NewWriterSize(w.file, 1<<16)
	tick := time.NewTicker(every)
	defer tick.Stop()
	told := false
	for ended := false; !ended; {
		select {
		case <-ctx.Done():
			ended = true
		case <-tick.C:
		}
		lost, err := w.write(out)
		if lost > 0 && !told {
			told = true
			complain(fmt.Errorf("%s: %d events were lost, the disk was too slow: the log cannot be replayed from there", w.name, lost))
		}
		if err != nil {
			complain(fmt.Errorf("%s: %w: nothing more is logged", w.name, err))
			return
		}
	}
}

func (w *Writer) write(out *bufio.Writer) (lost int, err error) {
	w.mu.Lock()
	came, reg, folder := w.came, w.reg, w.folder
	w.came, w.spare = w.spare[:0], came
	lost, w.lost = w.lost, 0
	w.mu.Unlock()
	if reg == nil {
		return 0, nil
	}
	for i := range came {
		text, err := came[i].marshal(reg, folder)
		if err != nil {
			return lost, err
		}
		if _, err := out.Write(append(text, '\n')); err != nil {
			return lost, err
		}
	}
	if lost > 0 {
		if _, err := fmt.Fprintf(out, "{\"do\":\"lost\",\"index\":%d}\n", lost); err != nil {
			return lost, err
		}
	}
	clear(came) // items are not to be held
	return lost, out.Flush()
}

// Skip is a pause that a run did not make up for, as of a laptop that slept:
// nothing was lived through between the tick at From and To, less what an
// engine makes up for.
type Skip struct{ From, To time.Duration }

// Reload is a field that was saved while a run played it.
type Reload struct {
	At   time.Duration // the frame that took it up
	File string        // as seen from the installation's folder
	Text string        // its source
}

// Log is a log that was read.
type Log struct {
	Name  string
	Start Start
	lines []line
	// Cut says that the last line is half a one.
	Cut bool
}

// maxLine is how long a line may be, in bytes.
const maxLine = 16 << 20

// Read reads a log. Its events wait for Events, which knows the parameters.
func Read(name string) (*Log, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return read(name, f)
}

func read(name string, from io.Reader) (*Log, error) {
	l := &Log{Name: name}
	lines := bufio.NewReaderSize(from, 1<<16)
	for n := 1; ; n++ {
		text, err := lines.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		whole := err == nil
		if len(text) > maxLine {
			return nil, fmt.Errorf("%s:%d: the line has %d bytes: at most %d are read", name, n, len(text), maxLine)
		}
		if len(bytes.TrimSpace(text)) == 0 {
			if !whole {
				break
			}
			continue
		}
		if n == 1 {
			if err := json.Unmarshal(text, &l.Start); err != nil || l.Start.Version == 0 {
				return nil, fmt.Errorf("%s:1: this is no log of events: its first line says with what the run began", name)
			}
			if l.Start.Version != Version {
				return nil, fmt.Errorf("%s:1: version %d of the format: this program reads %d", name, l.Start.Version, Version)
			}
			if c := l.Start.Channels; c < 1 || c > show.MaxChannels {
				return nil, fmt.Errorf("%s:1: channels is %d: expected 1…%d", name, c, show.MaxChannels)
			}
			if r := l.Start.Rate; !(r > 0) {
				return nil, fmt.Errorf("%s:1: rate is %v: expected frames a second", name, r)
			}
		} else {
			e := line{at: n}
			d := json.NewDecoder(bytes.NewReader(text))
			d.DisallowUnknownFields()
			if err := d.Decode(&e.said); err != nil {
				if !whole {
					l.Cut = true
					break
				}
				return nil, fmt.Errorf("%s:%d: %w", name, n, err)
			}
			l.lines = append(l.lines, e)
		}
		if !whole {
			break
		}
	}
	if l.Start.Version == 0 {
		return nil, fmt.Errorf("%s: this is no log of events: it is empty", name)
	}
	return l, nil
}

// Document is the state in which the run began, for the parameters there are.
func (l *Log) Document(r *show.Registry) (*show.Document, error) {
	d := r.Defaults()
	d.BPM = l.Start.BPM
	for path, v := range l.Start.Values {
		id, err := r.Find(path)
		if err != nil {
			return nil, fmt.Errorf("%s:1: %w: the installation is another than the one that was played", l.Name, err)
		}
		d.Values[id] = v
	}
	for _, text := range l.Start.Items {
		list, it, err := unmarshalItem(text, r)
		if err != nil {
			return nil, fmt.Errorf("%s:1: %w", l.Name, err)
		}
		d.Items[list] = append(d.Items[list], it)
	}
	return d, nil
}

// Reloads are the fields that were saved and played, in order. Those that were
// refused changed nothing.
func (l *Log) Reloads() ([]Reload, error) {
	var out []Reload
	for i := range l.lines {
		s := &l.lines[i].said
		if s.Do != reload {
			continue
		}
		if (s.Source == "") == (s.Refused == "") || s.File == "" || s.At < 0 {
			return nil, fmt.Errorf("%s:%d: a reload of %q: expected its file, at which time, and either its source or why it was refused", l.Name, l.lines[i].at, s.File)
		}
		if n := len(out); n > 0 && time.Duration(s.At) < out[n-1].At {
			return nil, fmt.Errorf("%s:%d: at %d ns, and a reload before at %d: times must rise", l.Name, l.lines[i].at, s.At, out[n-1].At)
		}
		if s.Refused == "" {
			out = append(out, Reload{time.Duration(s.At), s.File, s.Source})
		}
	}
	return out, nil
}

// Place puts the fields into an installation that is to be played again, as
// they were when the run began, and gives the reloads the names by which its
// engine knows their files. A field that the installation no more has is an
// error.
func (l *Log) Place(inst *installations.Installation, reloads []Reload) error {
	folder := path.Dir(filepath.ToSlash(inst.File))
	names := map[string]string{}
	for i := range inst.Scenes {
		for k := range inst.Scenes[i].Layers {
			layer := &inst.Scenes[i].Layers[k]
			name := seen(folder, layer.FieldFile)
			names[name] = layer.FieldFile
			if text, ok := l.Start.Fields[name]; ok {
				layer.FieldText = []byte(text)
			}
		}
	}
	for i := range reloads {
		name, ok := names[reloads[i].File]
		if !ok {
			return fmt.Errorf("%s: field %s was saved while it played, and no layer of %s plays it: the installation is another than the one that was played", l.Name, reloads[i].File, inst.File)
		}
		reloads[i].File = name
	}
	return nil
}

// Events are all that was done, in order, and the pauses.
func (l *Log) Events(r *show.Registry) ([]show.Event, []Skip, error) {
	var events []show.Event
	var skips []Skip
	for i := range l.lines {
		if l.lines[i].said.Do == reload {
			continue
		}
		e, err := l.lines[i].said.event(r)
		if errors.Is(err, errLost) {
			return nil, nil, fmt.Errorf("%s:%d: %d events were lost here while it was written: it cannot be replayed", l.Name, l.lines[i].at, *l.lines[i].said.Index)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s:%d: %w", l.Name, l.lines[i].at, err)
		}
		if e.Action == show.Skip {
			skips = append(skips, Skip{From: time.Duration(float64(e.Index) / l.Start.Rate * float64(time.Second)), To: e.At})
			continue
		}
		if n := len(events); n > 0 && e.At < events[n-1].At {
			return nil, nil, fmt.Errorf("%s:%d: at %d ns, and the line before at %d: times must rise", l.Name, l.lines[i].at, e.At, events[n-1].At)
		}
		events = append(events, e)
	}
	return events, skips, nil
}

// End is the time of the last event.
func (l *Log) End() time.Duration {
	for i := len(l.lines) - 1; i >= 0; i-- {
		if at := l.lines[i].said.At; at > 0 {
			return time.Duration(at)
		}
	}
	return 0
}
