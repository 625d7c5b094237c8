package lower

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"math"
	"slices"

	"noctiluca/shaders/kage/block"
	"noctiluca/shaders/kage/check"
)

func (l *lowerer) typeOf(e ast.Expr) check.Type {
	if t, ok := l.file.Types[e]; ok {
		return t.Type
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return l.typeOf(e.X)
	case *ast.Ident:
		if o := l.file.Uses[e]; o != nil {
			return o.Type
		}
		if o := l.file.Defs[e]; o != nil {
			return o.Type
		}
	}
	return check.Type{}
}

// constant is a constant as a value of kind k.
func (l *lowerer) constant(v constant.Value, k check.Kind) *value {
	key := literal{v, k}
	x := l.literals[key]
	if x == nil {
		x = l.constant1(v, k)
		l.literals[key] = x
	}
	return x
}

// literal is a constant of the source: to make 32 bits of it takes big
// numbers, and a function that is called often has the same ones each time.
type literal struct {
	v constant.Value
	k check.Kind
}

func (l *lowerer) constant1(v constant.Value, k check.Kind) *value {
	switch k {
	case check.Bool, check.UntypedBool:
		return l.m(v.Kind() == constant.Bool && constant.BoolVal(v))
	case check.Int, check.UntypedInt:
		n, _ := constant.Int64Val(constant.ToInt(v))
		return l.i(int32(n))
	}
	f, _ := constant.Float32Val(constant.ToFloat(v))
	return l.f(f)
}

// coerce gives constants that no use gave a type the type of t's components,
// and spreads a single component over a vector.
func (l *lowerer) coerce(v []*value, t check.Type) []*value {
	want := elemOf(t)
	for i, x := range v {
		if x.typ == want {
			continue
		}
		out := append([]*value(nil), v...)
		for j := i; j < len(out); j++ {
			out[j] = l.convert(out[j], want)
		}
		return out
	}
	return v
}

// convert is x as another type of component, as float(x), int(x), bool(x).
func (l *lowerer) convert(x *value, to byte) *value {
	switch {
	case x.typ == to:
		return x
	case to == 'f' && x.typ == 'i':
		return l.op(block.ToFloat, x)
	case to == 'i' && x.typ == 'f':
		return l.op(block.ToInt, x)
	case to == 'm' && x.typ == 'i':
		return l.op(block.INe, x, l.i(0))
	case to == 'm' && x.typ == 'f':
		return l.op(block.FNe, x, l.f(0))
	case to == 'f':
		return l.sel(x, l.f(1), l.f(0))
	}
	return l.sel(x, l.i(1), l.i(0))
}

// broadcast is n times x.
func (l *lowerer) broadcast(x *value, n int) []*value {
	out := l.list(n)
	for i := range out {
		out[i] = x
	}
	return out
}

// broadcast1 spreads a single component to n.
func (l *lowerer) broadcast1(v []*value, n int) []*value {
	if len(v) == 1 && n > 1 {
		return l.broadcast(v[0], n)
	}
	return v
}

// multi is expr for what may be a call with any number of results.
func (l *lowerer) multi(e ast.Expr) [][]*value {
	if p, ok := e.(*ast.ParenExpr); ok {
		return l.multi(p.X)
	}
	if c, ok := e.(*ast.CallExpr); ok {
		if fn := l.callee(c); fn != nil {
			return l.callUser(c, fn)
		}
		if f, ok := l.imageFunc(c); ok {
			return l.image(f, c)
		}
	}
	return [][]*value{l.expr(e)}
}

// expr is the components of an expression.
func (l *lowerer) expr(e ast.Expr) []*value {
	l.enter()
	defer l.leave()
	tv := l.file.Types[e]
	if tv.Value != nil {
		return l.single(l.constant(tv.Value, tv.Type.Kind))
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return l.expr(e.X)
	case *ast.Ident:
		return l.ident(e)
	case *ast.UnaryExpr:
		x := l.expr(e.X)
		out := l.list(len(x))
		for i := range x {
			out[i] = l.unary(e.Op, x[i])
		}
		return out
	case *ast.BinaryExpr:
		l.pos = e.OpPos
		return l.binary(e.Op, l.expr(e.X), l.expr(e.Y), l.typeOf(e.X), l.typeOf(e.Y))
	case *ast.SelectorExpr:
		x := l.expr(e.X)
		at := swizzle(e.Sel.Name)
		out := l.list(len(at))
		for i := range at {
			out[i] = x[at[i]]
		}
		return out
	case *ast.IndexExpr:
		return l.element(l.expr(e.X), elemSize(l.typeOf(e.X)), l.index(e.Index))
	case *ast.CompositeLit:
		return l.composite(e)
	case *ast.CallExpr:
		l.pos = e.Pos()
		return l.callExpr(e)
	}
	panic(limitError{e.Pos(), fmt.Sprintf("%T cannot be compiled", e)})
}

