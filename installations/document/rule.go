package document

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// Field is what the tags of a struct's field say of a key:
//
//	key:"watts"        the key; a field without it is not in the file
//	range:"(0,1000]"   of a number: ( and ) leave the end out
//	default:"60"       the value when the key is left out, as in YAML
//	among:"8 16"       of a whole number: one of these
//	need:"yes"         the key must be there
//	oneof:"a b c"      of text: one of these words
//	items:"2,64"       of a list: least and most items; one number for both
//	unit:"m"           for messages and documents
//	name:"yes"         of text: a name, that others can refer to
//	doc:"…"            what it is, for documents and editors
//
// The key "*" marks the field, in the items of a list, that takes the key
// itself when the list is written as a mapping.
type Field struct {
	Key, Unit, Doc string
	Default        string
	Need, Name     bool
	OneOf          []string
	Among          []int
	Range          *Range
	Least, Most    int // items of a list; Most 0 is no limit
	Index          int // of the field in the struct
	Type           reflect.Type
}

// among says which whole numbers there may be.
func (f *Field) among() string {
	var b strings.Builder
	for i, n := range f.Among {
		if i > 0 {
			b.WriteString(" or ")
		}
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

// Range is an interval of numbers.
type Range struct {
	Low, High         float64
	OpenLow, OpenHigh bool
}

// Holds says whether v lies in the range. NaN does not.
func (g *Range) Holds(v float64) bool {
	low := v >= g.Low && !(g.OpenLow && v == g.Low)
	return low && v <= g.High && !(g.OpenHigh && v == g.High)
}

// String gives the range as a message says it.
func (g *Range) String() string {
	low, high := number(g.Low), number(g.High)
	switch {
	case g.Low == g.High:
		return low
	case g.OpenLow && g.OpenHigh:
		return fmt.Sprintf("over %s and under %s", low, high)
	case g.OpenLow:
		return fmt.Sprintf("over %s, at most %s", low, high)
	case g.OpenHigh:
		return fmt.Sprintf("at least %s, under %s", low, high)
	}
	return low + "…" + high
}

// number writes a float without an exponent where that is short.
func number(v float64) string {
	if a := math.Abs(v); a != 0 && (a < 1e-4 || a >= 1e9) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// Fields gives the keys of a struct type, in the order of the struct. A tag
// that is wrong panics: it is a mistake in the program, and the first test
// that reads the type finds it.
func Fields(t reflect.Type) []Field {
	var out []Field
	for i := range t.NumField() {
		f := t.Field(i)
		key, ok := f.Tag.Lookup("key")
		if !ok {
			continue
		}
		d := Field{
			Key: key, Unit: f.Tag.Get("unit"), Doc: f.Tag.Get("doc"), Default: f.Tag.Get("default"),
			Need: f.Tag.Get("need") == "yes", Name: f.Tag.Get("name") == "yes", OneOf: strings.Fields(f.Tag.Get("oneof")),
			Index: i, Type: f.Type,
		}
		for _, s := range strings.Fields(f.Tag.Get("among")) {
			d.Among = append(d.Among, whole(s))
		}
		if s := f.Tag.Get("range"); s != "" {
			d.Range = parseRange(s)
		}
		if s := f.Tag.Get("items"); s != "" {
			least, most, two := strings.Cut(s, ",")
			if !two {
				most = least
			}
			d.Least, d.Most = whole(least), whole(most)
		}
		out = append(out, d)
	}
	return out
}

func whole(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic("document: tag: " + err.Error())
	}
	return n
}

func parseRange(s string) *Range {
	low, high, ok := strings.Cut(s[1:len(s)-1], ",")
	a, err1 := strconv.ParseFloat(low, 64)
	b, err2 := strconv.ParseFloat(high, 64)
	if !ok || err1 != nil || err2 != nil {
		panic("document: tag range:" + strconv.Quote(s))
	}
	return &Range{Low: a, High: b, OpenLow: s[0] == '(', OpenHigh: s[len(s)-1] == ')'}
}
