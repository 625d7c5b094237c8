package lower_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"noctiluca/shaders/kage/block"
	"noctiluca/shaders/kage/check"
	"noctiluca/shaders/kage/kagetest"
	"noctiluca/shaders/kage/lower"
)

// inputWord is a word that programs meet: mostly ordinary numbers, and now
// and then what is at the edge of them.
func inputWord(kind check.Kind, r *rand.Rand) uint32 {
	switch kind {
	case check.Bool:
		return uint32(r.IntN(2)) * uint32(1+r.IntN(3))
	case check.Int, check.IVec2, check.IVec3, check.IVec4:
		if r.IntN(4) == 0 {
			return r.Uint32()
		}
		return uint32(r.IntN(12) - 4)
	}
	switch r.IntN(24) {
	case 0:
		return math.Float32bits(float32(math.Inf(1 - 2*r.IntN(2))))
	case 1:
		return math.Float32bits(float32(math.NaN()))
	case 2:
		return 1 << 31 // -0
	case 3:
		return math.Float32bits(float32(r.IntN(9) - 4))
	case 4:
		return r.Uint32()
	}
	return math.Float32bits(4*r.Float32() - 2)
}

func value(t check.Type, r *rand.Rand) kagetest.Value {
	k := t.Kind
	if k == check.Array {
		k = t.Elem
	}
	v := make(kagetest.Value, t.Words())
	for i := range v {
		v[i] = inputWord(k, r)
	}
	return v
}

// same is equality of bits, but for which of the NaNs a NaN is.
func same(x, y uint32) bool {
	a, b := math.Float32frombits(x), math.Float32frombits(y)
	return x == y || a != a && b != b
}

// lightInputs are the types of the parameters of the fields that are generated.
var lightInputs = []check.Type{{Kind: check.Vec3}, {Kind: check.Vec4}, {Kind: check.Vec3}}

// differ runs the compiled text against the reference, on every kernel set,
// and reports the first difference.
func differ(f *check.File, r *rand.Rand, points int, options ...lower.Options) error {
	var uniforms []kagetest.Value
	for _, u := range f.Uniforms {
		uniforms = append(uniforms, value(u.Type, r))
	}
	params := f.ByName[f.Entry].Params
	args := make([][]kagetest.Value, points)
	want := make([]kagetest.Value, points)
	for i := range args {
		for _, p := range params {
			args[i] = append(args[i], value(p.Type, r))
		}
		want[i] = kagetest.Evaluate(f, f.Entry, uniforms, args[i])[0]
	}
	for _, o := range options {
		res, err := lower.Lower(f, f.Entry, o)
		if err != nil {
			return err
		}
		if err := res.Program.Validate(); err != nil {
			return err
		}
		for _, k := range block.Sets() {
			s := res.Program.NewState(k)
			at := res.Program.Uniforms
			for _, u := range uniforms {
				for _, w := range u {
					s.SetScalar(at, w)
					at++
				}
			}
			s.Prologue()
			for i, reg := range res.Program.Inputs {
				for p := range points {
					c := res.Inputs[i]
					for _, a := range args[p] {
						if c < len(a) {
							s.Words(reg)[p] = a[c]
							break
						}
						c -= len(a)
					}
				}
			}
			s.Run(points)
			for c, reg := range res.Program.Outputs {
				for p := range points {
					if got := s.Words(reg)[p]; !same(got, want[p][c]) {
						return fmt.Errorf("%s, options %+v, point %d, component %d: %08x (%v), the reference gives %08x (%v)",
							k.Name(), o, p, c, got, math.Float32frombits(got), want[p][c], math.Float32frombits(want[p][c]))
					}
				}
			}
		}
	}
	return nil
}

// TestRandomPrograms: the compiled program and the source, evaluated point by
// point, give the same bits on every kernel set, whatever the optimiser does.
func TestRandomPrograms(t *testing.T) {
	const programs = 2000
	refused, limited := 0, 0
	for seed := range uint64(programs) {
		text := kagetest.Generate(seed, kagetest.Style{Tame: seed%4 == 0})
		f, err := check.Check("random.kage", []byte(text))
		if err != nil {
			if refused++; refused < 4 {
				t.Logf("seed %d is refused: %v", seed, err)
			}
			continue
		}
		options := []lower.Options{{}}
		switch seed % 8 {
		case 1:
			options = append(options, lower.Options{NoUnroll: true})
		case 3:
			options = append(options, lower.Options{NoFusion: true, NoSkips: true})
		case 5:
			options = append(options, lower.Options{NoUnroll: true, NoFusion: true})
		}
		err = differ(f, rand.New(rand.NewPCG(seed, 1)), 21, options...)
		if _, ok := err.(*lower.Error); ok {
			limited++
			continue
		}
		if err != nil {
			t.Errorf("seed %d: %v\n%s", seed, err, text)
			if testing.Verbose() {
				return
			}
		}
	}
	t.Logf("%d programs, %d refused, %d met a limit", programs, refused, limited)
	if refused > programs/20 || limited > programs/20 {
		t.Errorf("of %d programs %d were refused and %d met a limit: the generator should write better ones", programs, refused, limited)
	}
}
