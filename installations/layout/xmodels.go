package layout

import (
	"strconv"
	"strings"

	"noctiluca/installations/space"
)

// The models of xLights, as its xLights/models/*Model.cpp place their nodes:
// these with nodes in rows, and those of xround.go and xhouse.go.

// points gives where a model's nodes are, in the order of its channels and in
// its own units, around its middle; from its first end, and in the layout's
// units, for those that are placed by their ends. known is false for a kind
// that is not read.
func (m *xmodel) points(kind string) (ps []space.V, known bool) {
	left, bottom := m.attrs["Dir"] != "R", m.attrs["StartSide"] != "T"
	switch {
	case kind == "Single Line":
		return m.single(left), true
	case kind == "Poly Line":
		return m.poly(), true
	case strings.Contains(kind, "MultiPoint") || kind == "Multi Point":
		return m.corners(), true
	case kind == "Arches":
		return m.arches(left), true
	case kind == "Candy Canes":
		return m.canes(left), true
	case kind == "Icicles":
		return m.icicles(left), true
	case kind == "Horiz Matrix" || kind == "Matrix" && m.attrs["Vertical"] == "false":
		return m.matrix(true, left, bottom), true
	case kind == "Vert Matrix" || kind == "Matrix":
		return m.matrix(false, left, bottom), true
	case kind == "Tree" || strings.HasPrefix(kind, "Tree "):
		return m.tree(kind, left, bottom), true
	case kind == "Star":
		return m.star(), true
	case kind == "Circle":
		return m.circle(left), true
	case kind == "Wreath":
		return m.wreath(left, bottom), true
	case kind == "Spinner":
		return m.spinner(left, bottom), true
	case kind == "Window Frame":
		return m.window(left, bottom), true
	case kind == "Sphere":
		return m.sphere(left, bottom), true
	case kind == "Cube":
		return m.cube(), true
	case kind == "Custom":
		return m.custom(), true
	}
	return nil, false
}

// kinds are those of points, for a message.
const kinds = "Single Line, Poly Line, MultiPoint, Arches, Candy Canes, Icicles, Matrix, Tree, Star, Circle, Wreath, Spinner, Window Frame, Sphere, Cube, Custom"

// count reads a number under the name that xLights gives it since 2024, or
// under that before, parm1 to parm3.
func (m *xmodel) count(key, parm string, otherwise, low int) int {
	if m.attrs[key] == "" {
		key = parm
	}
	return m.whole(key, otherwise, low, 1_000_000)
}

// few says that a product of counts is not more than there may be.
func (m *xmodel) few(what string, counts ...int) bool {
	n := 1
	for _, c := range counts {
		if n *= c; n > MaxPixels {
			m.fail(what, strconv.Itoa(n), "at most "+strconv.Itoa(MaxPixels)+" pixels")
			return false
		}
	}
	return m.err == nil
}

// strings is how many strings a model has: of those that shine as one, so
// many pixels.
func (m *xmodel) strings() int {
	for _, key := range []string{"NumStrings", "NumArches", "NumCanes"} {
		if m.attrs[key] != "" {
			return m.whole(key, 1, 1, 1_000_000)
		}
	}
	switch m.displayAs() {
	case "Custom":
		return m.whole("CustomStrings", 1, 1, 1_000_000)
	case "Poly Line":
		return m.whole("PolyStrings", 1, 1, 1_000_000)
	case "Window Frame", "Cube", "MultiPoint", "Multi Point":
		return 1
	}
	return m.whole("parm1", 1, 1, 1_000_000)
}

// single is a line from its first end to its second.
func (m *xmodel) single(left bool) []space.V {
	n, nodes, lights := m.count("NumStrings", "parm1", 1, 1), m.count("NodesPerString", "parm2", 50, 1), m.count("LightsPerNode", "parm3", 1, 1)
	if !m.few("strings × nodes × lights", n, nodes, lights) {
		return nil
	}
	ps := middles(spread([]space.V{{}, m.second()}, n*nodes*lights), n*nodes)
	if !left { // each string begins at its far end
		for at := 0; at < len(ps); at += nodes {
			reverse(ps[at : at+nodes])
		}
	}
	return ps
}

