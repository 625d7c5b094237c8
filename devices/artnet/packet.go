// Package artnet speaks Art-Net 4 (Artistic Licence, Art-Net 4 protocol
// release): the packets as bytes, apart from any socket, and the stream of
// one destination.
//
// Art-Net carries universes of up to 512 channels over UDP, each under a
// 15-bit port address: Net (7 bits), Sub-Net (4) and Universe (4).
package artnet

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Port is Art-Net's UDP port, 0x1936.
const Port = 6454

// version is the protocol version that every packet but ArtPollReply carries.
const version = 14

// Slots is the most channels of a universe.
const Slots = 512

// OpCode says what a packet is.
type OpCode uint16

// The packets that are known here.
const (
	OpPoll      OpCode = 0x2000
	OpPollReply OpCode = 0x2100
	OpDmx       OpCode = 0x5000
	OpNzs       OpCode = 0x5100
	OpSync      OpCode = 0x5200
	OpAddress   OpCode = 0x6000
	OpTimeCode  OpCode = 0x9700
)

func (o OpCode) String() string {
	switch o {
	case OpPoll:
		return "ArtPoll"
	case OpPollReply:
		return "ArtPollReply"
	case OpDmx:
		return "ArtDmx"
	case OpNzs:
		return "ArtNzs"
	case OpSync:
		return "ArtSync"
	case OpAddress:
		return "ArtAddress"
	case OpTimeCode:
		return "ArtTimeCode"
	}
	return fmt.Sprintf("opcode 0x%04x", uint16(o))
}

var magic = []byte("Art-Net\x00")

// head is the length of ID, OpCode and protocol version.
const head = 12

func appendHead(dst []byte, op OpCode) []byte {
	dst = append(dst, magic...)
	return append(dst, byte(op), byte(op>>8), version>>8, version&0xff)
}

// Op says what a datagram is. It refuses what is not Art-Net, and a protocol
// version below 14, as the standard asks.
func Op(b []byte) (OpCode, error) {
	if len(b) < 10 {
		return 0, fmt.Errorf("artnet: %d bytes: a packet has at least 10", len(b))
	}
	if !bytes.Equal(b[:8], magic) {
		return 0, fmt.Errorf("artnet: ID %q: expected %q", b[:8], magic)
	}
	op := OpCode(binary.LittleEndian.Uint16(b[8:]))
	if op == OpPollReply {
		return op, nil // it carries no version
	}
	if len(b) < head {
		return 0, fmt.Errorf("artnet: %v of %d bytes: expected at least %d", op, len(b), head)
	}
	if v := binary.BigEndian.Uint16(b[10:]); v < version {
		return 0, fmt.Errorf("artnet: %v of protocol version %d: expected %d or later", op, v, version)
	}
	return op, nil
}

// expect checks that b is a packet of that kind, of at least that length.
func expect(b []byte, want OpCode, least int) error {
	op, err := Op(b)
	if err != nil {
		return err
	}
	if op != want {
		return fmt.Errorf("artnet: %v: expected %v", op, want)
	}
	if len(b) < least {
		return fmt.Errorf("artnet: %v of %d bytes: expected at least %d", op, len(b), least)
	}
	return nil
}

// Dmx is an ArtDmx packet: the levels of one universe.
type Dmx struct {
	Sequence byte   // 1…255 running, for each port address; 0 is not used
	Physical byte   // the input port it came in by; for information only
	Address  uint16 // port address, 0…32767
	Data     []byte // 1…512 channels
}

// AppendDmx appends the packet. The standard wants an even length: an odd one
// gets a channel more, which is 0.
func AppendDmx(dst []byte, d Dmx) []byte {
	n := len(d.Data) + len(d.Data)&1
	dst = appendHead(dst, OpDmx)
	dst = append(dst, d.Sequence, d.Physical, byte(d.Address), byte(d.Address>>8)&0x7f, byte(n>>8), byte(n))
	dst = append(dst, d.Data...)
	if len(d.Data)&1 == 1 {
		dst = append(dst, 0)
	}
	return dst
}

// ParseDmx reads an ArtDmx packet. Data is a part of b. An odd length, which
// the standard forbids and some send, is taken.
func ParseDmx(b []byte) (Dmx, error) {
	if err := expect(b, OpDmx, 18); err != nil {
		return Dmx{}, err
	}
	data, err := levels(b, OpDmx)
	if err != nil {
		return Dmx{}, err
	}
	return Dmx{Sequence: b[12], Physical: b[13], Address: address(b), Data: data}, nil
}

// address reads SubUni and Net. Bit 15 is not a part of the address.
func address(b []byte) uint16 { return uint16(b[14]) | uint16(b[15]&0x7f)<<8 }

// levels gives the data of ArtDmx and ArtNzs, which lie alike.
func levels(b []byte, op OpCode) ([]byte, error) {
	n := int(binary.BigEndian.Uint16(b[16:]))
	if n < 1 || n > Slots {
		return nil, fmt.Errorf("artnet: %v: Length %d: expected 1…%d", op, n, Slots)
	}
	if n > len(b)-18 {
		return nil, fmt.Errorf("artnet: %v: Length %d: only %d bytes follow", op, n, len(b)-18)
	}
	return b[18 : 18+n : 18+n], nil
}

// Nzs is an ArtNzs packet: data of a start code that is not 0.
type Nzs struct {
	Sequence  byte
	StartCode byte // not 0
	Address   uint16
	Data      []byte // 1…512 bytes
}

// AppendNzs appends the packet.
func AppendNzs(dst []byte, z Nzs) []byte {
	dst = appendHead(dst, OpNzs)
	dst = append(dst, z.Sequence, z.StartCode, byte(z.Address), byte(z.Address>>8)&0x7f, byte(len(z.Data)>>8), byte(len(z.Data)))
	return append(dst, z.Data...)
}

// ParseNzs reads an ArtNzs packet. Data is a part of b.
func ParseNzs(b []byte) (Nzs, error) {
	if err := expect(b, OpNzs, 18); err != nil {
		return Nzs{}, err
	}
	if b[13] == 0 {
		return Nzs{}, fmt.Errorf("artnet: ArtNzs: start code 0: levels come by ArtDmx")
	}
	data, err := levels(b, OpNzs)
	if err != nil {
		return Nzs{}, err
	}
	return Nzs{Sequence: b[12], StartCode: b[13], Address: address(b), Data: data}, nil
}

// AppendSync appends an ArtSync packet: nodes show what came before it at once.
func AppendSync(dst []byte) []byte { return append(appendHead(dst, OpSync), 0, 0) }

// ParseSync checks an ArtSync packet.
func ParseSync(b []byte) error { return expect(b, OpSync, head) }
