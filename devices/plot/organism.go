package plot

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"noctiluca/assets/organisms"
	"noctiluca/engine"
	"noctiluca/engine/light/colour"
)

var (
	paper = color.RGBA{10, 14, 18, 255}
	ink   = color.RGBA{205, 214, 220, 255}
	faint = color.RGBA{110, 122, 132, 255}
	rule  = color.RGBA{42, 50, 58, 255}
)

// Organism draws what is known of one: its spectrum, where its colour lies
// beside what an RGB LED reaches, and its light over time.
func Organism(o *organisms.Organism) (*Drawing, error) {
	course, err := engine.TimeCourse(o)
	if err != nil {
		return nil, err
	}
	d := &Drawing{Width: 1080, Height: 620}
	d.Box(paper, 0, 0, 1080, 620)
	s := engine.Emission(o)
	rgb, off := engine.Nominal(s.XYZ())
	own := seen(rgb)
	d.Words(ink, 26, Point{40, 52}, 0, o.Latin)
	d.Words(faint, 16, Point{40, 78}, 0, o.Common+" · "+o.Kind)
	d.Box(own, 900, 30, 140, 44)
	reach := "an RGB LED shows it"
	if off >= 0.02 {
		reach = fmt.Sprintf("as an RGB LED shows it: ΔE OK %.2f off", off)
	}
	d.Words(faint, 13, Point{1040, 92}, 1, reach)
	spectrum(d, s, 40, 130, 600, 200)
	gamut(d, s, rgb, 700, 130, 340, 380)
	timeCourse(d, course, own, 40, 400, 600, 150)
	d.Words(faint, 12, Point{40, 602}, 0, figures(o))
	return d, nil
}

// figures are the cited ones in a line.
func figures(o *organisms.Organism) string {
	line := ""
	for _, f := range o.Figures {
		mark := ""
		if f.Verify {
			mark = " [v]"
		}
		if line != "" {
			line += "   "
		}
		line += strings.TrimSpace(fmt.Sprintf("%s %s %s", f.What, f.Range(), f.Unit)) + mark
	}
	if len(line) > 150 {
		line = line[:150] + "…"
	}
	return line
}

// seen is a colour of the nominal LED on a screen of sRGB.
func seen(rgb [3]float32) color.RGBA {
	var c colour.XYZ
	for i, e := range colour.Nominal() {
		for k := range c {
			c[k] += float64(rgb[i]) * e.XYZ[k]
		}
	}
	return onScreen(c)
}

// onScreen brings a colour of any luminance into sRGB, as bright as it goes.
func onScreen(c colour.XYZ) color.RGBA {
	var v [3]float64
	for i, m := range [3][3]float64{{3.2404542, -1.5371385, -0.4985314}, {-0.9692660, 1.8760108, 0.0415560}, {0.0556434, -0.2040259, 1.0572252}} {
		v[i] = max(m[0]*c[0]+m[1]*c[1]+m[2]*c[2], 0)
	}
	most := max(v[0], v[1], v[2], 1e-9)
	var b [3]uint8
	for i := range v {
		x := v[i] / most
		if x <= 0.0031308 {
			x *= 12.92
		} else {
			x = 1.055*math.Pow(x, 1/2.4) - 0.055
		}
		b[i] = uint8(math.Round(255 * x))
	}
	return color.RGBA{b[0], b[1], b[2], 255}
}

func frame(d *Drawing, x, y, w, h float64, title string) {
	d.Words(ink, 14, Point{x, y - 10}, 0, title)
	d.Line(rule, 1, Point{x, y}, Point{x + w, y}, Point{x + w, y + h}, Point{x, y + h}, Point{x, y})
}

func spectrum(d *Drawing, s colour.Spectrum, x, y, w, h float64) {
	const lo, hi = 400.0, 700.0
	peak, width := s.PeakAndWidth()
	frame(d, x, y, w, h, fmt.Sprintf("spectrum: peak %.0f nm, half as strong over %.0f nm", peak, width))
	most := s.At(peak)
	for nm := lo; nm < hi; nm += 2 {
		c := onScreen(colour.Observer(nm + 1))
		a, b := s.At(nm)/most, s.At(nm+2)/most
		px := func(nm float64) float64 { return x + (nm-lo)/(hi-lo)*w }
		d.Area(c, Point{px(nm), y + h}, Point{px(nm), y + h - a*h*0.94}, Point{px(nm + 2), y + h - b*h*0.94}, Point{px(nm + 2), y + h})
	}
	for nm := lo; nm <= hi; nm += 50 {
		px := x + (nm-lo)/(hi-lo)*w
		d.Line(rule, 1, Point{px, y + h}, Point{px, y + h + 5})
		d.Words(faint, 12, Point{px, y + h + 20}, 0.5, fmt.Sprintf("%.0f", nm))
	}
}

