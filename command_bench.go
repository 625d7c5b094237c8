package main

import (
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"time"

	"noctiluca/engine/crew"
	"noctiluca/installations"
	"noctiluca/shaders"
	"noctiluca/shaders/kage"
	"noctiluca/shaders/kage/block"
)

// benchCommand is what this machine can do.
type benchCommand struct {
	Pixels  benchPixelsCommand  `cmd:"" help:"How many pixels of a field this machine plays."`
	Latency benchLatencyCommand `cmd:"" help:"From a MIDI message to the first changed byte on a socket."`
}

// benchPixelsCommand plays a layer of an installation on as many pixels as
// asked for: its own, standing side by side as often as it takes.
type benchPixelsCommand struct {
	Installation string  `arg:"" optional:"" name:"INSTALLATION" default:"forest" help:"${installation}."`
	Layer        string  `default:"canopy" help:"Which layer's field (any that the installation has)."`
	Pixels       int     `default:"1000000" help:"How many pixels."`
	Rate         float64 `default:"60" help:"Frames a second."`
	Workers      int     `default:"2" help:"Goroutines that compute, a core each."`
	Seconds      float64 `default:"5" help:"How long to play."`
	People       int     `default:"3" help:"Cells with people in them, 0…8."`
	CPU          string  `env:"NOCTILUCA_CPU" placeholder:"SET" help:"Kernel set: avx512, avx2, neon or go (default: the best here)."`
}

func (c *benchPixelsCommand) Run(p *program) error {
	switch {
	case c.Pixels < 1 || c.Pixels > 1<<26:
		return inputError{fmt.Errorf("--pixels %d: expected 1…%d", c.Pixels, 1<<26)}
	case !(c.Rate >= 1 && c.Rate <= 1000):
		return inputError{fmt.Errorf("--rate %g: expected 1…1000 frames a second", c.Rate)}
	case c.Workers < 1 || c.Workers > 1024:
		return inputError{fmt.Errorf("--workers %d: expected 1…1024", c.Workers)}
	case !(c.Seconds > 0 && c.Seconds <= 3600):
		return inputError{fmt.Errorf("--seconds %g: expected up to 3600", c.Seconds)}
	case c.People < 0 || c.People > 8:
		return inputError{fmt.Errorf("--people %d: expected 0…8", c.People)}
	}
	kernels := block.Best()
	if c.CPU != "" {
		k, err := block.ByName(c.CPU)
		if err != nil {
			return inputError{err}
		}
		kernels = k
	}
	inst, problems := installations.OpenNamed(c.Installation, shaders.FS)
	if inst == nil {
		return problems
	}
	layer, err := findLayer(inst, c.Layer)
	if err != nil {
		return err
	}
	field, err := kage.Compile(layer.FieldFile, layer.FieldText)
	if err != nil {
		return err
	}
	b := newPixelBench(c, inst, layer, field, kernels)
	defer b.crew.Close()
	return b.play(p)
}

// findLayer is the layer of that name in the first scene that has it.
func findLayer(inst *installations.Installation, name string) (*installations.Layer, error) {
	var names []string
	for i := range inst.Scenes {
		for k := range inst.Scenes[i].Layers {
			l := &inst.Scenes[i].Layers[k]
			if l.Name == name {
				return l, nil
			}
			if !slices.Contains(names, l.Name) {
				names = append(names, l.Name)
			}
		}
	}
	return nil, inputError{fmt.Errorf("--layer %s: %s has %v", name, inst.Name, names)}
}

// pixelBench is a field on many pixels.
type pixelBench struct {
	c       *benchPixelsCommand
	name    string
	field   *kage.Field
	kernels *block.Kernels
	points  kage.Points
	light   kage.Light
	crew    *crew.Crew
	states  []*kage.State
	do      func(worker, task int)
}

// task is how many pixels a worker takes at once: as in the engine.
const task = 4 * block.Size

func newPixelBench(c *benchPixelsCommand, inst *installations.Installation, l *installations.Layer, f *kage.Field, k *block.Kernels) *pixelBench {
	b := &pixelBench{c: c, name: inst.Name + "'s " + l.Name, field: f, kernels: k, crew: crew.New(c.Workers)}
	var own []int
	for _, span := range inst.Spans(l.Group) {
		for i := range span.Count {
			own = append(own, span.First+i)
		}
	}
	slice := func() []float32 { return make([]float32, c.Pixels) }
	b.points = kage.Points{X: slice(), Y: slice(), Z: slice()}
	b.light = kage.Light{R: slice(), G: slice(), B: slice(), A: slice()}
	for i := range b.points.Pixel {
		b.points.Pixel[i] = slice()
	}
	if f.ReadsLife() {
		b.points.Life[0] = slice()
	}
	for i := range c.Pixels {
		p, copy := own[i%len(own)], i/len(own)
		// Each copy is a step aside, so that no two pixels have the same light.
		b.points.X[i] = inst.Pixels.X[p] + 0.37*float32(copy%7)
		b.points.Y[i] = inst.Pixels.Y[p]
		b.points.Z[i] = inst.Pixels.Z[p] + 0.29*float32(copy/7)
		b.points.Pixel[0][i], b.points.Pixel[1][i] = inst.Pixels.Along[p], inst.Pixels.Random[p]
		b.points.Pixel[2][i] = float32(inst.Pixels.Fixture[p])
	}
	for range b.crew.Workers() {
		b.states = append(b.states, f.NewState(k))
	}
	b.do = func(worker, n int) {
		from := n * task
		to := min(from+task, c.Pixels)
		in := b.points
		in.X, in.Y, in.Z = in.X[from:to], in.Y[from:to], in.Z[from:to]
		for i := range in.Pixel {
			in.Pixel[i] = in.Pixel[i][from:to]
		}
		if in.Life[0] != nil {
			in.Life[0] = in.Life[0][from:to]
		}
		out := b.light
		b.states[worker].Light(in, kage.Light{R: out.R[from:to], G: out.G[from:to], B: out.B[from:to], A: out.A[from:to]})
	}
	return b
}

