package ddp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
)

// State is what a display tells of itself when it is asked for its status
// (destination 251, a JSON object "status").
type State struct {
	Maker, Model, Version string
	Status                string // "up" where all is well
	RoundTrip             time.Duration
}

// String is a line for people.
func (s *State) String() string {
	parts := []string{strings.TrimSpace(s.Maker + " " + s.Model), s.Version, s.Status}
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, ", ")
}

// ErrSilent: the display did not answer. Many take light and answer nothing,
// so it is no sign that something is wrong.
var ErrSilent = errors.New("ddp: no answer")

// Ask asks a display for its status and waits until ctx is done at the latest.
// It has a socket of its own: answers go to the port that asked.
func Ask(ctx context.Context, to netip.AddrPort) (*State, error) {
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to))
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	asked := time.Now()
	if _, err := conn.Write(Append(nil, &Packet{Flags: Query, Destination: Status})); err != nil {
		return nil, err
	}
	buf := make([]byte, 2048)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return nil, ErrSilent
		}
		s, err := ParseState(buf[:n])
		if err == nil {
			s.RoundTrip = time.Since(asked)
			return s, nil
		}
		if ctx.Err() != nil {
			return nil, err
		}
	}
}

// ParseState reads a reply to a query for the status.
func ParseState(b []byte) (*State, error) {
	p, err := Parse(b)
	if err != nil {
		return nil, err
	}
	if p.Flags&Reply == 0 || p.Destination != Status {
		return nil, fmt.Errorf("ddp: flags %#02x, destination %d: expected a reply, %d", p.Flags, p.Destination, Status)
	}
	var answer struct {
		Status struct {
			Man   string `json:"man"`
			Mod   string `json:"mod"`
			Ver   string `json:"ver"`
			State string `json:"state"`
		} `json:"status"`
	}
	if err := json.Unmarshal(p.Data, &answer); err != nil {
		return nil, fmt.Errorf("ddp: status: %w", err)
	}
	a := answer.Status
	return &State{Maker: text(a.Man), Model: text(a.Mod), Version: text(a.Ver), Status: text(a.State)}, nil
}

// text keeps control characters of a stranger out of terminals, and it short.
func text(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0xfffd {
			return '?'
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40])
	}
	return s
}
