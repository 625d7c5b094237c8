package wiring

import (
	"fmt"
	"io"
	"strings"

	"noctiluca/devices/pdf"
)

// column is one of the table's.
type column struct {
	title string
	width float64
	right bool
}

var columns = []column{
	{"port", 26, true}, {"fixture", 120, false}, {"pixels", 74, true}, {"count", 40, true}, {"order", 40, false},
	{"from univ. / ch.", 78, true}, {"to univ. / ch.", 74, true}, {"length, m", 50, true}, {"W", 46, true}, {"A", 40, true}, {"V", 26, true}, {"supply", 66, false}, {"feed power in at pixel", 0, false},
}

const (
	margin = 36.0
	line   = 13.0
	size   = 8.0
)

// paper is what the sheet is drawn on, points and baselines as package pdf
// has them. newPage may do nothing.
type paper interface {
	text(x, y float64, f pdf.Font, size float64, gray float64, s string)
	rule(x1, y, x2 float64)
	newPage() bool // whether a new page was begun
	size() pdf.Size
}

// drawing is a sheet that is being drawn.
type drawing struct {
	paper
	y float64
}

// room makes sure that so much is left on the page.
func (d *drawing) room(height float64, again func()) {
	if d.y+height <= d.size().Height-margin {
		return
	}
	if d.newPage() {
		d.y = margin + line
		if again != nil {
			again()
		}
	}
}

func draw(s *Sheet, p paper) {
	d := &drawing{paper: p, y: margin + 18}
	d.text(margin, d.y, pdf.Bold, 18, 0, pdf.Bold.Fit(s.Title, 18, d.size().Width-2*margin))
	d.y += 18
	d.text(margin, d.y, pdf.Sans, 9, 0.25, fmt.Sprintf("Patch sheet. %d pixels; %.0f W at full, %d outputs. Pixels count from 0, channels from 1.", s.Pixels, s.Watts, len(s.Outputs)))
	d.y += line
	d.text(margin, d.y, pdf.Sans, 9, 0.25, fmt.Sprintf("Power is fed in so that no more than %.0f %% of the voltage is lost on strips of %.3g ohm a metre (there and back).", 100*s.Options.Loss, s.Options.Ohms))
	d.y += 2 * line
	for i := range s.Outputs {
		d.output(&s.Outputs[i])
	}
	d.supplies(s)
	if len(s.Loose) > 0 {
		d.room(3*line, nil)
		d.text(margin, d.y, pdf.Bold, 9, 0, "On no output:")
		d.wrapped(margin+70, s.Loose)
	}
}

func (d *drawing) output(o *Output) {
	head := func() {
		d.text(margin, d.y, pdf.Bold, 11, 0, o.Name)
		d.text(margin+pdf.Bold.Width(o.Name, 11)+10, d.y, pdf.Sans, 10, 0.25, strings.TrimSpace(fmt.Sprintf("%s %s, %.0f W at full", o.Protocol, o.To, o.Watts)))
		d.y += line
		d.cells(func(i int) string { return columns[i].title }, pdf.Bold, 0.25)
	}
	d.room(4*line, nil)
	head()
	for k := range o.Rows {
		r := &o.Rows[k]
		fed := d.lines(r.Feeds)
		d.room(line*float64(len(fed)), head)
		from, to := r.Wire()
		volts := fmt.Sprintf("%g", r.Volts)
		watts := fmt.Sprintf("%.1f", r.Watts)
		if r.Assumed {
			watts = "≤ " + watts
		}
		values := []string{fmt.Sprint(r.Port), r.Fixture, r.Span(), fmt.Sprint(r.Count), r.Order, from, to, fmt.Sprintf("%.2f", r.Length), watts, fmt.Sprintf("%.1f", r.Amperes), volts, r.Supply, ""}
		for _, f := range fed {
			values[len(values)-1] = f
			d.cells(func(i int) string { return values[i] }, pdf.Sans, 0)
			clear(values) // the further lines have feeds only
		}
	}
	d.y += line
}

// lines writes pixels in as many lines as the last column takes: a feed that
// is not on the sheet is one that is forgotten.
func (d *drawing) lines(pixels []int) []string {
	width := d.size().Width - 2*margin - 6
	for _, c := range columns {
		width -= c.width
	}
	out := []string{""}
	for i, p := range pixels {
		s := fmt.Sprint(p)
		if i+1 < len(pixels) {
			s += ", "
		}
		if last := &out[len(out)-1]; *last == "" || pdf.Sans.Width(*last+s, size) <= width {
			*last += s
		} else {
			out = append(out, s)
		}
	}
	return out
}

