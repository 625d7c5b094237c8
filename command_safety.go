package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"noctiluca/devices/recording"
	"noctiluca/devices/riskreport"
	"noctiluca/devices/wholefile"
	"noctiluca/engine/crew"
	"noctiluca/engine/safety"
	"noctiluca/engine/safety/flicker"
	"noctiluca/installations"
)

type safetyCommand struct {
	Report safetyReportCommand `cmd:"" help:"Write a report for a venue's risk assessment, as HTML and PDF: limits, plots of luminance, flashes and power, what was limited where, what was assumed."`
}

type safetyReportCommand struct {
	Installation string        `arg:"" name:"INSTALLATION" help:"A shipped artwork (${shipped}) or a path."`
	Show         string        `arg:"" optional:"" type:"existingfile" placeholder:"SHOW.fseq" help:"A recorded show (default: the installation's own light, rendered)."`
	Out          string        `placeholder:"NAME" help:"Writes NAME.html and NAME.pdf (default: the installation's name with -safety)."`
	For          time.Duration `default:"2m" help:"How much of the show, e.g. 90s or 1h; of a recording, at most all of it."`
	Crowd        int           `default:"7" help:"Simulated people who consent, for a render."`
	Scene        string        `placeholder:"NAME" help:"Scene to render (default: the first)."`
	When         string        `placeholder:"TIME" help:"When it begins, for curfews, as 2026-06-21T22:00 at the place of the installation (default: by day, without curfews)."`
	Workers      int           `default:"0" help:"Goroutines that compute (default: one a core)."`
}

func (c *safetyReportCommand) Run(p *program) error {
	a := artwork{Installation: c.Installation, Scene: c.Scene, Crowd: c.Crowd, Workers: c.Workers}
	inst, err := a.read(p)
	if err != nil {
		return err
	}
	if c.For < time.Second || c.For > 24*time.Hour {
		return inputError{fmt.Errorf("--for %v: expected 1s…24h", c.For)}
	}
	source, stage, show, end, err := c.source(p, &a, inst)
	if err != nil {
		return err
	}
	defer end()
	if c.When != "" {
		zone := time.Local
		if inst.Safety.Where != nil {
			zone = inst.Safety.Where.Zone
		}
		at, err := time.ParseInLocation("2006-01-02T15:04", c.When, zone)
		if err != nil {
			return inputError{fmt.Errorf("--when %q: expected a time as 2026-06-21T22:00", c.When)}
		}
		stage.Clock(0, at)
		show += ", from " + at.Format("2006-01-02 15:04 MST") + " on"
	}
	r := riskreport.New(inst, stage, show, version)
	progress, shown := terminal(p.stderr), time.Now()
	for i := range int(c.For.Seconds() * inst.Rate) {
		if p.ctx.Err() != nil {
			return fmt.Errorf("stopped: no report was written")
		}
		f := source.Step(time.Duration(float64(i+1) / inst.Rate * float64(time.Second)))
		r.Add(f)
		f.Release()
		if e, ok := source.(interface{ Ended() bool }); ok && e.Ended() {
			break
		}
		if progress != nil && time.Since(shown) > 200*time.Millisecond {
			shown = time.Now()
			fmt.Fprintf(progress, "\r%.0f of %.0f s ", float64(i)/inst.Rate, c.For.Seconds())
		}
	}
	if progress != nil {
		fmt.Fprint(progress, "\r\x1b[K")
	}
	r.Finish()
	name := c.Out
	if name == "" {
		name = inst.Name + "-safety"
	}
	for _, w := range []struct {
		name string
		to   func(io.Writer) error
	}{{name + ".html", r.WriteHTML}, {name + ".pdf", r.WritePDF}} {
		if err := wholefile.Write(w.name, w.to); err != nil {
			return err
		}
		fmt.Fprintln(p.stdout, w.name)
	}
	for _, row := range r.Outcome {
		fmt.Fprintf(p.stdout, "%s: %s\n", row.What, row.Value)
	}
	return nil
}

// stepper is what gives frames: an engine or a recording.
type stepper interface {
	Step(now time.Duration) *safety.Frame
}

// source opens what is to be judged; end closes it.
func (c *safetyReportCommand) source(p *program, a *artwork, inst *installations.Installation) (s stepper, stage *safety.Stage, show string, end func(), err error) {
	if c.Show == "" {
		e, err := a.engine(inst, 1)
		if err != nil {
			return nil, nil, "", nil, err
		}
		scene := c.Scene
		if scene == "" {
			scene = inst.Scenes[0].Name
		}
		return e, e.Stage(), fmt.Sprintf("a render of scene %s with %d simulated people", scene, c.Crowd), e.Close, nil
	}
	layout, err := recording.NewLayout(inst, recording.LayoutOptions{})
	if err != nil {
		return nil, nil, "", nil, inputError{err}
	}
	if layout.Channels() == 0 {
		return nil, nil, "", nil, inputError{fmt.Errorf("%s has no outputs: there is nothing that the channels of a recording could light", inst.File)}
	}
	item, err := recording.OpenItem(c.Show)
	if err != nil {
		return nil, nil, "", nil, inputError{err}
	}
	workers := crew.New(max(c.Workers, min(runtime.NumCPU(), 8)))
	if stage, err = safety.NewStage(inst, 1, workers); err != nil {
		workers.Close()
		return nil, nil, "", nil, err
	}
	source, err := recording.NewSource(recording.Config{Installation: inst, Stage: stage, Layout: layout, Items: []recording.Item{item}, Log: p.log, Wait: true})
	if err != nil {
		workers.Close()
		return nil, nil, "", nil, inputError{err}
	}
	return source, stage, "the recording " + c.Show, func() { source.Close(); workers.Close() }, nil
}

// flickers are the warnings about drivers that switch too slowly.
func flickers(inst *installations.Installation) []string {
	var types []string
	var hz []float64
	for i := range inst.Fixtures {
		if l := &inst.Fixtures[i].LED; l.PWM > 0 && !slices.Contains(types, l.Type) {
			types, hz = append(types, l.Type), append(hz, l.PWM)
		}
	}
	out := flicker.Warnings(types, hz)
	for i := range out {
		out[i] = inst.File + ": warning: " + out[i]
	}
	return out
}
