package check

import (
	"go/ast"
	"go/constant"
	"go/token"
)

// Warnings are what a file may say and should not: each place where light
// would differ from machine to machine.
func (f *File) Warnings() Errors {
	var out Errors
	for _, fn := range f.Funcs {
		ast.Inspect(fn.Decl.Body, func(n ast.Node) bool {
			c, ok := n.(*ast.CallExpr)
			if ok && f.isBuiltin(c, "fract") && len(c.Args) == 1 && f.sineHash(c.Args[0]) {
				out = append(out, f.ErrorAt(c.Pos(), "a sine hash: every GPU gives another number", "hash whole numbers, as corner in shaders/forest-canopy.kage does"))
			}
			return true
		})
	}
	return out.sorted()
}

func (f *File) isBuiltin(c *ast.CallExpr, names ...string) bool {
	id, ok := ast.Unparen(c.Fun).(*ast.Ident)
	if !ok || f.Uses[id] == nil || f.Uses[id].Kind != BuiltinObject {
		return false
	}
	for _, n := range names {
		if id.Name == n {
			return true
		}
	}
	return false
}

// sineHash reports whether e holds a sine or cosine times a large constant.
func (f *File) sineHash(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		b, ok := n.(*ast.BinaryExpr)
		if !ok || b.Op != token.MUL {
			return !found
		}
		for _, p := range [2][2]ast.Expr{{b.X, b.Y}, {b.Y, b.X}} {
			v := f.Types[p[1]].Value
			c, ok := ast.Unparen(p[0]).(*ast.CallExpr)
			if v == nil || !ok || !f.isBuiltin(c, "sin", "cos") {
				continue
			}
			if x, _ := constant.Float64Val(constant.ToFloat(v)); x > 500 || x < -500 {
				found = true
			}
		}
		return !found
	})
	return found
}
