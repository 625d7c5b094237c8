package lower

import (
	"slices"

	"noctiluca/shaders/kage/block"
)

// A select between what a skippable region computed and what there was before
// it needs no instruction where the region runs for all lanes or for none: the
// old value stands in a register, the region overwrites it, and a region that
// is skipped leaves it. Sums over the cells of an installation are such.

// joins finds the selects of r, and of the regions in it, that can go into
// the region whose value they take, and takes them from the order.
func (p *program) joins(r *region) {
	var at map[*value]int // places in r's list
	var gone map[*value]bool
	for i, n := range r.list {
		c := n.r
		if c == nil {
			continue
		}
		p.joins(c)
		if c.kind != skipRegion || !c.mask.scalar {
			continue
		}
		if at == nil {
			at, gone = make(map[*value]int, len(r.list)), map[*value]bool{}
			for i, n := range r.list {
				if n.v != nil {
					at[n.v] = i
				}
			}
		}
		for _, m := range r.list[i+1:] {
			s := m.v
			if s == nil || s.op != block.Select || s.args[0] != c.mask || s.scalar || s.args[1].home != c {
				continue
			}
			init := s.args[2]
			if place, here := at[init]; here && place > i || gone[init] && place > i {
				continue // it may depend on the region
			}
			if init.home != nil && init.home != r && !within(r, init.home) {
				continue
			}
			s.phi = &phi{v: s, init: init, next: s.args[1]}
			s.op, s.n, s.args = opPhi, 0, [block.MaxArgs]*value{}
			s.join = c
			c.phis = append(c.phis, s.phi)
			gone[s] = true
			at[s] = i // it is there when the region has been passed
			if !init.scalar {
				c.replace(init, s)
			}
		}
	}
	if len(gone) > 0 {
		r.list = slices.DeleteFunc(r.list, func(n node) bool { return n.v != nil && gone[n.v] })
	}
}

// replace makes what r computes from old compute it from new.
func (r *region) replace(old, new *value) {
	one := func(v **value) {
		if *v == old {
			*v = new
		}
	}
	for _, f := range r.phis {
		if f.v != new {
			one(&f.next)
		}
	}
	one(&r.active)
	one(&r.trips)
	for _, n := range r.list {
		if c := n.r; c != nil { // what is outside c, and inside r
			one(&c.mask)
			for _, f := range c.phis {
				one(&f.init)
			}
			c.replace(old, new)
			continue
		}
		for i := range n.v.args[:n.v.n] {
			one(&n.v.args[i])
		}
	}
}

// coalesce lets what becomes a carried value's next one be computed in that
// value's register, where nothing reads the register in between.
func (e *emitter) coalesce() {
	e.same = map[*value]*value{}
	for i := len(e.lines) - 1; i >= 0; i-- {
		if d := e.lines[i].dst; d != nil {
			d.no = int32(i) // in the end, the first line
		}
	}
	for i := range e.lines {
		ln := &e.lines[i]
		if !ln.carry {
			continue
		}
		v, next := ln.dst, ln.args[0]
		from := int(next.no)
		if from > i || e.lines[from].dst != next || next.scalar || v.scalar || e.same[next] != nil || next.home != ln.home || next.op == opPhi && next.join == nil {
			continue
		}
		free := true
		for j := from; j < i && free; j++ {
			l := &e.lines[j]
			free = l.dst != v
			if j > from {
				free = free && !slices.Contains(l.args[:l.n], v)
			}
		}
		if free {
			e.same[next] = v
		}
	}
	if len(e.same) == 0 {
		return
	}
	one := func(v *value) *value {
		for e.same[v] != nil {
			v = e.same[v]
		}
		return v
	}
	for _, k := range e.packings {
		for i := range k.deps {
			k.deps[i] = one(k.deps[i])
		}
	}
	for i := range e.lines {
		ln := &e.lines[i]
		if ln.dst != nil {
			ln.dst = one(ln.dst)
		}
		for j := range ln.args[:ln.n] {
			ln.args[j] = one(ln.args[j])
		}
		if ln.op == block.Copy && ln.dst == ln.args[0] {
			*ln = line{op: block.Nop}
		}
	}
}
