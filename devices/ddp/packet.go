// Package ddp speaks the Distributed Display Protocol (3waylabs, "Distributed
// Display Protocol"): bytes for a display at an offset, over UDP, and a flag
// that says when to show them. It has no universes, so no pixel is ever cut
// where a universe ends. The packets are apart from any socket.
package ddp

import (
	"encoding/binary"
	"fmt"
)

// Port is DDP's UDP port.
const Port = 4048

// MaxData is the most data of a packet: 480 RGB pixels or 360 RGBW ones,
// which an Ethernet carries whole; of 16 bits half as many.
const MaxData = 1440

// The flags of the first byte; bits 6 and 7 are the version, 1.
const (
	version1  = 0x40
	TimeCode  = 0x10 // a time code of 4 bytes follows the header
	Storage   = 0x08
	Reply     = 0x04
	Query     = 0x02
	Push      = 0x01 // show now what has come
	versions  = 0xc0
	header    = 10
	timecodes = 4
)

// Data types: bits 3 to 5 are the kind of pixel (1 RGB, 3 RGBW), bits 0 to 2
// the size of an element (3: 8 bits, 4: 16 bits).
const (
	TypeUndefined = 0x00
	TypeRGB       = 0x0b
	TypeRGBW      = 0x1b
	TypeRGB16     = 0x0c
	TypeRGBW16    = 0x1c
)

// Destinations that are not a display's own.
const (
	Default = 1
	Control = 246 // JSON
	Config  = 250 // JSON
	Status  = 251 // JSON
	All     = 255
)

// Packet is one packet.
type Packet struct {
	Flags       byte // without the version
	Sequence    byte // 1…15, 0 is not used
	Type        byte
	Destination byte
	Offset      uint32 // of Data in the display, in bytes
	Time        uint32 // with the flag TimeCode
	Data        []byte // at most 65,535 bytes; MaxData in practice
}

// Append appends the packet.
func Append(dst []byte, p *Packet) []byte {
	dst = append(dst, version1|p.Flags&^versions, p.Sequence&0x0f, p.Type, p.Destination)
	dst = binary.BigEndian.AppendUint32(dst, p.Offset)
	dst = append(dst, byte(len(p.Data)>>8), byte(len(p.Data)))
	if p.Flags&TimeCode != 0 {
		dst = binary.BigEndian.AppendUint32(dst, p.Time)
	}
	return append(dst, p.Data...)
}

// Parse reads a packet. Data is a part of b. A query carries no data: its
// length says how much is asked for, and is not checked.
func Parse(b []byte) (Packet, error) {
	if len(b) < header {
		return Packet{}, fmt.Errorf("ddp: %d bytes: a packet has at least %d", len(b), header)
	}
	if v := b[0] & versions; v != version1 {
		return Packet{}, fmt.Errorf("ddp: version %d: expected 1", v>>6)
	}
	p := Packet{Flags: b[0] &^ versions, Sequence: b[1] & 0x0f, Type: b[2], Destination: b[3], Offset: binary.BigEndian.Uint32(b[4:])}
	n, rest := int(binary.BigEndian.Uint16(b[8:])), b[header:]
	if p.Flags&TimeCode != 0 {
		if len(rest) < timecodes {
			return Packet{}, fmt.Errorf("ddp: %d bytes: a packet with a time code has at least %d", len(b), header+timecodes)
		}
		p.Time, rest = binary.BigEndian.Uint32(rest), rest[timecodes:]
	}
	if p.Flags&Query != 0 {
		return p, nil
	}
	if n > len(rest) {
		return Packet{}, fmt.Errorf("ddp: length %d: only %d bytes follow", n, len(rest))
	}
	if uint64(p.Offset)+uint64(n) > 1<<32 {
		return Packet{}, fmt.Errorf("ddp: offset %d with length %d: past the end of 32 bits", p.Offset, n)
	}
	p.Data = rest[:n:n]
	return p, nil
}
