// Package pdf writes small printable documents: pages with text in the
// standard fonts, lines, rectangles and polylines (PDF 1.4, ISO 32000-1).
//
// It lays nothing out and embeds no font: a page is drawn point by point by
// who makes it. The one idea it owns: the same calls give the same bytes, so
// a document can be compared with a golden one.
//
// Nothing here is safe for concurrent use.
package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"math"
	"strconv"
)

// Sizes of paper in points, 1/72 inch, upright.
var (
	A4     = Size{595.28, 841.89}
	A3     = Size{841.89, 1190.55}
	Letter = Size{612, 792}
)

// Size is a width and a height in points.
type Size struct{ Width, Height float64 }

// Turned is the size on its side.
func (s Size) Turned() Size { return Size{s.Height, s.Width} }

// Colour is red, green and blue, 0…1 each (DeviceRGB).
type Colour struct{ R, G, B float64 }

// Black and White are colours.
var (
	Black = Colour{}
	White = Colour{1, 1, 1}
)

// Gray is a colour between black, 0, and white, 1.
func Gray(v float64) Colour { return Colour{v, v, v} }

// Document is a document in the making.
type Document struct {
	title string
	pages []*Page
}

// New begins a document. The title is for the reader's window.
func New(title string) *Document { return &Document{title: title} }

// Pages is how many pages there are.
func (d *Document) Pages() int { return len(d.pages) }

// Add begins a page of a size.
func (d *Document) Add(s Size) *Page {
	p := &Page{size: s}
	d.pages = append(d.pages, p)
	return p
}

// Page is one page. Its origin is the upper left corner, x to the right and
// y down, in points.
type Page struct {
	size    Size
	content bytes.Buffer
}

// Size is the size of the page.
func (p *Page) Size() Size { return p.size }

// Text writes a line of text whose baseline begins at x, y. A character that
// the standard fonts lack (they have those of Windows-1252) is written as ?.
func (p *Page) Text(x, y float64, f Font, size float64, c Colour, text string) {
	fmt.Fprintf(&p.content, "BT %s rg /F%d %s Tf %s %s Td (", c, f+1, num(size), num(x), num(p.size.Height-y))
	for _, b := range latin(text) {
		switch {
		case b == '(' || b == ')' || b == '\\':
			p.content.WriteByte('\\')
			p.content.WriteByte(b)
		case b < 32 || b > 126:
			fmt.Fprintf(&p.content, "\\%03o", b)
		default:
			p.content.WriteByte(b)
		}
	}
	p.content.WriteString(") Tj ET\n")
}

// TextRight writes a line of text that ends at x.
func (p *Page) TextRight(x, y float64, f Font, size float64, c Colour, text string) {
	p.Text(x-f.Width(text, size), y, f, size, c, text)
}

// Line draws a line of a width.
func (p *Page) Line(x1, y1, x2, y2, width float64, c Colour) {
	p.Polyline([]float64{x1, x2}, []float64{y1, y2}, width, c)
}

// Polyline draws lines from each point to the next. It draws nothing for
// fewer than two points; xs and ys are of one length.
func (p *Page) Polyline(xs, ys []float64, width float64, c Colour) {
	if len(xs) < 2 || len(xs) != len(ys) {
		return
	}
	fmt.Fprintf(&p.content, "%s RG %s w 1 J 1 j", c, num(width))
	for i := range xs {
		op := "l"
		if i == 0 {
			op = "m"
		}
		fmt.Fprintf(&p.content, " %s %s %s", num(xs[i]), num(p.size.Height-ys[i]), op)
	}
	p.content.WriteString(" S\n")
}

// Fill paints a rectangle whose upper left corner is at x, y.
func (p *Page) Fill(x, y, width, height float64, c Colour) {
	fmt.Fprintf(&p.content, "%s rg %s %s %s %s re f\n", c, num(x), num(p.size.Height-y-height), num(width), num(height))
}

// Box draws the outline of a rectangle.
func (p *Page) Box(x, y, width, height, line float64, c Colour) {
	fmt.Fprintf(&p.content, "%s RG %s w %s %s %s %s re S\n", c, num(line), num(x), num(p.size.Height-y-height), num(width), num(height))
}

// Dot paints a disc: a line of no length with round ends.
func (p *Page) Dot(x, y, diameter float64, c Colour) {
	y = p.size.Height - y
	fmt.Fprintf(&p.content, "%s RG %s w 1 J %s %s m %s %s l S\n", c, num(diameter), num(x), num(y), num(x), num(y))
}

// String gives the three operands of a colour operator.
func (c Colour) String() string { return num(c.R) + " " + num(c.G) + " " + num(c.B) }

// num writes a number as PDF has them: no exponent, to a thousandth.
func num(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	v = math.Round(v*1000) / 1000
	if v == 0 {
		v = 0 // not −0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// WriteTo writes the document. A document without a page has one, empty.
func (d *Document) WriteTo(w io.Writer) (int64, error) {
	if len(d.pages) == 0 {
		d.Add(A4)
	}
	b := &bytes.Buffer{}
	b.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(b, "%d 0 obj\n", len(offsets))
		fmt.Fprintf(b, format, args...)
		b.WriteString("\nendobj\n")
	}
	// Objects: 1 catalogue, 2 page tree, 3 information, then the fonts, then
	// a page and its content each.
	first := 4 + len(fonts)
	object("<< /Type /Catalog /Pages 2 0 R >>")
	kids := &bytes.Buffer{}
	for i := range d.pages {
		fmt.Fprintf(kids, " %d 0 R", first+2*i)
	}
	object("<< /Type /Pages /Count %d /Kids [%s ] >>", len(d.pages), kids)
	object("<< /Title %s /Producer (Noctiluca) >>", unicodeText(d.title))
	resources := &bytes.Buffer{}
	for i, f := range fonts {
		object("<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>", f.name)
		fmt.Fprintf(resources, " /F%d %d 0 R", i+1, 4+i)
	}
	for i, p := range d.pages {
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %s %s] /Contents %d 0 R /Resources << /Font <<%s >> >> >>",
			num(p.size.Width), num(p.size.Height), first+2*i+1, resources)
		packed := &bytes.Buffer{}
		z := zlib.NewWriter(packed)
		z.Write(p.content.Bytes()) // a Buffer takes everything
		z.Close()
		object("<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream", packed.Len(), packed.Bytes())
	}
	table := b.Len()
	fmt.Fprintf(b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(b, "trailer\n<< /Size %d /Root 1 0 R /Info 3 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, table)
	return b.WriteTo(w)
}
