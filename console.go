package main

import (
	"fmt"
	"slices"

	"noctiluca/devices/artnet"
	"noctiluca/devices/console"
	"noctiluca/installations"
)

// artnetPort is the port that the console and the discovery of nodes share;
// nil where not both need it.
func artnetPort(inst *installations.Installation) *artnet.SharedPort {
	discovers := slices.ContainsFunc(inst.Outputs, func(o installations.Output) bool { return o.Discover })
	if inst.Console == nil || inst.Console.ArtnetPort != artnet.Port || !discovers {
		return nil
	}
	return &artnet.SharedPort{}
}

// listenConsole opens what listens to the installation's lighting console;
// nil where it has none.
func (l *live) listenConsole(p *program, inst *installations.Installation, port *artnet.SharedPort) (*console.Listener, error) {
	if inst.Console == nil {
		return nil, nil
	}
	show := l.engine.Show()
	hands, err := console.NewHands(inst.Console, inst.File, show.Registry, show.NewOrigin(), show)
	if err != nil {
		return nil, inputError{err}
	}
	c, err := console.Listen(inst.Console, hands, l.player.Now, port)
	if err != nil {
		return nil, err
	}
	for _, protocol := range []console.Protocol{console.Artnet, console.SACN} {
		if a := c.Addr(protocol); a.IsValid() {
			p.log(fmt.Sprintf("listening for a console: %v on %v", protocol, a))
		}
	}
	return c, nil
}
