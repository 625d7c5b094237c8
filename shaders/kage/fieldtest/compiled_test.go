package fieldtest

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"noctiluca/shaders/kage"
	"noctiluca/shaders/kage/block"
)

const canopyFile = "../../forest-canopy.kage"

func compileCanopy(t testing.TB) *kage.Field {
	text, err := os.ReadFile(canopyFile)
	if err != nil {
		t.Fatal(err)
	}
	f, err := kage.Compile(canopyFile, text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// set writes a frame's uniforms where the field has them.
func (u *CanopyUniforms) set(f *kage.Field, words []uint32) {
	for _, x := range f.Uniforms() {
		switch v := u.Values()[x.Name].(type) {
		case float32:
			words[x.Offset] = math.Float32bits(v)
		case int:
			words[x.Offset] = uint32(v)
		case []float32:
			for i, e := range v {
				words[x.Offset+i] = math.Float32bits(e)
			}
		default:
			panic("no value for " + x.Name)
		}
	}
}

// crowd is n people in a clearing of some metres.
func crowd(n int, r *rand.Rand) CanopyUniforms {
	u := CanopyUniforms{Time: 4 + 100*r.Float32(), CellCount: n, Swell: r.Float32(), Glint: r.Float32(), Wake: r.Float32(), Fireflies: r.Float32()}
	for i := range n {
		u.CellPlace[i] = [4]float32{8*r.Float32() - 4, 1, 8*r.Float32() - 4, 1 + r.Float32()}
		u.CellAffect[i] = [4]float32{2*r.Float32() - 1, 2*r.Float32() - 1, 1, r.Float32()}
		u.CellPulse[i] = [4]float32{r.Float32(), r.Float32(), r.Float32(), 0}
	}
	u.Whole[0] = u.CellAffect[0]
	u.Whole[1] = [4]float32{r.Float32(), r.Float32(), float32(n), 0}
	return u
}

type cloud struct {
	points kage.Points
	px     []CanopyPoint
	light  kage.Light
}

// trees are n points in a wood of some 24 by 24 metres.
func trees(n int, r *rand.Rand) cloud {
	slice := func() []float32 { return make([]float32, n) }
	c := cloud{px: make([]CanopyPoint, n)}
	c.points = kage.Points{X: slice(), Y: slice(), Z: slice()}
	for i := range c.points.Life {
		c.points.Life[i] = slice()
	}
	for i := range c.points.Pixel {
		c.points.Pixel[i] = slice()
	}
	c.light = kage.Light{R: slice(), G: slice(), B: slice(), A: slice()}
	for i := range n {
		c.points.X[i], c.points.Y[i], c.points.Z[i] = 24*r.Float32()-12, 8*r.Float32(), 24*r.Float32()-12
		p := CanopyPoint{Flash: max(0, 2*r.Float32()-1), Along: r.Float32(), Random: r.Float32()}
		c.points.Life[0][i], c.points.Pixel[0][i], c.points.Pixel[1][i], c.px[i] = p.Flash, p.Along, p.Random, p
	}
	return c
}

// TestCompiledCanopyIsTheWrittenOne: the compiler and the hand agree to the
// bit, on every kernel set, for any number of cells and at a ragged end.
func TestCompiledCanopyIsTheWrittenOne(t *testing.T) {
	f := compileCanopy(t)
	if !f.ReadsLife() || !f.ReadsPixel() {
		t.Errorf("reads life %v, pixel %v: both", f.ReadsLife(), f.ReadsPixel())
	}
	for _, k := range block.Sets() {
		r := rand.New(rand.NewPCG(3, 4))
		s := f.NewState(k)
		for _, cells := range []int{0, 1, 3, 8} {
			u := crowd(cells, r)
			c := trees(3*block.Size+37, r)
			u.set(f, s.Words())
			s.Begin()
			s.Light(c.points, c.light)
			bad := 0
			for i, px := range c.px {
				var want, got [4]float32
				want[0], want[1], want[2], want[3] = ForestCanopy(&u, c.points.X[i], c.points.Y[i], c.points.Z[i], px)
				got = [4]float32{c.light.R[i], c.light.G[i], c.light.B[i], c.light.A[i]}
				if want != got {
					if bad++; bad < 4 {
						t.Errorf("%s, %d cells, point %d: %v by the compiler, %v by hand", k.Name(), cells, i, got, want)
					}
				}
			}
		}
	}
}

func TestPlayingAllocatesNothing(t *testing.T) {
	f := compileCanopy(t)
	r := rand.New(rand.NewPCG(1, 2))
	u, c, s := crowd(4, r), trees(1000, r), f.NewState(block.Best())
	u.set(f, s.Words())
	if n := testing.AllocsPerRun(20, func() { s.Begin(); s.Light(c.points, c.light) }); n != 0 {
		t.Errorf("a frame allocates %v times", n)
	}
}
