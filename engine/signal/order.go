package signal

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"noctiluca/engine/signal/audit"
)

// Order is what a technician asks of the rules while a work plays.
type Order struct {
	At    time.Duration // engine time from which it counts; past is at the next Step
	Rule  string        // one of RuleNames, or ResetGuard
	Value float64       // in the rule's range
}

// ResetGuard is the Order.Rule that gives the light's reactivity back, after
// the feedback guard has lowered it.
const ResetGuard = "guard/reset"

// Rule is a rule of Governance that can be changed while a work plays.
type Rule struct {
	Name     string
	Min, Max float64 // both allowed
	Whole    bool    // a whole number
	Doc      string
	get      func(*Cells) float64
	set      func(*Cells, float64)
}

// smallest is the least of a range that is open at 0.
const smallest = 1e-6

// live are the rules, with the ranges of format.Governance.
var live = []Rule{
	{"influence_cap", smallest, 1, false, "the most of a collective value that any one person may move",
		func(c *Cells) float64 { return c.opts.InfluenceCap }, func(c *Cells, v float64) { c.opts.InfluenceCap = v }},
	{"blend", 0, 1, false, "what a cell's light follows: 0 its own people, 1 everybody",
		func(c *Cells) float64 { return c.opts.Rules.Blend }, func(c *Cells, v float64) { c.opts.Rules.Blend = v }},
	{"steer/valence", -1, 1, false, "valence of the mood towards which the work may draw people",
		func(c *Cells) float64 { return c.opts.Rules.SteerValence }, func(c *Cells, v float64) { c.opts.Rules.SteerValence = v }},
	{"steer/arousal", -1, 1, false, "arousal of the mood towards which the work may draw people",
		func(c *Cells) float64 { return c.opts.Rules.SteerArousal }, func(c *Cells, v float64) { c.opts.Rules.SteerArousal = v }},
	{"steer/most", 0, 0.3, false, "the most by which it may; 0 not at all",
		func(c *Cells) float64 { return c.opts.Rules.SteerMost }, func(c *Cells, v float64) { c.opts.Rules.SteerMost = v }},
	{"steer/slew", smallest, 0.1, false, "how fast steering may come and go, a second",
		func(c *Cells) float64 { return c.opts.Rules.SteerSlew }, func(c *Cells, v float64) { c.opts.Rules.SteerSlew = v }},
	{"minimum_group", 1, 1000, true, "of fewer people nothing about the group is shown, logged or exported",
		func(c *Cells) float64 { return float64(c.opts.Rules.MinimumGroup) }, func(c *Cells, v float64) {
			c.opts.Rules.MinimumGroup = int(v)
			c.history.atLeast(int(v))
		}},
	{"veto", 0, 1, true, "whether a person may have the cell where they stand follow nobody",
		func(c *Cells) float64 { return truth(!c.opts.Rules.NoVeto) }, func(c *Cells, v float64) { c.opts.Rules.NoVeto = v == 0 }},
	{"loop/limit", 0.05, 0.9, false, "the most that reactivity × gain of the people may be; a higher one gives nothing back",
		func(c *Cells) float64 { return c.guard.Limit() }, func(c *Cells, v float64) {
			o := *c.opts.Rules.Guard // what was given in is not ours to change
			o.Limit = v
			c.opts.Rules.Guard = &o
			c.guard.SetLimit(v)
		}},
}

// LiveRules are the rules that can be changed while a work plays, ResetGuard
// not among them.
func LiveRules() []Rule { return slices.Clone(live) }

// RuleNames are their names, and ResetGuard.
func RuleNames() []string {
	names := []string{ResetGuard}
	for i := range live {
		names = append(names, live[i].Name)
	}
	return names
}

// What Command may answer.
var (
	ErrNotPermitted = errors.New("not permitted: list it under governance.live in the installation file")
	ErrTooMany      = errors.New("too many orders wait for the next frame")
)

const mostOrders = 64

// orders is where they arrive.
type orders struct {
	mu        sync.Mutex
	permitted []string
	waiting   []Order
	values    []float64 // of the live rules, as of the last Step
	unguarded bool
	denied    time.Duration // of the last refusal that was written down
}

