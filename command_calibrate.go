package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"noctiluca/devices/calibrate"
	"noctiluca/devices/osc"
	feeling "noctiluca/engine/signal"
	"noctiluca/installations"
	"noctiluca/shaders"
)

type calibrateCommand struct {
	Installation string        `arg:"" optional:"" name:"INSTALLATION" default:"forest" help:"Whose sensors and cells: ${installation}."`
	OSC          string        `placeholder:"ADDRESS" help:"Where to listen for signals, host:port (default: the installation's)."`
	Rest         time.Duration `default:"60s" help:"How long to rest."`
	Stimulus     time.Duration `default:"30s" help:"How long the stimulus lasts."`
	Patience     time.Duration `default:"2m" help:"How long to wait for good signals."`
	Out          string        `placeholder:"FOLDER" help:"Write a profile for each person of the desk into this folder. Needs --agreed."`
	Agreed       bool          `help:"The people agreed that their baselines are written to a file."`
	Every        time.Duration `default:"1s" hidden:"" help:"Between lines."`
}

// shortestRest is what a baseline needs of good signal, and something more.
const shortestRest = 25 * time.Second

func (c *calibrateCommand) Run(p *program) error {
	if c.Out != "" && !c.Agreed {
		return inputError{errors.New("--out writes physiology to a file: it needs --agreed, which says that the people agreed to that")}
	}
	inst, problems := installations.OpenNamed(c.Installation, shaders.FS)
	if inst == nil {
		return problems
	}
	// Where it is to be written is seen to before anybody sits still for it.
	if c.Out != "" {
		if err := os.MkdirAll(c.Out, 0o700); err != nil {
			return inputError{fmt.Errorf("--out: %w", err)}
		}
	}
	if c.Rest < shortestRest {
		p.log(fmt.Sprintf("--rest %v is short: a baseline wants 20 s of good signal, a minute is better", c.Rest))
	}
	for i := range inst.Signals.Devices { // a technician sees what is calibrated
		d := &inst.Signals.Devices[i]
		d.Purposes = append(d.Purposes, "display")
	}
	if err := listenable("--osc", c.OSC); err != nil {
		return err
	}
	if c.OSC != "" {
		inst.Signals.OSC.Listen = c.OSC
	}
	if on := inst.Signals.OSC.Listen; on == "" || on == "off" {
		return inputError{fmt.Errorf("%s listens nowhere: say where with --osc 127.0.0.1:9000", inst.File)}
	}
	names := make([]string, len(inst.Cells))
	for i := range inst.Cells {
		names[i] = inst.Cells[i].Name
	}
	cells := feeling.New(names, feeling.Options{})
	start := time.Now()
	now := func() time.Duration { return time.Since(start) }
	in, err := osc.Listen(inst.Signals, names, cells, osc.Options{Now: now})
	if err != nil {
		return unheard(err, "--osc gives another address.")
	}
	ctx, stop := context.WithCancel(p.ctx)
	ended := make(chan error, 1)
	go func() { ended <- in.Run(ctx) }()
	fmt.Fprintf(p.stdout, "Calibrating the sensors of %s; listening on %s. Interrupt with Ctrl-C.\n", inst.Title, in.Addr())

	o := calibrate.Options{Rest: c.Rest, Stimulus: c.Stimulus, Patience: c.Patience}
	s := calibrate.New(o)
	told, line := calibrate.Phase(-1), time.Duration(0)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	var people []feeling.PersonState
	for phase := calibrate.Settling; phase != calibrate.Done; {
		select {
		case <-ctx.Done():
			stop()
			<-ended
			return fmt.Errorf("calibration broken off: nothing was written")
		case <-tick.C:
		}
		at := now()
		cells.Step(at)
		people = cells.People(people[:0])
		s.Add(at, people)
		if phase, _ = s.Phase(at); phase != told {
			told = phase
			fmt.Fprintf(p.stdout, "\n%s\n", phase.Instruction())
		}
		if at >= line && phase != calibrate.Done {
			line = at + c.Every
			fmt.Fprintln(p.stdout, s.Line(at))
		}
		if at > c.Patience && len(people) == 0 {
			stop()
			<-ended
			return fmt.Errorf("nobody's signals came in %v: does the sensor send to %s, and does its entry under signals.devices have a consent?", c.Patience, in.Addr())
		}
	}
	stop()
	if err := <-ended; err != nil {
		return err
	}
	fmt.Fprint(p.stdout, "\n", s.Report())
	if c.Out == "" {
		return nil
	}
	seats, empty := in.Seats(), 0
	for who, profile := range s.Profiles() {
		if len(profile.Figures) == 0 {
			empty++
			continue
		}
		profile.Seat = seats[who]
		if profile.Seat == "" {
			profile.Seat = who
		}
		name := filepath.Join(c.Out, profile.Seat+".profile.json")
		if err := profile.Write(name); err != nil {
			return err
		}
		fmt.Fprintln(p.stdout, name)
	}
	if empty > 0 {
		return fmt.Errorf("%d without enough good signal for a baseline: no profile was written for them; rest longer (--rest), or see to the sensor", empty)
	}
	return nil
}
