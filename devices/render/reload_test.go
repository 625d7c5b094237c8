package render

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/eventlog"
	"noctiluca/devices/reload"
	"noctiluca/engine"
	"noctiluca/installations"
)

const lamp = `noctiluca: 1
name: lamp
fixtures: [{name: row, kind: strip, strip: {points: [[0, 0, 0], [1, 0, 0]], pixels: 50}}]
scenes: [{name: s, layers: [{name: l, field: lamp.kage}]}]
`

const glow = "package f\n\nvar Time float\n\nfunc Light(p vec3) vec4 { return vec4(0.02*fract(Time*0.1+p.x), 0, 0, 1) }\n"

// TestAReplayTakesUpWhatWasSaved: fields that were saved while a run played,
// one of them with a mistake, are in its log by their file's name and what came
// of them; and a render gives each frame again to the byte, from another folder,
// in which the field is yet another by then.
func TestAReplayTakesUpWhatWasSaved(t *testing.T) {
	home, away := filepath.Join(t.TempDir(), "ada", "lamp"), filepath.Join(t.TempDir(), "venue")
	open := func(dir, field string) *installations.Installation {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"installation.yaml": lamp, "lamp.kage": field} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		inst, problems := installations.OpenNamed(dir, nil)
		if inst == nil {
			t.Fatal(problems)
		}
		return inst
	}
	inst := open(home, glow)
	name := filepath.Join(t.TempDir(), "log.jsonl")
	log, err := eventlog.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(inst, engine.Config{Record: log.Record, Saved: log.Saved})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	s := e.Show()
	if err := log.Begin(eventlog.Start{Installation: home, Rate: inst.Rate, Seed: inst.Seed, Channels: 8, Fields: reload.Sources(inst), Folder: filepath.Dir(inst.File)}, s.Defaults(), s.Registry); err != nil {
		t.Fatal(err)
	}
	file := inst.Scenes[0].Layers[0].FieldFile
	saved := map[int]string{
		20: strings.Replace(glow, "fract", "sin", 1),
		40: strings.Replace(glow, "vec4(0.02", "vec5(0.02", 1),
		// While frames were lost, and twice within one: the later one plays.
		59: strings.Replace(glow, "0, 0, 1", "0, 0.01, 1", 1),
		60: strings.Replace(glow, "0, 0, 1", "0.03, 0.01, 1", 1),
	}
	frame := func(n int) time.Duration { return time.Duration(float64(n) / inst.Rate * float64(time.Second)) }
	const frames = 100
	seen := map[int][]float32{}
	e.Step(0).Release()
	for n := 1; n <= frames; n++ {
		if text, ok := saved[n]; ok {
			if err := e.Reload(file, []byte(text)); (err != nil) != (n == 40) {
				t.Fatal(n, err)
			}
		}
		if n >= 57 && n < 63 {
			continue
		}
		f := e.Step(frame(n))
		r, g, b := f.RGB()
		seen[n] = append(append(append(seen[n], r...), g...), b...)
		f.Release()
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	log.Run(ctx, func(err error) { t.Fatal(err) })

	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"tick":20,"do":"reload","file":"lamp.kage","source":"package f`,
		`"tick":40,"do":"reload","file":"lamp.kage","refused":"lamp.kage:5:`, "vec5",
		`"tick":63,"do":"reload","file":"lamp.kage"`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the log has no %q:\n%s", want, text)
		}
	}
	// The first line says where the installation was, as it was named.
	if _, rest, _ := strings.Cut(string(text), "\n"); strings.Contains(rest, "ada") {
		t.Errorf("the log tells where the folder lay:\n%s", rest)
	}

	l, err := eventlog.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	other := open(away, "package f\n\nvar Glow float\n\nfunc Light(p vec3) vec4 { return vec4(Glow) }\n")
	replay := &Replay{}
	if replay.Reloads, err = l.Reloads(); err != nil || len(replay.Reloads) != 3 {
		t.Fatal(replay.Reloads, err)
	}
	if err := l.Place(other, replay.Reloads); err != nil {
		t.Fatal(err)
	}
	again, err := engine.New(other, engine.Config{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if replay.Events, replay.Skips, err = l.Events(again.Show().Registry); err != nil {
		t.Fatal(err)
	}
	r := &replaying{Replay: *replay, engine: again, half: time.Duration(float64(time.Second) / inst.Rate / 2)}
	defer r.forget()
	for n := range frames + 1 {
		f, err := r.step(frame(n))
		if err != nil {
			t.Fatal(err)
		}
		red, green, blue := f.RGB()
		for i, v := range seen[n] {
			k := len(red)
			if here := [][]float32{red, green, blue}[i/k][i%k]; here != v {
				t.Fatalf("frame %d: value %d was %v, and is %v", n, i, v, here)
			}
		}
		f.Release()
	}

	// An installation that plays no such field cannot repeat it, and says so.
	bare := open(filepath.Join(away, "bare"), glow)
	bare.Scenes[0].Layers[0].FieldFile = "other.kage"
	if err := l.Place(bare, []eventlog.Reload{{File: "lamp.kage", Text: glow}}); err == nil || !strings.Contains(err.Error(), "lamp.kage") {
		t.Errorf("a field that nothing plays: %v", err)
	}
}
