package kage

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"noctiluca/shaders/kage/block"
)

// twoHundredLines is the canopy, and as much of another field's functions as
// makes 200 lines of code that all is used.
func twoHundredLines(t testing.TB) []byte {
	text, err := os.ReadFile("../forest-canopy.kage")
	if err != nil {
		t.Fatal(err)
	}
	s := strings.TrimRight(string(text), "\n")
	head, tail, ok := strings.Cut(s, "\tlight = min(light, vec3(1))\n")
	if !ok {
		t.Fatal("the canopy no longer ends as it did")
	}
	for n := 0; strings.Count(head+tail, "\n") < 198; n++ {
		head += fmt.Sprintf("\tlight += vec3(0.001, 0.002, 0.003) * noise(p.zxy*%d.3 + vec3(hue, swell, %d))\n", n%3+1, n)
		head += fmt.Sprintf("\tlight *= 1 + 0.01*wave(dense*%d.7 + light.x)\n", n%5)
		if n == 6 { // beyond that, plain arithmetic
			for strings.Count(head+tail, "\n") < 198 {
				head += "\tlight = light*0.98 + vec3(dense, swell, awake)*0.001\n"
			}
		}
	}
	return []byte(head + "\tlight = min(light, vec3(1))\n" + tail + "\n")
}

// TestSizeInMemory: a compiled field of 200 lines and its states for two
// workers are under 1 MiB.
func TestSizeInMemory(t *testing.T) {
	text := twoHundredLines(t)
	if _, err := Compile("warm.kage", text); err != nil {
		t.Fatal(err)
	}
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	f, err := Compile("long.kage", text)
	if err != nil {
		t.Fatal(err)
	}
	a, b := f.NewState(block.Best()), f.NewState(block.Best())
	size := heap() - before
	runtime.KeepAlive(f)
	runtime.KeepAlive(a)
	runtime.KeepAlive(b)
	t.Logf("%d lines, %+v: %d KiB", strings.Count(string(text), "\n"), f.Report(), size>>10)
	if size > 1<<20 {
		t.Errorf("the field and two states take %d KiB, more than 1024", size>>10)
	}
}
