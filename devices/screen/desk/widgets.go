package desk

import (
	"image/color"
	"math"

	"noctiluca/engine/show"
)

// area is a rectangle.
type area struct{ x, y, w, h float64 }

func (a area) holds(x, y float64) bool { return x >= a.x && x < a.x+a.w && y >= a.y && y < a.y+a.h }

// right and below cut a from a side.
func (a area) inset(d float64) area { return area{a.x + d, a.y + d, a.w - 2*d, a.h - 2*d} }

// control registers something that hands can reach, under a name that is its
// own, and says whether it is the one in focus and whether the pointer just
// took it.
func (d *Desk) control(name string, a area) (focused, taken bool) {
	d.names = append(d.names, name)
	inside := a.holds(d.hand.X, d.hand.Y) && d.clip.holds(d.hand.X, d.hand.Y)
	if inside && d.hand.Pressed && d.grip == "" {
		d.focus, d.grip, taken = name, name, true
	}
	if inside {
		d.over = true
	}
	focused = d.focus == name
	if focused {
		d.seen = true
		if d.byKey {
			d.spot = a
		}
	}
	return focused, taken
}

// frame marks the control in focus.
func (d *Desk) frame(a area, focused bool) {
	if !focused {
		return
	}
	c := d.canvas
	c.Box(a.x-1, a.y-1, a.w+2, 1, living)
	c.Box(a.x-1, a.y+a.h, a.w+2, 1, living)
	c.Box(a.x-1, a.y, 1, a.h, living)
	c.Box(a.x+a.w, a.y, 1, a.h, living)
}

// button draws a button and says whether it was pressed.
func (d *Desk) button(name, label string, a area, on bool, lit color.NRGBA) bool {
	focused, taken := d.control(name, a)
	back, text := raised, pale
	if on {
		back, text = lit, color.NRGBA{5, 12, 16, 255}
	}
	d.canvas.Box(a.x, a.y, a.w, a.h, back)
	d.canvas.Text(label, a.x+a.w/2, a.y+a.h/2-8, body, Middle, text)
	d.frame(a, focused)
	return taken || focused && d.hand.pressed(KeyEnter)
}

// set offers a value for a parameter, as a hand's: with the parameter's own glide.
func (d *Desk) set(id show.ID, v float32) {
	d.offer(show.Event{Action: show.Set, By: show.ByWindow, Param: id, Value: v, Fade: show.Own})
}

// toggle draws a Switch parameter as a button.
func (d *Desk) toggle(id show.ID, label string, a area, lit color.NRGBA) {
	on := d.view.To[id] >= 0.5
	if d.button(d.show.Specs[id].Path, label, a, on, lit) {
		d.offer(show.Event{Action: show.Toggle, By: show.ByWindow, Param: id, Fade: show.Own})
	}
}

// choice draws a Choice parameter: a press takes the next, arrows either way.
func (d *Desk) choice(id show.ID, a area) {
	s := &d.show.Specs[id]
	focused, taken := d.control(s.Path, a)
	d.canvas.Box(a.x, a.y, a.w, a.h, raised)
	d.canvas.Text(cut(d.canvas, s.Text(d.view.To[id]), body, a.w-8), a.x+5, a.y+a.h/2-8, body, Left, pale)
	d.frame(a, focused)
	by := 0
	switch {
	case taken, focused && (d.hand.pressed(KeyRight) || d.hand.pressed(KeyEnter)):
		by = 1
	case focused && d.hand.pressed(KeyLeft):
		by = -1
	}
	if n := len(s.Choices); by != 0 && n > 0 {
		d.set(id, float32((int(s.Clamp(d.view.To[id]))+by+n)%n))
	}
}

