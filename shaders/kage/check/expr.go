package check

import (
	"go/ast"
	"go/constant"
	"go/token"
	"strings"
)

// operand is what an expression was found to be.
type operand struct {
	e       ast.Expr // nil for a value out of a call with several
	t       Type     // Invalid after an error, None of a call without results
	results []Type   // of a Tuple
	val     constant.Value
	obj     *Object // of a plain name
	blank   bool    // the name _
}

var bad = operand{}

func (x *operand) untyped() bool { return x.val != nil && x.t.Kind.untyped() }

// untypedOf is the untyped kind of a constant.
func untypedOf(v constant.Value) Kind {
	switch v.Kind() {
	case constant.Bool:
		return UntypedBool
	case constant.Int:
		return UntypedInt
	}
	return UntypedFloat
}

// expr checks an expression. read says that the value of a variable named
// here counts as used.
func (c *checker) expr(e ast.Expr, read bool) operand {
	if !c.enter(e.Pos()) {
		return bad
	}
	x := c.expr1(e, read)
	c.leave()
	x.e = e
	c.record(&x)
	return x
}

// record notes what is known of the expression, through parentheses.
func (c *checker) record(x *operand) {
	if x.e == nil || x.t.Kind == Invalid {
		return
	}
	for e := x.e; ; {
		c.Types[e] = TypeAndValue{Type: x.t, Value: x.val, Results: x.results}
		p, ok := e.(*ast.ParenExpr)
		if !ok {
			return
		}
		e = p.X
	}
}

func (c *checker) expr1(e ast.Expr, read bool) operand {
	switch e := e.(type) {
	case *ast.BasicLit:
		return c.literal(e)
	case *ast.Ident:
		return c.ident(e, read)
	case *ast.ParenExpr:
		return c.expr(e.X, read)
	case *ast.BinaryExpr:
		x, y := c.expr(e.X, read), c.expr(e.Y, read)
		if !c.single(&x) || !c.single(&y) {
			return bad
		}
		return c.binary(e.OpPos, e.Op, x, y)
	case *ast.UnaryExpr:
		return c.unary(e, read)
	case *ast.CallExpr:
		return c.call(e, read)
	case *ast.SelectorExpr:
		return c.selector(e)
	case *ast.IndexExpr:
		return c.index(e, read)
	case *ast.CompositeLit:
		return c.composite(e, read)
	case *ast.FuncLit:
		c.errorf(e.Pos(), "write a function of its own", "Kage has no functions within functions")
	case *ast.SliceExpr:
		c.errorf(e.Pos(), "", "Kage has no slices")
	case *ast.StarExpr:
		c.errorf(e.Pos(), "", "Kage has no pointers")
	case *ast.KeyValueExpr:
		c.errorf(e.Pos(), "list the values in order", "an array's values have no keys in Kage")
	case *ast.BadExpr:
		c.errorf(e.Pos(), "", "this is no expression")
	default:
		c.errorf(e.Pos(), "", "this is not an expression of Kage")
	}
	return bad
}

// single refuses what is not exactly one value.
func (c *checker) single(x *operand) bool {
	switch {
	case x.t.Kind == Tuple:
		c.errorf(x.e.Pos(), "assign them to variables first", "the call gives %d values where one is needed", len(x.results))
	case x.t.Kind == None:
		c.errorf(x.e.Pos(), "", "the call gives no value")
	case x.blank:
		c.errorf(x.e.Pos(), "", "_ has no value")
	case x.t.Kind == Invalid:
		return false
	default:
		return true
	}
	*x = operand{e: x.e}
	return false
}

func (c *checker) literal(e *ast.BasicLit) operand {
	switch e.Kind {
	case token.INT, token.FLOAT:
		v := number(e)
		if v.Kind() == constant.Unknown {
			c.errorf(e.Pos(), "", "%s is not a number", e.Value)
			return bad
		}
		return c.constantOf(e.Pos(), v, of(untypedOf(v)))
	case token.STRING, token.CHAR:
		c.errorf(e.Pos(), "", "Kage has no text")
	default:
		c.errorf(e.Pos(), "", "Kage has no complex numbers")
	}
	return bad
}

