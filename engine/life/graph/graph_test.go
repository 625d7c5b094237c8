package graph

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestNearest holds the tree to the plain search.
func TestNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 200).Draw(t, "n")
		places := rapid.SliceOfN(rapid.Float32Range(-3, 3), 3*n, 3*n).Draw(t, "places")
		x, y, z := places[:n], places[n:2*n], places[2*n:]
		tree := NewTree(x, y, z)
		p := [3]float32{rapid.Float32Range(-4, 4).Draw(t, "px"), rapid.Float32Range(-4, 4).Draw(t, "py"), rapid.Float32Range(-4, 4).Draw(t, "pz")}
		k := rapid.IntRange(1, 20).Draw(t, "k")
		got := tree.Nearest(nil, p, k)
		var all []Found
		for i := range n {
			dx, dy, dz := x[i]-p[0], y[i]-p[1], z[i]-p[2]
			all = append(all, Found{int32(i), float32(dx*dx) + float32(dy*dy) + float32(dz*dz)})
		}
		slices.SortStableFunc(all, func(a, b Found) int {
			switch {
			case a.Square < b.Square:
				return -1
			case a.Square > b.Square:
				return 1
			}
			return 0
		})
		if want := all[:min(k, n)]; !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// TestGraphs: mutual, of mutual weight, and what is expected on known shapes.
func TestGraphs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 120).Draw(t, "n")
		places := rapid.SliceOfN(rapid.Float32Range(-1, 1), 3*n, 3*n).Draw(t, "places")
		g := Build(places[:n], places[n:2*n], places[2*n:])
		if g.Count() != n {
			t.Fatal("count")
		}
		for i := range n {
			sum := float32(0)
			for k, j := range g.Of(i) {
				back, ok := slices.BinarySearch(g.Of(int(j)), int32(i))
				if !ok || int(j) == i {
					t.Fatalf("%d has %d as neighbour, not the other way", i, j)
				}
				w := g.Weight[int(g.First[i])+k]
				if w != g.Weight[int(g.First[j])+back] || w < 0 {
					t.Fatalf("weights of %d and %d differ", i, j)
				}
				sum += w
			}
			if sum > heaviest+1e-4 {
				t.Fatalf("weights of %d sum to %v", i, sum)
			}
		}
	})
	line := make([]float32, 50)
	for i := range line {
		line[i] = float32(i) * 0.1
	}
	zero := make([]float32, 50)
	g := Build(line, zero, zero)
	for i := 3; i < 47; i++ {
		if !slices.Equal(g.Of(i), []int32{int32(i) - 1, int32(i) + 1}) {
			t.Fatalf("on a line %d has %v", i, g.Of(i))
		}
	}
	var x, y, z []float32
	for i := range 100 {
		x, y, z = append(x, float32(i%10)), append(y, float32(i/10)), append(z, 0)
	}
	if g := Build(x, y, z); len(g.Of(55)) != 8 || g.Spacing != 1 {
		t.Fatalf("on a grid 55 has %v, spacing %v", g.Of(55), g.Spacing)
	}
}

func BenchmarkBuild(b *testing.B) {
	var x, y, z []float32
	h := uint32(1)
	for range 13682 {
		for _, v := range []*[]float32{&x, &y, &z} {
			h = h*1664525 + 1013904223
			*v = append(*v, float32(h>>8)/(1<<24)*10)
		}
	}
	for range b.N {
		Build(x, y, z)
	}
}