// second is the other end of a model of two points.
func (m *xmodel) second() space.V {
	return space.V{X: m.number("X2", 100), Y: m.number("Y2", 0), Z: m.number("Z2", 0)}
}

func reverse(ps []space.V) {
	for i, j := 0, len(ps)-1; i < j; i, j = i+1, j-1 {
		ps[i], ps[j] = ps[j], ps[i]
	}
}

// corners are the points of PointData, scaled.
func (m *xmodel) corners() []space.V {
	var v []float64
	for _, s := range strings.Split(m.attrs["PointData"], ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		f, ok := finite(s)
		if !ok {
			m.fail("PointData", s, "expected numbers with commas")
			return nil
		}
		v = append(v, f)
	}
	if len(v) == 0 || len(v)%3 != 0 {
		m.fail("PointData", m.attrs["PointData"], "expected three numbers for each of its points")
		return nil
	}
	var line []space.V
	for i := 0; i < len(v); i += 3 {
		line = append(line, space.V{X: v[i] * m.number("ScaleX", 1), Y: v[i+1] * m.number("ScaleY", 1), Z: v[i+2] * m.number("ScaleZ", 1)})
	}
	return line
}

// poly is a line through PointData. Its nodes are in the middle of an equal
// share each, of the whole line, or with IndivSegs of the stretch that Seg1,
// Seg2 … give them to.
func (m *xmodel) poly() []space.V {
	line := m.corners()
	if m.err == nil && len(line) < 2 {
		m.fail("PointData", m.attrs["PointData"], "expected three numbers for each of at least 2 points")
	}
	if m.err != nil {
		return nil
	}
	if m.attrs["cPointData"] != "" {
		m.remark("its curves are straight here")
	}
	if d := m.attrs["DropPattern"]; d != "" && d != "1" {
		m.remark("its drops " + text(d) + " lie along the line")
	}
	var ps []space.V
	if m.attrs["IndivSegs"] == "1" || strings.EqualFold(m.attrs["IndivSegs"], "true") {
		for i := 1; i < len(line); i++ {
			n := m.whole("Seg"+strconv.Itoa(i), 0, 0, 1_000_000)
			if !m.few("segments", n+len(ps)) {
				return nil
			}
			ps = append(ps, shares(line[i-1:i+1], n)...)
		}
	} else {
		n := m.count("NodesPerString", "parm2", 1, 1)
		if m.attrs["NodesPerString"] == "" {
			n *= m.whole("parm1", 1, 1, 1_000_000)
		}
		if !m.few("nodes", n) {
			return nil
		}
		ps = shares(line, n)
	}
	if m.attrs["Dir"] == "R" {
		reverse(ps)
	}
	return ps
}

// shares puts points in the middles of equal parts of a line.
func shares(line []space.V, n int) []space.V {
	var out []space.V
	for i, p := range spread(line, 2*n+1) {
		if i%2 == 1 {
			out = append(out, p)
		}
	}
	return out
}

// rows divides strings into strands, and says how many nodes each has.
func (m *xmodel) rows() (strands, lights, per int) {
	n, nodes := m.count("NumStrings", "parm1", 1, 1), m.count("NodesPerString", "parm2", 1, 1)
	per = min(m.count("StrandsPerString", "parm3", 1, 0), nodes)
	per = max(per, 1)
	if !m.few("strings × nodes", n, nodes) {
		return 0, 0, per
	}
	if nodes%per != 0 {
		m.fail("parm3", strconv.Itoa(per), "expected strands that divide the nodes of a string, "+strconv.Itoa(nodes))
		return 0, 0, per
	}
	return n * per, nodes / per, per
}

// step is where the i-th node of a strand is along it: within a string every
// other strand runs back, or all run forth, or each runs forth on every other
// place and back on those between.
func (m *xmodel) step(i, lights, strand, per int, forth bool) int {
	switch {
	case m.attrs["AlternateNodes"] == "true":
		i = between(i, lights)
	case m.attrs["NoZig"] == "true" || m.attrs["NoZig"] == "1":
	case strand%per%2 == 1:
		forth = !forth
	}
	if forth {
		return i
	}
	return lights - 1 - i
}

