package format

import (
	"strconv"
	"strings"

	"noctiluca/installations/document"
)

// Parts is a mapping of groups to those pixels of a fixture that belong to
// them.
type Parts []Stretch

// Stretch is pixels one after another.
type Stretch struct {
	Group       string
	At          document.Place
	First, Last int // of the fixture, from 0; the last one included
}

// ReadNode implements document.Custom.
func (s *Parts) ReadNode(r *document.Reader, n *document.Node) {
	if n.Kind != document.Map {
		r.Errorf(n.Place, `expected a mapping of groups to pixels, as tip: "0-9, 20"`)
		return
	}
	for _, p := range n.Pairs {
		if message := document.CheckName(p.Key); message != "" {
			r.Errorf(p.At, "parts %q: %s", p.Key, message)
			continue
		}
		if p.Value.Kind != document.Text && p.Value.Kind != document.Int {
			r.Errorf(p.Value.Place, `parts: %s: expected pixels, as "0-9, 20", got %s`, p.Key, p.Value.Kind)
			continue
		}
		for _, piece := range strings.Split(p.Value.Raw, ",") {
			first, last, ok := stretch(strings.TrimSpace(piece))
			if !ok {
				r.Errorf(p.Value.Place, "parts: %s: %q: expected a pixel, or first-last, counted from 0, the first not after the last", p.Key, piece)
				break
			}
			*s = append(*s, Stretch{p.Key, p.At, first, last})
		}
	}
}

func stretch(s string) (first, last int, ok bool) {
	a, b, two := strings.Cut(s, "-")
	first, err := strconv.Atoi(strings.TrimSpace(a))
	if last = first; two && err == nil {
		last, err = strconv.Atoi(strings.TrimSpace(b))
	}
	return first, last, err == nil && first >= 0 && last >= first && last < 1<<24
}
