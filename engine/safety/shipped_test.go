package safety_test

import (
	"bytes"
	"testing"
	"time"

	"noctiluca/engine"
	"noctiluca/engine/safety"
	"noctiluca/installations"
	"noctiluca/shaders"
)

// TestShippedScenesAreLeftAlone: on every scene of every shipped artwork, with
// nobody there and with a crowd, the limiter changes no byte.
func TestShippedScenesAreLeftAlone(t *testing.T) {
	const seconds = 6
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
				c := engine.Config{Scene: scene, Crowd: crowd, Holders: 1, Workers: 2}
				with, err := engine.New(inst, c)
				if err != nil {
					t.Fatal(err)
				}
				without, err := engine.New(&free, c)
				if err != nil {
					t.Fatal(err)
				}
				most := 0
				for k := range int(seconds * inst.Rate) {
					at := time.Duration(float64(k+1) / inst.Rate * float64(time.Second))
					a, b := with.Step(at), without.Step(at)
					for o := range a.Outputs() {
						if !bytes.Equal(a.Output(o), b.Output(o)) {
							t.Fatalf("%s, scene %s, %d people, %v: the limiter changed output %d: %+v", name, scene, crowd, at, o, events(with))
						}
					}
					most = max(most, with.Stage().Status().Transitions, with.Stage().Status().Red)
					a.Release()
					b.Release()
				}
				if e := events(with); len(e) > 0 {
					t.Errorf("%s, scene %s, %d people: %+v", name, scene, crowd, e)
				}
				t.Logf("%s, scene %s, %d people: at most %d transitions a second in any 10°", name, scene, crowd, most)
				with.Close()
				without.Close()
			}
		}
	}
}

func events(e *engine.Engine) []safety.Event {
	list, _ := e.Stage().Events(0, nil)
	return list
}
