package emotibit_test

import (
	"math"
	"path/filepath"
	"slices"
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

// What the cells make of the recorded person. The heart rate is that of the
// device's own beats, which are not sent and so judge it: over twenty beats, for
// each of the device's is rounded to 40 ms and some come 300 ms after the peak. Arousal follows the heart and the skin of the
// person, who is startled some 10 s into the recording; the cell has it with
// the weight of what is known by then. Valence is not made up.
func TestTheRecordedPersonReachesTheCell(t *testing.T) {
	var beats []emotibit.Packet
	for _, p := range recorded(t).Packets {
		if p.Tag == "BI" {
			beats = append(beats, p)
		}
	}
	const over = 20 // beats
	var rates []float64
	var arousal, heart []float64
	var high, low struct {
		arousal float64
		at      time.Duration
	}
	high.arousal, low.arousal = -1, 1
	worst, since := 0.0, time.Duration(0)
	var last signal.CellState
	n := 0
	play(t, "signed at the desk", func(at time.Duration, c *signal.Cells) {
		last = c.Cell(1)
		if last != c.Cell(-1) || c.Cell(0) != (signal.CellState{}) {
			t.Fatalf("at %v the cells are %+v, %+v, the whole %+v", at, c.Cell(0), last, c.Cell(-1))
		}
		people := c.People(nil)
		if len(people) != 1 {
			return
		}
		p := people[0]
		if d := last.Arousal - p.Affect.Arousal*p.Affect.ArousalConfidence; d > 1e-3 || d < -1e-3 {
			t.Fatalf("at %v the cell's arousal is %v, its only person's %+v", at, last.Arousal, p.Affect)
		}
		if at > 12*time.Second {
			if a := float64(p.Affect.Arousal); a > high.arousal {
				high.arousal, high.at = a, at
			} else if a < low.arousal {
				low.arousal, low.at = a, at
			}
		}
		for n < len(beats) && beats[n].At <= at {
			n++
			rates = append(rates, float64(p.HeartRate))
			if at > 12*time.Second {
				b := []float32{beats[n-3].Values[0], beats[n-2].Values[0], beats[n-1].Values[0]}
				slices.Sort(b)
				arousal, heart = append(arousal, float64(p.Affect.Arousal)), append(heart, 60000/float64(b[1]))
			}
			if n <= over || at < 30*time.Second {
				continue
			}
			theirs, ours := 0.0, 0.0
			for i := n - over; i < n; i++ {
				// A median of three is a beat late.
				theirs += float64(beats[i-1].Values[0]) / 60000 / over
				ours += 1 / rates[i] / over
			}
			worst = max(worst, math.Abs(1/ours-1/theirs))
		}
		if at >= since {
			since += 5 * time.Second
			t.Logf("%4.0f s arousal %5.2f (%.2f) heart %.0f", at.Seconds(), p.Affect.Arousal, p.Affect.ArousalConfidence, p.HeartRate)
		}
	})
	r := correlation(arousal, heart)
	t.Logf("over %d beats the heart rate is at most %.2f a minute off the device's; arousal %.2f at %v to %.2f at %v, correlation with the heart %.2f",
		over, worst, high.arousal, high.at, low.arousal, low.at, r)
	if worst > 3 {
		t.Errorf("over %d beats the heart rate is %.1f a minute off the device's, want 3 at most", over, worst)
	}
	if high.arousal-low.arousal < 0.4 || high.at > 25*time.Second || r < 0.5 {
		t.Errorf("arousal goes from %.2f at %v to %.2f at %v, correlation with the heart %.2f; want it to move by 0.4, to be highest at the startle, and 0.5 at least", low.arousal, low.at, high.arousal, high.at, r)
	}
	if last.ArousalConfidence < 0.6 || last.Presence < 0.95 {
		t.Errorf("at the end the cell is %+v, want it sure", last)
	}
	if last.Valence != 0 || last.ValenceConfidence != 0 {
		t.Errorf("valence %v with confidence %v came from a body", last.Valence, last.ValenceConfidence)
	}
}

// correlation is Pearson's r.
func correlation(x, y []float64) float64 {
	var mx, my, xy, xx, yy float64
	for i := range x {
		mx += x[i] / float64(len(x))
		my += y[i] / float64(len(x))
	}
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
		yy += (y[i] - my) * (y[i] - my)
	}
	return xy / math.Sqrt(xx*yy)
}

func TestWithoutConsentTheRecordingDoesNothing(t *testing.T) {
	play(t, "", func(at time.Duration, c *signal.Cells) {
		if s := c.Cell(-1); s != (signal.CellState{}) {
			t.Fatalf("at %v the whole is %+v", at, s)
		}
	})
}
