// Package engine is the real-time core: it plays one installation, tick by
// tick. Readings go in, frames come out.
//
// It has no socket, no file and no clock: Step is told the time, so a test, a
// render and a live show run the same code. The same installation, seed and
// events give the same frames to the bit, with any number of workers.
package engine

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"noctiluca/engine/crew"
	"noctiluca/engine/light"
	"noctiluca/engine/safety"
	"noctiluca/engine/show"
	"noctiluca/engine/signal"
	"noctiluca/engine/signal/audit"
	"noctiluca/engine/signal/guard"
	"noctiluca/installations"
	"noctiluca/shaders/kage"
	"noctiluca/shaders/kage/block"
)

// Config is how an engine plays. The zero value plays the installation's
// first scene with its own seed on one worker, with nobody there.
type Config struct {
	Seed    *uint64        // nil: the installation's own
	Workers int            // goroutines that compute; 0 is one
	Kernels *block.Kernels // nil: the best this CPU has
	Scene   string         // empty: the first
	Crowd   int            // simulated people, for a demonstration
	Holders int            // devices that take frames

	CrowdAnswer guard.People  // how the simulated people answer the light; zero: not at all
	CrowdMood   signal.Mood   // what they are steered to; zero: they drift
	Noise       func() uint64 // unguessable bits for exported summaries; nil exports none

	// Summaries is given what may be exported about everybody, from the
	// goroutine of Step, hours apart; nil exports nothing.
	Summaries func(signal.Summary)

	// Readings is told of every reading of a person who agreed to be recorded,
	// from the goroutine of Step; nil records nothing.
	Readings func(person string, k signal.Kind, value float64, at time.Duration, rate float32)

	Channels int                // of the mixer; 0 is 8
	Document *show.Document     // the state the show begins in; nil for the defaults
	Record   func(show.Applied) // given every event of the show as it takes effect, on the goroutine of Step

	// Saved is told of every field that was offered to Reload, with the frame
	// that takes it up or would have, on the goroutine of Step; nil for nobody.
	Saved func(*Saved)
}

// Engine plays an installation. Step, Finish and Snapshot are called from one
// goroutine; Signals may be offered events from any.
type Engine struct {
	inst    *installations.Installation
	seconds float32 // a tick
	feeling feeling
	dusk    *light.Dusk // nil: light as it is
	ticks   uint64      // ticks done
	started bool

	crew   *crew.Crew
	people *signal.Cells
	audit  *audit.Log
	tell   func(signal.Summary)
	crowd  *signal.Crowd
	show   *show.Show
	scenes []playing
	mixer  *mixer
	stage  *safety.Stage

	r, g, b []float32 // the frame in the making
	hourNow float64   // of the present frame

	// The work that the crew is at: values that are kept, so that to hand
	// them out allocates nothing.
	task, gradeTask, addTask, meetTask func(worker, task int)

	current *layer        // of task
	target  light.Picture // what it is drawn on

	offer  func(signal.Event)
	record func(show.Applied) // nil: nobody
	told   func(*Saved)       // nil: nobody

	identified atomic.Uint64 // first pixel and count; 0 for none

	// For fields that are saved anew while it plays.
	seed    uint64
	kernels *block.Kernels
	saved   atomic.Pointer[refit] // to be taken up by the next Step

	mu     sync.Mutex // over what follows
	fields map[*installations.Layer]*kage.Field
	shown  []Layer
}

// longestGap is how many seconds of lost ticks are made up for. After a
// longer pause (a laptop that slept) the simulation goes on from where it
// was rather than race through what nobody saw.
const longestGap = 2

// New prepares an engine. The error is installations.Problems when a field
// does not compile or does not fit its layer.
func New(inst *installations.Installation, c Config) (*Engine, error) {
	if err := hasScene(inst, c.Scene); err != nil {
		return nil, err
	}
	seed := inst.Seed
	if c.Seed != nil {
		seed = *c.Seed
	}
	if !c.CrowdMood.Valid() {
		return nil, fmt.Errorf("engine: %v is no mood of a crowd", c.CrowdMood)
	}
	if c.Kernels == nil {
		c.Kernels = block.Best()
	}
	compiled, problems := compileFields(inst)
	if len(problems) > 0 {
		return nil, problems
	}
	inst, compiled = withUniforms(inst, compiled)
	playbook, err := show.New(inst, show.Options{Channels: c.Channels, Scene: c.Scene, Seed: seed, Document: c.Document, Record: c.Record})
	if err != nil {
		return nil, err
	}
	e := &Engine{
		inst:    inst,
		show:    playbook,
		seconds: float32(1 / inst.Rate),
		feeling: newFeeling(inst, float32(1/inst.Rate)),
		record:  c.Record,
		told:    c.Saved,
	}
	if inst.Mesopic > 0 {
		e.dusk = light.NewDusk(inst.Mesopic)
	}
	n := inst.Pixels.Count()
	e.r, e.g, e.b = make([]float32, n), make([]float32, n), make([]float32, n)
	names := make([]string, len(inst.Cells))
	for i, cell := range inst.Cells {
		names[i] = cell.Name
	}
	e.tell = c.Summaries
	e.audit = audit.New(auditKept)
	e.people = signal.New(names, governed(inst, seed, e.audit, c))
	e.offer = func(ev signal.Event) { e.people.Offer(ev) }
	if c.Crowd > 0 {
		e.crowd = signal.NewCrowd(seed, c.Crowd, len(inst.Cells))
		e.crowd.Answer, e.crowd.Mood = c.CrowdAnswer, c.CrowdMood
	}
	e.crew = crew.New(c.Workers)
	e.seed, e.kernels, e.fields = seed, c.Kernels, compiled
	for i := range inst.Scenes {
		scene := playing{from: &inst.Scenes[i]}
		for k := range scene.from.Layers {
			l := &scene.from.Layers[k]
			made, err := newLayer(inst, l, e.fit(l, compiled[l]), &e.show.Layers(i)[k], seed+uint64(k))
			if err != nil {
				e.crew.Close()
				return nil, installations.Problems{{File: inst.File, Line: l.Line, Column: 1, Message: err.Error()}}
			}
			e.shown = append(e.shown, Layer{Scene: scene.from.Name, Name: l.Name, File: l.FieldFile, Kage: string(l.FieldText), Uniforms: compiled[l].Uniforms()})
			scene.layers = append(scene.layers, made)
		}
		e.scenes = append(e.scenes, scene)
	}
	e.mixer = newMixer(inst)
	e.stage, err = safety.NewStage(inst, c.Holders, e.crew)
	if err != nil {
		e.crew.Close()
		return nil, err
	}
	e.task = func(worker, task int) { e.current.run(worker, task, e.target) }
	e.gradeTask, e.addTask, e.meetTask = e.doGrade, e.doAdd, e.doMeet
	return e, nil
}