// cells writes a row of the table, and a rule under it.
func (d *drawing) cells(value func(int) string, f pdf.Font, gray float64) {
	x := margin
	for i, c := range columns {
		width := c.width
		if width == 0 {
			width = d.size().Width - margin - x
		}
		s := f.Fit(value(i), size, width-6)
		if c.right {
			d.text(x+width-6-f.Width(s, size), d.y, f, size, gray, s)
		} else {
			d.text(x, d.y, f, size, gray, s)
		}
		x += width
	}
	d.rule(margin, d.y+3.5, d.size().Width-margin)
	d.y += line
}

func (d *drawing) supplies(s *Sheet) {
	if len(s.Supplies) == 0 {
		return
	}
	d.room(3*line, nil)
	d.text(margin, d.y, pdf.Bold, 11, 0, "Supplies")
	d.y += line
	for _, p := range s.Supplies {
		d.room(2*line, nil)
		note := ""
		if p.Watts > p.Limit {
			note = ", dimmed to stay under"
		}
		d.text(margin, d.y, pdf.Bold, 9, 0, pdf.Bold.Fit(p.Name, 9, 90))
		d.text(margin+96, d.y, pdf.Sans, 9, 0, fmt.Sprintf("%g W; its fixtures draw %.0f W at full%s:", p.Limit, p.Watts, note))
		d.y += line
		d.wrapped(margin+96, p.Fixtures)
	}
	d.y += line
}

// wrapped writes names with commas, in as many lines as it takes.
func (d *drawing) wrapped(x float64, names []string) {
	text := ""
	flush := func() {
		d.room(line, nil)
		d.text(x, d.y, pdf.Sans, size, 0.25, text)
		d.y += line
		text = ""
	}
	for i, n := range names {
		if i+1 < len(names) {
			n += ", "
		}
		if text != "" && pdf.Sans.Width(text+n, size) > d.size().Width-margin-x {
			flush()
		}
		text += n
	}
	if text != "" {
		flush()
	}
}

// WritePDF writes the sheet as PDF, A4 on its side.
func WritePDF(w io.Writer, s *Sheet) error {
	p := &pdfPaper{doc: pdf.New(s.Title)}
	p.newPage()
	draw(s, p)
	_, err := p.doc.WriteTo(w)
	return err
}

type pdfPaper struct {
	doc  *pdf.Document
	page *pdf.Page
}

func (p *pdfPaper) size() pdf.Size { return pdf.A4.Turned() }

func (p *pdfPaper) newPage() bool {
	p.page = p.doc.Add(p.size())
	s := p.size()
	p.page.TextRight(s.Width-margin, s.Height-margin/2, pdf.Sans, 8, pdf.Gray(0.4), fmt.Sprintf("page %d", p.doc.Pages()))
	return true
}

func (p *pdfPaper) text(x, y float64, f pdf.Font, size, gray float64, s string) {
	p.page.Text(x, y, f, size, pdf.Gray(gray), strings.ReplaceAll(s, "≤", "<="))
}

func (p *pdfPaper) rule(x1, y, x2 float64) { p.page.Line(x1, y, x2, y, 0.4, pdf.Gray(0.75)) }

// WriteSVG writes the sheet as one SVG, as long as it takes.
func WriteSVG(w io.Writer, s *Sheet) error {
	p := &svgPaper{}
	draw(s, p)
	_, err := fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]g %[2]g" width="%[1]gpt" height="%[2]gpt" font-family="Helvetica, Arial, sans-serif">`+"\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n%[3]s</svg>\n",
		p.size().Width, p.last+margin, p.b.String())
	return err
}

type svgPaper struct {
	b    strings.Builder
	last float64
}

func (p *svgPaper) size() pdf.Size { return pdf.Size{Width: pdf.A4.Height, Height: 1e9} }
func (p *svgPaper) newPage() bool  { return false }

func (p *svgPaper) text(x, y float64, f pdf.Font, size, gray float64, s string) {
	p.last = max(p.last, y)
	weight := ""
	if f == pdf.Bold {
		weight = ` font-weight="bold"`
	}
	v := int(255 * gray)
	fmt.Fprintf(&p.b, `<text x="%.2f" y="%.2f" font-size="%g"%s fill="#%02x%02x%02x">%s</text>`+"\n", x, y, size, weight, v, v, v, escape.Replace(s))
}

func (p *svgPaper) rule(x1, y, x2 float64) {
	fmt.Fprintf(&p.b, `<path d="M%.2f %.2fH%.2f" stroke="#bfbfbf" stroke-width=".4"/>`+"\n", x1, y, x2)
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
