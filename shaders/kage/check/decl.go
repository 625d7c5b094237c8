package check

import (
	"go/ast"
	"go/constant"
	"go/token"
	"strings"
)

// file checks declarations, then functions, then what spans them.
func (c *checker) file() {
	c.global = &scope{}
	c.scope = c.global
	for _, d := range c.Syntax.Decls {
		if g, ok := d.(*ast.GenDecl); ok {
			c.decl(g)
		}
	}
	for _, d := range c.Syntax.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			c.signature(d)
		case *ast.BadDecl:
			c.errorf(d.Pos(), "", "this is no declaration")
		}
	}
	c.entry()
	for _, f := range c.Funcs {
		c.body(f)
	}
	c.order()
	c.measure()
}

// measure refuses constants that the type they are used as cannot hold. On
// the way to their use constants have no size.
func (c *checker) measure() {
	for _, f := range c.Funcs {
		ast.Inspect(f.Decl.Body, func(n ast.Node) bool {
			if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.CONST {
				return false
			}
			e, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			t := c.Types[e]
			if t.Value == nil {
				return true
			}
			switch t.Type.Kind {
			case Int, UntypedInt:
				c.fits(e.Pos(), t.Value, Int)
			case Float, UntypedFloat:
				c.fits(e.Pos(), t.Value, Float)
			}
			return false
		})
	}
}

// decl checks a declaration at the top or in a function.
func (c *checker) decl(d *ast.GenDecl) {
	switch d.Tok {
	case token.IMPORT:
		c.errorf(d.Pos(), "a field is one file; copy the function that you need", "Kage has no import")
	case token.TYPE:
		for _, s := range d.Specs {
			c.typeSpec(s.(*ast.TypeSpec))
		}
	case token.CONST:
		for _, s := range d.Specs {
			c.constSpec(s.(*ast.ValueSpec))
		}
	case token.VAR:
		for _, s := range d.Specs {
			if c.scope == c.global {
				c.uniformSpec(s.(*ast.ValueSpec))
			} else {
				c.varSpec(s.(*ast.ValueSpec))
			}
		}
	}
}

func (c *checker) typeSpec(s *ast.TypeSpec) {
	if s.TypeParams != nil {
		c.errorf(s.TypeParams.Pos(), "", "Kage has no type parameters")
	}
	t := c.typ(s.Type)
	if c.scope.types[s.Name.Name] {
		c.errorf(s.Pos(), "", "type %s is declared twice", s.Name.Name)
	}
	if c.scope.types == nil {
		c.scope.types = map[string]bool{}
	}
	c.scope.types[s.Name.Name] = true
	c.Defs[s.Name] = &Object{Kind: TypeObject, Name: s.Name.Name, Type: t, Pos: s.Pos()}
}

func (c *checker) uniformSpec(s *ast.ValueSpec) {
	if len(s.Values) > 0 {
		c.errorf(s.Values[0].Pos(), "it is set from outside; a fixed value is a const", "a variable outside of functions is a uniform and has no value of its own")
	}
	if s.Type == nil {
		return
	}
	t := c.typ(s.Type)
	for _, id := range s.Names {
		n := id.Name
		switch {
		case n[0] < 'A' || n[0] > 'Z':
			hint := "it is set from outside, by its name"
			if n[0] >= 'a' && n[0] <= 'z' {
				hint += ": write " + strings.ToUpper(n[:1]) + n[1:]
			}
			c.errorf(id.Pos(), hint, "the name of a uniform begins with a capital, not %q", n[:1])
			continue
		case c.uniforms[n] != nil:
			c.errorf(id.Pos(), "", "uniform %s is declared twice", n)
			continue
		}
		o := &Object{Kind: UniformObject, Name: n, Type: t, Pos: id.Pos(), Used: true}
		c.uniforms[n] = o
		c.Defs[id] = o
		c.Uniforms = append(c.Uniforms, o)
	}
}

func (c *checker) constSpec(s *ast.ValueSpec) {
	var t Type
	if s.Type != nil {
		t = c.typ(s.Type)
	}
	for i, id := range s.Names {
		c.unique(id)
		o := &Object{Kind: ConstObject, Name: id.Name, Pos: id.Pos(), Used: true}
		c.Defs[id] = o
		switch {
		case i >= len(s.Values):
			c.errorf(id.Pos(), "Kage has no iota, nor constants that repeat the one before", "constant %s has no value", id.Name)
		default:
			o.Value, o.Type = c.constValue(s.Values[i], t)
		}
		c.scope.consts = append(c.scope.consts, o)
	}
	if n := len(s.Names); n < len(s.Values) {
		c.errorf(s.Values[n].Pos(), "", "there are %d values for %d constants", len(s.Values), n)
	}
}

