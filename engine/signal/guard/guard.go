// Package guard keeps the loop from the light to people and back from running
// away. The light follows people's arousal with a reactivity that is known;
// people follow the light with a gain that is not. Where the product of the
// two nears 1 the room swells by itself. docs/guard.md explains it to whoever
// runs a work.
//
// The one idea it owns: it can only lower the reactivity. Until it has
// measured people it takes a gain for granted; a small slow pattern in the
// light, known to it, tells in minutes what people really do; signs of a loop
// that come sooner make it lower the reactivity at once, as a precaution.
// Only a technician gives reactivity back.
package guard

import (
	"time"

	"noctiluca/engine/signal/audit"
	"noctiluca/engine/signal/granger"
)

// Options are the bounds of a guard. A zero field takes the default named at
// it.
type Options struct {
	// Limit is the most that reactivity × gain of people may be; default 0.5.
	Limit float64
	// Assumed is the gain taken for granted until it is measured; default 0.5.
	Assumed float64
	// Dither is the size of the pattern, in units of arousal; 0 measures nothing.
	Dither float64
	// Seed makes the pattern.
	Seed uint64
	// Log is told what the guard does; nil for nobody.
	Log *audit.Log
}

// Guard watches one room. It belongs to one goroutine. It remembers the mean
// of the people and nothing of any of them; Forget drops even that.
type Guard struct {
	opts Options
	now  time.Duration
	tick int64

	reactivity float64 // where it is going, only ever down
	current    float64 // where it is
	why        string  // the reason of the last lowering

	pattern  pattern
	measure  measure
	answer   answer
	seen     evidence
	slowing  slowing
	howl     howl
	high     int // ticks since arousal has been at an end of its range
	quiet    int // ticks until the next precaution
	reported time.Duration
}

// Timing: the guard works in ticks of a tenth of a second of engine time.
const (
	tickTime = 100 * time.Millisecond
	tickRate = 10 // a second
)

const (
	// slewTime is how long a lowering takes: long enough not to be seen as a
	// step, short against the seconds in which people answer.
	slewTime = 3.0
	// lowest is the reactivity under which no precaution goes, as a part of
	// the limit: with it people may have a gain of 2 and more.
	lowest = 0.5
	// endOfRange, and the ticks for which the arousal of all may be there.
	endOfRange, endTicks = 0.8, 10 * tickRate
	// precaution is what a sign of a loop leaves of the reactivity, and
	// restTicks how long its effect is waited for.
	precaution = 0.7
	restTicks  = 10 * tickRate
)

// New makes a guard.
func New(o Options) *Guard {
	if !(o.Limit > 0) {
		o.Limit = 0.5
	}
	if !(o.Assumed > 0) {
		o.Assumed = 0.5
	}
	g := &Guard{opts: o, tick: -1}
	g.reactivity = min(1, o.Limit/o.Assumed)
	g.current = g.reactivity
	g.pattern.seed = o.Seed
	g.answer = newAnswer(o.Seed)
	return g
}

// Reactivity is how much of people's arousal and valence the light follows at
// present, 0…1.
func (g *Guard) Reactivity() float64 { return g.current }

// Dither is what the pattern adds at present to the arousal that the light
// follows.
func (g *Guard) Dither() float64 { return float64(g.opts.Dither * g.pattern.value) }

// Gain is the estimate of people's gain with its interval at 95 %; ok is false
// while too little is known.
func (g *Guard) Gain() (gain, low, high float64, ok bool) { return g.measure.interval() }

// Answers is whether people are surely seen to answer the light: by the
// pattern, or because what the light followed tells what they feel next (see
// Evidence). The other half of a loop, from people to light, needs no proof: it
// is the reactivity. What moves people and light alike, as music does, makes a
// crowd that sways as one and no loop, and neither of the two shows it as one.
func (g *Guard) Answers() bool {
	if g.measure.surely() >= answers {
		return true
	}
	return g.seen.sure
}

