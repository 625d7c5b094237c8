package kagetest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"noctiluca/shaders/kage/check"
)

// Style is what kind of programs Generate writes.
type Style struct {
	// Tame leaves out what a GPU may answer differently by much: jumps
	// (floor, step, comparisons of floats), what has poles or leaves its
	// range, and elements outside their array. Its light is between 0 and 1.
	Tame bool
}

// Generate writes a random well-typed field. The same seed gives the same
// text. A few in a hundred meet a rule on constants and are refused.
func Generate(seed uint64, style Style) string {
	g := &generator{r: rand.New(rand.NewPCG(seed, 0x6b616765)), tame: style.Tame}
	return g.file()
}

type variable struct {
	name  string
	t     check.Type
	fixed bool // it cannot be assigned
}

type function struct {
	name    string
	params  []check.Type
	results []check.Type
}

type generator struct {
	r     *rand.Rand
	tame  bool
	out   strings.Builder
	vars  []variable
	funcs []function
	names int
	depth int // of blocks
	loops int
	fn    *function
	size  int // statements left
}

var kinds = []check.Kind{check.Float, check.Int, check.Bool, check.Vec2, check.Vec3, check.Vec4, check.IVec2, check.IVec3, check.IVec4, check.Mat2, check.Mat3, check.Mat4}

func (g *generator) n(n int) int             { return g.r.IntN(n) }
func (g *generator) chance(p float64) bool   { return g.r.Float64() < p }
func (g *generator) pick(s ...string) string { return s[g.n(len(s))] }
func (g *generator) kind() check.Kind {
	if g.chance(0.5) {
		return kinds[[]int{0, 0, 0, 1, 3, 4, 5}[g.n(7)]]
	}
	return kinds[g.n(len(kinds))]
}

func (g *generator) line(format string, args ...any) {
	g.out.WriteString(strings.Repeat("\t", g.depth))
	fmt.Fprintf(&g.out, format, args...)
	g.out.WriteByte('\n')
}

func (g *generator) fresh(prefix string) string {
	g.names++
	return fmt.Sprintf("%s%d", prefix, g.names)
}

func typed(k check.Kind) check.Type { return check.Type{Kind: k} }

func (g *generator) file() string {
	g.line("//kage:unit pixels\n\npackage field\n")
	for i, k := range kinds {
		name := fmt.Sprintf("U%d", i)
		g.line("var %s %v", name, k)
		g.vars = append(g.vars, variable{name, typed(k), true})
	}
	for i, k := range []check.Kind{check.Float, check.Vec2, check.Vec4, check.Int}[:2+g.n(3)] {
		t := check.Type{Kind: check.Array, Elem: k, Len: 2 + g.n(4)}
		name := fmt.Sprintf("A%d", i)
		g.line("var %s %v", name, t)
		g.vars = append(g.vars, variable{name, t, true})
	}
	g.line("const half = 0.5\nconst three int = 3\n")
	for range g.n(4) {
		g.function()
	}
	g.entry()
	return g.out.String()
}

func (g *generator) function() {
	f := function{name: g.fresh("f")}
	vars := len(g.vars)
	head := ""
	for i := range 1 + g.n(3) {
		t := typed(g.kind())
		f.params = append(f.params, t)
		name := g.fresh("p")
		if i > 0 {
			head += ", "
		}
		head += name + " " + t.String()
		g.vars = append(g.vars, variable{name, t, false})
	}
	results := ""
	named := g.chance(0.3)
	for i := range 1 + g.n(2)*g.n(2) {
		t := typed(g.kind())
		f.results = append(f.results, t)
		if i > 0 {
			results += ", "
		}
		if named {
			name := g.fresh("r")
			results += name + " "
			g.vars = append(g.vars, variable{name, t, false})
		}
		results += t.String()
	}
	g.line("func %s(%s) (%s) {", f.name, head, results)
	g.fn, g.size = &f, 4+g.n(8)
	g.block()
	g.depth++
	if named && g.chance(0.5) {
		g.line("return")
	} else {
		g.ret()
	}
	g.depth--
	g.line("}\n")
	g.vars = g.vars[:vars]
	g.funcs = append(g.funcs, f)
	g.fn = nil
}

