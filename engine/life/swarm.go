package life

var swarmKind = Kind{
	Name:   "swarm",
	Doc:    "Fireflies that wait at random and burst; one that sees a burst joins it, so the first to fire leads. A split crowd makes two swarms that do not see each other.",
	Source: "Sarfati et al., eLife 78908 (2022): random waits, seeing a burst starts one",
	Gives:  [4]string{"the flash", "1 during a burst", "1 where a firefly sits", "which of two camps it is in, 0 or 1"},
	Settings: []Setting{
		{"spacing", 24, 1, 10000, "pixels", "one pixel in so many has a firefly"},
		{"wait", 60, 0.1, 3600, "s", "mean of the random part of the wait of one alone"},
		{"rest", 7, 0, 600, "s", "wait that is always kept after a burst"},
		{"flashes", 6, 1, 20, "", "flashes in a burst, give or take one"},
		{"interval", 0.55, 0.05, 10, "s", "from flash to flash in a burst"},
		{"rise", 0.06, 0.005, 10, "s", "from dark to the height of a flash"},
		{"fall", 0.07, 0.005, 10, "s", "time constant of its decay"},
		{"scatter", 0.04, 0, 1, "s", "by how much joining comes late"},
	},
	make: func(c *Config, s settings) Life { return newSwarm(c, s) },
}

// swarm: each firefly rests for a fixed time after its burst, then waits an
// exponential time. The wait ends by itself, or when a burst of its camp has
// begun and it looks: with coherence 1 all look, with 0 none does.
type swarm struct {
	state      [4][]float32
	pixel      []int32
	camp       []uint8
	clock      []float32 // s to the end of the wait; of one that bursts, minus the time since it began
	resting    []float32 // s of rest that are left
	left       []int32   // flashes of the present burst; 0: it waits
	rng        *random
	since      [2]float32 // s since a burst of that camp began by itself
	rise, fall float32
	wait, rest float32
	interval   float32
	scatter    float32
	flashes    int
}

// seen is how long the beginning of a burst can be seen and joined.
const seen = 0.25

func newSwarm(c *Config, s settings) *swarm {
	w := &swarm{
		state: states(len(c.X)), rng: newRandom(c.Seed, 0x5A2FA71), rise: s.get("rise"), fall: s.get("fall"),
		wait: s.get("wait"), rest: s.get("rest"), interval: s.get("interval"), scatter: s.get("scatter"), flashes: int(s.get("flashes")),
		since: [2]float32{1000, 1000},
	}
	spacing := int(s.get("spacing"))
	for i := range c.X {
		if w.rng.below(spacing) != 0 {
			continue
		}
		camp := uint8(w.rng.below(2))
		w.pixel = append(w.pixel, int32(i))
		w.camp = append(w.camp, camp)
		w.clock = append(w.clock, float32(w.wait*w.rng.exponential()))
		w.state[2][i], w.state[3][i] = 1, float32(camp)
	}
	w.resting, w.left = make([]float32, len(w.pixel)), make([]int32, len(w.pixel))
	return w
}

func (w *swarm) Step(in *Influence) {
	split := in.Fragmentation > 0.5
	began := [2]bool{}
	for camp := range w.since {
		w.since[camp] += in.Seconds
	}
	for i := range w.pixel {
		camp := w.camp[i]
		if !split {
			camp = 0
		}
		switch {
		case w.left[i] > 0:
			w.clock[i] -= in.Seconds
			if -w.clock[i] > float32(float32(w.left[i])*w.interval) {
				w.left[i] = 0
				w.resting[i] = w.rest
				w.clock[i] = float32(w.wait * w.rng.exponential())
			}
		case w.resting[i] > 0:
			w.resting[i] -= in.Seconds
		default:
			w.clock[i] -= in.Seconds
			switch {
			case w.clock[i] <= 0:
				w.burst(i, 0)
				began[camp] = true
			case w.since[camp] < seen && w.rng.unit() < in.Coherence:
				w.burst(i, float32(w.scatter*w.rng.unit()))
			}
		}
		px := w.pixel[i]
		w.state[0][px], w.state[1][px] = 0, 0
		if w.left[i] > 0 {
			t := -w.clock[i]
			n := float32(int32(max(t, 0) / w.interval))
			w.state[0][px] = flash(t-float32(n*w.interval), w.rise, w.fall)
			w.state[1][px] = 1
		}
	}
	for camp, b := range began {
		if b && w.since[camp] >= seen {
			w.since[camp] = 0
		}
	}
}

func (w *swarm) burst(i int, late float32) {
	w.left[i] = int32(w.flashes + w.rng.below(3) - 1)
	w.left[i] = max(w.left[i], 1)
	w.clock[i] = late
}

func (w *swarm) State() *[4][]float32 { return &w.state }

func (w *swarm) Memory() []any {
	return []any{&w.clock, &w.resting, &w.left, &w.rng.PCG, &w.since[0], &w.since[1], &w.state[0], &w.state[1]}
}
