package desk

import (
	"fmt"
	"image/color"
	"slices"
	"strings"

	"noctiluca/engine/show"
)

// Surface is one controller, as the desk tells of it.
type Surface struct {
	Port, Device string
	Connected    bool
	Selected     int // channel, from 0
	Page, Pages  int
	Last         string // the control that was moved last, empty for none
	Controls     []Control
}

// Control is what one of its controls does, and how it stands.
type Control struct {
	Name, Does string
	Learned    bool // by a mapping of the show, not by the profile
	Takeover   show.Takeover
	Hold       Hold
	// At is where the control stands on its parameter's way, and Value where
	// that is, 0…1; −1 for unknown.
	At, Value float32
}

// Hold says how a control and its value stand to each other.
type Hold uint8

// The ways a control can stand.
const (
	Free    Hold = iota // a button, an encoder: it takes hold of nothing
	Unknown             // it was not moved yet
	Armed               // it waits to be picked up
	Held                // the value follows it
)

// controls is the panel of what moves what: mappings that were learned, what
// each controller does by itself, OSC, and modulators.
func (d *Desk) controls(a area) float64 {
	y := a.y
	y = d.learned(area{a.x, y, a.w, 0}) + margin
	for i := range d.status.Surfaces {
		if s := &d.status.Surfaces[i]; s.Connected {
			y = d.surface(s, area{a.x, y, a.w, 0}) + margin
		}
	}
	y = d.remote(area{a.x, y, a.w, 0}) + margin
	if len(d.view.Items[show.Modulations]) > 0 {
		y = d.moving(area{a.x, y, a.w, 0}) + margin
	}
	return y - a.y - margin
}

// learned lists the show's own mappings, which stay whatever is plugged in.
// Enter changes how the control in focus takes over, backspace unmaps it; both
// are edits, which undo takes back.
func (d *Desk) learned(a area) float64 {
	items := d.view.Items[show.Mappings]
	x, y, w, end := d.panel(fmt.Sprintf("Learned controls: %d", len(items)), a, max(len(items), 1))
	c := d.canvas
	if len(items) == 0 {
		c.Text("none; put the focus on a parameter, press L, and move a control", x, y+2, body, Left, faint)
	} else {
		c.Text("enter: takeover   backspace: unmap   ctrl + Z: undo", x+w, a.y+pad, tiny, Right, faint)
	}
	for i := range items {
		m := d.view.MappingAt(i)
		at := area{x - 3, y, w + 6, row}
		focused, _ := d.control(fmt.Sprintf("mapping %d", i+1), at)
		does := m.Path
		if does == "" {
			does = m.Do
		}
		line := Control{Name: m.Device + " " + m.Control, Does: does, Learned: true, Takeover: m.Takeover, At: -1, Value: -1}
		plugged := false
		for k := range d.status.Surfaces {
			s := &d.status.Surfaces[k]
			if s.Connected && strings.EqualFold(s.Device, m.Device) {
				plugged = true
				for n := range s.Controls {
					if strings.EqualFold(s.Controls[n].Name, m.Control) {
						line.Hold, line.At, line.Value = s.Controls[n].Hold, s.Controls[n].At, s.Controls[n].Value
					}
				}
			}
		}
		d.standing(&line, plugged, area{x, y, w, row})
		d.frame(at, focused)
		switch {
		case focused && d.hand.pressed(KeyDefault):
			d.offer(show.Event{Action: show.Remove, By: show.ByWindow, List: show.Mappings, Index: i})
		case focused && d.hand.pressed(KeyEnter):
			next := *m
			next.Takeover = (next.Takeover + 1) % show.Takeover(len(show.Takeovers))
			d.offer(show.Event{Action: show.Edit, By: show.ByWindow, List: show.Mappings, Index: i, Item: &next})
		}
		y += row + gap
	}
	return end
}

// surface lists what a controller that is plugged in does by its profile.
func (d *Desk) surface(s *Surface, a area) float64 {
	n := 0
	for i := range s.Controls {
		if !s.Controls[i].Learned {
			n++
		}
	}
	name := s.Device
	if s.Port != s.Device {
		name += " (" + s.Port + ")"
	}
	x, y, w, end := d.panel(cut(d.canvas, name, head, a.w*0.55), a, max(n, 1))
	note := fmt.Sprintf("channel %d", s.Selected+1)
	if s.Pages > 1 {
		note += fmt.Sprintf(", page %d of %d", s.Page+1, s.Pages)
	}
	if s.Last != "" {
		note += ", last moved: " + s.Last
	}
	d.canvas.Text(cut(d.canvas, note, tiny, a.w*0.42), x+w, a.y+pad, tiny, Right, faint)
	if n == 0 {
		d.canvas.Text("nothing of its own: each control can be learned", x, y+2, body, Left, faint)
	}
	for i := range s.Controls {
		c := &s.Controls[i]
		if c.Learned {
			continue // it stands above
		}
		at := area{x - 3, y, w + 6, row}
		focused, _ := d.control("control "+s.Port+" "+c.Name, at)
		d.standing(c, true, area{x, y, w, row})
		d.frame(at, focused)
		y += row + gap
	}
	return end
}

