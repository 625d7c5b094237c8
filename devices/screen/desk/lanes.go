package desk

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"time"

	"noctiluca/engine/show"
)

// drafting is a recorded gesture in hand. What a drag or a held key does is
// shown at once and offered as one edit when the hand rests, so that one undo
// takes one movement back.
type drafting struct {
	gesture, lane, point int
	grid                 int // index of grids

	draft *show.Gesture // nil for none
	// known is what the show may still have in its place, while what was
	// offered is on its way. Anything else came from another hand.
	known   []show.Item
	touched time.Duration // when a key moved it last
	offered bool          // it is on its way; it is shown until the show has it
	held    bool          // the pointer has the point
}

// rest is how long keys must be still for their edit to be offered.
const rest = 400 * time.Millisecond

// grids are what times can be set to: a share of a beat, or of a second.
var grids = []struct {
	name           string
	beats, seconds float64
}{{"off", 0, 0}, {"1 beat", 1, 0}, {"1/2 beat", 0.5, 0}, {"1/4 beat", 0.25, 0}, {"1 s", 0, 1}, {"1/2 s", 0, 0.5}, {"1/10 s", 0, 0.1}}

// step is the grid's, in seconds; 0 for none.
func (d *Desk) step() float64 {
	g := grids[d.drafting.grid]
	if g.beats > 0 && d.view.BPM > 0 {
		return g.beats * 60 / d.view.BPM
	}
	return g.seconds
}

// settle offers the draft once hands are off it, at once when that is asked.
func (d *Desk) settle(atOnce bool) {
	e := &d.drafting
	list := d.view.Items[show.Gestures]
	if e.draft == nil {
		return
	}
	switch {
	case e.gesture >= len(list), e.offered && list[e.gesture] == show.Item(e.draft), !slices.Contains(e.known, list[e.gesture]),
		e.offered && d.view.At-e.touched > time.Second:
		e.drop() // the show has it, or something else came between: an undo, another hand
		return
	case e.offered, !atOnce && (d.grip != "" || d.view.At-e.touched < rest):
		return
	}
	e.offered, e.touched = true, d.view.At
	e.known = append(e.known, e.draft)
	if !d.put(e.gesture, e.draft) {
		e.drop()
	}
}

// drop forgets the draft: what the show has is what there is.
func (e *drafting) drop() { e.draft, e.known, e.offered = nil, e.known[:0], false }

// put offers a gesture in the place of another.
func (d *Desk) put(i int, g *show.Gesture) bool {
	d.offer(show.Event{Action: show.Edit, By: show.ByWindow, List: show.Gestures, Index: i, Item: g})
	return d.said == ""
}

// change takes an edit of the gesture in hand; one of its kind that failed is
// said. later waits for the hand to rest.
func (d *Desk) change(g *show.Gesture, err error, later bool) {
	e := &d.drafting
	if err != nil {
		d.said = err.Error()
		return
	}
	if e.draft == nil {
		e.known = append(e.known[:0], d.view.Items[show.Gestures][e.gesture])
	}
	e.draft, e.touched, e.offered = g, d.view.At, false
	if !later {
		d.settle(true)
	}
}

// inHand is the gesture that is shown: the draft, where there is one.
func (d *Desk) inHand() *show.Gesture {
	if d.drafting.draft != nil {
		return d.drafting.draft
	}
	return d.view.GestureAt(d.drafting.gesture)
}

