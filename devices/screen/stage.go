//go:build !venue

package screen

import (
	"image"
	"math"

	"noctiluca/devices/screen/camera"
	"noctiluca/devices/screen/dusk"

	"github.com/hajimehoshi/ebiten/v2"
)

// look is how the picture is exposed. The figures were found by eye.
type look struct {
	bulb     float32 // radius of the light of an LED as it is drawn, metres
	point    float32 // light of an LED at full, in its middle
	wood     float32 // light that wood gives back of what falls on it
	water    float32 // light of an LED at full under water, where it comes through
	glow     float32 // what an LED at full, 1 pixel large, adds to the glow
	fog      float32 // extinction, per metre
	aperture float32 // width of the lens, metres: how soft what is out of focus gets
}

var night = look{bulb: 0.0085, point: 26, wood: 1.15, water: 1.6, glow: 3.6, fog: 0.038, aperture: 0.012}

// stage turns limbs and lights into triangles, far to near.
type stage struct {
	wood   *dusk.Wood
	pixels int
	clip   image.Rectangle // what is outside is not drawn

	seen      []projected // of each node
	vertices  []ebiten.Vertex
	indices   []uint32
	items     []item
	sorted    []item
	counts    []int32
	nodeFirst []int32 // first of a node's two vertices, -1 for none
}

// projected is a node on the picture.
type projected struct {
	x, y, z float32 // pixels, and depth in metres
	w       float32 // half width, pixels
}

// item is what is drawn at one depth: a quadrilateral of the vertices a, a+1,
// b and b+1, or a light, a triangle of a, a+1 and a+2.
type item struct{ key, a, b uint32 }

// light in item.b makes it one.
const light = math.MaxUint32

func newStage(wood *dusk.Wood, pixels int) *stage {
	n := len(wood.Nodes)
	return &stage{
		wood: wood, pixels: pixels,
		seen:      make([]projected, n),
		nodeFirst: make([]int32, n),
		vertices:  make([]ebiten.Vertex, 0, 2*n+3*pixels),
		indices:   make([]uint32, 0, 6*(len(wood.Segments)+pixels)),
		items:     make([]item, 0, len(wood.Segments)+pixels),
		sorted:    make([]item, len(wood.Segments)+pixels),
		counts:    make([]int32, keys+1),
	}
}

// keys is how many depths are told apart: 512 in each doubling.
const keys = 1 << 13

// key orders depths: the bits of a positive float32 do, and their upper ones
// are its logarithm.
func key(depth float32) uint32 {
	const nearest = 0x3D000000 // 1/32 m
	k := (math.Float32bits(max(depth, 0.03125)) - nearest) >> 14
	return keys - 1 - min(k, keys-1)
}

// project finds every node's place. thinnest leaves out limbs under that
// radius, metres.
func (s *stage) project(v *camera.View, thinnest float32) {
	for i := range s.wood.Nodes {
		n := &s.wood.Nodes[i]
		p := &s.seen[i]
		s.nodeFirst[i] = -1
		if n.Radius < thinnest {
			p.z = 0
			continue
		}
		p.x, p.y, p.z = v.Project(n.At)
		if p.z >= camera.Near {
			p.w = v.Focal * n.Radius / p.z
		}
	}
}

// block puts the thick limbs of what was projected in the way of sight; k is
// the size of its cells in pixels.
func (s *stage) block(sight *dusk.Sight, k float32) {
	k = 1 / k
	for _, g := range s.wood.Segments {
		a, b := &s.seen[g.A], &s.seen[g.B]
		if a.z < camera.Near || b.z < camera.Near || (a.w+b.w)*k < 0.5 {
			continue
		}
		sight.Block(a.x*k, a.y*k, a.w*k, b.x*k, b.y*k, b.w*k, (a.z+b.z)/2)
	}
}

// begin empties the triangles.
func (s *stage) begin() {
	s.vertices, s.indices, s.items = s.vertices[:0], s.indices[:0], s.items[:0]
}

