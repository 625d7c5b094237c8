// Package rewrite changes a YAML file to say something else, and leaves all
// that need not change as its author wrote it: comments, order, blank lines,
// the way values are written.
//
// It works on text and keeps no file. The one idea it owns: what is said is
// compared, not how; a part that says what is wanted stays to the byte.
package rewrite

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"noctiluca/installations/document"
)

// Value is what a file is to say. The zero Value says nothing.
type Value struct {
	Kind  Kind
	Text  string  // of Text
	Num   float64 // of Number
	Items []Value // of List
	Pairs []Pair  // of Map
	// Flow writes a map or a list of few values on one line.
	Flow bool
	// Open leaves the other keys of a map alone; without it they are removed.
	Open bool
	// By names the keys that tell which item of a list is which; without one
	// its place does.
	By []string
}

// Kind is the kind of a Value.
type Kind uint8

// The kinds.
const (
	Text Kind = iota
	Number
	Bool
	List
	Map
)

// Pair is a key and its value.
type Pair struct {
	Key   string
	Value Value
	// Default says that leaving the key out says the same: it is kept where
	// it stands, and not added.
	Default bool
}

// Num, Str, Yes make scalars.
func Num(v float64) Value { return Value{Kind: Number, Num: v} }

// Str is a text.
func Str(s string) Value { return Value{Kind: Text, Text: s} }

// Yes is true or false.
func Yes(b bool) Value {
	if b {
		return Value{Kind: Bool, Num: 1}
	}
	return Value{Kind: Bool}
}

// Apply gives the text that says want, made of old. An empty old is a new
// file. The result has been read again and says what is wanted, or there is
// an error; a part that could not be changed in place, for an alias or a
// merge in it, is written anew.
//
// Lines end as the old ones do, where all of them end in CR LF. A byte order
// mark is not kept: YAML needs none.
func Apply(old []byte, want Value) ([]byte, error) {
	old = bytes.TrimPrefix(old, []byte("\ufeff"))
	out, err := apply(old, want)
	if n := bytes.Count(old, []byte("\n")); n > 0 && n == bytes.Count(old, []byte("\r\n")) {
		out = bytes.ReplaceAll(out, []byte("\n"), []byte("\r\n"))
	}
	return out, err
}

func apply(old []byte, want Value) ([]byte, error) {
	root, err := parse(old)
	if err != nil {
		return nil, err
	}
	if root == nil {
		out := []byte(strings.Join(block(want, 0), "\n") + "\n")
		return out, said(out, want)
	}
	if root.Kind != document.Map || flowAt(lines(old), root.Place) {
		return nil, errors.New("the file's top is no mapping in block style: it cannot be changed in place")
	}
	text := lines(old)
	out := join(merge(text, root, want, 0))
	if said(out, want) == nil {
		return out, nil
	}
	// Once more, with those top keys written anew that did not come out right.
	for i := range want.Pairs {
		p := &want.Pairs[i]
		root, err := parse(join(text))
		if err != nil {
			return nil, err
		}
		if node := root.Get(p.Key); node != nil && !says(node, p.Value) && len(root.Pairs) > 1 {
			text = drop(text, root, p.Key)
		}
	}
	if root, err = parse(join(text)); err != nil {
		return nil, err
	}
	out = join(merge(text, root, want, 0))
	return out, said(out, want)
}

func parse(text []byte) (*document.Node, error) {
	if strings.TrimSpace(string(text)) == "" {
		return nil, nil
	}
	r := &document.Reader{}
	root := r.Parse(text)
	if r.Errors() > 0 {
		p := r.Problems()[0]
		return nil, fmt.Errorf("line %d: %s", p.Line, p.Message)
	}
	return root, nil
}

