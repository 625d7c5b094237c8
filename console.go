package main

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/console"
	"noctiluca/installations"
)

// artnetPort is the port that the console, the discovery of nodes and the
// timecode at that address share; nil where no two of them need it.
func artnetPort(inst *installations.Installation, timecode string) *artnet.SharedPort {
	users := 0
	if inst.Console != nil && inst.Console.ArtnetPort == artnet.Port {
		users++
	}
	if slices.ContainsFunc(inst.Outputs, func(o installations.Output) bool { return o.Discover }) {
		users++
	}
	if _, port, err := net.SplitHostPort(timecode); err == nil && port == strconv.Itoa(artnet.Port) {
		users++
	}
	if users < 2 {
		return nil
	}
	return &artnet.SharedPort{}
}

// listenConsole opens what listens to the installation's lighting console;
// nil where it has none.
func (l *live) listenConsole(p *program, inst *installations.Installation, port *artnet.SharedPort, now func() time.Duration) (*console.Listener, error) {
	if inst.Console == nil {
		return nil, nil
	}
	show := l.engine.Show()
	hands, err := console.NewHands(inst.Console, inst.File, show.Registry, show.NewOrigin(), show)
	if err != nil {
		return nil, inputError{err}
	}
	c, err := console.Listen(inst.Console, hands, now, port)
	if err != nil {
		return nil, unheard(err, "console.listen, artnet_port and sacn_port in the installation file say where.")
	}
	for _, protocol := range []console.Protocol{console.Artnet, console.SACN} {
		if a := c.Addr(protocol); a.IsValid() {
			p.log(fmt.Sprintf("listening for a console: %v on %v", protocol, a))
		}
	}
	return c, nil
}
