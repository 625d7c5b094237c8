package main

import (
	"fmt"
	"path"
	"path/filepath"

	"noctiluca/devices/eventlog"
	"noctiluca/devices/reload"
	"noctiluca/devices/showfile"
	"noctiluca/engine"
	"noctiluca/engine/show"
	"noctiluca/installations"
)

// recorder is who is told of every event of the show; nil is nobody.
func (a *artwork) recorder() func(show.Applied) {
	if a.events == nil {
		return nil
	}
	return a.events.Record
}

// saver is who is told of every field that is saved while it plays; nil is
// nobody.
func (a *artwork) saver() func(*engine.Saved) {
	if a.events == nil {
		return nil
	}
	return a.events.Saved
}

// begin gives the channels and the state in which the show begins, and writes
// down what else the run begins with, where that is logged.
func (a *artwork) begin(inst *installations.Installation, opened *showfile.Opened) (channels int, d *show.Document, err error) {
	channels, d = opened.Setup.Channels, opened.Document
	if a.begins != nil {
		s := &a.begins.Start
		if s.Rate != inst.Rate {
			return 0, nil, inputError{fmt.Errorf("%s: %v frames a second were played, and the installation has %v", a.begins.Name, s.Rate, inst.Rate)}
		}
		if d, err = a.begins.Document(show.NewRegistry(inst, s.Channels)); err != nil {
			return 0, nil, inputError{err}
		}
		return s.Channels, d, nil
	}
	if a.events == nil {
		return channels, d, nil
	}
	seed := inst.Seed
	if a.Seed != nil {
		seed = *a.Seed
	}
	return channels, d, a.events.Begin(eventlog.Start{
		Installation: a.Installation, Rate: inst.Rate, Seed: seed, Scene: a.Scene,
		Crowd: a.Crowd, Mood: a.CrowdMood, Gain: a.CrowdGain, Delay: a.CrowdDelay, Channels: channels,
		Fields: reload.Sources(inst), Folder: path.Dir(filepath.ToSlash(inst.File)),
	}, d, show.NewRegistry(inst, channels))
}

// logged reads the log that is to be rendered again, and takes from it what the
// run began with; nil when there is none.
func (c *renderCommand) logged() (*eventlog.Log, error) {
	if c.Events == "" {
		if c.Seconds < 0 { // not told
			c.Seconds = 10
		}
		return nil, nil
	}
	l, err := eventlog.Read(c.Events)
	if err != nil {
		return nil, inputError{err}
	}
	s := &l.Start
	// The shipped forest is what is rendered where nothing is named.
	if c.Installation == "forest" {
		c.Installation = s.Installation
	}
	c.Seed, c.Scene = &s.Seed, s.Scene
	c.Crowd, c.CrowdMood, c.CrowdGain, c.CrowdDelay = s.Crowd, s.Mood, s.Gain, s.Delay
	c.begins = l
	if c.Seconds < 0 {
		c.Seconds = l.End().Seconds() + 1
	}
	return l, nil
}
