package document

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits of a document. They keep a hostile or broken file from taking the
// machine's memory or time: the parser recurses once a level and its time
// grows with the square of the keys of one mapping.
const (
	MaxBytes = 8 << 20 // of the file: about half a million measured points
	MaxDepth = 48      // of nesting; the format itself needs 8
	MaxKeys  = 4096    // of one mapping
	MaxNodes = 4 << 20 // after aliases and merges have been put in
)

// exponent is a number of YAML 1.2's core schema that has an exponent.
var exponent = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE][-+]?[0-9]+$`)

// Parse turns the text of one YAML document into its root node. Problems of
// the text are reported to r, and then the node is nil, or holds what could
// be read. It never panics.
func (r *Reader) Parse(data []byte) (root *Node) {
	if len(data) > MaxBytes {
		r.Errorf(Place{}, "the file has %d bytes: at most %d are read", len(data), MaxBytes)
		return nil
	}
	for i, b := range data {
		if b == 0 {
			r.Errorf(Place{Line: 1 + strings.Count(string(data[:i]), "\n"), Column: 1}, "a byte of value 0: this is not a text file")
			return nil
		}
	}
	defer func() {
		// The YAML library has been seen to panic on broken text. A mistake
		// in a file must not stop a running show.
		if p := recover(); p != nil {
			r.Errorf(Place{}, "this is not YAML that can be read (%v)", p)
			root = nil
		}
	}()
	// The mark that some editors put before UTF-8 is no part of the text.
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	tokens := lexer.Tokenize(string(data))
	if at, message := tooDeep(tokens); message != "" {
		r.Errorf(at, "%s", message)
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return nil
	}
	var body ast.Node
	for _, d := range file.Docs {
		if d.Body == nil {
			continue
		}
		if _, ok := d.Body.(*ast.DirectiveNode); ok {
			continue
		}
		if body != nil {
			r.Errorf(place(d.Body.GetToken()), "a second document begins here: a file holds one")
			break
		}
		body = d.Body
	}
	if body == nil {
		r.Errorf(Place{}, "the file is empty")
		return nil
	}
	b := builder{r: r, anchors: map[string]*Node{}}
	return b.node(body, 0)
}

// syntax reports an error of the YAML library.
func (r *Reader) syntax(err error) {
	var e yaml.Error
	if errors.As(err, &e) {
		at := Place{}
		if t := e.GetToken(); t != nil {
			at = place(t)
		}
		message := e.GetMessage()
		if strings.Contains(message, "character '\t'") {
			message = "a tab stands where only spaces may: lines are indented with spaces"
		}
		r.Errorf(at, "this is not YAML: %s", message)
		return
	}
	r.Errorf(Place{}, "this is not YAML: %v", err)
}

func place(t *token.Token) Place {
	if t == nil || t.Position == nil {
		return Place{}
	}
	return Place{Line: max(t.Position.Line, 1), Column: max(t.Position.Column, 1)}
}

// tooDeep looks at the tokens before the parser recurses over them, and says
// what is over a limit. It may count a level too many, never one too few.
func tooDeep(tokens token.Tokens) (Place, string) {
	type level struct {
		column int // 0: a flow mapping or sequence
		keys   int
	}
	var stack []level
	row := 0 // opening tokens with no value between them
	var previous token.Type
	for _, t := range tokens {
		column := max(t.Position.Column, 1)
		flow := len(stack) > 0 && stack[len(stack)-1].column == 0
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			stack = append(stack, level{})
			row++
		case token.MappingEndType, token.SequenceEndType:
			for len(stack) > 0 {
				last := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				if last.column == 0 {
					break
				}
			}
			row = 0
		case token.SequenceEntryType, token.MappingKeyType, token.MappingValueType:
			if t.Type != token.MappingValueType {
				row++
			} else if previous != token.MappingKeyType {
				row = 0
				// The level of a key is where the key stands.
				if t.Prev != nil && t.Prev.Position != nil && t.Prev.Position.Line == t.Position.Line {
					column = max(t.Prev.Position.Column, 1)
				}
			}
			if !flow {
				for len(stack) > 0 && stack[len(stack)-1].column > column {
					stack = stack[:len(stack)-1]
				}
				if len(stack) == 0 || stack[len(stack)-1].column < column {
					stack = append(stack, level{column: column})
				}
			}
			if t.Type == token.MappingValueType && len(stack) > 0 {
				top := &stack[len(stack)-1]
				if top.keys++; top.keys > MaxKeys {
					return place(t), fmt.Sprintf("a mapping of more than %d keys", MaxKeys)
				}
			}
		case token.TagType, token.AnchorType, token.AliasType:
			row++
		case token.CommentType:
		default:
			if previous != token.AnchorType {
				row = 0
			}
		}
		previous = t.Type
		if len(stack) > MaxDepth || row > MaxDepth {
			return place(t), fmt.Sprintf("nested deeper than %d levels", MaxDepth)
		}
	}
	return Place{}, ""
}

// builder makes nodes of the library's tree.
type builder struct {
	r       *Reader
	anchors map[string]*Node
	nodes   int
	full    bool
}

// count spends n of the nodes that a document may have.
func (b *builder) count(n int, at Place) bool {
	b.nodes += n
	if b.nodes > MaxNodes && !b.full {
		b.full = true
		b.r.Errorf(at, "the document has more than %d values once its aliases are put in", MaxNodes)
	}
	return !b.full
}

func (b *builder) node(n ast.Node, depth int) *Node {
	if n == nil {
		return &Node{}
	}
	out := &Node{Place: place(n.GetToken())}
	if depth > MaxDepth {
		b.r.Errorf(out.Place, "nested deeper than %d levels", MaxDepth)
		return out
	}
	if !b.count(1, out.Place) {
		return out
	}
	switch n := n.(type) {
	case *ast.NullNode:
		out.Raw = "null"
	case *ast.BoolNode:
		out.Kind, out.Bool, out.Raw = Bool, n.Value, n.Token.Value
	case *ast.IntegerNode:
		out.Kind, out.Raw = Int, n.Token.Value
		switch v := n.Value.(type) {
		case int64:
			out.Float, out.Negative, out.Int = float64(v), v < 0, uint64(v)
			if v < 0 {
				out.Int = -uint64(v)
			}
		case uint64:
			out.Float, out.Int = float64(v), v
		}
	case *ast.FloatNode:
		out.Kind, out.Raw, out.Float = Float, n.Token.Value, n.Value
	case *ast.InfinityNode:
		out.Kind, out.Raw, out.Float = Float, n.Token.Value, n.Value
	case *ast.NanNode:
		out.Kind, out.Raw, out.Float = Float, n.Token.Value, nan()
	case *ast.StringNode:
		out.Kind, out.Raw = Text, n.Value
		// 1e-2 is a number in YAML 1.2; the library takes it for text.
		if n.Token.Type == token.StringType && exponent.MatchString(n.Value) {
			if v, err := strconv.ParseFloat(n.Value, 64); err == nil {
				out.Kind, out.Float = Float, v
			}
		}
	case *ast.LiteralNode:
		out.Kind, out.Raw = Text, n.Value.Value
	case *ast.SequenceNode:
		out.Kind = List
		for _, v := range n.Values {
			out.Items = append(out.Items, b.node(v, depth+1))
			if b.full {
				break
			}
		}
	case *ast.MappingNode:
		if len(n.Values) > 0 && !n.IsFlowStyle {
			out.Place = place(n.Values[0].Key.GetToken())
		}
		b.mapping(out, n.Values, depth)
	case *ast.MappingValueNode:
		out.Place = place(n.Key.GetToken())
		b.mapping(out, []*ast.MappingValueNode{n}, depth)
	case *ast.AnchorNode:
		name := ""
		if n.Name != nil {
			name = n.Name.GetToken().Value
		}
		out = b.node(n.Value, depth+1)
		b.anchors[name] = out
	case *ast.AliasNode:
		name := ""
		if n.Value != nil {
			name = n.Value.GetToken().Value
		}
		if to := b.anchors[name]; to != nil {
			return to
		}
		b.r.Errorf(out.Place, "*%s: no anchor &%s stands before it%s", name, name, suggest(name, keys(b.anchors)))
		out.Bad = true
	case *ast.TagNode:
		b.r.Errorf(out.Place, "tag %s: this format has no tags", n.Start.Value)
		return b.node(n.Value, depth+1)
	default:
		b.r.Errorf(out.Place, "%s has no meaning here", strings.ToLower(n.Type().String()))
		out.Bad = true
	}
	return out
}

// mapping fills out with the pairs of a mapping. A key of its own goes before
// a merged one, and an earlier merge before a later, as YAML's merge key says.
func (b *builder) mapping(out *Node, values []*ast.MappingValueNode, depth int) {
	out.Kind = Map
	has := map[string]Place{}
	var merges []*Node
	for _, v := range values {
		if b.full {
			return
		}
		at := place(v.Key.GetToken())
		if v.Key.IsMergeKey() {
			merges = append(merges, b.node(v.Value, depth+1))
			continue
		}
		key, ok := "", true
		switch k := v.Key.(type) {
		case *ast.StringNode:
			key = k.Value
		case *ast.MappingKeyNode:
			if s, is := k.Value.(*ast.StringNode); is {
				key, at = s.Value, place(s.Token)
			} else {
				ok = false
			}
		case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
			key = v.Key.GetToken().Value
		default:
			ok = false
		}
		if !ok {
			b.r.Errorf(at, "a key must be text")
			continue
		}
		value := b.node(v.Value, depth+1)
		if first, double := has[key]; double {
			b.r.Errorf(at, "key %s is here twice: it stands on line %d already", quote(key), first.Line)
			continue
		}
		has[key] = at
		out.Pairs = append(out.Pairs, Pair{Key: key, At: at, Value: value})
	}
	for _, m := range merges {
		b.merge(out, has, m, true)
	}
}

func (b *builder) merge(out *Node, has map[string]Place, from *Node, list bool) {
	switch {
	case from.Kind == List && list:
		for _, item := range from.Items {
			b.merge(out, has, item, false)
		}
	case from.Bad:
	case from.Kind == Map:
		if !b.count(len(from.Pairs), from.Place) {
			return
		}
		for _, p := range from.Pairs {
			if _, own := has[p.Key]; !own {
				has[p.Key] = p.At
				out.Pairs = append(out.Pairs, p)
			}
		}
	default:
		b.r.Errorf(from.Place, "<<: expected an alias of a mapping, or a list of such, got %s", from.describe())
	}
}
