package check

import (
	"go/ast"
	"go/constant"
	"go/token"
)

const loopForm = "a loop is for i := 0; i < 8; i++, with constants for its bounds, or for i := range 8; leave it early by break"

// forStmt checks a for statement: a counter from a constant, compared with a
// constant, changed by a constant.
func (c *checker) forStmt(s *ast.ForStmt) {
	c.open()
	defer func() {
		for _, v := range c.scope.vars {
			v.Used = true // a counter need not be read
		}
		c.close()
	}()
	counter, loop := c.forHead(s)
	if counter != nil {
		counter.counter = true
		c.Loops[s] = loop
	}
	c.loops++
	c.block([]ast.Stmt{s.Body})
	c.loops--
	if counter != nil {
		counter.counter = false
	}
}

// forHead checks the head; without an error it gives the counter.
func (c *checker) forHead(s *ast.ForStmt) (*Object, Loop) {
	var loop Loop
	before := len(c.errs)
	init, ok := s.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE || len(init.Lhs) != 1 || len(init.Rhs) != 1 || s.Cond == nil || s.Post == nil {
		c.errorf(s.Pos(), loopForm, "this loop is not one of Kage")
		return nil, loop
	}
	c.stmt(init)
	if len(c.errs) > before {
		return nil, loop
	}
	id := init.Lhs[0].(*ast.Ident)
	v := c.Defs[id]
	if v == nil || v.Type.Kind == Invalid {
		return nil, loop
	}
	first := c.Types[init.Rhs[0]].Value
	if first == nil || holdsArray(init.Rhs[0]) || v.Type.Kind != Int && v.Type.Kind != Float {
		c.errorf(init.Rhs[0].Pos(), loopForm, "the counter does not begin at a constant number")
		return nil, loop
	}
	cond, isBinary := ast.Unparen(s.Cond).(*ast.BinaryExpr)
	if !isBinary {
		if x := c.expr(s.Cond, true); x.t.Kind != Invalid {
			c.errorf(s.Cond.Pos(), loopForm, "the condition does not compare the counter with a constant")
		}
		return nil, loop
	}
	x, y := c.expr(cond.X, true), c.expr(cond.Y, true)
	if !c.single(&x) || !c.single(&y) {
		return nil, loop
	}
	if !c.names(cond.X, v) || y.val == nil || holdsArray(cond.Y) {
		c.errorf(s.Cond.Pos(), loopForm, "the condition does not compare the counter with a constant")
		return nil, loop
	}
	if c.binary(cond.OpPos, cond.Op, x, y).t.Kind == Invalid {
		return nil, loop
	}
	switch cond.Op {
	case token.LSS, token.LEQ, token.GTR, token.GEQ, token.EQL, token.NEQ:
	default:
		c.errorf(cond.OpPos, loopForm, "the condition is not one of < <= > >= == !=")
		return nil, loop
	}
	delta := c.post(s.Post, v)
	if delta == nil {
		if len(c.errs) == before {
			c.errorf(s.Post.Pos(), loopForm, "the counter is not changed by adding or subtracting a constant")
		}
		return nil, loop
	}
	loop = Loop{Var: v, Init: first, Delta: delta}
	n, ok := trips(v.Type.Kind, first, delta, c.Types[cond.Y].Value, cond.Op)
	if !ok {
		c.errorf(s.Pos(), "leave it earlier by break, or count by larger steps", "the loop runs more than %d times", maxTrips)
		return nil, loop
	}
	loop.Count = n
	return v, loop
}

// names reports whether e is the variable v.
func (c *checker) names(e ast.Expr, v *Object) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && c.Uses[id] == v
}

// post is what the counter changes by, or nil.
func (c *checker) post(s ast.Stmt, v *Object) constant.Value {
	c.stmt(s)
	var delta constant.Value
	negative := false
	switch s := s.(type) {
	case *ast.IncDecStmt:
		if !c.names(s.X, v) {
			return nil
		}
		delta, negative = constant.MakeInt64(1), s.Tok == token.DEC
	case *ast.AssignStmt:
		if len(s.Lhs) != 1 || len(s.Rhs) != 1 || !c.names(s.Lhs[0], v) {
			return nil
		}
		switch s.Tok {
		case token.ADD_ASSIGN, token.SUB_ASSIGN:
			delta, negative = c.Types[s.Rhs[0]].Value, s.Tok == token.SUB_ASSIGN
		case token.ASSIGN: // i = i + 2
			b, ok := ast.Unparen(s.Rhs[0]).(*ast.BinaryExpr)
			if !ok || !c.names(b.X, v) || b.Op != token.ADD && b.Op != token.SUB {
				return nil
			}
			delta, negative = c.Types[b.Y].Value, b.Op == token.SUB
		}
	}
	if delta == nil {
		return nil
	}
	if v.Type.Kind == Float {
		delta = constant.ToFloat(delta)
	}
	if negative {
		delta = constant.UnaryOp(token.SUB, delta, 0)
	}
	return delta
}