func lines(text []byte) []string {
	s := strings.TrimSuffix(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	return strings.Split(s, "\n")
}

func join(text []string) []byte { return []byte(strings.Join(text, "\n") + "\n") }

// said reads a text and tells whether it says what is wanted.
func said(text []byte, want Value) error {
	root, err := parse(text)
	if err != nil {
		return fmt.Errorf("the file that would be written cannot be read: %w", err)
	}
	if root == nil || !says(root, want) {
		return errors.New("the file that would be written does not say what is wanted")
	}
	return nil
}

// says tells whether a node says a value.
func says(n *document.Node, v Value) bool {
	if n == nil {
		return false
	}
	switch v.Kind {
	case Text:
		if n.Kind == document.Bool { // on and off
			return v.Text == n.Raw
		}
		return n.Kind == document.Text && n.Raw == v.Text
	case Number:
		return (n.Kind == document.Int || n.Kind == document.Float) && float32(n.Float) == float32(v.Num)
	case Bool:
		return n.Kind == document.Bool && n.Bool == (v.Num == 1)
	case List:
		if n.Kind != document.List || len(n.Items) != len(v.Items) {
			return false
		}
		for i := range n.Items {
			if !says(n.Items[i], v.Items[i]) {
				return false
			}
		}
		return true
	}
	if n.Kind != document.Map {
		return false
	}
	for _, p := range v.Pairs {
		if got := n.Get(p.Key); got == nil && !p.Default || got != nil && !says(got, p.Value) {
			return false
		}
	}
	for _, p := range n.Pairs {
		if !v.Open && !v.has(p.Key) {
			return false
		}
	}
	return true
}

func (v *Value) has(key string) bool {
	return slices.ContainsFunc(v.Pairs, func(p Pair) bool { return p.Key == key })
}

// drop takes a key of the top out of a text.
func drop(text []string, root *document.Node, key string) []string {
	spans := entries(text, root, 0, len(text))
	for i, p := range root.Pairs {
		if p.Key == key {
			return append(slices.Clone(text[:spans[i][0]]), text[spans[i][1]:]...)
		}
	}
	return text
}

// entries gives the lines, from and to, of each entry of a block mapping that
// lies within lines from…to; what lies between them are comments.
func entries(text []string, n *document.Node, from, to int) [][2]int {
	var out [][2]int
	for i, p := range n.Pairs {
		end := to
		if i+1 < len(n.Pairs) {
			end = n.Pairs[i+1].At.Line - 1
		}
		out = append(out, [2]int{p.At.Line - 1, trim(text, p.At.Line-1, end, p.At.Column-1)})
	}
	return out
}

// trim leaves out the blank lines and comments at the end of an entry: they
// belong to what follows.
func trim(text []string, from, end, indent int) int {
	for end > from+1 {
		l := strings.TrimLeft(text[end-1], " ")
		if l != "" && !(l[0] == '#' && len(text[end-1])-len(l) <= indent) {
			break
		}
		end--
	}
	return end
}

// merge gives the lines of a block mapping, all of text, that say want. first
// is the number of text's first line in the file.
func merge(text []string, n *document.Node, want Value, first int) []string {
	var out []string
	at := 0
	indent := n.Pairs[0].At.Column - 1
	for i, span := range entriesAt(text, n, first) {
		out = append(out, text[at:span[0]]...)
		at = span[1]
		key := n.Pairs[i].Key
		k := slices.IndexFunc(want.Pairs, func(p Pair) bool { return p.Key == key })
		switch {
		case k >= 0:
			out = append(out, entry(text[span[0]:span[1]], n.Pairs[i], want.Pairs[k].Value, first+span[0])...)
		case want.Open:
			out = append(out, text[span[0]:span[1]]...)
		}
	}
	for _, p := range want.Pairs {
		if n.Get(p.Key) == nil && !p.Default {
			out = append(out, pair(p, indent)...)
		}
	}
	return append(out, text[at:]...)
}

func entriesAt(text []string, n *document.Node, first int) [][2]int {
	shifted := make([]string, first+len(text))
	copy(shifted[first:], text)
	spans := entries(shifted, n, first, len(shifted))
	for i := range spans {
		spans[i][0] -= first
		spans[i][1] -= first
	}
	return spans
}

// entry gives the lines of one key with its value.
func entry(text []string, p document.Pair, want Value, first int) []string {
	n, indent := p.Value, p.At.Column-1
	if says(n, want) {
		return text
	}
	inside := n.Line > p.At.Line && n.Line-1-first < len(text)
	switch {
	case want.Kind == Map && n.Kind == document.Map && inside && !flowIn(text, n.Place, first) && len(want.Pairs) > 0:
		head := n.Pairs[0].At.Line - 1 - first
		return append(slices.Clone(text[:head]), merge(text[head:], n, want, first+head)...)
	case want.Kind == List && n.Kind == document.List && inside && len(n.Items) > 0 && len(want.Items) > 0 && !want.Flow && dash(text, n, first) >= 0:
		return list(text, n, want, first)
	case n.Line == p.At.Line:
		// On the key's own line: what follows the value stays.
		line := text[0]
		start := column(line, n.Column)
		if rest, ok := after(text, start); ok && (want.Kind < List || want.Flow || len(want.Items)+len(want.Pairs) == 0) {
			return []string{line[:start] + inline(want) + rest}
		}
		if _, comment, ok := strings.Cut(line[start:], " #"); ok && n.Kind < document.List {
			out := pair(Pair{Key: p.Key, Value: want}, indent)
			out[0] += " #" + comment
			return out
		}
	}
	out := pair(Pair{Key: p.Key, Value: want}, indent)
	// The key as it was written.
	if line := text[0]; len(line) > indent {
		out[0] = line[:min(indent, len(line))] + out[0][indent:]
	}
	return out
}

// column is the byte at which a column of characters begins.
func column(line string, col int) int {
	at := 0
	for i := range line {
		if at++; at == col {
			return i
		}
	}
	return len(line)
}

func flowAt(text []string, p document.Place) bool { return flowIn(text, p, 0) }

func flowIn(text []string, p document.Place, first int) bool {
	i := p.Line - 1 - first
	if i < 0 || i >= len(text) {
		return true
	}
	at := column(text[i], p.Column)
	return at < len(text[i]) && (text[i][at] == '{' || text[i][at] == '[')
}

// after gives what stands behind the value that begins at start in the first
// line and ends in the last: a comment. It says false when it cannot tell.
func after(text []string, start int) (string, bool) {
	s := strings.Join(append([]string{text[0][start:]}, text[1:]...), "\n")
	depth, end := 0, -1
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			for i++; i < len(s) && s[i] != '"'; i++ {
				if s[i] == '\\' {
					i++
				}
			}
		case c == '\'':
			if i == 0 || strings.ContainsRune(" [{,:", rune(s[i-1])) {
				for i++; i < len(s) && s[i] != '\''; i++ {
				}
			}
		case c == '&' || c == '*' || c == '|' || c == '>' || c == '!':
			if i == 0 {
				return "", false
			}
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		case c == '#' && i > 0 && (s[i-1] == ' ' || s[i-1] == '\n'):
			if depth == 0 && end < 0 {
				end = len(strings.TrimRight(s[:i], " "))
			} else if depth > 0 {
				return "", false // a comment inside would be lost with the value
			}
		}
		if end >= 0 {
			break
		}
	}
	if end < 0 {
		return "", !strings.Contains(strings.TrimRight(s, "\n "), "\n") || s[0] == '[' || s[0] == '{'
	}
	rest := s[end:]
	return rest, !strings.Contains(rest, "\n")
}

