package signal

import (
	"strings"
	"testing"
	"time"

	"noctiluca/engine/signal/audit"
	"noctiluca/engine/signal/consent"
)

// agree grants terms.
func agree(who string, u consent.Terms, at time.Duration) Event {
	return Event{Action: Grant, Reading: Reading{Person: who, At: at}, Terms: u}
}

// Every purpose and modality by itself: what was not agreed to has no effect,
// in the light or on show.
func TestEachTermIsKept(t *testing.T) {
	run := func(u consent.Terms) (CellState, []PersonState) {
		c := New([]string{"a"}, Options{})
		c.Offer(agree("ada", u, 0))
		for n := range 60 * 60 {
			chatter(c.Offer, "ada", n, time.Duration(n)*frame)
			c.Step(time.Duration(n) * frame)
		}
		return c.Cell(0), c.People(nil)
	}
	if s, p := run(consent.Terms{}); s != (CellState{}) || len(p) > 0 {
		t.Errorf("nothing was agreed to; the cell is %+v, shown is %+v", s, p)
	}
	if s, p := run(consent.New(consent.Display, consent.Everything, 0)); s != (CellState{}) || len(p) != 1 || p[0].Affect.ArousalConfidence == 0 {
		t.Errorf("agreed to be shown only; the cell is %+v, shown is %+v", s, p)
	}
	if s, p := run(consent.New(consent.Record, consent.Everything, 0)); s != (CellState{}) || len(p) > 0 {
		t.Errorf("agreed to a recording only; the cell is %+v, shown is %+v", s, p)
	}
	if s, p := run(consent.New(consent.Light, consent.Everything, 0)); s.ArousalConfidence == 0 || len(p) > 0 {
		t.Errorf("agreed to light only; the cell is %+v, shown is %+v", s, p)
	}
	s, p := run(consent.Terms{Light: consent.Skin, Display: consent.Heart})
	if s.ValenceConfidence != 0 || s.Beat != 0 || s.ArousalConfidence == 0 {
		t.Errorf("agreed to skin for light; the cell is %+v", s)
	}
	if len(p) != 1 || p[0].HeartRate == 0 || p[0].SkinLevel != 0 || p[0].BreathRate != 0 || p[0].Affect.ValenceConfidence != 0 {
		t.Errorf("agreed to show the heart; shown is %+v", p)
	}
}

// A grant that takes a modality away zeroes what it left.
func TestLessIsZeroed(t *testing.T) {
	c := New([]string{"a"}, Options{})
	c.Offer(agree("ada", plain, 0))
	at := time.Duration(0)
	for n := range 600 {
		at = time.Duration(n) * frame
		chatter(c.Offer, "ada", n, at)
		c.Step(at)
	}
	c.Offer(agree("ada", consent.New(consent.Light|consent.Display, consent.Breath, 0), at))
	c.Step(at + frame)
	p := &c.people[c.order[0]]
	if p.heart != (heart{}) || p.skin != (skin{}) || p.said != ([2]said{}) || p.recent != (dynamics{}) {
		t.Errorf("what is no longer agreed to is still there: %+v", p.memory)
	}
	if p.breath.detector == nil {
		t.Error("what is still agreed to is gone")
	}
}

// A consent with an end ends by itself, on the frame, and as a revocation does.
func TestConsentExpires(t *testing.T) {
	log := audit.New(10)
	c := New([]string{"a"}, Options{Audit: log})
	until := 5 * time.Second
	c.Offer(agree("ada", consent.New(consent.Light, consent.Everything, until), 0))
	for n := range 60 * 10 {
		at := time.Duration(n) * frame
		chatter(c.Offer, "ada", n, at)
		c.Step(at)
		s := c.Cell(0)
		if at < until && n > 5 && s.People != 1 || at >= until && s != (CellState{}) {
			t.Fatalf("at %v the cell is %+v", at, s)
		}
	}
	for i := range c.people {
		if c.people[i].memory != (memory{}) {
			t.Errorf("seat %d holds %+v", i, c.people[i].memory)
		}
	}
	said := ""
	for _, e := range log.Since(0, nil) {
		said += e.String() + "\n"
	}
	if !strings.Contains(said, "visit 1: consent ended at its time") || strings.Contains(said, "ada") {
		t.Errorf("the log says\n%s", said)
	}
}

// The detectors of who has left are overwritten, not only let go.
func TestDetectorsAreWiped(t *testing.T) {
	c := New([]string{"a"}, Options{})
	c.Offer(agree("ada", plain, 0))
	at := time.Duration(0)
	for n := range 600 {
		at = time.Duration(n) * frame
		for i := range 4 {
			c.Offer(Event{Reading: Reading{Person: "ada", Kind: ECG, Value: float64(n*4+i) + 7777, At: at}, Rate: 240})
		}
		chatter(c.Offer, "ada", n, at)
		c.Step(at)
	}
	p := &c.people[c.order[0]]
	ecg, ppg, eda, breath := p.heart.leads.detector, p.heart.pulse.detector, p.skin.detector, p.breath.detector
	if ecg == nil || ppg == nil || eda == nil || breath == nil {
		t.Fatal("not all detectors run")
	}
	c.Offer(revoke("ada", at))
	c.Step(at)
	for _, d := range []interface{ Zero() bool }{ecg, ppg, eda, breath} {
		if !d.Zero() {
			t.Errorf("%T still holds %+v", d, d)
		}
	}
}

// A baseline from a calibration is there at once, and its drift is told.
func TestCalibratedBaseline(t *testing.T) {
	c := New([]string{"a"}, Options{})
	c.Offer(agree("ada", plain, 0))
	c.Offer(agree("bob", plain, 0))
	c.Offer(Event{Action: Normal, Reading: Reading{Person: "ada", Kind: HeartRate, Value: 60}, Rate: 3, Cell: -1})
	for at := time.Duration(0); at < 20*time.Second; at += frame {
		for _, who := range []string{"ada", "bob"} {
			c.Offer(read(who, HeartRate, 75, at))
		}
		c.Step(at)
	}
	p := c.People(nil)
	if p[0].Affect.Arousal < 0.7 || p[0].Affect.ArousalConfidence < 0.3 || p[0].HeartDrift <= 0 {
		t.Errorf("75 a minute of one whose normal is 60 ± 3: %+v", p[0])
	}
	if p[1].Affect.Arousal > 0.1 || p[1].HeartDrift != 0 {
		t.Errorf("75 a minute of one of whom nothing is known: %+v", p[1])
	}
}
