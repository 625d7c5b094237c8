package layout

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"

	"noctiluca/installations/space"
)

// part reads one file of a zip archive.
func (s *source) part(z *zip.Reader, name string) ([]byte, error) {
	for _, f := range z.File {
		if !strings.EqualFold(path.Base(f.Name), path.Base(name)) {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, s.errorf(0, f.Name, "%v", err)
		}
		defer r.Close()
		data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
		if err != nil {
			return nil, s.errorf(0, f.Name, "%v", err)
		}
		if len(data) > MaxBytes {
			return nil, s.errorf(0, f.Name, "it is longer than %d MiB", MaxBytes>>20)
		}
		return data, nil
	}
	return nil, s.errorf(0, "", "the archive has no %s", name)
}

func (s *source) zip(data []byte) (*zip.Reader, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, s.errorf(0, "", "%v", err)
	}
	if len(z.File) > 10000 {
		return nil, s.errorf(0, "", "the archive has %d files: at most 10000", len(z.File))
	}
	return z, nil
}

// light is a source of light of a fixture type: where it is, and its colours'
// channels.
type light struct {
	name   string
	at     space.V
	brk    int          // the DMX break that its channels are counted in, from 1; 0: they lie in several
	colour map[byte]int // R, G, B, W to a channel of the break, from 0
	wide   bool         // the channel after each is its fine byte
}

// A fixture that has more than one start address has a DMX break for each
// (GDTF 1.2, DMXChannel and Break): channels of a break are counted from its
// own address. start is such an address: both from 0.
type start struct{ universe, channel int }

// readGDTF reads a fixture type (DIN SPEC 15800): of one DMX mode, each
// geometry with red, green and blue is a pixel.
func readGDTF(s *source) (*Layout, error) {
	z, err := s.zip(s.data)
	if err != nil {
		return nil, err
	}
	data, err := s.part(z, "description.xml")
	if err != nil {
		return nil, err
	}
	lights, name, mode, err := s.gdtf(data, s.Mode)
	if err != nil {
		return nil, err
	}
	l := &Layout{Name: name}
	l.Notes = append(l.Notes, fmt.Sprintf("It is the DMX mode %q (--mode gives another).", text(mode)))
	starts, said := apart(lights)
	if said != "" {
		l.Notes = append(l.Notes, said)
	}
	f, note := pixelsOf(lights, name, matrix{{1}, {0, 1}, {0, 0, 1}}, starts, s.unit(1))
	l.Fixtures = []Fixture{f}
	if note != "" {
		l.Notes = append(l.Notes, note)
	}
	return l, nil
}

// apart gives the breaks of a type whose addresses nobody has set a start of
// their own each, in the universes behind one another.
func apart(lights []light) (starts map[int]start, note string) {
	longest := map[int]int{} // break to its channels
	for _, p := range lights {
		if p.brk == 0 {
			continue // it is not wired
		}
		for _, c := range p.colour {
			longest[p.brk] = max(longest[p.brk], c+1)
		}
	}
	breaks := slices.Sorted(maps.Keys(longest))
	starts = map[int]start{}
	next := 0
	var words []string
	for _, b := range breaks {
		starts[b] = start{universe: next}
		words = append(words, fmt.Sprintf("break %d begins in universe %d", b, next))
		next += (longest[b] + 511) / 512
	}
	if len(breaks) > 1 {
		note = "It has an address for each of its DMX breaks, which a type does not say: here " + strings.Join(words, ", ") + "."
	}
	return starts, note
}

// pixelsOf makes a fixture of lights, whose breaks begin at starts. Without
// any, nothing of it is wired; where only some breaks have none, the note says
// which. GDTF and MVR have z up.
func pixelsOf(lights []light, name string, m matrix, starts map[int]start, unit float64) (Fixture, string) {
	f := Fixture{Name: name}
	note, wired := "", true
	sort.SliceStable(lights, func(i, j int) bool {
		a, b := &lights[i], &lights[j]
		if a.brk != b.brk {
			return a.brk < b.brk
		}
		return a.colour['R'] < b.colour['R']
	})
	for i, p := range lights {
		here := m.apply(p.at).Times(unit)
		f.Points = append(f.Points, space.V{X: here.X, Y: here.Z, Z: -here.Y})
		width := 1 // channels a colour
		if p.wide {
			width = 2
		}
		order, first, ok := orderOf(p.colour, width)
		switch {
		case !ok || p.brk == 0 || f.Order != "" && (f.Order != order || p.wide != lights[0].wide):
			wired = false
			note = fmt.Sprintf("The colours of %s do not lie side by side, or not alike: its channels were left out.", text(name))
			continue
		case f.Order == "":
			f.Order = order
		}
		from, addressed := starts[p.brk]
		if !addressed {
			if len(starts) > 0 && note == "" {
				note = fmt.Sprintf("%s has no address for DMX break %d, in which some of its pixels are: they are not wired.", text(name), p.brk)
			}
			continue
		}
		at := from.channel + first
		w := Wire{Protocol: "artnet", Universe: from.universe + at/512, Channel: at % 512, First: i, Count: 1, Wide: p.wide}
		if n := len(f.Wires); n > 0 {
			last := &f.Wires[n-1]
			if last.First+last.Count == i && last.Universe == w.Universe && last.Channel+last.Count*len(order)*width == w.Channel {
				last.Count++
				continue
			}
		}
		f.Wires = append(f.Wires, w)
	}
	if !wired {
		f.Wires = nil
	}
	return f, note
}

