package layout

import (
	"fmt"
	"strconv"
	"strings"
)

// networks is what xlights_networks.xml says: the controllers of a show, and
// which of its channels each of their outputs has. Channels of the whole show
// are counted through them in the order of the file; those of a controller
// that is off, or of a kind that we do not have, count too.
type networks struct {
	outputs []xoutput
	first   map[string]int // of a controller's outputs
}

// xoutput is one universe, or all of a controller without any.
type xoutput struct {
	controller, protocol, host string
	kind                       string // as the file has it
	universe                   int
	start, channels            int // of the whole show, from 0
	base                       int // the channel of the first one on the wire, from 0
}

// protocolsOf names those of xLights' network types that we send.
var protocolsOf = map[string]string{"e131": "sacn", "artnet": "artnet", "ddp": "ddp", "opc": "opc"}

// readNetworks reads the file of Options, or gives nil where there is none.
// xLights writes the universe as BaudRate and the address as ComPort.
func (s *source) readNetworks(l *Layout) (*networks, error) {
	if s.Networks == nil {
		return nil, nil
	}
	own := &source{name: s.NetworksName, data: s.Networks}
	root, err := own.parseXML(s.Networks)
	if err != nil {
		return nil, err
	}
	if root.name != "Networks" {
		return nil, own.errorf(root.line, "", "the root is <%s>: expected the <Networks> of an xlights_networks.xml", text(root.name))
	}
	n := &networks{first: map[string]int{}}
	at := 0
	add := func(e *element, controller string, c *element) error {
		m := &xmodel{source: own, element: e, name: controller}
		number := func(key string, otherwise, low, high int) int { return m.whole(key, otherwise, low, high) }
		o := xoutput{controller: controller, kind: e.attrs["NetworkType"], host: strings.TrimSpace(e.attrs["ComPort"])}
		if ip := strings.TrimSpace(c.attrs["IP"]); ip != "" {
			o.host = ip
		}
		o.protocol = protocolsOf[strings.ToLower(o.kind)]
		if strings.EqualFold(o.host, "MULTICAST") && o.protocol == "sacn" {
			o.host = ""
		}
		o.channels = number("MaxChannels", 0, 0, 1<<24)
		times := number("NumUniverses", 1, 1, 64000)
		switch o.protocol {
		case "sacn":
			o.universe = number("BaudRate", number("StartUniverse", 1, 1, 63999), 1, 63999)
		case "artnet":
			o.universe = number("BaudRate", number("StartUniverse", 0, 0, 32767), 0, 32767)
		case "opc":
			o.universe = number("BaudRate", 0, 0, 255)
		case "ddp":
			o.universe, times = 1, 1
		}
		if m.err != nil {
			e := m.err.(*Error)
			e.Where = "controller " + text(controller)
			return e
		}
		if len(n.outputs)+times > 100_000 || at+o.channels*times > 1<<24 {
			return own.errorf(e.line, "controller "+text(controller), "the show has more than 100,000 outputs or 16,777,216 channels")
		}
		if _, known := n.first[controller]; !known {
			n.first[controller] = at
		}
		for range times {
			o.start = at
			if o.protocol == "ddp" && e.attrs["KeepChannelNumbers"] != "0" {
				o.base = at // the channels of the show, as FPP takes them
			}
			if o.channels > 0 {
				n.outputs = append(n.outputs, o)
			}
			at += o.channels
			o.universe++
		}
		return nil
	}
	for _, c := range root.children {
		switch c.name {
		case "Controller":
			name := strings.TrimSpace(c.attrs["Name"])
			if _, twice := n.first[name]; twice {
				l.Notes = append(l.Notes, fmt.Sprintf("%s: controller %s is there twice: models that begin at it begin at the first.", text(own.name), text(name)))
			}
			if c.attrs["ActiveState"] == "Inactive" {
				l.Notes = append(l.Notes, fmt.Sprintf("Controller %s is inactive in xLights; its output stands here all the same.", text(name)))
			}
			if _, known := n.first[name]; !known {
				n.first[name] = at
			}
			for _, e := range c.children {
				if e.name == "network" {
					if err := add(e, name, c); err != nil {
						return nil, err
					}
				}
			}
		case "network": // before there were controllers
			if err := add(c, strings.TrimSpace(c.attrs["ComPort"]), &element{}); err != nil {
				return nil, err
			}
		}
	}
	if len(n.outputs) == 0 {
		return nil, own.errorf(root.line, "", "there is no output with channels in it")
	}
	return n, nil
}

