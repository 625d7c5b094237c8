package fieldtest

import (
	"fmt"
	"os"
	"testing"

	"noctiluca/shaders/kage"
	"noctiluca/shaders/kage/block"
)

func TestDump(t *testing.T) {
	file := os.Getenv("DUMP")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Skip(err)
	}
	f, err := kage.Compile(file, text)
	if err != nil {
		t.Fatal(err)
	}
	p := f.Program()
	for i, in := range p.Insts {
		n := len(in.Op.Info().Args)
		s := fmt.Sprintf("%3d %-16v %v <-", i, in.Op, in.Dst)
		for _, a := range in.Arg[:n] {
			if a&block.ScalarBit != 0 && p.Scalars[a&^block.ScalarBit] != 0 {
				s += fmt.Sprintf(" %v=%#x", a, p.Scalars[a&^block.ScalarBit])
			} else {
				s += fmt.Sprintf(" %v", a)
			}
		}
		if in.Op == block.Jump || in.Op == block.JumpNone || in.Op == block.JumpZero {
			s += fmt.Sprintf(" to %d", in.To)
		}
		fmt.Println(s)
	}
}
