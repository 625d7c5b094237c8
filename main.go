// Noctiluca plays bioluminescent light: it listens to how people feel, lets
// living light answer, shows it on a screen, and sends the same frames to LEDs.
//
// This file is the command line and the wiring, and nothing else.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"noctiluca/assets/organisms"
	"noctiluca/devices/completion"
	"noctiluca/devices/console"
	"noctiluca/devices/eventlog"
	"noctiluca/devices/monitor"
	"noctiluca/devices/osc"
	"noctiluca/devices/output"
	"noctiluca/devices/outputs"
	"noctiluca/devices/player"
	"noctiluca/devices/render"
	"noctiluca/devices/screen"
	"noctiluca/devices/watch"
	"noctiluca/engine"
	"noctiluca/engine/safety/failure"
	feeling "noctiluca/engine/signal"
	"noctiluca/engine/signal/guard"
	"noctiluca/installations"
	"noctiluca/shaders"
	"noctiluca/shaders/kage/block"

	"github.com/alecthomas/kong"
)

// version is set by the linker.
var version = "built by hand"

// Exit codes.
const (
	done     = 0
	failed   = 1
	badInput = 2 // bad usage, or a file that is wrong
)

// commands is the grammar of the command line.
type commands struct {
	Preview     previewCommand     `cmd:"" help:"Open the window and play an installation."`
	Run         runCommand         `cmd:"" help:"Play an installation without a window."`
	Render      renderCommand      `cmd:"" help:"Render frames offline, as fast as it goes, always the same."`
	Record      recordCommand      `cmd:"" help:"Play an installation without a window, and record what is sent into an FSEQ file."`
	Play        playCommand        `cmd:"" help:"Play recorded shows: FSEQ files of Noctiluca, Falcon Player or xLights."`
	Check       checkCommand       `cmd:"" help:"Check an installation; print pixels, universes, bandwidth and watts."`
	New         newCommand         `cmd:"" help:"Begin an installation of your own: a copy of a shipped one, with its fields."`
	Import      importCommand      `cmd:"" help:"Read the layout of another program and write an installation."`
	Export      exportCommand      `cmd:"" help:"Write an installation's pixels for other programs: FPP, OPC, CSV, SVG."`
	Wiring      wiringCommand      `cmd:"" help:"Write a patch sheet to print: what hangs where, how much it draws, where to feed it."`
	Send        sendCommand        `cmd:"" help:"Play a recording as OSC to a running Noctiluca."`
	Govern      govern             `cmd:"" help:"Look at the rules of a work that plays, or change one that its file permits; give back what the feedback guard took."`
	Audit       auditCommand       `cmd:"" help:"Check an audit log: that no line was changed, taken out or put in."`
	Calibrate   calibrateCommand   `cmd:"" help:"Take a person's or a sensor's baseline, with its quality as it is."`
	Monitor     monitorCommand     `cmd:"" help:"Show the Art-Net and sACN that arrives, universe by universe."`
	MIDI        midiCommand        `cmd:"" help:"MIDI controllers."`
	Shader      shaderCommand      `cmd:"" help:"Fields: check, measure, format, look inside."`
	Bench       benchCommand       `cmd:"" help:"Measure this machine."`
	Organisms   organismsCommand   `cmd:"" help:"The catalogue of living light: colours, rhythms and their sources."`
	Discover    discoverCommand    `cmd:"" help:"Find Art-Net nodes, sACN sources, WLED controllers and OSCQuery servers on the network."`
	TestPattern testPatternCommand `cmd:"" help:"Play a test pattern to the outputs."`
	Completion  completionCommand  `cmd:"" help:"Print a completion script for a shell."`

	Safety  safetyCommand    `cmd:"" help:"What the light may not do, and did."`
	Version kong.VersionFlag `help:"Print the version."`
}

// belowZero is what is said of a number that was taken for a flag.
var belowZero = regexp.MustCompile(`unknown flag -[0-9.]`)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program as a function of its arguments, for the tests too.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return runUntil(ctx, args, stdout, stderr)
}

