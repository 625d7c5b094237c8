package lower

import (
	"fmt"
	"go/ast"
	"go/token"

	"noctiluca/shaders/kage/block"
	"noctiluca/shaders/kage/check"
)

// Error is why a checked field cannot be lowered: a limit was met.
type Error struct {
	Pos token.Pos
	Msg string
}

func (e *Error) Error() string { return e.Msg }

// Uniform is where a uniform's words are.
type Uniform struct {
	Object *check.Object
	Offset int // its first word
	Words  int
	Used   bool // by what the program computes
}

// Result is a lowered field.
type Result struct {
	Program  *block.Program
	Uniforms []Uniform
	Sizes    int   // the first of the SizeWords uniforms that tell the sizes of images, or -1
	Inputs   []int // for each of Program.Inputs, which component of the entry's parameters it is, counted through all of them
	Report   Report
}

// Report counts what lowering did.
type Report struct {
	Values   int // values made
	Insts    int // instructions for each block
	Prologue int // instructions for each frame
	Blocks   int // block registers
}

// Options say how to lower; the zero value is for the kernels that block has.
type Options struct {
	NoFusion  bool // leave compositions as they are written
	NoSkips   bool // never jump over a region
	NoUnroll  bool // keep loops that could be written out
	NoPacking bool // never pack the lanes of a region
	PackAll   bool // pack the lanes of every region that may be skipped, and jump over every region
	Display   bool // the results are sRGB, as for a screen: make them linear light
}

// Lower lowers the function entry of a checked file. Its parameters are the
// program's inputs, its results the outputs. The error is an *Error.
func Lower(f *check.File, entry string, o Options) (res *Result, err error) {
	fn := f.ByName[entry]
	if fn == nil {
		return nil, &Error{f.Syntax.Package, fmt.Sprintf("there is no function %s", entry)}
	}
	l := &lowerer{builder: newBuilder(), file: f, opts: o, uniforms: map[*check.Object]*Uniform{}, read: map[*Uniform][]*value{}, costs: map[*check.Func]int{}, literals: make(map[literal]*value, 128)}
	l.pos = fn.Decl.Pos()
	l.noSkips, l.skipAll = o.NoSkips, o.PackAll
	defer func() {
		switch r := recover().(type) {
		case nil:
		case limitError:
			res, err = nil, &Error{r.pos, r.msg}
		default:
			panic(r)
		}
	}()
	words := 0
	for _, obj := range f.Uniforms {
		n := components(obj.Type)
		l.uniforms[obj] = &Uniform{Object: obj, Offset: words, Words: n}
		if words += n; words > maxWords {
			panic(limitError{obj.Pos, fmt.Sprintf("uniforms have %d words so far: there is room for %d", words, maxWords)})
		}
	}
	l.sizes = -1
	if f.Pictures || entry == "Fragment" && !f.Pixels {
		l.sizes = words
		words += SizeWords
	}
	l.env = &env{}
	var args [][]*value
	at := 0
	for _, p := range fn.Params {
		arg := make([]*value, components(p.Type))
		for i := range arg {
			arg[i] = l.leaf(opInput, uint32(at), elemOf(p.Type), false)
			at++
		}
		args = append(args, arg)
	}
	if entry == "Fragment" && !f.Pixels && len(args) > 1 {
		args[1] = l.texels(args[1])
	}
	var outs []*value
	for _, r := range l.call(fn, args) {
		outs = append(outs, r...)
	}
	if o.Display {
		outs = l.linear(outs)
	}
	res = l.finish(outs, words)
	res.Sizes = l.sizes
	for _, obj := range f.Uniforms {
		res.Uniforms = append(res.Uniforms, *l.uniforms[obj])
	}
	return res, nil
}

// lowerer walks the typed syntax and makes values of it.
type lowerer struct {
	*builder
	file     *check.File
	opts     Options
	uniforms map[*check.Object]*Uniform
	read     map[*Uniform][]*value // those that were read, by leaves
	costs    map[*check.Func]int   // of their bodies, estimated
	sizes    int                   // the first word of the sizes of images, or -1
	counters map[*check.Object]bool
	literals map[literal]*value

	env   *env
	frame *frame
	lanes *value // the lanes that run here; nil: all
	depth int    // of calls and expressions
}

