package signal

import (
	"math"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAgreement(t *testing.T) {
	for _, c := range []struct {
		weights []float64
		want    float64
	}{
		// CRAN package agrmt's example, and the ends of the scale.
		{[]float64{30, 40, 210, 130, 530, 50, 10}, 0.6113333},
		{[]float64{50, 0, 0, 0, 50}, -1},
		{[]float64{50, 50, 0, 0, 0}, 0.75},
		{[]float64{20, 20, 20, 20, 20}, 0},
		{[]float64{0, 0, 100, 0, 0}, 1},
		{[]float64{0, 0, 0}, 1},
		{nil, 1},
	} {
		if got := Agreement(c.weights); math.Abs(got-c.want) > 5e-8 {
			t.Errorf("Agreement(%v) = %.7f, want %.7f", c.weights, got, c.want)
		}
	}
}

// inCell sends affects of full confidence until all has settled.
func inCell(t testing.TB, valence, arousal []float64) CellState {
	t.Helper()
	c := New([]string{"a"}, Options{})
	for i := range valence {
		c.Offer(grant("p"+strconv.Itoa(i), 0, 0))
	}
	for at := time.Duration(0); at < 40*time.Second; at += frame {
		for i := range valence {
			c.Offer(read("p"+strconv.Itoa(i), Valence, valence[i], at))
			c.Offer(read("p"+strconv.Itoa(i), Arousal, arousal[i], at))
		}
		c.Step(at)
	}
	return c.Cell(0)
}

func TestFragmentation(t *testing.T) {
	for _, c := range []struct {
		name    string
		valence []float64
		want    float64
	}{
		{"one person", []float64{1}, 0},
		{"all alike", []float64{1, 1, 1, 1}, 0},
		{"two poles", []float64{-1, -1, 1, 1}, 1},
		{"an even spread", []float64{-1, -2. / 3, -1. / 3, 0, 1. / 3, 2. / 3, 1}, 0.5},
	} {
		s := inCell(t, c.valence, make([]float64, len(c.valence)))
		if math.Abs(float64(s.Fragmentation)-c.want) > 1e-3 {
			t.Errorf("%s: fragmentation %v, want %v", c.name, s.Fragmentation, c.want)
		}
	}
}

// Kuramoto's r is known in closed form for hearts spread evenly over an arc.
func TestCoherence(t *testing.T) {
	for _, c := range []struct {
		name   string
		phases []float64 // turns
		want   float64
	}{
		{"one heart", []float64{0}, 0},
		{"in tune", []float64{0.2, 0.2, 0.2}, 1},
		{"opposed", []float64{0, 0.5}, 0},
		{"quarters", []float64{0, 0.25, 0.5, 0.75}, 0},
		{"a right angle", []float64{0, 0.25}, math.Sqrt2 / 2},
		{"a third of the circle, three", []float64{0, 1. / 6, 1. / 3}, 2. / 3},
	} {
		s := sums{absent: 1}
		for _, ph := range c.phases {
			p := &person{terms: plain}
			p.presence, p.heart.conf, p.heart.phase = 1, 1, ph
			s.add(p)
		}
		if got := s.state(0.25).Coherence; math.Abs(float64(got)-c.want) > 1e-6 {
			t.Errorf("%s: coherence %v, want %v", c.name, got, c.want)
		}
	}
}

// A second person who only just begins to be heard makes no jump.
func TestNothingJumpsAsOneComes(t *testing.T) {
	draw := func(w float64) CellState {
		s := sums{absent: 1}
		for i, weight := range []float64{1, w} {
			p := &person{terms: plain}
			p.presence, p.heart.conf = weight, weight
			p.valenceConf, p.arousalConf = weight, weight
			p.valence, p.arousal = float64(1-2*i), float64(1-2*i)
			p.heart.phase = 0.3 * float64(i)
			s.add(p)
		}
		return s.state(0.25)
	}
	last := draw(0)
	for w := 0.005; w <= 1; w += 0.005 {
		s := draw(w)
		for _, d := range []float32{s.Valence - last.Valence, s.Arousal - last.Arousal, s.Coherence - last.Coherence,
			s.Fragmentation - last.Fragmentation, s.Presence - last.Presence, s.Beat - last.Beat} {
			if d > 0.06 || d < -0.06 {
				t.Fatalf("from weight %.3f to %.3f the cell goes from %+v to %+v", w-0.005, w, last, s)
			}
		}
		last = s
	}
}

// No person, whatever they send and however sure it looks, moves the
// collective affect by more than the cap of its range, or 1/n where fewer are
// there than the cap counts on.
func TestInfluenceCap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.SampledFrom([]float64{0.05, 0.25, 0.5, 1}).Draw(t, "cap")
		others := rapid.IntRange(0, 30).Draw(t, "others")
		unit := rapid.Float64Range(0, 1)
		both := rapid.Float64Range(-1, 1)
		crowd := make([]person, others)
		here := 0.0
		for i := range crowd {
			p := &crowd[i]
			p.presence = 1 // in contact; how sure they are is another matter
			p.valence, p.valenceConf = both.Draw(t, "v"), unit.Draw(t, "vc")
			p.arousal, p.arousalConf = both.Draw(t, "a"), unit.Draw(t, "ac")
			here += p.presence
		}
		with := func(v, a, conf, presence float64) CellState {
			s := sums{absent: 1}
			for i := range crowd {
				s.add(&crowd[i])
			}
			if presence > 0 {
				p := &person{}
				p.presence, p.valence, p.arousal, p.valenceConf, p.arousalConf = presence, v, a, conf, conf
				s.add(p)
			}
			return s.state(limit)
		}
		const whole = 2 // −1…1
		most := whole * max(limit, 1/float64(others+1))
		low, high := with(-1, -1, 1, 1), with(1, 1, 1, 1)
		other := with(both.Draw(t, "v"), both.Draw(t, "a"), unit.Draw(t, "conf"), unit.Draw(t, "presence"))
		for _, s := range []CellState{low, other} {
			if d := math.Abs(float64(high.Valence - s.Valence)); d > most+1e-6 {
				t.Fatalf("one of %d moves valence by %v, more than %v", others+1, d, most)
			}
			if d := math.Abs(float64(high.Arousal - s.Arousal)); d > most+1e-6 {
				t.Fatalf("one of %d moves arousal by %v, more than %v", others+1, d, most)
			}
		}
	})
}

