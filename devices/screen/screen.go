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
	"time"

	"noctiluca/engine"
	"noctiluca/engine/safety"
	"noctiluca/engine/signal"
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
	// At is the time the picture stands for; water and stars move by it.
	// Only with Screenshot.
	At time.Duration
	// Overlay writes what people feel and the machine does over the picture;
	// in the window, a key turns it on and off.
	Overlay bool
	// Context closes the window when it ends; nil for never.
	Context context.Context
}

// Status is what the overlay shows.
type Status struct {
	Scene   string
	People  []signal.PersonState
	Cells   []signal.CellState // in the order of the installation's cells
	Whole   signal.CellState
	Outputs []Output
	// FPS is how many frames the engine made in the last second; FrameTime
	// and FrameTimeWorst are the median and the 99th percentile of the time
	// it took for one. 0 when not known yet.
	FPS                       float64
	FrameTime, FrameTimeWorst time.Duration
	Watts                     float64
	Limited                   bool   // a supply's limit dims the light
	Error                     string // the last error of anything, empty for none
}

// Output is the health of one output, in a line.
type Output struct {
	Name string
	Line string // e.g. "60 fps  4.1 MB"
	Bad  bool   // it does not send as it should
}

// withDefaults checks c and fills in what it leaves open.
func (c Config) withDefaults() (Config, error) {
	switch {
	case c.Installation == nil:
		return c, errors.New("screen: Config.Installation is nil: the window needs an installation to show")
	case c.Source == nil:
		return c, errors.New("screen: Config.Source is nil: the window needs a source of frames")
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