// dash is the byte at which a list's dashes stand, −1 where it is no block.
func dash(text []string, n *document.Node, first int) int {
	i := n.Items[0].Line - 1 - first
	if i < 0 || i >= len(text) {
		return -1
	}
	at := strings.IndexByte(text[i], '-')
	if at < 0 || strings.TrimLeft(text[i][:at], " ") != "" {
		return -1
	}
	return at
}

// list gives the lines of a key whose value is a block list of items.
func list(text []string, n *document.Node, want Value, first int) []string {
	at := dash(text, n, first)
	starts := []int{}
	for _, it := range n.Items {
		i := it.Line - 1 - first
		if i < 0 || i >= len(text) || len(text[i]) <= at || text[i][at] != '-' {
			return append([]string{text[0]}, items(want, at)...)
		}
		starts = append(starts, i)
	}
	type part struct{ before, own []string }
	var parts []part
	end := starts[0]
	// The comments above an item belong to it, and move and go with it.
	for end > 1 && isGap(text[end-1]) {
		end--
	}
	out := slices.Clone(text[:end])
	for i, s := range starts {
		to := len(text)
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		to = trim(text, s, to, at)
		parts = append(parts, part{text[end:s], text[s:to]})
		end = to
	}
	tail := text[end:]
	used := make([]bool, len(parts))
	for k, w := range want.Items {
		i := match(n, w, k, used, want.By)
		if i < 0 {
			out = append(out, item(w, at)...)
			continue
		}
		used[i] = true
		out = append(out, parts[i].before...)
		own := parts[i].own
		it := n.Items[i]
		switch {
		case says(it, w):
		case w.Kind == Map && it.Kind == document.Map && !flowIn(text, it.Place, first):
			// The item without its dash is a mapping.
			own = slices.Clone(own)
			own[0] = own[0][:at] + " " + own[0][at+1:]
			own = merge(own, it, w, first+starts[i])
			own[0] = own[0][:at] + "-" + own[0][at+1:]
		default:
			fresh := item(w, at)
			start := column(own[0], it.Column)
			if rest, ok := after(own, start); ok && (w.Kind < List || w.Flow || flowIn(text, it.Place, first)) {
				fresh = []string{own[0][:start] + inline(w) + rest}
			}
			own = fresh
		}
		out = append(out, own...)
	}
	return append(out, tail...)
}

