package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/control"
	"noctiluca/devices/link"
	"noctiluca/devices/midi"
	"noctiluca/devices/showfile"
	"noctiluca/engine/show"
	feeling "noctiluca/engine/signal"
	"noctiluca/installations"
)

// shows is the choice of a show for an installation.
type shows struct {
	Show    string `type:"path" placeholder:"FILE" help:"The show's file (default: show.yaml beside the installation)."`
	Recover bool   `help:"Play the show's autosave: what was never saved."`

	// own says that of a shipped installation the user's own show plays.
	own    bool
	opened *showfile.Opened
}

// open reads the show, once.
func (s *shows) open(inst *installations.Installation, named string) (*showfile.Opened, error) {
	if s.opened != nil {
		return s.opened, nil
	}
	shipped := slices.Contains(installations.ShippedNames(), named)
	var err error
	s.opened, err = showfile.Open(inst, showfile.Options{Path: s.Show, Shipped: shipped, Own: s.own, Recover: s.Recover})
	return s.opened, err
}

// hands is the choice of who may turn a show while it plays.
type hands struct {
	MIDI     bool   `default:"true" negatable:"" help:"Play with every MIDI controller that is plugged in."`
	Control  string `placeholder:"ADDRESS" help:"Where OSC control listens, host:port, or off (default: the show's)."`
	Query    string `placeholder:"ADDRESS" help:"Where OSCQuery is served over HTTP, host:port, or off (default: the show's)."`
	Timecode string `placeholder:"ADDRESS" help:"Where Art-Net timecode is listened for, host:port, or off (default: the show's)."`
	Link     *bool  `negatable:"" help:"Follow the tempo and the beat of an Ableton Link session on the local network (default: as the show says)."`
}

// handling is all that turns and keeps a playing show.
type handling struct {
	show   *show.Show
	opened *showfile.Opened
	hub    *midi.Hub
	server *control.Server
	code   string
	port   *artnet.SharedPort // that code may share with others; nil for none
	link   bool
	now    func() time.Duration
	log    func(string)
}

// first is what was given, or else what the file says.
func first(given, file string) string {
	if given != "" {
		return given
	}
	return file
}

// take connects the hands. Nothing acts before run.
func (h *hands) take(p *program, inst *installations.Installation, opened *showfile.Opened, s *show.Show, people *feeling.Cells, now func() time.Duration) (*handling, error) {
	out := &handling{show: s, opened: opened, now: now, log: p.log}
	for _, n := range opened.Notes {
		p.log(n)
	}
	c := opened.Setup.Control
	var err error
	if h.MIDI {
		if out.hub, err = midi.NewHub(midi.Options{Driver: midi.Ports(), Show: s, Now: now, Log: p.log}); err != nil {
			return nil, err
		}
	}
	name := inst.Title
	if name == "" {
		name = inst.Name
	}
	o := control.Options{Show: s, Now: now, OSC: first(h.Control, c.OSC), Query: first(h.Query, c.Query), Allow: c.Allow, Announce: c.MDNS, Name: name, Save: out.save, Log: p.log}
	if people != nil {
		o.Rules = people
	}
	if out.server, err = control.Open(o); err != nil {
		return nil, unheard(err, "--control and --query give other addresses, or off.")
	}
	out.code, out.link = first(h.Timecode, c.Timecode), c.Link
	if h.Link != nil {
		out.link = *h.Link
	}
	return out, nil
}

// save keeps the show as it is now.
func (h *handling) save() error {
	var v show.View
	h.show.Look(&v)
	if err := h.opened.File.Save(&v); err != nil {
		return err
	}
	h.log("saved " + h.opened.File.Path())
	return nil
}

// learn ties the MIDI control that is moved next to a parameter. The newest
// wish counts.
func (h *handling) learn(path string) {
	if h.hub == nil {
		h.log("MIDI is off: play without --no-midi")
		return
	}
	done := h.hub.Learn(show.Mapping{Path: path})
	go func() {
		if m, ok := <-done; ok {
			h.log(fmt.Sprintf("MIDI: %s %s turns %s; undo takes it back", m.Device, m.Control, path))
		}
	}()
}

// run lets the hands act until ctx is done.
func (h *handling) run(ctx context.Context) {
	var ends sync.WaitGroup
	defer ends.Wait()
	if h.hub != nil {
		defer h.hub.Cancel()
		ends.Go(func() { h.hub.Run(ctx) })
	}
	ends.Go(func() { h.server.Run(ctx) })
	if h.code != "" && h.code != "off" {
		ends.Go(func() {
			if err := control.Timecode(ctx, h.code, h.opened.Setup.Control.Allow, h.show, h.now, h.port); err != nil {
				h.log(err.Error())
			}
		})
	}
	if h.link {
		ends.Go(func() {
			if err := link.Follow(ctx, link.Options{Show: h.show, Now: h.now, Log: h.log}); err != nil {
				h.log(err.Error())
			}
		})
	}
	ends.Go(func() { h.opened.File.Run(ctx, h.show, showfile.DefaultEvery, h.log) })
}
