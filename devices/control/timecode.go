package control

import (
	"context"
	"fmt"
	"net"
	"time"

	"noctiluca/devices/datagram"
	"noctiluca/devices/osc"
	"noctiluca/engine/show"
	"noctiluca/engine/show/tempo"
)

// Codes a second that are read, and at once: 30 come, and Art-Net's other
// packets may come to the same port. The kernel drops what is over it.
const (
	codeRate  = 4000
	codeBurst = 500
)

// Timecode listens for Art-Net timecode at an address and lets the show chase
// it, until ctx is done. allow is as in Options.
func Timecode(ctx context.Context, address string, allow []string, s *show.Show, now func() time.Duration) error {
	prefixes, err := osc.Prefixes(allow)
	if err != nil {
		return err
	}
	a, err := net.ResolveUDPAddr("udp", address)
	if err != nil {
		return fmt.Errorf("timecode on %s: %w", address, err)
	}
	conn, err := net.ListenUDP("udp", a)
	if err != nil {
		return fmt.Errorf("timecode on %s: %w", address, err)
	}
	return follow(ctx, conn, &Server{allow: prefixes}, s, now)
}

func follow(ctx context.Context, conn *net.UDPConn, who *Server, s *show.Show, now func() time.Duration) error {
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	defer conn.Close()
	buffer := make([]byte, 2048)
	sluice := datagram.NewSluice(codeRate, codeBurst)
	for ctx.Err() == nil {
		sluice.Wait()
		n, from, err := conn.ReadFromUDPAddrPort(buffer)
		at := now()
		if err != nil {
			if ctx.Err() == nil {
				time.Sleep(10 * time.Millisecond)
			}
			continue
		}
		if !who.allowed(from.Addr()) {
			continue
		}
		if code, err := tempo.ArtNet(buffer[:n]); err == nil {
			_ = s.Offer(show.Event{At: at, Action: show.Timecode, Code: code}) // a full queue loses a code; the next comes
		}
	}
	return nil
}
