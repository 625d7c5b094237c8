package ddp

import (
	"bytes"
	"time"

	"noctiluca/devices/datagram"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// Refresh is how often a stretch that does not change is sent all the same,
// where only changes are: packets get lost, and a display that begins late
// must see the whole.
const Refresh = time.Second

// Part is one output of a stream: where its bytes are in a frame.
type Part struct {
	Index  int // of safety.Frame.Output
	Output *installations.Output
}

// Stream makes the packets of one destination. It belongs to one goroutine.
type Stream struct {
	parts    []Part
	sequence byte
	sent     [][]stretch // of each part
}

// stretch is what was sent last of one packet's bytes.
type stretch struct {
	last []byte
	at   time.Duration
}

// NewStream makes the stream of some outputs to one host.
func NewStream(parts []Part) *Stream {
	s := &Stream{parts: parts, sent: make([][]stretch, len(parts))}
	for i, p := range parts {
		if p.Output.Changes {
			for _, u := range p.Output.Universes {
				s.sent[i] = append(s.sent[i], make([]stretch, (u.Length+MaxData-1)/MaxData)...)
			}
		}
	}
	return s
}

var _ datagram.Coder = (*Stream)(nil)

// Frame implements datagram.Coder. Only the frame's last packet says push.
func (s *Stream) Frame(b *datagram.Batch, f *safety.Frame) {
	var last int // where the flags of the last packet are
	for i := range s.parts {
		o := s.parts[i].Output
		data, n := f.Output(s.parts[i].Index), 0
		kind := byte(TypeUndefined)
		if len(o.Runs) > 0 {
			kind = kindOf(o.Runs)
		}
		for _, u := range o.Universes {
			whole := data[u.Offset : u.Offset+u.Length]
			for at := 0; at < len(whole); at += MaxData {
				piece := whole[at:min(at+MaxData, len(whole))]
				if o.Changes {
					n++
					if !s.sent[i][n-1].due(piece, f.At()) && !f.Final() {
						continue
					}
				}
				if s.sequence++; s.sequence > 15 {
					s.sequence = 1
				}
				last = len(b.Buf)
				b.Buf = Append(b.Buf, &Packet{Sequence: s.sequence, Type: kind, Destination: byte(u.Number), Offset: uint32(at), Data: piece})
				b.Cut()
			}
		}
	}
	if b.Len() > 0 {
		b.Buf[last] |= Push
	}
}

// kindOf is the data type of runs: undefined where pixels differ.
func kindOf(runs []installations.Run) byte {
	first := &runs[0]
	for _, r := range runs {
		if len(r.Order) != len(first.Order) || r.Wide != first.Wide {
			return TypeUndefined
		}
	}
	switch {
	case len(first.Order) == 3 && first.Wide:
		return TypeRGB16
	case len(first.Order) == 4 && first.Wide:
		return TypeRGBW16
	case len(first.Order) == 3:
		return TypeRGB
	case len(first.Order) == 4:
		return TypeRGBW
	}
	return TypeUndefined
}

func (s *stretch) due(now []byte, at time.Duration) bool {
	if s.last != nil && bytes.Equal(s.last, now) && at-s.at < Refresh {
		return false
	}
	s.last, s.at = append(s.last[:0], now...), at
	return true
}

// End implements datagram.Coder. DDP has no word for the end.
func (s *Stream) End(*datagram.Batch) {}