// lanes is the panel of recorded gestures: a list of them, and of the one in
// hand a lane for each parameter, whose points can be moved.
func (d *Desk) lanes(a area) float64 {
	list := d.view.Items[show.Gestures]
	e := &d.drafting
	n := len(list)
	top := a.y
	a.y = d.recording(a)
	x, y, w, end := d.panel("Recorded gestures", a, max(n, 1))
	c := d.canvas
	if n == 0 {
		c.Text("none yet: record, turn what you like, and record again", x, y+2, body, Left, faint)
		return end - top
	}
	if e.gesture >= n {
		e.gesture = n - 1
		e.drop()
	}
	for i := range n {
		g := d.view.GestureAt(i)
		_, plays := d.view.Played(i)
		label := cut(c, fmt.Sprintf("%s   %.2f s   %s", g.Name, g.Length, counted(len(g.Tracks), "lane")), body, w-3*64-30)
		if d.button(fmt.Sprintf("take gesture %d", i+1), label, area{x, y, w - 3*(60+gap), row}, i == e.gesture, living) && i != e.gesture {
			d.settle(true)
			*e = drafting{gesture: i, grid: e.grid}
		}
		d.progress(i, area{x, y, w - 3*(60+gap), row})
		at := area{x + w - 3*(60+gap) + gap, y, 60, row}
		if d.button(fmt.Sprintf("play gesture %d", i+1), "play", at, plays, living) {
			d.playOrStop(i, plays)
		}
		at.x += 60 + gap
		if d.button(fmt.Sprintf("loop gesture %d", i+1), "loop", at, g.Loop, living) {
			d.settle(true)
			again := *g
			again.Loop = !again.Loop
			d.put(i, &again)
		}
		at.x += 60 + gap
		if d.button(fmt.Sprintf("remove gesture %d", i+1), "remove", at, false, wrong) {
			d.settle(true)
			d.offer(show.Event{Action: show.Remove, By: show.ByWindow, List: show.Gestures, Index: i})
		}
		y += row + gap
	}
	y = end + margin
	g := d.inHand()
	if e.lane >= len(g.Tracks) {
		e.lane = max(len(g.Tracks)-1, 0)
	}
	for i := range g.Tracks {
		if d.focus == fmt.Sprintf("lane %d", i+1) && i != e.lane {
			e.lane, e.point = i, 0
		}
	}
	y = d.tools(g, area{a.x, y, a.w, 0}) + margin
	y = d.timeline(d.inHand(), area{a.x, y, a.w, 0}) + gap
	for i := range g.Tracks {
		y = d.lane(g, i, area{a.x, y, a.w, 0}) + gap
		if g = d.inHand(); i >= len(g.Tracks)-1 {
			break
		}
	}
	return y - top
}

// counted is a number of things, in words.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// tools are what is done to the whole gesture: its ends, its length, its grid.
func (d *Desk) tools(g *show.Gesture, a area) float64 {
	e := &d.drafting
	x, y, w, end := d.panel(g.Name, a, 1)
	c := d.canvas
	c.Text("← → choose a point in a lane, enter adds one, backspace removes it", x+w, a.y+pad, tiny, Right, faint)
	wide := (w - 2*gap) / 3
	at := func(i int) area { return area{x + float64(i)*(wide+gap), y, wide, row} }
	focused, taken := d.control("grid", at(0))
	c.Box(at(0).x, y, wide, row, raised)
	c.Text("grid: "+grids[e.grid].name, at(0).x+6, y+2, body, Left, pale)
	d.frame(at(0), focused)
	switch {
	case taken, focused && (d.hand.pressed(KeyRight) || d.hand.pressed(KeyEnter)):
		e.grid = (e.grid + 1) % len(grids)
	case focused && d.hand.pressed(KeyLeft):
		e.grid = (e.grid + len(grids) - 1) % len(grids)
	}
	if d.button("quantise", "quantise", at(1), false, living) {
		if step := d.step(); step > 0 {
			d.change(quantised(g, step), nil, false)
		} else {
			d.said = "quantise: the grid is off; choose one first"
		}
	}
	d.nudged("length", fmt.Sprintf("length %.2f s", g.Length), at(2), func(by float64) {
		longer, err := g.Stretched(float32(max(float64(g.Length)+by*d.nudge(0.1), 0.05)))
		d.change(longer, err, true)
	})
	return end
}

// nudge is how far a key moves a time: a step of the grid, or the given
// seconds; a tenth of that with shift.
func (d *Desk) nudge(seconds float64) float64 {
	if step := d.step(); step > 0 && !d.hand.Fine {
		return step
	}
	if d.hand.Fine {
		return seconds / 10
	}
	return seconds
}

