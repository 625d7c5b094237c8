package kagetest

import (
	"fmt"
	"strings"

	"noctiluca/shaders/kage/check"
)

// leaf is a variable of kind k, or a component or element of one.
func (g *generator) leaf(k check.Kind) string {
	var names []string
	shy := g.chance(0.75) // of uniforms, so that most of a program differs from point to point
	for _, v := range g.vars {
		if shy && strings.ContainsAny(v.name[:1], "UA") {
			continue
		}
		switch {
		case v.t.Kind == k:
			names = append(names, v.name, v.name)
		case v.t.Kind == check.Array && v.t.Elem == k:
			names = append(names, v.name+"["+fmt.Sprint(g.n(v.t.Len))+"]")
		case k == check.Float && vec(v.t.Kind) || k == check.Int && ivec(v.t.Kind):
			names = append(names, v.name+"."+"xyzw"[:size(v.t.Kind)][g.n(size(v.t.Kind)):][:1])
		}
	}
	if len(names) == 0 {
		return g.leaf(k)
	}
	return names[g.n(len(names))]
}

// operand is an expression or a literal.
func (g *generator) operand(k check.Kind, d int) string {
	if g.chance(0.3) {
		switch k {
		case check.Float:
			return g.pick("0.5", "1.5", "2", "3.25", "half", "-1.0", "0.1", "7")
		case check.Int:
			return g.pick("1", "2", "3", "5", "17", "three", "0x2C1B3C6D")
		}
	}
	return g.expr(k, d)
}

// expr is an expression of kind k that is not constant, at most d deep.
func (g *generator) expr(k check.Kind, d int) string {
	if d <= 0 || g.chance(0.15) {
		return g.leaf(k)
	}
	if g.chance(0.12) {
		for _, f := range g.funcs {
			if len(f.results) == 1 && f.results[0].Kind == k && g.chance(0.6) {
				return g.call(f, d)
			}
		}
	}
	d--
	switch {
	case k == check.Float:
		return g.float(d)
	case k == check.Int:
		return g.int(d)
	case k == check.Bool:
		return g.bool(d)
	case vec(k):
		return g.vec(k, d)
	case ivec(k):
		return g.ivec(k, d)
	}
	return g.mat(k, d)
}

func (g *generator) floatLike(k check.Kind, d int) string {
	ones := []string{"sin", "cos", "abs", "exp2", "atan", "fract", "floor", "ceil", "sign", "sqrt", "inversesqrt", "tan", "asin", "acos", "exp", "log", "log2"}
	twos := []string{"min", "max", "atan2", "pow", "mod", "step", "reflect"}
	ops := []string{"+", "-", "*", "/"}
	if g.tame {
		ones, twos, ops = ones[:3], twos[:2], ops[:3]
	}
	switch g.n(9) {
	case 0, 1, 2:
		return fmt.Sprintf("(%s %s %s)", g.expr(k, d), ops[g.n(len(ops))], g.operand(check.Float, d))
	case 3:
		return fmt.Sprintf("(%s %s %s)", g.expr(k, d), ops[g.n(len(ops))], g.expr(k, d))
	case 4:
		return fmt.Sprintf("%s(%s)", ones[g.n(len(ones))], g.expr(k, d))
	case 5:
		name := twos[g.n(len(twos))]
		x, y := g.expr(k, d), g.expr(k, d)
		if name == "reflect" && k == check.Float {
			name = "max"
		}
		if g.chance(0.3) && name != "reflect" && name != "atan2" && name != "pow" && name != "step" {
			y = g.operand(check.Float, d)
		}
		return fmt.Sprintf("%s(%s, %s)", name, x, y)
	case 6:
		if g.tame || g.chance(0.5) {
			return fmt.Sprintf("mix(%s, %s, %s)", g.expr(k, d), g.expr(k, d), g.operand(check.Float, d))
		}
		return fmt.Sprintf("smoothstep(%s, %s, %s)", g.expr(k, d), g.expr(k, d), g.expr(k, d))
	case 7:
		return fmt.Sprintf("clamp(%s, -1.5, 2)", g.expr(k, d))
	}
	return fmt.Sprintf("(-%s)", g.expr(k, d))
}

