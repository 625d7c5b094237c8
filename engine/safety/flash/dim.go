package flash

import "noctiluca/engine/safety/flash/lane"

// lessOf is a pixel's light times k. Of lights that are told in steps it is
// rounded down to them, and red so much further that neither R − G − B is
// over k times what it was, nor a red saturated that was not: less green and
// blue alone would make it redder. k is under 1.
func (a *Analyser) lessOf(st *Stretch, r, g, b, k float32) (x, y, z float32) {
	x, y, z = float32(r*k), float32(g*k), float32(b*k)
	if st.Under == nil {
		return x, y, z
	}
	bound := x
	y, z = st.Under(y), st.Under(z)
	x = st.Under(x)
	s, rest := g+b, y+z
	if x > rest {
		bound = min(bound, float32(k*(r-s))+rest)
	}
	// A red is saturated where it is so many times green and blue. The mean
	// of several pixels has to stay under that whatever each is.
	times := a.rules.RedShare / (1 - a.rules.RedShare)
	if of := float32(times * rest); st.run() > 1 || x >= of*lane.Near && r < float32(times*s) {
		bound = min(bound, float32(k*(r-float32(times*s)))+of)
	}
	if bound < x {
		x = st.Under(max(bound, 0))
	}
	return x, y, z
}

// dim applies the gains of a part, and finds how many there are and the least
// of them.
func (a *Analyser) dim(w *worker, p *part, st *Stretch) {
	n := p.end - p.light
	if st.run() == 1 && st.Under == nil {
		a.dimPlain(w, p, n)
		return
	}
	for light, k := range w.gains[:n] {
		if k == 1 {
			continue
		}
		p.count++
		p.least.gain = min(p.least.gain, k)
		from := p.pixel + light*st.run()
		for i := from; i < min(from+st.run(), st.First+st.Count); i++ {
			a.r[i], a.g[i], a.b[i] = a.lessOf(st, a.r[i], a.g[i], a.b[i], k)
		}
	}
}

// dimPlain is dim where a light is one pixel, of any light.
func (a *Analyser) dimPlain(w *worker, p *part, n int) {
	d := &w.dim
	d.Least, d.Count = d.One, 0
	in := [3][]float32{a.r[p.pixel : p.pixel+n], a.g[p.pixel : p.pixel+n], a.b[p.pixel : p.pixel+n]}
	for at := 0; at < n; at += lane.Size {
		d.Gains = whole(w.gains[at:])
		if n-at >= lane.Size {
			d.R, d.G, d.B = whole(in[0][at:]), whole(in[1][at:]), whole(in[2][at:])
			w.set.Dim(d)
			continue
		}
		w.pad(&in, at)
		d.R, d.G, d.B = &w.last[0], &w.last[1], &w.last[2]
		w.set.Dim(d)
		for k := range in {
			copy(in[k][at:], w.last[k][:])
		}
	}
	p.count = d.Count
	for _, k := range d.Least {
		p.least.gain = min(p.least.gain, k)
	}
}

// dimAll dims all of a part by a.factor, and follows it anew.
func (a *Analyser) dimAll(w *worker, p *part) {
	for i := range w.gains {
		w.gains[i] = a.factor
	}
	a.dim(w, p, &a.scene.Stretches[p.stretch])
	a.followPart(w, p, false)
}

// again dims all of the frame by k and judges it anew.
func (a *Analyser) again(k float32, v *Verdict) {
	a.factor = k
	a.crew.Do(len(a.parts), a.repeat)
	a.soften(v)
}
