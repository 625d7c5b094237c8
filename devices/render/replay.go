package render

import (
	"fmt"
	"time"

	"noctiluca/devices/eventlog"
	"noctiluca/engine"
	"noctiluca/engine/safety"
	"noctiluca/engine/show"
)

// Replay is a run that was played, by its log.
type Replay struct {
	Events []show.Event // in the order of their times
	Skips  []eventlog.Skip
	// Reloads are the fields that were saved meanwhile, in the order of their
	// times, their files named as the engine's installation names them.
	Reloads []eventlog.Reload
}

// replaying is a replay under way.
type replaying struct {
	Replay
	engine *engine.Engine
	half   time.Duration // of a tick
	at     time.Duration // of the latest step
	still  *safety.Frame // its frame, held
}

// step gives the frame of an instant, with all done that was done before it.
// In a pause that the run made, it is the last one before the pause.
func (r *replaying) step(now time.Duration) (*safety.Frame, error) {
	for len(r.Skips) > 0 && now >= r.Skips[0].To {
		if r.at < r.Skips[0].From {
			if err := r.to(r.Skips[0].From); err != nil {
				return nil, err
			}
		}
		// The engine sees the whole pause at once, as it did.
		if err := r.to(r.Skips[0].To); err != nil {
			return nil, err
		}
		r.Skips = r.Skips[1:]
	}
	if len(r.Skips) > 0 && now > r.Skips[0].From {
		now = r.Skips[0].From
	}
	if r.still == nil || now > r.at {
		if err := r.to(now); err != nil {
			return nil, err
		}
	}
	return r.still.Retain(), nil
}

func (r *replaying) to(now time.Duration) error {
	for len(r.Events) > 0 && r.Events[0].At <= now {
		if err := r.engine.Show().Offer(r.Events[0]); err != nil {
			return err
		}
		r.Events = r.Events[1:]
	}
	// A frame's time may differ by a rounding; its number does not.
	for len(r.Reloads) > 0 && r.Reloads[0].At <= now+r.half {
		if err := r.engine.Reload(r.Reloads[0].File, []byte(r.Reloads[0].Text)); err != nil {
			return fmt.Errorf("a field that was taken up when it was played is refused now: %w", err)
		}
		r.Reloads = r.Reloads[1:]
	}
	r.forget()
	r.still, r.at = r.engine.Step(now), now
	return nil
}

// forget lets go of the frame that is held.
func (r *replaying) forget() {
	if r.still != nil {
		r.still.Release()
		r.still = nil
	}
}
