package lower

import (
	"sync"

	"noctiluca/shaders/kage/block"
)

// Costs of operations on a block, in the time of an addition, as measured for
// the kernels; operations not here cost 1. They decide what is worth a jump
// and what goes first, never what comes out.
var opCosts = map[block.Op]int{
	block.Div: 2, block.Mod: 4, block.Sqrt: 3, block.InvSqrt: 5,
	block.Sin: 11, block.Cos: 13, block.Tan: 14, block.Asin: 8, block.Acos: 8, block.Atan: 11, block.Atan2: 11,
	block.Exp: 7, block.Exp2: 6, block.Log: 17, block.Log2: 16, block.Pow: 35,
	block.IDiv: 6, block.IMod: 6,
	block.SmoothStep: 3,
	block.Gather:     40, block.Scatter: 50,
}

// fusedCosts are those of the operations that stand for several: what their
// parts cost, but for the time of loading and storing what is between them.
var fusedCosts = sync.OnceValue(func() map[block.Op]int {
	costs := map[block.Op]int{}
	for _, t := range both(patterns()) {
		for _, list := range t {
			for _, p := range list {
				if _, ok := opCosts[p.to]; !ok {
					costs[p.to] = max(1, (p.cost()+5)/10)
				}
			}
		}
	}
	return costs
})

func both(first, rest patternTable) [2]patternTable { return [2]patternTable{first, rest} }

// cost is that of a kernel for p, in tenths.
func (p *pattern) cost() int {
	if p.op == block.Nop {
		return 0
	}
	c := 3
	if own, ok := opCosts[p.op]; ok {
		c = 10*own - 7
	}
	for _, k := range p.kids {
		c += k.cost()
	}
	return c
}

func opCost(op block.Op) int {
	if c, ok := opCosts[op]; ok {
		return c
	}
	if c, ok := fusedCosts()[op]; ok {
		return c
	}
	return 1
}

// A jump costs a mask to compute and a look over it, and keeps what is in
// the region from being shared with what is outside.
const (
	skipBlocks = 16 // a region's cost from which a divergent jump pays
	skipScalar = 3  // and a jump that is the same for all lanes
)

// regionCost is what running r costs, of values for which counts holds.
func regionCost(r *region, counts func(*value) bool) int {
	c := 0
	for _, n := range r.list {
		switch {
		case n.v == nil && n.r.kind == loopRegion:
			c += 1000
		case n.v == nil:
			c += regionCost(n.r, counts)
		case counts == nil || counts(n.v):
			c += opCost(n.v.op)
		}
	}
	return c
}

func worthSkipping(r *region, counts func(*value) bool) bool {
	least := skipBlocks
	if r.mask.scalar {
		least = skipScalar
	}
	return regionCost(r, counts) >= least
}
