package block

import "golang.org/x/sys/cpu"

// need is a CPU feature that a kernel set uses.
type need struct {
	name string
	have bool
}

func needs(set string) []need {
	switch set {
	case "avx2":
		return []need{{"AVX2", cpu.X86.HasAVX2}, {"BMI2", cpu.X86.HasBMI2}, {"POPCNT", cpu.X86.HasPOPCNT}}
	case "avx512":
		return []need{
			{"AVX2", cpu.X86.HasAVX2}, {"BMI2", cpu.X86.HasBMI2}, {"POPCNT", cpu.X86.HasPOPCNT}, {"AVX-512F", cpu.X86.HasAVX512F}, {"AVX-512DQ", cpu.X86.HasAVX512DQ},
			{"AVX-512BW", cpu.X86.HasAVX512BW}, {"AVX-512VL", cpu.X86.HasAVX512VL},
		}
	}
	return nil
}

// missingFor names the features that set needs and this CPU lacks; known is
// false for a name that no set has.
func missingFor(set string) (missing []string, known bool) {
	if set == "neon" {
		return []string{"an arm64 CPU"}, true
	}
	for _, n := range needs(set) {
		known = true
		if !n.have {
			missing = append(missing, n.name)
		}
	}
	return missing, known
}

func nativeSets() []*Kernels {
	var out []*Kernels
	if missing, _ := missingFor("avx512"); len(missing) == 0 {
		out = append(out, newKernels("avx512", 32, ctlPack, avx512Forms[:], avx512Table[:]))
	}
	if missing, _ := missingFor("avx2"); len(missing) == 0 {
		out = append(out, newKernels("avx2", 32, ctlPackNarrow, avx2Forms[:], avx2Table[:]))
	}
	return out
}
