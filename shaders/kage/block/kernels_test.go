package block

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"
)

// words are values of every class: as float32 zeros, subnormals, the ends of
// the normal range, whole numbers and halves, where functions change their
// branch, infinities and NaNs; as int32 the ends, shifts and small numbers.
var words = func() []uint32 {
	var w []uint32
	for _, f := range []float64{
		0, 1, 0.5, 1.5, 2, 3, 0.25, 0.75, 2.5, 10, 100, 1e-3, 1e-10, 1e10, 1e20, 1e38, 3.4028234663852886e38,
		1.401298464324817e-45, 1e-40, 1.1754943508222875e-38, 1.1754942e-38, math.Pi, math.Pi / 2, math.Pi / 4, 2 * math.Pi,
		3 * math.Pi, 22, 710, 103.97, 104, 104.1, 88.72283, 88.72284, 89, 126, 127, 128, 129, 149, 150, 151, 1 << 22, 1<<23 - 0.5, 1 << 23, 1<<23 + 1, 1<<24 + 2,
		2147483520, 2147483648, 4294967296, 1e12, 1.1e12, math.Sqrt2, math.Sqrt2 / 2, 0.99999994, 1.0000001, 0.49999997, 0.50000006,
		1e5, 262144, 7.5e5, math.Inf(1), math.NaN(),
	} {
		b := math.Float32bits(float32(f))
		w = append(w, b, b^1<<31)
	}
	w = append(w, 0x7f800001, 0xffc00001, 0x7fffffff, 0xffffffff, 1, 2, 3, 5, 7, 31, 32, 33, 255, 0x80000001, 0xfffffffe, 0xffffffe0, 1000003, 0x9e3779b9)
	return w
}()

// random is a word that is now and then one of words, and else random: bits,
// a moderate float or a small integer.
func random(r *rand.Rand) uint32 {
	switch r.IntN(6) {
	case 0:
		return words[r.IntN(len(words))]
	case 1:
		return r.Uint32()
	case 2:
		return uint32(r.IntN(65) - 32)
	case 3:
		return math.Float32bits(float32(r.NormFloat64() * 1000))
	}
	return math.Float32bits(float32(r.NormFloat64()))
}

func isNaN(w uint32) bool { return w&0x7fffffff > 0x7f800000 }

// same reports whether two results are the same bits, any NaN as any other.
func same(result byte, a, b uint32) bool {
	return a == b || result == 'f' && isNaN(a) && isNaN(b)
}

// valueOps are the operations with a value.
func valueOps() []Op {
	var ops []Op
	for op := Copy; op < opCount; op++ {
		if !op.isControl() && true {
			ops = append(ops, op)
		}
	}
	return ops
}

func TestEveryOperationIsInTheTable(t *testing.T) {
	if len(infos) != int(opCount) {
		t.Fatalf("the table has %d operations, op.go %d", len(infos), opCount)
	}
	for op := Nop; op < opCount; op++ {
		if infos[op].Name == "" {
			t.Errorf("operation %d is not in the table", op)
		}
	}
}

// operand fills one operand: masks are masks, others anything.
func operand(r *rand.Rand, kind byte) uint32 {
	if kind == 'm' {
		return -uint32(r.IntN(2))
	}
	return random(r)
}

// TestKernelsEqualReference runs each form of each operation of each set over
// blocks of every class of value, and compares with Eval.
func TestKernelsEqualReference(t *testing.T) {
	for _, k := range Sets() {
		t.Run(k.Name(), func(t *testing.T) {
			for _, op := range valueOps() {
				info := op.Info()
				n := len(info.Args)
				for form := 0; form < 1<<n; form++ {
					if uint16(form)&info.Scalars != info.Scalars {
						continue
					}
					if n > 3 && form != 0 && !k.Has(op, uint16(form)) {
						continue
					}
					checkForm(t, k, op, uint16(form))
				}
			}
		})
	}
}

