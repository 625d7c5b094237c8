package engine

import (
	"errors"
	"strings"
	"testing"

	"noctiluca/installations"
)

// brightness is the mean red of frame n.
func brightness(e *Engine, n int) float64 {
	f := e.Step(frameTime(n))
	defer f.Release()
	r, _, _ := f.RGB()
	sum := 0.0
	for _, v := range r {
		sum += float64(v)
	}
	return sum / float64(len(r))
}

// TestReload: the frame after a save plays what was saved, with uniforms of
// another order; a broken or unfitting field changes nothing.
func TestReload(t *testing.T) {
	const before = "package f\n\nvar Glow float\nvar Turn float\n\nfunc Light(p vec3) vec4 { return vec4(Glow+0*Turn, 0, 0, 1) }\n"
	const after = "package f\n\nvar Turn float\nvar Seed int\nvar Time float\nvar Glow float\n\nfunc Light(p vec3, life vec4, pixel vec3) vec4 {\n\treturn vec4(Glow*0.25+0*(Turn+Time+life.x), 0, 0, 1)\n}\n"
	e := play(t, small(before), Config{Workers: 3})
	first := brightness(e, 1)
	if err := e.Reload("test.kage", []byte(after)); err != nil {
		t.Fatal(err)
	}
	second := brightness(e, 2)
	if second > 0.3*first || second < 0.2*first {
		t.Errorf("red was %.4f and is %.4f: the field saved has a quarter of it", first, second)
	}
	if ls := e.Layers(); ls[0].Kage != after || len(ls[0].Uniforms) != 4 {
		t.Errorf("the layer tells of another field: %v", ls[0].Uniforms)
	}
	var problems installations.Problems
	err := e.Reload("test.kage", []byte(strings.Replace(after, "life.x", "lif.x", 1)))
	if !errors.As(err, &problems) || problems[0].Line != 9 || !strings.Contains(err.Error(), "did you mean life?") {
		t.Errorf("a broken field: %v", err)
	}
	if err := e.Reload("test.kage", []byte("package f\n\nfunc Light(p vec3) vec4 { return vec4(1) }\n")); err == nil {
		t.Error("a field without the uniforms that parameters set is taken")
	}
	if err := e.Reload("test.kage", []byte("//kage:unit pixels\npackage f\n\nvar Glow float\nvar Turn float\n\nfunc Fragment(p vec4) vec4 { return p*Glow*Turn }\n")); err == nil {
		t.Error("a picture takes a field's place")
	}
	if err := e.Reload("other.kage", []byte(after)); err == nil {
		t.Error("a file that no layer plays is taken")
	}
	if third := brightness(e, 3); third != second {
		t.Errorf("what was refused changed the light from %v to %v", second, third)
	}
	// Two saves within one frame: the last counts.
	for _, text := range []string{after, before} {
		if err := e.Reload("test.kage", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if again := brightness(e, 4); again < 0.9*first {
		t.Errorf("red is %.4f after going back, and was %.4f at first", again, first)
	}
}

// TestAFieldMayLoseAndGainNumbers: one that the installation does not speak
// of may leave the field while it plays; one that came in is told of.
func TestAFieldMayLoseAndGainNumbers(t *testing.T) {
	const before = "package f\n\nvar Glow float\nvar Turn float\nvar Loose float\n\nfunc Light(p vec3) vec4 { return vec4(Glow+0*Turn, Loose, 0, 1) }\n"
	e := play(t, small(before), Config{Workers: 1})
	if _, err := e.Show().Find("/scene/test/l/Loose"); err != nil {
		t.Error(err)
	}
	if ws := Unnamed(small(before)); len(ws) != 3 || !ws[0].Warning || !strings.Contains(ws[0].Message, "Loose") {
		t.Errorf("warnings: %v", ws)
	}
	first := brightness(e, 1)
	after := strings.ReplaceAll(before, "Loose", "Fresh")
	if err := e.Reload("test.kage", []byte(after)); err != nil {
		t.Fatal(err)
	}
	if names := e.Unturned("test.kage"); len(names) != 1 || names[0] != "Fresh" {
		t.Errorf("nobody can turn %v, expected Fresh", names)
	}
	if second := brightness(e, 2); second != first {
		t.Errorf("red was %v and is %v", first, second)
	}
	if err := e.Reload("test.kage", []byte(before)); err != nil || len(e.Unturned("test.kage")) != 0 {
		t.Errorf("back again: %v, %v", err, e.Unturned("test.kage"))
	}
}
