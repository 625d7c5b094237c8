package flash

import "noctiluca/engine/safety/flash/lane"

// dim applies the gains of a part, and finds how many there are and the least
// of them.
func (a *Analyser) dim(w *worker, p *part, st *Stretch) {
	n := p.end - p.light
	d := &w.dim
	d.Least, d.Count = d.One, 0
	do := w.set.Dim
	if st.Steps != nil {
		do = w.set.DimSteps
		d.Steps = st.Steps
		d.ByRed.Always = a.always[min(st.run(), 2)-1]
	}
	if st.run() == 1 {
		a.dimPixels(w, do, w.gains[:], p.pixel, n)
		p.count = d.Count
	} else {
		a.dimRuns(w, do, p, st)
	}
	for _, k := range d.Least {
		p.least.gain = min(p.least.gain, k)
	}
}

// dimRuns is dim where a light is several pixels.
func (a *Analyser) dimRuns(w *worker, do func(*lane.Dim), p *part, st *Stretch) {
	for _, k := range w.gains[:p.end-p.light] {
		if k != 1 {
			p.count++
		}
	}
	pixel, end, run := p.pixel, min(p.pixel+(p.end-p.light)*st.run(), st.First+st.Count), st.run()
	light, part := 0, 0 // of the next pixel: its light, and which it is of that
	for pixel < end {
		n := min(len(w.pixels), end-pixel)
		for i := range w.pixels[:n] {
			w.pixels[i] = w.gains[light]
			if part++; part == run {
				light, part = light+1, 0
			}
		}
		a.dimPixels(w, do, w.pixels[:], pixel, n)
		pixel += n
	}
}

// dimPixels multiplies so many pixels by gains, block by block.
func (a *Analyser) dimPixels(w *worker, do func(*lane.Dim), gains []float32, pixel, n int) {
	d := &w.dim
	in := [3][]float32{a.r[pixel : pixel+n], a.g[pixel : pixel+n], a.b[pixel : pixel+n]}
	for at := 0; at < n; at += lane.Size {
		d.N = sixteens(n - at)
		d.Gains = whole(gains[at:])
		if n-at >= lane.Size {
			d.R, d.G, d.B = whole(in[0][at:]), whole(in[1][at:]), whole(in[2][at:])
			do(d)
			continue
		}
		for i := n; i < at+d.N; i++ {
			gains[i] = 1
		}
		w.pad(&in, at)
		d.R, d.G, d.B = &w.last[0], &w.last[1], &w.last[2]
		do(d)
		for k := range in {
			copy(in[k][at:], w.last[k][:])
		}
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
