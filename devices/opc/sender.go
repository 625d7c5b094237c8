package opc

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"noctiluca/devices/datagram"
	"noctiluca/devices/output"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// Waits of a connection.
const (
	dialLimit  = 3 * time.Second
	writeLimit = time.Second // a server that takes nothing for so long is given up
	waitFirst  = 250 * time.Millisecond
	waitLast   = 5 * time.Second
)

// Part is one output of a connection: where its bytes are in a frame.
type Part struct {
	Index  int // of safety.Frame.Output
	Output *installations.Output
}

// Sender is an output.Sender over one TCP connection, made again when it
// breaks. It is connected aside, so that a server that is not there delays
// no frame.
type Sender struct {
	parts []Part
	host  *datagram.Host
	size  int // of a frame's messages
	buf   []byte

	conn    net.Conn
	dialled chan dialled // holds one: the outcome of the attempt under way
	dialing bool
	retry   time.Time
	wait    time.Duration
	why     error
}

type dialled struct {
	conn net.Conn
	err  error
}

var _ output.Sender = (*Sender)(nil)

// NewSender makes the sender of some outputs to one host. Nothing is
// connected yet, so it cannot fail.
func NewSender(parts []Part, host *datagram.Host) *Sender {
	s := &Sender{parts: parts, host: host, dialled: make(chan dialled, 1)}
	for _, p := range parts {
		for _, u := range p.Output.Universes {
			s.size += 4 + u.Length
		}
	}
	return s
}

// connected gives the connection, or begins to make one. While the first
// attempt is under way it gives neither a connection nor an error.
func (s *Sender) connected() (net.Conn, error) {
	if s.conn != nil {
		return s.conn, nil
	}
	if s.dialing {
		select {
		case d := <-s.dialled:
			s.dialing = false
			if d.err == nil {
				s.conn, s.wait, s.why = d.conn, 0, nil
				return s.conn, nil
			}
			s.lost(d.err)
		default:
		}
		return nil, s.why
	}
	to, err := s.host.Address()
	if err != nil {
		return nil, err
	}
	if time.Now().Before(s.retry) {
		return nil, s.why
	}
	s.dialing = true
	go dial(to, s.size, s.dialled)
	return nil, s.why
}

// dial connects. The kernel keeps about two frames for a server that is slow
// to take them: left to itself it would keep megabytes, and light would come
// seconds after its time. What waits here instead is replaced by the newest.
func dial(to netip.AddrPort, frame int, done chan<- dialled) {
	c, err := net.DialTimeout("tcp", to.String(), dialLimit)
	if t, ok := c.(*net.TCPConn); ok && err == nil {
		_ = t.SetNoDelay(true)
		_ = t.SetWriteBuffer(max(2*frame, 16<<10))
	}
	done <- dialled{c, err}
}

func (s *Sender) lost(err error) {
	if s.conn != nil {
		s.conn.Close()
		s.conn = nil
	}
	s.wait = min(max(2*s.wait, waitFirst), waitLast)
	s.retry, s.why = time.Now().Add(s.wait), err
}

// Send implements output.Sender.
func (s *Sender) Send(f *safety.Frame) (packets, bytes int, err error) {
	if f.Final() {
		// The black frame is worth a wait for a connection under way.
		for limit := time.Now().Add(time.Second); s.dialing && time.Now().Before(limit); time.Sleep(5 * time.Millisecond) {
			if conn, _ := s.connected(); conn != nil {
				break
			}
		}
	}
	conn, err := s.connected()
	if conn == nil {
		return 0, 0, err
	}
	s.buf = s.buf[:0]
	for _, p := range s.parts {
		data := f.Output(p.Index)
		for _, u := range p.Output.Universes {
			s.buf = Append(s.buf, Message{Channel: byte(u.Number), Command: SetColours, Data: data[u.Offset : u.Offset+u.Length]})
			packets++
		}
	}
	_ = conn.SetWriteDeadline(time.Now().Add(writeLimit))
	n, err := conn.Write(s.buf)
	if err != nil {
		// A part of a message may be out: what follows would be misread.
		s.lost(err)
		return 0, n, err
	}
	return packets, n, nil
}

// Close implements output.Sender. OPC has no word for the end.
func (s *Sender) Close() error {
	s.host.Close()
	if s.dialing {
		go func() { // it comes to an end by its own time limit
			if d := <-s.dialled; d.conn != nil {
				d.conn.Close()
			}
		}()
	}
	if s.conn == nil {
		return nil
	}
	if err := s.conn.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}
