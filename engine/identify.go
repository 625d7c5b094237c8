package engine

// Identify lets the pixels first…first+count show themselves: they breathe in
// white while everything else is dimmed, until it is called with a count of 0.
// It is for hands on a ladder, and no part of a show: nothing records it, and
// what it lights passes the limits of the safety stage as everything does. Any
// goroutine may call it.
func (e *Engine) Identify(first, count int) {
	n := e.inst.Pixels.Count()
	if first < 0 || count <= 0 || first >= n {
		e.identified.Store(0)
		return
	}
	e.identified.Store(uint64(first)<<32 | uint64(min(count, n-first)))
}

// One breath takes four seconds: far from anything that flashes.
const (
	identifySeconds = 4
	identifyDim     = 0.12 // of what is not meant
	identifyLeast   = 0.08
	identifyMost    = 0.6
)

// identify changes the present picture.
func (e *Engine) identify() {
	packed := e.identified.Load()
	if packed == 0 {
		return
	}
	first, count := int(packed>>32), int(packed&0xFFFFFFFF)
	period := uint64(identifySeconds * e.inst.Rate)
	x := float32(e.ticks%max(period, 1)) / float32(max(period, 1))
	if x > 0.5 {
		x = 1 - x
	}
	breath := float32(identifyLeast) + float32(2*x*(identifyMost-identifyLeast))
	for _, c := range [...][]float32{e.r, e.g, e.b} {
		for i := range c {
			c[i] = float32(c[i] * identifyDim)
		}
		for i := first; i < first+count; i++ {
			c[i] = breath
		}
	}
}
