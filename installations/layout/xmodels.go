package layout

import (
	"math"
	"strconv"
	"strings"

	"noctiluca/installations/space"
)

// points gives where a model's nodes are, in the order of its wire and in its
// own units, around its middle; from its first end for those that are placed
// by their ends. known is false for a kind that is not read. Spacings are
// xLights' buffer units, which ScaleX, Y and Z stretch.
func (m *xmodel) points(kind string) (ps []space.V, known bool) {
	strings1, nodes := m.whole("parm1", 1, 1, 100000), m.whole("parm2", 1, 1, 1000000)
	if strings1*nodes > MaxPixels {
		m.fail("parm1 × parm2", strconv.Itoa(strings1*nodes), "at most "+strconv.Itoa(MaxPixels)+" pixels")
		return nil, true
	}
	left := m.attrs["Dir"] != "R"
	bottom := m.attrs["StartSide"] != "T"
	switch {
	case kind == "Single Line":
		end := m.second()
		return spread([]space.V{{}, end}, strings1*nodes, !left), true
	case kind == "Poly Line":
		return m.poly(strings1 * nodes), true
	case kind == "Arches":
		return m.arches(strings1, nodes, left), true
	case kind == "Horiz Matrix":
		return m.matrix(strings1, nodes, true, left, bottom), true
	case kind == "Vert Matrix" || kind == "Matrix":
		return m.matrix(strings1, nodes, false, left, bottom), true
	case strings.HasPrefix(kind, "Tree"):
		return m.tree(kind, strings1, nodes, left, bottom), true
	case kind == "Star":
		return m.star(strings1*nodes, left), true
	case kind == "Circle":
		return m.circle(strings1*nodes, left), true
	case kind == "Spinner":
		return m.spinner(strings1, nodes, left), true
	case kind == "Sphere":
		return m.sphere(strings1, nodes, left, bottom), true
	case kind == "Cube":
		return m.cube(), true
	case kind == "Custom":
		return m.custom(), true
	}
	return nil, false
}

// second is the other end of a model of two points.
func (m *xmodel) second() space.V {
	return space.V{X: m.number("X2", 100), Y: m.number("Y2", 0), Z: m.number("Z2", 0)}
}

// spread puts points evenly along a line of corners, the first and the last
// at its ends.
func spread(line []space.V, count int, reverse bool) []space.V {
	far := make([]float64, len(line))
	for i := 1; i < len(line); i++ {
		far[i] = far[i-1] + line[i].Sub(line[i-1]).Length()
	}
	out := make([]space.V, 0, count)
	at := 0
	for i := range count {
		want := 0.0
		if count > 1 {
			want = far[len(far)-1] * float64(i) / float64(count-1)
		}
		for at < len(line)-2 && far[at+1] < want {
			at++
		}
		p := line[0]
		if len(line) > 1 {
			t := 0.0
			if d := far[at+1] - far[at]; d > 0 {
				t = min(max((want-far[at])/d, 0), 1)
			}
			p = line[at].Lerp(line[at+1], t)
		}
		out = append(out, p)
	}
	if reverse {
		for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
			out[i], out[j] = out[j], out[i]
		}
	}
	return out
}

// poly is a line through PointData, scaled.
func (m *xmodel) poly(count int) []space.V {
	var v []float64
	for _, s := range strings.Split(m.attrs["PointData"], ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || !(math.Abs(f) <= 1e9) {
			m.fail("PointData", s, "expected numbers with commas")
			return nil
		}
		v = append(v, f)
	}
	if len(v) < 6 || len(v)%3 != 0 {
		m.fail("PointData", m.attrs["PointData"], "expected three numbers for each of at least 2 points")
		return nil
	}
	var line []space.V
	for i := 0; i < len(v); i += 3 {
		line = append(line, space.V{X: v[i] * m.number("ScaleX", 1), Y: v[i+1] * m.number("ScaleY", 1), Z: v[i+2] * m.number("ScaleZ", 1)})
	}
	return spread(line, count, m.attrs["Dir"] == "R")
}

// arches stand side by side from the first end to the second.
func (m *xmodel) arches(arches, nodes int, left bool) []space.V {
	end := m.second()
	degrees := m.number("arc", 180)
	height := m.number("Height", 1)
	var out []space.V
	for a := range arches {
		from, to := space.V{}.Lerp(end, float64(a)/float64(arches)), space.V{}.Lerp(end, float64(a+1)/float64(arches))
		half := to.Sub(from).Times(0.5)
		middle := from.Add(half)
		radius := half.Length()
		for i := range nodes {
			t := 0.5
			if nodes > 1 {
				t = float64(i) / float64(nodes-1)
			}
			s, c := space.SinCosDegrees(90 + degrees*(0.5-t))
			s0, c0 := space.SinCosDegrees(90 + degrees/2)
			x := c / max(-c0, 1e-6)
			y := (s - s0) * radius * height
			out = append(out, middle.Add(half.Times(x)).Add(space.V{Y: y}))
		}
	}
	if !left {
		for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
			out[i], out[j] = out[j], out[i]
		}
	}
	return out
}

