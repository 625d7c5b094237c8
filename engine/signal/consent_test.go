package signal

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// everything is all that the cells show of themselves.
func everything(c *Cells) (states []CellState, people []PersonState) {
	for i := -1; i < len(c.names); i++ {
		states = append(states, c.Cell(i))
	}
	return states, c.People(nil)
}

// chatter is a person's events from one frame to the next, by their number.
func chatter(offer func(Event), who string, n int, at time.Duration) {
	r := random(uint64(n)*977 + uint64(at))
	x := 2*r.unit() - 1
	offer(read(who, Valence, x, at))
	offer(read(who, HeartRate, 70+float64(10*x), at))
	offer(Event{Reading: Reading{Person: who, Kind: EDA, Value: 3 + x, At: at}, Rate: 60})
	offer(Event{Reading: Reading{Person: who, Kind: PPG, Value: x, At: at}, Rate: 60})
	offer(Event{Reading: Reading{Person: who, Kind: Breath, Value: x, At: at}, Rate: 60})
	if n%2 == 0 {
		offer(read(who, Arousal, -x, at))
	}
	if n%3 == 0 {
		offer(read(who, BeatToBeat, 800+float64(100*x), at))
	}
}

// The very next state after a revocation is, to the bit, that of a run into
// which the person never came; and so are all states after it.
func TestRevocationLeavesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		with, without := New([]string{"a", "b"}, Options{}), New([]string{"a", "b"}, Options{})
		people := rapid.IntRange(1, 6).Draw(t, "people")
		leaver := rapid.IntRange(0, people-1).Draw(t, "leaver")
		joined := make([]int, people) // frame at which each comes
		for i := range joined {
			joined[i] = rapid.IntRange(0, 100).Draw(t, "joins")
		}
		leaves := rapid.IntRange(1, 250).Draw(t, "leaves")
		returns := rapid.Bool().Draw(t, "sends on")
		for n := range 300 {
			at := time.Duration(n) * frame
			for i := range people {
				who := "p" + strconv.Itoa(i)
				offers := []func(Event){with.Offer, without.Offer}
				if i == leaver {
					offers = offers[:1]
				}
				for _, offer := range offers {
					if n == joined[i] {
						offer(grant(who, i%2, at))
					}
					if i != leaver || n < leaves || returns {
						chatter(offer, who, i, at)
					}
					if i == leaver && n == leaves {
						offer(revoke(who, at))
					}
				}
			}
			with.Step(at)
			without.Step(at)
			if n < leaves || joined[leaver] > leaves {
				continue
			}
			s1, p1 := everything(with)
			s2, p2 := everything(without)
			if !slices.Equal(s1, s2) || !slices.Equal(p1, p2) {
				t.Fatalf("frame %d, %d after the revocation:\nwith %+v %+v\nwithout %+v %+v", n, n-leaves, s1, p1, s2, p2)
			}
		}
	})
}

// After a revocation no byte of the person is left but the counts of the seat.
func TestRevokedMemoryIsZero(t *testing.T) {
	c := New([]string{"a"}, Options{MaxPeople: 4})
	c.Offer(grant("ada", 0, 0))
	for n := range 600 {
		at := time.Duration(n) * frame
		chatter(c.Offer, "ada", 0, at)
		c.Step(at)
	}
	c.Offer(read("ada", Arousal, 1, 11*time.Second)) // waits in the queue
	c.Offer(revoke("ada", 10*time.Second))
	c.Step(10 * time.Second)
	for i := range c.people {
		p := &c.people[i]
		if p.name != "" || p.granted || p.memory != (memory{}) {
			t.Errorf("seat %d still holds %+v", i, p)
		}
	}
	if s := c.Cell(-1); s != (CellState{}) {
		t.Errorf("the whole is %+v", s)
	}
	c.Offer(grant("ada", 0, 10*time.Second+frame)) // consents again; the old reading must not count
	c.Step(12 * time.Second)
	if s := c.Cell(-1); s != (CellState{}) {
		t.Errorf("a reading from before the revocation came through after it: %+v", s)
	}
	for _, r := range c.due[:cap(c.due)] {
		if r != (record{}) {
			t.Fatalf("a record stays in memory: %+v", r)
		}
	}
	for _, r := range c.desk.queue[:cap(c.desk.queue)] {
		if r != (record{}) {
			t.Fatalf("a record stays in the queue's memory: %+v", r)
		}
	}
}

// However full the queue is, a revocation gets in.
func TestRevocationAlwaysHasRoom(t *testing.T) {
	c := New([]string{"a"}, Options{MaxPeople: 8, MaxQueued: 16})
	name := func(i int) string { return "p" + strconv.Itoa(i%20) }
	for i := range 10000 { // no Step: nothing is drained
		c.Offer(grant(name(i), 0, 0))
		c.Offer(read(name(i), Arousal, 1, 0))
		c.Offer(Event{Action: Move, Reading: Reading{Person: name(i)}})
		if i%3 == 0 {
			c.Offer(revoke(name(i*7), 0))
		}
	}
	if got, most := cap(c.desk.queue), 16+3*8; got != most || len(c.desk.queue) > most {
		t.Errorf("the queue grew to %d of %d, want no more than %d", len(c.desk.queue), got, most)
	}
	for i := range 20 {
		c.Offer(revoke(name(i), 0))
	}
	c.Step(frame)
	if s, p := c.Cell(-1), c.People(nil); s != (CellState{}) || len(p) != 0 {
		t.Errorf("after all have revoked the whole is %+v, people %+v", s, p)
	}
	if n := c.Counters(); n.People != 0 || n.Queued != 0 {
		t.Errorf("the counters are %+v", n)
	}
	if len(c.desk.free) != len(c.desk.seats) || len(c.desk.byName) != 0 {
		t.Errorf("%d of %d seats are free, %d names are known", len(c.desk.free), len(c.desk.seats), len(c.desk.byName))
	}
}

