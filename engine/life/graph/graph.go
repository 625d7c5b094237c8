// Package graph finds which pixels are neighbours in space, once, and keeps
// it in the form that a simulation reads fastest.
//
// Neighbours are those within 1.5 times the usual spacing, at most 12, and
// always the two nearest: on a grid the eight around, on a strip the two
// beside, on a tree what is near whatever branch it sits on. The relation is
// mutual. The same places give the same graph to the bit on every machine.
package graph

import "slices"

const (
	reach = 1.5 // spacings
	most  = 12  // neighbours by reach, before the relation is made mutual
	least = 2
	// heaviest is the most that a pixel's weights sum to: explicit diffusion
	// with D × dt up to 1/8 is stable.
	heaviest = 4
)

// Graph is the neighbours of every pixel. Read only once built; any number of
// goroutines may use it.
type Graph struct {
	// The neighbours of pixel i are To[First[i]:First[i+1]], ascending.
	First []int32
	To    []int32
	// Weight of each: by the inverse square of the distance in spacings, at
	// most 1, normalised so that all eight on a grid make a Laplacian of
	// weight 4. Mutual: what flows from i to j is what flows from j to i.
	Weight []float32
	// Spacing is the median distance to the nearest neighbour, metres.
	Spacing float32
}

// Count is how many pixels there are.
func (g *Graph) Count() int { return len(g.First) - 1 }

// Of gives pixel i's neighbours.
func (g *Graph) Of(i int) []int32 { return g.To[g.First[i]:g.First[i+1]] }

// Build finds the neighbours of places in metres.
func Build(x, y, z []float32) *Graph {
	n := len(x)
	g := &Graph{First: make([]int32, n+1), Spacing: 1}
	if n < 2 {
		return g
	}
	t := NewTree(x, y, z)
	near := make([][]int32, n)
	nearest := make([]float32, 0, n)
	var found []Found
	for i := range n {
		found = t.Nearest(found[:0], [3]float32{x[i], y[i], z[i]}, most+1)
		for _, f := range found {
			if int(f.Pixel) != i {
				near[i] = append(near[i], f.Pixel)
				if len(near[i]) == 1 && f.Square > 0 {
					nearest = append(nearest, f.Square)
				}
			}
		}
	}
	if len(nearest) > 0 {
		slices.Sort(nearest)
		g.Spacing = root(nearest[len(nearest)/2])
	}
	limit := float32(float32(reach*reach) * float32(g.Spacing*g.Spacing))
	links := make([][]int32, n)
	for i := range n {
		for k, j := range near[i] {
			if k >= least && square(x, y, z, i, int(j)) > limit {
				break
			}
			links[i] = append(links[i], j)
			links[j] = append(links[j], int32(i))
		}
	}
	for i := range n {
		slices.Sort(links[i])
		links[i] = slices.Compact(links[i])
		g.First[i+1] = g.First[i] + int32(len(links[i]))
	}
	g.To = make([]int32, g.First[n])
	g.Weight = make([]float32, g.First[n])
	sums := make([]float32, n)
	unit := float32(g.Spacing * g.Spacing)
	for i := range n {
		for k, j := range links[i] {
			at := int(g.First[i]) + k
			g.To[at] = j
			w := float32(1)
			if d := square(x, y, z, i, int(j)); d > unit {
				w = unit / d
			}
			g.Weight[at] = w
			sums[i] += w
		}
	}
	for i := range n {
		for k := g.First[i]; k < g.First[i+1]; k++ {
			if s := max(sums[i], sums[g.To[k]]); s > heaviest {
				g.Weight[k] = float32(g.Weight[k] * (heaviest / s))
			}
		}
	}
	return g
}

// Laplacian sets out to the sum of weight × (value of neighbour − own value).
func (g *Graph) Laplacian(out, v []float32) {
	for i := range out {
		own, sum := v[i], float32(0)
		lo, hi := g.First[i], g.First[i+1]
		to, weight := g.To[lo:hi], g.Weight[lo:hi]
		for k, j := range to {
			sum += float32(weight[k] * (v[j] - own))
		}
		out[i] = sum
	}
}
