package osc

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, address string
		want             bool
	}{
		{"/a/b", "/a/b", true},
		{"/a/b", "/a/b/c", false}, // go-osc's unanchored expression says yes
		{"/a/b", "/x/a/b", false},
		{"/a", "/a/", false},
		{"/a?c", "/abc", true},
		{"/a?c", "/ac", false},
		{"/a?c", "/a/c", false},
		{"/*", "/abc", true},
		{"/*", "/", true},
		{"/*", "/a/b", false},
		{"/a*c", "/ac", true},
		{"/a*c", "/abbc", true},
		{"/a*c", "/abb", false},
		{"/**x", "/aax", true},
		{"/[a-c]", "/b", true},
		{"/[a-c]", "/d", false},
		{"/[!a-c]", "/d", true},
		{"/[!a-c]", "/b", false},
		{"/[!a-c]", "/", false},
		{"/[ab-]", "/-", true},
		{"/[a!]", "/!", true},
		{"/[c-a]", "/b", true},
		{"/[]", "/a", false},
		{"/[!]", "/a", true},
		{"/[abc", "/a", false},
		{"/a]", "/a]", false},
		{"/{hr,eda}", "/hr", true},
		{"/{hr,eda}", "/eda", true},
		{"/{hr,eda}", "/hreda", false},
		{"/{hr,eda}", "/hr,eda", false},
		{"/{a,ab}c", "/abc", true},
		{"/{a,ab}c", "/ac", true},
		{"/x{,y}z", "/xz", true},
		{"/x{,y}z", "/xyz", true},
		{"/{a*}", "/ab", false}, // literal in braces
		{"/{[a]}", "/[a]", true},
		{"/{a", "/a", false},
		{"/a}", "/a}", false},
		{"/{a,b}{c,d}", "/bd", true},
		{"/a,b", "/a,b", true}, // a comma outside braces is itself
		{"/noctiluca/person/*/{valence,arousal}", "/noctiluca/person/ada/arousal", true},
		{"/" + strings.Repeat("a", MaxPattern), "/" + strings.Repeat("a", MaxPattern), true},
		{"/" + strings.Repeat("a", MaxPattern+1), "/" + strings.Repeat("a", MaxPattern+1), false},
		{"/zone/[1", "/zone/1", false}, // kills a program that dispatches with go-osc
	} {
		if got := Match([]byte(c.pattern), []byte(c.address)); got != c.want {
			t.Errorf("Match(%q, %q) = %v, want %v", c.pattern, c.address, got, c.want)
		}
	}
}

// An anchored regular expression is another way to say what a pattern means;
// Go's are linear in time, so it may serve as the oracle of well-formed ones.
func expression(pattern string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString("^")
	braces := false
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		switch {
		case braces && c == ',':
			b.WriteString("|")
		case braces && c == '}':
			b.WriteString(")")
			braces = false
		case c == '{':
			b.WriteString("(?:")
			braces = true
		case c == '*':
			b.WriteString("[^/]*")
		case c == '?':
			b.WriteString("[^/]")
		case c == '[':
			end := i + strings.IndexByte(pattern[i:], ']')
			set := pattern[i+1 : end]
			if set[0] == '!' {
				b.WriteString("[^/" + set[1:] + "]")
			} else {
				b.WriteString("[" + set + "]")
			}
			i = end
		default:
			b.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	b.WriteString("$")
	return regexp.MustCompile(b.String())
}

func TestMatchAgainstExpression(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[abc]{0,3}`)
		piece := rapid.OneOf(word, rapid.SampledFrom([]string{"*", "?", "[ab]", "[!b]", "[a-b]", "/", "{a,bc}", "{,a}", "{ab,a,c}", "**"}))
		pattern := "/" + strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, "pattern"), "")
		address := "/" + rapid.StringMatching(`[abc/]{0,8}`).Draw(t, "address")
		want := expression(pattern).MatchString(address)
		if got := Match([]byte(pattern), []byte(address)); got != want {
			t.Fatalf("Match(%q, %q) = %v, the expression says %v", pattern, address, got, want)
		}
	})
}

// A backtracking matcher needs longer than the age of the universe for these.
func TestMatchTakesNoLongTime(t *testing.T) {
	address := []byte("/" + strings.Repeat("a", 64))
	for _, pattern := range []string{
		"/" + strings.Repeat("*a", 120) + "b",
		"/" + strings.Repeat("{a,a}", 50) + "b",
		"/" + strings.Repeat("{,a}", 60) + "b",
		"/" + strings.Repeat("*", 250) + "b",
	} {
		done := make(chan bool, 1)
		go func() { done <- Match([]byte(pattern), address) }()
		select {
		case got := <-done:
			if got {
				t.Errorf("Match(%q) is true", pattern)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("Match(%q) does not end", pattern)
		}
	}
}

func TestMatchAllocatesNothing(t *testing.T) {
	p, a := []byte("/noctiluca/person/{ada,bob}*/[a-z]*"), []byte("/noctiluca/person/ada3/arousal")
	if n := testing.AllocsPerRun(100, func() { Match(p, a) }); n != 0 {
		t.Errorf("Match allocates %v times", n)
	}
}

func FuzzMatch(f *testing.F) {
	for _, s := range [][2]string{{"/a/*", "/a/b"}, {"/[!a-c]{x,y}?", "/dx1"}, {"/zone/[1", "/zone/1"}, {"/{,a}{,a}", "/aa"}} {
		f.Add([]byte(s[0]), []byte(s[1]))
	}
	f.Fuzz(func(t *testing.T, pattern, address []byte) {
		if len(pattern) > 2000 || len(address) > 2000 {
			return
		}
		got := Match(pattern, address)
		if !IsPattern(pattern) && len(pattern) <= MaxPattern && got != (string(pattern) == string(address)) {
			t.Errorf("Match(%q, %q) = %v of a plain address", pattern, address, got)
		}
	})
}
