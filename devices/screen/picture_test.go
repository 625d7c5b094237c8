//go:build !venue

package screen

import (
	"fmt"
	"image"
	"math"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/screen/desk"
	"noctiluca/engine"
	"noctiluca/engine/safety"
	"noctiluca/engine/signal"
	"noctiluca/installations"
	"noctiluca/shaders"

	"github.com/hajimehoshi/ebiten/v2"
)

// lamps is an installation made for these tests: LEDs in a row, no scenery.
func lamps(n int) *installations.Installation {
	inst := &installations.Installation{Name: "lamps", Title: "Lamps", Rate: 60}
	inst.Fixtures = []installations.Fixture{{Name: "row", Kind: "strip", Count: n}}
	for i := range n {
		inst.Pixels.X = append(inst.Pixels.X, float32(i)-float32(n-1)/2)
		inst.Pixels.Y = append(inst.Pixels.Y, 1)
		inst.Pixels.Z = append(inst.Pixels.Z, 0)
		inst.Pixels.Fixture = append(inst.Pixels.Fixture, 0)
	}
	return inst
}

// draw draws one picture of an installation.
func draw(t testing.TB, inst *installations.Installation, r, g, b []float32) *image.RGBA {
	t.Helper()
	p, err := newPicture(inst, nil)
	if err != nil {
		t.Fatal(err)
	}
	const w, h = 480, 270
	dst := ebiten.NewImage(w, h)
	p.draw(dst, home(inst), r, g, b, 0, nil, true)
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	dst.ReadPixels(out.Pix)
	return out
}

func sum(i *image.RGBA) (r, g, b float64) {
	for k := 0; k < len(i.Pix); k += 4 {
		r, g, b = r+float64(i.Pix[k]), g+float64(i.Pix[k+1]), b+float64(i.Pix[k+2])
	}
	return r, g, b
}

// TestALampIsSeenWhereItIs: the brightest pixel of the picture is where the
// camera projects the one LED that shines, in its colour.
func TestALampIsSeenWhereItIs(t *testing.T) {
	needDisplay(t)
	inst := lamps(9)
	for _, lit := range []int{0, 4, 7} {
		r, g, b := make([]float32, 9), make([]float32, 9), make([]float32, 9)
		g[lit], b[lit] = 0.3, 0.05
		img := draw(t, inst, r, g, b)
		best, at := -1, image.Point{}
		for y := range 270 {
			for x := range 480 {
				c := img.RGBAAt(x, y)
				if v := int(c.R) + int(c.G) + int(c.B); v > best {
					best, at = v, image.Pt(x, y)
				}
			}
		}
		v := home(inst).View(480, 270)
		x, y, _ := v.Project([3]float32{inst.Pixels.X[lit], 1, 0})
		if math.Hypot(float64(at.X)+0.5-float64(x), float64(at.Y)+0.5-float64(y)) > 2.5 {
			t.Errorf("LED %d is at %.1f, %.1f; the brightest pixel at %v", lit, x, y, at)
		}
		if rs, gs, bs := sum(img); gs <= rs || gs <= bs {
			t.Errorf("LED %d is green; the picture sums to %.0f %.0f %.0f", lit, rs, gs, bs)
		}
	}
}

// TestMoreLightIsMoreLight, and no amount of it turns a colour into another.
func TestMoreLightIsMoreLight(t *testing.T) {
	needDisplay(t)
	inst := lamps(40)
	row := func(v float32) []float32 {
		s := make([]float32, 40)
		for i := range s {
			s[i] = v
		}
		return s
	}
	before := -1.0
	for _, v := range []float32{0, 0.02, 0.2, 1} {
		r, g, b := sum(draw(t, inst, row(0), row(v), row(v/4)))
		if g < before*0.9 {
			t.Errorf("at %v the picture is darker than with less light", v)
		}
		if v > 0 && !(g > 0.9*b && b > r && r < g/3) {
			t.Errorf("at %v green over blue over red became %.0f %.0f %.0f", v, r, g, b)
		}
		before = g
	}
}

// TestShippedFieldsAreMist: every field of every shipped installation runs on
// the GPU too.
func TestShippedFieldsAreMist(t *testing.T) {
	needDisplay(t)
	for _, name := range installations.ShippedNames() {
		inst, problems := installations.OpenNamed(name, shaders.FS)
		if inst == nil {
			t.Fatal(problems)
		}
		for _, s := range inst.Scenes {
			e, err := engine.New(inst, engine.Config{Scene: s.Name})
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range e.Layers() {
				if m := newMist(l, inst); m.problem != "" {
					t.Errorf("%s, scene %s: %s", name, s.Name, m.problem)
				}
			}
			e.Close()
		}
	}
}

// TestABrokenFieldIsSaid and draws nothing.
func TestABrokenFieldIsSaid(t *testing.T) {
	needDisplay(t)
	for _, text := range []string{"package main\n\nfunc Light(p vec3) vec4 { return q }\n", "package main\n", "pack"} {
		m := newMist(engine.Layer{Name: "broken", Kage: text}, lamps(2))
		if !strings.Contains(m.problem, "broken") || m.shader != nil {
			t.Errorf("%q: problem %q", text, m.problem)
		}
	}
}

