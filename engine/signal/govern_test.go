package signal

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"noctiluca/engine/signal/audit"
	"noctiluca/engine/signal/consent"
	"noctiluca/engine/signal/guard"
)

// lightOnly is the consent of people who do not want to be shown.
var lightOnly = consent.New(consent.Light, consent.Everything, 0)

// hall plays people of constant affects, each in a cell, for a while, and
// calls each frame of 100 ms. What the people do besides is done by act.
func hall(c *Cells, people int, length time.Duration, terms consent.Terms, x func(i int, at time.Duration) float64, each func(at time.Duration)) {
	for at := time.Duration(0); at < length; at += 100 * time.Millisecond {
		for i := range people {
			who := "p" + strconv.Itoa(i)
			if at == 0 {
				e := grant(who, i%len(c.names), 0)
				e.Terms = terms
				c.Offer(e)
			}
			c.Offer(read(who, Arousal, x(i, at), at))
			c.Offer(read(who, Valence, -x(i, at), at))
		}
		if each != nil {
			each(at)
		}
		c.Step(at)
	}
}

func TestBlend(t *testing.T) {
	for _, b := range []float64{0, 0.5, 1} {
		c := New([]string{"a", "b"}, Options{Rules: Rules{Blend: b}})
		hall(c, 2, 40*time.Second, plain, func(i int, _ time.Duration) float64 { return float64(i)*1.2 - 0.6 }, nil)
		want := -0.6 * (1 - b)
		if got := float64(c.Cell(0).Arousal); math.Abs(got-want) > 0.01 {
			t.Errorf("blend %v: the light of a cell of -0.6 follows %.3f, want %.3f", b, got, want)
		}
		if got := c.Felt(0).Arousal; math.Abs(float64(got)+0.6) > 0.01 {
			t.Errorf("blend %v: the cell feels %.3f", b, got)
		}
	}
}

// Steering is off unless asked for, comes slowly, and is bounded.
func TestSteer(t *testing.T) {
	rules := Rules{SteerArousal: 0.9, SteerValence: -0.9, SteerMost: 0.1, SteerSlew: 0.01}
	c := New([]string{"a"}, Options{Rules: rules})
	last := 0.0
	hall(c, 3, 60*time.Second, plain, func(int, time.Duration) float64 { return 0.2 }, func(at time.Duration) {
		d := float64(c.Cell(0).Arousal - c.Felt(0).Arousal)
		if d-last > 0.01*0.1+0.001 || d > 0.1001 {
			t.Fatalf("at %v steering goes from %.4f to %.4f", at, last, d)
		}
		last = d
	})
	if math.Abs(last-0.1) > 0.001 {
		t.Errorf("after a minute it steers by %.3f, want 0.1", last)
	}
	plainly := New([]string{"a"}, Options{})
	hall(plainly, 3, 20*time.Second, plain, func(int, time.Duration) float64 { return 0.2 }, nil)
	if plainly.Cell(0) != plainly.Felt(0) {
		t.Error("without rules the light follows something else than what is felt")
	}
}

func TestVeto(t *testing.T) {
	for _, off := range []bool{false, true} {
		log := audit.New(100)
		c := New([]string{"a", "b"}, Options{Audit: log, Rules: Rules{NoVeto: off}})
		hall(c, 4, 30*time.Second, plain, func(int, time.Duration) float64 { return 0.7 }, func(at time.Duration) {
			if at == 10*time.Second {
				c.Offer(Event{Action: Veto, Reading: Reading{Person: "p0", Value: 1, At: at}})
			}
			if at == 20*time.Second {
				c.Offer(Event{Action: Veto, Reading: Reading{Person: "p0", At: at}})
			}
			if at == 15*time.Second {
				if vetoed := c.Cell(0) == (CellState{}); vetoed == off {
					t.Errorf("no veto %v: p0's cell is %+v", off, c.Cell(0))
				}
				if c.Cell(1).Arousal < 0.5 {
					t.Errorf("the other cell is %+v", c.Cell(1))
				}
			}
		})
		if c.Cell(0).Arousal < 0.5 {
			t.Errorf("after the veto its cell is %+v", c.Cell(0))
		}
		said := ""
		for _, e := range log.Since(0, nil) {
			said += e.String() + "\n"
		}
		if !strings.Contains(said, "visit 1: veto; the cell") || !strings.Contains(said, "visit 1: veto ended") {
			t.Errorf("the log says\n%s", said)
		}
	}
}

