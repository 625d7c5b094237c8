package rewrite

import (
	"strings"
	"testing"
)

func m(open bool, pairs ...Pair) Value { return Value{Kind: Map, Pairs: pairs, Open: open} }

func p(key string, v Value) Pair { return Pair{Key: key, Value: v} }

// TestApply reads like a list of before, wanted, after.
func TestApply(t *testing.T) {
	item := func(name string, n float64) Value {
		return Value{Kind: Map, Pairs: []Pair{p("name", Str(name)), p("num", Num(n))}}
	}
	list := func(items ...Value) Value { return Value{Kind: List, Items: items, By: []string{"name"}} }
	for _, c := range []struct {
		old  string
		want Value
		get  string
	}{
		{"", m(false, p("a", Num(1)), p("l", list(item("x", 2)))), "a: 1\nl:\n  - name: x\n    num: 2\n"},
		{"a: 1 # one\n", m(false, p("a", Num(1))), "a: 1 # one\n"},
		{"a: 1.50 # one\n", m(false, p("a", Num(1.5))), "a: 1.50 # one\n"},
		{"a: 1 # one\n", m(false, p("a", Num(2))), "a: 2 # one\n"},
		{"a: 'it''s' # q\n", m(false, p("a", Str("it is"))), "a: it is # q\n"},
		{"a: \"x # y\" # q\n", m(false, p("a", Num(3))), "a: 3 # q\n"},
		{"b: 2\na: 1\n", m(true, p("a", Num(2))), "b: 2\na: 2\n"},
		{"b: 2\n\n# of a\na: 1\n", m(false, p("a", Num(1))), "\n# of a\na: 1\n"},
		{"a: {x: 1, y: [1, 2]} # f\n", m(false, p("a", m(false, p("x", Num(2))))), "a:\n  x: 2\n"},
		{"a: 1\r\nb: 2\r\n", m(false, p("a", Num(3)), p("b", Num(2))), "a: 3\r\nb: 2\r\n"},
		{"a: 1\r\nb: 2\n", m(false, p("a", Num(3)), p("b", Num(2))), "a: 3\nb: 2\n"},
		{"\ufeffa: 1 # one\n", m(false, p("a", Num(3))), "a: 3 # one\n"},
		{"l:\n# first\n- name: x # X\n  num: 1\n\n# second\n- {name: y, num: 2} # Y\n", m(false, p("l", list(item("y", 2), item("x", 5)))),
			"l:\n\n# second\n- {name: y, num: 2} # Y\n# first\n- name: x # X\n  num: 5\n"},
		{"l:\n  - name: x\n    num: 1\n  # y's\n  - name: y\n    num: 2\n", m(false, p("l", list(item("x", 1)))), "l:\n  - name: x\n    num: 1\n"},
		{"a: &k {x: 1}\nb: *k\n", m(false, p("a", m(false, p("x", Num(1)))), p("b", m(false, p("x", Num(2))))), "a: &k {x: 1}\nb:\n  x: 2\n"},
		{"a: |\n  long\n  text\nb: 1 # b\n", m(false, p("a", Str("short")), p("b", Num(1))), "a: short\nb: 1 # b\n"},
		{"ключ: 1 # да\nb: 1\n", m(true, p("b", Num(2))), "ключ: 1 # да\nb: 2\n"},
	} {
		got, err := Apply([]byte(c.old), c.want)
		if err != nil || string(got) != c.get {
			t.Errorf("%q became %q, not %q (%v)", c.old, got, c.get, err)
		}
	}
	for _, bad := range []string{"{a: 1}", "- 1", "a: [", "a: 1\na: 2"} {
		if got, err := Apply([]byte(bad), m(true, p("a", Num(2)))); err == nil {
			t.Errorf("%q became %q", bad, got)
		} else if strings.TrimSpace(err.Error()) == "" {
			t.Errorf("%q: an empty error", bad)
		}
	}
}
