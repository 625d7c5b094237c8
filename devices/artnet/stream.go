package artnet

import (
	"bytes"
	"net/netip"
	"slices"
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
	failsafe  Failsafe // 0: nothing is told
	film      Film
	code      int64 // frames of the film that were told; -1 none
	coded     bool
	to        func(address uint16) []netip.AddrPort // nil: all goes to the stream's host
	reached   []netip.AddrPort                      // by the present frame
	universes []universe
}

type universe struct {
	sequence byte
	sent     time.Duration
	last     []byte // what was sent last, where only changes are sent
}

// NewStream makes the stream of some outputs to one destination.
func NewStream(parts []Part) *Stream {
	s := &Stream{parts: parts, code: -1}
	for _, p := range parts {
		s.sync = s.sync || p.Output.Sync
		if f, ok := failsafes[p.Output.Failsafe]; ok {
			s.failsafe = f
		}
		if f, ok := films[p.Output.TimeCode]; ok {
			s.film, s.coded = f, true
		}
		for range p.Output.Universes {
			s.universes = append(s.universes, universe{})
		}
	}
	return s
}

// NewRouted makes the stream of some outputs to whoever subscribes each
// universe; to gives them, and its answer may change from frame to frame.
func NewRouted(parts []Part, to func(address uint16) []netip.AddrPort) *Stream {
	s := NewStream(parts)
	s.to, s.failsafe = to, 0 // who finds the nodes tells them
	return s
}

var _ datagram.Coder = (*Stream)(nil)

// Frame implements datagram.Coder.
func (s *Stream) Frame(b *datagram.Batch, f *safety.Frame) {
	k := 0
	s.reached = s.reached[:0]
	if s.failsafe != 0 {
		b.Buf = AppendFailsafe(b.Buf, s.failsafe, 0)
		b.Cut()
		s.failsafe = 0 // nodes keep it, in a memory that wears
	}
	data0 := b.Len()
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
			d := Dmx{Sequence: state.sequence, Address: uint16(u.Number), Data: levels}
			if s.to == nil {
				b.Buf = AppendDmx(b.Buf, d)
				b.Cut()
				continue
			}
			for _, to := range s.to(d.Address) {
				b.Buf = AppendDmx(b.Buf, d)
				b.CutTo(to)
				if !slices.Contains(s.reached, to) {
					s.reached = append(s.reached, to)
				}
			}
		}
	}
	// Without new data there is nothing to show; but a node that heard no
	// ArtSync for 4 s goes back to showing at once, so keep-alives carry one.
	if s.sync && b.Len() > data0 {
		s.each(b, AppendSync)
	}
	if s.coded {
		if n := CountAt(int64(f.At()), s.film); n != s.code {
			s.code = n
			s.each(b, func(dst []byte) []byte { return AppendTimeCode(dst, CodeOf(n, s.film)) })
		}
	}
}

// each adds a packet for everybody that the frame reaches.
func (s *Stream) each(b *datagram.Batch, packet func([]byte) []byte) {
	if s.to == nil {
		b.Buf = packet(b.Buf)
		b.Cut()
		return
	}
	for _, to := range s.reached {
		b.Buf = packet(b.Buf)
		b.CutTo(to)
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
