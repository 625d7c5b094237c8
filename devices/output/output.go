// Package output is what all outputs share: the mailbox between the engine
// and a device, which always holds the newest frame and never makes the
// engine wait, the goroutine that empties it, and the counters of both.
//
// It knows no protocol: a protocol package gives it a Sender.
package output

import (
	"time"

	"noctiluca/engine/safety"
)

// Sender puts one frame on a wire. Its methods are called from one goroutine.
type Sender interface {
	// Send sends the frame's bytes and returns how many packets and bytes
	// went out. It must not keep f.
	Send(f *safety.Frame) (packets, bytes int, err error)
	// Close ends the stream as the protocol wants it ended (sACN: three
	// packets with the stream-terminated flag) and closes the socket.
	Close() error
}

// Health is what a Sender also is whose protocol hears from its device.
// Device may be called from any goroutine.
type Health interface {
	Device() Device
}

// Device is what is known of the machine at the other end. The zero value
// says that nothing is: most protocols only speak.
type Device struct {
	Seen      time.Time     // last sign of life
	RoundTrip time.Duration // of the last question and its answer; 0 unknown
	State     string        // in the device's own words
	Wrong     bool          // State is one that people should see to
}

// Stats counts what an output did. Counters only grow.
type Stats struct {
	Frames, Packets, Bytes uint64
	Dropped                uint64 // frames that a newer one replaced before they were sent
	Errors                 uint64
	LastError              string
	LastSent               time.Time
	Device                 Device
}
