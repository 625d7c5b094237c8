package graph

import (
	"math"
	"slices"
)

// Tree is a k-d tree (Bentley 1975) over places. Read only once built.
type Tree struct {
	x, y, z []float32
	order   []int32 // a balanced tree in the middle-first order
}

// Found is a pixel and the square of its distance, m².
type Found struct {
	Pixel  int32
	Square float32
}

// NewTree builds the tree. The slices must stay as they are.
func NewTree(x, y, z []float32) *Tree {
	t := &Tree{x: x, y: y, z: z, order: make([]int32, len(x))}
	for i := range t.order {
		t.order[i] = int32(i)
	}
	t.build(t.order, 0)
	return t
}

func (t *Tree) coordinate(i int32, axis int) float32 {
	switch axis {
	case 0:
		return t.x[i]
	case 1:
		return t.y[i]
	}
	return t.z[i]
}

func (t *Tree) build(part []int32, axis int) {
	if len(part) < 2 {
		return
	}
	slices.SortFunc(part, func(a, b int32) int {
		switch u, v := t.coordinate(a, axis), t.coordinate(b, axis); {
		case u < v:
			return -1
		case u > v:
			return 1
		}
		return int(a - b)
	})
	m := len(part) / 2
	t.build(part[:m], (axis+1)%3)
	t.build(part[m+1:], (axis+1)%3)
}

// Nearest appends the n places nearest to p, the nearest first; of equally
// near ones that with the lower number.
func (t *Tree) Nearest(to []Found, p [3]float32, n int) []Found {
	at := len(to)
	return t.search(to, at, p, n, t.order, 0)
}

func (t *Tree) search(to []Found, at int, p [3]float32, n int, part []int32, axis int) []Found {
	if len(part) == 0 || n <= 0 {
		return to
	}
	m := len(part) / 2
	i := part[m]
	dx, dy, dz := t.x[i]-p[0], t.y[i]-p[1], t.z[i]-p[2]
	f := Found{i, float32(dx*dx) + float32(dy*dy) + float32(dz*dz)}
	k := len(to)
	for k > at && (to[k-1].Square > f.Square || to[k-1].Square == f.Square && to[k-1].Pixel > i) {
		k--
	}
	if k < at+n {
		if len(to) < at+n {
			to = append(to, f)
		}
		copy(to[k+1:], to[k:len(to)-1])
		to[k] = f
	}
	d := p[axis] - t.coordinate(i, axis)
	first, second := part[:m], part[m+1:]
	if d > 0 {
		first, second = second, first
	}
	to = t.search(to, at, p, n, first, (axis+1)%3)
	if len(to) < at+n || float32(d*d) <= to[len(to)-1].Square {
		to = t.search(to, at, p, n, second, (axis+1)%3)
	}
	return to
}

func square(x, y, z []float32, i, j int) float32 {
	dx, dy, dz := x[i]-x[j], y[i]-y[j], z[i]-z[j]
	return float32(dx*dx) + float32(dy*dy) + float32(dz*dz)
}

func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }
