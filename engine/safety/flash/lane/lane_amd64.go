package lane

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

//go:noescape
func darkAVX2(b *Block)

//go:noescape
func darkYAVX2(b *Block)

//go:noescape
func fullAVX2(b *Block)

//go:noescape
func fullYAVX2(b *Block)

//go:noescape
func chooseAVX2(b *Choice)

//go:noescape
func dimAVX2(b *Dim)

//go:noescape
func dimStepsAVX2(b *Dim)

//go:noescape
func mixAVX2(b *Mix)

//go:noescape
func darkAVX512(b *Block)

//go:noescape
func darkYAVX512(b *Block)

//go:noescape
func fullAVX512(b *Block)

//go:noescape
func fullYAVX512(b *Block)

//go:noescape
func chooseAVX512(b *Choice)

//go:noescape
func dimAVX512(b *Dim)

//go:noescape
func dimStepsAVX512(b *Dim)

//go:noescape
func mixAVX512(b *Mix)

//go:noescape
func addAVX2(b *Areas, pairs unsafe.Pointer, table unsafe.Pointer)

//go:noescape
func addFewBMI(b *Areas)

//go:noescape
func spreadAVX2(b *Windows)

//go:noescape
func tellAVX2(b *Tell)

// pick has, for the bits of four lights in A and B in turn, a mask of each
// light that is in A, then of each that is in B.
var pick = func() (t [256][8]uint8) {
	for i := range t {
		for k := range 8 {
			if i>>(k%4*2+k/4)&1 != 0 {
				t[i][k] = 0xff
			}
		}
	}
	return t
}()

// stepsBy is DimSteps by a kernel that is for even steps.
func stepsBy(kernel func(*Dim)) func(*Dim) {
	return func(d *Dim) {
		if d.Steps.even {
			kernel(d)
		} else {
			d.dimSteps()
		}
	}
}

func (a *Areas) addFours() { addAVX2(a, unsafe.Pointer(&a.pairs), unsafe.Pointer(&pick)) }

func natives() (sets []*Set) {
	x := &cpu.X86
	if !x.HasAVX2 || !x.HasBMI1 || !x.HasBMI2 || !x.HasPOPCNT {
		return nil
	}
	if x.HasAVX512F && x.HasAVX512DQ && x.HasAVX512BW && x.HasAVX512VL {
		sets = append(sets, &Set{"avx512", darkAVX512, darkYAVX512, fullAVX512, fullYAVX512, chooseAVX512, dimAVX512, stepsBy(dimStepsAVX512), mixAVX512, (*Areas).addFours, addFewBMI, spreadAVX2, tellAVX2})
	}
	return append(sets, &Set{"avx2", darkAVX2, darkYAVX2, fullAVX2, fullYAVX2, chooseAVX2, dimAVX2, stepsBy(dimStepsAVX2), mixAVX2, (*Areas).addFours, addFewBMI, spreadAVX2, tellAVX2})
}
