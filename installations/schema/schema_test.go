package schema

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"noctiluca/installations/document"
	"noctiluca/installations/format"
)

func TestUpToDate(t *testing.T) {
	shipped, err := os.ReadFile("../installation.schema.json")
	if err != nil || string(shipped) != string(JSON()) {
		t.Errorf("installation.schema.json is not what the types say: run go generate ./installations (%v)", err)
	}
	text, err := os.ReadFile("../../docs/installation.md")
	if err != nil {
		t.Fatal(err)
	}
	if filled, err := Fill(string(text)); err != nil || filled != string(text) {
		t.Errorf("docs/installation.md is not what the types say: run go generate ./installations (%v)", err)
	}
}

// Every example of the reference is read without an error by the types.
func TestExamplesOfTheReference(t *testing.T) {
	text, err := os.ReadFile("../../docs/installation.md")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(text), "```yaml\n")[1:]
	if len(parts) < 8 {
		t.Fatalf("%d examples", len(parts))
	}
	for _, p := range parts {
		example, _, _ := strings.Cut(p, "```")
		// An example of one part is read within a file that has the rest.
		file := example
		for _, line := range []string{"noctiluca: 1\n", "name: example\n", "fixtures: [{name: a, kind: ring, ring: {radius: 1, pixels: 1}}]\n", "scenes: [{name: s, layers: [{name: l, field: f}]}]\n"} {
			key, _, _ := strings.Cut(line, ":")
			if !regexp.MustCompile(`(?m)^` + key + `:`).MatchString(example) {
				file += line
			}
		}
		r := &document.Reader{}
		var d format.Document
		if root := r.Parse([]byte(file)); root != nil {
			r.Into(root, &d, "the installation")
		}
		for _, p := range r.Problems() {
			t.Errorf("%s:%d: %s", file, p.Line, p.Message)
		}
		if problems := accepts(t, file); problems != "" {
			t.Errorf("the schema refuses %s\n%s", file, problems)
		}
	}
}

func TestAcceptsWhatIsShipped(t *testing.T) {
	files, _ := filepath.Glob("../*/installation.yaml")
	for _, name := range []string{"small", "rgbw", "split", "merged", "supplies"} {
		files = append(files, "../testdata/"+name+".yaml")
	}
	if len(files) < 6 {
		t.Fatalf("only %v", files)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if problems := accepts(t, string(data)); problems != "" {
			t.Errorf("%s: %s", file, problems)
		}
		if strings.Contains(file, "installation.yaml") && !strings.Contains(string(data), "yaml-language-server: $schema=../installation.schema.json") {
			t.Errorf("%s does not name its schema: its first line should be\n# yaml-language-server: $schema=../installation.schema.json", file)
		}
	}
}

func TestRefusesWhatIsBroken(t *testing.T) {
	const good = `
noctiluca: 1
name: x
rate: 60
fixtures: [{name: a, kind: ring, at: [0, 0, 0], ring: {radius: 1, pixels: 3}}]
outputs: [{name: o, protocol: artnet, host: h, universe: 0, fixtures: [a, {gap: 3}, {fixture: a, first: 2}]}]
scenes: [{name: s, layers: [{name: l, field: f, parameters: {A: {min: 0, move: [{signal: heart}]}}}]}]
`
	if p := accepts(t, good); p != "" {
		t.Fatal(p)
	}
	for _, c := range [][2]string{
		{"name: x", "nam: x"},
		{"noctiluca: 1", "noctiluca: 2"},
		{"rate: 60", "rate: 241"},
		{"rate: 60", "rate: fast"},
		{"rate: 60", "rte: 60"},
		{"kind: ring", "kind: rink"},
		{"kind: ring", "kind: strip"},
		{"radius: 1", "radius: 0"},
		{"radius: 1, ", ""},
		{"pixels: 3", "pixels: 2.5"},
		{"ring: {", "strip: {points: [[0, 0, 0], [1, 0, 0]], pixels: 2}, ring: {"},
		{"at: [0, 0, 0]", "at: [0, 0]"},
		{"artnet", "artent"},
		{"universe: 0", "universe: 64000"},
		{"{gap: 3}", "{gap: 3, first: 1}"},
		{"{gap: 3}", "{gap: 0}"},
		{"{gap: 3}", "7"},
		{"signal: heart", "signal: hart"},
		{"field: f", "feild: f"},
		{"min: 0", "minimum: 0"},
		{"layers: [{name: l, ", "layers: [], other: [{name: l, "},
	} {
		if strings.Count(good, c[0]) < 1 {
			t.Fatalf("%q is not in the file", c[0])
		}
		if accepts(t, strings.Replace(good, c[0], c[1], 1)) == "" {
			t.Errorf("the schema takes %q instead of %q", c[1], c[0])
		}
	}
}

