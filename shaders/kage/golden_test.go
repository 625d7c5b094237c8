package kage

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"noctiluca/shaders/kage/block"
	"noctiluca/shaders/kage/check"
	"noctiluca/shaders/kage/kagetest"
)

var update = flag.Bool("update", false, "write what is expected anew, to be looked at")

// TestGolden: beside each testdata/NAME.kage, NAME.want holds its light at five
// points, or all its mistakes. A new case is a new file, and -update.
func TestGolden(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.kage")
	if len(files) == 0 {
		t.Fatal("no cases")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".kage"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range block.Sets() {
				got := describe(filepath.Base(file), text, k)
				want := strings.TrimSuffix(file, ".kage") + ".want"
				if *update {
					if err := os.WriteFile(want, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				expected, err := os.ReadFile(want)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(expected) {
					t.Errorf("kernels %s give\n%s\nwanted\n%s", k.Name(), got, expected)
				}
			}
		})
	}
}

// describe compiles text and shows its light where p is (0, 0, 0), (0.5, 1,
// 2), …; word n of the uniforms is n+1, or half of that if it is a float.
func describe(name string, text []byte, k *block.Kernels) string {
	f, err := Compile(name, text)
	if err != nil {
		return err.Error() + "\n"
	}
	s := f.NewState(k)
	for _, u := range f.Uniforms() {
		elem := u.Type.Kind
		if elem == check.Array {
			elem = u.Type.Elem
		}
		for i := range u.Words {
			n := u.Offset + i + 1
			switch elem {
			case check.Bool, check.Int, check.IVec2, check.IVec3, check.IVec4:
				s.Words()[u.Offset+i] = uint32(n)
			default:
				s.Words()[u.Offset+i] = math.Float32bits(float32(n) / 2)
			}
		}
	}
	s.Begin()
	const n = 5
	p := Points{X: make([]float32, n), Y: make([]float32, n), Z: make([]float32, n)}
	for i := range n {
		p.X[i], p.Y[i], p.Z[i] = float32(i)*0.5, float32(i), float32(i)*2
	}
	l := Light{make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)}
	s.Light(p, l)
	var b strings.Builder
	var uniforms []kagetest.Value
	for _, u := range f.Uniforms() {
		uniforms = append(uniforms, s.Words()[u.Offset:u.Offset+u.Words])
	}
	for i := range n {
		if len(f.file.ByName["Light"].Params) == 1 {
			ref := kagetest.Evaluate(f.file, "Light", uniforms, []kagetest.Value{{math.Float32bits(p.X[i]), math.Float32bits(p.Y[i]), math.Float32bits(p.Z[i])}})[0]
			for c, got := range []float32{l.R[i], l.G[i], l.B[i], l.A[i]} {
				if want := math.Float32frombits(ref[c]); got != want {
					fmt.Fprintf(&b, "component %d is %v, and %v by the reference\n", c, got, want)
				}
			}
		}
		fmt.Fprintf(&b, "%v %v %v: %v %v %v %v\n", p.X[i], p.Y[i], p.Z[i], l.R[i], l.G[i], l.B[i], l.A[i])
	}
	return b.String()
}
