//go:build unix

package kage

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// BenchmarkCompile compiles 200 lines as a program does that plays: beside a
// heap of some tens of MiB, which is collected now and then. cpu-ms is the
// processor's time, whoever else is on the machine.
func BenchmarkCompile(b *testing.B) {
	text := twoHundredLines(b)
	b.Run("200-lines", func(b *testing.B) {
		playing := make([]byte, 64<<20)
		b.ReportAllocs()
		before := processorTime(b)
		for b.Loop() {
			if _, err := Compile("long.kage", text); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(processorTime(b)-before)/1e6/float64(b.N), "cpu-ms")
		runtime.KeepAlive(playing)
	})
}

// processorTime is what this process has had, in nanoseconds.
func processorTime(b *testing.B) int64 {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
