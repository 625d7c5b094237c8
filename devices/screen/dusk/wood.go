package dusk

import (
	"math"

	"noctiluca/devices/screen/camera"
	"noctiluca/installations"
)

// Wood is all limbs as chains of nodes, each with the LEDs that shine on it
// from close by.
type Wood struct {
	Nodes    []Node
	Segments []Segment
	near     [][reach]share
}

// Node is a point on the axis of a limb.
type Node struct {
	At     camera.Vec
	Radius float32
	Along  float32    // metres from the foot of its chain
	Axis   camera.Vec // direction of growth, of length 1
	Seed   float32    // 0…1, the chain's own
	// Leaf says that it is a fern's or a thread's, not bark.
	Leaf bool
}

// Segment is what lies between two nodes.
type Segment struct{ A, B int32 }

// reach is how many LEDs shine on a node by themselves; the others are in
// the air.
const reach = 5

type share struct {
	pixel int32
	k     float32
}

// closeBy is the distance within which an LED shines on a node by itself, metres.
const closeBy = 0.4

// NewWood chains limbs together. Limbs follow one another in their order;
// nodes that change the line by less than the eye sees are left out. leaf says
// whether a limb's fixture bears leaves, by its number.
func NewWood(limbs []installations.Limb, leaf func(fixture int) bool, x, y, z []float32) *Wood {
	w := &Wood{}
	for i := 0; i < len(limbs); {
		j := i + 1
		for j < len(limbs) && limbs[j].From == limbs[j-1].To && limbs[j].Fixture == limbs[i].Fixture &&
			limbs[j].RadiusFrom < 1.6*limbs[j-1].RadiusTo+1e-3 {
			j++
		}
		w.chain(limbs[i:j], leaf(limbs[i].Fixture), hash01(uint32(i)))
		i = j
	}
	w.findNear(x, y, z)
	return w
}

func hash01(h uint32) float32 {
	h = (h + 1) * 0x9E3779B1
	h ^= h >> 15
	h *= 0x2C1B3C6D
	h ^= h >> 13
	return float32(h>>8) * (1.0 / (1 << 24))
}

// chain adds the nodes of one chain of limbs.
func (w *Wood) chain(limbs []installations.Limb, leaf bool, seed float32) {
	points := []Node{{At: limbs[0].From, Radius: limbs[0].RadiusFrom}}
	for _, l := range limbs {
		points = append(points, Node{At: l.To, Radius: l.RadiusTo})
	}
	keep := make([]bool, len(points))
	keep[0], keep[len(points)-1] = true, true
	thin(points, keep, 0, len(points)-1)
	first, along := int32(len(w.Nodes)), float32(0)
	for i, p := range points {
		if i > 0 {
			along += p.At.Distance(points[i-1].At)
		}
		if !keep[i] {
			continue
		}
		p.Along, p.Seed, p.Leaf = along, seed, leaf
		if n := int32(len(w.Nodes)); n > first {
			w.Segments = append(w.Segments, Segment{n - 1, n})
		}
		w.Nodes = append(w.Nodes, p)
	}
	nodes := w.Nodes[first:]
	for i := range nodes {
		a, b := nodes[max(i-1, 0)].At, nodes[min(i+1, len(nodes)-1)].At
		nodes[i].Axis = b.Sub(a).Unit()
	}
}

// thin keeps the points between a and b without which the line would be off
// by more than an eighth of its thickness and 8 mm (Douglas and Peucker 1973).
func thin(points []Node, keep []bool, a, b int) {
	if b-a < 2 {
		return
	}
	from, line := points[a].At, points[b].At.Sub(points[a].At)
	length := line.Length()
	worst, at := float32(0), -1
	for i := a + 1; i < b; i++ {
		d := points[i].At.Sub(from)
		k := float32(0)
		if length > 0 {
			k = min(max(d.Dot(line)/(length*length), 0), 1)
		}
		off := d.Sub(line.Times(k)).Length()
		off += float32(math.Abs(float64(points[i].Radius - (points[a].Radius + k*(points[b].Radius-points[a].Radius)))))
		if off -= 0.12*points[i].Radius + 0.008; off > worst {
			worst, at = off, i
		}
	}
	// Light falls differently on the two ends of a long piece.
	if at < 0 && length > 0.8 {
		at = (a + b) / 2
	}
	if at >= 0 {
		keep[at] = true
		thin(points, keep, a, at)
		thin(points, keep, at, b)
	}
}

// findNear gives every node its nearest LEDs.
func (w *Wood) findNear(x, y, z []float32) {
	type box [3]int32
	in := func(p camera.Vec) box {
		return box{int32(math.Floor(float64(p[0] / closeBy))), int32(math.Floor(float64(p[1] / closeBy))), int32(math.Floor(float64(p[2] / closeBy)))}
	}
	boxes := map[box][]int32{}
	for i := range x {
		b := in(camera.Vec{x[i], y[i], z[i]})
		boxes[b] = append(boxes[b], int32(i))
	}
	w.near = make([][reach]share, len(w.Nodes))
	for n := range w.Nodes {
		node := &w.Nodes[n]
		best := &w.near[n]
		c := in(node.At)
		for i := range int32(27) {
			for _, p := range boxes[box{c[0] + i%3 - 1, c[1] + i/3%3 - 1, c[2] + i/9 - 1}] {
				d := node.At.Distance(camera.Vec{x[p], y[p], z[p]})
				if d > closeBy+node.Radius {
					continue
				}
				d = max(d-node.Radius, 0) + 0.05
				fade := 1 - min(d/(closeBy+0.05), 1)
				s := share{p, 0.0025 * fade / (d * d)}
				for k := range best {
					if s.k > best[k].k {
						s, best[k] = best[k], s
					}
				}
			}
		}
	}
}

// Near is the light on node n from the LEDs close to it.
func (w *Wood) Near(n int, r, g, b []float32) (lr, lg, lb float32) {
	for _, s := range &w.near[n] {
		if s.k == 0 {
			break
		}
		lr += s.k * r[s.pixel]
		lg += s.k * g[s.pixel]
		lb += s.k * b[s.pixel]
	}
	return lr, lg, lb
}
