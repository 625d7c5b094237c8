package installations

import (
	"hash/fnv"
	"path"
	"slices"
	"strings"

	"noctiluca/assets/leds"
	"noctiluca/installations/document"
	"noctiluca/installations/fixture"
	"noctiluca/installations/format"
	"noctiluca/installations/space"
)

// MaxPixels is how many pixels an installation may have.
const MaxPixels = 4_000_000

// MaxLimbs is how many pieces of wood and stem an installation may have.
const MaxLimbs = 1_000_000

// farthest is how far from the origin anything may be, in metres: within it
// a float32 holds a place to a millimetre.
const farthest = 10_000

// All is the group of every fixture.
const All = "all"

// typedLED is an LED type with the order that its bytes have as a rule.
type typedLED struct {
	led   LED
	order Order
}

func (m *maker) makeLEDs() {
	m.leds = map[string]typedLED{}
	for _, t := range leds.All() {
		m.leds[t.Name] = builtin(&t)
	}
	d := m.doc.LEDs
	m.index("LED type", len(d), func(i int) (string, document.Place) { return d[i].Name, d[i].At("name") })
	for i := range d {
		l := &d[i]
		if l.Name == "" || len(l.Full) < 3 {
			continue
		}
		if leds.ByName(l.Name) != nil {
			m.r.Errorf(l.At("name"), "LED type %s is built in: give yours a name of its own", l.Name)
			continue
		}
		t := typedLED{led: LED{Type: l.Name, White: len(l.Full) > 3, Amber: len(l.Full) > 4, Volts: l.Volts, Idle: l.Idle, Primaries: l.Primaries}, order: Order{0, 1, 2}}
		copy(t.led.Full[:], l.Full)
		t.led.PWM, t.led.Least = l.PWM, l.Least
		if l.Least >= l.Volts {
			m.r.Errorf(l.At("least"), "LED type %s: least is %g V and volts %g V: it must be less", l.Name, l.Least, l.Volts)
		}
		if len(l.Candela) > 0 && len(l.Candela) != len(l.Full) {
			m.r.Errorf(l.At("candela"), "LED type %s has %d candelas and %d emitters: give one of each, in the order of full", l.Name, len(l.Candela), len(l.Full))
		}
		copy(t.led.Candela[:], l.Candela)
		if len(l.Candela) == 0 {
			t.led.Candela, t.led.Guessed = leds.Bright(t.led.Full), true
		}
		if t.led.White {
			t.order = Order{0, 1, 2, 3, 4}[:len(l.Full)]
		}
		if len(l.Primaries) > 0 && len(l.Primaries) != len(l.Full) {
			m.r.Errorf(l.At("primaries"), "LED type %s has %d primaries and %d emitters: give x, y and luminance of each, in the order of full", l.Name, len(l.Primaries), len(l.Full))
			t.led.Primaries = nil
		}
		for k, p := range t.led.Primaries {
			if p[1] <= 0 || p[0]+p[1] > 1 || p[2] <= 0 {
				m.r.Errorf(l.At("primaries"), "LED type %s: primary %d is x %g, y %g, luminance %g: y and the luminance must be over 0, and x + y at most 1", l.Name, k+1, p[0], p[1], p[2])
				t.led.Primaries = nil
				break
			}
		}
		if l.Order != "" {
			o, ok := m.order(l.Order, l.At("order"))
			if ok && len(o) != len(t.order) {
				m.r.Errorf(l.At("order"), "order %s: LED type %s has %d emitters", l.Order, l.Name, len(t.order))
			} else if ok {
				t.order = o
				if len(o) == 4 && slices.Contains(o, 4) {
					// Red, green, blue and amber.
					t.led.White, t.led.Amber = false, true
					t.led.Full[3], t.led.Full[4] = 0, t.led.Full[3]
					t.led.Candela[3], t.led.Candela[4] = 0, t.led.Candela[3]
				}
			}
		}
		m.leds[l.Name] = t
	}
}

