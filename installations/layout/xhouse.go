package layout

import (
	"strconv"
	"strings"

	"noctiluca/installations/space"
)

// The models that hang between two ends: arches, candy canes, icicles.

// hanging is the room of a model between two ends, in units of its own: so
// many of them from end to end, x along the line and y upwards at a right
// angle to it.
type hanging struct {
	x, y space.V
}

func (m *xmodel) hanging(wide float64) hanging {
	end := m.second()
	along := space.V{X: 1}
	if end.Length() > 1e-9 {
		along = end.Unit()
	}
	up := space.V{Y: 1}.Sub(along.Times(along.Y))
	switch {
	case up.Length() > 1e-6:
		up = up.Unit()
	case along.Y > 0:
		up = space.V{X: -1}
	default:
		up = space.V{X: 1}
	}
	if turn := clampTurn(m.number("RotateX", 0)); turn != 0 {
		up = up.About(along, turn*(3.141592653589793/180))
	}
	scale := end.Length() / max(wide, 1e-9)
	return hanging{along.Times(scale), up.Times(scale)}
}

func (h hanging) at(x, y float64) space.V { return h.x.Times(x).Add(h.y.Times(y)) }

// leaning turns a place by so many degrees about a foot on the line.
func leaning(foot, x, y, degrees float64) (float64, float64) {
	s, c := degreesOf(degrees)
	return foot + (x-foot)*c - y*s, (x-foot)*s + y*c
}

// arches stand side by side from the first end to the second.
func (m *xmodel) arches(left bool) []space.V {
	n, nodes, lights := m.count("NumArches", "parm1", 1, 1), m.count("NodesPerArch", "parm2", 1, 1), m.count("LightsPerNode", "parm3", 1, 1)
	if !m.few("arches × nodes × lights", n, nodes, lights) {
		return nil
	}
	if v := m.attrs["LayerSizes"]; v != "" && v != "0" && strings.Contains(v, ",") {
		m.remark("its layers " + text(v) + " are one arch here")
	}
	degrees := m.number("Arc", m.number("arc", 180))
	degrees = min(max(degrees, 1), 359)
	lean := m.number("ArchesSkew", m.number("Angle", 0))
	gap := m.number("Gap", 0)
	s0, c0 := space.SinCosDegrees(90 + degrees/2)
	wide := 2 * float64(nodes*lights) // of an arch, in xLights' units
	h := m.hanging(wide*float64(n) + gap*float64(n-1))
	tall := m.number("Height", 1) * wide / 2
	var out []space.V
	for a := range n {
		foot := float64(a) * (wide + gap)
		for i := range nodes * lights {
			t := 0.5
			if nodes*lights > 1 {
				t = float64(i) / float64(nodes*lights-1)
			}
			s, c := space.SinCosDegrees(90 + degrees*(0.5-t))
			x := wide / 2 * (1 + c/max(-c0, 1e-6))
			y := (s - s0) * tall
			if lean != 0 {
				x, y = leaning(x, x, y, lean)
			}
			out = append(out, h.at(foot+x, y))
		}
	}
	out = middles(out, n*nodes)
	if !left {
		reverse(out)
	}
	return out
}

// canes are two thirds upright and one third an arc, side by side.
func (m *xmodel) canes(left bool) []space.V {
	n, nodes, lights := m.count("NumCanes", "parm1", 1, 1), m.count("NodesPerCane", "parm2", 1, 1), m.count("LightsPerNode", "parm3", 1, 1)
	if !m.few("canes × nodes × lights", n, nodes, lights) {
		return nil
	}
	const gap = 2.0
	all := nodes * lights
	wide := float64(all) / 3
	upright := nodes * 6 / 9 * lights
	h := m.hanging(float64(n)*wide + float64(n-1)*gap)
	tall, size := m.number("CandyCaneHeight", 1), m.number("Height", 1)
	lean := m.number("CandyCaneSkew", m.number("Angle", 0))
	sticks, back := m.attrs["CandyCaneSticks"] == "true", m.attrs["CandyCaneReverse"] == "true"
	var out []space.V
	for k := range n {
		cane := k
		if !left {
			cane = n - 1 - k
		}
		foot := float64(cane) * (wide + gap)
		side := 1.0
		switch {
		case sticks:
			foot += wide / 2
		case back:
			foot, side = foot+wide, -1
		}
		var one []space.V
		for i := range all {
			x, y := foot, float64(i)*size
			if !sticks && i >= upright {
				s, c := degreesOf(180 - 180*float64(i-upright+1)/float64(all-upright))
				x += side * (1 + c) * wide / 2 * size
				y = float64(max(upright-1, 0))*size + s*wide/2*size
			}
			x, y = leaning(foot, x, y*tall, lean)
			one = append(one, h.at(x, y))
		}
		one = middles(one, nodes)
		if m.attrs["AlternateNodes"] == "true" {
			turned := make([]space.V, len(one))
			for i := range one {
				turned[i] = one[between(i, len(one))]
			}
			one = turned
		}
		out = append(out, one...)
	}
	return out
}

// icicles hang in drops of the lengths of DropPattern, over and over, from
// the first end to the second; each string begins with the first of them.
func (m *xmodel) icicles(left bool) []space.V {
	n, nodes := m.count("NumStrings", "parm1", 1, 1), m.count("NodesPerString", "parm2", 1, 1)
	if !m.few("strings × nodes", n, nodes) {
		return nil
	}
	pattern := m.attrs["DropPattern"]
	if pattern == "" {
		pattern = "3,4,5,4"
	}
	var drops []int
	sum := 0
	for _, s := range strings.Split(pattern, ",") {
		d, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil || d < 0 || d > 100000 {
			m.fail("DropPattern", pattern, "expected numbers of lights with commas")
			return nil
		}
		drops = append(drops, d)
		sum += d
	}
	if sum == 0 {
		m.fail("DropPattern", pattern, "expected a drop with a light")
		return nil
	}
	if m.number("Shear", 0) != 0 {
		m.remark("its shear is not taken over: drops hang at a right angle to its line")
	}
	type light struct{ column, down int }
	var lights []light
	column := -1
	for range n {
		column++
		drop, down := 0, 0
		for range nodes {
			for down >= drops[drop] {
				column, down, drop = column+1, 0, (drop+1)%len(drops)
				if column > MaxPixels {
					m.fail("DropPattern", pattern, "there are more drops than pixels")
					return nil
				}
			}
			y := down
			if m.attrs["AlternateNodes"] == "true" {
				y = between(down, drops[drop])
			}
			lights = append(lights, light{column, y})
			down++
		}
	}
	h := m.hanging(float64(max(column, 1)))
	tall := m.number("Height", -0.5)
	var out []space.V
	for _, l := range lights {
		x := l.column
		if !left {
			x = column - x
		}
		out = append(out, h.at(float64(x), float64(l.down)*tall))
	}
	return out
}
