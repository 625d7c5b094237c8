package signal

import (
	"fmt"
	"math"
	"testing"
	"time"

	"noctiluca/engine/signal/consent"
)

// twoCells is two cells, 4 m apart.
func twoCells(o Options) *Cells {
	o.Places = []Ground{{At: [3]float32{0, 1, 0}, Radius: 1}, {At: [3]float32{4, 1, 0}, Radius: 1}}
	return New([]string{"a", "b"}, o)
}

func (e Event) of(who string, at time.Duration) Event {
	e.Person, e.At = who, at
	return e
}

// TestOwnHues: chosen, it is what was chosen; not chosen, it is the same for a
// pseudonym and a seed in every run, another for other ones, and spread evenly.
func TestOwnHues(t *testing.T) {
	hue := func(seed uint64, who string, events ...Event) float32 {
		c := twoCells(Options{Seed: seed})
		c.Offer(grant(who, 0, 0))
		c.Offer(Event{Reading: Reading{Kind: Arousal}}.of(who, 0))
		for _, e := range events {
			c.Offer(e.of(who, 0))
		}
		c.Step(frame)
		return c.Own()[0].Hue
	}
	if a, b := hue(1, "ada"), hue(1, "ada"); a != b {
		t.Errorf("one pseudonym has hues %v and %v", a, b)
	}
	if a, b, c := hue(1, "ada"), hue(1, "bob"), hue(2, "ada"); a == b || a == c {
		t.Errorf("hues %v, %v and %v: others should have others", a, b, c)
	}
	if got := hue(1, "ada", Event{Action: Colour, Reading: Reading{Value: 0.25}}); got != 0.25 {
		t.Errorf("0.25 chosen gives %v", got)
	}
	for _, bad := range []float64{-0.1, 1.1, math.NaN(), math.Inf(1)} {
		if got := hue(1, "ada", Event{Action: Colour, Reading: Reading{Value: bad}}); got != hue(1, "ada") {
			t.Errorf("%v chosen gives %v", bad, got)
		}
	}
	// χ² over 16 bins of 1600 names: 15 degrees of freedom, 37.7 at 0.1 %.
	var bins [16]float64
	for i := range 1600 {
		bins[int(hueOf("visitor-"+string(rune('a'+i%26))+string(rune('a'+i/26%26))+string(rune('a'+i/676)), 7)*16)]++
	}
	chi := 0.0
	for _, n := range bins {
		chi += (n - 100) * (n - 100) / 100
	}
	if chi > 37.7 {
		t.Errorf("hues are uneven: χ² %.1f, at most 37.7", chi)
	}
}

// TestOwnPlaces: a light is somewhere in its person's cell, glides to the next
// when they walk, and lies under their hand while they send where that is.
func TestOwnPlaces(t *testing.T) {
	c := twoCells(Options{})
	c.Offer(grant("ada", 0, 0))
	now := time.Duration(0)
	run := func(seconds float64, each func()) Own {
		for range int(seconds * 60) {
			now += frame
			c.Offer(Event{Reading: Reading{Kind: Arousal}}.of("ada", now))
			if each != nil {
				each()
			}
			c.Step(now)
		}
		return c.Own()[0]
	}
	from := func(o Own, x, y float32) float64 { return math.Hypot(float64(o.At[0]-x), float64(o.At[1]-y)) }
	if o := run(3, nil); from(o, 0, 1) > 0.75 || o.Presence < 0.5 || o.Touch != 0 {
		t.Errorf("in cell a: %+v", o)
	}
	c.Offer(Event{Action: Move, Cell: 1}.of("ada", now+1))
	last := c.Own()[0]
	run(6, func() {
		if len(c.Own()) > 0 {
			if d := from(c.Own()[0], last.At[0], last.At[1]); d > 0.12 {
				t.Fatalf("a light jumps %.2f m within a frame", d)
			}
			last = c.Own()[0]
		}
	})
	if from(last, 4, 1) > 0.8 {
		t.Errorf("in cell b: %+v", last)
	}
	o := run(2, func() { c.Offer(Event{Action: Place, Place: [3]float32{-0.5, 1.2, 0}}.of("ada", now)) })
	if from(o, -0.5, 1.2) > 0.01 || o.Touch < 0.9 {
		t.Errorf("under a hand: %+v", o)
	}
	if got := c.Cell(0).People; got != 1 {
		t.Errorf("a hand in cell a: %d people there", got)
	}
	if o := run(4, nil); from(o, -0.5, 1.2) > 0.01 || o.Touch > 0.1 {
		t.Errorf("after a hand is gone: %+v", o)
	}
	c.Offer(Event{Action: Place, Place: [3]float32{float32(math.NaN()), 0, 0}}.of("ada", now+1))
	c.Offer(Event{Action: Place, Place: [3]float32{1e9, 0, 0}}.of("ada", now+1))
	if run(1, nil); c.Counters().Implausible != 2 {
		t.Errorf("%d implausible places, want 2", c.Counters().Implausible)
	}
}