// orderOf gives the order of colours that lie side by side, of so many
// channels each.
func orderOf(c map[byte]int, width int) (order string, first int, ok bool) {
	first = 1 << 30
	for _, at := range c {
		first = min(first, at)
	}
	b := bytes.Repeat([]byte{0}, len(c))
	for k, at := range c {
		i := (at - first) / width
		if i >= len(b) || (at-first)%width != 0 {
			return "", 0, false
		}
		b[i] = k
	}
	return string(b), first, validOrder(string(b))
}

// colours are the attributes of a pixel's channels.
var colours = map[string]byte{
	"ColorAdd_R": 'R', "ColorAdd_G": 'G', "ColorAdd_B": 'B', "ColorAdd_W": 'W',
	"ColorRGB_Red": 'R', "ColorRGB_Green": 'G', "ColorRGB_Blue": 'B',
}

// gdtf reads a description.xml.
func (s *source) gdtf(data []byte, wanted string) (lights []light, name, mode string, err error) {
	root, err := s.parseXML(data)
	if err != nil {
		return nil, "", "", err
	}
	var fixtureType *element
	root.all("FixtureType", func(e *element) {
		if fixtureType == nil {
			fixtureType = e
		}
	})
	if fixtureType == nil {
		return nil, "", "", s.errorf(root.line, "", "there is no FixtureType in its description.xml")
	}
	name = fixtureType.attrs["Name"]
	var chosen *element
	var modes []string
	fixtureType.all("DMXMode", func(e *element) {
		modes = append(modes, text(e.attrs["Name"]))
		if chosen == nil && (wanted == "" || strings.EqualFold(e.attrs["Name"], wanted)) {
			chosen = e
		}
	})
	if chosen == nil {
		return nil, "", "", s.errorf(fixtureType.line, "", "there is no DMX mode %q: it has %s", text(wanted), strings.Join(modes, ", "))
	}
	g := &geometries{source: s, channels: map[string]map[byte]channel{}, coarse: map[string]bool{}}
	if err := g.read(fixtureType, chosen); err != nil {
		return nil, "", "", err
	}
	return g.lights, name, chosen.attrs["Name"], nil
}

// channel is a DMX channel of a mode.
type channel struct {
	at  int // in its break, from 0
	brk int // from 1; 0: it is the geometry reference's ("Overwrite")
}

// shifts are what geometry references add to the channels of each break.
type shifts struct {
	add  map[int]int
	last int // the last break of the innermost reference, for what overwrites
}

// geometries walks the geometry of a mode.
type geometries struct {
	*source
	top      map[string]*element
	channels map[string]map[byte]channel // of each geometry: its colours' channels
	coarse   map[string]bool             // that some of them have no fine byte behind them
	lights   []light
}

func (g *geometries) read(fixtureType, mode *element) error {
	var err error
	mode.all("DMXChannel", func(c *element) {
		if err != nil {
			return
		}
		logical := c.child("LogicalChannel")
		if logical == nil {
			return
		}
		k, ok := colours[logical.attrs["Attribute"]]
		if !ok {
			return
		}
		offset, finer, _ := strings.Cut(c.attrs["Offset"], ",") // the coarse byte first
		n, e := strconv.Atoi(strings.TrimSpace(offset))
		if e != nil || n < 1 || n > 65536 {
			if strings.TrimSpace(offset) != "" && offset != "None" {
				err = g.errorf(c.line, "DMXChannel", "Offset is %q: expected channels, 1…65536", text(c.attrs["Offset"]))
			}
			return
		}
		name := c.attrs["Geometry"]
		if g.channels[name] == nil {
			g.channels[name] = map[byte]channel{}
		}
		brk := 1
		if v := strings.TrimSpace(c.attrs["DMXBreak"]); strings.EqualFold(v, "Overwrite") {
			brk = 0
		} else if brk, e = number(v, 1); e != nil || brk < 1 || brk > mostBreaks {
			err = g.errorf(c.line, "DMXChannel", "DMXBreak is %q: expected 1…%d, or Overwrite", text(v), mostBreaks)
			return
		}
		g.channels[name][k] = channel{n - 1, brk}
		fine, _, _ := strings.Cut(finer, ",")
		if second, e := strconv.Atoi(strings.TrimSpace(fine)); e != nil || second != n+1 {
			g.coarse[name] = true
		}
	})
	if err != nil {
		return err
	}
	tree := fixtureType.child("Geometries")
	if tree == nil {
		return g.errorf(fixtureType.line, "FixtureType", "it has no Geometries")
	}
	g.top = map[string]*element{}
	for _, e := range tree.children {
		g.top[e.attrs["Name"]] = e
	}
	start := g.top[mode.attrs["Geometry"]]
	if start == nil {
		return g.errorf(mode.line, "DMXMode", "Geometry is %q: there is no such geometry", text(mode.attrs["Geometry"]))
	}
	if err := g.walk(start, identity(), shifts{last: 1}, 0); err != nil {
		return err
	}
	if len(g.lights) == 0 {
		return g.errorf(mode.line, "DMXMode "+text(mode.attrs["Name"]), "no geometry has channels of red, green and blue")
	}
	return nil
}

