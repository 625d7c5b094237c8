// Package kagetest is what the compiler is tested against: a reference that
// evaluates the typed source of a field point by point, as it is written, and
// a generator of random well-typed fields. No frame is made with it.
//
// It shares the checker with the compiler and nothing of what comes after: it
// makes no values, no masks and no blocks. One component's arithmetic is
// block.Eval, which is what defines every kernel.
package kagetest

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"math"

	"noctiluca/shaders/kage/block"
	"noctiluca/shaders/kage/check"
)

// Value is the 32-bit words of a value, one a component; of a bool 0 or 1.
type Value []uint32

// Evaluate calls function entry of f at one point. uniforms and args are one
// value each, in the order of their declaration.
func Evaluate(f *check.File, entry string, uniforms, args []Value) []Value {
	e := &evaluator{file: f, uniforms: map[*check.Object]Value{}}
	for i, u := range f.Uniforms {
		e.uniforms[u] = uniforms[i]
	}
	return e.call(f.ByName[entry], args)
}

type evaluator struct {
	file     *check.File
	uniforms map[*check.Object]Value
	vars     map[*check.Object]Value
	fn       *check.Func
	results  []Value
}

// flow is how a statement ended.
type flow int

const (
	onward flow = iota
	leaves      // break
	next        // continue
	returns
)

func (e *evaluator) call(fn *check.Func, args []Value) []Value {
	vars, was := e.vars, e.fn
	e.vars, e.fn = map[*check.Object]Value{}, fn
	for i, p := range fn.Params {
		e.vars[p] = append(Value(nil), args[i]...)
	}
	for _, r := range fn.Results {
		e.vars[r] = make(Value, r.Type.Words())
	}
	e.block(fn.Decl.Body.List)
	var out []Value
	for _, r := range fn.Results {
		out = append(out, e.vars[r])
	}
	e.vars, e.fn = vars, was
	return out
}

func (e *evaluator) block(list []ast.Stmt) flow {
	for _, s := range list {
		if how := e.stmt(s); how != onward {
			return how
		}
	}
	return onward
}

func (e *evaluator) stmt(s ast.Stmt) flow {
	switch s := s.(type) {
	case *ast.BlockStmt:
		return e.block(s.List)
	case *ast.ExprStmt:
		if c, ok := s.X.(*ast.CallExpr); ok && name(c.Fun) == "discard" {
			e.vars[e.fn.Results[0]] = make(Value, 4)
			return returns
		}
		e.multi(s.X)
	case *ast.DeclStmt:
		e.decl(s.Decl.(*ast.GenDecl))
	case *ast.AssignStmt:
		e.assignStmt(s)
	case *ast.IncDecStmt:
		t := e.typeOf(s.X)
		op := token.ADD
		if s.Tok == token.DEC {
			op = token.SUB
		}
		one := Value{1}
		if component(t) == 'f' {
			one = Value{math.Float32bits(1)}
		}
		e.assign(s.X, binary(op, e.expr(s.X), one, t, check.Type{Kind: single(t)}))
	case *ast.IfStmt:
		if s.Init != nil {
			e.stmt(s.Init)
		}
		switch {
		case e.expr(s.Cond)[0] != 0:
			return e.block(s.Body.List)
		case s.Else != nil:
			return e.stmt(s.Else)
		}
	case *ast.ForStmt:
		e.stmt(s.Init)
		for e.expr(s.Cond)[0] != 0 {
			if how := e.block(s.Body.List); how == leaves {
				break
			} else if how == returns {
				return how
			}
			e.stmt(s.Post)
		}
	case *ast.RangeStmt:
		loop := e.file.Loops[s]
		for i := range loop.Count {
			if loop.Var != nil {
				e.vars[loop.Var] = Value{uint32(i)}
			}
			if loop.Range != nil {
				e.vars[loop.Range] = element(e.expr(s.X), i, loop.Range.Type.Words())
			}
			if how := e.block(s.Body.List); how == leaves {
				break
			} else if how == returns {
				return how
			}
		}
	case *ast.ReturnStmt:
		var vals []Value
		var types []check.Type
		for _, r := range s.Results {
			vals = append(vals, e.multi(r)...)
			types = append(types, e.types(r)...)
		}
		for i, v := range vals {
			e.vars[e.fn.Results[i]] = convert(v, types[i], e.fn.Results[i].Type)
		}
		return returns
	case *ast.BranchStmt:
		if s.Tok == token.BREAK {
			return leaves
		}
		return next
	}
	return onward
}

