package installations

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"noctiluca/installations/document"
	"noctiluca/installations/format"
)

// claim is a stretch of a fixture that is on a wire.
type claim struct {
	first, count int // of the fixture's pixels
	at           document.Place
}

// user is what a universe of a controller belongs to.
type user struct {
	output string
	at     document.Place
}

// patcher finds what is wired or used twice, or not at all.
type patcher struct {
	*maker
	claims    [][]claim // of each fixture
	universes map[string]map[int]user
	unknown   bool // an item could not be read: what is missing cannot be told
}

func (m *maker) makeOutputs() {
	d := m.doc.Outputs
	p := patcher{maker: m, claims: make([][]claim, len(m.inst.Fixtures)), universes: map[string]map[int]user{}}
	m.index("output", len(d), func(i int) (string, document.Place) { return d[i].Name, d[i].At("name") })
	for i := range d {
		if d[i].Protocol == "" {
			p.unknown = true
			continue
		}
		m.inst.Outputs = append(m.inst.Outputs, p.output(&d[i]))
	}
	if len(d) == 0 {
		if m.doc.Has("outputs") || m.r.Errors() > 0 {
			return
		}
		m.r.Warnf(document.Place{}, "there are no outputs: it shows on a screen only")
		return
	}
	p.complete()
}

func (p *patcher) output(d *format.Output) Output {
	proto := protocols[d.Protocol]
	out := Output{
		Name: d.Name, Protocol: d.Protocol, Host: d.Host, Multicast: d.Multicast, Discover: d.Discover, Broadcast: d.Broadcast, Interface: d.Interface, Device: d.Device,
		Priority: d.Priority, PerAddress: d.PerAddress, Preview: d.Preview, Sync: d.Sync, SyncUniv: d.SyncUniverse,
		Failsafe: d.Failsafe, TimeCode: d.TimeCode, Gamma: d.Gamma, Lightness: d.Curve == "lightness", Dither: d.Dither && d.Bits != 16, Still: d.DitherIn == "wire", Bits: d.Bits, MaxRate: d.MaxRate, Spread: d.Spread, Changes: d.Changes,
		Address: d.Address, Form: d.Form, Timeout: d.Timeout, Realtime: d.Realtime, Baud: d.Baud, Chip: d.Chip, Clock: d.Clock, Brightness: d.Brightness,
		Line: d.Start().Line,
	}
	to := p.destination(d, proto)
	p.foreign(d, proto)
	first := d.Universe
	switch {
	case d.Has("universe"):
	case proto.start < 0:
		p.r.Errorf(d.Start(), "output %s: the key universe is missing", d.Name)
		p.unknown = true
		return out
	default:
		first = proto.start
	}
	if first < proto.first || first > proto.last {
		p.r.Errorf(d.At("universe"), "universe is %d: %s's run %d…%d", first, proto.name, proto.first, proto.last)
		p.unknown = true
		return out
	}
	if d.Bits == 16 && d.Has("dither") && d.Dither {
		p.r.Errorf(d.At("dither"), "dither: 16 bits are fine enough without; leave it out")
	}
	items := p.items(d, proto)
	broken := p.r.Errors()
	l := lay(items, first, d.Split, proto, func(at document.Place, message string) { p.r.Errorf(at, "%s", message) })
	if p.r.Errors() > broken {
		return out
	}
	if proto.single && len(l.universes) > 1 {
		p.r.Errorf(l.opened[1], "output %s: this no longer fits: %s carries %s channels", d.Name, proto.name, thousands(proto.slots))
		return out
	}
	if proto.alike {
		p.alike(d, proto, l)
	}
	if n := (l.bytes + 2) / 3; d.Protocol == "wled" && d.Realtime == warls && n > warlsPixels {
		p.r.Errorf(d.At("realtime"), "output %s: realtime: warls tells pixels by one byte, 0…%d, and this reaches pixel %d: %d pixels at most; drgb has place for them", d.Name, warlsPixels-1, n-1, warlsPixels)
	}
	out.Universes, out.Runs, out.Bytes = l.universes, l.runs, l.bytes
	p.use(d, proto, to, l)
	return out
}

