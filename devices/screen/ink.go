//go:build !venue

package screen

import (
	"bytes"
	"fmt"
	"image"
	"image/color"

	"noctiluca/devices/screen/desk"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/text/v2"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
)

var (
	_ desk.Canvas  = (*ink)(nil)
	_ desk.Clipper = (*ink)(nil)
)

// ink writes and draws, in units of the display rather than pixels.
type ink struct {
	regular, medium, mono *text.GoTextFaceSource
	faces                 map[desk.Face]*text.GoTextFace
	widths                map[measured]float64
	whole, dst            *ebiten.Image
	scale                 float64 // pixels a unit
	options               text.DrawOptions
	shapes                shapes
}

// measured is a text whose width is known.
type measured struct {
	text string
	face desk.Face
}

// mostWidths bounds what is remembered of widths.
const mostWidths = 4096

func newInk() (*ink, error) {
	i := &ink{faces: map[desk.Face]*text.GoTextFace{}, widths: map[measured]float64{}, scale: 1, shapes: newShapes()}
	for to, ttf := range map[**text.GoTextFaceSource][]byte{&i.regular: goregular.TTF, &i.medium: gomedium.TTF, &i.mono: gomono.TTF} {
		s, err := text.NewGoTextFaceSource(bytes.NewReader(ttf))
		if err != nil {
			return nil, fmt.Errorf("screen: the font: %w", err)
		}
		*to = s
	}
	return i, nil
}

// on draws on dst from here on, with that many pixels a unit.
func (i *ink) on(dst *ebiten.Image, scale float64) {
	if scale != i.scale {
		clear(i.faces)
		clear(i.widths)
	}
	i.whole, i.dst, i.scale = dst, dst, scale
}

// Size is how large the picture is, in units.
func (i *ink) Size() (width, height float64) {
	s := i.whole.Bounds().Size()
	return float64(s.X) / i.scale, float64(s.Y) / i.scale
}

// Clip leaves out what is drawn outside a rectangle, until Unclip.
func (i *ink) Clip(x, y, w, h float64) {
	k := i.scale
	i.dst = i.whole.SubImage(image.Rect(int(x*k), int(y*k), int((x+w)*k), int((y+h)*k))).(*ebiten.Image)
}

// Unclip ends a Clip.
func (i *ink) Unclip() { i.dst = i.whole }

func (i *ink) face(f desk.Face) *text.GoTextFace {
	g := i.faces[f]
	if g == nil {
		g = &text.GoTextFace{Source: i.regular, Size: f.Size * i.scale}
		switch {
		case f.Mono:
			g.Source = i.mono
		case f.Medium:
			g.Source = i.medium
		}
		i.faces[f] = g
	}
	return g
}

// Width is how wide a text is, in units.
func (i *ink) Width(s string, f desk.Face) float64 {
	k := measured{s, f}
	w, ok := i.widths[k]
	if !ok {
		if len(i.widths) >= mostWidths {
			clear(i.widths)
		}
		w = text.Advance(s, i.face(f)) / i.scale
		i.widths[k] = w
	}
	return w
}

// Text writes one line.
func (i *ink) Text(s string, x, y float64, f desk.Face, a desk.Align, c color.NRGBA) {
	if s == "" {
		return
	}
	o := &i.options
	o.GeoM.Reset()
	o.GeoM.Translate(x*i.scale, y*i.scale)
	o.ColorScale.Reset()
	o.ColorScale.ScaleWithColor(c)
	o.PrimaryAlign = [...]text.Align{desk.Left: text.AlignStart, desk.Right: text.AlignEnd, desk.Middle: text.AlignCenter}[a]
	for _, r := range s {
		if r != ' ' {
			i.shapes.count.draw(4, 6) // a glyph
		}
	}
	text.Draw(i.dst, s, i.face(f), o)
}

// Box fills a rectangle.
func (i *ink) Box(x, y, w, h float64, c color.NRGBA) {
	k := i.scale
	i.shapes.box(i.dst, float32(x*k), float32(y*k), float32(w*k), float32(h*k), c)
}

// Line draws a straight line.
func (i *ink) Line(x0, y0, x1, y1, width float64, c color.NRGBA) {
	k := i.scale
	i.shapes.line(i.dst, float32(x0*k), float32(y0*k), float32(x1*k), float32(y1*k), float32(width*k), c)
}

// Curve joins points by straight lines, drawn together.
func (i *ink) Curve(points []float64, width float64, c color.NRGBA) {
	i.shapes.curve(i.dst, points, i.scale, float32(width*i.scale), c)
}

// Dot fills a circle.
func (i *ink) Dot(x, y, radius float64, c color.NRGBA) {
	k := i.scale
	i.shapes.ring(i.dst, float32(x*k), float32(y*k), 0, float32(radius*k), c)
}

// Ring draws the edge of a circle.
func (i *ink) Ring(x, y, radius, width float64, c color.NRGBA) {
	k := i.scale
	i.shapes.ring(i.dst, float32(x*k), float32(y*k), float32((radius-width/2)*k), float32((radius+width/2)*k), c)
}
