package safety

import (
	"math"

	"noctiluca/engine/light/colour"
	"noctiluca/engine/safety/night"
	"noctiluca/installations"
)

// caps is the limit of each light of a fixture by itself: its luminance, its
// blue-light hazard, and what the night allows. It keeps hue, but for the
// melanopic cap, whose point is to change it.
type caps struct {
	full       [3]float32 // cd/m² of R, G and B at full, for glare and hazard
	luminance  float32    // the most, cd/m²
	blue       [3]float32 // W/m²/sr, blue-light weighted, of R, G and B at full
	hazard     float32    // the most
	matters    bool       // some light of the fixture could be over
	near, area float64    // for the report
}

// Blue-light weighted radiance, W/m²/sr for each cd/m² (IEC 62471), and
// melanopic daylight efficacy ratio (CIE S 026) of the nominal LED's red, green
// and blue, by their spectra: 5.4e-6, 1.1e-4 and 0.0128; 0.002, 1.07 and 10.6.
var hazardOf, melanopicOf = weights()

func weights() (hazard [3]float64, melanopic [3]float32) {
	for i, band := range colour.Bands() {
		hazard[i], melanopic[i] = band.BlueHazard(), float32(band.Melanopic())
	}
	return hazard, melanopic
}

// newCaps works out the caps of a fixture. Radiance is averaged over 0.1 rad,
// as IEC 62471 does for long looks, at the closest viewing distance, which is
// no less than its 0.2 m; within that disc lies one LED, or as many as their
// pitch lets in.
func newCaps(f *installations.Fixture, g installations.Glare, pitch, near float64) caps {
	near = max(near, 0.2)
	radius := near * 0.05
	c := caps{near: near, area: min(float64(pitch*pitch), float64(math.Pi*float64(radius*radius)))}
	k, w := candela(&f.LED)
	if total := k[0] + k[1] + k[2]; w > total && total > 0 {
		for i := range k {
			k[i] *= w / total
		}
	}
	sum, blue := 0.0, 0.0
	for i := range k {
		c.full[i] = float32(k[i] / c.area)
		c.blue[i] = float32(k[i] / c.area * hazardOf[i])
		sum += k[i] / c.area
		blue += k[i] / c.area * hazardOf[i]
	}
	c.luminance, c.hazard = float32(g.Luminance), float32(g.Blue)
	if g.Luminance <= 0 {
		c.luminance = float32(math.Inf(1))
	}
	if g.Blue <= 0 {
		c.hazard = float32(math.Inf(1))
	}
	c.matters = float32(sum) > c.luminance || float32(blue) > c.hazard
	return c
}

// apply holds one light to the caps. it says whether one of them acted.
func (c *caps) apply(n *night.State, r, g, b float32) (x, y, z float32, glared bool) {
	if n.Active > 0 {
		r, g, b = c.darken(n, r, g, b)
	}
	if !c.matters {
		return r, g, b, false
	}
	k := float32(1)
	if l := c.light(&c.full, r, g, b); l > c.luminance {
		k = c.luminance / l
	}
	if h := c.light(&c.blue, r, g, b); float32(h*k) > c.hazard {
		k = c.hazard / h
	}
	if k < 1 {
		return float32(r * k), float32(g * k), float32(b * k), true
	}
	return r, g, b, false
}

func (c *caps) light(of *[3]float32, r, g, b float32) float32 {
	return (float32(of[0]*r) + float32(of[1]*g)) + float32(of[2]*b)
}

// darken applies what the night allows: the level, then the melanopic cap, by
// taking away blue and, where that is not enough, green; then the luminance.
func (c *caps) darken(n *night.State, r, g, b float32) (x, y, z float32) {
	r, g, b = float32(r*n.Level), float32(g*n.Level), float32(b*n.Level)
	lr, lg, lb := float32(c.full[0]*r), float32(c.full[1]*g), float32(c.full[2]*b)
	m := n.Melanopic
	if m < melanopicOf[2] {
		// What red and green leave under the cap is for blue.
		left := float32((m-melanopicOf[0])*lr) + float32((m-melanopicOf[1])*lg)
		if over := float32((melanopicOf[2] - m) * lb); over > max(left, 0) {
			k := max(left, 0) / over
			b, lb = float32(b*k), float32(lb*k)
		}
		if m < melanopicOf[1] && left < 0 {
			k := float32((m-melanopicOf[0])*lr) / max(float32((melanopicOf[1]-m)*lg), 1e-30)
			k = min(max(k, 0), 1)
			g, lg = float32(g*k), float32(lg*k)
		}
	}
	if l := (lr + lg) + lb; l > n.Luminance {
		k := n.Luminance / l
		return float32(r * k), float32(g * k), float32(b * k)
	}
	return r, g, b
}
