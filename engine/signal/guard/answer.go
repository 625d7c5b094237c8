package guard

import "noctiluca/engine/signal/granger"

// answer gathers whether what the light follows tells what people feel next:
// Granger causality from the one to the other, over the last half hour. It needs
// no model of how late people are up to eight seconds, and no blocks; and it
// gives no gain. What of the light is made of people's own past adds nothing to
// that past, so what is left to tell is the dither.
//
// People may also be moved by what has a pace of its own, which a few seconds of
// past do not explain and which resembles the dither for a while. So chance is
// not taken from a table alone: beside the pattern that is played run others
// that are not, drawn in the same way, and the light as it would have been with
// each of them. Only where the true one tells more than every one of those is
// it believed (a randomisation test: R. A. Fisher, "The Design of Experiments",
// 1935; for series, surrogates: J. Theiler et al., Physica D 58 (1992) 77–94).
type answer struct {
	stream         granger.Stream
	felt, followed float64 // sums of a sample; followed without the pattern's part
	played         float64 // the pattern's part
	ticks          int
	others         [surrogates]other
	now, before    float64 // how much of a sample lies in this block's sign, and in the last one's
	at             int     // ticks into the pair of blocks
	pairs          uint64
}

// other is a pattern that is not played.
type other struct {
	seed         uint64
	sign, before float64 // of this block and of the one before
	stream       granger.Stream
}

const (
	answerTicks = 2 * tickRate // a sample: moods have next to no power above 0.25 Hz
	answerOrder = 4            // eight seconds
	answerKeep  = 1 - 1.0/900  // half an hour
	surrogates  = 39           // as much by chance: once in forty
)

func newAnswer(seed uint64) answer {
	a := answer{stream: granger.New(answerOrder, answerKeep)}
	for i := range a.others {
		a.others[i].stream = a.stream
		a.others[i].seed = seed ^ uint64(i+1)*0xd1342543de82ef95
	}
	return a
}

// add takes a tick: what was felt and followed, and what of it was the pattern.
func (a *answer) add(felt, followed, played, dither float64) {
	if !(dither > 0) {
		return
	}
	if a.at%blockTicks == 0 {
		a.turn()
	}
	eased := min(float64(a.at%blockTicks)/easeTicks, 1)
	a.at = (a.at + 1) % (2 * blockTicks)
	a.felt += felt
	a.followed += followed - float64(dither*played)
	a.played += float64(dither * played)
	a.now += float64(dither * eased)
	a.before += float64(dither * (1 - eased))
	if a.ticks++; a.ticks < answerTicks {
		return
	}
	a.stream.Add(a.felt/answerTicks, (a.followed+a.played)/answerTicks)
	for i := range a.others {
		o := &a.others[i]
		v := float64(o.sign*a.now) + float64(o.before*a.before)
		o.stream.Add(a.felt/answerTicks, (a.followed+v)/answerTicks)
	}
	a.clear()
}

// turn begins a block of the other patterns.
func (a *answer) turn() {
	if a.at == 0 {
		a.pairs++
	}
	for i := range a.others {
		o := &a.others[i]
		o.before = o.sign
		if a.at == 0 {
			o.sign = drawn(o.seed, a.pairs)
		} else {
			o.sign = -o.sign
		}
	}
}

func (a *answer) clear() {
	a.felt, a.followed, a.played, a.now, a.before, a.ticks = 0, 0, 0, 0, 0, 0
}

// evidence is how much is told, how much the best of the others tells, and
// whether people are surely seen to answer; ok is false while too little is
// known.
type evidence struct {
	r        granger.Strength
	best     float64
	sure, ok bool
}

func (a *answer) found() (e evidence) {
	if e.r, e.ok = a.stream.Strength(); !e.ok {
		return e
	}
	for i := range a.others {
		if o, ok := a.others[i].stream.Strength(); ok {
			e.best = max(e.best, o.F)
		}
	}
	e.sure = e.r.Sure() && e.r.F > e.best
	return e
}

// gap says that for a while there was nothing to see.
func (a *answer) gap() {
	a.clear()
	a.at = 0
	if a.stream.Empty() {
		return
	}
	a.stream.Gap()
	for i := range a.others {
		a.others[i].stream.Gap()
	}
}

func (a *answer) reset() {
	a.gap()
	a.stream.Reset()
	for i := range a.others {
		a.others[i].stream.Reset()
		a.others[i].sign = 0
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