func (g *generator) entry() {
	g.line("func Light(p vec3, life vec4, pixel vec3) vec4 {")
	g.vars = append(g.vars, variable{"p", typed(check.Vec3), false}, variable{"life", typed(check.Vec4), false}, variable{"pixel", typed(check.Vec3), false})
	g.fn, g.size = &function{name: "Light", results: []check.Type{typed(check.Vec4)}}, 8+g.n(16)
	g.depth++
	// A variable of each kind that differs from point to point.
	for i, from := range []string{
		"p.x * 1.5", "int(life.x * 8)", "pixel.x < life.y", "p.zx + pixel.xy", "life.xyz * p", "life - p.xyzx",
		"ivec2(p.xy * 9)", "ivec3(pixel * 20)", "ivec4(life)", "mat2(life)", "mat3(p, pixel, life.xyz)", "mat4(pixel.y)",
	} {
		name := fmt.Sprintf("x%d", i)
		switch {
		case kinds[i] == check.Mat2:
			from = "mat2(life.xy, p.yz)"
		case g.tame && i == 0:
			from = "p.x * 0.125"
		case g.tame && i == 4:
			from = "p * 0.0625"
		case g.tame && i == 5:
			from = "life - p.xyzx*0.0625"
		}
		g.line("%s := %s\n\t_ = %s", name, from, name)
		g.vars = append(g.vars, variable{name, typed(kinds[i]), false})
	}
	g.depth--
	g.block()
	g.depth++
	if g.tame {
		g.line("x0 += float(x1&15)*0.0625 + x3.x - x4.y + x5.z\n\tif x2 {\n\t\tx0 *= x9[0].y + float(x7.y&x8.w&7)*0.125\n\t}")
	} else {
		g.line("x0 += float(x1&255) + x3.x - x4.y + x5.z*x10[1].z\n\tif x2 {\n\t\tx0 *= x9[0].y + float(x7.y|x8.w)\n\t}")
	}
	g.ret()
	g.depth--
	g.line("}")
}

func (g *generator) ret() {
	s := ""
	for i, t := range g.fn.results {
		if i > 0 {
			s += ", "
		}
		e := g.held(t.Kind, 3)
		if g.fn.name == "Light" {
			if e = e + "*0.25 + vec4(x0, x3, float(x6.x&7)*0.125)"; g.chance(0.5) {
				e = "x5 - " + e
			}
			if g.tame {
				e = "0.5 + 0.5*sin(" + e + ")"
			}
		}
		s += e
	}
	g.line("return %s", s)
}

func (g *generator) block() {
	g.depth++
	vars := len(g.vars)
	for range 1 + g.n(6) {
		if g.size <= 0 {
			break
		}
		g.size--
		g.stmt()
	}
	g.vars = g.vars[:vars]
	g.depth--
}

func (g *generator) stmt() {
	switch g.n(14) {
	case 0, 1, 2:
		g.declare()
	case 3, 4, 5:
		g.assign()
	case 6, 7:
		g.opAssign()
	case 8, 9:
		g.ifStmt()
	case 10:
		if g.loops < 2 {
			g.loop()
		}
	case 11:
		g.array()
	case 12:
		g.leave()
	case 13:
		g.twoAtOnce()
	}
}

func (g *generator) declare() {
	k := g.kind()
	name := g.fresh("v")
	switch g.n(3) {
	case 0:
		g.line("%s := %s", name, g.held(k, 3))
	case 1:
		g.line("var %s %v = %s", name, k, g.held(k, 3))
	default:
		g.line("var %s %v", name, k)
	}
	g.line("_ = %s", name)
	g.vars = append(g.vars, variable{name, typed(k), false})
}

