package show

import (
	"fmt"
	"strings"
)

// Document is all of a show that is kept: what a file holds and what undo
// restores.
type Document struct {
	Values []float32 // of every parameter, in the order of Specs
	Items  [lists][]Item
	BPM    float64
}

// Document gives the show that the view shows. Momentary parameters are at
// their defaults: nobody wants to open a show and find it black.
func (v *View) Document(r *Registry) *Document {
	d := &Document{Values: append([]float32(nil), v.To...), BPM: v.BPM, Items: v.Items}
	for i := range r.Specs {
		if r.Specs[i].Momentary {
			d.Values[i] = r.Specs[i].Default
		}
	}
	return d
}

// Defaults is the document of a show that no file says anything of.
func (r *Registry) Defaults() *Document {
	d := &Document{Values: make([]float32, len(r.Specs)), BPM: 120}
	for i := range r.Specs {
		d.Values[i] = r.Specs[i].Default
	}
	return d
}

// load puts a document in place of what there is, before the first tick.
func (s *Show) load(d *Document) error {
	if len(d.Values) != len(s.params) {
		return fmt.Errorf("show: the document has %d values, the installation %d parameters", len(d.Values), len(s.params))
	}
	for i, v := range d.Values {
		if err := s.holds(ID(i), v); err != nil {
			return err
		}
		// A scene chosen on the command line goes before the file's.
		if d := s.Specs[i].Default; v != d || s.params[i].base == d {
			s.params[i].put(v)
		}
		if !s.params[i].integrate {
			s.values[i] = s.params[i].base
		}
	}
	for l, items := range d.Items {
		for i, it := range items {
			if it == nil || it.list() != List(l) {
				return fmt.Errorf("show: item %d of the %v is none of them", i, List(l))
			}
			if err := it.check(s.Registry); err != nil {
				return err
			}
		}
		s.lists[l] = append([]Item(nil), items...)
	}
	if d.BPM > 0 {
		s.beat.Set(d.BPM, 0)
	}
	s.wire()
	s.edited = false
	return nil
}

// Capture makes a snapshot of all parameters whose path lies under a prefix;
// empty is every one.
func (r *Registry) Capture(v *View, name, prefix string) *Snapshot {
	shot := &Snapshot{Name: name}
	for i := range r.Specs {
		if !r.Specs[i].Momentary && strings.HasPrefix(r.Specs[i].Path, prefix) {
			shot.Sets = append(shot.Sets, Setting{ID(i), v.To[i]})
		}
	}
	return shot
}

// Changed makes the settings of a cue: every parameter that stands elsewhere
// than its default, and every one that an earlier cue touches.
func (r *Registry) Changed(v *View) []Setting {
	touched := map[ID]bool{}
	for i := range v.Items[Cues] {
		for _, s := range v.CueAt(i).Sets {
			touched[s.Param] = true
		}
	}
	var sets []Setting
	for i := range r.Specs {
		if s := &r.Specs[i]; !s.Momentary && (v.To[i] != s.Default || touched[ID(i)]) {
			sets = append(sets, Setting{ID(i), v.To[i]})
		}
	}
	return sets
}

func nameFor(what string, n int) string { return fmt.Sprintf("%s %d", what, n) }
