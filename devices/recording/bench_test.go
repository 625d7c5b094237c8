//go:build unix

package recording

import (
	"math"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"noctiluca/devices/fseq"
	"noctiluca/installations"

	"golang.org/x/sys/unix"
)

// The whole of playing: read, decoded to light, limited, encoded again, for
// light as a show has it, and for noise of every pixel at every frame, which
// nothing can pack and which the limits have most to do with. The share of a
// core at 40 frames a second is for each 10,000 pixels, by the time of the
// processor, the reading ahead included.
func BenchmarkPlay(b *testing.B) {
	fsys := fstest.MapFS{"f.kage": {Data: []byte("package main")}, "i.yaml": {Data: []byte(`noctiluca: 1
name: large
rate: 40
fixtures: [{name: a, kind: strip, led: ws2812b, strip: {points: [[0, 0, 0], [1000, 0, 0]], pixels: 50000}}]
outputs: [{name: one, protocol: ddp, host: 127.0.0.1, fixtures: [a]}]
scenes: [{name: s, layers: [{name: l, field: f.kage}]}]
`)}}
	inst, problems := installations.Open(fsys, "i.yaml", nil)
	if inst == nil {
		b.Fatal(problems)
	}
	l := layout(b, inst, LayoutOptions{})
	n := inst.Pixels.Count()
	waves := func(k int) (r, g, bl []float32) {
		for i := range n {
			v := float32(0.1 + 0.1*math.Sin(float64(i)/40+float64(k)/15))
			r, g, bl = append(r, v/3), append(g, v), append(bl, v/2)
		}
		return r, g, bl
	}
	noise := func(k int) (r, g, bl []float32) { return shine(inst, k) }
	for _, c := range []struct {
		name  string
		light func(int) (r, g, b []float32)
	}{{"waves", waves}, {"noise", noise}} {
		b.Run(c.name, func(b *testing.B) {
			file := filepath.Join(b.TempDir(), "show.fseq")
			rec, err := NewRecorder(file, false, l, RecordOptions{Step: 25, Compression: fseq.Zstd})
			if err != nil {
				b.Fatal(err)
			}
			st := stage(b, inst)
			for k := range 80 {
				red, green, blue := c.light(k)
				f := st.Make(uint64(k), time.Duration(k)*25*time.Millisecond, red, green, blue, false)
				if _, _, err := rec.Send(f); err != nil {
					b.Fatal(err)
				}
				f.Release()
			}
			if err := rec.Close(); err != nil {
				b.Fatal(err)
			}
			s, err := NewSource(Config{Installation: inst, Stage: stage(b, inst), Layout: l, Items: open(b, file), Loop: true, Wait: true})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			b.ReportAllocs()
			steps := 0
			before := worked(b)
			for b.Loop() {
				s.Step(time.Duration(steps) * 25 * time.Millisecond).Release()
				steps++
			}
			frame := float64((worked(b) - before).Nanoseconds()) / float64(steps)
			b.ReportMetric(frame/float64(n), "cpu-ns/pixel")
			b.ReportMetric(100*frame/25e6/float64(n)*10000, "%core/10k-pixels")
		})
	}
}

// worked is how long the processor has worked for this process.
func worked(b *testing.B) time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
