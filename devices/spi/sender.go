package spi

import (
	"fmt"
	"time"

	"noctiluca/devices/output"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// Bus is an open SPI device.
type Bus interface {
	// Write clocks bytes out. More than Limit at once fails.
	Write(p []byte) error
	// Limit is the most bytes of a Write.
	Limit() int
	Close() error
}

const (
	waitFirst = 250 * time.Millisecond
	waitLast  = 5 * time.Second
)

// Sender is an output.Sender on one bus. The device is opened when the first
// frame comes, and again when it fails.
type Sender struct {
	index int
	o     *installations.Output
	open  func() (Bus, error)
	bus   Bus
	buf   []byte
	retry time.Time
	wait  time.Duration
	why   error
	now   func() time.Time // the clock of the retries
}

var _ output.Sender = (*Sender)(nil)

// NewSender makes the sender of output index of an installation.
func NewSender(index int, o *installations.Output) *Sender {
	clock := o.Clock
	if clock == 0 {
		clock = Clock(o.Chip)
	}
	return &Sender{index: index, o: o, now: time.Now, open: func() (Bus, error) { return open(o.Device, clock) }}
}

// Send implements output.Sender.
func (s *Sender) Send(f *safety.Frame) (packets, bytes int, err error) {
	if s.bus == nil {
		if s.now().Before(s.retry) {
			return 0, 0, s.why
		}
		b, err := s.open()
		if err != nil {
			return 0, 0, s.lost(err)
		}
		s.bus, s.wait = b, 0
	}
	s.buf = Append(s.buf[:0], s.o.Chip, f.Output(s.index), s.o.Brightness)
	limit := s.bus.Limit()
	if s.o.Chip == WS2812 && len(s.buf) > limit {
		// A pause between two transfers would end the frame.
		return 0, 0, fmt.Errorf("%s: %d bytes for the bus, which takes %d at once: load spidev with bufsiz=%d (on the kernel's command line: spidev.bufsiz=%d)", s.o.Device, len(s.buf), limit, 65536, 65536)
	}
	for at := 0; at < len(s.buf); at += limit {
		n := min(limit, len(s.buf)-at)
		if err := s.bus.Write(s.buf[at : at+n]); err != nil {
			return packets, bytes, s.lost(err)
		}
		packets, bytes = packets+1, bytes+n
	}
	if s.o.Chip == WS2801 {
		time.Sleep(600 * time.Microsecond)
	}
	return packets, bytes, nil
}

func (s *Sender) lost(err error) error {
	if s.bus != nil {
		s.bus.Close()
		s.bus = nil
	}
	s.wait = min(max(2*s.wait, waitFirst), waitLast)
	s.retry, s.why = s.now().Add(s.wait), fmt.Errorf("%s: %w", s.o.Device, err)
	return s.why
}

// Close implements output.Sender.
func (s *Sender) Close() error {
	if s.bus == nil {
		return nil
	}
	return s.bus.Close()
}