// gamut is the CIE 1931 diagram with the LED's triangle.
func gamut(d *Drawing, s colour.Spectrum, rgb [3]float32, x, y, w, h float64) {
	frame(d, x, y, w, h, "CIE 1931: its colour, an RGB LED's gamut")
	at := func(cx, cy float64) Point { return Point{x + 20 + cx/0.8*(w-40), y + h - 20 - cy/0.9*(h-40)} }
	// The inside, in small squares of the screen's own colours.
	var locus []Point
	var edge [][2]float64
	for nm := 400.0; nm <= 700; nm += 2 {
		cx, cy := colour.Observer(nm).Chromaticity()
		locus = append(locus, at(cx, cy))
		edge = append(edge, [2]float64{cx, cy})
	}
	const step = 0.012
	for cx := 0.0; cx < 0.75; cx += step {
		for cy := 0.01; cy < 0.86; cy += step {
			if inside(edge, cx+step/2, cy+step/2) {
				c := onScreen(colour.FromxyY(cx+step/2, cy+step/2, 1))
				c.R, c.G, c.B = c.R/3, c.G/3, c.B/3
				a, b := at(cx, cy+step), at(cx+step, cy)
				d.Box(c, a.X, a.Y, b.X-a.X+0.5, b.Y-a.Y+0.5)
			}
		}
	}
	d.Line(faint, 1.5, append(locus, locus[0])...)
	for _, nm := range []float64{460, 480, 500, 520, 540, 560, 580, 600, 620} {
		cx, cy := colour.Observer(nm).Chromaticity()
		p := at(cx, cy)
		anchor, dx := 1.0, -6.0
		if nm > 525 {
			anchor, dx = 0, 6
		}
		d.Words(faint, 10, Point{p.X + dx, p.Y + 3}, anchor, fmt.Sprintf("%.0f", nm))
	}
	var led []Point
	for _, e := range colour.Nominal() {
		cx, cy := e.XYZ.Chromaticity()
		led = append(led, at(cx, cy))
	}
	d.Line(ink, 1.2, append(led, led[0])...)
	var shown colour.XYZ
	for i, e := range colour.Nominal() {
		for k := range shown {
			shown[k] += float64(rgb[i]) * e.XYZ[k]
		}
	}
	sx, sy := shown.Chromaticity()
	ox, oy := s.XYZ().Chromaticity()
	p, q := at(ox, oy), at(sx, sy)
	d.Line(ink, 1, p, q)
	disc(d, ink, p, 6)
	disc(d, paper, p, 4)
	disc(d, ink, q, 4)
	// Where nothing else is.
	d.Words(ink, 12, Point{x + w - 12, y + 22}, 1, fmt.Sprintf("x %.3f, y %.3f", ox, oy))
	if math.Hypot(sx-ox, sy-oy) > 0.002 {
		d.Words(faint, 12, Point{x + w - 12, y + 40}, 1, fmt.Sprintf("shown as %.3f, %.3f", sx, sy))
	}
}

func disc(d *Drawing, c color.RGBA, at Point, r float64) {
	var ps []Point
	for a := range 24 {
		s, k := math.Sincos(float64(a) / 12 * math.Pi)
		ps = append(ps, Point{at.X + r*k, at.Y + r*s})
	}
	d.Area(c, ps...)
}

func inside(edge [][2]float64, x, y float64) bool {
	in := false
	for i, j := 0, len(edge)-1; i < len(edge); j, i = i, i+1 {
		a, b := edge[i], edge[j]
		if (a[1] > y) != (b[1] > y) && x < (b[0]-a[0])*(y-a[1])/(b[1]-a[1])+a[0] {
			in = !in
		}
	}
	return in
}

func timeCourse(d *Drawing, c engine.Course, own color.RGBA, x, y, w, h float64) {
	frame(d, x, y, w, h, "light over time: "+c.What)
	most := 1e-9
	for _, v := range c.Light {
		most = max(most, v)
	}
	n := len(c.Light)
	columns := int(w)
	var line []Point
	line = append(line, Point{x, y + h})
	for i := range columns {
		v := 0.0
		for k := i * n / columns; k < max((i+1)*n/columns, i*n/columns+1) && k < n; k++ {
			v = max(v, c.Light[k])
		}
		line = append(line, Point{x + float64(i), y + h - v/most*h*0.94})
	}
	line = append(line, Point{x + w, y + h})
	fill := own
	fill.A = 110
	d.Area(fill, line...)
	d.Line(own, 1.5, line[1:len(line)-1]...)
	total := float64(n) * c.Step
	if c.Start >= 0 {
		px := x + c.Start/total*w
		d.Line(faint, 1, Point{px, y}, Point{px, y + h})
		d.Words(faint, 11, Point{px - 5, y + 14}, 1, "pressed")
	}
	for k := range 6 {
		px := x + float64(k)/5*w
		d.Words(faint, 12, Point{px, y + h + 18}, 0.5, fmt.Sprintf("%.3g %s", total*float64(k)/5, c.Unit))
	}
}
