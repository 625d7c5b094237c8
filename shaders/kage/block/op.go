// Package block runs programs over blocks of points: each instruction does
// one operation on a block of Size 32-bit lanes, by a SIMD kernel, as column
// stores evaluate queries a vector at a time.
//
// A lane holds a float32, an int32 or a mask (all ones for true, zero for
// false). Every operation is defined by IEEE 754 binary32 operations in one
// fixed order, each rounded, none fused, so that all kernel sets give the
// same bits; the fused operations are defined as exactly that composition,
// so that fusing an instruction sequence never changes a result.
package block

//go:generate go run ./gen

// Size is how many points a block has.
const Size = 256

// Arg names an operand: a block register, or with ScalarBit a scalar
// register, whose value all lanes see.
type Arg uint16

// MaxArgs is how many operands an operation may have.
const MaxArgs = 12

// ScalarBit marks an Arg as a scalar register.
const ScalarBit Arg = 0x8000

// Op is an operation.
type Op uint16

// Operations. d is the result, a b c … the operands; f float32, i int32, m mask.
const (
	Nop Op = iota

	Copy // d = a (32 bits of any type; with a scalar a: splat)

	// float32
	Add     // a + b
	Sub     // a - b
	Mul     // a * b
	Div     // a / b
	Min     // b < a ? b : a  (a if either is NaN)
	Max     // a < b ? b : a
	Neg     // sign bit flipped
	Abs     // sign bit cleared
	Sign    // 1, -1, or 0 for ±0 and NaN
	Floor   // roundToIntegralTowardNegative
	Ceil    // roundToIntegralTowardPositive
	Fract   // a - floor(a)
	Mod     // a - b*floor(a/b), GLSL's
	Sqrt    // IEEE square root
	InvSqrt // 1/sqrt(a)
	Step    // b < a ? 0 : 1  (edge a, value b)

	Sin
	Cos
	Tan
	Asin
	Acos
	Atan
	Atan2 // a is y, b is x
	Exp
	Exp2
	Log
	Log2
	Pow // a to the b

	// int32, wrapping
	IAdd
	ISub
	IMul
	IDiv // truncated; 0 where b is 0
	IMod // Go's %; 0 where b is 0
	INeg
	IAnd
	IOr
	IXor
	IAndNot // a &^ b
	INot
	IShl // a << b; 0 where b is outside 0…31
	IShr // arithmetic a >> b; sign fill where b is outside 0…31
	IMin
	IMax
	IAbs
	ISign

	ToFloat // int32 to float32, nearest even
	ToInt   // float32 to int32, truncated; out of range and NaN as CVTTPS2DQ: 0x80000000

	// comparisons: a mask
	FEq
	FNe
	FLt
	FLe
	IEq
	INe
	ILt
	ILe

	// masks
	MAnd
	MOr
	MXor
	MAndNot // a and not b
	MNot
	Select // a ? b : c, a a mask; b and c of any type

	// fused, same bits as their composition
	MulAdd     // a*b + c
	MulSub     // a*b - c
	NegMulAdd  // c - a*b
	Mix        // a*(1-c) + b*c
	Clamp      // Min(Max(a, b), c)
	SmoothStep // t = Clamp((c-a)/(b-a), 0, 1); (t*t) * (3 - 2*t)   (edges a b, value c)
	Dot2       // a*b + c*d
	Dot3       // (a*b + c*d) + e*f
	Length2    // sqrt(a*a + b*b)
	Length3    // sqrt((a*a + b*b) + c*c)

	// control; To is an index into Insts
	Jump     // to To
	JumpNone // to To when mask a (a block) is false in every lane that runs
	JumpZero // to To when scalar a is 0
	Gather   // d = lane-wise block register number (a's register + b's int lane value), b within 0…c (an immediate in To): out of range gives 0
	Scatter  // register number (Dst's + b's int lane value) = a where mask c, b within range given by To
	Lookup   // d = scalar register number (a's register + b's int, block or scalar, within 0…To-1): out of range gives 0

	// Packing, for what only some lanes do: between Pack and Unpack those
	// lanes stand side by side at the front of each block, and the others
	// are not computed. It happens only where that halves the work, which
	// nothing but the time shows.
	Pack     // to To when mask a is false in every lane; else maybe begins to pack by it, in slot Dst; its Compresses follow
	Unpack   // ends packing in slot Dst; to To when it was not begun
	Compress // the block Dst takes its packed form by slot To, a (Dst itself, or another block) its unpacked one
	Expand   // the block Dst takes its unpacked form by slot To; its other lanes hold anything

	basicCount // number of the operations above; more fused ones follow it
)

