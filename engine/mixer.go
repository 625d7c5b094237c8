package engine

import (
	"noctiluca/engine/light"
	"noctiluca/engine/show"
	"noctiluca/installations"
)

// playing is one scene with its layers, heard or not.
type playing struct {
	from   *installations.Scene
	layers []*layer
	bound  bool // its layers have the uniforms of the present tick
}

// share is how many pixels one task of the mixer handles.
const share = 4096

// mixer makes one picture of the scenes that are heard. It works in linear
// light, pixel by pixel, so who does which pixels changes no bit.
type mixer struct {
	channel, scene light.Picture
	decks          [2]light.Picture // their coverage is not used
	mask           []float32
	masked         bool
	groups         [][]int32 // the pixels of each group
	held           [3][]float32
	holding        bool
	heldAt         uint64 // the tick whose picture is held

	// What the tasks below do.
	grade   light.Grade
	at      float64
	meeting light.Meeting
	level   float32
	under   [3][]float32
	weight  float32
}

func newMixer(inst *installations.Installation) *mixer {
	n := inst.Pixels.Count()
	m := &mixer{channel: light.NewPicture(n), scene: light.NewPicture(n), mask: make([]float32, n)}
	for i := range m.decks {
		m.decks[i] = light.NewPicture(n)
	}
	for i := range m.held {
		m.held[i] = make([]float32, n)
	}
	for g := range inst.Groups {
		var pixels []int32
		for _, span := range inst.Spans(g) {
			for p := span.First; p < span.First+span.Count; p++ {
				pixels = append(pixels, int32(p))
			}
		}
		m.groups = append(m.groups, pixels)
	}
	return m
}

// light makes the picture of the present tick in e.r, e.g and e.b.
func (e *Engine) light() {
	mix, m := e.show.Mix(), e.mixer
	master := &mix.Master
	switch {
	case m.holding && (master.Freeze == 1 || m.heldAt == e.ticks):
		copy(e.r, m.held[0])
		copy(e.g, m.held[1])
		copy(e.b, m.held[2])
	default:
		e.draw(mix)
		if m.holding {
			crossfade(e.r, m.held[0], master.Freeze)
			crossfade(e.g, m.held[1], master.Freeze)
			crossfade(e.b, m.held[2], master.Freeze)
		}
	}
	if !master.Neutral() {
		m.grade = light.NewGrade(master.Hue, master.Saturation, master.Gain, master.Sparkle)
		m.at = float64(e.ticks) / e.inst.Rate
		e.crew.Do(e.shares(), e.gradeTask)
	}
}

// hold keeps the picture of the tick at which a freeze begins. It is part of
// the tick, not of its frame: what is held is the same whether that frame was
// drawn in time or lost.
func (e *Engine) hold() {
	mix, m := e.show.Mix(), e.mixer
	switch {
	case mix.Master.Freeze == 0:
		m.holding = false
	case !m.holding:
		e.draw(mix)
		copy(m.held[0], e.r)
		copy(m.held[1], e.g)
		copy(m.held[2], e.b)
		m.holding, m.heldAt = true, e.ticks
	}
}

// draw makes the mix of the present tick, before what the master does to it.
func (e *Engine) draw(mix *show.Mix) {
	e.hourNow = e.hour()
	for i := range e.scenes {
		e.scenes[i].bound = false
	}
	e.compose(mix)
}

// compose mixes the channels.
func (e *Engine) compose(mix *show.Mix) {
	clear(e.r)
	clear(e.g)
	clear(e.b)
	if mix.Plain {
		// One scene at full: what is on it needs no picture of its own.
		for i, w := range mix.Channels[mix.Only].Scenes[1:] {
			if w == 1 {
				e.paint(&e.scenes[i], e.r, e.g, e.b, nil)
			}
		}
		return
	}
	if mix.Decks {
		for d := range e.mixer.decks {
			deck := e.mixer.decks[d]
			deck.Clear()
			if d == 0 && mix.Cross == 1 || d == 1 && mix.Cross == 0 {
				continue // nobody sees it
			}
			for i := range mix.Channels {
				e.meet(&mix.Channels[i], d+1, deck.R, deck.G, deck.B)
			}
		}
		a, b := e.mixer.decks[0], e.mixer.decks[1]
		copy(e.r, a.R)
		copy(e.g, a.G)
		copy(e.b, a.B)
		crossfade(e.r, b.R, mix.Cross)
		crossfade(e.g, b.G, mix.Cross)
		crossfade(e.b, b.B, mix.Cross)
	}
	for i := range mix.Channels {
		e.meet(&mix.Channels[i], 0, e.r, e.g, e.b)
	}
}

// meet lays what a channel has on a deck on what is there.
func (e *Engine) meet(c *show.Channel, deck int, r, g, b []float32) {
	level := float32(c.Gain * c.Decks[deck])
	if level == 0 {
		return
	}
	m := e.mixer
	m.channel.Clear()
	for i, w := range c.Scenes[1:] {
		switch {
		case w == 1:
			e.paint(&e.scenes[i], m.channel.R, m.channel.G, m.channel.B, m.channel.A)
		case w > 0:
			m.scene.Clear()
			e.paint(&e.scenes[i], m.scene.R, m.scene.G, m.scene.B, m.scene.A)
			m.weight = w
			e.crew.Do(e.shares(), e.addTask)
		}
	}
	copy(m.meeting[:], c.Blends)
	m.level, m.under = level, [3][]float32{r, g, b}
	m.masked = c.Groups[0] < 1
	if m.masked {
		for i := range m.mask {
			m.mask[i] = c.Groups[0]
		}
		for i, w := range c.Groups[1:] {
			if w > 0 {
				for _, p := range m.groups[i] {
					m.mask[p] += w
				}
			}
		}
	}
	e.crew.Do(e.shares(), e.meetTask)
}

// paint draws a scene: its layers follow one another, since one may lie on
// another; a layer's pixels go to all workers. a takes the coverage; it may
// be nil.
func (e *Engine) paint(s *playing, r, g, b, a []float32) {
	for _, l := range s.layers {
		if !s.bound {
			l.bind(e.hourNow, e.people)
		}
		if l.level == 0 {
			continue
		}
		e.current, e.target = l, light.Picture{R: r, G: g, B: b, A: a}
		e.crew.Do(l.tasks(), e.task)
	}
	s.bound = true
}

// shares is how many tasks the mixer's work makes.
func (e *Engine) shares() int { return (len(e.r) + share - 1) / share }

func (e *Engine) part(task int) (lo, hi int) {
	return task * share, min((task+1)*share, len(e.r))
}

func (e *Engine) doGrade(_, task int) {
	lo, hi := e.part(task)
	e.mixer.grade.Apply(e.r, e.g, e.b, e.mixer.at, lo, hi)
}

func (e *Engine) doAdd(_, task int) {
	lo, hi := e.part(task)
	e.mixer.channel.Add(e.mixer.scene, e.mixer.weight, lo, hi)
}

func (e *Engine) doMeet(_, task int) {
	m := e.mixer
	lo, hi := e.part(task)
	mask := m.mask
	if !m.masked {
		mask = nil
	}
	m.meeting.Meet(m.under[0], m.under[1], m.under[2], m.channel, m.level, mask, lo, hi)
}