func (e *evaluator) decl(d *ast.GenDecl) {
	if d.Tok != token.VAR {
		return
	}
	for _, spec := range d.Specs {
		s := spec.(*ast.ValueSpec)
		var vals []Value
		var types []check.Type
		for _, v := range s.Values {
			vals = append(vals, e.multi(v)...)
			types = append(types, e.types(v)...)
		}
		for i, id := range s.Names {
			o := e.file.Defs[id]
			if vals == nil {
				e.vars[o] = make(Value, o.Type.Words())
			} else {
				e.vars[o] = convert(vals[i], types[i], o.Type)
			}
		}
	}
}

var assignOps = map[token.Token]token.Token{
	token.ADD_ASSIGN: token.ADD, token.SUB_ASSIGN: token.SUB, token.MUL_ASSIGN: token.MUL, token.QUO_ASSIGN: token.QUO,
	token.REM_ASSIGN: token.REM, token.AND_ASSIGN: token.AND, token.OR_ASSIGN: token.OR, token.XOR_ASSIGN: token.XOR,
	token.SHL_ASSIGN: token.SHL, token.SHR_ASSIGN: token.SHR, token.AND_NOT_ASSIGN: token.AND_NOT,
}

func (e *evaluator) assignStmt(s *ast.AssignStmt) {
	if op, ok := assignOps[s.Tok]; ok {
		e.assign(s.Lhs[0], binary(op, e.expr(s.Lhs[0]), e.expr(s.Rhs[0]), e.typeOf(s.Lhs[0]), e.typeOf(s.Rhs[0])))
		return
	}
	var vals []Value
	var types []check.Type
	for _, r := range s.Rhs {
		for _, v := range e.multi(r) {
			vals = append(vals, append(Value(nil), v...))
		}
		types = append(types, e.types(r)...)
	}
	for i, l := range s.Lhs {
		if id, ok := l.(*ast.Ident); ok && id.Name == "_" {
			continue
		}
		e.assign(l, convert(vals[i], types[i], e.typeOf(l)))
	}
}

func (e *evaluator) assign(l ast.Expr, v Value) {
	switch l := l.(type) {
	case *ast.ParenExpr:
		e.assign(l.X, v)
	case *ast.Ident:
		o := e.file.Defs[l]
		if o == nil {
			o = e.file.Uses[l]
		}
		e.vars[o] = append(Value(nil), v...)
	case *ast.SelectorExpr:
		all := append(Value(nil), e.expr(l.X)...)
		for i, r := range l.Sel.Name {
			all[place(r)] = v[i]
		}
		e.assign(l.X, all)
	case *ast.IndexExpr:
		all := append(Value(nil), e.expr(l.X)...)
		i := int(int32(e.expr(l.Index)[0]))
		if i >= 0 && i*len(v) < len(all) {
			copy(all[i*len(v):], v)
		}
		e.assign(l.X, all)
	}
}

func place(r rune) int {
	for _, set := range []string{"xyzw", "rgba", "stpq"} {
		for i, s := range set {
			if r == s {
				return i
			}
		}
	}
	panic(r)
}

func element(all Value, i, size int) Value {
	out := make(Value, size)
	if i >= 0 && i*size < len(all) {
		copy(out, all[i*size:])
	}
	return out
}

func (e *evaluator) typeOf(x ast.Expr) check.Type {
	if t, ok := e.file.Types[x]; ok {
		return t.Type
	}
	if id, ok := ast.Unparen(x).(*ast.Ident); ok && e.file.Defs[id] != nil {
		return e.file.Defs[id].Type
	}
	panic(fmt.Sprintf("no type for %T", x))
}

