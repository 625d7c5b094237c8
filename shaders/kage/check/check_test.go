package check_test

import (
	"os"
	"strings"
	"testing"

	"noctiluca/shaders/kage/check"
	"noctiluca/shaders/kage/kagetest"
)

// TestRules: every case of testdata/rules.txt is taken or refused as it says,
// and a refusal names a place in the file and shows its line.
func TestRules(t *testing.T) {
	text, err := os.ReadFile("testdata/rules.txt")
	if err != nil {
		t.Fatal(err)
	}
	rules := kagetest.Rules(string(text))
	if len(rules) < 100 {
		t.Fatalf("only %d cases", len(rules))
	}
	for _, r := range rules {
		_, err := check.Check("rule.kage", []byte(r.Text))
		errs, _ := err.(check.Errors)
		switch {
		case r.Want == "ok" && err != nil:
			t.Errorf("%s: refused: %v\n%s", r.Name, err, r.Text)
		case r.Want != "ok" && err == nil:
			t.Errorf("%s: taken; wanted %q\n%s", r.Name, r.Want, r.Text)
		case r.Want != "ok":
			if !strings.Contains(errs[0].Error(), r.Want) {
				t.Errorf("%s: %v; wanted %q first\n%s", r.Name, err, r.Want, r.Text)
			}
			for _, e := range errs {
				lines := strings.Split(r.Text, "\n")
				if e.Line < 1 || e.Line > len(lines) || e.Column < 1 || e.Source != lines[e.Line-1] {
					t.Errorf("%s: line %d, column %d, source %q: not of the file", r.Name, e.Line, e.Column, e.Source)
				}
			}
		}
	}
}

// TestResults: what lowering reads is there: types of expressions, constants
// in the type of their use, callees before callers, loops counted.
func TestResults(t *testing.T) {
	f, err := check.Check("f.kage", []byte(`package f

var Gain float
var Places [3]vec4

func outer(x float) float { return inner(x) * 2 }

func inner(x float) float {
	for i := 0.0; i < 1; i += 0.1 {
		x += i
	}
	return x
}

func Light(p vec3) vec4 {
	for i, v := range Places {
		p += v.xyz * float(i)
	}
	return vec4(p*outer(Gain), 1)
}
`))
	if err != nil {
		t.Fatal(err)
	}
	order := ""
	for _, fn := range f.Funcs {
		order += fn.String() + "; "
	}
	if want := "inner(x float) float; outer(x float) float; Light(p vec3) vec4; "; order != want {
		t.Errorf("functions in the order %s, want %s", order, want)
	}
	if len(f.Uniforms) != 2 || f.Uniforms[1].Type.String() != "[3]vec4" || f.Uniforms[1].Type.Words() != 12 {
		t.Errorf("uniforms %v", f.Uniforms)
	}
	counts := map[int]bool{}
	for _, l := range f.Loops {
		counts[l.Count] = true
	}
	if !counts[3] || !counts[10] { // ten times 0.1 is a little more than 1 in 32 bits
		t.Errorf("loops run %v times, want 3 and 10", counts)
	}
	for e, tv := range f.Types {
		if tv.Type.Kind == check.Invalid {
			t.Errorf("%T at %v has no type", e, f.Fset.Position(e.Pos()))
		}
	}
}

func TestWarnings(t *testing.T) {
	text := `package f

func Light(p vec3) vec4 {
	a := fract(sin(dot(p.xy, vec2(12.9898, 78.233))) * 43758.5453)
	b := fract(43758.5453 * cos(p.x))
	c := fract(sin(p.x) * 2)
	return vec4(a, b, c, 1)
}
`
	f, err := check.Check("f.kage", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	w := f.Warnings()
	if len(w) != 2 || w[0].Line != 4 || w[1].Line != 5 {
		t.Errorf("warnings %v, want two, of lines 4 and 5", w)
	}
}