// env holds what variables are: their components, by object. Branches write
// to a child, which is merged into its parent where the flow joins.
type env struct {
	parent *env
	vars   []variable            // in the order in which they were first written here
	index  map[*check.Object]int // of vars, when they are many
}

// variable is what one of them is.
type variable struct {
	obj  *check.Object
	vals []*value
}

// manyVars is from how many on looking at each takes longer than a map.
const manyVars = 16

// at is o's place in vars, or -1.
func (e *env) at(o *check.Object) int {
	if e.index != nil {
		if i, ok := e.index[o]; ok {
			return i
		}
		return -1
	}
	for i := range e.vars {
		if e.vars[i].obj == o {
			return i
		}
	}
	return -1
}

func (e *env) get(o *check.Object) []*value {
	for ; e != nil; e = e.parent {
		if i := e.at(o); i >= 0 {
			return e.vars[i].vals
		}
	}
	return nil
}

func (e *env) set(o *check.Object, v []*value) {
	if i := e.at(o); i >= 0 {
		e.vars[i].vals = v
		return
	}
	if e.vars == nil {
		e.vars = make([]variable, 0, 4)
	}
	e.vars = append(e.vars, variable{o, v})
	switch n := len(e.vars); {
	case e.index != nil:
		e.index[o] = n - 1
	case n > manyVars:
		e.index = make(map[*check.Object]int, 2*n)
		for i, x := range e.vars {
			e.index[x.obj] = i
		}
	}
}

// frame is one call in progress.
type frame struct {
	fn    *check.Func
	scope *scope
	live  *check.Object          // the function's: lanes that have not returned
	kept  map[*check.Object]bool // what matters of lanes that have returned: results and live flags
}

// scope is a place that lanes leave before its end. Which are still in it is
// an ordinary variable of type bool, so that merging branches merges it too.
type scope struct {
	outer *scope
	live  *check.Object // lanes still in this function body, or this iteration of a loop
	loop  *check.Object // of a loop: lanes that have not left it; nil for a function
}

func (l *lowerer) flag(name string) *check.Object {
	o := &check.Object{Kind: check.LocalObject, Name: name, Type: check.Type{Kind: check.Bool}}
	l.frame.kept[o] = true
	l.env.set(o, l.single(l.m(true)))
	return o
}

func (l *lowerer) setFlag(o *check.Object, v *value) { l.env.set(o, l.single(v)) }

// call inlines fn: the values of its results.
func (l *lowerer) call(fn *check.Func, args [][]*value) [][]*value {
	l.enter()
	defer l.leave()
	env, frame0, pos := l.env, l.frame, l.pos
	l.env = newEnv(nil)
	l.frame = &frame{fn: fn, kept: map[*check.Object]bool{}}
	l.frame.live = l.flag("returned")
	l.frame.scope = &scope{live: l.frame.live}
	for i, p := range fn.Params {
		l.env.set(p, l.coerce(args[i], p.Type))
	}
	for _, r := range fn.Results {
		l.frame.kept[r] = true
		l.env.set(r, l.zero(r.Type))
	}
	l.stmts(fn.Decl.Body.List)
	out := make([][]*value, len(fn.Results))
	for i, r := range fn.Results {
		out[i] = l.env.get(r)
	}
	l.env, l.frame, l.pos = env, frame0, pos
	return out
}

func newEnv(parent *env) *env { return &env{parent: parent} }

func (l *lowerer) enter() {
	if l.depth++; l.depth > maxDepth {
		panic(limitError{l.pos, "expressions and calls are nested too deeply: at most 1024 levels"})
	}
}

func (l *lowerer) leave() { l.depth-- }

// stmts lowers a list. After a statement that some lanes left the scope in,
// the rest runs for the others, as if it stood in an if.
func (l *lowerer) stmts(list []ast.Stmt) {
	live := l.frame.scope.live
	for i, s := range list {
		before := l.env.get(live)[0]
		l.stmt(s)
		now := l.env.get(live)[0]
		switch {
		case now == before:
			continue
		case now.isFalse():
			return
		}
		if rest := list[i+1:]; len(rest) > 0 {
			l.branch(now, func() {
				l.setFlag(live, l.m(true))
				l.stmts(rest)
			}, nil)
		}
		return
	}
}

