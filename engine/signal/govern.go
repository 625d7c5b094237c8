package signal

import (
	"time"

	"noctiluca/engine/signal/audit"
	"noctiluca/engine/signal/guard"
)

// Rules are what a work may do with what people feel: the governance of its
// installation file. The zero value asks for nothing beyond InfluenceCap.
type Rules struct {
	// Blend is what a cell's light follows: 0 its own people, 1 everybody.
	Blend float64
	// Steer draws the affect that the light follows towards a mood by at most
	// SteerMost, at SteerSlew a second. SteerMost 0 does not.
	SteerValence, SteerArousal, SteerMost, SteerSlew float64
	// MinimumGroup is how many people a group must have for anything about it
	// to be shown, logged or exported; 0 and 1 are no bound.
	MinimumGroup int
	// NoVeto: vetoes have no effect.
	NoVeto bool
	// InferNothing: nothing is inferred of anybody (a workplace, a school).
	InferNothing bool
	// Guard bounds the loop from light to people; nil watches nothing.
	Guard *guard.Options
	// Live are the names of the rules that Command may change while the work
	// plays (RuleNames); none unless listed.
	Live []string
	// Epsilon is the privacy budget of a day for exported summaries, and Noise
	// the random bits for them, which nobody must be able to guess; without
	// either nothing is exported.
	Epsilon float64
	Noise   func() uint64
}

// govern turns what the cells feel into what the light follows.
func (c *Cells) govern(dt float64) {
	r := &c.opts.Rules
	last := len(c.names)
	whole := c.states[last]
	step := float64(r.SteerSlew * dt)
	aim := [2]float64{}
	if r.SteerMost > 0 && whole.Presence > 0 {
		aim[0] = toAim(r.SteerValence-float64(whole.Valence), r.SteerMost)
		aim[1] = toAim(r.SteerArousal-float64(whole.Arousal), r.SteerMost)
	}
	for i := range c.steered {
		c.steered[i] += min(max(aim[i]-c.steered[i], -step), step)
	}
	reactivity, dither := 1.0, 0.0
	if c.guard != nil {
		reactivity, dither = c.guard.Reactivity(), c.guard.Dither()
	}
	for i := range c.light {
		s := c.states[i]
		if r.Blend > 0 && i < last {
			s = blend(s, whole, float32(r.Blend))
		}
		if reactivity != 1 {
			s.Valence = float32(float64(s.Valence) * reactivity)
			s.Arousal = float32(float64(s.Arousal) * reactivity)
		}
		if s.People > 0 || r.Blend > 0 {
			// What the work adds of its own counts only where people are.
			p := float64(s.Presence)
			s.Valence = unit(float64(s.Valence) + float64(c.steered[0]*p))
			s.Arousal = unit(float64(s.Arousal) + float64((c.steered[1]+dither)*p))
		}
		if c.sums[i].shaken && i < last && !r.NoVeto {
			s = CellState{} // follows nobody
		}
		c.light[i] = s
	}
	if c.guard != nil {
		c.guard.Step(c.now, float64(whole.Arousal), float64(c.light[last].Arousal), float64(whole.ArousalConfidence))
	}
}

// toAim is a difference held to the most that steering may make of it.
func toAim(d, most float64) float64 { return min(max(d, -most), most) }

// blend mixes a cell with the whole; counts stay the cell's.
func blend(s, w CellState, k float32) CellState {
	mix := func(a, b float32) float32 { return a + float32((b-a)*k) }
	s.Valence, s.Arousal = mix(s.Valence, w.Valence), mix(s.Arousal, w.Arousal)
	s.ValenceConfidence = mix(s.ValenceConfidence, w.ValenceConfidence)
	s.ArousalConfidence = mix(s.ArousalConfidence, w.ArousalConfidence)
	s.Presence = mix(s.Presence, w.Presence)
	s.Coherence, s.Fragmentation = mix(s.Coherence, w.Coherence), mix(s.Fragmentation, w.Fragmentation)
	s.Polarisation, s.Bimodality = mix(s.Polarisation, w.Polarisation), mix(s.Bimodality, w.Bimodality)
	s.ValenceSpread, s.ArousalSpread = mix(s.ValenceSpread, w.ValenceSpread), mix(s.ArousalSpread, w.ArousalSpread)
	s.SynchronyZ, s.Inertia = mix(s.SynchronyZ, w.SynchronyZ), mix(s.Inertia, w.Inertia)
	s.Variability, s.Instability = mix(s.Variability, w.Variability), mix(s.Instability, w.Instability)
	s.BreathCoherence, s.Synchrony = mix(s.BreathCoherence, w.BreathCoherence), mix(s.Synchrony, w.Synchrony)
	s.Beat = mix(s.Beat, w.Beat)
	return s
}

// Guard is the feedback guard; nil where none watches. It belongs to the
// goroutine of Step.
func (c *Cells) Guard() *guard.Guard { return c.guard }

