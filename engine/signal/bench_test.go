package signal

import (
	"math"
	"strconv"
	"testing"
	"time"

	"noctiluca/engine/signal/guard"
)

// house is a full house that has settled.
func house(people int) (*Cells, []string) {
	c := New([]string{"a", "b", "c"}, Options{})
	names := make([]string, people)
	for i := range names {
		names[i] = "person-" + strconv.Itoa(i)
		c.Offer(grant(names[i], i%3, 0))
	}
	return c, names
}

func TestStepsAllocateNothing(t *testing.T) {
	c, names := house(20)
	var people []PersonState
	n := 0
	step := func() {
		at := time.Duration(n) * frame
		for i, who := range names {
			chatter(c.Offer, who, i, at)
		}
		c.Step(at)
		people = c.People(people[:0])
		n++
	}
	for range 600 {
		step()
	}
	if got := testing.AllocsPerRun(600, step); got != 0 {
		t.Errorf("a frame allocates %v times", got)
	}
}

// BenchmarkSignals is a frame at 60 Hz of a thousand people, each with an
// electrocardiogram of 250 Hz and four other signals as sensors send them: a
// pulse wave at 64 Hz, conductance at 15, breath at 25 and a valence at 10. All
// rules are in force and the guard watches. %core is what of one core it takes.
func BenchmarkSignals(b *testing.B) {
	b.Run("1000people", func(b *testing.B) {
		c := New([]string{"a", "b", "c"}, Options{Rules: Rules{Blend: 0.2, MinimumGroup: 5, Guard: &guard.Options{Dither: 0.05}}})
		names := make([]string, 1000)
		for i := range names {
			names[i] = "person-" + strconv.Itoa(i)
			c.Offer(grant(names[i], i%3, 0))
		}
		n, readings := 0, 0
		heart := [250]float64{}
		for i := range heart {
			d := float64(i-60) / 3
			heart[i] = math.Exp(-d*d) + 0.2*math.Exp(-d*d/400)
		}
		sent := [5]int{}
		step := func() {
			at := time.Duration(n) * frame
			due := func(k int, rate float64) int {
				to := int(at.Seconds()*rate) + 1
				d := to - sent[k]
				sent[k] = to
				return d
			}
			ecg, ppg, eda, breath, valence := due(0, 250), due(1, 64), due(2, 15), due(3, 25), due(4, 10)
			for i, who := range names {
				for k := range ecg {
					c.Offer(Event{Reading: Reading{Person: who, Kind: ECG, Value: heart[(sent[0]-ecg+k+7*i)%250], At: at}, Rate: 250})
				}
				x := float64((n*7+i)%50) / 50
				for range ppg {
					c.Offer(Event{Reading: Reading{Person: who, Kind: PPG, Value: x, At: at}, Rate: 64})
				}
				for range eda {
					c.Offer(Event{Reading: Reading{Person: who, Kind: EDA, Value: 3 + x, At: at}, Rate: 15})
				}
				for range breath {
					c.Offer(Event{Reading: Reading{Person: who, Kind: Breath, Value: x, At: at}, Rate: 25})
				}
				for range valence {
					c.Offer(read(who, Valence, x, at))
				}
			}
			readings += len(names) * (ecg + ppg + eda + breath + valence)
			c.Step(at)
			n++
		}
		for range 600 { // all detectors are there, and all have beats
			step()
		}
		readings = 0
		b.ReportAllocs()
		b.ResetTimer()
		for range b.N {
			step()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(readings), "ns/reading")
		b.ReportMetric(100*float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(frame.Nanoseconds()), "%core")
	})
	b.Run("idle1000people", func(b *testing.B) {
		c, _ := house(1000)
		for i := range c.desk.seats {
			if c.desk.seats[i].granted {
				c.Offer(read(c.desk.seats[i].name, HeartRate, 60, 0))
			}
		}
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			c.Step(time.Duration(n) * time.Microsecond)
			n++
		}
	})
}
