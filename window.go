package main

import feeling "noctiluca/engine/signal"

// revoke takes a person's consent back for them: whoever watches over the work
// was asked to. It acts with the next frame.
func (l *live) revoke(person string) {
	l.engine.Signals().Offer(feeling.Event{Action: feeling.Revoke, Reading: feeling.Reading{Person: person, At: l.player.Now()}, Cell: -1})
	l.keeper.log("a consent was taken back in the window") // of whom is told no more
}
