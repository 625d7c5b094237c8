package installations

import "net/netip"

// Console is a lighting console that moves the show by Art-Net or sACN. A nil
// one listens to nothing.
type Console struct {
	Listen               string   // of the interface: an address or a name
	Allow                []string // addresses and prefixes; empty for private networks
	ArtnetPort, SacnPort int
	Merge                string  // htp, ltp
	Takeover             float64 // seconds
	Release              bool
	Controls             []Control
}

// Control is a channel and what it moves: a parameter or a cue.
type Control struct {
	Protocol  string // artnet, sacn
	Universe  int
	Channel   int  // 1…512
	Wide      bool // this one and the next
	Parameter string
	Cue       string
	Line      int
}

func (m *maker) makeConsole() {
	if !m.doc.Has("console") {
		return
	}
	d := &m.doc.Console
	for i, a := range d.Allow {
		_, err1 := netip.ParseAddr(a)
		_, err2 := netip.ParsePrefix(a)
		if err1 != nil && err2 != nil && a != "" {
			m.r.Errorf(d.Item("allow", i), "allow %s: expected an address, or a network as 10.0.0.0/8", quoted(a))
		}
	}
	c := &Console{Listen: d.Listen, Allow: d.Allow, ArtnetPort: d.ArtnetPort, SacnPort: d.SacnPort, Merge: d.Merge, Takeover: d.Takeover, Release: d.Release}
	for i := range d.Channels {
		k := &d.Channels[i]
		c.Controls = append(c.Controls, Control{Protocol: k.Protocol, Universe: k.Universe, Channel: k.Channel, Wide: k.Wide, Parameter: k.Parameter, Cue: k.Cue, Line: k.Start().Line})
	}
	m.inst.Console = c
}
