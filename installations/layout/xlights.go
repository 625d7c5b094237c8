package layout

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"noctiluca/installations/space"
)

// xmodel is a model of xLights that is being read.
type xmodel struct {
	*source
	*element
	name    string
	err     error
	counted int      // channels; 0: not yet
	remarks []string // what is not as it is there
}

// remark notes what is read otherwise than it is meant, once.
func (m *xmodel) remark(s string) {
	if !slices.Contains(m.remarks, s) {
		m.remarks = append(m.remarks, s)
	}
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
	f, ok := finite(v)
	if !ok {
		m.fail(key, v, "expected a number")
		return otherwise
	}
	return f
}

// finite reads a number that is no more than a milliard.
func finite(s string) (float64, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return f, err == nil && math.Abs(f) <= 1e9
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
	return bytes.Contains(d, []byte("<xrgb")) || bytes.Contains(d, []byte("<Networks")) || bytes.Contains(d, []byte("DisplayAs")) || bytes.Contains(d, []byte("model"))
}

// readXLights reads xlights_rgbeffects.xml, with all its models, and .xmodel,
// with one.
func readXLights(s *source) (*Layout, error) {
	root, err := s.parseXML(s.data)
	if err != nil {
		return nil, err
	}
	if root.name == "Networks" {
		return nil, s.errorf(root.line, "", "it has the controllers of an xLights show, and no models: import the xlights_rgbeffects.xml beside it, with --networks %s", text(s.name))
	}
	l := &Layout{}
	var models []*xmodel
	if strings.HasSuffix(strings.ToLower(root.name), "model") && (root.attrs["parm1"] != "" || root.attrs["DisplayAs"] != "") || root.attrs["CustomModel"] != "" {
		models = append(models, &xmodel{source: s, element: root, name: root.attrs["name"]})
	} else {
		root.all("model", func(e *element) {
			models = append(models, &xmodel{source: s, element: e, name: e.attrs["name"]})
		})
	}
	if len(models) == 0 {
		return nil, s.errorf(root.line, "", "the root is <%s> and there is no <model> in it: expected xlights_rgbeffects.xml or a .xmodel", text(root.name))
	}
	nets, err := s.readNetworks(l)
	if err != nil {
		return nil, err
	}
	ends := newChains(models, nets, l)
	unit := s.ruler(root, l)
	total := 0
	for _, m := range models {
		f, err := m.fixture(l, ends, unit)
		if err != nil && len(models) > 1 {
			// One of many that is wrong does not keep the others out.
			l.Notes = append(l.Notes, fmt.Sprintf("%v: it was left out.", err))
			continue
		}
		if err != nil {
			return nil, err
		}
		if f == nil {
			continue
		}
		if total += len(f.Points); total > MaxPixels {
			return nil, s.errorf(m.line, "model "+text(m.name), "there are more than %d pixels", MaxPixels)
		}
		l.Fixtures = append(l.Fixtures, *f)
	}
	l.spare = nets != nil
	groupsOf(root, l)
	if ends.absolute {
		l.Notes = append(l.Notes, "Channels counted through the whole show became offsets of one DDP controller, as Falcon Player takes them; with the xlights_networks.xml of the show (--networks) they go to its controllers.")
	}
	return l, nil
}

