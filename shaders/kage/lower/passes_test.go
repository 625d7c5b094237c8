package lower

import (
	"math"
	"math/rand/v2"
	"testing"

	"noctiluca/shaders/kage/block"
)

// edges are words at which identities of floats and ints break.
var edges = []uint32{
	0, 1 << 31, 1, 0x80000001, one, one | negZero, 0x40000000, 0x3f000000, 0x3eaaaaab, 0x7f7fffff, 0x00800000, 0x00400000,
	0x7f800000, 0xff800000, 0x7fc00000, 0x7fffffff, 0xffffffff, 2, 31, 32, 0x4b800001, 0xc2f6e979, 0x4f000000,
}

func edge(kind byte, r *rand.Rand) uint32 {
	switch {
	case kind == 'm':
		return -uint32(r.IntN(2))
	case r.IntN(3) == 0:
		return math.Float32bits(float32(r.NormFloat64()))
	}
	return edges[r.IntN(len(edges))]
}

// evaluate is v in one lane.
func evaluate(v *value, inputs []uint32) uint32 {
	switch v.op {
	case opConst:
		return v.imm
	case opInput, opUniform:
		return inputs[v.imm]
	}
	var x [block.MaxArgs]uint32
	for i, a := range v.args[:v.n] {
		x[i] = evaluate(a, inputs)
	}
	return block.Eval(v.op, x[:v.n]...)
}

func sameBits(typ byte, x, y uint32) bool {
	nan := func(w uint32) bool { return w&0x7fffffff > 0x7f800000 }
	return x == y || typ == 'f' && nan(x) && nan(y)
}

// TestSimplifyKeepsTheBits: whatever the builder makes of an operation whose
// operands are inputs, constants and operations of those, it has its bits,
// for zeros of both signs, infinities, NaN and the ends of the ints.
func TestSimplifyKeepsTheBits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	simplified := 0
	for range 15000 {
		b := newBuilder()
		inputs := make([]uint32, 12)
		kinds := "ffffiiiimmmm"
		for i := range inputs {
			inputs[i] = edge(kinds[i], r)
		}
		// Each value with the bits that it has to have.
		type known struct {
			v    *value
			bits uint32
		}
		var all []known
		for i := range inputs {
			all = append(all, known{b.leaf(opInput, uint32(i), kinds[i], false), inputs[i]})
		}
		for range 6 {
			k := "fim"[r.IntN(3)]
			w := edge(k, r)
			all = append(all, known{b.leaf(opConst, w, k, true), w})
		}
		pick := func(kind byte) (known, bool) {
			for range 50 {
				if k := all[r.IntN(len(all))]; k.v.typ == kind {
					return k, true
				}
			}
			return known{}, false
		}
	ops:
		for range 8 {
			op := block.Op(1 + r.IntN(int(block.Length3)))
			info := op.Info()
			if info.Result == 0 || len(info.Args) > keyArgs {
				continue
			}
			any := "fim"[r.IntN(3)]
			var args []*value
			var bits []uint32
			for i := range info.Args {
				kind := info.Args[i]
				if kind == 'x' {
					kind = any
				}
				k, ok := pick(kind)
				if !ok {
					continue ops
				}
				args, bits = append(args, k.v), append(bits, k.bits)
			}
			v := b.op(op, args...)
			want := block.Eval(op, bits...)
			if v.op != op {
				simplified++
			}
			if got := evaluate(v, inputs); !sameBits(v.typ, got, want) {
				t.Fatalf("%v of %#x: %#x, and as %v %#x", op, bits, want, v.op, got)
			}
			all = append(all, known{v, want})
		}
	}
	t.Logf("%d operations became others", simplified)
	if simplified < 10000 {
		t.Error("too few operations were simplified to have tested it")
	}
}

// compose makes the values that p stands for.
func compose(b *builder, p *pattern, args []*value) *value {
	switch {
	case p.name != 0:
		return args[p.name-'a']
	case p.op == block.Nop:
		return b.leaf(opConst, p.imm, 'f', true)
	}
	var in []*value
	for _, k := range p.kids {
		in = append(in, compose(b, k, args))
	}
	return b.op(p.op, in...)
}

// TestEveryFusedOperationIsFound: a composition that is written out becomes
// the operation that stands for it, and the program
// has its bits on every kernel set.
func TestEveryFusedOperationIsFound(t *testing.T) {
	first, rest := patterns()
	r := rand.New(rand.NewPCG(2, 2))
	for _, table := range []patternTable{first, rest} {
		for _, list := range table {
			for _, pat := range list {
				info := pat.to.Info()
				l := &lowerer{builder: newBuilder()}
				var args []*value
				words := 0
				for i := range info.Args {
					kind := info.Args[i]
					if kind == 'x' {
						kind = 'f'
					}
					if info.Scalars>>i&1 == 1 {
						args = append(args, l.leaf(opUniform, uint32(words), kind, true))
						words++
						continue
					}
					args = append(args, l.leaf(opInput, uint32(i), kind, false))
				}
				res := l.finish([]*value{compose(l.builder, pat, args)}, words)
				found := false
				for _, in := range res.Program.Insts {
					found = found || in.Op == pat.to
				}
				if !found {
					t.Errorf("%v is not found in its own composition: %v", pat.to, res.Program.Insts)
				}
				for _, k := range block.Sets() {
					s := res.Program.NewState(k)
					in := make([][]uint32, len(info.Args))
					at := 0
					for i := range info.Args {
						kind := info.Args[i]
						in[i] = make([]uint32, block.Size)
						for j := range in[i] {
							in[i][j] = edge(kind, r)
						}
						if info.Scalars>>i&1 == 1 {
							for j := range in[i] {
								in[i][j] = in[i][0]
							}
							s.SetScalar(at, in[i][0])
							at++
						}
					}
					s.Prologue()
					for n, reg := range res.Program.Inputs {
						copy(s.Words(reg), in[res.Inputs[n]])
					}
					s.Run(block.Size)
					out := s.Words(res.Program.Outputs[0])
					for j := range out {
						var x [block.MaxArgs]uint32
						for i := range info.Args {
							x[i] = in[i][j]
						}
						if want := block.Eval(pat.to, x[:len(info.Args)]...); !sameBits(info.Result, out[j], want) && info.Result != 'x' {
							t.Fatalf("%s, %v of %#x: %#x, want %#x", k.Name(), pat.to, x[:len(info.Args)], out[j], want)
						}
					}
				}
			}
		}
	}
}