// accepts checks a file against the schema, and says what is wrong with it.
func accepts(t testing.TB, text string) string {
	t.Helper()
	var schema, file any
	if err := json.Unmarshal(JSON(), &schema); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	var instance any
	if err := json.Unmarshal(asJSON, &instance); err != nil {
		t.Fatal(err)
	}
	var found []string
	validate(t, schema, instance, "", &found)
	return strings.Join(found, "\n")
}

// validate is JSON Schema draft 7 as far as this schema needs it; a word that
// it does not know fails the test.
func validate(t testing.TB, schema, v any, at string, found *[]string) {
	say := func(format string, args ...any) { *found = append(*found, at+": "+fmt.Sprintf(format, args...)) }
	if b, ok := schema.(bool); ok {
		if !b {
			say("not allowed here")
		}
		return
	}
	s := schema.(map[string]any)
	fits := func(schema any) bool {
		var f []string
		validate(t, schema, v, at, &f)
		return len(f) == 0
	}
	o, isObject := v.(map[string]any)
	list, isList := v.([]any)
	n, isNumber := v.(float64)
	text, isText := v.(string)
	for word, rule := range s {
		switch word {
		case "$schema", "title", "description", "default", "examples", "patternProperties", "then":
		case "type":
			_, isBool := v.(bool)
			ok := map[string]bool{"object": isObject, "array": isList, "number": isNumber, "integer": isNumber && n == math.Trunc(n), "string": isText, "boolean": isBool}[rule.(string)]
			if !ok {
				say("%v is no %v", v, rule)
			}
		case "enum", "const":
			options, many := rule.([]any)
			if !many {
				options = []any{rule}
			}
			ok := false
			for _, o := range options {
				ok = ok || o == v
			}
			if !ok {
				say("%v is none of %v", v, options)
			}
		case "minimum":
			if isNumber && n < rule.(float64) {
				say("%v is under %v", v, rule)
			}
		case "maximum":
			if isNumber && n > rule.(float64) {
				say("%v is over %v", v, rule)
			}
		case "exclusiveMinimum":
			if isNumber && n <= rule.(float64) {
				say("%v is not over %v", v, rule)
			}
		case "minItems":
			if isList && float64(len(list)) < rule.(float64) {
				say("%d items", len(list))
			}
		case "maxItems":
			if isList && float64(len(list)) > rule.(float64) {
				say("%d items", len(list))
			}
		case "maxProperties":
			if isObject && float64(len(o)) > rule.(float64) {
				say("%d keys", len(o))
			}
		case "maxLength":
			if isText && float64(len([]rune(text))) > rule.(float64) {
				say("%d letters", len(text))
			}
		case "pattern":
			if isText && !regexp.MustCompile(rule.(string)).MatchString(text) {
				say("%q does not fit %v", text, rule)
			}
		case "items":
			for i, item := range list {
				validate(t, rule, item, fmt.Sprintf("%s[%d]", at, i), found)
			}
		case "required":
			for _, k := range rule.([]any) {
				if _, has := o[k.(string)]; isObject && !has {
					say("%v is missing", k)
				}
			}
		case "properties":
			for k, p := range rule.(map[string]any) {
				if x, has := o[k]; has {
					validate(t, p, x, at+"."+k, found)
				}
			}
		case "additionalProperties":
			known, _ := s["properties"].(map[string]any)
			own, _ := s["patternProperties"].(map[string]any)
			for k, x := range o {
				_, is := known[k]
				for pattern := range own {
					is = is || regexp.MustCompile(pattern).MatchString(k)
				}
				if !is {
					validate(t, rule, x, at+"."+k, found)
				}
			}
		case "allOf":
			for _, r := range rule.([]any) {
				validate(t, r, v, at, found)
			}
		case "anyOf":
			ok := false
			for _, r := range rule.([]any) {
				ok = ok || fits(r)
			}
			if !ok {
				say("%v has none of the forms", v)
			}
		case "if":
			if fits(rule) {
				validate(t, s["then"], v, at, found)
			}
		default:
			t.Fatalf("the schema has the word %q, which this test does not know", word)
		}
	}
}
