// Package schema makes, of the Go types of package format, the JSON Schema
// that editors complete and check by, and the tables of docs/installation.md.
//
// It is for the build, and no part of the program. The one idea it owns: what
// the reader takes and what the documents say cannot differ, because both
// come from the same tags. A schema cannot say all that the reader checks:
// names that must be there, universes that overlap, pixels without a channel.
package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"noctiluca/assets/leds"
	"noctiluca/installations/document"
	"noctiluca/installations/fixture"
	"noctiluca/installations/format"
)

// object is a JSON object.
type object = map[string]any

// JSON gives the schema, by draft 7 of JSON Schema: the one that editors'
// YAML servers know best.
func JSON() []byte { return root(reflect.TypeFor[format.Document](), "Noctiluca installation") }

// ShowJSON gives the schema of a show's file.
func ShowJSON() []byte { return root(reflect.TypeFor[format.Show](), "Noctiluca show") }

func root(t reflect.Type, title string) []byte {
	root := ofType(t, nil)
	root["$schema"] = "http://json-schema.org/draft-07/schema#"
	root["title"] = title
	root["patternProperties"] = object{"^x-": object{"description": "Yours: a value that is used by alias in several places."}}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(root); err != nil {
		panic(err) // it is made of maps, lists and numbers
	}
	return b.Bytes()
}

// ofType gives the schema of a type, under the rules of the field that has it.
func ofType(t reflect.Type, f *document.Field) object {
	switch t {
	case reflect.TypeFor[format.Kind]():
		return object{"type": "string", "enum": fixture.Names()}
	case reflect.TypeFor[format.Entry]():
		return entry()
	case reflect.TypeFor[format.Numbers]():
		return object{"type": "object", "additionalProperties": object{"type": "number"}}
	case reflect.TypeFor[format.Colours]():
		return object{"type": "object", "additionalProperties": object{"type": "string"}}
	case reflect.TypeFor[format.Parts]():
		return object{"type": "object", "additionalProperties": object{"type": []string{"string", "integer"}}}
	case reflect.TypeFor[format.Settings]():
		return object{"type": "object", "additionalProperties": object{"type": []string{"number", "string", "boolean"}}}
	case reflect.TypeFor[format.Fixture]():
		return kinds(ofStruct(t))
	}
	switch t.Kind() {
	case reflect.Struct:
		return ofStruct(t)
	case reflect.Slice:
		return ofSlice(t, f)
	case reflect.Array:
		return object{"type": "array", "items": ofType(t.Elem(), scalar(f)), "minItems": t.Len(), "maxItems": t.Len()}
	case reflect.String:
		s := object{"type": "string"}
		if len(f.OneOf) > 0 {
			s["enum"] = f.OneOf
		}
		if f.Name {
			s["pattern"] = `^[^\s/#*?,\[\]{}:]+$`
			s["maxLength"] = document.MaxName
		}
		return s
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Float64:
		return ranged(object{"type": "number"}, f.Range)
	case reflect.Int:
		if len(f.Among) > 0 {
			return object{"type": "integer", "enum": f.Among}
		}
		return ranged(object{"type": "integer"}, f.Range)
	case reflect.Uint64:
		return object{"type": "integer", "minimum": 0}
	}
	panic("schema: no way to describe a " + t.String())
}

// scalar is the rule of a list's items: without what concerns the list.
func scalar(f *document.Field) *document.Field {
	item := *f
	item.Least, item.Most = 0, 0
	return &item
}

func ranged(s object, g *document.Range) object {
	if g == nil {
		return s
	}
	low, high := "minimum", "maximum"
	if g.OpenLow {
		low = "exclusiveMinimum"
	}
	if g.OpenHigh {
		high = "exclusiveMaximum"
	}
	s[low], s[high] = g.Low, g.High
	return s
}

func ofSlice(t reflect.Type, f *document.Field) object {
	elem := t.Elem()
	if elem.Kind() == reflect.Struct {
		if keyed(elem) {
			s := object{"type": "object", "additionalProperties": ofStruct(elem)}
			if f.Most > 0 {
				s["maxProperties"] = f.Most
			}
			return s
		}
	}
	s := object{"type": "array", "items": ofType(elem, scalar(f))}
	if f.Least > 0 {
		s["minItems"] = f.Least
	}
	if f.Most > 0 {
		s["maxItems"] = f.Most
	}
	return s
}