// left lets the guard and the history forget what rests on so few people that
// it is about each of them, when one of them takes their consent back.
func (c *Cells) left() {
	c.history.erase()
	if c.guard != nil && len(c.order) < max(c.opts.Rules.MinimumGroup, 2) {
		c.guard.Forget()
	}
}

// Shown is what may be told of a group.
type Shown struct {
	State CellState
	// Withheld says why there is nothing: too few people, who have not all
	// agreed to be shown.
	Withheld bool
	Since    time.Duration // of the last release
}

// The rules of release. [design]
const (
	// showEvery is how often the figures of a group change, showTime how
	// slowly they follow, and showWait how long a group must have been large
	// enough: somebody's coming or going makes no readable step.
	showEvery = 10 * time.Second
	showTime  = 30.0 // s
	showWait  = 10 * time.Second
)

// shown is the release of one cell.
type shown struct {
	slow    CellState
	out     Shown
	enough  time.Duration // since when the group is large enough
	large   bool
	started bool
}

// release updates what may be told of each group.
func (c *Cells) release(dt float64) {
	k := c.opts.Rules.MinimumGroup
	for i := range c.shown {
		s, felt := &c.shown[i], c.states[i]
		if k <= 1 || c.sums[i].people == c.sums[i].open {
			// Everybody in it agreed to be shown, one by one.
			s.out = Shown{State: felt, Since: c.now}
			s.large, s.started = false, false
			continue
		}
		// One more than k to begin with, k to go on.
		least := k + 1
		if s.large {
			least = k
		}
		if felt.People < least {
			*s = shown{out: Shown{Withheld: true, Since: c.now}}
			continue
		}
		if !s.large {
			s.large, s.enough, s.started = true, c.now, false
			s.out = Shown{Withheld: true, Since: c.now}
		}
		if !s.started {
			s.slow, s.started = felt, true
		}
		ease := float32(dt / (showTime + dt))
		people := s.slow.People
		s.slow = blend(s.slow, felt, ease)
		s.slow.People = people
		if c.now-s.enough >= showWait && c.now-s.out.Since >= showEvery {
			// Counts in steps of k, so that they tell nobody's coming.
			s.slow.People = felt.People / k * k
			s.out = Shown{State: s.slow, Since: c.now}
			s.out.State.Heart, s.out.State.BreathPhase = 0, 0
		}
	}
}

// Shown is what may be shown, logged or exported about cell i, −1 the whole.
func (c *Cells) Shown(i int) Shown {
	if i < 0 || i >= len(c.names) {
		i = len(c.names)
	}
	return c.shown[i].out
}

// figure is a rule as a number, for the audit log.
type figure struct {
	name  string
	value float64
}

// figures are all rules that can be changed.
func (r *Rules) figures() [10]figure {
	return [...]figure{
		{"blend", r.Blend}, {"steer/valence", r.SteerValence}, {"steer/arousal", r.SteerArousal},
		{"steer/most", r.SteerMost}, {"steer/slew", r.SteerSlew}, {"minimum_group", float64(r.MinimumGroup)},
		{"veto", truth(!r.NoVeto)}, {"infer nothing", truth(r.InferNothing)}, {"epsilon", r.Epsilon},
		{"guard", truth(r.Guard != nil)},
	}
}

// begin writes down the rules with which a run begins.
func (c *Cells) begin() {
	c.opts.Audit.Add(audit.Entry{What: audit.InForce, Text: "influence_cap", Numbers: [4]float64{c.opts.InfluenceCap}})
	for _, f := range c.opts.Rules.figures() {
		c.opts.Audit.Add(audit.Entry{What: audit.InForce, Text: f.name, Numbers: [4]float64{f.value}})
	}
	if o := c.opts.Rules.Guard; o != nil {
		c.opts.Audit.Add(audit.Entry{What: audit.InForce, Text: "loop/limit", Numbers: [4]float64{o.Limit}})
		c.opts.Audit.Add(audit.Entry{What: audit.InForce, Text: "loop/assumed", Numbers: [4]float64{o.Assumed}})
		c.opts.Audit.Add(audit.Entry{What: audit.InForce, Text: "loop/dither", Numbers: [4]float64{o.Dither}})
	}
}

// SetRules changes the rules from the next Step on; each change is a line in
// the audit log. The guard goes on with what it has.
func (c *Cells) SetRules(r Rules) {
	old, now := c.opts.Rules.figures(), r.figures()
	for i := range now {
		if old[i] != now[i] {
			c.opts.Audit.Add(audit.Entry{At: c.now, What: audit.Rules, Text: now[i].name, Numbers: [4]float64{old[i].value, now[i].value}})
		}
	}
	guarded := c.opts.Rules.Guard
	if r.Guard == nil {
		r.Guard = guarded
	}
	c.opts.Rules = r
	c.history.atLeast(r.MinimumGroup)
	c.orders.mu.Lock()
	defer c.orders.mu.Unlock()
	c.orders.permitted = r.Live
	c.orders.note(c)
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