// constValue is the value and type of a constant declared as t, or, when t is
// zero, without a type: it then is untyped, also when its value was not.
func (c *checker) constValue(e ast.Expr, t Type) (constant.Value, Type) {
	x := c.expr(e, false)
	switch {
	case x.t.Kind == Invalid:
		return nil, Type{}
	case holdsArray(e):
		c.errorf(e.Pos(), "assign it to a variable, and take the len of that", "a constant cannot hold an array")
		return nil, Type{}
	case x.val == nil:
		c.errorf(e.Pos(), "only numbers, true, false and what operators make of them are", "this is not a constant")
		return nil, Type{}
	case t.Kind == Invalid:
		return x.val, of(untypedOf(x.val))
	case !c.assignable(&x, t):
		c.mismatch(&x, t, "as the value of a constant of type")
		return nil, Type{}
	}
	return x.val, t
}

// holdsArray reports whether an array is written in e.
func holdsArray(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		_, is := n.(*ast.CompositeLit)
		found = found || is
		return !found
	})
	return found
}

// unique refuses a name that this very block has declared already.
func (c *checker) unique(id *ast.Ident) {
	if o := find(c.scope.vars, id.Name); o != nil {
		c.errorf(id.Pos(), "", "%s is declared twice in this block, first on line %d", id.Name, c.line(o.Pos))
	} else if o := find(c.scope.consts, id.Name); o != nil {
		c.errorf(id.Pos(), "", "%s is declared twice in this block, first on line %d", id.Name, c.line(o.Pos))
	}
}

func (c *checker) line(p token.Pos) int { return c.Fset.PositionFor(p, false).Line }

func (c *checker) varSpec(s *ast.ValueSpec) {
	var t Type
	if s.Type != nil {
		t = c.typ(s.Type)
		if t.Kind == Invalid {
			for _, v := range s.Values {
				c.expr(v, true)
			}
			for _, id := range s.Names {
				c.declare(id, t)
			}
			return
		}
	}
	types := make([]Type, len(s.Names))
	for i := range types {
		types[i] = t
	}
	wrong := false
	if len(s.Values) > 0 {
		vals := c.values(s.Values, len(s.Names), s.Pos())
		for i := range vals {
			if s.Type == nil {
				types[i] = c.defaulted(&vals[i])
			} else if !c.assignable(&vals[i], t) {
				c.mismatch(&vals[i], t, "as the value of a variable of type")
				wrong = true
			}
		}
	}
	for i, id := range s.Names {
		c.unique(id)
		c.declare(id, types[i]).Used = wrong || types[i].Kind == Invalid
	}
}

// values are n single values: of n expressions, or of one call.
func (c *checker) values(list []ast.Expr, n int, pos token.Pos) []operand {
	var out []operand
	for _, e := range list {
		x := c.expr(e, true)
		switch {
		case x.t.Kind == Tuple && len(list) == 1:
			for _, t := range x.results {
				out = append(out, operand{e: e, t: t})
			}
		default:
			c.single(&x)
			out = append(out, x)
		}
	}
	if len(out) != n {
		bad := false
		for _, x := range out {
			bad = bad || x.t.Kind == Invalid
		}
		if !bad {
			c.errorf(pos, "", "there are %d variables and %d values", n, len(out))
		}
		out = make([]operand, n)
	}
	return out
}

// signature declares a function.
func (c *checker) signature(d *ast.FuncDecl) {
	if d.Recv != nil {
		c.errorf(d.Recv.Pos(), "give what it is for as a parameter", "Kage has no methods")
	}
	if d.Type.TypeParams != nil {
		c.errorf(d.Type.TypeParams.Pos(), "", "Kage has no type parameters")
	}
	name := d.Name.Name
	switch {
	case name == "init" || name == "_":
		c.errorf(d.Name.Pos(), "", "a function cannot be named %s", name)
		return
	case d.Body == nil:
		c.errorf(d.Pos(), "", "function %s has no body", name)
		return
	case imageFuncs[name] != nil:
		c.errorf(d.Name.Pos(), "give it another name", "function %s is there already", name)
	case c.funcs[name] != nil:
		c.errorf(d.Name.Pos(), "", "function %s is declared twice, first on line %d", name, c.line(c.funcs[name].Pos))
		return
	}
	f := &Func{Name: name, Decl: d}
	f.Params = c.params(d.Type.Params, true)
	f.Results = c.params(d.Type.Results, false)
	o := &Object{Kind: FuncObject, Name: name, Pos: d.Name.Pos(), Func: f, Used: true}
	c.funcs[name] = o
	c.Defs[d.Name] = o
	c.Funcs = append(c.Funcs, f)
	c.ByName[name] = f
}

