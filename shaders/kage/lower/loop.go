package lower

import (
	"go/ast"
	"go/token"

	"noctiluca/shaders/kage/block"
	"noctiluca/shaders/kage/check"
)

// Loops up to so many operations, all iterations together, are written out:
// their counters become constants, so that arrays indexed by them become
// plain values. The estimate is of what the syntax says, before anything
// folds. A loop that is kept costs some ten instructions' time an iteration.
const unrollBudget = 4096

// A loop whose counter indexes an array is written out up to so many: kept, it
// would compare the counter with every element in every iteration, so that its
// time would grow with the square of its count.
const indexBudget = 8 * unrollBudget

// loop lowers a for or range statement.
func (l *lowerer) loop(s ast.Stmt, body *ast.BlockStmt) {
	info := l.file.Loops[s]
	if info.Count <= 0 {
		return
	}
	l.enter()
	defer l.leave()
	var over ast.Expr
	if r, ok := s.(*ast.RangeStmt); ok && info.Range != nil {
		over = r.X
	}
	sc := &scope{outer: l.frame.scope, live: l.flag("iteration"), loop: l.flag("loop")}
	l.frame.scope = sc
	cost := l.cost(body)
	budget := unrollBudget
	if l.indexed(body, info.Var) {
		budget = indexBudget
	}
	if info.Count <= 2 || !l.opts.NoUnroll && info.Count <= budget/max(cost, 1) {
		l.unroll(info, body, sc, over)
	} else {
		l.keep(info, body, sc, over)
	}
	l.frame.scope = sc.outer
}

// counter is the value of a loop's counter at first, and what is added.
func (l *lowerer) counter(info check.Loop) (first, delta *value) {
	k := check.Int
	if info.Var != nil {
		k = info.Var.Type.Kind
	}
	if info.Init == nil || info.Delta == nil {
		return l.i(0), l.i(1)
	}
	return l.constant(info.Init, k), l.constant(info.Delta, k)
}

func (l *lowerer) add(x, y *value) *value { return l.arith1(token.ADD, x, y) }

// rangeElement is the element of a range at i. As in Ebitengine, and not as
// in Go, the array is read as it is when the iteration begins, with what the
// iterations before wrote to it.
func (l *lowerer) rangeElement(over ast.Expr, i *value) []*value {
	return l.element(l.expr(over), elemSize(l.typeOf(over)), i)
}

// nestedIterations bounds how deep iterations stand in one another.
const nestedIterations = 64

// unroll writes the iterations out. After a divergent exit each stands inside
// the one before it, so that all the rest is skipped when no lane is left in
// the loop, and the lanes that are left can be packed for all the rest.
func (l *lowerer) unroll(info check.Loop, body *ast.BlockStmt, sc *scope, over ast.Expr) {
	i, delta := l.counter(info)
	iteration := func(n int) {
		l.setFlag(sc.loop, l.m(true))
		l.setFlag(sc.live, l.m(true))
		if info.Var != nil {
			l.env.set(info.Var, []*value{i})
		}
		if info.Range != nil {
			l.env.set(info.Range, l.rangeElement(over, l.i(int32(n))))
		}
		l.stmts(body.List)
		i = l.add(i, delta)
	}
	for n := 0; n < info.Count; {
		in := l.env.get(sc.loop)[0]
		if in.isFalse() {
			return
		}
		if in.isTrue() {
			iteration(n)
			n++
			continue
		}
		if in.scalar { // the same for all: nothing to pack, and what is summed up needs no second block
			l.branch(in, func() { iteration(n) }, nil)
			n++
			continue
		}
		end := min(n+nestedIterations, info.Count)
		var nested func()
		nested = func() {
			if in := l.env.get(sc.loop)[0]; n < end && !in.isFalse() {
				l.branch(in, func() {
					iteration(n)
					n++
					nested()
				}, nil)
			}
		}
		nested()
		n = end
	}
}

// keep makes a real loop. What its body assigns is carried from iteration to
// iteration; it ends after its count, or when no lane is left in it.
func (l *lowerer) keep(info check.Loop, body *ast.BlockStmt, sc *scope, over ast.Expr) {
	scan := scanBody(l.file, body)
	var carried []*check.Object
	for _, o := range scan.assigned {
		if l.env.get(o) != nil && o != info.Var && o != info.Range {
			carried = append(carried, o)
		}
	}
	exits := scan.breaks || scan.returns
	if exits {
		carried = append(carried, sc.loop)
	}
	if scan.returns {
		for _, r := range l.frame.fn.Results {
			carried = appendNew(carried, r)
		}
		for o := sc.outer; o != nil; o = o.outer {
			carried = appendNew(carried, o.live)
			if o.loop != nil {
				carried = appendNew(carried, o.loop)
			}
		}
	}
	lanes := l.lanes
	if exits && lanes != nil {
		l.setFlag(sc.loop, lanes)
	}

	base := l.env
	r := l.open(loopRegion, nil)
	l.env = newEnv(base)
	carry := func(init *value, scalar bool) *phi {
		p := &phi{init: init}
		p.v = &value{op: opPhi, typ: init.typ, scalar: scalar, id: l.id(), home: r, phi: p}
		r.phis = append(r.phis, p)
		return p
	}
	phis := make([][]*phi, len(carried))
	for i, o := range carried {
		old := base.get(o)
		vals := make([]*value, len(old))
		for j, v := range old {
			p := carry(v, false)
			phis[i] = append(phis[i], p)
			vals[j] = p.v
		}
		l.env.set(o, vals)
	}

	first, delta := l.counter(info)
	n := carry(l.i(0), true)
	n.next = l.op(block.IAdd, n.v, l.i(1))
	r.trips = l.op(block.INe, n.next, l.i(int32(info.Count)))
	index := n.v
	if info.Var != nil {
		switch {
		case first.typ == 'i':
			index = l.op(block.IAdd, l.op(block.IMul, n.v, delta), first)
		default: // a float is summed up, each sum rounded, as written out
			c := carry(first, true)
			c.next = l.add(c.v, delta)
			index = c.v
		}
		l.env.set(info.Var, []*value{index})
	}

	l.setFlag(sc.live, l.m(true))
	if exits {
		active := l.env.get(sc.loop)[0]
		r.active = active
		l.lanes = active
		before := l.env
		l.env = newEnv(before)
		l.setFlag(sc.loop, l.m(true))
		if info.Range != nil {
			l.env.set(info.Range, l.rangeElement(over, n.v))
		}
		l.stmts(body.List)
		t := l.env
		l.env = before
		l.merge(active, t, newEnv(before))
	} else {
		if info.Range != nil {
			l.env.set(info.Range, l.rangeElement(over, n.v))
		}
		l.stmts(body.List)
	}
	for i, o := range carried {
		for j, v := range l.env.get(o) {
			phis[i][j].next = v
		}
	}
	l.env = base
	l.lanes = lanes
	l.close()
	for i, o := range carried {
		out := make([]*value, len(phis[i]))
		for j, p := range phis[i] {
			out[j] = p.v
		}
		l.env.set(o, out)
	}
}

