package document

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxProblems is how many problems of one document are kept: a file that is
// of another kind altogether has as many as it has lines.
const MaxProblems = 500

// Reader reads one document and collects what is wrong with it.
type Reader struct {
	problems []Problem
	errors   int
	visits   int
	fields   map[reflect.Type][]Field
}

// Problems gives all that was reported, in the order of the file.
func (r *Reader) Problems() []Problem {
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	// An aliased value is read once for each alias, and found wrong as often.
	r.problems = slices.Compact(r.problems)
	return r.problems
}

// Errors counts the problems so far that are not warnings.
func (r *Reader) Errors() int { return r.errors }

// Errorf reports an error.
func (r *Reader) Errorf(at Place, format string, args ...any) {
	r.errors++
	r.report(Problem{Place: at, Message: fmt.Sprintf(format, args...)})
}

// Warnf reports a warning.
func (r *Reader) Warnf(at Place, format string, args ...any) {
	r.report(Problem{Place: at, Message: fmt.Sprintf(format, args...), Warning: true})
}

func (r *Reader) report(p Problem) {
	if len(r.problems) == MaxProblems {
		r.errors++
		p = Problem{Message: fmt.Sprintf("there are more than %d problems; the rest is not shown", MaxProblems)}
	}
	if len(r.problems) <= MaxProblems {
		r.problems = append(r.problems, p)
	}
}

// Object is embedded in a struct that is read from a mapping: it knows where
// each key stood. The zero Object has no keys, and is what a struct made by
// a program holds.
type Object struct {
	node   *Node
	key    Place // of the mapping's own key, where it has one in a list of such
	broken bool
}

// Start is where the object begins.
func (o *Object) Start() Place {
	if o.key != (Place{}) || o.node == nil {
		return o.key
	}
	return o.node.Place
}

// At is the place of a key's value; of the mapping itself when the key was
// left out.
func (o *Object) At(key string) Place {
	if o.node == nil {
		return Place{}
	}
	if v := o.node.Get(key); v != nil {
		return v.Place
	}
	return o.node.Place
}

// Item is the place of item i of the list under a key.
func (o *Object) Item(key string, i int) Place {
	if v := o.node.Get(key); v != nil && i < len(v.Items) {
		return v.Items[i].Place
	}
	return o.At(key)
}

// Has says whether a key was written.
func (o *Object) Has(key string) bool { return o.node.Get(key) != nil }

// Broken says whether an error was found while the object was read.
func (o *Object) Broken() bool { return o.broken }

func (o *Object) object() *Object { return o }

// Checker is a struct that checks what its tags cannot say, once its keys are
// read without error.
type Checker interface{ Check(r *Reader) }

// Extender is a struct that takes keys besides those of its fields. More
// lists them; ReadKey is called for each that the file has.
type Extender interface {
	More() []string
	ReadKey(r *Reader, key string, n *Node)
}

// Custom is a type that reads itself, for values of several forms.
type Custom interface{ ReadNode(r *Reader, n *Node) }

// Into reads the node into the struct that to points to. what names the
// value in messages.
func (r *Reader) Into(n *Node, to any, what string) {
	r.value(n, reflect.ValueOf(to).Elem(), &Field{Key: what})
}

func (r *Reader) fieldsOf(t reflect.Type) []Field {
	if f, ok := r.fields[t]; ok {
		return f
	}
	if r.fields == nil {
		r.fields = map[reflect.Type][]Field{}
	}
	f := Fields(t)
	r.fields[t] = f
	return f
}

var customType = reflect.TypeFor[Custom]()

// value reads n into v by the rules of f.
func (r *Reader) value(n *Node, v reflect.Value, f *Field) {
	if r.visits++; r.visits > MaxNodes {
		if r.visits == MaxNodes+1 {
			r.Errorf(n.Place, "the document has more than %d values once its aliases are put in", MaxNodes)
		}
		return
	}
	if n.Bad {
		r.errors++ // what holds it is broken, too
		return
	}
	if reflect.PointerTo(v.Type()).Implements(customType) {
		v.Addr().Interface().(Custom).ReadNode(r, n)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		r.value(n, v.Elem(), f)
	case reflect.Struct:
		r.mapping(n, v, f)
	case reflect.Slice:
		r.list(n, v, f)
	case reflect.Array:
		r.array(n, v, f)
	case reflect.String:
		r.text(n, v, f)
	case reflect.Bool:
		if n.Kind != Bool {
			r.wrong(n, f, "true or false")
			return
		}
		v.SetBool(n.Bool)
	case reflect.Float64:
		if x, ok := r.float(n, f); ok {
			v.SetFloat(x)
		}
	case reflect.Int, reflect.Uint64:
		r.whole(n, v, f)
	default:
		panic("document: no way to read a " + v.Type().String())
	}
}

