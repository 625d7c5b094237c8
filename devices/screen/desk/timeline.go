package desk

import (
	"fmt"
	"image/color"
	"math"

	"noctiluca/engine/show"
)

// taking is the recording that hands make, as far as it was seen.
type taking struct {
	since uint64 // tick of its beginning: which recording it is
	take  show.Take
}

// follow takes in what hands did since the picture before.
func (t *taking) follow(v *show.View) {
	if !v.Recording {
		*t = taking{}
		return
	}
	if t.since != v.Since {
		*t = taking{since: v.Since}
	}
	t.take.Add(v.Notes)
}

// plot is where a lane's curve is drawn, below a lane's name; all lanes and
// their timeline have the same left and right ends.
func plot(a area, y float64) area {
	return area{a.x + pad + 6, y, a.w - 2*pad - 12, laneHigh - 12}
}

// ground is behind curves and timelines.
var ground = color.NRGBA{16, 26, 33, 220}

// recording draws what hands record: how long it is, and of each parameter the
// curve as it grows, which is the very one that will be kept. Its time reaches
// a little further than now, so that the curves do not shrink all the time.
func (d *Desk) recording(a area) float64 {
	v := &d.view
	d.taking.follow(v)
	if !v.Recording {
		return a.y
	}
	c := d.canvas
	tracks := d.taking.take.Tracks
	x, y, w, end := d.panel("Recording", a, 1)
	c.Text(fmt.Sprintf("%.1f s", v.Recorded), x+w, a.y+pad-1, head, Right, wrong)
	say, tone := "record once more keeps it as a gesture", faint
	switch {
	case len(v.Notes) == show.MaxNotes:
		say, tone = fmt.Sprintf("it is full, at %d changes: what is turned now is not recorded", show.MaxNotes), wrong
	case len(tracks) == 0:
		say = "turn what you like; record once more ends it"
	}
	c.Text(cut(c, say, body, w), x, y+2, body, Left, tone)
	if len(tracks) == 0 {
		return end + margin
	}
	reach := 8.0 // seconds, and twice as many whenever they are over
	for reach < float64(v.Recorded) {
		reach *= 2
	}
	now := float64(v.Recorded) / reach
	y = end + gap
	ruler := plot(a, y)
	d.ruler(area{ruler.x, y, ruler.w, row}, reach)
	c.Box(ruler.x+ruler.w*now-1, y, 2, row, wrong)
	y += row + gap
	for i := range tracks {
		t := &tracks[i]
		spec := &d.show.Specs[t.Param]
		c.Box(a.x, y, a.w, laneHigh+20, paper)
		c.Text(cut(c, spec.Path, tiny, a.w-120), a.x+pad, y+3, tiny, Left, pale)
		c.Text(counted(len(t.At), "point"), a.x+a.w-pad, y+3, tiny, Right, faint)
		p := plot(a, y+22)
		c.Box(p.x-6, p.y-4, p.w+12, p.h+8, ground)
		d.trackCurve(t, spec, p, reach, float64(v.Recorded), wrong)
		c.Box(p.x+p.w*now-0.5, p.y-4, 1, p.h+8, wrong)
		y += laneHigh + 20 + gap
	}
	return y - gap + margin
}

// timeline is the time of the gesture in hand: where it plays, and a place to
// send it. A press or a drag lets it go on there, or begin there; so do the
// arrows while it plays. Enter plays or stops it, backspace begins it again.
func (d *Desk) timeline(g *show.Gesture, a area) float64 {
	c := d.canvas
	i := d.drafting.gesture
	at, plays := d.view.Played(i)
	p := plot(a, a.y)
	box := area{p.x - 6, a.y, p.w + 12, row}
	focused, taken := d.control("timeline", box)
	c.Box(box.x, box.y, box.w, box.h, ground)
	length := max(float64(g.Length), 1e-3)
	d.ruler(area{p.x, a.y, p.w, row}, length)
	if plays && at >= 0 {
		x := p.x + p.w*min(float64(at)/length, 1)
		c.Box(x-1, a.y, 2, row, warm)
		c.Dot(x, a.y+2, 3.5, warm)
		c.Text(fmt.Sprintf("%.2f s", at), p.x+p.w, a.y+4, tiny, Right, warm)
	}
	d.frame(box, focused)
	switch {
	case taken, d.grip == "timeline" && d.hand.Down && d.hand.X != d.lastX:
		d.seek(i, g, d.snapped((d.hand.X-p.x)/p.w*length))
	case !focused:
	case d.hand.pressed(KeyEnter):
		d.playOrStop(i, plays)
	case d.hand.pressed(KeyDefault):
		d.seek(i, g, 0)
	case plays && d.hand.pressed(KeyRight):
		d.seek(i, g, float64(at)+d.nudge(0.5))
	case plays && d.hand.pressed(KeyLeft):
		d.seek(i, g, float64(at)-d.nudge(0.5))
	}
	return a.y + row
}

