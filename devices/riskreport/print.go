package riskreport

import (
	"fmt"
	"io"
	"strings"

	"noctiluca/devices/pdf"
)

// sheet lays text and plots onto pages, from the top down.
type sheet struct {
	doc  *pdf.Document
	page *pdf.Page
	y    float64
}

const (
	margin = 48.0
	size   = 9.0
	lead   = 12.0
)

var (
	grey  = pdf.Gray(0.4)
	pale  = pdf.Gray(0.85)
	green = pdf.Colour{R: 0.04, G: 0.43, B: 0.36}
	alarm = pdf.Colour{R: 0.7, G: 0.15, B: 0.12}
)

// WritePDF writes the report for printing, on A4.
func (r *Report) WritePDF(w io.Writer) error {
	s := &sheet{doc: pdf.New("Light safety: " + r.Title)}
	s.turn()
	s.page.Text(margin, s.y+8, pdf.Bold, 17, pdf.Black, "Light safety: "+r.Title)
	s.y += 24
	s.text(margin, pdf.Sans, size, grey, fmt.Sprintf("%s, %s. %d pixels on %d fixtures, %g frames a second. Noctiluca %s", r.Name, r.File, r.Pixels, r.Fixtures, r.Rate, r.Program))
	for _, d := range r.Off {
		s.text(margin, pdf.Bold, size+1, alarm, fmt.Sprintf("The limit %s is OFF: %s", d.Limit, d.Reason))
	}
	s.head("What it did")
	s.rows(r.Outcome)
	for _, p := range r.plots() {
		s.plot(&p, r.Length.Seconds())
	}
	s.head("What it is held to")
	s.rows(r.Limits)
	s.head("What was limited where")
	s.list(r.Shown(), "Nothing: no limit had to act.")
	s.head("Power")
	s.rows(r.Supplies)
	s.head("When it fails")
	s.rows(r.Failures)
	s.head("To look at")
	s.list(r.Remarks, "Nothing.")
	s.head("What was assumed")
	s.list(r.Assumed, "")
	_, err := s.doc.WriteTo(w)
	return err
}

func (s *sheet) turn() {
	s.page = s.doc.Add(pdf.A4)
	s.y = margin
	s.page.TextRight(pdf.A4.Width-margin, pdf.A4.Height-28, pdf.Sans, 8, grey, fmt.Sprint(s.doc.Pages()))
}

// room makes sure that so much height is left.
func (s *sheet) room(height float64) {
	if s.y+height > pdf.A4.Height-margin {
		s.turn()
	}
}

func (s *sheet) head(text string) {
	s.room(50)
	s.y += 12
	s.page.Text(margin, s.y+10, pdf.Bold, 12, pdf.Black, text)
	s.page.Line(margin, s.y+15, pdf.A4.Width-margin, s.y+15, 0.5, pale)
	s.y += 24
}

// text writes a paragraph from x to the margin.
func (s *sheet) text(x float64, f pdf.Font, size float64, c pdf.Colour, text string) {
	for _, line := range wrap(f, size, text, pdf.A4.Width-margin-x) {
		s.room(lead)
		s.page.Text(x, s.y+8, f, size, c, line)
		s.y += lead
	}
}

func (s *sheet) rows(rows []Row) {
	const middle = 190.0
	for _, r := range rows {
		value := r.Value
		if r.Source != "" {
			value += "  [" + r.Source + "]"
		}
		left := wrap(pdf.Sans, size, r.What, middle-12)
		right := wrap(pdf.Sans, size, value, pdf.A4.Width-2*margin-middle)
		n := max(len(left), len(right))
		s.room(float64(min(n, 8)) * lead)
		for i := range n {
			s.room(lead)
			if i < len(left) {
				s.page.Text(margin, s.y+8, pdf.Sans, size, grey, left[i])
			}
			if i < len(right) {
				s.page.Text(margin+middle, s.y+8, pdf.Sans, size, pdf.Black, right[i])
			}
			s.y += lead
		}
		s.y += 2
	}
}

func (s *sheet) list(items []string, none string) {
	if len(items) == 0 && none != "" {
		s.text(margin, pdf.Sans, size, pdf.Black, none)
	}
	for _, item := range items {
		s.room(lead)
		s.page.Text(margin, s.y+8, pdf.Sans, size, grey, "·")
		s.text(margin+10, pdf.Sans, size, pdf.Black, item)
		s.y += 2
	}
}

func (s *sheet) plot(p *plot, seconds float64) {
	const height = 70.0
	s.room(height + 40)
	s.y += 6
	s.page.Text(margin, s.y+8, pdf.Bold, size, pdf.Black, p.Title)
	s.page.TextRight(pdf.A4.Width-margin, s.y+8, pdf.Sans, size, grey, p.Most)
	s.y += 16
	left, width := margin+34, pdf.A4.Width-2*margin-34
	for _, k := range []float64{0, 0.5, 1} {
		y := s.y + height*(1-k)
		s.page.Line(left, y, left+width, y, 0.4, pale)
		s.page.TextRight(left-4, y+3, pdf.Sans, 7, grey, figure(p.Top*k))
	}
	if p.Limit > 0 {
		y := s.y + height*(1-p.Limit/p.Top)
		s.page.Line(left, y, left+width, y, 0.8, alarm)
	}
	xs, ys := p.points(width, height, 500)
	for i := range xs {
		xs[i], ys[i] = left+xs[i], s.y+ys[i]
	}
	s.page.Polyline(xs, ys, 0.9, green)
	s.y += height + 10
	s.page.Text(left, s.y, pdf.Sans, 7, grey, "0 s")
	s.page.TextRight(left+width, s.y, pdf.Sans, 7, grey, figure(seconds)+" s")
	s.y += 8
}

// wrap breaks a text into lines of a width.
func wrap(f pdf.Font, size float64, text string, width float64) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(text) {
		next := word
		if line != "" {
			next = line + " " + word
		}
		if line != "" && f.Width(next, size) > width {
			out = append(out, line)
			next = word
		}
		line = next
	}
	return append(out, line)
}
