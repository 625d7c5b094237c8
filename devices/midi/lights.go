package midi

import (
	"math"
	"slices"

	"noctiluca/assets/controllers"
	"noctiluca/engine/show"
)

// manner is how a light shines.
type manner uint8

const (
	steady manner = iota
	pulse
	blink
)

// glow is what a light should show, whatever kind it is.
type glow struct {
	colour [3]uint8
	bright uint8 // 0 off, 1 dim, 2 full
	manner manner
	value  float32 // of a ring, 0…1
}

// lamp is what a light was told last: a message, or the colour of an rgb one.
type lamp struct {
	told    bool
	message [3]byte
}

// coloured is an rgb light and what it should be told.
type coloured struct {
	number byte
	colour [3]uint8
}

// Colours of what is not a scene.
var (
	green = [3]uint8{0, 255, 0}
	amber = [3]uint8{255, 140, 0}
	red   = [3]uint8{255, 0, 0}
	white = [3]uint8{255, 255, 255}
)

// Lights appends the messages that bring the lights to what the show is now:
// those that changed, or all of them after Start.
func (s *Surface) Lights(v *show.View, dst [][]byte) [][]byte {
	s.bind(v)
	s.colours = s.colours[:0]
	for i := range s.targets {
		c := &s.decoder.controls[i]
		if c.Light == nil {
			continue
		}
		if c.Light.Kind == "rgb" {
			m := s.glow(i, v).rgb(v)
			if l := &s.lit[i]; !l.told || l.message != m {
				l.told, l.message = true, m
				s.colours = append(s.colours, coloured{c.LightOn.Number, m})
			}
			continue
		}
		m := s.message(c, s.glow(i, v))
		l := &s.lit[i]
		if l.told && l.message == m {
			continue
		}
		if !l.told && c.Light.Kind == "ring" && c.Light.StyleAt != 0 {
			dst = append(dst, []byte{0xB0 | c.LightOn.Channel, c.LightOn.Number + uint8(c.Light.StyleAt), c.Light.Style})
		}
		l.told, l.message = true, m
		dst = append(dst, append([]byte(nil), m[:]...))
	}
	if r := s.Profile.RGB; r != nil {
		for part := range slices.Chunk(s.colours, r.Most) {
			dst = append(dst, told(r, part))
		}
	}
	return dst
}

// glow says what a light should show.
func (s *Surface) glow(i int, v *show.View) glow {
	t := &s.targets[i]
	on := func(yes bool, colour [3]uint8) glow {
		if yes {
			return glow{colour: colour, bright: 2, value: 1}
		}
		return glow{colour: colour, bright: 1}
	}
	if t.param >= 0 {
		spec := &s.show.Specs[t.param]
		position := spec.Position(v.Base[t.param])
		if t.to != t.from {
			position = min(max((position-t.from)/(t.to-t.from), 0), 1)
		}
		if spec.Kind == show.Switch {
			lit := v.To[t.param] == 1
			g := on(lit, amber)
			switch t.param {
			case s.show.Master.Panic, s.show.Master.Blackout:
				g.colour = red
				if lit {
					g.manner = blink // nobody may wonder why it is dark
				}
			}
			if !lit {
				g.bright = 0
			}
			return g
		}
		g := glow{colour: green, bright: 1, value: position}
		if position > 0.5 {
			g.bright = 2
		}
		// A choice is dark at its first, lit at its second, and blinks from there
		// on: a deck's A and B are told apart.
		if spec.Kind == show.Choice {
			g.bright = 0
			if to := v.To[t.param]; to > 0 {
				g.bright = 2
				if to > 1 {
					g.manner = blink
				}
			}
		}
		return g
	}
	switch t.do {
	case "scene":
		return s.pad(t, v)
	case "select":
		g := on(t.index == s.channel(), white)
		if t.index >= len(s.show.Channels) {
			g.bright = 0
		}
		return g.or(g.bright == 2)
	case "go":
		g := on(v.Next >= 0, green)
		if v.Held {
			g.manner = blink
		}
		return g.or(v.Next >= 0)
	case "back":
		return on(v.Cue >= 0, amber).or(v.Cue >= 0)
	case "hold":
		g := on(v.Held, red).or(v.Held)
		g.manner = blink
		return g
	case "undo":
		return on(v.CanUndo, white).or(v.CanUndo)
	case "redo":
		return on(v.CanRedo, white).or(v.CanRedo)
	case "record":
		g := on(v.Recording, red).or(v.Recording)
		g.manner = blink
		return g
	case "tap":
		beat := v.Beat - float64(int(v.Beat))
		return on(beat < 0.2, green).or(beat < 0.2)
	case "cue":
		switch {
		case t.index == v.Cue:
			return glow{colour: green, bright: 2}
		case t.index == v.Next:
			return glow{colour: amber, bright: 2, manner: blink}
		case t.index < len(v.Items[show.Cues]):
			return glow{colour: amber, bright: 1}
		}
	}
	return glow{}
}

