package lower

import "slices"

// program is what the passes after lowering work on.
type program struct {
	root      *region
	prologue  []*value // frame-invariant values in order
	outs      []*value
	pass      uint32
	noSkips   bool
	noPacking bool
	packAll   bool
}

// clean drops what no output needs, dissolves the skip regions that are not
// worth their jump any more, and counts uses. It may be run at any time. It
// reports whether a region dissolved.
func (p *program) clean() (dissolved bool) {
	p.pass++
	var work []*value
	mark := func(v *value) {
		if v != nil && v.mark != p.pass {
			v.mark = p.pass
			v.uses = 0
			work = append(work, v)
		}
	}
	var loops func(r *region)
	loops = func(r *region) { // a loop that anything in it is needed of runs, and so must end
		for ; r != nil; r = r.parent {
			if r.mark == p.pass {
				return
			}
			r.mark = p.pass
			mark(r.trips)
			mark(r.active)
		}
	}
	drain := func() {
		for len(work) > 0 {
			v := work[len(work)-1]
			work = work[:len(work)-1]
			for _, a := range v.args[:v.n] {
				mark(a)
			}
			if v.phi != nil {
				mark(v.phi.init)
				mark(v.phi.next)
			}
			loops(v.home)
		}
	}
	for _, v := range p.outs {
		mark(v)
	}
	drain()
	live := func(v *value) bool { return v.mark == p.pass }
	// Which regions stay decides which masks are needed, and those may need
	// more values, which only makes regions dearer.
	var masks func(r *region)
	masks = func(r *region) {
		for _, n := range r.list {
			if n.r == nil {
				continue
			}
			masks(n.r)
			if n.r.kind == skipRegion && n.r.mark == p.pass && (p.noSkips || !p.packAll && !worthSkipping(n.r, live)) {
				n.r.mask = nil // to be dissolved
				dissolved = true
			} else if n.r.kind == skipRegion && n.r.mark == p.pass {
				mark(n.r.mask)
			}
		}
	}
	masks(p.root)
	drain()
	p.prune(p.root, live)

	kept := p.prologue[:0]
	for _, v := range p.prologue {
		if live(v) {
			kept = append(kept, v)
			count(v)
		}
	}
	p.prologue = kept
	p.count(p.root)
	for _, v := range p.outs {
		v.uses++
	}
	return dissolved
}

// prune drops dead values and regions and dissolves those without a mask.
func (p *program) prune(r *region, live func(*value) bool) {
	list := r.list[:0] // in place, as long as nothing dissolves
	if slices.ContainsFunc(r.list, func(n node) bool {
		return n.r != nil && n.r.mark == p.pass && n.r.kind == skipRegion && n.r.mask == nil
	}) {
		list = make([]node, 0, len(r.list))
	}
	for _, n := range r.list {
		switch {
		case n.v != nil:
			if live(n.v) {
				list = append(list, n)
			}
		case n.r.mark != p.pass:
		default:
			p.prune(n.r, live)
			if n.r.kind != skipRegion || n.r.mask != nil {
				list = append(list, n)
				continue
			}
			for _, m := range n.r.list {
				if m.v != nil {
					m.v.home = r
				} else {
					m.r.parent = r
				}
			}
			list = append(list, n.r.list...)
		}
	}
	r.list = list
	phis := r.phis[:0]
	for _, f := range r.phis {
		if live(f.v) {
			phis = append(phis, f)
		}
	}
	r.phis = phis
}

func count(v *value) {
	for _, a := range v.args[:v.n] {
		a.uses++
	}
}

func (p *program) count(r *region) {
	if r.mask != nil {
		r.mask.uses++
	}
	if r.kind == loopRegion {
		r.trips.uses++
		if r.active != nil {
			r.active.uses++
		}
	}
	for _, f := range r.phis {
		f.init.uses++
		f.next.uses++
	}
	for _, n := range r.list {
		if n.v != nil {
			count(n.v)
		} else {
			p.count(n.r)
		}
	}
}
