// Package datagram carries the packets of one output over UDP: a frame's
// packets in one buffer, the name of the host looked up aside, as few system
// calls as the machine allows, and the packets spread over a part of the
// frame so that a small controller's queue does not overflow.
//
// It knows no protocol. A protocol is a Coder, which is pure: a frame's bytes
// and the engine's time in, packets out.
package datagram

import (
	"net/netip"

	"noctiluca/engine/safety"
)

// Coder turns frames into the packets of a protocol. It keeps what the
// protocol counts (sequences, what was sent last) and belongs to one goroutine.
type Coder interface {
	// Frame adds the packets of a frame. The engine's time f.At() is the only
	// clock. What makes a whole frame show at once comes last.
	Frame(b *Batch, f *safety.Frame)
	// End adds the packets with which a stream ends, if it has any.
	End(b *Batch)
}

// Batch is packets laid one after another in one buffer, so that many can go
// to the kernel in one call. The zero value is empty and ready.
type Batch struct {
	// Buf is what coders append to. Every packet is finished by Cut or CutTo.
	Buf   []byte
	parts []part
}

type part struct {
	end int
	to  netip.AddrPort // not valid: the output's own host
}

// Reset empties the batch and keeps its memory.
func (b *Batch) Reset() { b.Buf, b.parts = b.Buf[:0], b.parts[:0] }

// Cut ends a packet for the output's own host.
func (b *Batch) Cut() { b.CutTo(netip.AddrPort{}) }

// CutTo ends a packet for an address of its own, e.g. a multicast group.
func (b *Batch) CutTo(to netip.AddrPort) { b.parts = append(b.parts, part{len(b.Buf), to}) }

// Len is how many packets there are.
func (b *Batch) Len() int { return len(b.parts) }

// Packet gives packet i and where it goes; the address is not valid when that
// is the output's own host.
func (b *Batch) Packet(i int) ([]byte, netip.AddrPort) {
	from := 0
	if i > 0 {
		from = b.parts[i-1].end
	}
	return b.Buf[from:b.parts[i].end:b.parts[i].end], b.parts[i].to
}

// Limits of segmentation offload: the kernel's UDP_MAX_SEGMENTS (64 before
// Linux 6.9, 128 since) and the largest UDP payload over IPv4, with room for
// IPv6's header.
const (
	maxSegments = 64
	maxTrain    = 65535 - 8 - 40
)

// train gives how many packets from packet i on can be handed over as one
// buffer for the kernel to cut into equal parts: they go to one place, and
// all have the first one's length except the last, which may be shorter.
func (b *Batch) train(i, limit int) int {
	first, to := b.Packet(i)
	size, total, n := len(first), len(first), 1
	for n < maxSegments && n < limit && i+n < len(b.parts) {
		next, nextTo := b.Packet(i + n)
		if nextTo != to || len(next) > size || total+len(next) > maxTrain {
			break
		}
		n++
		total += len(next)
		if len(next) < size {
			break
		}
	}
	return n
}
