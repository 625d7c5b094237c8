// Package kinet speaks KiNET of Color Kinetics' power supplies over UDP: DMX
// out, for those of one universe, and port out, for those of several ports.
// The layout is that of OLA's plugins/kinet/KiNetNode.cpp, which has it from
// the wire: the protocol is not published. The packets are apart from any
// socket.
package kinet

import (
	"encoding/binary"
	"fmt"

	"noctiluca/devices/datagram"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// Port is KiNET's UDP port.
const Port = 6038

const (
	magic       = 0x0401dc4a
	version     = 0x0100
	typeDmxOut  = 0x0101
	typePortOut = 0x0801
	headDmx     = 21 // up to and with the start code
	headPort    = 24
	anyUniverse = 0xffffffff
)

// Slots is the most channels of a packet; least is the fewest that a supply
// takes by port out.
const (
	Slots = 512
	least = 24
)

func appendHead(dst []byte, kind uint16) []byte {
	dst = binary.BigEndian.AppendUint32(dst, magic)
	dst = binary.BigEndian.AppendUint16(dst, version)
	dst = binary.BigEndian.AppendUint16(dst, kind)
	return binary.BigEndian.AppendUint32(dst, 0) // sequence: every sender leaves it at 0
}

// AppendDmxOut appends a DMX out packet of at most 512 channels.
func AppendDmxOut(dst, data []byte) []byte {
	dst = appendHead(dst, typeDmxOut)
	dst = append(dst, 0, 0, 0, 0) // port, flags, timer
	dst = binary.BigEndian.AppendUint32(dst, anyUniverse)
	dst = append(dst, 0) // start code
	return append(dst, data...)
}

// AppendPortOut appends a port out packet for a port, 1…16, of at most 512
// channels; fewer than 24 are filled up with zeros.
func AppendPortOut(dst []byte, port byte, data []byte) []byte {
	n := max(len(data), least)
	dst = appendHead(dst, typePortOut)
	dst = binary.BigEndian.AppendUint32(dst, anyUniverse)
	dst = append(dst, port, 0, 0, 0, byte(n>>8), byte(n), 0, 0) // padding, flags; length; start code
	dst = append(dst, data...)
	for range n - len(data) {
		dst = append(dst, 0)
	}
	return dst
}

// Packet is what was read of a packet.
type Packet struct {
	PortOut bool
	Port    byte
	Data    []byte
}

// Parse reads a packet of either kind. Data is a part of b.
func Parse(b []byte) (Packet, error) {
	if len(b) < headDmx {
		return Packet{}, fmt.Errorf("kinet: %d bytes: a packet has at least %d", len(b), headDmx)
	}
	if m := binary.BigEndian.Uint32(b); m != magic {
		return Packet{}, fmt.Errorf("kinet: magic %08x: expected %08x", m, uint32(magic))
	}
	switch kind := binary.BigEndian.Uint16(b[6:]); kind {
	case typeDmxOut:
		if len(b) > headDmx+Slots {
			return Packet{}, fmt.Errorf("kinet: DMX out of %d channels: expected at most %d", len(b)-headDmx, Slots)
		}
		return Packet{Port: b[12], Data: b[headDmx:]}, nil
	case typePortOut:
		if len(b) < headPort {
			return Packet{}, fmt.Errorf("kinet: port out of %d bytes: expected at least %d", len(b), headPort)
		}
		n := int(binary.BigEndian.Uint16(b[20:]))
		if n > Slots || n > len(b)-headPort {
			return Packet{}, fmt.Errorf("kinet: port out: length %d: expected at most %d, and %d bytes follow", n, Slots, len(b)-headPort)
		}
		return Packet{PortOut: true, Port: b[16], Data: b[headPort : headPort+n : headPort+n]}, nil
	default:
		return Packet{}, fmt.Errorf("kinet: type %04x: expected 0101 or 0801", kind)
	}
}

// Part is one output of a stream: where its bytes are in a frame.
type Part struct {
	Index  int // of safety.Frame.Output
	Output *installations.Output
}

// Stream makes the packets of one supply: a port for each universe, by its
// number, or DMX out. It keeps nothing.
type Stream struct {
	Parts []Part
	DMX   bool
}

var _ datagram.Coder = (*Stream)(nil)

// Frame implements datagram.Coder.
func (s *Stream) Frame(b *datagram.Batch, f *safety.Frame) {
	for _, p := range s.Parts {
		data := f.Output(p.Index)
		for _, u := range p.Output.Universes {
			if s.DMX {
				b.Buf = AppendDmxOut(b.Buf, data[u.Offset:u.Offset+u.Length])
			} else {
				b.Buf = AppendPortOut(b.Buf, byte(u.Number), data[u.Offset:u.Offset+u.Length])
			}
			b.Cut()
		}
	}
}

// End implements datagram.Coder. KiNET has no word for the end.
func (s *Stream) End(*datagram.Batch) {}