func (l *lowerer) ident(e *ast.Ident) []*value {
	obj := l.file.Uses[e]
	if obj == nil {
		obj = l.file.Defs[e]
	}
	if obj == nil {
		return []*value{l.m(e.Name == "true")}
	}
	if obj.Value != nil {
		return l.single(l.constant(obj.Value, obj.Type.Kind))
	}
	if u := l.uniforms[obj]; u != nil {
		// A leaf is the same wherever it is asked for; of an array in a loop it
		// is asked for often.
		typ := elemOf(obj.Type)
		if known := l.read[u]; typ != 'm' && known != nil {
			return slices.Clone(known)
		}
		out := make([]*value, u.Words)
		for i := range out {
			if typ == 'm' { // the caller's words are C's: anything but 0 is true
				out[i] = l.op(block.INe, l.leaf(opUniform, uint32(u.Offset+i), 'i', true), l.i(0))
			} else {
				out[i] = l.leaf(opUniform, uint32(u.Offset+i), typ, true)
			}
		}
		if typ != 'm' {
			l.read[u] = slices.Clone(out)
		}
		return out
	}
	return l.env.get(obj)
}

func (l *lowerer) zero(t check.Type) []*value {
	n := components(t)
	switch elemOf(t) {
	case 'm':
		return l.broadcast(l.m(false), n)
	case 'i':
		return l.broadcast(l.i(0), n)
	}
	return l.broadcast(l.f(0), n)
}

// index is an index expression as an int.
func (l *lowerer) index(e ast.Expr) *value { return l.convert(l.expr(e)[0], 'i') }

// element is x[i], elements having size components. Outside it is zero.
func (l *lowerer) element(x []*value, size int, i *value) []*value {
	n := len(x) / size
	out := make([]*value, size)
	if i.op == opConst {
		if at := int(int32(i.imm)); at >= 0 && at < n {
			return x[at*size : at*size+size : at*size+size]
		}
		n = 0
	}
	zero := l.leaf(opConst, 0, x[0].typ, true)
	for j := range out {
		out[j] = zero
	}
	for at := range n {
		here := l.op(block.IEq, i, l.i(int32(at)))
		for j := range out {
			out[j] = l.sel(here, x[at*size+j], out[j])
		}
	}
	return out
}

func (l *lowerer) composite(e *ast.CompositeLit) []*value {
	t := l.typeOf(e)
	out := append([]*value(nil), l.zero(t)...)
	size := elemSize(t)
	at := 0
	for _, el := range e.Elts {
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			at = int(int32(l.index(kv.Key).imm))
			el = kv.Value
		}
		v := l.broadcast1(l.coerce(l.expr(el), t), size)
		if at*size+size <= len(out) {
			copy(out[at*size:], v)
		}
		at++
	}
	return out
}

func (l *lowerer) unary(op token.Token, x *value) *value {
	switch op {
	case token.SUB:
		if x.typ == 'i' {
			return l.op(block.INeg, x)
		}
		return l.op(block.Neg, x)
	case token.NOT:
		return l.not(x)
	case token.XOR:
		return l.op(block.INot, x)
	}
	return x
}

// floatOps and intOps are the operators on one component.
var floatOps = [...]block.Op{
	token.ADD: block.Add, token.SUB: block.Sub, token.MUL: block.Mul, token.QUO: block.Div,
	token.EQL: block.FEq, token.NEQ: block.FNe, token.LSS: block.FLt, token.LEQ: block.FLe,
}

var intOps = [...]block.Op{
	token.ADD: block.IAdd, token.SUB: block.ISub, token.MUL: block.IMul, token.QUO: block.IDiv, token.REM: block.IMod,
	token.AND: block.IAnd, token.OR: block.IOr, token.XOR: block.IXor, token.AND_NOT: block.IAndNot,
	token.SHL: block.IShl, token.SHR: block.IShr,
	token.EQL: block.IEq, token.NEQ: block.INe, token.LSS: block.ILt, token.LEQ: block.ILe,
}

// arith is op on components, a single one on either side standing for all.
func (l *lowerer) arith(op token.Token, x, y []*value) []*value {
	n := max(len(x), len(y))
	x, y = l.broadcast1(x, n), l.broadcast1(y, n)
	if op == token.GTR {
		op, x, y = token.LSS, y, x
	} else if op == token.GEQ {
		op, x, y = token.LEQ, y, x
	}
	out := l.list(n)
	for i := range out {
		out[i] = l.arith1(op, x[i], y[i])
	}
	return out
}

func (l *lowerer) arith1(op token.Token, x, y *value) *value {
	if x.typ != y.typ {
		if x.typ == 'f' {
			y = l.convert(y, 'f')
		} else {
			x = l.convert(x, y.typ)
		}
	}
	switch x.typ {
	case 'f':
		return l.op(floatOps[op], x, y)
	case 'i':
		return l.op(intOps[op], x, y)
	}
	if op == token.NEQ {
		return l.op(block.MXor, x, y)
	}
	return l.not(l.op(block.MXor, x, y))
}