// wrong reports a value of the wrong type.
func (r *Reader) wrong(n *Node, f *Field, want string) {
	hint := ""
	if n.Kind == Text && (strings.Contains(want, "number") || strings.HasPrefix(want, "true")) {
		var probe float64
		if _, err := fmt.Sscanf(n.Raw, "%g", &probe); err == nil {
			hint = " (a number has no quotes and no unit)"
		}
	}
	if want == "text" && (n.Kind == Int || n.Kind == Float || n.Kind == Bool) {
		hint = " (put it in quotes)"
	}
	r.Errorf(n.Place, "%s: expected %s, got %s%s", f.Key, want, n.describe(), hint)
}

func (r *Reader) float(n *Node, f *Field) (float64, bool) {
	if n.Kind != Int && n.Kind != Float {
		r.wrong(n, f, "a number")
		return 0, false
	}
	x := n.Float
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		r.Errorf(n.Place, "%s: %s is not a finite number", f.Key, n.Raw)
	case f.Range != nil && !f.Range.Holds(x):
		r.Errorf(n.Place, "%s is %s: must be %s%s", f.Key, n.Raw, f.Range, unit(f))
	default:
		return x, true
	}
	return 0, false
}

func unit(f *Field) string {
	if f.Unit == "" {
		return ""
	}
	return " " + f.Unit
}

func (r *Reader) whole(n *Node, v reflect.Value, f *Field) {
	if n.Kind != Int {
		r.wrong(n, f, "a whole number")
		return
	}
	if f.Range != nil && !f.Range.Holds(n.Float) {
		r.Errorf(n.Place, "%s is %s: must be %s%s", f.Key, n.Raw, f.Range, unit(f))
		return
	}
	if v.Kind() == reflect.Uint64 {
		if n.Negative {
			r.Errorf(n.Place, "%s is %s: must be 0 or more", f.Key, n.Raw)
			return
		}
		v.SetUint(n.Int)
		return
	}
	if n.Int > math.MaxInt64/2 {
		r.Errorf(n.Place, "%s is %s: too large", f.Key, n.Raw)
		return
	}
	x := int64(n.Int)
	if n.Negative {
		x = -x
	}
	if len(f.Among) > 0 && !slices.Contains(f.Among, int(x)) {
		r.Errorf(n.Place, "%s is %s: must be %s%s", f.Key, n.Raw, f.among(), unit(f))
		return
	}
	v.SetInt(x)
}

// MaxName is the length of a name, in characters.
const MaxName = 64

func (r *Reader) text(n *Node, v reflect.Value, f *Field) {
	if n.Kind != Text {
		r.wrong(n, f, "text")
		return
	}
	if f.Name {
		if message := badName(n.Raw); message != "" {
			r.Errorf(n.Place, "%s %s: %s", f.Key, quote(n.Raw), message)
			return
		}
	}
	if len(f.OneOf) > 0 && !slices.Contains(f.OneOf, n.Raw) {
		r.Errorf(n.Place, "%s is %s: must be one of %s%s", f.Key, quote(n.Raw), strings.Join(f.OneOf, ", "), suggest(n.Raw, f.OneOf))
		return
	}
	v.SetString(n.Raw)
}

// CheckName says what is wrong with a name; empty where nothing is.
func CheckName(s string) string { return badName(s) }

// badName says what is wrong with a name. Names go into OSC addresses, file
// names and command lines, so they hold no space and no sign of those.
func badName(s string) string {
	if s == "" || utf8.RuneCountInString(s) > MaxName {
		return fmt.Sprintf("a name has 1…%d characters", MaxName)
	}
	for i, c := range s {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			continue
		}
		if i == 0 || !strings.ContainsRune("-_.", c) {
			return "a name is letters and digits, and inside it - _ ."
		}
	}
	return ""
}

// few reports a list that is too short or too long.
func (r *Reader) few(n *Node, f *Field) bool {
	count := len(n.Items)
	if n.Kind == Map {
		count = len(n.Pairs)
	}
	switch {
	case f.Least > 0 && f.Most == f.Least && count != f.Least:
		r.Errorf(n.Place, "%s: expected a list of %d, got %d", f.Key, f.Least, count)
	case count < f.Least:
		r.Errorf(n.Place, "%s: expected a list of at least %d, got %d", f.Key, f.Least, count)
	case f.Most > 0 && count > f.Most:
		r.Errorf(n.Place, "%s: expected a list of at most %d, got %d", f.Key, f.Most, count)
	default:
		return true
	}
	return false
}

func (r *Reader) list(n *Node, v reflect.Value, f *Field) {
	elem := v.Type().Elem()
	if at := keyed(elem); at >= 0 {
		r.keyed(n, v, f, at)
		return
	}
	if n.Kind != List {
		r.wrong(n, f, "a list")
		return
	}
	if !r.few(n, f) {
		return
	}
	item := *f
	item.Least, item.Most = 0, 0
	v.Set(reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items)))
	for i, x := range n.Items {
		r.value(x, v.Index(i), &item)
	}
}

