package lower

import "noctiluca/shaders/kage/block"

// sink moves values into the skippable region that alone uses them, so that
// they are skipped with it, never into a loop.
func (p *program) sink() {
	p.pass++
	use := func(v *value, r *region) {
		if v == nil || v.home == nil || v.op == opPhi {
			return
		}
		if v.mark == p.pass {
			r = common(v.hold, r)
		}
		v.mark, v.hold = p.pass, r
	}
	for _, v := range p.outs {
		use(v, p.root)
	}
	var walk func(r *region)
	walk = func(r *region) {
		for _, f := range r.phis {
			use(f.next, r)
		}
		use(r.trips, r)
		use(r.active, r)
		list := r.list
		for i := len(list) - 1; i >= 0; i-- {
			n := list[i]
			if n.r != nil {
				walk(n.r)
				use(n.r.mask, r)
				for _, f := range n.r.phis {
					use(f.init, r)
				}
				continue
			}
			v := n.v
			if to := v.hold; v.mark == p.pass && to != r {
				if to = sinkable(r, to); to != r {
					v.home = to
				}
			}
			for _, a := range v.args[:v.n] {
				use(a, v.home)
			}
		}
	}
	walk(p.root)
	p.rehome(p.root, map[*region][]node{})
}

// common is the innermost region around both.
func common(a, b *region) *region {
	for depth(a) > depth(b) {
		a = a.parent
	}
	for depth(b) > depth(a) {
		b = b.parent
	}
	for a != b {
		a, b = a.parent, b.parent
	}
	return a
}

func depth(r *region) int {
	d := 0
	for ; r.parent != nil; r = r.parent {
		d++
	}
	return d
}

// sinkable is the innermost region on the way from r to its descendant to
// that is reached without entering a loop; r if to is no descendant.
func sinkable(r, to *region) *region {
	best := to
	for x := to; x != r; x = x.parent {
		if x == nil {
			return r
		}
		if x.kind == loopRegion {
			best = x.parent
		}
	}
	return best
}

// rehome puts moved values at the head of the region they went to, in order.
func (p *program) rehome(r *region, moved map[*region][]node) {
	list := r.list[:0]
	for _, n := range r.list {
		if n.v != nil && n.v.home != r {
			moved[n.v.home] = append(moved[n.v.home], n)
		} else {
			list = append(list, n)
		}
	}
	r.list = list
	if to := moved[r]; len(to) > 0 {
		r.list = append(to, list...)
	}
	for _, n := range r.list {
		if n.r != nil {
			p.rehome(n.r, moved)
		}
	}
}

// resolve lets what a region computes take the side of a select that its mask
// decides: t in an iteration is t+d, and not that where the one before went on.
func (p *program) resolve(r *region) {
	one := func(v **value) {
	again:
		for *v != nil && (*v).op == block.Select {
			for x := r; x != nil; x = x.parent {
				if holds, known := x.facts[(*v).args[0]]; known {
					if holds {
						*v = (*v).args[1]
					} else {
						*v = (*v).args[2]
					}
					continue again
				}
			}
			return
		}
	}
	for _, n := range r.list {
		if n.r != nil {
			one(&n.r.mask)
			for _, f := range n.r.phis {
				one(&f.init)
			}
			p.resolve(n.r)
			continue
		}
		for i := range n.v.args[:n.v.n] {
			one(&n.v.args[i])
		}
	}
	for _, f := range r.phis {
		one(&f.next)
	}
}
