// Package latency measures how long it takes from a hand to the light: from a
// MIDI message at a port to the first changed byte on an output's socket.
//
// It is no simulation. The message goes through a device file (a FIFO) and the
// raw driver, the whole installation is played at its rate, and the byte comes out
// of a socket in an Art-Net packet. One pixel is added to the installation, of
// a field that shows a parameter, so that a change is known by its byte while
// everything else moves. Nothing leaves the machine: outputs are led to a
// socket of its own.
package latency

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gitlab.com/gomidi/midi/v2/drivers"

	"noctiluca/devices/midi"
	"noctiluca/devices/midi/virtual"
	"noctiluca/devices/outputs"
	"noctiluca/devices/player"
	"noctiluca/engine"
	"noctiluca/engine/show"
	"noctiluca/installations"
)

// Config is what to measure.
type Config struct {
	Installation *installations.Installation // it is changed: give one that nobody else has
	Presses      int                         // messages
	Workers      int
	Crowd        int
	Lead         player.Lead
	Progress     io.Writer // nil for none
}

// Report is what was measured, in the order in which it took longer.
type Report struct {
	Took  []time.Duration
	Frame time.Duration
	Late  uint64      // frames that came late while it ran
	Pace  player.Pace // of the last second
}

// At is the quantile q of the measured times, by the nearest rank.
func (r *Report) At(q float64) time.Duration {
	if len(r.Took) == 0 {
		return 0
	}
	return r.Took[min(int(q*float64(len(r.Took))), len(r.Took)-1)]
}

// Frames is a time in frames.
func (r *Report) Frames(d time.Duration) float64 { return float64(d) / float64(r.Frame) }