// nudged draws a figure that arrows move by −1 or 1, and a press by 1 at its
// right half and −1 at its left; it says whether one did.
func (d *Desk) nudged(name, text string, a area, by func(float64)) bool {
	focused, taken := d.control(name, a)
	c := d.canvas
	c.Box(a.x, a.y, a.w, a.h, raised)
	c.Text("‹", a.x+8, a.y+2, body, Middle, faint)
	c.Text("›", a.x+a.w-8, a.y+2, body, Middle, faint)
	c.Text(text, a.x+a.w/2, a.y+2, body, Middle, pale)
	d.frame(a, focused)
	way := 0.0
	switch {
	case focused && d.hand.pressed(KeyRight), taken && d.hand.X >= a.x+a.w/2:
		way = 1
	case focused && d.hand.pressed(KeyLeft), taken:
		way = -1
	}
	if way == 0 {
		return false
	}
	by(way)
	return true
}

const laneHigh = 58.0

// lane draws one parameter's way through the gesture.
func (d *Desk) lane(g *show.Gesture, i int, a area) float64 {
	e := &d.drafting
	c := d.canvas
	t := &g.Tracks[i]
	spec := &d.show.Specs[t.Param]
	mine := i == e.lane
	high := laneHigh
	if mine {
		high += row + gap
	}
	box := area{a.x, a.y, a.w, high + 20}
	c.Box(box.x, box.y, box.w, box.h, paper)
	c.Text(cut(c, spec.Path, tiny, a.w-120), a.x+pad, a.y+3, tiny, Left, pale)
	c.Text(counted(len(t.At), "point"), a.x+a.w-pad, a.y+3, tiny, Right, faint)
	plot := plot(a, a.y+22)
	name := fmt.Sprintf("lane %d", i+1)
	focused, taken := d.control(name, area{plot.x - 6, plot.y - 4, plot.w + 12, plot.h + 8})
	c.Box(plot.x-6, plot.y-4, plot.w+12, plot.h+8, ground)
	length := max(float64(g.Length), 1e-3)
	at := func(k int) (float64, float64) {
		return plot.x + plot.w*float64(t.At[k])/length, plot.y + plot.h*(1-float64(spec.Position(t.Value[k])))
	}
	d.gridLines(plot, length)
	d.trackCurve(t, spec, plot, length, length, living)
	d.playhead(plot, length)
	if mine {
		e.point = min(max(e.point, 0), len(t.At)-1)
		if len(t.At) <= 400 {
			for k := range t.At {
				px, py := at(k)
				c.Box(px-1.5, py-1.5, 3, 3, pale)
			}
		}
		px, py := at(e.point)
		c.Ring(px, py, 5, 1.5, warm)
	}
	d.frame(area{plot.x - 6, plot.y - 4, plot.w + 12, plot.h + 8}, focused)
	if taken { // the nearest point is in hand
		best := math.Inf(1)
		for k := range t.At {
			px, py := at(k)
			if far := math.Hypot(px-d.hand.X, py-d.hand.Y); far < best {
				best, e.point = far, k
			}
		}
		e.lane = i
		e.held = best < 10
	}
	if d.grip == name && d.hand.Down && e.held && !taken && (d.hand.X != d.lastX || d.hand.Y != d.lastY) {
		when := d.snapped(float64(d.hand.X-plot.x) / plot.w * length)
		moved, err := g.Moved(d.show.Registry, i, e.point, float32(when), spec.At(float32(1-(d.hand.Y-plot.y)/plot.h)))
		d.change(moved, err, true)
	}
	if focused {
		d.laneKeys(g, i)
	}
	if mine {
		d.pointTools(d.inHand(), i, area{a.x + pad, a.y + 22 + laneHigh - 4, a.w - 2*pad, row})
	}
	return a.y + box.h
}

// gridLines marks the grid's steps, where they can be told apart.
func (d *Desk) gridLines(plot area, length float64) {
	step := d.step()
	if step <= 0 || plot.w*step/length < 5 {
		return
	}
	for t := step; t < length; t += step {
		d.canvas.Box(plot.x+plot.w*t/length, plot.y-4, 1, plot.h+8, color.NRGBA{110, 140, 155, 40})
	}
}

// snapped is a time on the grid, where there is one.
func (d *Desk) snapped(t float64) float64 {
	if step := d.step(); step > 0 && !d.hand.Fine {
		return math.Round(t/step) * step
	}
	return t
}
