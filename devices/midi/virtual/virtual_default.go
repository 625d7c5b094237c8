//go:build !linux

package virtual

import (
	"errors"
	"os"
)

// Open makes a port; there is none but on Linux.
func Open() (hands *os.File, path string, err error) {
	return nil, "", errors.New("a virtual MIDI port needs Linux")
}

// Pipe makes a port that only takes messages in; there is none but on Linux.
func Pipe(string) (*os.File, error) { return nil, errors.New("a virtual MIDI port needs Linux") }
