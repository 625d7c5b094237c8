//go:build !amd64 && !arm64

package block

// Machines without assembly have the plain Go kernels alone, and never get here.
func runThreaded(tape *record, bytes, lanes int) { panic("block: no threaded kernels on this machine") }

var controlTable [controlCount]uintptr
