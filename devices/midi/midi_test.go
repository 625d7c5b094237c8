//go:build unix

package midi

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"gitlab.com/gomidi/midi/v2"
	"gitlab.com/gomidi/midi/v2/drivers"
)

// machine is a made-up machine: FIFOs stand for the device files, as a
// controller's two directions.
func machine(t *testing.T, names ...string) *Driver {
	t.Helper()
	d := &Driver{devices: t.TempDir(), cards: t.TempDir()}
	for i, name := range names {
		if err := syscall.Mkfifo(filepath.Join(d.devices, fmt.Sprintf("midiC%dD0", i)), 0o600); err != nil {
			t.Fatal(err)
		}
		card := filepath.Join(d.cards, fmt.Sprintf("card%d", i))
		if err := os.Mkdir(card, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(card, "midi0"), []byte(name+"\n\nOutput 0\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestPortsAreNamed(t *testing.T) {
	d := machine(t, "APC40 mkII", "MIDI Mix")
	if err := os.WriteFile(filepath.Join(d.devices, "midiCxDy"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := List(&b, d); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "APC40 mkII") || !strings.Contains(lines[1], "MIDI Mix") {
		t.Errorf("listed:\n%s", b.String())
	}
	b.Reset()
	if err := List(&b, &Driver{devices: t.TempDir()}); err != nil || !strings.Contains(b.String(), "plug a controller in") {
		t.Errorf("with no port: %q, %v", b.String(), err)
	}
}

// TestSeveralPorts: a device whose description has several ports is listed
// as several, each with a name and a file of its own.
func TestSeveralPorts(t *testing.T) {
	d := machine(t, "Launchpad X", "MIDI Mix")
	text := "Launchpad X\n\nOutput 0\n  Tx bytes     : 0\nOutput 1\n  Tx bytes     : 0\nInput 0\n  Rx bytes     : 0\nInput 1\n  Rx bytes     : 0\n"
	if err := os.WriteFile(filepath.Join(d.cards, "card0", "midi0"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ins, err := d.Ins()
	if err != nil || len(ins) != 3 {
		t.Fatalf("%v, %v", ins, err)
	}
	outs, _ := d.Outs()
	for i, want := range []string{"Launchpad X", "Launchpad X 2", "MIDI Mix"} {
		if ins[i].String() != want || ins[i].Number() != i || outs[i].Underlying() != ins[i].Underlying() {
			t.Errorf("port %d is %s, %v", i, ins[i], ins[i].Underlying())
		}
		for k := range outs {
			if partner(ins[i], outs[k]) != (i == k) {
				t.Errorf("%s and %s are partners: %v", ins[i], outs[k], i != k)
			}
		}
	}
	if u := ins[1].Underlying().(string); !strings.HasSuffix(u, "midiC0D0#1") {
		t.Errorf("the second port lies on %s", u)
	}
}

// TestMessages plays bytes as a controller sends them (split anywhere, with
// running status, clock bytes in between) and compares with gomidi's own
// constructors.
func TestMessages(t *testing.T) {
	d := machine(t, "test")
	ins, err := d.Ins()
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan midi.Message, 16)
	if _, err := ins[0].Listen(func([]byte, int32) {}, drivers.ListenConfig{}); err != drivers.ErrPortClosed {
		t.Errorf("listening to a closed port: %v", err)
	}
	if err := ins[0].Open(); err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 1)
	// A FIFO's reader sees its end before a writer opens it: open that first.
	w, err := os.OpenFile(ins[0].Underlying().(string), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	stop, err := ins[0].Listen(func(m []byte, ms int32) {
		if ms < 0 {
			t.Errorf("time %d ms", ms)
		}
		got <- midi.Message(append([]byte(nil), m...))
	}, drivers.ListenConfig{SysEx: true, OnErr: func(err error) { failed <- err }})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range [][]byte{{0x93}, {60, 100, 0xF8}, {0x93, 60, 0}, {0xB0, 7, 0xFE, 64}, {0xF0, 1, 2}, {3, 0xF7}, {0xE0, 0, 64}} {
		if _, err := w.Write(part); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Millisecond)
	}
	for _, want := range []midi.Message{
		midi.NoteOn(3, 60, 100), midi.NoteOn(3, 60, 0), midi.ControlChange(0, 7, 64), midi.SysEx([]byte{1, 2, 3}), midi.Pitchbend(0, 0),
	} {
		select {
		case m := <-got:
			if string(m) != string(want) {
				t.Errorf("got %v (% x), want %v (% x)", m, []byte(m), want, []byte(want))
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("no message; want %v", want)
		}
	}
	w.Close() // the cable comes loose
	select {
	case err := <-failed:
		if !strings.Contains(err.Error(), `"test"`) {
			t.Errorf("the error does not name the port: %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("a port that went away tells nobody")
	}
	stop()
	if ins[0].IsOpen() {
		t.Error("the port is still open")
	}
}

func TestSend(t *testing.T) {
	d := machine(t, "test")
	outs, err := d.Outs()
	if err != nil {
		t.Fatal(err)
	}
	if err := outs[0].Send([]byte{0x90, 1, 2}); err != drivers.ErrPortClosed {
		t.Errorf("sending to a closed port: %v", err)
	}
	r, err := os.OpenFile(outs[0].Underlying().(string), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := outs[0].Open(); err != nil {
		t.Fatal(err)
	}
	want := []byte{0x90, 60, 127}
	if err := outs[0].Send(want); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 8)
	n, err := r.Read(b)
	if err != nil || string(b[:n]) != string(want) {
		t.Errorf("read % x, %v", b[:n], err)
	}
}

func TestMonitorEndsWithItsContext(t *testing.T) {
	d := machine(t, "test")
	w, err := os.OpenFile(filepath.Join(d.devices, "midiC0D0"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	lines := make(chan string, 8)
	ended := make(chan error)
	go func() { ended <- Monitor(ctx, writer(lines), d) }()
	if _, err := w.Write(midi.ControlChange(2, 14, 99)); err != nil {
		t.Fatal(err)
	}
	if line := <-lines; line != "listening to test\n" {
		t.Errorf("the monitor begins with %q", line)
	}
	if line := <-lines; !strings.Contains(line, "controller: 14") || !strings.Contains(line, "test") {
		t.Errorf("the monitor says %q", line)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

type writer chan string

func (w writer) Write(b []byte) (int, error) { w <- string(b); return len(b), nil }
