package emotibit_test

import (
	"math"
	"path/filepath"
	"testing"
	"time"

	"noctiluca/devices/emotibit"
	"noctiluca/devices/osc"
	"noctiluca/engine/signal"
	"noctiluca/installations"
)

func recorded(t testing.TB) *emotibit.Recording {
	t.Helper()
	names, _ := filepath.Glob("../../../shared/data/emotibit/*.csv")
	if len(names) == 0 {
		t.Skip("the EmotiBit recording: ../shared/data is missing")
	}
	r, err := emotibit.Open(names[0])
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// play sends the recording through the receiver into cells, a frame at a time.
func play(t *testing.T, consent string, each func(at time.Duration, c *signal.Cells)) {
	t.Helper()
	datagrams, _, err := recorded(t).Datagrams(emotibit.Patchboard())
	if err != nil {
		t.Fatal(err)
	}
	cells := signal.New([]string{"a", "b"}, signal.Options{})
	r := osc.NewReceiver(installations.Signals{Devices: []installations.SensorDevice{
		{Kind: "emotibit", Address: "/EmotiBit/0", Person: "wearer", Cell: 1, Consent: consent}}}, cells.Names(), cells, osc.Options{})
	r.Seat(0)
	next := 0
	for at := time.Duration(0); next < len(datagrams); at += time.Second / 60 {
		for next < len(datagrams) && datagrams[next].At <= at {
			if err := r.Receive(datagrams[next].Data, datagrams[next].At, time.Unix(0, 0)); err != nil {
				t.Fatal(err)
			}
			next++
		}
		cells.Step(at)
		each(at, cells)
	}
}

// What the cells make of the recorded person: the heart rate is that of the
// device's own beats, which are not sent and so judge it; arousal is known
// and moves; valence is not made up.
func TestTheRecordedPersonReachesTheCell(t *testing.T) {
	var beats []emotibit.Packet
	for _, p := range recorded(t).Packets {
		if p.Tag == "BI" {
			beats = append(beats, p)
		}
	}
	var low, high, worst float64 = 1, -1, 0
	var last signal.CellState
	n := 2
	play(t, "signed at the desk", func(at time.Duration, c *signal.Cells) {
		s := c.Cell(1)
		last = s
		if s != c.Cell(-1) || c.Cell(0) != (signal.CellState{}) {
			t.Fatalf("at %v the cells are %+v, %+v, the whole %+v", at, c.Cell(0), s, c.Cell(-1))
		}
		if at > 20*time.Second {
			low, high = min(low, float64(s.Arousal)), max(high, float64(s.Arousal))
		}
		for n < len(beats) && beats[n].At <= at {
			b := []float64{float64(beats[n-2].Values[0]), float64(beats[n-1].Values[0]), float64(beats[n].Values[0])}
			median := max(min(b[0], b[1]), min(max(b[0], b[1]), b[2]))
			if p := c.People(nil); at > 10*time.Second && len(p) == 1 {
				worst = max(worst, math.Abs(float64(p[0].HeartRate)-60000/median))
			}
			n++
		}
		if at%(5*time.Second) < time.Second/60 {
			t.Logf("%4.0f s arousal %5.2f (%.2f) heart %v", at.Seconds(), s.Arousal, s.ArousalConfidence, c.People(nil))
		}
	})
	if worst > 12 {
		t.Errorf("the heart rate is %.1f a minute off the device's beats, want 12 at most", worst)
	}
	if high-low < 0.4 || last.ArousalConfidence < 0.6 || last.Presence < 0.95 {
		t.Errorf("arousal stays within %.2f…%.2f, at the end %+v; want it to move by 0.4, surely", low, high, last)
	}
	if last.Valence != 0 || last.ValenceConfidence != 0 {
		t.Errorf("valence %v with confidence %v came from a body", last.Valence, last.ValenceConfidence)
	}
}

func TestWithoutConsentTheRecordingDoesNothing(t *testing.T) {
	play(t, "", func(at time.Duration, c *signal.Cells) {
		if s := c.Cell(-1); s != (signal.CellState{}) {
			t.Fatalf("at %v the whole is %+v", at, s)
		}
	})
}
