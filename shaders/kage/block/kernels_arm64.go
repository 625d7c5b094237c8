package block

// missingFor names what set needs and this CPU lacks; known is false for a
// name that no set has. Every arm64 CPU that Go runs on has NEON.
func missingFor(set string) (missing []string, known bool) {
	switch set {
	case "avx2", "avx512":
		return []string{"an amd64 CPU"}, true
	}
	return nil, false
}

func nativeSets() []*Kernels {
	return []*Kernels{newKernels("neon", 16, ctlPack, neonForms[:], neonTable[:])}
}
