package life

import "noctiluca/engine/life/graph"

// nagumo is the FitzHugh–Nagumo model on a graph, stepped by Euler's rule.
type nagumo struct {
	graph     *graph.Graph
	v, w      []float32
	current   []float32 // I of each pixel
	spread    []float32
	diffusion float32
	a, b, eps float32
}

// longest is the longest step of model time; with D over 1 it is that much
// shorter, for which diffusion is stable.
const longest = 0.2

func newNagumo(c *Config, s settings) nagumo {
	n := len(c.X)
	m := nagumo{
		graph: c.graph(), v: make([]float32, n), w: make([]float32, n), current: make([]float32, n), spread: make([]float32, n),
		diffusion: s.get("diffusion"), a: s.get("a"), b: s.get("b"), eps: s.get("epsilon"),
	}
	v, w := m.rest()
	for i := range m.v {
		m.v[i], m.w[i] = v, w
	}
	return m
}

// rest is the fixed point without current, by bisection: v − v³/3 = w and
// w = (v + a)/b.
func (m *nagumo) rest() (v, w float32) {
	lo, hi := float32(-3), float32(3)
	for range 60 {
		v = (lo + hi) / 2
		if v-float32(float32(v*v)*v)/3-(v+m.a)/m.b > 0 {
			lo = v
		} else {
			hi = v
		}
	}
	return v, (v + m.a) / m.b
}

// advance by an amount of model time.
func (m *nagumo) advance(span float32) {
	steps := int(float32(span*max(m.diffusion, 1))/longest) + 1
	dt := span / float32(steps)
	for range steps {
		if m.diffusion > 0 {
			m.graph.Laplacian(m.spread, m.v)
		}
		for i, v := range m.v {
			w := m.w[i]
			dv := v - float32(float32(v*v)*v)/3 - w + m.current[i] + float32(m.diffusion*m.spread[i])
			dw := float32(m.eps * (v + m.a - float32(m.b*w)))
			m.v[i] = min(max(v+float32(dt*dv), -3), 3)
			m.w[i] = w + float32(dt*dw)
		}
	}
}
