package format

import "noctiluca/installations/document"

// Living is a life made of several that live on the same pixels.
type Living struct {
	document.Object
	Name  string `key:"name" need:"yes" name:"yes" doc:"What layers call it."`
	Parts []Part `key:"parts" need:"yes" items:"1,16" doc:"Shipped lives, each of which steps in turn; what they give is added."`
}

// Part is one of them.
type Part struct {
	document.Object
	Name     string  `key:"name" name:"yes" doc:"For later parts to be driven by it."`
	Life     string  `key:"life" doc:"A shipped life. Left out: the organism's."`
	Organism string  `key:"organism" doc:"One of the catalogue: its settings."`
	Settings Numbers `key:"settings" doc:"The life's settings that are to be others than its own, or the organism's."`
	Gives    string  `key:"gives" default:"xyzw" doc:"Four letters: which of its x, y, z, w becomes the whole's x, y, z and w; - for none."`
	Drive    string  `key:"drive" doc:"An earlier part whose x stirs this one."`
	Strength float64 `key:"strength" default:"1" range:"(0,100]" doc:"How strongly."`
}

// Numbers is a mapping of names to numbers.
type Numbers []Number

// Number is one of them.
type Number struct {
	Name  string
	At    document.Place
	Value float64
}

// ReadNode implements document.Custom.
func (s *Numbers) ReadNode(r *document.Reader, n *document.Node) {
	if n.Kind != document.Map {
		r.Errorf(n.Place, "expected a mapping of names to numbers, as rise: 0.1")
		return
	}
	for _, p := range n.Pairs {
		if p.Value.Kind != document.Int && p.Value.Kind != document.Float {
			r.Errorf(p.Value.Place, "%s: expected a number, got %s", p.Key, p.Value.Kind)
			continue
		}
		*s = append(*s, Number{p.Key, p.At, p.Value.Float})
	}
}

// Colours is a mapping of uniforms to what colour they are.
type Colours []Colour

// Colour is one of them.
type Colour struct {
	Name  string
	At    document.Place
	Of    string
	Value document.Place
}

// ReadNode implements document.Custom.
func (s *Colours) ReadNode(r *document.Reader, n *document.Node) {
	if n.Kind != document.Map {
		r.Errorf(n.Place, "expected a mapping of uniforms to organisms or colours, as Glow: vibrio-fischeri")
		return
	}
	for _, p := range n.Pairs {
		if p.Value.Kind != document.Text {
			r.Errorf(p.Value.Place, `%s: expected an organism's name or a colour as "#3080ff", got %s`, p.Key, p.Value.Kind)
			continue
		}
		*s = append(*s, Colour{p.Key, p.At, p.Value.Raw, p.Value.Place})
	}
}
