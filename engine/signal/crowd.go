package signal

import (
	"strconv"
	"time"

	"noctiluca/engine/physio"
	"noctiluca/engine/physio/turn"
	"noctiluca/engine/signal/consent"
	"noctiluca/engine/signal/guard"
)

// Crowd is a simulated crowd, for a demonstration with nobody there: people
// who consent, walk from cell to cell, take their leave and come again. They
// have hearts, skin and breath, and moods that drift, fall in tune with each
// other and split in two. It proves nothing about people.
//
// It lives in ticks of its own, so that it is the same whatever the frame
// rate; the same seed gives the same events.
type Crowd struct {
	cells  int
	random random
	tick   int64
	people []actor
	room   room

	// Answer is how these people answer the light that See tells of; the zero
	// value is not at all. It closes the loop, with everything known that a
	// guard must find out. Set it before the first Step.
	Answer guard.People
	// Mood is what they are steered to; the zero value lets them drift. Set it
	// before the first Step.
	Mood  Mood
	seen  float64
	moved float64
}

// See tells the crowd what arousal the light follows at present.
func (c *Crowd) See(arousal float32) { c.seen = float64(arousal) }

// agreed is what everybody of a crowd consents to.
var agreed = consent.New(consent.Light|consent.Display, consent.Everything, 0)

// crowdTick is the time from one tick of a crowd to the next; mostTicks is
// how many are caught up with at a Step: after a longer gap the crowd lets
// the time pass.
const (
	crowdTick = 50 * time.Millisecond
	mostTicks = 400
)

// NewCrowd makes a crowd of some people for an installation of some cells.
func NewCrowd(seed uint64, people, cells int) *Crowd {
	c := &Crowd{cells: cells, random: random(seed), tick: -1, people: make([]actor, people)}
	c.room = room{mood: [2]float64{c.random.unit(), c.random.unit()}, tune: c.random.unit(), split: c.random.unit()}
	for i := range c.people {
		r := &c.random
		c.people[i] = actor{
			name:  "crowd-" + strconv.Itoa(i+1),
			pole:  float64(2*(i%2) - 1),
			rest:  58 + 20*r.unit(),
			level: 1 + 6*r.unit(),
			drift: [2]float64{r.unit(), r.unit()},
			pace:  0.006 + float64(0.01*r.unit()),
			heart: r.unit(),
			lungs: r.unit(),
			sends: i%2 == 0,
			// As far apart as can be, however many they are: by the golden angle.
			hue: turn.Wrap(0.72 + float64(0.38196601125*float64(i))),
			// The first come at once, the last within ten seconds.
			wait: int64(float64(i)*200/float64(max(people, 1)) + 0.5),
		}
	}
	return c
}

// Step offers all that the crowd does up to now.
func (c *Crowd) Step(now time.Duration, offer func(Event)) {
	last := int64(now / crowdTick)
	c.tick = max(c.tick, last-mostTicks)
	for c.tick < last {
		c.tick++
		c.room.step()
		c.Mood.steer(&c.room)
		if c.Answer.Gain != 0 {
			c.moved = c.Answer.Step(c.seen)
		}
		for i := range c.people {
			c.people[i].step(c, offer)
		}
	}
}

// room is what all of a crowd share: a mood that drifts, how much they are in
// tune, and how far they are split. Phases in turns.
type room struct {
	mood        [2]float64
	tune, split float64

	valence, arousal float64
	unity, divide    float64 // 0…1: how far rhythms are in tune, and people split
	shared           float64 // 0…1: how far affect is the room's
	apart            float64 // how far the poles lie apart, 1 being usual
	beat             float64 // phase of the common heart
	breath           float64
}

func (r *room) step() {
	dt := crowdTick.Seconds()
	r.mood[0] = turn.Wrap(r.mood[0] + dt/97)
	r.mood[1] = turn.Wrap(r.mood[1] + dt/61)
	r.tune = turn.Wrap(r.tune + dt/53)
	r.split = turn.Wrap(r.split + dt/131)
	v, w := turn.SinCos(r.mood[0])
	a, b := turn.SinCos(r.mood[1])
	r.valence = float64(0.6*v) + float64(0.25*b)
	r.arousal = float64(0.6*a) + float64(0.25*w)
	s, _ := turn.SinCos(r.tune)
	r.unity = 0.5 + float64(0.5*s)
	r.shared, r.apart = r.unity, 1
	s, _ = turn.SinCos(r.split)
	r.divide = max(0, float64(1.6*s)-0.6)
	r.beat = turn.Wrap(r.beat + float64(dt*(66+float64(16*r.arousal))/60))
	r.breath = turn.Wrap(r.breath + float64(dt*(14+float64(4*r.arousal))/60))
}