func builtin(t *leds.Type) typedLED {
	l := typedLED{led: LED{Type: t.Name, White: t.White(), Volts: t.Volts, Idle: t.Idle, Primaries: t.Primaries}}
	copy(l.led.Full[:], t.Full)
	copy(l.led.Candela[:], t.Candela)
	if len(t.Candela) == 0 {
		l.led.Candela, l.led.Guessed = leds.Bright(l.led.Full), true
	}
	l.led.PWM, l.led.Least = t.PWM, t.Least
	l.order, _ = ParseOrder(t.Order)
	return l
}

// ParseOrder reads a colour order: each of R, G and B once, and W and A, for
// white and amber, once or not at all.
func ParseOrder(s string) (Order, bool) {
	if len(s) < 3 || len(s) > 5 {
		return nil, false
	}
	o := make(Order, len(s))
	seen := [5]bool{}
	for i := range len(s) {
		c := strings.IndexByte("RGBWA", s[i])
		if c < 0 || seen[c] {
			return nil, false
		}
		seen[c] = true
		o[i] = uint8(c)
	}
	return o, seen[0] && seen[1] && seen[2]
}

func (m *maker) order(s string, at document.Place) (Order, bool) {
	o, ok := ParseOrder(s)
	if !ok {
		m.r.Errorf(at, "order is %q: must hold R, G and B once each, and W (white) and A (amber) where there are such, in capitals", s)
	}
	return o, ok
}

func (m *maker) makeFixtures() {
	d := m.doc.Fixtures
	all := m.index("fixture", len(d), func(i int) (string, document.Place) { return d[i].Name, d[i].Object.At("name") })
	m.fixtures = map[string]int{}
	m.groups = map[string]int{}
	m.watts = make([]float64, len(m.inst.Supplies))
	fed := make([]bool, len(m.inst.Supplies))
	everything := Group{Name: All}
	for i := range d {
		f := &d[i]
		if at, ok := all[f.Name]; !ok || at != i {
			continue // no name, or there already
		}
		m.fixtures[f.Name] = -1
		t, order, ok := m.light(f)
		out := Fixture{Name: f.Name, Kind: string(f.Kind), First: m.inst.Pixels.Count(), LED: t, Order: order, Supply: -1, Link: f.Link / 1000, Line: f.Start().Line}
		for k := range f.Feeds {
			out.Feeds = append(out.Feeds, Feed{At: f.Feeds[k].At, Fuse: f.Feeds[k].Fuse, Cable: f.Feeds[k].Cable, Ohms: 2 * copper * f.Feeds[k].Cable / f.Feeds[k].Section})
		}
		if f.Supply != "" {
			s, known := find(m, "supply", f.Supply, m.supplies, f.Object.At("supply"))
			if known {
				out.Supply, fed[s] = s, true
			}
			ok = ok && known
		}
		// Groups are filled also for a fixture that is wrong, so that what
		// refers to them is judged fairly.
		number := len(m.inst.Fixtures)
		for k, name := range f.Groups {
			switch {
			case name == "":
			case name == All:
				m.r.Errorf(f.Item("groups", k), "group %s: every fixture is in it already", All)
			default:
				m.join(name, number, f.Item("groups", k))
			}
		}
		everything.Fixtures = append(everything.Fixtures, number)
		if ok = ok && f.Shape != nil && !f.Broken(); ok {
			ok = m.place(f, &out)
		}
		m.parts(f, &out, ok)
		if ok {
			m.fixtures[f.Name] = number
			if out.Supply >= 0 {
				m.watts[out.Supply] += float64(out.LED.Peak() * float64(out.Count))
			}
		}
		m.inst.Fixtures = append(m.inst.Fixtures, out)
		m.from = append(m.from, i)
	}
	if _, named := m.groups[All]; !named {
		m.groups[All] = len(m.inst.Groups)
		m.inst.Groups = append(m.inst.Groups, everything)
	}
	for i, s := range m.inst.Supplies {
		at := m.doc.Supplies[i].At("watts")
		switch {
		case s.Watts == 0:
		case !fed[i]:
			m.r.Warnf(m.doc.Supplies[i].Start(), "supply %s feeds no fixture", s.Name)
		case m.watts[i] > s.Watts:
			m.r.Warnf(at, "supply %s: its fixtures draw %.0f W at full, over its %g W: light will be dimmed to stay under", s.Name, m.watts[i], s.Watts)
		}
	}
}

