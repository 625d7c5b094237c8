//go:build !venue

package screen

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"noctiluca/shaders"
	"noctiluca/shaders/kage"
	"noctiluca/shaders/kage/block"
	"noctiluca/shaders/kage/check"
	"noctiluca/shaders/kage/kagetest"

	"github.com/hajimehoshi/ebiten/v2"
)

// The same source on the GPU and by the compiler. The points are such that
// both have them exactly: sums of powers of two, made of the pixel's place.
const (
	parityWide = 160
	parityHigh = 90
)

const parityWrapper = `

func Fragment(dst vec4) vec4 {
	q := floor(dst.xy - imageDstOrigin())
	x := int(q.x)
	y := int(q.y)
	p := vec3(q.x*0.125-10, q.y*0.125-2, (q.x-q.y)*0.0625)
	life := vec4(float(x*7&15), float(y*5&15), float((x+y)&15), 4) * 0.0625
	pixel := vec3(float(x&31)*0.03125, float((x*11+y*7)&63)*0.015625, float(y&7))
	_ = life
	_ = pixel
	return Light(%s)
}
`

// parityPoints are the points of the wrapper.
func parityPoints() kage.Points {
	const n = parityWide * parityHigh
	slice := func() []float32 { return make([]float32, n) }
	pt := kage.Points{X: slice(), Y: slice(), Z: slice()}
	for i := range pt.Life {
		pt.Life[i] = slice()
	}
	for i := range pt.Pixel {
		pt.Pixel[i] = slice()
	}
	for i := range n {
		x, y := i%parityWide, i/parityWide
		pt.X[i], pt.Y[i], pt.Z[i] = float32(x)*0.125-10, float32(y)*0.125-2, float32(x-y)*0.0625
		for k, v := range [4]int{x * 7 & 15, y * 5 & 15, (x + y) & 15, 4} {
			pt.Life[k][i] = float32(v) * 0.0625
		}
		pt.Pixel[0][i], pt.Pixel[1][i], pt.Pixel[2][i] = float32(x&31)*0.03125, float32((x*11+y*7)&63)*0.015625, float32(y&7)
	}
	return pt
}

// uniformValues gives Ebitengine what the words of a State hold.
func uniformValues(f *kage.Field, words []uint32) map[string]any {
	out := map[string]any{}
	for _, u := range f.Uniforms() {
		k := u.Type.Kind
		if k == check.Array {
			k = u.Type.Elem
		}
		switch k {
		case check.Bool, check.Int, check.IVec2, check.IVec3, check.IVec4:
			v := make([]int32, u.Words)
			for i := range v {
				v[i] = int32(words[u.Offset+i])
			}
			out[u.Name] = v
		default:
			v := make([]float32, u.Words)
			for i := range v {
				v[i] = math.Float32frombits(words[u.Offset+i])
			}
			out[u.Name] = v
		}
	}
	return out
}

// onGPU draws a field at the points and reads the picture back.
func onGPU(t testing.TB, text string, params int, uniforms map[string]any) []byte {
	t.Helper()
	if !strings.Contains(text, "//kage:unit") {
		text = "//kage:unit pixels\n" + text
	}
	shader, err := ebiten.NewShader([]byte(text + fmt.Sprintf(parityWrapper, strings.Join([]string{"p", "life", "pixel"}[:params], ", "))))
	if err != nil {
		t.Fatalf("Ebitengine refuses it: %v\n%s", err, text)
	}
	defer shader.Deallocate()
	dst := ebiten.NewImage(parityWide, parityHigh)
	defer dst.Deallocate()
	dst.DrawRectShader(parityWide, parityHigh, shader, &ebiten.DrawRectShaderOptions{Uniforms: uniforms, Blend: ebiten.BlendCopy})
	out := make([]byte, 4*parityWide*parityHigh)
	dst.ReadPixels(out)
	return out
}

func playAt(f *kage.Field, words []uint32, pt kage.Points) kage.Light {
	const n = parityWide * parityHigh
	s := f.NewState(block.Best())
	copy(s.Words(), words)
	s.Begin()
	l := kage.Light{R: make([]float32, n), G: make([]float32, n), B: make([]float32, n), A: make([]float32, n)}
	s.Light(pt, l)
	return l
}

// apart compares the picture with the light: the largest difference in 1/255,
// where it is, and how many points were compared. Points where nearly the same
// place gives another light by more than half of 1/255 are left out: there the
// last bit of a sine decides.
func apart(picture []byte, l, beside kage.Light) (most float64, at, compared int) {
	for i := range l.R {
		a, b := [4]float32{l.R[i], l.G[i], l.B[i], l.A[i]}, [4]float32{beside.R[i], beside.G[i], beside.B[i], beside.A[i]}
		steady := true
		for c := range a {
			steady = steady && math.Abs(float64(a[c]-b[c])) < 0.5/255
		}
		if !steady {
			continue
		}
		compared++
		for c := range a {
			want := 255 * math.Min(math.Max(float64(a[c]), 0), 1)
			if d := math.Abs(float64(picture[4*i+c]) - want); d > most {
				most, at = d, i
			}
		}
	}
	return most, at, compared
}

