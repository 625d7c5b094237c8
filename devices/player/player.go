// Package player plays an installation live: it wakes on the grid of frames,
// steps the engine and hands every output and window the same frame.
//
// A frame is computed ahead and held until it is due, so that it leaves on
// the grid with the jitter of a wake-up and not of the computing. How far
// ahead, the lead, follows how long frames take.
//
// It is where the clock, the engine and the devices meet, and it owns the
// order in which a run ends: a black frame to everybody, then the end of each
// stream as its protocol wants it.
package player

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"noctiluca/devices/output"
	"noctiluca/devices/pacer"
	"noctiluca/devices/reload"
	"noctiluca/engine"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// Source makes the frames: an engine.Engine, or what plays a recording. Its
// methods are called from one goroutine.
type Source interface {
	// Step gives the frame of an instant, which the caller holds.
	Step(now time.Duration) *safety.Frame
	// Finish gives the black frame with which a run ends.
	Finish() *safety.Frame
	// Snapshot fills s with what is felt.
	Snapshot(s *engine.Snapshot)
}

var _ Source = (*engine.Engine)(nil)

// Config is what to play, and to whom.
type Config struct {
	Installation *installations.Installation
	Engine       Source
	Outputs      []*output.Runner
	For          time.Duration // 0: until the context ends
	Workers      int           // goroutines that compute, for the pacer
	Lead         Lead          // how long before its deadline a frame is begun
	Status       io.Writer     // a line a second; nil for none
	Log          func(string)  // remarks; nil for none
	// Watch keeps the newest frame and snapshot for a window. Without one the
	// whole process is in real time, where the system lets it.
	Watch bool
}

// Player is one run. Frame and Look may be called from any goroutine.
type Player struct {
	c     Config
	pacer *pacer.Pacer
	saved *reload.Watcher // of fields that are files; nil for none
	lead  *leader
	meter meter
	guard *guard
	put   func(*safety.Frame) // to all outputs

	mu    sync.Mutex
	frame *safety.Frame // newest, held, when Config.Watch
	look  Look

	ready chan struct{} // closed once the pacer runs
	lines chan report
	last  report

	crowded bool // it was said that not everybody has a light of their own; the printer's
}

// Look is what a window shows beside the light.
type Look struct {
	Pace     Pace
	Watts    float64
	Limited  bool
	Safety   safety.Status
	Snapshot engine.Snapshot
}

// report is what one status line is made of.
type report struct {
	at    time.Duration
	pace  Pace
	watts float64
	whole engine.Snapshot
	outs  []output.Stats
}

// New prepares a run.
func New(c Config) (*Player, error) {
	clock, err := pacer.New(c.Installation.Rate)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Installation.File, err)
	}
	if err := c.Lead.Fits(c.Installation); err != nil {
		return nil, fmt.Errorf("lead: %w", err)
	}
	if c.Log == nil {
		c.Log = func(string) {}
	}
	var saved *reload.Watcher
	if e, ok := c.Engine.(interface {
		Reload(file string, text []byte) error
		Unturned(file string) []string
	}); ok { // a recording has no fields
		apply := func(file string, text []byte) error {
			err := e.Reload(file, text)
			if names := e.Unturned(file); err == nil && len(names) > 0 {
				c.Log(fmt.Sprintf("%s: %s is 0, and gets a control when the work is started again", file, strings.Join(names, ", ")))
			}
			return err
		}
		if saved, err = reload.New(reload.Config{Installation: c.Installation, Apply: apply, Log: c.Log}); err != nil {
			c.Log(err.Error()) // it plays all the same
		}
	}
	p := &Player{c: c, pacer: clock, saved: saved, lead: newLeader(c.Lead, c.Installation.Rate), guard: newGuard(c.Engine, c.Log), meter: newMeter(c.Installation.Rate), ready: make(chan struct{}), lines: make(chan report, 1)}
	p.put = func(f *safety.Frame) {
		for _, o := range c.Outputs {
			o.Put(f)
		}
	}
	return p, nil
}

func periodOf(inst *installations.Installation) time.Duration {
	return time.Duration(float64(time.Second) / inst.Rate)
}

// Now is the engine's time; it waits for the run to begin. For the inputs,
// which stamp what arrives.
func (p *Player) Now() time.Duration {
	<-p.ready
	return p.pacer.Now()
}

// Saved watches the fields that are files of their own, which are played anew
// when they are saved; nil when there are none.
func (p *Player) Saved() *reload.Watcher { return p.saved }

