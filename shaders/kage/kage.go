// Package kage compiles Kage, Ebitengine's shader language, for points: a
// field is a function from a point in space to light, and a compiled field
// plays it over blocks of points with SIMD kernels on the CPU. The same
// source, with the Fragment that Wrap puts round it, runs on the GPU.
//
// The stages are packages of their own: check (front end), lower (IR and
// optimiser), block (programs over blocks of points, and their kernels).
package kage

import "noctiluca/shaders/kage/check"

// Points are where a field is asked for its light. X, Y, Z are metres. Life
// and Pixel may be nil when the field does not read them. All slices that
// are set have the same length.
type Points struct {
	X, Y, Z []float32
	Life    [4][]float32 // what the life gives each pixel
	Pixel   [3][]float32 // along its fixture 0…1, the pixel's random 0…1, fixture number
}

// Light is what a field answers: linear light and coverage, premultiplied.
type Light struct{ R, G, B, A []float32 }

// Uniform is one input of a field that is the same at every point.
type Uniform struct {
	Name   string
	Type   check.Type
	Offset int // its first 32-bit word
	Words  int
}

// Whole reports whether the words are integers (a bool is 0 or not), rather
// than the bits of floats.
func (u Uniform) Whole() bool {
	k := u.Type.Kind
	if k == check.Array {
		k = u.Type.Elem
	}
	switch k {
	case check.Bool, check.Int, check.IVec2, check.IVec3, check.IVec4:
		return true
	}
	return false
}
