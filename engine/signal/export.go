package signal

import (
	"math"
	"time"
)

// Summary is what is exported about everybody: clipped means with noise, so
// that nobody can tell from it whether one person was there.
type Summary struct {
	At               time.Duration
	Valence, Arousal float64 // −1…1 with noise; may lie outside
	People           int     // in steps of the least group
	Spent, Budget    float64 // of the day's epsilon
}

// A day has ten summaries, each of which costs a tenth of the budget, half for
// each mean: a few that can be read rather than many that cannot.
const (
	summariesADay = 10
	day           = 24 * time.Hour
	summaryEvery  = day / summariesADay
)

// exports is the account of a day's budget.
type exports struct {
	day   int64
	spent float64
	last  time.Duration
	begun bool
}

// Summary gives a summary of all, ten times a day at most, while the day's
// budget lasts and the group is large enough; ok is false otherwise. It
// belongs to the goroutine of Step.
//
// The Laplace mechanism (C. Dwork et al., TCC 2006): the mean of n values in
// −1…1 moves by at most 2/n where one person is another, so noise of the scale
// 2/(n ε) makes it ε-differentially private. The noise is of a mean that every
// person has a part of 1/n in, presence and confidence in 0…1 included.
func (c *Cells) Summary() (Summary, bool) {
	r := &c.opts.Rules
	x := &c.exports
	if today := int64(c.now / day); today != x.day {
		*x = exports{day: today, last: x.last, begun: x.begun}
	}
	whole := c.Shown(-1)
	s := &c.sums[len(c.names)]
	n := s.people
	cost := r.Epsilon / summariesADay
	if r.Noise == nil || !(r.Epsilon > 0) || whole.Withheld || n < max(r.MinimumGroup, 2) ||
		x.spent+cost > r.Epsilon+1e-9 || x.begun && c.now-x.last < summaryEvery {
		return Summary{}, false
	}
	x.spent += cost
	x.last, x.begun = c.now, true
	scale := 2 / (float64(n) * cost / 2)
	k := max(r.MinimumGroup, 1)
	return Summary{
		At:      c.now,
		Valence: s.valence.value/float64(n) + laplace(scale, r.Noise),
		Arousal: s.arousal.value/float64(n) + laplace(scale, r.Noise),
		People:  n / k * k,
		Spent:   x.spent, Budget: r.Epsilon,
	}, true
}

// laplace draws from Laplace's distribution of that scale, rounded to a
// hundredth of it against what the low bits of floating point would tell
// (I. Mironov, CCS 2012).
func laplace(scale float64, bits func() uint64) float64 {
	u := (float64(bits()>>11) + 0.5) / (1 << 53) // 0…1, neither of them
	x := 0.0
	if u < 0.5 {
		x = scale * math.Log(2*u)
	} else {
		x = -scale * math.Log(2*(1-u))
	}
	return math.Round(x/scale*100) / 100 * scale
}