// strands divides strings into strands, and says how many lights each has.
func (m *xmodel) strands(strings1, nodes int) (strands, lights, per int) {
	per = m.whole("parm3", 1, 1, 100000)
	if nodes%per != 0 {
		m.fail("parm3", m.attrs["parm3"], "expected strands that divide the nodes of a string, "+strconv.Itoa(nodes))
		return 0, 0, per
	}
	return strings1 * per, nodes / per, per
}

// matrix lays strands side by side; within a string every other one runs
// back.
func (m *xmodel) matrix(strings1, nodes int, horizontal, left, bottom bool) []space.V {
	strands, lights, per := m.strands(strings1, nodes)
	var out []space.V
	for s := range strands {
		for i := range lights {
			along, across := i, s
			forth := s%per%2 == 0
			if m.attrs["NoZig"] == "true" || m.attrs["NoZig"] == "1" {
				forth = true
			}
			x, y := 0, 0
			if horizontal {
				if forth != left {
					along = lights - 1 - i
				}
				if !bottom {
					across = strands - 1 - s
				}
				x, y = along, across
			} else {
				if forth != bottom {
					along = lights - 1 - i
				}
				if !left {
					across = strands - 1 - s
				}
				x, y = across, along
			}
			w, h := strands, lights
			if horizontal {
				w, h = lights, strands
			}
			out = append(out, space.V{X: float64(x) - float64(w-1)/2, Y: float64(y) - float64(h-1)/2})
		}
	}
	return out
}

// tree is a matrix around a cone, of 360 degrees or those that its name says.
func (m *xmodel) tree(kind string, strings1, nodes int, left, bottom bool) []space.V {
	strands, lights, per := m.strands(strings1, nodes)
	degrees := 360.0
	if f, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimPrefix(kind, "Tree")), 64); err == nil && math.Abs(f) <= 3600 {
		degrees = f
	}
	flat := strings.Contains(kind, "Flat") || strings.Contains(kind, "Ribbon")
	ratio := math.Abs(m.number("TreeBottomTopRatio", 6))
	if ratio < 0.01 {
		ratio = 0.01
	}
	turns := m.number("TreeSpiralRotations", 0)
	radius := float64(max(strands, 2)) / 2
	var out []space.V
	for s := range strands {
		for i := range lights {
			up := i
			if (s%per%2 == 0) != bottom {
				up = lights - 1 - i
			}
			h := 0.5
			if lights > 1 {
				h = float64(up) / float64(lights-1)
			}
			r := radius * (1 + (1/ratio-1)*h)
			side := s
			if !left {
				side = strands - 1 - s
			}
			y := float64(up) - float64(lights-1)/2
			if flat {
				x := 0.0
				if strands > 1 {
					x = 2*float64(side)/float64(strands-1) - 1
				}
				out = append(out, space.V{X: x * r, Y: y})
				continue
			}
			around := float64(side) / float64(max(strands, 1))
			if degrees < 360 && strands > 1 {
				around = float64(side) / float64(strands-1)
			}
			// Its front is towards the viewer; it goes around from the left.
			sin, cos := space.SinCosDegrees(math.Mod(-degrees/2+degrees*around+360*turns*h, 360))
			out = append(out, space.V{X: sin * r, Y: y, Z: cos * r})
		}
	}
	return out
}

// star is an outline of points and notches, from its top.
func (m *xmodel) star(count int, left bool) []space.V {
	tips := m.whole("parm3", 5, 2, 1000)
	ratio := max(math.Abs(m.number("starRatio", 2.618)), 1)
	outer := float64(count+1) / 2
	var line []space.V
	for i := range 2*tips + 1 {
		r := outer
		if i%2 == 1 {
			r /= ratio
		}
		s, c := space.SinCosDegrees(float64(i%(2*tips)) * 180 / float64(tips))
		if left {
			s = -s
		}
		line = append(line, space.V{X: s * r, Y: c * r})
	}
	// The last light is a step before the first.
	return spread(line, count+1, false)[:count]
}

// circle has its lights around, from the bottom.
func (m *xmodel) circle(count int, left bool) []space.V {
	r := float64(count) / 2
	var out []space.V
	for i := range count {
		s, c := space.SinCosDegrees(float64(i) * 360 / float64(count))
		if left {
			s = -s
		}
		out = append(out, space.V{X: s * r, Y: -c * r})
	}
	return out
}

// spinner has arms from the middle outwards.
func (m *xmodel) spinner(strings1, nodes int, left bool) []space.V {
	arms, lights, _ := m.strandsOf(strings1, nodes)
	hollow := min(max(m.number("Hollow", 20), 0), 99) / 100
	start, arc := m.number("StartAngle", 0), m.number("Arc", 360)
	var out []space.V
	for a := range arms {
		turn := start + arc*float64(a)/float64(arms)
		if left {
			turn = -turn
		}
		s, c := space.SinCosDegrees(math.Mod(turn, 360))
		for i := range lights {
			r := float64(lights) * (hollow + (1-hollow)*float64(i+1)/float64(lights))
			out = append(out, space.V{X: s * r, Y: c * r})
		}
	}
	return out
}

