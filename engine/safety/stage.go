// Package safety is the last stage before every device: nothing passes round
// it, because a device takes only a Frame, and only a Stage makes one.
//
// It holds the estimated power of each supply at or under its limit, by
// dimming the supply's pixels in linear light with their hue kept. It also
// makes sure that what leaves is light: 0…1, and a number.
package safety

import (
	"fmt"
	"sync"
	"time"

	"noctiluca/engine/crew"
	"noctiluca/engine/light"
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
	supplies []supply

	// The frame in the making, for the tasks below.
	frame   *Frame
	r, g, b []float32

	measure, encode func(worker, task int)
}

// load is a stretch of pixels of one fixture, and what they draw.
type load struct {
	first, end int
	supply     int // -1: none
	led        installations.LED
	split      *light.Split
	sums       [5]float64 // of the clamped light of each emitter, by the last measure
}

// supply is one power supply. The last of Stage.supplies stands for the
// fixtures that name none; it has no limit.
type supply struct {
	limit float64 // watts, 0 for none
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
		s.encoders = append(s.encoders, e)
	}
	s.supplies = make([]supply, len(inst.Supplies)+1)
	for i, sup := range inst.Supplies {
		s.supplies[i].limit = sup.Watts
	}
	for i := range inst.Fixtures {
		f := &inst.Fixtures[i]
		at := f.Supply
		if at < 0 {
			at = len(inst.Supplies)
		}
		s.supplies[at].idle += float64(float64(f.LED.Volts*f.LED.Idle/1000) * float64(f.Count))
		for first := f.First; first < f.First+f.Count; first += part {
			s.loads = append(s.loads, load{first: first, end: min(first+part, f.First+f.Count), supply: at, led: f.LED, split: splits.Of(first)})
		}
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
// not a number is dark. r, g and b are only read.
func (s *Stage) Make(number uint64, at time.Duration, r, g, b []float32, final bool) *Frame {
	f := s.pool.get()
	f.number, f.at, f.final, f.limited = number, at, final, false
	s.frame, s.r, s.g, s.b = f, r, g, b
	s.crew.Do(len(s.loads), s.measure)

	for i := range s.supplies {
		s.supplies[i].glow = 0
	}
	for i := range s.loads {
		l := &s.loads[i]
		s.supplies[l.supply].glow += watts(&l.led, &l.sums)
	}
	f.watts = 0
	for i := range s.supplies {
		p := &s.supplies[i]
		p.scale = 1
		if p.limit > 0 && p.idle+p.glow > p.limit {
			p.scale = under(max(p.limit-p.idle, 0) / p.glow)
			p.glow = float64(p.glow * float64(p.scale))
			f.limited = true
		}
		f.watts += p.idle + p.glow
	}
	if f.limited {
		for i := range s.loads {
			l := &s.loads[i]
			if k := s.supplies[l.supply].scale; k != 1 {
				dim(f.r[l.first:l.end], k)
				dim(f.g[l.first:l.end], k)
				dim(f.b[l.first:l.end], k)
			}
		}
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

// under rounds a scale down to float32, and a little further: rounding each
// dimmed pixel to nearest must not lift the sum over the limit.
func under(x float64) float32 { return float32(x * (1 - 1e-6)) }

func dim(v []float32, k float32) {
	for i := range v {
		v[i] = float32(v[i] * k)
	}
}

// measureLoad clamps the light of one load into the frame and sums it.
func (s *Stage) measureLoad(_, task int) {
	l := &s.loads[task]
	var sums [5]float64
	for i := l.first; i < l.end; i++ {
		x, y, z := clamp(s.r[i]), clamp(s.g[i]), clamp(s.b[i])
		s.frame.r[i], s.frame.g[i], s.frame.b[i] = x, y, z
		for k, v := range l.split.Amounts(x, y, z) {
			sums[k] += float64(v)
		}
	}
	l.sums = sums
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
