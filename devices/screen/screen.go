// Package screen is the window: it shows an installation in three dimensions
// as it would look at night, lit by the same frames that its LEDs get, with
// the fields as a faint mist, and beside it what the people in it feel.
//
// It is for artists who try scenes without the artwork and for whoever
// watches over one. It plays nothing itself and changes nothing: it reads
// frames and states from a Source, whenever the display wants a picture.
//
// The one idea it owns: light never clips. Every colour is kept as film
// keeps it, v = sqrt(1 - exp(-L)) for linear light L, and 1-v² of things that
// add up multiplies; so 8-bit targets can gather any number of lights softly.
// What falls on wood and ground is computed on the CPU by package dusk in
// floating point, and what needs depth is drawn far to near.
//
// This is the only package that knows Ebitengine, and only in files without
// the build tag venue; with the tag it has the same API and no window.
package screen

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"noctiluca/devices/screen/desk"
	"noctiluca/devices/screen/editor"
	"noctiluca/engine"
	"noctiluca/engine/safety"
	"noctiluca/engine/show"
	"noctiluca/installations"
)

// Source is what the window reads. Its methods are called from the window's
// goroutine, once a picture each.
type Source interface {
	// Frame is the newest frame, retained for the caller, who Releases it;
	// nil before there is one.
	Frame() *safety.Frame
	// Words gives the uniforms of a field now, laid out as the layer's
	// Uniforms say; layer is an index into Config.Layers. The window only
	// reads it, before the next call. It may be nil: the mist of that layer is
	// then off.
	Words(layer int) []uint32
	// Status fills s for the overlay, reusing its slices.
	Status(s *Status)
}

// Views are the names of the views, in the order in which a key goes through
// them: the installation as it stands, every pixel in the order of the wire,
// one fixture.
var Views = []string{"stage", "map", "fixture"}

// Editor is a Source whose fields may be saved while they play.
type Editor interface {
	// Reloaded are Config.Layers anew, as many and in the same order, when the
	// field of one changed since it was last asked; else nil.
	Reloaded() []engine.Layer
}

// Config is what to show.
type Config struct {
	Installation *installations.Installation
	Layers       []engine.Layer // of the playing scene, for the mist
	Source       Source
	Title        string // of the window; the installation's title when empty
	// Width and Height are of the window, in the display's own units, or of
	// the screenshot, in pixels. 0 is 1280 × 720.
	Width, Height int
	// Screenshot is a PNG file: one picture of what Source gives is drawn and
	// written to it, of exactly Width × Height whatever the display, and Run
	// returns.
	Screenshot string
	// At is the time the picture stands for, or with which a film begins;
	// water and stars move by it. Only with Screenshot or Film.
	At time.Duration
	// Film is a file of pictures that follow one another, FPS a second, as
	// package film has it: each is drawn at its best, however long that takes,
	// and Run returns when Next says that there is no other.
	Film string
	FPS  float64
	// Next brings Source to the instant of the next picture.
	Next func() bool
	// Progress is told after each picture of a film; nil for nobody.
	Progress func(pictures int)
	// Turn lets the camera of a film go round by so many radians a second.
	Turn float64
	// Show is what the interface plays; nil shows no mixer, parameters or cues.
	Show *show.Show
	// View is what is shown at first: stage, map or fixture; empty is stage.
	View string
	// Pick is the pixel that is told of at first, counted from 1; 0 is none.
	Pick int
	// Overlay draws the interface over the picture; in the window, a key hides
	// it and brings it back.
	Overlay bool
	// Fields are the sources of Layers' fields, to be read and edited beside
	// the stage. A field that another program changed is given again by
	// Reread, which is asked every second; either may be nil.
	Fields []editor.Source
	Reread func(field int) (text string, err error)
	// Save keeps the show; nil where there is nothing to save to.
	Save func() error
	// Learn ties the MIDI control that is moved next to the parameter of a
	// path. May be nil.
	Learn func(path string)
	// Surfaces appends how the controllers stand, and gives where OSC is
	// listened for; it is asked a few times a second while that is shown. May
	// be nil.
	Surfaces func(dst []Surface) (plugged []Surface, remote []string)
	// Revoke takes a person's consent back for them, with the next frame. May
	// be nil.
	Revoke func(person string)
	// Identify lets pixels first…first+count show themselves on the real
	// hardware, until it is called with a count of 0. May be nil.
	Identify func(first, count int)
	// Context closes the window when it ends; nil for never.
	Context context.Context
}

// Status and Output are what the interface tells beside the show.
type (
	Status  = desk.Status
	Output  = desk.Output
	Surface = desk.Surface
	Control = desk.Control
)

// withDefaults checks c and fills in what it leaves open.
func (c Config) withDefaults() (Config, error) {
	switch {
	case c.Installation == nil:
		return c, errors.New("screen: Config.Installation is nil: the window needs an installation to show")
	case c.Source == nil:
		return c, errors.New("screen: Config.Source is nil: the window needs a source of frames")
	case c.View != "" && !slices.Contains(Views, c.View):
		return c, fmt.Errorf("screen: view %q: expected one of %s", c.View, strings.Join(Views, ", "))
	case c.Pick < 0 || c.Pick > c.Installation.Pixels.Count():
		return c, fmt.Errorf("screen: pixel %d: there are %d", c.Pick, c.Installation.Pixels.Count())
	case c.Film != "" && c.Next == nil:
		return c, errors.New("screen: Config.Next is nil: a film needs to know what comes next")
	case c.Width < 0 || c.Height < 0 || c.Width > 16384 || c.Height > 16384:
		return c, fmt.Errorf("screen: size %d×%d: expected 1…16384 each way, or 0 for 1280×720", c.Width, c.Height)
	}
	if c.Width == 0 || c.Height == 0 {
		c.Width, c.Height = 1280, 720
	}
	if c.Title == "" {
		c.Title = c.Installation.Title
	}
	if c.Context == nil {
		c.Context = context.Background()
	}
	return c, nil
}
