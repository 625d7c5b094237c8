package check

import (
	"bytes"
	"fmt"
	"go/token"
	"sort"
	"strings"
)

// Error is one mistake in a file: where, what, and what would be right. Line
// and Column count from 1, the column in bytes as editors and Go count it.
type Error struct {
	File    string
	Line    int
	Column  int
	Message string
	Hint    string // what to do, or the nearest known name; may be empty
	Source  string // the line as it stands in the file, without its end
}

// Error is the position, the message and the hint, on one line.
func (e Error) Error() string {
	s := fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
	if e.Hint != "" {
		s += ": " + e.Hint
	}
	return s
}

// Excerpt is the line of source with a caret under the place, two lines, or
// nothing when the line is not known.
func (e Error) Excerpt() string {
	if e.Source == "" {
		return ""
	}
	at := min(max(e.Column-1, 0), len(e.Source))
	pad := []byte(strings.Map(func(r rune) rune { // tabs stay, so that both lines shift alike
		if r == '\t' {
			return '\t'
		}
		return ' '
	}, e.Source[:at]))
	return e.Source + "\n" + string(pad) + "^"
}

// Errors are all the mistakes of a file, in the order of their places.
type Errors []Error

// Error is every mistake with its line of source and a caret.
func (es Errors) Error() string {
	var b strings.Builder
	for i, e := range es {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(e.Error())
		if x := e.Excerpt(); x != "" {
			b.WriteString("\n\t" + strings.ReplaceAll(x, "\n", "\n\t"))
		}
	}
	return b.String()
}

// ErrorAt makes an error at a place of the file.
func (f *File) ErrorAt(pos token.Pos, message, hint string) Error {
	e := Error{File: f.Name, Line: 1, Column: 1, Message: message, Hint: hint}
	if pos.IsValid() {
		p := f.Fset.PositionFor(pos, false)
		e.Line, e.Column = p.Line, p.Column
	}
	e.Source = sourceLine(f.Source, e.Line)
	return e
}

// sourceLine is line n of src, counted from 1, of a length one can read.
func sourceLine(src []byte, n int) string {
	for ; n > 1; n-- {
		i := bytes.IndexByte(src, '\n')
		if i < 0 {
			return ""
		}
		src = src[i+1:]
	}
	if i := bytes.IndexByte(src, '\n'); i >= 0 {
		src = src[:i]
	}
	src = bytes.TrimRight(src, "\r")
	const most = 400
	if len(src) > most {
		src = src[:most]
	}
	return strings.ToValidUTF8(string(src), "?")
}

// maxErrors is how many mistakes of a file are told: more are not read.
const maxErrors = 100

// sorted orders by place and drops what was said of a place before.
func (es Errors) sorted() Errors {
	sort.SliceStable(es, func(i, j int) bool {
		a, b := es[i], es[j]
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Column < b.Column
	})
	var out Errors
	for _, e := range es {
		if n := len(out); n > 0 && out[n-1].Line == e.Line && out[n-1].Column == e.Column && out[n-1].Message == e.Message {
			continue
		}
		out = append(out, e)
	}
	return out[:min(len(out), maxErrors)]
}

// nearest is the known name closest to a misspelt one, or "" when none is
// close: a third of the letters may differ, and case does not count.
func nearest(name string, known []string) string {
	best, at := "", 1+len(name)/3
	lower := strings.ToLower(name)
	for _, k := range known {
		if k == name || k == "_" {
			continue
		}
		d := distance(lower, strings.ToLower(k), at)
		if d < at || d == at && best == "" && d < len(name) {
			best, at = k, d
		}
	}
	return best
}

// distance is how many letters must be put in, taken out, replaced or swapped
// with their neighbour to make b of a; most+1 when it is more than most.
func distance(a, b string, most int) int {
	if d := len(a) - len(b); d > most || -d > most {
		return most + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
