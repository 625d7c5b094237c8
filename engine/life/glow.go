package life

var glowKind = Kind{
	Name:   "glow",
	Doc:    "A steady glow, each a little different, that comes up slowly, and hides from what disturbs it or answers it.",
	Source: "first-order relaxation; glow-worms and fungi glow for hours",
	Gives:  [4]string{"the light", "its own brightness", "1 where one sits", "how disturbed it is"},
	Settings: []Setting{
		{"spacing", 1, 1, 10000, "pixels", "one pixel in so many glows"},
		{"rise", 4, 0.01, 3600, "s", "time constant of the way up"},
		{"fall", 1.5, 0.01, 3600, "s", "time constant of the way down"},
		{"vary", 0.4, 0, 1, "", "how far one differs from another in brightness"},
		{"shy", 0, 0, 1, "", "how far excitement and steps put it out"},
		{"asleep", 0.3, 0, 1, "", "how bright it is when nobody is there"},
		{"waver", 0.1, 0, 1, "", "how far it wavers by itself, over seconds"},
	},
	make: func(c *Config, s settings) Life { return newGlow(c, s) },
}

type glow struct {
	near
	state      [4][]float32
	pixel      []int32
	own        []float32 // brightness
	phase      []float32 // of its wavering, cycles
	pace       []float32 // cycles a second
	here       []float32 // presence that reaches each pixel
	fright     []float32
	rise, fall float32
	shy        float32
	asleep     float32
	waver      float32
}

func newGlow(c *Config, s settings) *glow {
	n := len(c.X)
	g := &glow{
		near: newNear(c), state: states(n), here: make([]float32, n), fright: make([]float32, n),
		rise: s.get("rise"), fall: s.get("fall"), shy: s.get("shy"), asleep: s.get("asleep"), waver: s.get("waver"),
	}
	rng := newRandom(c.Seed, 0x6107)
	spacing, vary := int(s.get("spacing")), s.get("vary")
	for i := range c.X {
		if rng.below(spacing) != 0 {
			continue
		}
		own := 1 - float32(vary*rng.unit())
		g.pixel = append(g.pixel, int32(i))
		g.own = append(g.own, own)
		g.phase = append(g.phase, rng.unit())
		g.pace = append(g.pace, 0.03+float32(0.09*rng.unit()))
		g.state[1][i], g.state[2][i] = own, 1
	}
	return g
}

func (g *glow) Step(in *Influence) {
	g.sum(g.here, in, presence)
	g.sum(g.fright, in, func(c *Cell) float32 {
		return float32(c.Presence*max(c.Arousal, 0)) + c.Touch
	})
	up, down := in.Seconds/(g.rise+in.Seconds), in.Seconds/(g.fall+in.Seconds)
	for k, px := range g.pixel {
		p := g.phase[k] + float32(g.pace[k]*in.Seconds)
		if p >= 1 {
			p--
		}
		g.phase[k] = p
		// A smooth wave of period 1.
		u := float32(2*p) - 1
		if u < 0 {
			u = -u
		}
		w := float32(float32(u*u) * (3 - float32(2*u)))
		fright := unit(g.fright[px])
		want := float32(g.own[k] * (1 - float32(g.waver*w)))
		want = float32(want * (g.asleep + float32((1-g.asleep)*unit(g.here[px]))))
		want = float32(want * (1 - float32(g.shy*fright)))
		if in.Drive != nil {
			want = max(want, in.Drive[px])
		}
		x := g.state[0][px]
		k := up
		if want < x {
			k = down
		}
		g.state[0][px] = x + float32((want-x)*k)
		g.state[3][px] = fright
	}
}

func (g *glow) State() *[4][]float32 { return &g.state }

func (g *glow) Memory() []any { return []any{&g.phase, &g.state[0], &g.state[3]} }
