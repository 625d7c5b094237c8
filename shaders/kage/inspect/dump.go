package inspect

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"noctiluca/shaders/kage"
	"noctiluca/shaders/kage/block"
)

// Dump writes what a field was compiled to: each instruction with its share
// of the time that a block takes on kernels k when nothing is skipped.
//
// A share is measured by running the instruction alone, many times, on the
// values that the program leaves.
func Dump(w io.Writer, f *kage.Field, k *block.Kernels) error {
	p := f.Program()
	d := &dumper{p: p, names: map[block.Arg]string{}}
	d.name(f)
	cost, total := d.measure(f, k)
	var b strings.Builder
	fmt.Fprintf(&b, "%d instructions once a frame, %d for each block of %d points, %d block registers, kernels %s\n", len(p.Prologue), len(p.Insts), block.Size, p.Blocks, k.Name())
	fmt.Fprintf(&b, "%.0f ns a block, %.1f ns a point, when nothing is skipped\n\n", total, total/block.Size)
	for i := range p.Prologue {
		fmt.Fprintf(&b, "%5s         %s\n", "", d.text(&p.Prologue[i]))
	}
	if len(p.Prologue) > 0 {
		b.WriteByte('\n')
	}
	targets := map[int32]bool{}
	for i := range p.Insts {
		if in := &p.Insts[i]; jumps(in.Op) {
			targets[in.To] = true
		}
	}
	for i := range p.Insts {
		mark := " "
		if targets[int32(i)] {
			mark = ">"
		}
		fmt.Fprintf(&b, "%5d %s %4.1f %% %s\n", i, mark, 100*cost[i]/max(total, 1e-9), d.text(&p.Insts[i]))
	}
	for i, a := range p.Outputs {
		fmt.Fprintf(&b, "\n%5s         %s = %s", "", [...]string{"red", "green", "blue", "coverage"}[i], d.arg(a))
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}

// packs reports whether op belongs to packing, whose time depends on which
// lanes are taken: it is not measured.
func packs(op block.Op) bool { return op >= block.Pack && op <= block.Expand }

func jumps(op block.Op) bool { return op == block.Jump || op == block.JumpNone || op == block.JumpZero }

type dumper struct {
	p     *block.Program
	names map[block.Arg]string // of uniforms and constants
}

// name finds what scalars stand for.
func (d *dumper) name(f *kage.Field) {
	for _, u := range f.Uniforms() {
		for i := range u.Words {
			n := u.Name
			if u.Words > 1 {
				n = fmt.Sprintf("%s.%d", u.Name, i)
			}
			d.names[block.ScalarBit|block.Arg(d.p.Uniforms+u.Offset+i)] = n
		}
	}
	written := map[block.Arg]bool{}
	for _, list := range [][]block.Inst{d.p.Prologue, d.p.Insts} {
		for i := range list {
			written[list[i].Dst] = true
		}
	}
	for i := d.p.Uniforms + d.p.Words; i < len(d.p.Scalars); i++ {
		a := block.ScalarBit | block.Arg(i)
		if !written[a] {
			d.names[a] = number(d.p.Scalars[i])
		}
	}
}

// number is a constant as it was most likely meant: as a float, unless it is
// no ordinary one.
func number(w uint32) string {
	if w < 1<<20 {
		return fmt.Sprint(w)
	}
	if w == ^uint32(0) {
		return "-1"
	}
	if e := w >> 23 & 0xff; e > 80 && e < 190 {
		return fmt.Sprint(math.Float32frombits(w))
	}
	return fmt.Sprintf("%#x", w)
}

func (d *dumper) arg(a block.Arg) string {
	if n, ok := d.names[a]; ok {
		return n
	}
	return a.String()
}

func (d *dumper) text(in *block.Inst) string {
	var args []string
	for i := range in.Op.Info().Args {
		args = append(args, d.arg(in.Arg[i]))
	}
	s := fmt.Sprintf("%s(%s)", in.Op, strings.Join(args, ", "))
	switch {
	case in.Op == block.Lookup && in.To < 0:
		return fmt.Sprintf("%-5s = image %d at %s", d.arg(in.Dst), -1-in.To, args[1])
	case in.Op == block.Compress && in.Arg[0] != in.Dst:
		return fmt.Sprintf("%-5s   Compress by %d, as it was in %s", d.arg(in.Dst), in.To, args[0])
	case in.Op == block.Compress, in.Op == block.Expand:
		return fmt.Sprintf("%-5s   %v by %d", d.arg(in.Dst), in.Op, in.To)
	case in.Op == block.Pack || in.Op == block.Unpack:
		return fmt.Sprintf("%-5s   %s by %d, or to %d", "", s, in.Dst, in.To)
	case jumps(in.Op):
		return fmt.Sprintf("%-5s   %s to %d", "", s, in.To)
	}
	return fmt.Sprintf("%-5s = %s", d.arg(in.Dst), s)
}

// measure times each instruction: nanoseconds a block, and their sum.
func (d *dumper) measure(f *kage.Field, k *block.Kernels) (cost []float64, total float64) {
	const times = 64
	cost = make([]float64, len(d.p.Insts))
	base := time.Duration(0)
	run := func(insts []block.Inst) float64 {
		p := *d.p
		p.Insts = insts
		p.Prologue = nil
		s := p.NewState(k)
		for i := range s.Words(0) {
			for b := range block.Arg(d.p.Blocks) {
				s.Words(b)[i] = math.Float32bits(0.1 + float32(i)*0.003)
			}
		}
		for i := range d.p.Scalars {
			if d.p.Scalars[i] == 0 {
				s.SetScalar(i, math.Float32bits(0.5))
			}
		}
		s.Prologue()
		best := time.Hour
		for range 40 {
			t := time.Now()
			s.Run(block.Size)
			best = min(best, time.Since(t))
		}
		return float64(max(best-base, 0)) / times
	}
	if d.p.Blocks == 0 {
		return cost, 0
	}
	base = time.Duration(run(nil) * times)
	known := map[block.Inst]float64{}
	for i, in := range d.p.Insts {
		if jumps(in.Op) || packs(in.Op) || in.Op == block.Nop {
			continue
		}
		// What takes scalars in the same places takes the same time.
		key := block.Inst{Op: in.Op, To: min(in.To, 0)}
		for j := range in.Op.Info().Args {
			key.Arg[j] = in.Arg[j] & block.ScalarBit
		}
		if _, ok := known[key]; !ok {
			list := make([]block.Inst, times)
			for j := range list {
				list[j] = in
			}
			known[key] = run(list)
		}
		cost[i] = known[key]
		total += cost[i]
	}
	return cost, total
}
