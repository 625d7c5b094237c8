package layout

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"strings"

	"noctiluca/installations/space"
)

// lxf reads one Chromatik fixture (.lxf, https://chromatik.co/guide/custom-fixtures).
type lxf struct {
	*source
	parameters map[string]any // number, string or bool
	layout     *Layout
	pixels     int
	depth      int
}

// relaxed turns Gson's lenient JSON into JSON: comments of three kinds become
// blanks, so that places stay, and commas before a closing bracket too.
func relaxed(data []byte) []byte {
	out := bytes.Clone(data)
	comma := -1
	for i := 0; i < len(out); i++ {
		blank := func(end int) {
			for ; i < end && i < len(out); i++ {
				if out[i] != '\n' {
					out[i] = ' '
				}
			}
			i--
		}
		until := func(mark string) int {
			if n := bytes.Index(out[i:], []byte(mark)); n >= 0 {
				return i + n + len(mark)
			}
			return len(out)
		}
		switch c := out[i]; {
		case c == '"':
			for i++; i < len(out) && out[i] != '"'; i++ {
				if out[i] == '\\' {
					i++
				}
			}
			comma = -1
		case c == '#' || c == '/' && i+1 < len(out) && out[i+1] == '/':
			blank(until("\n"))
		case c == '/' && i+1 < len(out) && out[i+1] == '*':
			blank(until("*/"))
		case c == ',':
			comma = i
		case (c == ']' || c == '}') && comma >= 0:
			out[comma] = ' '
			comma = -1
		case c != ' ' && c != '\n' && c != '\r' && c != '\t':
			comma = -1
		}
	}
	return out
}

type object = map[string]any

// readLXF reads a fixture of Chromatik: its parameters at their defaults, its
// components and what they are turned and moved by, and its outputs.
func readLXF(s *source) (*Layout, error) {
	var root object
	if err := json.Unmarshal(relaxed(s.data), &root); err != nil {
		return nil, s.jsonError(err)
	}
	x := &lxf{source: s, parameters: map[string]any{}, layout: &Layout{}}
	if n, ok := root["label"].(string); ok {
		x.layout.Name = n
	}
	if ps, ok := root["parameters"].(object); ok {
		for _, name := range keysOf(ps) {
			v := ps[name]
			if o, ok := v.(object); ok {
				v = o["default"]
			}
			switch v := v.(type) {
			case float64, bool:
				x.parameters[name] = v
			case string:
				x.parameters[name] = v
			default:
				return nil, s.errorf(0, "parameters."+text(name), "it has no default that is a number, a text, true or false")
			}
		}
	}
	// Text defaults may name other parameters, or be numbers.
	for name, v := range x.parameters {
		if t, ok := v.(string); ok && strings.HasPrefix(t, "$") {
			if n, err := x.evaluate(t); err == nil {
				x.parameters[name] = n
			}
		}
	}
	base := identity()
	base, err := x.transforms(root, "", base)
	if err != nil {
		return nil, err
	}
	if err := x.components(root, "", base); err != nil {
		return nil, err
	}
	if err := x.outputsOf(root, "", 0, len(x.layout.Fixtures)); err != nil {
		return nil, err
	}
	tags := tagsOf(root)
	for i := range x.layout.Fixtures {
		f := &x.layout.Fixtures[i]
		f.Groups = append(f.Groups, tags...)
		for k, p := range f.Points {
			p = p.Times(s.unit(1))
			p.Z = -p.Z
			f.Points[k] = p
		}
	}
	x.layout.Notes = append(x.layout.Notes, "Chromatik's z, which points away from the viewer, was turned round.")
	if s.Unit == 0 {
		x.layout.Notes = append(x.layout.Notes, "The file names no unit of length: it is taken for metres (--unit in and others give another).")
	}
	return x.layout, nil
}