// Evidence is how much what the light followed in the last half hour tells of
// what people felt next, beyond their own past (Granger causality), and whether
// that is surely more than chance; ok is false while too little is known. A
// sample is two seconds. It is looked at every half minute.
func (g *Guard) Evidence() (r granger.Strength, sure, ok bool) {
	return g.seen.r, g.seen.sure, g.seen.ok
}

// Why is the reason of the last lowering, in words; empty for none.
func (g *Guard) Why() string { return g.why }

// Step hears what people feel at an engine time: the arousal of all, what of
// it the light followed (reactivity, dither and all), and how far it is known,
// 0…1. A time that is past does nothing.
func (g *Guard) Step(now time.Duration, felt, followed, known float64) {
	tick := int64(now / tickTime)
	if tick <= g.tick {
		return
	}
	steps := int(min(tick-g.tick, tickRate))
	if g.tick < 0 {
		steps = 1
	}
	g.tick, g.now = tick, now
	for range steps {
		g.current += min(max(g.reactivity-g.current, -1/(slewTime*tickRate)), 1/(slewTime*tickRate))
	}
	if known < 0.2 { // nobody there, or nothing known of them: nothing to see
		g.pattern.stop()
		g.answer.gap()
		g.slowing.reset()
		g.howl.reset()
		g.high = 0
		return
	}
	g.answer.add(felt, followed, g.pattern.value, g.opts.Dither)
	ended, sign, mid := g.pattern.step(g.opts.Dither > 0)
	g.measure.add(felt, followed, mid)
	if ended {
		g.measure.close(sign)
		if sign == 0 { // a pair is whole
			g.judge()
		}
	}
	g.watch(felt)
}

// judge holds the reactivity to what was measured.
func (g *Guard) judge() {
	gain, low, high, ok := g.measure.interval()
	if !ok {
		return
	}
	if g.now-g.reported > 5*time.Minute || g.reported == 0 {
		g.reported = g.now
		g.opts.Log.Add(audit.Entry{At: g.now, What: audit.Estimated, Numbers: [4]float64{gain, low, high, g.reactivity}})
		if g.seen = g.answer.found(); g.seen.ok {
			g.opts.Log.Add(audit.Entry{At: g.now, What: audit.Evidence, Numbers: [4]float64{g.seen.r.F, g.seen.best, g.seen.r.Bits(), truth(g.seen.sure)}})
		}
	}
	switch {
	case low*g.reactivity > g.opts.Limit:
		// Surely over the limit: do not wait for a narrow interval.
		g.lower(g.opts.Limit/gain, "people answer the light so strongly that the loop would swell: gain", gain, g.opts.Limit/g.reactivity)
	case high-low < narrow && g.measure.n >= pairsSure && g.measure.surely() >= answers && high*g.reactivity > g.opts.Limit:
		g.lower(g.opts.Limit/high, "people may answer the light so strongly that the loop would swell: upper bound of their gain", high, g.opts.Limit/g.reactivity)
	case g.measure.n >= pairsSure && g.measure.surely() >= answers && gain*g.reactivity > g.opts.Limit:
		// More likely over it than not: what is known is held to, though it be
		// little.
		g.lower(g.opts.Limit/gain, "people answer the light so strongly that the loop would swell: most likely gain", gain, g.opts.Limit/g.reactivity)
	}
}

// narrow is how wide an interval may be to be held to by its upper end.
const narrow = 0.5

// watch looks for the signs that come before a measurement is to be had.
func (g *Guard) watch(felt float64) {
	if felt > endOfRange || felt < -endOfRange {
		g.high++
	} else {
		g.high = 0
	}
	if g.quiet > 0 {
		g.quiet--
	}
	if g.high >= endTicks && g.quiet == 0 {
		g.precaution("everybody has been at the end of the range for long, as when the light drives them", felt, endOfRange)
	}
	if g.tick%tickRate == 0 {
		g.slowing.add(felt)
		if g.tick%(30*tickRate) == 0 {
			g.seen = g.answer.found()
			g.slow()
		}
	}
	if period, strength, found := g.howl.add(felt, g.tick); found && g.quiet == 0 {
		// It is an alarm only where people are seen to answer the light: a shared
		// music sways a crowd as well. The light waits for no proof.
		why := "arousal swings at one pace, and people are not seen to answer the light; strength over the mean"
		if g.Answers() {
			why = "arousal swings at one pace; strength over the mean"
			g.opts.Log.Add(audit.Entry{At: g.now, What: audit.Warned, Numbers: [4]float64{period, howlBand}, Text: "arousal swings to and fro at one pace, as in a loop with a delay, and people answer the light; period in seconds"})
		}
		g.precaution(why, strength, howlPeak)
		g.quiet = howlSpan / 4 * tickRate // until the swing could have died
	}
}

