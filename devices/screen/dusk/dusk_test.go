package dusk

import (
	"math"
	"testing"

	"noctiluca/devices/screen/camera"
	"noctiluca/installations"
)

func TestFilm(t *testing.T) {
	before := float32(-1)
	for l := float32(0); l < 20; l += 0.003 {
		v := Film(l)
		want := 255 * math.Sqrt(1-math.Exp(-float64(l)))
		if math.Abs(float64(v)-want) > 0.75 {
			t.Fatalf("Film(%v) = %v, want %v", l, v, want)
		}
		if v < before || v > 255 {
			t.Fatalf("Film(%v) = %v after %v: it must rise and never clip", l, v, before)
		}
		before = v
	}
	for _, l := range []float32{-1, float32(math.NaN()), float32(math.Inf(-1))} {
		if v := Film(l); v != 0 {
			t.Errorf("Film(%v) = %v", l, v)
		}
	}
	if v := Film(float32(math.Inf(1))); v < 254 || v > 255 {
		t.Errorf("Film(∞) = %v", v)
	}
}

// TestAir: light adds, keeps its colour and falls off with distance.
func TestAir(t *testing.T) {
	lo, hi := camera.Vec{-8, 0, -8}, camera.Vec{8, 8, 8}
	a := NewAir(lo, hi, 0.5, []float32{-3, 3}, []float32{4, 4}, []float32{0, 0})
	at := func(r []float32, p camera.Vec) float32 {
		a.Fill(r, make([]float32, 2), []float32{0, 0})
		v, g, b := a.At(p[0], p[1], p[2])
		if g != 0 || b != 0 {
			t.Fatalf("red light arrives as %v %v %v", v, g, b)
		}
		return v
	}
	left, right, both := at([]float32{1, 0}, camera.Vec{1, 4, 1}), at([]float32{0, 1}, camera.Vec{1, 4, 1}), at([]float32{1, 1}, camera.Vec{1, 4, 1})
	if math.Abs(float64(left+right-both)) > 1e-4*float64(both) {
		t.Errorf("%v and %v together are %v", left, right, both)
	}
	before := float32(math.Inf(1))
	for _, d := range []float32{0.3, 1, 2, 4, 7} {
		v := at([]float32{1, 0}, camera.Vec{-3 + d, 4, 0})
		if v >= before || v < 0 {
			t.Errorf("%v m away %v arrives, nearer %v", d, v, before)
		}
		before = v
	}
	if n := testing.AllocsPerRun(5, func() { at([]float32{1, 0}, camera.Vec{}) }); n > 2 {
		t.Errorf("Fill allocates %v times", n) // the two slices above are the test's own
	}
}

// TestGlow: what is added is spread to all sides, fades and keeps its colour.
func TestGlow(t *testing.T) {
	var g Glow
	g.Resize(160, 90)
	g.Begin()
	g.Add(80, 45, 2, 1, 0)
	g.Add(-50, 1e9, 1, 1, 1)
	g.Finish(1)
	r0, g0, b0 := g.At(80, 45)
	if r0 <= 0 || math.Abs(float64(g0-r0/2)) > 1e-4*float64(r0) || b0 != 0 {
		t.Errorf("in the middle: %v %v %v", r0, g0, b0)
	}
	before := r0
	for _, d := range []float32{4, 10, 25, 60} {
		r, _, _ := g.At(80+d, 45)
		if r >= before {
			t.Errorf("%v cells away: %v, nearer %v", d, r, before)
		}
		before = r
	}
	l, _, _ := g.At(60, 45)
	r, _, _ := g.At(100, 45)
	if math.Abs(float64(l-r)) > 0.25*float64(l+r) {
		t.Errorf("left %v, right %v", l, r)
	}
}

// TestSight: what stands before a light hides it, what stands behind does not.
func TestSight(t *testing.T) {
	var s Sight
	s.Begin(100, 60)
	s.Block(50, 0, 6, 50, 60, 6, 10)
	for _, c := range []struct {
		x, depth, lo, hi float32
	}{{50, 20, 0, 0.05}, {50, 5, 0.95, 1}, {10, 20, 0.95, 1}} {
		if v := s.Seen(c.x, 30, c.depth); v < c.lo || v > c.hi {
			t.Errorf("at %v cells, %v m: %v is seen, want %v…%v", c.x, c.depth, v, c.lo, c.hi)
		}
	}
}

// TestWood: limbs become chains whose ends are where the limbs' were.
func TestWood(t *testing.T) {
	limbs := []installations.Limb{
		{From: [3]float32{0, 0, 0}, To: [3]float32{0, 1, 0}, RadiusFrom: 0.2, RadiusTo: 0.15},
		{From: [3]float32{0, 1, 0}, To: [3]float32{0.5, 2, 0}, RadiusFrom: 0.15, RadiusTo: 0.1},
		{From: [3]float32{5, 0, 0}, To: [3]float32{5, 3, 0}, RadiusFrom: 0.1, RadiusTo: 0.02},
	}
	w := NewWood(limbs, func(int) bool { return false }, []float32{0.2}, []float32{1}, []float32{0})
	if len(w.Segments) < 3 {
		t.Fatalf("%d segments of 3 limbs", len(w.Segments))
	}
	for _, l := range limbs {
		for _, p := range [][3]float32{l.From, l.To} {
			found := false
			for i := range w.Nodes {
				found = found || w.Nodes[i].At.Distance(p) < 0.05
			}
			if !found {
				t.Errorf("no node at %v", p)
			}
		}
	}
	for i := range w.Nodes {
		r, g, b := w.Near(i, []float32{1}, []float32{0}, []float32{0})
		if r < 0 || g != 0 || b != 0 {
			t.Errorf("node %d gets %v %v %v", i, r, g, b)
		}
	}
}

// TestClear is the exponential.
func TestClear(t *testing.T) {
	for x := float32(0); x < 10; x += 0.0037 {
		want := math.Exp(-float64(min(x, clearMost)))
		if d := math.Abs(float64(Clear(x)) - want); d > 1e-5 {
			t.Fatalf("through %v comes %v, want %v", x, Clear(x), want)
		}
	}
}