// fixed is a Source made for these tests.
type fixed struct{ status Status }

func (f *fixed) Frame() *safety.Frame { return nil }
func (f *fixed) Words(int) []uint32   { return nil }
func (f *fixed) Status(s *Status)     { *s = f.status }

// TestTheOverlayIsWritten at any size of picture, with nobody and with many.
func TestTheOverlayIsWritten(t *testing.T) {
	needDisplay(t)
	crowd := Status{Scene: "night", FPS: 60, FrameTime: time.Millisecond, Watts: 120, Limited: true, Errors: []string{"something"}, Log: []string{"something else"},
		Cells: make([]signal.CellState, 8), Outputs: []Output{{Name: "trees", Line: "60 packets/s"}, {Name: "far", Line: "no route to host", Bad: true}}}
	for i := range 200 {
		crowd.People = append(crowd.People, signal.PersonState{Person: fmt.Sprint(i), Affect: signal.Affect{Valence: float32(i%3) - 1, Arousal: float32(i%5)/2 - 1, ArousalConfidence: float32(i % 2)}, Beat: 1})
	}
	for _, s := range []Status{{}, crowd} {
		for _, size := range [][2]int{{160, 90}, {1280, 720}, {3840, 2160}} {
			w, err := newWindow(Config{Installation: lamps(3), Source: &fixed{s}, Title: "Lamps"})
			if err != nil {
				t.Fatal(err)
			}
			w.desk.Help()
			dst := ebiten.NewImage(size[0], size[1])
			w.ink.on(dst, float64(size[1])/720)
			w.desk.Draw(w.ink, desk.Hand{}, &s)
			pix := make([]byte, 4*size[0]*size[1])
			dst.ReadPixels(pix)
			written := 0
			for _, v := range pix {
				if v != 0 {
					written++
				}
			}
			if written < size[0] {
				t.Errorf("%v: nothing is written", size)
			}
		}
	}
}

// BenchmarkPicture draws the forest at 1280×720, as the window does when it
// keeps up.
func BenchmarkPicture(b *testing.B) {
	needDisplay(b)
	inst, problems := installations.OpenNamed("forest", shaders.FS)
	if inst == nil {
		b.Fatal(problems)
	}
	e, err := engine.New(inst, engine.Config{Crowd: 7, Holders: 2})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	for n := range 600 {
		e.Step(time.Duration(n) * time.Second / 60).Release()
	}
	f := e.Step(10 * time.Second)
	defer f.Release()
	var snap engine.Snapshot
	e.Snapshot(&snap)
	red, green, blue := f.RGB()
	words := func(i int) []uint32 { return snap.Layers[i].Words }
	pix := make([]byte, 4*1280*720)
	for level := range qualities {
		b.Run(fmt.Sprintf("quality%d", level), func(b *testing.B) {
			p, err := newPicture(inst, e.Layers())
			if err != nil {
				b.Fatal(err)
			}
			p.quality = qualities[level]
			dst := ebiten.NewImage(1280, 720)
			o := home(inst)
			for b.Loop() {
				p.draw(dst, o, red, green, blue, time.Second, words, false)
				dst.ReadPixels(pix)
			}
		})
	}
}

// TestMistIsReloaded: a field that is saved has its mist made anew, and no
// other; one that is broken says why; a picture has none and says nothing.
func TestMistIsReloaded(t *testing.T) {
	needDisplay(t)
	inst := lamps(2)
	layer := func(body string) engine.Layer {
		return engine.Layer{Name: "l", Kage: "package f\n\nfunc Light(p vec3) vec4 { return " + body + " }\n"}
	}
	p, err := newPicture(inst, []engine.Layer{layer("vec4(1)"), layer("vec4(0)")})
	if err != nil {
		t.Fatal(err)
	}
	first, second := p.mists[0], p.mists[1]
	p.reload([]engine.Layer{layer("vec4(0.5)"), layer("vec4(0)")}, inst)
	if p.mists[0] == first || p.mists[1] != second {
		t.Error("not the one mist whose field was saved was made anew")
	}
	p.reload(nil, inst)
	p.reload([]engine.Layer{layer("vec4(q)"), {Name: "l", Kage: "//kage:unit pixels\npackage f\n\nfunc Fragment(p vec4) vec4 { return p }\n"}}, inst)
	if problems := p.problems(); len(problems) != 1 {
		t.Errorf("problems %q, want one, of the broken field", problems)
	}
}

// BenchmarkDesk draws the interface alone, at 1280×720.
func BenchmarkDesk(b *testing.B) {
	needDisplay(b)
	g := newGrove(b, 12)
	g.run(5)
	w := g.window(b)
	dst := ebiten.NewImage(1280, 720)
	pix := make([]byte, 4*1280*720)
	w.ink.on(dst, 1)
	b.ReportAllocs()
	for b.Loop() {
		w.c.Source.Status(&w.status)
		w.desk.Draw(w.ink, desk.Hand{X: -1, Y: -1}, &w.status)
		dst.ReadPixels(pix)
	}
}
