//go:build !amd64 && !arm64

package block

// missingFor names what set needs and this CPU lacks; known is false for a
// name that no set has.
func missingFor(set string) (missing []string, known bool) {
	switch set {
	case "avx2", "avx512":
		return []string{"an amd64 CPU"}, true
	case "neon":
		return []string{"an arm64 CPU"}, true
	}
	return nil, false
}

func nativeSets() []*Kernels { return nil }
