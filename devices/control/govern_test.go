package control

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	goosc "github.com/hypebeast/go-osc/osc"

	"noctiluca/engine/signal"
	"noctiluca/engine/signal/audit"
	"noctiluca/engine/signal/guard"
)

// What the file permits is changed, what it does not is refused, and whoever
// asked is told which.
func TestGovernance(t *testing.T) {
	log := audit.New(100)
	people := signal.New([]string{"a"}, signal.Options{Audit: log, Rules: signal.Rules{
		Live: []string{"blend", signal.ResetGuard}, MinimumGroup: 5, Guard: &guard.Options{Log: log}}})
	s := newStage(t, Options{OSC: "127.0.0.1:0", Query: "127.0.0.1:0", Rules: people})
	conn, err := net.Dial("udp", s.server.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, c := range []struct {
		message *goosc.Message
		word    string // of the answer; empty: none
		text    string
	}{
		{goosc.NewMessage("/governance/blend", float32(0.5)), "done", "0.5 (was 0)"},
		{goosc.NewMessage("/governance/blend", "half"), "refused", "number"},
		{goosc.NewMessage("/governance/blend", float32(7)), "refused", "0 to 1"},
		{goosc.NewMessage("/governance/minimum_group", int32(1)), "refused", "not permitted"},
		{goosc.NewMessage("/governance/minimum_group"), "is", "whole number"},
		{goosc.NewMessage("/governance/epsilon", float32(3)), "refused", "none of that name"},
		{goosc.NewMessage("/governance/guard/reset", float32(0)), "", ""}, // a button that comes up
		{goosc.NewMessage("/governance/guard/reset", float32(1)), "done", "given back"},
		{goosc.NewMessage("/governance/*", float32(0.9)), "refused", "none of that name"}, // no pattern reaches a rule
	} {
		b, _ := c.message.MarshalBinary()
		conn.Write(b)
		wait := 30 * time.Second
		if c.word == "" {
			wait = 50 * time.Millisecond
		}
		conn.SetReadDeadline(time.Now().Add(wait))
		buffer := make([]byte, 2048)
		n, err := conn.Read(buffer)
		if c.word == "" {
			if err == nil {
				t.Errorf("%v was answered", c.message)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%v: no answer: %v", c.message, err)
		}
		p, err := goosc.ParsePacket(string(buffer[:n]))
		if err != nil {
			t.Fatal(err)
		}
		got := p.(*goosc.Message)
		if got.Address != Reply || got.Arguments[0] != strings.TrimPrefix(c.message.Address, Governance) ||
			got.Arguments[1] != c.word || !strings.Contains(got.Arguments[2].(string), c.text) {
			t.Errorf("%v is answered with %v, want %s … %s", c.message, got, c.word, c.text)
		}
		if c.word == "is" && (got.Arguments[3] != 5.0 || got.Arguments[4] != false) {
			t.Errorf("asked for the least group: %v", got)
		}
	}
	people.Step(time.Hour)
	if v, _, _ := people.RuleValue("blend"); v != 0.5 {
		t.Errorf("blend is %v", v)
	}
	changed := 0
	for _, e := range log.Since(0, nil) {
		if e.What == audit.Rules || e.What == audit.Denied {
			changed++
		}
	}
	if changed != 2 {
		t.Errorf("%d lines in the log, want a change and a refusal", changed)
	}
	// The description tells which may be changed.
	r, err := http.Get("http://" + s.server.QueryAddr().String() + "/governance")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var n node
	if err := json.NewDecoder(r.Body).Decode(&n); err != nil {
		t.Fatal(err)
	}
	if b, m := n.Contents["blend"], n.Contents["minimum_group"]; b == nil || m == nil || b.Access != both || m.Access != readable || b.Value[0] != 0.5 {
		t.Errorf("described as %+v", n.Contents)
	}
}