func (g *generator) float(d int) string {
	v := check.Vec2 + check.Kind(g.n(3))
	switch g.n(8) {
	case 0:
		return fmt.Sprintf("%s.%s", g.paren(v, d), string("xyzw"[g.n(size(v))]))
	case 1:
		return fmt.Sprintf("dot(%s, %s)", g.expr(v, d), g.expr(v, d))
	case 2:
		if g.tame {
			break
		}
		return fmt.Sprintf("%s(%s)", g.pick("length", "float"), g.expr(check.Float, d))
	case 3:
		if g.tame {
			break
		}
		return fmt.Sprintf("distance(%s, %s)", g.expr(v, d), g.expr(v, d))
	case 4:
		if g.tame {
			return fmt.Sprintf("(float(%s&15) * 0.0625)", g.expr(check.Int, d))
		}
		return fmt.Sprintf("float(%s)", g.expr(check.Int, d))
	case 5:
		return fmt.Sprintf("%s[%s]", g.paren(v, d), g.index(size(v)))
	}
	return g.floatLike(check.Float, d)
}

// paren is an expression that a selector may follow.
func (g *generator) paren(k check.Kind, d int) string {
	e := g.expr(k, d)
	if strings.HasPrefix(e, "(") {
		return e
	}
	return "(" + e + ")"
}

func (g *generator) int(d int) string {
	switch g.n(9) {
	case 0, 1, 2:
		return fmt.Sprintf("(%s %s %s)", g.expr(check.Int, d), g.pick("+", "-", "*", "&", "|", "^", "&^"), g.operand(check.Int, d))
	case 3:
		if g.tame {
			return fmt.Sprintf("(%s %s %d)", g.expr(check.Int, d), g.pick("/", "%"), 2+g.n(9))
		}
		return fmt.Sprintf("(%s %s %s)", g.expr(check.Int, d), g.pick("/", "%"), g.operand(check.Int, d))
	case 4:
		return fmt.Sprintf("(%s %s %d)", g.expr(check.Int, d), g.pick("<<", ">>"), g.n(20))
	case 5:
		if g.tame {
			return fmt.Sprintf("(%s ^ 5)", g.expr(check.Int, d))
		}
		return fmt.Sprintf("int(%s)", g.expr(check.Float, d))
	case 6:
		return fmt.Sprintf("%s(%s, %s)", g.pick("min", "max"), g.expr(check.Int, d), g.operand(check.Int, d))
	case 7:
		return g.pick("(-", "(^", "abs(", "sign(") + g.expr(check.Int, d) + ")"
	}
	v := check.IVec2 + check.Kind(g.n(3))
	return fmt.Sprintf("%s.%s", g.paren(v, d), string("xyzw"[g.n(size(v))]))
}

func (g *generator) bool(d int) string {
	switch g.n(6) {
	case 0:
		if !g.tame {
			return fmt.Sprintf("(%s %s %s)", g.expr(check.Float, d), g.pick("<", "<=", ">", ">=", "==", "!="), g.operand(check.Float, d))
		}
	case 1:
		return fmt.Sprintf("(%s %s %s)", g.expr(check.Bool, d), g.pick("&&", "||", "==", "!="), g.expr(check.Bool, d))
	case 2:
		return fmt.Sprintf("!%s", g.expr(check.Bool, d))
	case 3:
		if !g.tame {
			v := kinds[3+g.n(6)]
			return fmt.Sprintf("(%s %s %s)", g.expr(v, d), g.pick("==", "!="), g.expr(v, d))
		}
	}
	return fmt.Sprintf("(%s %s %s)", g.expr(check.Int, d), g.pick("<", "<=", ">", ">=", "==", "!="), g.operand(check.Int, d))
}

