package show

import (
	"fmt"
	"slices"

	"noctiluca/installations"
	"noctiluca/installations/document"
	"noctiluca/installations/format"
	"noctiluca/installations/rewrite"
)

// FileName is what a show's file is called, beside the installation's.
const FileName = "show.yaml"

// Setup is what a show's file says beside the show: what must be known before
// there is one, and who may turn it over the network.
type Setup struct {
	Channels int
	Control  format.Control
	// said is the file, read; nil when there is none.
	said   *format.Show
	reader *document.Reader
	file   string
}

// NoFile is the set-up of a show without a file.
func NoFile() *Setup { return &Setup{Channels: 8} }

// ReadSetup reads a show's file. Its problems are all that are wrong with it
// by itself; Document finds those that the installation makes.
func ReadSetup(file string, data []byte) (*Setup, installations.Problems) {
	s := &Setup{said: &format.Show{}, reader: &document.Reader{}, file: file}
	if root := s.reader.Parse(data); root != nil {
		s.reader.Into(root, s.said, "the show")
	}
	s.Channels, s.Control = max(s.said.Channels, 1), s.said.Control
	return s, s.problems()
}

// problems gives the errors so far, or nil.
func (s *Setup) problems() installations.Problems {
	if s.reader.Errors() == 0 {
		return nil
	}
	var out installations.Problems
	for _, p := range s.reader.Problems() {
		out = append(out, installations.Problem{File: s.file, Line: p.Line, Column: p.Column, Message: p.Message, Warning: p.Warning})
	}
	return out
}

// Document gives the show that the file says, for the parameters and cells
// there are.
func (s *Setup) Document(r *Registry, cells []string) (*Document, installations.Problems) {
	d := r.Defaults()
	if s.said == nil {
		return d, nil
	}
	f := filing{r: s.reader, reg: r, cells: cells}
	d.BPM = s.said.BPM
	for _, set := range f.settings(s.said.Values) {
		d.Values[set.Param] = set.Value
	}
	for i := range s.said.Modulators {
		f.add(d, f.modulator(&s.said.Modulators[i]), s.said.Modulators[i].Start())
	}
	for i := range s.said.Cues {
		f.add(d, f.cue(&s.said.Cues[i]), s.said.Cues[i].Start())
	}
	for i := range s.said.Snapshots {
		m := &s.said.Snapshots[i]
		f.add(d, &Snapshot{Name: m.Name, Sets: f.settings(m.Set)}, m.Start())
	}
	for i := range s.said.Mappings {
		f.add(d, f.mapping(&s.said.Mappings[i]), s.said.Mappings[i].Start())
	}
	for i := range s.said.Gestures {
		f.add(d, f.gesture(&s.said.Gestures[i]), s.said.Gestures[i].Start())
	}
	if ps := s.problems(); ps != nil {
		return nil, ps
	}
	return d, nil
}

// filing makes items of what a file says.
type filing struct {
	r     *document.Reader
	reg   *Registry
	cells []string
}

// add puts an item into its list, once it is right.
func (f *filing) add(d *Document, it Item, at document.Place) {
	if f.r.Errors() == 0 {
		if err := it.check(f.reg); err != nil {
			f.r.Errorf(at, "%v", err)
			return
		}
	}
	d.Items[it.list()] = append(d.Items[it.list()], it)
}

func (f *filing) find(path string, at document.Place) ID {
	id, err := f.reg.Find(path)
	if err != nil {
		f.r.Errorf(at, "%v", err)
		return 0
	}
	return id
}

func (f *filing) cell(name string, at document.Place) int {
	if name == "" {
		return -1
	}
	i := slices.Index(f.cells, name)
	if i < 0 {
		f.r.Errorf(at, "cell %q: there is no such cell%s", name, document.Expected(name, f.cells))
	}
	return i
}