func (c *checker) params(list *ast.FieldList, named bool) []*Object {
	if list == nil {
		return nil
	}
	var out []*Object
	for _, p := range list.List {
		var t Type
		if e, ok := p.Type.(*ast.Ellipsis); ok {
			c.errorf(e.Pos(), "give an array", "Kage has no variable number of parameters")
		} else {
			t = c.typ(p.Type)
		}
		for _, id := range p.Names {
			o := &Object{Kind: LocalObject, Name: id.Name, Type: t, Pos: id.Pos(), Used: true}
			c.Defs[id] = o
			out = append(out, o)
		}
		if len(p.Names) == 0 {
			if named {
				c.errorf(p.Pos(), "name it _ if it is not used", "a parameter needs a name")
			}
			out = append(out, &Object{Kind: LocalObject, Type: t, Pos: p.Pos(), Used: true})
		}
	}
	return out
}

// The parameters that the two entries may have; trailing ones may be left off.
var (
	lightParams    = []Kind{Vec3, Vec4, Vec3}
	fragmentParams = []Kind{Vec4, Vec2, Vec4, Vec4}
)

// entry finds where the file is entered, and checks its type.
func (c *checker) entry() {
	light, fragment := c.funcs["Light"], c.funcs["Fragment"]
	switch {
	case light != nil && fragment != nil:
		c.errorf(fragment.Pos, "a file is a field (Light) or a picture (Fragment); for the window a Fragment is put round Light by itself", "the file has both Light and Fragment")
	case light != nil:
		c.Entry = "Light"
		c.entryType(light.Func, lightParams, 1, "func Light(p vec3, life vec4, pixel vec3) vec4")
	case fragment != nil:
		c.Entry = "Fragment"
		c.entryType(fragment.Func, fragmentParams, 0, "func Fragment(dstPos vec4, srcPos vec2, color vec4, custom vec4) vec4")
		if r := fragment.Func.Results; len(r) == 1 && r[0].Name != "" {
			c.errorf(r[0].Pos, "", "the result of Fragment has no name")
		}
	default:
		close := nearest("Light", namesOf(c.funcs))
		hint := "write func Light(p vec3) vec4"
		if close != "" {
			hint += ", and not " + close
		}
		c.errorf(c.Syntax.Name.Pos(), hint, "the file has no function Light, nor Fragment")
	}
}

func (c *checker) entryType(f *Func, params []Kind, least int, like string) {
	ok := len(f.Params) >= least && len(f.Params) <= len(params) && len(f.Results) == 1
	if ok {
		for i, p := range f.Params {
			ok = ok && (p.Type.Kind == params[i] || p.Type.Kind == Invalid)
		}
		ok = ok && (f.Results[0].Type.Kind == Vec4 || f.Results[0].Type.Kind == Invalid)
	}
	if !ok {
		c.errorf(f.Decl.Name.Pos(), "trailing parameters may be left off", "%s must be %s", f.Name, like)
	}
}

// body checks what is in a function.
func (c *checker) body(f *Func) {
	c.fn, c.fnObj, c.loops = f, c.funcs[f.Name], 0
	c.scope = &scope{outer: c.global}
	for _, p := range append(f.Params[:len(f.Params):len(f.Params)], f.Results...) {
		if p.Name != "" && p.Name != "_" {
			c.scope.vars = append(c.scope.vars, p)
		}
	}
	c.stmts(f.Decl.Body.List)
	c.close()
	if len(f.Results) > 0 && !hasReturn(f.Decl.Body) {
		c.errorf(f.Decl.Body.Rbrace, "", "function %s has no return", f.Name)
	}
}

func hasReturn(b *ast.BlockStmt) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.ReturnStmt:
			found = true
		case ast.Expr:
			return false
		}
		return !found
	})
	return found
}

// order puts callees before callers, and refuses a function that calls itself.
func (c *checker) order() {
	const (
		unseen = iota
		open
		done
	)
	state := map[*Func]int{}
	var out, path []*Func
	var visit func(f *Func)
	visit = func(f *Func) {
		state[f] = open
		path = append(path, f)
		for _, g := range f.Calls {
			switch state[g] {
			case unseen:
				visit(g)
			case open:
				names := ""
				for i := len(path) - 1; ; i-- {
					names = path[i].Name + " → " + names
					if path[i] == g {
						break
					}
				}
				c.errorf(f.called(g), "no GPU can do it; write it as a loop", "function %s calls itself: %s%s", g.Name, names, g.Name)
			}
		}
		path = path[:len(path)-1]
		state[f] = done
		out = append(out, f)
	}
	for _, f := range c.Funcs {
		if state[f] == unseen {
			visit(f)
		}
	}
	c.Funcs = out
}