// number is the constant that a literal writes. What has a point and few
// digits, as nearly all have, is the quotient of two whole numbers; go/constant
// would go through 512 bits to come to the same.
func number(e *ast.BasicLit) constant.Value {
	whole, part, point := strings.Cut(e.Value, ".")
	if e.Kind == token.FLOAT && point && len(whole)+len(part) <= 18 {
		digits, ten := int64(0), int64(1)
		for _, c := range []byte(whole + part) {
			if c < '0' || c > '9' {
				return constant.MakeFromLiteral(e.Value, e.Kind, 0)
			}
			digits = 10*digits + int64(c-'0')
		}
		for range part {
			ten *= 10
		}
		return constant.BinaryOp(constant.MakeInt64(digits), token.QUO, constant.MakeInt64(ten))
	}
	return constant.MakeFromLiteral(e.Value, e.Kind, 0)
}

// constantOf is a constant, if it is not beyond all measure.
func (c *checker) constantOf(pos token.Pos, v constant.Value, t Type) operand {
	if v.Kind() == constant.Int && constant.BitLen(v) > maxConstant {
		c.errorf(pos, "", "a constant of more than %d bits", maxConstant)
		return bad
	}
	return operand{t: t, val: v}
}

var (
	leastInt  = constant.MakeInt64(-1 << 31)
	mostInt   = constant.MakeInt64(1<<32 - 1)
	mostReal  = constant.MakeFromLiteral("3.4028235677973366e38", token.FLOAT, 0)
	leastReal = constant.UnaryOp(token.SUB, mostReal, 0)
)

// fits reports a constant that its type cannot hold. A whole number from 2³¹
// to 2³²−1 stands for the int of the same 32 bits, as in a hash.
func (c *checker) fits(pos token.Pos, v constant.Value, k Kind) {
	switch {
	case k == Int && (constant.Compare(v, token.LSS, leastInt) || constant.Compare(v, token.GTR, mostInt)):
		c.errorf(pos, "an int has 32 bits", "%s does not fit an int", short(v))
		return
	case k == Float && constant.Compare(leastReal, token.GEQ, v):
	case k == Float && constant.Compare(v, token.GEQ, mostReal):
	default:
		return
	}
	c.errorf(pos, "the largest float is 3.4e38", "%s does not fit a float", short(v))
}

// short is a constant as text of a length one can read.
func short(v constant.Value) string {
	s := v.String()
	if len(s) > 40 {
		s = s[:40] + "…"
	}
	return s
}

func (c *checker) ident(e *ast.Ident, read bool) operand {
	if e.Name == "_" {
		if read {
			c.errorf(e.Pos(), "", "_ has no value")
			return bad
		}
		return operand{t: of(None), blank: true}
	}
	o := c.lookup(e.Name, read)
	if o == nil {
		hint := foreignNames[e.Name]
		if hint == "" && strings.HasPrefix(e.Name, "__") {
			hint = "names that begin with __ are Ebitengine's own"
		}
		if hint == "" {
			hint = meant(nearest(e.Name, c.known()))
		}
		if _, ok := foreignTypes[e.Name]; ok && hint == "" {
			hint = foreignTypes[e.Name]
		}
		c.errorf(e.Pos(), hint, "%s is not known here", e.Name)
		return bad
	}
	c.Uses[e] = o
	switch o.Kind {
	case ConstObject:
		if o.Value == nil {
			return bad
		}
		return operand{t: o.Type, val: o.Value, obj: o}
	case FuncObject, BuiltinObject:
		c.errorf(e.Pos(), "call it: "+o.Name+"(…)", "%s is a function, not a value", o.Name)
		return bad
	case TypeObject:
		c.errorf(e.Pos(), "", "%s is a type, not a value", o.Name)
		return bad
	}
	return operand{t: o.Type, obj: o}
}

