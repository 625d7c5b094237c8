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

	uses    int // by how many channels and decks of the present mix
	kept    int // the mixer's picture that holds it in this mix; −1 none yet
	painted int // how often it was drawn, since the start
}

// share is how many pixels one task of the mixer handles.
const share = 4096

// mixer makes one picture of the scenes that are heard. It works in linear
// light, pixel by pixel, so who does which pixels changes no bit.
type mixer struct {
	channel, scene light.Picture
	// Scenes that several channels hold, or one that is on its way from deck to
	// deck: their parameters are the same on each, so each is drawn once.
	shared  []light.Picture
	sharing int              // how many of them hold one
	decks   [2]light.Picture // their coverage is not used
	mask    []float32
	masked  bool
	groups  [][]int32 // the pixels of each group
	held    [3][]float32
	holding bool
	heldAt  uint64 // the tick whose picture is held

	// What the tasks below do.
	grade   light.Grade
	at      float64
	added   light.Picture
	met     light.Picture
	meeting light.Meeting
	level   float32
	under   [3][]float32
	weight  float32
}

// mostShared is how many scenes are kept at most: on eight channels no more
// than four can each be there twice.
const mostShared = 4

func newMixer(inst *installations.Installation) *mixer {
	n := inst.Pixels.Count()
	m := &mixer{channel: light.NewPicture(n), scene: light.NewPicture(n), mask: make([]float32, n)}
	for range min(len(inst.Scenes), mostShared) {
		m.shared = append(m.shared, light.NewPicture(n))
	}
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
		e.scenes[i].bound, e.scenes[i].uses, e.scenes[i].kept = false, 0, -1
	}
	e.mixer.sharing = 0
	for i := range mix.Channels {
		c := &mix.Channels[i]
		for deck, w := range c.Decks {
			if c.Gain == 0 || w == 0 || unseen(mix, deck) {
				continue
			}
			for k, w := range c.Scenes[1:] {
				if w > 0 {
					e.scenes[k].uses++
				}
			}
		}
	}
	e.compose(mix)
}

// unseen says that a deck is on the far side of the crossfader.
func unseen(mix *show.Mix, deck int) bool {
	return deck == 1 && mix.Cross == 1 || deck == 2 && mix.Cross == 0
}

// picture draws a scene on its own, in that picture or in a shared one.
func (e *Engine) picture(scene int, own light.Picture) light.Picture {
	m, s := e.mixer, &e.scenes[scene]
	if s.kept >= 0 {
		return m.shared[s.kept]
	}
	if s.uses > 1 && m.sharing < len(m.shared) {
		s.kept, own = m.sharing, m.shared[m.sharing]
		m.sharing++
	}
	own.Clear()
	e.paint(s, own.R, own.G, own.B, own.A)
	return own
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
			if unseen(mix, d+1) {
				continue
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
	m.met = m.channel
	m.channel.Clear()
	for i, w := range c.Scenes[1:] {
		switch {
		case w == 1:
			m.met = e.picture(i, m.channel)
		case w > 0:
			m.added, m.weight = e.picture(i, m.scene), w
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
	s.painted++
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
	e.mixer.channel.Add(e.mixer.added, e.mixer.weight, lo, hi)
}

func (e *Engine) doMeet(_, task int) {
	m := e.mixer
	lo, hi := e.part(task)
	mask := m.mask
	if !m.masked {
		mask = nil
	}
	m.meeting.Meet(m.under[0], m.under[1], m.under[2], m.met, m.level, mask, lo, hi)
}
