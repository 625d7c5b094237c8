package check

import (
	"go/ast"
	"go/token"
)

func (c *checker) stmts(list []ast.Stmt) {
	for _, s := range list {
		c.stmt(s)
	}
}

// block checks statements in a scope of their own.
func (c *checker) block(list []ast.Stmt) {
	c.open()
	c.stmts(list)
	c.close()
}

func (c *checker) stmt(s ast.Stmt) {
	if len(c.errs) >= 2*maxErrors || !c.enter(s.Pos()) {
		return
	}
	defer c.leave()
	switch s := s.(type) {
	case *ast.AssignStmt:
		c.assign(s)
	case *ast.BlockStmt:
		c.block(s.List)
	case *ast.DeclStmt:
		if d, ok := s.Decl.(*ast.GenDecl); ok {
			c.decl(d)
		}
	case *ast.ExprStmt:
		c.exprStmt(s)
	case *ast.IncDecStmt:
		x := c.expr(s.X, true)
		if c.single(&x) && c.target(s.X, false) && !x.t.Kind.numbers() {
			c.errorf(s.TokPos, "", "there is no %s of %v", s.Tok, x.t)
		}
	case *ast.IfStmt:
		c.ifStmt(s)
	case *ast.ForStmt:
		c.forStmt(s)
	case *ast.RangeStmt:
		c.rangeStmt(s)
	case *ast.ReturnStmt:
		c.returnStmt(s)
	case *ast.BranchStmt:
		switch {
		case s.Tok != token.BREAK && s.Tok != token.CONTINUE:
			c.errorf(s.Pos(), "", "Kage has no %s", s.Tok)
		case s.Label != nil:
			c.errorf(s.Label.Pos(), "put the inner loop into a function that returns", "Kage has no labels")
		case c.loops == 0:
			c.errorf(s.Pos(), "", "%s outside of a loop", s.Tok)
		}
	default:
		what, hint := "this statement", ""
		switch s := s.(type) {
		case *ast.SwitchStmt, *ast.TypeSwitchStmt:
			what, hint = "switch", "write if and else"
		case *ast.LabeledStmt:
			what = "labels"
			c.stmt(s.Stmt)
		case *ast.GoStmt:
			what = "go"
		case *ast.DeferStmt:
			what = "defer"
		case *ast.SelectStmt:
			what = "select"
		case *ast.EmptyStmt:
			what, hint = "empty statements", "take the ; out"
		}
		c.errorf(s.Pos(), hint, "Kage has no %s", what)
	}
}

func (c *checker) exprStmt(s *ast.ExprStmt) {
	x := c.expr(s.X, true)
	call, ok := s.X.(*ast.CallExpr)
	if !ok {
		if x.t.Kind != Invalid {
			c.errorf(s.Pos(), "assign it, or take it out", "this value is not used")
		}
		return
	}
	if x.t.Kind == Invalid || x.val != nil {
		return
	}
	id, _ := ast.Unparen(call.Fun).(*ast.Ident)
	if o := c.Uses[id]; o != nil && imageFuncs[id.Name] != o && (o.Kind == TypeObject || o.Kind == BuiltinObject && x.t.Kind != None) {
		c.errorf(s.Pos(), "assign it, or take it out", "the value of %s is not used", id.Name)
	}
}

func (c *checker) ifStmt(s *ast.IfStmt) {
	if s.Init != nil {
		c.open()
		defer c.close()
		c.stmt(s.Init)
	}
	x := c.expr(s.Cond, true)
	if c.single(&x) && x.t.Kind != Bool && x.t.Kind != UntypedBool {
		hint := ""
		if x.t.Kind == Int || x.t.Kind == Float {
			hint = "compare: x != 0"
		}
		c.errorf(s.Cond.Pos(), hint, "a condition is a bool, not a %v", x.t)
	}
	c.block(s.Body.List)
	if s.Else != nil {
		if b, ok := s.Else.(*ast.BlockStmt); ok {
			c.block(b.List)
		} else {
			c.block([]ast.Stmt{s.Else})
		}
	}
}

