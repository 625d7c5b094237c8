package show

// Mix is what the mixer does at the present tick, for the engine to draw. Its
// slices belong to the show and hold until the next Step.
type Mix struct {
	Channels []Channel
	// Cross is how far the crossfader is from deck A to deck B, 0…1. Decks
	// says whether any channel is on one.
	Cross float32
	Decks bool
	// Plain says that there is nothing to mix: channel Only, at full, is the
	// picture, of its one scene.
	Plain  bool
	Only   int
	Master Master
}

// Channel is one strip of the mixer.
type Channel struct {
	Gain float32 // its level, with mute and solo
	// Of each of the choices, how much: the sum of each is 1. Scenes[0] is
	// none; Groups[0] is everything.
	Scenes, Blends, Decks, Groups []float32
}

// Master is what is done to the mixed light, and last.
type Master struct {
	Gain       float32 // level and blackout
	Hue        float32 // turns
	Saturation float32 // 1 leaves colour as it is
	Sparkle    float32 // 0…1
	Freeze     float32 // 0…1: how much of the picture is the held one
	Panic      float32 // 0…1
}

// Neutral says whether the master leaves light as it is.
func (m *Master) Neutral() bool {
	return m.Gain == 1 && m.Hue == 0 && m.Saturation == 1 && m.Sparkle == 0 && m.Freeze == 0
}

// panicLevel is how bright the light is in a panic: enough to see by.
const panicLevel = 0.35

func (m *Mix) init(r *Registry) { m.Channels = make([]Channel, len(r.Channels)) }

// mixed makes the mix of the values.
func (s *Show) mixed() {
	m := &s.mix
	anySolo := float32(0)
	for i := range s.Channels {
		anySolo = max(anySolo, s.params[s.Channels[i].Solo].base)
	}
	m.Cross = s.values[s.Cross]
	m.Decks, m.Plain, m.Only = false, true, -1
	for i := range m.Channels {
		ids, c := &s.Channels[i], &m.Channels[i]
		c.Scenes, c.Blends = s.params[ids.Scene].weights, s.params[ids.Blend].weights
		c.Decks, c.Groups = s.params[ids.Deck].weights, s.params[ids.Group].weights
		unsolo := float32(anySolo * (1 - s.params[ids.Solo].base))
		c.Gain = float32(s.values[ids.Level] * (1 - s.params[ids.Mute].base))
		c.Gain = float32(c.Gain * (1 - unsolo))
		if c.Gain <= 0 || c.Scenes[0] == 1 {
			c.Gain = 0
			continue
		}
		if c.Decks[0] < 1 {
			m.Decks = true
		}
		plain := c.Gain == 1 && c.Blends[0] == 1 && c.Decks[0] == 1 && c.Groups[0] == 1 && whole(c.Scenes)
		m.Plain = m.Plain && plain && m.Only < 0
		m.Only = i
	}
	if m.Only < 0 {
		m.Plain = false
	}
	p := s.params[s.Master.Panic].base
	calm := 1 - p
	black := s.params[s.Master.Blackout].base
	m.Master = Master{
		Gain:       float32(s.values[s.Master.Level] * (1 - black)),
		Hue:        float32(s.values[s.Master.Hue] * calm),
		Saturation: s.values[s.Master.Saturation],
		Sparkle:    float32(s.values[s.Master.Sparkle] * calm),
		Freeze:     float32(s.params[s.Master.Freeze].base * calm),
		Panic:      p,
	}
	if p > 0 {
		m.Master.Gain = float32(m.Master.Gain*calm) + float32(panicLevel*p)
		m.Master.Saturation += float32((1 - m.Master.Saturation) * p)
	}
}

// whole says whether one of the weights is all.
func whole(w []float32) bool {
	for _, x := range w {
		if x == 1 {
			return true
		}
	}
	return false
}

// Mix is the present mix.
func (s *Show) Mix() *Mix { return &s.mix }

// Heard is how much of a scene is in the mix: 0 is none, and then nothing of
// it need be computed.
func (m *Mix) Heard(scene int) float32 {
	most := float32(0)
	for i := range m.Channels {
		c := &m.Channels[i]
		seen := c.Decks[0] + float32(c.Decks[1]*(1-m.Cross))
		seen += float32(c.Decks[2] * m.Cross)
		most = max(most, float32(float32(c.Gain*c.Scenes[scene+1])*seen))
	}
	return most
}
