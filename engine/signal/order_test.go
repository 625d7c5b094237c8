package signal

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"noctiluca/engine/signal/audit"
	"noctiluca/engine/signal/guard"
)

// Every rule that may be changed is, from the Step of its time on, and each
// change is a line with the value before and after.
func TestCommand(t *testing.T) {
	log := audit.New(1000)
	c := New([]string{"a", "b"}, Options{Audit: log, Rules: Rules{Live: RuleNames(), MinimumGroup: 5, SteerSlew: 0.01, Guard: &guard.Options{Limit: 0.5, Log: log}}})
	c.Step(time.Second)
	before := len(log.Since(0, nil))
	for i, r := range LiveRules() {
		was, permitted, ok := c.RuleValue(r.Name)
		if !ok || !permitted {
			t.Fatalf("%s: permitted %v, known %v", r.Name, permitted, ok)
		}
		to := r.Min
		if was == to {
			to = r.Max
		}
		at := time.Duration(i+2) * time.Second
		if err := c.Command(Order{At: at, Rule: r.Name, Value: to}); err != nil {
			t.Fatal(err)
		}
		c.Step(at - 10*time.Millisecond)
		if v, _, _ := c.RuleValue(r.Name); v != was {
			t.Errorf("%s changed before its time", r.Name)
		}
		c.Step(at)
		if v, _, _ := c.RuleValue(r.Name); v != to {
			t.Errorf("%s is %v, want %v", r.Name, v, to)
		}
		lines := log.Since(uint64(before), nil)
		found := false
		for _, e := range lines {
			found = found || e.What == audit.Rules && e.Text == r.Name && e.Numbers[0] == was && e.Numbers[1] == to && e.At == at
		}
		if !found {
			t.Errorf("%s from %v to %v is no line of the log: %v", r.Name, was, to, lines)
		}
	}
	if c.opts.InfluenceCap != smallest || c.opts.Rules.Blend != 1 || c.opts.Rules.SteerMost != 0.3 || c.opts.Rules.MinimumGroup != 1 || !c.opts.Rules.NoVeto || c.guard.Limit() != 0.05 {
		t.Errorf("the rules are %+v", c.opts.Rules)
	}
	// A lower limit lowers the reactivity at once; a higher one gives nothing
	// back; a technician does.
	for at := 20 * time.Second; at < 30*time.Second; at += 100 * time.Millisecond {
		c.Step(at)
	}
	if r := c.Guard().Reactivity(); math.Abs(r-0.1) > 1e-9 {
		t.Fatalf("with a limit of 0.05 and a gain of 0.5 taken for granted the reactivity is %v", r)
	}
	if err := c.Command(Order{Rule: "loop/limit", Value: 0.5}); err != nil {
		t.Fatal(err)
	}
	c.Step(31 * time.Second)
	if r := c.Guard().Reactivity(); r > 0.11 {
		t.Errorf("a higher limit gave the reactivity back: %v", r)
	}
	if err := c.Command(Order{Rule: ResetGuard}); err != nil {
		t.Fatal(err)
	}
	for at := 32 * time.Second; at < 42*time.Second; at += 100 * time.Millisecond {
		c.Step(at)
	}
	if r := c.Guard().Reactivity(); r != 1 {
		t.Errorf("after it was given back the reactivity is %v", r)
	}
	resets := 0
	for _, e := range log.Since(0, nil) {
		if e.What == audit.Reset {
			resets++
		}
	}
	if resets != 1 {
		t.Errorf("%d lines of the log tell of one reset", resets)
	}
}

// What the file does not permit is refused, and that too is a line; what is
// wrong is refused with what would be right.
func TestCommandIsRefused(t *testing.T) {
	log := audit.New(100)
	c := New(nil, Options{Audit: log, Rules: Rules{Live: []string{"blend"}}})
	for _, k := range []struct {
		o    Order
		want string
	}{
		{Order{Rule: "steer/most", Value: 0.3}, "not permitted"},
		{Order{Rule: "steer/most", Value: 0.2}, "not permitted"},
		{Order{At: time.Minute, Rule: ResetGuard}, "not permitted"},
		{Order{Rule: "blend", Value: 1.5}, "expected 0 to 1"},
		{Order{Rule: "blend", Value: math.NaN()}, "expected 0 to 1"},
		{Order{Rule: "minimum_group", Value: 2.5}, "whole number"},
		{Order{Rule: "influence_cap", Value: 0}, "over 0, at most 1"},
		{Order{Rule: "mood", Value: 1}, "none of that name"},
	} {
		if err := c.Command(k.o); err == nil || !strings.Contains(err.Error(), k.want) {
			t.Errorf("%+v: %v, want %q", k.o, err, k.want)
		}
	}
	denied := 0
	for _, e := range log.Since(0, nil) {
		if e.What == audit.Denied {
			denied++
		}
	}
	if denied != 2 {
		t.Errorf("%d refusals are in the log, want one each ten seconds: 2", denied)
	}
	for i := range mostOrders + 1 {
		err := c.Command(Order{At: time.Hour, Rule: "blend", Value: 1})
		if (i == mostOrders) != errors.Is(err, ErrTooMany) {
			t.Fatalf("order %d: %v", i, err)
		}
	}
	if d := New(nil, Options{Rules: Rules{Live: RuleNames()}}); d.Command(Order{Rule: ResetGuard}) == nil {
		t.Error("a guard that there is not was reset")
	}
}

func TestCommandAllocatesNothingInStep(t *testing.T) {
	c := New(nil, Options{Rules: Rules{Live: RuleNames()}})
	n := 0
	if a := testing.AllocsPerRun(200, func() {
		n++
		if err := c.Command(Order{Rule: "blend", Value: float64(n%2) / 2}); err != nil {
			t.Fatal(err)
		}
		c.Step(time.Duration(n) * time.Second)
	}); a != 0 {
		t.Errorf("%v allocations", a)
	}
}