// between is the i-th of n places when every other one is taken on the way
// forth and those between on the way back.
func between(i, n int) int {
	if i < (n+1)/2 {
		return 2 * i
	}
	return (n-1-i)*2 + 1
}

// matrix lays strands side by side.
func (m *xmodel) matrix(horizontal, left, bottom bool) []space.V {
	strands, lights, per := m.rows()
	var out []space.V
	for s := range strands {
		for i := range lights {
			first, across := bottom, s
			if horizontal {
				first = left
			}
			if along := m.step(i, lights, s, per, first); horizontal {
				if !bottom {
					across = strands - 1 - s
				}
				out = append(out, space.V{X: float64(along) - float64(lights-1)/2, Y: float64(across) - float64(strands-1)/2})
			} else {
				if !left {
					across = strands - 1 - s
				}
				out = append(out, space.V{X: float64(across) - float64(strands-1)/2, Y: float64(along) - float64(lights-1)/2})
			}
		}
	}
	return out
}

// tree is a matrix around a cone of TreeDegrees, or those that its kind says,
// three times as high as it has lights and 1.8 times as high as wide; or a
// flat fan.
func (m *xmodel) tree(kind string, left, bottom bool) []space.V {
	strands, lights, per := m.rows()
	degrees, flat := 360.0, false
	switch word := strings.TrimSpace(strings.TrimPrefix(kind, "Tree")); {
	case word == "Flat" || word == "Ribbon":
		flat = true
	case word != "":
		if f, ok := finite(word); ok {
			degrees = f
		}
	default:
		flat = m.whole("TreeType", 0, 0, 2) > 0
		degrees = m.number("TreeDegrees", 360)
	}
	if !(degrees > 0 && degrees <= 3600) {
		degrees = 360
	}
	high, low := 3*float64(lights), 0.0
	radius := high / 1.8 / 2
	top := radius
	if ratio := m.number("TreeBottomTopRatio", 6); ratio > 0 {
		top /= max(ratio, 0.01)
	} else if ratio < 0 {
		radius, top = top/max(-ratio, 0.01), radius
	}
	if flat {
		high = 2 * float64(lights)
	}
	low = -high / 2
	turns := m.number("TreeSpiralRotations", 0)
	first := m.number("TreeRotation", 3) - degrees/2
	apart := degrees / float64(max(strands, 1))
	if degrees < 350 && strands > 1 {
		apart = degrees / float64(strands-1)
	}
	var out []space.V
	for s := range strands {
		for i := range lights {
			h := 0.5
			if lights > 1 {
				h = float64(m.step(i, lights, s, per, bottom)) / float64(lights-1)
			}
			side := s
			if !left {
				side = strands - 1 - s
			}
			if flat { // 4 units from strand to strand below, 0.9 above
				out = append(out, space.V{X: (float64(side) - float64(strands-1)/2) * (4 - 3.1*h), Y: low + high*h})
				continue
			}
			// Its front is towards the viewer; it goes around from the left.
			sin, cos := degreesOf(first + apart*float64(side) + 360*turns*h)
			r := radius + (top-radius)*h
			out = append(out, space.V{X: sin * r, Y: low + high*h, Z: cos * r})
		}
	}
	return out
}

// degreesOf is the sine and cosine of an angle of any size.
func degreesOf(v float64) (sin, cos float64) { return space.SinCosDegrees(clampTurn(v)) }

