// Package show decides what is played: scenes in a mixer, their parameters,
// and what moves those: hands, cues, modulators, gestures, what the cells
// feel. It decides values, and draws nothing.
//
// The one idea it owns: every value there is to turn is a parameter in one
// registry, and all that changes a show is an Event with a time. A parameter
// has a base, where hands and cues have it, and a value, which is the base
// with all modulation. A base never jumps: it moves in a straight line from
// wherever it is to where it was sent. A choice (of a scene, a blend mode) is
// a set of weights that move in the same way, so that it does not jump either.
package show

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"noctiluca/engine/show/tempo"
	"noctiluca/installations"
)

// Options are how a show begins.
type Options struct {
	Channels int    // of the mixer; 0 is 8
	Scene    string // on channel 1; empty: the installation's first
	Seed     uint64
	// Document is what a show's file says; nil for the defaults.
	Document *Document
	// Record is given every event as it takes effect, on the engine's
	// goroutine; nil for nobody.
	Record func(Applied)
}

// Show is a playing show. Offer, Look and NewOrigin may be called by any
// goroutine; all else belongs to the engine's.
type Show struct {
	*Registry
	rate    float64
	seconds float32
	seed    uint64
	record  func(Applied)

	queue   queue
	due     []Event
	origins atomic.Uint32
	tick    uint64
	before  time.Duration // the instant of the tick before

	params []param
	values []float32
	layers [][]Layer // of each scene

	lists  [lists][]Item
	waves  []wave
	routes []route
	edited bool // the modulators, at this tick

	cues     list
	played   [8]player
	recorder recorder
	history  history
	beat     *tempo.Beat
	chase    tempo.Chase
	code     float32 // the timecode, seconds; −1 for none
	mix      Mix

	mu   sync.Mutex
	view View
}

// Layer is one layer's parameters at the present tick.
type Layer struct {
	show  *Show
	level ID
	first ID
	count int
}

// Value is parameter k of the layer.
func (l *Layer) Value(k int) float32 { return l.show.values[int(l.first)+k] }

// Level is how strong the layer is, 0…1.
func (l *Layer) Level() float32 { return l.show.values[l.level] }

// move is one modulation of the installation's and the state of its smoothing.
type move struct {
	from       installations.Modulation
	rise, fall float32 // share of the way that one tick goes
	at         float32
	started    bool
}

// New prepares a show of an installation.
func New(inst *installations.Installation, o Options) (*Show, error) {
	if o.Channels == 0 {
		o.Channels = 8
	}
	if o.Channels < 1 || o.Channels > MaxChannels {
		return nil, fmt.Errorf("channels is %d: expected 1…%d", o.Channels, MaxChannels)
	}
	s := &Show{
		Registry: NewRegistry(inst, o.Channels),
		rate:     inst.Rate, seconds: float32(1 / inst.Rate), seed: o.Seed,
		record: o.Record, queue: newQueue(), due: make([]Event, 0, maxQueued),
		beat: tempo.New(120), code: -1, before: -1,
	}
	s.origins.Store(uint32(FirstSurface))
	s.params, s.values = make([]param, len(s.Specs)), make([]float32, len(s.Specs))
	for i := range s.params {
		p, spec := &s.params[i], &s.Specs[i]
		if spec.Kind == Choice {
			w := make([]float32, 2*len(spec.Choices))
			p.weights, p.wfrom = w[:len(spec.Choices):len(spec.Choices)], w[len(spec.Choices):]
		}
		p.put(spec.Default)
		s.values[i] = spec.Default
	}
	for i := range inst.Scenes {
		var layers []Layer
		for k := range inst.Scenes[i].Layers {
			l := Layer{show: s}
			l.level, l.first, l.count = s.LayerParameters(i, k)
			for n, from := range inst.Scenes[i].Layers[k].Parameters {
				p := &s.params[int(l.first)+n]
				p.integrate = from.Integrate
				if p.integrate {
					s.values[int(l.first)+n] = 0
				}
				for _, m := range from.Modulations {
					p.moves = append(p.moves, move{from: m, rise: share(s.seconds, m.Rise), fall: share(s.seconds, m.Fall)})
				}
			}
			layers = append(layers, l)
		}
		s.layers = append(s.layers, layers)
		if inst.Scenes[i].Name == o.Scene && i > 0 {
			// It takes the place of the first, which goes where it was.
			s.params[s.Channels[0].Scene].put(float32(i + 1))
			if i < len(s.Channels) {
				s.params[s.Channels[i].Scene].put(1)
			}
		}
	}
	s.cues.init(len(s.params))
	s.history.init()
	s.mix.init(s.Registry)
	if o.Document != nil {
		if err := s.load(o.Document); err != nil {
			return nil, err
		}
	}
	s.mixed()
	s.publish()
	return s, nil
}

