package main

import (
	"testing"
	"time"

	"noctiluca/engine"
	"noctiluca/installations"
	"noctiluca/shaders"
)

// TestEveryShippedScene plays: nothing is to be warned of in its file, it is
// never black and never bright with people there, and a frame allocates
// nothing.
func TestEveryShippedScene(t *testing.T) {
	scenes, fields := 0, map[string]bool{}
	for _, name := range installations.ShippedNames() {
		inst, problems := installations.OpenNamed(name, shaders.FS)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		for _, s := range inst.Scenes {
			scenes++
			for _, l := range s.Layers {
				fields[l.FieldFile] = true
			}
			e, err := engine.New(inst, engine.Config{Workers: 2, Scene: s.Name, Crowd: 4, Holders: 2})
			if err != nil {
				t.Fatal(name, s.Name, err)
			}
			sum, n := 0.0, 0
			for range 180 {
				n++
				f := e.Step(time.Duration(n) * time.Second / 60)
				if n > 90 {
					sum += meanLight(f.RGB()) / 90
				}
				f.Release()
			}
			t.Logf("%-8s %-10s mean light %.2f %%", name, s.Name, 100*sum)
			if sum < 0.0005 || sum > 0.15 {
				t.Errorf("%s %s: mean light %.2f %%", name, s.Name, 100*sum)
			}
			if allocs := testing.AllocsPerRun(30, func() { n++; e.Step(time.Duration(n) * time.Second / 60).Release() }); allocs != 0 {
				t.Errorf("%s %s: a frame allocates %v times", name, s.Name, allocs)
			}
			e.Close()
		}
	}
	t.Logf("%d scenes, %d fields", scenes, len(fields))
	if scenes < 10 || len(fields) < 12 {
		t.Errorf("%d scenes of %d fields", scenes, len(fields))
	}
}
