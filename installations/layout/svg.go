package layout

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"noctiluca/installations/space"
)

// readSVG reads the lines of a drawing: paths, lines, polylines, polygons,
// rectangles, circles and ellipses, with the transforms of their groups.
// Pixels are along each at the pitch; its id is its fixture's name. A length
// in millimetres, as of width="400mm", holds; else 96 units are an inch (CSS).
func readSVG(s *source) (*Layout, error) {
	root, err := s.parseXML(s.data)
	if err != nil {
		return nil, err
	}
	if root.name != "svg" {
		return nil, s.errorf(root.line, "", "the root is <%s>: expected <svg>", text(root.name))
	}
	d := &drawing{source: s, layout: &Layout{}, scale: 0.0254 / 96}
	if err := d.units(root); err != nil {
		return nil, err
	}
	if err := d.group(root, [6]float64{1, 0, 0, 1, 0, 0}, "", 0); err != nil {
		return nil, err
	}
	l := d.layout
	// The drawing's lower edge is the floor, its middle is x = 0.
	low, high := space.V{X: math.Inf(1), Y: math.Inf(1)}, space.V{X: math.Inf(-1), Y: math.Inf(-1)}
	for _, f := range l.Fixtures {
		for _, p := range f.Points {
			low.X, low.Y = min(low.X, p.X), min(low.Y, p.Y)
			high.X, high.Y = max(high.X, p.X), max(high.Y, p.Y)
		}
	}
	for _, f := range l.Fixtures {
		for i := range f.Points {
			f.Points[i].X -= (low.X + high.X) / 2
			f.Points[i].Y -= low.Y
		}
	}
	l.Notes = append(l.Notes, fmt.Sprintf("Pixels are along the drawing's lines, %.4g m apart (--pitch gives another).", s.pitch()),
		fmt.Sprintf("One unit of the drawing is taken for %.6g m (--unit gives another); its middle is at x = 0, its lower edge at y = 0.", d.scale))
	return l, nil
}

type drawing struct {
	*source
	layout *Layout
	scale  float64 // metres a user unit
	pixels int
}

// units finds the scale of width or height to the viewBox.
func (d *drawing) units(root *element) error {
	if d.Unit > 0 {
		d.scale = d.Unit
		return nil
	}
	box := numbers(root.attrs["viewBox"])
	for side, key := range []string{2: "width", 3: "height"} {
		v := root.attrs[key]
		if v == "" {
			continue
		}
		for suffix, unit := range units {
			n, ok := strings.CutSuffix(v, suffix)
			if !ok || len(box) != 4 || !(box[side] > 0) {
				continue
			}
			if f, err := strconv.ParseFloat(n, 64); err == nil && f > 0 {
				d.scale = f * unit / box[side]
				return nil
			}
		}
	}
	return nil
}

// numbers reads a list of numbers with blanks and commas; nil when it is none.
func numbers(s string) []float64 {
	var out []float64
	for _, t := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '\n' || r == '\r' }) {
		f, err := strconv.ParseFloat(t, 64)
		if err != nil || !(math.Abs(f) <= 1e12) {
			return nil
		}
		out = append(out, f)
	}
	return out
}

type affine [6]float64 // a b c d e f, as SVG's matrix has them

func (m affine) times(n affine) affine {
	return affine{
		m[0]*n[0] + m[2]*n[1], m[1]*n[0] + m[3]*n[1],
		m[0]*n[2] + m[2]*n[3], m[1]*n[2] + m[3]*n[3],
		m[0]*n[4] + m[2]*n[5] + m[4], m[1]*n[4] + m[3]*n[5] + m[5],
	}
}

// transform reads a transform attribute.
func (d *drawing) transform(e *element, m affine) (affine, error) {
	rest := e.attrs["transform"]
	for {
		name, after, ok := strings.Cut(rest, "(")
		if !ok {
			return m, nil
		}
		args, next, ok := strings.Cut(after, ")")
		v := numbers(args)
		name = strings.Trim(name, " ,\t\r\n")
		var t affine
		switch {
		case !ok || v == nil:
			return m, d.errorf(e.line, "<"+e.name+">", "transform is %q: expected numbers in brackets", text(e.attrs["transform"]))
		case name == "matrix" && len(v) == 6:
			t = affine(v)
		case name == "translate" && len(v) <= 2:
			t = affine{1, 0, 0, 1, v[0], 0}
			if len(v) == 2 {
				t[5] = v[1]
			}
		case name == "scale" && len(v) <= 2:
			t = affine{v[0], 0, 0, v[len(v)-1], 0, 0}
		case name == "rotate" && (len(v) == 1 || len(v) == 3):
			sin, cos := space.SinCosDegrees(math.Mod(v[0], 360))
			t = affine{cos, sin, -sin, cos, 0, 0}
			if len(v) == 3 {
				t = affine{1, 0, 0, 1, v[1], v[2]}.times(t).times(affine{1, 0, 0, 1, -v[1], -v[2]})
			}
		case name == "skewX" && len(v) == 1:
			t = affine{1, 0, math.Tan(v[0] * math.Pi / 180), 1, 0, 0}
		case name == "skewY" && len(v) == 1:
			t = affine{1, math.Tan(v[0] * math.Pi / 180), 0, 1, 0, 0}
		default:
			return m, d.errorf(e.line, "<"+e.name+">", "transform %s of %d numbers: expected matrix, translate, scale, rotate, skewX or skewY", text(name), len(v))
		}
		m = m.times(t)
		rest = next
	}
}