// universe is the first channel of a universe, of one host or of any.
func (n *networks) universe(host string, universe int) (int, bool) {
	for _, o := range n.outputs {
		if o.universe == universe && (o.protocol == "sacn" || o.protocol == "artnet") && (host == "" || o.host == host) {
			return o.start, true
		}
	}
	return 0, false
}

// find gives the output that has a channel, or nil.
func (n *networks) find(channel int) *xoutput {
	low, high := 0, len(n.outputs)
	for low < high {
		if mid := (low + high) / 2; n.outputs[mid].start+n.outputs[mid].channels <= channel {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low < len(n.outputs) && n.outputs[low].start <= channel {
		return &n.outputs[low]
	}
	return nil
}

// hang gives pixels of a fixture that begin at a channel of the whole show
// their wires. It says why when it cannot.
func (n *networks) hang(f *Fixture, first, count, channel int) (why string) {
	width := max(len(f.Order), 3)
	for i := range count {
		at := channel + i*width
		o := n.find(at)
		switch {
		case o == nil:
			return fmt.Sprintf("channel %d of the show is behind the last controller's", at+1)
		case o.protocol == "":
			return fmt.Sprintf("channel %d of the show is on %s, a controller of the kind %q, which is not sent to", at+1, text(o.controller), text(o.kind))
		case at+width > o.start+o.channels:
			return fmt.Sprintf("pixel %d lies in two universes (%d and the next, of %d channels each), and a pixel here is in one: give the universes a multiple of %d channels in xLights, as 510", first+i, o.universe, o.channels, width)
		}
		f.hang(first+i, Wire{Protocol: o.protocol, Host: o.host, Controller: o.controller, Universe: o.universe, Channel: o.base + at - o.start})
	}
	return ""
}

// chains finds where models begin, also those that begin where others end.
type chains struct {
	models   map[string]*xmodel
	nets     *networks // nil: not given
	layout   *Layout
	absolute bool
	claims   []claim // channels of the show that models have
}

// claim is a stretch of the show's channels, from the first to before the
// end.
type claim struct {
	first, end int
	model      string
}

func newChains(models []*xmodel, nets *networks, l *Layout) *chains {
	c := &chains{models: map[string]*xmodel{}, nets: nets, layout: l}
	for _, m := range models {
		c.models[m.name] = m
	}
	return c
}

// wires hangs a model's pixels where its StartChannel says, or those of its
// strings, where each has one of its own.
func (c *chains) wires(m *xmodel, f *Fixture, strings1 int) error {
	if a := m.attrs["Advanced"]; a != "1" && !strings.EqualFold(a, "true") {
		return c.from(m, f, "StartChannel", 0, len(f.Points))
	}
	if strings1 < 1 || len(f.Points)%strings1 != 0 || len(f.Points)/strings1 == 0 {
		m.remark(fmt.Sprintf("its %d strings have start channels of their own but not as many nodes each: taken for one after another", strings1))
		return c.from(m, f, "StartChannel", 0, len(f.Points))
	}
	per := len(f.Points) / strings1
	for i := range strings1 {
		if err := c.from(m, f, "String"+strconv.Itoa(i+1), i*per, per); err != nil {
			return err
		}
	}
	return nil
}

// from hangs pixels where an attribute says that they begin.
func (c *chains) from(m *xmodel, f *Fixture, key string, first, count int) error {
	b, err := c.begin(m, key, 0)
	if err != nil || !b.known {
		return err
	}
	if c.nets == nil {
		w := b.wire
		w.First, w.Count = first, count
		f.Wires = append(f.Wires, w)
		return nil
	}
	kept := len(f.Wires)
	mine := claim{b.channel, b.channel + count*max(len(f.Order), 3), m.name}
	for _, other := range c.claims {
		if b.why == "" && mine.first < other.end && other.first < mine.end {
			b.why = fmt.Sprintf("model %s is on channel %d of the show already", text(other.model), max(mine.first, other.first)+1)
		}
	}
	if b.why == "" {
		b.why = c.nets.hang(f, first, count, b.channel)
	}
	if b.why == "" {
		c.claims = append(c.claims, mine)
	}
	if b.why != "" {
		f.Wires = f.Wires[:kept]
		c.layout.Notes = append(c.layout.Notes, fmt.Sprintf("Model %s (%s %s) has no channels here: %s.", text(m.name), key, text(m.attrs[key]), b.why))
	}
	return nil
}

// begin is where something begins: a channel of the whole show from 0, where
// the controllers are known, and else a wire.
type begin struct {
	known   bool
	channel int
	wire    Wire
	why     string // there is no such place
}

// begin reads a start channel: one of the whole show, !Controller:channel,
// #universe:channel, #host:universe:channel, >Model:channels after its end or
// @Model:channels after its start.
func (c *chains) begin(m *xmodel, key string, depth int) (begin, error) {
	start := strings.TrimSpace(m.attrs[key])
	none := begin{}
	fail := func(rule string) (begin, error) {
		return none, m.errorf(m.line, "model "+text(m.name), "%s is %q: %s", key, text(start), rule)
	}
	if start == "" {
		return none, nil
	}
	parts := strings.Split(strings.TrimLeft(start, "!#>@"), ":")
	head := strings.TrimSpace(strings.Join(parts[:len(parts)-1], ":"))
	last, err := strconv.Atoi(strings.TrimSpace(parts[len(parts)-1]))
	if err != nil || last < 0 || last > 1<<24 {
		return fail("expected a channel at its end, 1…16777216")
	}
	switch start[0] {
	case '!':
		if len(parts) < 2 || last < 1 {
			return fail("expected !Controller:channel")
		}
		if c.nets == nil {
			return begin{known: true, wire: Wire{Protocol: "ddp", Controller: head, Universe: 1, Channel: last - 1}}, nil
		}
		first, known := c.nets.first[head]
		if !known {
			return begin{known: true, why: "there is no controller of that name in the networks"}, nil
		}
		return begin{known: true, channel: first + last - 1}, nil
	case '#':
		if len(parts) > 3 || len(parts) < 2 || last < 1 || last > 512 {
			return fail("expected #universe:channel, the channel 1…512")
		}
		w := Wire{Protocol: "sacn", Channel: last - 1}
		low := 1
		if c.nets != nil {
			low = 0 // Art-Net has one of that number
		}
		if w.Universe, err = strconv.Atoi(strings.TrimSpace(parts[len(parts)-2])); err != nil || w.Universe < low || w.Universe > 63999 {
			return fail("expected a universe of 1…63999")
		}
		if len(parts) == 3 {
			w.Host = strings.TrimSpace(parts[0])
		}
		if c.nets == nil {
			return begin{known: true, wire: w}, nil
		}
		first, known := c.nets.universe(w.Host, w.Universe)
		if !known {
			return begin{known: true, why: "there is no such universe in the networks"}, nil
		}
		return begin{known: true, channel: first + last - 1}, nil
	case '>', '@':
		other := c.models[head]
		if other == nil || len(parts) < 2 {
			return fail("there is no such model")
		}
		if depth > len(c.models) {
			return fail("models begin after each other in a circle")
		}
		b, err := c.begin(other, "StartChannel", depth+1)
		if err != nil || !b.known {
			return b, err
		}
		after := max(last-1, 0)
		if start[0] == '>' {
			n, err := other.channels()
			if err != nil {
				return none, err
			}
			after += n
		}
		b.channel += after
		b.wire.Channel += after
		if b.wire.Protocol == "sacn" {
			b.wire.Universe, b.wire.Channel = b.wire.Universe+b.wire.Channel/510, b.wire.Channel%510
		}
		return b, nil
	}
	if len(parts) > 1 { // output:channel, of long ago
		m.remark("its start channel " + text(start) + " is of an old form, and was left out")
		return none, nil
	}
	if last < 1 {
		return fail("channels count from 1")
	}
	if c.nets != nil {
		return begin{known: true, channel: last - 1}, nil
	}
	c.absolute = true
	return begin{known: true, wire: Wire{Protocol: "ddp", Universe: 1, Channel: last - 1}}, nil
}

// channels is how many a model has, of whatever kind it is.
func (m *xmodel) channels() (int, error) {
	if m.counted == 0 {
		ps, known := m.points(m.displayAs())
		order, whole := stringType(m.attrs["StringType"])
		n, width := len(ps), max(len(order), 1)
		if whole {
			n = m.strings()
		}
		if !known { // a lamp of so many channels
			n, width = m.count("DmxChannelCount", "parm1", 1, 0), 1
			if !strings.HasPrefix(m.displayAs(), "Dmx") {
				n *= m.whole("parm2", 1, 0, 1_000_000) * 3
			}
		}
		if m.err != nil {
			return 0, m.err
		}
		m.counted = max(n*width, 1)
	}
	return m.counted, nil
}
