package block

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

var (
	update = flag.Bool("update", false, "write docs/maths.md anew")
	stride = flag.Int("stride", 997, "measure every so manieth float; 1 is all of them")
)

// The file that the measurements are written to.
const mathsFile = "../../../docs/maths.md"

// span is a range of arguments over which one error is stated.
type span struct {
	op     Op
	lo, hi float64 // of |x|; of x itself when signed
	signed bool
	bound  float64 // units in the last place
	abs    bool    // the bound is absolute, not in units
	about  string
	exact  func(x float64) float64
}

var spans = []span{
	{op: Sin, hi: 1 << 20, bound: 2.2, about: "up to 2^20", exact: math.Sin},
	{op: Sin, lo: 1 << 20, hi: 1 << 40, bound: 2e-3, abs: true, about: "2^20 to 2^40, absolute", exact: math.Sin},
	{op: Cos, hi: 1 << 20, bound: 2.2, about: "up to 2^20", exact: math.Cos},
	{op: Cos, lo: 1 << 20, hi: 1 << 40, bound: 2e-3, abs: true, about: "2^20 to 2^40, absolute", exact: math.Cos},
	{op: Tan, hi: 1 << 20, bound: 3, about: "up to 2^20", exact: math.Tan},
	{op: Asin, hi: 1, bound: 2.5, about: "−1…1", exact: math.Asin},
	{op: Acos, hi: 1, bound: 2, about: "−1…1", exact: math.Acos},
	{op: Atan, hi: math.MaxFloat32, bound: 2, about: "all", exact: math.Atan},
	{op: Exp, lo: -104, hi: 89, signed: true, bound: 1.5, about: "all", exact: math.Exp},
	{op: Exp2, lo: -151, hi: 129, signed: true, bound: 1.5, about: "all", exact: math.Exp2},
	{op: Log, lo: math.SmallestNonzeroFloat32, hi: math.MaxFloat32, signed: true, bound: 0.51, about: "above 0", exact: math.Log},
	{op: Log2, lo: math.SmallestNonzeroFloat32, hi: math.MaxFloat32, signed: true, bound: 0.51, about: "above 0", exact: math.Log2},
}

// unit is the distance of neighbouring float32 at x.
func unit(x float64) float64 {
	x = math.Abs(x)
	if x < 0x1p-126 {
		return 0x1p-149
	}
	_, e := math.Frexp(x)
	return math.Ldexp(1, e-24)
}

// errorOf is how far got is from exact, in units in the last place.
func errorOf(got float32, exact float64, abs bool) float64 {
	switch {
	case math.Abs(exact) > math.MaxFloat32+unit(math.MaxFloat32)/2:
		if math.IsInf(float64(got), int(math.Copysign(1, exact))) {
			return 0
		}
		return math.Inf(1)
	case math.IsInf(float64(got), 0) && math.Abs(exact) > math.MaxFloat32-unit(math.MaxFloat32):
		return 1 // rounded up past the last float
	case got != got:
		return math.Inf(1)
	}
	e := math.Abs(float64(got) - exact)
	if abs {
		return e
	}
	return e / unit(exact)
}

// machine is one operation on the fastest kernels.
type machine struct {
	s *State
	n int
	d Arg
}

func newMachine(op Op) *machine {
	n := len(op.Info().Args)
	p := &Program{Blocks: n + 1, Insts: []Inst{{Op: op, Dst: Arg(n), Arg: [MaxArgs]Arg{0, 1, 2, 3, 4, 5}}}}
	return &machine{p.NewState(Best()), n, Arg(n)}
}

