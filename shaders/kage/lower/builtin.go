package lower

import "noctiluca/shaders/kage/block"

// builtin lowers a call of a builtin function; constants in args may still
// be ints where floats are meant.
type builtin func(l *lowerer, args [][]*value) []*value

// builtins are the functions of Kage, each as package block's operations in
// the order that the semantics fix.
var builtins map[string]builtin

func init() {
	builtins = map[string]builtin{
		"sin": each(block.Sin), "cos": each(block.Cos), "tan": each(block.Tan),
		"asin": each(block.Asin), "acos": each(block.Acos), "atan": each(block.Atan),
		"atan2": each(block.Atan2), "pow": each(block.Pow),
		"exp": each(block.Exp), "exp2": each(block.Exp2), "log": each(block.Log), "log2": each(block.Log2),
		"sqrt": each(block.Sqrt), "inversesqrt": each(block.InvSqrt),
		"floor": each(block.Floor), "ceil": each(block.Ceil), "fract": each(block.Fract),
		"mod": each(block.Mod), "mix": each(block.Mix), "step": each(block.Step), "smoothstep": each(block.SmoothStep),

		"abs": eachOf(block.Abs, block.IAbs), "sign": eachOf(block.Sign, block.ISign),
		"min": fold(block.Min, block.IMin), "max": fold(block.Max, block.IMax),
		"clamp": func(l *lowerer, a [][]*value) []*value {
			if numbers(l, a) == 'i' {
				return l.each(block.IMin, l.each(block.IMax, a[0], a[1]), a[2])
			}
			return l.each(block.Clamp, a...)
		},

		"length": func(l *lowerer, a [][]*value) []*value {
			floats(l, a)
			return []*value{l.length(a[0])}
		},
		"distance": func(l *lowerer, a [][]*value) []*value {
			floats(l, a)
			return []*value{l.length(l.each(block.Sub, a[0], a[1]))}
		},
		"dot": func(l *lowerer, a [][]*value) []*value {
			floats(l, a)
			return []*value{l.dot(a[0], a[1])}
		},
		"cross": func(l *lowerer, a [][]*value) []*value {
			floats(l, a)
			x, y := a[0], a[1]
			out := make([]*value, 3)
			for i := range out {
				j, k := (i+1)%3, (i+2)%3
				out[i] = l.op(block.Sub, l.op(block.Mul, x[j], y[k]), l.op(block.Mul, y[j], x[k]))
			}
			return out
		},
		"normalize": func(l *lowerer, a [][]*value) []*value {
			floats(l, a)
			return l.each(block.Div, a[0], []*value{l.length(a[0])})
		},
		"faceforward": func(l *lowerer, a [][]*value) []*value {
			floats(l, a)
			c := l.op(block.FLt, l.dot(a[2], a[1]), l.f(0))
			return l.selEach(c, a[0], l.each(block.Neg, a[0]))
		},
		"reflect": func(l *lowerer, a [][]*value) []*value {
			floats(l, a)
			twice := l.op(block.Mul, l.f(2), l.dot(a[1], a[0]))
			return l.each(block.Sub, a[0], l.each(block.Mul, []*value{twice}, a[1]))
		},
		"refract": func(l *lowerer, a [][]*value) []*value {
			floats(l, a)
			i, n, eta := a[0], a[1], a[2][0]
			d := l.dot(n, i)
			k := l.op(block.Sub, l.f(1), l.op(block.Mul, l.op(block.Mul, eta, eta), l.op(block.Sub, l.f(1), l.op(block.Mul, d, d))))
			t := l.op(block.Add, l.op(block.Mul, eta, d), l.op(block.Sqrt, k))
			out := l.each(block.Sub, l.each(block.Mul, []*value{eta}, i), l.each(block.Mul, []*value{t}, n))
			return l.selEach(l.op(block.FLt, k, l.f(0)), []*value{l.f(0)}, out)
		},
		"frontfacing": func(l *lowerer, _ [][]*value) []*value { return []*value{l.m(true)} },
		"transpose": func(l *lowerer, a [][]*value) []*value {
			m := a[0]
			n := map[int]int{4: 2, 9: 3, 16: 4}[len(m)]
			out := make([]*value, len(m))
			for c := range n {
				for r := range n {
					out[r*n+c] = m[c*n+r]
				}
			}
			return out
		},
	}
}

// floats makes all components floats.
func floats(l *lowerer, args [][]*value) {
	for i, a := range args {
		out := make([]*value, len(a))
		for j, x := range a {
			out[j] = l.convert(x, 'f')
		}
		args[i] = out
	}
}

// numbers makes all components floats if one is, and says what they are.
func numbers(l *lowerer, args [][]*value) byte {
	for _, a := range args {
		for _, x := range a {
			if x.typ == 'f' {
				floats(l, args)
				return 'f'
			}
		}
	}
	return 'i'
}

// each is op on each component, single ones standing for all.
func (l *lowerer) each(op block.Op, args ...[]*value) []*value {
	n := 1
	for _, a := range args {
		n = max(n, len(a))
	}
	out := make([]*value, n)
	var in [block.MaxArgs]*value
	for i := range out {
		for j, a := range args {
			if len(a) == 1 {
				in[j] = a[0]
			} else {
				in[j] = a[i]
			}
		}
		out[i] = l.op(op, in[:len(args)]...)
	}
	return out
}

func (l *lowerer) selEach(c *value, x, y []*value) []*value {
	n := max(len(x), len(y))
	x, y = l.broadcast1(x, n), l.broadcast1(y, n)
	out := make([]*value, n)
	for i := range out {
		out[i] = l.sel(c, x[i], y[i])
	}
	return out
}

func each(op block.Op) builtin {
	return func(l *lowerer, a [][]*value) []*value {
		floats(l, a)
		return l.each(op, a...)
	}
}

func eachOf(f, i block.Op) builtin {
	return func(l *lowerer, a [][]*value) []*value {
		if numbers(l, a) == 'i' {
			return l.each(i, a...)
		}
		return l.each(f, a...)
	}
}

// fold is a function of any number of arguments, from the left.
func fold(f, i block.Op) builtin {
	return func(l *lowerer, a [][]*value) []*value {
		op := f
		if numbers(l, a) == 'i' {
			op = i
		}
		out := a[0]
		for _, x := range a[1:] {
			out = l.each(op, out, x)
		}
		return out
	}
}

// length is the square root of the sum of squares from the left; of a single
// component too.
func (l *lowerer) length(v []*value) *value { return l.op(block.Sqrt, l.dot(v, v)) }
