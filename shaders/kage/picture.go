package kage

import (
	"image"
	"image/draw"
)

// Picture is an image that a field samples: nearest, and 0 outside. It is
// immutable, and safe for use by any number of States.
type Picture struct {
	width, height int
	words         []uint32 // a pixel each, row by row: red in the lowest byte, then green, blue, alpha, premultiplied
}

// NewPicture copies img, 8 bits a component, as Ebitengine does.
func NewPicture(img image.Image) *Picture {
	b := img.Bounds()
	rgba, ok := img.(*image.RGBA)
	if !ok {
		rgba = image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
		draw.Draw(rgba, rgba.Bounds(), img, b.Min, draw.Src)
	}
	p := &Picture{width: b.Dx(), height: b.Dy()}
	for y := range p.height {
		row := rgba.Pix[y*rgba.Stride:]
		for x := range p.width {
			c := row[4*x : 4*x+4]
			p.words = append(p.words, uint32(c[0])|uint32(c[1])<<8|uint32(c[2])<<16|uint32(c[3])<<24)
		}
	}
	return p
}

// Size is the picture's width and height in pixels.
func (p *Picture) Size() (width, height int) { return p.width, p.height }
