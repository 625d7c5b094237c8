package control

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	goosc "github.com/hypebeast/go-osc/osc"

	"noctiluca/devices/osc"
	"noctiluca/engine/signal"
)

// Rules is what may be changed of the governance of a work while it plays.
type Rules interface {
	Command(signal.Order) error
	RuleValue(name string) (value float64, permitted, ok bool)
}

// Governance is the beginning of the rules' addresses: /governance/blend 0.5
// changes a rule, without an argument it asks for it, and
// /governance/guard/reset gives the light's reactivity back. The sender is
// answered at Reply.
//
// The rules are no parameters: no scene, cue or MIDI controller turns them, no
// pattern reaches them, and undo does not take them back. What the file does
// not list under governance.live is refused by the engine.
const (
	Governance = "/governance/"
	Reply      = "/governance/reply"
)

// govern lets a message to the rules act, and answers it.
//
// The answer is Reply with the rule's name, a word (done, is, or refused) and a
// text; to a question, also the value as a double and whether it may be
// changed.
func (s *Server) govern(m osc.Message, at time.Duration, from netip.AddrPort) {
	name := strings.TrimPrefix(string(m.Address), Governance)
	args := m.Arguments()
	first, has := args.Next()
	value, isNumber := first.Number()
	if yes, isTruth := first.Truth(); has && isTruth {
		isNumber, value = true, 0
		if yes {
			value = 1
		}
	}
	if !has && name != signal.ResetGuard {
		s.tell(from, name)
		return
	}
	if has && !isNumber {
		s.reply(from, name, "refused", "expected a number")
		return
	}
	if name == signal.ResetGuard && has && value == 0 {
		return // a button that comes up
	}
	was, _, _ := s.o.Rules.RuleValue(name)
	if err := s.o.Rules.Command(signal.Order{At: at, Rule: name, Value: value}); err != nil {
		s.o.Log("OSC control: " + from.String() + ": " + err.Error())
		s.reply(from, name, "refused", err.Error())
		return
	}
	text := "the light's reactivity is given back, as far as what was measured allows"
	if name != signal.ResetGuard {
		text = fmt.Sprintf("%g (was %g)", value, was)
	}
	s.o.Log("rule " + name + ": " + text + ", by " + from.String())
	s.reply(from, name, "done", text)
}

// tell answers what a rule is.
func (s *Server) tell(to netip.AddrPort, name string) {
	for _, r := range signal.LiveRules() {
		if r.Name != name {
			continue
		}
		v, permitted, ok := s.o.Rules.RuleValue(name)
		if !ok {
			s.reply(to, name, "refused", "no feedback guard watches this work")
			return
		}
		s.reply(to, name, "is", r.Range()+": "+r.Doc, v, permitted)
		return
	}
	s.reply(to, name, "refused", "there is no such rule")
}

func (s *Server) reply(to netip.AddrPort, name, word, text string, more ...any) {
	m := goosc.NewMessage(Reply, name, word, text)
	m.Append(more...)
	if b, err := m.MarshalBinary(); err == nil {
		s.conn.WriteToUDPAddrPort(b, to)
	}
}

// describeRules adds the rules to a description.
func (s *Server) describeRules(root *node) {
	if s.o.Rules == nil {
		return
	}
	for _, r := range signal.LiveRules() {
		v, permitted, ok := s.o.Rules.RuleValue(r.Name)
		if !ok {
			continue
		}
		n := root.at(Governance + r.Name)
		n.Type, n.Value, n.Description, n.Access = "f", []any{v}, r.Doc, readable
		if permitted {
			n.Access = both
		}
		low, high := float32(r.Min), float32(r.Max)
		n.Range = []span{{Min: &low, Max: &high}}
	}
	if _, permitted, _ := s.o.Rules.RuleValue(signal.ResetGuard); permitted {
		n := root.at(Governance + signal.ResetGuard)
		n.Access, n.Type, n.Description = writable, "I", "give the light's reactivity back"
	}
}
