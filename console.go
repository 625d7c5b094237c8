package main

import (
	"fmt"

	"noctiluca/devices/console"
	"noctiluca/installations"
)

// listenConsole opens what listens to the installation's lighting console;
// nil where it has none.
func (l *live) listenConsole(p *program, inst *installations.Installation) (*console.Listener, error) {
	if inst.Console == nil {
		return nil, nil
	}
	show := l.engine.Show()
	hands, err := console.NewHands(inst.Console, inst.File, show.Registry, show.NewOrigin(), show)
	if err != nil {
		return nil, inputError{err}
	}
	c, err := console.Listen(inst.Console, hands, l.player.Now)
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
