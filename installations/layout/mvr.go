package layout

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"noctiluca/installations/space"
)

// readMVR reads a scene of My Virtual Rig (DIN SPEC 15801): its fixtures with
// their places, addresses and, where the archive has their type, pixels.
// Lengths are millimetres and z is up there.
func readMVR(s *source) (*Layout, error) {
	z, err := s.zip(s.data)
	if err != nil {
		return nil, err
	}
	data, err := s.part(z, "GeneralSceneDescription.xml")
	if err != nil {
		return nil, err
	}
	root, err := s.parseXML(data)
	if err != nil {
		return nil, err
	}
	base, err := s.breakBase(root)
	if err != nil {
		return nil, err
	}
	l := &Layout{}
	if base == 1 {
		l.Notes = append(l.Notes, "It counts the breaks of its addresses from 1, though MVR does from 0: they were taken for those of its fixtures' types as they are.")
	}
	types := map[string][]light{}
	unit := s.unit(0.001)
	var walk func(e *element, m matrix, group string, depth int) error
	walk = func(e *element, m matrix, group string, depth int) error {
		if depth > 100 {
			return s.errorf(e.line, e.name, "objects are more than 100 deep")
		}
		if t := e.child("Matrix"); t != nil {
			own, err := s.matrix(t, "Matrix", t.text)
			if err != nil {
				return err
			}
			m = m.times(own)
		}
		if e.name == "Layer" || e.name == "GroupObject" {
			group = e.attrs["name"]
		}
		if e.name == "Fixture" {
			f, err := s.mvrFixture(e, m, base, types, func(name string) ([]byte, error) { return s.part(z, name) }, unit, l)
			if err != nil {
				return err
			}
			if group != "" {
				f.Groups = []string{group}
			}
			if len(l.Fixtures) > 4096 {
				return s.errorf(e.line, "", "more than 4096 fixtures")
			}
			l.Fixtures = append(l.Fixtures, f)
			return nil
		}
		for _, c := range e.children {
			if err := walk(c, m, group, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if err := walk(root, identity(), "", 0); err != nil {
		return nil, err
	}
	if len(l.Fixtures) == 0 {
		return nil, s.errorf(root.line, "", "there is no Fixture in it")
	}
	return l, nil
}

// mvrFixture reads one Fixture.
func (s *source) mvrFixture(e *element, m matrix, base int, types map[string][]light, part func(string) ([]byte, error), unit float64, l *Layout) (Fixture, error) {
	name := e.attrs["name"]
	if id := e.child("FixtureID"); id != nil && strings.TrimSpace(id.text) != "" {
		name += "-" + strings.TrimSpace(id.text)
	}
	starts, err := s.mvrAddresses(e, name, base, l)
	if err != nil {
		return Fixture{}, err
	}
	spec, mode := "", ""
	if t := e.child("GDTFSpec"); t != nil {
		spec = strings.TrimSpace(t.text)
	}
	if t := e.child("GDTFMode"); t != nil {
		mode = strings.TrimSpace(t.text)
	}
	key := spec + "\x00" + mode
	lights, known := types[key]
	if !known && spec != "" {
		lights = s.mvrType(spec, mode, part, l)
		types[key] = lights
	}
	if len(lights) == 0 {
		at := m.apply(space.V{}).Times(unit)
		f := Fixture{Name: name, Points: []space.V{{X: at.X, Y: at.Z, Z: -at.Y}}, Order: "RGB", Note: "no pixels are known of its type: one, of three channels"}
		if len(starts) > 0 {
			first := slices.Min(slices.Collect(maps.Keys(starts)))
			f.Wires = []Wire{{Protocol: "artnet", Universe: starts[first].universe, Channel: starts[first].channel}}
			if len(starts) > 1 {
				f.Note += fmt.Sprintf(", at the first of its %d addresses", len(starts))
			}
		}
		return f, nil
	}
	// A GDTF's lengths are metres; the scene's millimetres.
	scaled := make([]light, len(lights))
	for i, p := range lights {
		scaled[i] = p
		scaled[i].at = p.at.Times(1 / 0.001)
	}
	f, note := pixelsOf(scaled, name, m, starts, unit)
	if note != "" {
		l.Notes = append(l.Notes, note)
	}
	return f, nil
}

// mvrBreak reads the number of an Address's break, as it is in the file.
func (s *source) mvrBreak(a *element) (int, error) {
	n, err := number(strings.TrimSpace(a.attrs["break"]), 0)
	if err != nil || n < 0 || n > mostBreaks {
		return 0, s.errorf(a.line, "Address", "break is %q: expected 0…%d", text(a.attrs["break"]), mostBreaks)
	}
	return n, nil
}

// breakBase is from what a scene counts the breaks of its addresses: 0, which is
// a type's break 1 (an address that names none has 0), or 1, as some programs
// write it, when none of them is 0.
func (s *source) breakBase(root *element) (int, error) {
	base, some := 1, false
	var wrong error
	root.all("Fixture", func(f *element) {
		as := f.child("Addresses")
		if as == nil {
			return
		}
		for _, a := range as.children {
			if a.name != "Address" || wrong != nil {
				continue
			}
			n, err := s.mvrBreak(a)
			if wrong = err; n == 0 {
				base = 0
			}
			some = true
		}
	})
	if !some {
		base = 0
	}
	return base, wrong
}

// mvrAddresses are a fixture's start addresses, by the breaks of its type. Of two
// for one break, which MVR does not allow, the first counts, and it is said.
func (s *source) mvrAddresses(e *element, name string, base int, l *Layout) (map[int]start, error) {
	starts := map[int]start{}
	as := e.child("Addresses")
	if as == nil {
		return starts, nil
	}
	for _, a := range as.children {
		if a.name != "Address" {
			continue
		}
		n, err := s.mvrBreak(a)
		if err != nil {
			return nil, err
		}
		u, c, ok := mvrAddress(strings.TrimSpace(a.text))
		if !ok {
			return nil, s.errorf(a.line, "fixture "+text(name), "its address is %q: expected a channel of the whole show from 1, or universe.channel", text(a.text))
		}
		if _, twice := starts[n+1-base]; twice {
			l.Notes = append(l.Notes, fmt.Sprintf("%s has two addresses for break %d (line %d): the first was taken.", text(name), n, a.line))
			continue
		}
		starts[n+1-base] = start{u, c}
	}
	return starts, nil
}

// mvrType reads a fixture's type from the archive; what is wrong with it is a
// note, for the scene is whole without it.
func (s *source) mvrType(spec, mode string, part func(string) ([]byte, error), l *Layout) []light {
	if path.Ext(spec) == "" {
		spec += ".gdtf"
	}
	say := func(err error) []light {
		l.Notes = append(l.Notes, fmt.Sprintf("Of the type %s no pixels are known: %v", text(spec), strings.TrimPrefix(err.Error(), s.name+": ")))
		return nil
	}
	data, err := part(spec)
	if err != nil {
		return say(err)
	}
	z, err := s.zip(data)
	if err != nil {
		return say(err)
	}
	if data, err = s.part(z, "description.xml"); err != nil {
		return say(err)
	}
	lights, _, _, err := s.gdtf(data, mode)
	if err != nil {
		return say(err)
	}
	return lights
}

// mvrAddress reads an address: channels of the whole show from 1, 512 a
// universe, or universe.channel. Art-Net's universes count from 0 here, so the
// first one is 0.
func mvrAddress(v string) (universe, channel int, ok bool) {
	if u, c, two := strings.Cut(v, "."); two {
		a, err1 := strconv.Atoi(u)
		b, err2 := strconv.Atoi(c)
		return a - 1, b - 1, err1 == nil && err2 == nil && a >= 1 && a <= 32768 && b >= 1 && b <= 512
	}
	n, err := strconv.Atoi(v)
	return (n - 1) / 512, (n - 1) % 512, err == nil && n >= 1 && n <= 32768*512
}
