package flash

import (
	"math"
	"testing"

	"noctiluca/engine/safety/flash/lane"

	"pgregory.net/rapid"
)

// TestDimmedInSteps: what is dimmed in steps of a byte is at most that part of
// the light, no redder by R − G − B, and no saturated red that was none.
func TestDimmedInSteps(t *testing.T) {
	under := func(v float32) float32 {
		n := int(v * 255)
		for n < 255 && float32(n+1)/255 <= v {
			n++
		}
		for float32(n)/255 > v {
			n--
		}
		return float32(n) / 255
	}
	a := &Analyser{rules: Room()}
	st := &Stretch{Under: under}
	rapid.Check(t, func(rt *rapid.T) {
		var c [3]float32
		for i := range c {
			c[i] = float32(rapid.IntRange(0, 255).Draw(rt, "byte")) / 255
		}
		if rapid.Bool().Draw(rt, "red") {
			c[1], c[2] = under(c[1]/5), under(c[2]/9)
		}
		k := rapid.Float32Range(0, 0.9999).Draw(rt, "gain")
		x, y, z := a.lessOf(st, c[0], c[1], c[2], k)
		for i, v := range []float32{x, y, z} {
			if v > float32(c[i]*k) || v < 0 || under(v) != v {
				rt.Fatalf("%v times %v became %v %v %v", c, k, x, y, z)
			}
		}
		was, is := max(float64(c[0]-c[1]-c[2]), 0), max(float64(x-y-z), 0)
		if is > was*float64(k)+1e-6 {
			rt.Fatalf("%v times %v became %v %v %v, redder", c, k, x, y, z)
		}
		saturated := func(r, g, b float32) bool { return r > 0 && r >= float32(0.8*((r+g)+b))*lane.Near }
		if saturated(x, y, z) && !saturated(c[0], c[1], c[2]) {
			rt.Fatalf("%v times %v became %v %v %v, a saturated red", c, k, x, y, z)
		}
		// Greys stay grey.
		if x, y, z := a.lessOf(st, c[0], c[0], c[0], k); x != y || y != z || math.Abs(float64(x-c[0]*k)) > 1.0/255+1e-6 {
			rt.Fatalf("grey %v times %v became %v %v %v", c[0], k, x, y, z)
		}
	})
}
