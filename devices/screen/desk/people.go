package desk

import (
	"fmt"
	"image/color"
	"time"

	"noctiluca/engine/signal"
)

// right draws what people feel and how the machine does; it gives the height.
func (d *Desk) right(a area) float64 {
	y := a.y
	y = d.cells(area{a.x, y, a.w, 0}) + margin
	y = d.safety(area{a.x, y, a.w, 0}) + margin
	if d.status.Guard.Watches {
		y = d.guard(area{a.x, y, a.w, 0}) + margin
	}
	y = d.machine(area{a.x, y, a.w, 0}) + margin
	y = d.people(area{a.x, y, a.w, 0})
	if len(d.status.Log) > 0 {
		y = d.log(area{a.x, y + margin, a.w, 0})
	}
	return y - a.y
}

// cells draws the floor plan: where each cell is, who stands there, and how
// they feel; under it each cell's affect over the last minutes.
func (d *Desk) cells(a area) float64 {
	c := d.canvas
	const plan = 130.0
	rows := len(d.inst.Cells) + 1
	h := 2*pad + row + plan + float64(rows)*30
	c.Box(a.x, a.y, a.w, h, paper)
	c.Text("Floor plan", a.x+pad, a.y+pad-1, head, Left, faint)
	d.plan(area{a.x + pad, a.y + pad + row, a.w - 2*pad, plan - 6})
	y := a.y + pad + row + plan + 4
	d.sample()
	d.cell("everybody", d.status.Whole, d.status.WholeWithheld, -1, area{a.x + pad, y, a.w - 2*pad, 30})
	for i := range d.inst.Cells {
		y += 30
		var s signal.CellState
		if i < len(d.status.Cells) {
			s = d.status.Cells[i]
		}
		d.cell(d.inst.Cells[i].Name, s, i < len(d.status.Withheld) && d.status.Withheld[i], i, area{a.x + pad, y, a.w - 2*pad, 30})
	}
	return a.y + h
}

// plan draws the installation from above: pixels as a shade, cells as circles
// whose colour is arousal, and which are torn where the cell is.
func (d *Desk) plan(a area) {
	c := d.canvas
	lo, hi := [2]float32{1e9, 1e9}, [2]float32{-1e9, -1e9}
	add := func(x, z, r float32) {
		lo[0], lo[1] = min(lo[0], x-r), min(lo[1], z-r)
		hi[0], hi[1] = max(hi[0], x+r), max(hi[1], z+r)
	}
	p := &d.inst.Pixels
	stride := max(p.Count()/400, 1)
	for i := 0; i < p.Count(); i += stride {
		add(p.X[i], p.Z[i], 0)
	}
	for _, cell := range d.inst.Cells {
		add(cell.At[0], cell.At[2], cell.Radius)
	}
	if lo[0] > hi[0] {
		return
	}
	k := min(a.w/float64(max(hi[0]-lo[0], 0.1)), a.h/float64(max(hi[1]-lo[1], 0.1)))
	at := func(x, z float32) (float64, float64) {
		return a.x + a.w/2 + k*float64(x-(lo[0]+hi[0])/2), a.y + a.h/2 + k*float64(z-(lo[1]+hi[1])/2)
	}
	for i := 0; i < p.Count(); i += stride {
		x, y := at(p.X[i], p.Z[i])
		c.Box(x, y, 1.5, 1.5, color.NRGBA{110, 160, 170, 150})
	}
	for i, cell := range d.inst.Cells {
		x, y := at(cell.At[0], cell.At[2])
		r := max(k*float64(cell.Radius), 5)
		tone := color.NRGBA{110, 140, 155, 150}
		if i < len(d.status.Cells) && d.status.Cells[i].People > 0 {
			s := d.status.Cells[i]
			tone = mixed(cool, warm, float64(s.Arousal)/2+0.5)
			shade := tone
			shade.A = uint8(25 + 60*s.Presence)
			c.Dot(x, y, r, shade)
			// Two poles: two halves drawn apart.
			if f := float64(s.Fragmentation); f > 0.05 {
				c.Line(x-f*r, y-r, x+f*r, y+r, 1+2*f, wrong)
			}
			c.Ring(x, y, r*(1-0.25*float64(s.Beat)), 1, shade)
		}
		c.Ring(x, y, r, 1.2, tone)
		c.Text(d.inst.Cells[i].Name, x, y-7, tiny, Middle, pale)
	}
}

func mixed(a, b color.NRGBA, k float64) color.NRGBA {
	k = min(max(k, 0), 1)
	m := func(x, y uint8) uint8 { return uint8(float64(x) + k*(float64(y)-float64(x))) }
	return color.NRGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), m(a.A, b.A)}
}

