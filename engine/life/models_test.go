package life

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

// A result is one line of the table in docs/life.md: a model, what is known
// of it, and what this package's code gives. How far that may be off is either
// the range of what is cited, or what the arithmetic of the comparison leaves
// open – ticks, chance among so many, rows of a lattice – and then the reason
// stands at the line. What is known by its kind only ("faster pressing gives
// more") is held to its sign, with room.
type result struct {
	model, known, measured string
	ok                     bool
}

var write = flag.String("write", "", "the document whose table of models is to be written anew")

// TestModels holds every model to an analytic or published result.
func TestModels(t *testing.T) {
	var all []result
	for _, m := range []struct {
		name    string
		results func() []result
	}{
		{"kuramoto", kuramotoResults}, {"pulses", pulseResults}, {"swarm", swarmResults}, {"plankton", planktonResults},
		{"nagumo", nagumoResults}, {"reaction", reactionResults}, {"quorum", quorumResults}, {"mycelium", myceliumResults},
		{"physarum", physarumResults}, {"circadian", circadianResults}, {"glow", glowResults},
	} {
		t.Run(m.name, func(t *testing.T) {
			for _, r := range m.results() {
				t.Logf("%s: %s: %s", r.model, r.known, r.measured)
				if !r.ok {
					t.Errorf("%s: known: %s; measured: %s", r.model, r.known, r.measured)
				}
				all = append(all, r)
			}
		})
	}
	if *write == "" {
		return
	}
	var b strings.Builder
	b.WriteString("| model | what is known | what the code gives |\n|---|---|---|\n")
	for _, r := range all {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", r.model, r.known, r.measured)
	}
	text, err := os.ReadFile(*write)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- table: models -->\n", "<!-- end -->"
	head, rest, ok := strings.Cut(string(text), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no %q", *write, begin)
	}
	if err := os.WriteFile(*write, []byte(head+begin+b.String()+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}
