package flash

import "noctiluca/engine/safety/flash/lane"

// dim applies the gains of a block of a part, counts them, and gives the
// least of them.
func (a *Analyser) dim(w *worker, p *part, st *Stretch, at int) (least float32) {
	d := &w.dim
	d.Count, least = 0, 1
	do := w.set.Dim
	if st.Steps != nil {
		do = w.set.DimSteps
		d.Steps = st.Steps
		d.ByRed.Always = a.always[min(st.run(), 2)-1]
	}
	n := min(p.end-p.light-at, lane.Size)
	if run := st.run(); run == 1 {
		a.dimPixels(w, do, &w.gains, p.pixel+at, n)
		p.count += d.Count
		least = d.Least
	} else {
		for light, k := range w.gains[:n] {
			if k != 1 {
				p.count++
			}
			of := w.pixels[light*run:][:run]
			for i := range of {
				of[i] = k
			}
		}
		from := p.pixel + at*run
		end := min(from+n*run, st.First+st.Count)
		for done := 0; from+done < end; done += lane.Size {
			a.dimPixels(w, do, whole(w.pixels[done:]), from+done, min(lane.Size, end-from-done))
			least = min(least, d.Least)
		}
	}
	return least
}

// dimPixels multiplies so many pixels, at most a block, by gains.
func (a *Analyser) dimPixels(w *worker, do func(*lane.Dim), gains *[lane.Size]float32, from, n int) {
	d := &w.dim
	d.N, d.Gains = sixteens(n), gains
	if n == lane.Size {
		d.R, d.G, d.B = whole(a.r[from:]), whole(a.g[from:]), whole(a.b[from:])
		do(d)
		return
	}
	for i := n; i < d.N; i++ {
		gains[i] = 1
	}
	in := [3][]float32{a.r[from : from+n], a.g[from : from+n], a.b[from : from+n]}
	w.pad(&in)
	d.R, d.G, d.B = &w.last[0], &w.last[1], &w.last[2]
	do(d)
	for k := range in {
		copy(in[k], w.last[k][:])
	}
}

// dimAll dims all of a part by a.factor, and follows it anew.
func (a *Analyser) dimAll(w *worker, p *part) {
	st := &a.scene.Stretches[p.stretch]
	w.begin(p, st)
	for at := 0; at < p.end-p.light; at += lane.Size {
		for i := range w.gains {
			w.gains[i] = a.factor
		}
		a.dim(w, p, st, at)
		a.followBlock(w, at, false)
	}
	w.finish()
}

// again dims all of the frame by k and judges it anew.
func (a *Analyser) again(k float32, v *Verdict) {
	a.factor = k
	a.crew.Do(len(a.parts), a.repeat)
	a.soften(v)
}
