package show

import (
	"fmt"

	"noctiluca/engine/show/tempo"
)

// Code is a timecode.
type Code = tempo.Timecode

// List is one of the lists that can be edited.
type List uint8

// The lists of a show.
const (
	Modulations List = iota
	Cues
	Snapshots
	Mappings
	Gestures
	lists
)

func (l List) String() string {
	return [...]string{"modulators", "cues", "snapshots", "mappings", "gestures", "?"}[min(l, lists)]
}

// Item is an entry of a list. An item does not change once it was offered: an
// edit puts another in its place. So whoever reads a list needs no lock.
type Item interface {
	list() List
	check(r *Registry) error
}

// Setting is a parameter and where it goes.
type Setting struct {
	Param ID
	Value float32
}

// Cue is a state that the show can go to. It sets some parameters and leaves
// the others as they are.
type Cue struct {
	Name string
	// In and Out are the seconds that values take which rise, and which fall.
	In, Out float32
	// Follow is how long after its fades the next cue goes by itself, in
	// seconds; negative: it waits for a Go.
	Follow float32
	// Wait lets the cue go by itself when it is next and a signal is there.
	Wait *Wait
	// Timecode is the second of a timecode at which the cue goes by itself;
	// negative for none.
	Timecode float32
	Sets     []Setting
}

// Wait is a condition on a signal: above (or below) a threshold for a time.
type Wait struct {
	Signal    string
	Cell      int // −1 is everybody
	Below     bool
	Threshold float32
	For       float32 // seconds
}

// Snapshot is the state of some parameters, kept.
type Snapshot struct {
	Name string
	Sets []Setting
}

// Takeover says how a control takes hold of a value that it does not stand at.
type Takeover uint8

// The ways of takeover.
const (
	Pickup Takeover = iota // it waits until it passes the value
	Direct                 // the value goes to it
	Scale                  // it moves the value in proportion to the way that is left
)

// Takeovers are their names, in order.
var Takeovers = []string{"pickup", "direct", "scale"}

// Mapping ties a control of a device to a parameter or to an action.
type Mapping struct {
	Device  string // a profile's name
	Control string // a control's name in it
	Path    string // a parameter's path; empty for an action
	Do      string // go back hold tap undo redo record keep, cue/N, snapshot/N, gesture/N; or empty
	Param   ID     // of Path
	// From and To are where the control's ends lie on the parameter's way.
	From, To float32
	Takeover Takeover
}

// Gesture is what hands did to parameters, recorded.
type Gesture struct {
	Name   string
	Length float32 // seconds
	Loop   bool
	Chase  bool // it follows the timecode, not its own start
	Tracks []Track
}

// Track is one parameter's way through a gesture: straight lines through
// points whose times rise.
type Track struct {
	Param ID
	At    []float32
	Value []float32
}

func (*Cue) list() List       { return Cues }
func (*Snapshot) list() List  { return Snapshots }
func (*Mapping) list() List   { return Mappings }
func (*Gesture) list() List   { return Gestures }
func (*Modulator) list() List { return Modulations }

// longest is the most seconds a time may have: a day.
const longest = 86400

func seconds(what string, v float32, least float32) error {
	if !(v >= least && v <= longest) {
		return fmt.Errorf("%s is %v s: expected %v…%d", what, v, least, longest)
	}
	return nil
}

func settings(r *Registry, sets []Setting) error {
	for _, s := range sets {
		if err := r.holds(s.Param, s.Value); err != nil {
			return err
		}
	}
	return nil
}

// holds says whether a value can be a parameter's.
func (r *Registry) holds(id ID, v float32) error {
	if id < 0 || int(id) >= len(r.Specs) {
		return fmt.Errorf("parameter number %d: there are 0…%d", id, len(r.Specs)-1)
	}
	if s := &r.Specs[id]; !(v >= s.Min && v <= s.Max) {
		return fmt.Errorf("%s is %v: expected %v…%v", s.Path, v, s.Min, s.Max)
	}
	return nil
}

// named says whether an item has a name: what has none could not be read again
// from the file in which it was kept.
func named(l List, name string) error {
	if name == "" {
		return fmt.Errorf("one of the %v has no name", l)
	}
	return nil
}

func (c *Cue) check(r *Registry) error {
	if err := named(Cues, c.Name); err != nil {
		return err
	}
	for _, t := range []struct {
		what  string
		v     float32
		least float32
	}{{"in", c.In, 0}, {"out", c.Out, 0}, {"follow", c.Follow, -1}, {"timecode", c.Timecode, -1}} {
		if err := seconds("cue "+c.Name+": "+t.what, t.v, t.least); err != nil {
			return err
		}
	}
	if w := c.Wait; w != nil {
		if !Knows(w.Signal) {
			return fmt.Errorf("cue %s: there is no signal %q; there is %v", c.Name, w.Signal, SignalNames)
		}
		if err := seconds("cue "+c.Name+": for", w.For, 0); err != nil {
			return err
		}
		if w.Cell < -1 || w.Cell >= r.cells {
			return fmt.Errorf("cue %s: cell %d: there are %d", c.Name, w.Cell, r.cells)
		}
		if !(w.Threshold >= -1 && w.Threshold <= 1) {
			return fmt.Errorf("cue %s: the threshold is %v: expected −1…1", c.Name, w.Threshold)
		}
	}
	if err := settings(r, c.Sets); err != nil {
		return fmt.Errorf("cue %s: %w", c.Name, err)
	}
	return nil
}

func (s *Snapshot) check(r *Registry) error {
	if err := named(Snapshots, s.Name); err != nil {
		return err
	}
	if err := settings(r, s.Sets); err != nil {
		return fmt.Errorf("snapshot %s: %w", s.Name, err)
	}
	return nil
}

func (m *Mapping) check(r *Registry) error {
	if m.Device == "" || m.Control == "" {
		return fmt.Errorf("a mapping of device %q, control %q: both must be named", m.Device, m.Control)
	}
	if m.Path != "" && (m.Param < 0 || int(m.Param) >= len(r.Specs) || r.Specs[m.Param].Path != m.Path) {
		return fmt.Errorf("mapping of %s: %q is no parameter's path", m.Control, m.Path)
	}
	if !(m.From >= 0 && m.From <= 1 && m.To >= 0 && m.To <= 1) {
		return fmt.Errorf("mapping of %s: from %v, to %v: expected 0…1", m.Control, m.From, m.To)
	}
	return nil
}

func (g *Gesture) check(r *Registry) error {
	if err := named(Gestures, g.Name); err != nil {
		return err
	}
	if err := seconds("gesture "+g.Name+": length", g.Length, 0); err != nil {
		return err
	}
	for _, t := range g.Tracks {
		if len(t.At) == 0 || len(t.At) != len(t.Value) {
			return fmt.Errorf("gesture %s: a track has %d times and %d values", g.Name, len(t.At), len(t.Value))
		}
		for i, v := range t.Value {
			if err := r.holds(t.Param, v); err != nil {
				return fmt.Errorf("gesture %s: %w", g.Name, err)
			}
			if !(t.At[i] >= 0 && t.At[i] <= longest) || i > 0 && t.At[i] < t.At[i-1] {
				return fmt.Errorf("gesture %s: %s at %v s: times must rise from 0", g.Name, r.Specs[t.Param].Path, t.At[i])
			}
		}
	}
	return nil
}
