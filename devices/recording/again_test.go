package recording

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"noctiluca/devices/fseq"
	"noctiluca/installations"
)

const gallery = `noctiluca: 1
name: gallery
rate: 40
leds: [{name: bright, full: [20, 20, 20], candela: [1.2, 3.4, 0.5]}]
supplies: [{name: box, watts: 60}]
fixtures:
  - {name: wall, kind: grid, led: bright, supply: box, at: [0, 1.5, 0], grid: {columns: 12, rows: 8, pitch: 0.1}}
outputs:
  - {name: one, protocol: artnet, host: 127.0.0.1, universe: 0, dither: false, fixtures: [wall]}
scenes: [{name: s, layers: [{name: l, field: f.kage}]}]
`

// A recording has been through the limits once. What they made passes them
// again as it is: light within the limits, and light that they had to soften.
//
// One kind does not wholly: noise of every light by itself, at full strength,
// of which a second pass changes one byte in 26. The limiter decides light by
// light, by what the others of the same view have just done, and decides some
// otherwise when it sees light that is softened already. What leaves it is
// within the limits all the same.
func TestASecondPassChangesNothing(t *testing.T) {
	fsys := fstest.MapFS{"i.yaml": {Data: []byte(gallery)}, "f.kage": {Data: []byte("package main")}}
	inst, problems := installations.Open(fsys, "i.yaml", nil)
	if inst == nil {
		t.Fatal(problems)
	}
	n := inst.Pixels.Count()
	rng := rand.New(rand.NewPCG(4, 4))
	wave := func(v float64) float32 { return float32(0.5 + 0.5*math.Sin(v)) }
	const frames = 600
	for _, c := range []struct {
		name    string
		light   func(frame, pixel int) (r, g, b float32)
		limited bool
		most    float64 // of all bytes may change
	}{
		{"slow", func(f, p int) (r, g, b float32) { v := wave(float64(f)/60 + float64(p)/9); return v, v / 2, v / 4 }, false, 0},
		{"twinkle", func(f, p int) (r, g, b float32) {
			if rng.IntN(300) == 0 {
				return 1, 1, 1
			}
			return 0.02, 0.02, 0.02
		}, false, 0},
		{"strobe", func(f, p int) (r, g, b float32) { v := float32(f / 2 % 2); return v, v, v }, true, 0},
		{"square wave of 4 Hz", func(f, p int) (r, g, b float32) { v := float32(f / 5 % 2); return v, v, v }, true, 0},
		{"halves in antiphase", func(f, p int) (r, g, b float32) { v := float32((f/4 + p/48) % 2); return v, v, v }, true, 0},
		{"red in turn with blue", func(f, p int) (r, g, b float32) { v := float32(f / 3 % 2); return v, 0, 1 - v }, true, 0},
		{"red breath, too fast", func(f, p int) (r, g, b float32) { return wave(float64(f)), 0, 0 }, true, 0},
		{"chase", func(f, p int) (r, g, b float32) {
			if p%12 == f%12 {
				return 1, 1, 1
			}
			return 0, 0, 0
		}, true, 0},
		{"noise", func(f, p int) (r, g, b float32) { v := rng.Float32(); return v, v, v }, true, 0.06},
	} {
		l := layout(t, inst, LayoutOptions{})
		file := filepath.Join(t.TempDir(), "show.fseq")
		rec, err := NewRecorder(file, false, l, RecordOptions{Step: 25, Compression: fseq.Zstd})
		if err != nil {
			t.Fatal(err)
		}
		s := stage(t, inst)
		var want [][]byte
		limited := false
		r, g, b := make([]float32, n), make([]float32, n), make([]float32, n)
		for k := range frames {
			for i := range n {
				r[i], g[i], b[i] = c.light(k, i)
			}
			f := s.Make(uint64(k), time.Duration(k)*25*time.Millisecond, r, g, b, false)
			limited = limited || s.Status().Softened > 0
			if _, _, err := rec.Send(f); err != nil {
				t.Fatal(err)
			}
			want = append(want, sent(f))
			f.Release()
		}
		if err := rec.Close(); err != nil {
			t.Fatal(err)
		}
		if limited != c.limited {
			t.Errorf("%s: softened %v, expected %v", c.name, limited, c.limited)
		}
		p, err := NewSource(Config{Installation: inst, Stage: stage(t, inst), Layout: l, Items: open(t, file), Wait: true})
		if err != nil {
			t.Fatal(err)
		}
		changed, total := 0, 0
		for k := range frames {
			f := p.Step(time.Duration(k) * 25 * time.Millisecond)
			for i, v := range sent(f) {
				total++
				if v != want[k][i] {
					changed++
				}
			}
			f.Release()
		}
		p.Close()
		t.Logf("%s: %d of %d bytes are others in the second pass", c.name, changed, total)
		if float64(changed) > c.most*float64(total) {
			t.Errorf("%s: %d of %d bytes are others in the second pass, expected at most %.0f %%", c.name, changed, total, 100*c.most)
		}
	}
}
