package safety

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"noctiluca/engine/light"
	"noctiluca/installations"
)

// TestHarmlessLightIsLeftAlone: breathing, waves and fireflies at nature's own
// rates, on two walls of lights 33 mm apart, 2 m away. The mean change is under 0.1 %;
// it is nought. With bytes alone, the bytes are those of the light that was given.
func TestHarmlessLightIsLeftAlone(t *testing.T) {
	led := installations.LED{Type: "test", Volts: 5, Idle: 1, Full: [5]float64{20, 20, 20}, Candela: [5]float64{0.42, 0.72, 0.20}}
	inst := wall(24*36, []installations.LED{led, led}, []int{-1, -1})
	inst.Rate = 60
	for i := range inst.Pixels.X {
		k := i % (24 * 36)
		inst.Pixels.X[i] = float32(k%24)*0.033 + float32(i/(24*36))*0.9 - 0.85
		inst.Pixels.Y[i] = float32(k/24)*0.033 + 1
	}
	inst.Safety.Places = []installations.Viewer{{Name: "front", At: [3]float32{0, 1.6, 2}, Near: 0.5}, {Name: "side", At: [3]float32{-3, 1.6, 1.5}, Near: 0.5}}
	n := inst.Pixels.Count()
	rng := rand.New(rand.NewPCG(1, 2))
	phase, period := make([]float64, n), make([]float64, n)
	for i := range n {
		// Photinus pyralis flashes for half a second every 5 to 8 s.
		phase[i], period[i] = rng.Float64()*8, 5+3*rng.Float64()
	}
	for _, c := range []struct {
		name  string
		light func(t float64, i int) float32
	}{
		{"breathing, 15 a minute", func(t float64, _ int) float32 { return float32(0.5 - 0.5*math.Cos(2*math.Pi*t*0.25)) }},
		{"waves, 0.3 m/s", func(t float64, i int) float32 {
			return float32(0.5 + 0.4*math.Sin(2*math.Pi*(float64(inst.Pixels.X[i])-0.3*t)))
		}},
		{"fireflies", func(t float64, i int) float32 {
			at := math.Mod(t+phase[i], period[i])
			if at > 0.5 {
				return 0
			}
			return float32(math.Sin(math.Pi * at / 0.5))
		}},
	} {
		s := stage(t, inst, 1)
		told := *inst
		told.Outputs = []installations.Output{inst.Outputs[0]}
		told.Outputs[0].Dither = false
		encoder, err := light.NewEncoder(&told.Outputs[0], nil)
		if err != nil {
			t.Fatal(err)
		}
		byBytes, want := stage(t, &told, 1), make([]byte, told.Outputs[0].Bytes)
		r, g, b := fill(n, 0), fill(n, 0), fill(n, 0)
		sum, change := 0.0, 0.0
		for k := range 60 * 30 {
			at := time.Duration(float64(k) / 60 * float64(time.Second))
			for i := range n {
				v := c.light(at.Seconds(), i)
				r[i], g[i], b[i] = float32(v*0.3), v, float32(v*0.6)
			}
			f := s.Make(uint64(k), at, r, g, b, false)
			x, y, z := f.RGB()
			for i := range n {
				sum += float64(r[i]) + float64(g[i]) + float64(b[i])
				change += math.Abs(float64(x[i]-r[i])) + math.Abs(float64(y[i]-g[i])) + math.Abs(float64(z[i]-b[i]))
			}
			f.Release()
			f = byBytes.Make(uint64(k), at, r, g, b, false)
			if encoder.Encode(want, r, g, b, uint64(k)); !bytes.Equal(f.Output(0), want) {
				t.Fatalf("%s, %v: the limiter changed bytes: %+v", c.name, at, f)
			}
			f.Release()
		}
		t.Logf("%s: mean change %.4f %%", c.name, 100*change/sum)
		if change/sum >= 0.001 {
			t.Errorf("%s: mean change %.3f %%", c.name, 100*change/sum)
		}
	}
}

// TestFramesAllocateNothing, also while everything acts.
func TestFramesAllocateNothing(t *testing.T) {
	inst := gallery(60, false)
	s := stage(t, inst, 2)
	n := inst.Pixels.Count()
	light := [2][]float32{fill(n, 0), fill(n, 1)}
	k := 0
	step := func() {
		v := light[k/3%2]
		s.Make(uint64(k), time.Duration(k)*time.Second/60, v, v, v, false).Release()
		k++
	}
	for range 120 {
		step()
	}
	if a := testing.AllocsPerRun(300, step); a != 0 {
		t.Errorf("a frame allocates %v times", a)
	}
	if events, _ := s.Events(0, nil); len(events) == 0 {
		t.Error("no limit acted")
	}
}
