package desk

import (
	"fmt"
	"image/color"
	"slices"
	"strings"
	"time"

	"noctiluca/engine/signal"
	"noctiluca/engine/signal/consent"
)

// right draws what people feel and how the machine does; it gives the height.
func (d *Desk) right(a area) float64 {
	y := a.y
	y = d.cells(area{a.x, y, a.w, 0}) + margin
	y = d.people(area{a.x, y, a.w, 0}) + margin
	if d.status.Guard.Watches {
		y = d.guard(area{a.x, y, a.w, 0}) + margin
	}
	y = d.safety(area{a.x, y, a.w, 0}) + margin
	y = d.machine(area{a.x, y, a.w, 0})
	if len(d.status.Log) > 0 {
		y = d.log(area{a.x, y + margin, a.w, 0})
	}
	return y - a.y
}

// most is how many people have a row of their own.
const most = 64

// people lists who agreed to be shown, by pseudonym and in the order they
// came: how good each sensor's signal is and what it may be used for, heart
// and arousal. Of the one in focus everything is told that they agreed to, and
// their consent can be taken back for them.
func (d *Desk) people(a area) float64 {
	c := d.canvas
	n := len(d.status.People)
	rows := min(n, most)
	if n == 0 || n > most {
		rows++
	}
	waits := d.status.OwnWaiting > 0 && !d.status.WholeWithheld
	if waits {
		rows++
	}
	open := -1
	for i := range min(n, most) {
		if who := d.status.People[i].Person; d.focus == "person "+who || d.focus == "revoke "+who {
			open = i
			rows += len(purposes) + 2
			if d.revoke != nil {
				rows++
			}
		}
	}
	x, y, w, end := d.panel(fmt.Sprintf("People who agreed to be shown: %d", n), a, rows)
	if n == 0 {
		c.Text("nobody; the light plays on its own", x, y+2, body, Left, faint)
		y += row + gap
	}
	for i := range min(n, most) {
		p := &d.status.People[i]
		d.person(p, Tint(i), area{x, y, w, row})
		y += row + gap
		if i == open {
			y = d.agreed(p, area{x + 10, y, w - 10, row})
		}
	}
	if n > most {
		c.Text(fmt.Sprintf("and %d more", n-most), x, y+2, body, Left, faint)
		y += row + gap
	}
	if waits {
		own := d.status.OwnLights
		c.Text(cut(c, fmt.Sprintf("%d of %d have a light of their own: own_lights", own, own+d.status.OwnWaiting), body, w), x, y+2, body, Left, warm)
	}
	return end
}

// person writes the row of one person.
func (d *Desk) person(p *signal.PersonState, tone color.NRGBA, a area) {
	c := d.canvas
	focused, _ := d.control("person "+p.Person, area{a.x - 3, a.y, a.w + 6, a.h})
	c.Dot(a.x+5, a.y+10, 2.5+2.5*float64(p.Beat), tone)
	c.Text(cut(c, p.Person, body, 84), a.x+15, a.y+2, body, Left, pale)
	d.modalities(p, area{a.x + 101, a.y + 3, 13, a.h - 6})
	rate := "—"
	if p.HeartRate > 0 {
		rate = fmt.Sprintf("%.0f bpm", p.HeartRate)
	}
	c.Text(rate, a.x+218, a.y+3, tiny, Right, faint)
	if p.Affect.ArousalConfidence > 0 {
		d.signed(area{a.x + 224, a.y + 9, a.w - 224, 3}, float64(p.Affect.Arousal))
	} else {
		c.Text("no signal", a.x+a.w, a.y+3, tiny, Right, faint)
	}
	d.frame(area{a.x - 3, a.y, a.w + 6, a.h}, focused)
	if focused && d.hand.pressed(KeyDefault) && d.revoke != nil {
		d.revoke(p.Person)
	}
}

// letters stand for the modalities, in their order: feeling, heart, skin,
// breath, and the electroencephalogram.
const letters = "FHSBE"

