package datagram

import (
	"time"

	"noctiluca/devices/output"
	"noctiluca/engine/safety"
)

// finals is how often the black frame at the end of a run is sent: UDP loses
// packets, and nothing follows that would mend it.
const finals = 3

// Sender is an output.Sender made of a coder and a link.
type Sender struct {
	coder Coder
	link  *Link
	over  time.Duration
	batch Batch
}

var _ output.Sender = (*Sender)(nil)

// NewSender joins a coder and a link. A frame's packets are spread over that
// time; 0 sends them at once.
func NewSender(c Coder, l *Link, over time.Duration) *Sender {
	return &Sender{coder: c, link: l, over: over}
}

// Send implements output.Sender.
func (s *Sender) Send(f *safety.Frame) (packets, bytes int, err error) {
	s.batch.Reset()
	s.coder.Frame(&s.batch, f)
	packets, bytes, err = s.link.Send(&s.batch, s.over)
	if f.Final() && packets > 0 {
		for range finals - 1 {
			time.Sleep(2 * time.Millisecond)
			s.batch.Reset()
			s.coder.Frame(&s.batch, f)
			p, b, e := s.link.Send(&s.batch, s.over)
			packets, bytes, err = packets+p, bytes+b, first(err, e)
		}
	}
	return packets, bytes, err
}

// Close implements output.Sender: it sends what ends the stream.
func (s *Sender) Close() error {
	s.batch.Reset()
	s.coder.End(&s.batch)
	_, _, err := s.link.Send(&s.batch, s.over)
	return first(err, s.link.Close())
}
