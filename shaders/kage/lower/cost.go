package lower

import "noctiluca/shaders/kage/block"

// Costs of operations on a block, in the time of an addition, as measured
// for the AVX2 kernels; operations not here cost 1. They decide what is worth
// a jump and what goes first, never what comes out.
var opCosts = map[block.Op]int{
	block.Div: 3, block.Mod: 4, block.Sqrt: 3, block.InvSqrt: 5,
	block.Sin: 8, block.Cos: 8, block.Tan: 14, block.Asin: 10, block.Acos: 10, block.Atan: 10, block.Atan2: 12,
	block.Exp: 7, block.Exp2: 6, block.Log: 8, block.Log2: 7, block.Pow: 18,
	block.IMul: 2, block.IDiv: 12, block.IMod: 14,
	block.Mix: 2, block.Clamp: 2, block.SmoothStep: 5, block.Dot2: 2, block.Dot3: 3, block.Length2: 4, block.Length3: 5,
	block.Gather: 40, block.Scatter: 50,
}

func opCost(op block.Op) int {
	if c, ok := opCosts[op]; ok {
		return c
	}
	return 1
}

// A jump costs a mask to compute and a look over it, and keeps what is in
// the region from being shared with what is outside.
const (
	skipBlocks = 8 // a region's cost from which a divergent jump pays
	skipScalar = 3 // and a jump that is the same for all lanes
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