// seek lets gesture i go on at a time, or begin there.
func (d *Desk) seek(i int, g *show.Gesture, to float64) {
	if g.Chase {
		d.said = g.Name + " follows the timecode: wind that"
		return
	}
	d.offer(show.Event{Action: show.Seek, By: show.ByWindow, Index: i, Value: float32(min(max(to, 0), float64(g.Length)))})
}

// playOrStop plays gesture i, or ends it where it plays.
func (d *Desk) playOrStop(i int, plays bool) {
	action := show.Play
	if plays {
		action = show.Stop
	}
	d.offer(show.Event{Action: action, By: show.ByWindow, Index: i})
}

// playhead marks in a lane of the gesture in hand where it plays.
func (d *Desk) playhead(p area, length float64) {
	if at, plays := d.view.Played(d.drafting.gesture); plays && at >= 0 {
		d.canvas.Box(p.x+p.w*min(float64(at)/length, 1)-0.5, p.y-4, 1, p.h+8, warm)
	}
}

// progress marks along the lower edge of a gesture's button how far it is.
func (d *Desk) progress(i int, a area) {
	at, plays := d.view.Played(i)
	if g := d.view.GestureAt(i); plays && at >= 0 && g.Length > 0 {
		d.canvas.Box(a.x, a.y+a.h-3, a.w, 3, raised)
		d.canvas.Box(a.x, a.y+a.h-3, a.w*float64(min(at/g.Length, 1)), 3, warm)
	}
}

// ruler writes seconds along a time, as many as there is room for.
func (d *Desk) ruler(a area, length float64) {
	step := math.Pow(10, math.Floor(math.Log10(length)))
	for _, k := range [...]float64{0.05, 0.1, 0.2, 0.5, 1} {
		if a.w*k*step/length >= 56 {
			step *= k
			break
		}
	}
	for n := 0.0; n*step < length*(1-1e-9); n++ {
		x := a.x + a.w*n*step/length
		d.canvas.Box(x, a.y+a.h-5, 1, 5, line)
		if x+76 < a.x+a.w {
			d.canvas.Text(fmt.Sprintf("%.4g s", n*step), x+4, a.y+4, tiny, Left, faint)
		}
	}
}

// trackCurve draws a parameter's way, to the end of it, where the line rests.
// Of points closer than can be told apart it draws the first, the lowest, the
// highest and the last of each pixel of the display: an hour of a fader costs
// what the lane is wide.
func (d *Desk) trackCurve(t *show.Track, spec *show.Spec, p area, length, end float64, tone color.NRGBA) {
	d.points = d.points[:0]
	put := func(x, y float64) { d.points = append(d.points, p.x+p.w*x/length, p.y+p.h*(1-y)) }
	for k := 0; k < len(t.At); {
		x := float64(t.At[k])
		first := float64(spec.Position(t.Value[k]))
		low, high, last := first, first, first
		n := k + 1
		for ; n < len(t.At) && p.w*(float64(t.At[n])-x)/length < 0.5; n++ {
			last = float64(spec.Position(t.Value[n]))
			low, high = min(low, last), max(high, last)
		}
		put(x, first)
		if n > k+1 {
			put(x, low)
			put(x, high)
			put(float64(t.At[n-1]), last)
		}
		k = n
	}
	if n := len(t.At); n > 0 && float64(t.At[n-1]) < end {
		put(end, float64(spec.Position(t.Value[n-1])))
	}
	d.curve(tone)
}