func (m *maker) join(name string, number int, at document.Place) {
	g, ok := m.groups[name]
	if !ok {
		g = len(m.inst.Groups)
		m.groups[name] = g
		m.inst.Groups = append(m.inst.Groups, Group{Name: name})
	}
	in := &m.inst.Groups[g]
	if n := len(in.Fixtures); n > 0 && in.Fixtures[n-1] == number {
		m.r.Errorf(at, "group %s is here twice", name)
		return
	}
	in.Fixtures = append(in.Fixtures, number)
}

// parts puts stretches of a fixture into groups. Where the fixture is wrong
// the groups are made all the same.
func (m *maker) parts(f *format.Fixture, out *Fixture, whole bool) {
	byGroup := map[int][]Span{}
	var order []int
	for _, p := range f.Parts {
		switch {
		case p.Group == All:
			m.r.Errorf(p.At, "group %s: every fixture is in it already", All)
			continue
		case slices.Contains(f.Groups, p.Group):
			m.r.Errorf(p.At, "group %s: the whole fixture is in it already", p.Group)
			continue
		case whole && p.Last >= out.Count:
			m.r.Errorf(p.At, "pixels %d-%d of %s: it has 0-%d", p.First, p.Last, f.Name, out.Count-1)
			continue
		}
		g, ok := m.groups[p.Group]
		if !ok {
			g = len(m.inst.Groups)
			m.groups[p.Group] = g
			m.inst.Groups = append(m.inst.Groups, Group{Name: p.Group})
		}
		if byGroup[g] == nil {
			order = append(order, g)
		}
		byGroup[g] = append(byGroup[g], Span{out.First + p.First, p.Last - p.First + 1})
	}
	for _, g := range order {
		if whole {
			m.inst.Groups[g].Parts = append(m.inst.Groups[g].Parts, joined(byGroup[g])...)
		}
	}
}

// joined makes spans ascend, with one for those that touch or overlap.
func joined(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return a.First - b.First })
	out := spans[:1]
	for _, s := range spans[1:] {
		last := &out[len(out)-1]
		if s.First > last.First+last.Count {
			out = append(out, s)
			continue
		}
		last.Count = max(last.Count, s.First+s.Count-last.First)
	}
	return out
}

// light gives a fixture's LED type and the order of its bytes.
func (m *maker) light(f *format.Fixture) (LED, Order, bool) {
	var order Order
	if f.Order != "" {
		var ok bool
		if order, ok = m.order(f.Order, f.Object.At("order")); !ok {
			return LED{}, nil, false
		}
	}
	if f.LED == "" {
		t := builtin(leds.Default(len(order) > 3))
		if slices.Contains(order, 4) {
			t.led.White, t.led.Amber, t.led.Primaries = slices.Contains(order, 3), true, nil
			t.led.Full[4] = t.led.Full[3]
		}
		if order == nil {
			order = Order{0, 1, 2}
		}
		t.led.Assumed = true
		return t.led, order, true
	}
	t, ok := find(m, "LED type", f.LED, m.leds, f.Object.At("led"))
	switch {
	case !ok:
		return LED{}, nil, false
	case order == nil:
		order = t.order
	case slices.Contains(order, 3) != t.led.White || slices.Contains(order, 4) != t.led.Amber:
		m.r.Errorf(f.Object.At("order"), "order %s: LED type %s has the emitters %v", f.Order, f.LED, sorted(t.order))
		return LED{}, nil, false
	}
	return t.led, order, true
}

// sorted is an order with its emitters as they are counted: R G B W A.
func sorted(o Order) Order {
	o = slices.Clone(o)
	slices.Sort(o)
	return o
}

