// Package tempo keeps time in beats: by taps of a hand, by a MIDI clock's
// pulses, by a number. It also reads the timecodes of MIDI and of Art-Net.
//
// It is told when everything happened and has no clock of its own. The one
// idea it owns: a clock that comes over a wire jitters, and what follows it
// must not; a phase-locked loop stands between them.
//
// Nothing here is safe for concurrent use.
package tempo

import "time"

// The tempos there are, in beats a minute.
const (
	Slowest = 20
	Fastest = 999
)

// PulsesPerBeat is how many pulses MIDI's clock has a quarter note (MIDI 1.0,
// System Real-Time Messages).
const PulsesPerBeat = 24

// Source says what leads the beat.
type Source uint8

// The sources.
const (
	Free    Source = iota // a number, or taps
	Clock                 // a MIDI clock
	Session               // others on the network, whose beat is told
)

// Beat is a running beat. Make one with New.
type Beat struct {
	source  Source
	running bool

	// The line that the beat runs on: at instant at it is phase, and a beat
	// takes period seconds.
	at     time.Duration
	phase  float64
	period float64

	synced time.Duration // when a session was heard of last
	loop   loop
	taps   taps
}

// New starts a beat at time 0, at a tempo that is brought into the range.
func New(bpm float64) *Beat {
	return &Beat{running: true, period: 60 / hold(bpm)}
}

func hold(bpm float64) float64 {
	if !(bpm >= Slowest) {
		return Slowest
	}
	return min(bpm, Fastest)
}

// BPM is the present tempo.
func (b *Beat) BPM() float64 { return 60 / b.period }

// Source is what leads the beat now.
func (b *Beat) Source() Source { return b.source }

// Running says whether the beat runs: a MIDI clock can be stopped.
func (b *Beat) Running() bool { return b.running }

// Position is the beat at an instant, counted from the start of the song. A
// clock whose pulses stay away for longer than a beat goes on by itself: a
// cable that comes loose must not stop the light.
func (b *Beat) Position(at time.Duration) float64 {
	if !b.running {
		return b.phase
	}
	return b.phase + float64((at-b.at).Seconds()/b.period)
}

// Set makes the tempo a number; the beat goes on from where it is.
func (b *Beat) Set(bpm float64, at time.Duration) {
	b.phase, b.at = b.Position(at), at
	b.period = 60 / hold(bpm)
	b.source, b.running = Free, true
}

// Sync says where the beat of a session is at an instant, and its tempo. While
// it is told so, at least every few seconds, it leads and a MIDI clock does not.
func (b *Beat) Sync(beat, bpm float64, at time.Duration) {
	b.phase, b.at, b.period = beat, at, 60/hold(bpm)
	b.source, b.running, b.synced = Session, true, at
}

// sessionHolds is how long a session leads after it was heard of.
const sessionHolds = 3 * time.Second

// led says whether a session leads.
func (b *Beat) led(at time.Duration) bool {
	return b.source == Session && at-b.synced < sessionHolds
}

// Tap is a tap of a hand on the beat. Taps act from the fourth on; after two
// seconds of silence they count afresh.
func (b *Beat) Tap(at time.Duration) {
	period, ok := b.taps.add(at)
	if !ok {
		return
	}
	// The tap falls on a whole beat: the nearest one.
	here := b.Position(at)
	whole := floor(here + 0.5)
	b.phase, b.at, b.period = whole, at, min(max(period, 60.0/Fastest), 60.0/Slowest)
	b.source, b.running = Free, true
}

// taps are the latest taps.
type taps struct {
	at [8]time.Duration
	n  int
}

// tapPause is the silence after which taps count afresh.
const tapPause = 2 * time.Second

// add takes a tap; from the fourth on it gives the period of the beat, by
// least squares over the taps that are kept.
func (t *taps) add(at time.Duration) (period float64, ok bool) {
	if t.n > 0 && (at-t.at[t.n-1] > tapPause || at <= t.at[t.n-1]) {
		t.n = 0
	}
	if t.n == len(t.at) {
		copy(t.at[:], t.at[1:])
		t.n--
	}
	t.at[t.n] = at
	t.n++
	if t.n < 4 {
		return 0, false
	}
	// The slope of the line through (0, t₀), (1, t₁), …
	mean := float64(t.n-1) / 2
	var num, den float64
	for i := range t.n {
		d := float64(i) - mean
		num += float64(d * (t.at[i] - t.at[0]).Seconds())
		den += float64(d * d)
	}
	return num / den, true
}

func floor(x float64) float64 {
	n := float64(int64(x))
	if n > x {
		n--
	}
	return n
}
