package flash

import (
	"slices"
	"time"

	"noctiluca/engine/crew"
)

// perPart is how many lights one task handles.
const perPart = 2048

// hold is how long a light stays softened after it last tried to flash, and
// back how long it takes from there to its full: what comes back slowly is no
// flash, and what goes on flashing is not let through in bursts.
const (
	hold = time.Second
	back = 750 * time.Millisecond
)

// Analyser follows the light of a scene, frame by frame. Its methods are
// called from one goroutine; the crew does the work.
type Analyser struct {
	rules   Rules
	limit   bool
	area    int64
	scene   *Scene
	crew    *crew.Crew
	parts   []part
	lum     *track
	red     *track
	tracks  [2]*track
	views   []*view
	thrown  float64 // cd/m² of the surroundings for each lm
	around  around
	started bool
	alert   time.Duration // until then softening is possible
	frame   uint32
	now     time.Duration
	ramp    float32 // share of full that a softened light comes back by in this frame

	lights  int
	r, g, b []float32
	pass    func(worker, task int)
}

// part is a run of lights of one stretch.
type part struct {
	stretch      int
	light, end   int // lights
	pixel        int // the first one's first pixel
	flux         float64
	sum          float64 // of the lights' luminances
	first, count int     // of the stretch: lights
}

// New prepares an analyser. With limit it softens what it is given so that
// it stays within the rules; without, it only judges.
func New(s *Scene, r Rules, limit bool, c *crew.Crew) *Analyser {
	a := &Analyser{rules: r, limit: limit, scene: s, crew: c, area: int64(r.Area*perSteradian + 0.5)}
	lights := 0
	for i := range s.Stretches {
		st := &s.Stretches[i]
		n := st.lights()
		for k := 0; k < n; k += perPart {
			a.parts = append(a.parts, part{stretch: i, light: lights + k, end: lights + min(k+perPart, n), pixel: st.First + k*st.run(), first: lights, count: n})
		}
		lights += n
	}
	ratio := float32(0)
	if r.Contrast > 0 {
		ratio = float32(1+r.Contrast) / float32(1-r.Contrast)
	}
	a.lights = lights
	a.lum = newTrack(lights, len(a.parts), perPart, r.Change, r.Dark, ratio, false)
	a.red = newTrack(lights, len(a.parts), perPart, r.RedChange, endless, 0, true)
	a.tracks = [2]*track{a.lum, a.red}
	for _, p := range s.Places {
		v := newView(s, p, lights)
		a.views = append(a.views, v)
		for _, t := range a.tracks {
			t.ledgers = append(t.ledgers, newLedger(v))
		}
	}
	a.thrown = s.Surround.luminance()
	a.around = newAround(a.lum)
	a.pass = a.follow
	return a
}

// Limits says whether the analyser softens.
func (a *Analyser) Limits() bool { return a.limit }

// Step takes the next frame: linear light 0…1 of every pixel, which it
// softens in place if it limits. at must not be before the last.
func (a *Analyser) Step(at time.Duration, r, g, b []float32) Verdict {
	a.r, a.g, a.b = r, g, b
	a.ramp = 0
	if a.started {
		a.ramp = float32(min(max(at-a.now, 0), back)) / float32(back)
	}
	a.now, a.started = at, true
	a.frame++
	v := Verdict{Gain: 1, At: -1, Place: -1}
	for _, t := range a.tracks {
		for _, l := range t.ledgers {
			l.expire(at, a.rules.Together)
		}
	}
	if a.limit && at <= a.alert {
		for _, t := range a.tracks {
			copy(t.was, t.states)
			copy(t.wasMarks, t.marks)
		}
	}
	a.crew.Do(len(a.parts), a.pass)
	if a.limit && at <= a.alert {
		a.soften(&v)
	}
	light := a.light()
	if a.limit && at <= a.alert {
		if k := a.around.allow(light, a, &v); k < 1 {
			a.again(k, &v)
			light = a.light()
		}
	}
	v.Surround = a.around.step(light, a)
	v.Around = light
	a.count(&v)
	a.r, a.g, a.b = nil, nil, nil
	return v
}

// light is the luminance of the surroundings, of all that shines now.
func (a *Analyser) light() float32 {
	sum := 0.0
	for i := range a.parts {
		p := &a.parts[i]
		st := &a.scene.Stretches[p.stretch]
		sum += float64(p.sum * float64(st.Area*float64(st.run())))
	}
	return float32(float64(sum*a.thrown) * 3.14159265358979)
}