// cell writes one cell: who is there, arousal from the middle, how far hearts
// are in step, how far it is torn, and its last minutes.
func (d *Desk) cell(name string, s signal.CellState, withheld bool, n int, a area) {
	c := d.canvas
	c.Text(cut(c, name, body, 90), a.x, a.y-3, body, Left, pale)
	if withheld {
		c.Text("too few to show", a.x+a.w, a.y-3, tiny, Right, faint)
		c.Box(a.x, a.y+16, a.w, 1, line)
		return
	}
	who := fmt.Sprintf("%d people", s.People)
	switch s.People {
	case 0:
		who = "nobody"
	case 1:
		who = "1 person"
	}
	c.Text(who, a.x+a.w, a.y-3, tiny, Right, faint)
	third := (a.w - 12) / 3
	y := a.y + 15
	switch {
	case s.ArousalConfidence > 0:
		d.signed(area{a.x, y, third, 3}, float64(s.Arousal))
	case s.People > 0:
		c.Text("no signal", a.x, y-6, tiny, Left, faint) // which is not calm
	default:
		c.Box(a.x, y+1, third, 1, line)
	}
	d.bar(area{a.x + third + 6, y, third, 3}, float64(s.Coherence), cool)
	d.bar(area{a.x + 2*third + 12, y, third, 3}, float64(s.Fragmentation), wrong)
	if n+1 < len(d.history) {
		d.past(d.history[n+1].arousal, area{a.x + 95, a.y - 1, a.w - 160, 13}, warm)
	}
}

// minutes is how many samples of the cells are kept, one a second.
const minutes = 300

// sample keeps what cells feel, once a second.
func (d *Desk) sample() {
	if d.history == nil {
		d.history = make([]moment, len(d.inst.Cells)+1)
	}
	if now := d.view.At.Truncate(time.Second); now != d.sampled {
		d.sampled = now
		for i := range d.history {
			s := d.status.Whole
			if i > 0 && i <= len(d.status.Cells) {
				s = d.status.Cells[i-1]
			}
			d.history[i].arousal = kept(d.history[i].arousal, s.Arousal)
		}
	}
}

func kept(v []float32, x float32) []float32 {
	if len(v) >= minutes {
		copy(v, v[1:])
		v = v[:len(v)-1]
	}
	return append(v, x)
}

// past draws a series of −1…1.
func (d *Desk) past(v []float32, a area, c color.NRGBA) {
	c.A = 120
	for i := 4; i < len(v); i += 4 {
		x := a.x + a.w*float64(i)/minutes
		y0, y1 := a.y+a.h/2*(1-float64(v[i-4])), a.y+a.h/2*(1-float64(v[i]))
		d.canvas.Line(x-a.w*4/minutes, y0, x, y1, 1, c)
	}
}

// most is how many people have a row of their own.
const most = 12

// people lists who is there, by pseudonym and in the order they came.
func (d *Desk) people(a area) float64 {
	c := d.canvas
	n := len(d.status.People)
	rows := min(n, most)
	if n == 0 || n > most {
		rows++
	}
	x, y, w, end := d.panel(fmt.Sprintf("People who agreed: %d", n), a, rows)
	if n == 0 {
		c.Text("nobody; the light plays on its own", x, y+2, body, Left, faint)
	}
	for i := range min(n, most) {
		p := &d.status.People[i]
		tone := Tint(i)
		c.Dot(x+5, y+10, 2.5+2.5*float64(p.Beat), tone)
		c.Text(cut(c, p.Person, body, 96), x+16, y+2, body, Left, pale)
		rate := "—"
		if p.HeartRate > 0 {
			rate = fmt.Sprintf("%.0f bpm", p.HeartRate)
		}
		c.Text(rate, x+170, y+3, tiny, Right, faint)
		if p.Affect.ArousalConfidence > 0 {
			d.signed(area{x + 178, y + 9, w - 178 - 40, 3}, float64(p.Affect.Arousal))
		} else {
			c.Text("no signal", x+178, y+3, tiny, Left, faint)
		}
		// How sure it is, as a bar that fills.
		d.bar(area{x + w - 32, y + 9, 32, 3}, float64(max(p.Affect.ArousalConfidence, p.Affect.ValenceConfidence)), living)
		y += row + gap
	}
	if n > most {
		c.Text(fmt.Sprintf("and %d more", n-most), x, y+2, body, Left, faint)
	}
	return end
}

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
	rows := 2
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
	at := func(v float64) float64 { return x + 130 + (w-175)*min(max(v/1.5, 0), 1) }
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
	if g.Why != "" {
		c.Text(cut(c, g.Why, tiny, w), x, y+3, tiny, Left, warm)
	}
	return end
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
