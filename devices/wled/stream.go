package wled

import (
	"time"

	"noctiluca/devices/datagram"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// Stream makes the packets of one output, in the form that the output names.
// It belongs to one goroutine.
type Stream struct {
	Index  int // of safety.Frame.Output
	Output *installations.Output

	// Of WARLS, which sends changes: what the controller should have, and when
	// it last got the whole.
	last  []byte
	whole time.Duration
}

var _ datagram.Coder = (*Stream)(nil)

// Frame implements datagram.Coder.
func (s *Stream) Frame(b *datagram.Batch, f *safety.Frame) {
	if s.Output.Realtime == "warls" {
		s.indexed(b, f)
		return
	}
	s.row(b, f)
}

// row sends one packet from the first pixel on where that is enough, packets
// with their first pixel otherwise.
func (s *Stream) row(b *datagram.Batch, f *safety.Frame) {
	data, timeout := f.Output(s.Index), byte(s.Output.Timeout)
	whole, parts := DRGB, DNRGB
	if len(s.Output.Runs) > 0 && len(s.Output.Runs[0].Order) == 4 {
		whole, parts = DRGBW, DNRGBW
	}
	width := whole.width()
	data = data[:len(data)/width*width]
	if len(data) <= whole.most()*width {
		b.Buf = Append(b.Buf, Packet{Protocol: whole, Timeout: timeout, Data: data})
		b.Cut()
		return
	}
	step := parts.most() * width
	for at := 0; at < len(data); at += step {
		b.Buf = Append(b.Buf, Packet{Protocol: parts, Timeout: timeout, Start: uint16(at / width), Data: data[at:min(at+step, len(data))]})
		b.Cut()
	}
}

// MaxIndexed is the most pixels that WARLS reaches: its index is one byte.
const MaxIndexed = 256

// refresh is how often WARLS sends every pixel, changed or not: packets get
// lost, a controller may begin late, and one that hears nothing for its
// timeout plays its own again. With a timeout of a second it is half of one.
func (s *Stream) refresh() time.Duration {
	return min(time.Second, time.Duration(s.Output.Timeout)*time.Second/2)
}

// indexed sends the pixels that changed, each with its index, and all of them
// now and then and at the end. Pixels beyond the last index are left out:
// opening an installation refuses them.
func (s *Stream) indexed(b *datagram.Batch, f *safety.Frame) {
	data := f.Output(s.Index)
	n := min(len(data)/3, MaxIndexed)
	data = data[:3*n]
	all := len(s.last) != len(data) || f.Final() || f.At()-s.whole >= s.refresh() || f.At() < s.whole
	if all {
		s.last, s.whole = append(s.last[:0], data...), f.At()
	}
	records := 0 // of the packet that is open
	for i := range n {
		now, last := data[3*i:3*i+3], s.last[3*i:3*i+3]
		if !all && now[0] == last[0] && now[1] == last[1] && now[2] == last[2] {
			continue
		}
		copy(last, now)
		if records == MaxWARLS {
			b.Cut()
			records = 0
		}
		if records == 0 {
			b.Buf = append(b.Buf, byte(WARLS), byte(s.Output.Timeout))
		}
		b.Buf = append(b.Buf, byte(i), now[0], now[1], now[2])
		records++
	}
	if records > 0 {
		b.Cut()
	}
}

// End implements datagram.Coder: a packet without pixels and a wait of
// nothing gives the controller back to itself.
func (s *Stream) End(b *datagram.Batch) {
	b.Buf = Append(b.Buf, Packet{Protocol: DRGB, Timeout: 0})
	b.Cut()
}
