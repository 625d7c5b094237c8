package calibrate

import (
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"noctiluca/engine/signal"
)

// made is a person that is made: a heart that goes up by 12 in the stimulus,
// skin that answers if it does.
func made(name string, phase Phase, at time.Duration, quality float32, answers bool) signal.PersonState {
	p := signal.PersonState{Person: name, HeartQuality: quality, SkinQuality: quality,
		HeartRate: 64 + float32(2*math.Sin(at.Seconds()/5)), SkinLevel: 4}
	if phase == Stimulated {
		p.HeartRate += 12
		if answers {
			p.SkinLevel, p.SkinResponses = 4.6, 6
		}
	}
	return p
}

func TestSession(t *testing.T) {
	s := New(Options{Rest: 40 * time.Second, Stimulus: 20 * time.Second})
	phases := map[Phase]int{}
	for at := time.Duration(0); at < 2*time.Minute; at += 100 * time.Millisecond {
		phase, _ := s.Phase(at)
		phases[phase]++
		quality := float32(0.9)
		if at < 20*time.Second {
			quality = 0.3 // not yet on
		}
		bad := made("c", phase, at, 0.2, true)
		people := []signal.PersonState{made("a", phase, at, quality, true), made("b", phase, at, quality, false)}
		if phase == Resting || phase == Stimulated {
			people = append(people, bad)
		}
		s.Add(at, people)
		if phase == Resting && !strings.Contains(s.Line(at), "heart") {
			t.Fatalf("the line is %q", s.Line(at))
		}
	}
	if phases[Settling] < 300 || phases[Settling] > 302 || phases[Resting] != 400 || phases[Stimulated] != 200 {
		t.Errorf("the phases took %v", phases)
	}
	report := s.Report()
	t.Log(report)
	for _, want := range []string{"About one person in ten", "no good signal at all", "a and b, heart rate, a minute: 0 apart in the mean, correlation 1.00"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report does not say %q", want)
		}
	}
	p := s.Profiles()["a"]
	h := p.Figures["heart_rate"]
	if h.Seconds != 40 || math.Abs(h.Mean-64) > 0.5 || h.StimulusChange < 5 || len(s.Profiles()["c"].Figures) != 0 {
		t.Errorf("the profile is %+v", p)
	}
	name := filepath.Join(t.TempDir(), "a.json")
	if err := p.Write(name); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadProfile(name); err == nil || !strings.Contains(err.Error(), "seat") {
		t.Errorf("a profile of nobody was read: %v", err)
	}
	p.Seat = "wearer"
	name = filepath.Join(t.TempDir(), "b.json")
	if err := p.Write(name); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadProfile(name); err != nil || got.Figures["heart_rate"] != h {
		t.Errorf("%+v, %v", got, err)
	}
	if err := p.Write(name); err == nil {
		t.Error("a profile was written over")
	}
}
