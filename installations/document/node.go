// Package document reads YAML strictly: text becomes nodes that know where
// they stand, and nodes become Go structs whose tags say what each key must
// be. Everything that is wrong is reported with its line and column, not only
// the first thing.
//
// It knows YAML and Go types, and nothing of installations: what a file means
// is for others to say. The one idea it owns: a value keeps its place.
//
// Nothing here is safe for concurrent use; a Reader serves one file.
package document

// Place is where something stands in a file: line and column from 1, in
// characters. The zero Place means the whole file.
type Place struct{ Line, Column int }

// Kind is the kind of a node.
type Kind uint8

// The kinds of node. A merge (<<) and an alias are resolved and have none.
const (
	Null Kind = iota
	Bool
	Int
	Float
	Text
	List
	Map
)

// String names the kind as a message does.
func (k Kind) String() string {
	return [...]string{"nothing", "true or false", "a whole number", "a number", "text", "a list", "a mapping of keys"}[k]
}

// Node is one value of a document. An aliased node is shared, so nodes form
// a graph without cycles; they are not changed once parsed.
type Node struct {
	Place
	Kind Kind
	// Raw is how a scalar is written, for messages; of Text, the text itself.
	Raw   string
	Bool  bool
	Float float64 // of Int and Float; of Float it may be NaN or infinite
	// Int holds an integer as magnitude and sign, so that every uint64 fits.
	Int      uint64
	Negative bool
	Items    []*Node
	// Bad says that it could not be read, which was reported.
	Bad   bool
	Pairs []Pair // in the order of the file, each key once
}

// Pair is one key of a mapping with its value.
type Pair struct {
	Key   string
	At    Place // of the key
	Value *Node
}

// Get gives the value of a key of a mapping, or nil.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Pairs {
		if n.Pairs[i].Key == key {
			return n.Pairs[i].Value
		}
	}
	return nil
}

// Problem is one thing wrong, and where.
type Problem struct {
	Place
	Message string
	Warning bool
}
