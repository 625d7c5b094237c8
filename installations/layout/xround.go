package layout

import (
	"strconv"
	"strings"

	"noctiluca/installations/space"
)

// layers reads the sizes of layers and gives them outermost first. Only
// circleSizes, of older files, is written so.
func (m *xmodel) layers(total int) []int {
	var out []int
	for _, key := range []string{"circleSizes", "starSizes", "LayerSizes"} {
		v := m.attrs[key]
		if v == "" {
			continue
		}
		left := total
		for _, s := range strings.Split(v, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(s))
			if err != nil || n < 0 || n > MaxPixels {
				m.fail(key, v, "expected numbers of nodes with commas")
				return nil
			}
			if n = min(n, left); n > 0 {
				out = append(out, n)
				left -= n
			}
		}
		if key != "circleSizes" {
			for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
				out[i], out[j] = out[j], out[i]
			}
		}
		if left > 0 && len(out) > 1 {
			m.remark(strconv.Itoa(left) + " of its nodes are in no layer, and on the outermost here")
			out[0] += left
		}
		break
	}
	if len(out) < 2 {
		return []int{total}
	}
	return out
}

// round is how many nodes a model of strings has.
func (m *xmodel) round() int {
	n, nodes := m.count("NumStrings", "parm1", 1, 1), m.count("NodesPerString", "parm2", 1, 1)
	if !m.few("strings × nodes", n, nodes) {
		return 0
	}
	return n * nodes
}

// circle has its nodes around, from the top or with StartSide B from the
// bottom, on one ring or several.
func (m *xmodel) circle(left bool) []space.V {
	total := m.round()
	if total == 0 {
		return nil
	}
	sizes := m.layers(total)
	most := 0
	for _, n := range sizes {
		most = max(most, n)
	}
	outer := float64(most) / 2
	inner := outer * min(max(m.number("centerPercent", m.number("parm3", 0)), 0), 100) / 100
	inside := m.attrs["InsideOut"] == "1"
	first := 0.0
	if m.attrs["StartSide"] == "B" {
		first = 180
	}
	var out []space.V
	for ring, n := range sizes {
		r := outer
		if len(sizes) > 1 {
			t := float64(ring) / float64(len(sizes)-1)
			if inside { // the wire begins on the innermost ring
				t = 1 - t
			}
			r = inner + (outer-inner)*(1-t)
		}
		for i := range n {
			a := first + 360*float64(i)/float64(n)
			if !left {
				a = -a
			}
			s, c := degreesOf(a)
			out = append(out, space.V{X: s * r, Y: c * r})
		}
	}
	return out
}

// wreath is one ring, from the top or the bottom.
func (m *xmodel) wreath(left, bottom bool) []space.V {
	total := m.round()
	var out []space.V
	for i := range total {
		a := 360 * float64(i) / float64(total)
		if left != bottom {
			a = -a
		}
		if bottom {
			a += 180
		}
		s, c := degreesOf(a)
		out = append(out, space.V{X: s * float64(total/2), Y: c * float64(total/2)})
	}
	return out
}

// star has outlines of points and notches, one in another, from a tip at the
// top, a leg, or the notch between the legs, as StarStartLocation says.
func (m *xmodel) star() []space.V {
	total := m.round()
	tips := m.count("StarPoints", "parm3", 5, 0)
	if tips = max(tips, 2); !m.few("points", tips) || total == 0 {
		return nil
	}
	start := m.attrs["StarStartLocation"]
	if start == "" { // older files
		start = map[[2]bool]string{
			{true, true}: "Bottom Ctr-CW", {true, false}: "Top Ctr-CCW", {false, true}: "Bottom Ctr-CCW", {false, false}: "Top Ctr-CW",
		}[[2]bool{m.attrs["Dir"] != "R", m.attrs["StartSide"] != "T"}]
	}
	gap := 360 / float64(tips)
	first, notch := 180.0, strings.Contains(start, "Bottom Ctr")
	switch {
	case strings.Contains(start, "Top"):
		first = 0
	case notch || tips%2 == 0:
	case strings.Contains(start, "Left"):
		first += gap / 2
	default:
		first -= gap / 2
	}
	turn := 1.0
	if strings.Contains(start, "-CCW") {
		turn = -1
	}
	sizes := m.layers(total)
	n := len(sizes)
	widest := 0.0
	for i, s := range sizes { // a layer further in has less room
		widest = max(widest, 1+float64(s)*(1+float64(i)/float64(n)))
	}
	outer := widest / 2
	step := 0.0
	if n > 1 {
		step = outer * (1 - min(max(m.number("starCenterPercent", 100/float64(n)), 0), 100)/100) / float64(n-1)
	}
	ratio := max(m.number("starRatio", 2.618034), 1)
	var out []space.V
	for k := range sizes {
		layer := k
		if strings.Contains(start, "Inside") {
			layer = n - 1 - k
		}
		r := outer - step*float64(layer)
		var line []space.V
		for i := range 2*tips + 1 {
			at := r
			if (i%2 == 1) != notch {
				at /= ratio
			}
			s, c := degreesOf(first + turn*gap/2*float64(i))
			line = append(line, space.V{X: s * at, Y: c * at})
		}
		// The last light is a step before the first.
		out = append(out, spread(line, sizes[layer]+1)[:sizes[layer]]...)
	}
	return out
}

