package layout

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"noctiluca/installations/space"
)

// pathReader reads the data of an SVG path (SVG 2, chapter 9).
type pathReader struct {
	text     string
	at       int
	lines    [][]space.V
	now      space.V // the current point
	start    space.V // of the subpath
	control  space.V // of the curve before, for S and T
	previous byte
}

// pieces is how many straight pieces a curve becomes.
const pieces = 32

func (p *pathReader) read() ([][]space.V, error) {
	command := byte(0)
	for {
		p.blanks()
		if p.at >= len(p.text) {
			return p.lines, nil
		}
		if c := p.text[p.at]; strings.IndexByte("MmLlHhVvCcSsQqTtAaZz", c) >= 0 {
			command = c
			p.at++
		} else if command == 0 || command == 'Z' || command == 'z' {
			return nil, fmt.Errorf("%q: expected a command such as M or L", p.text[p.at:p.at+1])
		}
		if p.previous == 0 && command != 'M' && command != 'm' {
			return nil, fmt.Errorf("%q: a path begins with M", string(command))
		}
		if err := p.one(command); err != nil {
			return nil, err
		}
		p.previous = command
		switch command { // further pairs after a move are lines
		case 'M':
			command = 'L'
		case 'm':
			command = 'l'
		}
	}
}

func (p *pathReader) blanks() {
	for p.at < len(p.text) && strings.IndexByte(" ,\t\r\n\f", p.text[p.at]) >= 0 {
		p.at++
	}
}

// number reads a number; in a path one may follow another without a blank.
func (p *pathReader) number() (float64, error) {
	p.blanks()
	from, dot, exponent := p.at, false, false
	for ; p.at < len(p.text); p.at++ {
		c := p.text[p.at]
		switch {
		case c >= '0' && c <= '9':
			continue
		case (c == '-' || c == '+') && (p.at == from || p.text[p.at-1] == 'e' || p.text[p.at-1] == 'E'):
			continue
		case c == '.' && !dot && !exponent:
			dot = true
			continue
		case (c == 'e' || c == 'E') && !exponent && p.at > from:
			exponent = true
			continue
		}
		break
	}
	v, err := strconv.ParseFloat(p.text[from:p.at], 64)
	if err != nil || !(math.Abs(v) <= 1e12) {
		p.at = from
		return 0, errors.New("expected a number")
	}
	return v, nil
}

// flag reads one digit, 0 or 1: of an arc, where no blank need follow it.
func (p *pathReader) flag() (bool, error) {
	p.blanks()
	if p.at < len(p.text) && (p.text[p.at] == '0' || p.text[p.at] == '1') {
		p.at++
		return p.text[p.at-1] == '1', nil
	}
	return false, errors.New("expected a flag, 0 or 1")
}

func (p *pathReader) points(relative bool, n int) ([]space.V, error) {
	out := make([]space.V, n)
	for i := range out {
		x, err := p.number()
		if err != nil {
			return nil, err
		}
		y, err := p.number()
		if err != nil {
			return nil, err
		}
		out[i] = space.V{X: x, Y: y}
		if relative {
			out[i] = out[i].Add(p.now)
		}
	}
	return out, nil
}

func (p *pathReader) line(to space.V) {
	if len(p.lines) == 0 || p.previous == 'Z' || p.previous == 'z' {
		p.lines = append(p.lines, []space.V{p.now})
	}
	n := len(p.lines) - 1
	p.lines[n] = append(p.lines[n], to)
	p.now = to
}