// branch lowers then for the lanes of c and els, which may be nil, for the
// others, and merges what they did.
func (l *lowerer) branch(c *value, then, els func()) {
	switch {
	case c.isTrue():
		then()
		return
	case c.isFalse():
		if els != nil {
			els()
		}
		return
	}
	l.enter()
	defer l.leave()
	base, lanes := l.env, l.lanes
	side := func(c *value, f func()) *env {
		l.env = newEnv(base)
		if f == nil {
			return l.env
		}
		mask := c
		if !c.scalar {
			if lanes != nil {
				mask = l.and(lanes, c)
			}
			l.lanes = mask
		}
		l.open(skipRegion, mask)
		f()
		l.close()
		l.lanes = lanes
		return l.env
	}
	t := side(c, then)
	e := t
	if els != nil {
		e = side(l.not(c), els)
	} else {
		e = newEnv(base)
	}
	l.env = base
	l.merge(c, t, e)
}

// merge gives every variable that t or e wrote its value after them, in
// their parent, the current environment. Of lanes that returned, only the
// results count, so the others' values stand without a select.
func (l *lowerer) merge(c *value, t, e *env) {
	tGone := l.gone(t)
	eGone := l.gone(e)
	one := func(o *check.Object) {
		old := l.env.get(o)
		if old == nil {
			return // declared inside
		}
		tv, ev := t.get(o), e.get(o)
		kept := l.frame.kept[o]
		switch {
		case tGone && !kept:
			l.env.set(o, ev)
		case eGone && !kept:
			l.env.set(o, tv)
		default:
			out := l.list(len(old))
			for i := range out {
				out[i] = l.sel(c, tv[i], ev[i])
			}
			l.env.set(o, out)
		}
	}
	for _, x := range t.vars {
		one(x.obj)
	}
	for _, x := range e.vars {
		if t.at(x.obj) < 0 {
			one(x.obj)
		}
	}
}

// gone reports whether every lane that ran has returned in e.
func (l *lowerer) gone(e *env) bool {
	v := e.get(l.frame.live)
	return v != nil && v[0].isFalse()
}

func (l *lowerer) stmt(s ast.Stmt) {
	l.pos = s.Pos()
	l.step()
	switch s := s.(type) {
	case *ast.BlockStmt:
		l.stmts(s.List)
	case *ast.ExprStmt:
		if isDiscard(l.file, s.X) {
			l.discard()
			break
		}
		l.multi(s.X)
	case *ast.DeclStmt:
		l.decl(s.Decl.(*ast.GenDecl))
	case *ast.AssignStmt:
		l.assignStmt(s)
	case *ast.IncDecStmt:
		t := l.typeOf(s.X)
		one := l.broadcast(l.coerce([]*value{l.i(1)}, check.Type{Kind: elemKind(t)})[0], components(t))
		op := token.ADD
		if s.Tok == token.DEC {
			op = token.SUB
		}
		l.assign(s.X, l.arith(op, l.expr(s.X), one))
	case *ast.IfStmt:
		if s.Init != nil {
			l.stmt(s.Init)
		}
		c := l.expr(s.Cond)[0]
		var els func()
		if s.Else != nil {
			els = func() { l.stmts([]ast.Stmt{s.Else}) }
		}
		l.branch(c, func() { l.stmts(s.Body.List) }, els)
	case *ast.ForStmt:
		l.loop(s, s.Body)
	case *ast.RangeStmt:
		l.loop(s, s.Body)
	case *ast.ReturnStmt:
		l.returnStmt(s)
	case *ast.BranchStmt:
		sc := l.frame.scope
		l.setFlag(sc.live, l.m(false))
		if s.Tok == token.BREAK {
			l.setFlag(sc.loop, l.m(false))
		}
	case *ast.EmptyStmt:
	default:
		panic(limitError{s.Pos(), fmt.Sprintf("%T cannot be compiled", s)})
	}
}

func (l *lowerer) returnStmt(s *ast.ReturnStmt) {
	results := l.frame.fn.Results
	if len(s.Results) > 0 {
		var vals [][]*value
		for _, e := range s.Results {
			vals = append(vals, l.multi(e)...)
		}
		for i, r := range results {
			l.env.set(r, l.coerce(vals[i], r.Type))
		}
	}
	l.leaveFunc()
}