// A body's arousal is against its own normal: a resting heart of 55 and one
// of 90 are both calm, and each rises when it does.
func TestArousalIsAgainstOnesOwnNormal(t *testing.T) {
	for _, rest := range []float64{52, 90} {
		c := New([]string{"a"}, Options{})
		c.Offer(grant("ada", 0, 0))
		r := random(1)
		var calm, after CellState
		for at := time.Duration(0); at < 150*time.Second; at += frame {
			rate := rest + float64(3*(r.unit()-0.5))
			if at > 120*time.Second {
				rate += 15
			}
			if at%(time.Second) < frame {
				c.Offer(read("ada", HeartRate, rate, at))
			}
			c.Step(at)
			if at < 120*time.Second {
				calm = c.Cell(0)
			}
		}
		after = c.Cell(0)
		if calm.Arousal > 0.25 || calm.Arousal < -0.25 || calm.ArousalConfidence < 0.5 || calm.ArousalConfidence > bodyCeiling+1e-6 {
			t.Errorf("at rest, %v a minute: %+v", rest, calm)
		}
		if after.Arousal < 0.4 {
			t.Errorf("15 a minute over a rest of %v: %+v", rest, after)
		}
		if calm.Valence != 0 || after.ValenceConfidence != 0 {
			t.Errorf("a heart alone gave valence: %+v", after)
		}
	}
}

// The phase follows the beats it is told of.
func TestHeartPhaseFollowsBeats(t *testing.T) {
	c := New([]string{"a"}, Options{})
	c.Offer(grant("ada", 0, 0))
	beat := 800 * time.Millisecond
	next := beat
	for at := time.Duration(0); at < 30*time.Second; at += frame {
		if at >= next {
			c.Offer(read("ada", BeatToBeat, 800, next))
			next += beat
		}
		c.Step(at)
		if at < 8*time.Second {
			continue
		}
		want := float64(at%beat) / float64(beat)
		got := float64(c.Cell(0).Heart)
		if d := math.Abs(got - want); min(d, 1-d) > 0.03 {
			t.Fatalf("at %v the heart is at %.3f of its cycle, want %.3f", at, got, want)
		}
	}
	if p := c.People(nil); len(p) != 1 || math.Abs(float64(p[0].HeartRate)-75) > 0.5 {
		t.Errorf("people are %+v, want one of 75 beats a minute", p)
	}
}

// These bits must be the same on every machine; they change only with the
// methods, and then a change of them is meant.
func TestSameBitsOnEveryMachine(t *testing.T) {
	c := New([]string{"a", "b"}, Options{})
	crowd := NewCrowd(42, 8, 2)
	hash := uint64(14695981039346656037) // FNV-1a
	mix := func(x float32) {
		hash ^= uint64(math.Float32bits(x))
		hash *= 1099511628211
	}
	c.Offer(Event{Action: Grant, Reading: Reading{Person: "wave"}, Cell: 1, Standing: true, Terms: plain})
	w := random(3)
	for n := range 60 * 90 {
		at := time.Duration(n) * frame
		crowd.Step(at, c.Offer)
		c.Offer(Event{Reading: Reading{Person: "wave", Kind: PPG, Value: envelope(float64(n%50)/50) + float64(0.1*w.unit()), At: at}, Rate: 60})
		c.Step(at)
		for i := -1; i < 2; i++ {
			s := c.Cell(i)
			for _, x := range []float32{s.Valence, s.Arousal, s.ValenceConfidence, s.ArousalConfidence, s.Presence, s.Coherence, s.Fragmentation, s.Heart, s.Beat, s.BreathPhase} {
				mix(x)
			}
		}
	}
	const want = 0x40504d69c08f9430
	if hash != want {
		t.Errorf("the states hash to %#x, want %#x", hash, uint64(want))
	}
}
