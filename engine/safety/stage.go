// Package safety is the last stage before every device: nothing passes round
// it, because a device takes only a Frame, and only a Stage makes one.
//
// In this order it makes sure that what leaves is light: 0…1, a number, and
// what bytes can say where they are all that is sent; holds each light to what
// the night and eyes allow; holds the power of each feed, each supply and the
// whole at or under its limit, by dimming in linear light with the hue kept;
// and takes back what would be a flash too many. Each limit only dims, so none
// undoes what one before it did. docs/safety.md has the limits and their
// sources.
//
// It has no clock: what time of the night it is, it is told by Clock.
package safety

import (
	"fmt"
	"sync"
	"time"

	"noctiluca/engine/crew"
	"noctiluca/engine/light"
	"noctiluca/engine/safety/flash"
	"noctiluca/engine/safety/flicker"
	"noctiluca/engine/safety/night"
	"noctiluca/installations"
)

// part is how many pixels one task handles. Sums are made for each part and
// added in order, so their bits do not depend on who did which.
const part = 2048

// Stage makes frames of light. Make is called from one goroutine.
type Stage struct {
	pool     *Pool
	crew     *crew.Crew
	encoders []*light.Encoder
	loads    []load
	feeds    []supply // where current enters, each with a fuse or none
	sides    []side   // of feeds: the ends where voltage is held
	supplies []supply
	whole    supply
	noPower  bool // the limit of power is off

	room    *Room
	flashes *flash.Analyser
	caps    []caps // of each fixture
	capped  bool   // some light could be over its cap
	night   *night.Night
	now     night.State // what the night allows in this frame
	wall    time.Time   // the clock's time at anchor; zero: nobody said
	anchor  time.Duration

	failure installations.Failure
	fading  float32      // what all light is multiplied by at the end of a run
	held    [3][]float32 // the last light, where a run leaves that

	last    time.Duration // of the frame before
	made    bool
	joules  float64
	journal journal
	names   []string // of fixtures

	// The frame in the making, for the tasks below.
	frame   *Frame
	r, g, b []float32

	measure, encode func(worker, task int)
}

// load is a stretch of pixels of one fixture, and what they draw.
type load struct {
	first, end int
	fixture    int
	feed       int // -1: none
	side       int // of the feed, where voltage is held; -1: none
	supply     int
	watts      float64 // what its light adds, by the last measure
	glared     int     // lights over their cap, by the last measure
	led        installations.LED
	split      *light.Split
	grid       *grid      // nil: its light is told finely
	sums       [5]float64 // of the clamped light of each emitter, by the last measure
	moment     float64    // mA times links to the feed, of its light, by the last measure
}

// supply is what gives power: a supply, one of its feeds, or all together.
// The last of Stage.supplies stands for the fixtures that name none; it has
// no limit.
type supply struct {
	name  string
	limit float64 // watts, 0 for none
	sags  bool    // what dims it is the voltage at an end, not its watts
	idle  float64 // watts with every pixel dark
	glow  float64 // watts that the light of the present frame adds
	scale float32
}

// Pool keeps the frames of a Stage, so that a frame costs no allocation.
type Pool struct {
	mu    sync.Mutex
	free  []*Frame
	total int
	make  func() *Frame
}

// NewStage prepares the stage for an installation. holders is how many
// devices may hold a frame at the same time, each one that it sends and one
// that waits: so many frames are made in advance. c does the work.
func NewStage(inst *installations.Installation, holders int, c *crew.Crew) (*Stage, error) {
	s := &Stage{crew: c}
	splits, err := light.NewSplits(inst)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", inst.File, err)
	}
	for i := range inst.Outputs {
		e, err := light.NewEncoder(&inst.Outputs[i], splits)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", inst.File, err)
		}
		if inst.Rate > 0 {
			// A byte that is a power of light divides it more finely in the
			// dark: a step there is more by the power.
			e.Still(int(float64(flicker.DitherFloor(inst.Rate)) * max(inst.Outputs[i].Gamma, 1)))
		}
		s.encoders = append(s.encoders, e)
	}
	s.wire(inst, splits)
	s.guard(inst)
	if err := s.ruled(inst); err != nil {
		return nil, fmt.Errorf("%s: %w", inst.File, err)
	}
	n := inst.Pixels.Count()
	s.pool = &Pool{}
	s.pool.make = func() *Frame {
		light := make([]float32, 3*n)
		f := &Frame{pool: s.pool, r: light[:n:n], g: light[n : 2*n : 2*n], b: light[2*n:]}
		for i := range inst.Outputs {
			f.outputs = append(f.outputs, make([]byte, inst.Outputs[i].Bytes))
		}
		return f
	}
	for range 2*holders + 2 {
		s.pool.free = append(s.pool.free, s.pool.make())
	}
	s.pool.total = len(s.pool.free)
	s.measure, s.encode = s.measureLoad, s.encodeOutput
	return s, nil
}

