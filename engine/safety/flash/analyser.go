package flash

import (
	"time"

	"noctiluca/engine/crew"
	"noctiluca/engine/safety/flash/lane"
)

// perPart is how many lights one task handles.
const perPart = lane.MaxLights

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
	rule    *lane.Rules
	always  [2]lane.Wide // lane.ByRed's, of lights of one pixel and of several
	// Of each block. Lights have slots: a part begins at a whole block.
	oldSat, nextSat []lane.Bits // a saturated red since the last transition
	codes           []lane.Codes
	idle            []uint8 // for how many frames there was no red, up to idleBoth

	r, g, b []float32
	factor  float32 // what all is dimmed by
	did     uint8   // what any light did, as in part
	refused uint8   // the rises of the frame, as in did, that are refused somewhere
	// The tasks of each pass over the parts.
	pass, repeat, weighing, deciding, counting func(worker, task int)
}

// part is a run of lights of one stretch.
type part struct {
	stretch    int
	light, end int     // lights
	slot       int     // of the first one
	pixel      int     // the first one's first pixel
	sum        float64 // of the lights' luminances
	did        uint8   // all codes in it, a bit for each kind
	softs      [2]int  // lights that are softened, by each signal
	least      dimmed  // what it was softened most
	count      int     // and how many of its lights were
}

// dimmed is the light that is dimmed most.
type dimmed struct {
	gain  float32
	place int
	byRed bool
}

// New prepares an analyser. With limit it softens what it is given so that
// it stays within the rules; without, it only judges.
func New(s *Scene, r Rules, limit bool, c *crew.Crew) *Analyser {
	return newWith(lane.Best(), s, r, limit, c)
}

func newWith(set *lane.Set, s *Scene, r Rules, limit bool, c *crew.Crew) *Analyser {
	a := &Analyser{rules: r, limit: limit, scene: s, crew: c, area: int64(r.Area*perSteradian + 0.5)}
	lights, slots := 0, 0
	for i := range s.Stretches {
		st := &s.Stretches[i]
		n := st.lights()
		for k := 0; k < n; k += perPart {
			many := min(perPart, n-k)
			a.parts = append(a.parts, part{stretch: i, light: lights + k, end: lights + k + many, slot: slots, pixel: st.First + k*st.run()})
			slots += blocks(many) * lane.Size
		}
		lights += n
	}
	ratio := float32(0)
	if r.Contrast > 0 {
		ratio = float32(1+r.Contrast) / float32(1-r.Contrast)
	}
	a.lights = lights
	a.lum = newTrack(slots, lane.NewTrack(r.Change, r.Dark, ratio), lane.LumUp)
	a.red = newTrack(slots, lane.NewTrack(r.RedChange, lane.Endless, 0), lane.RedUp)
	a.tracks = [2]*track{a.lum, a.red}
	a.rule = lane.NewRules(a.lum.Track, a.red.Track, r.RedShare)
	a.always[1] = lane.NewByRed(r.RedShare, true).Always
	n := slots / lane.Size
	a.oldSat, a.nextSat = make([]lane.Bits, n), make([]lane.Bits, n)
	a.codes, a.idle = make([]lane.Codes, n), make([]uint8, n)
	for _, p := range s.Places {
		v := newView(s, p, lights, a.parts)
		a.views = append(a.views, v)
		for _, t := range a.tracks {
			t.ledgers = append(t.ledgers, newLedger(v, &a.rules, a.area))
		}
	}
	a.thrown = s.Surround.luminance()
	a.around = newAround(a.lum)
	for i := range a.parts {
		p := &a.parts[i]
		p.sum = float64(p.end-p.light) * float64(a.lum.full(&s.Stretches[p.stretch]))
	}
	a.most = a.light()
	for range c.Workers() {
		a.workers = append(a.workers, a.newWorker(set))
	}
	a.pass = func(worker, task int) { a.followPart(a.workers[worker], &a.parts[task], true) }
	a.repeat = func(worker, task int) { a.dimAll(a.workers[worker], &a.parts[task]) }
	a.weighing = func(worker, task int) { a.weighPart(a.workers[worker], task) }
	a.deciding = func(worker, task int) { a.decide(a.workers[worker], task) }
	a.counting = func(worker, task int) { a.countPart(a.workers[worker], task) }
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
