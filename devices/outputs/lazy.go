package outputs

import (
	"time"

	"noctiluca/devices/output"
	"noctiluca/engine/safety"
)

// lazy is a sender whose network interface may not be there yet: it is opened
// when the first frame comes, and tried again until it works. Its methods,
// Device aside, belong to one goroutine.
type lazy struct {
	open  func() (output.Sender, error)
	s     output.Sender
	retry time.Time
	why   error
}

var _ output.Sender = (*lazy)(nil)

// again is how long to wait before an interface is looked for once more.
const again = 2 * time.Second

// Send implements output.Sender.
func (l *lazy) Send(f *safety.Frame) (packets, bytes int, err error) {
	if l.s == nil {
		if time.Now().Before(l.retry) {
			return 0, 0, l.why
		}
		if l.s, l.why = l.open(); l.why != nil {
			l.s, l.retry = nil, time.Now().Add(again)
			return 0, 0, l.why
		}
	}
	return l.s.Send(f)
}

// Close implements output.Sender.
func (l *lazy) Close() error {
	if l.s == nil {
		return nil
	}
	return l.s.Close()
}