func (p *pathReader) one(command byte) error {
	relative := command >= 'a'
	upper := command &^ 0x20
	was := p.previous &^ 0x20
	switch upper {
	case 'M':
		v, err := p.points(relative, 1)
		if err != nil {
			return err
		}
		p.now, p.start = v[0], v[0]
		p.lines = append(p.lines, []space.V{p.now})
	case 'L':
		v, err := p.points(relative, 1)
		if err != nil {
			return err
		}
		p.line(v[0])
	case 'H', 'V':
		v, err := p.number()
		if err != nil {
			return err
		}
		to := p.now
		axis := &to.X
		if upper == 'V' {
			axis = &to.Y
		}
		if relative {
			v += *axis
		}
		*axis = v
		p.line(to)
	case 'C', 'S':
		n := 3
		if upper == 'S' {
			n = 2
		}
		v, err := p.points(relative, n)
		if err != nil {
			return err
		}
		if upper == 'S' {
			first := p.now
			if was == 'C' || was == 'S' {
				first = p.now.Times(2).Sub(p.control)
			}
			v = append([]space.V{first}, v...)
		}
		p.control = v[1]
		p.curve(v[0], v[1], v[2])
	case 'Q', 'T':
		n := 2
		if upper == 'T' {
			n = 1
		}
		v, err := p.points(relative, n)
		if err != nil {
			return err
		}
		if upper == 'T' {
			first := p.now
			if was == 'Q' || was == 'T' {
				first = p.now.Times(2).Sub(p.control)
			}
			v = append([]space.V{first}, v...)
		}
		p.control = v[0]
		p.curve(p.now.Lerp(v[0], 2.0/3), v[1].Lerp(v[0], 2.0/3), v[1])
	case 'A':
		return p.arc(relative)
	case 'Z':
		if p.now != p.start {
			p.line(p.start)
		}
		p.now = p.start
	}
	return nil
}

// curve is a cubic Bézier curve.
func (p *pathReader) curve(b, c, d space.V) {
	a := p.now
	for i := 1; i <= pieces; i++ {
		t := float64(i) / pieces
		ab, bc, cd := a.Lerp(b, t), b.Lerp(c, t), c.Lerp(d, t)
		p.line(ab.Lerp(bc, t).Lerp(bc.Lerp(cd, t), t))
	}
	p.now = d
}

// arc is an elliptical arc from its ends (SVG 2, appendix B.2.4).
func (p *pathReader) arc(relative bool) error {
	var v [3]float64
	for i := range v {
		var err error
		if v[i], err = p.number(); err != nil {
			return err
		}
	}
	large, err := p.flag()
	if err != nil {
		return err
	}
	sweep, err := p.flag()
	if err != nil {
		return err
	}
	ends, err := p.points(relative, 1)
	if err != nil {
		return err
	}
	from, to := p.now, ends[0]
	rx, ry := math.Abs(v[0]), math.Abs(v[1])
	if rx == 0 || ry == 0 || from == to {
		p.line(to)
		return nil
	}
	sin, cos := space.SinCosDegrees(math.Mod(v[2], 360))
	half := from.Sub(to).Times(0.5)
	x, y := cos*half.X+sin*half.Y, -sin*half.X+cos*half.Y
	if k := x*x/(rx*rx) + y*y/(ry*ry); k > 1 {
		rx, ry = rx*math.Sqrt(k), ry*math.Sqrt(k)
	}
	f := max(rx*rx*ry*ry-rx*rx*y*y-ry*ry*x*x, 0) / (rx*rx*y*y + ry*ry*x*x)
	k := math.Sqrt(f)
	if large == sweep {
		k = -k
	}
	cx, cy := k*rx*y/ry, -k*ry*x/rx
	middle := from.Lerp(to, 0.5).Add(space.V{X: cos*cx - sin*cy, Y: sin*cx + cos*cy})
	a0 := math.Atan2((y-cy)/ry, (x-cx)/rx)
	turn := math.Atan2((-y-cy)/ry, (-x-cx)/rx) - a0
	if sweep && turn < 0 {
		turn += 2 * math.Pi
	} else if !sweep && turn > 0 {
		turn -= 2 * math.Pi
	}
	for i := 1; i < pieces; i++ {
		a := a0 + turn*float64(i)/pieces
		ex, ey := rx*math.Cos(a), ry*math.Sin(a)
		p.line(middle.Add(space.V{X: cos*ex - sin*ey, Y: sin*ex + cos*ey}))
	}
	p.line(to)
	return nil
}
