package life

import "fmt"

// Part is one life of several that live on the same pixels.
type Part struct {
	Name     string // for others to be driven by it
	Life     string
	Settings map[string]float64
	// Gives says which of its values become which of the whole's: a letter of
	// x y z w for each of the whole's four, or - for none. Empty is "xyzw"
	// for the first part.
	Gives string
	// Drive names an earlier part whose x stirs this one; empty: none.
	Drive string
	// Strength scales that; 0 stands for 1.
	Strength float64
}

// NewMix makes one life of several: each steps in turn, and what they give is
// added, clamped to 0…1. This is how lives are combined without code.
func NewMix(parts []Part, c Config) (Life, error) {
	m := &mix{state: states(len(c.X))}
	if c.Graph == nil {
		c.Graph = &Neighbours{}
	}
	for i, p := range parts {
		own := c
		own.Settings = p.Settings
		own.Seed = c.Seed + uint64(i)*0x9E3779B97F4A7C15
		l, err := New(p.Life, own)
		if err != nil {
			return nil, err
		}
		gives := p.Gives
		if gives == "" {
			gives = "xyzw"
		}
		part := mixed{life: l, drive: -1, strength: float32(p.Strength)}
		if p.Strength == 0 {
			part.strength = 1
		}
		if len(gives) != 4 {
			return nil, fmt.Errorf("gives %q: expected four of x y z w and -", gives)
		}
		for k := range 4 {
			switch at := index("xyzw", gives[k]); {
			case at >= 0:
				part.gives[k] = at
			case gives[k] == '-':
				part.gives[k] = -1
			default:
				return nil, fmt.Errorf("gives %q: expected four of x y z w and -", gives)
			}
		}
		if p.Drive != "" {
			for j := range parts[:i] {
				if parts[j].Name == p.Drive {
					part.drive = j
				}
			}
			if part.drive < 0 {
				return nil, fmt.Errorf("driven by %q: expected an earlier part", p.Drive)
			}
			part.stir = make([]float32, len(c.X))
		}
		m.parts = append(m.parts, part)
	}
	m.gather()
	return m, nil
}

func index(s string, c byte) int {
	for i := range len(s) {
		if s[i] == c {
			return i
		}
	}
	return -1
}

type mix struct {
	parts []mixed
	state [4][]float32
	in    Influence
}

type mixed struct {
	life     Life
	gives    [4]int
	drive    int
	strength float32
	stir     []float32
}

func (m *mix) Step(in *Influence) {
	for i := range m.parts {
		p := &m.parts[i]
		m.in = *in
		if p.drive >= 0 {
			from := m.parts[p.drive].life.State()[0]
			for k, v := range from {
				p.stir[k] = float32(v * p.strength)
			}
			m.in.Drive = p.stir
		}
		p.life.Step(&m.in)
	}
	m.gather()
}

func (m *mix) gather() {
	for k := range m.state {
		to := m.state[k]
		clear(to)
		for i := range m.parts {
			if from := m.parts[i].gives[k]; from >= 0 {
				for j, v := range m.parts[i].life.State()[from] {
					to[j] += v
				}
			}
		}
		for j, v := range to {
			to[j] = unit(v)
		}
	}
}

func (m *mix) State() *[4][]float32 { return &m.state }

func (m *mix) Memory() []any {
	var all []any
	for i := range m.parts {
		all = append(all, m.parts[i].life)
	}
	for k := range m.state {
		all = append(all, &m.state[k])
	}
	return all
}
