package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"noctiluca/devices/recording"
	"noctiluca/devices/transport"
)

var _ transport.Deck = (*recording.Source)(nil)

// hands opens what moves a recording that plays: the keys of a terminal, and
// OSC. It gives where the status goes, and what ends it all.
func (c *playCommand) hands(ctx context.Context, stop context.CancelFunc, p *program, source *recording.Source) (*progress, func(), error) {
	shown := &progress{to: p.stdout, at: source.At}
	if f, ok := p.stdout.(*os.File); ok {
		shown.width = func() int { return transport.Width(f) }
	}
	var ends sync.WaitGroup
	if err := listenable("--osc", c.OSC); err != nil {
		return nil, nil, err
	}
	if c.OSC != "off" && c.OSC != "" {
		socket, err := (&net.ListenConfig{}).ListenPacket(ctx, "udp", c.OSC)
		if err != nil {
			return nil, nil, unheard(err, "--osc gives another address, or off.")
		}
		p.log(fmt.Sprintf("listening on %v for %s…", socket.LocalAddr(), transport.Prefix))
		ends.Go(func() {
			if transport.Serve(ctx, socket, source) {
				stop()
			}
		})
	}
	var keys *transport.Terminal
	if c.Keys {
		keys = transport.OpenTerminal(os.Stdin)
	}
	if keys == nil {
		return shown, func() { stop(); ends.Wait(); shown.end() }, nil
	}
	p.log("keys: " + transport.Help)
	ends.Go(func() {
		var read transport.Keys
		keys.Read(ctx, func(b []byte) bool {
			if read.Feed(b, source) {
				stop()
				return true
			}
			// A frame later it has been done.
			time.AfterFunc(60*time.Millisecond, shown.again)
			return false
		})
	})
	return shown, func() { stop(); ends.Wait(); keys.Close(); shown.end() }, nil
}

// progress is where the status of a recording goes: to a file a line a second,
// with where it is; in a terminal one line, which is written over. Any
// goroutine may write.
type progress struct {
	to    io.Writer
	at    func() recording.State
	width func() int // of the terminal; 0 or nil: it is none

	mu   sync.Mutex
	last string // of the status
	open bool   // the line of a terminal has not ended
}

// Write implements io.Writer. One line is the status of a second; several are
// for keeping.
func (s *progress) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch line := bytes.TrimSuffix(b, []byte("\n")); {
	case bytes.IndexByte(line, '\n') >= 0:
		s.close()
		return s.to.Write(b)
	case s.columns() == 0:
		if _, err := fmt.Fprintf(s.to, "%s  %s\n", where(s.at()), line); err != nil {
			return 0, err
		}
	default:
		s.last = string(line)
		s.draw()
	}
	return len(b), nil
}

func (s *progress) columns() int {
	if s.width == nil {
		return 0
	}
	return s.width()
}

// again draws the line of a terminal anew.
func (s *progress) again() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open && s.columns() > 0 {
		s.draw()
	}
}

func (s *progress) draw() {
	line := []rune(where(s.at()) + "  " + s.last)
	if n := s.columns() - 1; len(line) > n {
		line = line[:max(n, 0)]
	}
	fmt.Fprintf(s.to, "\r%s\x1b[K", string(line))
	s.open = true
}

// close ends the line.
func (s *progress) close() {
	if s.open {
		fmt.Fprintln(s.to)
		s.open = false
	}
}

func (s *progress) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.close()
}

// where says in words where a recording is.
func where(a recording.State) string {
	state := "plays"
	if a.Paused {
		state = "paused"
	}
	of := ""
	if a.Items > 1 {
		of = fmt.Sprintf(" %d/%d", a.Item+1, a.Items)
	}
	s := fmt.Sprintf("%-6s%s %s %s / %s", state, of, filepath.Base(a.Name), clockOf(a.Position), clockOf(a.Length))
	if a.Speed != 1 {
		s += fmt.Sprintf(" ×%.3g", a.Speed)
	}
	return s
}

// clockOf writes a length of time as a player's clock does.
func clockOf(d time.Duration) string {
	n := int(d / time.Second)
	if n >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", n/3600, n/60%60, n%60)
	}
	return fmt.Sprintf("%d:%02d", n/60, n%60)
}
