package lower

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"noctiluca/shaders/kage/block"
)

// What is fused is not said here: block's table gives every fused operation
// the composition that it stands for, and each of those is a pattern, so that
// a kernel added there is used with no word here, and no bit can change.
//
// atoms are the compositions that Kage has names for. They are made first,
// wherever they were written out, and the others' patterns hold them whole.
var atoms = []block.Op{block.Fract, block.Mod, block.InvSqrt, block.Clamp, block.Mix, block.SmoothStep}

// pattern is a composition as a tree, and the operation that does it.
type pattern struct {
	op   block.Op // Nop: a leaf
	name byte     // of a leaf: the operand's letter, or 0
	imm  uint32   // of a leaf without a name: the float constant
	kids []*pattern
	to   block.Op
	size int // operations in it
}

type patternTable map[block.Op][]*pattern

// patterns are those of the atoms, and those of all others, each by the
// outermost operation, the largest first, and of those the one with the fewest operands.
var patterns = sync.OnceValues(func() (first, rest patternTable) {
	ops := map[string]block.Op{}
	var fused []block.Op
	for op := block.Op(1); op.Info().Name != ""; op++ {
		ops[op.Info().Name] = op
		if op.Info().Expr != "" {
			fused = append(fused, op)
		}
	}
	first, rest = patternTable{}, patternTable{}
	for _, op := range fused {
		p, left := readPattern(op.Info().Expr, ops)
		if left != "" {
			panic("lower: the composition of " + op.Info().Name)
		}
		table := rest
		if slices.Contains(atoms, op) {
			table = first
			p = expand(p, ops, nil)
		} else {
			p = expand(p, ops, atoms)
		}
		p.to, p.size = op, p.count()
		table[p.op] = append(table[p.op], p)
	}
	for _, t := range []patternTable{first, rest} {
		for _, list := range t {
			sort.SliceStable(list, func(i, j int) bool {
				if list[i].size != list[j].size {
					return list[i].size > list[j].size
				}
				return len(list[i].to.Info().Args) < len(list[j].to.Info().Args)
			})
		}
	}
	return first, rest
})

func (p *pattern) count() int {
	if p.op == block.Nop {
		return 0
	}
	n := 1
	for _, k := range p.kids {
		n += k.count()
	}
	return n
}

// expand writes fused operations in p out, but for those to keep.
func expand(p *pattern, ops map[string]block.Op, keep []block.Op) *pattern {
	if p.op == block.Nop {
		return p
	}
	kids := make([]*pattern, len(p.kids))
	for i, k := range p.kids {
		kids[i] = expand(k, ops, keep)
	}
	expr := p.op.Info().Expr
	if expr == "" || slices.Contains(keep, p.op) {
		return &pattern{op: p.op, kids: kids}
	}
	q, _ := readPattern(expr, ops)
	return expand(q.with(kids), ops, keep)
}

// with is p with its letters replaced.
func (p *pattern) with(operands []*pattern) *pattern {
	switch {
	case p.name != 0:
		return operands[p.name-'a']
	case p.op == block.Nop:
		return p
	}
	q := &pattern{op: p.op}
	for _, k := range p.kids {
		q.kids = append(q.kids, k.with(operands))
	}
	return q
}

func readPattern(s string, ops map[string]block.Op) (*pattern, string) {
	s = strings.TrimLeft(s, " ")
	end := strings.IndexAny(s, "(),")
	if end < 0 {
		end = len(s)
	}
	word, s := s[:end], s[end:]
	if !strings.HasPrefix(s, "(") {
		if x, err := strconv.ParseFloat(word, 32); err == nil {
			return &pattern{imm: math.Float32bits(float32(x))}, s
		}
		return &pattern{name: word[0]}, s
	}
	op, ok := ops[word]
	if !ok {
		panic("lower: no operation " + word)
	}
	p := &pattern{op: op}
	for s[0] != ')' {
		var kid *pattern
		kid, s = readPattern(s[1:], ops)
		p.kids = append(p.kids, kid)
	}
	return p, s[1:]
}

// maxInner is the most values that a composition takes in.
const maxInner = 160

// match is one attempt: the values that the letters stand for, and the inner
// values with how often the match uses each.
type match struct {
	named [block.MaxArgs]*value
	inner [maxInner]*value
	seen  [maxInner]int32
	n     int
	root  *value
	to    block.Op
	goals []goal
	tried int
}

// goal is a part of a pattern and the value that it has to be.
type goal struct {
	p     *pattern
	v     *value
	again bool // v is inside the match already, and so its operands are not counted anew
}

// maxTries bounds the search through the orders of commutative operands.
const maxTries = 2000