// alike reports pixels of different widths where a protocol counts in pixels.
func (p *patcher) alike(d *format.Output, proto protocol, l layout) {
	if len(l.runs) == 0 {
		return
	}
	for _, r := range l.runs {
		if len(r.Order) != len(l.runs[0].Order) {
			p.r.Errorf(d.Start(), "output %s: pixels of %d and of %d bytes: %s counts in pixels, which must be alike; use an output for each", d.Name, len(l.runs[0].Order), len(r.Order), proto.name)
			return
		}
	}
	n := len(l.runs[0].Order)
	switch rgb := proto.rgb || d.Protocol == "wled" && d.Realtime == warls || d.Protocol == "spi" && d.Chip != "ws2812"; {
	case rgb && n != 3:
		name := proto.name
		if d.Protocol == "wled" {
			name += " by " + d.Realtime
		}
		p.r.Errorf(d.Start(), "output %s: pixels of %d bytes: %s carries red, green and blue only", d.Name, n, name)
	case n > 4:
		p.r.Errorf(d.Start(), "output %s: pixels of %d bytes: %s carries red, green, blue and white at most", d.Name, n, proto.name)
	}
}

// foreign reports keys that belong to other protocols.
func (p *patcher) foreign(d *format.Output, proto protocol) {
	for _, k := range owned {
		if !d.Has(k.key) || slices.Contains(k.owners, d.Protocol) {
			continue
		}
		p.r.Errorf(d.At(k.key), "%s: %s has none; it belongs to %s", k.key, proto.name, strings.Join(k.owners, ", "))
	}
	if d.Has("interface") && !d.Multicast && !d.Discover {
		p.r.Errorf(d.At("interface"), "interface: it belongs to multicast and discover")
	}
}

// destination checks where an output goes, and names it so that two outputs
// to one place have one name.
func (p *patcher) destination(d *format.Output, proto protocol) string {
	switch {
	case proto.local:
		if d.Has("host") {
			p.r.Errorf(d.At("host"), "output %s: %s goes to a device of this machine, and has no host", d.Name, proto.name)
		}
		if d.Device == "" {
			p.r.Errorf(d.Start(), "output %s: the key device is missing", d.Name)
			return ""
		}
		return d.Protocol + " on " + d.Device
	case d.Multicast && d.Protocol == "sacn":
		if d.Has("host") {
			p.r.Errorf(d.At("host"), "output %s: host and multicast: expected one of them", d.Name)
		}
		return d.Protocol + " multicast"
	case d.Discover && d.Protocol == "artnet":
		if d.Has("host") {
			p.r.Errorf(d.At("host"), "output %s: host and discover: expected one of them", d.Name)
		}
		return d.Protocol + " nodes"
	case !d.Has("host"):
		other := map[string]string{"sacn": " (or multicast: true)", "artnet": " (or discover: true)"}[d.Protocol]
		p.r.Errorf(d.Start(), "output %s: the key host is missing%s", d.Name, other)
		return ""
	}
	host, port, ok := splitHost(d.Host)
	if !ok {
		if d.Host != "" {
			p.r.Errorf(d.At("host"), "host is %q: expected an address or a name, with :port or without, the port 1…65535", d.Host)
		}
		return ""
	}
	if a, err := netip.ParseAddr(host); err == nil && a == everybody && !d.Broadcast {
		p.r.Errorf(d.At("host"), "host is %s: that is everybody; broadcast: true says that they are meant", host)
	}
	if port == "" {
		port = proto.port
	}
	return d.Protocol + " to " + strings.ToLower(host) + ":" + port
}

// IsHost is whether an output's host can be s: an address or a name, with :port
// or without, and not everybody's address, for which a file has to say more.
func IsHost(s string) bool {
	host, _, ok := splitHost(s)
	return ok && host != everybody.String()
}

var everybody = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// splitHost takes host[:port] apart. The host is an address (an IPv6 one in
// brackets) or a name.
func splitHost(s string) (host, port string, ok bool) {
	host = s
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.HasSuffix(s, "]") {
		host, port = s[:i], s[i+1:]
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 || port != strconv.FormatUint(n, 10) {
			return "", "", false
		}
	}
	if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		a, err := netip.ParseAddr(host[1 : len(host)-1])
		return a.String(), port, err == nil && a.Is6()
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return a.String(), port, a.Is4()
	}
	if host == "" || len(host) > 253 {
		return "", "", false
	}
	numeric := true
	for _, label := range strings.Split(strings.TrimSuffix(host, "."), ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return "", "", false
		}
		for _, c := range label {
			if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
				return "", "", false
			}
			numeric = numeric && c >= '0' && c <= '9'
		}
	}
	// 10.0.0.300 is an address with a slip, not a name.
	return host, port, !numeric
}