// settings reads paths and values. A choice is written by its name, a switch
// as on or off.
func (f *filing) settings(of format.Settings) []Setting {
	var out []Setting
	for _, s := range of {
		id, err := f.reg.Find(s.Path)
		if err != nil {
			f.r.Errorf(s.At, "%v", err)
			continue
		}
		spec, n := &f.reg.Specs[id], s.Value
		v, ok := float32(0), true
		switch spec.Kind {
		case Choice:
			i := slices.Index(spec.Choices, n.Raw)
			if v = float32(i); i < 0 {
				f.r.Errorf(n.Place, "%s is %q: no such choice%s", s.Path, n.Raw, document.Expected(n.Raw, spec.Choices))
				continue
			}
		case Switch:
			on := n.Raw == "on" || n.Kind == document.Bool && n.Bool || n.Raw == "1"
			if ok = on || n.Raw == "off" || n.Kind == document.Bool || n.Raw == "0"; on {
				v = 1
			}
			if !ok {
				f.r.Errorf(n.Place, "%s is %q: expected on or off", s.Path, n.Raw)
				continue
			}
		default:
			if n.Kind != document.Int && n.Kind != document.Float || !(float32(n.Float) >= spec.Min && float32(n.Float) <= spec.Max) {
				f.r.Errorf(n.Place, "%s is %q: expected a number, %v…%v", s.Path, n.Raw, spec.Min, spec.Max)
				continue
			}
			v = float32(n.Float)
		}
		out = append(out, Setting{id, v})
	}
	return out
}

func (f *filing) modulator(m *format.Modulator) *Modulator {
	out := &Modulator{
		Name: m.Name, Source: Source(max(slices.Index(Sources, m.Source), 0)), Shape: m.Shape, Rate: float32(m.Rate), Beats: float32(m.Beats), Phase: float32(m.Phase),
		Attack: float32(m.Attack), Decay: float32(m.Decay), Sustain: float32(m.Sustain), Release: float32(m.Release),
		Signal: m.Signal, Cell: f.cell(m.Cell, m.At("cell")), Threshold: float32(m.Threshold), Slide: float32(m.Slide),
	}
	for _, v := range m.Levels {
		out.Levels = append(out.Levels, float32(v))
	}
	for i := range m.Move {
		t := &m.Move[i]
		out.Routes = append(out.Routes, Route{Param: f.find(t.Parameter, t.At("parameter")), Depth: float32(t.Depth), Smooth: float32(t.Smooth), Low: float32(t.Low), High: float32(t.High)})
	}
	return out
}

func (f *filing) cue(c *format.Cue) *Cue {
	out := &Cue{Name: c.Name, In: float32(c.In), Out: float32(c.Out), Follow: float32(c.Follow), Timecode: float32(c.Timecode), Sets: f.settings(c.Set)}
	if c.Follow < 0 {
		out.Follow = -1
	}
	if c.Timecode < 0 {
		out.Timecode = -1
	}
	if c.Has("wait") {
		w := &c.Wait
		out.Wait = &Wait{Signal: w.Signal, Cell: f.cell(w.Cell, w.At("cell")), Threshold: float32(w.Over), For: float32(w.For)}
		switch {
		case w.Has("over") == w.Has("under") && !w.Broken():
			f.r.Errorf(w.Start(), "wait: one of over and under is needed")
		case w.Has("under"):
			out.Wait.Below, out.Wait.Threshold = true, float32(w.Under)
		}
	}
	return out
}

func (f *filing) mapping(m *format.ControlMapping) *Mapping {
	out := &Mapping{Device: m.Device, Control: m.Control, Path: m.Parameter, Do: m.Do, From: float32(m.From), To: float32(m.To), Takeover: Takeover(max(slices.Index(Takeovers, m.Takeover), 0))}
	switch {
	case (m.Parameter == "") == (m.Do == ""):
		f.r.Errorf(m.Start(), "mapping of %s: one of parameter and do is needed", m.Control)
	case m.Parameter != "":
		out.Param = f.find(m.Parameter, m.At("parameter"))
	case !canDo(m.Do):
		f.r.Errorf(m.At("do"), "do is %q: expected go, back, hold, tap, undo, redo, record, keep, cue/N, snapshot/N or gesture/N", m.Do)
	}
	return out
}

// CheckMapping says what is wrong with a mapping's parameter or action. Its
// device and control may be open: they are learned.
func CheckMapping(m *Mapping, r *Registry) error {
	if m.Path == "" && !canDo(m.Do) {
		return fmt.Errorf("%q: expected a parameter's path, or go, back, hold, tap, undo, redo, record, keep, cue/N, snapshot/N or gesture/N", m.Do)
	}
	c := *m
	c.Device, c.Control = "any", "any"
	return c.check(r)
}

// canDo says whether an action can be mapped.
func canDo(do string) bool {
	if slices.Contains([]string{"go", "back", "hold", "tap", "undo", "redo", "record", "keep"}, do) {
		return true
	}
	var n int
	for _, what := range []string{"cue", "snapshot", "gesture"} {
		if c, _ := fmt.Sscanf(do, what+"/%d", &n); c == 1 && n > 0 && do == fmt.Sprintf("%s/%d", what, n) {
			return true
		}
	}
	return false
}

