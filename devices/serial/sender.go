package serial

import (
	"errors"
	"fmt"
	"time"

	"noctiluca/devices/output"
	"noctiluca/engine/safety"
	"noctiluca/installations"

	port "go.bug.st/serial"
)

// DMX512's line: 250 kbit/s, 8 data bits, 2 stop bits (ANSI E1.11). The break
// is at least 92 µs, the mark after it 12 µs; a USB adapter adds its own time.
const (
	dmxBaud   = 250_000
	dmxBreak  = 110 * time.Microsecond
	dmxMark   = 16 * time.Microsecond
	proBaud   = 57_600 // the DMX USB Pro has a USB bridge: any speed will do
	waitFirst = 250 * time.Millisecond
	waitLast  = 5 * time.Second
)

// Port is what is needed of a serial port; go.bug.st/serial has it.
type Port interface {
	Write(p []byte) (int, error)
	Break(time.Duration) error
	Drain() error
	Close() error
}

// Sender is an output.Sender through one serial port. The port may be pulled
// out and come back: it is opened again.
type Sender struct {
	index  int
	o      *installations.Output
	open   func() (Port, error)
	port   Port
	buf    []byte
	retry  time.Time
	wait   time.Duration
	why    error
	append func(dst, data []byte) []byte
}

var _ output.Sender = (*Sender)(nil)

// NewSender makes the sender of output index of an installation, whose
// protocol is enttec, opendmx, adalight or awa. Nothing is opened yet.
func NewSender(index int, o *installations.Output) (*Sender, error) {
	mode := &port.Mode{BaudRate: o.Baud, DataBits: 8, StopBits: port.OneStopBit}
	s := &Sender{index: index, o: o}
	switch o.Protocol {
	case "enttec":
		mode.BaudRate, s.append = proBaud, AppendEnttec
	case "opendmx":
		mode.BaudRate, mode.StopBits, s.append = dmxBaud, port.TwoStopBits, AppendOpenDMX
	case "adalight":
		s.append = AppendAdalight
	case "awa":
		s.append = AppendAWA
	default:
		return nil, fmt.Errorf("output %s: the protocol %q is not one of a serial port", o.Name, o.Protocol)
	}
	s.open = func() (Port, error) {
		p, err := port.Open(o.Device, mode)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.Device, err)
		}
		return p, nil
	}
	return s, nil
}

// Send implements output.Sender. It takes as long as the line does.
func (s *Sender) Send(f *safety.Frame) (packets, bytes int, err error) {
	if s.port == nil {
		if time.Now().Before(s.retry) {
			return 0, 0, s.why
		}
		p, err := s.open()
		if err != nil {
			s.lost(err)
			return 0, 0, err
		}
		s.port, s.wait = p, 0
	}
	s.buf = s.append(s.buf[:0], f.Output(s.index))
	if s.o.Protocol == "opendmx" {
		if err := s.port.Break(dmxBreak); err != nil {
			s.lost(err)
			return 0, 0, err
		}
		time.Sleep(dmxMark)
	}
	for sent := 0; sent < len(s.buf); {
		n, err := s.port.Write(s.buf[sent:])
		sent += max(n, 0)
		if err == nil && n <= 0 {
			err = errors.New("the port took nothing")
		}
		if err != nil {
			s.lost(fmt.Errorf("%s: %w", s.o.Device, err))
			return 0, sent, s.why
		}
	}
	// The next break must not cut the slots off.
	if s.o.Protocol == "opendmx" {
		if err := s.port.Drain(); err != nil {
			s.lost(err)
			return 0, len(s.buf), err
		}
	}
	return 1, len(s.buf), nil
}

func (s *Sender) lost(err error) {
	if s.port != nil {
		s.port.Close()
		s.port = nil
	}
	s.wait = min(max(2*s.wait, waitFirst), waitLast)
	s.retry, s.why = time.Now().Add(s.wait), err
}

// Close implements output.Sender.
func (s *Sender) Close() error {
	if s.port == nil {
		return nil
	}
	err := s.port.Drain()
	return errors.Join(err, s.port.Close())
}
