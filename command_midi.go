package main

import (
	"errors"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"noctiluca/assets/controllers"
	"noctiluca/devices/midi"
	"noctiluca/devices/showfile"
	"noctiluca/engine"
	"noctiluca/engine/show"
	"noctiluca/engine/signal"
	"noctiluca/installations/document"
)

// midiCommand is what there is for MIDI controllers without playing.
type midiCommand struct {
	List    midiListCommand    `cmd:"" help:"List the MIDI ports."`
	Monitor midiMonitorCommand `cmd:"" help:"Show every message that arrives."`
	Learn   midiLearnCommand   `cmd:"" help:"Tie the control that is moved next to a parameter, and keep it in the show."`
	Map     midiMapCommand     `cmd:"" help:"List what every control does, and every parameter's path."`
}

type midiListCommand struct{}

func (midiListCommand) Run(p *program) error { return midi.List(p.stdout, midi.Ports()) }

type midiMonitorCommand struct{}

func (midiMonitorCommand) Run(p *program) error {
	return midi.Monitor(p.ctx, p.stdout, midi.Ports())
}

type midiLearnCommand struct {
	Target       string        `arg:"" name:"TARGET" help:"A parameter's path, as /master/hue, or an action: go, back, hold, tap, undo, redo, record, keep, cue/N, snapshot/N, gesture/N."`
	Installation string        `arg:"" optional:"" name:"INSTALLATION" default:"forest" help:"${installation}."`
	Show         string        `type:"path" placeholder:"FILE" help:"The show's file (default: show.yaml beside the installation)."`
	Takeover     string        `default:"pickup" enum:"pickup,direct,scale" help:"How the control takes hold of a value that it does not stand at: pickup, direct or scale."`
	From         float32       `default:"0" help:"Where the control's low end lies on the parameter's way, 0…1."`
	To           float32       `default:"1" help:"Where its high end lies, 0…1."`
	Wait         time.Duration `default:"60s" help:"How long to wait for a movement."`
}

func (c *midiLearnCommand) Run(p *program) error {
	a := artwork{Installation: c.Installation, shows: shows{Show: c.Show, own: true}}
	s, opened, err := a.still(p)
	if err != nil {
		return err
	}
	m := show.Mapping{From: c.From, To: c.To, Takeover: show.Takeover(slices.Index(show.Takeovers, c.Takeover))}
	if len(c.Target) > 0 && c.Target[0] == '/' {
		m.Path = c.Target
		if m.Param, err = s.Find(c.Target); err != nil {
			return inputError{err}
		}
	} else {
		m.Do = c.Target
	}
	if err := show.CheckMapping(&m, s.Registry); err != nil {
		return inputError{err}
	}
	begin := time.Now()
	now := func() time.Duration { return time.Since(begin) }
	hub, err := midi.NewHub(midi.Options{Driver: midi.Ports(), Show: s, Now: now, Log: p.log})
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- hub.Run(p.ctx) }()
	if ins, err := midi.Ports().Ins(); err == nil && len(ins) == 0 {
		p.log(fmt.Sprintf("No MIDI port yet: plug the controller in, within %v.", c.Wait))
	}
	p.log("Move the control for " + c.Target + ".")
	done := hub.Learn(m)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-p.ctx.Done():
			return <-ended
		case <-tick.C:
			s.Step(now(), emptyRoom{})
			if now() > c.Wait {
				return errors.New("no control was moved: noctiluca midi list shows the ports, and midi monitor what arrives")
			}
		case got := <-done:
			var v show.View
			for range 3 {
				time.Sleep(5 * time.Millisecond)
				s.Step(now(), emptyRoom{})
			}
			s.Look(&v)
			if err := opened.File.Save(&v); err != nil {
				return err
			}
			_, err := fmt.Fprintf(p.stdout, "%s %s: %s, in %s\n", got.Device, got.Control, c.Target, opened.File.Path())
			return err
		}
	}
}

// emptyRoom is what a show senses with nobody there.
type emptyRoom struct{}

func (emptyRoom) Cell(int) signal.CellState { return signal.CellState{} }

type midiMapCommand struct {
	Installation string `arg:"" optional:"" name:"INSTALLATION" default:"forest" help:"${installation}."`
	Show         string `type:"path" placeholder:"FILE" help:"The show's file (default: show.yaml beside the installation)."`
	Device       string `placeholder:"NAME" help:"Only this controller's (default: all there are profiles for)."`
}

func (c *midiMapCommand) Run(p *program) error {
	a := artwork{Installation: c.Installation, shows: shows{Show: c.Show, own: true}}
	s, _, err := a.still(p)
	if err != nil {
		return err
	}
	var v show.View
	s.Look(&v)
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PARAMETER\tFROM\tTO\tDEFAULT\tNOW")
	for i := range s.Specs {
		spec := &s.Specs[i]
		if spec.Kind == show.Choice {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", spec.Path, spec.Choices[0], spec.Choices[len(spec.Choices)-1], spec.Text(spec.Default), spec.Text(v.To[i]))
			continue
		}
		unit := ""
		if spec.Unit != "" {
			unit = " " + spec.Unit
		}
		fmt.Fprintf(w, "%s\t%s\t%s%s\t%s\t%s\n", spec.Path, spec.Text(spec.Min), spec.Text(spec.Max), unit, spec.Text(spec.Default), spec.Text(v.To[i]))
	}
	var known []string
	found := false
	for _, profile := range controllers.All() {
		known = append(known, profile.Name)
		if c.Device != "" && controllers.Named(c.Device) != profile {
			continue
		}
		found = true
		fmt.Fprintf(w, "\n%s\n", profile.Name)
		for _, as := range midi.NewSurface(profile, "", s).Assignments(&v) {
			if as.Does != "" {
				fmt.Fprintf(w, "  %s\t%s\t%s\n", as.Control, as.Does, as.By)
			}
		}
	}
	if !found {
		return inputError{fmt.Errorf("--device %q: there is no profile of that name%s", c.Device, document.Expected(c.Device, known))}
	}
	return w.Flush()
}

// still makes the show of an installation that is not played.
func (a *artwork) still(p *program) (*show.Show, *showfile.Opened, error) {
	inst, err := a.read(p)
	if err != nil {
		return nil, nil, err
	}
	// With the parameters that fields declare and the file does not speak of.
	if inst, err = engine.Complete(inst); err != nil {
		return nil, nil, err
	}
	opened, err := a.open(inst, a.Installation)
	if err != nil {
		return nil, nil, err
	}
	s, err := show.New(inst, show.Options{Channels: opened.Setup.Channels, Document: opened.Document})
	return s, opened, err
}