func TestSilenceFadesAndIsForgotten(t *testing.T) {
	c := New([]string{"a"}, Options{})
	c.Offer(grant("ada", 0, 0))
	c.Offer(Event{Action: Grant, Reading: Reading{Person: "wearer"}, Cell: 0, Standing: true, Terms: plain})
	at := time.Duration(0)
	for ; at < 20*time.Second; at += frame {
		c.Offer(read("ada", Arousal, 0.8, at))
		c.Offer(read("wearer", Arousal, 0.8, at))
		c.Step(at)
	}
	quiet := at
	last := c.Cell(0)
	if last.Presence < 0.99 || last.ArousalConfidence < 0.99 {
		t.Fatalf("in contact: %+v", last)
	}
	for ; at < quiet+58*time.Second; at += frame {
		c.Step(at)
		s := c.Cell(0)
		if d := s.Arousal - last.Arousal; d > 1e-4 || d < -0.02 {
			t.Fatalf("%v after the last reading arousal goes from %v to %v in one frame", at-quiet, last.Arousal, s.Arousal)
		}
		last = s
	}
	if last.Presence > 0.01 || last.ArousalConfidence > 0.01 || last.People != 2 {
		t.Errorf("58 s after the last reading: %+v, want presence and confidence gone, two people known", last)
	}
	for ; at < quiet+62*time.Second; at += frame {
		c.Step(at)
	}
	if s := c.Cell(0); s != (CellState{}) || c.Counters().Forgotten != 2 {
		t.Errorf("62 s after the last reading: %+v, %+v", s, c.Counters())
	}
	// Ada's consent went with her; the one given at the desk stands.
	c.Offer(read("ada", Arousal, 0.8, at))
	c.Offer(read("wearer", Arousal, 0.8, at))
	c.Step(at)
	c.Step(at + frame)
	if p := c.People(nil); len(p) != 1 || p[0].Person != "wearer" {
		t.Errorf("people are %+v, want the wearer only", p)
	}
	if n := c.Counters().People; n != 1 {
		t.Errorf("%d consents are left, want 1", n)
	}
}

// Ten thousand pseudonyms a second take nobody's place who is there.
func TestFloodOfPseudonyms(t *testing.T) {
	c := New([]string{"a"}, Options{MaxPeople: 64})
	c.Offer(grant("ada", 0, 0))
	alone := New([]string{"a"}, Options{MaxPeople: 64})
	alone.Offer(grant("ada", 0, 0))
	n := 0
	for f := range 60 * 20 {
		at := time.Duration(f) * frame
		for range 10000 / 60 {
			c.Offer(grant("flood"+strconv.Itoa(n), 0, at))
			n++
		}
		c.Offer(read("ada", Arousal, 0.8, at))
		alone.Offer(read("ada", Arousal, 0.8, at))
		c.Step(at)
		alone.Step(at)
	}
	if got, want := c.Cell(0), alone.Cell(0); got != want {
		t.Errorf("with the flood ada's cell is %+v, without %+v", got, want)
	}
	k := c.Counters()
	if k.People > 64 || len(c.desk.byName) > 128 || k.Evicted == 0 {
		t.Errorf("%+v, %d names", k, len(c.desk.byName))
	}
	if cap(c.desk.queue) != 32768+3*64 {
		t.Errorf("the queue grew to %d", cap(c.desk.queue))
	}
}

// Who never sent, then who is out of contact for longest, makes room.
func TestWhoMakesRoom(t *testing.T) {
	c := New([]string{"a"}, Options{MaxPeople: 3})
	for _, who := range []string{"quiet", "older", "newer"} {
		c.Offer(grant(who, 0, 0))
	}
	c.Offer(read("older", Arousal, 0, 0))
	c.Offer(read("newer", Arousal, 0, time.Second))
	c.Step(time.Second)
	for i, want := range [][]string{{"newer", "older", "x0"}, {"newer", "x0", "x1"}, {"x0", "x1", "x2"}, {"x0", "x1", "x2"}} {
		at := time.Duration(12+i) * time.Second
		who := "x" + strconv.Itoa(i)
		c.Offer(grant(who, 0, at))
		c.Offer(read(who, Arousal, 0, at))
		c.Step(at)
		got := c.Consenting(nil)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("after %s came, %v have seats, want %v", who, got, want)
		}
	}
	if n := c.Counters(); n.Refused != 1 || n.Evicted != 3 {
		t.Errorf("%+v, want 1 refused, 3 evicted", n)
	}
}

func TestTimeRunningBackwards(t *testing.T) {
	c := New([]string{"a"}, Options{})
	c.Offer(grant("ada", 0, 0))
	for _, s := range []int{10, 5, 20, 0, 21, -7, 22, 1 << 33} {
		at := time.Duration(s) * time.Second
		for _, k := range []Kind{Arousal, HeartRate, EDA, PPG, Breath} {
			c.Offer(read("ada", k, 60*float64(k)/float64(k+1)/60, at))
		}
		c.Offer(read("ada", HeartRate, 70, at))
		c.Step(at)
		for _, x := range []float32{c.Cell(0).Arousal, c.Cell(0).Heart, c.Cell(0).Presence, c.Cell(0).Beat} {
			if !(x >= -1 && x <= 1) {
				t.Fatalf("at %d s the cell is %+v", s, c.Cell(0))
			}
		}
	}
}
