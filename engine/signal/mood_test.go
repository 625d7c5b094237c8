package signal

import (
	"strings"
	"testing"
	"time"
)

// moodOf is what the whole feels on average from 30 s to 5 min, by mood.
func moodOf(m Mood, seed uint64, people int) (s struct{ valence, arousal, coherence, fragmentation float64 }) {
	cells := New([]string{"a", "b"}, Options{})
	crowd := NewCrowd(seed, people, 2)
	crowd.Mood = m
	n := 0.0
	for now := time.Duration(0); now <= 5*time.Minute; now += time.Second / 20 {
		crowd.Step(now, cells.Offer)
		cells.Step(now)
		if now < 30*time.Second {
			continue
		}
		c := cells.Cell(-1)
		s.valence += float64(c.Valence)
		s.arousal += float64(c.Arousal)
		s.coherence += float64(c.Coherence)
		s.fragmentation += float64(c.Fragmentation)
		n++
	}
	s.valence, s.arousal, s.coherence, s.fragmentation = s.valence/n, s.arousal/n, s.coherence/n, s.fragmentation/n
	return s
}

// The whole goes where the mood says, whoever the crowd is.
func TestMoods(t *testing.T) {
	for _, people := range []int{6, 15} {
		for seed := range uint64(2) {
			calm, excited := moodOf(MoodCalm, seed, people), moodOf(MoodExcited, seed, people)
			tune, split := moodOf(MoodTune, seed, people), moodOf(MoodSplit, seed, people)
			t.Logf("%d people, seed %d: calm %.2f, excited %.2f, tune %.2f, split %.2f", people, seed, calm, excited, tune, split)
			if tune.coherence < 0.85 || tune.fragmentation > 0.1 {
				t.Errorf("%d people, seed %d: in tune, coherence is %.2f and fragmentation %.2f", people, seed, tune.coherence, tune.fragmentation)
			}
			if split.fragmentation < 0.7 || split.coherence > 0.6 {
				t.Errorf("%d people, seed %d: split, coherence is %.2f and fragmentation %.2f", people, seed, split.coherence, split.fragmentation)
			}
			if calm.arousal > -0.3 || calm.valence < 0.2 || excited.arousal < 0.3 || excited.valence < 0.2 {
				t.Errorf("%d people, seed %d: calm is %.2f, excited %.2f", people, seed, calm, excited)
			}
			if calm.fragmentation > 0.3 || excited.fragmentation > 0.3 {
				t.Errorf("%d people, seed %d: fragmentation is %.2f calm and %.2f excited", people, seed, calm.fragmentation, excited.fragmentation)
			}
		}
	}
}

// A heart that is drawn into step beats as a heart may, and nothing of a
// steered crowd is refused.
func TestMoodsStayPlausible(t *testing.T) {
	for m := MoodMixed; m.Valid(); m++ {
		cells := New([]string{"a"}, Options{})
		crowd := NewCrowd(5, 12, 1)
		crowd.Mood = m
		// The first beat of a stay has only the arrival before it.
		beaten := map[string]bool{}
		for now := time.Duration(0); now <= 5*time.Minute; now += time.Second / 20 {
			crowd.Step(now, func(e Event) {
				beat := e.Action == Read && e.Kind == BeatToBeat
				first := !beaten[e.Person]
				beaten[e.Person] = beat || !first && e.Action != Grant
				if beat && !first && (e.Value < 450 || e.Value > 1700) {
					t.Errorf("%v: %.0f ms between two beats of %s at %v", m, e.Value, e.Person, e.At)
				}
				cells.Offer(e)
			})
			cells.Step(now)
		}
		if c := cells.Counters(); c.Implausible > 0 || c.Overflow > 0 || c.Refused > 0 {
			t.Errorf("%v: the counters are %+v", m, c)
		}
	}
}

func TestMoodByName(t *testing.T) {
	for m := MoodMixed; m.Valid(); m++ {
		if got, err := MoodByName(m.String()); err != nil || got != m {
			t.Errorf("%v is found as %v, %v", m, got, err)
		}
	}
	if m, err := MoodByName(""); err != nil || m != MoodMixed {
		t.Errorf("no name is %v, %v", m, err)
	}
	_, err := MoodByName("Tune")
	if err == nil || !strings.Contains(err.Error(), `"Tune"`) || !strings.Contains(err.Error(), "mixed, calm, excited, tune, split") {
		t.Errorf("the error is %v", err)
	}
}
