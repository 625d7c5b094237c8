//go:build !venue

package screen

import (
	"fmt"
	"image/color"
	"math"
	"time"

	"noctiluca/engine/signal"
	"noctiluca/installations"
)

// overlay is what is written over the picture. It belongs to the window's
// goroutine.
type overlay struct {
	ink   *ink
	inst  *installations.Installation
	title string
	help  bool
}

const (
	margin = 18.0
	pad    = 12.0
	row    = 18.0
	small  = 12.0
	panel  = 330.0 // width of the panel of people
)

// draw writes s over the picture.
func (o *overlay) draw(s *Status, problems []string) {
	w, h := o.ink.size()
	n := o.ink.title(o.title, margin, margin-4, 20, pale)
	if s.Scene != "" {
		o.ink.write(s.Scene, margin+n+10, margin+4, small, faint)
	}
	o.people(s, h)
	o.machine(s, w, h, problems)
	if o.help {
		o.keys(w, h)
	}
}

// people draws the circumplex and the cells, at the lower left.
func (o *overlay) people(s *Status, h float64) {
	k := o.ink
	rows := float64(len(s.Cells) + 1)
	const face = 118.0 // of the circumplex
	height := max(face+2*pad, rows*30+2*pad+4)
	x, y := margin, h-margin-height
	k.box(x, y, panel, height, paper)

	// Russell's circumplex: pleasure to the right, arousal up.
	cx, cy, r := x+pad+face/2, y+height/2, face/2-4
	k.ring(cx, cy, r, 1, line)
	k.stroke(cx-r, cy, cx+r, cy, 1, line)
	k.stroke(cx, cy-r, cx, cy+r, 1, line)
	for i := range s.People {
		p := &s.People[i]
		sure := float64(max(p.Affect.ArousalConfidence, p.Affect.ValenceConfidence))
		at := 2 + 2.2*float64(p.Beat)
		px, py := cx+r*0.94*float64(p.Affect.Valence), cy-r*0.94*float64(p.Affect.Arousal)
		if sure <= 0 {
			// No signal is not calm: it is beside the circle, not in its middle.
			k.ring(x+pad+6+9*float64(i%12), y+height-8-9*float64(i/12), 2.5, 1, faint)
			continue
		}
		c := personColour(i)
		c.A = uint8(70 + 180*sure)
		k.dot(px, py, at, c)
	}
	if s.Whole.ArousalConfidence > 0 {
		k.ring(cx+r*0.94*float64(s.Whole.Valence), cy-r*0.94*float64(s.Whole.Arousal), 7, 1.5, pale)
	}

	tx, ty := x+face+2*pad+4, y+pad
	o.cell("everybody", s.Whole, tx, ty)
	for i := range s.Cells {
		ty += 30
		name := "cell"
		if i < len(o.inst.Cells) {
			name = o.inst.Cells[i].Name
		}
		o.cell(name, s.Cells[i], tx, ty)
	}
}

// cell writes one cell: who is there, and what is known of how they feel.
func (o *overlay) cell(name string, c signal.CellState, x, y float64) {
	k := o.ink
	right := margin + panel - pad
	k.write(name, x, y-3, small, pale)
	switch c.People {
	case 0:
		k.writeTo("nobody", right, y-3, small, faint)
	case 1:
		k.writeTo("1 person", right, y-3, small, faint)
	default:
		k.writeTo(fmt.Sprintf("%d people", c.People), right, y-3, small, faint)
	}
	y += 14
	half := (right - x - 8) / 2
	if c.ArousalConfidence > 0 {
		o.signed(c.Arousal, x, y, half)
	} else {
		k.box(x, y+1, half, 1, line)
	}
	k.bar(x+half+8, y, half, 3, float64(c.Coherence), color.NRGBA{120, 170, 255, 200})
}

// signed draws a value of −1…1 from its middle.
func (o *overlay) signed(v float32, x, y, w float64) {
	o.ink.box(x, y, w, 3, line)
	m := x + w/2
	d := w / 2 * float64(min(max(v, -1), 1))
	c := color.NRGBA{90, 190, 255, 220}
	if d > 0 {
		c = color.NRGBA{255, 205, 120, 230}
	}
	o.ink.box(min(m, m+d), y, math.Abs(d), 3, c)
	o.ink.box(m-0.5, y-1, 1, 5, faint)
}

// personColour gives each person a colour of their own, none of them a rank.
func personColour(i int) color.NRGBA {
	h := math.Mod(0.42+0.61803398875*float64(i), 1)
	f := func(shift float64) uint8 {
		return uint8(150 + 95*math.Cos(2*math.Pi*(h+shift)))
	}
	return color.NRGBA{f(0), f(-1.0 / 3), f(-2.0 / 3), 230}
}

// machine writes how the machine does, at the lower right.
func (o *overlay) machine(s *Status, w, h float64, problems []string) {
	type entry struct {
		name, value string
		bad         bool
	}
	var rows []entry
	if s.FPS > 0 {
		rows = append(rows, entry{"frames", fmt.Sprintf("%.0f a second   %s, worst %s", s.FPS, ms(s.FrameTime), ms(s.FrameTimeWorst)), false})
	}
	power := entry{"power", fmt.Sprintf("%.0f W", s.Watts), s.Limited}
	if s.Limited {
		power.value += ", dimmed to the supply's limit"
	}
	rows = append(rows, power)
	for _, out := range s.Outputs {
		rows = append(rows, entry{out.Name, out.Line, out.Bad})
	}
	for _, p := range problems {
		rows = append(rows, entry{"", p, true})
	}
	if s.Error != "" {
		rows = append(rows, entry{"", s.Error, true})
	}
	wide := 0.0
	for _, r := range rows {
		wide = max(wide, float64(len([]rune(r.value)))*6.3+90)
	}
	wide += 2 * pad
	if wide = max(wide, 190); wide > w-panel-3*margin {
		return
	}
	height := float64(len(rows))*row + 2*pad - 4
	x, y := w-margin-wide, h-margin-height
	o.ink.box(x, y, wide, height, paper)
	for i, r := range rows {
		at := y + pad - 2 + float64(i)*row
		c := pale
		if r.bad {
			c = wrong
		}
		o.ink.write(r.name, x+pad, at, small, faint)
		o.ink.writeTo(r.value, x+wide-pad, at, small, c)
	}
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/1e6) }

// shortcuts is every key and what it does, as the help and the
// documentation have it.
var shortcuts = [][2]string{
	{"drag, arrows", "turn"},
	{"right drag, shift + arrows", "pan"},
	{"wheel, + and −", "nearer, further"},
	{"H", "back to the first view"},
	{"space", "turn slowly by itself"},
	{"tab", "writing on and off"},
	{"F or F11", "full screen"},
	{"P", "save a picture"},
	{"?", "these keys"},
	{"Q", "close"},
}

// keys writes the shortcuts, in the middle.
func (o *overlay) keys(w, h float64) {
	const wide = 400.0
	height := float64(len(shortcuts))*22 + 2*pad + 8
	x, y := (w-wide)/2, (h-height)/2
	o.ink.box(x, y, wide, height, color.NRGBA{4, 9, 14, 225})
	for i, s := range shortcuts {
		at := y + pad + 4 + float64(i)*22
		o.ink.write(s[0], x+pad+8, at, 14, living)
		o.ink.write(s[1], x+215, at, 14, pale)
	}
}