// nudged are the points, each a millionth aside.
func nudged(pt kage.Points) kage.Points {
	nudge := func(v []float32) []float32 {
		out := make([]float32, len(v))
		for i, x := range v {
			out[i] = x + x*1e-6 + 1e-7
		}
		return out
	}
	pt.X, pt.Y, pt.Z = nudge(pt.X), nudge(pt.Y), nudge(pt.Z)
	return pt
}

// TestShippedFieldsOnTheGPU: the window's light and the LEDs' differ by at
// most 2/255 at every point, for every shipped field and any audience.
func TestShippedFieldsOnTheGPU(t *testing.T) {
	needDisplay(t)
	files, err := shaders.FS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	pt := parityPoints()
	for _, file := range files {
		text, err := shaders.FS.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		f, err := kage.Compile(file.Name(), text)
		if err != nil {
			t.Fatal(err)
		}
		worst := 0.0
		for seed := range uint64(4) {
			r := rand.New(rand.NewPCG(seed, 9))
			words := make([]uint32, 0)
			for _, u := range f.Uniforms() {
				for len(words) < u.Offset+u.Words {
					words = append(words, 0)
				}
				for i := range u.Words {
					v := r.Float32()
					switch {
					case u.Name == "CellPlace" && i%4 < 3:
						v = 12*v - 6
					case u.Name == "CellPlace":
						v += 1
					case u.Name == "CellAffect" && i%4 < 2:
						v = 2*v - 1
					case u.Name == "Time":
						v *= 100
					}
					words[u.Offset+i] = math.Float32bits(v)
					if u.Type.Kind == check.Int {
						words[u.Offset+i] = uint32(2 * seed)
					}
				}
			}
			picture := onGPU(t, string(text), params(t, text), uniformValues(f, words))
			l := playAt(f, words, pt)
			most, at, _ := apart(picture, l, l)
			worst = max(worst, most)
			if most > 2 {
				t.Errorf("%s, audience %d: they differ by %.1f/255 at point %d: %v on the GPU, %v %v %v %v by the compiler",
					file.Name(), seed, most, at, picture[4*at:4*at+4], 255*l.R[at], 255*l.G[at], 255*l.B[at], 255*l.A[at])
			}
		}
		t.Logf("%s: at most %.2f/255 apart", file.Name(), worst)
	}
}

// params is how many parameters the Light of a field has.
func params(t testing.TB, text []byte) int {
	f, err := check.Check("field.kage", text)
	if err != nil {
		t.Fatal(err)
	}
	return len(f.ByName["Light"].Params)
}

// TestRandomFieldsOnTheGPU: a sample of random programs, which Ebitengine
// takes as we do, gives the same picture.
func TestRandomFieldsOnTheGPU(t *testing.T) {
	needDisplay(t)
	pt := parityPoints()
	aside := nudged(pt)
	const programs = 40
	compared := 0
	for seed := range uint64(programs) {
		text := kagetest.Generate(1000+seed, kagetest.Style{Tame: true})
		f, err := kage.Compile("random.kage", []byte(text))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		r := rand.New(rand.NewPCG(seed, 3))
		words := make([]uint32, len(f.NewState(block.Best()).Words()))
		for _, u := range f.Uniforms() {
			for i := range u.Words {
				k := u.Type.Kind
				if k == check.Array {
					k = u.Type.Elem
				}
				switch k {
				case check.Bool:
					words[u.Offset+i] = uint32(r.IntN(2))
				case check.Int, check.IVec2, check.IVec3, check.IVec4:
					words[u.Offset+i] = uint32(r.IntN(12) - 4)
				default:
					words[u.Offset+i] = math.Float32bits(float32(r.IntN(256))/128 - 1)
				}
			}
		}
		picture := onGPU(t, text, 3, uniformValues(f, words))
		most, at, n := apart(picture, playAt(f, words, pt), playAt(f, words, aside))
		compared += n
		if most > 2 {
			l := playAt(f, words, pt)
			t.Errorf("seed %d: they differ by %.1f/255 at point %d: %v on the GPU, %v %v %v %v by the compiler\n%s",
				1000+seed, most, at, picture[4*at:4*at+4], 255*l.R[at], 255*l.G[at], 255*l.B[at], 255*l.A[at], text)
			return
		}
	}
	share := float64(compared) / (programs * parityWide * parityHigh)
	t.Logf("%.1f %% of the points of %d programs were compared", 100*share, programs)
	if share < 0.8 {
		t.Errorf("only %.0f %% of the points were steady enough to compare", 100*share)
	}
}

