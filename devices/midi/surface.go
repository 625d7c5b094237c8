package midi

import (
	"strconv"
	"strings"
	"time"

	"noctiluca/assets/controllers"
	"noctiluca/engine/show"
)

// target is what a control does: it moves a parameter, or it acts.
type target struct {
	param    show.ID // −1 none
	from, to float32
	takeover show.Takeover
	do       string
	index    int // of the control in its role: a channel, a cue
	row      int // of a pad
}

// Surface is one controller: what its controls do, and what its lights show.
// It has no port and no clock, and belongs to one goroutine.
type Surface struct {
	Profile *controllers.Profile
	show    *show.Show
	origin  show.Origin

	decoder *decoder
	targets []target
	grips   []grip
	lit     []lamp // what each light was told last
	colours []coloured

	// What the hands chose on it.
	selected, page int
	pages          int

	// Of what the targets were made.
	mappings []show.Item
	scene    float32
	bound    bool
}

// generic is the profile of a controller that nobody described: every
// message of it can be learned.
func generic(port string) *controllers.Profile { return &controllers.Profile{Name: port} }

// NewSurface makes the surface of a controller. A nil profile is one that
// nobody described, with the port's name.
func NewSurface(p *controllers.Profile, port string, s *show.Show) *Surface {
	if p == nil {
		p = generic(port)
	}
	return &Surface{Profile: p, show: s, origin: s.NewOrigin()}
}

// Start gives the messages with which a controller begins, and forgets what
// its lights were told: all of them will be told again. No value changes; a
// control that was moved while the cable was out picks its value up again.
func (s *Surface) Start() [][]byte {
	for i := range s.grips {
		s.grips[i] = grip{last: -1}
	}
	return s.relight()
}

// relight is Start for a device that was played in the dark: no light of it is
// known, and where its controls are is.
func (s *Surface) relight() [][]byte {
	clear(s.lit)
	return s.Profile.Opening
}

// bind makes the targets, when what they are made of has changed.
func (s *Surface) bind(v *show.View) {
	scene := v.To[s.show.Channels[s.channel()].Scene]
	items := v.Items[show.Mappings]
	if s.bound && scene == s.scene && len(items) == len(s.mappings) && (len(items) == 0 || &items[0] == &s.mappings[0]) {
		return
	}
	s.mappings, s.scene = items, scene
	controls := append([]controllers.Control(nil), s.Profile.Controls...)
	for i := range items {
		m := v.MappingAt(i)
		if strings.EqualFold(m.Device, s.Profile.Name) && find(controls, m.Control) < 0 {
			if c, ok := bare(m.Control); ok {
				controls = append(controls, c)
			}
		}
	}
	if s.decoder == nil || len(controls) != len(s.decoder.controls) {
		s.decoder = newDecoder(controls)
		grips, lit := make([]grip, len(controls)), make([]lamp, len(controls))
		for i := range grips {
			grips[i].last = -1
		}
		copy(grips, s.grips)
		copy(lit, s.lit)
		s.grips, s.lit = grips, lit
	}
	before := s.targets
	s.targets = make([]target, len(controls))
	s.defaults(controls)
	for i := range items {
		if m := v.MappingAt(i); strings.EqualFold(m.Device, s.Profile.Name) {
			if k := find(controls, m.Control); k >= 0 {
				t := target{param: -1, from: m.From, to: m.To, takeover: m.Takeover, do: m.Do, row: -1}
				if m.Path != "" {
					t.param, t.do = m.Param, ""
				}
				if word, n, ok := strings.Cut(m.Do, "/"); ok {
					t.do = word
					t.index, _ = strconv.Atoi(n)
					t.index--
				}
				s.targets[k] = t
			}
		}
	}
	for i := range s.targets {
		if i >= len(before) || s.targets[i].param != before[i].param {
			s.grips[i].held = false
		}
	}
	s.bound = true
}

func find(controls []controllers.Control, name string) int {
	for i := range controls {
		if strings.EqualFold(controls[i].Name, name) {
			return i
		}
	}
	return -1
}

// channel is the selected one, which there is.
func (s *Surface) channel() int { return min(s.selected, len(s.show.Channels)-1) }

