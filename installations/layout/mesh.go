package layout

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"noctiluca/installations/space"

	"github.com/qmuntal/gltf"
	"github.com/qmuntal/gltf/modeler"
)

// along puts pixels along a line at a pitch, from its first point.
func along(line []space.V, pitch float64) ([]space.V, bool) {
	length := 0.0
	for i := 1; i < len(line); i++ {
		length += line[i].Sub(line[i-1]).Length()
	}
	n := math.Floor(length/pitch+0.01) + 1
	if !(n <= MaxPixels) {
		return nil, false
	}
	if n < 2 {
		return line[:1], true
	}
	// spread takes both ends: cut the line to a whole number of pitches.
	return spread(cutLine(line, (n-1)*pitch), int(n)), true
}

// cutLine is a line up to a length.
func cutLine(line []space.V, length float64) []space.V {
	out := line[:1:1]
	for i := 1; i < len(line); i++ {
		d := line[i].Sub(line[i-1]).Length()
		if d >= length {
			t := 1.0
			if d > 0 {
				t = min(length/d, 1)
			}
			return append(out, line[i-1].Lerp(line[i], t))
		}
		out = append(out, line[i])
		length -= d
	}
	return out
}

// readOBJ reads a Wavefront OBJ: where it has lines (l), pixels along them at
// the pitch; else its vertices (v), in order. Objects and groups are fixtures.
func readOBJ(s *source) (*Layout, error) {
	type part struct {
		name  string
		verts []space.V
		lines [][]int
	}
	var all []space.V
	parts := []*part{{name: "vertices"}}
	in := bufio.NewScanner(bytes.NewReader(s.data))
	in.Buffer(make([]byte, 64<<10), MaxBytes)
	line := 0
	for in.Scan() {
		line++
		f := strings.Fields(in.Text())
		if len(f) == 0 {
			continue
		}
		now := parts[len(parts)-1]
		switch f[0] {
		case "o", "g":
			name := strings.Join(f[1:], " ")
			if len(now.verts) == 0 && len(now.lines) == 0 {
				now.name = name
			} else {
				parts = append(parts, &part{name: name})
			}
		case "v":
			if len(f) < 4 {
				return nil, s.errorf(line, "", "v has %d numbers: expected x, y and z", len(f)-1)
			}
			var v [3]float64
			for i := range v {
				x, err := strconv.ParseFloat(f[i+1], 64)
				if err != nil || !(math.Abs(x) <= 1e12) {
					return nil, s.errorf(line, "", "v: %q: expected a number", text(f[i+1]))
				}
				v[i] = x
			}
			if len(all) == MaxPixels {
				return nil, s.errorf(line, "", "more than %d vertices", MaxPixels)
			}
			p := s.stand("y", space.Of(v).Times(s.unit(1)))
			all = append(all, p)
			now.verts = append(now.verts, p)
		case "l":
			var l []int
			for _, t := range f[1:] {
				t, _, _ = strings.Cut(t, "/")
				n, err := strconv.Atoi(t)
				if n < 0 {
					n += len(all) + 1 // counted back from the last
				}
				if err != nil || n < 1 || n > len(all) {
					return nil, s.errorf(line, "", "l: %q: expected a vertex, 1…%d, or counted back from the last", text(t), len(all))
				}
				l = append(l, n-1)
			}
			if len(l) > 1 {
				now.lines = append(now.lines, l)
			}
		}
	}
	if err := in.Err(); err != nil {
		return nil, s.errorf(line, "", "%v", err)
	}
	edges := false
	for _, p := range parts {
		edges = edges || len(p.lines) > 0
	}
	l := &Layout{}
	for _, p := range parts {
		f := Fixture{Name: p.name, Points: p.verts}
		if edges {
			f.Points = nil
			var chain []space.V
			end := -1
			flush := func() error {
				if len(chain) < 2 {
					return nil
				}
				ps, ok := along(chain, s.pitch())
				if !ok || len(f.Points)+len(ps) > MaxPixels {
					return s.errorf(0, "object "+text(p.name), "its lines have more than %d pixels at a pitch of %g m", MaxPixels, s.pitch())
				}
				f.Points = append(f.Points, ps...)
				chain = nil
				return nil
			}
			for _, one := range p.lines {
				if one[0] != end {
					if err := flush(); err != nil {
						return nil, err
					}
					chain = []space.V{all[one[0]]}
				}
				for _, v := range one[1:] {
					chain = append(chain, all[v])
				}
				end = one[len(one)-1]
			}
			if err := flush(); err != nil {
				return nil, err
			}
		}
		l.Fixtures = append(l.Fixtures, f)
	}
	l.Notes = append(l.Notes, meshNote(edges, s.pitch()))
	return l, nil
}

func meshNote(edges bool, pitch float64) string {
	if edges {
		return fmt.Sprintf("Pixels are along the file's lines, %.4g m apart (--pitch gives another).", pitch)
	}
	return "Pixels are the file's vertices, in its order."
}