// Of staff and pupils nothing is inferred, nor of anybody at a workplace or
// in a school; their pulse may still be seen.
func TestNothingIsInferredOfStaffAndPupils(t *testing.T) {
	for _, c := range []struct {
		name  string
		role  float64
		rules Rules
		known bool
	}{
		{"a visitor", Visitor, Rules{}, true}, {"staff", Staff, Rules{}, false}, {"a pupil", Pupil, Rules{}, false},
		{"a visitor in a school", Visitor, Rules{InferNothing: true}, false},
	} {
		cells := New([]string{"a"}, Options{Rules: c.rules})
		cells.Offer(grant("ada", 0, 0))
		cells.Offer(Event{Action: Role, Reading: Reading{Person: "ada", Value: c.role}})
		for n := range 60 * 90 {
			at := time.Duration(n) * frame
			cells.Offer(read("ada", HeartRate, 70+10*math.Sin(float64(n)/300), at))
			cells.Offer(read("ada", Valence, 0.5, at))
			cells.Offer(Event{Reading: Reading{Person: "ada", Kind: EDA, Value: 3 + math.Sin(float64(n)/500), At: at}, Rate: 60})
			cells.Step(at)
		}
		p := cells.People(nil)[0]
		s := cells.Cell(0)
		if got := p.Affect.ArousalConfidence > 0 || p.Affect.ValenceConfidence > 0 || s.Arousal != 0 || s.Valence != 0; got != c.known {
			t.Errorf("%s: affect %+v, cell %+v", c.name, p.Affect, s)
		}
		if p.HeartRate < 50 {
			t.Errorf("%s: the heart rate is %v", c.name, p.HeartRate)
		}
	}
}

// A group that is too small is withheld; around the bound it takes one more
// to be shown than to go on; and what is shown moves slowly and in steps.
func TestMinimumGroup(t *testing.T) {
	const k = 5
	c := New([]string{"a"}, Options{Rules: Rules{MinimumGroup: k}})
	in := 0
	come := func(n int, at time.Duration) {
		for ; in < n; in++ {
			e := grant("q"+strconv.Itoa(in), 0, at)
			e.Terms = lightOnly
			c.Offer(e)
		}
		for ; in > n; in-- {
			c.Offer(revoke("q"+strconv.Itoa(in-1), at))
		}
	}
	was := Shown{}
	changes := 0
	for at := time.Duration(0); at < 6*time.Minute; at += 100 * time.Millisecond {
		switch at {
		case 0:
			come(4, at)
		case time.Minute:
			come(5, at)
		case 2 * time.Minute:
			come(6, at)
		case 3 * time.Minute:
			come(5, at)
		case 4 * time.Minute:
			come(4, at)
		case 5 * time.Minute:
			come(5, at)
		}
		for i := range in {
			c.Offer(read("q"+strconv.Itoa(i), Arousal, 0.5, at))
		}
		c.Step(at)
		s := c.Shown(-1)
		if s.State != was.State && !s.Withheld && !was.Withheld {
			changes++
		}
		was = s
		switch at {
		case 59 * time.Second, 119 * time.Second, 299 * time.Second, 359 * time.Second:
			if !s.Withheld || s.State != (CellState{}) {
				t.Errorf("at %v, with %d people, %+v is shown", at, in, s)
			}
		case 170 * time.Second, 230 * time.Second:
			if s.Withheld || s.State.Arousal < 0.3 || s.State.People != 5 {
				t.Errorf("at %v, with %d people, %+v is shown, want arousal near 0.5 of 5 people", at, in, s)
			}
		case 240100 * time.Millisecond:
			if !s.Withheld {
				t.Errorf("a frame after the group became too small %+v is shown", s)
			}
		}
		if people := c.People(nil); len(people) > 0 {
			t.Fatalf("%+v is shown of people who did not agree to it", people)
		}
	}
	if changes > 15 {
		t.Errorf("in two minutes what is shown changed %d times", changes)
	}
}