func (f *filing) gesture(g *format.Gesture) *Gesture {
	out := &Gesture{Name: g.Name, Length: float32(g.Length), Loop: g.Loop, Chase: g.Chase}
	for i := range g.Tracks {
		t := &g.Tracks[i]
		tr := Track{Param: f.find(t.Parameter, t.Object.At("parameter"))}
		for _, v := range t.At {
			tr.At = append(tr.At, float32(v))
		}
		for _, v := range t.Value {
			tr.Value = append(tr.Value, float32(v))
		}
		out.Tracks = append(out.Tracks, tr)
	}
	return out
}

// Write gives the file that says a document. What the old file says already
// stays as it is written there, comments and order and all; an empty one is a
// new file. The text has been read again and says the document, or there is
// an error, and then the old file is the one to keep.
func Write(old []byte, d *Document, r *Registry, cells []string) ([]byte, error) {
	w := filer{r, cells}
	out, err := rewrite.Apply(old, w.document(d))
	if err != nil {
		return nil, fmt.Errorf("show: %w", err)
	}
	setup, ps := ReadSetup(FileName, out)
	if ps == nil {
		_, ps = setup.Document(r, cells)
	}
	if ps != nil {
		return nil, fmt.Errorf("show: what would be written is wrong: %w", ps)
	}
	return out, nil
}

// filer makes values of items.
type filer struct {
	reg   *Registry
	cells []string
}

func (w *filer) path(id ID) rewrite.Value { return rewrite.Str(w.reg.Specs[id].Path) }

func (w *filer) value(id ID, v float32) rewrite.Value {
	if s := &w.reg.Specs[id]; s.Kind != Number {
		return rewrite.Str(s.Text(v))
	}
	return rewrite.Num(float64(v))
}

func (w *filer) settings(sets []Setting) rewrite.Value {
	out := rewrite.Value{Kind: rewrite.Map}
	last := map[ID]int{}
	for _, s := range sets {
		p := rewrite.Pair{Key: w.reg.Specs[s.Param].Path, Value: w.value(s.Param, s.Value)}
		if at, twice := last[s.Param]; twice {
			out.Pairs[at] = p
			continue
		}
		last[s.Param] = len(out.Pairs)
		out.Pairs = append(out.Pairs, p)
	}
	return out
}

// fields makes a map, leaving out what is at its default.
type fields struct{ v rewrite.Value }

func (f *fields) put(key string, v rewrite.Value, isDefault bool) {
	f.v.Kind = rewrite.Map
	f.v.Pairs = append(f.v.Pairs, rewrite.Pair{Key: key, Value: v, Default: isDefault})
}

func (f *fields) num(key string, v, def float32) { f.put(key, rewrite.Num(float64(v)), v == def) }
func (f *fields) str(key, v, def string)         { f.put(key, rewrite.Str(v), v == def) }

func (w *filer) document(d *Document) rewrite.Value {
	f := fields{rewrite.Value{Open: true}}
	f.put("noctiluca", rewrite.Num(1), false)
	f.num("bpm", float32(d.BPM), 120)
	values := rewrite.Value{Kind: rewrite.Map}
	for i := range w.reg.Specs {
		v := d.Values[i]
		values.Pairs = append(values.Pairs, rewrite.Pair{Key: w.reg.Specs[i].Path, Value: w.value(ID(i), v), Default: v == w.reg.Specs[i].Default})
	}
	f.put("values", values, !slices.ContainsFunc(values.Pairs, func(p rewrite.Pair) bool { return !p.Default }))
	list := func(key string, l List, by []string, of func(Item) rewrite.Value) {
		v := rewrite.Value{Kind: rewrite.List, By: by}
		for _, it := range d.Items[l] {
			v.Items = append(v.Items, of(it))
		}
		f.put(key, v, len(v.Items) == 0)
	}
	name := []string{"name"}
	list("modulators", Modulations, name, w.modulator)
	list("cues", Cues, name, w.cue)
	list("snapshots", Snapshots, name, func(it Item) rewrite.Value {
		var f fields
		f.str("name", it.(*Snapshot).Name, "")
		f.put("set", w.settings(it.(*Snapshot).Sets), false)
		return f.v
	})
	list("mappings", Mappings, []string{"device", "control"}, w.mapping)
	list("gestures", Gestures, name, w.gesture)
	return f.v
}

