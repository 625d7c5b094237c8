package desk

import (
	"fmt"
	"image/color"

	"noctiluca/engine/signal"
)

// Heights of what is in the cells' panel.
const (
	planHigh = 132.0
	cellHigh = 37.0
)

// cells draws the floor plan: where each cell is, who stands there, and how
// they feel; under it each cell's affect over the last five minutes.
func (d *Desk) cells(a area) float64 {
	c := d.canvas
	rows := len(d.inst.Cells) + 1
	h := 2*pad + row + planHigh + 14 + float64(rows)*cellHigh
	c.Box(a.x, a.y, a.w, h, paper)
	c.Text("Floor plan", a.x+pad, a.y+pad-1, head, Left, faint)
	if len(d.inst.Cells) == 0 {
		c.Text("no cells: everybody counts for the whole", a.x+a.w-pad, a.y+pad, tiny, Right, faint)
	}
	d.plan(area{a.x + pad, a.y + pad + row, a.w - 2*pad, planHigh - 8})
	x, y, w := a.x+pad, a.y+pad+row+planHigh, a.w-2*pad
	for i, name := range [...]string{"arousal", "in step", "torn"} {
		c.Text(name, thirdOf(x, w, i).x, y-4, tiny, Left, faint)
	}
	c.Text("5 minutes", x+w, y-4, tiny, Right, faint)
	y += 14
	d.recall()
	d.cell("everybody", d.status.Whole, d.status.WholeWithheld, 0, area{x, y, w, cellHigh})
	for i := range d.inst.Cells {
		y += cellHigh
		var s signal.CellState
		if i < len(d.status.Cells) {
			s = d.status.Cells[i]
		}
		d.cell(d.inst.Cells[i].Name, s, i < len(d.status.Withheld) && d.status.Withheld[i], i+1, area{x, y, w, cellHigh})
	}
	return a.y + h
}

// thirdOf is one of three columns beside one another.
func thirdOf(x, w float64, i int) area {
	third := (w - 16) / 3
	return area{x: x + float64(i)*(third+8), w: third}
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
	d.taken = d.taken[:0]
	for i, cell := range d.inst.Cells {
		x, y := at(cell.At[0], cell.At[2])
		r := max(k*float64(cell.Radius), 5)
		d.taken = append(d.taken, area{x - r*0.7, y - r*0.7, 1.4 * r, 1.4 * r})
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
	}
	for i, cell := range d.inst.Cells {
		x, y := at(cell.At[0], cell.At[2])
		d.label(cell.Name, x, y, max(k*float64(cell.Radius), 5), i, a)
	}
}

// label names a cell where no other cell or name is: under its circle, over
// it, at its right or left; where all of these are taken, in its middle.
func (d *Desk) label(name string, x, y, r float64, own int, within area) {
	w, h := d.canvas.Width(name, tiny), 13.0
	best, least := area{x - w/2, y - h/2, w, h}, 1e9
	for _, at := range [...]area{{x - w/2, y + r + 1, w, h}, {x - w/2, y - r - h - 1, w, h}, {x + r + 4, y - h/2, w, h}, {x - r - 4 - w, y - h/2, w, h}} {
		cost := 0.0
		for i, t := range d.taken {
			if i != own {
				cost += at.shared(t)
			}
		}
		if at.x < within.x || at.x+at.w > within.x+within.w || at.y < within.y || at.y+at.h > within.y+within.h+2 {
			cost += 1e6
		}
		if cost < least {
			best, least = at, cost
		}
	}
	d.taken = append(d.taken, best)
	d.canvas.Box(best.x-2, best.y+1, best.w+4, best.h, color.NRGBA{4, 9, 14, 150})
	d.canvas.Text(name, best.x, best.y-1, tiny, Left, pale)
}

// shared is the area that two have in common.
func (a area) shared(b area) float64 {
	w := min(a.x+a.w, b.x+b.w) - max(a.x, b.x)
	h := min(a.y+a.h, b.y+b.h) - max(a.y, b.y)
	return max(w, 0) * max(h, 0)
}

func mixed(a, b color.NRGBA, k float64) color.NRGBA {
	k = min(max(k, 0), 1)
	m := func(x, y uint8) uint8 { return uint8(float64(x) + k*(float64(y)-float64(x))) }
	return color.NRGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), m(a.A, b.A)}
}

// cell writes one cell: who is there, arousal from the middle, how far hearts
// are in step, how far it is torn, and over each its last five minutes. n is
// its place in the past, 0 for everybody.
func (d *Desk) cell(name string, s signal.CellState, withheld bool, n int, a area) {
	c := d.canvas
	c.Text(cut(c, name, body, a.w-90), a.x, a.y-3, body, Left, pale)
	if withheld {
		c.Text("too few to show", a.x+a.w, a.y-3, tiny, Right, faint)
		c.Box(a.x, a.y+28, a.w, 1, line)
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
	y := a.y + 28
	if n < len(d.past.cells) {
		for i, s := range felt {
			over := thirdOf(a.x, a.w, i)
			over.y, over.h = y-13, 11
			d.history(d.past.cells[n], s, over)
		}
	}
	t := thirdOf(a.x, a.w, 0)
	switch {
	case s.ArousalConfidence > 0:
		d.signed(area{t.x, y, t.w, 3}, float64(s.Arousal))
	case s.People > 0:
		c.Text("no signal", t.x, y-11, tiny, Left, faint) // which is not calm
		c.Box(t.x, y+1, t.w, 1, line)
	default:
		c.Box(t.x, y+1, t.w, 1, line)
	}
	t = thirdOf(a.x, a.w, 1)
	d.bar(area{t.x, y, t.w, 3}, float64(s.Coherence), cool)
	t = thirdOf(a.x, a.w, 2)
	d.bar(area{t.x, y, t.w, 3}, float64(s.Fragmentation), wrong)
}
