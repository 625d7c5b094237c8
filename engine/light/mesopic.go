package light

import (
	"noctiluca/engine/light/colour"
	"noctiluca/shaders/kage/block/scalar"
)

// Dusk renders light as an eye sees it that is used to the dark: what is dim
// is seen by rods, bluer and with less colour (the Purkinje shift), by CIE
// 191 (MES2), pixel by pixel. It does not change once made.
type Dusk struct {
	full        float32    // cd/m² of all three emitters at full
	cones, rods [3]float32 // photopic and scotopic luminance of each emitter, of full
	tint        [3]float32 // what rods see, of luminance 1
	share       float32    // V′ at 555 nm
}

// NewDusk prepares it for LEDs whose full white is seen as a luminance in
// cd/m²: on a dim screen some tens, on a bright wire some thousands.
func NewDusk(full float64) *Dusk {
	d := &Dusk{full: float32(full), share: colour.RodsAt555}
	bands := colour.Bands()
	for i, e := range colour.Nominal() {
		d.cones[i] = float32(e.XYZ[1])
		d.rods[i] = float32(e.XYZ[1] * bands[i].Scotopic() / bands[i].XYZ()[1])
	}
	// Rods have no colour; by convention of painters and film what they see is
	// a grey blue, that of an LED's full white with half its red.
	tint := [3]float32{0.5, 0.85, 1}
	y := float32(0)
	for i, t := range tint {
		y += float32(t * d.cones[i])
	}
	for i, t := range tint {
		d.tint[i] = t / y
	}
	return d
}

// log10of2 turns a binary logarithm into a decimal one.
const log10of2 = 0.30102999566

// See changes light of any range in place.
func (d *Dusk) See(r, g, b []float32) {
	for i := range r {
		x, y, z := clamp(r[i]), clamp(g[i]), clamp(b[i])
		photopic := float32(d.full * (float32(d.cones[0]*x) + float32(d.cones[1]*y) + float32(d.cones[2]*z)))
		if photopic >= 5 || photopic <= 0 {
			continue
		}
		scotopic := float32(d.full * (float32(d.rods[0]*x) + float32(d.rods[1]*y) + float32(d.rods[2]*z)))
		m, seen := float32(0.5), photopic
		for range 5 {
			rods := float32((1 - m) * d.share)
			seen = (float32(m*photopic) + float32(rods*scotopic)) / (m + rods)
			m = 0
			if seen > 0.005 {
				m = unit(0.7670 + float32(float32(0.3334*log10of2)*scalar.Log2(seen)))
			}
		}
		grey := float32((seen / d.full) * (1 - m))
		keep := float32(m * seen / photopic)
		r[i] = float32(keep*x) + float32(grey*d.tint[0])
		g[i] = float32(keep*y) + float32(grey*d.tint[1])
		b[i] = float32(keep*z) + float32(grey*d.tint[2])
	}
}
