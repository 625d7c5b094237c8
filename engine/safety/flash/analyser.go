package flash

import (
	"time"

	"noctiluca/engine/crew"
	"noctiluca/shaders/kage/block"
)

// perPart is how many lights one task handles: eight blocks.
const perPart = 8 * block.Size

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
	most    float32 // cd/m² of the surroundings with every light at full
	around  around
	started bool
	alert   time.Duration // until then softening is possible
	frame   uint32
	now     time.Duration
	ramp    float32 // share of full that a softened light comes back by in this frame

	lights  int
	workers []*worker
	// Of each light, in slots: a part begins at a whole block.
	oldSat, nextSat []float32 // masks: a saturated red since the last transition
	codes           []uint8   // what it did, in blocks that are hot
	marks           []uint8   // whether it is softened
	gains           []float32 // in parts that are dimmed

	r, g, b     []float32
	idle        []uint8 // of each block: for how many frames there was no red, up to idleBoth
	dimmed      []int32 // parts, in order
	fresh       bool    // the frame is followed for the first time
	pass, apply func(worker, task int)
}

// Marks of a light that was softened and is coming back, by either signal.
const (
	softLum uint8 = 1 << iota
	softRed
)

// part is a run of lights of one stretch.
type part struct {
	stretch    int
	light, end int     // lights
	slot       int     // of the first one
	pixel      int     // the first one's first pixel
	sum        float64 // of the lights' luminances
	hot        uint8   // blocks in which a light may have turned, a bit each
	did        uint8   // all codes in it
	softs      int     // marks in it
}

// New prepares an analyser. With limit it softens what it is given so that
// it stays within the rules; without, it only judges.
func New(s *Scene, r Rules, limit bool, c *crew.Crew) *Analyser {
	return newWith(block.Best(), s, r, limit, c)
}

func newWith(k *block.Kernels, s *Scene, r Rules, limit bool, c *crew.Crew) *Analyser {
	a := &Analyser{rules: r, limit: limit, scene: s, crew: c, area: int64(r.Area*perSteradian + 0.5)}
	lights, slots := 0, 0
	for i := range s.Stretches {
		st := &s.Stretches[i]
		n := st.lights()
		for k := 0; k < n; k += perPart {
			many := min(perPart, n-k)
			a.parts = append(a.parts, part{stretch: i, light: lights + k, end: lights + k + many, slot: slots, pixel: st.First + k*st.run()})
			slots += blocks(many) * block.Size
		}
		lights += n
	}
	ratio := float32(0)
	if r.Contrast > 0 {
		ratio = float32(1+r.Contrast) / float32(1-r.Contrast)
	}
	a.lights = lights
	a.lum = newTrack(slots, r.Change, r.Dark, ratio, lumUp, lumDown, softLum)
	a.red = newTrack(slots, r.RedChange, endless, 0, redUp, redDown, softRed)
	a.tracks = [2]*track{a.lum, a.red}
	a.oldSat, a.nextSat = make([]float32, slots), make([]float32, slots)
	a.codes, a.marks = make([]uint8, slots), make([]uint8, slots)
	a.idle = make([]uint8, blocks(slots))
	if limit {
		a.gains, a.dimmed = make([]float32, slots), make([]int32, 0, len(a.parts))
	}
	for range c.Workers() {
		a.workers = append(a.workers, a.newWorker(k))
	}
	for _, p := range s.Places {
		v := newView(s, p, lights)
		a.views = append(a.views, v)
		for _, t := range a.tracks {
			t.ledgers = append(t.ledgers, newLedger(v))
		}
	}
	a.thrown = s.Surround.luminance()
	a.around = newAround(a.lum)
	for i := range a.parts {
		p := &a.parts[i]
		p.sum = float64(p.end-p.light) * float64(a.lum.full(&s.Stretches[p.stretch]))
	}
	a.most = a.light()
	a.pass = func(worker, task int) { a.followPart(a.workers[worker], task, a.fresh) }
	a.apply = func(worker, task int) {
		part := int(a.dimmed[task])
		a.dim(part)
		a.followPart(a.workers[worker], part, false)
	}
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
	a.fresh = true
	a.crew.Do(len(a.parts), a.pass)
	a.fresh = false
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
	for _, t := range a.tracks {
		t.old, t.next = t.next, t.old
	}
	a.oldSat, a.nextSat = a.nextSat, a.oldSat
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