func (r *Report) String() string {
	s := fmt.Sprintf("MIDI message at the port to the first changed byte on a socket, %d messages, a frame is %.2f ms\n", len(r.Took), ms(r.Frame))
	for _, q := range []struct {
		name string
		at   float64
	}{{"least", 0}, {"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"most", 1}} {
		d := r.At(q.at)
		s += fmt.Sprintf("%-6s %7.2f ms  %5.2f frames\n", q.name, ms(d), r.Frames(d))
	}
	if p := &r.Pace; p.FPS > 0 {
		s += fmt.Sprintf("a frame takes %.2f ms at p50, %.2f ms at p99, and is begun %.2f ms before it is due\n", ms(p.Frame50), ms(p.Frame99), ms(p.Lead))
	}
	if r.Late > 0 {
		s += fmt.Sprintf("%d frames were late or lost: this machine has other work to do, or is too small\n", r.Late)
	}
	return s
}

func ms(d time.Duration) float64 { return float64(d) / 1e6 }

const probe = `package main

var Probe float

func Light(p vec3) vec4 {
	return vec4(Probe, Probe, Probe, 1)
}
`

// add gives the installation one pixel more, lit by a parameter in its first
// scene, with an output of its own, and leads every other output to a sink.
func add(inst *installations.Installation, to, sink string) (path string) {
	inst.Outputs = slices.DeleteFunc(inst.Outputs, func(o installations.Output) bool { return o.Protocol != "artnet" && o.Protocol != "sacn" })
	for i := range inst.Outputs {
		o := &inst.Outputs[i]
		o.Host, o.Multicast, o.Discover, o.Interface, o.Failsafe = sink, false, false, "", ""
	}
	px, n := &inst.Pixels, inst.Pixels.Count()
	px.X, px.Y, px.Z = append(px.X, 0), append(px.Y, 0), append(px.Z, 0)
	px.Along, px.Random, px.Fixture = append(px.Along, 0), append(px.Random, 0), append(px.Fixture, int32(len(inst.Fixtures)))
	inst.Fixtures = append(inst.Fixtures, installations.Fixture{Name: "latency-probe", Kind: "points", First: n, Count: 1, Order: installations.Order{0, 1, 2}, Supply: -1,
		LED: installations.LED{Type: "probe", Volts: 5, Idle: 1, Full: [5]float64{10, 10, 10}}})
	inst.Groups = append(inst.Groups, installations.Group{Name: "latency-probe", Fixtures: []int{len(inst.Fixtures) - 1}})
	inst.Outputs = append(inst.Outputs, installations.Output{Name: "latency-probe", Protocol: "artnet", Host: to, Gamma: 1, Bytes: 4,
		Universes: []installations.Universe{{Number: 0, Length: 4}}, Runs: []installations.Run{{First: n, Step: 1, Count: 1, Order: installations.Order{0, 1, 2}}}})
	scene := &inst.Scenes[0]
	scene.Layers = append(slices.Clone(scene.Layers), installations.Layer{Name: "latency-probe", Group: len(inst.Groups) - 1, FieldFile: "probe.kage", FieldText: []byte(probe), Level: 1,
		Parameters: []installations.Parameter{{Name: "Probe", Max: 1, Default: 0.4}}})
	return "/scene/" + scene.Name + "/latency-probe/Probe"
}

// Measure plays the installation and sends messages, some hundred milliseconds
// apart, at no fixed place within a frame.
func Measure(ctx context.Context, c Config) (*Report, error) {
	dir, err := os.MkdirTemp("", "noctiluca-latency-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	hands, err := virtual.Pipe(filepath.Join(dir, "midiC0D0"))
	if err != nil {
		return nil, err
	}
	defer hands.Close()
	listen := func() (*net.UDPConn, error) {
		return net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	}
	out, err := listen()
	if err != nil {
		return nil, err
	}
	defer out.Close()
	sink, err := listen()
	if err != nil {
		return nil, err
	}
	defer sink.Close()
	path := add(c.Installation, out.LocalAddr().String(), sink.LocalAddr().String())

	r := show.NewRegistry(c.Installation, 8)
	id, err := r.Find(path)
	if err != nil {
		return nil, err
	}
	d := r.Defaults()
	d.Items[show.Mappings] = []show.Item{&show.Mapping{Device: "MIDI 0.0", Control: "cc 0/7", Path: path, Param: id, To: 1, Takeover: show.Direct}}
	e, err := engine.New(c.Installation, engine.Config{Workers: c.Workers, Crowd: c.Crowd, Holders: len(c.Installation.Outputs) + 2, Document: d})
	if err != nil {
		return nil, err
	}
	defer e.Close()
	runners, err := outputs.Open(c.Installation)
	if err != nil {
		return nil, err
	}
	p, err := player.New(player.Config{Installation: c.Installation, Engine: e, Outputs: runners, Workers: c.Workers, Lead: c.Lead})
	if err != nil {
		return nil, err
	}
	hub, err := midi.NewHub(midi.Options{Driver: inputs{midi.At(dir, dir)}, Show: e.Show(), Now: p.Now, Poll: 20 * time.Millisecond})
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	playing, connected := make(chan error, 1), make(chan error, 1)
	go func() { playing <- p.Run(ctx) }()
	go func() { connected <- hub.Run(ctx) }()
	defer func() { stop(); <-playing; <-connected }()

	changes := make(chan change, 64)
	go watch(out, changes)
	report := &Report{Frame: time.Duration(float64(time.Second) / c.Installation.Rate)}
	if err := press(ctx, c, hands, changes, report); err != nil {
		return nil, err
	}
	var look player.Look
	p.Look(&look)
	report.Pace, report.Late = look.Pace, look.Pace.Late+look.Pace.Lost
	slices.Sort(report.Took)
	return report, nil
}

// inputs is a driver whose ports only take messages in: a pipe would give the
// lights' messages back.
type inputs struct{ *midi.Driver }

func (inputs) Outs() ([]drivers.Out, error) { return nil, nil }

// change is a new value of the probe's byte, and when it came.
type change struct {
	value byte
	at    time.Time
}

// watch tells each change of the probe's first byte.
func watch(conn *net.UDPConn, out chan<- change) {
	b := make([]byte, 2048)
	last := -1
	for {
		n, err := conn.Read(b)
		at := time.Now()
		if err != nil {
			return
		}
		// ArtDmx: the data begins at byte 18.
		if n < 22 || b[8] != 0x00 || b[9] != 0x50 {
			continue
		}
		if v := int(b[18]); v != last {
			last = v
			select {
			case out <- change{byte(v), at}:
			default:
			}
		}
	}
}

// press sends the messages and waits for what each changes. Steps are small,
// so that no limit of the light has anything to say about them.
func press(ctx context.Context, c Config, hands io.Writer, changes <-chan change, report *Report) error {
	random := rand.New(rand.NewPCG(1, 2))
	settle := func(d time.Duration) error {
		for end := time.After(d); ; {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-changes:
			case <-end:
				return nil
			}
		}
	}
	// The first message is for the connection: it is sent until it acts.
	if err := settle(500 * time.Millisecond); err != nil {
		return err
	}
	for try := 0; ; try++ {
		if try == 50 {
			return errors.New("latency: the light does not follow the virtual MIDI port")
		}
		if _, err := hands.Write([]byte{0xB0, 7, 40 + byte(try&1)*20}); err != nil {
			return err
		}
		select {
		case <-changes:
			try = 49
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
			continue
		}
		break
	}
	for i := range c.Presses {
		if err := settle(90*time.Millisecond + time.Duration(random.Int64N(int64(40*time.Millisecond)))); err != nil {
			return err
		}
		value := byte(60)
		if i%2 == 1 {
			value = 70
		}
		sent := time.Now()
		if _, err := hands.Write([]byte{0xB0, 7, value}); err != nil {
			return err
		}
		select {
		case got := <-changes:
			report.Took = append(report.Took, got.at.Sub(sent))
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Second):
			return fmt.Errorf("latency: message %d changed nothing within ten seconds", i+1)
		}
		if c.Progress != nil && (i+1)%10 == 0 {
			fmt.Fprintf(c.Progress, "\r%d of %d", i+1, c.Presses)
		}
	}
	if c.Progress != nil {
		fmt.Fprint(c.Progress, "\r                    \r")
	}
	return nil
}