// Run plays until the context ends or the time is up, lets the light go as
// the installation's safety.failure says, sends the last frame, and closes
// the outputs. It takes its goroutine's thread for itself.
func (p *Player) Run(ctx context.Context) error {
	period := periodOf(p.c.Installation)
	printed := make(chan struct{})
	go func() {
		defer close(printed)
		for r := range p.lines {
			if p.c.Status != nil {
				fmt.Fprintln(p.c.Status, p.line(r))
			}
		}
	}()
	// What the night allows holds from the first frame on.
	p.guard.tick(0, time.Now())
	if p.saved != nil {
		watching, stop := context.WithCancel(ctx)
		defer stop()
		go p.saved.Run(watching)
	}
	// The first frame has caches to fill: make it before the grid counts.
	p.c.Engine.Step(0).Release()
	if !p.c.Watch {
		if said, ok := p.pacer.Raise(); ok {
			p.c.Log(said)
			keeping, stop := context.WithCancel(context.WithoutCancel(ctx)) // while the light fades, too
			kept := make(chan struct{})
			go func() { p.pacer.Keep(keeping, p.c.Log); close(kept) }()
			defer func() { stop(); <-kept }()
		}
	}
	// Computing, sending and the window are busy beside the pacer's thread.
	p.c.Log(p.pacer.Start(p.c.Workers+len(p.c.Outputs), p.lead.now))
	defer p.pacer.Stop()
	close(p.ready)
	next := time.Second
	for {
		f := p.pacer.Wait(p.lead.now)
		if ctx.Err() != nil || p.c.For > 0 && f.At >= p.c.For {
			break
		}
		ready, now := p.play(f)
		p.meter.add(f, ready, now, period)
		p.lead.add(ready - f.Release)
		if f.At >= next {
			p.guard.tick(f.At, time.Now())
			p.report(now)
			next += time.Second
			if f.At >= next {
				next = f.At + time.Second
			}
		}
	}
	p.fade()
	black := p.c.Engine.Finish()
	p.put(black)
	p.keep(black)
	black.Release()
	var ends sync.WaitGroup
	for _, o := range p.c.Outputs {
		ends.Go(func() { o.Stop(2 * time.Second) })
	}
	ends.Wait()
	close(p.lines)
	<-printed
	if p.c.Status != nil {
		fmt.Fprintln(p.c.Status, p.summary())
	}
	p.forget()
	return nil
}

// play computes a frame and hands it over when it is due, or at once if it is
// late by then. It gives when it was computed and when all had it.
func (p *Player) play(f pacer.Frame) (ready, sent time.Duration) {
	frame := p.c.Engine.Step(f.At)
	ready, _ = p.pacer.Hold(f)
	p.put(frame)
	sent = p.pacer.Now()
	p.keep(frame)
	frame.Release()
	return ready, sent
}

// fade plays on while the light goes, if the installation wants that.
func (p *Player) fade() {
	failure := &p.c.Installation.Safety.Failure
	if failure.Stop != "fade" || failure.Fade <= 0 || p.guard.stage == nil {
		return
	}
	from := p.pacer.Now()
	for {
		f := p.pacer.Wait(p.lead.now)
		left := 1 - float64(f.At-from)/float64(failure.Fade)
		if left <= 0 {
			return
		}
		p.guard.stage.Dim(float32(left))
		p.play(f)
	}
}

// keep shares the frame and what is felt with the window.
func (p *Player) keep(f *safety.Frame) {
	if !p.c.Watch {
		return
	}
	p.mu.Lock()
	old := p.frame
	p.frame = f.Retain()
	p.look.Watts, p.look.Limited = f.Watts(), f.Limited()
	if p.guard.stage != nil {
		p.look.Safety = p.guard.stage.Status()
	}
	p.c.Engine.Snapshot(&p.look.Snapshot)
	p.mu.Unlock()
	if old != nil {
		old.Release()
	}
}

func (p *Player) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.frame != nil {
		p.frame.Release()
		p.frame = nil
	}
}

// Frame is the newest frame, held for the caller, or nil before the first.
func (p *Player) Frame() *safety.Frame {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.frame == nil {
		return nil
	}
	return p.frame.Retain()
}

// Look copies the newest snapshot into dst.
func (p *Player) Look(dst *Look) {
	p.mu.Lock()
	defer p.mu.Unlock()
	dst.Pace, dst.Watts, dst.Limited, dst.Safety = p.look.Pace, p.look.Watts, p.look.Limited, p.look.Safety
	p.look.Snapshot.CopyTo(&dst.Snapshot)
}

// Pace is how frames kept time in the last second.
func (p *Player) Pace() Pace {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.look.Pace
}

