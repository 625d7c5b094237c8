package installations

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

// Whatever a file holds, Open returns: an installation that is whole, or
// errors, each with a place inside the file.
func FuzzOpen(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.yaml")
	for _, file := range files {
		if filepath.Base(file) == "toomany.yaml" {
			continue // a second each: it would slow the fuzzer down
		}
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	forest, _ := fs.ReadFile(Shipped(), "forest/"+FileName)
	f.Add(forest)
	for _, s := range []string{"? [1]\n: 2\n", "a: !!binary x", "&a *a", "{<<: *x}", "- - - -\n", "\xff\xfe", "a: 'é\n b", "fixtures: [{kind: tree, tree: {form: oak}}]", "%YAML 1.2\n---\nx: |+1\n  a\n", "a: >-\n\n\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		fsys := fstest.MapFS{"installation.yaml": {Data: data}}
		inst, problems := Open(fsys, "installation.yaml", fields)
		errors := 0
		for _, p := range problems {
			if !p.Warning {
				errors++
			}
			if p.Message == "" || p.Line < 0 || p.Line > 1<<17 || (p.Line == 0) != (p.Column == 0) {
				t.Errorf("a problem is %+v", p)
			}
		}
		if (inst == nil) != (errors > 0) {
			t.Fatalf("installation %v with %d errors", inst != nil, errors)
		}
		if inst != nil {
			whole(t, inst)
		}
	})
}