// defaults gives every control what its role is: a playable surface with no
// set-up.
func (s *Surface) defaults(controls []controllers.Control) {
	m := &s.show.Master
	single := map[string]show.ID{"master": m.Level, "cross": s.show.Cross, "blackout": m.Blackout, "freeze": m.Freeze, "panic": m.Panic}
	values := s.parameters()
	knobs := 0
	for i := range controls {
		if controls[i].Role == "parameter" {
			knobs++
		}
	}
	s.pages = 1
	if knobs > 0 {
		s.pages = max(1, (len(values)+knobs-1)/knobs)
	}
	s.page = min(s.page, s.pages-1)
	next := s.page * knobs
	for i := range controls {
		c := &controls[i]
		t := target{param: -1, to: 1, index: c.Index, row: -1}
		channel := func(of func(*show.ChannelIDs) show.ID) {
			if c.Index < len(s.show.Channels) {
				t.param = of(&s.show.Channels[c.Index])
			}
		}
		switch c.Role {
		case "level":
			channel(func(ids *show.ChannelIDs) show.ID { return ids.Level })
		case "mute":
			channel(func(ids *show.ChannelIDs) show.ID { return ids.Mute })
		case "solo":
			channel(func(ids *show.ChannelIDs) show.ID { return ids.Solo })
		case "deck":
			channel(func(ids *show.ChannelIDs) show.ID { return ids.Deck })
		case "scene":
			columns := max(s.Profile.Groups[c.Group].Columns, 1)
			t.index, t.row = c.Index%columns, c.Index/columns
			if t.index < len(s.show.Channels) && t.row < s.show.Scenes() {
				t.do = "scene"
			}
		case "parameter":
			if next < len(values) {
				t.param = values[next]
			}
			next++
		case "master", "cross", "blackout", "freeze", "panic":
			t.param = single[c.Role]
		default:
			t.do = c.Role
		}
		s.targets[i] = t
	}
}

// parameters are what the knobs turn: those of the selected channel's scene,
// layer by layer, then each layer's level, then what the master does.
func (s *Surface) parameters() []show.ID {
	var ids, levels []show.ID
	if scene := int(s.scene) - 1; scene >= 0 {
		for l := range s.show.Registry.Layers(scene) {
			level, first, count := s.show.LayerParameters(scene, l)
			for k := range count {
				ids = append(ids, first+show.ID(k))
			}
			levels = append(levels, level)
		}
	}
	ids = append(ids, levels...)
	m := &s.show.Master
	return append(ids, m.Hue, m.Saturation, m.Sparkle, m.Modulated)
}

// Receive takes a message that arrived at an instant and appends what it asks
// of the show. It gives the move that it was, for whoever learns.
func (s *Surface) Receive(msg []byte, at time.Duration, v *show.View, dst []show.Event) ([]show.Event, Move, bool) {
	s.bind(v)
	m, ok := s.decoder.decode(msg)
	if !ok {
		return dst, m, false
	}
	if m.Control < 0 {
		if strings.HasPrefix(m.Name, "program") { // of any controller: a cue
			dst = append(dst, show.Event{At: at, By: s.origin, Action: show.GoTo, Index: int(m.Value)})
		}
		return dst, m, true
	}
	t := &s.targets[m.Control]
	e := show.Event{At: at, By: s.origin, Fade: show.Own, Param: t.param}
	if t.param >= 0 {
		return s.turn(m, t, e, v, dst), m, true
	}
	if s.decoder.controls[m.Control].Send == "program" {
		e.Action, e.Index = show.GoTo, int(m.Value)
		return append(dst, e), m, true
	}
	if !m.Press && (m.Release || m.Relative || m.Value < 0.5) {
		return dst, m, true
	}
	switch t.do {
	case "go":
		e.Action = show.Go
	case "back":
		e.Action = show.Back
	case "hold":
		e.Action = show.Hold
	case "tap":
		e.Action = show.Tap
	case "undo":
		e.Action = show.Undo
	case "redo":
		e.Action = show.Redo
	case "record":
		e.Action = show.Record
	case "keep":
		name := "Snapshot " + strconv.Itoa(len(v.Items[show.Snapshots])+1)
		e.Action, e.Index, e.Item = show.Insert, -1, s.show.Capture(v, name, "")
	case "cue":
		e.Action, e.Index = show.GoTo, t.index
	case "snapshot":
		e.Action, e.Index = show.Recall, t.index
	case "gesture":
		e.Action, e.Index = show.Play, t.index
	case "scene":
		e.Action, e.Param, e.Value = show.Set, s.show.Channels[t.index].Scene, float32(t.row+1)
	case "select":
		s.selected, s.page, s.bound = t.index, 0, false
		return dst, m, true
	case "page-next":
		s.page, s.bound = (s.page+1)%max(s.pages, 1), false
		return dst, m, true
	case "page-back":
		s.page, s.bound = (s.page+s.pages-1)%max(s.pages, 1), false
		return dst, m, true
	default:
		return dst, m, true
	}
	return append(dst, e), m, true
}

