package midi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"gitlab.com/gomidi/midi/v2"
	"gitlab.com/gomidi/midi/v2/drivers"
)

// List writes the ports there are, one a line.
func List(w io.Writer, d drivers.Driver) error {
	ins, err := d.Ins()
	if err != nil {
		return err
	}
	if len(ins) == 0 {
		hint := "plug a controller in"
		if runtime.GOOS == "linux" {
			hint += ", or load the kernel module snd-virmidi to try without one"
		}
		_, err = fmt.Fprintln(w, "no MIDI port: "+hint)
		return err
	}
	for _, in := range ins {
		if _, err = fmt.Fprintf(w, "%2d  %s  %v\n", in.Number(), in, in.Underlying()); err != nil {
			return err
		}
	}
	return nil
}

// Monitor writes every message of every input until ctx is done, or until no
// port is left.
func Monitor(ctx context.Context, w io.Writer, d drivers.Driver) error {
	ins, err := d.Ins()
	if err != nil {
		return err
	}
	if len(ins) == 0 {
		return errors.New("no MIDI port: plug a controller in")
	}
	var mu sync.Mutex
	say := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(w, format, args...)
	}
	gone := make(chan struct{}, len(ins))
	left := 0
	for _, in := range ins {
		if err := in.Open(); err != nil {
			say("%v\n", err)
			continue
		}
		say("listening to %v\n", in)
		stop, err := in.Listen(func(msg []byte, ms int32) {
			say("%9.3f s  %s  %v\n", float64(ms)/1000, in, midi.Message(msg))
		}, drivers.ListenConfig{SysEx: true, TimeCode: true, OnErr: func(err error) {
			say("%v\n", err)
			gone <- struct{}{}
		}})
		if err != nil {
			say("%v\n", err)
			continue
		}
		defer stop()
		left++
	}
	for left > 0 {
		select {
		case <-ctx.Done():
			return nil
		case <-gone:
			left--
		}
	}
	return errors.New("no MIDI port could be read")
}
