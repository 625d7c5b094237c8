// Package signal turns readings of consenting people into the state of the
// cells they stand in: consent, calibrate, cells. It has no clock, no socket
// and no file: readings come with their time, and Step is told the time. It
// neither names emotions nor infers valence from a body.
//
// The one idea it owns: no consent, no influence. All memory is a person's;
// a cell's state is computed at each Step from the people in it and from
// nothing else. So once a consent is taken back and that person's memory is
// zero, the very next state is the one of a run in which they never came.
package signal

import (
	"time"

	"noctiluca/engine/physio/turn"
	"noctiluca/engine/signal/consent"
)

// Kind says what a reading measures.
type Kind uint8

// The kinds of reading, with their units.
const (
	Valence    Kind = iota // −1…1, as the sender measured it; never inferred
	Arousal                // −1…1, as the sender measured it
	HeartRate              // beats a minute
	EDA                    // skin conductance, µS
	PPG                    // raw photoplethysmogram, any unit
	BeatToBeat             // interval between beats, ms
	Breath                 // respiration, any unit, rising as one breathes in
	ECG                    // raw electrocardiogram, any unit
	EEGLeft                // raw electroencephalogram, any unit: left forehead (AF7)
	EEGRight               // and right (AF8)
	AlphaLeft              // log10 of the alpha power there, as the sender computed it
	AlphaRight
	Kinds
)

// modalities says which modality each kind is of.
var modalities = [Kinds]consent.Modality{
	Valence: consent.Feeling, Arousal: consent.Feeling,
	HeartRate: consent.Heart, PPG: consent.Heart, BeatToBeat: consent.Heart, ECG: consent.Heart,
	EDA: consent.Skin, Breath: consent.Breath,
	EEGLeft: consent.Brain, EEGRight: consent.Brain, AlphaLeft: consent.Brain, AlphaRight: consent.Brain,
}

// Modality is what a consent calls the kind; 0 for one that there is not.
func (k Kind) Modality() consent.Modality {
	if k >= Kinds {
		return 0
	}
	return modalities[k]
}

// names are what messages, mappings and files call the kinds.
var names = [Kinds]string{"valence", "arousal", "hr", "eda", "ppg", "ibi", "breath", "ecg", "eeg-left", "eeg-right", "alpha-left", "alpha-right"}

func (k Kind) String() string {
	if k >= Kinds {
		return "unknown"
	}
	return names[k]
}

// KindNames are the names of all kinds, in the order of their numbers.
func KindNames() []string { return names[:] }

// ParseKind finds a kind by its name.
func ParseKind(name string) (Kind, bool) {
	for i, n := range names {
		if n == name {
			return Kind(i), true
		}
	}
	return 0, false
}

// Reading is one timed value of one kind from one person's sensor.
type Reading struct {
	Person string
	Kind   Kind
	Value  float64
	At     time.Duration // engine time at which it arrived
}

// Affect is a state on Russell's circumplex, with how sure it is.
type Affect struct {
	Valence, Arousal                     float32 // −1…1
	ValenceConfidence, ArousalConfidence float32 // 0…1; 0 is no signal, which is not calm
}

// Angle is the direction of an affect on the circumplex in degrees, 0…360, from
// pleasure at 0 over excitement, arousal, distress, displeasure, depression and
// sleepiness to relaxation, 45 apart (J. A. Russell, "A circumplex model of
// affect", J. Pers. Soc. Psychol. 39 (1980) 1161–1178); 0 for none at all. It
// is a direction and no label.
func (a Affect) Angle() float64 { return turn.Atan2(float64(a.Arousal), float64(a.Valence)) * 360 }

// CellState is what a cell feels at an instant. Index −1 of Cells.Cell is the whole.
type CellState struct {
	Affect
	People        int
	Presence      float32 // 0…1: eases in and out as people come and go
	Coherence     float32 // 0…1: order of the heart phases (Kuramoto's r); 0 with fewer than two people
	Fragmentation float32 // 0…1: how far the affects split into two poles
	Heart         float32 // phase of the cell's heart in cycles, 0…1, 0 at the beat
	Beat          float32 // 0…1: envelope that jumps at a beat and decays
	BreathPhase   float32 // 0…1, cycles

	// Spread is how far the affects lie apart: the standard deviation of each
	// axis over the people of the cell, 0…1, 0 with fewer than two.
	ValenceSpread, ArousalSpread float32
	BreathCoherence              float32 // 0…1: Kuramoto's r of the breaths
	// Synchrony is how far arousals rise and fall together over the last half
	// minute: the correlation of each person with all others, 0…1, as far as
	// it stands out of what chance gives (SynchronyZ, in standard deviations
	// of series shifted in time). 0 with fewer than two people.
	Synchrony, SynchronyZ float32
	// The dynamics of arousal over the last half minute, in the mean of the
	// people: inertia (lag-1 autocorrelation), variability (standard
	// deviation), instability (root of MSSD).
	Inertia, Variability, Instability float32
	// Polarisation is Esteban and Ray's of the same affects, with their greatest
	// sensitivity to camps: 0 for one mind or one person, 1 for two even camps
	// at the two ends; the greater of the two axes. It is for a technician,
	// beside Fragmentation, which is what moves light: it grows with how far two
	// camps lie apart, where van der Eijk's A asks only whether they are two.
	Polarisation float32
	// Bimodality is the greater of the two axes' bimodality coefficients, 0…1;
	// over 5/9 is two-humped or skewed. 0 with fewer than four people.
	Bimodality float32
}

// PersonState is one person, as the window shows them.
type PersonState struct {
	Person    string
	Cell      int
	Terms     consent.Terms // what they agreed to at present
	Affect    Affect
	HeartRate float32 // beats a minute, 0 when unknown
	Presence  float32 // 0…1: eases in with the first readings, out when they stop
	Heart     float32 // phase of the heart in cycles, 0…1, 0 at the beat
	Beat      float32 // 0…1: envelope that jumps at a beat and decays
	LastSeen  time.Duration

	// Quality of what each modality's sensor gives, 0…1; 0 is no signal.
	HeartQuality, SkinQuality, BreathQuality, BrainQuality float32
	// Variability of the heart over its last 60 normal intervals, ms, with how
	// far it can be trusted: 0 where beats are few, or bad, or so coarsely
	// rounded by the sensor that the rounding alone may have made it.
	RMSSD, SDNN   float32
	PNN50         float32 // 0…1
	HRVConfidence float32
	SkinLevel     float32 // µS; 0 when unknown
	// How far the baselines have drifted since a calibration, in its spreads;
	// 0 without one.
	HeartDrift, SkinDrift float32
	SkinResponses         float32 // a minute
	BreathRate            float32 // a minute; 0 when unknown
	RelativeAlpha         float32 // alpha's part of the power of 1 to 40 Hz, mean of both sides
	AlphaAsymmetry        float32 // ln right − ln left; a number of doubtful meaning, which moves nothing
}
