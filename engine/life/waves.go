package life

var wavesKind = Kind{
	Name:   "waves",
	Doc:    "Excitation that runs from pixel to neighbouring pixel as fronts and spirals, as in a nerve or a slime mould; heartbeats set it off.",
	Source: "FitzHugh 1961, Nagumo et al. 1962: v̇ = v − v³/3 − w + I + D∇²v, ẇ = ε(v + a − bw), on the graph of the pixels",
	Gives:  [4]string{"the excitation", "the recovery", "", ""},
	Settings: []Setting{
		{"speed", 12, 0.1, 60, "1/s", "model time that passes in a second"},
		{"diffusion", 0.4, 0, 4, "", "D, in spacings² a unit of model time"},
		{"a", 0.7, 0, 2, "", "of the model"},
		{"b", 0.8, 0, 2, "", "of the model"},
		{"epsilon", 0.05, 0.001, 1, "", "of the model: at 0.08 the ends of a broken front draw back, at 0.05 they curl up"},
		{"heart", 0.9, 0, 5, "", "current that a heartbeat brings where people stand"},
		{"hand", 0, 0, 10, "m", "how far round each person's own place their heart sets it off; 0: in their cells"},
		{"sparks", 0.15, 0, 20, "1/s", "excitations by themselves, over all pixels"},
	},
	make: func(c *Config, s settings) Life { return newWaves(c, s) },
}

type waves struct {
	nagumo
	near
	state  [4][]float32
	rng    *random
	heart  float32
	hand   float32
	place  *Config
	sparks float32
	due    float32
	speed  float32
}

func newWaves(c *Config, s settings) *waves {
	n := len(c.X)
	w := &waves{near: newNear(c), state: states(n), rng: newRandom(c.Seed, 0xF17E), heart: s.get("heart"), sparks: s.get("sparks"), speed: s.get("speed"), hand: s.get("hand"), place: c}
	w.nagumo = newNagumo(c, s)
	w.show()
	return w
}

func (w *waves) Step(in *Influence) {
	if w.hand > 0 {
		spots(w.current, w.place, in, w.hand, func(s *Spot) float32 { return float32(s.Presence * s.Beat) })
	} else {
		w.sum(w.current, in, func(c *Cell) float32 { return float32(c.Presence * c.Beat) })
	}
	for i, v := range w.current {
		// Of a cell only what is near enough: a front shall run, not the whole
		// light up.
		if w.hand == 0 {
			v = max(v-0.5, 0)
		}
		w.current[i] = float32(w.heart * v)
		if in.Drive != nil {
			w.current[i] += in.Drive[i]
		}
	}
	w.due += float32(w.sparks * in.Seconds)
	for ; w.due >= 1 && len(w.v) > 0; w.due-- {
		// A spot of some pixels: one alone is put out by its neighbours.
		at := w.rng.below(len(w.v))
		w.v[at] = 1.5
		for _, j := range w.graph.Of(at) {
			w.v[j] = 1.5
			for _, k := range w.graph.Of(int(j)) {
				w.v[k] = max(w.v[k], 1.2)
				for _, l := range w.graph.Of(int(k)) {
					w.v[l] = max(w.v[l], 0.8)
				}
			}
		}
	}
	w.advance(float32(w.speed * in.Seconds))
	w.show()
}

func (w *waves) State() *[4][]float32 { return &w.state }

func (w *waves) Memory() []any {
	return []any{&w.v, &w.w, &w.rng.PCG, &w.due, &w.state[0], &w.state[1]}
}

// show maps rest, −1.2 and −0.62, to 0 and the height of a pulse to about 1.
func (w *waves) show() {
	for i, v := range w.v {
		w.state[0][i] = unit((v + 1.15) / 3.1)
		w.state[1][i] = unit((w.w[i] + 0.62) / 1.9)
	}
}