func ofStruct(t reflect.Type) object {
	properties := object{}
	required := []string{}
	for _, f := range document.Fields(t) {
		if f.Key == "*" {
			continue
		}
		p := ofType(f.Type, &f)
		p["description"] = describe(&f)
		if f.Default != "" {
			p["default"] = value(&f)
		}
		if f.Key == "led" {
			p["examples"] = leds.Names()
		}
		properties[f.Key] = p
		if f.Need {
			required = append(required, f.Key)
		}
	}
	s := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

func describe(f *document.Field) string {
	if f.Unit != "" {
		return f.Doc + " (" + f.Unit + ")"
	}
	return f.Doc
}

// value is a default as JSON.
func value(f *document.Field) any {
	switch f.Type.Kind() {
	case reflect.Bool:
		return f.Default == "true"
	case reflect.Float64, reflect.Int, reflect.Uint64:
		v, err := strconv.ParseFloat(f.Default, 64)
		if err != nil {
			panic("schema: default of " + f.Key + ": " + err.Error())
		}
		return v
	}
	return f.Default
}

// kinds adds to the schema of a fixture the parameters of each kind, and that
// a fixture has those of its own kind and of no other.
func kinds(s object) object {
	properties := s["properties"].(object)
	var rules []any
	for _, k := range fixture.Kinds() {
		p := ofStruct(reflect.TypeOf(k.New()).Elem())
		p["description"] = k.Doc
		properties[k.Name] = p
		others := object{}
		for _, other := range fixture.Names() {
			if other != k.Name {
				others[other] = false
			}
		}
		rules = append(rules, object{
			"if":   object{"properties": object{"kind": object{"const": k.Name}}, "required": []string{"kind"}},
			"then": object{"required": []string{k.Name}, "properties": others},
		})
	}
	s["allOf"] = rules
	return s
}

// entry is the schema of one thing on a wire.
func entry() object {
	whole := ofStruct(reflect.TypeFor[format.Entry]())["properties"].(object)
	form := func(need string, more ...string) object {
		properties := object{need: whole[need]}
		for _, k := range more {
			properties[k] = whole[k]
		}
		return object{"type": "object", "properties": properties, "required": []string{need}, "additionalProperties": false}
	}
	return object{"anyOf": []any{
		object{"type": "string", "description": "The name of a fixture."},
		form("fixture", "first", "count", "reverse"),
		form("gap"),
		form("universe"),
	}}
}

// Table gives the keys of a struct as a table of Markdown.
func Table(of any) string {
	var b strings.Builder
	b.WriteString("| key | value | default | meaning |\n|---|---|---|---|\n")
	for _, f := range document.Fields(reflect.TypeOf(of)) {
		if f.Key == "*" {
			continue
		}
		def := f.Default
		switch {
		case f.Need:
			def = "needed"
		case def != "":
			def = "`" + def + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Key, Kind(&f), def, strings.ReplaceAll(f.Doc, "|", `\|`))
	}
	return b.String()
}

// Kind says in words what a key takes.
func Kind(f *document.Field) string {
	what, n := "", ""
	t := f.Type
	if t == reflect.TypeFor[format.Settings]() {
		return "mapping of paths to values"
	}
	if t == reflect.TypeFor[format.Parts]() {
		return "mapping of groups to pixels"
	}
	list := ""
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		if t.Kind() == reflect.Array {
			n = fmt.Sprintf("%d numbers", t.Len())
		} else {
			list = "list of "
		}
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[format.Kind]():
		return "one of " + strings.Join(quoteAll(fixture.Names()), ", ")
	case len(f.OneOf) > 0:
		what = "one of " + strings.Join(quoteAll(f.OneOf), ", ")
	case f.Name:
		what = "name"
	case t.Kind() == reflect.String:
		what = "text"
	case t.Kind() == reflect.Bool:
		what = "`true`, `false`"
	case t.Kind() == reflect.Float64:
		what = "number"
	case t.Kind() == reflect.Int, t.Kind() == reflect.Uint64:
		what = "whole number"
	default:
		what = "mapping"
		if t.Kind() == reflect.Struct && keyed(t) {
			return "mapping, below"
		}
		if list != "" {
			list, what = "list, ", "below"
		} else {
			what = "mapping, below"
		}
	}
	if n != "" {
		what = n
	}
	what = list + what
	if len(f.Among) > 0 {
		what += ", " + strings.Join(strings.Fields(strings.Trim(fmt.Sprint(f.Among), "[]")), " or ")
	}
	if f.Range != nil && f.Range.High < 1e6 && f.Range.High != 10000 {
		what += ", " + f.Range.String()
	}
	if f.Unit != "" {
		what += ", " + f.Unit
	}
	return what
}

// keyed says whether a list of this type is written as a mapping.
func keyed(t reflect.Type) bool {
	for _, f := range document.Fields(t) {
		if f.Key == "*" {
			return true
		}
	}
	return false
}

func quoteAll(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = "`" + w + "`"
	}
	return out
}
