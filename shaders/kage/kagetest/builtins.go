package kagetest

import (
	"go/ast"
	"math"

	"noctiluca/shaders/kage/block"
	"noctiluca/shaders/kage/check"
)

// one are the builtins of each component alone.
var one = map[string]block.Op{
	"sin": block.Sin, "cos": block.Cos, "tan": block.Tan, "asin": block.Asin, "acos": block.Acos, "atan": block.Atan,
	"atan2": block.Atan2, "pow": block.Pow, "exp": block.Exp, "exp2": block.Exp2, "log": block.Log, "log2": block.Log2,
	"sqrt": block.Sqrt, "floor": block.Floor, "ceil": block.Ceil, "step": block.Step,
}

func (e *evaluator) callExpr(c *ast.CallExpr) Value {
	id := ast.Unparen(c.Fun).(*ast.Ident)
	o := e.file.Uses[id]
	if o.Kind == check.FuncObject {
		return e.multi(c)[0]
	}
	vals, types := e.args(c)
	if o.Kind == check.TypeObject {
		return construct(o.Type, vals, types)
	}
	ints := true
	for i := range vals {
		ints = ints && component(types[i]) == 'i'
	}
	if !ints {
		for i := range vals {
			vals[i] = convert(vals[i], types[i], check.Type{Kind: check.Float})
		}
	}
	return builtin(id.Name, vals, ints)
}

func construct(t check.Type, vals []Value, types []check.Type) Value {
	var in Value
	for i, v := range vals {
		in = append(in, convert(v, types[i], t)...)
	}
	n := t.Words()
	m := matrix(t)
	switch {
	case m > 0 && len(in) == 1:
		out := make(Value, n)
		for i := range m {
			out[i*m+i] = in[0]
		}
		return out
	case len(in) == 1:
		out := make(Value, n)
		for i := range out {
			out[i] = in[0]
		}
		return out
	}
	return in
}

func builtin(name string, a []Value, ints bool) Value {
	n := 0
	for _, v := range a {
		n = max(n, len(v))
	}
	get := func(v, i int) float32 { return f32(a[v][i%len(a[v])]) }
	each := func(f func(i int) float32) Value {
		out := make(Value, n)
		for i := range out {
			out[i] = bits(f(i))
		}
		return out
	}
	whole := func(f func(x []int32) int32) Value {
		out := make(Value, n)
		for i := range out {
			var x []int32
			for _, v := range a {
				x = append(x, int32(v[i%len(v)]))
			}
			out[i] = uint32(f(x))
		}
		return out
	}
	dot := func(x, y Value) float32 {
		sum := float32(f32(x[0]) * f32(y[0]))
		for i := 1; i < len(x); i++ {
			sum += float32(f32(x[i]) * f32(y[i]))
		}
		return sum
	}
	root := func(x float32) float32 { return float32(math.Sqrt(float64(x))) }
	floor := func(x float32) float32 { return float32(math.Floor(float64(x))) }
	least := func(x, y float32) float32 {
		if y < x {
			return y
		}
		return x
	}
	most := func(x, y float32) float32 {
		if x < y {
			return y
		}
		return x
	}
	if op, ok := one[name]; ok {
		out := make(Value, n)
		for i := range out {
			var x []uint32
			for _, v := range a {
				x = append(x, v[i%len(v)])
			}
			out[i] = block.Eval(op, x...)
		}
		return out
	}
	switch name {
	case "inversesqrt":
		return each(func(i int) float32 { return 1 / root(get(0, i)) })
	case "fract":
		return each(func(i int) float32 { return get(0, i) - floor(get(0, i)) })
	case "mod":
		return each(func(i int) float32 {
			x, y := get(0, i), get(1, i)
			return x - float32(y*floor(x/y))
		})
	case "mix":
		return each(func(i int) float32 {
			x, y, t := get(0, i), get(1, i), get(2, i)
			return float32(x*(1-t)) + float32(y*t)
		})
	case "smoothstep":
		return each(func(i int) float32 {
			lo, hi, x := get(0, i), get(1, i), get(2, i)
			t := least(most((x-lo)/(hi-lo), 0), 1)
			return float32(t*t) * (3 - float32(2*t))
		})
	case "abs":
		if ints {
			return whole(func(x []int32) int32 { return max(x[0], -x[0]) })
		}
		return each(func(i int) float32 { return f32(bits(get(0, i)) &^ (1 << 31)) })
	case "sign":
		if ints {
			return whole(func(x []int32) int32 { return min(max(x[0], -1), 1) })
		}
		return each(func(i int) float32 {
			switch x := get(0, i); {
			case x > 0:
				return 1
			case x < 0:
				return -1
			}
			return 0
		})
	case "min", "max":
		out := a[0]
		for _, y := range a[1:] {
			out = pick(name, out, y, ints)
		}
		return out
	case "clamp":
		if ints {
			return whole(func(x []int32) int32 { return min(max(x[0], x[1]), x[2]) })
		}
		return each(func(i int) float32 { return least(most(get(0, i), get(1, i)), get(2, i)) })
	case "length":
		return Value{bits(root(dot(a[0], a[0])))}
	case "distance":
		d := make(Value, n)
		for i := range d {
			d[i] = bits(get(0, i) - get(1, i))
		}
		return Value{bits(root(dot(d, d)))}
	case "dot":
		return Value{bits(dot(a[0], a[1]))}
	case "normalize":
		l := root(dot(a[0], a[0]))
		return each(func(i int) float32 { return get(0, i) / l })
	case "cross":
		return each(func(i int) float32 {
			j, k := (i+1)%3, (i+2)%3
			return float32(get(0, j)*get(1, k)) - float32(get(1, j)*get(0, k))
		})
	case "faceforward":
		toward := dot(a[2], a[1]) < 0
		return each(func(i int) float32 {
			if toward {
				return get(0, i)
			}
			return f32(bits(get(0, i)) ^ 1<<31)
		})
	case "reflect":
		d := float32(2 * dot(a[1], a[0]))
		return each(func(i int) float32 { return get(0, i) - float32(d*get(1, i)) })
	case "refract":
		d, eta := dot(a[1], a[0]), f32(a[2][0])
		k := 1 - float32(float32(eta*eta)*(1-float32(d*d)))
		t := float32(eta*d) + root(k)
		n = len(a[0])
		return each(func(i int) float32 {
			if k < 0 {
				return 0
			}
			return float32(eta*get(0, i)) - float32(t*get(1, i))
		})
	case "transpose":
		m := map[int]int{4: 2, 9: 3, 16: 4}[len(a[0])]
		out := make(Value, len(a[0]))
		for c := range m {
			for r := range m {
				out[r*m+c] = a[0][c*m+r]
			}
		}
		return out
	case "frontfacing":
		return Value{1}
	}
	panic("no " + name)
}

func pick(name string, x, y Value, ints bool) Value {
	out := make(Value, max(len(x), len(y)))
	for i := range out {
		p, q := x[i%len(x)], y[i%len(y)]
		less := f32(q) < f32(p)
		more := f32(p) < f32(q)
		if ints {
			less, more = int32(q) < int32(p), int32(p) < int32(q)
		}
		out[i] = p
		if name == "min" && less || name == "max" && more {
			out[i] = q
		}
	}
	return out
}
