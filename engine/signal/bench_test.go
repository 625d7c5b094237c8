package signal

import (
	"strconv"
	"testing"
	"time"
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

// BenchmarkSignals is a frame at 60 Hz of a thousand people, each with a
// pulse wave of 240 Hz and four other signals once a frame.
func BenchmarkSignals(b *testing.B) {
	b.Run("1000people", func(b *testing.B) {
		c, names := house(1000)
		n := 0
		step := func() {
			at := time.Duration(n) * frame
			for i, who := range names {
				x := float64((n*7+i)%50) / 50
				for range 4 {
					c.Offer(Event{Reading: Reading{Person: who, Kind: PPG, Value: x, At: at}, Rate: 240})
				}
				c.Offer(Event{Reading: Reading{Person: who, Kind: EDA, Value: 3 + x, At: at}, Rate: 60})
				c.Offer(Event{Reading: Reading{Person: who, Kind: Breath, Value: x, At: at}, Rate: 60})
				c.Offer(read(who, HeartRate, 70+x, at))
				c.Offer(read(who, Valence, x, at))
			}
			c.Step(at)
			n++
		}
		for range 60 {
			step()
		}
		b.ReportAllocs()
		for b.Loop() {
			step()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/8000, "ns/reading")
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