func (l *lowerer) binary(op token.Token, x, y []*value, tx, ty check.Type) []*value {
	switch op {
	case token.LAND:
		return []*value{l.and(x[0], y[0])}
	case token.LOR:
		return []*value{l.or(x[0], y[0])}
	case token.EQL, token.NEQ:
		v := l.arith(op, x, y)
		all := v[0]
		for _, c := range v[1:] {
			if op == token.EQL {
				all = l.and(all, c)
			} else {
				all = l.or(all, c)
			}
		}
		return []*value{all}
	case token.MUL:
		if mx, my := matrix(tx), matrix(ty); mx > 0 && len(y) > 1 || my > 0 && len(x) > 1 {
			return l.matMul(x, y, mx, my)
		}
	}
	return l.arith(op, x, y)
}

// matMul multiplies matrices, or a matrix and a vector: every component is a
// dot product, summed from the left. Matrices are column-major.
func (l *lowerer) matMul(x, y []*value, mx, my int) []*value {
	n := max(mx, my)
	row := func(m []*value, r int) []*value {
		out := l.list(n)
		for c := range out {
			out[c] = m[c*n+r]
		}
		return out
	}
	out := make([]*value, 0, n*n)
	switch {
	case my == 0: // matrix by vector
		for r := range n {
			out = append(out, l.dot(row(x, r), y))
		}
	case mx == 0: // vector by matrix
		for c := range n {
			out = append(out, l.dot(x, y[c*n:c*n+n]))
		}
	default:
		for c := range n {
			for r := range n {
				out = append(out, l.dot(row(x, r), y[c*n:c*n+n]))
			}
		}
	}
	return out
}

// dot is the sum of products from the left.
func (l *lowerer) dot(x, y []*value) *value {
	sum := l.op(block.Mul, x[0], y[0])
	for i := 1; i < len(x); i++ {
		sum = l.op(block.Add, sum, l.op(block.Mul, x[i], y[i]))
	}
	return sum
}

func (l *lowerer) callee(e *ast.CallExpr) *check.Func {
	if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok {
		if o := l.file.Uses[id]; o != nil && o.Kind == check.FuncObject {
			return o.Func
		}
	}
	return nil
}

// args is the values of a call's operands, of which a single one may be a
// call that gives several.
func (l *lowerer) args(e *ast.CallExpr) [][]*value {
	if len(e.Args) == 1 {
		return l.multi(e.Args[0])
	}
	args := make([][]*value, len(e.Args))
	for i, a := range e.Args {
		args[i] = l.expr(a)
	}
	return args
}

func (l *lowerer) callUser(e *ast.CallExpr, fn *check.Func) [][]*value {
	args := l.args(e)
	l.pos = e.Pos()
	return l.call(fn, args)
}

func (l *lowerer) callExpr(e *ast.CallExpr) []*value {
	if fn := l.callee(e); fn != nil {
		out := l.callUser(e, fn)
		if len(out) == 0 {
			return nil
		}
		return out[0]
	}
	if f, ok := l.imageFunc(e); ok {
		return l.image(f, e)[0]
	}
	args := l.args(e)
	if tv := l.file.Types[e.Fun]; tv.IsType {
		return l.conversion(tv.Type, args)
	}
	id, _ := ast.Unparen(e.Fun).(*ast.Ident)
	if id == nil {
		panic(limitError{e.Pos(), "this call cannot be compiled"})
	}
	if o := l.file.Uses[id]; o != nil && o.Kind == check.TypeObject {
		return l.conversion(o.Type, args)
	}
	f := builtins[id.Name]
	if f == nil {
		panic(limitError{e.Pos(), fmt.Sprintf("%s is not there for points", id.Name)})
	}
	return f(l, args)
}

// conversion makes a t of components: one for all of a vector, one for the
// diagonal of a matrix, a matrix of another, or as many as there are.
func (l *lowerer) conversion(t check.Type, args [][]*value) []*value {
	size := 0
	for _, a := range args {
		size += len(a)
	}
	in := l.list(size)[:0]
	for _, a := range args {
		in = append(in, a...)
	}
	in = l.coerce(in, t)
	n := components(t)
	if len(in) == n || t.Kind == check.Array {
		return in
	}
	if m := matrix(t); m > 0 {
		out := append([]*value(nil), l.zero(t)...)
		if len(in) == 1 {
			for i := range m {
				out[i*m+i] = in[0]
			}
			return out
		}
		// From a matrix of another order: what both have, the rest identity.
		from := int(math.Sqrt(float64(len(in))))
		for c := range m {
			for r := range m {
				if c < from && r < from {
					out[c*m+r] = in[c*from+r]
				} else if c == r {
					out[c*m+r] = l.f(1)
				}
			}
		}
		return out
	}
	if len(in) == 1 {
		return l.broadcast(in[0], n)
	}
	return in[:n]
}