// leaveFunc ends the function for the lanes that run.
func (l *lowerer) leaveFunc() {
	for sc := l.frame.scope; sc != nil; sc = sc.outer {
		l.setFlag(sc.live, l.m(false))
		if sc.loop != nil {
			l.setFlag(sc.loop, l.m(false))
		}
	}
}

// discard is a return of no light. It stands in the entry alone.
func (l *lowerer) discard() {
	for _, r := range l.frame.fn.Results {
		l.env.set(r, l.zero(r.Type))
	}
	l.leaveFunc()
}

func isDiscard(f *check.File, e ast.Expr) bool {
	c, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	id, ok := ast.Unparen(c.Fun).(*ast.Ident)
	return ok && id.Name == "discard" && f.Uses[id] != nil && f.Uses[id].Kind == check.BuiltinObject
}

func (l *lowerer) decl(d *ast.GenDecl) {
	if d.Tok != token.VAR {
		return // constants and types live in the checker's results
	}
	for _, spec := range d.Specs {
		s := spec.(*ast.ValueSpec)
		var vals [][]*value
		for _, e := range s.Values {
			vals = append(vals, l.multi(e)...)
		}
		for i, id := range s.Names {
			obj := l.file.Defs[id]
			if obj == nil || id.Name == "_" {
				continue
			}
			if vals == nil {
				l.env.set(obj, l.zero(obj.Type))
			} else {
				l.env.set(obj, l.coerce(vals[i], obj.Type))
			}
		}
	}
}

func (l *lowerer) assignStmt(s *ast.AssignStmt) {
	if op, ok := assignOps[s.Tok]; ok {
		x, y := l.expr(s.Lhs[0]), l.expr(s.Rhs[0])
		l.assign(s.Lhs[0], l.binary(op, x, y, l.typeOf(s.Lhs[0]), l.typeOf(s.Rhs[0])))
		return
	}
	var vals [][]*value
	for _, e := range s.Rhs {
		vals = append(vals, l.multi(e)...)
	}
	for i, e := range s.Lhs {
		l.assign(e, vals[i])
	}
}

var assignOps = map[token.Token]token.Token{
	token.ADD_ASSIGN: token.ADD, token.SUB_ASSIGN: token.SUB, token.MUL_ASSIGN: token.MUL, token.QUO_ASSIGN: token.QUO,
	token.REM_ASSIGN: token.REM, token.AND_ASSIGN: token.AND, token.OR_ASSIGN: token.OR, token.XOR_ASSIGN: token.XOR,
	token.SHL_ASSIGN: token.SHL, token.SHR_ASSIGN: token.SHR, token.AND_NOT_ASSIGN: token.AND_NOT,
}

// assign makes what e denotes be v. A component of something is assigned by
// assigning all of it with the component replaced.
func (l *lowerer) assign(e ast.Expr, v []*value) {
	switch e := e.(type) {
	case *ast.ParenExpr:
		l.assign(e.X, v)
	case *ast.Ident:
		if e.Name == "_" {
			return
		}
		obj := l.file.Defs[e]
		if obj == nil {
			obj = l.file.Uses[e]
		}
		l.env.set(obj, l.coerce(v, obj.Type))
	case *ast.SelectorExpr:
		all := append([]*value(nil), l.expr(e.X)...)
		v = l.coerce(v, check.Type{Kind: elemKind(l.typeOf(e.X))})
		for i, at := range swizzle(e.Sel.Name) {
			all[at] = v[i]
		}
		l.assign(e.X, all)
	case *ast.IndexExpr:
		t := l.typeOf(e.X)
		all := append([]*value(nil), l.expr(e.X)...)
		size := elemSize(t)
		v = l.broadcast1(l.coerce(v, check.Type{Kind: elemKind(t)}), size)
		i := l.index(e.Index)
		if i.op == opConst {
			if at := int(int32(i.imm)); at >= 0 && at < len(all)/size {
				copy(all[at*size:], v)
			}
		} else {
			for at := 0; at < len(all)/size; at++ {
				here := l.op(block.IEq, i, l.i(int32(at)))
				for j := range size {
					all[at*size+j] = l.sel(here, v[j], all[at*size+j])
				}
			}
		}
		l.assign(e.X, all)
	}
}
