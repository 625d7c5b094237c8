package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"noctiluca/devices/fseq"
	"noctiluca/devices/output"
	"noctiluca/devices/player"
	"noctiluca/devices/recording"
	"noctiluca/devices/render"
	"noctiluca/installations"
)

type recordCommand struct {
	artwork
	wires
	Out     string        `required:"" placeholder:"FILE.fseq" help:"The recording."`
	For     time.Duration `help:"Record that long, e.g. 90s or 2h (default: until interrupted)."`
	Step    int           `placeholder:"MS" help:"From frame to frame, whole ms: 1…255 (default: the installation's rate where that is whole, else 25)."`
	Media   string        `placeholder:"NAME" help:"Name of the audio file that belongs to it, written into the file."`
	Replace bool          `help:"Write over a file of that name."`
}

func (c *recordCommand) Run(p *program) error {
	if !strings.EqualFold(filepath.Ext(c.Out), ".fseq") {
		return inputError{fmt.Errorf("--out %s: a recording is an .fseq file", c.Out)}
	}
	if c.Step < 0 || c.Step > 255 {
		return inputError{fmt.Errorf("--step %d: expected 1…255 ms", c.Step)}
	}
	var rec *recording.Recorder
	var runner *output.Runner
	c.also = func(inst *installations.Installation) (*output.Runner, error) {
		l, err := recording.NewLayout(inst, recording.LayoutOptions{})
		if err != nil {
			return nil, err
		}
		if c.Step == 0 {
			c.Step = render.Step(inst.Rate)
		}
		if rec, err = recording.NewRecorder(c.Out, c.Replace, l, recording.RecordOptions{
			Step: c.Step, Compression: fseq.Zstd, Media: c.Media, Producer: "Noctiluca " + version, ID: uint64(time.Now().UnixMicro()),
		}); err != nil {
			return nil, inputError{err}
		}
		runner = output.Start("recording", rec, output.Options{})
		return runner, nil
	}
	l, err := c.connect(p, &c.artwork, player.Config{For: c.For, Status: p.stdout})
	if err != nil {
		if runner != nil {
			_ = runner.Stop(time.Second)
		}
		return err
	}
	if err := l.play(p.ctx); err != nil {
		return err
	}
	if err := runner.Stop(10 * time.Second); err != nil {
		return err
	}
	frames, length := rec.Written()
	fmt.Fprintf(p.stdout, "%s: %d frames of %d ms, %v\n", c.Out, frames, c.Step, length)
	if s := runner.Stats(); s.Errors > 0 {
		return fmt.Errorf("%s: %s", c.Out, s.LastError)
	}
	return nil
}