func appendNew(list []*check.Object, o *check.Object) []*check.Object {
	for _, x := range list {
		if x == o {
			return list
		}
	}
	return append(list, o)
}

// bodyScan is what a loop's body does, by its syntax.
type bodyScan struct {
	assigned        []*check.Object
	breaks, returns bool
}

func scanBody(f *check.File, body *ast.BlockStmt) bodyScan {
	var s bodyScan
	seen := map[*check.Object]bool{}
	root := func(e ast.Expr) {
		for {
			switch x := e.(type) {
			case *ast.ParenExpr:
				e = x.X
			case *ast.SelectorExpr:
				e = x.X
			case *ast.IndexExpr:
				e = x.X
			case *ast.Ident:
				if o := f.Uses[x]; o != nil && !seen[o] {
					seen[o] = true
					s.assigned = append(s.assigned, o)
				}
				return
			default:
				return
			}
		}
	}
	var walk func(n ast.Node, loops int)
	walk = func(n ast.Node, loops int) {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, e := range n.Lhs {
					root(e)
				}
			case *ast.IncDecStmt:
				root(n.X)
			case *ast.ReturnStmt:
				s.returns = true
			case *ast.ExprStmt:
				s.returns = s.returns || isDiscard(f, n.X)
			case *ast.BranchStmt:
				s.breaks = s.breaks || n.Tok == token.BREAK && loops == 0
			case *ast.ForStmt:
				walk(n.Body, loops+1)
				return false
			case *ast.RangeStmt:
				walk(n.Body, loops+1)
				return false
			}
			return true
		})
	}
	walk(body, 0)
	return s
}

// cost estimates the operations that n writes out to.
func (l *lowerer) cost(n ast.Node) int {
	const most = 1 << 24
	total := 0
	ast.Inspect(n, func(n ast.Node) bool {
		l.step()
		switch n := n.(type) {
		case ast.Expr:
			tv, ok := l.file.Types[n]
			if ok && (tv.Value != nil || tv.IsType) {
				return false
			}
			size := max(components(tv.Type), 1)
			switch e := n.(type) {
			case *ast.BinaryExpr:
				total += max(size, components(l.typeOf(e.X)))
			case *ast.UnaryExpr:
				total += size
			case *ast.IndexExpr:
				if l.file.Types[e.Index].Value == nil && !l.isCounter(e.Index) {
					total += components(l.typeOf(e.X)) / 2
				}
			case *ast.CallExpr:
				if fn := l.callee(e); fn != nil {
					total += l.costOf(fn)
				} else if !l.file.Types[e.Fun].IsType {
					total += 3 * size
				}
			}
		case *ast.IfStmt:
			total += 3
		case *ast.AssignStmt:
			if _, ok := assignOps[n.Tok]; ok {
				total += max(1, components(l.typeOf(n.Lhs[0])))
			}
		case *ast.ForStmt:
			total += min(most, l.cost(n.Body)) * max(1, l.file.Loops[n].Count)
			total = min(total, most)
			return false
		case *ast.RangeStmt:
			total += min(most, l.cost(n.Body)) * max(1, l.file.Loops[n].Count)
			total = min(total, most)
			return false
		}
		total = min(total, most)
		return true
	})
	return total
}

// isCounter reports whether e is the counter of a loop: a constant, where the
// loop is written out.
func (l *lowerer) isCounter(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	if !ok {
		return false
	}
	if l.counters == nil {
		l.counters = map[*check.Object]bool{}
		for _, info := range l.file.Loops {
			l.counters[info.Var] = true
		}
	}
	return l.counters[l.file.Uses[id]]
}

// costOf is the cost of a function's body.
// indexed says whether a loop's counter, by itself, indexes an array in its body.
func (l *lowerer) indexed(body *ast.BlockStmt, counter *check.Object) (found bool) {
	if counter == nil {
		return false
	}
	ast.Inspect(body, func(n ast.Node) bool {
		if e, ok := n.(*ast.IndexExpr); ok {
			if id, ok := e.Index.(*ast.Ident); ok && l.file.Uses[id] == counter {
				found = true
			}
		}
		return !found
	})
	return found
}

func (l *lowerer) costOf(fn *check.Func) int {
	if c, ok := l.costs[fn]; ok {
		return c
	}
	l.costs[fn] = 0
	c := l.cost(fn.Decl.Body)
	l.costs[fn] = c
	return c
}
