//go:build cgo && (darwin || windows)

package midi

import (
	"gitlab.com/gomidi/midi/v2/drivers"
	"gitlab.com/gomidi/midi/v2/drivers/rtmididrv"
)

// Ports gives the driver for this machine's MIDI ports: gomidi's on RtMidi,
// where the program is built with a C compiler.
func Ports() drivers.Driver {
	d, err := rtmididrv.New()
	if err != nil {
		return New() // which has no port, and says so
	}
	return d
}
