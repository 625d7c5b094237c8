package main

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	goosc "github.com/hypebeast/go-osc/osc"

	"noctiluca/devices/control"
	"noctiluca/devices/osc"
	feeling "noctiluca/engine/signal"
)

type govern struct {
	Rule  string `arg:"" optional:"" name:"RULE" help:"A rule, as blend or loop/limit; guard/reset gives back what the feedback guard took of the light's reactivity. Left out: all rules are shown."`
	Value string `arg:"" optional:"" name:"VALUE" help:"What it is to be: a number, or on or off. Left out: the rule is shown."`
	To    string `default:"127.0.0.1:9001" placeholder:"ADDRESS" help:"Where that work's OSC control listens, host:port (control.osc of its show, or run --control)."`
}

// Help is what --help says below.
func (*govern) Help() string {
	return "Only rules that are listed under governance.live in the installation file can be changed; each change is a line in the audit log (--audit). " +
		"A change holds until the work is started again: what is to stay belongs in the file. A number under 0 goes behind --, as in steer/valence -- -0.5.\n\nRules: " + strings.Join(feeling.RuleNames(), ", ") + ".\n\nExamples:\n\n" + `    noctiluca govern                                   all rules
    noctiluca govern blend 0.5
    noctiluca govern steer/valence -- -0.5
    noctiluca govern guard/reset --to 192.168.1.20:9001`
}

func (c *govern) Run(p *program) error {
	names := []string{c.Rule}
	if c.Rule == "" {
		names = feeling.RuleNames()[1:]
	} else if known := feeling.RuleNames(); !slices.Contains(known, c.Rule) {
		return inputError{fmt.Errorf("there is no rule %q: expected one of %s", c.Rule, strings.Join(known, ", "))}
	}
	conn, err := net.Dial("udp", c.To)
	if err != nil {
		return inputError{fmt.Errorf("--to %s: %w", c.To, err)}
	}
	defer conn.Close()
	if c.Value != "" || c.Rule == feeling.ResetGuard {
		m := goosc.NewMessage(control.Governance + c.Rule)
		if c.Rule != feeling.ResetGuard {
			v, err := number(c.Value)
			if err != nil {
				return inputError{err}
			}
			m.Append(v)
		}
		a, err := c.ask(conn, c.Rule, m)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "%s: %s\n", c.Rule, a.text)
		return nil
	}
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, name := range names {
		a, err := c.ask(conn, name, goosc.NewMessage(control.Governance+name))
		if errors.Is(err, errRefused) && len(names) > 1 {
			continue // a work without a guard has no limit of its loop
		}
		if err != nil {
			return err
		}
		may := "fixed by its file"
		if a.permitted {
			may = "may be changed"
		}
		fmt.Fprintf(w, "%s\t%g\t%s\t%s\n", name, a.value, may, a.text)
	}
	return w.Flush()
}

func number(s string) (float64, error) {
	switch s {
	case "on":
		return 1, nil
	case "off":
		return 0, nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, fmt.Errorf("value %q: expected a number, on or off", s)
	}
	return v, nil
}

// answered is what a running work answers.
type answered struct {
	text      string
	value     float64
	permitted bool
}

var errRefused = errors.New("refused")

// ask sends a message and waits for the answer about that rule.
func (c *govern) ask(conn net.Conn, name string, m *goosc.Message) (answered, error) {
	b, err := m.MarshalBinary()
	if err != nil {
		return answered{}, err
	}
	silent := fmt.Errorf("%s: no answer: is a work playing there, with OSC control on (run --control %s, or control.osc in its show's file), and is this machine under control.allow?", c.To, c.To)
	if _, err := conn.Write(b); err != nil {
		return answered{}, silent
	}
	conn.SetReadDeadline(time.Now().Add(2 * time.Second))
	buffer := make([]byte, 65536)
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			return answered{}, silent
		}
		var d osc.Decoder
		for d.Reset(buffer[:n]); d.Next(); {
			got := d.Message()
			args := got.Arguments()
			var words [3]string
			for i := range words {
				a, _ := args.Next()
				t, _ := a.Text()
				words[i] = string(t)
			}
			if string(got.Address) != control.Reply || words[0] != name {
				continue
			}
			if words[1] == "refused" {
				return answered{}, fmt.Errorf("%w: %s", errRefused, words[2])
			}
			out := answered{text: words[2]}
			if a, ok := args.Next(); ok {
				out.value, _ = a.Number()
			}
			if a, ok := args.Next(); ok {
				out.permitted, _ = a.Truth()
			}
			return out, nil
		}
	}
}
