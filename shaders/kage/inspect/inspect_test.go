package inspect

import (
	"os"
	"strings"
	"testing"
	"time"

	"noctiluca/shaders/kage"
	"noctiluca/shaders/kage/block"
)

func compiled(t *testing.T, name string) *kage.Field {
	text, err := os.ReadFile("../../" + name + ".kage")
	if err != nil {
		t.Fatal(err)
	}
	f, err := kage.Compile(name, text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestDump: every instruction is there, with the names of uniforms, and the
// shares make up the whole.
func TestDump(t *testing.T) {
	f := compiled(t, "forest-stream")
	var b strings.Builder
	if err := Dump(&b, f, block.Best()); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{"Current", "CellPlace.", "coverage", "block registers"} {
		if !strings.Contains(text, want) {
			t.Errorf("the dump says nothing of %q", want)
		}
	}
	if n := strings.Count(text, " % "); n != len(f.Program().Insts) {
		t.Errorf("%d instructions have a share, of %d", n, len(f.Program().Insts))
	}
}

func TestBench(t *testing.T) {
	f := compiled(t, "forest-ground")
	for _, workers := range []int{1, 3} {
		s := Bench(f, block.Best(), 5000, workers, time.Millisecond)
		if s.Points != 5000 || s.Workers != workers || s.PerPoint() <= 0 {
			t.Errorf("%+v", s)
		}
	}
}
