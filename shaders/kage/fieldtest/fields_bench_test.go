//go:build unix

package fieldtest

import (
	"math"
	"math/rand/v2"
	"testing"

	"noctiluca/shaders/kage/block"

	"golang.org/x/sys/unix"
)

// BenchmarkField plays 131,072 points on one core: the five fields of
// testdata and the forest's canopy, each as the compiler makes it (kage, on
// the fastest kernels here, and on the others), as it is written by hand in Go
// (go), and the five in C by gcc -O3 -ffast-math at the same vector width
// (native). ns/point is what to compare, and counts the time of the processor,
// so that whatever else the machine does is in it as little as may be; kage/native and kage/go are
// the ratios to the kage line of the same run.
func BenchmarkField(b *testing.B) {
	const n = 131072
	perPoint := func(b *testing.B, total int64, kage *float64, unit string) float64 {
		ns := float64(total) / float64(b.N) / n
		b.ReportMetric(ns, "ns/point")
		b.ReportMetric(0, "ns/op")
		if kage != nil && *kage > 0 {
			b.ReportMetric(*kage/ns, unit)
		}
		return ns
	}
	for _, name := range names {
		r := rand.New(rand.NewPCG(5, 6))
		u, c := somewhere(r), trees(n, r)
		f := compileField(b, name)
		var kage float64
		for _, k := range block.Sets() {
			if k.Name() == "go" {
				continue // it is measured by the canopy
			}
			full := name + "/kage"
			if k != block.Best() {
				full += "-" + k.Name()
			}
			b.Run(full, func(b *testing.B) {
				s := f.NewState(k)
				u.set(f, s.Words())
				before := cpu(b)
				for b.Loop() {
					s.Begin()
					s.Light(c.points, c.light)
				}
				ns := perPoint(b, cpu(b)-before, nil, "")
				if k == block.Best() {
					kage = ns
				}
			})
		}
		b.Run(name+"/go", func(b *testing.B) {
			field := Written[name]
			before := cpu(b)
			for b.Loop() {
				for i := range n {
					c.light.R[i], c.light.G[i], c.light.B[i], c.light.A[i] = field(u, c.points.X[i], c.points.Y[i], c.points.Z[i])
				}
			}
			perPoint(b, cpu(b)-before, &kage, "kage/go")
		})
		b.Run(name+"/native", func(b *testing.B) {
			c := startNative(b, name, u, c)
			total := c.run(b)
			total = 0
			for b.Loop() {
				total += c.run(b)
			}
			perPoint(b, total, &kage, "kage/native")
		})
	}
	benchmarkCanopy(b)
}

// benchmarkCanopy is the part of BenchmarkField for the shipped canopy.
func benchmarkCanopy(b *testing.B) {
	const n = 131072
	r := rand.New(rand.NewPCG(5, 6))
	u, c := crowd(3, r), trees(n, r)
	f := compileCanopy(b)
	perPoint := func(b *testing.B, used int64) { b.ReportMetric(float64(used)/float64(b.N)/n, "ns/point") }
	for _, k := range block.Sets() {
		name := "forest-canopy/kage"
		if k != block.Best() {
			name += "-" + k.Name()
		}
		b.Run(name, func(b *testing.B) {
			s := f.NewState(k)
			u.set(f, s.Words())
			before := cpu(b)
			for b.Loop() {
				s.Begin()
				s.Light(c.points, c.light)
			}
			perPoint(b, cpu(b)-before)
		})
	}
	b.Run("forest-canopy/go", func(b *testing.B) {
		before := cpu(b)
		for b.Loop() {
			for i := range c.px {
				c.light.R[i], c.light.G[i], c.light.B[i], c.light.A[i] = ForestCanopy(&u, c.points.X[i], c.points.Y[i], c.points.Z[i], c.px[i])
			}
		}
		perPoint(b, cpu(b)-before)
	})
}

// cpu is the nanoseconds of processors that this process has used.
func cpu(b *testing.B) int64 {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

// TestNativeIsTheSameField: what is compared does the same work. Estimates and
// contraction change last bits, and with them which side of an edge a point
// in a thousand is on.
func TestNativeIsTheSameField(t *testing.T) {
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(3, 4))
			c := trees(4096, r)
			u := somewhere(r)
			p := startNative(t, name, u, c)
			p.run(t)
			got := p.light(t, len(c.points.X))
			far := 0
			for i := range c.points.X {
				var want [4]float32
				want[0], want[1], want[2], want[3] = Written[name](u, c.points.X[i], c.points.Y[i], c.points.Z[i])
				for k := range want {
					if !(math.Abs(float64(got[k][i]-want[k])) < 2e-3) {
						if far++; far < 4 {
							t.Logf("point %d, component %d: %v in C, %v in Go", i, k, got[k][i], want[k])
						}
						break
					}
				}
			}
			if far > len(c.points.X)/500 {
				t.Errorf("%d of %d points differ", far, len(c.points.X))
			}
		})
	}
}