// limbs adds what was projected, lit.
func (s *stage) limbs(v *camera.View, look *look, air *dusk.Air, l *dusk.Lights, horizon [3]float32, exposure, thinnest float32) {
	x0, y0, x1, y1 := s.edges()
	for _, g := range s.wood.Segments {
		a, b := &s.seen[g.A], &s.seen[g.B]
		if a.z < camera.Near || b.z < camera.Near || max(a.w, b.w) < thinnest {
			continue
		}
		m := 4 + max(a.w, b.w)
		if max(a.x, b.x) < x0-m || min(a.x, b.x) > x1+m || max(a.y, b.y) < y0-m || min(a.y, b.y) > y1+m {
			continue
		}
		first, second := s.node(g.A, v, look, air, l, horizon, exposure), s.node(g.B, v, look, air, l, horizon, exposure)
		s.items = append(s.items, item{key((a.z + b.z) / 2), uint32(first), uint32(second)})
	}
}

func (s *stage) edges() (x0, y0, x1, y1 float32) {
	return float32(s.clip.Min.X), float32(s.clip.Min.Y), float32(s.clip.Max.X), float32(s.clip.Max.Y)
}

// node gives the first of a node's two vertices, one at each edge.
func (s *stage) node(i int32, v *camera.View, look *look, air *dusk.Air, l *dusk.Lights, horizon [3]float32, exposure float32) int32 {
	if s.nodeFirst[i] >= 0 {
		return s.nodeFirst[i]
	}
	n, p := &s.wood.Nodes[i], &s.seen[i]
	first := int32(len(s.vertices))
	s.nodeFirst[i] = first

	// Across the limb on the picture: square to its axis there.
	dx, dy, dz := n.At[0]-v.Eye[0], n.At[1]-v.Eye[1], n.At[2]-v.Eye[2]
	af := n.Axis.Dot(v.Forward)
	tx := n.Axis.Dot(v.Right)*p.z - (dx*v.Right[0]+dy*v.Right[1]+dz*v.Right[2])*af
	ty := n.Axis.Dot(v.Up)*p.z - (dx*v.Up[0]+dy*v.Up[1]+dz*v.Up[2])*af
	if t := float32(math.Sqrt(float64(tx*tx + ty*ty))); t > 1e-5 {
		tx, ty = tx/t, ty/t
	} else {
		tx, ty = 0, 1
	}
	nx, ny := ty, tx // in pixels with y down; the world's side is Right·nx − Up·ny

	out := abs(1-p.z/v.Focus) * look.aperture * v.Focal / v.Focus * 0.5
	soft := min(max(1.3, out*2), 60)
	w, cover := p.w, float32(1)
	if w < 0.55 {
		w, cover = 0.55, max(w/0.55, 0.12)
	}

	nr, ng, nb := l.R, l.G, l.B
	cr, cg, cb := s.wood.Near(int(i), nr, ng, nb)
	k := look.wood * exposure
	clear := dusk.Clear(p.z * look.fog)
	bark := float32(0)
	if !n.Leaf && p.w > 2.5 {
		bark = min((p.w-2.5)*0.12, 0.75) * clear
	}
	// Light comes from either side, and onto thick limbs from before them.
	var edge [2][3]float32
	front := float32(1)
	if p.w > 1.2 {
		far := n.Radius + 0.3
		sx, sy, sz := far*(v.Right[0]*nx-v.Up[0]*ny), far*(v.Right[1]*nx-v.Up[1]*ny), far*(v.Right[2]*nx-v.Up[2]*ny)
		edge[0][0], edge[0][1], edge[0][2] = air.At(n.At[0]+sx, n.At[1]+sy, n.At[2]+sz)
		edge[1][0], edge[1][1], edge[1][2] = air.At(n.At[0]-sx, n.At[1]-sy, n.At[2]-sz)
		near := -(n.Radius + 0.35) / p.z
		fr, fg, fb := air.At(n.At[0]+near*dx, n.At[1]+near*dy, n.At[2]+near*dz)
		front = min((fr+fg+fb+cr+cg+cb)/(0.5*(edge[0][0]+edge[0][1]+edge[0][2]+edge[1][0]+edge[1][1]+edge[1][2])+cr+cg+cb+1e-4), 2)
	} else {
		edge[0][0], edge[0][1], edge[0][2] = air.At(n.At[0], n.At[1], n.At[2])
		edge[1] = edge[0]
	}
	reach := w + soft/2
	for e := range 2 {
		sign := float32(1 - 2*e)
		s.vertices = append(s.vertices, ebiten.Vertex{
			DstX: p.x + nx*reach*sign, DstY: p.y + ny*reach*sign,
			SrcX: bark, SrcY: soft,
			ColorR:  dusk.Film((k*(edge[e][0]+cr))*clear+horizon[0]*(1-clear)) * (1.0 / 255),
			ColorG:  dusk.Film((k*(edge[e][1]+cg))*clear+horizon[1]*(1-clear)) * (1.0 / 255),
			ColorB:  dusk.Film((k*(edge[e][2]+cb))*clear+horizon[2]*(1-clear)) * (1.0 / 255),
			ColorA:  cover,
			Custom0: reach * sign, Custom1: n.Along + 97*n.Seed, Custom2: w,
			Custom3: float32(math.Sqrt(float64(1 - clear + front*clear))),
		})
	}
	return first
}