// The differencing attack: who sees the group's figures with and without one
// extreme person, at the bound, learns nothing in the first ten seconds, and
// later no more than their part of it, slowly.
func TestDifferencing(t *testing.T) {
	const k, people = 5, 8
	run := func(leaves bool) (out []float64) {
		c := New([]string{"a"}, Options{Rules: Rules{MinimumGroup: k}})
		hall(c, people, 4*time.Minute, lightOnly, func(i int, at time.Duration) float64 {
			if i == 7 {
				return 1
			}
			return -0.2
		}, func(at time.Duration) {
			if leaves && at == 123*time.Second {
				c.Offer(revoke("p7", at))
			}
			if at >= 123*time.Second {
				out = append(out, float64(c.Shown(-1).State.Arousal))
			}
		})
		return out
	}
	with, without := run(false), run(true)
	worst := 0.0
	for i := range with {
		worst = max(worst, math.Abs(with[i]-without[i]))
		if i > 0 {
			if step := math.Abs(without[i] - without[i-1]); step > 0.1 {
				t.Errorf("what is shown jumps by %.3f at once", step)
			}
		}
		if i < 50 && with[i] != without[i] {
			t.Errorf("%d frames after somebody left the difference is %.3f", i, with[i]-without[i])
		}
	}
	t.Logf("the two runs differ by %.3f at most", worst)
	if worst > 1.2/people+0.05 {
		t.Errorf("one of %d moves what is shown by %.3f", people, worst)
	}
}

// What is exported is private by Laplace's mechanism: a guess from many single
// summaries whether an extreme person was there is right no more often than
// e^ε/(1+e^ε) allows; the budget ends; and nothing is exported without noise.
func TestSummariesArePrivate(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	c := New([]string{"a"}, Options{Rules: Rules{MinimumGroup: 5, Epsilon: 1, Noise: r.Uint64}})
	got, at := 0, time.Duration(0)
	for ; at < 24*time.Hour-time.Minute; at += time.Second {
		for i := range 8 {
			who := "p" + strconv.Itoa(i)
			if at == 0 {
				e := grant(who, 0, 0)
				e.Terms = lightOnly
				c.Offer(e)
			}
			c.Offer(read(who, Arousal, 0.5, at))
		}
		c.Step(at)
		if s, ok := c.Summary(); ok {
			got++
			if s.Spent > s.Budget+1e-9 || s.People != 5 {
				t.Errorf("%+v", s)
			}
		}
	}
	if got != 10 {
		t.Errorf("%d summaries in a day with a budget of 1, want 10 of 0.1", got)
	}
	// The scale for 8 people and ε = 1 is 0.25 (for one mean at the whole ε).
	var square float64
	const n = 100000
	right := 0
	for i := range n {
		x := laplace(0.25, r.Uint64)
		square += x * x / n
		mean := 0.0
		if i%2 == 0 {
			mean = 2.0 / 8 // the extreme person is there
		}
		if (mean+x > 1.0/8) == (i%2 == 0) {
			right++
		}
	}
	if math.Abs(square-2*0.25*0.25) > 0.005 {
		t.Errorf("the noise has the variance %.4f, want %.4f", square, 2*0.25*0.25)
	}
	limit := math.E / (1 + math.E)
	if got := float64(right) / n; got > limit+0.01 {
		t.Errorf("a guess is right in %.3f, more than %.3f", got, limit)
	}
	quiet := New([]string{"a"}, Options{Rules: Rules{Epsilon: 1}})
	hall(quiet, 8, 10*time.Second, lightOnly, func(int, time.Duration) float64 { return 0 }, func(time.Duration) {
		if _, ok := quiet.Summary(); ok {
			t.Fatal("a summary without a source of noise")
		}
	})
}

