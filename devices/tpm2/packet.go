// Package tpm2 speaks TPM2.net: the bytes of a row of LEDs in numbered
// packets over UDP. The packets are apart from any socket.
package tpm2

import (
	"fmt"

	"noctiluca/devices/datagram"
	"noctiluca/engine/safety"
	"noctiluca/installations"
)

// Port is TPM2.net's UDP port.
const Port = 65506

// MaxData is the most data of a packet: 490 RGB pixels, as receivers take them.
const MaxData = 1470

// The block's first, second and last byte.
const (
	start  = 0x9c
	isData = 0xda
	end    = 0x36
	header = 6
)

// Packet is a data packet.
type Packet struct {
	Number, Of byte // from 1; of so many
	Data       []byte
}

// Append appends the packet.
func Append(dst []byte, p Packet) []byte {
	dst = append(dst, start, isData, byte(len(p.Data)>>8), byte(len(p.Data)), p.Number, p.Of)
	dst = append(dst, p.Data...)
	return append(dst, end)
}

// Parse reads a data packet. Data is a part of b.
func Parse(b []byte) (Packet, error) {
	if len(b) < header+1 {
		return Packet{}, fmt.Errorf("tpm2: %d bytes: a packet has at least %d", len(b), header+1)
	}
	if b[0] != start || b[1] != isData {
		return Packet{}, fmt.Errorf("tpm2: block start %02x %02x: expected 9c da", b[0], b[1])
	}
	n := int(b[2])<<8 | int(b[3])
	if n > len(b)-header-1 {
		return Packet{}, fmt.Errorf("tpm2: frame length %d: only %d bytes follow", n, len(b)-header-1)
	}
	if b[header+n] != end {
		return Packet{}, fmt.Errorf("tpm2: block end %02x after %d bytes: expected 36", b[header+n], n)
	}
	if b[4] == 0 || b[4] > b[5] {
		return Packet{}, fmt.Errorf("tpm2: packet number %d of %d: expected 1…%d", b[4], b[5], b[5])
	}
	return Packet{Number: b[4], Of: b[5], Data: b[header : header+n : header+n]}, nil
}

// Stream makes the packets of one output. It keeps nothing.
type Stream struct {
	Index  int // of safety.Frame.Output
	Output *installations.Output
}

var _ datagram.Coder = (*Stream)(nil)

// Frame implements datagram.Coder.
func (s *Stream) Frame(b *datagram.Batch, f *safety.Frame) {
	data := f.Output(s.Index)
	of := (len(data) + MaxData - 1) / MaxData
	for n := range of {
		b.Buf = Append(b.Buf, Packet{Number: byte(n + 1), Of: byte(of), Data: data[n*MaxData : min((n+1)*MaxData, len(data))]})
		b.Cut()
	}
}

// End implements datagram.Coder. TPM2.net has no word for the end.
func (s *Stream) End(*datagram.Batch) {}
