package installations

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

var update = flag.Bool("update", false, "write testdata/*.want from what is read now; look at every change")

// fields stands for the shipped fields.
var fields = fstest.MapFS{"glow.kage": {Data: []byte("package main\n")}}

// golden reads testdata/NAME.yaml and tells what came of it.
func golden(t testing.TB, name string) string {
	inst, problems := Open(os.DirFS("testdata"), name+".yaml", fields)
	var b strings.Builder
	errors := false
	for _, p := range problems {
		errors = errors || !p.Warning
		if p.File != name+".yaml" {
			t.Errorf("%s: a problem of the file %q", name, p.File)
		}
		fmt.Fprintln(&b, strings.TrimPrefix(p.String(), name+".yaml:"))
	}
	if errors != (inst == nil) {
		t.Errorf("%s: errors %v, but installation %v", name, errors, inst != nil)
	}
	if inst == nil {
		return b.String()
	}
	fmt.Fprintf(&b, "%s %q: %d pixels, %g frames a second, seed %d\n", inst.Name, inst.Title, inst.Pixels.Count(), inst.Rate, inst.Seed)
	for _, f := range inst.Fixtures {
		last := f.First + f.Count - 1
		p := &inst.Pixels
		fmt.Fprintf(&b, "fixture %s %s: %d+%d, %s %s, supply %d, from %.2f %.2f %.2f along %.2f to %.2f %.2f %.2f along %.2f\n", f.Name, f.Kind, f.First, f.Count,
			f.LED.Type, f.Order, f.Supply, p.X[f.First], p.Y[f.First], p.Z[f.First], p.Along[f.First], p.X[last], p.Y[last], p.Z[last], p.Along[last])
	}
	for _, g := range inst.Groups {
		fmt.Fprintf(&b, "group %s %v", g.Name, g.Fixtures)
		for _, p := range g.Parts {
			fmt.Fprintf(&b, ", %d+%d", p.First, p.Count)
		}
		b.WriteString("\n")
	}
	for _, o := range inst.Outputs {
		fmt.Fprintf(&b, "output %s %s host=%q multicast=%v priority=%d sync=%v gamma=%g: %d bytes\n", o.Name, o.Protocol, o.Host, o.Multicast, o.Priority, o.Sync, o.Gamma, o.Bytes)
		for _, u := range o.Universes {
			fmt.Fprintf(&b, "  universe %d at %d, %d channels\n", u.Number, u.Offset, u.Length)
		}
		for _, r := range o.Runs {
			fmt.Fprintf(&b, "  run %d step %d count %d at %d %s\n", r.First, r.Step, r.Count, r.Offset, r.Order)
		}
	}
	for _, s := range inst.Scenes {
		for _, l := range s.Layers {
			fmt.Fprintf(&b, "scene %s layer %s: group %d, %s (%d bytes), life %q, %s %g\n", s.Name, l.Name, l.Group, l.FieldFile, len(l.FieldText), l.Life, l.Blend, l.Level)
			for _, p := range l.Parameters {
				fmt.Fprintf(&b, "  %s %g…%g, %g, integrate %v, line %d %v\n", p.Name, p.Min, p.Max, p.Default, p.Integrate, p.Line, p.Modulations)
			}
		}
	}
	return b.String()
}

// TestNoInstallationThere: what stands there instead is named.
func TestNoInstallationThere(t *testing.T) {
	folder := t.TempDir()
	is := func(path, want string) {
		t.Helper()
		inst, problems := OpenNamed(path, fields)
		if inst != nil || !strings.Contains(problems.Error(), want) {
			t.Errorf("%s: %v, expected %q", path, problems, want)
		}
	}
	is(folder, FileName+": error: the folder has no file of this name")
	if err := os.WriteFile(filepath.Join(folder, "pond.yml"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	is(folder, "but pond.yml: give that one's path, or call it installation.yaml")
	is(filepath.Join(folder, "forrest"), "there is no such file or folder")
	is("forrest", "did you mean forest?")
}

func TestGolden(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.yaml")
	if len(files) < 20 {
		t.Fatalf("%d files in testdata", len(files))
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		got := golden(t, name)
		want, err := os.ReadFile("testdata/" + name + ".want")
		if *update {
			if err := os.WriteFile("testdata/"+name+".want", []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err != nil || got != string(want) {
			t.Errorf("%s gives\n%s\nexpected\n%s(go test -update writes what is read now)", file, got, want)
		}
	}
}