// Safety is how the limits stand. A source without a stage has none.
func (p *Player) Safety() safety.Status {
	if p.guard.stage == nil {
		return safety.Status{}
	}
	return p.guard.stage.Status()
}

// report hands a second's figures to the printer, unless it still prints:
// a terminal that hangs must not stop the light.
func (p *Player) report(now time.Duration) {
	pace := p.meter.take(now, p.lead.now)
	p.mu.Lock()
	p.look.Pace = pace
	p.mu.Unlock()
	if p.c.Status == nil {
		return
	}
	r := report{at: now, pace: pace, watts: p.Safety().Watts}
	for _, o := range p.c.Outputs {
		r.outs = append(r.outs, o.Stats())
	}
	p.c.Engine.Snapshot(&r.whole)
	select {
	case p.lines <- r:
	default:
	}
}

// line writes a status line: pace, people and affect, then each output's
// packets and bytes since the line before.
func (p *Player) line(r report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%6.0fs  %5.1f fps  frame p50 %s p99 %s  sent +%s  late %d  lost %d", r.at.Seconds(), r.pace.FPS,
		ms(r.pace.Frame50), ms(r.pace.Frame99), ms(r.pace.Sent99), r.pace.Late, r.pace.Lost)
	fmt.Fprintf(&b, "  %.0f W", r.watts)
	w := r.whole.Whole
	switch {
	case r.whole.WholeWithheld:
		fmt.Fprintf(&b, "  people fewer than %d: not told", p.c.Installation.Governance.MinimumGroup)
	default:
		fmt.Fprintf(&b, "  people %d", w.People)
	}
	if n := r.whole.OwnWaiting; n > 0 && !r.whole.WholeWithheld {
		fmt.Fprintf(&b, "  own light %d of %d", r.whole.OwnLights, r.whole.OwnLights+n)
		if !p.crowded {
			p.crowded = true
			p.c.Log(fmt.Sprintf("%d people could have a light of their own and %d have one, those who consented first: governance.own_lights in %s says how many there can be", r.whole.OwnLights+n, r.whole.OwnLights, p.c.Installation.File))
		}
	}
	if g := r.whole.Guard; g.Watches && g.Reactivity < 0.995 {
		fmt.Fprintf(&b, "  reactivity %.2f", g.Reactivity)
	}
	if w.People > 0 {
		fmt.Fprintf(&b, "  arousal %s  valence %s", felt(w.Arousal, w.ArousalConfidence), felt(w.Valence, w.ValenceConfidence))
	}
	if w.People > 1 {
		fmt.Fprintf(&b, "  split %.2f (A) %.2f (Esteban-Ray)  coherence %.2f", w.Fragmentation, w.Polarisation, w.Coherence)
	}
	if l := r.whole.Leads; len(l) > 0 {
		cells := p.c.Installation.Cells
		fmt.Fprintf(&b, "  %s leads %s by %.3f bit", cells[l[0].From].Name, cells[l[0].To].Name, l[0].Bits)
	}
	for i, s := range r.outs {
		var was output.Stats
		if i < len(p.last.outs) {
			was = p.last.outs[i]
		}
		fmt.Fprintf(&b, "  %s %d pkt %s", p.c.Outputs[i].Name(), s.Packets-was.Packets, size(s.Bytes-was.Bytes))
		if s.Dropped > 0 {
			fmt.Fprintf(&b, " dropped %d", s.Dropped)
		}
		if s.Errors > 0 {
			fmt.Fprintf(&b, " errors %d (%s)", s.Errors, s.LastError)
		}
		if s.Device.Wrong {
			fmt.Fprintf(&b, " device: %s", s.Device.State)
		}
	}
	p.last = r
	return b.String()
}

// summary tells of the whole run: how late the pacer woke, when frames were
// computed and when every output had them.
func (p *Player) summary() string {
	m := &p.meter
	return fmt.Sprintf("played %d frames, late %d, lost %d, begun %s before they are due\n  woken after the release    %v\n  ready after the deadline   %v\n  sent after the deadline    %v",
		m.sent.total, m.late, m.lost, ms(p.lead.now), &m.woke, &m.ready, &m.sent)
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d)/1e6) }

// felt writes a value of affect. No signal is not a calm one.
func felt(v, confidence float32) string {
	if confidence <= 0 {
		return "no signal"
	}
	return fmt.Sprintf("%+.2f", v)
}

func size(n uint64) string {
	switch {
	case n >= 1e6:
		return fmt.Sprintf("%.2f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%d B", n)
}