// hasScene says whether a scene of that name can play; empty is the first.
func hasScene(inst *installations.Installation, name string) error {
	if len(inst.Scenes) == 0 {
		return installations.Problems{{File: inst.File, Message: "there is no scene to play: an installation needs at least one under scenes"}}
	}
	known := ""
	for i := range inst.Scenes {
		if name == "" || inst.Scenes[i].Name == name {
			return nil
		}
		known += " " + inst.Scenes[i].Name
	}
	return fmt.Errorf("scene %q: %s has only:%s", name, inst.File, known)
}

// Close ends the workers.
func (e *Engine) Close() { e.crew.Close() }

// Signals is where readings are offered.
func (e *Engine) Signals() *signal.Cells { return e.people }

// Show is what is played and how: where hands, cues and peers offer events.
func (e *Engine) Show() *show.Show { return e.show }

// Stage is the safety stage, for its counters.
func (e *Engine) Stage() *safety.Stage { return e.stage }

// Step brings the simulation to the tick nearest to now and gives its frame,
// which the caller holds and releases. now is the time since the start; it
// should fall on the grid of the installation's rate, and a time before the
// last one gives the last tick again.
func (e *Engine) Step(now time.Duration) *safety.Frame {
	target := uint64(0)
	if now > 0 {
		target = uint64(math.Floor(now.Seconds()*e.inst.Rate + 0.5))
	}
	behind := uint64(0)
	if target > e.ticks {
		behind = target - e.ticks
	}
	if !e.started {
		behind, e.ticks, e.started = 1, target-min(target, 1), true
		if target == 0 {
			e.tick()
			behind = 0
		}
	}
	if limit := uint64(longestGap * e.inst.Rate); behind > limit {
		if e.record != nil {
			e.record(show.Applied{Event: show.Event{Action: show.Skip, At: e.timeOf(target), Index: int(e.ticks)}})
		}
		e.ticks = target - limit
		behind = limit
	}
	for range behind {
		e.ticks++
		e.tick()
	}
	e.takeUp()
	e.light()
	if e.dusk != nil {
		e.dusk.See(e.r, e.g, e.b)
	}
	e.identify()
	return e.stage.Make(e.ticks, e.at(), e.r, e.g, e.b, false)
}

// Finish gives the black frame with which a run ends.
func (e *Engine) Finish() *safety.Frame {
	clear(e.r)
	clear(e.g)
	clear(e.b)
	return e.stage.Make(e.ticks+1, e.at(), e.r, e.g, e.b, true)
}

// at is the time of the present tick.
func (e *Engine) at() time.Duration { return e.timeOf(e.ticks) }

func (e *Engine) timeOf(tick uint64) time.Duration {
	return time.Duration(float64(tick) / e.inst.Rate * float64(time.Second))
}

// tick advances all that has memory: people, parameters, lives.
func (e *Engine) tick() {
	now := e.at()
	if e.crowd != nil {
		e.crowd.See(e.people.Cell(-1).Arousal)
		e.crowd.Step(now, e.offer)
	}
	e.people.Step(now)
	if e.tell != nil {
		if s, ok := e.people.Summary(); ok {
			e.tell(s)
		}
	}
	e.show.Step(now, e.people)
	e.feeling.step(e.people, e.people.Own())
	// What nobody sees rests.
	mix := e.show.Mix()
	for i := range e.scenes {
		if mix.Heard(i) == 0 {
			continue
		}
		for _, l := range e.scenes[i].layers {
			if l.life != nil {
				l.life.Step(&e.feeling.in)
			}
		}
	}
	e.hold()
}

// A field's Time runs for an hour, so that a float32 still resolves a quarter
// of a millisecond after months; in the last seconds of the hour its light is
// faded into what it will be at the start of the next.
const (
	hourSeconds = 3600
	hourFade    = 8
)

// hour is the time of the present tick within the hour.
func (e *Engine) hour() float64 {
	return math.Mod(float64(e.ticks)/e.inst.Rate, hourSeconds)
}