// Layers are the layers of a scene.
func (s *Show) Layers(scene int) []Layer { return s.layers[scene] }

// NewOrigin gives a number to a surface, the window or another hand.
func (s *Show) NewOrigin() Origin { return Origin(s.origins.Add(1) - 1) }

// Offer gives an event in. It takes effect with the first tick that is not
// before its time. The error says what is wrong with the event, which then
// has no effect at all.
func (s *Show) Offer(e Event) error {
	if err := s.check(&e); err != nil {
		return err
	}
	return s.queue.offer(e)
}

func (s *Show) check(e *Event) error {
	if e.Ago < 0 || e.Ago > max(e.At, 0) {
		return fmt.Errorf("show: an event at %v happened %v before that: expected 0…%[1]v", e.At, e.Ago)
	}
	switch e.Action {
	case Set, Nudge, Toggle:
		if e.Param < 0 || int(e.Param) >= len(s.Specs) {
			return fmt.Errorf("show: parameter number %d: there are 0…%d", e.Param, len(s.Specs)-1)
		}
		if e.Value-e.Value != 0 {
			return fmt.Errorf("show: %s: the value is %v", s.Specs[e.Param].Path, e.Value)
		}
		if e.Fade != Own {
			return seconds("show: "+s.Specs[e.Param].Path+": fade", e.Fade, 0)
		}
	case Recall:
		if e.Fade != Own {
			return seconds("show: recall: fade", e.Fade, 0)
		}
	case Seek:
		return seconds("show: seek", e.Value, 0)
	case Edit, Insert:
		if e.Item == nil {
			return fmt.Errorf("show: an edit of %v with no item", e.List)
		}
		e.List = e.Item.list()
		return e.Item.check(s.Registry)
	case Remove:
		if e.List >= lists {
			return fmt.Errorf("show: there is no list %d", e.List)
		}
	case Tempo, Sync:
		if !(e.Beat >= -mostBeats && e.Beat <= mostBeats) {
			return fmt.Errorf("show: the beat is %v: expected ±%v", e.Beat, mostBeats)
		}
		if !(e.Value >= tempo.Slowest && e.Value <= tempo.Fastest) {
			return fmt.Errorf("show: tempo %v: expected %d…%d beats a minute", e.Value, tempo.Slowest, tempo.Fastest)
		}
	}
	if e.Action > Sync {
		return fmt.Errorf("show: there is no action %d", e.Action)
	}
	return nil
}

// mostBeats is how far a beat may be from the start: two years at the
// fastest, and far less than a float64 holds to a millionth.
const mostBeats = 1e9

// ticks is a time in ticks, at least one.
func (s *Show) ticks(seconds float32) int32 {
	return int32(max(1, math.Floor(float64(seconds)*s.rate+0.5)))
}

// elapsed is how many seconds have passed since a tick.
func (s *Show) elapsed(since uint64) float32 { return float32(float64(s.tick-since) / s.rate) }

