package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"noctiluca/devices/outputs"
	"noctiluca/devices/player"
	"noctiluca/devices/recording"
	"noctiluca/devices/schedule"
	"noctiluca/devices/sound"
	"noctiluca/engine/crew"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

type playCommand struct {
	Files        []string       `arg:"" type:"existingfile" help:"FSEQ files, one after another."`
	Installation string         `short:"i" default:"forest" placeholder:"NAME" help:"Whose LEDs they play on: a shipped artwork (${shipped}) or a path (default: forest)."`
	Loop         bool           `help:"Begin again after the last file."`
	Speed        float64        `default:"1" help:"Times real time, 0.01…100. Other than at 1 there is no sound."`
	From         time.Duration  `placeholder:"TIME" help:"Where in the first file to begin, e.g. 1m30s."`
	For          time.Duration  `help:"Play that long (default: to the end, or until interrupted)."`
	Hours        []string       `sep:"none" placeholder:"SPAN" help:"When to play, may be given several times: [DAYS ]FROM..TO, each 18:30, sunset-15m or sunrise+1h; DAYS as mon-fri or sat,sun. Outside it is dark."`
	Place        string         `placeholder:"LAT,LON" help:"Where the sun is meant, e.g. 48.137,11.575."`
	Sound        string         `default:"auto" placeholder:"FILE" help:"The sound to keep step with: a .wav, .flac, .mp3 or .ogg file for a single recording, auto for the one that a recording names, off."`
	Channel      map[string]int `mapsep:"none" placeholder:"OUTPUT=N" help:"First channel of an output in the files, from 1, may be given several times (default: one output after another)."`
	Universe     int            `placeholder:"N" help:"Channels that a universe takes in the files, e.g. 510 or 512 (default: as many as it uses)."`
	OSC          string         `name:"osc" default:"off" placeholder:"ADDRESS" help:"Where to listen for /noctiluca/play/pause, seek, skip, speed, item, next, previous and stop, e.g. 127.0.0.1:9100; whoever reaches it moves what plays. off: nowhere."`
	Keys         bool           `default:"true" negatable:"" help:"In a terminal: space pauses, left and right go 5 s, page up and down a minute, up and down change the speed, 1 is real time, n and p next and previous, q ends."`
	NoSend       bool           `help:"Send nothing to the outputs."`
	measured
	Lead    string `placeholder:"TIME" env:"NOCTILUCA_LEAD" help:"How long before it is due a frame is computed, 0 to a frame, e.g. 2ms; it is sent when it is due (default: auto, by how long frames take)."`
	Workers int    `default:"0" help:"Goroutines that compute (default: one a core)."`
}

func (c *playCommand) Run(p *program) error {
	a := artwork{Installation: c.Installation}
	inst, err := a.read(p)
	if err != nil {
		return err
	}
	if !(c.Speed >= 0.01 && c.Speed <= 100) {
		return inputError{fmt.Errorf("--speed %v: expected 0.01…100", c.Speed)}
	}
	if c.Workers < 0 || c.Workers > 1024 {
		return inputError{fmt.Errorf("--workers %d: expected 0…1024, 0 for one a core", c.Workers)}
	}
	if c.Workers == 0 {
		c.Workers = runtime.NumCPU()
	}
	config := recording.Config{Installation: inst, Loop: c.Loop, Speed: c.Speed, From: c.From, Log: p.log}
	if config.Open, err = c.hours(p); err != nil {
		return inputError{err}
	}
	if config.Layout, err = recording.NewLayout(inst, recording.LayoutOptions{Universe: c.Universe, First: c.Channel}); err != nil {
		return inputError{err}
	}
	if config.Layout.Channels() == 0 {
		return inputError{fmt.Errorf("%s has no outputs: there is nothing that the channels of a recording could light", inst.File)}
	}
	workers := crew.New(c.Workers)
	defer workers.Close()
	if config.Stage, err = safety.NewStage(inst, len(inst.Outputs)+2, workers); err != nil {
		return err
	}
	clock := make(chan func() time.Duration, 1)
	follow, err := c.follow(p, clock)
	if err != nil {
		return inputError{err}
	}
	if follow != nil {
		defer follow.player.Close()
		config.Follow = follow
	}
	if config.Items, err = c.open(p, config.Layout); err != nil {
		return inputError{err}
	}
	source, err := recording.NewSource(config)
	if err != nil {
		return inputError{err}
	}
	defer source.Close()
	return c.run(p, inst, source, clock)
}