func (g *generator) array() {
	k := []check.Kind{check.Float, check.Int, check.Vec2, check.Vec3, check.Mat2, check.Bool}[g.n(6)]
	t := check.Type{Kind: check.Array, Elem: k, Len: 2 + g.n(4)}
	name := g.fresh("a")
	if g.chance(0.4) {
		g.line("var %s %v", name, t)
	} else {
		s := ""
		for i := range t.Len {
			if i > 0 {
				s += ", "
			}
			s += g.expr(k, 1)
		}
		g.line("%s := %s{%s}", name, g.pick(t.String(), "[...]"+k.String()), s)
	}
	g.line("_ = %s", name)
	g.vars = append(g.vars, variable{name, t, false})
}

// target is something that can be assigned: a variable, components or an
// element of one.
func (g *generator) target() (string, check.Kind, bool) {
	var can []variable
	for _, v := range g.vars {
		if !v.fixed {
			can = append(can, v)
		}
	}
	if len(can) == 0 {
		return "", 0, false
	}
	v := can[g.n(len(can))]
	k := v.t.Kind
	switch {
	case k == check.Array:
		return v.name + "[" + g.index(v.t.Len) + "]", v.t.Elem, true
	case k >= check.Mat2 && k <= check.Mat4 && g.chance(0.7):
		return v.name + "[" + g.index(int(k-check.Mat2)+2) + "]", k - check.Mat2 + check.Vec2, true
	case (vec(k) || ivec(k)) && g.chance(0.6):
		base, single := check.Vec2, check.Float
		if ivec(k) {
			base, single = check.IVec2, check.Int
		}
		if g.chance(0.3) {
			return v.name + "[" + g.index(size(k)) + "]", single, true
		}
		letters := []byte(g.pick("xyzw", "rgba")[:size(k)])
		g.r.Shuffle(len(letters), func(i, j int) { letters[i], letters[j] = letters[j], letters[i] })
		n := 1 + g.n(size(k))
		if n == 1 {
			return v.name + "." + string(letters[:1]), single, true
		}
		return v.name + "." + string(letters[:n]), base + check.Kind(n-2), true
	}
	return v.name, k, true
}

func vec(k check.Kind) bool  { return k >= check.Vec2 && k <= check.Vec4 }
func ivec(k check.Kind) bool { return k >= check.IVec2 && k <= check.IVec4 }
func mat(k check.Kind) bool  { return k >= check.Mat2 && k <= check.Mat4 }
func size(k check.Kind) int {
	switch {
	case vec(k):
		return int(k-check.Vec2) + 2
	case ivec(k):
		return int(k-check.IVec2) + 2
	}
	return 1
}

func (g *generator) index(n int) string {
	if g.chance(0.6) {
		return fmt.Sprint(g.n(n))
	}
	e := g.expr(check.Int, 1)
	if g.tame || g.chance(0.7) {
		return fmt.Sprintf("clamp(%s, 0, %d)", e, n-1)
	}
	return e
}

func (g *generator) assign() {
	if t, k, ok := g.target(); ok {
		g.line("%s = %s", t, g.held(k, 3))
	}
}

// held is an expression; of a tame program it stays within ±2.
func (g *generator) held(k check.Kind, d int) string {
	e := g.expr(k, d)
	if g.tame && (k == check.Float || vec(k)) {
		return "clamp(" + e + ", -2, 2)"
	}
	return e
}

func (g *generator) opAssign() {
	t, k, ok := g.target()
	if !ok {
		return
	}
	switch {
	case k == check.Bool:
		g.line("%s = !%s", t, t)
	case k == check.Int || ivec(k):
		if g.chance(0.2) {
			g.line("%s%s", t, g.pick("++", "--"))
			return
		}
		op := g.pick("+=", "-=", "*=", "&=", "|=", "^=", "&^=", "/=", "%=", "<<=", ">>=")
		right := g.expr(check.Int, 2)
		if ivec(k) && g.chance(0.5) {
			right = g.expr(k, 2)
		}
		if op == "<<=" || op == ">>=" {
			right = fmt.Sprint(g.n(8))
		} else if (op == "/=" || op == "%=") && g.tame {
			right = fmt.Sprint(1 + g.n(8))
		}
		g.line("%s %s %s", t, op, right)
	case mat(k):
		g.line("%s %s %s", t, g.pick("+=", "-=", "*="), g.expr(k, 1))
	default:
		if g.chance(0.15) {
			g.line("%s%s", t, g.pick("++", "--"))
			return
		}
		right := g.expr(check.Float, 2)
		if vec(k) && g.chance(0.5) {
			right = g.expr(k, 2)
		}
		ops := []string{"+=", "-=", "*=", "/="}
		if g.tame {
			ops = ops[:3]
		}
		g.line("%s %s %s", t, ops[g.n(len(ops))], right)
		if g.tame {
			g.line("%s = clamp(%s, -2, 2)", t, t)
		}
	}
}