// TestOwnLightIsGoverned: there is none without consent for light, none of a
// cell that somebody has veto, and none left when consent for light ends; a
// heart that was not agreed to gives no beat.
func TestOwnLightIsGoverned(t *testing.T) {
	own := func(events ...Event) []Own {
		c := twoCells(Options{})
		for i, e := range events {
			e.At = time.Duration(i) * time.Millisecond
			c.Offer(e)
			if e.Action == Grant && e.Terms.Light != 0 {
				c.Offer(Event{Reading: Reading{Kind: BeatToBeat, Value: 800}}.of(e.Person, e.At))
				c.Offer(Event{Reading: Reading{Kind: EDA, Value: 2}}.of(e.Person, e.At))
			}
		}
		for n := range 120 {
			c.Step(frame * time.Duration(n+3))
		}
		return append([]Own(nil), c.Own()...)
	}
	who := func(name string, p consent.Purpose, m consent.Modality) Event {
		return Event{Action: Grant, Reading: Reading{Person: name}, Terms: consent.New(p, m, 0)}
	}
	red := Event{Action: Colour, Reading: Reading{Person: "ada", Value: 0.08}}
	hand := Event{Action: Place, Reading: Reading{Person: "ada"}, Place: [3]float32{0, 1, 0}}
	if o := own(red, hand); len(o) != 0 {
		t.Errorf("without consent: %+v", o)
	}
	if o := own(who("ada", consent.Display|consent.Record, consent.Everything), red, hand); len(o) != 0 {
		t.Errorf("with consent to be shown, but not for light: %+v", o)
	}
	if o := own(who("ada", consent.Light, consent.Heart), red, hand); len(o) != 1 || o[0].Hue != 0.08 || o[0].Pulse == 0 || o[0].Beat == 0 && o[0].Heart == 0 {
		t.Errorf("with consent for the heart to move light: %+v", o)
	}
	if o := own(who("ada", consent.Light, consent.Skin), red, hand); len(o) != 1 || o[0].Hue != 0.08 || o[0].Pulse != 0 || o[0].Beat != 0 {
		t.Errorf("with consent for the skin alone: %+v", o)
	}
	if o := own(who("ada", consent.Light, consent.Everything), red, hand, who("ada", consent.Display, consent.Everything)); len(o) != 0 {
		t.Errorf("after consent for light ended: %+v", o)
	}
	if o := own(who("ada", consent.Light, consent.Everything), red, who("ada", consent.Display, consent.Everything), who("ada", consent.Light, consent.Everything)); len(o) != 1 || o[0].Hue == 0.08 {
		t.Errorf("a colour outlived the consent that it served: %+v", o)
	}
	veto := Event{Action: Veto, Reading: Reading{Person: "bob", Value: 1}}
	if o := own(who("ada", consent.Light, consent.Everything), who("bob", consent.Light, consent.Everything), hand, veto); len(o) != 0 {
		t.Errorf("in a cell with a veto: %+v", o)
	}
	var many []Event
	for i := range DefaultOwn + 8 {
		many = append(many, who("visitor-"+string(rune('A'+i)), consent.Light, consent.Everything))
	}
	if o := own(many...); len(o) != DefaultOwn {
		t.Errorf("of %d people %d have a light of their own, want %d", len(many), len(o), DefaultOwn)
	}
}

// TestOwnLightsAreAsManyAsStated: the first to consent have them, how many wait
// is known, and who waited comes in softly when somebody else leaves.
func TestOwnLightsAreAsManyAsStated(t *testing.T) {
	for _, c := range []struct{ stated, people, own, waiting int }{
		{0, 40, DefaultOwn, 8}, {3, 5, 3, 2}, {3, 2, 2, 0}, {100, 90, 90, 0}, {MaxOwn, 1000, MaxOwn, 1000 - MaxOwn}, {5000, 1100, MaxOwn, 1100 - MaxOwn}, {-1, 5, 0, 0},
	} {
		cells := twoCells(Options{OwnLights: c.stated})
		for i := range c.people {
			cells.Offer(grant(fmt.Sprint("visitor-", i), i%2, 0))
			cells.Offer(Event{Reading: Reading{Kind: Arousal}}.of(fmt.Sprint("visitor-", i), 0))
		}
		cells.Step(frame)
		if o, w := len(cells.Own()), cells.Waiting(); o != c.own || w != c.waiting {
			t.Errorf("%d are stated and %d people there: %d have a light and %d wait, want %d and %d", c.stated, c.people, o, w, c.own, c.waiting)
		}
	}
	cells := twoCells(Options{OwnLights: 2})
	now := time.Duration(0)
	run := func(frames int) {
		for range frames {
			now += frame
			for _, who := range []string{"ada", "bob", "eve"} {
				cells.Offer(Event{Reading: Reading{Kind: Arousal}}.of(who, now))
			}
			cells.Step(now)
		}
	}
	for i, who := range []string{"ada", "bob", "eve"} {
		cells.Offer(Event{Action: Colour, Reading: Reading{Value: float64(i) / 4}}.of(who, 0))
		cells.Offer(grant(who, 0, 0))
		cells.Offer(Event{Action: Colour, Reading: Reading{Value: float64(i) / 4}}.of(who, 1))
	}
	run(600)
	if o := cells.Own(); len(o) != 2 || o[0].Hue != 0 || o[1].Hue != 0.25 || cells.Waiting() != 1 {
		t.Fatalf("%+v, and %d wait", o, cells.Waiting())
	}
	cells.Offer(Event{Action: Revoke}.of("ada", now))
	last := float32(0)
	for n := range 600 {
		run(1)
		o := cells.Own()
		if len(o) != 2 || o[0].Hue != 0.25 || o[1].Hue != 0.5 || cells.Waiting() != 0 {
			t.Fatalf("%d frames after one left: %+v, and %d wait", n, o, cells.Waiting())
		}
		if step := o[1].Presence - last; step < 0 || step > 0.03 {
			t.Fatalf("%d frames after one left, the next one's light goes from %v to %v", n, last, o[1].Presence)
		}
		last = o[1].Presence
	}
	if last < 0.99 {
		t.Errorf("at last their light is at %v", last)
	}
}