// More fused operations, same bits as their composition.
const (
	Add3             = basicCount + iota // Add(Add(a, b), c)
	MulMul                               // Mul(Mul(a, b), c)
	AddMul                               // Mul(Add(a, b), c)
	SubMul                               // Mul(Sub(a, b), c)
	AddDiv                               // Div(Add(a, b), c)
	SubDiv                               // Div(Sub(a, b), c)
	MulAddMul                            // Mul(Add(Mul(a, b), c), d)
	MulMulAdd                            // Add(Mul(Mul(a, b), c), d)
	SubMulAdd                            // Add(Mul(Sub(a, b), c), d)
	DotSub2                              // Sub(Mul(a, b), Mul(c, d))
	Dot2Add                              // Add(Dot2(a, b, c, d), e)
	AbsSub                               // Abs(Sub(a, b))
	MulAddMax                            // Max(Add(Mul(a, b), c), d)
	NegMulAddMax                         // Max(Sub(c, Mul(a, b)), d)
	SubClamp                             // Clamp(Sub(a, b), c, d)
	MulAddClamp                          // Clamp(Add(Mul(a, b), c), d, e)
	Dist2                                // Dot2(Sub(a, b), Sub(a, b), Sub(c, d), Sub(c, d))
	Dist3                                // Dot3(Sub(a, b), Sub(a, b), Sub(c, d), Sub(c, d), Sub(e, f), Sub(e, f))
	Distance2                            // Sqrt(Dist2(a, b, c, d))
	Distance3                            // Sqrt(Dist3(a, b, c, d, e, f))
	SqrLength2                           // Dot2(a, a, b, b)
	SqrLength3                           // Dot3(a, a, b, b, c, c)
	InvLength2                           // InvSqrt(Dot2(a, a, b, b))
	InvLength3                           // InvSqrt(Dot3(a, a, b, b, c, c))
	Fade                                 // Mul(Mul(a, a), Sub(3, Mul(2, a)))
	Fade5                                // Mul(Mul(Mul(a, a), a), Add(Mul(a, Sub(Mul(a, 6), 15)), 10))
	MixMix                               // Mix(Mix(a, b, e), Mix(c, d, e), f)
	MulAddFract                          // Fract(Add(Mul(a, b), c))
	FloorInt                             // ToInt(Floor(a))
	MulFract                             // Fract(Mul(a, b))
	MulFloor                             // Floor(Mul(a, b))
	MulAddFloor                          // Floor(Add(Mul(a, b), c))
	SinMulAdd                            // Sin(Add(Mul(a, b), c))
	CosMulAdd                            // Cos(Add(Mul(a, b), c))
	ExpMul                               // Exp(Mul(a, b))
	ExpMul3                              // Exp(Mul(Mul(a, b), c))
	ExpNegMul                            // Exp(Mul(Neg(a), b))
	IAdd3                                // IAdd(IAdd(a, b), c)
	IXor3                                // IXor(IXor(a, b), c)
	IMulAdd                              // IAdd(IMul(a, b), c)
	IMulXor                              // IXor(IMul(a, b), c)
	IAddMul                              // IMul(IAdd(a, b), c)
	IXorMul                              // IMul(IXor(a, b), c)
	IDot2                                // IAdd(IMul(a, b), IMul(c, d))
	IDot3                                // IAdd(IAdd(IMul(a, b), IMul(c, d)), IMul(e, f))
	IMulXor2                             // IXor(IMul(a, b), IMul(c, d))
	IMulXor3                             // IXor(IXor(IMul(a, b), IMul(c, d)), IMul(e, f))
	IXorShr                              // IXor(a, IShr(a, b))
	IXorShl                              // IXor(a, IShl(a, b))
	IXorShrMul                           // IMul(IXor(a, IShr(a, b)), c)
	IMulXorShr                           // IXorShr(IMul(a, b), c)
	IShrAnd                              // IAnd(IShr(a, b), c)
	IXorShrAnd                           // IXor(a, IAnd(IShr(a, b), c))
	IXorShrAndMul                        // IMul(IXor(a, IAnd(IShr(a, b), c)), d)
	IHash                                // IXorShr(IXorShrMul(a, b, c), d)
	IAndFloat                            // Mul(ToFloat(IAnd(a, b)), c)
	IAndFloatDiv                         // Div(ToFloat(IAnd(a, b)), c)
	FloatMul                             // Mul(ToFloat(a), b)
	HashFloatMul                         // IAndFloat(IHash(a, b, c, d), e, f)
	HashFloatDiv                         // IAndFloatDiv(IHash(a, b, c, d), e, f)
	XorShrFloatMul                       // IAndFloat(IXorShr(a, b), c, d)
	XorShrFloatDiv                       // IAndFloatDiv(IXorShr(a, b), c, d)
	SelectLt                             // Select(FLt(a, b), c, d)
	SelectLe                             // Select(FLe(a, b), c, d)
	SelectIEq                            // Select(IEq(a, b), c, d)
	SelectILt                            // Select(ILt(a, b), c, d)
	SelectBits                           // Select(IEq(IAnd(a, b), c), d, e)
	AndFLt                               // MAnd(a, FLt(b, c))
	AndFLe                               // MAnd(a, FLe(b, c))
	AndNotFLt                            // MAndNot(a, FLt(b, c))
	AndNotFLe                            // MAndNot(a, FLe(b, c))
	SelectAdd                            // Select(a, Add(b, c), b)
	SubAdd                               // Add(Sub(a, b), c)
	AddSub                               // Sub(Add(a, b), c)
	SubSub                               // Sub(Sub(a, b), c)
	SubOfAdd                             // Sub(a, Add(b, c))
	SubOfSub                             // Sub(a, Sub(b, c))
	MinMul                               // Mul(Min(a, b), c)
	MaxMul                               // Mul(Max(a, b), c)
	AddMin                               // Min(Add(a, b), c)
	AddMax                               // Max(Add(a, b), c)
	SubMin                               // Min(Sub(a, b), c)
	SubMax                               // Max(Sub(a, b), c)
	MulMin                               // Min(Mul(a, b), c)
	MulMax                               // Max(Mul(a, b), c)
	Min3                                 // Min(Min(a, b), c)
	Max3                                 // Max(Max(a, b), c)
	MinOfMax                             // Min(a, Max(b, c))
	MaxOfMin                             // Max(a, Min(b, c))
	MinOfSub                             // Min(a, Sub(b, c))
	MinOfMul                             // Min(a, Mul(b, c))
	MulDiv                               // Div(Mul(a, b), c)
	DivMul                               // Mul(Div(a, b), c)
	DivOfAdd                             // Div(a, Add(b, c))
	MinOfMulDiv                          // Min(a, Div(Mul(b, c), d))
	MulAddMin                            // Min(Add(Mul(a, b), c), d)
	Dot2Min                              // Min(Dot2(a, b, c, d), e)
	MulMulMul                            // Mul(Mul(Mul(a, b), c), d)
	SubSquare                            // Mul(Sub(a, b), Sub(a, b))
	Square                               // Mul(a, a)
	MulMulMulMul                         // Mul(Mul(Mul(Mul(a, b), c), d), e)
	CubeMulMin                           // Mul(Mul(Mul(a, a), a), Min(Mul(b, c), d))
	MulAdd2                              // Add(Add(a, Mul(b, c)), Mul(d, e))
	MulAdd3                              // Add(Add(Add(a, Mul(b, c)), Mul(d, e)), Mul(f, g))
	MulAdd4                              // Add(Add(Add(Add(a, Mul(b, c)), Mul(d, e)), Mul(f, g)), Mul(h, i))
	Attenuate                            // Div(a, Add(Mul(Mul(b, b), c), d))
	AttenuateDiv                         // Div(a, Add(Div(Mul(b, b), c), d))
	DistanceSub                          // Sub(Distance3(a, b, c, d, e, f), g)
	MinDistance                          // Min(a, Sub(Distance3(b, c, d, e, f, g), h))
	AddFract                             // Fract(Add(a, b))
	SubFract                             // Fract(Sub(a, b))
	NegMulAddFract                       // Fract(Sub(c, Mul(a, b)))
	FadeFract                            // Fade(Fract(a))
	FadeMul                              // Mul(Fade(a), b)
	FloorIntMul                          // IMul(ToInt(Floor(a)), b)
	HashMix                              // Mix(HashFloatMul(a, d, e, f, g, h), HashFloatMul(b, d, e, f, g, h), c)
	XorHashMix                           // Mix(HashFloatMul(IXor(a, c), e, f, g, h, i), HashFloatMul(IXor(b, c), e, f, g, h, i), d)
	IShrAndFloat                         // Mul(ToFloat(IAnd(IShr(a, b), c)), d)
	Select2                              // Select(a, b, Select(c, d, e))
	SelectMul                            // Mul(Select(a, b, c), d)
	SelectOfMul                          // Select(a, Mul(b, c), d)
	SelectOfMulSame                      // Select(a, Mul(b, c), b)
	AndOfIEq                             // MAnd(a, IEq(b, c))
	AndOfINe                             // MAnd(a, INe(b, c))
	AndNotOr                             // MAndNot(a, MOr(b, c))
	OrFLt                                // MOr(a, FLt(b, c))
	FLtOrFLt                             // MOr(FLt(a, b), FLt(c, d))
	SelectTwice                          // Select(a, Select(b, c, d), e)
	MulClamp                             // Clamp(Mul(a, b), c, d)
	AddClamp                             // Clamp(Add(a, b), c, d)
	SubAbsMulAdd                         // Add(Mul(Abs(Sub(a, b)), c), d)
	AbsMulAdd                            // Abs(Add(Mul(a, b), c))
	PowMul                               // Mul(Pow(a, b), c)
	SinAdd                               // Sin(Add(a, b))
	CosAdd                               // Cos(Add(a, b))
	SinMulSub                            // Sin(Sub(Mul(a, b), c))
	CosAdd3                              // Cos(Add(Add(a, b), c))
	SinMul                               // Sin(Mul(a, b))
	CosMul                               // Cos(Mul(a, b))
	ValueNoise2                          // smooth noise on a lattice: a b the place, c d the lattice's factors, e to i the hash's; the table has its composition
	ValueNoise3                          // smooth noise on a lattice: a b c the place, d e f the lattice's factors, g to k the hash's; the table has its composition
	MulMulSub                            // Mul(Mul(a, b), Sub(c, d))
	Atan2Sub                             // Atan2(Sub(a, b), Sub(c, d))
	PulseSquare                          // Mul(Mul(SubSquare(1, Fract(a)), SubSquare(1, Fract(a))), Min(Mul(Fract(a), b), c))
	PulseCube                            // Mul(Mul(Mul(SubSquare(1, Fract(a)), SubSquare(1, Fract(a))), SubSquare(1, Fract(a))), Min(Mul(Fract(a), b), c))
	Wave                                 // Fade(Abs(Sub(Mul(a, 2), 1)))
	FractWave                            // Wave(Fract(a))
	SelectMix                            // Select(a, b, Mix(c, d, e))
	SelectMulMix                         // Select(a, Mul(b, c), Mix(d, e, f))
	SelectMulMulSame                     // Select(a, Mul(Mul(b, c), d), Mul(b, c))
	AndNotOfINe                          // MAndNot(INe(a, b), c)
	SelectLtSame2                        // Select(FLt(a, b), a, Select(FLt(c, d), c, e))
	SinMulAdd2MulAdd                     // Add(Mul(Sin(Add(Add(Mul(a, b), c), Mul(d, e))), f), g)
	ExpDistance                          // ExpMul(Distance3(a, b, c, d, e, f), g)
	SubFractMul                          // Mul(Sub(a, AddFract(b, c)), d)

	opCount // number of operations
)

// Inst is one instruction.
type Inst struct {
	Op  Op
	Dst Arg          // block register, or scalar register: then all operands are scalars
	Arg [MaxArgs]Arg // as many as the operation has
	To  int32        // of jumps: index into Insts; of Gather, Scatter and Lookup: the number of registers in the array; of Lookup below 0: it reads image -1-To instead, whatever its first operand is
}

// Program is a compiled field: immutable, shared by any number of States.
type Program struct {
	Prologue []Inst   // scalar instructions, run once a frame, after the uniforms are set
	Insts    []Inst   // run for each block
	Blocks   int      // block registers
	Slots    int      // nested Packs, each of which has one of its own
	Scalars  []uint32 // initial contents of the scalar registers: constants set, the rest 0
	Uniforms int      // the first scalar register of the uniforms
	Words    int      // how many words of uniforms follow
	Inputs   []Arg    // block registers that the caller fills
	Outputs  []Arg    // registers, block or scalar, that hold the results
}
