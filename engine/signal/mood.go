package signal

import (
	"fmt"
	"strings"
)

// Mood is how a simulated crowd is steered, so that each state of a work can
// be shown when it is wanted. It has no hold over people.
type Mood uint8

const (
	// MoodMixed lets the crowd drift through all of them, over minutes.
	MoodMixed Mood = iota
	// MoodCalm is glad and at rest, each with a little of their own.
	MoodCalm
	// MoodExcited is glad and awake, each with a little of their own.
	MoodExcited
	// MoodTune has hearts, breaths and affect in step: coherence near 1.
	MoodTune
	// MoodSplit has every other person at one pole of valence and arousal,
	// the rest at the other, and each heart by itself: fragmentation high.
	MoodSplit
)

var moods = [...]string{"mixed", "calm", "excited", "tune", "split"}

// MoodByName finds a mood by its name; empty is mixed. The error names those
// there are.
func MoodByName(name string) (Mood, error) {
	if name == "" {
		return MoodMixed, nil
	}
	for i, n := range moods {
		if n == name {
			return Mood(i), nil
		}
	}
	return 0, fmt.Errorf("no mood %q of a crowd: expected one of %s", name, strings.Join(moods[:], ", "))
}

// Valid is whether it is one of the moods above.
func (m Mood) Valid() bool { return int(m) < len(moods) }

func (m Mood) String() string {
	if !m.Valid() {
		return fmt.Sprintf("Mood(%d)", uint8(m))
	}
	return moods[m]
}

// steer sets what a room that has stepped shares, where the mood decides it.
// What is left as it was goes on drifting.
func (m Mood) steer(r *room) {
	switch m {
	case MoodCalm:
		r.valence, r.arousal = 0.5+float64(0.2*r.valence), -0.75+float64(0.1*r.arousal)
		r.shared, r.divide = 0.85, 0
	case MoodExcited:
		r.valence, r.arousal = 0.5+float64(0.2*r.valence), 0.8+float64(0.1*r.arousal)
		r.shared, r.divide = 0.85, 0
	case MoodTune:
		r.unity, r.shared, r.divide = 1, 1, 0
	case MoodSplit:
		r.unity, r.shared, r.divide, r.apart = 0, 0, 0.95, 1.2
	}
}

// pull is how fast a rhythm is drawn to the room's, in turns a second, when
// it is near turns away from it; most is what it is drawn by at a whole turn.
// In tune it is drawn harder but no faster than it can be from half a turn
// away, so that the time between two beats stays one that a heart has.
func (m Mood) pull(near, unity, most float64) float64 {
	if m != MoodTune {
		return float64(near * unity * most)
	}
	return min(max(float64(near*8*most), -most/2), most/2)
}
