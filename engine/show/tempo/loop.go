package tempo

import "time"

// loop is a phase-locked loop of the second order: an α–β filter over the
// pulses of a clock. Its gains begin as those of a least-squares line through
// all pulses so far, 2(2n−1)/(n(n+1)) and 6/(n(n+1)), and stay at α and β
// once those have come down to them (Brookner, Tracking and Kalman Filtering
// Made Easy, 1998, 1.2 and 3.3): so it locks within a beat and is quiet after.
type loop struct {
	pulses  int64 // since the start of the song: the next pulse's number
	seen    int   // since the loop was set free
	last    time.Duration
	strange int // pulses in a row that were far from where they should be
}

// The steady gains. White jitter of σ leaves √((2α²+2β+αβ)/(α(4−2α−β))) × σ
// in the phase, a fifth here; β is the critically damped α²/(2−α).
const (
	alpha = 0.05
	beta  = alpha * alpha / (2 - alpha)
)

// Pulse is one pulse of a MIDI clock, at the instant at which it arrived.
func (b *Beat) Pulse(at time.Duration) {
	if b.led(at) {
		return
	}
	l := &b.loop
	if b.source != Clock {
		b.source = Clock
		l.seen = 0
		if b.running {
			// Take the count up where the beat is.
			l.pulses = int64(floor(b.Position(at)*PulsesPerBeat + 0.5))
		}
	}
	gap := (at - l.last).Seconds()
	l.last = at
	n := l.pulses
	if !b.running {
		return // pulses go on while a song is stopped; they tell the tempo only when it runs
	}
	l.pulses++
	due := float64(n) / PulsesPerBeat
	switch {
	case l.seen > 0 && gap > 1:
		l.seen = 0 // the clock was away
	case l.seen == 1 && gap > 0:
		b.period = min(max(gap*PulsesPerBeat, 60.0/Fastest), 60.0/Slowest)
	}
	if l.seen == 0 {
		b.phase, b.at = due, at
		l.seen, l.strange = 1, 0
		return
	}
	l.seen++
	k := float64(l.seen)
	a := max(alpha, 2*(2*k-1)/(k*(k+1)))
	c := max(beta, 6/(k*(k+1)))
	here := b.Position(at)
	wrong := due - here
	// A pulse is a twenty-fourth of a beat: one that is off by two of them,
	// again and again, is no jitter but another tempo.
	if wrong > 2.0/PulsesPerBeat || wrong < -2.0/PulsesPerBeat {
		l.strange++
		if l.strange >= 6 {
			l.seen = 1
			b.phase, b.at, l.strange = due, at, 0
			if gap > 0 {
				b.period = min(max(gap*PulsesPerBeat, 60.0/Fastest), 60.0/Slowest)
			}
			return
		}
	} else {
		l.strange = 0
	}
	// In seconds: how much too early the line says this pulse comes.
	rate := 1 / b.period
	b.phase = here + float64(a*wrong)
	b.at = at
	rate += float64(c*wrong) / (b.period / PulsesPerBeat)
	b.period = min(max(1/rate, 60.0/Fastest), 60.0/Slowest)
}

// Start begins the song: the next pulse is its first.
func (b *Beat) Start(at time.Duration) {
	if !b.led(at) {
		b.place(0, at)
	}
}

// Continue goes on from where the song was stopped, or from the place that
// Locate gave.
func (b *Beat) Continue(at time.Duration) {
	if b.led(at) {
		return
	}
	b.phase, b.at, b.running = b.Position(at), at, true
	b.loop.seen = 0
	b.loop.pulses = int64(floor(b.phase*PulsesPerBeat + 0.5))
}

// Stop holds the song where it is.
func (b *Beat) Stop(at time.Duration) {
	if b.led(at) {
		return
	}
	b.phase, b.at, b.running = b.Position(at), at, false
}

// Locate is MIDI's song position pointer, in sixteenth notes.
func (b *Beat) Locate(sixteenths int, at time.Duration) {
	if b.led(at) {
		return
	}
	b.phase, b.at = float64(sixteenths)/4, at
	b.loop.pulses = int64(sixteenths) * PulsesPerBeat / 4
	b.loop.seen = 0
}

func (b *Beat) place(beat float64, at time.Duration) {
	b.phase, b.at, b.running = beat, at, true
	b.loop.seen, b.loop.pulses = 0, int64(beat*PulsesPerBeat)
	if b.source != Clock {
		b.source = Clock
	}
}