// again dims all of the frame by k and judges it anew: what each light did in
// it before is taken back first.
func (a *Analyser) again(k float32, v *Verdict) {
	for _, t := range a.tracks {
		a.takeBack(t)
	}
	for _, c := range [][]float32{a.r, a.g, a.b} {
		for i := range c {
			c[i] = float32(c[i] * k)
		}
	}
	a.crew.Do(len(a.parts), a.pass)
	a.soften(v)
}

// takeBack undoes the frame.
func (a *Analyser) takeBack(t *track) {
	copy(t.states, t.was)
	for i, m := range t.wasMarks {
		t.marks[i] = m | t.marks[i]&soft
	}
	t.fresh = t.fresh[:0]
}

// follow takes one part's signals a frame on.
func (a *Analyser) follow(_, task int) {
	p := &a.parts[task]
	a.lum.begin(task)
	a.red.begin(task)
	st := &a.scene.Stretches[p.stretch]
	if st.run() > 1 || st.White {
		p.sum = 0
		for i := p.light; i < p.end; i++ {
			y, v, sat := a.signals(st, p, int32(i))
			p.sum += float64(y)
			a.lum.look(task, int32(i), y, false)
			a.red.look(task, int32(i), v, sat)
		}
	} else {
		a.stride(p, st, task)
	}
	a.lum.end(task)
	a.red.end(task)
}

// stride is follow for plain RGB, a light a pixel: most lights only go along,
// and that is decided here in few steps.
func (a *Analyser) stride(p *part, st *Stretch, task int) {
	n := p.end - p.light
	r, g, b := a.r[p.pixel:p.pixel+n], a.g[p.pixel:p.pixel+n], a.b[p.pixel:p.pixel+n]
	lum, red := a.lum.states[p.light:p.end], a.red.states[p.light:p.end]
	g, b, lum, red = g[:len(r)], b[:len(r)], lum[:len(r)], red[:len(r)]
	kr, kg, kb := st.Full[0], st.Full[1], st.Full[2]
	least, share, redLeast := a.lum.least, a.lum.share, a.red.least
	sum := 0.0
	for i := range r {
		x, y, z := r[i], g[i], b[i]
		l := float32(kr*x) + float32(kg*y)
		l += float32(kb * z)
		sum += float64(l)
		s := &lum[i]
		q := float32(s.sign * l)
		if d := s.ext - q; d < 0 {
			s.ext = q
		} else if d >= least && d >= float32(s.ext*s.sign)*share {
			a.lum.look(task, int32(p.light+i), l, false)
		}
		v := x - y - z
		if v <= 0 {
			if red[i].ext <= 0 {
				red[i].ext = 0 // dark, since its last fall
				continue
			}
			v = 0
		}
		t := red[i]
		if q := float32(t.sign * v); t.ext-q >= redLeast || x >= redLeast {
			a.red.look(task, int32(p.light+i), v, a.isRed(x, y, z))
		} else if q > t.ext {
			red[i].ext = q
		}
	}
	p.sum = sum
}

// isRed says that a colour is a saturated red, and not one too dark to be
// either state of a transition.
func (a *Analyser) isRed(r, g, b float32) bool {
	return r >= a.red.least && r >= float32(a.rules.RedShare*((r+g)+b))*near
}

// signals gives a light's luminance, its redness R−G−B, and whether it is a
// saturated red.
func (a *Analyser) signals(st *Stretch, p *part, light int32) (y, v float32, sat bool) {
	run := st.run()
	from := st.First + (int(light)-p.first)*run
	if run == 1 && !st.White {
		r, g, b := a.r[from], a.g[from], a.b[from]
		y = float32(st.Full[0]*r) + float32(st.Full[1]*g)
		return y + float32(st.Full[2]*b), max(r-g-b, 0), a.isRed(r, g, b)
	}
	to := min(from+run, st.First+st.Count)
	var r, g, b float32
	for i := from; i < to; i++ {
		x, h, z := a.r[i], a.g[i], a.b[i]
		r, g, b = r+x, g+h, b+z
		if st.White {
			w := min(x, h, z)
			y += float32(st.Full[3] * w)
			x, h, z = x-w, h-w, z-w
		}
		l := float32(st.Full[0]*x) + float32(st.Full[1]*h)
		y += l + float32(st.Full[2]*z)
	}
	if n := float32(to - from); n > 1 {
		y, r, g, b = y/n, r/n, g/n, b/n
	}
	return y, max(r-g-b, 0), a.isRed(r, g, b)
}

func sort(l []entry) {
	slices.SortFunc(l, func(a, b entry) int { return int(a.light) - int(b.light) })
}