func (g *generator) vec(k check.Kind, d int) string {
	n := size(k)
	switch g.n(9) {
	case 0: // of single numbers and shorter vectors
		s, left := "", n
		for left > 0 {
			part := 1 + g.n(min(left, n-1))
			if s != "" {
				s += ", "
			}
			if part == 1 {
				s += g.operand(check.Float, d)
			} else {
				s += g.expr(check.Vec2+check.Kind(part-2), d)
			}
			left -= part
		}
		return fmt.Sprintf("%v(%s)", k, s)
	case 1:
		from := check.Vec2 + check.Kind(g.n(3))
		s := ""
		letters := g.pick("xyzw", "rgba")
		for range n {
			s += string(letters[g.n(size(from))])
		}
		return fmt.Sprintf("%s.%s", g.paren(from, d), s)
	case 2:
		m := check.Mat2 + (k - check.Vec2)
		if g.chance(0.5) {
			return fmt.Sprintf("(%s * %s)", g.expr(m, d), g.expr(k, d))
		}
		return fmt.Sprintf("(%s * %s)", g.expr(k, d), g.expr(m, d))
	case 3:
		m := check.Mat2 + (k - check.Vec2)
		return fmt.Sprintf("%s[%s]", g.paren(m, d), g.index(n))
	case 4:
		if !g.tame {
			switch g.n(4) {
			case 0:
				return fmt.Sprintf("normalize(%s)", g.expr(k, d))
			case 1:
				return fmt.Sprintf("refract(%s, %s, %s)", g.expr(k, d), g.expr(k, d), g.operand(check.Float, d))
			case 2:
				return fmt.Sprintf("faceforward(%s, %s, %s)", g.expr(k, d), g.expr(k, d), g.expr(k, d))
			case 3:
				return fmt.Sprintf("%v(%s)", k, g.expr(k-check.Vec2+check.IVec2, d))
			}
		}
		if k == check.Vec3 {
			return fmt.Sprintf("cross(%s, %s)", g.expr(k, d), g.expr(k, d))
		}
		return fmt.Sprintf("%v(%s)", k, g.expr(check.Float, d))
	}
	return g.floatLike(k, d)
}

func (g *generator) ivec(k check.Kind, d int) string {
	switch g.n(5) {
	case 0:
		s := ""
		for i := range size(k) {
			if i > 0 {
				s += ", "
			}
			s += g.operand(check.Int, d)
		}
		return fmt.Sprintf("%v(%s)", k, s)
	case 1:
		if !g.tame {
			return fmt.Sprintf("%v(%s)", k, g.expr(k-check.IVec2+check.Vec2, d))
		}
	case 2:
		return fmt.Sprintf("(%s %s %d)", g.expr(k, d), g.pick("<<", ">>"), g.n(20))
	case 3:
		return fmt.Sprintf("%s(%s, %s)", g.pick("min", "max"), g.expr(k, d), g.expr(k, d))
	}
	right := g.expr(k, d)
	if g.chance(0.5) {
		right = g.operand(check.Int, d)
	}
	return fmt.Sprintf("(%s %s %s)", g.expr(k, d), g.pick("+", "-", "*", "&", "|", "^", "&^"), right)
}

func (g *generator) mat(k check.Kind, d int) string {
	n := int(k-check.Mat2) + 2
	switch g.n(5) {
	case 0:
		s := ""
		for i := range n {
			if i > 0 {
				s += ", "
			}
			s += g.expr(check.Vec2+check.Kind(n-2), d)
		}
		return fmt.Sprintf("%v(%s)", k, s)
	case 1:
		return fmt.Sprintf("transpose(%s)", g.expr(k, d))
	case 2:
		return fmt.Sprintf("%v(%s)", k, g.expr(check.Float, d))
	case 3:
		return fmt.Sprintf("(%s * %s)", g.expr(k, d), g.operand(check.Float, d))
	}
	return fmt.Sprintf("(%s %s %s)", g.expr(k, d), g.pick("+", "-", "*"), g.expr(k, d))
}