// turn moves a parameter.
func (s *Surface) turn(m Move, t *target, e show.Event, v *show.View, dst []show.Event) []show.Event {
	spec, g := &s.show.Specs[t.param], &s.grips[m.Control]
	kind := s.decoder.controls[m.Control].Kind
	switch {
	case m.Relative:
		e.Action, e.Value = show.Nudge, m.Value
		if t.to < t.from {
			e.Value = -e.Value
		}
	case kind == "button" && spec.Kind == show.Switch:
		if !m.Press {
			return dst
		}
		e.Action = show.Toggle
	case kind == "button" && spec.Kind == show.Choice:
		if !m.Press {
			return dst
		}
		e.Action, e.Value = show.Set, v.To[t.param]+1
		if e.Value > spec.Max {
			e.Value = 0
		}
	case kind == "button":
		// A button on a number is held: down it is at one end, up at the other.
		e.Action, e.Value = show.Set, spec.At(t.from)
		if m.Press {
			e.Value = spec.At(t.to)
		}
	default:
		at := spec.Position(v.To[t.param])
		pending := g.pending(v)
		if pending {
			at = g.sent
		}
		// On the control's way.
		if t.to != t.from {
			at = (at - t.from) / (t.to - t.from)
		}
		moved := !pending && v.By[t.param] != s.origin
		x, ok := g.take(t.takeover, m.Value, at, moved)
		if !ok {
			return dst
		}
		position := t.from + x*(t.to-t.from)
		e.Action, e.Value = show.Set, spec.At(position)
		g.sent, g.until = spec.Position(e.Value), v.Tick+2
	}
	return append(dst, e)
}

// Look is what a window shows of a surface.
type Look struct {
	Device   string
	Selected int
	Page     int
	Pages    int
}

// Look gives the present choice of hands.
func (s *Surface) Look() Look { return Look{s.Profile.Name, s.selected, s.page, s.pages} }

// Assignment is what a control does, in words.
type Assignment struct{ Control, Does, By string }

// Assignments list every control with what it does: for `midi map` and the
// window.
func (s *Surface) Assignments(v *show.View) []Assignment {
	s.bind(v)
	var out []Assignment
	for i := range s.targets {
		t, c := &s.targets[i], &s.decoder.controls[i]
		a := Assignment{Control: c.Name, By: "profile"}
		for k := range s.mappings {
			if m := v.MappingAt(k); strings.EqualFold(m.Device, s.Profile.Name) && strings.EqualFold(m.Control, c.Name) {
				a.By = "learned, " + show.Takeovers[m.Takeover]
			}
		}
		switch {
		case t.param >= 0:
			a.Does = s.show.Specs[t.param].Path
		case t.do == "scene":
			a.Does = s.show.Specs[s.show.Channels[t.index].Scene].Path + " = " + s.show.Specs[s.show.Channels[t.index].Scene].Choices[t.row+1]
		case t.do == "select" || t.do == "cue" || t.do == "snapshot" || t.do == "gesture":
			a.Does = t.do + " " + strconv.Itoa(t.index+1)
		default:
			a.Does = t.do
		}
		out = append(out, a)
	}
	return out
}
