package desk

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"noctiluca/engine/show"
)

// cues draws the list of cues along the lower edge, with Go, Back and Hold.
func (d *Desk) cues(a area) {
	c := d.canvas
	d.starts = append(d.starts, len(d.names))
	c.Box(a.x, a.y, a.w, a.h, paper)
	if a.holds(d.hand.X, d.hand.Y) {
		d.over = true
	}
	x, y, h := a.x+margin, a.y+pad, a.h-2*pad
	list := d.view.Items[show.Cues]
	if d.button("go", "GO", area{x, y, 62, h}, d.view.Fading, living) {
		d.offer(show.Event{Action: show.Go, By: show.ByWindow})
	}
	x += 62 + gap
	half := (h - gap) / 2
	if d.button("back", "back", area{x, y, 48, half}, false, living) {
		d.offer(show.Event{Action: show.Back, By: show.ByWindow})
	}
	if d.button("hold", "hold", area{x, y + half + gap, 48, half}, d.view.Held, warm) {
		d.offer(show.Event{Action: show.Hold, By: show.ByWindow})
	}
	x += 48 + margin
	if len(list) == 0 {
		c.Text("No cues. Add a cue keeps how the scenes, the mixer and the master are now.", x, y+h/2-8, body, Left, faint)
	}
	const wide = 132.0
	room := a.w - margin - 92 - x
	// The next cue is kept in view.
	from := 0
	if fit := int(room / (wide + gap)); d.view.Next >= fit && fit > 0 {
		from = d.view.Next - fit + 1
	}
	for i := from; i < len(list) && x+wide < a.w-margin-92; i++ {
		cue := d.view.CueAt(i)
		d.cue(i, cue, area{x, y, wide, h})
		x += wide + gap
	}
	if d.button("add cue", "add a cue", area{a.w - margin - 84, y, 84, h}, false, living) {
		d.offer(show.Event{Action: show.Insert, By: show.ByWindow, List: show.Cues, Index: len(list), Item: d.present(len(list))})
	}
}

// cue draws one cue; a press goes there.
func (d *Desk) cue(i int, cue *show.Cue, a area) {
	c := d.canvas
	focused, taken := d.control(fmt.Sprintf("cue %d", i+1), a)
	back, text := raised, pale
	if i == d.view.Cue {
		back, text = color.NRGBA{30, 92, 96, 235}, pale
	}
	c.Box(a.x, a.y, a.w, a.h, back)
	if i == d.view.Next {
		c.Box(a.x, a.y, 3, a.h, living)
	}
	c.Text(cut(c, fmt.Sprintf("%d  %s", i+1, cue.Name), head, a.w-16), a.x+9, a.y+4, head, Left, text)
	note := fmt.Sprintf("in %.3g s  out %.3g s", cue.In, cue.Out)
	switch {
	case cue.Wait != nil:
		over := "over"
		if cue.Wait.Below {
			over = "under"
		}
		note = fmt.Sprintf("%s %s %.2g for %.3g s", cue.Wait.Signal, over, cue.Wait.Threshold, cue.Wait.For)
		if i == d.view.Next && cue.Wait.For > 0 {
			d.bar(area{a.x, a.y + a.h - 2, a.w, 2}, float64(d.view.Waited/cue.Wait.For), living)
		}
	case cue.Follow >= 0:
		note += fmt.Sprintf("  then %.3g s", cue.Follow)
	}
	c.Text(cut(c, note, tiny, a.w-16), a.x+9, a.y+a.h-19, tiny, Left, faint)
	d.frame(a, focused)
	switch {
	case taken, focused && d.hand.pressed(KeyEnter):
		d.offer(show.Event{Action: show.GoTo, By: show.ByWindow, Index: i})
	case focused && d.hand.pressed(KeyDefault):
		d.offer(show.Event{Action: show.Remove, By: show.ByWindow, List: show.Cues, Index: i})
	case focused && d.hand.pressed(KeyRight):
		d.fades(i, cue, 1)
	case focused && d.hand.pressed(KeyLeft):
		d.fades(i, cue, -1)
	case focused && d.hand.pressed(KeyKeep):
		next := *cue
		next.Sets = d.renewed(cue.Sets)
		d.offer(show.Event{Action: show.Edit, By: show.ByWindow, List: show.Cues, Index: i, Item: &next})
	}
}

// fades makes both fades of a cue longer or shorter, by half a second, a tenth
// with shift, and ten times that where they are long.
func (d *Desk) fades(i int, cue *show.Cue, way float64) {
	step := 0.5
	if d.hand.Fine {
		step = 0.1
	}
	if cue.In >= 30 || cue.Out >= 30 {
		step *= 10
	}
	next := *cue
	next.In, next.Out = moved(cue.In, way*step), moved(cue.Out, way*step)
	if next.In != cue.In || next.Out != cue.Out {
		d.offer(show.Event{Action: show.Edit, By: show.ByWindow, List: show.Cues, Index: i, Item: &next})
	}
}

// moved is a time moved by some seconds, in whole tenths, as it is written,
// and a day at most, as the show has it.
func moved(t float32, by float64) float32 {
	return float32(min(max(math.Round(10*(float64(t)+by))/10, 0), 86400))
}

// renewed are settings of the same parameters, as these are now.
func (d *Desk) renewed(sets []show.Setting) []show.Setting {
	out := slices.Clone(sets)
	for k := range out {
		out[k].Value = d.view.To[out[k].Param]
	}
	return out
}

// present is a cue of how everything is now that a show keeps.
func (d *Desk) present(n int) *show.Cue {
	cue := &show.Cue{Name: fmt.Sprintf("Cue %d", n+1), In: 3, Out: 3, Follow: -1, Timecode: -1}
	for i := range d.show.Specs {
		if s := &d.show.Specs[i]; !s.Momentary {
			cue.Sets = append(cue.Sets, show.Setting{Param: show.ID(i), Value: d.view.To[i]})
		}
	}
	return cue
}
