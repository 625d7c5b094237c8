//go:build amd64 || arm64

package block

// runThreaded runs the records from tape on until one returns, over so many
// bytes of a block, a multiple of the set's granule, of which lanes count.
//
//go:noescape
func runThreaded(tape *record, bytes, lanes int)

// controlTable holds the addresses of the machine's own kernels, in the
// order of the control constants; it is filled by the linker.
var controlTable [controlCount]uintptr
