package document

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

func nan() float64 { return math.NaN() }

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// quote shows a piece of a file in a message: quoted, and cut when long.
func quote(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return strconv.Quote(s)
}

// describe says what a node is, with its value when that is short.
func (n *Node) describe() string {
	switch n.Kind {
	case Null:
		return "nothing"
	case Text:
		return quote(n.Raw)
	case List:
		if len(n.Items) == 1 {
			return "a list of 1 item"
		}
		return fmt.Sprintf("a list of %d items", len(n.Items))
	case Map:
		return "a mapping of keys"
	}
	return strings.Trim(quote(n.Raw), `"`)
}

// Nearest gives the known word that is nearest to the one written, if it is
// near enough to be a slip of the pen: one edit in three letters, a swap of
// two neighbours counted as one.
func Nearest(word string, known []string) (string, bool) {
	best, at := "", math.MaxInt
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d < at {
			best, at = k, d
		}
	}
	limit := (utf8.RuneCountInString(word) + 2) / 3
	return best, at <= max(limit, 1) && best != ""
}

// suggest is the end of a message about an unknown word.
func suggest(word string, known []string) string {
	if k, ok := Nearest(word, known); ok {
		return fmt.Sprintf("; did you mean %s?", k)
	}
	return ""
}

// Expected is the end of a message about an unknown word: the nearest known
// one, or all of them when they are few.
func Expected(word string, known []string) string {
	if s := suggest(word, known); s != "" {
		return s
	}
	switch {
	case len(known) == 0:
		return "; there are none"
	case len(known) <= 12:
		return "; there is " + strings.Join(known, ", ")
	}
	return fmt.Sprintf("; there is %s and %d more", strings.Join(known[:10], ", "), len(known)-10)
}

// distance is the number of edits between two words (Damerau and Levenshtein's,
// optimal string alignment). Words are cut at 64 letters.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	x, y = x[:min(len(x), 64)], y[:min(len(y), 64)]
	rows := [3][65]int{}
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(y) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
