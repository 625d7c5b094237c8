//go:build linux

package midi

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gitlab.com/gomidi/midi/v2"

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

// TestRawWire plays a controller through the raw driver: bytes in, lights
// out, the cable out and in again.
func TestRawWire(t *testing.T) {
	d := machine(t, "MIDI Mix")
	os.Remove(filepath.Join(d.devices, "midiC0D0"))
	r := start(t)
	h := connect(t, r, d)
	w := plugWire(t, d)
	contains := func(m ...byte) func() bool {
		return func() bool {
			s := w.bytes()
			for i := 0; i+len(m) <= len(s); i++ {
				if s[i:i+len(m)] == string(m) {
					return true
				}
			}
			return false
		}
	}
	eventually(t, "the lights", contains(0x90, 3, 127))
	if _, err := w.master.Write(midi.NoteOn(0, 1, 127)); err != nil { // channel 1's mute
		t.Fatal(err)
	}
	eventually(t, "the mute's light", contains(0x90, 1, 127))
	w.master.Close()
	eventually(t, "the end of the connection", func() bool { s := h.Surfaces(); return len(s) == 1 && !s[0].Connected })
	time.Sleep(20 * time.Millisecond)
	w = plugWire(t, d)
	eventually(t, "the lights again", contains(0x90, 1, 127))
	if r.look().To[r.Channels[0].Mute] != 1 {
		t.Error("the mute was lost with the cable")
	}
	if _, err := w.master.Write(midi.NoteOn(0, 1, 127)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the mute off", func() bool { return r.look().To[r.Channels[0].Mute] == 0 })
	w.master.Close()
}
