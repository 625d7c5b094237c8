package outputs

import (
	"bytes"
	"io"
	"os"
	"strconv"
	"testing"
	"time"

	"noctiluca/installations"

	"golang.org/x/sys/unix"
)

// pty opens a pseudo-terminal: the device's end, and the name of ours.
func pty(t *testing.T) (*os.File, string) {
	t.Helper()
	device, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("pseudo-terminals (/dev/ptmx) are missing:", err)
	}
	t.Cleanup(func() { device.Close() })
	if err := unix.IoctlSetPointerInt(int(device.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(device.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	return device, "/dev/pts/" + strconv.Itoa(n)
}

// TestSerial: what arrives at the other end of a pseudo-terminal is the
// frame, framed as each protocol wants it.
func TestSerial(t *testing.T) {
	for _, c := range []struct {
		protocol   string
		head, tail int
	}{{"enttec", 5, 1}, {"adalight", 6, 0}, {"awa", 6, 3}, {"opendmx", 1, 0}} {
		t.Run(c.protocol, func(t *testing.T) {
			device, name := pty(t)
			inst := strip(100, 3, installations.Output{Name: "a", Protocol: c.protocol, Device: name, Baud: 115200})
			f, r := play(t, inst)
			got := make([]byte, c.head+300+c.tail)
			read := make(chan error, 1)
			go func() { _, err := io.ReadFull(device, got); read <- err }()
			select {
			case err := <-read:
				if err != nil {
					t.Fatal(err)
				}
			case <-time.After(30 * time.Second):
				t.Fatalf("nothing came: %+v", r.Stats())
			}
			if !bytes.Equal(got[c.head:c.head+300], f.Output(0)) {
				t.Errorf("got %x…", got[:20])
			}
		})
	}
}