// deniedEvery is how often a refusal is written down at most: whoever asks
// without end fills no disk.
const deniedEvery = 10 * time.Second

// Command gives an order in, of any goroutine. The error says what is wrong
// with it; an order that is not permitted is a line in the audit log. An order
// acts at the Step of its time and is then a line there, with the value before
// and after.
func (c *Cells) Command(o Order) error {
	if o.At < 0 {
		o.At = 0
	}
	i := slices.IndexFunc(live, func(r Rule) bool { return r.Name == o.Rule })
	if i < 0 && o.Rule != ResetGuard {
		return fmt.Errorf("rule %q: there is none of that name; expected one of %v", o.Rule, RuleNames())
	}
	d := &c.orders
	d.mu.Lock()
	defer d.mu.Unlock()
	name := ResetGuard
	if i >= 0 {
		r := &live[i]
		name = r.Name
		if !(o.Value >= r.Min && o.Value <= r.Max) || r.Whole && o.Value != math.Trunc(o.Value) {
			return fmt.Errorf("rule %s: %v is not allowed; expected %v", r.Name, o.Value, r.Range())
		}
	}
	if !slices.Contains(d.permitted, name) {
		if d.denied == 0 || o.At-d.denied >= deniedEvery {
			d.denied = max(o.At, 1)
			c.opts.Audit.Add(audit.Entry{At: o.At, What: audit.Denied, Text: name})
		}
		return fmt.Errorf("rule %s: %w", name, ErrNotPermitted)
	}
	if d.unguarded && (name == ResetGuard || name == "loop/limit") {
		return fmt.Errorf("rule %s: no feedback guard watches this work", name)
	}
	if len(d.waiting) >= mostOrders {
		return ErrTooMany
	}
	o.Rule = name
	d.waiting = append(d.waiting, o)
	return nil
}

// Range is the rule's range in words.
func (r *Rule) Range() string {
	switch {
	case r.Whole && r.Max == 1:
		return "0 or 1"
	case r.Whole:
		return fmt.Sprintf("a whole number, %v to %v", r.Min, r.Max)
	case r.Min == smallest:
		return fmt.Sprintf("over 0, at most %v", r.Max)
	}
	return fmt.Sprintf("%v to %v", r.Min, r.Max)
}

// RuleValue is a live rule's value as of the last Step, and whether it may be
// changed; ok is false where there is no such rule. Any goroutine may call it.
func (c *Cells) RuleValue(name string) (value float64, permitted, ok bool) {
	i := slices.IndexFunc(live, func(r Rule) bool { return r.Name == name })
	d := &c.orders
	d.mu.Lock()
	defer d.mu.Unlock()
	permitted = slices.Contains(d.permitted, name)
	if i < 0 {
		return 0, permitted, name == ResetGuard
	}
	if d.unguarded && name == "loop/limit" {
		return 0, false, false
	}
	return d.values[i], permitted, true
}

// beginOrders prepares for orders.
func (c *Cells) beginOrders() {
	c.orders = orders{permitted: slices.Clone(c.opts.Rules.Live), waiting: make([]Order, 0, mostOrders), values: make([]float64, len(live)), unguarded: c.guard == nil}
	c.orders.note(c)
}

// note keeps the rules' values for whoever asks.
func (d *orders) note(c *Cells) {
	for i := range live {
		if d.unguarded && live[i].Name == "loop/limit" {
			continue
		}
		d.values[i] = live[i].get(c)
	}
}

// obey lets all orders up to now act, in the order in which they came.
func (c *Cells) obey(now time.Duration) {
	d := &c.orders
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.waiting) == 0 {
		return
	}
	left := d.waiting[:0]
	for _, o := range d.waiting {
		if o.At > now {
			left = append(left, o)
			continue
		}
		if o.Rule == ResetGuard {
			c.guard.Reset()
			continue
		}
		for i := range live {
			if r := &live[i]; r.Name == o.Rule {
				if was := r.get(c); was != o.Value {
					r.set(c, o.Value)
					c.opts.Audit.Add(audit.Entry{At: now, What: audit.Rules, Text: r.Name, Numbers: [4]float64{was, o.Value}})
				}
			}
		}
	}
	d.waiting = left
	d.note(c)
}