// slow warns of a room that is ever slower to come back from what moves it,
// if people are seen to answer the light: a slow mood alone is no loop.
func (g *Guard) slow() {
	lag, known := g.slowing.lag()
	if !known || lag < slowLimit || !g.Answers() {
		return
	}
	if g.quiet == 0 && g.current > g.opts.Limit {
		g.opts.Log.Add(audit.Entry{At: g.now, What: audit.Warned, Numbers: [4]float64{lag, slowLimit}, Text: "arousal is slow to come back from what moves it, and follows the light; correlation from one second to the next"})
		g.precaution("arousal is slow to come back from what moves it; correlation from one second to the next", lag, slowLimit)
		g.quiet = 60 * tickRate
	}
}

const (
	// slowLimit is what five minutes show of a loop gain of 0.9 about people of a
	// time constant of 5 s; alone they show 0.8, at 0.6 they show 0.9.
	slowLimit = 0.94
	answers   = 3.0 // standard errors by which people must be seen to answer
)

func (g *Guard) precaution(why string, value, limit float64) {
	to := max(g.reactivity*precaution, g.opts.Limit*lowest)
	g.quiet = restTicks
	g.lower(to, why, value, limit)
}

// lower is the only place where the reactivity is changed, but for Reset.
func (g *Guard) lower(to float64, why string, value, limit float64) {
	if !(to < g.reactivity-1e-3) {
		return
	}
	g.opts.Log.Add(audit.Entry{At: g.now, What: audit.Lowered, Numbers: [4]float64{g.reactivity, to, value, limit}, Text: why})
	if gain, _, _, ok := g.measure.interval(); !ok || gain*g.reactivity > 0.7 {
		// A room near the edge takes longer to answer than a block is long, so
		// what was measured there falls short: measure anew.
		g.measure.forget()
	}
	g.reactivity, g.why = to, why
}

// Reset gives the reactivity back, to what the gain taken for granted allows:
// for a technician who knows why it was lowered. What was measured stays.
func (g *Guard) Reset() {
	to := min(1, g.opts.Limit/g.opts.Assumed)
	if _, _, high, ok := g.measure.interval(); ok {
		to = min(to, g.opts.Limit/max(high, 1e-6))
	}
	if to > g.reactivity {
		g.opts.Log.Add(audit.Entry{At: g.now, What: audit.Reset, Numbers: [4]float64{g.reactivity, to}})
		g.reactivity, g.why = to, ""
	}
}

// Limit is the most that reactivity × gain may be.
func (g *Guard) Limit() float64 { return g.opts.Limit }

// SetLimit changes it. What is over a lower one is lowered; a higher one gives
// nothing back, which only Reset does.
func (g *Guard) SetLimit(limit float64) {
	if !(limit > 0) {
		return
	}
	g.opts.Limit = limit
	gain := g.opts.Assumed
	if _, _, high, ok := g.measure.interval(); ok && high > 0 {
		gain = high
	}
	g.lower(limit/gain, "the limit of the loop was lowered; gain", gain, limit/g.reactivity)
}

// Forget drops every series of the mean that is held, for a consent that was
// taken back where few are there. The gain found so far stays: it is a number
// of the room.
func (g *Guard) Forget() {
	g.measure.drop()
	g.answer.reset()
	g.seen = evidence{}
	g.pattern.stop()
	g.slowing.reset()
	g.howl.reset()
	g.high = 0
}