func (w *filer) cell(f *fields, i int) {
	if i >= 0 {
		f.str("cell", w.cells[i], "")
	}
}

func (w *filer) modulator(it Item) rewrite.Value {
	m := it.(*Modulator)
	var f fields
	f.str("name", m.Name, "")
	f.str("source", Sources[m.Source], "")
	shape := m.Shape
	if shape == "" {
		shape = "sine"
	}
	f.str("shape", shape, "sine")
	f.num("rate", m.Rate, 0.1)
	f.num("beats", m.Beats, 0)
	f.num("phase", m.Phase, 0)
	if m.Signal != "" {
		f.str("signal", m.Signal, "arousal")
	}
	w.cell(&f, m.Cell)
	f.num("threshold", m.Threshold, 0.5)
	f.num("attack", m.Attack, 1)
	f.num("decay", m.Decay, 1)
	f.num("sustain", m.Sustain, 1)
	f.num("release", m.Release, 1)
	levels := rewrite.Value{Kind: rewrite.List, Flow: true}
	for _, v := range m.Levels {
		levels.Items = append(levels.Items, rewrite.Num(float64(v)))
	}
	f.put("levels", levels, len(m.Levels) == 0)
	f.num("slide", m.Slide, 0)
	routes := rewrite.Value{Kind: rewrite.List, By: []string{"parameter"}}
	for _, t := range m.Routes {
		var g fields
		g.v.Flow = true
		g.put("parameter", w.path(t.Param), false)
		g.num("depth", t.Depth, 1)
		g.num("smooth", t.Smooth, 0)
		g.num("low", t.Low, -1000000)
		g.num("high", t.High, 1000000)
		routes.Items = append(routes.Items, g.v)
	}
	f.put("move", routes, len(m.Routes) == 0)
	return f.v
}

func (w *filer) cue(it Item) rewrite.Value {
	c := it.(*Cue)
	var f fields
	f.str("name", c.Name, "")
	f.num("in", c.In, 3)
	f.num("out", c.Out, 3)
	f.num("follow", c.Follow, -1)
	f.num("timecode", c.Timecode, -1)
	if c.Wait != nil {
		var g fields
		g.v.Flow = true
		g.str("signal", c.Wait.Signal, "")
		w.cell(&g, c.Wait.Cell)
		key := "over"
		if c.Wait.Below {
			key = "under"
		}
		g.put(key, rewrite.Num(float64(c.Wait.Threshold)), false)
		g.num("for", c.Wait.For, 0)
		f.put("wait", g.v, false)
	}
	f.put("set", w.settings(c.Sets), len(c.Sets) == 0)
	return f.v
}

func (w *filer) mapping(it Item) rewrite.Value {
	m := it.(*Mapping)
	f := fields{rewrite.Value{Flow: true}}
	f.str("device", m.Device, "")
	f.str("control", m.Control, "")
	if m.Path != "" {
		f.str("parameter", m.Path, "")
	} else {
		f.str("do", m.Do, "")
	}
	f.num("from", m.From, 0)
	f.num("to", m.To, 1)
	f.str("takeover", Takeovers[m.Takeover], Takeovers[0])
	return f.v
}

func (w *filer) gesture(it Item) rewrite.Value {
	g := it.(*Gesture)
	var f fields
	f.str("name", g.Name, "")
	f.put("length", rewrite.Num(float64(g.Length)), false)
	f.put("loop", rewrite.Yes(g.Loop), !g.Loop)
	f.put("chase", rewrite.Yes(g.Chase), !g.Chase)
	tracks := rewrite.Value{Kind: rewrite.List, By: []string{"parameter"}}
	for _, t := range g.Tracks {
		var k fields
		k.put("parameter", w.path(t.Param), false)
		at, value := rewrite.Value{Kind: rewrite.List, Flow: true}, rewrite.Value{Kind: rewrite.List, Flow: true}
		for i := range t.At {
			at.Items = append(at.Items, rewrite.Num(float64(t.At[i])))
			value.Items = append(value.Items, rewrite.Num(float64(t.Value[i])))
		}
		k.put("at", at, false)
		k.put("value", value, false)
		tracks.Items = append(tracks.Items, k.v)
	}
	f.put("tracks", tracks, len(g.Tracks) == 0)
	return f.v
}
