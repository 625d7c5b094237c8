package artnet

import (
	"bytes"
	"time"

	"noctiluca/devices/datagram"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// Refresh is how often a universe that does not change is sent all the same,
// where only changes are: the standard wants it within 4 s, and packets get lost.
const Refresh = 1500 * time.Millisecond

// Part is one output of a stream: where its bytes are in a frame.
type Part struct {
	Index  int // of safety.Frame.Output
	Output *installations.Output
}

// Stream makes the packets of one destination: the universes of one or more
// outputs, and an ArtSync after all of them if any wants one. It belongs to
// one goroutine.
//
// The standard has ArtSync broadcast. All nodes of a venue would then change
// when the first destination's data is out, so here it goes to the
// destination itself, after its own data.
type Stream struct {
	parts     []Part
	sync      bool
	universes []universe
}

type universe struct {
	sequence byte
	sent     time.Duration
	last     []byte // what was sent last, where only changes are sent
}

// NewStream makes the stream of some outputs to one destination.
func NewStream(parts []Part) *Stream {
	s := &Stream{parts: parts}
	for _, p := range parts {
		s.sync = s.sync || p.Output.Sync
		for range p.Output.Universes {
			s.universes = append(s.universes, universe{})
		}
	}
	return s
}

var _ datagram.Coder = (*Stream)(nil)

// Frame implements datagram.Coder.
func (s *Stream) Frame(b *datagram.Batch, f *safety.Frame) {
	k := 0
	for _, p := range s.parts {
		data := f.Output(p.Index)
		for _, u := range p.Output.Universes {
			state := &s.universes[k]
			k++
			levels := data[u.Offset : u.Offset+u.Length]
			if p.Output.Changes && !state.due(levels, f.At()) && !f.Final() {
				continue
			}
			if state.sequence++; state.sequence == 0 {
				state.sequence = 1 // 0 would say that sequences are not used
			}
			b.Buf = AppendDmx(b.Buf, Dmx{Sequence: state.sequence, Address: uint16(u.Number), Data: levels})
			b.Cut()
		}
	}
	// Without new data there is nothing to show; but a node that heard no
	// ArtSync for 4 s goes back to showing at once, so keep-alives carry one.
	if s.sync && b.Len() > 0 {
		b.Buf = AppendSync(b.Buf)
		b.Cut()
	}
}

// due: whether a universe has to be sent, and notes that it is.
func (u *universe) due(levels []byte, now time.Duration) bool {
	if u.last != nil && bytes.Equal(u.last, levels) && now-u.sent < Refresh {
		return false
	}
	u.last = append(u.last[:0], levels...)
	u.sent = now
	return true
}

// End implements datagram.Coder. Art-Net has no word for the end.
func (s *Stream) End(*datagram.Batch) {}