// lights adds every LED that shines. glow takes what they cast into the lens,
// if any, by what sight lets through; under says which are
// under water; k is the size of its cells in pixels.
func (s *stage) lights(v *camera.View, look *look, l *dusk.Lights, under []bool, exposure, grow, faintest float32, glow *dusk.Glow, sight *dusk.Sight, k float32) {
	x0, y0, x1, y1 := s.edges()
	for i := range l.X {
		r, g, b := l.R[i], l.G[i], l.B[i]
		if r+g+b < 0.0015 {
			continue
		}
		x, y, z := v.Project(camera.Vec{l.X[i], l.Y[i], l.Z[i]})
		if z < camera.Near || x < x0-60 || y < y0-60 || x > x1+60 || y > y1+60 {
			continue
		}
		clear := dusk.Clear(z * look.fog * 0.7)
		size := v.Focal * look.bulb / z
		e := exposure * clear
		if glow != nil {
			seen := 0.2 + 0.8*sight.Seen(x/k, y/k, z-0.04)
			c := look.glow * e * seen * (size*size + 0.25*size)
			glow.Add(x/k, y/k, c*r, c*g, c*b)
		}
		out := min(abs(1-z/v.Focus)*look.aperture*v.Focal/v.Focus*0.5, 40)
		// What is smaller than a pixel is drawn larger and dimmer.
		drawn := float32(math.Sqrt(float64(size*size + grow*grow + out*out)))
		c := look.point * e * min((size*size+0.6*size)/(drawn*drawn), 1)
		blur := min(max((out-2)*0.25, 0), 1)
		half := drawn * (2.1 - 0.9*blur)
		c *= 1 + 0.4*blur
		flat := float32(1)
		if under[i] {
			// Water spreads it over its surface.
			half = max(v.Focal*0.085/z, half)
			c = look.water * e
			flat = min(max((v.Eye[1]-l.Y[i])/z, 0.2), 1)
			blur = 0
		}
		if c*max(r, g, b) < faintest {
			continue
		}
		if x+half < x0 || y+half < y0 || x-half > x1 || y-half > y1 {
			continue
		}
		// A triangle round the circle: half of a square's work.
		first := uint32(len(s.vertices))
		for _, corner := range [3][2]float32{{-1.7320508, -1}, {1.7320508, -1}, {0, 2}} {
			s.vertices = append(s.vertices, ebiten.Vertex{
				DstX: x + half*corner[0], DstY: y + half*flat*corner[1],
				ColorR: c * r, ColorG: c * g, ColorB: c * b, ColorA: 1,
				Custom0: corner[0], Custom1: corner[1], Custom2: blur, Custom3: -1,
			})
		}
		s.items = append(s.items, item{key(z - 0.04), first, light})
	}
}

// sort puts the triangles in order, far to near: by counting, since depths
// are few.
func (s *stage) sort() {
	clear(s.counts)
	for i := range s.items {
		s.counts[s.items[i].key+1]++
	}
	for i := 1; i < len(s.counts); i++ {
		s.counts[i] += s.counts[i-1]
	}
	for _, it := range s.items {
		at := s.counts[it.key]
		s.counts[it.key]++
		s.sorted[at] = it
	}
	for _, it := range s.sorted[:len(s.items)] {
		if it.b == light {
			s.indices = append(s.indices, it.a, it.a+1, it.a+2)
			continue
		}
		s.indices = append(s.indices, it.a, it.a+1, it.b, it.b, it.a+1, it.b+1)
	}
}

func abs(x float32) float32 {
	if x < 0 {
		return -x
	}
	return x
}