// strandsOf is strands of a spinner: parm3 is the arms of a string, and parm2
// the lights of an arm.
func (m *xmodel) strandsOf(strings1, nodes int) (arms, lights, per int) {
	per = m.whole("parm3", 1, 1, 100000)
	if strings1*per*nodes > MaxPixels {
		m.fail("parm1 × parm2 × parm3", strconv.Itoa(strings1*per*nodes), "at most "+strconv.Itoa(MaxPixels)+" pixels")
		return 0, 0, per
	}
	return strings1 * per, nodes, per
}

// sphere has its strands along meridians.
func (m *xmodel) sphere(strings1, nodes int, left, bottom bool) []space.V {
	strands, lights, per := m.strands(strings1, nodes)
	low, high := m.number("StartLatitude", -86), m.number("EndLatitude", 86)
	degrees := m.number("Degrees", 360)
	r := float64(max(strands, lights)) / 2
	var out []space.V
	for s := range strands {
		for i := range lights {
			up := i
			if (s%per%2 == 0) != bottom {
				up = lights - 1 - i
			}
			t := 0.5
			if lights > 1 {
				t = float64(up) / float64(lights-1)
			}
			around := degrees * float64(s) / float64(strands)
			if !left {
				around = -around
			}
			sl, cl := space.SinCosDegrees(math.Mod(low+(high-low)*t, 360))
			sa, ca := space.SinCosDegrees(math.Mod(around-degrees/2, 360))
			out = append(out, space.V{X: r * cl * sa, Y: r * sl, Z: r * cl * ca})
		}
	}
	return out
}

// cube has parm1 × parm2 × parm3 lights, layer after layer from the front,
// each from its lower left row by row.
func (m *xmodel) cube() []space.V {
	w, h, d := m.whole("parm1", 1, 1, 10000), m.whole("parm2", 1, 1, 10000), m.whole("parm3", 1, 1, 10000)
	if w*h > MaxPixels || w*h*d > MaxPixels {
		m.fail("parm1 × parm2 × parm3", strconv.Itoa(w)+"×"+strconv.Itoa(h)+"×"+strconv.Itoa(d), "at most "+strconv.Itoa(MaxPixels)+" pixels")
		return nil
	}
	var out []space.V
	for z := range d {
		for y := range h {
			for x := range w {
				out = append(out, space.V{X: float64(x) - float64(w-1)/2, Y: float64(y) - float64(h-1)/2, Z: float64(d-1)/2 - float64(z)})
			}
		}
	}
	return out
}

// custom reads CustomModel: node numbers in columns with commas, rows with
// semicolons and layers with bars; or CustomModelCompressed: node,row,column
// and perhaps layer of each.
func (m *xmodel) custom() []space.V {
	type cell struct{ x, y, z int }
	at := map[int]cell{}
	var w, h, d, most int
	put := func(node, x, y, z int) bool {
		if node < 1 || node > MaxPixels {
			m.fail("CustomModel", strconv.Itoa(node), "expected nodes of 1…"+strconv.Itoa(MaxPixels))
			return false
		}
		if _, twice := at[node]; !twice { // several lights of one node: its first
			at[node] = cell{x, y, z}
		}
		w, h, d, most = max(w, x+1), max(h, y+1), max(d, z+1), max(most, node)
		return true
	}
	if packed := m.attrs["CustomModelCompressed"]; packed != "" {
		for _, item := range strings.Split(packed, ";") {
			var v [4]int
			n := 0
			for _, s := range strings.Split(item, ",") {
				i, err := strconv.Atoi(strings.TrimSpace(s))
				if err != nil || n == 4 || i < 0 || i > 100000000 {
					m.fail("CustomModelCompressed", item, "expected node,row,column or node,row,column,layer")
					return nil
				}
				v[n] = i
				n++
			}
			if n < 3 {
				m.fail("CustomModelCompressed", item, "expected node,row,column or node,row,column,layer")
				return nil
			}
			if !put(v[0], v[2], v[1], v[3]) {
				return nil
			}
		}
	} else {
		for z, layer := range strings.Split(m.attrs["CustomModel"], "|") {
			for y, row := range strings.Split(layer, ";") {
				for x, s := range strings.Split(row, ",") {
					if s = strings.TrimSpace(s); s == "" {
						continue
					}
					n, err := strconv.Atoi(s)
					if err != nil {
						m.fail("CustomModel", s, "expected a node's number or nothing")
						return nil
					}
					if !put(n, x, y, z) {
						return nil
					}
				}
			}
		}
	}
	var out []space.V
	for n := 1; n <= most; n++ {
		c, ok := at[n]
		if !ok {
			m.fail("CustomModel", strconv.Itoa(n), "this node is missing: expected 1 to the last without a gap")
			return nil
		}
		out = append(out, space.V{X: float64(c.x) - float64(w-1)/2, Y: float64(h-1)/2 - float64(c.y), Z: float64(d-1)/2 - float64(c.z)})
	}
	return out
}
