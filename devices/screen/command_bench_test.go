//go:build linux && !venue

package screen

import (
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"noctiluca/engine"
	"noctiluca/engine/safety"
	"noctiluca/installations"
	"noctiluca/shaders"

	"github.com/hajimehoshi/ebiten/v2"
	"golang.org/x/sys/unix"
)

// large is the forest with so many pixels, made of its own by moving them a
// little, and light for them: all of them shine.
func large(t testing.TB, pixels int) (inst *installations.Installation, e *engine.Engine, r, g, b []float32) {
	t.Helper()
	inst, problems := installations.OpenNamed("forest", shaders.FS)
	if inst == nil {
		t.Fatal(problems)
	}
	e, err := engine.New(inst, engine.Config{Crowd: 7, Holders: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	for n := range 600 {
		e.Step(time.Duration(n) * time.Second / 60).Release()
	}
	rnd := rand.New(rand.NewPCG(20000, 0))
	big := *inst
	big.Pixels = installations.Pixels{}
	p, q := &inst.Pixels, &big.Pixels
	for i := range pixels {
		k := i % p.Count()
		spread := func(v float32) float32 { return v + float32(0.3*(rnd.Float64()-0.5)) }
		q.X, q.Y, q.Z = append(q.X, spread(p.X[k])), append(q.Y, max(spread(p.Y[k]), 0.02)), append(q.Z, spread(p.Z[k]))
		q.Fixture = append(q.Fixture, p.Fixture[k])
		r, g, b = append(r, 0.02), append(g, float32(0.1+0.4*rnd.Float64())), append(b, float32(0.1+0.3*rnd.Float64()))
	}
	return &big, e, r, g, b
}

// lightOf is a Source of the engine's state.
type lightOf struct{ s engine.Snapshot }

func (l *lightOf) Frame() *safety.Frame { return nil }
func (l *lightOf) Words(i int) []uint32 { return l.s.Layers[i].Words }
func (l *lightOf) Status(s *Status) {
	s.Cells, s.Whole, s.People, s.History, s.Guard = l.s.Cells, l.s.Whole, l.s.People, l.s.History, l.s.Guard
}

// threadTime is the processor time that this thread has used.
func threadTime(b *testing.B) time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_THREAD, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkCommands is what a picture of 20,000 pixels costs this program at
// 1280×720 before anything is drawn: finding the light on wood and ground,
// making the triangles, and handing them to Ebitengine, which keeps them until
// the picture is read. A GPU does the rest at the same time, so this bounds
// the rate of pictures where there is one. cpu-ms/op is the time of this thread
// alone, whatever else the machine does. What is handed over is counted.
func BenchmarkCommands(b *testing.B) {
	needDisplay(b)
	const pixels = 20000
	inst, e, red, green, blue := large(b, pixels)
	source := &lightOf{}
	e.Snapshot(&source.s)
	for _, part := range []string{"stage", "desk", "both"} {
		b.Run(part, func(b *testing.B) {
			w, err := newWindow(Config{Installation: inst, Layers: e.Layers(), Source: source, Show: e.Show(), Title: inst.Title, Overlay: true})
			if err != nil {
				b.Fatal(err)
			}
			dst := ebiten.NewImage(1280, 720)
			one := make([]byte, 4*1280*720)
			w.ink.on(dst, 1)
			draw := func() {
				if part != "desk" {
					w.picture.draw(dst, w.orbit, red, green, blue, time.Second, source.Words, false)
				}
				if part != "stage" {
					w.c.Source.Status(&w.status)
					w.desk.Draw(w.ink, w.hands.gathered(), &w.status)
				}
			}
			for range 4 {
				draw()
			}
			dst.ReadPixels(one)
			b.ReportAllocs()
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			used := time.Duration(0)
			b.ResetTimer()
			for b.Loop() {
				before := threadTime(b)
				draw()
				used += threadTime(b) - before
				b.StopTimer()
				dst.ReadPixels(one) // draws, and empties what Ebitengine holds
				b.StartTimer()
			}
			b.ReportMetric(float64(used.Microseconds())/1000/float64(b.N), "cpu-ms/op")
			w.ink.shapes.count, w.picture.count = tally{}, tally{}
			draw()
			n := w.ink.shapes.count.plus(w.picture.count)
			b.ReportMetric(float64(n.draws), "draws/op")
			b.ReportMetric(float64(n.vertices), "vertices/op")
			b.ReportMetric(float64(n.indices), "indices/op")
			b.ReportMetric(float64(n.bytes), "uploaded-B/op")
		})
	}
}
