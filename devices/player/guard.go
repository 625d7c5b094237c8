package player

import (
	"fmt"
	"time"

	"noctiluca/engine/safety"
)

// staged is a source whose frames a safety stage makes; all are.
type staged interface{ Stage() *safety.Stage }

// guard tells the safety stage which time it is, and people what it does: a
// limit that is off is said every minute, and what a limit did when it begins.
type guard struct {
	stage  *safety.Stage
	log    func(string)
	next   uint64 // event
	events []safety.Event
	loud   time.Duration // when the next reminder is due
	curfew bool
}

func newGuard(s Source, log func(string)) *guard {
	g := &guard{log: log}
	if st, ok := s.(staged); ok {
		g.stage = st.Stage()
	}
	return g
}

// every is how often a limit that is off is spoken of.
const every = time.Minute

// tick is called about once a second, at the engine's time.
func (g *guard) tick(now time.Duration, wall time.Time) {
	if g.stage == nil {
		return
	}
	g.stage.Clock(now, wall)
	status := g.stage.Status()
	if now >= g.loud {
		g.loud = now + every
		for _, off := range status.Off {
			g.log(fmt.Sprintf("SAFETY: the limit %s is OFF: %s", off.Limit, off.Reason))
		}
	}
	first := g.next
	g.events, g.next = g.stage.Events(first, g.events[:0])
	for i := range g.events {
		// A light that keeps on trying gives many events: a line a second.
		if e := &g.events[i]; i < 3 && e.Limit != "curfew" {
			g.log("safety: " + e.String())
		}
	}
	if n := len(g.events); n > 3 {
		g.log(fmt.Sprintf("safety: and %d limits more in this second", n-3))
	}
	if on := status.Curfew < 1; on != g.curfew {
		g.curfew = on
		if on {
			g.log("safety: a curfew dims the light")
		} else {
			g.log("safety: no curfew dims the light any more")
		}
	}
}
