package desk

import (
	"fmt"
	"math"
	"slices"

	"noctiluca/engine/show"
)

// laneKeys does what keys do in the lane in focus.
func (d *Desk) laneKeys(g *show.Gesture, i int) {
	e := &d.drafting
	t := &g.Tracks[i]
	switch {
	case d.hand.pressed(KeyRight):
		e.point = min(e.point+1, len(t.At)-1)
	case d.hand.pressed(KeyLeft):
		e.point = max(e.point-1, 0)
	case d.hand.pressed(KeyEnter):
		d.addPoint(g, i)
	case d.hand.pressed(KeyDefault):
		d.takeAway(g, i)
	}
}

// addPoint puts a point half-way to the next, or to the end.
func (d *Desk) addPoint(g *show.Gesture, i int) {
	e := &d.drafting
	t := &g.Tracks[i]
	from, to, v, next := t.At[e.point], g.Length, t.Value[e.point], t.Value[e.point]
	if e.point+1 < len(t.At) {
		to, next = t.At[e.point+1], t.Value[e.point+1]
	}
	with, k, err := g.Pointed(d.show.Registry, i, from+(to-from)/2, v+(next-v)/2)
	if err == nil {
		e.point = k
	}
	d.change(with, err, false)
}

// takeAway takes the point in hand away; the last one of a lane takes the lane
// with it, and the last lane the gesture.
func (d *Desk) takeAway(g *show.Gesture, i int) {
	e := &d.drafting
	if len(g.Tracks) == 1 && len(g.Tracks[0].At) == 1 {
		d.removeLane(g, i)
		return
	}
	without, err := g.Without(i, e.point, e.point)
	d.change(without, err, false)
	e.point = max(e.point-1, 0)
}

// removeLane takes a lane away, and with the last one the gesture.
func (d *Desk) removeLane(g *show.Gesture, i int) {
	d.settle(true)
	if len(g.Tracks) == 1 {
		d.drafting.drop()
		d.offer(show.Event{Action: show.Remove, By: show.ByWindow, List: show.Gestures, Index: d.drafting.gesture})
		return
	}
	without, err := g.Without(i, 0, len(g.Tracks[i].At)-1)
	d.change(without, err, false)
}

// pointTools tell and move the point in hand.
func (d *Desk) pointTools(g *show.Gesture, i int, a area) {
	e := &d.drafting
	if i >= len(g.Tracks) || e.point >= len(g.Tracks[i].At) {
		return
	}
	t := &g.Tracks[i]
	spec := &d.show.Specs[t.Param]
	wide := (a.w - 7*gap) / 8
	at := func(k int) area { return area{a.x + float64(k)*(wide+gap), a.y, wide, row} }
	d.nudged("point", fmt.Sprintf("%d of %d", e.point+1, len(t.At)), at(0), func(by float64) {
		e.point = min(max(e.point+int(by), 0), len(t.At)-1)
	})
	when, value := t.At[e.point], t.Value[e.point]
	d.nudged("point time", fmt.Sprintf("%.3f s", when), at(1), func(by float64) {
		to := float64(when) + by*d.nudge(0.05)
		if step := d.step(); step > 0 && !d.hand.Fine {
			to = math.Round(to/step) * step
		}
		moved, err := g.Moved(d.show.Registry, i, e.point, float32(to), value)
		d.change(moved, err, true)
	})
	text := spec.Text(value)
	if spec.Unit != "" {
		text += " " + spec.Unit
	}
	d.nudged("point value", text, at(2), func(by float64) {
		step := float32(0.02)
		if d.hand.Fine {
			step = 0.002
		}
		to := spec.At(spec.Position(value) + float32(by)*step)
		if spec.Kind != show.Number {
			to = spec.Clamp(value + float32(by))
		}
		moved, err := g.Moved(d.show.Registry, i, e.point, when, to)
		d.change(moved, err, true)
	})
	// What is before or after it goes.
	ends := func(from, to float32) {
		cut, err := g.Trimmed(from, to)
		d.change(cut, err, false)
	}
	if d.button("add point", "add", at(3), false, living) {
		d.addPoint(g, i)
	}
	if d.button("remove point", "remove", at(4), false, wrong) {
		d.takeAway(g, i)
	}
	if d.button("trim start", "start here", at(5), false, living) {
		ends(when, g.Length)
	}
	if d.button("trim end", "end here", at(6), false, living) {
		ends(0, when)
	}
	if d.button("remove lane", "drop lane", at(7), false, wrong) {
		d.removeLane(g, i)
	}
}

// quantised gives the gesture with every point at the nearest step of a grid.
// Of points that meet there the last one stays: it is where the hand went.
func quantised(g *show.Gesture, step float64) *show.Gesture {
	c := *g
	c.Tracks = slices.Clone(g.Tracks)
	for i := range c.Tracks {
		t := &c.Tracks[i]
		var at, value []float32
		for k := range t.At {
			x := min(max(float32(math.Round(float64(t.At[k])/step)*step), 0), max(g.Length, t.At[len(t.At)-1]))
			if n := len(at); n > 0 && at[n-1] >= x {
				value[n-1] = t.Value[k]
				continue
			}
			at, value = append(at, x), append(value, t.Value[k])
		}
		t.At, t.Value = at, value
	}
	return &c
}
