// Package scalar is the maths of block programs for one value: what the
// kernels do to each lane, written to be read. It is the reference that
// every kernel set must equal bit for bit, and what constants are folded
// with. It is not a general maths library: arguments that no field has any
// use for get a stated answer and not an exact one.
//
// The one idea: a function is a fixed sequence of IEEE 754 operations, each
// rounded, with no table and no fused multiply-add, so that a scalar in Go
// and a lane of any vector unit go through the same numbers. Products are
// therefore written float32(a*b), which the language does not let a compiler
// fuse with the sum they go into; float64(a*b) likewise.
//
// The polynomials are minimax fits (Remez' exchange in 200 bits), with the
// coefficients rounded to float32 one after another and the rest refitted
// each time. Where a float32 would lose the low bits (the reduction of an
// angle, the logarithm) the steps are float64.
package scalar

import "math"

func bits(x float32) uint32  { return math.Float32bits(x) }
func float(b uint32) float32 { return math.Float32frombits(b) }
func low(x float64) uint32   { return uint32(math.Float64bits(x)) }
func sign(x float32) uint32  { return bits(x) & (1 << 31) }
func abs(x float32) float32  { return float(bits(x) &^ (1 << 31)) }
func inf() float32           { return float(0x7f800000) }
func nan() float32           { return float(0x7fc00000) }
func limit(x, lo, hi float32) float32 { // NaN stays
	if x < lo {
		x = lo
	}
	if hi < x {
		x = hi
	}
	return x
}

// Floor is the largest whole number not above x.
func Floor(x float32) float32 { return float32(math.Floor(float64(x))) }

// Sqrt is the square root, correctly rounded: a float64 has more than twice
// the digits, so that rounding twice does no harm.
func Sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }
