package main

import "noctiluca/devices/discover"

type discoverCommand struct{ discover.Options }

func (c *discoverCommand) Run(p *program) error {
	return discover.Run(p.ctx, p.stdout, p.log, c.Options)
}
