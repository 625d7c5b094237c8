package safety_test

import (
	"bytes"
	"testing"
	"time"

	"noctiluca/engine"
	"noctiluca/engine/crew"
	"noctiluca/engine/safety"
	"noctiluca/installations"
	"noctiluca/shaders"
)

// TestShippedScenesAreLeftAlone: on every scene of every shipped artwork, with
// nobody there and with a crowd, the limiter changes no byte.
func TestShippedScenesAreLeftAlone(t *testing.T) {
	const seconds = 4
	workers := crew.New(2)
	defer workers.Close()
	for _, name := range installations.ShippedNames() {
		inst, problems := installations.OpenNamed(name, shaders.FS)
		if inst == nil {
			t.Fatal(problems)
		}
		free := *inst
		free.Safety.Off = []installations.Disabled{{Limit: "flash", Reason: "to compare"}, {Limit: "glare", Reason: "to compare"}}
		for i := range inst.Scenes {
			scene := inst.Scenes[i].Name
			for _, crowd := range []int{0, 9} {
				// One engine makes the light without limits, and a stage that
				// has them is shown it.
				without, err := engine.New(&free, engine.Config{Scene: scene, Crowd: crowd, Holders: 1, Workers: 2})
				if err != nil {
					t.Fatal(err)
				}
				with, err := safety.NewStage(inst, 1, workers)
				if err != nil {
					t.Fatal(err)
				}
				most := 0
				for k := range int(seconds * inst.Rate) {
					at := time.Duration(float64(k+1) / inst.Rate * float64(time.Second))
					b := without.Step(at)
					r, g, bl := b.RGB()
					a := with.Make(b.Number(), at, r, g, bl, false)
					for o := range a.Outputs() {
						if !bytes.Equal(a.Output(o), b.Output(o)) {
							t.Fatalf("%s, scene %s, %d people, %v: the limiter changed output %d: %+v", name, scene, crowd, at, o, events(with))
						}
					}
					most = max(most, with.Status().Transitions, with.Status().Red)
					a.Release()
					b.Release()
				}
				if e := events(with); len(e) > 0 {
					t.Errorf("%s, scene %s, %d people: %+v", name, scene, crowd, e)
				}
				t.Logf("%s, scene %s, %d people: at most %d transitions a second in any 10°", name, scene, crowd, most)
				without.Close()
			}
		}
	}
}

func events(s *safety.Stage) []safety.Event {
	list, _ := s.Events(0, nil)
	return list
}
