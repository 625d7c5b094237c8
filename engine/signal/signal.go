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

import "time"

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
	Kinds
)

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
}

// PersonState is one person, as the window shows them.
type PersonState struct {
	Person    string
	Cell      int
	Affect    Affect
	HeartRate float32 // beats a minute, 0 when unknown
	Presence  float32 // 0…1: eases in with the first readings, out when they stop
	Heart     float32 // phase of the heart in cycles, 0…1, 0 at the beat
	Beat      float32 // 0…1: envelope that jumps at a beat and decays
	LastSeen  time.Duration
}