// or makes a light dark unless something holds.
func (g glow) or(lit bool) glow {
	if !lit {
		g.bright = 0
	}
	return g
}

// pad shows a scene on a channel: dim when it could be called, bright when it
// is seen, pulsing while it fades in, blinking when it is armed: loaded, and
// its channel down.
func (s *Surface) pad(t *target, v *show.View) glow {
	ids := &s.show.Channels[t.index]
	g := glow{colour: s.show.Colour(t.row), bright: 1}
	if int(v.To[ids.Scene]) != t.row+1 {
		return g
	}
	g.bright = 2
	seen := v.Base[ids.Level] > 0 && v.Base[ids.Mute] < 1
	switch {
	case !seen:
		g.manner = blink
	case v.Base[ids.Scene] != v.To[ids.Scene]:
		g.manner = pulse
	}
	return g
}

// message encodes a glow for the light of a control.
func (s *Surface) message(c *controllers.Control, g glow) [3]byte {
	l, status := c.Light, byte(0x90)
	if c.LightOn.CC {
		status = 0xB0
	}
	channel, value := c.LightOn.Channel, l.Off
	switch l.Kind {
	case "ring":
		value = l.Low + byte(g.value*float32(l.High-l.Low)+0.5)
	case "switch":
		if g.bright == 2 {
			value = l.On
			if g.manner != steady && l.Blink != 0 {
				value = l.Blink
			}
		}
	case "bicolour":
		value = bicolour(l, g)
	case "palette":
		// The channel of a palette's light is the manner in which it shines.
		channel, value = s.Profile.Solid, 0
		if g.bright > 0 {
			value = nearest(s.Profile.Colours, g)
			switch g.manner {
			case pulse:
				channel = s.Profile.Pulse
			case blink:
				channel = s.Profile.Blink
			}
		}
	}
	return [3]byte{status | channel, c.LightOn.Number, value}
}

// bicolour picks among a red and a green LED in one: what blinks is amber.
func bicolour(l *controllers.Light, g glow) byte {
	warm := g.colour[0] > g.colour[1]
	switch {
	case g.bright == 0:
		return l.Off
	case g.manner != steady || g.bright == 2 && g.colour[0] > 128 && g.colour[1] > 100:
		return l.Amber
	case warm && g.bright == 2:
		return l.Red
	case warm:
		return l.RedDim
	case g.bright == 2:
		return l.Green
	}
	return l.GreenDim
}

// dim is how bright a pad is that could be called, of its full light.
const dim = 0.3

// nearest is the velocity whose colour is nearest; black is not taken.
func nearest(palette [][3]uint8, g glow) byte {
	best, at := 1<<30, byte(0)
	for i := 1; i < len(palette); i++ {
		d := 0
		for k, c := range g.colour {
			want := int(c)
			if g.bright == 1 {
				want = int(float32(c) * dim)
			}
			x := want - int(palette[i][k])
			d += x * x
		}
		if d < best {
			best, at = d, byte(i)
		}
	}
	return at
}

// slowest is how many blinks or pulses a second an rgb light makes at most.
const slowest = 2

// rgb is the colour that a light shows at this instant. Its blinking and
// pulsing are ours: on the beat, or on every second or fourth of a fast one.
func (g glow) rgb(v *show.View) [3]uint8 {
	x := float32(1)
	switch {
	case g.bright == 0:
		return [3]uint8{}
	case g.bright == 1:
		x = dim
	case g.manner != steady:
		beats := 1.0
		for v.BPM/60 > slowest*beats {
			beats *= 2
		}
		at := float32(v.Beat/beats - math.Floor(v.Beat/beats))
		if g.manner == blink && at >= 0.5 {
			x = 0
		}
		if g.manner == pulse {
			// Bright on the beat, dim half-way, in eight steps: what changes less is
			// not worth a message.
			x = 1 - (1-dim)*float32(math.Floor(float64(8*min(2*at, 2-2*at))))/8
		}
	}
	c := g.colour
	for i := range c {
		c[i] = uint8(float32(c[i])*x + 0.5)
	}
	return c
}

// told is the message that gives lights their true colours.
func told(r *controllers.RGB, lights []coloured) []byte {
	m := slices.Clone(r.Begin)
	if r.Form == "akai" {
		n := 8 * len(lights)
		m = append(m, byte(n>>7), byte(n&127))
	}
	for _, l := range lights {
		if r.Form == "akai" {
			m = append(m, l.number, l.number)
			for _, c := range l.colour {
				m = append(m, c>>7, c&127)
			}
			continue
		}
		m = append(m, 3, l.number, l.colour[0]>>1, l.colour[1]>>1, l.colour[2]>>1)
	}
	return append(m, 0xF7)
}
