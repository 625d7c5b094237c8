//go:build !linux && !darwin

package transport

import (
	"context"
	"os"
)

// Terminal is not there on this system: keys are read on Linux and macOS.
type Terminal struct{}

// OpenTerminal gives nil.
func OpenTerminal(*os.File) *Terminal { return nil }

// Read returns at once.
func (*Terminal) Read(context.Context, func([]byte) bool) {}

// Close does nothing.
func (*Terminal) Close() {}

// Width is 0: nothing is a terminal.
func Width(*os.File) int { return 0 }
