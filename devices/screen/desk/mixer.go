package desk

import (
	"fmt"
	"image/color"
	"strings"

	"noctiluca/engine/show"
)

// top draws the bar with the title, the master and what ends everything.
func (d *Desk) top(a area) {
	c := d.canvas
	c.Box(a.x, a.y, a.w, a.h, paper)
	if a.holds(d.hand.X, d.hand.Y) {
		d.over = true
	}
	c.Text(d.title, margin, 6, title, Left, pale)
	x := margin + c.Width(d.title, title) + 14
	if d.status.Scene != "" {
		c.Text(d.status.Scene, x, 10, body, Left, faint)
		x += c.Width(d.status.Scene, body) + 14
	}
	if d.show == nil {
		return
	}
	d.starts = append(d.starts, len(d.names))
	m := &d.show.Master
	right := a.w - margin
	place := func(w float64) area {
		right -= w
		b := area{right, 6, w, row}
		right -= gap + 1
		return b
	}
	d.toggle(m.Panic, "panic", place(56), wrong)
	d.toggle(m.Blackout, "blackout", place(70), warm)
	d.toggle(m.Freeze, "freeze", place(58), cool)
	d.slider(m.Level, "master", place(180), fill)
	if b := place(38); d.button("tap", "tap", b, false, living) {
		d.offer(show.Event{Action: show.Tap, By: show.ByWindow})
	}
	c.Text(fmt.Sprintf("%.1f", d.view.BPM), right-4, 9, body, Right, faint)
	beat := d.view.Beat - float64(int(d.view.Beat))
	c.Dot(right-44, 17, 5, color.NRGBA{90, 225, 200, uint8(60 + 180*(1-beat))})
	right -= 60
	record, label := d.view.Recording, "record"
	if record {
		label = "recording"
	}
	if d.button("record", label, place(76), record, wrong) {
		d.offer(show.Event{Action: show.Record, By: show.ByWindow})
	}
	if d.button("redo", "redo", place(46), false, living) {
		d.offer(show.Event{Action: show.Redo, By: show.ByWindow})
	}
	if d.button("undo", "undo", place(46), false, living) {
		d.offer(show.Event{Action: show.Undo, By: show.ByWindow})
	}
	if d.button("show gestures", "gestures", place(66), d.open == gestures, living) {
		d.Gestures()
	}
	if d.button("show controls", "controls", place(66), d.open == surfaces, living) {
		d.Surfaces()
	}
	tone, note := faint, ""
	switch ill := d.ill(); {
	case d.said != "":
		tone, note = wrong, d.said
	case ill != "":
		tone, note = wrong, ill
	case len(d.focus) > 0 && d.focus[0] == '/':
		note = d.focus // also where OSC finds it
	case strings.HasPrefix(d.focus, "cue "):
		note = "← → fades, U keeps now"
	case d.status.FPS > 0:
		note = fmt.Sprintf("%.0f frames a second", d.status.FPS)
	}
	c.Text(cut(c, note, tiny, max(right-x-8, 0)), x, 10, tiny, Left, tone)
}

// ill says in a few words what is wrong with the machine, wherever the columns
// are scrolled to; empty when nothing is.
func (d *Desk) ill() string {
	bad := 0
	name := ""
	for i := range d.status.Outputs {
		if d.status.Outputs[i].Bad {
			bad++
			name = d.status.Outputs[i].Name
		}
	}
	switch {
	case len(d.status.Errors) > 0:
		return d.status.Errors[0]
	case bad == 1:
		return "output " + name + " is not well"
	case bad > 1:
		return fmt.Sprintf("%d outputs are not well", bad)
	}
	return ""
}

// left draws the mixer, the master's effects and a scene's parameters; it
// gives their height.
func (d *Desk) left(a area) float64 {
	y := a.y
	y = d.mixer(area{a.x, y, a.w, 0}) + margin
	y = d.parameters(area{a.x, y, a.w, 0}) + margin
	if d.scene < len(d.inst.Scenes) {
		y = d.unreached(area{a.x, y, a.w, 0})
	}
	y = d.effects(area{a.x, y, a.w, 0}) + margin
	y = d.modulators(area{a.x, y, a.w, 0})
	y = d.kept(area{a.x, y, a.w, 0})
	return y - a.y
}

// panel draws the back of a panel with n rows and gives where its rows begin.
func (d *Desk) panel(name string, a area, rows int) (x, y, w, end float64) {
	d.starts = append(d.starts, len(d.names))
	h := 2*pad + row + float64(rows)*(row+gap)
	d.canvas.Box(a.x, a.y, a.w, h, paper)
	d.canvas.Text(name, a.x+pad, a.y+pad-1, head, Left, faint)
	return a.x + pad, a.y + pad + row, a.w - 2*pad, a.y + h
}

