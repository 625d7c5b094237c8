// Package serial sends light through serial ports: to the DMX interfaces
// Enttec DMX USB Pro and Open DMX, and to microcontrollers that drive LEDs by
// Adalight or AWA. The packets are apart from the port.
package serial

import "fmt"

// MaxSlots is the most channels of a DMX universe.
const MaxSlots = 512

// Of Enttec's "DMX USB Pro Widget API".
const (
	enttecStart = 0x7e
	enttecEnd   = 0xe7
	sendDMX     = 6  // label "Output Only Send DMX Packet Request"
	enttecLeast = 24 // channels that a packet has at least
)

// AppendEnttec appends the message that sends a universe by a DMX USB Pro.
// Fewer than 24 channels are filled up with zeros, which the widget asks for.
func AppendEnttec(dst, data []byte) []byte {
	n := 1 + max(len(data), enttecLeast)
	dst = append(dst, enttecStart, sendDMX, byte(n), byte(n>>8), 0) // start code 0
	dst = append(dst, data...)
	for range n - 1 - len(data) {
		dst = append(dst, 0)
	}
	return append(dst, enttecEnd)
}

// ParseEnttec reads a message: its label and its data.
func ParseEnttec(b []byte) (label byte, data []byte, err error) {
	if len(b) < 5 || b[0] != enttecStart {
		return 0, nil, fmt.Errorf("enttec: a message begins with 7e and has at least 5 bytes; this has %d", len(b))
	}
	n := int(b[2]) | int(b[3])<<8
	if n > 600 || n > len(b)-5 {
		return 0, nil, fmt.Errorf("enttec: data length %d: expected at most 600, and %d bytes are there", n, len(b)-5)
	}
	if b[4+n] != enttecEnd {
		return 0, nil, fmt.Errorf("enttec: %02x after the data: expected e7", b[4+n])
	}
	return b[1], b[4 : 4+n], nil
}

// AppendOpenDMX appends what follows the break on the line: the start code
// and the slots.
func AppendOpenDMX(dst, data []byte) []byte { return append(append(dst, 0), data...) }

// appendCount appends the header that Adalight and AWA share: a word of three
// letters, the number of LEDs less one, and its check.
func appendCount(dst []byte, word string, leds int) []byte {
	high, low := byte((leds-1)>>8), byte(leds-1)
	dst = append(dst, word...)
	return append(dst, high, low, high^low^0x55)
}

// AppendAdalight appends a frame of RGB pixels for Adalight (Adafruit's
// LEDstream). data has three bytes for each of 1…65,536 LEDs.
func AppendAdalight(dst, data []byte) []byte {
	return append(appendCount(dst, "Ada", len(data)/3), data...)
}

// AppendAWA appends a frame of RGB pixels for AWA, HyperHDR's protocol, whose
// checks let a controller drop a frame that was damaged.
func AppendAWA(dst, data []byte) []byte {
	dst = append(appendCount(dst, "Awa", len(data)/3), data...)
	one, two, three := fletcher(data)
	return append(dst, one, two, three)
}

// fletcher gives AWA's checks: Fletcher's sums modulo 255, and one that also
// depends on the place, modulo 256, of each byte. The last one is never 0x41,
// which would look like the beginning of a frame.
func fletcher(data []byte) (one, two, three byte) {
	var a, b, c uint
	for i, v := range data {
		c = (c + uint(v^byte(i))) % 255
		a = (a + uint(v)) % 255
		b = (b + a) % 255
	}
	if c == 0x41 {
		c = 0xaa
	}
	return byte(a), byte(b), byte(c)
}

// ParseLEDs reads a frame of Adalight or AWA.
func ParseLEDs(b []byte) (awa bool, data []byte, err error) {
	if len(b) < 6 || string(b[:3]) != "Ada" && string(b[:3]) != "Awa" {
		return false, nil, fmt.Errorf("adalight: a frame begins with Ada or Awa and has at least 6 bytes; this has %d", len(b))
	}
	if check := b[3] ^ b[4] ^ 0x55; b[5] != check {
		return false, nil, fmt.Errorf("adalight: the check of the count is %02x: expected %02x", b[5], check)
	}
	awa = b[1] == 'w'
	n := 3 * (int(b[3])<<8 | int(b[4]) + 1)
	more := 0
	if awa {
		more = 3
	}
	if n+more > len(b)-6 {
		return awa, nil, fmt.Errorf("adalight: %d LEDs: only %d bytes follow", n/3, len(b)-6)
	}
	data = b[6 : 6+n]
	if awa {
		if one, two, three := fletcher(data); b[6+n] != one || b[7+n] != two || b[8+n] != three {
			return awa, nil, fmt.Errorf("awa: the checks are % x: expected %02x %02x %02x", b[6+n:9+n], one, two, three)
		}
	}
	return awa, data, nil
}
