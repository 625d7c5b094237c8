package control

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"time"

	"noctiluca/devices/artnet"
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
// it, until ctx is done. allow is as in Options. Where others of the program
// use Art-Net's own port too, shared is that port, and serves if the address
// names it; nil opens a socket in any case.
func Timecode(ctx context.Context, address string, allow []string, s *show.Show, now func() time.Duration, shared *artnet.SharedPort) error {
	prefixes, err := osc.Prefixes(allow)
	if err != nil {
		return err
	}
	a, err := net.ResolveUDPAddr("udp", address)
	if err != nil {
		return fmt.Errorf("timecode on %s: %w", address, err)
	}
	who := &Server{allow: prefixes}
	if shared != nil && a.Port == artnet.Port {
		var place datagram.Place
		if at := a.AddrPort().Addr().Unmap(); at.IsValid() {
			if place, err = datagram.PlaceOf(at); err != nil {
				return fmt.Errorf("timecode on %s: %w", address, err)
			}
		}
		t, err := shared.Join(codeRate, codeBurst, func(_ *artnet.Tenant, b []byte, from netip.AddrPort, at datagram.Arrival) {
			if place.Heard(at) {
				who.chase(b, from, s, now())
			}
		})
		if err != nil {
			return fmt.Errorf("timecode on %s: %w", address, err)
		}
		<-ctx.Done()
		return t.Leave()
	}
	conn, err := net.ListenUDP("udp", a)
	if err != nil {
		return fmt.Errorf("timecode on %s: %w", address, err)
	}
	return follow(ctx, conn, who, s, now)
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
		who.chase(buffer[:n], from, s, at)
	}
	return nil
}

// chase lets the show chase a packet, if it is a code of somebody allowed.
func (s *Server) chase(b []byte, from netip.AddrPort, w *show.Show, at time.Duration) {
	if !s.allowed(from.Addr()) {
		return
	}
	if code, err := tempo.ArtNet(b); err == nil {
		_ = w.Offer(show.Event{At: at, Action: show.Timecode, Code: code}) // a full queue loses a code; the next comes
	}
}