// begin sets the inputs of a frame: people in the clearing, phases that go on.
func (b *pixelBench) begin(now float64) {
	for _, s := range b.states {
		words := s.Words()
		set := func(at int, v ...float64) {
			for i, x := range v {
				words[at+i] = math.Float32bits(float32(x))
			}
		}
		for _, u := range b.field.Uniforms() {
			switch u.Name {
			case "Time":
				set(u.Offset, now)
			case "CellCount":
				words[u.Offset] = uint32(b.c.People)
			case "CellPlace", "CellAffect", "CellPulse", "CellCrowd":
				for i := range b.c.People {
					v := [4]float64{3 * math.Cos(float64(i)), 1, 3 * math.Sin(float64(i)), 1.5}
					switch u.Name {
					case "CellAffect":
						v = [4]float64{0.3, 0.2, 1, 0.9}
					case "CellPulse":
						v = [4]float64{math.Mod(now*1.1+0.3*float64(i), 1), 0.5, 0.5, 0}
					case "CellCrowd":
						v = [4]float64{0.5, 0.2, 1, 0}
					}
					set(u.Offset+4*i, v[:]...)
				}
			case "PersonCount":
				words[u.Offset] = uint32(b.c.People)
			case "PersonPlace", "PersonColour", "PersonPulse":
				for i := range b.c.People {
					v := [4]float64{2 * math.Cos(float64(i)), 1, 2 * math.Sin(float64(i)), 1}
					switch u.Name {
					case "PersonColour":
						v = [4]float64{math.Mod(0.37*float64(i), 1), 1, math.Mod(0.61*float64(i), 1), 0}
					case "PersonPulse":
						v = [4]float64{math.Mod(now*1.1+0.3*float64(i), 1), 0.5, 0.5, 1}
					}
					set(u.Offset+4*i, v[:]...)
				}
			case "Whole":
				set(u.Offset, 0.3, 0.2, 1, 0.9, 0.5, 0.2, float64(b.c.People), 0, math.Mod(now*1.1, 1), 0.5, 0.5, 0)
			default: // a parameter: a phase, or how much of something
				if u.Words == 1 {
					set(u.Offset, math.Mod(now*0.1+0.37, 1))
				}
			}
		}
		s.Begin()
	}
}

// play plays in real time and says what came of it.
func (b *pixelBench) play(p *program) error {
	// As the player does: a processor for each that is busy, and one to spare.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(max(runtime.GOMAXPROCS(0), b.crew.Workers()+1)))
	period := time.Duration(float64(time.Second) / b.c.Rate)
	frames := max(int(b.c.Seconds*b.c.Rate), 1)
	took := make([]time.Duration, 0, frames)
	late := 0
	b.begin(0) // once before it counts
	b.crew.Do((b.c.Pixels+task-1)/task, b.do)
	used, known := processorTime()
	start := time.Now()
	for n := range frames {
		if p.ctx.Err() != nil {
			break
		}
		due := start.Add(time.Duration(n) * period)
		time.Sleep(time.Until(due))
		began := time.Now()
		b.begin(float64(n) / b.c.Rate)
		b.crew.Do((b.c.Pixels+task-1)/task, b.do)
		took = append(took, time.Since(began))
		if time.Since(due) > period {
			late++
		}
	}
	if len(took) == 0 {
		return nil
	}
	b.report(p.stdout, took, late, period)
	if known {
		// Where other programs run as well, frames wait for them; this does not count the waiting.
		total, _ := processorTime()
		perPixel := float64(total-used) / float64(len(took)) / float64(b.c.Pixels)
		cores := min(b.crew.Workers(), runtime.NumCPU())
		fmt.Fprintf(p.stdout, "By the processor's time, %.1f ns a pixel, %d cores with nothing else to do hold %d.\n",
			perPixel, cores, int(float64(period)*float64(cores)/perPixel))
	}
	return nil
}

func (b *pixelBench) report(w io.Writer, took []time.Duration, late int, period time.Duration) {
	slices.Sort(took)
	var sum time.Duration
	for _, t := range took {
		sum += t
	}
	mean := sum / time.Duration(len(took))
	at := func(q float64) time.Duration { return took[min(int(q*float64(len(took))), len(took)-1)] }
	ms := func(d time.Duration) float64 { return float64(d) / 1e6 }
	cores := min(b.crew.Workers(), runtime.NumCPU())
	perCore := float64(mean) * float64(cores) / float64(b.c.Pixels)
	fmt.Fprintf(w, "%d frames of %.2f ms: mean %.2f, median %.2f, 99%% %.2f, worst %.2f ms; %d late. %.1f ns a pixel on one core, %s kernels.\n",
		len(took), ms(period), ms(mean), ms(at(0.5)), ms(at(0.99)), ms(took[len(took)-1]), late, perCore, b.kernels.Name())
	holds := int(float64(b.c.Pixels) * float64(period) / float64(at(0.5)))
	subject := fmt.Sprintf("%d pixels of the %s at %g Hz on %d cores", b.c.Pixels, b.name, b.c.Rate, cores)
	if at(0.5) <= period {
		fmt.Fprintf(w, "%s: yes, with %.0f%% of the time to spare. This machine holds %d.\n", subject, 100*(1-ms(at(0.5))/ms(period)), holds)
		return
	}
	fmt.Fprintf(w, "%s: no. This machine holds %d.\n", subject, holds)
}