// modalities draws a letter for each kind of signal: its ground fills with the
// quality of the signal, it is bright when it may move light and pale when it
// is only shown, and a mark over it says that it is recorded. What was not
// granted is a dot. a is the place of the first.
func (d *Desk) modalities(p *signal.PersonState, a area) {
	c := d.canvas
	for i := range letters {
		m := consent.Modality(1 << i)
		at := area{a.x + float64(i)*(a.w+2), a.y, a.w, a.h}
		if p.Terms.Any()&m == 0 {
			c.Dot(at.x+at.w/2, at.y+at.h/2, 1, faint)
			continue
		}
		c.Box(at.x, at.y, at.w, at.h, raised)
		k := qualityOf(p, m)
		c.Box(at.x, at.y+at.h*(1-k), at.w, at.h*k, fill)
		tone := faint
		if p.Terms.Light&m != 0 {
			tone = pale
		}
		c.Text(letters[i:i+1], at.x+at.w/2, at.y, tiny, Middle, tone)
		if p.Terms.Record&m != 0 {
			c.Dot(at.x+at.w-1, at.y+1, 2, wrong)
		}
	}
}

// qualityOf is how good a modality's signal is, 0…1, as far as it is shown.
func qualityOf(p *signal.PersonState, m consent.Modality) float64 {
	q := float32(0)
	switch m {
	case consent.Feeling:
		if p.Terms.Display&m != 0 {
			q = max(p.Affect.ArousalConfidence, p.Affect.ValenceConfidence)
		}
	case consent.Heart:
		q = p.HeartQuality
	case consent.Skin:
		q = p.SkinQuality
	case consent.Breath:
		q = p.BreathQuality
	case consent.Brain:
		q = p.BrainQuality
	}
	return float64(min(max(q, 0), 1))
}

// purposes are what signals may be used for, as they are told.
var purposes = [...]struct {
	name string
	of   func(*consent.Terms) consent.Modality
}{
	{"moves light", func(t *consent.Terms) consent.Modality { return t.Light }},
	{"is shown", func(t *consent.Terms) consent.Modality { return t.Display }},
	{"is recorded", func(t *consent.Terms) consent.Modality { return t.Record }},
}

// agreed tells all that a person agreed to, and until when.
func (d *Desk) agreed(p *signal.PersonState, a area) float64 {
	c := d.canvas
	write := func(name, value string, tone color.NRGBA) {
		c.Text(name, a.x, a.y+2, body, Left, faint)
		c.Text(cut(c, value, tiny, a.w-90), a.x+a.w, a.y+3, tiny, Right, tone)
		a.y += row + gap
	}
	for _, u := range purposes {
		m := u.of(&p.Terms)
		if words := modalitiesIn(m); words != "" {
			write(u.name, words, pale)
		} else {
			write(u.name, "nothing", faint)
		}
	}
	write("until", ends(&p.Terms, d.view.At), pale)
	write("signal", signalOf(p), pale)
	if d.revoke != nil {
		if d.button("revoke "+p.Person, "take the consent back", area{a.x, a.y, a.w, row}, false, wrong) {
			d.revoke(p.Person)
		}
		a.y += row + gap
	}
	return a.y
}

// modalitiesIn names the modalities of a set.
func modalitiesIn(m consent.Modality) string {
	if m == consent.Everything {
		return "everything"
	}
	var words []string
	for i, name := range consent.Modalities() {
		if m&(1<<i) != 0 {
			words = append(words, name)
		}
	}
	return strings.Join(words, ", ")
}

// ends says when a consent ends by itself.
func ends(t *consent.Terms, now time.Duration) string {
	if t.Until <= 0 {
		return "the visit ends"
	}
	left := max(t.Until-now, 0).Round(time.Second)
	if left >= time.Minute {
		return fmt.Sprintf("in %d min %02d s", left/time.Minute, left%time.Minute/time.Second)
	}
	return fmt.Sprintf("in %d s", left/time.Second)
}

// signalOf says how good the signals are that are shown.
func signalOf(p *signal.PersonState) string {
	var words []string
	for i, name := range consent.Modalities() {
		if m := consent.Modality(1 << i); p.Terms.Display&m != 0 {
			words = append(words, fmt.Sprintf("%s %.0f %%", name, 100*qualityOf(p, m)))
		}
	}
	if len(words) == 0 {
		return "—"
	}
	if len(words) > 3 { // they do not fit: of those that are there only
		words = slices.DeleteFunc(words, func(w string) bool { return strings.HasSuffix(w, " 0 %") })
	}
	return strings.Join(words, "  ")
}
