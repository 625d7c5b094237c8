package dusk

import (
	"image"
	"image/color"
	"math"
)

// barkSize is the width and height of the texture, a power of two.
const barkSize = 256

// Bark is how rough bark is: ridges that run upwards and split, 0 deep to 255
// high. It repeats in both directions.
func Bark() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, barkSize, barkSize))
	for y := range barkSize {
		for x := range barkSize {
			fx, fy := float32(x)/barkSize, float32(y)/barkSize
			bend := tiled(fx, fy, 8, 4) - 0.5
			ridges := 1 - float32(math.Abs(float64(2*tiled(fx+0.05*bend, fy, 24, 3)-1)))
			fine := tiled(fx+0.03*bend, fy, 64, 16)
			v := 0.62*ridges*ridges + 0.38*fine*tiled(fx, fy, 16, 8)*1.6
			b := toByte(255 * v)
			img.SetRGBA(x, y, color.RGBA{b, b, b, 255})
		}
	}
	return img
}

// tiled is smooth noise of nx by ny cells that repeats after 1.
func tiled(x, y float32, nx, ny int) float32 {
	x, y = x*float32(nx), y*float32(ny)
	fx, fy := float32(math.Floor(float64(x))), float32(math.Floor(float64(y)))
	ix, iy := int(fx), int(fy)
	x, y = step(0, 1, x-fx), step(0, 1, y-fy)
	at := func(x, y int) float32 {
		return hash01(uint32((x%nx+nx)%nx)*0x27D4EB2D ^ uint32((y%ny+ny)%ny)*0x165667B1 ^ uint32(nx*131))
	}
	a := at(ix, iy) + x*(at(ix+1, iy)-at(ix, iy))
	b := at(ix, iy+1) + x*(at(ix+1, iy+1)-at(ix, iy+1))
	return a + y*(b-a)
}
