package watch

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"noctiluca/devices/output"
	"noctiluca/devices/screen"
	"noctiluca/engine"
	"noctiluca/engine/safety"
	"noctiluca/installations"
	"noctiluca/shaders"
)

const text = "package main\n\nfunc Light(p vec3) vec4 {\n\treturn vec4(0.1, 0.2, 0.3, 1)\n}\n"

// TestFields: a file of one's own is checked, saved whole and read again; a
// shipped field says why it cannot be saved.
func TestFields(t *testing.T) {
	file := filepath.Join(t.TempDir(), "own.kage")
	if err := os.WriteFile(file, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
	layers := []engine.Layer{{File: file, Kage: text}, {File: "forest-canopy.kage", Kage: text}}
	f := Fields(layers)
	if f[0].Save == nil || f[1].Save != nil || f[1].Why == "" {
		t.Fatalf("own: can be saved %v; shipped: %v, %q", f[0].Save != nil, f[1].Save != nil, f[1].Why)
	}
	if m := f[0].Check(text); len(m) != 0 {
		t.Errorf("a good field: %v", m)
	}
	if m := f[0].Check("package main\n\nfunc Light(p vec3) vec4 {\n\treturn vec4(q)\n}\n"); len(m) == 0 || m[0].Line != 4 || m[0].Column != 14 {
		t.Errorf("q in line 4, column 14 is not known: %v", m)
	}
	if err := f[0].Save("other"); err != nil {
		t.Fatal(err)
	}
	if now, err := Reread(layers)(0); now != "other" || err != nil {
		t.Errorf("the file holds %q, %v", now, err)
	}
	if info, _ := os.Stat(file); info.Mode().Perm() != 0o640 {
		t.Errorf("its mode became %v", info.Mode())
	}
}

// TestStillIsTheRun: an instant and the ones after it are those of a run that
// was looked at all the time.
func TestStillIsTheRun(t *testing.T) {
	open := func() (*installations.Installation, *engine.Engine) {
		inst, problems := installations.OpenNamed("forest", shaders.FS)
		if inst == nil {
			t.Fatal(problems)
		}
		e, err := engine.New(inst, engine.Config{Crowd: 3, Holders: 3})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(e.Close)
		return inst, e
	}
	inst, e := open()
	s := NewStill(inst, e, time.Second)
	defer s.Close()
	s.Go(1500 * time.Millisecond)
	_, run := open()
	f := run.Step(0)
	for n := 1; n <= 90; n++ {
		f.Release()
		f = run.Step(time.Duration(n) * time.Second / 60)
	}
	defer f.Release()
	g := s.Frame()
	defer g.Release()
	for i := range f.Outputs() {
		if string(f.Output(i)) != string(g.Output(i)) {
			t.Errorf("output %d differs", i)
		}
	}
	var st screen.Status
	s.Status(&st)
	if len(st.Cells) != len(inst.Cells) || st.Scene == "" || st.Watts <= 0 {
		t.Errorf("status: %d cells, scene %q, %v W", len(st.Cells), st.Scene, st.Watts)
	}
	if len(s.Words(0)) == 0 || s.Words(99) != nil {
		t.Error("words of layer 0, and none of layer 99")
	}
}

// deaf takes every frame, and its device says what is given.
type deaf struct{ device output.Device }

func (d *deaf) Send(*safety.Frame) (packets, bytes int, err error) { return 1, 1, nil }
func (d *deaf) Close() error                                       { return nil }
func (d *deaf) Device() output.Device                              { return d.device }

// TestOutputsTellOfDevices: what a device says is shown when it is wrong.
func TestOutputsTellOfDevices(t *testing.T) {
	for _, wrong := range []bool{false, true} {
		o := output.Start("oak", &deaf{output.Device{State: "Oak, plays its own", Wrong: wrong}}, output.Options{})
		l := &Live{outputs: []*output.Runner{o}, were: make([]output.Stats, 1), lines: make([]screen.Output, 1)}
		l.count(time.Now())
		want := screen.Output{Name: "oak", Line: "waits"}
		if wrong {
			want = screen.Output{Name: "oak", Line: "Oak, plays its own", Bad: true}
		}
		if l.lines[0] != want {
			t.Errorf("wrong %v: %+v, want %+v", wrong, l.lines[0], want)
		}
		if err := o.Stop(time.Second); err != nil {
			t.Error(err)
		}
	}
}

// TestAtHome: that nobody listens on this machine is told and is no fault;
// that nobody listens elsewhere is one.
func TestAtHome(t *testing.T) {
	for why, want := range map[string]bool{
		"nobody listens at 127.0.0.1:6454":     true,
		"nobody listens at [::1]:6454":         true,
		"nobody listens at 10.0.0.7:6454":      false,
		"10.0.0.9:6454 cannot be reached: x":   false,
		"nobody listens at wled-oak.local:123": false,
		"":                                     false,
	} {
		if got := atHome(why); got != want {
			t.Errorf("%q: %v", why, got)
		}
	}
}