// actor is one of a crowd.
type actor struct {
	name  string
	pole  float64 // the side taken when the crowd is split
	rest  float64 // heart rate at rest, beats a minute
	level float64 // skin conductance at rest, µS
	drift [2]float64
	pace  float64 // of the drift, turns a second
	sends bool    // has a device that measures arousal
	hue   float64 // of the colour they choose, turns

	here             bool
	wait             int64 // ticks until it comes or goes
	valence, arousal float64
	heart, lungs     float64 // phases
	since            float64 // s since the last beat
	sweat            float64 // of the present skin-conductance response, µS
	n                int64   // ticks here
}

func (a *actor) step(c *Crowd, offer func(Event)) {
	at := time.Duration(c.tick) * crowdTick
	dt := crowdTick.Seconds()
	r := &c.random
	a.wait--
	if a.wait < 0 {
		a.here = !a.here
		a.n = 0
		if !a.here {
			a.wait = 200 + int64(400*r.unit()) // away for 10 to 30 s
			a.say(offer, Event{Action: Revoke, Reading: Reading{At: at}})
			return
		}
		a.wait = 1800 + int64(3600*r.unit()) // here for 1.5 to 4.5 min
		a.since = 0
		a.say(offer, Event{Action: Grant, Reading: Reading{At: at}, Cell: c.somewhere(), Terms: agreed})
		a.say(offer, Event{Action: Colour, Reading: Reading{Value: a.hue, At: at}})
	}
	if !a.here {
		return
	}
	a.n++
	if r.unit() < dt/40 { // walks on, every 40 s or so
		a.say(offer, Event{Action: Move, Reading: Reading{At: at}, Cell: c.somewhere()})
	}

	// The mood: one's own, drawn to the room's, and to a pole where it is split.
	a.drift[0] = turn.Wrap(a.drift[0] + float64(dt*a.pace))
	a.drift[1] = turn.Wrap(a.drift[1] + float64(dt*a.pace)*1.7)
	own, _ := turn.SinCos(a.drift[0])
	wake, _ := turn.SinCos(a.drift[1])
	u, d := c.room.shared, c.room.divide
	pole := a.pole * c.room.apart
	v := float64(own*(1-u)) + float64(c.room.valence*u)
	w := float64(wake*(1-u)) + float64(c.room.arousal*u)
	v = float64(v*(1-d)) + float64(pole*0.85*d)
	w = float64(w*(1-d)) + float64(pole*0.6*d) + c.moved
	a.valence = physio.Ease(a.valence, min(max(v, -1), 1), dt, 2)
	a.arousal = physio.Ease(a.arousal, min(max(w, -1), 1), dt, 2)

	// The body: pace and skin by arousal, breath moves the heart (sinus
	// arrhythmia), and hearts in tune are drawn to the common one.
	in, _ := turn.SinCos(a.lungs)
	rate := a.rest + float64(16*a.arousal) + float64(3*in)
	pull := c.Mood.pull(turn.Near(c.room.beat-a.heart), c.room.unity, 0.6)
	before := a.heart
	a.heart = turn.Wrap(a.heart + float64(dt*rate/60) + float64(dt*pull))
	a.since += dt
	if a.heart < before && a.since > 0.3 {
		late := a.heart / (rate / 60) // s since it passed 0
		a.reading(offer, BeatToBeat, (a.since-late)*1000, at)
		a.since = late
	}
	draw := c.Mood.pull(turn.Near(c.room.breath-a.lungs), c.room.unity, 0.3)
	a.lungs = turn.Wrap(a.lungs + float64(dt*(15+float64(4*a.arousal))/60) + float64(dt*draw))
	a.sweat = physio.Ease(a.sweat, 0, dt, 4)
	if r.unit() < float64(dt*(0.06+float64(0.1*max(a.arousal, 0)))) {
		a.sweat += float64(a.level * (0.03 + float64(0.09*r.unit())))
	}

	switch a.n % 10 {
	case 1:
		a.reading(offer, Valence, a.valence, at)
	case 2:
		if a.sends {
			a.reading(offer, Arousal, a.arousal, at)
		}
	case 3, 8:
		a.reading(offer, EDA, float64(a.level*(1+float64(0.22*a.arousal)))+a.sweat, at)
	}
	if a.n%4 == 0 {
		a.reading(offer, Breath, in, at)
	}
}

func (a *actor) reading(offer func(Event), k Kind, x float64, at time.Duration) {
	a.say(offer, Event{Reading: Reading{Kind: k, Value: x, At: at}})
}

func (a *actor) say(offer func(Event), e Event) {
	e.Person = a.name
	offer(e)
}

// somewhere is one of the cells, −1 when there are none.
func (c *Crowd) somewhere() int {
	if c.cells <= 0 {
		return -1
	}
	return min(int(c.random.unit()*float64(c.cells)), c.cells-1)
}

// random is SplitMix64 (Steele, Lea, Flood 2014): a small generator whose
// every state is a good one.
type random uint64

func (r *random) unit() float64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	z ^= z >> 31
	return float64(z>>11) / (1 << 53)
}
