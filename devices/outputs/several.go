package outputs

import (
	"noctiluca/devices/datagram"
	"noctiluca/engine/safety"
)

// several is the coders of one destination, one after another.
type several []datagram.Coder

var _ datagram.Coder = several(nil)

// Frame implements datagram.Coder.
func (s several) Frame(b *datagram.Batch, f *safety.Frame) {
	for _, c := range s {
		c.Frame(b, f)
	}
}

// End implements datagram.Coder.
func (s several) End(b *datagram.Batch) {
	for _, c := range s {
		c.End(b)
	}
}
