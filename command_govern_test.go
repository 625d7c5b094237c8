package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/control"
	"noctiluca/engine/show"
	feeling "noctiluca/engine/signal"
	"noctiluca/engine/signal/guard"
	"noctiluca/installations"
)

// A technician looks at the rules of a work that plays, and changes one.
func TestGovern(t *testing.T) {
	inst := &installations.Installation{Name: "test", Rate: 60, Groups: []installations.Group{{Name: "all"}},
		Scenes: []installations.Scene{{Name: "night", Layers: []installations.Layer{{Name: "wood", Level: 1}}}}}
	playing, err := show.New(inst, show.Options{})
	if err != nil {
		t.Fatal(err)
	}
	people := feeling.New([]string{"a"}, feeling.Options{Rules: feeling.Rules{Live: []string{"blend", feeling.ResetGuard}, MinimumGroup: 5, Guard: &guard.Options{}}})
	server, err := control.Open(control.Options{Show: playing, Now: func() time.Duration { return 0 }, OSC: "127.0.0.1:0", Rules: people})
	if err != nil {
		t.Fatal(err)
	}
	to := "--to=" + server.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { server.Run(ctx); close(ended) }()

	code, out, _ := cli("govern", to)
	if code != done || strings.Count(out, "\n") != len(feeling.RuleNames())-1 || !strings.Contains(out, "minimum_group  5     fixed by its file") {
		t.Errorf("code %d:\n%s", code, out)
	}
	if code, out, _ = cli("govern", to, "blend", "0.25"); code != done || out != "blend: 0.25 (was 0)\n" {
		t.Errorf("code %d: %s", code, out)
	}
	people.Step(time.Second)
	if code, out, _ = cli("govern", to, "blend"); code != done || !strings.HasPrefix(out, "blend  0.25  may be changed") {
		t.Errorf("code %d: %s", code, out)
	}
	if code, out, _ = cli("govern", to, "guard/reset"); code != done || !strings.Contains(out, "given back") {
		t.Errorf("code %d: %s", code, out)
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"veto", "off"}, failed, "not permitted"},
		{[]string{"blend", "7"}, failed, "expected 0 to 1"},
		{[]string{"blend", "much"}, badInput, "expected a number"},
		{[]string{"mood", "1"}, badInput, "expected one of"},
	} {
		if code, _, errs := cli(append([]string{"govern", to}, c.args...)...); code != c.code || !strings.Contains(errs, c.want) {
			t.Errorf("%v: code %d, %s; want %d, %s", c.args, code, errs, c.code, c.want)
		}
	}
	stop()
	<-ended
	if code, _, errs := cli("govern", to, "blend"); code != failed || !strings.Contains(errs, "no answer") {
		t.Errorf("with nobody there: code %d, %s", code, errs)
	}
}
