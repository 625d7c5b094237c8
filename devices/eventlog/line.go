package eventlog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"noctiluca/engine/show"
)

// line is a line of a file.
type line struct {
	at   int // counted from 1
	said said
}

// said is an event as a line has it: what is left out is none, or 0.
type said struct {
	At    int64           `json:"at"`             // ns since the run began
	Ago   int64           `json:"ago,omitempty"`  // ns before that, when it happened; show.Event
	Tick  uint64          `json:"tick,omitempty"` // that took it, for people
	Do    string          `json:"do"`
	By    uint16          `json:"by,omitempty"`   // whose hand; show.Origin
	Path  string          `json:"path,omitempty"` // the parameter
	Value float32         `json:"value,omitempty"`
	Fade  *float32        `json:"fade,omitempty"` // s; left out: the parameter's own
	Index *int            `json:"index,omitempty"`
	List  string          `json:"list,omitempty"`
	Item  json.RawMessage `json:"item,omitempty"`
	Text  string          `json:"text,omitempty"`
	Code  *show.Code      `json:"code,omitempty"`
	Beat  float64         `json:"beat,omitempty"` // of a session that is followed
	// Of a field that was saved while it played:
	File    string `json:"file,omitempty"`    // as seen from the installation's folder
	Source  string `json:"source,omitempty"`  // its text, where it was taken up
	Refused string `json:"refused,omitempty"` // why not, with file, line and column
}

// reload is what a line does that tells of a field.
const reload = "reload"

var errLost = errors.New("events were lost")

// actions are the names of show.Action, in order.
var actions = []string{
	"set", "nudge", "toggle", "go", "back", "hold", "goto", "recall", "edit", "insert", "remove", "undo", "redo",
	"record", "play", "stop", "seek", "tap", "tempo", "pulse", "start", "continue", "halt", "locate", "timecode", "sync", "skip",
}

// lists are the names of the lists of items, in order.
var lists = []string{"modulators", "cues", "snapshots", "mappings", "gestures"}

// marshal writes an entry; files are named as seen from a folder.
func (e *entry) marshal(r *show.Registry, folder string) ([]byte, error) {
	s := e.saved
	if s == nil {
		return marshal(&e.Applied, r)
	}
	out := said{At: int64(s.At), Tick: s.Tick, Do: reload, File: seen(folder, s.File)}
	if s.Refused == nil {
		out.Source = s.Text
		return json.Marshal(out)
	}
	// What is wrong, without the lines of the source that the terminal shows.
	var why []string
	for line := range strings.Lines(s.Refused.Error()) {
		if line = strings.TrimRight(line, "\n"); line != "" && line[0] != '\t' {
			why = append(why, strings.ReplaceAll(line, s.File, out.File))
		}
	}
	out.Refused = strings.Join(why, "\n")
	return json.Marshal(out)
}

// marshal writes an event.
func marshal(a *show.Applied, r *show.Registry) ([]byte, error) {
	e := &a.Event
	s := said{At: int64(e.At), Ago: int64(e.Ago), Tick: a.Tick, Do: actions[e.Action], By: uint16(e.By), Value: e.Value, Text: e.Text, Beat: e.Beat}
	if e.Fade != show.Own {
		s.Fade = &e.Fade
	}
	switch e.Action {
	case show.Set, show.Nudge, show.Toggle:
		s.Path = r.Specs[e.Param].Path
	case show.GoTo, show.Recall, show.Play, show.Stop, show.Seek, show.Locate, show.Skip:
		s.Index = &e.Index
	case show.Edit, show.Insert, show.Remove:
		s.Index, s.List = &e.Index, e.List.String()
		if e.Item != nil {
			text, err := marshalItem(e.Item, r)
			if err != nil {
				return nil, err
			}
			s.Item = text
		}
	case show.Timecode:
		s.Code = &e.Code
	}
	return json.Marshal(s)
}

// event reads one.
func (s *said) event(r *show.Registry) (show.Event, error) {
	var e show.Event
	if s.Do == "lost" && s.Index != nil {
		return e, errLost
	}
	action := slices.Index(actions, s.Do)
	if action < 0 {
		return e, fmt.Errorf("do is %q: expected one of %v", s.Do, actions)
	}
	if s.At < 0 {
		return e, fmt.Errorf("at is %d: expected nanoseconds, from 0", s.At)
	}
	if s.Ago < 0 || s.Ago > s.At {
		return e, fmt.Errorf("ago is %d and at is %d: expected 0…at", s.Ago, s.At)
	}
	e = show.Event{At: time.Duration(s.At), Ago: time.Duration(s.Ago), Action: show.Action(action), By: show.Origin(s.By), Value: s.Value, Fade: show.Own, Text: s.Text, Beat: s.Beat}
	if s.Fade != nil {
		e.Fade = *s.Fade
	}
	if s.Index != nil {
		e.Index = *s.Index
	}
	if s.Code != nil {
		e.Code = *s.Code
	}
	var err error
	switch e.Action {
	case show.Set, show.Nudge, show.Toggle:
		if e.Param, err = r.Find(s.Path); err != nil {
			return e, fmt.Errorf("%w: the installation is another than the one that was played", err)
		}
	case show.Edit, show.Insert:
		if e.List, e.Item, err = unmarshalItem(s.Item, r); err != nil {
			return e, err
		}
	case show.Remove:
		n := slices.Index(lists, s.List)
		if n < 0 {
			return e, fmt.Errorf("list is %q: expected one of %v", s.List, lists)
		}
		e.List = show.List(n)
	}
	return e, nil
}

