package reload

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"noctiluca/engine"
	"noctiluca/installations"
)

const field = "package f\n\nfunc Light(p vec3) vec4 { return vec4(0.002) }\n"

const yaml = `noctiluca: 1
name: lamp
fixtures: [{name: row, kind: strip, strip: {points: [[0, 0, 0], [1, 0, 0]], pixels: 600}}]
scenes: [{name: s, layers: [{name: l, field: lamp.kage}]}]
`

// long is a field of 200 lines of noise and sines, too faint to change much of
// the light that it answers.
func long(light string) string {
	s := "package f\n\nfunc Light(p vec3) vec4 {\n\tv := 0.0\n"
	for n := 5; n < 199; n++ {
		s += fmt.Sprintf("\tv += sin(p.x*%d.5+v) * fract(p.y*%d.25+v) * 0.0000001\n", n, n)
	}
	return s + "\treturn vec4(" + light + " + v)\n}\n"
}

// lamp is an installation in a folder of its own.
func lamp(t *testing.T) (*installations.Installation, string) {
	dir := t.TempDir()
	for name, text := range map[string]string{"installation.yaml": yaml, "lamp.kage": field} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	inst, problems := installations.OpenNamed(dir, nil)
	if inst == nil {
		t.Fatal(problems)
	}
	return inst, filepath.Join(dir, "lamp.kage")
}

// until waits for what another goroutine does; it fails after seconds.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 12000 {
		if done() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("waited in vain for %s", what)
}

// TestSaving: a field that is saved is played, however it is saved; a broken
// one leaves the last good one playing, and its mistakes are told until it is
// mended.
func TestSaving(t *testing.T) {
	inst, path := lamp(t)
	e, err := engine.New(inst, engine.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	w, err := New(Config{Installation: inst, Apply: e.Reload, Log: func(s string) { t.Log(s) }})
	if err != nil || w == nil {
		t.Fatal(w, err)
	}
	if f := w.Files(); len(f) != 1 || !strings.HasSuffix(f[0], "lamp.kage") {
		t.Fatalf("watches %v", f)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()

	n := 0
	red := func() float32 {
		n++
		f := e.Step(time.Duration(n) * time.Second / 60)
		defer f.Release()
		r, _, _ := f.RGB()
		return r[7]
	}
	// Light this faint meets no limit of the safety stage at once.
	shines := func(want float32) func() bool {
		return func() bool { v := red(); return v > 0.9*want && v < 1.1*want }
	}
	until(t, "the field as it was", shines(0.002))
	save := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	save(strings.Replace(field, "0.002", "0.004", 1))
	until(t, "the new light", shines(0.004))
	t.Logf("3 lines played %v after they were saved, looked at every 5 ms", time.Since(began).Round(time.Millisecond))
	began = time.Now()
	save(long("0.006"))
	until(t, "the long field's light", shines(0.006))
	t.Logf("200 lines played %v after they were saved", time.Since(began).Round(time.Millisecond))
	save(strings.Replace(field, "0.002", "0.004", 1))
	until(t, "the light before it", shines(0.004))

	save("package f\n\nfunc Light(p vec3) vec4 { return vec4(q) }\n")
	// A file that is written over is empty for a moment, which is a mistake too.
	until(t, "the mistake", func() bool {
		p := w.Problems()
		return len(p) == 1 && strings.Contains(p[0], "lamp.kage:3:")
	})
	if !shines(0.004)() {
		t.Error("a broken field changed the light")
	}

	// As many editors do it: another file, renamed.
	other := path + "~"
	if err := os.WriteFile(other, []byte(strings.Replace(field, "0.002", "0.008", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(other, path); err != nil {
		t.Fatal(err)
	}
	until(t, "the renamed file's light", shines(0.008))
	until(t, "no more mistakes", func() bool { return len(w.Problems()) == 0 })
	if w.Taken() != 4 {
		t.Errorf("%d texts were taken, of four", w.Taken())
	}

	// In pieces, and gone for a moment.
	os.Remove(path)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(field[:20])
	f.WriteString(field[20:])
	f.Close()
	until(t, "the first light again", shines(0.002))
}

// TestNothingToWatch: a shipped field is no file.
func TestNothingToWatch(t *testing.T) {
	inst, _ := lamp(t)
	inst.Scenes[0].Layers[0].FieldFile = "shaders/none.kage"
	if w, err := New(Config{Installation: inst}); w != nil || err != nil {
		t.Error(w, err)
	}
}
