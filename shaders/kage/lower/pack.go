package lower

import "noctiluca/shaders/kage/block"

// Packing: what only some lanes do is done for those lanes side by side, so
// that its time is that of the lanes and not of the block. A region that may
// be worth it begins with Pack, and a Compress of each block that it reads
// from outside; it ends with Unpack, an Expand of each of its values that the
// outside reads, and the outside's blocks as they were. Whether a region does
// pack is seen anew each time that it is entered.

// packing is where one region's packing stands among the lines.
type packing struct {
	deps     []*value // what it reads from outside
	compress int      // the line of the first Compress
	restore  int      // the line of the first that gives a block back
}

// A region is packed when what it may save, most of its cost, is well above
// the cost of moving its blocks there and back.
const (
	packBlock = 3 // for each block that is moved
	packBase  = 20
)

// outsides collects, for each region, its values that are used outside it.
func (e *emitter) outsides() {
	e.outs = map[*region][]*value{}
	type pair struct {
		r *region
		v *value
	}
	seen := map[pair]bool{}
	use := func(v *value, r *region) {
		if v == nil {
			return
		}
		for x := v.home; x != nil && !within(r, x); x = x.parent {
			if x.kind == skipRegion && !v.scalar && !seen[pair{x, v}] {
				seen[pair{x, v}] = true
				e.outs[x] = append(e.outs[x], v)
			}
		}
	}
	for _, v := range e.p.outs {
		use(v, e.p.root)
	}
	var walk func(r *region)
	walk = func(r *region) {
		use(r.trips, r)
		use(r.active, r)
		for _, f := range r.phis {
			use(f.next, r)
			use(f.init, r.parent)
		}
		for _, n := range r.list {
			if n.r != nil {
				use(n.r.mask, r)
				walk(n.r)
				continue
			}
			for _, a := range n.v.args[:n.v.n] {
				use(a, r)
			}
		}
	}
	walk(e.p.root)
}

// packed emits the skippable region c with packing, if it looks worth it.
func (e *emitter) packed(c *region, deps []*value, end int) bool {
	var blocks []*value
	for _, v := range deps {
		if !v.scalar {
			blocks = append(blocks, v)
		}
	}
	outs := e.outs[c]
	pays := regionCost(c, nil) >= packBase+packBlock*(len(blocks)+len(outs))
	if e.p.noPacking || c.mask.scalar || !pays && !e.p.packAll {
		return false
	}
	slot := e.slots
	e.slots++
	e.lines = append(e.lines, line{op: block.Pack, args: [block.MaxArgs]*value{c.mask}, n: 1, label: end, slot: slot})
	k := packing{deps: blocks, compress: len(e.lines)}
	for _, v := range blocks {
		e.lines = append(e.lines, line{op: block.Compress, dst: v, args: [block.MaxArgs]*value{v}, n: 1, slot: slot})
	}
	e.region(c, nil)
	e.lines = append(e.lines, line{op: block.Unpack, label: end, slot: slot})
	for _, v := range outs {
		e.lines = append(e.lines, line{op: block.Expand, dst: v, slot: slot})
	}
	k.restore = len(e.lines)
	for range blocks {
		e.lines = append(e.lines, line{op: block.Nop})
	}
	e.packings = append(e.packings, k)
	return true
}

// keep finds which blocks are wanted after the region that they were packed
// for, and keeps those aside meanwhile. It reports whether there are any.
func (e *emitter) keep() bool {
	any := false
	for _, k := range e.packings {
		after := k.restore + len(k.deps)
		for i, v := range k.deps {
			if iv := e.interval(v); iv == nil || iv.to < after {
				continue
			}
			aside := &value{op: block.Copy, typ: v.typ, home: v.home}
			e.lines[k.compress+i].args[0] = aside
			e.lines[k.restore+i] = line{op: block.Copy, dst: v, args: [block.MaxArgs]*value{aside}, n: 1}
			any = true
		}
	}
	return any
}
