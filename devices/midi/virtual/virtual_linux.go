package virtual

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Open makes a port. What is written to hands arrives at path, and what is
// written to path, as lights, can be read from hands. Closing hands is
// pulling the cable.
func Open() (hands *os.File, path string, err error) {
	// Non-blocking, so that closing it ends a read.
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, "", fmt.Errorf("no pseudo-terminal for a virtual MIDI port: %w", err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	var tio *unix.Termios
	if err == nil {
		tio, err = unix.IoctlGetTermios(fd, unix.TCGETS)
	}
	if err == nil {
		// Raw: bytes are bytes, and go through one by one.
		tio.Iflag, tio.Oflag, tio.Lflag = 0, 0, 0
		tio.Cc[unix.VMIN], tio.Cc[unix.VTIME] = 1, 0
		err = unix.IoctlSetTermios(fd, unix.TCSETS, tio)
	}
	if err != nil {
		unix.Close(fd)
		return nil, "", fmt.Errorf("virtual MIDI port: %w", err)
	}
	return os.NewFile(uintptr(fd), "/dev/ptmx"), fmt.Sprintf("/dev/pts/%d", n), nil
}

// Pipe makes a port at a path that only takes messages in: a FIFO. What is
// written to hands arrives at once, where a pseudo-terminal hands it on by a
// thread of the kernel's that a busy machine lets wait; so it is for
// measurements.
func Pipe(path string) (hands *os.File, err error) {
	if err := unix.Mkfifo(path, 0o600); err != nil {
		return nil, fmt.Errorf("virtual MIDI port %s: %w", path, err)
	}
	// Open both ways, so that a reader does not see the end of it.
	return os.OpenFile(path, os.O_RDWR|unix.O_NONBLOCK, 0)
}