// sphere has its strands along meridians, from the left around its front.
func (m *xmodel) sphere(left, bottom bool) []space.V {
	strands, lights, per := m.rows()
	low, high := m.number("StartLatitude", -86), m.number("EndLatitude", 86)
	degrees := min(max(m.number("Degrees", 360), 1), 360)
	r := float64(max(strands, lights)) / 1.8 / 2
	wide, tall := 1.0, 1.0
	if v := m.whole("versionNumber", 0, 0, 1_000_000); v < 8 && m.err == nil && lights > 0 {
		// Files before version 8 were scaled by another measure.
		tall = float64(lights) / float64(max(strands, lights))
		wide = tall / 1.8
	}
	apart := (degrees - (360-degrees)/float64(max(strands, 1))) / float64(max(strands, 1))
	var out []space.V
	for s := range strands {
		for i := range lights {
			t := 0.5
			if lights > 1 {
				t = float64(m.step(i, lights, s, per, bottom)) / float64(lights-1)
			}
			side := s
			if !left {
				side = strands - 1 - s
			}
			sl, cl := degreesOf(low + (high-low)*t)
			sa, ca := degreesOf(float64(side)*apart - degrees/2)
			out = append(out, space.V{X: wide * r * cl * sa, Y: tall * r * sl, Z: wide * r * cl * ca})
		}
	}
	return out
}

// runs are the axes that a cube's wire takes, by its Style: along its strands,
// from strand to strand, and from layer to layer.
var runs = map[string][3]int{
	"Vertical Front/Back": {1, 2, 0}, "Vertical Left/Right": {1, 0, 2},
	"Horizontal Front/Back": {2, 1, 0}, "Horizontal Left/Right": {0, 1, 2},
	"Stacked Front/Back": {0, 2, 1}, "Stacked Left/Right": {2, 0, 1},
}

// cube begins in the corner that Start names. Strands of a layer run forth and
// back, and every other layer from its last strand to its first.
func (m *xmodel) cube() []space.V {
	size := [3]int{m.count("CubeWidth", "parm1", 1, 1), m.count("CubeHeight", "parm2", 1, 1), m.count("CubeDepth", "parm3", 1, 1)}
	if !m.few("width × height × depth", size[:]...) {
		return nil
	}
	if m.attrs["CubeShape"] == "1" {
		m.remark("it is a cylinder in xLights, and a block here")
	}
	run, ok := runs[m.attrs["Style"]]
	if !ok {
		run = runs["Vertical Front/Back"]
		if m.attrs["Style"] != "" {
			m.remark("its Style " + text(m.attrs["Style"]) + " is not known: taken for Vertical Front/Back")
		}
	}
	start := m.attrs["Start"]
	far := [3]bool{strings.Contains(start, "Right"), strings.Contains(start, "Top"), strings.Contains(start, "Back")}
	width, height, depth := size[run[0]], size[run[1]], size[run[2]]
	straight, alternate := m.attrs["StrandPerLine"] == "No Zig Zag", strings.HasSuffix(m.attrs["StrandPerLine"], "ternate Pixel")
	alike := strings.EqualFold(m.attrs["StrandPerLayer"], "true")
	var out []space.V
	for i := range width * height * depth {
		x, y, z := i%width, i/width%height, i/(width*height)
		switch {
		case alternate:
			x = between(x, width)
		case !straight && y%2 == 1:
			x = width - 1 - x
		}
		if !alike && z%2 == 1 {
			y = height - 1 - y
			if height%2 == 1 && !straight && !alternate {
				x = width - 1 - x
			}
		}
		var at [3]int
		at[run[0]], at[run[1]], at[run[2]] = x, y, z
		for k := range at {
			if far[k] {
				at[k] = size[k] - 1 - at[k]
			}
		}
		out = append(out, space.V{X: float64(at[0]) - float64(size[0]-1)/2, Y: float64(at[1]) - float64(size[1]-1)/2, Z: float64(size[2]-1)/2 - float64(at[2])})
	}
	return out
}

// spread puts points evenly along a line of corners, the first and the last
// at its ends.
func spread(line []space.V, count int) []space.V {
	far := make([]float64, len(line))
	for i := 1; i < len(line); i++ {
		far[i] = far[i-1] + line[i].Sub(line[i-1]).Length()
	}
	out := make([]space.V, 0, count)
	at := 0
	for i := range count {
		want := far[len(far)-1] / 2
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
	return out
}