// runUntil is run, ended by a context.
func runUntil(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c commands
	exit := -1
	parser, err := grammar(&c, stdout, stderr, func(code int) { exit = code })
	if err != nil {
		panic(err) // the grammar above is wrong
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if exit >= 0 {
		return exit // --help or --version has been printed
	}
	if err != nil {
		hint := "noctiluca --help"
		if wrong := (*kong.ParseError)(nil); errors.As(err, &wrong) && wrong.Context != nil && wrong.Context.Selected() != nil {
			hint = wrong.Context.Selected().FullPath() + " --help"
		}
		if belowZero.MatchString(err.Error()) {
			hint += "; a number under 0 goes behind --, or behind = of its flag"
		}
		fmt.Fprintf(stderr, "noctiluca: %v\nTry: %s\n", err, hint)
		return badInput
	}
	err = command.Run(&program{ctx: ctx, stdout: stdout, stderr: stderr, parser: parser, journal: journal{to: stderr}})
	return code(err, stderr)
}

// grammar makes the parser of the command line, which fills c.
func grammar(c *commands, stdout, stderr io.Writer, exit func(int)) (*kong.Kong, error) {
	return kong.New(c,
		kong.Name("noctiluca"),
		kong.Description("Light that lives, and answers how people feel.\n\nINSTALLATION is the name of a shipped artwork (forest, tide, cave, commons) or a path to a folder or an installation.yaml.\n\n  noctiluca preview forest --crowd 7     the window, with seven simulated people\n  noctiluca run ./my-work                without a window\n  noctiluca COMMAND --help               all that a command can do, with examples"),
		kong.Vars{
			"version":      "noctiluca " + version,
			"shipped":      strings.Join(installations.ShippedNames(), ", "),
			"installation": "A shipped artwork (" + strings.Join(installations.ShippedNames(), ", ") + ") or a path to a folder or file (default: forest)",
		},
		kong.UsageOnError(),
		kong.Writers(stdout, stderr),
		kong.Exit(exit),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
}

// code prints what went wrong and says whose fault it was.
func code(err error, stderr io.Writer) int {
	var problems installations.Problems
	var bad inputError
	switch {
	case err == nil:
		return done
	case errors.As(err, &problems):
		fmt.Fprintln(stderr, problems.Error())
		return badInput
	case errors.As(err, &bad):
		fmt.Fprintf(stderr, "noctiluca: %v\n", err)
		return badInput
	case err == context.Canceled: // by Ctrl-C, before there was a result
		fmt.Fprintln(stderr, "noctiluca: stopped")
		return failed
	default:
		fmt.Fprintf(stderr, "noctiluca: %v\n", err)
		return failed
	}
}

// inputError is an error that the user can mend on the command line.
type inputError struct{ error }

// program is what every command is given.
type program struct {
	ctx            context.Context
	stdout, stderr io.Writer
	parser         *kong.Kong
	journal        journal
}

func (p *program) log(line string) { p.journal.say(line) }

// artwork is the choice of an installation and of how its engine plays.
type artwork struct {
	Installation string  `arg:"" optional:"" name:"INSTALLATION" default:"forest" help:"${installation}."`
	Seed         *uint64 `placeholder:"N" help:"Seed of all that is random (default: the installation's)."`
	Scene        string  `placeholder:"NAME" help:"Scene to play (default: the first)."`
	Crowd        int     `default:"0" help:"Simulated people who consent, for a demonstration."`
	CrowdMood    string  `default:"mixed" placeholder:"MOOD" help:"What the simulated people are steered to: mixed (they drift), calm, excited, tune (hearts and affect in step) or split (two poles)."`
	CrowdGain    float64 `default:"0" help:"How strongly the simulated people answer the light's arousal, 0…3: closes the loop that the feedback guard watches."`
	CrowdDelay   float64 `default:"1" help:"Seconds until they notice, 0…12."`
	Workers      int     `default:"0" help:"Goroutines that compute (default: one a core). The frames are the same with any number."`
	summaries    func(feeling.Summary)
	events       *eventlog.Writer // nil: no log of what is done to the show
	begins       *eventlog.Log    // what is rendered again; nil: nothing
	readings     func(person string, k feeling.Kind, value float64, at time.Duration, rate float32)
	CPU          string `env:"NOCTILUCA_CPU" placeholder:"SET" help:"Kernel set: avx512, avx2, neon or go (default: the best here)."`
	shows
}

// read opens the installation and prints its warnings.
func (a *artwork) read(p *program) (*installations.Installation, error) {
	inst, problems := installations.OpenNamed(a.Installation, shaders.FS)
	if inst == nil {
		return nil, problems
	}
	for _, w := range problems {
		p.log(w.String())
	}
	return inst, nil
}

// engine makes the installation's engine for that many devices.
func (a *artwork) engine(inst *installations.Installation, holders int) (*engine.Engine, error) {
	if a.Crowd < 0 || a.Crowd > 1000 {
		return nil, inputError{fmt.Errorf("--crowd %d: expected 0…1000 people", a.Crowd)}
	}
	mood, err := feeling.MoodByName(a.CrowdMood)
	if err != nil {
		return nil, inputError{fmt.Errorf("--crowd-mood: %w", err)}
	}
	if a.Workers < 0 || a.Workers > 1024 {
		return nil, inputError{fmt.Errorf("--workers %d: expected 0…1024, 0 for one a core", a.Workers)}
	}
	if a.Workers == 0 {
		a.Workers = runtime.NumCPU()
	}
	if !(a.CrowdGain >= 0 && a.CrowdGain <= 3) {
		return nil, inputError{fmt.Errorf("--crowd-gain %v: expected 0…3", a.CrowdGain)}
	}
	if !(a.CrowdDelay >= 0 && a.CrowdDelay <= 12) {
		return nil, inputError{fmt.Errorf("--crowd-delay %v: expected 0…12 seconds", a.CrowdDelay)}
	}
	whole, err := engine.Complete(inst)
	if err != nil {
		return nil, err
	}
	opened, err := a.open(whole, a.Installation)
	if err != nil {
		return nil, err
	}
	channels, document, err := a.begin(whole, opened)
	if err != nil {
		return nil, err
	}
	c := engine.Config{Record: a.recorder(), Saved: a.saver(), Readings: a.readings, Summaries: a.summaries, Noise: noise, Channels: channels, Document: document, CrowdMood: mood, CrowdAnswer: guard.People{Gain: a.CrowdGain, Delay: a.CrowdDelay}, Seed: a.Seed, Workers: a.Workers, Scene: a.Scene, Crowd: a.Crowd, Holders: holders}
	if a.CPU != "" {
		k, err := block.ByName(a.CPU)
		if err != nil {
			return nil, inputError{err}
		}
		c.Kernels = k
	}
	e, err := engine.New(inst, c)
	if err != nil && !errors.As(err, new(installations.Problems)) {
		return nil, inputError{err}
	}
	return e, err
}

// wires is the choice of what goes in and out while playing live.
type wires struct {
	OSC    string `placeholder:"ADDRESS" help:"Where to listen for signals, host:port, or off (default: the installation's)."`
	NoSend bool   `help:"Send nothing to the outputs."`
	Lead   string `placeholder:"TIME" env:"NOCTILUCA_LEAD" help:"How long before it is due a frame is computed, 0 to a frame, e.g. 2ms; it is sent when it is due (default: auto, by how long frames take)."`
	measured
	hands
	sinks

	// also opens one more output, such as a recording.
	also func(*installations.Installation) (*output.Runner, error)
}

// live is an installation that plays: all that is connected.
type live struct {
	inst   *installations.Installation
	engine *engine.Engine
	player *player.Player
	input  *osc.Listener
	sinks  []sink

	profiles []profile
	hands    *console.Listener // nil: no lighting console
	metrics  func(context.Context)
	sends    []*output.Runner
	keeper   *handling
}

// leadOf reads --lead.
func leadOf(text string, inst *installations.Installation) (player.Lead, error) {
	l, err := player.ParseLead(first(text, "auto"))
	if err == nil {
		err = l.Fits(inst)
	}
	if err != nil {
		return l, inputError{fmt.Errorf("--lead %w", err)}
	}
	return l, nil
}

// connect opens the outputs and the input, and prepares the player.
func (w *wires) connect(p *program, a *artwork, c player.Config) (*live, error) {
	for _, on := range [][2]string{{"--osc", w.OSC}, {"--control", w.Control}, {"--query", w.Query}, {"--timecode", w.Timecode}} {
		if err := listenable(on[0], on[1]); err != nil {
			return nil, err
		}
	}
	a.own = true
	inst, err := a.read(p)
	if err != nil {
		return nil, err
	}
	c.Installation, c.Log = inst, p.log
	if c.Lead, err = leadOf(w.Lead, inst); err != nil {
		return nil, err
	}
	sinks, err := w.sinks.openSinks(p, a)
	if err != nil {
		return nil, err
	}
	profiles, err := readProfiles(w.Profile)
	if err != nil {
		return nil, err
	}
	l := &live{inst: inst, sinks: sinks, profiles: profiles}
	if l.engine, err = a.engine(inst, len(inst.Outputs)+3); err != nil {
		return nil, err
	}
	c.Engine, c.Workers = l.engine, a.Workers
	port := artnetPort(inst, first(w.Timecode, a.opened.Setup.Control.Timecode))
	if !w.NoSend {
		if c.Outputs, err = outputs.OpenWith(inst, outputs.Options{ArtNet: port}); err != nil {
			l.engine.Close()
			return nil, err
		}
		l.sends = c.Outputs
		if own := outputs.Home(inst); own == len(inst.Outputs) && own > 0 {
			where := inst.File
			if slices.Contains(installations.ShippedNames(), a.Installation) {
				where = "a copy: noctiluca new my-work --from " + a.Installation
			}
			p.log("All outputs lead to this machine itself. To light LEDs, give each output its controller's address (host) in " + where)
		}
	}
	// Nothing asks for the time before the player, which has it, plays.
	now := func() time.Duration { return l.player.Now() }
	if l.keeper, err = w.take(p, inst, a.opened, l.engine.Show(), l.engine.Signals(), now); err != nil {
		l.engine.Close()
		return nil, err
	}
	l.keeper.port = port
	if w.OSC != "" {
		inst.Signals.OSC.Listen = w.OSC
	}
	if on := inst.Signals.OSC.Listen; on != "" && on != "off" {
		l.input, err = osc.Listen(inst.Signals, l.engine.Signals().Names(), l.engine.Signals(), osc.Options{Now: now})
		if err != nil {
			l.engine.Close()
			return nil, unheard(err, "--osc gives another address, --osc off does without.")
		}
		p.log("listening for signals: OSC on " + l.input.Addr().String())
	}
	if l.hands, err = l.listenConsole(p, inst, port, now); err != nil {
		l.engine.Close()
		return nil, err
	}
	// Last, as it may take an older recording's place.
	if w.also != nil {
		more, err := w.also(inst)
		if err != nil {
			l.engine.Close()
			return nil, err
		}
		c.Outputs = append(c.Outputs, more)
	}
	if l.player, err = player.New(c); err != nil {
		l.engine.Close()
		return nil, err
	}
	if l.metrics, err = w.measure(p, inst, l.player, c.Outputs); err != nil {
		l.engine.Close()
		return nil, err
	}
	l.streams(p)
	return l, nil
}

// play runs until the context ends, everything is black, and all is closed.
func (l *live) play(ctx context.Context) error {
	defer l.engine.Close()
	ctx, stop := context.WithCancel(ctx)
	for _, sink := range l.sinks {
		done := make(chan struct{})
		go func() { defer close(done); sink(ctx, l.engine.Audit()) }()
		defer func() { stop(); <-done }()
	}
	ended := make(chan error, 1)
	if l.input != nil {
		go func() { ended <- l.input.Run(ctx) }()
	} else {
		ended <- nil
	}
	if l.hands != nil {
		go l.hands.Run(ctx)
	}
	go l.metrics(ctx)
	handled := make(chan struct{})
	go func() { l.keeper.run(ctx); close(handled) }()
	err := l.player.Run(ctx)
	stop()
	<-handled
	return errors.Join(err, <-ended)
}

type runCommand struct {
	artwork
	wires
	For time.Duration `help:"Play that long, e.g. 90s or 2h (default: until interrupted)."`
}

func (c *runCommand) Run(p *program) error {
	l, err := c.connect(p, &c.artwork, player.Config{For: c.For, Status: p.stdout})
	if err != nil {
		return err
	}
	return l.play(p.ctx)
}

type previewCommand struct {
	artwork
	wires
	Screenshot string        `placeholder:"FILE.png" help:"Render one picture and leave."`
	At         float64       `default:"20" help:"Seconds into the show at which the picture is taken, or the film begins."`
	Record     string        `placeholder:"FILE" help:"Make a film and leave: .mp4, .mov, .mkv or .webm with ffmpeg, .gif, or name-%04d.png."`
	Seconds    float64       `default:"10" help:"How long the film is."`
	FPS        float64       `default:"30" help:"Pictures a second of the film."`
	Turn       float64       `default:"0" help:"Degrees a second by which the camera of the film goes round."`
	Size       string        `default:"1280x720" help:"Of the window or the picture, in pixels."`
	View       string        `default:"stage" enum:"stage,map,fixture" help:"What is shown at first: stage, map or fixture."`
	Pixel      int           `default:"0" help:"The pixel that is told of at first, counted from 1."`
	Overlay    *bool         `negatable:"" help:"Write over the picture what people feel and the machine does (default: in the window, not in a screenshot)."`
	For        time.Duration `help:"Close after that long."`
	OrRun      bool          `help:"Where there is no display, play without a window rather than give up."`
}

func (c *previewCommand) Run(p *program) error {
	var width, height int
	if n, _ := fmt.Sscanf(c.Size, "%dx%d", &width, &height); n != 2 || width < 160 || height < 90 || width > 7680 || height > 4320 {
		return inputError{fmt.Errorf("--size %q: expected WIDTHxHEIGHT, 160x90…7680x4320", c.Size)}
	}
	if !(c.At >= 0 && c.At <= 86400) {
		return inputError{fmt.Errorf("--at %v: expected 0…86400 seconds", c.At)}
	}
	if err := screen.Available(); err != nil {
		if !c.OrRun || c.Screenshot != "" || c.Record != "" {
			return fmt.Errorf("no window: %w", err)
		}
		p.log(fmt.Sprintf("No window: %v. Playing without one; interrupt with Ctrl-C.", err))
		run := runCommand{artwork: c.artwork, wires: c.wires, For: c.For}
		return run.Run(p)
	}
	if c.Screenshot != "" || c.Record != "" {
		return c.picture(p, width, height)
	}
	l, err := c.connect(p, &c.artwork, player.Config{For: c.For, Watch: true})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(p.ctx)
	ended := make(chan error, 1)
	go func() {
		defer stop() // the window closes with the show
		ended <- l.play(ctx)
	}()
	err = screen.Run(screen.Config{
		Installation: l.inst, Layers: l.engine.Layers(), Source: watch.NewLive(l.player, l.engine, l.sends, p.journal.recent),
		View: c.View, Pick: c.Pixel,
		Width: width, Height: height, Overlay: c.Overlay == nil || *c.Overlay, Context: ctx,
		Show: l.engine.Show(), Identify: l.engine.Identify,
		Fields: watch.Fields(l.engine.Layers()), Reread: watch.Reread(l.engine.Layers()),
		Save: l.keeper.save, Learn: l.keeper.learn, Revoke: l.revoke, Surfaces: l.surfaces(),
	})
	stop()
	return errors.Join(err, <-ended)
}

// picture plays unseen up to the instant wanted, and lets the window draw it,
// or a film from there on.
func (c *previewCommand) picture(p *program, width, height int) error {
	if c.Record != "" && !(c.Seconds > 0 && c.Seconds <= 86400 && c.FPS > 0 && c.FPS <= 240) {
		return inputError{fmt.Errorf("--seconds %v --fps %v: expected a film of over 0, at most 86400 s, with at most 240 pictures a second", c.Seconds, c.FPS)}
	}
	inst, err := c.read(p)
	if err != nil {
		return err
	}
	e, err := c.engine(inst, 2)
	if err != nil {
		return err
	}
	defer e.Close()
	at := time.Duration(c.At * float64(time.Second))
	still := watch.NewStill(inst, e, at)
	defer still.Close()
	config := screen.Config{
		Installation: inst, Layers: e.Layers(), Source: still, Width: width, Height: height,
		View: c.View, Pick: c.Pixel,
		Overlay: c.Overlay != nil && *c.Overlay, Screenshot: c.Screenshot, At: at, Show: e.Show(), Context: p.ctx,
	}
	if c.Record == "" {
		if err = screen.Run(config); err == nil {
			fmt.Fprintln(p.stdout, c.Screenshot)
		}
		return err
	}
	n, shot := int(c.Seconds*c.FPS+0.5), 0
	config.Screenshot, config.Film, config.FPS, config.Turn = "", c.Record, c.FPS, c.Turn*math.Pi/180
	config.Next = func() bool {
		shot++
		still.Go(at + time.Duration(float64(shot)/c.FPS*float64(time.Second)))
		return shot < n
	}
	if w := terminal(p.stderr); w != nil {
		config.Progress = func(done int) { fmt.Fprintf(w, "\r%d of %d pictures ", done, n) }
	}
	if err = screen.Run(config); err == nil {
		fmt.Fprintln(p.stdout, c.Record)
	}
	return err
}

type renderCommand struct {
	artwork
	Seconds float64 `default:"-1" placeholder:"S" help:"How long (default: 10; with --events to a second after the last of them)."`
	Events  string  `type:"existingfile" placeholder:"FILE" help:"Do again what a run did by this log, that --log-events wrote, from what the run began with."`
	Out     string  `placeholder:"FILE" help:"A .png: time across, pixels down. An .fseq: a show for Falcon Player, xLights and noctiluca play. Anything else: the bytes of all outputs, frame after frame."`
	Step    int     `placeholder:"MS" help:"Of an .fseq: from frame to frame, whole ms, 1…255 (default: the installation's rate where that is whole, else 25)."`
}

// filmed are extensions of what somebody may expect and render does not make.
var filmed = []string{".mp4", ".mov", ".mkv", ".webm", ".gif", ".avi", ".jpg", ".jpeg", ".webp", ".svg", ".pdf"}

func (c *renderCommand) Run(p *program) error {
	if slices.Contains(filmed, strings.ToLower(filepath.Ext(c.Out))) {
		return inputError{fmt.Errorf("--out %s: render makes a .png (time across, pixels down), an .fseq, or the outputs' bytes under another name; noctiluca preview --record and --screenshot make films and pictures of the installation", c.Out)}
	}
	if c.Step != 0 && (c.Step < 1 || c.Step > 255) {
		return inputError{fmt.Errorf("--step %d: expected 1…255 ms", c.Step)}
	}
	logged, err := c.logged()
	if err != nil {
		return err
	}
	inst, err := c.read(p)
	if err != nil {
		return err
	}
	var replay *render.Replay
	if logged != nil {
		replay = &render.Replay{}
		if replay.Reloads, err = logged.Reloads(); err == nil {
			err = logged.Place(inst, replay.Reloads)
		}
		if err != nil {
			return inputError{err}
		}
	}
	e, err := c.engine(inst, 1)
	if err != nil {
		return err
	}
	defer e.Close()
	if logged != nil {
		if replay.Events, replay.Skips, err = logged.Events(e.Show().Registry); err != nil {
			return inputError{err}
		}
	}
	r, err := render.Run(p.ctx, render.Config{Replay: replay, Installation: inst, Engine: e, Seconds: c.Seconds, Out: c.Out, Step: c.Step, Producer: "Noctiluca " + version, Progress: terminal(p.stderr)})
	if err != nil {
		return err
	}
	if c.Out != "" {
		fmt.Fprintln(p.stdout, c.Out)
	}
	fmt.Fprint(p.stdout, r.String())
	return nil
}

type checkCommand struct {
	Installation string `arg:"" optional:"" name:"INSTALLATION" default:"forest" help:"${installation}."`
}

func (c *checkCommand) Run(p *program) error {
	a := artwork{Installation: c.Installation}
	inst, err := a.read(p)
	if err != nil {
		return err
	}
	// The engine compiles the fields and fits them to their layers.
	e, err := a.engine(inst, 0)
	if err != nil {
		return err
	}
	e.Close()
	for _, w := range slices.Concat(engine.Unnamed(inst), engine.Unreached(inst), e.OwnRoom()) {
		p.log(w.String())
	}
	for _, w := range append(flickers(inst), failure.Warnings(inst)...) {
		p.log(w)
	}
	_, err = installations.Survey(inst).WriteTo(p.stdout)
	return err
}

type monitorCommand struct{ monitor.Options }

func (c *monitorCommand) Run(p *program) error { return monitor.Run(p.ctx, p.stdout, c.Options) }

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

func (c *completionCommand) Run(p *program) error {
	return completion.Write(p.stdout, c.Shell, p.parser.Model, map[string][]string{"INSTALLATION": installations.ShippedNames(), "ORGANISM": organisms.Names()})
}

// terminal gives w if a person reads it, nil otherwise: progress is for people.
func terminal(w io.Writer) io.Writer {
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return w
		}
	}
	return nil
}
