package main

import (
	"context"
	"strings"

	"noctiluca/devices/calibrate"
	"noctiluca/devices/heartrate"
	"noctiluca/devices/lsl"
	"noctiluca/devices/osc"
	"noctiluca/devices/readings"
	"noctiluca/devices/sensors"
	feeling "noctiluca/engine/signal"
	log "noctiluca/engine/signal/audit"
)

// values are the numbers of one sample, for the table of sensors.
type values []float64

// Number implements sensors.Numbers.
func (v *values) Number() (float64, bool) {
	if len(*v) == 0 {
		return 0, false
	}
	x := (*v)[0]
	*v = (*v)[1:]
	return x, true
}

// profile is a calibration of a seat.
type profile struct {
	seat    string
	normals []sensors.Normal
}

// readProfiles reads the profiles that --profile names.
func readProfiles(names []string) ([]profile, error) {
	var out []profile
	for _, name := range names {
		read, err := calibrate.ReadProfile(name)
		if err != nil {
			return nil, inputError{err}
		}
		c := profile{seat: read.Seat}
		if f, ok := read.Figures["heart_rate"]; ok {
			c.normals = append(c.normals, sensors.Normal{Kind: feeling.HeartRate, Mean: f.Mean, Spread: f.Spread})
		}
		if f, ok := read.Figures["skin_level"]; ok {
			c.normals = append(c.normals, sensors.Normal{Kind: feeling.EDA, Mean: f.Mean, Spread: f.Spread})
		}
		out = append(out, c)
	}
	return out, nil
}

// streams takes in what does not come by OSC: the installation's streams of
// Lab Streaming Layer, and heart-rate straps. They lead where OSC's addresses
// do, through the same consents.
func (l *live) streams(p *program) {
	var to *osc.Receiver
	if l.input != nil {
		to = l.input.Receiver()
	} else {
		to = osc.NewReceiver(l.inst.Signals, l.engine.Signals().Names(), l.engine.Signals(), osc.Options{})
	}
	for _, c := range l.profiles {
		if !to.Calibrate(c.seat, c.normals) {
			p.log("profile: " + c.seat + " is no person under signals.devices with a consent: it serves nobody")
		}
	}
	begun := l.input != nil
	begin := func() {
		if !begun {
			begun = true
			l.sinks = append(l.sinks, func(ctx context.Context, _ *log.Log) { to.Seat(l.player.Now()) })
		}
	}
	for _, name := range l.inst.Signals.Streams {
		in, err := lsl.New(name, lsl.Options{Now: l.player.Now, Log: p.log})
		if err != nil {
			p.complain(err)
			continue
		}
		begin()
		var addresses []string
		buffer := make(values, 1)
		one := buffer // kept, so that a sample allocates nothing
		l.sinks = append(l.sinks, func(ctx context.Context, _ *log.Log) {
			_ = in.Run(ctx, func(s lsl.Sample) {
				for len(addresses) < len(s.Values) {
					addresses = append(addresses, readings.Address(name, len(addresses)))
				}
				for c, x := range s.Values {
					buffer[0], one = x, buffer
					to.Take(addresses[c], &one, s.At)
				}
			})
		})
	}
	for _, d := range l.inst.Signals.Devices {
		if d.Kind != "heartrate" || d.Consent == "" {
			continue
		}
		if err := heartrate.Available(); err != nil {
			p.complain(err)
			continue
		}
		begin()
		name := strings.TrimPrefix(strings.TrimPrefix(d.Address, "/heartrate"), "/")
		l.sinks = append(l.sinks, func(ctx context.Context, _ *log.Log) {
			err := heartrate.Listen(ctx, name, func(m *heartrate.Measurement) {
				if !m.Good() {
					return
				}
				now := l.player.Now()
				rate, rr := values{m.Rate}, values(m.Intervals[:m.Count])
				if m.Count > 0 {
					to.Take(d.Address+"/rr", &rr, now)
				} else {
					to.Take(d.Address+"/bpm", &rate, now)
				}
			}, p.log)
			if err != nil {
				p.complain(err)
			}
		})
	}
}