func (e *evaluator) types(x ast.Expr) []check.Type {
	t := e.file.Types[x]
	switch t.Type.Kind {
	case check.Tuple:
		return t.Results
	case check.None:
		return nil
	}
	return []check.Type{t.Type}
}

func name(x ast.Expr) string {
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok {
		return ""
	}
	return id.Name
}

// multi is the values of an expression that may be a call with several.
func (e *evaluator) multi(x ast.Expr) []Value {
	if c, ok := ast.Unparen(x).(*ast.CallExpr); ok {
		id := ast.Unparen(c.Fun).(*ast.Ident)
		if o := e.file.Uses[id]; o != nil && o.Kind == check.FuncObject {
			vals, types := e.args(c)
			for i, p := range o.Func.Params {
				vals[i] = convert(vals[i], types[i], p.Type)
			}
			return e.call(o.Func, vals)
		}
	}
	return []Value{e.expr(x)}
}

func (e *evaluator) args(c *ast.CallExpr) (vals []Value, types []check.Type) {
	for _, a := range c.Args {
		vals = append(vals, e.multi(a)...)
		types = append(types, e.types(a)...)
	}
	return vals, types
}

func (e *evaluator) expr(x ast.Expr) Value {
	if t := e.file.Types[x]; t.Value != nil {
		return literal(t.Value, t.Type)
	}
	switch x := x.(type) {
	case *ast.ParenExpr:
		return e.expr(x.X)
	case *ast.Ident:
		o := e.file.Uses[x]
		if o == nil {
			o = e.file.Defs[x]
		}
		if v, ok := e.uniforms[o]; ok {
			if component(o.Type) == 'b' {
				out := make(Value, len(v))
				for i := range v {
					out[i] = truth(v[i] != 0)
				}
				return out
			}
			return v
		}
		return e.vars[o]
	case *ast.UnaryExpr:
		v, t := e.expr(x.X), component(e.typeOf(x.X))
		out := make(Value, len(v))
		for i := range v {
			switch {
			case x.Op == token.ADD:
				out[i] = v[i]
			case x.Op == token.NOT:
				out[i] = 1 - v[i]
			case x.Op == token.XOR:
				out[i] = ^v[i]
			case t == 'i':
				out[i] = -v[i]
			default:
				out[i] = v[i] ^ 1<<31
			}
		}
		return out
	case *ast.BinaryExpr:
		// Both sides are evaluated: no expression of Kage has an effect.
		return binary(x.Op, e.expr(x.X), e.expr(x.Y), e.typeOf(x.X), e.typeOf(x.Y))
	case *ast.SelectorExpr:
		v := e.expr(x.X)
		var out Value
		for _, r := range x.Sel.Name {
			out = append(out, v[place(r)])
		}
		return out
	case *ast.IndexExpr:
		return element(e.expr(x.X), int(int32(e.expr(x.Index)[0])), e.typeOf(x).Words())
	case *ast.CompositeLit:
		t := e.typeOf(x)
		out := make(Value, t.Words())
		elem := check.Type{Kind: t.Elem}
		for i, el := range x.Elts {
			copy(out[i*elem.Words():], convert(e.expr(el), e.typeOf(el), elem))
		}
		return out
	case *ast.CallExpr:
		return e.callExpr(x)
	}
	panic(fmt.Sprintf("%T", x))
}

func literal(v constant.Value, t check.Type) Value {
	switch t.Kind {
	case check.Bool, check.UntypedBool:
		return Value{truth(constant.BoolVal(v))}
	case check.Int, check.UntypedInt:
		n, _ := constant.Int64Val(constant.ToInt(v))
		return Value{uint32(n)}
	}
	f, _ := constant.Float32Val(constant.ToFloat(v))
	return Value{math.Float32bits(f)}
}