// keyed gives the index of the field of a struct that takes the mapping's
// key, or −1.
func keyed(t reflect.Type) int {
	if t.Kind() == reflect.Struct {
		for _, f := range Fields(t) {
			if f.Key == "*" {
				return f.Index
			}
		}
	}
	return -1
}

func (r *Reader) keyed(n *Node, v reflect.Value, f *Field, at int) {
	if n.Kind != Map {
		r.wrong(n, f, "a mapping of keys")
		return
	}
	if !r.few(n, f) {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Pairs), len(n.Pairs)))
	for i, p := range n.Pairs {
		item := *f
		item.Key, item.Least, item.Most = p.Key, 0, 0
		v.Index(i).Field(at).SetString(p.Key)
		r.value(p.Value, v.Index(i), &item)
		if o, ok := v.Index(i).Addr().Interface().(interface{ object() *Object }); ok {
			o.object().key = p.At
		}
	}
}

func (r *Reader) array(n *Node, v reflect.Value, f *Field) {
	if n.Kind != List || len(n.Items) != v.Len() {
		r.wrong(n, f, fmt.Sprintf("a list of %d numbers", v.Len()))
		return
	}
	for i, x := range n.Items {
		r.value(x, v.Index(i), f)
	}
}

func (r *Reader) mapping(n *Node, v reflect.Value, f *Field) {
	before := r.errors
	fields := r.fieldsOf(v.Type())
	var object *Object
	if o, ok := v.Addr().Interface().(interface{ object() *Object }); ok {
		object = o.object()
		object.node = n
	}
	setDefaults(v)
	if n.Kind != Map {
		r.wrong(n, f, "a mapping of keys")
	} else {
		r.pairs(n, v, fields, f)
	}
	if object != nil {
		object.broken = r.errors > before
	}
	if c, ok := v.Addr().Interface().(Checker); ok && r.errors == before {
		c.Check(r)
		if object != nil {
			object.broken = r.errors > before
		}
	}
}

func (r *Reader) pairs(n *Node, v reflect.Value, fields []Field, f *Field) {
	more, extends := v.Addr().Interface().(Extender)
	for _, p := range n.Pairs {
		if i := slices.IndexFunc(fields, func(d Field) bool { return d.Key == p.Key && d.Key != "*" }); i >= 0 {
			if p.Value.Kind == Null && !p.Value.Bad {
				r.Errorf(p.Value.Place, "%s: the value is missing; leave the key out for its default", p.Key)
				continue
			}
			r.value(p.Value, v.Field(fields[i].Index), &fields[i])
			continue
		}
		known := []string{}
		if extends {
			if known = more.More(); slices.Contains(known, p.Key) {
				more.ReadKey(r, p.Key, p.Value)
				continue
			}
		}
		for _, d := range fields {
			if d.Key != "*" {
				known = append(known, d.Key)
			}
		}
		r.Errorf(p.At, "unknown key %s in %s%s", quote(p.Key), f.Key, Expected(p.Key, known))
	}
	for _, d := range fields {
		if d.Need && n.Get(d.Key) == nil {
			r.Errorf(n.Place, "%s: the key %s is missing", f.Key, d.Key)
		}
	}
}

// setDefault gives a field the value of its default tag.
func setDefault(v reflect.Value, d *Field) {
	var err error
	switch v.Kind() {
	case reflect.String:
		v.SetString(d.Default)
	case reflect.Float64:
		var x float64
		x, err = strconv.ParseFloat(d.Default, 64)
		v.SetFloat(x)
	case reflect.Int:
		v.SetInt(int64(whole(d.Default)))
	case reflect.Bool:
		v.SetBool(d.Default == "true")
	default:
		// A list's default is for documents; the code that reads it sets it.
	}
	if err != nil {
		panic("document: tag default: " + err.Error())
	}
}

// setDefaults fills a struct, and those in it, with the defaults of its tags.
func setDefaults(v reflect.Value) {
	for _, d := range Fields(v.Type()) {
		switch {
		case d.Default != "":
			setDefault(v.Field(d.Index), &d)
		case d.Type.Kind() == reflect.Struct && !reflect.PointerTo(d.Type).Implements(customType):
			setDefaults(v.Field(d.Index))
		}
	}
}

// Full says that no more problems are kept: finding the nearest word for each
// of a hundred thousand wrong ones would take its time.
func (r *Reader) Full() bool { return len(r.problems) >= MaxProblems }

// Keys lists the keys that were written.
func (o *Object) Keys() []string {
	var out []string
	if o.node != nil {
		for _, p := range o.node.Pairs {
			out = append(out, p.Key)
		}
	}
	return out
}

// Visit calls f with the node under a key, if there is one.
func (o *Object) Visit(key string, f func(*Node)) {
	if n := o.node.Get(key); n != nil {
		f(n)
	}
}
