package engine

import (
	"math"
	"slices"
	"strings"
	"testing"

	"noctiluca/assets/organisms"
	"noctiluca/engine/light/colour"
	"noctiluca/installations"
)

// wall plays two organisms on a nominal LED and on one with primaries of its
// own, made up for this test.
func wall(primaries [][3]float64) *installations.Installation {
	plankton, firefly := organisms.ByName("pyrocystis-noctiluca"), organisms.ByName("photinus-pyralis")
	layer := func(group, line int, o *organisms.Organism) installations.Layer {
		return installations.Layer{Group: group, Colours: []installations.Colour{{Name: "Hex", Hex: "#ffffff"}, {Name: "Organism", Organism: o, Line: line}}}
	}
	return &installations.Installation{
		File: "wall.yaml",
		Fixtures: []installations.Fixture{
			{LED: installations.LED{Type: "ws2812b", Full: [5]float64{17, 17, 17}}},
			{LED: installations.LED{Type: "mine", Full: [5]float64{17, 17, 17}, Primaries: primaries}},
			{LED: installations.LED{Type: "ws2812b", Full: [5]float64{17, 17, 17}}},
		},
		Groups: []installations.Group{{Name: "all", Fixtures: []int{0, 1, 2}}, {Name: "end", Fixtures: []int{2}}},
		Scenes: []installations.Scene{
			{Name: "a", Layers: []installations.Layer{layer(1, 10, plankton)}},
			{Name: "b", Layers: []installations.Layer{layer(0, 20, firefly), layer(0, 21, plankton)}},
			{Name: "c", Layers: []installations.Layer{layer(1, 30, plankton)}},
		},
	}
}

// TestReaches: each organism on each kind of LED once, with where, how far
// off, and a line to read.
func TestReaches(t *testing.T) {
	poor := [][3]float64{{0.64, 0.33, 0.3}, {0.30, 0.60, 0.6}, {0.15, 0.06, 0.1}}
	got, err := Reaches(wall(poor))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 4 {
		t.Fatalf("%d of 2 organisms on 2 kinds: %v", len(got), got)
	}
	find := func(organism, led string) *Reach {
		for i := range got {
			if got[i].Organism.Name == organism && got[i].LED == led {
				return &got[i]
			}
		}
		t.Fatalf("%s on %s is not there", organism, led)
		return nil
	}
	blue := find("pyrocystis-noctiluca", "ws2812b")
	if blue.Line != 10 || !slices.Equal(blue.Scenes, []string{"a", "b", "c"}) || !slices.Equal(blue.Fixtures, []int{0, 2}) || blue.Peak != 473 {
		t.Errorf("%+v", blue)
	}
	// Plankton at 473 nm lies out of every triangle of LEDs; sRGB's is the smaller.
	if mine := find("pyrocystis-noctiluca", "mine"); !(mine.Distance > blue.Distance && blue.Noticed()) {
		t.Errorf("sRGB's primaries come as near as an LED's: %.3f, %.3f", mine.Distance, blue.Distance)
	}
	if s := blue.String(); !strings.HasPrefix(s, "Pyrocystis noctiluca, 473 nm: outside ws2812b's gamut, ΔE OK 0.") || !strings.HasSuffix(s, ", shown desaturated") {
		t.Errorf("says %q", s)
	}
	for i := 1; i < len(got); i++ {
		if got[i].Distance > got[i-1].Distance {
			t.Errorf("not first what is furthest off: %v", got)
		}
	}
	for i := range got {
		r := &got[i]
		// ΔE and chromaticity tell the same: what is on the spot is no distance away.
		gap := math.Hypot(r.Wanted[0]-r.Shown[0], r.Wanted[1]-r.Shown[1])
		if (gap < 1e-4) != (r.Distance < 1e-3) {
			t.Errorf("%v: x, y %.4f apart", r, gap)
		}
		t.Logf("%v; x %.4f y %.4f shown as x %.4f y %.4f", r, r.Wanted[0], r.Wanted[1], r.Shown[0], r.Shown[1])
	}
	// An LED with the nominal primaries, measured, reaches what the nominal one does.
	var same [][3]float64
	for _, e := range colour.Nominal() {
		x, y := e.XYZ.Chromaticity()
		same = append(same, [3]float64{x, y, e.XYZ[1]})
	}
	got, err = Reaches(wall(same))
	if err != nil {
		t.Fatal(err)
	}
	a, b := find("pyrocystis-noctiluca", "ws2812b"), find("pyrocystis-noctiluca", "mine")
	if math.Abs(a.Distance-b.Distance) > 1e-3 || math.Abs(a.Shown[0]-b.Shown[0]) > 1e-4 || math.Abs(a.Shown[1]-b.Shown[1]) > 1e-4 {
		t.Errorf("one LED, two answers: %v %.4f, %v %.4f", a.Shown, a.Distance, b.Shown, b.Distance)
	}
	if ps := Unreached(wall(poor)); len(ps) != 4 || !ps[0].Warning || ps[0].File != "wall.yaml" {
		t.Errorf("warns %v", ps)
	}
	if _, err := Reaches(wall([][3]float64{{0.3, 0.3, 1}, {0.3, 0.3, 1}, {0.3, 0.3, 1}})); err == nil {
		t.Error("primaries on one spot are taken")
	}
}