// readGLTF reads glTF 2.0, .gltf with its data inside and .glb: of each node
// with a mesh, pixels along its lines at the pitch, or else its vertices.
// Lengths are metres there, y up and z towards the viewer.
func readGLTF(s *source) (l *Layout, err error) {
	defer func() {
		if p := recover(); p != nil { // of the library, for a file that lies
			l, err = nil, s.errorf(0, "", "it does not hold together: %v", p)
		}
	}()
	doc := new(gltf.Document)
	if err := gltf.NewDecoder(bytes.NewReader(s.data)).Decode(doc); err != nil {
		return nil, s.errorf(0, "", "%v (a .gltf must have its buffers inside)", err)
	}
	l = &Layout{}
	edges := false
	parents := map[int]int{}
	for i, n := range doc.Nodes {
		for _, c := range n.Children {
			parents[c] = i
		}
	}
	for i, n := range doc.Nodes {
		if n.Mesh == nil {
			continue
		}
		where := fmt.Sprintf("node %d (%s)", i, text(n.Name))
		if *n.Mesh < 0 || *n.Mesh >= len(doc.Meshes) {
			return nil, s.errorf(0, where, "mesh %d: there are %d", *n.Mesh, len(doc.Meshes))
		}
		f := Fixture{Name: n.Name}
		if f.Name == "" {
			f.Name = doc.Meshes[*n.Mesh].Name
		}
		for _, prim := range doc.Meshes[*n.Mesh].Primitives {
			acc, ok := prim.Attributes[gltf.POSITION]
			if !ok || acc < 0 || acc >= len(doc.Accessors) {
				continue
			}
			if c := doc.Accessors[acc].Count; c > MaxPixels {
				return nil, s.errorf(0, where, "%d vertices: at most %d", c, MaxPixels)
			}
			raw, err := modeler.ReadPosition(doc, doc.Accessors[acc], nil)
			if err != nil {
				return nil, s.errorf(0, where, "its positions: %v", err)
			}
			var vs []space.V
			for _, v := range raw {
				vs = append(vs, s.stand("y", nodeToWorld(doc, parents, i, space.V{X: float64(v[0]), Y: float64(v[1]), Z: float64(v[2])}).Times(s.unit(1))))
			}
			line := prim.Mode == gltf.PrimitiveLines || prim.Mode == gltf.PrimitiveLineStrip || prim.Mode == gltf.PrimitiveLineLoop
			if !line {
				f.Points = append(f.Points, vs...)
				continue
			}
			edges = true
			order := make([]int, len(vs))
			for k := range order {
				order[k] = k
			}
			if prim.Indices != nil && *prim.Indices >= 0 && *prim.Indices < len(doc.Accessors) {
				idx, err := modeler.ReadIndices(doc, doc.Accessors[*prim.Indices], nil)
				if err != nil {
					return nil, s.errorf(0, where, "its indices: %v", err)
				}
				order = order[:0]
				for _, k := range idx {
					if int(k) >= len(vs) {
						return nil, s.errorf(0, where, "index %d: there are %d vertices", k, len(vs))
					}
					order = append(order, int(k))
				}
			}
			for _, chain := range chainsOf(order, prim.Mode) {
				var ps []space.V
				for _, k := range chain {
					ps = append(ps, vs[k])
				}
				got, ok := along(ps, s.pitch())
				if !ok || len(f.Points)+len(got) > MaxPixels {
					return nil, s.errorf(0, where, "its lines have more than %d pixels at a pitch of %g m", MaxPixels, s.pitch())
				}
				f.Points = append(f.Points, got...)
			}
		}
		l.Fixtures = append(l.Fixtures, f)
	}
	l.Notes = append(l.Notes, meshNote(edges, s.pitch()))
	return l, nil
}

// chainsOf joins a primitive's edges to lines.
func chainsOf(order []int, mode gltf.PrimitiveMode) [][]int {
	if len(order) < 2 {
		return nil
	}
	if mode != gltf.PrimitiveLines {
		if mode == gltf.PrimitiveLineLoop {
			order = append(order, order[0])
		}
		return [][]int{order}
	}
	var out [][]int
	for i := 0; i+1 < len(order); i += 2 {
		if n := len(out); n > 0 && out[n-1][len(out[n-1])-1] == order[i] {
			out[n-1] = append(out[n-1], order[i+1])
			continue
		}
		out = append(out, []int{order[i], order[i+1]})
	}
	return out
}

// nodeToWorld applies a node's transform and its parents'.
func nodeToWorld(doc *gltf.Document, parents map[int]int, node int, p space.V) space.V {
	for range 64 { // a hierarchy is no deeper, and a circle ends here
		n := doc.Nodes[node]
		if m := n.MatrixOrDefault(); m != gltf.DefaultMatrix {
			p = space.V{
				X: m[0]*p.X + m[4]*p.Y + m[8]*p.Z + m[12],
				Y: m[1]*p.X + m[5]*p.Y + m[9]*p.Z + m[13],
				Z: m[2]*p.X + m[6]*p.Y + m[10]*p.Z + m[14],
			}
		} else {
			k := n.ScaleOrDefault()
			p = space.V{X: p.X * k[0], Y: p.Y * k[1], Z: p.Z * k[2]}
			q := n.RotationOrDefault() // x, y, z, w
			u := space.V{X: q[0], Y: q[1], Z: q[2]}
			t := u.Cross(p).Times(2)
			p = p.Add(t.Times(q[3])).Add(u.Cross(t))
			p = p.Add(space.Of(n.TranslationOrDefault()))
		}
		up, ok := parents[node]
		if !ok {
			break
		}
		node = up
	}
	return p
}
