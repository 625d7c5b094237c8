package kage

import (
	"image"
	"image/color"
	"math"
	"testing"

	"noctiluca/shaders/kage/block"
)

// pattern is a picture made for these tests: every pixel another colour.
func pattern(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(3, 5, 3+w, 5+h)) // bounds need not begin at 0
	for y := range h {
		for x := range w {
			m.SetNRGBA(3+x, 5+y, color.NRGBA{uint8(x * 16), uint8(y * 16), uint8(x*7 + y*13), uint8(255 - 9*x)})
		}
	}
	return m
}

// drawAt plays a Fragment at points that cover a picture of w by h and more.
func drawAt(t *testing.T, text string, k *block.Kernels, x, y []float32, images ...image.Image) Light {
	t.Helper()
	f, err := CompileRaw("picture.kage", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s := f.NewState(k)
	s.SetSize(40, 30)
	for i, m := range images {
		s.SetImage(i, NewPicture(m))
	}
	s.Begin()
	n := len(x)
	l := Light{make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)}
	s.Light(Points{X: x, Y: y}, l)
	return l
}

func at(m *image.NRGBA, x, y float32) [4]float32 {
	px, py := int(math.Floor(float64(x)))+m.Rect.Min.X, int(math.Floor(float64(y)))+m.Rect.Min.Y
	if !(image.Point{px, py}.In(m.Rect)) {
		return [4]float32{}
	}
	r, g, b, a := m.At(px, py).RGBA()
	return [4]float32{float32(r>>8) / 255, float32(g>>8) / 255, float32(b>>8) / 255, float32(a>>8) / 255}
}

// TestSampling: nearest, nothing outside, positions in the first image's
// space; in pixels and in the legacy unit alike.
func TestSampling(t *testing.T) {
	var x, y []float32
	for i := range 300 {
		x, y = append(x, float32(i%25)*0.77-2), append(y, float32(i/25)*0.9-1.5)
	}
	a, b := pattern(15, 8), pattern(6, 9)
	for _, text := range []string{
		"//kage:unit pixels\npackage main\nfunc Fragment(dst vec4, src vec2) vec4 {\n\treturn imageSrc0At(src)*0.5 + imageSrc1At(src)*0.25 + imageSrc2At(src)\n}\n",
		"package main\nfunc Fragment(dst vec4, src vec2) vec4 {\n\treturn imageSrc0At(src)*0.5 + imageSrc1At(src)*0.25 + imageSrc2At(src)\n}\n",
		"//kage:unit pixels\npackage main\nfunc Fragment(dst vec4, src vec2) vec4 {\n\torigin, size := imageSrcRegionOnTexture()\n\tp := src - origin\n\tif p.x < 0 || p.y < 0 || p.x >= size.x || p.y >= size.y {\n\t\treturn imageSrc1AtFromSrc0Pos(src) * 0.25\n\t}\n\treturn imageSrc0UnsafeAt(src)*0.5 + imageSrc1AtFromSrc0Pos(src)*0.25\n}\n",
	} {
		for _, k := range block.Sets() {
			l := drawAt(t, text, k, x, y, a, b)
			for i := range x {
				p, q := at(a, x[i], y[i]), at(b, x[i], y[i])
				for c, got := range [4]float32{l.R[i], l.G[i], l.B[i], l.A[i]} {
					// In the legacy unit a position goes through a division and back.
					if want := p[c]*0.5 + q[c]*0.25; math.Abs(float64(got-want)) > 1e-6 {
						t.Fatalf("%s, at %v %v, component %d: %v, want %v\n%s", k.Name(), x[i], y[i], c, got, want, text)
					}
				}
			}
		}
	}
}

func TestPictureInputs(t *testing.T) {
	text := "//kage:unit pixels\npackage main\nfunc Fragment(dst vec4, src vec2, c vec4, custom vec4) vec4 {\n" +
		"\tif dst.x > 20 {\n\t\tdiscard()\n\t}\n\tif !frontfacing() || dst.xy != src || custom != vec4(0) || c != vec4(1) || imageSrc3Size() != vec2(0) {\n\t\treturn vec4(9)\n\t}\n" +
		"\tq := (dst.xy - imageDstOrigin()) / imageDstSize()\n\treturn vec4(q, dst.z, dst.w)\n}\n"
	l := drawAt(t, text, block.Best(), []float32{0, 10, 20, 30}, []float32{0, 15, 30, 3})
	for i, want := range [][4]float32{{0, 0, 0, 1}, {0.25, 0.5, 0, 1}, {0.5, 1, 0, 1}, {}} {
		if got := [4]float32{l.R[i], l.G[i], l.B[i], l.A[i]}; got != want {
			t.Errorf("point %d: %v, want %v", i, got, want)
		}
	}
}

// TestDisplayedLight: what is meant for a screen becomes linear light, and
// coverage stays what it is.
func TestDisplayedLight(t *testing.T) {
	f, err := Compile("p.kage", []byte("//kage:unit pixels\npackage main\nfunc Fragment(dst vec4) vec4 {\n\treturn vec4(dst.x, dst.x, 2, 1) * dst.y\n}\n"))
	if err != nil {
		t.Fatal(err)
	}
	s := f.NewState(block.Best())
	s.Begin()
	x, y := []float32{0, 0.02, 0.5, 1, 0.5}, []float32{1, 1, 1, 1, 0.25}
	l := Light{make([]float32, 5), make([]float32, 5), make([]float32, 5), make([]float32, 5)}
	s.Light(Points{X: x, Y: y}, l)
	// 0.5 is 0.21404114 and 0.02 is 0.02/12.92 by IEC 61966-2-1.
	for i, want := range []float32{0, 0.02 / 12.92, 0.21404114, 1, 0.21404114 * 0.25} {
		if math.Abs(float64(l.R[i]-want)) > 1e-6 || l.A[i] != y[i] {
			t.Errorf("point %d: light %v of coverage %v, want %v of %v", i, l.R[i], l.A[i], want, y[i])
		}
	}
}
