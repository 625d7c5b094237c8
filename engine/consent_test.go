package engine

import (
	"bytes"
	"fmt"
	"math"
	"testing"
	"time"

	"noctiluca/engine/signal"
	"noctiluca/engine/signal/consent"
)

// everyone offers what three people send in a frame; the third goes on
// sending whatever became of their consent.
func everyone(e *Engine, at time.Duration, n int, third bool) {
	send := func(who string, k signal.Kind, v float64, rate float32) {
		e.Signals().Offer(signal.Event{Reading: signal.Reading{Person: who, Kind: k, Value: v, At: at}, Rate: rate})
	}
	for i, who := range []string{"one", "two", "three"} {
		if i == 2 && !third {
			continue
		}
		x := math.Sin(float64(n)/40 + float64(i))
		send(who, signal.Arousal, x, 0)
		send(who, signal.Valence, -x, 0)
		send(who, signal.HeartRate, 70+10*x, 0)
		for k := range 4 {
			send(who, signal.ECG, math.Pow(math.Sin(math.Pi*(float64(4*n+k)/240+0.3*float64(i))), 40), 240)
		}
		send(who, signal.EDA, 4+x, 60)
		send(who, signal.Breath, x, 60)
	}
}

func consents(e *Engine, who string, cell int, at time.Duration) {
	e.Signals().Offer(signal.Event{Action: signal.Grant, Reading: signal.Reading{Person: who, At: at}, Cell: cell,
		Terms: consent.New(consent.Light|consent.Display, consent.Everything, 0)})
}

// TestARevocationActsOnTheNextFrame: from the frame of the revocation on,
// every byte is that of a run in which the person was absent from that moment:
// there their consent's end was by its own terms, agreed to at the beginning,
// and not one reading of theirs was sent any more. And what the cells feel is
// from that frame on what they feel in a run into which the person never came.
// (The light of that run differs: fireflies do not forget whom they have met.)
func TestARevocationActsOnTheNextFrame(t *testing.T) {
	const leaves = 240
	revoked, absent, never := play(t, small(moving), Config{}), play(t, small(moving), Config{}), play(t, small(moving), Config{})
	for _, e := range []*Engine{revoked, absent, never} {
		consents(e, "one", 0, 0)
		consents(e, "two", 1, 0)
	}
	consents(revoked, "three", 0, 0)
	absent.Signals().Offer(signal.Event{Action: signal.Grant, Reading: signal.Reading{Person: "three"}, Cell: 0,
		Terms: consent.New(consent.Light|consent.Display, consent.Everything, frameTime(leaves))})
	different := false
	for n := 1; n <= 600; n++ {
		at := frameTime(n)
		if n == leaves {
			revoked.Signals().Offer(signal.Event{Action: signal.Revoke, Reading: signal.Reading{Person: "three", At: at}})
		}
		everyone(revoked, at, n, true) // goes on sending
		everyone(absent, at, n, n < leaves)
		everyone(never, at, n, false)
		f, g, h := revoked.Step(at), absent.Step(at), never.Step(at)
		for i := range f.Outputs() {
			if !bytes.Equal(f.Output(i), g.Output(i)) {
				t.Fatalf("frame %d, %d after the revocation: output %d differs from that of a run in which the person was absent from then on", n, n-leaves, i)
			}
			if n < leaves && !bytes.Equal(f.Output(i), h.Output(i)) {
				different = true
			}
		}
		if n >= leaves {
			if a, b := fmt.Sprint(revoked.Signals().Cell(-1), revoked.Signals().Cell(0), revoked.Signals().People(nil)), fmt.Sprint(never.Signals().Cell(-1), never.Signals().Cell(0), never.Signals().People(nil)); a != b {
				t.Fatalf("frame %d, %d after the revocation, the cells feel\n%s\nand where the person never came\n%s", n, n-leaves, a, b)
			}
		}
		f.Release()
		g.Release()
		h.Release()
	}
	if !different {
		t.Error("while there, the person moved nothing: this test shows nothing")
	}
}

// TestNobodyConsents: at no consent at all every scene plays, and nothing that
// is sent moves a byte of it.
func TestNobodyConsents(t *testing.T) {
	sent, silent := play(t, small(moving), Config{}), play(t, small(moving), Config{})
	lit := false
	for n := 1; n <= 120; n++ {
		everyone(sent, frameTime(n), n, true)
		f, g := sent.Step(frameTime(n)), silent.Step(frameTime(n))
		for i := range f.Outputs() {
			if !bytes.Equal(f.Output(i), g.Output(i)) {
				t.Fatalf("frame %d: readings without consent moved output %d", n, i)
			}
			for _, b := range f.Output(i) {
				lit = lit || b > 0
			}
		}
		f.Release()
		g.Release()
	}
	if !lit {
		t.Error("with nobody's consent the work is dark")
	}
}