// foreignNames are names of other shading languages and of Go.
var foreignNames = map[string]string{
	"radians": "multiply by 0.017453293", "degrees": "multiply by 57.29578", "round": "write floor(x + 0.5)",
	"trunc": "write float(int(x))", "lerp": "write mix", "frac": "write fract", "saturate": "write clamp(x, 0, 1)",
	"rsqrt": "write inversesqrt", "fmod": "write mod", "ddx": "a point has no neighbours", "ddy": "a point has no neighbours",
	"sinh": "write (exp(x) - exp(-x)) / 2", "cosh": "write (exp(x) + exp(-x)) / 2", "tanh": "write 1 - 2/(exp(2*x) + 1)",
	"inverse": "Kage has none; give the inverse as a uniform", "determinant": "Kage has none", "isnan": "write x != x",
	"texture": "images are read by imageSrc0At", "texture2D": "images are read by imageSrc0At", "iota": "Kage has none",
	"gl_FragCoord": "it is the first parameter of Fragment", "mul": "write a * b", "nil": "Kage has no pointers",
	"append": "arrays have a fixed length", "make": "write var a [4]float", "println": "a shader cannot print", "print": "a shader cannot print",
	"fma": "write a*b + c", "ln": "write log", "fabs": "write abs", "powf": "write pow", "PI": "write const PI = 3.14159265",
	"Pi": "write const Pi = 3.14159265", "pi": "write const pi = 3.14159265", "noise": "write your own; shaders/forest-canopy.kage has one",
}

func (c *checker) unary(e *ast.UnaryExpr, read bool) operand {
	x := c.expr(e.X, read)
	if !c.single(&x) {
		return bad
	}
	k := x.t.Kind
	ok := false
	switch e.Op {
	case token.ADD, token.SUB:
		ok = k != Bool && k != UntypedBool && k != Array
	case token.NOT:
		ok = k == Bool || k == UntypedBool
	case token.XOR:
		ok = k == Int || k == UntypedInt || k.ivec()
	case token.AND:
		c.errorf(e.Pos(), "a function may return several values", "Kage has no pointers")
		return bad
	}
	if !ok {
		c.errorf(e.Pos(), "", "there is no %s of %v", e.Op, x.t)
		return bad
	}
	if x.val == nil {
		return operand{t: x.t}
	}
	return c.constantOf(e.Pos(), constant.UnaryOp(e.Op, x.val, 0), x.t)
}

func (c *checker) selector(e *ast.SelectorExpr) operand {
	x := c.expr(e.X, true)
	if !c.single(&x) {
		return bad
	}
	k, s := x.t.Kind, e.Sel.Name
	if !k.vec() && !k.ivec() {
		c.errorf(e.Sel.Pos(), "", "a %v has no components to select", x.t)
		return bad
	}
	if why := swizzle(s, k.size()); why != "" {
		c.errorf(e.Sel.Pos(), why, "%s does not select from a %v", s, x.t)
		return bad
	}
	base, one := Vec2, Float
	if k.ivec() {
		base, one = IVec2, Int
	}
	if len(s) == 1 {
		return operand{t: of(one)}
	}
	return operand{t: of(base + Kind(len(s)-2))}
}

// swizzle says why s selects nothing from n components, or "".
func swizzle(s string, n int) string {
	if len(s) > 4 {
		return "at most four components are selected"
	}
	for _, set := range []string{"xyzw", "rgba", "stpq"} {
		if strings.IndexByte(set, s[0]) < 0 {
			continue
		}
		for _, r := range s {
			at := strings.IndexRune(set, r)
			if at < 0 || set == "stpq" && r == 'p' {
				return "the letters are xyzw or rgba, not mixed"
			}
			if at >= n {
				return "it has only " + set[:n]
			}
		}
		return ""
	}
	return "the letters are xyzw or rgba"
}

func (c *checker) index(e *ast.IndexExpr, read bool) operand {
	i := c.expr(e.Index, true)
	x := c.expr(e.X, read)
	if !c.single(&i) || !c.single(&x) {
		return bad
	}
	n, elem := 0, Type{}
	switch k := x.t.Kind; {
	case k == Array:
		n, elem = x.t.Len, of(x.t.Elem)
	case k.vec():
		n, elem = k.size(), of(Float)
	case k.ivec():
		n, elem = k.size(), of(Int)
	case k.mat():
		n, elem = k.size(), of(Vec2+(k-Mat2))
	default:
		c.errorf(e.Lbrack, "", "a %v cannot be indexed", x.t)
		return bad
	}
	if i.val == nil {
		if i.t.Kind != Int {
			c.errorf(e.Index.Pos(), "write int(…)", "an index is an int, not a %v", i.t)
			return bad
		}
		return operand{t: elem}
	}
	v := constant.ToInt(i.val)
	if v.Kind() == constant.Unknown {
		c.errorf(e.Index.Pos(), "", "an index is a whole number, not %s", short(i.val))
		return bad
	}
	at, ok := constant.Int64Val(v)
	if !ok || at < 0 || at >= int64(n) {
		c.errorf(e.Index.Pos(), "", "index %s is outside 0…%d", short(v), n-1)
		return bad
	}
	i.val, i.t = v, of(Int)
	c.record(&i)
	return operand{t: elem}
}

