//go:build unix && !venue

package screen

import (
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"noctiluca/shaders/kage"
	"noctiluca/shaders/kage/block"

	"github.com/hajimehoshi/ebiten/v2"
	"golang.org/x/sys/unix"
)

// uniforms are made-up inputs, the same for both sides: a shape that every
// number of them has is enough for a measurement.
func uniforms(f *kage.Field) (words []uint32, values map[string]any) {
	values = map[string]any{}
	for _, u := range f.Uniforms() {
		v := make([]float32, u.Words)
		for i := range v {
			switch {
			case u.Name == "Stones" || u.Name == "Place" || u.Name == "CellPlace":
				v[i] = float32((7*i+3)%23)/2 - 5
				if i%4 == 3 {
					v[i] = 0.8
				}
			case u.Name == "Sun":
				v[i] = 9 * float32(i%2)
			default:
				v[i] = float32((5*i+3)%11) / 11
			}
			if u.Name == "CellCount" {
				words = append(words, 3)
			} else {
				words = append(words, math.Float32bits(v[i]))
			}
		}
		values[u.Name] = v
		if u.Words == 1 {
			values[u.Name] = v[0]
		}
		if u.Name == "CellCount" {
			values[u.Name] = 3
		}
	}
	return words, values
}

// cpu is the processor time that all threads of this process have used.
func cpu(b *testing.B) time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkField asks fields for their light at the 131,072 places of a plane:
// compiled, by one goroutine (kage), and through Ebitengine on whatever draws
// here, with what was drawn read back (ebitengine); where there is no GPU that
// is Mesa's llvmpipe on the CPU. cpu-ns/point counts the time of all threads,
// so it is what a core does.
func BenchmarkField(b *testing.B) {
	const w, h = 512, 256
	needDisplay(b)
	files, err := filepath.Glob("../../shaders/kage/fieldtest/testdata/fields/*.kage")
	if err != nil || len(files) == 0 {
		b.Fatal("no fields", err)
	}
	for _, file := range append(files, "../../shaders/forest-canopy.kage") {
		name := strings.TrimSuffix(filepath.Base(file), ".kage")
		text, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		f, err := kage.Compile(file, text)
		if err != nil {
			b.Fatal(err)
		}
		words, values := uniforms(f)
		perPoint := func(b *testing.B, used time.Duration) float64 {
			ns := float64(used) / float64(b.N) / (w * h)
			b.ReportMetric(ns, "cpu-ns/point")
			return ns
		}
		var ours float64
		b.Run(name+"/kage", func(b *testing.B) {
			slice := func() []float32 { return make([]float32, w*h) }
			in := kage.Points{X: slice(), Y: slice(), Z: slice()}
			out := kage.Light{R: slice(), G: slice(), B: slice(), A: slice()}
			for i := range in.X {
				in.X[i], in.Y[i] = (float32(i%w)+0.5)/32-8, (float32(i/w)+0.5)/32
			}
			s := f.NewState(block.Best())
			copy(s.Words(), words)
			before := cpu(b)
			for b.Loop() {
				s.Begin()
				s.Light(in, out)
			}
			ours = perPoint(b, cpu(b)-before)
		})
		b.Run(name+"/ebitengine", func(b *testing.B) {
			call := "Light(p)"
			if strings.Contains(string(text), "pixel vec3") {
				call = "Light(p, vec4(0), vec3(0))"
			}
			shader, err := ebiten.NewShader(fmt.Appendf(text, "\nfunc Fragment(dst vec4, src vec2, color vec4) vec4 {\n\tp := vec3(dst.x/32-8, dst.y/32, 0)\n\treturn %s\n}\n", call))
			if err != nil {
				b.Fatal(err)
			}
			defer shader.Deallocate()
			dst := ebiten.NewImageWithOptions(image.Rect(0, 0, w, h), &ebiten.NewImageOptions{Unmanaged: true})
			defer dst.Deallocate()
			back := make([]byte, 4*w*h)
			draw := func() {
				dst.DrawRectShader(w, h, shader, &ebiten.DrawRectShaderOptions{Uniforms: values, Blend: ebiten.BlendCopy})
				dst.ReadPixels(back)
			}
			draw() // the driver compiles when it first draws
			before := cpu(b)
			for b.Loop() {
				draw()
			}
			theirs := perPoint(b, cpu(b)-before)
			if ours > 0 {
				b.ReportMetric(ours/theirs, "kage/ebitengine")
			}
			if back[3] == 0 && back[len(back)-1] == 0 && back[len(back)/2+3] == 0 {
				b.Log("the picture seems to be empty")
			}
		})
	}
}
