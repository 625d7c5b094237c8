package block

import (
	"fmt"
	"math"
	"strings"
	"sync"
)

// Info says what an operation takes and gives: a letter for each operand and
// for the result, f float32, i int32, m mask, x any 32 bits; Result is 0 for
// operations without a result. Expr is, for an operation that stands for
// several, the composition whose bits it gives, in Go's syntax: calls of
// operations by name, operands a, b …, float32 constants.
type Info struct {
	Name    string
	Args    string
	Result  byte
	Expr    string
	Scalars uint16 // operands that must be scalars, a bit each
	commute string // pairs of operands that may change places
}

// Info describes op; of an unknown operation the Name is empty.
func (op Op) Info() Info {
	if int(op) >= len(infos) {
		return Info{}
	}
	return infos[op]
}

// String is the operation's name, or its number when it has none.
func (op Op) String() string {
	if n := op.Info().Name; n != "" {
		return n
	}
	return fmt.Sprintf("Op(%d)", uint16(op))
}

// isControl says that op is run by the machine itself.
func (op Op) isControl() bool { return op >= Jump && op <= Expand }

// form is an operation and which of its operands are scalars, a bit each.
type form struct {
	op   Op
	mask uint16
}

// Kernels is one set of kernels: the operations, for some forms each, in one
// instruction set. It is immutable and safe for concurrent use.
type Kernels struct {
	name    string
	granule int // lanes that a run is rounded up to
	forms   [opCount][]uintptr
	packing int  // the first of its three control kernels for packing
	plain   bool // the Go kernels, which take every form
}

// Name is the set's name: "avx512", "avx2", "neon" or "go".
func (k *Kernels) Name() string { return k.name }

// Granule is how many lanes a run of a part of a block is rounded up to:
// those beyond the ones asked for hold anything.
func (k *Kernels) Granule() int { return k.granule }

// Has reports whether op has a kernel of its own when the operands in
// scalars (bit i for operand i) are scalars and the others blocks. A program
// may use any form: without a kernel, scalars are spread over blocks once a
// frame, and operands that commute change places.
func (k *Kernels) Has(op Op, scalars uint16) bool {
	if op >= opCount || infos[op].Name == "" || op.isControl() {
		return false
	}
	if k.plain {
		return goKernels[op] != nil && int(scalars) < 1<<len(infos[op].Args)
	}
	f := k.forms[op]
	return int(scalars) < len(f) && f[scalars] != 0
}

// newKernels indexes a table of kernel addresses.
func newKernels(name string, granule, packing int, forms []form, table []uintptr) *Kernels {
	k := &Kernels{name: name, granule: granule, packing: packing}
	for i, f := range forms {
		if k.forms[f.op] == nil {
			k.forms[f.op] = make([]uintptr, 1<<len(infos[f.op].Args))
		}
		k.forms[f.op][f.mask] = table[i]
	}
	return k
}

// sets are the sets that this CPU can run, the fastest first.
var sets = sync.OnceValue(func() []*Kernels {
	return append(nativeSets(), &Kernels{name: "go", granule: 1, plain: true})
})

// Sets lists the kernel sets that this CPU can run, the fastest first; the
// last is plain Go, which every CPU can.
func Sets() []*Kernels { return append([]*Kernels(nil), sets()...) }

// Best is the fastest kernel set that this CPU can run.
func Best() *Kernels { return sets()[0] }

// ByName is the set of that name. The error says what this CPU lacks, or
// which names there are.
func ByName(name string) (*Kernels, error) {
	for _, k := range sets() {
		if k.name == name {
			return k, nil
		}
	}
	if missing, known := missingFor(name); known {
		return nil, fmt.Errorf("block: kernels %q need %s, which this machine lacks", name, strings.Join(missing, ", "))
	}
	return nil, fmt.Errorf("block: no kernels are named %q: there are avx512, avx2, neon and go", name)
}

// What the plain Go kernels are made of.

func mask(b bool) uint32 {
	if b {
		return ^uint32(0)
	}
	return 0
}

func sel(m, x, y uint32) uint32 { return m&x | y&^m }

func min32(a, b float32) float32 {
	if b < a {
		return b
	}
	return a
}

func max32(a, b float32) float32 {
	if a < b {
		return b
	}
	return a
}

// toInt truncates as CVTTPS2DQ does. Go leaves the conversion of what is out
// of range to the machine.
func toInt(x float32) int32 {
	if x >= -1<<31 && x < 1<<31 {
		return int32(x)
	}
	return math.MinInt32
}

// toIntWide is toInt of a float64.
func toIntWide(x float64) int32 {
	if x > -1<<31-1 && x < 1<<31 {
		return int32(x)
	}
	return math.MinInt32
}
