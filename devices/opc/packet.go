// Package opc speaks Open Pixel Control (openpixelcontrol.org) over TCP:
// messages of bytes for a channel. The messages are apart from the socket.
package opc

import "fmt"

// Port is the TCP port that OPC servers use.
const Port = 7890

// The commands.
const (
	SetColours = 0   // 8-bit values of pixels
	Exclusive  = 255 // a maker's own: two bytes of its id follow
)

// MaxData is the most data of a message.
const MaxData = 65535

const header = 4

// Message is one message.
type Message struct {
	Channel byte // 0: all
	Command byte
	Data    []byte
}

// Append appends the message.
func Append(dst []byte, m Message) []byte {
	dst = append(dst, m.Channel, m.Command, byte(len(m.Data)>>8), byte(len(m.Data)))
	return append(dst, m.Data...)
}

// Parse reads the first message of a stream, and gives what comes after it.
// ok is false while the message is not yet whole.
func Parse(b []byte) (m Message, rest []byte, ok bool) {
	if len(b) < header {
		return Message{}, b, false
	}
	n := int(b[2])<<8 | int(b[3])
	if n > len(b)-header {
		return Message{}, b, false
	}
	return Message{b[0], b[1], b[header : header+n : header+n]}, b[header+n:], true
}

func (m Message) String() string {
	return fmt.Sprintf("channel %d, command %d, %d bytes", m.Channel, m.Command, len(m.Data))
}
