package desk

import (
	"fmt"
	"slices"

	"noctiluca/engine"
)

// Reaches is how near the LEDs come to the organisms' colours.
func (d *Desk) Reaches() []engine.Reach { return d.reaches }

// afar is a ΔE OK that nobody overlooks: five times what is just noticed.
const afar = 0.1

// unreached warns of organisms of the scene in hand whose colour the LEDs that
// play them cannot make, with how far off what they show is.
func (d *Desk) unreached(a area) float64 {
	scene := d.inst.Scenes[d.scene].Name
	rows := 0
	for i := range d.reaches {
		if r := &d.reaches[i]; r.Noticed() && slices.Contains(r.Scenes, scene) {
			rows++
		}
	}
	if rows == 0 {
		return a.y
	}
	x, y, w, end := d.panel("Out of gamut", a, rows)
	c := d.canvas
	c.Text("ΔE OK: 0.02 is just noticed", x+w, a.y+pad, tiny, Right, faint)
	for i := range d.reaches {
		r := &d.reaches[i]
		if !r.Noticed() || !slices.Contains(r.Scenes, scene) {
			continue
		}
		tone := warm
		if r.Distance >= afar {
			tone = wrong
		}
		led := r.LED
		if led == "" {
			led = "RGB LED"
		}
		note := fmt.Sprintf("%s  %.2f off", led, r.Distance)
		c.Text(cut(c, r.Organism.Latin, body, w-c.Width(note, tiny)-8), x, y+2, body, Left, pale)
		c.Text(note, x+w, y+3, tiny, Right, tone)
		y += row + gap
	}
	return end + margin
}