func checkForm(t *testing.T, k *Kernels, op Op, form uint16) {
	t.Helper()
	info := op.Info()
	n := len(info.Args)
	r := rand.New(rand.NewPCG(uint64(op), uint64(form)))
	p := &Program{Blocks: n + 1, Scalars: make([]uint32, n)}
	in := Inst{Op: op, Dst: Arg(n)}
	for i := range n {
		in.Arg[i] = Arg(i)
		if form>>i&1 == 1 {
			in.Arg[i] |= ScalarBit
		}
	}
	p.Insts = []Inst{in}
	s := p.NewState(k)
	// Every pair of the special words for two operands; random ones beyond.
	rounds := 12
	switch {
	case n == 1:
		rounds = 8
	case info.Expr != "": // its parts are tested with more
		rounds = 2
	}
	pair := 0
	for round := range rounds {
		for i := range n {
			v := operand(r, info.Args[i])
			s.SetScalar(i, v)
			b := s.Words(Arg(i))
			for j := range b {
				b[j] = operand(r, info.Args[i])
			}
		}
		if round < 8 && n <= 2 && info.Args[0] != 'm' {
			for j := range Size {
				s.Words(0)[j] = words[pair%len(words)]
				if n == 2 {
					s.Words(1)[j] = words[(pair/len(words)+pair*7)%len(words)]
				}
				pair++
			}
		}
		s.Prologue()
		s.Run(Size)
		got := s.Words(Arg(n))
		var args [MaxArgs]uint32
		for j := range Size {
			for i := range n {
				args[i] = s.Words(Arg(i))[j]
				if form>>i&1 == 1 {
					args[i] = s.Scalar(i)
				}
			}
			if want := Eval(op, args[:n]...); !same(info.Result, got[j], want) {
				t.Errorf("%s %v form %b: %s = %s, the reference gives %s", k.Name(), op, form, show(args[:n]), show(got[j:j+1]), show([]uint32{want}))
				return
			}
		}
	}
}

func show(w []uint32) string {
	s := ""
	for _, x := range w {
		s += fmt.Sprintf("%#08x(%g) ", x, math.Float32frombits(x))
	}
	return s
}

// TestLengths runs parts of a block: the lanes asked for are right, and what
// lies beyond the granule is untouched.
func TestLengths(t *testing.T) {
	for _, k := range Sets() {
		for _, op := range []Op{Add, Sin, MulAdd, FLt, Select, IDiv} {
			na := len(op.Info().Args)
			p := &Program{Blocks: na + 1, Insts: []Inst{{Op: op, Dst: Arg(na), Arg: [MaxArgs]Arg{0, 1, 2}}}}
			s := p.NewState(k)
			r := rand.New(rand.NewPCG(1, 2))
			for i := range na {
				for j := range Size {
					s.Words(Arg(i))[j] = operand(r, op.Info().Args[i])
				}
			}
			for n := range Size + 1 {
				d := s.Words(Arg(na))
				const guard = 0x12345678
				for j := range d {
					d[j] = guard
				}
				s.Run(n)
				for j := range Size {
					var args [3]uint32
					for i := range na {
						args[i] = s.Words(Arg(i))[j]
					}
					g := k.Granule()
					if j < n {
						if w := Eval(op, args[:na]...); !same(op.Info().Result, d[j], w) {
							t.Fatalf("%s %v, %d lanes: lane %d is %#x, want %#x", k.Name(), op, n, j, d[j], w)
						}
					} else if j >= (n+g-1)/g*g && d[j] != guard {
						t.Fatalf("%s %v, %d lanes: lane %d was written", k.Name(), op, n, j)
					}
				}
			}
		}
	}
}

func BenchmarkOp(b *testing.B) {
	for _, k := range Sets() {
		for _, op := range valueOps() {
			n := len(op.Info().Args)
			p := &Program{Blocks: n + 1}
			in := Inst{Op: op, Dst: Arg(n)}
			p.Scalars = make([]uint32, n)
			form := 0 // the one with the most scalars
			for f := range 1 << n {
				if k.Has(op, uint16(f)) && bits.OnesCount(uint(f)) >= bits.OnesCount(uint(form)) {
					form = f
				}
			}
			if k.plain {
				form = int(op.Info().Scalars)
			}
			for i := range n {
				in.Arg[i] = Arg(i)
				if form>>i&1 == 1 {
					in.Arg[i] |= ScalarBit
				}
			}
			// Sixteen times, so that the cost of a call is that of a program.
			for range 16 {
				p.Insts = append(p.Insts, in)
			}
			s := p.NewState(k)
			r := rand.New(rand.NewPCG(1, 2))
			for i := range n {
				for j := range Size {
					s.Words(Arg(i))[j] = math.Float32bits(r.Float32())
				}
			}
			b.Run(k.Name()+"/"+op.String(), func(b *testing.B) {
				for b.Loop() {
					s.Run(Size)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/16/Size, "ns/lane")
			})
		}
	}
}