// mostBreaks is the highest number of a DMX break: it is one byte.
const mostBreaks = 255

// number reads a whole number; nothing is its default.
func number(v string, otherwise int) (int, error) {
	if v == "" {
		return otherwise, nil
	}
	return strconv.Atoi(v)
}

// referred is what a geometry reference adds to the channels of each break, on
// top of what those around it do. Of breaks with one number the first counts,
// as it is looked up by its number; channels that overwrite take the last.
func (g *geometries) referred(e *element, by shifts) (shifts, error) {
	in := shifts{add: maps.Clone(by.add), last: 1}
	if in.add == nil {
		in.add = map[int]int{}
	}
	seen := map[int]bool{}
	for _, b := range e.children {
		if b.name != "Break" {
			continue
		}
		at, err := number(strings.TrimSpace(b.attrs["DMXOffset"]), 1)
		if err != nil || at < 1 || at > 65536 {
			return in, g.errorf(b.line, "Break", "DMXOffset is %q: expected 1…65536", text(b.attrs["DMXOffset"]))
		}
		n, err := number(strings.TrimSpace(b.attrs["DMXBreak"]), 1)
		if err != nil || n < 1 || n > mostBreaks {
			return in, g.errorf(b.line, "Break", "DMXBreak is %q: expected 1…%d", text(b.attrs["DMXBreak"]), mostBreaks)
		}
		if in.last = n; !seen[n] {
			seen[n] = true
			in.add[n] += at - 1
		}
	}
	return in, nil
}

// walk visits a geometry at a place.
func (g *geometries) walk(e *element, m matrix, by shifts, depth int) error {
	if depth > 50 {
		return g.errorf(e.line, e.name, "geometries are more than 50 deep, or refer to each other in a circle")
	}
	if p := e.attrs["Position"]; p != "" {
		own, err := g.matrix(e, "Position", p)
		if err != nil {
			return err
		}
		m = m.times(own)
	}
	if e.name == "GeometryReference" {
		to := g.top[e.attrs["Geometry"]]
		if to == nil {
			return g.errorf(e.line, e.name, "Geometry is %q: there is no such geometry", text(e.attrs["Geometry"]))
		}
		in, err := g.referred(e, by)
		if err != nil {
			return err
		}
		// What is referred to stands at the reference, not where it is drawn.
		moved := *to
		moved.attrs = map[string]string{}
		for k, v := range to.attrs {
			if k != "Position" {
				moved.attrs[k] = v
			}
		}
		return g.walk(&moved, m, in, depth+1)
	}
	if c := g.channels[e.attrs["Name"]]; len(c) >= 3 {
		if _, ok := c['R']; ok {
			l := light{name: e.attrs["Name"], at: m.apply(space.V{}), colour: map[byte]int{}, wide: !g.coarse[e.attrs["Name"]]}
			for k, n := range c {
				brk := n.brk
				if brk == 0 {
					brk = by.last
				}
				l.colour[k] = n.at + by.add[brk]
				if k == 'R' {
					l.brk = brk
				}
			}
			for _, n := range c {
				if n.brk != l.brk && (n.brk != 0 || by.last != l.brk) {
					l.brk = 0
					break
				}
			}
			if len(g.lights) >= MaxPixels {
				return g.errorf(e.line, e.name, "more than %d pixels", MaxPixels)
			}
			g.lights = append(g.lights, l)
		}
	}
	for _, c := range e.children {
		if c.name == "Break" {
			continue
		}
		if err := g.walk(c, m, by, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// matrix reads {a,b,c,d}{…}{…}{0,0,0,1}: rows, as GDTF has them; of MVR's
// {u}{v}{w}{o} the columns, o the place.
func (s *source) matrix(e *element, key, v string) (matrix, error) {
	rows := strings.Split(strings.Trim(strings.ReplaceAll(v, " ", ""), "{}"), "}{")
	var n [][]float64
	for _, r := range rows {
		n = append(n, numbers(r))
	}
	bad := s.errorf(e.line, e.name, "%s is %q: expected a matrix {a,b,c,d}{…}{…}{…} or {u}{v}{w}{o}", key, text(v))
	if len(n) != 4 {
		return matrix{}, bad
	}
	var m matrix
	for i, r := range n {
		switch {
		case len(r) == 4 && i < 3:
			m[i] = [4]float64(r)
		case len(r) == 4:
		case len(r) == 3:
			for k := range 3 {
				m[k][i] = r[k]
			}
		default:
			return matrix{}, bad
		}
		if len(r) != len(n[0]) {
			return matrix{}, bad
		}
	}
	return m, nil
}