// fuse replaces compositions by the fused operations, users first, so that
// the largest group is taken.
func (p *program) fuse(r *region, table patternTable) {
	var m match
	p.fuseWith(r, table, &m)
}

func (p *program) fuseWith(r *region, table patternTable, m *match) {
	for i := len(r.list) - 1; i >= 0; i-- {
		n := r.list[i]
		if n.r != nil {
			p.fuseWith(n.r, table, m)
			continue
		}
		v := n.v
		if v.uses == 0 {
			continue // went into another
		}
		for _, pat := range table[v.op] {
			if !m.of(pat, v) {
				continue
			}
			for _, x := range m.inner[:m.n] {
				x.uses = 0
			}
			v.op, v.n = pat.to, uint8(len(pat.to.Info().Args))
			v.args = m.named
			break
		}
	}
}

// of reports whether v is what pat composes, and then holds its operands.
func (m *match) of(pat *pattern, v *value) bool {
	if !hopeful(pat, v, 3) {
		return false
	}
	m.named = [block.MaxArgs]*value{}
	m.n, m.root, m.to, m.tried = 0, v, pat.to, 0
	m.goals = m.goals[:0]
	return m.kids(pat, v, false)
}

// hopeful is a quick look at the operands, to some depth, that tells most of
// what does not match.
func hopeful(p *pattern, v *value, depth int) bool {
	for _, k := range p.kids {
		if k.op == block.Nop {
			continue
		}
		found := false
		for _, a := range v.args[:v.n] {
			if a.op == k.op && !a.scalar && (depth == 0 || hopeful(k, a, depth-1)) {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// kids tries the operands of v as p's, in both orders where op commutes.
func (m *match) kids(p *pattern, v *value, again bool) bool {
	at := len(m.goals)
	for i := len(p.kids) - 1; i >= 0; i-- {
		m.goals = append(m.goals, goal{p.kids[i], v.args[i], again})
	}
	if m.solve() {
		return true
	}
	m.goals = m.goals[:at]
	if len(p.kids) != 2 || !commutes(p.op) || v.args[0] == v.args[1] {
		return false
	}
	m.goals = append(m.goals, goal{p.kids[1], v.args[0], again}, goal{p.kids[0], v.args[1], again})
	if m.solve() {
		return true
	}
	m.goals = m.goals[:at]
	return false
}

// solve meets the goals that are left, the last first, and leaves them as
// they were when it cannot.
func (m *match) solve() bool {
	if len(m.goals) == 0 {
		return m.alone() && m.scalars()
	}
	if m.tried++; m.tried > maxTries {
		return false
	}
	g := m.goals[len(m.goals)-1]
	m.goals = m.goals[:len(m.goals)-1]
	if m.meet(g) {
		return true
	}
	m.goals = append(m.goals, g)
	return false
}

func (m *match) meet(g goal) bool {
	p, v := g.p, g.v
	switch {
	case p.name != 0:
		at := &m.named[p.name-'a']
		if *at != nil {
			return *at == v && m.solve()
		}
		*at = v
		if m.solve() {
			return true
		}
		*at = nil
		return false
	case p.op == block.Nop:
		return v.is(p.imm) && v.typ == 'f' && m.solve()
	}
	if v.op != p.op || v.scalar || !near(m.root.home, v.home) {
		return false
	}
	if g.again {
		return m.kids(p, v, true)
	}
	at := 0
	for at < m.n && m.inner[at] != v {
		at++
	}
	if at == len(m.inner) {
		return false
	}
	if at == m.n {
		m.inner[at], m.seen[at] = v, 0
		m.n++
	}
	m.seen[at]++
	if m.seen[at] > v.uses {
		m.seen[at]--
		return false
	}
	if m.kids(p, v, m.seen[at] > 1) {
		return true
	}
	if m.seen[at]--; m.seen[at] == 0 {
		m.n--
	}
	return false
}

// scalars reports whether those operands are scalars that have to be.
func (m *match) scalars() bool {
	want := m.to.Info().Scalars
	for i := 0; want>>i != 0; i++ {
		if want>>i&1 == 1 && !m.named[i].scalar {
			return false
		}
	}
	return true
}

// alone reports whether nothing but the match uses its inner values.
func (m *match) alone() bool {
	for i, v := range m.inner[:m.n] {
		if v.uses != m.seen[i] {
			return false
		}
	}
	return true
}

// near reports whether what is in home may be computed in r instead, and not
// more often: home is r or around it with no loop between.
func near(r, home *region) bool {
	for ; r != home; r = r.parent {
		if r == nil || r.kind == loopRegion {
			return false
		}
	}
	return true
}
