package block

import "fmt"

// Validate reports the first thing in the program that a machine could not
// run. What it passes runs on any kernel set without leaving its registers;
// it does not look for loops that never end.
func (p *Program) Validate() error {
	if p.Blocks < 0 || p.Slots < 0 || p.Slots > 1<<14 || p.Blocks >= int(ScalarBit) || len(p.Scalars) > int(ScalarBit) {
		return fmt.Errorf("block: %d blocks and %d scalars: a program may have %d of each", p.Blocks, len(p.Scalars), int(ScalarBit)-1)
	}
	if p.Uniforms < 0 || p.Words < 0 || p.Uniforms+p.Words > len(p.Scalars) {
		return fmt.Errorf("block: uniforms %d…%d lie outside the %d scalars", p.Uniforms, p.Uniforms+p.Words-1, len(p.Scalars))
	}
	for i, a := range p.Inputs {
		if a&ScalarBit != 0 || int(a) >= p.Blocks {
			return fmt.Errorf("block: input %d is %v: it must be one of %d blocks", i, a, p.Blocks)
		}
	}
	for i, a := range p.Outputs {
		if err := p.holds(a); err != nil {
			return fmt.Errorf("block: output %d: %w", i, err)
		}
	}
	for i := range p.Prologue {
		if err := p.validate(&p.Prologue[i], len(p.Prologue), true); err != nil {
			return fmt.Errorf("block: prologue instruction %d, %v: %w", i, p.Prologue[i].Op, err)
		}
	}
	for i := range p.Insts {
		if err := p.validate(&p.Insts[i], len(p.Insts), false); err != nil {
			return fmt.Errorf("block: instruction %d, %v: %w", i, p.Insts[i].Op, err)
		}
	}
	return nil
}

// holds reports whether a names a register of the program.
func (p *Program) holds(a Arg) error {
	if a&ScalarBit != 0 {
		if i := int(a &^ ScalarBit); i >= len(p.Scalars) {
			return fmt.Errorf("scalar %d of %d", i, len(p.Scalars))
		}
		return nil
	}
	if int(a) >= p.Blocks {
		return fmt.Errorf("block %d of %d", a, p.Blocks)
	}
	return nil
}

func (p *Program) validate(in *Inst, length int, prologue bool) error {
	info := in.Op.Info()
	if info.Name == "" {
		return fmt.Errorf("there is no such operation")
	}
	for i := range info.Args {
		if err := p.holds(in.Arg[i]); err != nil {
			return fmt.Errorf("operand %d: %w", i, err)
		}
		if info.Scalars>>i&1 == 1 && in.Arg[i]&ScalarBit == 0 {
			return fmt.Errorf("operand %d is block %d: it must be a scalar", i, in.Arg[i])
		}
		if prologue && in.Arg[i]&ScalarBit == 0 {
			return fmt.Errorf("operand %d is block %d: the prologue has scalars only", i, in.Arg[i])
		}
	}
	switch in.Op {
	case Nop:
		return nil
	case Jump, JumpNone, JumpZero:
		if in.To < 0 || int(in.To) > length {
			return fmt.Errorf("the target %d is outside 0…%d", in.To, length)
		}
		if in.Op == JumpZero && in.Arg[0]&ScalarBit == 0 {
			return fmt.Errorf("operand 0 is block %d: it must be a scalar", in.Arg[0])
		}
		if in.Op == JumpNone && prologue {
			return fmt.Errorf("the prologue has no blocks")
		}
		return nil
	case Pack, Unpack:
		switch {
		case prologue:
			return fmt.Errorf("the prologue has no blocks")
		case in.To < 0 || int(in.To) > length:
			return fmt.Errorf("the target %d is outside 0…%d", in.To, length)
		case int(in.Dst) >= p.Slots:
			return fmt.Errorf("slot %d of %d", in.Dst, p.Slots)
		case in.Op == Pack && in.Arg[0]&ScalarBit != 0:
			return fmt.Errorf("operand 0 is %v: it must be a block", in.Arg[0])
		}
		return nil
	case Compress, Expand:
		switch {
		case prologue:
			return fmt.Errorf("the prologue has no blocks")
		case in.To < 0 || int(in.To) >= p.Slots:
			return fmt.Errorf("slot %d of %d", in.To, p.Slots)
		case in.Dst&ScalarBit != 0 || in.Op == Compress && in.Arg[0]&ScalarBit != 0:
			return fmt.Errorf("%v, %v: both must be blocks", in.Dst, in.Arg[0])
		}
	case Lookup:
		if in.To < 0 && in.To >= -MaxImages && in.Arg[0]&ScalarBit != 0 {
			break // of an image
		}
		if in.Arg[0]&ScalarBit == 0 || in.To < 1 || int(in.Arg[0]&^ScalarBit)+int(in.To) > len(p.Scalars) {
			return fmt.Errorf("the array of %d scalars from %v is not within %d scalars", in.To, in.Arg[0], len(p.Scalars))
		}
	case Gather, Scatter:
		array := in.Arg[0]
		if in.Op == Scatter {
			array = in.Dst
		}
		if prologue {
			return fmt.Errorf("the prologue has no blocks")
		}
		if array&ScalarBit != 0 || in.To < 0 || int64(array)+int64(in.To) > int64(p.Blocks) {
			return fmt.Errorf("the array of %d blocks from %v is not within %d blocks", in.To, array, p.Blocks)
		}
	}
	if err := p.holds(in.Dst); err != nil {
		return fmt.Errorf("the result: %w", err)
	}
	if in.Dst&ScalarBit == 0 {
		if prologue {
			return fmt.Errorf("the result is block %d: the prologue has scalars only", in.Dst)
		}
		return nil
	}
	if in.Op == Gather {
		return fmt.Errorf("the result is %v: it must be a block", in.Dst)
	}
	for i := range info.Args {
		if in.Arg[i]&ScalarBit == 0 {
			return fmt.Errorf("the result is %v, so operand %d must be a scalar, not block %d", in.Dst, i, in.Arg[i])
		}
	}
	return nil
}

// String is b3 for block 3 and s3 for scalar 3.
func (a Arg) String() string {
	if a&ScalarBit != 0 {
		return fmt.Sprintf("s%d", a&^ScalarBit)
	}
	return fmt.Sprintf("b%d", uint16(a))
}
