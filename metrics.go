package main

import (
	"context"

	"noctiluca/devices/metrics"
	"noctiluca/devices/output"
	"noctiluca/devices/player"
	"noctiluca/installations"
)

// measured is the choice of where figures of a run are told.
type measured struct {
	Metrics string `placeholder:"ADDRESS" help:"Where to serve figures for Prometheus at /metrics, host:port, as 127.0.0.1:9464: how frames keep time, watts, limits, outputs; nothing of people."`
}

// measure opens the server of figures, and gives what runs it.
func (m *measured) measure(p *program, inst *installations.Installation, of *player.Player, outs []*output.Runner) (func(context.Context), error) {
	if err := listenable("--metrics", m.Metrics); err != nil {
		return nil, err
	}
	if m.Metrics == "" || m.Metrics == "off" {
		return func(context.Context) {}, nil
	}
	s, err := metrics.Listen(m.Metrics, metrics.Source{Version: version, Name: inst.Name, Pace: of.Pace, Safety: of.Safety, Outputs: outs})
	if err != nil {
		return nil, unheard(err, "--metrics gives another address.")
	}
	p.log("metrics: http://" + s.Addr().String() + "/metrics")
	return func(ctx context.Context) {
		if err := s.Run(ctx); err != nil {
			p.log(err.Error())
		}
	}, nil
}
