package console

import (
	"fmt"
	"strconv"
	"time"

	"noctiluca/engine/show"
	"noctiluca/installations"
)

// Player is the show as the console needs it; *show.Show is one.
type Player interface {
	Offer(show.Event) error
	Look(*show.View)
}

// control is one channel and what it moves.
type control struct {
	at      Address
	channel int
	wide    bool // two channels, the coarse one first

	param   show.ID // -1: a cue
	spec    *show.Spec
	cue     show.Event
	pressed bool

	taken  bool
	last   uint16
	until  time.Duration // the takeover's glide ends
	before float32       // where the parameter was to go when it was taken
}

// Hands turns the levels of a merger into events of a show. It belongs to one
// goroutine.
//
// A console that begins to send takes its parameters over: they glide to its
// levels within the takeover time. When it falls silent they stay, or, with
// release, glide back to where they were. So neither makes the light jump.
type Hands struct {
	merger   *Merger
	player   Player
	origin   show.Origin
	takeover time.Duration
	release  bool
	controls []control
	view     show.View
	lost     uint64 // events that the show did not take
}

// NewHands prepares what an installation's console moves. The errors name the
// file and line.
func NewHands(c *installations.Console, file string, r *show.Registry, origin show.Origin, p Player) (*Hands, error) {
	h := &Hands{player: p, origin: origin, takeover: time.Duration(c.Takeover * float64(time.Second)), release: c.Release}
	var follow []Address
	for _, d := range c.Controls {
		k := control{at: Address{Artnet, uint16(d.Universe)}, channel: d.Channel, wide: d.Wide, param: -1}
		if d.Protocol == "sacn" {
			k.at.Protocol = SACN
		}
		fail := func(err error) error {
			return fmt.Errorf("%s:%d: console: channel %d: %w", file, d.Line, d.Channel, err)
		}
		if d.Parameter != "" {
			id, err := r.Find(d.Parameter)
			if err != nil {
				return nil, fail(err)
			}
			k.param, k.spec = id, &r.Specs[id]
		} else {
			e, err := cueOf(d.Cue)
			if err != nil {
				return nil, fail(err)
			}
			k.cue = e
		}
		h.controls = append(h.controls, k)
		follow = append(follow, k.at)
	}
	mode := HTP
	if c.Merge == "ltp" {
		mode = LTP
	}
	h.merger = NewMerger(mode, follow...)
	return h, nil
}

// cueOf reads what a channel calls when it rises past its middle.
func cueOf(word string) (show.Event, error) {
	switch word {
	case "go":
		return show.Event{Action: show.Go}, nil
	case "back":
		return show.Event{Action: show.Back}, nil
	case "hold":
		return show.Event{Action: show.Hold}, nil
	}
	n, err := strconv.Atoi(word)
	if err != nil || n < 1 || n > 10000 {
		return show.Event{}, fmt.Errorf("cue %q: expected go, back, hold, or the number of a cue from 1", word)
	}
	return show.Event{Action: show.GoTo, Index: n - 1}, nil
}

// Merger is what is to be told of packets.
func (h *Hands) Merger() *Merger { return h.merger }

// Lost is how many events the show did not take.
func (h *Hands) Lost() uint64 { return h.lost }

// Step looks at the levels at the engine's time now and offers what changed.
func (h *Hands) Step(now time.Duration) {
	looked := false
	for i := range h.controls {
		c := &h.controls[i]
		level, present := c.level(h.merger, now)
		if c.param < 0 {
			h.press(c, level, present, now)
			continue
		}
		switch {
		case present && !c.taken:
			if !looked {
				h.player.Look(&h.view)
				looked = true
			}
			c.taken, c.last, c.until = true, level, now+h.takeover
			if int(c.param) < len(h.view.To) {
				c.before = h.view.To[c.param]
			}
			h.set(c, c.value(level), float32(h.takeover.Seconds()), now)
		case present && level != c.last:
			c.last = level
			fade := float32(show.Own)
			if left := float32((c.until - now).Seconds()); left > c.spec.Glide {
				fade = left // the takeover is still under way
			}
			h.set(c, c.value(level), fade, now)
		case !present && c.taken:
			c.taken = false
			if h.release {
				h.set(c, c.before, float32(h.takeover.Seconds()), now)
			}
		}
	}
}

// level is a channel's, or that of two, as 0…65535.
func (c *control) level(m *Merger, now time.Duration) (uint16, bool) {
	coarse, ok := m.Level(c.at, c.channel, now)
	if !ok || !c.wide {
		return uint16(coarse) * 257, ok
	}
	fine, ok := m.Level(c.at, c.channel+1, now)
	return uint16(coarse)<<8 | uint16(fine), ok
}

func (c *control) value(level uint16) float32 { return c.spec.At(float32(level) / 65535) }

func (h *Hands) set(c *control, value, fade float32, now time.Duration) {
	h.offer(show.Event{At: now, Action: show.Set, By: h.origin, Param: c.param, Value: value, Fade: fade})
}

func (h *Hands) offer(e show.Event) {
	if h.player.Offer(e) != nil {
		h.lost++
	}
}

// press calls a cue when the level rises past the middle. It has to fall
// below a third before it can do so again, so that a fader which trembles
// there does not. A console that begins to send with the fader up calls none.
func (h *Hands) press(c *control, level uint16, present bool, now time.Duration) {
	const up, down = 65535 / 2, 65535 / 3
	if !present {
		c.taken = false
		return
	}
	was := c.pressed
	switch {
	case level > up:
		c.pressed = true
	case level < down:
		c.pressed = false
	}
	if !c.taken {
		c.taken = true
		return
	}
	if c.pressed && !was {
		e := c.cue
		e.At, e.By = now, h.origin
		h.offer(e)
	}
}