// spinner has arms around a hollow middle, the first one down.
func (m *xmodel) spinner(left, bottom bool) []space.V {
	n, lights, per := m.count("NumStrings", "parm1", 1, 1), m.count("NodesPerArm", "parm2", 1, 1), m.count("ArmsPerString", "parm3", 1, 1)
	if !m.few("strings × arms × lights", n, per, lights) {
		return nil
	}
	arms := n * per
	hollow := min(max(m.number("Hollow", 20), 0), 100) * 2 * float64(lights) / 100
	arc := m.number("Arc", 360)
	apart := arc / float64(arms)
	if arc < 360 && arms > 1 {
		apart = arc / float64(arms-1)
	}
	if !left {
		apart = -apart
	}
	var out []space.V
	for a := range arms {
		s, c := degreesOf(270 + m.number("StartAngle", 0) + apart*float64(a))
		for i := range lights {
			out1 := !bottom // from the middle outwards
			if m.attrs["Alternate"] == "true" {
				i, out1 = between(i, lights), true
			} else if m.attrs["ZigZag"] == "true" && a%2 == 1 {
				out1 = !out1
			}
			if !out1 {
				i = lights - 1 - i
			}
			r := 0.5 + float64(i) + hollow
			out = append(out, space.V{X: c * r, Y: s * r})
		}
	}
	return out
}

// window is one string around a frame, with its sides' nodes in the corners.
func (m *xmodel) window(left, bottom bool) []space.V {
	top, sides, below := m.count("TopNodes", "parm1", 0, 0), m.count("SideNodes", "parm2", 0, 0), m.count("BottomNodes", "parm3", 0, 0)
	if !m.few("nodes", top+2*sides+below) {
		return nil
	}
	w, h := float64(max(top, below)+2)/2, float64(sides-1)/2
	if sides == 0 {
		h = 0
	}
	var loop []space.V // clockwise, from the lower left
	begins := map[[2]bool]int{{true, true}: 0}
	for i := range sides {
		loop = append(loop, space.V{X: -w, Y: float64(i) - h})
	}
	begins[[2]bool{true, false}] = max(len(loop)-1, 0)
	for i := range top {
		loop = append(loop, space.V{X: -w + 2*w*float64(i+1)/float64(top+1), Y: h})
	}
	begins[[2]bool{false, false}] = len(loop)
	if sides == 0 {
		begins[[2]bool{false, false}] = max(len(loop)-1, 0)
	}
	for i := range sides {
		loop = append(loop, space.V{X: w, Y: h - float64(i)})
	}
	begins[[2]bool{false, true}] = max(len(loop)-1, 0)
	for i := range below {
		loop = append(loop, space.V{X: w - 2*w*float64(i+1)/float64(below+1), Y: -h})
	}
	step := 1
	if r := m.attrs["Rotation"]; r != "" && r != "CW" && r != "Clockwise" {
		step = -1
	}
	var out []space.V
	at := begins[[2]bool{left, bottom}]
	for range loop {
		out = append(out, loop[at])
		at = (at + step + len(loop)) % len(loop)
	}
	return out
}