// The items as lines have them: parameters by their paths, which people can
// read, and which stay when an installation gets another scene.
type (
	setting struct {
		Path  string  `json:"path"`
		Value float32 `json:"value"`
	}
	item struct {
		Cue       *cue       `json:"cue,omitempty"`
		Snapshot  *snapshot  `json:"snapshot,omitempty"`
		Mapping   *mapping   `json:"mapping,omitempty"`
		Gesture   *gesture   `json:"gesture,omitempty"`
		Modulator *modulator `json:"modulator,omitempty"`
	}
	cue struct {
		Name             string
		In, Out          float32
		Follow, Timecode float32
		Wait             *show.Wait `json:",omitempty"`
		Sets             []setting
	}
	snapshot struct {
		Name string
		Sets []setting
	}
	mapping struct {
		Device, Control, Path, Do string
		From, To                  float32
		Takeover                  uint8
	}
	gesture struct {
		Name        string
		Length      float32
		Loop, Chase bool
		Tracks      []track
	}
	track struct {
		Path      string
		At, Value []float32
	}
	modulator struct {
		show.Modulator
		Routes []route
	}
	route struct {
		Path                     string
		Depth, Smooth, Low, High float32
	}
)

func marshalItem(it show.Item, r *show.Registry) (json.RawMessage, error) {
	path := func(id show.ID) string { return r.Specs[id].Path }
	settings := func(sets []show.Setting) []setting {
		out := []setting{}
		for _, s := range sets {
			out = append(out, setting{path(s.Param), s.Value})
		}
		return out
	}
	var i item
	switch it := it.(type) {
	case *show.Cue:
		i.Cue = &cue{it.Name, it.In, it.Out, it.Follow, it.Timecode, it.Wait, settings(it.Sets)}
	case *show.Snapshot:
		i.Snapshot = &snapshot{it.Name, settings(it.Sets)}
	case *show.Mapping:
		i.Mapping = &mapping{it.Device, it.Control, it.Path, it.Do, it.From, it.To, uint8(it.Takeover)}
	case *show.Gesture:
		i.Gesture = &gesture{it.Name, it.Length, it.Loop, it.Chase, []track{}}
		for _, t := range it.Tracks {
			i.Gesture.Tracks = append(i.Gesture.Tracks, track{path(t.Param), t.At, t.Value})
		}
	case *show.Modulator:
		i.Modulator = &modulator{*it, []route{}}
		for _, t := range it.Routes {
			i.Modulator.Routes = append(i.Modulator.Routes, route{path(t.Param), t.Depth, t.Smooth, t.Low, t.High})
		}
	default:
		return nil, fmt.Errorf("an item of type %T cannot be logged", it)
	}
	return json.Marshal(i)
}

func unmarshalItem(text []byte, r *show.Registry) (show.List, show.Item, error) {
	var i item
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&i); err != nil {
		return 0, nil, fmt.Errorf("item: %w", err)
	}
	var wrong error
	find := func(path string) show.ID {
		id, err := r.Find(path)
		if err != nil && wrong == nil {
			wrong = fmt.Errorf("item: %w", err)
		}
		return id
	}
	settings := func(sets []setting) []show.Setting {
		var out []show.Setting
		for _, s := range sets {
			out = append(out, show.Setting{Param: find(s.Path), Value: s.Value})
		}
		return out
	}
	var list show.List
	var out show.Item
	switch {
	case i.Cue != nil:
		c := i.Cue
		list, out = show.Cues, &show.Cue{Name: c.Name, In: c.In, Out: c.Out, Follow: c.Follow, Timecode: c.Timecode, Wait: c.Wait, Sets: settings(c.Sets)}
	case i.Snapshot != nil:
		list, out = show.Snapshots, &show.Snapshot{Name: i.Snapshot.Name, Sets: settings(i.Snapshot.Sets)}
	case i.Mapping != nil:
		m := i.Mapping
		if int(m.Takeover) >= len(show.Takeovers) {
			return 0, nil, fmt.Errorf("item: takeover %d is none", m.Takeover)
		}
		made := &show.Mapping{Device: m.Device, Control: m.Control, Path: m.Path, Do: m.Do, From: m.From, To: m.To, Takeover: show.Takeover(m.Takeover)}
		if m.Path != "" {
			made.Param = find(m.Path)
		}
		list, out = show.Mappings, made
	case i.Gesture != nil:
		g := &show.Gesture{Name: i.Gesture.Name, Length: i.Gesture.Length, Loop: i.Gesture.Loop, Chase: i.Gesture.Chase}
		for _, t := range i.Gesture.Tracks {
			g.Tracks = append(g.Tracks, show.Track{Param: find(t.Path), At: t.At, Value: t.Value})
		}
		list, out = show.Gestures, g
	case i.Modulator != nil:
		m := i.Modulator.Modulator
		m.Routes = nil
		for _, t := range i.Modulator.Routes {
			m.Routes = append(m.Routes, show.Route{Param: find(t.Path), Depth: t.Depth, Smooth: t.Smooth, Low: t.Low, High: t.High})
		}
		list, out = show.Modulations, &m
	default:
		return 0, nil, errors.New("item: there is none")
	}
	return list, out, wrong
}
