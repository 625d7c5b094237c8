package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestShaderCommands(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := file("good.kage", "package x\nfunc Light(p vec3) vec4 {\nreturn vec4( p,1 ) }\n")
	bad := file("bad.kage", "package x\n\nfunc Light(p vec3) vec4 {\n\treturn vec4(q, 1)\n}\n")
	sine := file("sine.kage", "package x\n\nfunc Light(p vec3) vec4 { return vec4(fract(sin(p.x*12.9898) * 43758.5453)) }\n")
	run := func(args ...string) (int, string) {
		var out, errs strings.Builder
		code := run(append([]string{"shader"}, args...), &out, &errs)
		return code, out.String() + errs.String()
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"check", "forest-canopy", good}, done, "a field of"},
		{[]string{"check", good, bad}, badInput, "bad.kage:4:14: q is not known here"},
		{[]string{"check", bad}, badInput, "\treturn vec4(q, 1)\n\t\t            ^"},
		{[]string{"check", sine}, done, "warning: a sine hash"},
		{[]string{"check", filepath.Join(dir, "none.kage")}, badInput, "none.kage"},
		{[]string{"bench", "forest-ground", "--points", "2000", "--for", "1ms"}, done, "A frame at 60 Hz holds"},
		{[]string{"bench", bad}, badInput, "does not compile"},
		{[]string{"bench", good, "--points", "0"}, badInput, "--points 0"},
		{[]string{"dump", "forest-stream", "--cpu", "go"}, done, "kernels go"},
		{[]string{"fmt", "--check", good}, failed, "good.kage"},
		{[]string{"fmt", good}, done, "good.kage"},
		{[]string{"fmt", "--check", good}, done, ""},
	} {
		code, out := run(c.args...)
		if code != c.code || !strings.Contains(out, c.want) {
			t.Errorf("shader %v: exit %d, want %d, and %q in\n%s", c.args, code, c.code, c.want, out)
		}
	}
	text, _ := os.ReadFile(good)
	if want := "package x\n\nfunc Light(p vec3) vec4 {\n\treturn vec4(p, 1)\n}\n"; string(text) != want {
		t.Errorf("formatted:\n%s", text)
	}
	if info, _ := os.Stat(good); info.Mode().Perm() != 0o640 {
		t.Errorf("formatting changed the mode to %v", info.Mode())
	}
}
