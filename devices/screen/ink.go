//go:build !venue

package screen

import (
	"bytes"
	"fmt"
	"image/color"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/text/v2"
	"github.com/hajimehoshi/ebiten/v2/vector"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/goregular"
)

// The colours of everything written: of moonlight, not to outshine the light
// that is looked at.
var (
	paper  = color.NRGBA{4, 9, 14, 176}      // behind text
	pale   = color.NRGBA{205, 222, 228, 235} // what is read
	faint  = color.NRGBA{128, 152, 162, 220} // what names it
	line   = color.NRGBA{120, 150, 165, 70}
	living = color.NRGBA{90, 225, 200, 235} // a value that is alive
	wrong  = color.NRGBA{255, 140, 110, 245}
)

// ink writes and draws, in units of the display rather than pixels.
type ink struct {
	regular, medium *text.GoTextFaceSource
	faces           map[inkFace]*text.GoTextFace
	dst             *ebiten.Image
	scale           float64 // pixels a unit
	options         text.DrawOptions
}

type inkFace struct {
	medium bool
	size   float64
}

func newInk() (*ink, error) {
	i := &ink{faces: map[inkFace]*text.GoTextFace{}, scale: 1}
	var err error
	if i.regular, err = text.NewGoTextFaceSource(bytes.NewReader(goregular.TTF)); err == nil {
		i.medium, err = text.NewGoTextFaceSource(bytes.NewReader(gomedium.TTF))
	}
	if err != nil {
		return nil, fmt.Errorf("screen: the font: %w", err)
	}
	return i, nil
}

// on draws on dst from here on, with that many pixels a unit.
func (i *ink) on(dst *ebiten.Image, scale float64) { i.dst, i.scale = dst, scale }

// size is how large the picture is, in units.
func (i *ink) size() (width, height float64) {
	s := i.dst.Bounds().Size()
	return float64(s.X) / i.scale, float64(s.Y) / i.scale
}

func (i *ink) face(medium bool, size float64) *text.GoTextFace {
	k := inkFace{medium, size * i.scale}
	f := i.faces[k]
	if f == nil {
		f = &text.GoTextFace{Source: i.regular, Size: k.size}
		if medium {
			f.Source = i.medium
		}
		i.faces[k] = f
	}
	return f
}

// write puts one line with its upper left corner at x, y and gives its width.
func (i *ink) write(s string, x, y, size float64, c color.Color) float64 {
	return i.put(s, x, y, i.face(false, size), text.AlignStart, c)
}

// title is write in the heavier face.
func (i *ink) title(s string, x, y, size float64, c color.Color) float64 {
	return i.put(s, x, y, i.face(true, size), text.AlignStart, c)
}

// writeTo is write with its upper right corner at x, y.
func (i *ink) writeTo(s string, x, y, size float64, c color.Color) float64 {
	return i.put(s, x, y, i.face(false, size), text.AlignEnd, c)
}

func (i *ink) put(s string, x, y float64, f *text.GoTextFace, align text.Align, c color.Color) float64 {
	o := &i.options
	o.GeoM.Reset()
	o.GeoM.Translate(x*i.scale, y*i.scale)
	o.ColorScale.Reset()
	o.ColorScale.ScaleWithColor(c)
	o.PrimaryAlign = align
	text.Draw(i.dst, s, f, o)
	return text.Advance(s, f) / i.scale
}

// box fills a rectangle.
func (i *ink) box(x, y, w, h float64, c color.Color) {
	k := i.scale
	vector.FillRect(i.dst, float32(x*k), float32(y*k), float32(w*k), float32(h*k), c, false)
}

// bar draws a value of 0…1 as a filled part of a line.
func (i *ink) bar(x, y, w, h, value float64, c color.Color) {
	i.box(x, y, w, h, line)
	i.box(x, y, w*min(max(value, 0), 1), h, c)
}

// stroke draws a straight line.
func (i *ink) stroke(x0, y0, x1, y1, width float64, c color.Color) {
	k := i.scale
	vector.StrokeLine(i.dst, float32(x0*k), float32(y0*k), float32(x1*k), float32(y1*k), float32(width*k), c, true)
}

// dot fills a circle; ring draws its edge.
func (i *ink) dot(x, y, radius float64, c color.Color) {
	k := i.scale
	vector.FillCircle(i.dst, float32(x*k), float32(y*k), float32(radius*k), c, true)
}

func (i *ink) ring(x, y, radius, width float64, c color.Color) {
	k := i.scale
	vector.StrokeCircle(i.dst, float32(x*k), float32(y*k), float32(radius*k), float32(width*k), c, true)
}
