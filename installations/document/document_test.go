package document

import (
	"fmt"
	"strings"
	"testing"
)

// read reads text into a struct and gives what is wrong, a line each.
func read(text string, to any) string {
	r := &Reader{}
	if n := r.Parse([]byte(text)); n != nil {
		r.Into(n, to, "it")
	}
	var b strings.Builder
	for _, p := range r.Problems() {
		fmt.Fprintf(&b, "%d:%d %s\n", p.Line, p.Column, p.Message)
	}
	return b.String()
}

type inner struct {
	Object
	Name string  `key:"*"`
	Size float64 `key:"size" default:"2.5" range:"(0,10)" unit:"m"`
}

type outer struct {
	Object
	Count int        `key:"count" range:"[0,7]"`
	On    bool       `key:"on" default:"true"`
	Big   uint64     `key:"big"`
	Place [3]float64 `key:"place"`
	Parts []inner    `key:"parts" items:"0,2"`
	One   *inner     `key:"one"`
	Word  string     `key:"word" oneof:"red green"`
}

func TestReads(t *testing.T) {
	var o outer
	text := "count: 3\non: false\nbig: 18446744073709551615\nplace: [1, -2.5, 1e-2]\nparts:\n  b: {size: 3}\n  a: {}\nword: green\n"
	if p := read(text, &o); p != "" {
		t.Fatal(p)
	}
	if o.Count != 3 || o.On || o.Big != 18446744073709551615 || o.Place != [3]float64{1, -2.5, 0.01} || o.Word != "green" || o.One != nil {
		t.Errorf("%+v", o)
	}
	if len(o.Parts) != 2 || o.Parts[0].Name != "b" || o.Parts[0].Size != 3 || o.Parts[1].Size != 2.5 {
		t.Errorf("parts: %+v: expected the order of the file, and defaults", o.Parts)
	}
	for what, at := range map[string]Place{
		fmt.Sprint("place ", o.At("place")):           {4, 8},
		fmt.Sprint("item ", o.Item("place", 1)):       {4, 12},
		fmt.Sprint("absent ", o.At("one")):            {1, 1},
		fmt.Sprint("part ", o.Parts[1].Start()):       {7, 3},
		fmt.Sprint("size ", o.Parts[0].At("size")):    {6, 13},
		fmt.Sprint("no size ", o.Parts[1].At("size")): {7, 6},
	} {
		if !strings.HasSuffix(what, fmt.Sprint(at)) {
			t.Errorf("%s: expected %v", what, at)
		}
	}
}

func TestWhatIsWrong(t *testing.T) {
	for _, c := range [][2]string{
		{"count: 8", "1:8 count is 8: must be 0…7\n"},
		{"count: 1e0", "1:8 count: expected a whole number, got 1e0\n"},
		{"on: yes", "1:5 on: expected true or false, got \"yes\"\n"},
		{"place: [1, 2, .inf]", "1:15 place: .inf is not a finite number\n"},
		{"parts: {a: {size: 0}, b: {size: 10}, c: {}}", "1:8 parts: expected a list of at most 2, got 3\n"},
		{"parts: {a: {size: 0}, b: {size: 10}}", "1:19 size is 0: must be over 0 and under 10 m\n1:33 size is 10: must be over 0 and under 10 m\n"},
		{"word: gren", "1:7 word is \"gren\": must be one of red, green; did you mean green?\n"},
		{"wrod: red", "1:1 unknown key \"wrod\" in it; did you mean word?\n"},
		{"é: 1\ncount: x\n", "1:1 unknown key \"é\" in it; there is count, on, big, place, parts, one, word\n2:8 count: expected a whole number, got \"x\"\n"},
		{"on: *a", "1:5 *a: no anchor &a stands before it\n"},
		{"x: &x [*x]", "1:1 unknown key \"x\" in it; there is count, on, big, place, parts, one, word\n1:8 *x: no anchor &x stands before it\n"},
		{"count: 1\ncount: 2", "2:1 key \"count\" is here twice: it stands on line 1 already\n"},
		{"\"word\": red\r\ncount: 9\r\n", "2:8 count is 9: must be 0…7\n"},
		{"word: red\x00", "1:1 a byte of value 0: this is not a text file\n"},
	} {
		var o outer
		if got := read(c[0], &o); got != c[1] {
			t.Errorf("%q gives\n%sexpected\n%s", c[0], got, c[1])
		}
	}
}

// Text that would make the YAML parser recurse or multiply without end is
// refused before it does.
func TestLimits(t *testing.T) {
	many := func(s string, n int) string { return strings.Repeat(s, n) }
	block := ""
	for i := range 200 {
		block += many(" ", i) + "a:\n"
	}
	keys := ""
	for i := range MaxKeys + 1 {
		keys += fmt.Sprintf("k%d: 1\n", i)
	}
	for name, c := range map[string][2]string{
		"flow":      {many("[", 1_000_000), "nested deeper"},
		"maps":      {many("{a: ", 100_000), "nested deeper"},
		"dashes":    {many("- ", 1_000_000), "nested deeper"},
		"questions": {many("? ", 100_000), "nested deeper"},
		"tags":      {many("!a ", 100_000), "nested deeper"},
		"anchors":   {many("&a ", 100_000), "nested deeper"},
		"block":     {block, "nested deeper"},
		"keys":      {keys, "more than 4096 keys"},
		"size":      {many("#", MaxBytes+1), "at most 8388608"},
	} {
		if got := read(c[0], &outer{}); !strings.Contains(got, c[1]) {
			t.Errorf("%s: %.200q, expected %q", name, got, c[1])
		}
	}
	// What a file may well have is no deeper than it looks.
	wide := "parts: {" + many("", 1) + "a: {size: 1}}\nplace: [1, 2, 3]\n" + many("# words: [[[[\n", 500)
	if got := read(wide, &outer{}); got != "" {
		t.Error(got)
	}
	long := "x:\n" + many("  - {a: [1, 2], b: {c: 1}}\n", 5000)
	if got := read(long, &outer{}); !strings.HasPrefix(got, "1:1 unknown key \"x\"") || strings.Count(got, "\n") != 1 {
		t.Errorf("%.300s", got)
	}
}

func TestManyProblemsAreCut(t *testing.T) {
	text := "place:\n"
	for range 2000 {
		text += "  - x\n"
	}
	type list struct {
		Place []float64 `key:"place"`
	}
	r := &Reader{}
	r.Into(r.Parse([]byte(text)), &list{}, "it")
	if n := len(r.Problems()); n != MaxProblems+1 {
		t.Errorf("%d problems: expected %d and one that says there are more", n, MaxProblems)
	}
}

func TestNearest(t *testing.T) {
	known := []string{"arousal", "valence", "heart", "at", "ring"}
	for word, want := range map[string]string{"arousl": "arousal", "Valence": "valence", "haert": "heart", "rink": "ring", "breath": "", "ta": "at", "": "", "zz": ""} {
		if got, ok := Nearest(word, known); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q %v, expected %q", word, got, ok, want)
		}
	}
}