// mixer draws the channels that hold a scene.
func (d *Desk) mixer(a area) float64 {
	var used []int
	for i, ch := range d.show.Channels {
		if d.view.To[ch.Scene] > 0 || d.view.To[ch.Level] > 0 {
			used = append(used, i)
		}
	}
	x, y, w, end := d.panel("Mixer", a, 2*len(used)+1)
	for _, i := range used {
		ch := d.show.Channels[i]
		scene := int(d.show.Specs[ch.Scene].Clamp(d.view.To[ch.Scene])) - 1
		name := d.show.Specs[ch.Scene].Text(d.view.To[ch.Scene])
		tint := Tint(max(scene, 0))
		tint.A = 150
		if d.button(fmt.Sprintf("channel %d", i+1), fmt.Sprint(i+1), area{x, y, row, row}, scene == d.scene, Tint(max(scene, 0))) && scene >= 0 {
			d.scene = scene
		}
		d.slider(ch.Level, name, area{x + row + gap, y, w - 3*(row+gap), row}, tint)
		d.toggle(ch.Solo, "S", area{x + w - 2*row - gap, y, row, row}, living)
		d.toggle(ch.Mute, "M", area{x + w - row, y, row, row}, warm)
		y += row + gap
		at := x
		for k, id := range [...]show.ID{ch.Scene, ch.Blend, ch.Deck, ch.Group} {
			wide := (w - 3*gap) * [...]float64{0.26, 0.24, 0.2, 0.3}[k] // names of groups are the longest
			d.choice(id, area{at, y, wide, row})
			at += wide + gap
		}
		y += row + gap
	}
	d.slider(d.show.Cross, "A — B", area{x, y, w, row}, fill)
	return end
}

// parameters draws the sliders of the scene in hand.
func (d *Desk) parameters(a area) float64 {
	if d.scene >= d.show.Scenes() {
		d.scene = 0
	}
	if d.show.Scenes() == 0 {
		return a.y
	}
	rows := 0
	for l := range d.show.Registry.Layers(d.scene) {
		_, _, n := d.show.LayerParameters(d.scene, l)
		rows += n + 1
	}
	scene := &d.inst.Scenes[d.scene]
	x, y, w, end := d.panel("Scene "+scene.Name, a, rows)
	tint := Tint(d.scene)
	for l := range d.show.Registry.Layers(d.scene) {
		level, first, n := d.show.LayerParameters(d.scene, l)
		soft := tint
		soft.A = 130
		d.slider(level, scene.Layers[l].Name, area{x, y, w, row}, soft)
		y += row + gap
		for k := range n {
			d.slider(first+show.ID(k), d.show.Specs[int(first)+k].Label, area{x + 10, y, w - 10, row}, fill)
			y += row + gap
		}
	}
	return end
}

// effects draws what the master does to everything.
func (d *Desk) effects(a area) float64 {
	m := &d.show.Master
	ids := []show.ID{m.Hue, m.Saturation, m.Sparkle, m.Fade, m.Modulated}
	x, y, w, end := d.panel("Master", a, len(ids))
	for _, id := range ids {
		d.slider(id, d.show.Specs[id].Label, area{x, y, w, row}, fill)
		y += row + gap
	}
	return end
}

// modulators draws what moves by itself, with how much and how fast.
func (d *Desk) modulators(a area) float64 {
	n := min(len(d.view.Items[show.Modulations]), len(d.show.Amounts))
	if n == 0 {
		return a.y
	}
	x, y, w, end := d.panel("Modulators", a, 2*n)
	for i := range n {
		d.slider(d.show.Amounts[i], d.view.ModulatorAt(i).Name, area{x, y, w, row}, fill)
		if i < len(d.view.Waves) {
			d.signed(area{x, y + row - 3, w, 2}, float64(d.view.Waves[i]))
		}
		y += row + gap
		d.slider(d.show.Speeds[i], "speed", area{x + 10, y, w - 10, row}, fill)
		y += row + gap
	}
	return end + margin
}

// kept draws what was kept to be called again: gestures, which play, and
// snapshots, which are recalled.
func (d *Desk) kept(a area) float64 {
	gestures, snapshots := len(d.view.Items[show.Gestures]), len(d.view.Items[show.Snapshots])
	y := a.y
	if gestures > 0 {
		x, at, w, end := d.panel("Gestures", area{a.x, y, a.w, 0}, gestures)
		for i := range gestures {
			g := d.view.GestureAt(i)
			_, plays := d.view.Played(i)
			note := fmt.Sprintf("%s  %.1f s", g.Name, g.Length)
			if g.Loop {
				note += ", again and again"
			}
			if d.button(fmt.Sprintf("gesture %d", i+1), cut(d.canvas, note, body, w-12), area{x, at, w, row}, plays, living) {
				d.playOrStop(i, plays)
			}
			d.progress(i, area{x, at, w, row})
			at += row + gap
		}
		y = end + margin
	}
	x, at, w, end := d.panel("Snapshots", area{a.x, y, a.w, 0}, snapshots+1)
	for i := range snapshots {
		if d.button(fmt.Sprintf("snapshot %d", i+1), cut(d.canvas, d.view.SnapshotAt(i).Name, body, w-12), area{x, at, w, row}, false, living) {
			d.offer(show.Event{Action: show.Recall, By: show.ByWindow, Index: i, Fade: show.Own})
		}
		at += row + gap
	}
	if d.button("add snapshot", "keep how it is", area{x, at, w, row}, false, living) {
		cue := d.present(0)
		d.offer(show.Event{Action: show.Insert, By: show.ByWindow, List: show.Snapshots, Index: snapshots, Item: &show.Snapshot{Name: fmt.Sprintf("Snapshot %d", snapshots+1), Sets: cue.Sets}})
	}
	return end
}
