//go:build linux || darwin

package transport

import (
	"context"
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// Terminal is a terminal whose keys arrive one by one and are not shown.
// Interrupt and the other signals of the keyboard stay what they are.
type Terminal struct {
	fd    int
	saved unix.Termios
	again chan os.Signal
}

// OpenTerminal takes a terminal, or gives nil: for a file or a pipe, and where
// we play in its background, whose keys belong to somebody else.
func OpenTerminal(f *os.File) *Terminal {
	t := &Terminal{fd: int(f.Fd()), again: make(chan os.Signal, 1)}
	tio, err := unix.IoctlGetTermios(t.fd, getTermios)
	if err != nil || !t.ours() {
		return nil
	}
	t.saved = *tio
	if t.take() != nil {
		return nil
	}
	// A shell that had us stopped has set the terminal as it likes it.
	signal.Notify(t.again, unix.SIGCONT)
	return t
}

// ours says whether we are in the foreground: in the background, touching a
// terminal stops a program.
func (t *Terminal) ours() bool {
	group, err := unix.IoctlGetInt(t.fd, unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

func (t *Terminal) take() error {
	tio := t.saved
	tio.Lflag &^= unix.ICANON | unix.ECHO
	tio.Cc[unix.VMIN], tio.Cc[unix.VTIME] = 1, 0
	return unix.IoctlSetTermios(t.fd, setTermios, &tio)
}

// Read hands over keys until the context ends, the terminal does, or f says
// that it is enough.
func (t *Terminal) Read(ctx context.Context, f func([]byte) (enough bool)) {
	buf := make([]byte, 64)
	for ctx.Err() == nil {
		select {
		case <-t.again:
			if t.ours() {
				t.take()
			}
		default:
		}
		p := []unix.PollFd{{Fd: int32(t.fd), Events: unix.POLLIN}}
		n, err := unix.Poll(p, 100)
		if err == unix.EINTR || err == nil && n == 0 {
			continue
		}
		if err != nil || p[0].Revents&unix.POLLIN == 0 {
			return // it is gone
		}
		if !t.ours() { // sent to the background since
			select {
			case <-ctx.Done():
			case <-t.again:
				t.again <- unix.SIGCONT
			}
			continue
		}
		n, err = unix.Read(t.fd, buf)
		if err == unix.EINTR || err == unix.EAGAIN {
			continue
		}
		if err != nil || n == 0 || f(buf[:n]) {
			return
		}
	}
}

// Close gives the terminal back as it was.
func (t *Terminal) Close() {
	signal.Stop(t.again)
	if t.ours() {
		unix.IoctlSetTermios(t.fd, setTermios, &t.saved)
	}
}

// Width is how many columns a terminal has; 0 for what is none.
func Width(f *os.File) int {
	if _, err := unix.IoctlGetTermios(int(f.Fd()), getTermios); err != nil {
		return 0
	}
	w, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil || w.Col == 0 {
		return 80
	}
	return int(w.Col)
}