func (g *generator) ifStmt() {
	if g.chance(0.2) {
		name := g.fresh("v")
		g.line("if %s := %s; %s {", name, g.expr(check.Int, 2), name+g.pick(" < ", " >= ", " == ")+fmt.Sprint(g.n(5)))
	} else {
		g.line("if %s {", g.expr(check.Bool, 2))
	}
	g.block()
	switch g.n(3) {
	case 0:
		g.line("} else {")
		g.block()
	case 1:
		g.line("} else if %s {", g.expr(check.Bool, 2))
		g.block()
	}
	g.line("}")
}

func (g *generator) loop() {
	name := g.fresh("i")
	vars := len(g.vars)
	end := 1 + g.n(6)
	switch g.n(6) {
	case 0:
		g.line("for %s := 0; %s < %d; %s++ {", name, name, end, name)
	case 1:
		g.line("for %s := %d; %s > -2; %s -= 2 {", name, end, name, name)
	case 2:
		g.line("for %s := 0.25; %s <= 1.5; %s += 0.3 {", name, name, name)
	case 3:
		g.line("for %s := range %d {\n_ = %s", name, end, name)
	case 4:
		g.line("for range %d {", end)
		name = ""
	case 5:
		var arrays []variable
		for _, v := range g.vars {
			if v.t.Kind == check.Array {
				arrays = append(arrays, v)
			}
		}
		a := arrays[g.n(len(arrays))]
		elem := g.fresh("e")
		g.line("for %s, %s := range %s {\n_ = %s\n_ = %s", name, elem, a.name, name, elem)
		g.vars = append(g.vars, variable{elem, typed(a.t.Elem), false})
	}
	if name != "" {
		k := check.Int
		if strings.HasSuffix(g.out.String(), "+= 0.3 {\n") {
			k = check.Float
		}
		g.vars = append(g.vars, variable{name, typed(k), true})
	}
	g.loops++
	g.block()
	g.loops--
	g.line("}")
	g.vars = g.vars[:vars]
}

// leave leaves the loop or the function where a condition holds.
func (g *generator) leave() {
	g.line("if %s {", g.expr(check.Bool, 2))
	g.depth++
	switch {
	case g.loops > 0 && g.chance(0.7):
		g.line("%s", g.pick("break", "continue"))
	default:
		g.ret()
	}
	g.depth--
	g.line("}")
}

func (g *generator) twoAtOnce() {
	for _, f := range g.funcs {
		if len(f.results) == 2 && g.chance(0.5) {
			a, b := g.fresh("v"), g.fresh("v")
			g.line("%s, %s := %s", a, b, g.call(f, 2))
			g.line("_, _ = %s, %s", a, b)
			g.vars = append(g.vars, variable{a, f.results[0], false}, variable{b, f.results[1], false})
			return
		}
	}
	a, k, ok := g.target()
	b, k2, _ := g.target()
	if ok && !strings.ContainsAny(a+b, "[") {
		g.line("%s, %s = %s, %s", a, b, g.expr(k, 2), g.expr(k2, 2))
	}
}

func (g *generator) call(f function, d int) string {
	s := f.name + "("
	for i, p := range f.params {
		if i > 0 {
			s += ", "
		}
		s += g.expr(p.Kind, d-1)
	}
	return s + ")"
}