// group reads what is in an element.
func (d *drawing) group(e *element, m affine, group string, depth int) error {
	for _, c := range e.children {
		switch c.name {
		case "defs", "symbol", "clipPath", "mask", "pattern", "marker", "metadata":
			continue
		}
		if strings.Contains(strings.ReplaceAll(c.attrs["style"], " ", ""), "display:none") || c.attrs["display"] == "none" {
			continue
		}
		mine, err := d.transform(c, m)
		if err != nil {
			return err
		}
		lines, err := d.shape(c)
		if err != nil {
			return err
		}
		for n, line := range lines {
			if err := d.add(c, mine, line, group, n, len(lines)); err != nil {
				return err
			}
		}
		inner := group
		if c.name == "g" {
			inner = c.attrs["label"] // Inkscape's layers have their name there
			if inner == "" {
				inner = c.attrs["id"]
			}
		}
		if err := d.group(c, mine, inner, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// add makes a fixture of one line.
func (d *drawing) add(e *element, m affine, line []space.V, group string, n, of int) error {
	for i, p := range line {
		// y is down in a drawing.
		line[i] = space.V{X: (m[0]*p.X + m[2]*p.Y + m[4]) * d.scale, Y: -(m[1]*p.X + m[3]*p.Y + m[5]) * d.scale}
	}
	if len(line) == 0 {
		return nil
	}
	ps, ok := along(line, d.pitch())
	if d.pixels += len(ps); !ok || d.pixels > MaxPixels {
		return d.errorf(e.line, "<"+e.name+">", "there are more than %d pixels at a pitch of %g m", MaxPixels, d.pitch())
	}
	f := Fixture{Name: e.attrs["id"], Points: ps}
	if f.Name == "" {
		f.Name = e.name
	}
	if of > 1 {
		f.Name += fmt.Sprintf("-%d", n+1)
	}
	if group != "" {
		f.Groups = []string{group}
	}
	d.layout.Fixtures = append(d.layout.Fixtures, f)
	return nil
}

// shape gives the lines of a shape, curves in short pieces.
func (d *drawing) shape(e *element) ([][]space.V, error) {
	value := func(key string) float64 {
		v := strings.TrimSuffix(e.attrs[key], "px")
		f, err := strconv.ParseFloat(v, 64)
		if err != nil || !(math.Abs(f) <= 1e12) {
			return 0
		}
		return f
	}
	switch e.name {
	case "line":
		return [][]space.V{{{X: value("x1"), Y: value("y1")}, {X: value("x2"), Y: value("y2")}}}, nil
	case "polyline", "polygon":
		v := numbers(e.attrs["points"])
		if len(v) < 4 || len(v)%2 != 0 {
			return nil, d.errorf(e.line, "<"+e.name+">", "points is %q: expected pairs of numbers, at least 2", text(e.attrs["points"]))
		}
		var line []space.V
		for i := 0; i < len(v); i += 2 {
			line = append(line, space.V{X: v[i], Y: v[i+1]})
		}
		if e.name == "polygon" {
			line = append(line, line[0])
		}
		return [][]space.V{line}, nil
	case "rect":
		x, y, w, h := value("x"), value("y"), value("width"), value("height")
		if w <= 0 || h <= 0 {
			return nil, nil
		}
		return [][]space.V{{{X: x, Y: y}, {X: x + w, Y: y}, {X: x + w, Y: y + h}, {X: x, Y: y + h}, {X: x, Y: y}}}, nil
	case "circle", "ellipse":
		rx, ry := value("rx"), value("ry")
		if e.name == "circle" {
			rx, ry = value("r"), value("r")
		}
		if rx <= 0 || ry <= 0 {
			return nil, nil
		}
		var line []space.V
		for i := range 129 {
			sin, cos := space.SinCosDegrees(float64(i) * 360 / 128)
			line = append(line, space.V{X: value("cx") + rx*cos, Y: value("cy") + ry*sin})
		}
		return [][]space.V{line}, nil
	case "path":
		p := pathReader{text: e.attrs["d"]}
		lines, err := p.read()
		if err != nil {
			return nil, d.errorf(e.line, "<path>", "d, column %d: %v", p.at+1, err)
		}
		return lines, nil
	}
	return nil, nil
}

func isSVG(d []byte) bool {
	return bytes.Contains(d, []byte("<svg")) || bytes.Contains(d, []byte(":svg"))
}
