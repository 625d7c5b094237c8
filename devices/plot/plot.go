// Package plot draws figures of lines, areas and words, as SVG, as PNG, and,
// of curves, in a terminal. It knows nothing of what it shows; organism.go,
// which does, draws with it.
package plot

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Point is a place in a drawing, pixels from the top left.
type Point struct{ X, Y float64 }

// Drawing is shapes in the order in which they were put.
type Drawing struct {
	Width, Height int
	shapes        []shape
}

type shape struct {
	points []Point
	colour color.RGBA
	width  float64 // of a line; 0: filled
	text   string
	size   float64
	anchor float64 // 0 begins at the point, ½ in the middle of it, 1 ends there
}

// Line draws through points.
func (d *Drawing) Line(c color.RGBA, width float64, points ...Point) {
	d.shapes = append(d.shapes, shape{points: points, colour: c, width: width})
}

// Area fills what points go round.
func (d *Drawing) Area(c color.RGBA, points ...Point) {
	d.shapes = append(d.shapes, shape{points: points, colour: c})
}

// Box fills a rectangle.
func (d *Drawing) Box(c color.RGBA, x, y, w, h float64) {
	d.Area(c, Point{x, y}, Point{x + w, y}, Point{x + w, y + h}, Point{x, y + h})
}

// Words puts a line of text; anchor is where its point is on it, 0…1.
func (d *Drawing) Words(c color.RGBA, size float64, at Point, anchor float64, text string) {
	d.shapes = append(d.shapes, shape{points: []Point{at}, colour: c, text: text, size: size, anchor: anchor})
}

// SVG is the drawing as a document of its own.
func (d *Drawing) SVG() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n", d.Width, d.Height, d.Width, d.Height)
	for _, s := range d.shapes {
		c := fmt.Sprintf("#%02x%02x%02x", s.colour.R, s.colour.G, s.colour.B)
		opacity := float64(s.colour.A) / 255
		if s.text != "" {
			anchor := [3]string{"start", "middle", "end"}[int(s.anchor*2)]
			fmt.Fprintf(&b, "<text x=\"%.1f\" y=\"%.1f\" font-family=\"Go, Helvetica, sans-serif\" font-size=\"%g\" fill=\"%s\" text-anchor=\"%s\">", s.points[0].X, s.points[0].Y, s.size, c, anchor)
			_ = xml.EscapeText(&b, []byte(s.text))
			b.WriteString("</text>\n")
			continue
		}
		kind := "polygon"
		if s.width > 0 {
			kind = "polyline"
		}
		fmt.Fprintf(&b, "<%s points=\"", kind)
		for i, p := range s.points {
			if i > 0 {
				b.WriteByte(' ')
			}
			fmt.Fprintf(&b, "%.1f,%.1f", p.X, p.Y)
		}
		if s.width > 0 {
			fmt.Fprintf(&b, "\" fill=\"none\" stroke=\"%s\" stroke-opacity=\"%.3g\" stroke-width=\"%g\" stroke-linejoin=\"round\"/>\n", c, opacity, s.width)
		} else {
			fmt.Fprintf(&b, "\" fill=\"%s\" fill-opacity=\"%.3g\"/>\n", c, opacity)
		}
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

var face = sync.OnceValue(func() *opentype.Font {
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		panic(err) // it is part of the program
	}
	return f
})

// Image is the drawing in pixels.
func (d *Drawing) Image() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, d.Width, d.Height))
	faces := map[float64]font.Face{}
	for _, s := range d.shapes {
		if s.text != "" {
			if faces[s.size] == nil {
				f, err := opentype.NewFace(face(), &opentype.FaceOptions{Size: s.size, DPI: 72, Hinting: font.HintingNone})
				if err != nil {
					continue
				}
				faces[s.size] = f
			}
			dr := font.Drawer{Dst: img, Src: image.NewUniform(s.colour), Face: faces[s.size]}
			dr.Dot = fixed.Point26_6{X: fixed.Int26_6(s.points[0].X*64) - fixed.Int26_6(float64(dr.MeasureString(s.text))*s.anchor), Y: fixed.Int26_6(s.points[0].Y * 64)}
			dr.DrawString(s.text)
			continue
		}
		// Only where the shape is: thousands of small ones over the whole
		// picture would take seconds.
		at := s.bounds().Intersect(img.Bounds())
		if at.Empty() {
			continue
		}
		r := vector.NewRasterizer(at.Dx(), at.Dy())
		ps := make([]Point, len(s.points))
		for i, p := range s.points {
			ps[i] = Point{p.X - float64(at.Min.X), p.Y - float64(at.Min.Y)}
		}
		if s.width == 0 {
			path(r, ps)
		}
		for i := 1; s.width > 0 && i < len(ps); i++ {
			stroke(r, ps[i-1], ps[i], s.width/2)
		}
		r.Draw(img, at, image.NewUniform(premultiplied(s.colour)), image.Point{})
	}
	return img
}

// bounds is the pixels that a shape of points can touch.
func (s *shape) bounds() image.Rectangle {
	lo, hi := s.points[0], s.points[0]
	for _, p := range s.points {
		lo, hi = Point{min(lo.X, p.X), min(lo.Y, p.Y)}, Point{max(hi.X, p.X), max(hi.Y, p.Y)}
	}
	return image.Rect(int(math.Floor(lo.X-s.width)), int(math.Floor(lo.Y-s.width)), int(math.Ceil(hi.X+s.width))+1, int(math.Ceil(hi.Y+s.width))+1)
}

func premultiplied(c color.RGBA) color.RGBA {
	a := uint32(c.A)
	return color.RGBA{uint8(uint32(c.R) * a / 255), uint8(uint32(c.G) * a / 255), uint8(uint32(c.B) * a / 255), c.A}
}

func path(r *vector.Rasterizer, ps []Point) {
	for i, p := range ps {
		if i == 0 {
			r.MoveTo(float32(p.X), float32(p.Y))
		} else {
			r.LineTo(float32(p.X), float32(p.Y))
		}
	}
	r.ClosePath()
}

// stroke adds a segment as a hexagon, so that segments join.
func stroke(r *vector.Rasterizer, a, b Point, w float64) {
	dx, dy := b.X-a.X, b.Y-a.Y
	l := math.Hypot(dx, dy)
	if l == 0 {
		return
	}
	dx, dy = dx/l*w, dy/l*w
	path(r, []Point{{a.X - dx, a.Y - dy}, {a.X - dy, a.Y + dx}, {b.X - dy, b.Y + dx}, {b.X + dx, b.Y + dy}, {b.X + dy, b.Y - dx}, {a.X + dy, a.Y - dx}})
}

// PNG is the drawing as a file.
func (d *Drawing) PNG() ([]byte, error) {
	var b bytes.Buffer
	err := png.Encode(&b, d.Image())
	return b.Bytes(), err
}

// Terminal draws values of 0…1 as a curve of block characters, columns wide
// and rows high; each column is the highest of what it holds.
func Terminal(values []float64, columns, rows int) string {
	blocks := []rune(" ▁▂▃▄▅▆▇█")
	heights := make([]float64, columns)
	for i, v := range values {
		c := i * columns / len(values)
		heights[c] = max(heights[c], v)
	}
	var b bytes.Buffer
	for row := rows - 1; row >= 0; row-- {
		for _, h := range heights {
			part := h*float64(rows) - float64(row)
			b.WriteRune(blocks[int(math.Round(8*min(max(part, 0), 1)))])
		}
		b.WriteByte('\n')
	}
	return b.String()
}
