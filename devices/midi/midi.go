// Package midi is the way in and out for MIDI controllers: ALSA's raw MIDI
// devices, in pure Go, behind gomidi's driver interfaces, so that the static
// venue program has MIDI too.
//
// It moves messages and knows no controller and no show. A port that is
// unplugged ends its listener with an error and can be opened again.
package midi

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"gitlab.com/gomidi/midi/v2/drivers"
)

var _ drivers.Driver = (*Driver)(nil)

// Driver lists the raw MIDI ports of a machine. Its methods may be called
// from any goroutine.
type Driver struct {
	devices string // folder of the device files: midiC<card>D<device>
	cards   string // folder that names them: card<card>/midi<device>

	mu     sync.Mutex
	opened []*port
}

// New gives the driver for this machine's ALSA devices. Elsewhere than on
// Linux there are none, and it lists no port.
func New() *Driver { return &Driver{devices: "/dev/snd", cards: "/proc/asound"} }

func (d *Driver) String() string { return "ALSA raw MIDI" }

// Ins lists the inputs, by card and device.
func (d *Driver) Ins() ([]drivers.In, error) {
	ports, err := d.list()
	var ins []drivers.In
	for i, p := range ports {
		ins = append(ins, &in{d.port(i, p, os.O_RDONLY)})
	}
	return ins, err
}

// Outs lists the outputs, by card and device.
func (d *Driver) Outs() ([]drivers.Out, error) {
	ports, err := d.list()
	var outs []drivers.Out
	for i, p := range ports {
		outs = append(outs, &out{d.port(i, p, os.O_WRONLY)})
	}
	return outs, err
}

// Close closes every port that is open.
func (d *Driver) Close() error {
	d.mu.Lock()
	ports := d.opened
	d.opened = nil
	d.mu.Unlock()
	var errs []error
	for _, p := range ports {
		errs = append(errs, p.Close())
	}
	return errors.Join(errs...)
}

type found struct {
	name, path   string
	card, device int
	sub          int
}

func (d *Driver) port(number int, f found, flags int) port {
	return port{driver: d, number: number, name: f.name, path: f.path, control: d.control(f.card), sub: f.sub, flags: flags}
}

func (d *Driver) list() ([]found, error) {
	names, err := filepath.Glob(filepath.Join(d.devices, "midiC*D*"))
	if err != nil {
		return nil, err
	}
	var ports []found
	for _, path := range names {
		var f found
		if n, _ := fmt.Sscanf(filepath.Base(path), "midiC%dD%d", &f.card, &f.device); n != 2 {
			continue
		}
		f.path = path
		for f.sub = range d.subdevices(f.card, f.device) {
			if f.name = d.name(f.card, f.device); f.sub > 0 || d.subdevices(f.card, f.device) > 1 {
				if own := subname(d.control(f.card), f.device, f.sub); own != "" {
					f.name = own
				} else if f.sub > 0 {
					f.name = fmt.Sprintf("%s %d", f.name, f.sub+1)
				}
			}
			ports = append(ports, f)
		}
	}
	slices.SortFunc(ports, func(a, b found) int {
		if a.card != b.card {
			return a.card - b.card
		}
		if a.device != b.device {
			return a.device - b.device
		}
		return a.sub - b.sub
	})
	return ports, nil
}

// name is the first line of ALSA's description of the device.
func (d *Driver) name(card, device int) string {
	plain := fmt.Sprintf("MIDI %d.%d", card, device)
	f, err := os.Open(filepath.Join(d.cards, fmt.Sprintf("card%d", card), fmt.Sprintf("midi%d", device)))
	if err != nil {
		return plain
	}
	defer f.Close()
	line, _ := bufio.NewReader(f).ReadString('\n')
	if line = strings.TrimSpace(line); line == "" {
		return plain
	}
	return line
}

// port is what an input and an output share. As gomidi has it, a port is used
// from one goroutine; Driver.Close may close it from another.
type port struct {
	driver *Driver
	number int
	name   string
	path   string
	flags  int

	control string // the card's control device
	sub     int    // which of the device's ports

	mu   sync.Mutex
	file *os.File
}

func (p *port) Number() int    { return p.number }
func (p *port) String() string { return p.name }

// Underlying is the device file; of a device with several ports with # and
// the number of this one behind it.
func (p *port) Underlying() any {
	if p.sub > 0 {
		return fmt.Sprintf("%s#%d", p.path, p.sub)
	}
	return p.path
}

// IsOpen says whether the port is open.
func (p *port) IsOpen() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.file != nil
}

// Open opens the port; an open one stays as it is.
func (p *port) Open() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.file != nil {
		return nil
	}
	// Non-blocking, so that the runtime polls it and Close ends a read.
	f, err := openSub(p.path, p.flags|nonblock, p.control, p.sub)
	if err != nil {
		if errors.Is(err, fs.ErrPermission) {
			return fmt.Errorf("MIDI port %q: %w: add yourself to the group audio", p.name, err)
		}
		return fmt.Errorf("MIDI port %q: %w", p.name, err)
	}
	p.file = f
	p.driver.mu.Lock()
	p.driver.opened = append(p.driver.opened, p)
	p.driver.mu.Unlock()
	return nil
}

// Close closes the port; a closed one stays so.
func (p *port) Close() error {
	p.mu.Lock()
	f := p.file
	p.file = nil
	p.mu.Unlock()
	if f == nil {
		return nil
	}
	p.driver.mu.Lock()
	p.driver.opened = slices.DeleteFunc(p.driver.opened, func(q *port) bool { return q == p })
	p.driver.mu.Unlock()
	return f.Close()
}

func (p *port) opened() *os.File {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.file
}

type out struct{ port }

// Send writes one message.
func (o *out) Send(data []byte) error {
	f := o.opened()
	if f == nil {
		return drivers.ErrPortClosed
	}
	if _, err := f.Write(data); err != nil {
		return fmt.Errorf("MIDI port %q: %w", o.name, err)
	}
	return nil
}

type in struct{ port }

// Listen calls onMsg for each message, from a goroutine of its own, with
// milliseconds on the monotonic clock since Listen. The returned function
// stops it, closes the port and waits until no call is under way; it must not
// be called from onMsg. A port that fails tells config.OnErr, once.
func (i *in) Listen(onMsg func(msg []byte, milliseconds int32), config drivers.ListenConfig) (stop func(), err error) {
	if onMsg == nil {
		return nil, errors.New("MIDI: Listen needs a function for its messages")
	}
	f := i.opened()
	if f == nil {
		return nil, drivers.ErrPortClosed
	}
	start := time.Now()
	var at int32
	reader := drivers.NewReader(config, func(msg []byte, _ int32) {
		if wanted(msg, config) {
			onMsg(msg, at)
		}
	})
	if reader.OnErr == nil {
		reader.OnErr = func(error) {} // a malformed message is left out
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		buf := make([]byte, 256)
		for {
			n, err := f.Read(buf)
			at = int32(time.Since(start).Milliseconds())
			if n > 0 {
				reader.EachMessage(buf[:n], 0)
			}
			if err != nil {
				if !errors.Is(err, os.ErrClosed) && config.OnErr != nil {
					config.OnErr(fmt.Errorf("MIDI port %q: %w", i.name, err))
				}
				return
			}
		}
	}()
	return func() {
		i.Close()
		<-ended
	}, nil
}

// wanted leaves out what the listener did not ask for.
func wanted(msg []byte, c drivers.ListenConfig) bool {
	switch msg[0] {
	case 0xF1, 0xF8:
		return c.TimeCode
	case 0xFE:
		return c.ActiveSense
	}
	return true
}