// TestOracle: what Ebitengine takes, the checker takes, and what it refuses,
// it refuses; but for what rules.txt lists as unlike it, with the reason.
func TestOracle(t *testing.T) {
	text, err := os.ReadFile(filepath.FromSlash("../../shaders/kage/check/testdata/rules.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range kagetest.Rules(string(text)) {
		_, err := newShader(r.Text)
		if taken := err == nil; taken != r.Ebitengine {
			t.Errorf("%s: Ebitengine takes it: %v (%v)\n%s", r.Name, taken, err, r.Text)
		}
	}
	for seed := range uint64(300) {
		text := kagetest.Generate(seed, kagetest.Style{})
		_, ours := check.Check("random.kage", []byte(text))
		_, theirs := newShader(text + fmt.Sprintf(parityWrapper, "p, life, pixel"))
		if (ours == nil) != (theirs == nil) {
			t.Errorf("seed %d: the checker says %v, Ebitengine %v\n%s", seed, ours, theirs, text)
		}
	}
}

// newShader is NewShader, and an error where that panics.
func newShader(text string) (s *ebiten.Shader, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return ebiten.NewShader([]byte(text))
}

// TestPicturesOnTheGPU: a Fragment with images of its own, as a game draws it,
// and as LEDs at the middles of its pixels see it.
func TestPicturesOnTheGPU(t *testing.T) {
	needDisplay(t)
	images := [2]*image.NRGBA{}
	for i := range images {
		images[i] = image.NewNRGBA(image.Rect(0, 0, 70-20*i, 40+15*i))
		r := rand.New(rand.NewPCG(4, uint64(i)))
		for k := range images[i].Pix {
			images[i].Pix[k] = byte(r.IntN(256))
		}
	}
	a, b := ebiten.NewImageFromImage(images[0]), ebiten.NewImageFromImage(images[1])
	for _, text := range []string{
		"//kage:unit pixels\npackage main\n\nfunc Fragment(dst vec4, src vec2) vec4 {\n\tp := src - imageSrc0Origin()\n\treturn imageSrc0At(src)*0.5 + imageSrc1At(p*0.7-3+imageSrc0Origin())*0.5\n}\n",
		"//kage:unit pixels\npackage main\n\nfunc Fragment(dst vec4, src vec2, c vec4) vec4 {\n\tq := (dst.xy - imageDstOrigin()) / imageDstSize()\n\tif q.x > 0.75 {\n\t\tdiscard()\n\t}\n\ts := imageSrc0Size()\n\treturn imageSrc0At(imageSrc0Origin()+fract(q*3.31)*s) * c * vec4(q, 1, 1)\n}\n",
	} {
		shader, err := ebiten.NewShader([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		dst := ebiten.NewImage(parityWide, parityHigh)
		v := func(x, y float32) ebiten.Vertex {
			return ebiten.Vertex{DstX: x, DstY: y, SrcX: x, SrcY: y, ColorR: 1, ColorG: 1, ColorB: 1, ColorA: 1}
		}
		dst.DrawTrianglesShader([]ebiten.Vertex{v(0, 0), v(parityWide, 0), v(0, parityHigh), v(parityWide, parityHigh)}, []uint16{0, 1, 2, 1, 2, 3}, shader,
			&ebiten.DrawTrianglesShaderOptions{Images: [4]*ebiten.Image{a, b}, Blend: ebiten.BlendCopy})
		picture := make([]byte, 4*parityWide*parityHigh)
		dst.ReadPixels(picture)

		f, err := kage.CompileRaw("picture.kage", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		s := f.NewState(block.Best())
		s.SetSize(parityWide, parityHigh)
		for i, m := range images {
			s.SetImage(i, kage.NewPicture(m))
		}
		s.Begin()
		pt := parityPoints()
		for i := range pt.X {
			pt.X[i], pt.Y[i] = float32(i%parityWide)+0.5, float32(i/parityWide)+0.5
		}
		n := len(pt.X)
		l := kage.Light{R: make([]float32, n), G: make([]float32, n), B: make([]float32, n), A: make([]float32, n)}
		s.Light(pt, l)
		far := 0
		for i := range l.R {
			for c, x := range [4]float32{l.R[i], l.G[i], l.B[i], l.A[i]} {
				if math.Abs(float64(picture[4*i+c])-255*math.Min(math.Max(float64(x), 0), 1)) > 2 {
					far++
					break
				}
			}
		}
		// A position that falls on the line between two pixels may be rounded
		// to either side, by where in its atlas Ebitengine has put the image.
		// None does here: 70 · 3.31 · (x + ½)/160 and 40 · 3.31 · (y + ½)/90 are
		// whole for no x and y.
		if far > n/500 {
			t.Errorf("%d of %d places differ by more than 2/255\n%s", far, n, text)
		}
	}
}
