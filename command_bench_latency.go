package main

import (
	"fmt"
	"runtime"

	"noctiluca/devices/latency"
)

// benchLatencyCommand measures from a hand to the light.
type benchLatencyCommand struct {
	Installation string `arg:"" optional:"" name:"INSTALLATION" default:"forest" help:"${installation}."`
	Messages     int    `default:"200" help:"How many MIDI messages; each takes a tenth of a second."`
	Workers      int    `default:"0" help:"Goroutines that compute (default: one a core)."`
	Crowd        int    `default:"7" help:"Simulated people, so that there is something to compute."`
	Lead         string `placeholder:"TIME" env:"NOCTILUCA_LEAD" help:"How long before it is due a frame is computed, 0 to a frame, e.g. 2ms; it is sent when it is due (default: auto, by how long frames take)."`
}

func (c *benchLatencyCommand) Run(p *program) error {
	switch {
	case c.Messages < 10 || c.Messages > 100000:
		return inputError{fmt.Errorf("--messages %d: expected 10…100000", c.Messages)}
	case c.Workers < 0 || c.Workers > 1024:
		return inputError{fmt.Errorf("--workers %d: expected 0…1024, 0 for one a core", c.Workers)}
	case c.Crowd < 0 || c.Crowd > 1000:
		return inputError{fmt.Errorf("--crowd %d: expected 0…1000 people", c.Crowd)}
	}
	if c.Workers == 0 {
		c.Workers = runtime.NumCPU()
	}
	a := artwork{Installation: c.Installation}
	inst, err := a.read(p)
	if err != nil {
		return err
	}
	lead, err := leadOf(c.Lead, inst)
	if err != nil {
		return err
	}
	r, err := latency.Measure(p.ctx, latency.Config{Installation: inst, Presses: c.Messages, Workers: c.Workers, Crowd: c.Crowd, Lead: lead, Progress: terminal(p.stderr)})
	if err != nil {
		return err
	}
	fmt.Fprint(p.stdout, r.String())
	for _, limit := range []struct {
		name string
		at   float64
		most float64
	}{{"p50", 0.5, 1.5}, {"p99", 0.99, 2.5}} {
		verdict := "under"
		if r.Frames(r.At(limit.at)) >= limit.most {
			verdict = "NOT under"
		}
		fmt.Fprintf(p.stdout, "%s is %s the limit of %.1f frames\n", limit.name, verdict, limit.most)
	}
	return nil
}