// fixture makes one of a model, or nil with a note where there is none to
// make.
func (m *xmodel) fixture(l *Layout, ends *chains, unit float64) (*Fixture, error) {
	leave := func(why string, args ...any) (*Fixture, error) {
		l.Notes = append(l.Notes, fmt.Sprintf("Model %s %s: it was left out.", text(m.name), fmt.Sprintf(why, args...)))
		return nil, nil
	}
	kind := m.displayAs()
	switch {
	case m.attrs["Active"] == "0" || strings.EqualFold(m.attrs["Active"], "false"):
		return leave("is not active")
	case m.attrs["ShadowModelFor"] != "":
		return leave("is a shadow of %s, whose channels it has", text(m.attrs["ShadowModelFor"]))
	}
	points, known := m.points(kind)
	if m.err != nil {
		return nil, m.err
	}
	if !known {
		return leave("is a %q, which is not read (these are: %s)", text(kind), kinds)
	}
	f := &Fixture{Name: m.name, Note: "xLights: " + text(kind)}
	for _, p := range points {
		f.Points = append(f.Points, m.stand(kind, p).Times(unit))
	}
	order, whole := stringType(m.attrs["StringType"])
	if order == "" {
		return leave("is of %q, which is not read (nodes and channels of red, green and blue are, with white or without)", text(m.attrs["StringType"]))
	}
	n := m.strings()
	if m.err != nil {
		return nil, m.err
	}
	if whole {
		f.Points = middles(f.Points, n)
		f.Note += "; a string shines as one, and is one pixel in its middle"
	}
	f.Order = order
	if err := ends.wires(m, f, n); err != nil {
		return nil, err
	}
	if err := m.submodels(f, kind, whole, l); err != nil {
		return nil, err
	}
	for _, r := range m.remarks {
		f.Note += "; " + r
	}
	return f, nil
}

// rulerUnits are what a ruler of xLights counts in, by the number it has
// there (RulerObject.cpp): m, cm, mm, yards, feet, inches.
var rulerUnits = []float64{1, 0.01, 0.001, 0.9144, 0.3048, 0.0254}

// ruler is the length of a unit of the layout in metres: as asked for, or by
// the ruler that lies in it, or a centimetre.
func (s *source) ruler(root *element, l *Layout) float64 {
	if s.Unit > 0 {
		return s.Unit
	}
	unit := 0.0
	root.all("view_object", func(e *element) {
		if e.attrs["DisplayAs"] != "Ruler" || unit > 0 {
			return
		}
		m := &xmodel{source: s, element: e, name: e.attrs["name"]}
		long, real := (space.V{X: m.number("X2", 0), Y: m.number("Y2", 0), Z: m.number("Z2", 0)}).Length(), m.number("Length", 0)
		of := m.whole("Units", 0, 0, len(rulerUnits)-1)
		if u := real * rulerUnits[of] / long; m.err == nil && long > 0 && u >= 1e-6 && u <= 1e6 {
			unit = u
		}
	})
	if unit > 0 {
		l.Notes = append(l.Notes, fmt.Sprintf("One unit of xLights is %.4g m, by the ruler in its layout (--unit gives another).", unit))
		return unit
	}
	l.Notes = append(l.Notes, "One unit of xLights is taken for 0.01 m (--unit gives another; a ruler in the layout would too).")
	return 0.01
}

// displayAs is the kind of a model; an .xmodel has it in its root's name.
func (m *xmodel) displayAs() string {
	if d := m.attrs["DisplayAs"]; d != "" {
		return d
	}
	name := strings.TrimSuffix(strings.ToLower(m.element.name), "model")
	for _, k := range []string{"Custom", "Matrix", "Tree", "Star", "Circle", "Wreath", "Spinner", "Sphere", "Cube", "Arches", "Candy Canes", "Icicles", "Window Frame", "MultiPoint", "Poly Line", "Single Line"} {
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

// stand puts a point of a model's own into the layout.
func (m *xmodel) stand(kind string, p space.V) space.V {
	at := space.V{X: m.number("WorldPosX", 0), Y: m.number("WorldPosY", 0), Z: m.number("WorldPosZ", 0)}
	if !lineLike(kind) {
		p = space.V{X: p.X * m.number("ScaleX", 1), Y: p.Y * m.number("ScaleY", 1), Z: p.Z * m.number("ScaleZ", 1)}
		p = p.Degrees([3]float64{clampTurn(m.number("RotateX", 0)), clampTurn(m.number("RotateY", 0)), clampTurn(m.number("RotateZ", 0))})
	}
	return p.Add(at)
}

func clampTurn(v float64) float64 { return math.Mod(v, 360) }

// lineLike are the models that are placed by their ends or corners.
func lineLike(kind string) bool {
	switch kind {
	case "Single Line", "Poly Line", "Arches", "Candy Canes", "Icicles", "MultiPoint", "Multi Point":
		return true
	}
	return false
}