// share is how much of the distance to its target a low-pass of that time
// constant covers in one tick, by the backward Euler rule, which needs no
// exponential and is stable at every rate.
func share(tick, constant float32) float32 {
	return tick / (max(constant, 0) + tick)
}

// Step advances by one tick, which is at the instant now.
func (s *Show) Step(now time.Duration, sense Sense) {
	s.tick++
	s.edited = false
	s.due = s.queue.due(now, s.due[:0])
	for i := range s.due {
		e := &s.due[i]
		// What came too late acts now, and the log says so.
		if acts := s.before + 1; e.At < acts {
			if e.At > 0 {
				e.Ago += acts - e.At
			}
			e.At = acts
		}
		s.apply(e, now)
		if s.record != nil {
			s.record(Applied{Tick: s.tick, Event: *e})
		}
	}
	clear(s.due)
	s.before = now

	code, running := s.chase.At(now)
	was := s.code
	s.code = -1
	if running {
		s.code = float32(code)
	}
	s.stepCues(sense, was)
	s.stepGestures()
	for i := range s.params {
		p := &s.params[i]
		if p.tick < p.ticks && !(s.cues.held && p.cue) {
			p.move()
		}
	}
	s.modulate(now, sense)
	s.mixed()
	s.publish()
}

// modulate makes the values of the bases.
func (s *Show) modulate(now time.Duration, sense Sense) {
	// In a panic nothing moves by itself.
	calm := 1 - s.params[s.Master.Panic].base
	all := float32(s.params[s.Master.Modulated].base * calm)
	c := clock{seconds: s.seconds, beat: s.beat.Position(now)}
	for i := range s.waves {
		speed := float32(1)
		if i < Slots {
			speed = s.params[s.Speeds[i]].base
		}
		s.waves[i].step(c, speed, sense)
	}
	if s.edited {
		for i := range s.params {
			p := &s.params[i]
			p.residue = p.sum + p.rest(s)
			p.residueLeft = s.ticks(editFade)
		}
	}
	for i := range s.params {
		s.params[i].sum = 0
	}
	for i := range s.routes {
		t := &s.routes[i]
		amount := all
		if t.wave < Slots {
			amount = float32(amount * s.params[s.Amounts[t.wave]].base)
		}
		s.params[t.param].sum += t.step(s.waves[t.wave].out, amount)
	}
	if s.edited {
		for i := range s.params {
			s.params[i].residue -= s.params[i].sum
		}
	}
	for i := range s.params {
		s.values[i] = s.valueOf(&s.params[i], &s.Specs[i], sense, calm)
	}
}

// editFade is how long an edit of modulators takes to come in, in seconds.
const editFade = 0.5

// rest is what is left of the step that an edit made.
func (p *param) rest(s *Show) float32 {
	if p.residueLeft == 0 {
		return 0
	}
	return float32(p.residue * (float32(p.residueLeft) / float32(s.ticks(editFade))))
}

func (s *Show) valueOf(p *param, spec *Spec, sense Sense, calm float32) float32 {
	v := p.base
	for i := range p.moves {
		v += float32(p.moves[i].step(sense) * calm)
	}
	if p.residueLeft > 0 {
		v += p.rest(s)
		p.residueLeft--
	}
	v += p.sum
	v = min(max(v, spec.Min), spec.Max)
	if !p.integrate {
		return v
	}
	// Kept in float64, so that a slow phase still moves after months.
	p.phase += float64(float64(v) * float64(s.seconds))
	if p.phase >= 1 || p.phase < 0 {
		p.phase -= floor(p.phase)
	}
	return float32(p.phase)
}

func (m *move) step(sense Sense) float32 {
	x := Read(sense.Cell(m.from.Cell), m.from.Signal)
	if !m.started {
		// Nothing has moved yet: rest where the signal rests.
		m.at, m.started = x, true
	}
	k := m.rise
	if x < m.at {
		k = m.fall
	}
	m.at += float32((x - m.at) * k)
	return float32(m.from.Depth * m.at)
}
