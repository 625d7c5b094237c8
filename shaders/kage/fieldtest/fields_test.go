package fieldtest

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"noctiluca/shaders/kage"
	"noctiluca/shaders/kage/block"
)

// Names are the fields' names, in the order of the benchmark.
var names = []string{"octaves", "march", "cells", "turn", "paths"}

func compileField(t testing.TB, name string) *kage.Field {
	file := filepath.Join("testdata", "fields", name+".kage")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	f, err := kage.Compile(file, text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// somewhere are inputs of the five fields, made up.
func somewhere(r *rand.Rand) *Fields {
	u := &Fields{Time: 4 + 50*r.Float32(), Grain: 0.5 + 0.3*r.Float32(), Twist: 0.2 + 0.2*r.Float32(), Pace: 0.2 + r.Float32()}
	u.Sun = [3]float32{6*r.Float32() - 3, 9, 6*r.Float32() - 3}
	for i := range u.Stones {
		u.Stones[i] = [4]float32{12*r.Float32() - 6, 2 + 4*r.Float32(), 12*r.Float32() - 6, 0.5 + 1.5*r.Float32()}
	}
	for i := range u.Place {
		u.Place[i] = [4]float32{20*r.Float32() - 10, 8 * r.Float32(), 20*r.Float32() - 10, r.Float32()}
		u.Colour[i] = [4]float32{r.Float32() * 0.1, r.Float32() * 0.1, r.Float32() * 0.1, 0.2 + r.Float32()}
	}
	for i := range u.Base {
		u.Base[i] = 2*r.Float32() - 1
	}
	return u
}

func flat[T ~[4]float32](v []T) (out []float32) {
	for _, x := range v {
		out = append(out, x[0], x[1], x[2], x[3])
	}
	return out
}

// values gives each uniform by its name.
func (u *Fields) values() map[string][]float32 {
	return map[string][]float32{
		"Time": {u.Time}, "Grain": {u.Grain}, "Twist": {u.Twist}, "Pace": {u.Pace}, "Sun": u.Sun[:], "Base": u.Base[:],
		"Stones": flat(u.Stones[:]), "Place": flat(u.Place[:]), "Colour": flat(u.Colour[:]),
	}
}

func (u *Fields) set(f *kage.Field, words []uint32) {
	values := u.values()
	for _, x := range f.Uniforms() {
		for i, v := range values[x.Name] {
			words[x.Offset+i] = math.Float32bits(v)
		}
	}
}

// TestFieldsAreTheWrittenOnes: the compiler and the hand agree to the bit, on
// every kernel set, and the field is not dark or of one light.
func TestFieldsAreTheWrittenOnes(t *testing.T) {
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			f := compileField(t, name)
			t.Logf("%+v", f.Report())
			for _, k := range block.Sets() {
				r := rand.New(rand.NewPCG(3, 4))
				s := f.NewState(k)
				c := trees(3*block.Size+37, r)
				u := somewhere(r)
				u.set(f, s.Words())
				s.Begin()
				s.Light(c.points, c.light)
				bad := 0
				for i := range c.light.R {
					var want, got [4]float32
					want[0], want[1], want[2], want[3] = Written[name](u, c.points.X[i], c.points.Y[i], c.points.Z[i])
					got = [4]float32{c.light.R[i], c.light.G[i], c.light.B[i], c.light.A[i]}
					if want != got {
						if bad++; bad < 4 {
							t.Errorf("%s, point %d: %v by the compiler, %v by hand", k.Name(), i, got, want)
						}
					}
				}
				if lo, hi := slices.Min(c.light.G), slices.Max(c.light.G); !(hi-lo > 0.2) {
					t.Errorf("green goes from %v to %v only", lo, hi)
				}
			}
		})
	}
}