// called is where f calls g.
func (f *Func) called(g *Func) token.Pos {
	pos := f.Decl.Pos()
	ast.Inspect(f.Decl.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok && id.Name == g.Name {
				pos = id.Pos()
				return false
			}
		}
		return true
	})
	return pos
}

// typ reads a type.
func (c *checker) typ(e ast.Expr) Type {
	switch e := e.(type) {
	case *ast.Ident:
		if k, ok := typeNames[e.Name]; ok {
			return of(k)
		}
		hint := foreignTypes[e.Name]
		if hint == "" {
			for s := c.scope; s != nil; s = s.outer {
				if s.types[e.Name] {
					hint = "a declared type cannot be used in Kage; write what it stands for"
				}
			}
		}
		if hint == "" {
			var names []string
			for n := range typeNames {
				names = append(names, n)
			}
			hint = meant(nearest(e.Name, names))
		}
		if hint == "" {
			hint = "the types are bool, int, float, vec2…4, ivec2…4, mat2…4 and arrays of them"
		}
		c.errorf(e.Pos(), hint, "%s is not a type of Kage", e.Name)
		return Type{}
	case *ast.ArrayType:
		return c.arrayType(e, -1)
	case *ast.StructType:
		c.errorf(e.Pos(), "use vectors, arrays or several variables", "Kage has no struct")
	case *ast.StarExpr:
		c.errorf(e.Pos(), "a function may return several values", "Kage has no pointers")
	case *ast.MapType:
		c.errorf(e.Pos(), "", "Kage has no maps")
	case *ast.FuncType:
		c.errorf(e.Pos(), "", "a function is not a value in Kage")
	case *ast.InterfaceType:
		c.errorf(e.Pos(), "", "Kage has no interfaces")
	case *ast.ChanType:
		c.errorf(e.Pos(), "", "Kage has no channels")
	default:
		c.errorf(e.Pos(), "the types are bool, int, float, vec2…4, ivec2…4, mat2…4 and arrays of them", "this is not a type of Kage")
	}
	return Type{}
}

// arrayType reads an array type; count is what [...] stands for, or -1 where
// it cannot stand.
func (c *checker) arrayType(e *ast.ArrayType, count int) Type {
	elem := Type{}
	if inner, ok := e.Elt.(*ast.ArrayType); ok {
		c.errorf(inner.Pos(), "use one array with a computed index: a[i*N+j]", "Kage has no arrays of arrays")
	} else {
		elem = c.typ(e.Elt)
	}
	n := 0
	switch l := e.Len.(type) {
	case nil:
		c.errorf(e.Pos(), "write it: [4]float", "an array needs a length: Kage has no slices")
		return Type{}
	case *ast.Ellipsis:
		if count < 0 {
			c.errorf(l.Pos(), "write the length", "[...] counts the values of a literal, and here is none")
			return Type{}
		}
		n = count
	default:
		x := c.expr(e.Len, true)
		if x.t.Kind == Invalid {
			return Type{}
		}
		if x.val == nil || x.val.Kind() != constant.Int {
			c.errorf(e.Len.Pos(), "", "the length of an array is a whole constant")
			return Type{}
		}
		v, ok := constant.Int64Val(x.val)
		if !ok || v > maxWords {
			v = maxWords + 1
		}
		n = int(v)
	}
	if n < 1 {
		c.errorf(e.Pos(), "", "an array has at least one element")
		return Type{}
	}
	if elem.Kind == Invalid {
		return Type{}
	}
	t := Type{Kind: Array, Elem: elem.Kind, Len: n}
	if t.Words() > maxWords {
		c.errorf(e.Pos(), "", "the array is too large: a value has at most %d numbers", maxWords)
		return Type{}
	}
	return t
}

func meant(name string) string {
	if name == "" {
		return ""
	}
	return "did you mean " + name + "?"
}

// foreignTypes are types of other languages, and what to write here.
var foreignTypes = map[string]string{
	"float32": "write float", "float64": "write float: Kage has 32-bit floats alone", "double": "write float",
	"int32": "write int: it has 32 bits", "int64": "write int: Kage has 32-bit ints alone", "uint": "write int: Kage has no unsigned numbers, and int wraps",
	"uint32": "write int: Kage has no unsigned numbers, and int wraps", "byte": "write int", "uint8": "write int",
	"string": "Kage has no text", "rune": "write int", "float2": "write vec2", "float3": "write vec3", "float4": "write vec4",
	"mat2x2": "write mat2", "mat3x3": "write mat3", "mat4x4": "write mat4", "bvec2": "Kage has no vectors of bool", "bvec3": "Kage has no vectors of bool", "bvec4": "Kage has no vectors of bool",
	"sampler2D": "images are read by imageSrc0At", "uvec2": "write ivec2", "uvec3": "write ivec3", "uvec4": "write ivec4",
}