// Made is how many frames the stage ever made: a number that grows shows a
// device that does not release what it was handed.
func (s *Stage) Made() int {
	s.pool.mu.Lock()
	defer s.pool.mu.Unlock()
	return s.pool.total
}

// Make turns the light of every pixel into a frame, which the caller holds
// once. Light is linear, in any range: what is not in 0…1 is clamped, what is
// not a number is dark; and what is told by bytes alone is rounded to them.
// r, g and b are only read. at must not go back.
//
// final marks the frame with which a run ends: it is what the installation's
// safety.failure leaves, and r, g and b, which are to be dark, are that only
// where it says so.
func (s *Stage) Make(number uint64, at time.Duration, r, g, b []float32, final bool) *Frame {
	f := s.pool.get()
	f.number, f.at, f.final, f.limited = number, at, final, false
	s.frame, s.r, s.g, s.b = f, r, g, b
	dt := 0.0
	if s.made {
		dt = min(max((at-s.last).Seconds(), 0), 2)
	}
	s.last, s.made = at, true
	if final {
		s.leave()
	}
	gain, fading := s.darkness(at), s.fading
	s.crew.Do(len(s.loads), s.measure)
	gain = min(gain, s.limitPower(f, dt))
	v := s.flashes.Step(at, f.r, f.g, f.b)
	f.softened = v.Softened > 0
	if f.softened {
		// Less light draws less.
		s.r, s.g, s.b, s.fading = f.r, f.g, f.b, 1
		s.crew.Do(len(s.loads), s.measure)
		s.sum(f)
		s.fading = fading
	}
	s.joules += float64(f.watts * dt)
	s.note(at, f, &v, min(gain, v.Gain))
	for i, v := range [3][]float32{f.r, f.g, f.b} {
		copy(s.held[i], v)
	}
	s.crew.Do(len(s.encoders), s.encode)
	s.frame, s.r, s.g, s.b = nil, nil, nil, nil
	return f
}

// watts is what light adds to the idle power: mA of each emitter at full,
// times the sum of light, times the voltage.
func watts(led *installations.LED, sums *[5]float64) float64 {
	mA := 0.0
	for i, s := range sums {
		mA += float64(led.Full[i] * s)
	}
	return mA * led.Volts / 1000
}

// measureLoad clamps the light of one load into the frame, holds it to its
// caps, and sums it.
func (s *Stage) measureLoad(_, task int) {
	l := &s.loads[task]
	c := &s.caps[l.fixture]
	capped := c.matters || s.now.Active > 0
	var sums [5]float64
	l.glared, l.moment = 0, 0
	at := 0
	if l.side >= 0 {
		at = s.sides[l.side].at
	}
	for i := l.first; i < l.end; i++ {
		x, y, z := clamp(s.r[i]), clamp(s.g[i]), clamp(s.b[i])
		if l.grid != nil {
			x, y, z = l.grid.nearest(x), l.grid.nearest(y), l.grid.nearest(z)
		}
		if s.fading < 1 {
			x, y, z = float32(x*s.fading), float32(y*s.fading), float32(z*s.fading)
		}
		if capped {
			var over bool
			if x, y, z, over = c.apply(&s.now, x, y, z); over {
				l.glared++
			}
		}
		if l.grid != nil && (capped || s.fading < 1) {
			x, y, z = l.grid.under(x), l.grid.under(y), l.grid.under(z)
		}
		s.frame.r[i], s.frame.g[i], s.frame.b[i] = x, y, z
		amounts := l.split.Amounts(x, y, z)
		for k, v := range amounts {
			sums[k] += float64(v)
		}
		if l.side >= 0 {
			mA := 0.0
			for k, v := range amounts {
				mA += float64(l.led.Full[k] * float64(v))
			}
			l.moment += float64(mA * float64(max(i-at, at-i)))
		}
	}
	l.sums = sums
	l.watts = watts(&l.led, &l.sums)
}

func (s *Stage) encodeOutput(_, task int) {
	f := s.frame
	s.encoders[task].Encode(f.outputs[task], f.r, f.g, f.b, f.number)
}

// clamp gives 0…1, and 0 for what is not a number.
func clamp(x float32) float32 {
	if !(x > 0) {
		return 0
	}
	return min(x, 1)
}

// get takes a frame, held once. With none free it makes one more rather than
// stop the light; Made tells.
func (p *Pool) get() *Frame {
	p.mu.Lock()
	defer p.mu.Unlock()
	var f *Frame
	if n := len(p.free); n > 0 {
		f, p.free = p.free[n-1], p.free[:n-1]
	} else {
		f = p.make()
		p.total++
	}
	f.refs.Store(1)
	return f
}

func (p *Pool) put(f *Frame) {
	p.mu.Lock()
	p.free = append(p.free, f)
	p.mu.Unlock()
}
