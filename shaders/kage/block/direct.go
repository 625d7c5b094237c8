package block

import "unsafe"

// A program's inputs need not be copied into its blocks, nor its results out
// of them: where few instructions read an input and none writes it, or one
// alone writes a result and none reads it, they can be told to use the
// caller's memory instead.

// most is how many instructions are told at most: telling more of them takes
// longer than copying a block.
const most = 4

// direct is what an input or an output that may be elsewhere is told to.
type direct struct {
	own   unsafe.Pointer
	sites []*unsafe.Pointer
}

func (d *direct) tell(to []float32) {
	at := d.own
	if to != nil {
		at = unsafe.Pointer((*[Size]float32)(to))
	}
	for _, s := range d.sites {
		*s = at
	}
}

// ReadsFrom reports whether input i can be read from the caller's memory, by
// ReadFrom.
func (s *State) ReadsFrom(i int) bool { return s.inputs != nil && len(s.inputs[i].sites) > 0 }

// ReadFrom makes the Runs that follow read input i from Size floats of the
// caller's, or, with nil, from its block again. Such a Run is of Size lanes.
func (s *State) ReadFrom(i int, from []float32) { s.inputs[i].tell(from) }

// WritesTo reports whether output i can be written to the caller's memory, by
// WriteTo.
func (s *State) WritesTo(i int) bool { return s.outputs != nil && len(s.outputs[i].sites) > 0 }

// WriteTo makes the Runs that follow write output i to Size floats of the
// caller's, or, with nil, to its block again. Such a Run is of Size lanes, and
// what it writes to must not be what it reads from.
func (s *State) WriteTo(i int, to []float32) { s.outputs[i].tell(to) }

// findDirect finds the inputs and outputs that may be elsewhere.
func (s *State) findDirect(prog []bound) {
	readers, writers := map[int][]*unsafe.Pointer{}, map[int][]*unsafe.Pointer{}
	for i := range prog {
		in, r := &prog[i], &s.tape[i]
		switch in.op {
		case Gather, Scatter, Lookup, opLookupScalar: // they may use more than one block
			for a := range s.p.Blocks {
				readers[a], writers[a] = append(readers[a], nil), append(writers[a], nil)
			}
			return
		case Jump, JumpNone, JumpZero, Pack, Unpack:
		case Compress:
			readers[in.dst] = append(readers[in.dst], &r.dst)
			writers[in.arg[0]] = append(writers[in.arg[0]], &r.arg[0])
			fallthrough
		default:
			writers[in.dst] = append(writers[in.dst], &r.dst)
		}
		if in.op == Expand {
			readers[in.dst] = append(readers[in.dst], &r.dst)
		}
		for j := range in.nargs {
			if in.arg[j] >= 0 && in.op != Compress {
				readers[in.arg[j]] = append(readers[in.arg[j]], &r.arg[j])
			}
		}
	}
	s.inputs, s.outputs = make([]direct, len(s.p.Inputs)), make([]direct, len(s.p.Outputs))
	times := map[Arg]int{}
	for _, a := range s.p.Outputs {
		times[a]++
	}
	for _, a := range s.p.Inputs {
		times[a]++
	}
	own := func(a Arg) unsafe.Pointer { return unsafe.Pointer(&s.mem[int(a)*Size]) }
	for i, a := range s.p.Inputs {
		if r := readers[int(a)]; times[a] == 1 && len(r) <= most && len(writers[int(a)]) == 0 {
			s.inputs[i] = direct{own(a), r}
		}
	}
	for i, a := range s.p.Outputs {
		if a&ScalarBit != 0 || times[a] != 1 {
			continue
		}
		if w := writers[int(a)]; len(w) == 1 && len(readers[int(a)]) == 0 {
			s.outputs[i] = direct{own(a), w}
		}
	}
}
