package flash

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
	if of := float32(times * rest); st.run() > 1 || x >= of*near && r < float32(times*s) {
		bound = min(bound, float32(k*(r-float32(times*s)))+of)
	}
	if bound < x {
		x = st.Under(max(bound, 0))
	}
	return x, y, z
}

// dim applies the gains of a part.
func (a *Analyser) dim(task int) {
	p := &a.parts[task]
	st := &a.scene.Stretches[p.stretch]
	gains := a.gains[p.slot : p.slot+p.end-p.light]
	if st.run() == 1 && st.Under == nil {
		n := p.end - p.light
		for _, c := range [][]float32{a.r, a.g, a.b} {
			c = c[p.pixel : p.pixel+n][:len(gains)]
			for i, k := range gains {
				c[i] = float32(c[i] * k)
			}
		}
		return
	}
	for light, k := range gains {
		if k == 1 {
			continue
		}
		from := p.pixel + light*st.run()
		for i := from; i < min(from+st.run(), st.First+st.Count); i++ {
			a.r[i], a.g[i], a.b[i] = a.lessOf(st, a.r[i], a.g[i], a.b[i], k)
		}
	}
}

// again dims all of the frame by k and judges it anew.
func (a *Analyser) again(k float32, v *Verdict) {
	for i := range a.scene.Stretches {
		st := &a.scene.Stretches[i]
		for p := st.First; p < st.First+st.Count; p++ {
			a.r[p], a.g[p], a.b[p] = a.lessOf(st, a.r[p], a.g[p], a.b[p], k)
		}
	}
	a.crew.Do(len(a.parts), a.pass)
	a.soften(v)
}
