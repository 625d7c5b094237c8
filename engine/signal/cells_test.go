package signal

import (
	"testing"
	"time"

	"noctiluca/engine/signal/consent"
)

const frame = time.Second / 60

func read(who string, k Kind, v float64, at time.Duration) Event {
	return Event{Reading: Reading{Person: who, Kind: k, Value: v, At: at}}
}

// plain is the consent of most people here: to light and to being shown.
var plain = consent.New(consent.Light|consent.Display, consent.Everything, 0)

func grant(who string, cell int, at time.Duration) Event {
	return Event{Action: Grant, Reading: Reading{Person: who, At: at}, Cell: cell, Terms: plain}
}

func revoke(who string, at time.Duration) Event {
	return Event{Action: Revoke, Reading: Reading{Person: who, At: at}}
}

func TestNoConsentNoTrace(t *testing.T) {
	c := New([]string{"a"}, Options{})
	before := c.Counters()
	for at := time.Duration(0); at < 10*time.Second; at += frame {
		c.Offer(read("ada", Arousal, 1, at))
		c.Offer(Event{Action: Move, Reading: Reading{Person: "ada", At: at}})
		c.Offer(revoke("ada", at))
		c.Step(at)
	}
	if got := c.Cell(-1); got != (CellState{}) {
		t.Errorf("without consent the whole is %+v, want nothing", got)
	}
	if got := c.Counters(); got != before {
		t.Errorf("without consent the counters are %+v, want %+v", got, before)
	}
}

func TestConsentedArousalArrives(t *testing.T) {
	c := New([]string{"a", "b"}, Options{})
	c.Offer(grant("ada", 1, 0))
	for at := time.Duration(0); at < 10*time.Second; at += frame {
		c.Offer(read("ada", Arousal, 0.8, at))
		c.Step(at)
	}
	for _, i := range []int{-1, 1} {
		s := c.Cell(i)
		if s.Arousal < 0.75 || s.Arousal > 0.8 || s.ArousalConfidence < 0.95 || s.Presence < 0.95 || s.People != 1 {
			t.Errorf("cell %d is %+v, want arousal near 0.8, surely, of one person", i, s)
		}
	}
	if s := c.Cell(0); s != (CellState{}) {
		t.Errorf("cell 0, where nobody is, is %+v", s)
	}
}
