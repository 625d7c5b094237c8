package main

import (
	"fmt"
	"time"

	"noctiluca/devices/outputs"
	"noctiluca/devices/pattern"
)

type testPatternCommand struct {
	Installation string        `arg:"" optional:"" name:"INSTALLATION" default:"forest" help:"${installation}."`
	Pattern      string        `enum:"identify,chase,rgb,binary,universes,white" default:"identify" help:"identify: they breathe in white. chase: a light runs along each fixture. rgb: red, green, blue, white. binary: after two seconds of blue each pixel tells its number in its universe, from 0, lowest bit first, a second each: green is 1. universes: neighbours differ in colour. white: steady."`
	Output       string        `placeholder:"NAME" help:"Only what hangs on this output."`
	Fixture      string        `placeholder:"NAME" help:"Only this fixture."`
	Universe     int           `default:"-1" placeholder:"N" help:"Only this universe."`
	Level        float64       `default:"0.2" help:"How bright, over 0, at most 1. The power limits of the installation hold all the same."`
	Speed        float64       `default:"10" help:"Of a chase, pixels a second."`
	For          time.Duration `help:"Play that long, e.g. 30s (default: until interrupted)."`
}

func (c *testPatternCommand) Run(p *program) error {
	inst, err := (&artwork{Installation: c.Installation}).read(p)
	if err != nil {
		return err
	}
	pat, err := pattern.New(inst, c.Pattern, c.Level, c.Speed, pattern.Select{Output: c.Output, Fixture: c.Fixture, Universe: c.Universe})
	if err != nil {
		return inputError{err}
	}
	outs, err := outputs.Open(inst)
	if err != nil {
		return err
	}
	for _, o := range outs {
		p.log("sending to " + o.Name())
	}
	err = pattern.Run(p.ctx, inst, pat, outs, c.For)
	for _, o := range outs {
		s := o.Stats()
		line := fmt.Sprintf("%s: %d frames, %d packets, %d dropped", o.Name(), s.Frames, s.Packets, s.Dropped)
		if s.Errors > 0 {
			line += fmt.Sprintf(", %d errors (%s)", s.Errors, s.LastError)
		}
		fmt.Fprintln(p.stdout, line)
	}
	return err
}
