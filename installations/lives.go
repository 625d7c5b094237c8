package installations

import (
	"regexp"

	"noctiluca/assets/organisms"
	"noctiluca/installations/document"
	"noctiluca/installations/format"
)

// Living is a life made of several, for layers to name.
type Living struct {
	Name  string
	Parts []LifePart
	Line  int
}

// LifePart is one of them, with the settings of its organism and its own.
type LifePart struct {
	Name     string
	Life     string
	Settings map[string]float64
	Gives    string
	Drive    string
	Strength float64
}

// Colour is a uniform of a field that holds a colour.
type Colour struct {
	Name     string
	Organism *organisms.Organism // nil: Hex
	Hex      string              // #rrggbb, sRGB
	Line     int
}

func (m *maker) makeLives() {
	d := m.doc.Lives
	m.index("life", len(d), func(i int) (string, document.Place) { return d[i].Name, d[i].At("name") })
	for i := range d {
		l := Living{Name: d[i].Name, Line: d[i].Start().Line}
		for k := range d[i].Parts {
			p := &d[i].Parts[k]
			part := LifePart{Name: p.Name, Life: p.Life, Gives: p.Gives, Drive: p.Drive, Strength: p.Strength}
			var of *organisms.Organism
			if p.Organism != "" {
				of = m.organism(p.Organism, p.At("organism"))
			}
			part.Life, part.Settings = playing(p.Life, of, p.Settings)
			if part.Life == "" && !p.Broken() && p.Organism == "" {
				m.r.Errorf(p.Start(), "a part needs a life or an organism")
			}
			l.Parts = append(l.Parts, part)
		}
		m.inst.Lives = append(m.inst.Lives, l)
	}
}

// playing is the life that is meant and its settings: the organism's, where
// it plays that life, and then the ones given.
func playing(life string, of *organisms.Organism, given format.Numbers) (string, map[string]float64) {
	s := map[string]float64{}
	if of != nil {
		if life == "" {
			life = of.Life
		}
		if life == of.Life {
			for k, v := range of.Settings {
				s[k] = v
			}
		}
	}
	for _, n := range given {
		s[n.Name] = n.Value
	}
	return life, s
}

// organism finds one of the catalogue.
func (m *maker) organism(name string, at document.Place) *organisms.Organism {
	o := organisms.ByName(name)
	if o == nil {
		m.r.Errorf(at, "there is no organism %s in the catalogue%s", quoted(name), document.Expected(name, organisms.Names()))
	}
	return o
}

var hexColour = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// living fills in what a layer says of its life and its colours.
func (m *maker) living(d *format.Layer, l *Layer) {
	var of *organisms.Organism
	if d.Organism != "" {
		if of = m.organism(d.Organism, d.At("organism")); of != nil {
			l.Colours = append(l.Colours, Colour{Name: "Organism", Organism: of, Line: d.At("organism").Line})
		}
	}
	l.Life, l.Settings = playing(d.Life, of, d.Settings)
	for i := range m.inst.Lives {
		if m.inst.Lives[i].Name == d.Life {
			l.Living = &m.inst.Lives[i]
			if d.Has("settings") {
				m.r.Errorf(d.At("settings"), "life %s is combined under lives: its settings stand there", d.Life)
			}
		}
	}
	if d.Has("settings") && l.Life == "" {
		m.r.Errorf(d.At("settings"), "settings are a life's: name one by life or organism")
	}
	for _, c := range d.Colours {
		colour := Colour{Name: c.Name, Line: c.At.Line}
		if !isUniform(c.Name) {
			m.r.Errorf(c.At, "colour %s: a field's uniforms begin with a capital and hold letters, digits and _", quoted(c.Name))
		}
		if hexColour.MatchString(c.Of) {
			colour.Hex = c.Of
		} else if colour.Organism = m.organism(c.Of, c.Value); colour.Organism == nil {
			continue
		}
		l.Colours = append(l.Colours, colour)
	}
}