// trips counts the iterations as the loop runs them, in 32 bits, each sum
// rounded; false when there are too many.
func trips(k Kind, first, delta, end constant.Value, op token.Token) (int, bool) {
	if k == Int {
		at, d, e := int32Of(first), int32Of(delta), int32Of(end)
		n := 0
		for ; compare(at, op, e); at += d {
			if n++; n > maxTrips {
				return 0, false
			}
		}
		return n, true
	}
	at, _ := constant.Float32Val(constant.ToFloat(first))
	d, _ := constant.Float32Val(constant.ToFloat(delta))
	e, _ := constant.Float32Val(constant.ToFloat(end))
	n := 0
	for ; compare(at, op, e); at += d {
		if n++; n > maxTrips {
			return 0, false
		}
	}
	return n, true
}

// int32Of is a whole constant's low 32 bits.
func int32Of(v constant.Value) int32 {
	n, _ := constant.Int64Val(constant.ToInt(v))
	return int32(n)
}

func compare[T int32 | float32](x T, op token.Token, y T) bool {
	switch op {
	case token.LSS:
		return x < y
	case token.LEQ:
		return x <= y
	case token.GTR:
		return x > y
	case token.GEQ:
		return x >= y
	case token.EQL:
		return x == y
	}
	return x != y
}

// rangeStmt checks for range N and for i, v := range array.
func (c *checker) rangeStmt(s *ast.RangeStmt) {
	x := c.expr(s.X, true)
	ok := c.single(&x)
	loop := Loop{Init: constant.MakeInt64(0), Delta: constant.MakeInt64(1)}
	elem := Type{}
	switch k := x.t.Kind; {
	case !ok:
	case k == Int || k == UntypedInt:
		if x.val == nil || holdsArray(s.X) {
			c.errorf(s.X.Pos(), "range over a constant that is enough, and break", "a loop ranges over a constant or an array")
			ok = false
			break
		}
		if s.Value != nil {
			c.errorf(s.Value.Pos(), "", "a range over a number has one variable")
			ok = false
		}
		c.defaulted(&x)
		loop.Count = max(int(int32Of(x.val)), 0)
		if loop.Count > maxTrips {
			c.errorf(s.X.Pos(), "", "the loop runs more than %d times", maxTrips)
			ok = false
		}
	case k == Array:
		if _, isName := ast.Unparen(s.X).(*ast.Ident); !isName {
			c.errorf(s.X.Pos(), "assign it first", "a loop ranges over an array that is a variable")
			ok = false
		}
		loop.Count, elem = x.t.Len, of(x.t.Elem)
	default:
		c.errorf(s.X.Pos(), "", "a loop ranges over a whole number or an array, not a %v", x.t)
		ok = false
	}
	c.open()
	named := 0
	variable := func(e ast.Expr, t Type) *Object {
		id, isName := e.(*ast.Ident)
		switch {
		case e == nil:
			return nil
		case !isName:
			c.errorf(e.Pos(), "", "only a new name can stand here")
			ok = false
			return nil
		case id.Name == "_":
			return nil
		}
		named++
		return c.declare(id, t)
	}
	loop.Var = variable(s.Key, of(Int))
	loop.Range = variable(s.Value, elem)
	switch {
	case s.Tok == token.DEFINE && named == 0 && ok:
		c.errorf(s.Key.Pos(), "write for range …", "there is no new variable to the left of :=")
	case s.Tok == token.ASSIGN && named > 0:
		c.errorf(s.Key.Pos(), "write :=", "a range has variables of its own")
	}
	if ok {
		c.Loops[s] = loop
	}
	if loop.Var != nil {
		loop.Var.counter = true
	}
	c.loops++
	c.block([]ast.Stmt{s.Body})
	c.loops--
	c.close()
}
