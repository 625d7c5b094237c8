package transport

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"noctiluca/devices/osc"
)

// Prefix is how the addresses of messages begin:
//
//	/noctiluca/play/pause           holds, or goes on; with 1 or true, 0 or false: holds, goes on
//	/noctiluca/play/seek SECONDS    to a position in the present item
//	/noctiluca/play/skip SECONDS    so far on, or back
//	/noctiluca/play/speed FACTOR    times real time
//	/noctiluca/play/item NUMBER     of the playlist, from 1
//	/noctiluca/play/next, /noctiluca/play/previous
//	/noctiluca/play/stop            ends
const Prefix = "/noctiluca/play/"

// Take does what a datagram says. It gives how many of its messages meant
// something here, and whether one of them is the end. A datagram that is not
// OSC does nothing.
func Take(datagram []byte, d Deck) (understood int, stop bool) {
	if osc.Check(datagram) != nil {
		return 0, false
	}
	var r osc.Decoder
	for r.Reset(datagram); r.Next(); {
		m := r.Message()
		what, ours := strings.CutPrefix(string(m.Address), Prefix)
		if !ours {
			continue
		}
		a := m.Arguments()
		first, given := a.Next()
		n, number := 0.0, false
		if given {
			n, number = first.Number()
			number = number && n == n // not NaN
		}
		seconds := time.Duration(min(max(n, -1e6), 1e6) * float64(time.Second))
		switch {
		case what == "pause" && !given:
			d.Pause()
		case what == "pause":
			yes, ok := first.Truth()
			if !ok {
				continue
			}
			d.Hold(yes)
		case what == "seek" && number:
			d.Seek(seconds)
		case what == "skip" && number:
			d.Skip(seconds)
		case what == "speed" && number && n > 0:
			d.Rate(n)
		case what == "item" && number && n >= 1 && n < 1e6:
			d.Item(int(n) - 1)
		case what == "next" && pressed(first, given):
			d.Next()
		case what == "previous" && pressed(first, given):
			d.Previous()
		case what == "stop" && pressed(first, given):
			stop = true
		default:
			continue
		}
		understood++
	}
	return understood, stop
}

// pressed says that a button went down: one that comes up sends 0.
func pressed(a osc.Argument, given bool) bool {
	if !given {
		return true
	}
	yes, ok := a.Truth()
	return !ok || yes
}

// Serve reads datagrams from a socket until the context ends or a message
// says stop. It closes the socket.
func Serve(ctx context.Context, c net.PacketConn, d Deck) (stopped bool) {
	end := context.AfterFunc(ctx, func() { c.Close() })
	defer func() {
		if end() {
			c.Close()
		}
	}()
	buf := make([]byte, 64<<10)
	for {
		n, _, err := c.ReadFrom(buf)
		switch {
		case err == nil:
		case ctx.Err() != nil || errors.Is(err, net.ErrClosed):
			return false
		default: // what an ICMP message left behind, and the like
			select {
			case <-ctx.Done():
				return false
			case <-time.After(50 * time.Millisecond):
			}
			continue
		}
		if _, stop := Take(buf[:n], d); stop {
			return true
		}
	}
}
