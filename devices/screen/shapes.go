//go:build !venue

package screen

import (
	"image"
	"image/color"
	"math"

	"github.com/hajimehoshi/ebiten/v2"
)

// shapes draws plain shapes as triangles of one white image, with an edge that
// fades over a pixel. All of them, and text, go to the GPU together, which
// paths with their own antialiasing do not.
type shapes struct {
	white    *ebiten.Image
	vertices []ebiten.Vertex
	indices  []uint32
	options  ebiten.DrawTrianglesOptions
	count    tally
}

func newShapes() shapes {
	whole := ebiten.NewImage(3, 3)
	whole.Fill(color.White)
	return shapes{white: whole.SubImage(image.Rect(1, 1, 2, 2)).(*ebiten.Image)}
}

// corner adds a vertex of the colour c, premultiplied, times k.
func (s *shapes) corner(x, y float32, c color.NRGBA, k float32) {
	a := float32(c.A) / 255 * k
	s.vertices = append(s.vertices, ebiten.Vertex{
		DstX: x, DstY: y, SrcX: 1.5, SrcY: 1.5,
		ColorR: float32(c.R) / 255 * a, ColorG: float32(c.G) / 255 * a, ColorB: float32(c.B) / 255 * a, ColorA: a,
	})
}

// quad joins four vertices, the first two along one side, the others along the
// opposite one.
func (s *shapes) quad(a, b, c, d int) {
	s.indices = append(s.indices, uint32(a), uint32(b), uint32(c), uint32(b), uint32(c), uint32(d))
}

func (s *shapes) flush(dst *ebiten.Image) {
	if len(s.indices) == 0 {
		return
	}
	s.options.ColorScaleMode = ebiten.ColorScaleModePremultipliedAlpha
	s.count.draw(len(s.vertices), len(s.indices))
	dst.DrawTriangles32(s.vertices, s.indices, s.white, &s.options)
	s.vertices, s.indices = s.vertices[:0], s.indices[:0]
}

// box fills a rectangle, in pixels.
func (s *shapes) box(dst *ebiten.Image, x, y, w, h float32, c color.NRGBA) {
	s.corner(x, y, c, 1)
	s.corner(x+w, y, c, 1)
	s.corner(x, y+h, c, 1)
	s.corner(x+w, y+h, c, 1)
	s.quad(0, 1, 2, 3)
	s.flush(dst)
}

// line draws a straight line.
func (s *shapes) line(dst *ebiten.Image, x0, y0, x1, y1, width float32, c color.NRGBA) {
	s.stroke(x0, y0, x1, y1, width, c)
	s.flush(dst)
}

// curve joins points, x and y in turn, each times k, by lines: all of them in
// one draw.
func (s *shapes) curve(dst *ebiten.Image, points []float64, k float64, width float32, c color.NRGBA) {
	for i := 2; i+1 < len(points); i += 2 {
		s.stroke(float32(k*points[i-2]), float32(k*points[i-1]), float32(k*points[i]), float32(k*points[i+1]), width, c)
	}
	s.flush(dst)
}

// stroke adds a line: across it are an edge, two sides of its middle, and the
// other edge.
func (s *shapes) stroke(x0, y0, x1, y1, width float32, c color.NRGBA) {
	dx, dy := x1-x0, y1-y0
	l := float32(math.Hypot(float64(dx), float64(dy)))
	if l == 0 {
		return
	}
	nx, ny := -dy/l, dx/l
	inner, k := width/2-0.5, float32(1)
	if inner < 0 {
		inner, k = 0, width
	}
	first := len(s.vertices)
	for _, r := range [4]float32{-inner - 1, -inner, inner, inner + 1} {
		shine := k
		if r < -inner || r > inner {
			shine = 0
		}
		s.corner(x0+nx*r, y0+ny*r, c, shine)
		s.corner(x1+nx*r, y1+ny*r, c, shine)
	}
	for k := first; k < first+6; k += 2 {
		s.quad(k, k+1, k+2, k+3)
	}
}

// ring draws the part of a circle between two radii; a disc has an inner one
// of 0.
func (s *shapes) ring(dst *ebiten.Image, x, y, inner, outer float32, c color.NRGBA) {
	n := min(max(int(outer*1.5), 12), 96)
	radii := [4]float32{inner - 0.5, inner + 0.5, outer - 0.5, outer + 0.5}
	shine := [4]float32{0, 1, 1, 0}
	if inner <= 0 {
		radii[0], radii[1], shine[0] = 0, 0, 1
	}
	if radii[2] < radii[1] { // thinner than a pixel
		m := (radii[1] + radii[2]) / 2
		k := max(outer-inner, 0)
		radii[1], radii[2], shine[1], shine[2] = m, m, k, k
	}
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		for k, r := range radii {
			r = max(r, 0)
			s.corner(x+r*float32(cos), y+r*float32(sin), c, shine[k])
		}
		next := 4 * ((i + 1) % n)
		for k := range 3 {
			s.quad(4*i+k, 4*i+k+1, next+k, next+k+1)
		}
	}
	s.flush(dst)
}
