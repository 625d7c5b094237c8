package sound

import (
	"sync"
	"time"
)

// Clock makes a smooth position of the coarse one of a sound card. A card
// takes its sound in pieces of some ten milliseconds, so what it has played
// grows in steps, seen late or early; and its second is not the computer's.
//
// It is an alpha-beta filter (a phase-locked loop of second order): each
// observation moves the position a little towards what was seen, and the rate
// a very little, so that the steps average out and the rate is learned. It is
// never more than the width of the steps away from the card, however long the
// show, and does not jump.
//
// Any goroutine may use it.
type Clock struct {
	mu    sync.Mutex
	began bool
	seen  time.Duration // when the last observation was made
	at    float64       // s, the position then
	rate  float64       // of the card's clock to ours
}

// The filter settles in some seconds: with an observation each tenth of a
// second, steps of 40 ms leave about 1 ms.
const (
	settle = 4.0 // s, the loop's time constant
	// A difference that no clock explains is a jump: the sound was stopped,
	// or it stalled.
	stumble = 0.25 // s
)

// Start puts the position at an instant.
func (c *Clock) Start(now, at time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.began, c.seen, c.at = true, now, at.Seconds()
	if c.rate == 0 {
		c.rate = 1 // what was learned of the card is kept from file to file
	}
}

// Stop forgets the position.
func (c *Clock) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.began = false
}

// Observe tells what the card has played, as seen at an instant.
func (c *Clock) Observe(now, played time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	dt := (now - c.seen).Seconds()
	if !c.began || dt <= 0 {
		return
	}
	c.at += c.rate * dt
	c.seen = now
	off := played.Seconds() - c.at
	if off > stumble || off < -stumble {
		c.at = played.Seconds()
		return
	}
	// Critically damped: for steps that are short beside the time constant,
	// α = 2 dt/τ and β = (dt/τ)².
	k := min(dt/settle, 0.5)
	c.at += 2 * k * off
	c.rate += k * k * off / dt
	c.rate = min(max(c.rate, 0.98), 1.02)
}

// Position is where the sound is at an instant; false before Start and after
// Stop.
func (c *Clock) Position(now time.Duration) (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.began {
		return 0, false
	}
	return time.Duration((c.at + c.rate*(now-c.seen).Seconds()) * float64(time.Second)), true
}