// standing writes what a control does, and how it stands to its value: a mark
// for the control on the bar of the value.
func (d *Desk) standing(s *Control, plugged bool, a area) {
	c := d.canvas
	c.Text(cut(c, s.Name, body, a.w*0.3), a.x, a.y+2, body, Left, pale)
	c.Text(cut(c, s.Does, body, a.w*0.33), a.x+a.w*0.31, a.y+2, body, Left, soft)
	takeover := ""
	tone, state := faint, ""
	switch {
	case !plugged:
		state = "not plugged in"
	case s.Hold == Held:
		tone, state = living, "holds"
	case s.Hold == Armed:
		tone, state = warm, "to be picked up"
		if s.Takeover == show.Scale {
			state = "on its way"
		}
	case s.Hold == Unknown:
		state = "not moved yet"
	}
	if s.Value >= 0 || s.Learned {
		takeover = show.Takeovers[s.Takeover]
	}
	c.Text(takeover, a.x+a.w*0.65, a.y+3, tiny, Left, faint)
	c.Text(state, a.x+a.w, a.y+3, tiny, Right, tone)
	if s.Value >= 0 {
		bar := area{a.x + a.w*0.73, a.y + 9, a.w*0.27 - 92, 3}
		d.bar(bar, float64(s.Value), fill)
		if s.At >= 0 {
			c.Box(bar.x+bar.w*float64(s.At)-1, bar.y-4, 2, 11, tone)
		}
	}
}

// remote tells where OSC finds all of it.
func (d *Desk) remote(a area) float64 {
	lines := d.status.Remote
	x, y, w, end := d.panel("OSC", a, len(lines)+1)
	say := "off: --control HOST:PORT lets peers turn every parameter by its path"
	if len(lines) > 0 {
		say = "every parameter by its path: of the one in focus it stands at the top of the window"
	}
	d.canvas.Text(cut(d.canvas, say, body, w), x, y+2, body, Left, faint)
	for _, l := range lines {
		y += row + gap
		d.canvas.Text(cut(d.canvas, l, body, w), x, y+2, body, Left, pale)
	}
	return end
}

// moving lists the modulators: of what each makes its wave, where that is now,
// and what it moves by how much. Backspace removes one.
func (d *Desk) moving(a area) float64 {
	c := d.canvas
	items := d.view.Items[show.Modulations]
	x, y, w, end := d.panel("Modulators", a, len(items))
	for i := range items {
		m := d.view.ModulatorAt(i)
		at := area{x - 3, y, w + 6, row}
		focused, _ := d.control(fmt.Sprintf("modulator %d", i+1), at)
		c.Text(cut(c, m.Name, body, a.w*0.2), x, y+2, body, Left, pale)
		c.Text(cut(c, source(m), tiny, a.w*0.2), x+w*0.21, y+3, tiny, Left, faint)
		if i < len(d.view.Waves) {
			d.signed(area{x + w*0.42, y + 9, w * 0.1, 3}, float64(d.view.Waves[i]))
		}
		c.Text(cut(c, d.routes(m), tiny, w*0.46), x+w*0.54, y+3, tiny, Left, soft)
		d.frame(at, focused)
		if focused && d.hand.pressed(KeyDefault) {
			d.offer(show.Event{Action: show.Remove, By: show.ByWindow, List: show.Modulations, Index: i})
		}
		y += row + gap
	}
	return end
}

// source says in a few words what a modulator makes its wave of.
func source(m *show.Modulator) string {
	words := []string{show.Sources[m.Source]}
	switch m.Source {
	case show.LFO:
		words[0] = m.Shape
		fallthrough
	case show.Noise, show.Steps, show.BeatWave:
		if m.Beats > 0 {
			words = append(words, fmt.Sprintf("%.3g beats", m.Beats))
		} else if m.Rate > 0 {
			words = append(words, fmt.Sprintf("%.3g Hz", m.Rate))
		}
	case show.Signal, show.Envelope:
		words = append(words, m.Signal)
	}
	words = slices.DeleteFunc(words, func(s string) bool { return s == "" })
	return strings.Join(words, " ")
}

// routes says what a modulator moves.
func (d *Desk) routes(m *show.Modulator) string {
	if len(m.Routes) == 0 {
		return "moves nothing"
	}
	var words []string
	for _, r := range m.Routes {
		words = append(words, fmt.Sprintf("%s %+.2g", d.show.Specs[r.Param].Path, r.Depth))
	}
	return strings.Join(words, ", ")
}

// middle draws the panel that was asked for between the columns, on a ground
// that lets little through: it is read, not looked at.
func (d *Desk) middle(w, h float64) {
	if d.open == nothing || d.show == nil {
		return
	}
	a := area{margin + side + margin, bar + margin, w - 2*(2*margin+side), h - 2*bar - 22 - 2*margin}
	if a.w < 480 {
		a.x, a.w = margin, w-2*margin
	}
	d.canvas.Box(a.x, a.y, a.w, a.h, color.NRGBA{4, 9, 14, 205})
	draw := d.controls
	if d.open == gestures {
		draw = d.lanes
	}
	first := len(d.names)
	d.column(middleColumn, a, draw)
	if d.opened && first < len(d.names) {
		// Keys go on in what was opened.
		d.focus, d.byKey, d.seen = d.names[first], true, true
	}
	d.opened = false
}
