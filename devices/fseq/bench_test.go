package fseq

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"
)

// benchmarkPlay plays a file from end to end, then seeks in it, and reports
// the share of one core that playing at its rate takes, the time of a seek,
// and the memory held.
func benchmarkPlay(b *testing.B, r *Reader, frames int) {
	dst := make([]byte, r.Channels)
	b.ResetTimer()
	for range b.N {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		for n := range frames {
			if err := r.Frame(n, dst); err != nil {
				b.Fatal(err)
			}
		}
		took := time.Since(start)
		rng := rand.New(rand.NewPCG(3, 4))
		var seeks []time.Duration
		for range 200 {
			t := time.Now()
			if err := r.Frame(rng.IntN(frames), dst); err != nil {
				b.Fatal(err)
			}
			seeks = append(seeks, time.Since(t))
		}
		runtime.ReadMemStats(&after)
		slices.Sort(seeks)
		show := time.Duration(frames*r.Step) * time.Millisecond
		core := 100 * took.Seconds() / show.Seconds()
		b.ReportMetric(core, "%core")
		b.ReportMetric(core/(float64(r.Channels)/30000), "%core/10k-pixels")
		b.ReportMetric(float64(seeks[100].Microseconds())/1000, "ms-seek-p50")
		b.ReportMetric(float64(seeks[197].Microseconds())/1000, "ms-seek-p99")
		b.ReportMetric(float64(seeks[199].Microseconds())/1000, "ms-seek-max")
		b.ReportMetric(float64(after.Sys)/(1<<20), "MiB-of-process")
		b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/(1<<20), "MiB-allocated")
	}
}
