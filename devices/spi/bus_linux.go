package spi

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Of linux/spi/spidev.h: _IOW('k', 0, char[32]) for one transfer, and the
// numbers of the settings.
const (
	iocMessage1     = 0x40206b00
	iocWrMode       = 0x40016b01
	iocWrBits       = 0x40016b03
	iocWrMaxSpeedHz = 0x40046b04
)

// transfer is struct spi_ioc_transfer.
type transfer struct {
	tx, rx         uint64
	length, speed  uint32
	delay          uint16
	bits, csChange uint8
	txBits, rxBits uint8
	wordDelay, pad uint8
}

// bus is a spidev device.
type bus struct {
	f     *os.File
	speed uint32
	limit int
}

// open opens a device in mode 0, 8 bits a word.
func open(name string, clock int) (Bus, error) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	b := &bus{f: f, speed: uint32(clock), limit: bufsiz()}
	mode, bits := uint8(0), uint8(8)
	if err := errors.Join(b.control(iocWrMode, unsafe.Pointer(&mode)), b.control(iocWrBits, unsafe.Pointer(&bits)),
		b.control(iocWrMaxSpeedHz, unsafe.Pointer(&b.speed))); err != nil {
		f.Close()
		return nil, fmt.Errorf("this is no SPI device, or it cannot run at %d Hz: %w", clock, err)
	}
	return b, nil
}

func (b *bus) control(request uintptr, arg unsafe.Pointer) error {
	if _, _, e := unix.Syscall(unix.SYS_IOCTL, b.f.Fd(), request, uintptr(arg)); e != 0 {
		return e
	}
	return nil
}

// Write implements Bus.
func (b *bus) Write(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	var pin runtime.Pinner
	pin.Pin(&p[0])
	defer pin.Unpin()
	t := transfer{tx: uint64(uintptr(unsafe.Pointer(&p[0]))), length: uint32(len(p)), speed: b.speed, bits: 8}
	return b.control(iocMessage1, unsafe.Pointer(&t))
}

// Limit implements Bus.
func (b *bus) Limit() int { return b.limit }

// Close implements Bus.
func (b *bus) Close() error { return b.f.Close() }

// bufsiz is what the driver takes at once: 4096 unless it was told otherwise.
func bufsiz() int {
	if text, err := os.ReadFile("/sys/module/spidev/parameters/bufsiz"); err == nil {
		if n, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil && n > 0 {
			return n
		}
	}
	return 4096
}
