package desk

import (
	"fmt"
	"image/color"
	"time"
)

// allowed is how many transitions a second the limits allow: three flashes.
const allowed = 6

// safety tells how the limits stand: what flashes, what is softened, what the
// night allows, and loudly which limits are off.
func (d *Desk) safety(a area) float64 {
	s := &d.status.Safety
	rows := 2 + len(s.Off)
	if s.Curfew < 1 && s.At > 0 {
		rows++
	}
	x, y, w, end := d.panel("Safety", a, rows)
	c := d.canvas
	flashes := max(s.Transitions, s.Red)
	tone := living
	if flashes > allowed/2 {
		tone = warm
	}
	c.Text("flashes", x, y+2, body, Left, faint)
	d.bar(area{x + 70, y + 9, w - 190, 3}, float64(flashes)/allowed, tone)
	c.Text(fmt.Sprintf("%d of %d transitions", flashes, allowed), x+w, y+3, tiny, Right, pale)
	y += row + gap
	softened := "nothing softened"
	tone = faint
	if s.Softened > 0 {
		softened, tone = fmt.Sprintf("%d lights, to %.0f %%", s.Softened, 100*s.Gain), warm
	}
	c.Text("softened", x, y+2, body, Left, faint)
	c.Text(softened, x+w, y+3, tiny, Right, tone)
	y += row + gap
	if s.Curfew < 1 && s.At > 0 {
		c.Text("the night allows", x, y+2, body, Left, faint)
		c.Text(fmt.Sprintf("%.0f %%", 100*s.Curfew), x+w, y+3, tiny, Right, pale)
		y += row + gap
	}
	for _, off := range s.Off {
		c.Box(x-4, y, w+8, row, color.NRGBA{120, 40, 30, 170})
		c.Text(cut(c, fmt.Sprintf("%s is OFF: %s", off.Limit, off.Reason), tiny, w), x, y+3, tiny, Left, wrong)
		y += row + gap
	}
	return end
}

// guard draws what the feedback guard knows: how much of the people the light
// follows, and the gain of the loop through them with its interval.
func (d *Desk) guard(a area) float64 {
	g := &d.status.Guard
	rows := 4
	if g.Why != "" {
		rows++
	}
	x, y, w, end := d.panel("Feedback guard", a, rows)
	c := d.canvas
	tone := living
	if g.Reactivity < 0.999 {
		tone = warm
	}
	c.Text("light follows people", x, y+2, body, Left, faint)
	c.Text(fmt.Sprintf("%.0f %%", 100*g.Reactivity), x+w, y+3, tiny, Right, pale)
	d.bar(area{x + 130, y + 9, w - 175, 3}, g.Reactivity, tone)
	y += row + gap
	c.Text("gain of the loop", x, y+2, body, Left, faint)
	// 0…1.5; at 1 it would run away.
	at := func(v float64) float64 { return x + 130 + (w-205)*min(max(v/1.5, 0), 1) }
	c.Box(at(0), y+9, at(1.5)-at(0), 3, line)
	c.Box(at(1), y+5, 1, 11, wrong)
	if g.Known {
		c.Box(at(g.Low), y+9, max(at(g.High)-at(g.Low), 1), 3, cool)
		c.Dot(at(g.Gain), y+10.5, 3, pale)
		c.Text(fmt.Sprintf("%.2f", g.Gain), x+w, y+3, tiny, Right, pale)
	} else {
		c.Text("unknown yet", x+w, y+3, tiny, Right, faint)
	}
	y += row + gap
	d.guarded(area{x, y, w, 2*row + gap})
	y += 2 * (row + gap)
	if g.Why != "" {
		c.Text(cut(c, g.Why, tiny, w), x, y+3, tiny, Left, warm)
	}
	return end
}

// guarded draws the last five minutes of the guard: what the light follows of
// people, and the gain of the loop, at whose 1 there is a line.
func (d *Desk) guarded(a area) {
	c := d.canvas
	c.Box(a.x, a.y, a.w, a.h, color.NRGBA{16, 26, 33, 220})
	c.Box(a.x, a.y+a.h*(1-1/1.5), a.w, 1, color.NRGBA{wrong.R, wrong.G, wrong.B, 110})
	c.Text("5 minutes", a.x+a.w-4, a.y+a.h-15, tiny, Right, faint)
	at := area{a.x, a.y + 2, a.w, a.h - 4}
	n := len(d.past.guard)
	d.series(n, at, living, func(i int) float32 { return d.past.guard[i].Reactivity / 1.5 })
	d.series(n, at, pale, func(i int) float32 {
		if g := &d.past.guard[i]; g.Known {
			return float32(g.Gain) / 1.5
		}
		return nan
	})
}

// machine writes frames, power and the outputs.
func (d *Desk) machine(a area) float64 {
	s := d.status
	c := d.canvas
	x, y, w, end := d.panel("Machine", a, 2+len(s.Outputs)+len(s.Errors))
	write := func(name, value string, bad bool) {
		tone := pale
		if bad {
			tone = wrong
		}
		c.Text(cut(c, name, body, 90), x, y+2, body, Left, faint)
		room := w - 96
		if name == "" {
			room = w
		}
		c.Text(cut(c, value, tiny, room), x+w, y+3, tiny, Right, tone)
		y += row + gap
	}
	frames := "—"
	if s.FPS > 0 {
		frames = fmt.Sprintf("%.0f a second, %s, worst %s", s.FPS, ms(s.FrameTime), ms(s.FrameTimeWorst))
	}
	write("frames", frames, false)
	power := fmt.Sprintf("%.0f W", s.Watts)
	if s.Limited {
		power += ", dimmed to the supply's limit"
	}
	write("power", power, s.Limited)
	for _, o := range s.Outputs {
		write(o.Name, o.Line, o.Bad)
	}
	for _, e := range s.Errors {
		write("", e, true)
	}
	return end
}

func ms(t time.Duration) string { return fmt.Sprintf("%.1f ms", float64(t)/1e6) }

// log writes the last things that happened.
func (d *Desk) log(a area) float64 {
	lines := d.status.Log[max(len(d.status.Log)-8, 0):]
	x, y, w, end := d.panel("Log", a, len(lines))
	for _, l := range lines {
		d.canvas.Text(cut(d.canvas, l, tiny, w), x, y+3, tiny, Left, faint)
		y += row + gap
	}
	return end
}