func keysOf(o object) []string {
	var out []string
	for k := range o {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func tagsOf(o object) []string {
	var out []string
	if t, ok := o["tag"].(string); ok {
		out = append(out, t)
	}
	if ts, ok := o["tags"].([]any); ok {
		for _, t := range ts {
			if t, ok := t.(string); ok {
				out = append(out, t)
			}
		}
	}
	return out
}

// number is a key's value: a number, or an expression of parameters.
func (x *lxf) number(o object, where, key string, otherwise float64) (float64, error) {
	switch v := o[key].(type) {
	case nil:
		return otherwise, nil
	case float64:
		return v, nil
	case bool:
		return truth(v), nil
	case string:
		n, err := x.evaluate(v)
		if err != nil {
			return 0, x.errorf(0, where+"."+key, "%q: %v", text(v), err)
		}
		return n, nil
	}
	return 0, x.errorf(0, where+"."+key, "expected a number or an expression")
}

func (x *lxf) whole(o object, where, key string, otherwise, low, high int) (int, error) {
	v, err := x.number(o, where, key, float64(otherwise))
	if err != nil {
		return 0, err
	}
	if !(v >= float64(low) && v <= float64(high)) {
		return 0, x.errorf(0, where+"."+key, "it is %g: expected %d…%d", v, low, high)
	}
	return int(v), nil
}

func (x *lxf) words(o object, key string) string {
	t, _ := o[key].(string)
	if name, ok := strings.CutPrefix(t, "$"); ok {
		name = strings.Trim(name, "{}")
		if v, ok := x.parameters[name]; ok {
			return fmt.Sprint(v)
		}
	}
	return t
}

// matrix is an affine transform: rows of three and what is added.
type matrix [3][4]float64

func identity() matrix { return matrix{{1}, {0, 1}, {0, 0, 1}} }

func (m matrix) times(n matrix) matrix {
	var out matrix
	for i := range 3 {
		for j := range 4 {
			for k := range 3 {
				out[i][j] += m[i][k] * n[k][j]
			}
		}
		out[i][3] += m[i][3]
	}
	return out
}

func (m matrix) apply(p space.V) space.V {
	return space.V{
		X: m[0][0]*p.X + m[0][1]*p.Y + m[0][2]*p.Z + m[0][3],
		Y: m[1][0]*p.X + m[1][1]*p.Y + m[1][2]*p.Z + m[1][3],
		Z: m[2][0]*p.X + m[2][1]*p.Y + m[2][2]*p.Z + m[2][3],
	}
}

func turned(axis int, degrees float64) matrix {
	s, c := space.SinCosDegrees(math.Mod(degrees, 360))
	switch axis {
	case 0:
		return matrix{{1}, {0, c, -s}, {0, s, c}}
	case 1:
		return matrix{{c, 0, s}, {0, 1}, {-s, 0, c}}
	}
	return matrix{{c, -s}, {s, c}, {0, 0, 1}}
}

// transforms applies an object's own x, y, z, yaw, pitch, roll and scale, in
// that order, and then those of its list.
func (x *lxf) transforms(o object, where string, m matrix) (matrix, error) {
	list, _ := o["transforms"].([]any)
	steps := append([]any{any(o)}, list...)
	for i, t := range steps {
		step, ok := t.(object)
		at := where
		if i > 0 {
			at = fmt.Sprintf("%s.transforms[%d]", where, i-1)
		}
		if !ok {
			return m, x.errorf(0, at, "expected an object")
		}
		var v [7]float64
		for k, key := range []string{"x", "y", "z", "yaw", "pitch", "roll", "scale"} {
			otherwise := 0.0
			if key == "scale" {
				otherwise = 1
			}
			var err error
			if v[k], err = x.number(step, at, key, otherwise); err != nil {
				return m, err
			}
		}
		k := v[6]
		scale := [3]float64{k, k, k}
		for a, key := range []string{"scaleX", "scaleY", "scaleZ"} {
			f, err := x.number(step, at, key, 1)
			if err != nil {
				return m, err
			}
			scale[a] *= f
		}
		m = m.times(matrix{{1, 0, 0, v[0]}, {0, 1, 0, v[1]}, {0, 0, 1, v[2]}})
		m = m.times(turned(1, v[3])).times(turned(0, v[4])).times(turned(2, v[5]))
		m = m.times(matrix{{scale[0]}, {0, scale[1]}, {0, 0, scale[2]}})
	}
	return m, nil
}

// components reads an object's components and the older lists of points,
// strips and arcs.
func (x *lxf) components(o object, where string, m matrix) error {
	if x.depth++; x.depth > 50 {
		return x.errorf(0, where, "components are more than 50 deep")
	}
	defer func() { x.depth-- }()
	for _, list := range []struct{ key, kind string }{{"components", ""}, {"points", "point"}, {"strips", "strip"}, {"arcs", "arc"}, {"children", ""}} {
		items, ok := o[list.key].([]any)
		if !ok {
			continue
		}
		for i, item := range items {
			at := strings.TrimPrefix(fmt.Sprintf("%s.%s[%d]", where, list.key, i), ".")
			c, ok := item.(object)
			if !ok {
				return x.errorf(0, at, "expected an object")
			}
			if err := x.component(c, at, list.kind, m); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *lxf) component(c object, where, kind string, m matrix) error {
	if kind == "" {
		kind = x.words(c, "type")
	}
	on, err := x.number(c, where, "enabled", 1)
	if err != nil || on == 0 {
		return err
	}
	times, err := x.whole(c, where, "instances", 1, 0, 100000)
	if err != nil {
		return err
	}
	outer, had := x.parameters["instance"]
	count, hadCount := x.parameters["numInstances"]
	for n := range times {
		if _, multiple := c["instances"]; multiple {
			x.parameters["instance"], x.parameters["numInstances"] = float64(n), float64(times)
		}
		if err := x.instance(c, where, kind, m); err != nil {
			return err
		}
	}
	restore(x.parameters, "instance", outer, had)
	restore(x.parameters, "numInstances", count, hadCount)
	return nil
}

func restore(m map[string]any, key string, v any, had bool) {
	if had {
		m[key] = v
	} else {
		delete(m, key)
	}
}

func (x *lxf) instance(c object, where, kind string, m matrix) error {
	m, err := x.transforms(c, where, m)
	if err != nil {
		return err
	}
	first := len(x.layout.Fixtures)
	f := Fixture{Name: kind, Groups: tagsOf(c), Note: where}
	switch kind {
	case "point":
		f.Points = []space.V{m.apply(space.V{})}
	case "points":
		list, _ := c["coords"].([]any)
		for i, p := range list {
			o, _ := p.(object)
			v, err := x.vector(o, fmt.Sprintf("%s.coords[%d]", where, i), space.V{})
			if err != nil {
				return err
			}
			f.Points = append(f.Points, m.apply(v))
		}
	case "strip":
		n, err := x.whole(c, where, "numPoints", 1, 1, 1<<20)
		if err != nil {
			return err
		}
		spacing, err := x.number(c, where, "spacing", 1)
		if err != nil {
			return err
		}
		step := space.V{X: spacing}
		if d, ok := c["direction"].(object); ok {
			v, err := x.vector(d, where+".direction", space.V{})
			if err != nil {
				return err
			}
			if v.Length() == 0 {
				return x.errorf(0, where+".direction", "it is 0, 0, 0: expected a direction")
			}
			step = v.Unit().Times(spacing)
		}
		for i := range n {
			f.Points = append(f.Points, m.apply(step.Times(float64(i))))
		}
	case "arc":
		if f.Points, err = x.arc(c, where, m); err != nil {
			return err
		}
	case "", "group":
		// Only children.
	default:
		x.layout.Notes = append(x.layout.Notes, fmt.Sprintf("%s is of type %q, which is another file or is not known: it was left out.", where, text(kind)))
		return nil
	}
	if x.pixels += len(f.Points); x.pixels > MaxPixels || len(x.layout.Fixtures) > 4096 {
		return x.errorf(0, where, "there are more than %d pixels or 4096 components", MaxPixels)
	}
	if len(f.Points) > 0 {
		if name := x.words(c, "id"); name != "" {
			f.Name = name
		}
		x.layout.Fixtures = append(x.layout.Fixtures, f)
	}
	if err := x.components(c, where, m); err != nil {
		return err
	}
	return x.outputsOf(c, where, first, len(x.layout.Fixtures))
}

func (x *lxf) vector(o object, where string, otherwise space.V) (space.V, error) {
	v := otherwise
	var err error
	if v.X, err = x.number(o, where, "x", v.X); err != nil {
		return v, err
	}
	if v.Y, err = x.number(o, where, "y", v.Y); err != nil {
		return v, err
	}
	v.Z, err = x.number(o, where, "z", v.Z)
	return v, err
}

// arc goes counter-clockwise; by its origin it begins at 0, 0 towards x, by
// its centre it begins below it.
func (x *lxf) arc(c object, where string, m matrix) ([]space.V, error) {
	n, err := x.whole(c, where, "numPoints", 1, 1, 1<<20)
	if err != nil {
		return nil, err
	}
	radius, err := x.number(c, where, "radius", 1)
	if err != nil {
		return nil, err
	}
	degrees, err := x.number(c, where, "degrees", 180)
	if err != nil {
		return nil, err
	}
	middle := space.V{Y: radius}
	if mode := x.words(c, "mode"); strings.EqualFold(mode, "center") || strings.EqualFold(mode, "centre") {
		middle = space.V{}
	}
	var out []space.V
	for i := range n {
		turn := 0.0
		if n > 1 {
			turn = degrees * float64(i) / float64(n-1)
		}
		s, k := space.SinCosDegrees(math.Mod(turn, 360))
		out = append(out, m.apply(middle.Add(space.V{X: radius * s, Y: -radius * k})))
	}
	return out, nil
}

// lxfProtocols are Chromatik's protocols that there are here.
var lxfProtocols = map[string]string{"artnet": "artnet", "artdmx": "artnet", "sacn": "sacn", "e131": "sacn", "ddp": "ddp", "opc": "opc", "kinet": "kinet"}

// outputsOf reads an object's outputs, which carry fixtures first…end.
func (x *lxf) outputsOf(o object, where string, first, end int) error {
	list, _ := o["outputs"].([]any)
	if one, ok := o["output"].(object); ok {
		list = append([]any{one}, list...)
	}
	for i, item := range list {
		at := strings.TrimPrefix(fmt.Sprintf("%s.outputs[%d]", where, i), ".")
		out, ok := item.(object)
		if !ok {
			return x.errorf(0, at, "expected an object")
		}
		if on, err := x.number(out, at, "enabled", 1); err != nil || on == 0 {
			if err != nil {
				return err
			}
			continue
		}
		name := strings.ToLower(x.words(out, "protocol"))
		protocol, ok := lxfProtocols[name]
		if !ok {
			x.layout.Notes = append(x.layout.Notes, fmt.Sprintf("%s sends by %q: it was left out.", at, text(name)))
			continue
		}
		w := Wire{Protocol: protocol, Host: x.words(out, "host")}
		var err error
		low := map[string]int{"artnet": 0, "opc": 0}[protocol]
		if protocol == "sacn" || protocol == "ddp" || protocol == "kinet" {
			low = 1
		}
		high := map[string]int{"artnet": 32767, "sacn": 63999, "ddp": 249, "opc": 255, "kinet": 16}[protocol]
		if w.Universe, err = x.whole(out, at, "universe", low, low, high); err != nil {
			return err
		}
		if w.Channel, err = x.whole(out, at, "channel", 0, 0, 1<<24); err != nil {
			return err
		}
		if !endless[protocol] && w.Channel > 511 {
			return x.errorf(0, at+".channel", "it is %d: expected 0…511", w.Channel)
		}
		order := strings.ToUpper(x.words(out, "byteOrder"))
		if order != "" && !validOrder(order) {
			x.layout.Notes = append(x.layout.Notes, fmt.Sprintf("%s has the byte order %q: it was left out.", at, text(order)))
			order = ""
		}
		if err := x.hang(out, at, w, order, first, end); err != nil {
			return err
		}
	}
	return nil
}

// hang puts an output's segments on fixtures first…end, pixel after pixel.
func (x *lxf) hang(out object, where string, w Wire, order string, first, end int) error {
	total := 0
	for i := first; i < end; i++ {
		total += len(x.layout.Fixtures[i].Points)
	}
	segments, _ := out["segments"].([]any)
	if segments == nil {
		segments = []any{out}
	}
	width := max(len(order), 3)
	for k, item := range segments {
		at := fmt.Sprintf("%s.segments[%d]", where, k)
		sg, ok := item.(object)
		if !ok {
			return x.errorf(0, at, "expected an object")
		}
		from, err := x.whole(sg, at, "start", 0, 0, MaxPixels)
		if err != nil {
			return err
		}
		num, err := x.whole(sg, at, "num", max(total-from, 0), -1, MaxPixels)
		if err != nil {
			return err
		}
		if num < 0 {
			num = max(total-from, 0)
		}
		stride, err := x.whole(sg, at, "stride", 1, 1, MaxPixels)
		if err != nil {
			return err
		}
		reverse, err := x.number(sg, at, "reverse", 0)
		if err != nil {
			return err
		}
		if from+num > total {
			return x.errorf(0, at, "pixels %d…%d: there are %d", from, from+num-1, total)
		}
		if stride != 1 {
			x.layout.Notes = append(x.layout.Notes, at+" takes every so many pixels (stride): it was left out.")
			continue
		}
		w.Reverse = reverse != 0
		if err := x.segment(w, order, width, first, end, from, num); err != nil {
			return err
		}
		if endless[w.Protocol] {
			w.Channel += num * width
		} else {
			w.Universe, w.Channel = lie(w.Universe, w.Channel, num, width)
		}
	}
	return nil
}

// segment hangs pixels from…from+num, counted over fixtures first…end.
func (x *lxf) segment(w Wire, order string, width, first, end, from, num int) error {
	type piece struct{ fixture, first, count int }
	var ps []piece
	at := 0
	for i := first; i < end && num > 0; i++ {
		n := len(x.layout.Fixtures[i].Points)
		if lo := max(from-at, 0); lo < n {
			k := min(n-lo, num)
			ps = append(ps, piece{i, lo, k})
			from, num = from+k, num-k
		}
		at += n
	}
	if w.Reverse {
		for i, j := 0, len(ps)-1; i < j; i, j = i+1, j-1 {
			ps[i], ps[j] = ps[j], ps[i]
		}
	}
	for _, p := range ps {
		f := &x.layout.Fixtures[p.fixture]
		if order != "" {
			f.Order = order
		}
		one := w
		one.First, one.Count = p.first, p.count
		f.Wires = append(f.Wires, one)
		if endless[w.Protocol] {
			w.Channel += p.count * width
		} else {
			w.Universe, w.Channel = lie(w.Universe, w.Channel, p.count, width)
		}
	}
	return nil
}