// slider draws a Number parameter: where hands have it as a filled bar, what
// is played with all that moves it as a bright mark, and what that was in the
// last seconds as a line.
func (d *Desk) slider(id show.ID, label string, a area, tint color.NRGBA) {
	s := &d.show.Specs[id]
	focused, _ := d.control(s.Path, a)
	c := d.canvas
	to, base := d.view.To[id], d.view.Base[id]
	c.Box(a.x, a.y, a.w, a.h, color.NRGBA{16, 26, 33, 220})
	c.Box(a.x, a.y, a.w*float64(s.Position(base)), a.h, tint)
	d.trace(id, a)
	if at := a.x + a.w*float64(s.Position(to)); math.Abs(float64(to-base)) > 1e-6 {
		c.Box(at-0.5, a.y, 1, a.h, pale) // where it fades to
	}
	c.Text(cut(c, label, body, a.w*0.62), a.x+6, a.y+a.h/2-8, body, Left, pale)
	value := s.Text(d.view.To[id])
	if s.Unit != "" {
		value += " " + s.Unit
	}
	c.Text(value, a.x+a.w-6, a.y+a.h/2-7, tiny, Right, soft)
	d.frame(a, focused)

	switch {
	case d.grip == s.Path && d.hand.Down:
		at := float32((d.hand.X - a.x) / a.w)
		if d.hand.Fine {
			at = s.Position(to) + float32(d.hand.X-d.lastX)*0.1/float32(a.w)
		}
		if v := s.At(at); v != to {
			d.set(id, v)
		}
	case a.holds(d.hand.X, d.hand.Y) && d.hand.Second, focused && d.hand.pressed(KeyDefault):
		d.set(id, s.Default)
	case focused:
		step := float32(0.02)
		if d.hand.Fine {
			step = 0.002
		}
		way := float32(0)
		if d.hand.pressed(KeyRight) {
			way = step
		} else if d.hand.pressed(KeyLeft) {
			way = -step
		}
		if way != 0 {
			d.set(id, s.At(s.Position(to)+way))
		}
	}
}

// trace draws what a parameter was played at in the last seconds.
func (d *Desk) trace(id show.ID, a area) {
	if int(id) >= len(d.traces) {
		return
	}
	t := &d.traces[id]
	if t.phase {
		// It goes round: where it is in its turn, along the lower edge.
		v := float64(d.view.Value[id])
		d.canvas.Box(a.x, a.y+a.h-2, a.w*(v-float64(int(v))), 2, living)
		return
	}
	if !t.moves || d.show.Specs[id].Kind != show.Number {
		return
	}
	c := d.canvas
	n := len(t.past)
	py := 0.0
	const stride = 3 // a point every so many pictures: a line is costly
	for i := 0; i < n; i += stride {
		v := t.past[(d.tick+1+i)%n]
		x := a.x + a.w*float64(i)/float64(n-1)
		y := a.y + a.h - 2 - (a.h-4)*float64(v)
		if i > 0 {
			c.Line(x-a.w*stride/float64(n-1), py, x, y, 1, color.NRGBA{150, 245, 225, 120})
		}
		py = y
	}
	x := a.x + a.w*float64(t.past[d.tick%n])
	c.Box(x-1, a.y, 2, a.h, living)
}

// trace holds positions of a parameter as played, 0…1, in a ring.
type trace struct {
	past  [120]float32
	moves bool // it is not where hands have it
	phase bool // the parameter is a rate, and what is played its integral
}

// remember takes the present values into the traces.
func (d *Desk) remember() {
	d.tick++
	for i := range d.traces {
		t := &d.traces[i]
		s := &d.show.Specs[i]
		v := d.view.Value[i]
		t.past[d.tick%len(t.past)] = s.Position(v)
		if s.Kind == show.Number && math.Abs(float64(v-d.view.Base[i])) > 1e-4*float64(s.Max-s.Min) {
			t.moves = true
		}
	}
}

// cut shortens s to a width.
func cut(c Canvas, s string, f Face, width float64) string {
	if c.Width(s, f) <= width {
		return s
	}
	r := []rune(s)
	for n := len(r) - 1; n > 0; n-- {
		if t := string(r[:n]) + "…"; c.Width(t, f) <= width {
			return t
		}
	}
	return ""
}

// bar draws a value of 0…1.
func (d *Desk) bar(a area, v float64, c color.NRGBA) {
	d.canvas.Box(a.x, a.y, a.w, a.h, line)
	d.canvas.Box(a.x, a.y, a.w*min(max(v, 0), 1), a.h, c)
}

// signed draws a value of −1…1 from its middle.
func (d *Desk) signed(a area, v float64) {
	d.canvas.Box(a.x, a.y, a.w, a.h, line)
	m := a.x + a.w/2
	w := a.w / 2 * min(max(v, -1), 1)
	c := cool
	if w > 0 {
		c = warm
	}
	d.canvas.Box(min(m, m+w), a.y, math.Abs(w), a.h, c)
	d.canvas.Box(m-0.5, a.y-1, 1, a.h+2, faint)
}
