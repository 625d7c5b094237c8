package life

import (
	"math/rand/v2"

	"noctiluca/shaders/kage/block/scalar"
)

// near is how strongly each cell reaches each pixel, worked out once:
// 1/(1 + d²/r²), with its radius r.
type near struct {
	n     int
	reach [][]float32 // by cell
	place []Place
}

func newNear(c *Config) near {
	w := near{n: len(c.X), place: c.Cells}
	for _, p := range c.Cells {
		r := max(p.Radius, 0.1)
		v := make([]float32, len(c.X))
		for i := range v {
			dx, dy, dz := c.X[i]-p.At[0], c.Y[i]-p.At[1], c.Z[i]-p.At[2]
			d := float32(dx*dx) + float32(dy*dy) + float32(dz*dz)
			v[i] = 1 / (1 + d/float32(r*r))
		}
		w.reach = append(w.reach, v)
	}
	return w
}

// sum sets out to the sum of reach × weight(cell) over the cells.
func (w *near) sum(out []float32, in *Influence, weight func(*Cell) float32) {
	clear(out)
	for c := range min(len(w.reach), len(in.Cells)) {
		k := weight(&in.Cells[c])
		if k == 0 {
			continue
		}
		reach := w.reach[c]
		for i := range out {
			out[i] += float32(reach[i] * k)
		}
	}
}

// spots sets out to the greatest of how near a pixel is to the people's own
// places, 1 at a place and 0 from the radius on, times what weight gives.
func spots(out []float32, c *Config, in *Influence, radius float32, weight func(*Spot) float32) {
	clear(out)
	r := float32(radius * radius)
	for s := range in.Own {
		o := &in.Own[s]
		k := weight(o)
		if k == 0 {
			continue
		}
		for i := range out {
			dx, dy, dz := c.X[i]-o.At[0], c.Y[i]-o.At[1], c.Z[i]-o.At[2]
			d := (float32(dx*dx) + float32(dy*dy) + float32(dz*dz)) / r
			if d < 1 {
				v := 1 - d
				out[i] = max(out[i], float32(k*float32(v*v)))
			}
		}
	}
}

func presence(c *Cell) float32 { return c.Presence }

// random is a seeded source that gives float32 and can be saved.
type random struct{ rand.PCG }

func newRandom(seed, stream uint64) *random {
	r := &random{}
	r.Seed(seed, stream)
	return r
}

// unit is 0 ≤ x < 1, of 24 bits.
func (r *random) unit() float32 { return float32(r.Uint64()>>40) / (1 << 24) }

// below is a whole number under n, n < 2³¹.
func (r *random) below(n int) int { return int(r.Uint64() >> 33 * uint64(n) >> 31) }

// exponential is a draw of mean 1.
func (r *random) exponential() float32 {
	return -scalar.Log((float32(r.Uint64()>>40) + 0.5) / (1 << 24))
}

// normal is a draw of mean 0 and variance 1, by Box and Muller.
func (r *random) normal() float32 {
	radius := scalar.Sqrt(float32(2 * r.exponential()))
	return float32(radius * scalar.Cos(float32(r.unit()*tau)))
}

const tau = 6.283185307179586

// unit clamps to 0…1.
func unit(x float32) float32 { return min(max(x, 0), 1) }

// decay is the share that is left of an exponential of a time constant after
// one tick.
func decay(seconds, constant float32) float32 {
	if constant <= 0 {
		return 0
	}
	return scalar.Exp(-seconds / constant)
}

// flash is a light curve: t seconds after its start it has risen, along half
// a wave from 0 to 1, for rise seconds, and then falls off exponentially,
// brought to 0 at the end of six time constants.
func flash(t, rise, fall float32) float32 {
	switch {
	case t <= 0:
		return 0
	case t < rise:
		u := t / rise
		return float32(float32(u*u) * (3 - float32(2*u)))
	}
	u := (t - rise) / fall
	if u >= 6 {
		return 0
	}
	const rest = 0.0024787521766663585 // e⁻⁶
	return (scalar.Exp(-u) - rest) / (1 - rest)
}
