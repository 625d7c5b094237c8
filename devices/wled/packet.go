// Package wled speaks to WLED controllers: light by its UDP realtime protocol
// (kno.wled.ge, "UDP Realtime"), and their state by its JSON interface. The
// packets are apart from any socket.
//
// A WLED knows the colour order of its LEDs: what it is sent is RGB or RGBW.
package wled

import "fmt"

// Port is WLED's UDP port for realtime light.
const Port = 21324

// Protocol is the first byte of a packet.
type Protocol byte

// The protocols.
const (
	WARLS  Protocol = 1 // each pixel with its index, 0…255
	DRGB   Protocol = 2 // from the first pixel on
	DRGBW  Protocol = 3
	DNRGB  Protocol = 4 // from a pixel named on
	DNRGBW Protocol = 5
)

// The most pixels of a packet: what an Ethernet carries whole.
const (
	MaxWARLS  = 255
	MaxDRGB   = 490
	MaxDRGBW  = 367
	MaxDNRGB  = 489
	MaxDNRGBW = 367
)

// Packet is one packet.
type Packet struct {
	Protocol Protocol
	Timeout  byte   // seconds until the controller plays its own again; 255 never
	Start    uint16 // first pixel, of DNRGB and DNRGBW
	Data     []byte // 3 bytes a pixel; 4 with W; of WARLS 4, the index first
}

// width is the bytes of a pixel.
func (p Protocol) width() int {
	switch p {
	case DRGB, DNRGB:
		return 3
	case WARLS, DRGBW, DNRGBW:
		return 4
	}
	return 0
}

// most is the most pixels of a packet.
func (p Protocol) most() int {
	switch p {
	case WARLS:
		return MaxWARLS
	case DRGB:
		return MaxDRGB
	case DRGBW:
		return MaxDRGBW
	case DNRGB:
		return MaxDNRGB
	case DNRGBW:
		return MaxDNRGBW
	}
	return 0
}

// Append appends the packet.
func Append(dst []byte, p Packet) []byte {
	dst = append(dst, byte(p.Protocol), p.Timeout)
	if p.Protocol >= DNRGB {
		dst = append(dst, byte(p.Start>>8), byte(p.Start))
	}
	return append(dst, p.Data...)
}

// Parse reads a packet. Data is a part of b.
func Parse(b []byte) (Packet, error) {
	if len(b) < 2 {
		return Packet{}, fmt.Errorf("wled: %d bytes: a packet has at least 2", len(b))
	}
	p := Packet{Protocol: Protocol(b[0]), Timeout: b[1], Data: b[2:]}
	width := p.Protocol.width()
	if width == 0 {
		return Packet{}, fmt.Errorf("wled: protocol %d: expected 1…5", b[0])
	}
	if p.Protocol >= DNRGB {
		if len(b) < 4 {
			return Packet{}, fmt.Errorf("wled: protocol %d of %d bytes: expected at least 4", b[0], len(b))
		}
		p.Start, p.Data = uint16(b[2])<<8|uint16(b[3]), b[4:]
	}
	if len(p.Data)%width != 0 {
		return Packet{}, fmt.Errorf("wled: protocol %d: %d bytes of pixels: expected a multiple of %d", b[0], len(p.Data), width)
	}
	if n := len(p.Data) / width; n > p.Protocol.most() {
		return Packet{}, fmt.Errorf("wled: protocol %d: %d pixels: expected at most %d", b[0], n, p.Protocol.most())
	}
	return p, nil
}