// An hour of the recorded kind of people whom no light moves: the guard stays
// silent. The moods are those of the open-loop crowd.
func TestNoFalseAlarmOfACrowd(t *testing.T) {
	log := audit.New(1000)
	c := New([]string{"a", "b", "c"}, Options{Audit: log, Rules: Rules{Guard: &guard.Options{Dither: 0.1, Log: log}}})
	crowd := NewCrowd(3, 12, 3)
	for at := time.Duration(0); at < time.Hour; at += 50 * time.Millisecond {
		crowd.Step(at, c.Offer)
		c.Step(at)
	}
	for _, e := range log.Since(0, nil) {
		if e.What == audit.Warned || e.What == audit.Lowered {
			t.Errorf("%v: %v", e.At, e)
		}
	}
	g, low, high, ok := c.Guard().Gain()
	t.Logf("gain %.2f (%.2f to %.2f) %v", g, low, high, ok)
	if ok && (low > 0 || high < 0) {
		t.Errorf("a crowd that does not answer is told to answer with %.2f (%.2f to %.2f)", g, low, high)
	}
}

// Rules that change are written down, with what they were.
func TestRulesAreLogged(t *testing.T) {
	log := audit.New(100)
	c := New([]string{"a"}, Options{Audit: log})
	begun := log.Since(0, nil)
	if n := len(begun); n != 11 || begun[0].String() != "rule in force: influence_cap 0.25" {
		t.Errorf("it begins with %v", begun)
	}
	c.SetRules(Rules{Blend: 0.25, MinimumGroup: 7})
	c.SetRules(Rules{Blend: 0.25, MinimumGroup: 7})
	got := ""
	for _, e := range log.Since(11, nil) {
		got += e.String() + "\n"
	}
	if want := "rule blend: 0.25 (was 0)\nrule minimum_group: 7 (was 0)\n"; got != want {
		t.Errorf("the log says\n%swant\n%s", got, want)
	}
}

// A crowd that answers the light so that it would run away: the guard brings
// it back, and says why.
func TestACrowdThatAnswersIsHeld(t *testing.T) {
	for _, gain := range []float64{1.3} {
		run := func(guarded bool) (*Cells, []audit.Entry, float64) {
			log := audit.New(5000)
			o := Options{Audit: log}
			if guarded {
				o.Rules.Guard = &guard.Options{Dither: 0.1, Log: log}
			}
			c := New([]string{"a", "b", "c"}, o)
			crowd := NewCrowd(3, 12, 3)
			crowd.Answer = guard.People{Gain: gain, Delay: 2}
			sum, n := 0.0, 0.0
			for at := time.Duration(0); at < 30*time.Minute; at += 50 * time.Millisecond {
				crowd.See(c.Cell(-1).Arousal)
				crowd.Step(at, c.Offer)
				c.Step(at)
				if at > 15*time.Minute {
					sum += math.Abs(float64(c.Felt(-1).Arousal))
					n++
				}
			}
			return c, log.Since(0, nil), sum / n
		}
		c, entries, held := run(true)
		_, _, free := run(false)
		lowered := 0
		for _, e := range entries {
			if e.What == audit.Lowered || e.What == audit.Estimated {
				lowered++
				if lowered < 8 {
					t.Logf("%v: %v", e.At, e)
				}
			}
		}
		t.Logf("gain %.1f: arousal lies %.2f from the middle, unguarded %.2f; reactivity %.2f", gain, held, free, c.Guard().Reactivity())
		if gain*c.Guard().Reactivity() > 0.9 || held > free {
			t.Errorf("gain %.1f: reactivity %.2f, arousal lies %.2f from the middle, unguarded %.2f", gain, c.Guard().Reactivity(), held, free)
		}
	}
}