func isGap(line string) bool {
	s := strings.TrimSpace(line)
	return s == "" || s[0] == '#'
}

// match finds the old item that a new one is, by its keys or by its place.
func match(n *document.Node, w Value, k int, used []bool, by []string) int {
	if len(by) == 0 || w.Kind != Map {
		if k < len(used) && !used[k] {
			return k
		}
		return -1
	}
	for i, it := range n.Items {
		if used[i] || it.Kind != document.Map {
			continue
		}
		same := true
		for _, key := range by {
			for _, p := range w.Pairs {
				if p.Key == key && !says(it.Get(key), p.Value) && !(it.Get(key) == nil && p.Default) {
					same = false
				}
			}
		}
		if same {
			return i
		}
	}
	return -1
}

// pair writes a key and its value as a block.
func pair(p Pair, indent int) []string {
	head := strings.Repeat(" ", indent) + key(p.Key) + ":"
	v := p.Value
	switch {
	case v.Kind < List || v.Flow || len(v.Items)+len(v.Pairs) == 0:
		return []string{head + " " + inline(v)}
	case v.Kind == List:
		return append([]string{head}, items(v, indent+2)...)
	}
	return append([]string{head}, block(v, indent+2)...)
}

func block(v Value, indent int) []string {
	var out []string
	for _, p := range v.Pairs {
		if !p.Default {
			out = append(out, pair(p, indent)...)
		}
	}
	return out
}

func items(v Value, indent int) []string {
	var out []string
	for _, it := range v.Items {
		out = append(out, item(it, indent)...)
	}
	return out
}

// item writes an item of a list with its dash at indent.
func item(v Value, indent int) []string {
	pad := strings.Repeat(" ", indent) + "- "
	if v.Kind != Map || v.Flow {
		return []string{pad + inline(v)}
	}
	out := block(v, indent+2)
	if len(out) == 0 {
		return []string{pad + "{}"}
	}
	out[0] = pad + out[0][indent+2:]
	return out
}

// inline writes a value on one line.
func inline(v Value) string {
	switch v.Kind {
	case Text:
		return text(v.Text)
	case Number:
		return strconv.FormatFloat(v.Num, 'f', -1, 32)
	case Bool:
		return strconv.FormatBool(v.Num == 1)
	}
	var parts []string
	for _, it := range v.Items {
		parts = append(parts, inline(it))
	}
	if v.Kind == List {
		return "[" + strings.Join(parts, ", ") + "]"
	}
	for _, p := range v.Pairs {
		if !p.Default {
			parts = append(parts, key(p.Key)+": "+inline(p.Value))
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

var plain = regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$`)

// words are what YAML, by one version or another, takes for no text.
var words = []string{"true", "false", "null", "yes", "no", "y", "n", "nan", "inf"}

func text(s string) string {
	if plain.MatchString(s) && !slices.Contains(words, strings.ToLower(s)) {
		return s
	}
	return strconv.Quote(s)
}

func key(s string) string { return text(s) }