// items reads what hangs on an output.
func (p *patcher) items(d *format.Output, proto protocol) []item {
	var items []item
	widest := 0
	for i := range d.Fixtures {
		e := &d.Fixtures[i]
		switch {
		case e.Gap > 0:
			items = append(items, item{at: e.At, gap: e.Gap, universe: -1})
		case e.Has("universe"):
			if e.Universe < proto.first || e.Universe > proto.last {
				p.r.Errorf(e.Object.At("universe"), "universe is %d: %s's run %d…%d", e.Universe, proto.name, proto.first, proto.last)
				continue
			}
			items = append(items, item{at: e.At, universe: e.Universe})
		case e.Fixture == "":
			p.unknown = true
		default:
			if it, ok := p.pixels(e); ok {
				it.wide = d.Bits == 16
				items = append(items, it)
				widest = max(widest, it.width())
			}
		}
	}
	if n := d.Split * widest; n > proto.slots {
		p.r.Errorf(d.At("split"), "split is %d: so many pixels of %d bytes are %d channels, and a universe has %d; at most %d, for a pixel is never split over two", d.Split, widest, n, proto.slots, proto.slots/widest)
		return nil
	}
	return items
}

// pixels makes the item of a fixture, and claims its pixels.
func (p *patcher) pixels(e *format.Entry) (item, bool) {
	n, ok := find(p.maker, "fixture", e.Fixture, p.fixtures, e.At)
	if !ok {
		p.unknown = true
		return item{}, false
	}
	if n < 0 {
		return item{}, false // the fixture itself is wrong, and that was said
	}
	f := &p.inst.Fixtures[n]
	count := e.Count
	if !e.Has("count") {
		count = f.Count - e.First
	}
	if e.First >= f.Count || e.First+count > f.Count {
		p.r.Errorf(e.At, "pixels %d…%d of %s: it has 0…%d", e.First, max(e.First, e.First+count-1), f.Name, f.Count-1)
		return item{}, false
	}
	p.claims[n] = append(p.claims[n], claim{first: e.First, count: count, at: e.At})
	return item{at: e.At, first: f.First + e.First, count: count, reverse: e.Reverse, order: f.Order, universe: -1}, true
}

// use notes the universes of an output, and reports those that are used twice
// or do not exist.
func (p *patcher) use(d *format.Output, proto protocol, to string, l layout) {
	if to == "" {
		return
	}
	used := p.universes[to]
	if used == nil {
		used = map[int]user{}
		p.universes[to] = used
	}
	reported := map[document.Place]bool{}
	for i, u := range l.universes {
		at := l.opened[i]
		if reported[at] {
			continue // one message for all that follows from one line
		}
		if other, double := used[u.Number]; double {
			p.r.Errorf(at, "universe %d (%s) is used already, by output %s on line %d", u.Number, to, other.output, other.at.Line)
			reported[at] = true
			continue
		}
		used[u.Number] = user{d.Name, at}
		if u.Number > proto.last {
			p.r.Errorf(at, "this reaches universe %d: %s's run %d…%d", u.Number, proto.name, proto.first, proto.last)
			reported[at] = true
		}
	}
	if d.Sync && d.Protocol == "sacn" {
		if other, double := used[d.SyncUniverse]; double {
			p.r.Errorf(d.At("sync_universe"), "sync_universe %d carries light already, of output %s on line %d", d.SyncUniverse, other.output, other.at.Line)
		}
	}
}

// complete reports pixels that are on two wires, or on none.
func (p *patcher) complete() {
	for n := range p.inst.Fixtures {
		f := &p.inst.Fixtures[n]
		if p.fixtures[f.Name] < 0 {
			continue
		}
		claims := p.claims[n]
		slices.SortStableFunc(claims, func(a, b claim) int { return a.first - b.first })
		next := 0 // the first pixel not yet seen on a wire
		var before claim
		var missing []string
		for _, c := range claims {
			if c.first < next {
				a, b := before.at, c.at
				if b.Line < a.Line || b.Line == a.Line && b.Column < a.Column {
					a, b = b, a
				}
				p.r.Errorf(b, "%s of %s: wired already, on line %d", span(c.first, min(next, c.first+c.count)-1), f.Name, a.Line)
			}
			if c.first > next {
				missing = append(missing, span(next, c.first-1))
			}
			if end := c.first + c.count; end > next {
				next, before = end, c
			}
		}
		if next < f.Count {
			missing = append(missing, span(next, f.Count-1))
		}
		if len(missing) == 0 || p.unknown {
			continue
		}
		what := f.Name + " is"
		if len(claims) > 0 {
			if len(missing) > 4 {
				missing = append(missing[:4], fmt.Sprintf("and %d stretches more", len(missing)-4))
			}
			what = strings.Join(missing, ", ") + " of " + f.Name + " are"
		}
		p.r.Errorf(p.doc.Fixtures[p.from[n]].Start(), "%s in no output: every pixel needs a channel", what)
	}
}

func span(first, last int) string {
	if first == last {
		return fmt.Sprintf("pixel %d", first)
	}
	return fmt.Sprintf("pixels %d…%d", first, last)
}
