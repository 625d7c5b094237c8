// Package watch is what a window sees of an artwork that plays: the newest
// frame, the uniforms of its fields, and the state of people and outputs.
//
// It owns no clock and plays nothing: Live looks at a run, Still is one
// instant of a run that nobody saw.
package watch

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"noctiluca/devices/output"
	"noctiluca/devices/player"
	"noctiluca/devices/screen"
	"noctiluca/engine"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

var (
	_ screen.Source = (*Live)(nil)
	_ screen.Editor = (*Live)(nil)
	_ screen.Source = (*Still)(nil)
)

// Live looks at a run. Its methods are called from one goroutine.
type Live struct {
	engine  *engine.Engine
	taken   int // fields that were taken up when the layers were last told
	player  *player.Player
	scene   string
	outputs []*output.Runner
	look    player.Look
	were    []output.Stats // a second ago
	since   time.Time
	lines   []screen.Output
	recent  func(dst []string) []string
}

// NewLive looks at the player of an engine. The player's Config.Watch must be
// set. recent gives the last lines of the log; nil for none.
func NewLive(p *player.Player, e *engine.Engine, outputs []*output.Runner, recent func(dst []string) []string) *Live {
	return &Live{engine: e, player: p, scene: e.Scene(), outputs: outputs, recent: recent, were: make([]output.Stats, len(outputs)), lines: make([]screen.Output, len(outputs))}
}

// Frame is the newest frame, for the caller to release; nil before the first.
func (l *Live) Frame() *safety.Frame { return l.player.Frame() }

// Words are the uniforms of a layer's field.
func (l *Live) Words(layer int) []uint32 {
	if layer == 0 {
		l.player.Look(&l.look)
	}
	return words(&l.look.Snapshot, layer)
}

// Status fills s.
func (l *Live) Status(s *screen.Status) {
	l.player.Look(&l.look)
	fill(s, &l.look.Snapshot)
	s.Scene = l.scene
	s.FPS, s.FrameTime, s.FrameTimeWorst = l.look.Pace.FPS, l.look.Pace.Frame50, l.look.Pace.Frame99
	s.Watts, s.Limited, s.Safety = l.look.Watts, l.look.Limited, l.look.Safety
	if now := time.Now(); now.Sub(l.since) >= time.Second {
		l.count(now)
	}
	s.Outputs = append(s.Outputs[:0], l.lines...)
	if l.recent != nil {
		s.Log = l.recent(s.Log)
	}
	if saved := l.player.Saved(); saved != nil {
		s.Errors = append(s.Errors, saved.Problems()...)
	}
}

// Reloaded are the layers when a field was saved anew since it was last
// asked, else nil.
func (l *Live) Reloaded() []engine.Layer {
	saved := l.player.Saved()
	if saved == nil {
		return nil
	}
	n := saved.Taken()
	if n == l.taken {
		return nil
	}
	l.taken = n
	return l.engine.Layers()
}

// count takes what the outputs did since it was last called.
func (l *Live) count(now time.Time) {
	seconds := now.Sub(l.since).Seconds()
	l.since = now
	for i, o := range l.outputs {
		is, was := o.Stats(), l.were[i]
		l.were[i] = is
		line := screen.Output{Name: o.Name()}
		switch {
		case is.Errors > was.Errors:
			line.Line, line.Bad = is.LastError, !atHome(is.LastError)
		case is.Frames == 0:
			line.Line = "waits"
		default:
			line.Line = fmt.Sprintf("%.0f packets/s  %.0f kB/s", float64(is.Packets-was.Packets)/seconds, float64(is.Bytes-was.Bytes)/seconds/1000)
		}
		// What is sent without an error may still light nothing.
		if is.Device.Wrong && !line.Bad {
			line.Line, line.Bad = is.Device.State, true
		}
		l.lines[i] = line
	}
}

// atHome says whether an error is that nobody listens on this machine itself.
// It is so wherever a shipped installation is seen before it has LEDs, and is
// told, but is no fault.
func atHome(why string) bool {
	at, ok := strings.CutPrefix(why, "nobody listens at ")
	if !ok {
		return false
	}
	a, err := netip.ParseAddrPort(at)
	return err == nil && a.Addr().Unmap().IsLoopback()
}

// Still is one instant of a run that nobody saw, and the ones after it.
type Still struct {
	engine *engine.Engine
	rate   float64
	at     time.Duration
	frame  *safety.Frame
	state  engine.Snapshot
}

// NewStill plays an installation unseen up to the instant at and keeps what is
// there then. The engine must not have been used before.
func NewStill(inst *installations.Installation, e *engine.Engine, at time.Duration) *Still {
	s := &Still{engine: e, rate: inst.Rate, frame: e.Step(0)}
	s.Go(at)
	return s
}

// Go plays on to a later instant.
func (s *Still) Go(to time.Duration) {
	for s.at < to {
		s.at = min(s.at+time.Duration(float64(time.Second)/s.rate), to)
		s.frame.Release()
		s.frame = s.engine.Step(s.at)
	}
	s.engine.Snapshot(&s.state)
}

// Close gives the frame back.
func (s *Still) Close() { s.frame.Release() }

// Frame is the frame of the instant, for the caller to release.
func (s *Still) Frame() *safety.Frame { return s.frame.Retain() }

// Words are the uniforms of a layer's field.
func (s *Still) Words(layer int) []uint32 { return words(&s.state, layer) }

// Status fills st.
func (s *Still) Status(st *screen.Status) {
	fill(st, &s.state)
	st.Scene, st.Watts, st.Limited = s.engine.Scene(), s.frame.Watts(), s.frame.Limited()
	st.Safety = s.engine.Stage().Status()
}

func words(s *engine.Snapshot, layer int) []uint32 {
	if layer >= len(s.Layers) {
		return nil
	}
	return s.Layers[layer].Words
}

func fill(s *screen.Status, from *engine.Snapshot) {
	s.People = append(s.People[:0], from.People...)
	s.Cells = append(s.Cells[:0], from.Cells...)
	s.Whole, s.WholeWithheld, s.Guard, s.History = from.Whole, from.WholeWithheld, from.Guard, from.History
	s.OwnLights, s.OwnWaiting = from.OwnLights, from.OwnWaiting
	s.Withheld = append(s.Withheld[:0], from.Withheld...)
	s.Errors, s.Log = s.Errors[:0], s.Log[:0]
}