func (c *checker) composite(e *ast.CompositeLit, read bool) operand {
	a, ok := e.Type.(*ast.ArrayType)
	if !ok {
		hint := ""
		if id, ok := e.Type.(*ast.Ident); ok && typeNames[id.Name] != Invalid {
			hint = "write " + id.Name + "(…)"
		}
		c.errorf(e.Pos(), hint, "only an array is written with { }")
		return bad
	}
	t := c.arrayType(a, len(e.Elts))
	if t.Kind != Invalid && len(e.Elts) > t.Len {
		c.errorf(e.Elts[t.Len].Pos(), "", "there are %d values for %d elements", len(e.Elts), t.Len)
	}
	for _, el := range e.Elts {
		x := c.expr(el, read)
		if !c.single(&x) || t.Kind == Invalid {
			continue
		}
		if !c.assignable(&x, of(t.Elem)) && !c.constTo(&x, t.Elem) {
			c.mismatch(&x, of(t.Elem), "as an element of type")
		}
	}
	if t.Kind == Invalid {
		return bad
	}
	return operand{t: t}
}

// assignable makes an untyped constant a t, and reports whether x is one.
func (c *checker) assignable(x *operand, t Type) bool {
	if x.t.Kind == Invalid || t.Kind == Invalid {
		return true
	}
	if x.t == t {
		return true
	}
	return x.untyped() && c.constTo(x, t.Kind)
}

// constTo makes a constant, typed or not, one of kind k without changing what
// number it is.
func (c *checker) constTo(x *operand, k Kind) bool {
	if x.val == nil {
		return false
	}
	v := x.val
	switch k {
	case Bool:
		if v.Kind() != constant.Bool {
			return false
		}
	case Int:
		v = constant.ToInt(v)
	case Float:
		v = constant.ToFloat(v)
	default:
		return false
	}
	if v.Kind() == constant.Unknown {
		return false
	}
	x.val, x.t = v, of(k)
	c.record(x)
	return true
}

// defaulted gives an untyped constant its own type: that of the variable that
// is declared by it.
func (c *checker) defaulted(x *operand) Type {
	if x.untyped() {
		c.constTo(x, map[Kind]Kind{UntypedBool: Bool, UntypedInt: Int, UntypedFloat: Float}[x.t.Kind])
	}
	return x.t
}

// mismatch says that x is not a t, and how to make it one.
func (c *checker) mismatch(x *operand, t Type, as string) {
	if x.e == nil || x.t.Kind == Invalid || t.Kind == Invalid {
		if x.e == nil && x.t.Kind != Invalid {
			c.errorf(c.fnObj.Pos, "", "cannot use a %v %s %v", x.t, as, t)
		}
		return
	}
	hint := ""
	switch a, b := x.t.Kind, t.Kind; {
	case a == Int && b == Float || a == Float && b == Int:
		hint = "write " + b.String() + "(…): Kage converts only constants by itself"
	case x.untyped() && b == Int:
		hint = "a constant becomes an int only if it is whole"
	case (a == Float || x.untyped()) && b.vec(), (a == Int || x.untyped()) && b.ivec():
		hint = "write " + b.String() + "(…)"
	case a.vec() && b.ivec() && a.size() == b.size(), a.ivec() && b.vec() && a.size() == b.size():
		hint = "write " + b.String() + "(…)"
	case a.vec() && b == Float:
		hint = "select a component: .x"
	case a.vec() && b.vec() && a > b:
		hint = "select components: ." + "xyzw"[:b.size()]
	}
	what := x.t.String()
	if x.val != nil {
		what = short(x.val) + " (" + what + ")"
	}
	c.errorf(x.e.Pos(), hint, "cannot use %s %s %v", what, as, t)
}
