package block

import (
	"fmt"
	"math"

	"noctiluca/shaders/kage/block/scalar"
)

// Eval is the reference: what op gives for one lane of operands, all as their
// 32 bits. Every kernel gives the same, but for which of the NaNs a NaN is.
// It panics on operations that have no value (jumps, Gather, Scatter, Lookup) and on
// too few operands.
func Eval(op Op, args ...uint32) uint32 {
	f := func(i int) float32 { return math.Float32frombits(args[i]) }
	n := func(i int) int32 { return int32(args[i]) }
	var r float32
	switch op {
	case Copy:
		return args[0]
	case Add:
		r = f(0) + f(1)
	case Sub:
		r = f(0) - f(1)
	case Mul:
		r = f(0) * f(1)
	case Div:
		r = f(0) / f(1)
	case Min:
		r = min32(f(0), f(1))
	case Max:
		r = max32(f(0), f(1))
	case Neg:
		return args[0] ^ 1<<31
	case Abs:
		return args[0] &^ (1 << 31)
	case Sign:
		switch x := f(0); {
		case x > 0:
			r = 1
		case x < 0:
			r = -1
		}
	case Floor:
		r = scalar.Floor(f(0))
	case Ceil:
		r = float32(math.Ceil(float64(f(0))))
	case Sqrt:
		r = scalar.Sqrt(f(0))
	case Step:
		r = 1
		if f(1) < f(0) {
			r = 0
		}
	case Sin:
		r = scalar.Sin(f(0))
	case Cos:
		r = scalar.Cos(f(0))
	case Tan:
		r = scalar.Tan(f(0))
	case Asin:
		r = scalar.Asin(f(0))
	case Acos:
		r = scalar.Acos(f(0))
	case Atan:
		r = scalar.Atan(f(0))
	case Atan2:
		r = scalar.Atan2(f(0), f(1))
	case Exp:
		r = scalar.Exp(f(0))
	case Exp2:
		r = scalar.Exp2(f(0))
	case Log:
		r = scalar.Log(f(0))
	case Log2:
		r = scalar.Log2(f(0))
	case Pow:
		r = scalar.Pow(f(0), f(1))

	case IAdd:
		return args[0] + args[1]
	case ISub:
		return args[0] - args[1]
	case IMul:
		return args[0] * args[1]
	case IDiv:
		if args[1] == 0 {
			return 0
		}
		return uint32(n(0) / n(1))
	case IMod:
		if args[1] == 0 {
			return 0
		}
		return uint32(n(0) % n(1))
	case INeg:
		return -args[0]
	case IAnd, MAnd:
		return args[0] & args[1]
	case IOr, MOr:
		return args[0] | args[1]
	case IXor, MXor:
		return args[0] ^ args[1]
	case IAndNot, MAndNot:
		return args[0] &^ args[1]
	case INot, MNot:
		return ^args[0]
	case IShl:
		return args[0] << args[1]
	case IShr:
		return uint32(n(0) >> args[1])
	case IMin:
		return uint32(min(n(0), n(1)))
	case IMax:
		return uint32(max(n(0), n(1)))
	case IAbs:
		if n(0) < 0 {
			return -args[0]
		}
		return args[0]
	case ISign:
		switch {
		case n(0) > 0:
			return 1
		case n(0) < 0:
			return ^uint32(0)
		}
		return 0

	case ToFloat:
		r = float32(n(0))
	case ToInt:
		return uint32(toInt(f(0)))

	case FEq:
		return mask(f(0) == f(1))
	case FNe:
		return mask(f(0) != f(1))
	case FLt:
		return mask(f(0) < f(1))
	case FLe:
		return mask(f(0) <= f(1))
	case IEq:
		return mask(args[0] == args[1])
	case INe:
		return mask(args[0] != args[1])
	case ILt:
		return mask(n(0) < n(1))
	case ILe:
		return mask(n(0) <= n(1))
	case Select:
		return sel(args[0], args[1], args[2])

	default:
		if r, ok := evalFused(op, args); ok {
			return r
		}
		panic(fmt.Sprintf("block: %v has no value", op))
	}
	return math.Float32bits(r)
}
