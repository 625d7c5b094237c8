//go:build linux

package midi

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"noctiluca/devices/midi/virtual"
)

// wire is a device file with somebody at its other end: a pseudo-terminal in
// raw mode, which the file midiC0D0 leads to.
type wire struct {
	master *os.File
	mu     sync.Mutex
	got    []byte
}

func plugWire(t *testing.T, d *Driver) *wire {
	t.Helper()
	m, tty, err := virtual.Open()
	if err != nil {
		t.Skip(err)
	}
	path := filepath.Join(d.devices, "midiC0D0")
	os.Remove(path)
	if err := os.Symlink(tty, path); err != nil {
		t.Fatal(err)
	}
	w := &wire{master: m}
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := m.Read(b)
			w.mu.Lock()
			w.got = append(w.got, b[:n]...)
			w.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return w
}

func (w *wire) bytes() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(w.got)
}

// TestRawWire plays each controller through the raw driver: bytes in, lights
// out, the cable out and in again.
func TestRawWire(t *testing.T) {
	for _, c := range played {
		t.Run(c.device, func(t *testing.T) {
			d := machine(t, c.name)
			os.Remove(filepath.Join(d.devices, "midiC0D0"))
			r := start(t)
			h := connect(t, r, d)
			w := plugWire(t, d)
			shines := func() bool {
				s := w.bytes()
				for i := 0; i+3 <= len(s); i++ {
					if lit([]byte(s[i:i+3]), c.light) {
						return true
					}
				}
				return false
			}
			eventually(t, "the lights", func() bool { return len(w.bytes()) > 60 })
			if s := w.bytes(); c.start != 0 && (s[0] != 0xF0 || s[1] != c.start) {
				t.Errorf("the first bytes are % x, not the start message", s[:2])
			}
			if _, err := w.master.Write(c.press); err != nil {
				t.Fatal(err)
			}
			eventually(t, "what it does", func() bool { return c.does(r.look(), r.Registry) })
			eventually(t, "its light", shines)
			w.master.Close()
			eventually(t, "the end of the connection", func() bool { s := h.Surfaces(); return len(s) == 1 && !s[0].Connected })
			time.Sleep(20 * time.Millisecond)
			w = plugWire(t, d)
			eventually(t, "the lights again", shines)
			if !c.does(r.look(), r.Registry) {
				t.Error("what was pressed was lost with the cable")
			}
			if _, err := w.master.Write(c.press); err != nil {
				t.Fatal(err)
			}
			eventually(t, "it off again", func() bool { return !c.does(r.look(), r.Registry) })
			w.master.Close()
		})
	}
}