// place builds a fixture's pixels and limbs and puts them where they stand.
func (m *maker) place(f *format.Fixture, out *Fixture) bool {
	px := &m.inst.Pixels
	number := int32(len(m.inst.Fixtures))
	seed := f.Seed
	if !f.Has("seed") {
		h := fnv.New64a()
		h.Write([]byte(f.Name))
		seed = mix(h.Sum64() ^ mix(m.doc.Seed))
	}
	if m.full {
		return false // what comes after a limit is not worth growing
	}
	if from, ok := f.Shape.(fixture.Loader); ok && !m.load(f, from) {
		return false
	}
	room := fixture.Limits{Pixels: MaxPixels - px.Count(), Limbs: MaxLimbs - len(m.inst.Scenery.Limbs)}
	b := fixture.Build(f.Shape, seed, room)
	if err := b.Err(); err != nil {
		m.full = m.r.Full() || len(b.Pixels) >= room.Pixels || len(b.Limbs) >= room.Limbs
		switch {
		case len(b.Pixels) >= room.Pixels:
			m.r.Errorf(f.Start(), "fixture %s: the installation has more than %d pixels", f.Name, MaxPixels)
		case len(b.Limbs) >= room.Limbs:
			m.r.Errorf(f.Start(), "fixture %s: the installation has more than %d limbs of trees and plants", f.Name, MaxLimbs)
		default:
			m.r.Errorf(f.Start(), "fixture %s: %v", f.Name, err)
		}
		return false
	}
	if len(b.Pixels) == 0 {
		m.r.Errorf(f.Start(), "fixture %s has no pixels", f.Name)
		return false
	}
	stand := func(p space.V) space.V { return p.Times(f.Scale).Degrees(f.Turn).Add(space.Of(f.At)) }
	out.Count = len(b.Pixels)
	for i := range b.Pixels {
		from := i
		if f.Reverse {
			from = len(b.Pixels) - 1 - i
		}
		p := stand(b.Pixels[from].At)
		if !(max(p.X, p.Y, p.Z) <= farthest && min(p.X, p.Y, p.Z) >= -farthest) {
			m.r.Errorf(f.Start(), "fixture %s: pixel %d is at [%g, %g, %g]: must be within ±%d m", f.Name, i, p.X, p.Y, p.Z, farthest)
			return false
		}
		px.X, px.Y, px.Z = append(px.X, float32(p.X)), append(px.Y, float32(p.Y)), append(px.Z, float32(p.Z))
		px.Fixture = append(px.Fixture, number)
		px.Along = append(px.Along, float32(b.Pixels[from].Along))
		px.Random = append(px.Random, float32(mix(seed+uint64(from)*0x9e3779b97f4a7c15)>>40)/(1<<24))
	}
	for _, l := range b.Limbs {
		a, z := stand(l.From), stand(l.To)
		m.inst.Scenery.Limbs = append(m.inst.Scenery.Limbs, Limb{
			From: [3]float32{float32(a.X), float32(a.Y), float32(a.Z)}, To: [3]float32{float32(z.X), float32(z.Y), float32(z.Z)},
			RadiusFrom: float32(l.RadiusFrom * f.Scale), RadiusTo: float32(l.RadiusTo * f.Scale), Fixture: int(number),
		})
	}
	return true
}

// load reads the file of a fixture whose places stand in one.
func (m *maker) load(f *format.Fixture, from fixture.Loader) bool {
	name := path.Join(path.Dir(m.file), from.FileName())
	data, message := readFile(m.fsys, name, maxTable)
	if message == "" {
		if err := from.Load(data); err != nil {
			message = err.Error()
		}
	}
	if message != "" {
		m.r.Errorf(f.Start(), "fixture %s: %s: %s", f.Name, from.FileName(), message)
	}
	return message == ""
}

// maxTable is the longest table of places that is read: of the most pixels
// that there may be.
const maxTable = 256 << 20

// mix scatters the bits of a number (the finaliser of SplitMix64, Steele,
// Lea and Flood 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