// worst is the largest error over a span and where.
func (sp span) worst() (worst float64, at float32) {
	m := newMachine(sp.op)
	x := m.s.Block(0)
	n := 0
	flush := func() {
		m.s.Run(n)
		y := m.s.Block(m.d)
		for i := range n {
			if e := errorOf(y[i], sp.exact(float64(x[i])), sp.abs); e > worst {
				worst, at = e, x[i]
			}
		}
		n = 0
	}
	add := func(v float32) {
		a := math.Abs(float64(v))
		if sp.signed {
			a = float64(v)
		}
		if a < sp.lo || a > sp.hi || v != v {
			return
		}
		x[n] = v
		if n++; n == Size {
			flush()
		}
	}
	for b := uint64(0); b < 1<<32; b += uint64(*stride) {
		add(math.Float32frombits(uint32(b)))
	}
	// Where functions are hardest: by the multiples of a quarter turn, by 1,
	// and by the ends.
	around := func(v float64) {
		b := math.Float32bits(float32(v))
		for d := uint32(0); d < 9; d++ {
			add(math.Float32frombits(b + d - 4))
			add(-math.Float32frombits(b + d - 4))
		}
	}
	for k := range 1 << 17 {
		around(float64(k) * math.Pi / 2)
	}
	for d := range uint32(20000) {
		add(math.Float32frombits(0x3f800000 + d - 10000))
		add(math.Float32frombits(0x3f000000 + d - 10000))
	}
	around(sp.lo)
	around(sp.hi)
	flush()
	return worst, at
}

// pairs is the largest error of a function of two over random pairs.
func pairs(op Op, pick func(r *rand.Rand) (float32, float32), exact func(a, b float64) float64) (worst float64, at [2]float32) {
	r := rand.New(rand.NewPCG(3, 4))
	m := newMachine(op)
	for range 3000 * 997 / max(*stride, 10) {
		for i := range Size {
			m.s.Block(0)[i], m.s.Block(1)[i] = pick(r)
		}
		m.s.Run(Size)
		for i := range Size {
			a, b := m.s.Block(0)[i], m.s.Block(1)[i]
			if e := errorOf(m.s.Block(2)[i], exact(float64(a), float64(b)), false); e > worst {
				worst, at = e, [2]float32{a, b}
			}
		}
	}
	return worst, at
}

// TestAccuracy measures the largest error of each function, holds it to its
// bound, and keeps the table in docs/maths.md true.
func TestAccuracy(t *testing.T) {
	if testing.Short() {
		t.Skip("TestAccuracy: measures some millions of values")
	}
	var table strings.Builder
	row := func(name, over string, worst, bound float64, abs bool, at string) {
		what := "ulp"
		if abs {
			what = "absolute"
		}
		if worst > bound {
			t.Errorf("%s over %s: error %.4g %s at %s, more than %.4g", name, over, worst, what, at, bound)
		}
		if abs {
			fmt.Fprintf(&table, "| %s | %s | %.1e | %.1e absolute |\n", name, over, worst, bound)
			return
		}
		fmt.Fprintf(&table, "| %s | %s | %.2f | %.2f ulp |\n", name, over, worst, bound)
	}
	for _, sp := range spans {
		worst, at := sp.worst()
		row(strings.ToLower(sp.op.String()), sp.about, worst, sp.bound, sp.abs, fmt.Sprintf("%v (%#x)", at, math.Float32bits(at)))
	}
	worst, at := pairs(Atan2, func(r *rand.Rand) (float32, float32) {
		return float32(r.NormFloat64() * math.Exp(8*r.NormFloat64())), float32(r.NormFloat64() * math.Exp(8*r.NormFloat64()))
	}, math.Atan2)
	row("atan2", "all", worst, 3, false, fmt.Sprint(at))
	worst, at = pairs(Pow, func(r *rand.Rand) (float32, float32) {
		a := float32(math.Exp(10 * r.NormFloat64()))
		// Exponents that take the result over the whole range of float32.
		return a, float32((r.Float64()*2 - 1) * 104 / math.Max(math.Abs(math.Log(float64(a))), 1e-3))
	}, math.Pow)
	row("pow", "a above 0, results of any size", worst, 1.5, false, fmt.Sprint(at))

	if *stride != 997 {
		t.Log("\n" + table.String())
		return
	}
	text := mathsHead + table.String() + mathsTail
	if *update {
		if err := os.WriteFile(mathsFile, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(mathsFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != text {
		t.Errorf("%s is not what is measured; run: go test ./shaders/kage/block -run TestAccuracy -update\n%s", mathsFile, table.String())
	}
}