func truth(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

// component is f, i or b: what a type is made of.
func component(t check.Type) byte {
	switch single(t) {
	case check.Bool, check.UntypedBool:
		return 'b'
	case check.Int, check.UntypedInt:
		return 'i'
	}
	return 'f'
}

func single(t check.Type) check.Kind {
	k := t.Kind
	if k == check.Array {
		k = t.Elem
	}
	switch k {
	case check.Bool, check.UntypedBool:
		return check.Bool
	case check.Int, check.UntypedInt, check.IVec2, check.IVec3, check.IVec4:
		return check.Int
	}
	return check.Float
}

// convert makes components of one type components of another.
func convert(v Value, from, to check.Type) Value {
	a, b := component(from), component(to)
	if a == b {
		return v
	}
	out := make(Value, len(v))
	for i := range v {
		switch {
		case a == 'i' && b == 'f':
			out[i] = block.Eval(block.ToFloat, v[i])
		case a == 'f' && b == 'i':
			out[i] = block.Eval(block.ToInt, v[i])
		default:
			panic("no such conversion")
		}
	}
	return out
}

func matrix(t check.Type) int {
	switch t.Kind {
	case check.Mat2:
		return 2
	case check.Mat3:
		return 3
	case check.Mat4:
		return 4
	}
	return 0
}

func binary(op token.Token, x, y Value, tx, ty check.Type) Value {
	if component(tx) == 'i' && component(ty) == 'f' {
		x = convert(x, tx, ty)
		tx = ty
	} else if component(tx) == 'f' && component(ty) == 'i' {
		y = convert(y, ty, tx)
	}
	mx, my := matrix(tx), matrix(ty)
	if op == token.MUL && len(x) > 1 && len(y) > 1 && mx+my > 0 {
		return product(x, y, mx, my)
	}
	n := max(len(x), len(y))
	at := func(v Value, i int) uint32 { return v[i%len(v)] }
	kind := component(tx)
	switch op {
	case token.LAND:
		return Value{x[0] & y[0]}
	case token.LOR:
		return Value{x[0] | y[0]}
	case token.EQL, token.NEQ:
		same := true
		for i := range n {
			if kind == 'f' {
				same = same && f32(at(x, i)) == f32(at(y, i))
			} else {
				same = same && at(x, i) == at(y, i)
			}
		}
		return Value{truth(same == (op == token.EQL))}
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		if kind == 'i' {
			return Value{truth(ordered(op, int32(x[0]), int32(y[0])))}
		}
		return Value{truth(ordered(op, f32(x[0]), f32(y[0])))}
	}
	table := map[token.Token]block.Op{token.ADD: block.Add, token.SUB: block.Sub, token.MUL: block.Mul, token.QUO: block.Div}
	if kind == 'i' {
		table = map[token.Token]block.Op{token.ADD: block.IAdd, token.SUB: block.ISub, token.MUL: block.IMul, token.QUO: block.IDiv, token.REM: block.IMod,
			token.AND: block.IAnd, token.OR: block.IOr, token.XOR: block.IXor, token.AND_NOT: block.IAndNot, token.SHL: block.IShl, token.SHR: block.IShr}
	}
	out := make(Value, n)
	for i := range out {
		out[i] = block.Eval(table[op], at(x, i), at(y, i))
	}
	return out
}

func ordered[T int32 | float32](op token.Token, x, y T) bool {
	switch op {
	case token.LSS:
		return x < y
	case token.LEQ:
		return x <= y
	case token.GTR:
		return x > y
	}
	return x >= y
}

func f32(w uint32) float32  { return math.Float32frombits(w) }
func bits(x float32) uint32 { return math.Float32bits(x) }

// product multiplies matrices by columns, or one and a vector.
func product(x, y Value, mx, my int) Value {
	n := max(mx, my)
	rows, columns := n, n // of the result
	if mx == 0 {
		rows = 1 // x is a row
	}
	if my == 0 {
		columns = 1
	}
	out := make(Value, rows*columns)
	for c := range columns {
		for r := range rows {
			var sum float32
			for k := range n {
				a, b := x[k], y[k]
				if mx > 0 {
					a = x[k*n+r]
				}
				if my > 0 {
					b = y[c*n+k]
				}
				p := float32(f32(a) * f32(b))
				if k == 0 {
					sum = p
				} else {
					sum += p
				}
			}
			out[c*rows+r] = bits(sum)
		}
	}
	return out
}
