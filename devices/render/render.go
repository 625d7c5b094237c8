// Package render plays an installation offline, as fast as it goes: every
// frame of the grid, none late, into a file and a hash.
//
// The hash is SHA-256 over the bytes of all outputs of all frames, output
// after output, frame after frame: two machines that print the same hash send
// the same light.
package render

import (
	"bufio"
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"path/filepath"
	"strings"
	"time"

	"noctiluca/devices/wholefile"
	"noctiluca/engine"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// Config is what to render.
type Config struct {
	Installation *installations.Installation
	Engine       *engine.Engine
	Seconds      float64
	// Out is the file: .png gives a picture with time across and the pixels
	// down; .fseq a recording that Falcon Player, xLights and `noctiluca play`
	// take; anything else the frames' bytes one after another, with no
	// header. Empty gives none.
	Out string
	// Step is the time from frame to frame of an .fseq file, in whole ms as
	// the format has it: 1…255. 0 takes the installation's rate where that is
	// a whole number of ms, and else 25 ms, which players are used to.
	Step int
	// Replay is what was done to the show in a run that is rendered again; nil
	// for nothing. Such a run begins with a tick at 0, as a live one does.
	Replay   *Replay
	Producer string    // of an .fseq file: the program's name and version
	Progress io.Writer // a line that is rewritten; nil for none
}

// Result is what was rendered.
type Result struct {
	Frames    int
	FrameSize int // bytes
	Hash      [sha256.Size]byte
	Took      time.Duration
	Mean      float64 // mean linear light over pixels, components and frames
	MaxWatts  float64
	Limited   int // frames that a supply's limit dimmed
}

// Run renders; ctx ends it early, with an error. On an error what was written
// so far is removed, as half a file must not be taken for a whole one, and
// what stood at that name before stays.
func Run(ctx context.Context, c Config) (Result, error) {
	rate := c.Installation.Rate
	recording := strings.EqualFold(filepath.Ext(c.Out), ".fseq")
	if recording {
		if c.Step == 0 {
			c.Step = Step(rate)
		}
		if c.Step < 1 || c.Step > 255 {
			return Result{}, fmt.Errorf("a step of %d ms: an FSEQ file has 1…255", c.Step)
		}
		rate = 1000 / float64(c.Step)
	}
	frames := int(math.Round(c.Seconds * rate))
	if frames < 1 {
		return Result{}, fmt.Errorf("%v seconds at %v frames a second is no frame", c.Seconds, rate)
	}
	var to sink = nothing{}
	var err error
	switch {
	case recording:
		to, err = newShow(c, frames)
	case c.Out != "":
		to, err = open(c.Out, frames, c.Installation.Pixels.Count())
	}
	if err != nil {
		return Result{}, err
	}
	r := Result{Frames: frames}
	if first := time.Duration(float64(time.Second) / c.Installation.Rate); recording && float64(c.Step) > 1000/c.Installation.Rate {
		// The simulation begins with its first tick, at whatever step it is seen.
		c.Engine.Step(first).Release()
	}
	step := func(now time.Duration) (*safety.Frame, error) { return c.Engine.Step(now), nil }
	if c.Replay != nil {
		again := &replaying{Replay: *c.Replay, engine: c.Engine, half: time.Duration(float64(time.Second) / c.Installation.Rate / 2)}
		step = again.step
		defer again.forget()
		f, err := step(0)
		if err != nil {
			to.abandon()
			return r, err
		}
		f.Release()
	}
	sum, started, shown := sha256.New(), time.Now(), time.Now()
	for i := range frames {
		if ctx.Err() != nil {
			to.abandon()
			return r, fmt.Errorf("stopped after %d of %d frames; nothing was written", i, frames)
		}
		f, err := step(time.Duration(float64(i+1) / rate * float64(time.Second)))
		if err != nil {
			to.abandon()
			return r, err
		}
		r.add(f, sum)
		err = to.frame(f)
		f.Release()
		if err != nil {
			to.abandon()
			return r, err
		}
		if c.Progress != nil && time.Since(shown) > 200*time.Millisecond {
			shown = time.Now()
			speed := float64(i+1) / rate / shown.Sub(started).Seconds()
			fmt.Fprintf(c.Progress, "\r%d of %d frames, %.1f times real time ", i+1, frames, speed)
		}
	}
	if c.Progress != nil {
		fmt.Fprint(c.Progress, "\r\x1b[K")
	}
	sum.Sum(r.Hash[:0])
	r.Mean /= float64(frames)
	r.Took = time.Since(started)
	return r, to.close()
}

// String is the result as the command line prints it.
func (r Result) String() string {
	return fmt.Sprintf("%d frames of %d bytes in %.2f s, %.0f frames a second\nmean light %.2f %%, at most %.0f W, %d frames dimmed to a supply's limit\nSHA-256 %x\n",
		r.Frames, r.FrameSize, r.Took.Seconds(), float64(r.Frames)/r.Took.Seconds(), 100*r.Mean, r.MaxWatts, r.Limited, r.Hash)
}

func (r *Result) add(f *safety.Frame, sum hash.Hash) {
	r.FrameSize = 0
	for i := range f.Outputs() {
		sum.Write(f.Output(i))
		r.FrameSize += len(f.Output(i))
	}
	red, green, blue := f.RGB()
	light := 0.0
	for i := range red {
		light += float64(red[i]) + float64(green[i]) + float64(blue[i])
	}
	r.Mean += light / float64(max(3*len(red), 1))
	r.MaxWatts = max(r.MaxWatts, f.Watts())
	if f.Limited() {
		r.Limited++
	}
}

// sink is a file in the making.
type sink interface {
	frame(*safety.Frame) error
	close() error
	abandon()
}

type nothing struct{}

func (nothing) frame(*safety.Frame) error { return nil }
func (nothing) close() error              { return nil }
func (nothing) abandon()                  {}

func open(name string, frames, pixels int) (sink, error) {
	f, err := wholefile.Create(name)
	if err != nil {
		return nil, err
	}
	if strings.EqualFold(filepath.Ext(name), ".png") {
		return newStrip(f, frames, pixels), nil
	}
	return &raw{file: f, w: bufio.NewWriterSize(f, 1<<20)}, nil
}

// raw is the frames' bytes and nothing else.
type raw struct {
	file *wholefile.File
	w    *bufio.Writer
}

func (r *raw) frame(f *safety.Frame) error {
	for i := range f.Outputs() {
		if _, err := r.w.Write(f.Output(i)); err != nil {
			return err
		}
	}
	return nil
}

func (r *raw) close() error {
	if err := r.w.Flush(); err != nil {
		r.abandon()
		return err
	}
	return r.file.Commit()
}

func (r *raw) abandon() { r.file.Abandon() }

// strip is a picture of the whole: a column for one or more frames, a row for
// one or more pixels, each the mean of what falls in it, as a screen shows it.
type strip struct {
	file          *wholefile.File
	frames        int
	rows, columns int
	sum           []float32 // 3 a cell
	count         []int32
	at            int
}

const (
	stripRows    = 1024
	stripColumns = 1920
)

func newStrip(f *wholefile.File, frames, pixels int) *strip {
	s := &strip{file: f, frames: frames, rows: min(pixels, stripRows), columns: min(frames, stripColumns)}
	s.sum = make([]float32, 3*s.rows*s.columns)
	s.count = make([]int32, s.rows*s.columns)
	return s
}

func (s *strip) frame(f *safety.Frame) error {
	x := s.at * s.columns / s.frames
	s.at++
	r, g, b := f.RGB()
	for p := range r {
		cell := (p*s.rows/len(r))*s.columns + x
		s.sum[3*cell] += r[p]
		s.sum[3*cell+1] += g[p]
		s.sum[3*cell+2] += b[p]
		s.count[cell]++
	}
	return nil
}

func (s *strip) close() error {
	img := image.NewNRGBA(image.Rect(0, 0, s.columns, s.rows))
	for i, n := range s.count {
		k := 1 / float64(max(n, 1))
		img.SetNRGBA(i%s.columns, i/s.columns, color.NRGBA{
			shown(k * float64(s.sum[3*i])), shown(k * float64(s.sum[3*i+1])), shown(k * float64(s.sum[3*i+2])), 255})
	}
	if err := png.Encode(s.file, img); err != nil {
		s.abandon()
		return err
	}
	return s.file.Commit()
}

func (s *strip) abandon() { s.file.Abandon() }

// shown is linear light as sRGB (IEC 61966-2-1).
func shown(v float64) uint8 {
	v = min(max(v, 0), 1)
	if v <= 0.0031308 {
		return uint8(255*12.92*v + 0.5)
	}
	return uint8(255*(1.055*math.Pow(v, 1/2.4)-0.055) + 0.5)
}
