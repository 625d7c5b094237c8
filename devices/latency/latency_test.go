package latency

import (
	"path/filepath"
	"testing"
	"time"

	"noctiluca/devices/midi/virtual"
	"noctiluca/installations"
	"noctiluca/shaders"
)

// TestMeasures runs it shortly: every message is answered, in some frames.
// How many is for `noctiluca bench latency` on a machine at rest.
func TestMeasures(t *testing.T) {
	hands, err := virtual.Pipe(filepath.Join(t.TempDir(), "port"))
	if err != nil {
		t.Skip(err)
	}
	hands.Close()
	inst, problems := installations.OpenNamed("forest", shaders.FS)
	if inst == nil {
		t.Fatal(problems)
	}
	r, err := Measure(t.Context(), Config{Installation: inst, Presses: 12, Workers: 2, Crowd: 3})
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + r.String())
	if len(r.Took) != 12 || r.At(0) <= 0 || r.At(1) > 10*time.Second || r.Frame != time.Second/60 {
		t.Errorf("%+v", r)
	}
}

func TestQuantiles(t *testing.T) {
	r := Report{Frame: 10}
	for i := range 100 {
		r.Took = append(r.Took, time.Duration(i+1))
	}
	if r.At(0) != 1 || r.At(0.5) != 51 || r.At(0.99) != 100 || r.At(1) != 100 || r.Frames(25) != 2.5 {
		t.Errorf("%v %v %v %v", r.At(0), r.At(0.5), r.At(0.99), r.At(1))
	}
}
