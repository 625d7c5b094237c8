package check

import (
	"go/ast"
	"go/constant"
)

// call checks a call: of a function, of a builtin, or a conversion.
func (c *checker) call(e *ast.CallExpr, read bool) operand {
	var args []operand
	ok := true
	for _, a := range e.Args {
		x := c.expr(a, read)
		switch {
		case x.t.Kind == Tuple && len(e.Args) == 1:
			for _, t := range x.results {
				args = append(args, operand{t: t})
			}
			continue
		case !c.single(&x):
			ok = false
		}
		args = append(args, x)
	}
	if e.Ellipsis.IsValid() {
		c.errorf(e.Ellipsis, "", "Kage has no variable number of parameters")
		return bad
	}
	id, isName := ast.Unparen(e.Fun).(*ast.Ident)
	if !isName {
		if _, ok := ast.Unparen(e.Fun).(*ast.ArrayType); ok {
			c.errorf(e.Fun.Pos(), "write [N]T{…}", "there is no conversion to an array")
		} else {
			c.errorf(e.Fun.Pos(), "", "only a function can be called, by its name")
		}
		return bad
	}
	o := c.lookup(id.Name, true)
	if o == nil {
		c.unknownFunc(id)
		return bad
	}
	c.Uses[id] = o
	switch o.Kind {
	case FuncObject:
		return c.callFunc(e, id, o.Func, args, ok)
	case TypeObject:
		t := TypeAndValue{Type: o.Type, IsType: true}
		for f := e.Fun; ; {
			c.Types[f] = t
			p, more := f.(*ast.ParenExpr)
			if !more {
				break
			}
			f = p.X
		}
		if !ok {
			return operand{t: o.Type}
		}
		return c.conversion(e, o.Type.Kind, args)
	case BuiltinObject:
		if !ok {
			return bad
		}
		return c.builtin(e, id.Name, args)
	}
	c.errorf(id.Pos(), "", "%s is a variable, not a function", o.Name)
	return bad
}

func (c *checker) unknownFunc(id *ast.Ident) {
	hint := foreignNames[id.Name]
	if hint == "" {
		hint = foreignTypes[id.Name]
	}
	if hint == "" {
		hint = meant(nearest(id.Name, namesOf(c.funcs, universe, imageFuncs)))
	}
	c.errorf(id.Pos(), hint, "there is no function %s", id.Name)
}

func (c *checker) callFunc(e *ast.CallExpr, id *ast.Ident, f *Func, args []operand, ok bool) operand {
	if f.Name == "Fragment" {
		c.errorf(id.Pos(), "put what it does into a function that both call", "Fragment cannot be called")
		return bad
	}
	if c.fn == nil {
		c.errorf(id.Pos(), "", "a constant cannot call a function")
		return bad
	}
	known := false
	for _, g := range c.fn.Calls {
		known = known || g == f
	}
	if !known {
		c.fn.Calls = append(c.fn.Calls, f)
	}
	if len(args) != len(f.Params) {
		c.errorf(e.Rparen, "it is "+f.String(), "%s takes %d values, not %d", f.Name, len(f.Params), len(args))
	} else if ok {
		for i, p := range f.Params {
			if c.assignable(&args[i], p.Type) {
				continue
			}
			if args[i].e == nil {
				args[i].e = e.Args[0]
			}
			c.mismatch(&args[i], p.Type, "as parameter "+p.Name+" of "+f.Name+", a")
		}
	}
	switch len(f.Results) {
	case 0:
		return operand{t: of(None)}
	case 1:
		return operand{t: f.Results[0].Type}
	}
	out := operand{t: of(Tuple)}
	for _, r := range f.Results {
		if r.Type.Kind == Invalid {
			return bad
		}
		out.results = append(out.results, r.Type)
	}
	return out
}

// String is the function's head as it is written.
func (f *Func) String() string {
	s := f.Name + "("
	for i, p := range f.Params {
		if i > 0 {
			s += ", "
		}
		s += p.Name + " " + p.Type.String()
	}
	s += ")"
	switch len(f.Results) {
	case 0:
	case 1:
		s += " " + f.Results[0].Type.String()
	default:
		s += " ("
		for i, r := range f.Results {
			if i > 0 {
				s += ", "
			}
			s += r.Type.String()
		}
		s += ")"
	}
	return s
}

// conversion checks bool(x), int(x), float(x) and the making of vectors and
// matrices.
func (c *checker) conversion(e *ast.CallExpr, k Kind, args []operand) operand {
	t := of(k)
	switch k {
	case Bool, Int, Float:
		if len(args) != 1 {
			c.errorf(e.Pos(), "", "%v converts one value, not %d", k, len(args))
			return operand{t: t}
		}
		x := &args[0]
		if x.val != nil {
			was := x.t
			if !c.constTo(x, k) {
				hint := ""
				if k == Int && (was.Kind == Float || was.Kind == UntypedFloat) {
					hint = "a constant becomes an int only if it is whole; write the whole number"
				}
				c.errorf(e.Pos(), hint, "%s cannot become a %v", short(x.val), k)
				return operand{t: t}
			}
			return operand{t: t, val: x.val}
		}
		if from := x.t.Kind; from == k || k != Bool && (from == Int || from == Float) {
			return operand{t: t}
		}
		hint := ""
		if k == Bool {
			hint = "compare: x != 0"
		} else if x.t.Kind == Bool {
			hint = "use if"
		}
		c.errorf(e.Pos(), hint, "a %v cannot become a %v", x.t, k)
		return operand{t: t}
	}
	if !fills(k, args) {
		c.errorf(e.Pos(), "", "%v cannot be made of (%s)", k, listOf(args))
		return operand{t: t}
	}
	for i := range args { // constants become what they make up
		x := &args[i]
		if x.val == nil {
			continue
		}
		if k.ivec() {
			if constant.ToInt(x.val).Kind() == constant.Int {
				c.constTo(x, Int)
			}
		} else {
			c.constTo(x, Float)
		}
	}
	return operand{t: t}
}

func listOf(args []operand) string {
	s := ""
	for i := range args {
		if i > 0 {
			s += ", "
		}
		s += args[i].t.String()
	}
	return s
}

// fills reports whether args make a vector or matrix of kind k.
func fills(k Kind, args []operand) bool {
	n := k.size()
	one := func(x *operand) bool { // a component
		if k.ivec() {
			return x.t.Kind == Int || x.val != nil && (x.t.Kind == Float || constant.ToInt(x.val).Kind() == constant.Int)
		}
		return x.t.Kind == Float || x.val != nil && constant.ToFloat(x.val).Kind() == constant.Float
	}
	part := func(x *operand) int { // components that it brings, of a kind that mixes
		switch t := x.t.Kind; {
		case one(x):
			return 1
		case k.mat() && t.vec(), k.vec() && t.vec(), k.ivec() && t.ivec():
			return t.size()
		}
		return 0
	}
	switch {
	case len(args) == 1 && one(&args[0]):
		return true
	case k.mat():
		switch len(args) {
		case 1:
			return args[0].t.Kind == k
		case n:
			for i := range args {
				if part(&args[i]) != n {
					return false
				}
			}
			return true
		case n * n:
			for i := range args {
				if !one(&args[i]) {
					return false
				}
			}
			return true
		}
		return false
	case len(args) == 1:
		t := args[0].t.Kind
		return (t.vec() || t.ivec()) && t.size() == n
	}
	sum := 0
	for i := range args {
		p := part(&args[i])
		if p == 0 || p == n {
			return false
		}
		sum += p
	}
	return sum == n
}
