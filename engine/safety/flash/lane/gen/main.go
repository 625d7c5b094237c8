// Command gen writes the kernels of package lane for amd64 with avo: one text
// for two instruction sets, AVX2, eight lights at a time, and AVX-512,
// sixteen. Run it by go generate in package lane.
//
// Each kernel does what the plain one in Go does, operation by operation;
// what differs is that both branches are worked out and one is taken. A
// fused multiply-add or an estimate is never used.
package main

import . "github.com/mmcloughlin/avo/build"

func main() {
	constants()
	for _, m := range []machine{{"AVX2", false}, {"AVX512", true}} {
		for _, given := range []bool{false, true} {
			m.follow(given, false)
			m.follow(given, true)
		}
		m.choose()
		m.dim(false)
		m.dim(true)
		m.mix()
	}
	add()
	addFew()
	spread()
	tell()
	Generate()
}