func (c *playCommand) run(p *program, inst *installations.Installation, source *recording.Source, clock chan func() time.Duration) error {
	ctx, stop := context.WithCancel(p.ctx)
	defer stop()
	shown, done, err := c.hands(ctx, stop, p, source)
	if err != nil {
		return inputError{err}
	}
	defer done()
	run := player.Config{Installation: inst, Engine: source, For: c.For, Workers: c.Workers, Status: shown, Log: func(line string) { shown.end(); p.log(line) }}
	if run.Lead, err = leadOf(c.Lead, inst); err != nil {
		return err
	}
	if !c.NoSend {
		if run.Outputs, err = outputs.Open(inst); err != nil {
			return err
		}
	}
	pl, err := player.New(run)
	if err != nil {
		return err
	}
	figures, err := c.measure(p, inst, pl, run.Outputs)
	if err != nil {
		return err
	}
	go figures(ctx)
	clock <- pl.Now
	go func() {
		for ctx.Err() == nil && !source.Ended() {
			time.Sleep(100 * time.Millisecond)
		}
		stop()
	}()
	err = pl.Run(ctx)
	if n := source.Late(); n > 0 {
		fmt.Fprintf(p.stdout, "%d frames were not read in time: the light stayed as it was\n", n)
	}
	return err
}

// open opens the files and says how they fit the installation.
func (c *playCommand) open(p *program, l *recording.Layout) ([]recording.Item, error) {
	var items []recording.Item
	for _, name := range c.Files {
		it, err := recording.OpenItem(name)
		if err != nil {
			for i := range items {
				items[i].Close()
			}
			return nil, err
		}
		items = append(items, it)
		r := it.Reader
		p.log(fmt.Sprintf("%s: %v, %d frames of %d ms, %d channels, %v%s", name, it.Length(), r.Count(), r.Step, r.Channels, r.Compression, by(r.Producer())))
		if cut := r.Cut(); cut != "" {
			p.log(name + ": warning: " + cut + "; it plays to there")
		}
		if n := r.Span(); n < l.Channels() {
			p.log(fmt.Sprintf("%s: warning: it ends at channel %d, and the installation has %d: the rest stays dark. --channel and --universe say where outputs are", name, n, l.Channels()))
		}
	}
	return items, nil
}

func by(producer string) string {
	if producer == "" {
		return ""
	}
	return ", made by " + producer
}

// hours gives the opening hours, or nil for always.
func (c *playCommand) hours(p *program) (func() bool, error) {
	if len(c.Hours) == 0 {
		return nil, nil
	}
	var place *schedule.Place
	if c.Place != "" {
		var err error
		if place, err = schedule.ParsePlace(c.Place); err != nil {
			return nil, fmt.Errorf("--place: %w", err)
		}
	}
	s, err := schedule.New(c.Hours, place)
	if err != nil {
		return nil, fmt.Errorf("--%w (--place LAT,LON gives one)", err)
	}
	now := time.Now()
	state := map[bool]string{true: "open", false: "closed"}
	if next, ok := s.Next(now); ok {
		p.log(fmt.Sprintf("%s until %s", state[s.Open(now)], next.Format("Monday 15:04")))
	}
	return func() bool { return s.Open(time.Now()) }, nil
}

// follower keeps the light in step with the sound.
type follower struct {
	player *sound.Player
	file   string // for every item; empty: what each one names
}

// Begin implements recording.Follower.
func (f *follower) Begin(it *recording.Item, at time.Duration) {
	name := f.file
	if name == "" {
		name = it.Sound()
	}
	f.player.Begin(name, at)
}

// Position implements recording.Follower.
func (f *follower) Position(now time.Duration) (time.Duration, bool) { return f.player.Position(now) }

// Pause implements recording.Follower.
func (f *follower) Pause() { f.player.Pause() }

// follow opens the sound, when there is one.
func (c *playCommand) follow(p *program, clock chan func() time.Duration) (*follower, error) {
	f := &follower{}
	switch c.Sound {
	case "off":
		return nil, nil
	case "auto":
		if c.Speed != 1 || !namesSound(c.Files) {
			return nil, nil
		}
	default:
		if c.Speed != 1 {
			return nil, fmt.Errorf("--sound and --speed %v: sound plays at speed 1 only", c.Speed)
		}
		if len(c.Files) > 1 {
			return nil, errors.New("--sound FILE is for a single recording; several play the sound that each one names")
		}
		s, err := sound.Open(c.Sound)
		if err != nil {
			return nil, err
		}
		s.Close()
		f.file = c.Sound
	}
	card, err := sound.OpenCard()
	if err != nil {
		p.log(err.Error() + "; the light plays by its own clock")
		return nil, nil
	}
	// The run's clock begins with the run; nothing asks for it before.
	var now func() time.Duration
	f.player = sound.NewPlayer(card, func() time.Duration {
		if now == nil {
			now = <-clock
		}
		return now()
	}, p.log)
	return f, nil
}

// namesSound says whether a recording names a sound that is there.
func namesSound(files []string) bool {
	for _, name := range files {
		it, err := recording.OpenItem(name)
		if err != nil {
			continue // it is told when it is opened to be played
		}
		named := it.Media() != ""
		it.Close()
		if named {
			return true
		}
	}
	return false
}
