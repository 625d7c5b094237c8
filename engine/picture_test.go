package engine

import (
	"image"
	"image/color"
	"math"
	"testing"

	"noctiluca/installations"
)

// TestSurfaces: where places in space lie on a picture of 100 by 50 pixels.
func TestSurfaces(t *testing.T) {
	plane := installations.Picture{At: [3]float64{1, 2, 3}, Normal: [3]float64{0, 0, 1}, Width: 4, Height: 2, Pixels: [2]int{100, 50}}
	floor, back, turned := plane, plane, plane
	floor.Normal, back.Normal, turned.Turn = [3]float64{0, 1, 0}, [3]float64{0, 0, -2}, 90
	tube := installations.Picture{Cylinder: true, Normal: [3]float64{0, 1, 0}, Height: 2, Pixels: [2]int{100, 50}}
	lying := tube
	lying.Normal = [3]float64{1, 0, 0}
	for _, c := range []struct {
		name  string
		p     installations.Picture
		place [3]float32
		u, v  float32
		on    bool
	}{
		{"middle", plane, [3]float32{1, 2, 9}, 50, 25, true},
		{"left above", plane, [3]float32{-1, 3, 0}, 0, 0, true},
		{"right below", plane, [3]float32{2.9, 1.1, 0}, 97.5, 47.5, true},
		{"outside", plane, [3]float32{3.1, 2, 3}, 102.5, 25, false},
		{"above", plane, [3]float32{1, 3.1, 3}, 50, -2.5, false},
		{"seen from behind", back, [3]float32{2, 2, 0}, 25, 25, true},
		{"floor, far from the viewer", floor, [3]float32{1, 0, 2.5}, 50, 12.5, true},
		{"turned, its right is up", turned, [3]float32{1, 3, 3}, 75, 25, true},
		{"tube, towards the viewer", tube, [3]float32{0, 0, 3}, 50, 25, true},
		{"tube, to the right", tube, [3]float32{2, 0.5, 0}, 75, 12.5, true},
		{"tube, to the left", tube, [3]float32{-1, -0.5, 0}, 25, 37.5, true},
		{"tube, at the back", tube, [3]float32{-0.001, 0, -5}, 0, 25, true},
		{"tube, too high", tube, [3]float32{0, 1.1, 1}, 50, -2.5, false},
		{"lying tube, towards the viewer", lying, [3]float32{0.5, 0, 3}, 50, 12.5, true},
	} {
		u, v, on := newSurface(&c.p).find(c.place[0], c.place[1], c.place[2])
		if math.Abs(float64(u-c.u)) > 0.01 || math.Abs(float64(v-c.v)) > 0.01 || on != c.on {
			t.Errorf("%s: %v is at %.3f, %.3f, on it: %v; want %v, %v, %v", c.name, c.place, u, v, on, c.u, c.v, c.on)
		}
	}
}

const poster = `//kage:unit pixels
package main

var Glow float

func Fragment(dst vec4, src vec2) vec4 {
	return imageSrc0At(src-imageDstOrigin()+imageSrc0Origin()) * Glow
}
`

// TestPictureIsWrapped: LEDs on the picture take its colours as linear light;
// those outside stay dark; what does not fit is refused.
func TestPictureIsWrapped(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 2, 1))
	img.SetRGBA(0, 0, color.RGBA{255, 0, 0, 255})
	img.SetRGBA(1, 0, color.RGBA{0, 188, 0, 255}) // 0.5 in linear light, nearly
	inst := small(poster)
	layer := &inst.Scenes[0].Layers[0]
	layer.Picture = &installations.Picture{At: [3]float64{2, 3, 0}, Normal: [3]float64{0, 0, 1}, Width: 2, Height: 2, Pixels: [2]int{2, 1}}
	layer.Images = []image.Image{img}
	layer.Life, layer.Level = "", 1
	layer.Parameters = []installations.Parameter{{Name: "Glow", Min: 0, Max: 1, Default: 1}}
	inst.Scenes[0].Layers = inst.Scenes[0].Layers[:1]
	e := play(t, inst, Config{})
	f := e.Step(frameTime(1))
	defer f.Release()
	r, g, _ := f.RGB()
	for i := range 3000 {
		x, y := inst.Pixels.X[i], inst.Pixels.Y[i]
		var want [2]float32
		if x >= 1 && x < 2 && y > 2 && y <= 4 {
			want[0] = 1
		} else if x >= 2 && x < 3 && y > 2 && y <= 4 {
			want[1] = 0.5029
		}
		near := math.Abs(float64(x-1)) < 1e-3 || math.Abs(float64(x-2)) < 1e-3 || math.Abs(float64(x-3)) < 1e-3 || math.Abs(float64(y-2)) < 1e-3 || math.Abs(float64(y-4)) < 1e-3
		if !near && (math.Abs(float64(r[i]-want[0])) > 0.001 || math.Abs(float64(g[i]-want[1])) > 0.001) {
			t.Fatalf("pixel at %v, %v: red %v, green %v, want %v", x, y, r[i], g[i], want)
		}
	}

	layer.Images = nil
	if _, err := New(inst, Config{}); err == nil {
		t.Error("without the image that it reads the field plays")
	}
	layer.Picture = nil
	if _, err := New(inst, Config{}); err == nil {
		t.Error("without a picture key a Fragment plays")
	}
}
