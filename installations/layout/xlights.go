package layout

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"noctiluca/installations/space"
)

// element is an XML element with the line where it stands.
type element struct {
	name     string
	line     int
	attrs    map[string]string
	children []*element
	text     string
}

// parseXML reads a whole file into elements. Depth and number are bounded.
func (s *source) parseXML(data []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = true
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	root := &element{}
	stack := []*element{root}
	for count := 0; ; {
		line, _ := d.InputPos()
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var e *xml.SyntaxError
			if errors.As(err, &e) {
				return nil, s.errorf(e.Line, "", "%s", e.Msg)
			}
			return nil, s.errorf(line, "", "%v", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if count++; count > 2_000_000 || len(stack) > 200 {
				return nil, s.errorf(line, "", "more than 2,000,000 elements, or 200 one in another")
			}
			e := &element{name: t.Name.Local, line: line, attrs: make(map[string]string, len(t.Attr))}
			for _, a := range t.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			top := stack[len(stack)-1]
			top.children = append(top.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top := stack[len(stack)-1]
			top.text += string(t)
		}
	}
	if len(root.children) == 0 {
		return nil, s.errorf(0, "", "there is no element in it")
	}
	return root.children[0], nil
}

// all calls a function for every element of a name.
func (e *element) all(name string, f func(*element)) {
	for _, c := range e.children {
		if c.name == name {
			f(c)
		}
		c.all(name, f)
	}
}

func (e *element) child(name string) *element {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// xmodel is a model of xLights that is being read.
type xmodel struct {
	*source
	*element
	name string
	err  error
}

func (m *xmodel) fail(key, text2, rule string) {
	if m.err == nil {
		m.err = m.errorf(m.line, "model "+text(m.name), "%s is %q: %s", key, text(text2), rule)
	}
}

func (m *xmodel) number(key string, otherwise float64) float64 {
	v, ok := m.attrs[key]
	if !ok || v == "" {
		return otherwise
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
	if err != nil || !(math.Abs(f) <= 1e9) {
		m.fail(key, v, "expected a number")
		return otherwise
	}
	return f
}

func (m *xmodel) whole(key string, otherwise, low, high int) int {
	v, ok := m.attrs[key]
	if !ok || v == "" {
		return otherwise
	}
	n, err := strconv.Atoi(strings.TrimSpace(v))
	if err != nil || n < low || n > high {
		m.fail(key, v, fmt.Sprintf("expected a whole number, %d…%d", low, high))
		return otherwise
	}
	return n
}

func isXLights(d []byte) bool {
	return bytes.Contains(d, []byte("<xrgb")) || bytes.Contains(d, []byte("DisplayAs")) || bytes.Contains(d, []byte("model"))
}

// readXLights reads xlights_rgbeffects.xml, with all its models, and .xmodel,
// with one.
func readXLights(s *source) (*Layout, error) {
	root, err := s.parseXML(s.data)
	if err != nil {
		return nil, err
	}
	l := &Layout{}
	var models []*xmodel
	if strings.HasSuffix(strings.ToLower(root.name), "model") && root.attrs["parm1"] != "" || root.attrs["CustomModel"] != "" {
		models = append(models, &xmodel{source: s, element: root, name: root.attrs["name"]})
	} else {
		root.all("model", func(e *element) {
			models = append(models, &xmodel{source: s, element: e, name: e.attrs["name"]})
		})
	}
	if len(models) == 0 {
		return nil, s.errorf(root.line, "", "the root is <%s> and there is no <model> in it: expected xlights_rgbeffects.xml or a .xmodel", text(root.name))
	}
	ends := newChains(models)
	total := 0
	for _, m := range models {
		kind := m.displayAs()
		points, known := m.points(kind)
		if m.err != nil {
			return nil, m.err
		}
		if !known {
			l.Notes = append(l.Notes, fmt.Sprintf("Model %s is a %q, which is not read: it was left out.", text(m.name), text(kind)))
			continue
		}
		if total += len(points); total > MaxPixels {
			return nil, s.errorf(m.line, "model "+text(m.name), "there are more than %d pixels", MaxPixels)
		}
		f := Fixture{Name: m.name, Note: fmt.Sprintf("xLights: %s", text(kind))}
		for _, p := range points {
			f.Points = append(f.Points, m.stand(kind, p))
		}
		order, whole := stringType(m.attrs["StringType"])
		if order == "" {
			l.Notes = append(l.Notes, fmt.Sprintf("Model %s is of %q, which have no colours of their own: it was left out.", text(m.name), text(m.attrs["StringType"])))
			continue
		}
		if whole {
			f.Points = middles(f.Points, m.whole("parm1", 1, 1, 100000))
			f.Note += "; a string shines as one, and is one pixel in its middle"
		}
		f.Order = order
		w, err := ends.wire(m, 0)
		if err != nil {
			return nil, err
		}
		if w != nil {
			f.Wires = []Wire{*w}
		}
		submodels := 0
		m.all("subModel", func(*element) { submodels++ })
		if submodels > 0 {
			f.Note += fmt.Sprintf("; its %d submodels are not taken over, for a group here is of whole fixtures", submodels)
		}
		l.Fixtures = append(l.Fixtures, f)
	}
	groupsOf(root, l)
	l.Notes = append(l.Notes, fmt.Sprintf("One unit of xLights is taken for %g m (--unit gives another).", s.unit(0.01)))
	if ends.absolute {
		l.Notes = append(l.Notes, "Channels counted through the whole show became offsets of one DDP controller, as Falcon Player takes them.")
	}
	return l, nil
}

// groupsOf makes groups of modelGroup: only of whole models, and not of groups
// in groups.
func groupsOf(root *element, l *Layout) {
	root.all("modelGroup", func(g *element) {
		for _, name := range strings.Split(g.attrs["models"], ",") {
			for i := range l.Fixtures {
				if f := &l.Fixtures[i]; f.Name == strings.TrimSpace(name) && g.attrs["name"] != "" {
					f.Groups = append(f.Groups, g.attrs["name"])
				}
			}
		}
	})
}

// displayAs is the kind of a model; an .xmodel has it in its root's name.
func (m *xmodel) displayAs() string {
	if d := m.attrs["DisplayAs"]; d != "" {
		return d
	}
	name := strings.TrimSuffix(strings.ToLower(m.element.name), "model")
	for _, k := range []string{"Custom", "Matrix", "Tree", "Star", "Circle", "Spinner", "Sphere", "Cube", "Arches", "Poly Line", "Single Line"} {
		if strings.ReplaceAll(strings.ToLower(k), " ", "") == name || strings.ToLower(k) == name+"es" {
			return k
		}
	}
	return m.element.name
}

// stringType reads StringType: the order of a pixel's bytes, empty where there
// are no colours; whole for strings that shine as one.
func stringType(t string) (order string, whole bool) {
	first, rest, _ := strings.Cut(t, " ")
	if t == "" {
		return "RGB", false
	}
	if o := strings.ToUpper(first); strings.HasPrefix(rest, "Nodes") && validOrder(o) {
		return o, false
	}
	if o := t[strings.LastIndexByte(t, ' ')+1:]; strings.Contains(t, "Channel") && validOrder(strings.ToUpper(o)) {
		return strings.ToUpper(o), true
	}
	return "", true
}

// middles gives the middle of each of so many strings.
func middles(ps []space.V, strings1 int) []space.V {
	per := len(ps) / strings1
	if per < 1 {
		return ps
	}
	var out []space.V
	for i := 0; i+per <= len(ps); i += per {
		sum := space.V{}
		for _, p := range ps[i : i+per] {
			sum = sum.Add(p)
		}
		out = append(out, sum.Times(1/float64(per)))
	}
	return out
}

// stand puts a point of a model's own into the room.
func (m *xmodel) stand(kind string, p space.V) space.V {
	at := space.V{X: m.number("WorldPosX", 0), Y: m.number("WorldPosY", 0), Z: m.number("WorldPosZ", 0)}
	if !lineLike(kind) {
		p = space.V{X: p.X * m.number("ScaleX", 1), Y: p.Y * m.number("ScaleY", 1), Z: p.Z * m.number("ScaleZ", 1)}
		p = p.Degrees([3]float64{clampTurn(m.number("RotateX", 0)), clampTurn(m.number("RotateY", 0)), clampTurn(m.number("RotateZ", 0))})
	}
	return p.Add(at).Times(m.unit(0.01))
}

func clampTurn(v float64) float64 { return math.Mod(v, 360) }

// lineLike are the models that are placed by their ends.
func lineLike(kind string) bool {
	return kind == "Single Line" || kind == "Poly Line" || kind == "Arches"
}

// chains finds where models begin that begin where others end.
type chains struct {
	models   map[string]*xmodel
	absolute bool
}

func newChains(models []*xmodel) *chains {
	c := &chains{models: map[string]*xmodel{}}
	for _, m := range models {
		c.models[m.name] = m
	}
	return c
}

// wire reads StartChannel: a channel of the whole show, !Controller:channel,
// #universe:channel, #host:universe:channel, >Model:channels after its end or
// @Model:channels after its start. It is nil when the model has none.
func (c *chains) wire(m *xmodel, depth int) (*Wire, error) {
	text2 := strings.TrimSpace(m.attrs["StartChannel"])
	fail := func(rule string) error {
		return m.errorf(m.line, "model "+text(m.name), "StartChannel is %q: %s", text(text2), rule)
	}
	if text2 == "" {
		return nil, nil
	}
	parts := strings.Split(strings.TrimLeft(text2, "!#>@"), ":")
	last, err := strconv.Atoi(strings.TrimSpace(parts[len(parts)-1]))
	if err != nil || last < 0 || last > 1<<24 {
		return nil, fail("expected a channel at its end, 1…16777216")
	}
	switch text2[0] {
	case '!':
		if len(parts) < 2 || last < 1 {
			return nil, fail("expected !Controller:channel")
		}
		return &Wire{Protocol: "ddp", Host: cleanName(strings.Join(parts[:len(parts)-1], "-"), "controller"), Universe: 1, Channel: last - 1}, nil
	case '#':
		w := &Wire{Protocol: "sacn", Channel: last - 1}
		if len(parts) > 3 || len(parts) < 2 || last < 1 || last > 512 {
			return nil, fail("expected #universe:channel, the channel 1…512")
		}
		if w.Universe, err = strconv.Atoi(strings.TrimSpace(parts[len(parts)-2])); err != nil || w.Universe < 1 || w.Universe > 63999 {
			return nil, fail("expected a universe of 1…63999")
		}
		if len(parts) == 3 {
			w.Host = strings.TrimSpace(parts[0])
		}
		return w, nil
	case '>', '@':
		other := c.models[strings.Join(parts[:len(parts)-1], ":")]
		if other == nil || len(parts) < 2 {
			return nil, fail("there is no such model")
		}
		if depth > len(c.models) {
			return nil, fail("models begin after each other in a circle")
		}
		w, err := c.wire(other, depth+1)
		if err != nil || w == nil {
			return w, err
		}
		after := max(last-1, 0)
		if text2[0] == '>' {
			ps, _ := other.points(other.displayAs())
			order, whole := stringType(other.attrs["StringType"])
			if other.err != nil {
				return nil, nil
			}
			if whole {
				ps = middles(ps, other.whole("parm1", 1, 1, 100000))
			}
			after += len(ps) * len(order)
		}
		w.Channel += after
		if w.Protocol == "sacn" {
			w.Universe, w.Channel = w.Universe+w.Channel/510, w.Channel%510
		}
		return w, nil
	}
	if len(parts) > 1 { // output:channel, of long ago
		return nil, nil
	}
	if last < 1 {
		return nil, fail("channels count from 1")
	}
	c.absolute = true
	return &Wire{Protocol: "ddp", Universe: 1, Channel: last - 1}, nil
}