// target refuses what cannot be assigned to. plain says that it is by = and
// not by an operator: the parameters of Fragment take the one and not the other.
func (c *checker) target(e ast.Expr, plain bool) bool {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return c.target(e.X, plain)
	case *ast.IndexExpr:
		return c.target(e.X, plain)
	case *ast.SelectorExpr:
		for i := range e.Sel.Name {
			for j := range i {
				if e.Sel.Name[i] == e.Sel.Name[j] {
					c.errorf(e.Sel.Pos(), "", "%s names a component twice: which value would it take?", e.Sel.Name)
					return false
				}
			}
		}
		return c.target(e.X, plain)
	case *ast.Ident:
		o := c.Uses[e]
		switch {
		case o == nil:
			return false
		case o.Kind == UniformObject:
			c.errorf(e.Pos(), "copy it first: x := "+o.Name, "%s is a uniform, which is set from outside alone", o.Name)
		case o.Kind == ConstObject:
			c.errorf(e.Pos(), "", "%s is a constant", o.Name)
		case o.counter:
			c.errorf(e.Pos(), "count in a variable of your own; break and continue leave an iteration", "%s counts the loop, which has a fixed number of iterations", o.Name)
		case plain && c.fn.Name == "Fragment" && isParam(c.fn, o):
			c.errorf(e.Pos(), "copy it first: x := "+o.Name, "%s is a parameter of Fragment, which cannot be assigned", o.Name)
		default:
			return true
		}
		return false
	}
	c.errorf(e.Pos(), "only a variable, a component or an element of one can", "this cannot be assigned to")
	return false
}

func isParam(f *Func, o *Object) bool {
	for _, p := range f.Params {
		if p == o {
			return true
		}
	}
	return false
}

func (c *checker) assign(s *ast.AssignStmt) {
	if op, ok := assignOps[s.Tok]; ok {
		y := c.expr(s.Rhs[0], true)
		x := c.expr(s.Lhs[0], true)
		if !c.single(&y) || !c.single(&x) || !c.target(s.Lhs[0], false) {
			return
		}
		if r := c.binary(s.TokPos, op, x, y); r.t.Kind != Invalid && r.t != x.t {
			c.errorf(s.TokPos, "", "%v %s %v is a %v, not a %v", x.t, op, y.t, r.t, x.t)
		}
		return
	}
	vals := c.values(s.Rhs, len(s.Lhs), s.Pos())
	if s.Tok == token.DEFINE {
		c.define(s, vals)
		return
	}
	for i, e := range s.Lhs {
		x := c.expr(e, false)
		if x.blank {
			c.defaulted(&vals[i])
			continue
		}
		if !c.single(&x) || !c.target(e, true) {
			continue
		}
		if !c.assignable(&vals[i], x.t) {
			c.mismatch(&vals[i], x.t, "as the value of a")
		}
	}
}

func (c *checker) define(s *ast.AssignStmt, vals []operand) {
	fresh := false
	for i, e := range s.Lhs {
		id, ok := e.(*ast.Ident)
		if !ok {
			c.errorf(e.Pos(), "use = for what is there already", "only a new name can stand to the left of :=")
			fresh = true
			continue
		}
		t := c.defaulted(&vals[i])
		if id.Name == "_" {
			c.Defs[id] = nil
			continue
		}
		fresh = true
		if o := find(c.scope.vars, id.Name); o != nil {
			c.errorf(id.Pos(), "use = for what is there already", "%s is declared twice in this block, first on line %d", id.Name, c.line(o.Pos))
			o.Used = true
			continue
		}
		c.declare(id, t)
	}
	if !fresh {
		c.errorf(s.Pos(), "use =", "there is no new variable to the left of :=")
	}
}

func (c *checker) returnStmt(s *ast.ReturnStmt) {
	want := c.fn.Results
	if len(s.Results) == 0 {
		if len(want) > 0 && want[0].Name == "" {
			c.errorf(s.Pos(), "it is "+c.fn.String(), "%s returns %d values", c.fn.Name, len(want))
		}
		return
	}
	var vals []operand
	for _, e := range s.Results {
		x := c.expr(e, true)
		if x.t.Kind == Tuple && len(s.Results) == 1 {
			for _, t := range x.results {
				vals = append(vals, operand{t: t, e: e})
			}
			continue
		}
		c.single(&x)
		vals = append(vals, x)
	}
	if len(vals) != len(want) {
		if len(vals) != 1 || vals[0].t.Kind != Invalid {
			c.errorf(s.Pos(), "it is "+c.fn.String(), "%s returns %d values, not %d", c.fn.Name, len(want), len(vals))
		}
		return
	}
	for i := range vals {
		if !c.assignable(&vals[i], want[i].Type) && !c.constTo(&vals[i], want[i].Type.Kind) {
			c.mismatch(&vals[i], want[i].Type, "as a result of type")
		}
	}
}
