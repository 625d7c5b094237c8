package console

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/datagram"
	"noctiluca/devices/sacn"
	"noctiluca/installations"

	"golang.org/x/net/ipv4"
)

// every is how often the levels are looked at: consoles send 44 times a second.
const every = 10 * time.Millisecond

// What is read of a socket: rate packets a second, of all sources together
// (256 universes at 44 a second), and burst at once (a frame of them, twice).
// The kernel drops what is over it.
const (
	rate  = 12_000
	burst = 512
)

// Listener owns the sockets. Run belongs to one goroutine.
type Listener struct {
	hands *Hands
	allow []netip.Prefix
	place datagram.Place // where packets must come in
	now   func() time.Duration
	conns [2]*datagram.Ear // by Protocol; nil where nothing is listened to
	port  *artnet.Tenant   // instead of Art-Net's, where its port is shared

	arrivals chan arrival
	free     chan []byte
}

type arrival struct {
	protocol Protocol
	from     netip.Addr
	data     []byte
}

// Listen opens the sockets that an installation's console needs. now is the
// engine's time. Where others of the program use Art-Net's port too, shared is
// that port; nil opens one for the console alone.
func Listen(c *installations.Console, hands *Hands, now func() time.Duration, shared *artnet.SharedPort) (*Listener, error) {
	l := &Listener{hands: hands, now: now, arrivals: make(chan arrival, 1024), free: make(chan []byte, 1024)}
	for _, text := range c.Allow {
		p, err := prefix(text)
		if err != nil {
			return nil, err
		}
		l.allow = append(l.allow, p)
	}
	addr, err := netip.ParseAddr(c.Listen)
	if err != nil {
		if addr, err = datagram.Interface(c.Listen); err != nil {
			return nil, fmt.Errorf("console: listen: %w", err)
		}
	}
	if l.place, err = datagram.PlaceOf(addr); err != nil {
		return nil, fmt.Errorf("console: listen: %w", err)
	}
	ports := [2]int{c.ArtnetPort, c.SacnPort}
	for p := range l.conns {
		if !hands.uses(Protocol(p)) {
			continue
		}
		if Protocol(p) == Artnet && shared != nil && ports[p] == artnet.Port {
			if l.port, err = shared.Join(rate, burst, l.take); err != nil {
				return nil, fmt.Errorf("console: %w", err)
			}
			continue
		}
		conn, err := datagram.Listen("udp4", l.place, ports[p], false)
		if err != nil {
			l.Close()
			return nil, fmt.Errorf("console: %v: %w: is another program listening there?", Protocol(p), err)
		}
		_ = conn.SetReadBuffer(1 << 20)
		l.conns[p] = conn
	}
	if conn := l.conns[SACN]; conn != nil {
		l.join(conn)
	}
	return l, nil
}

func prefix(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, fmt.Errorf("console: allow %q: expected an address, or a network as 10.0.0.0/8", s)
	}
	return p, nil
}

// join joins the groups of the universes that are followed. A network without
// multicast is no reason not to listen: consoles unicast too.
func (l *Listener) join(conn *datagram.Ear) {
	p := ipv4.NewPacketConn(conn.UDPConn)
	for a := range l.hands.merger.universes {
		if a.Protocol == SACN {
			_ = p.JoinGroup(l.place.Interface(), net.UDPAddrFromAddrPort(sacn.Group(a.Universe)))
		}
	}
}

func (h *Hands) uses(p Protocol) bool {
	for a := range h.merger.universes {
		if a.Protocol == p {
			return true
		}
	}
	return false
}

// Addr is where a protocol is listened to; not valid where it is not.
func (l *Listener) Addr(p Protocol) netip.AddrPort {
	switch {
	case p == Artnet && l.port != nil:
		return netip.AddrPortFrom(netip.IPv4Unspecified(), artnet.Port)
	case l.conns[p] == nil:
		return netip.AddrPort{}
	}
	return l.conns[p].LocalAddr().(*net.UDPAddr).AddrPort()
}

// Close closes the sockets: of a Listener that is not to run, or has run.
func (l *Listener) Close() {
	for _, c := range l.conns {
		if c != nil {
			c.Close()
		}
	}
	if l.port != nil {
		_ = l.port.Leave()
	}
}

// allowed: whoever is listed, or without a list those of private networks and
// of this machine.
func (l *Listener) allowed(a netip.Addr) bool {
	if len(l.allow) == 0 {
		return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || carrier.Contains(a) || a.Is4() && a.As4()[0] == 2
	}
	for _, p := range l.allow {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// carrier is 100.64.0.0/10; 2.0.0.0/8 is Art-Net's own.
var carrier = netip.MustParsePrefix("100.64.0.0/10")

// Run listens until ctx is done, then closes the sockets.
func (l *Listener) Run(ctx context.Context) error {
	defer l.Close()
	for p, c := range l.conns {
		if c != nil {
			go l.read(Protocol(p), c)
		}
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case a := <-l.arrivals:
			now := l.now()
			if a.protocol == SACN {
				l.hands.merger.SACN(a.data, now)
			} else {
				l.hands.merger.ArtNet(a.from, a.data, now)
			}
			select {
			case l.free <- a.data[:cap(a.data)]:
			default:
			}
		case <-tick.C:
			l.hands.Step(l.now())
		}
	}
}

// read hands datagrams over until the socket is closed. What comes faster
// than it may is left to the kernel, which drops it; what comes faster than
// it can be taken is dropped here.
func (l *Listener) read(p Protocol, c *datagram.Ear) {
	buf := make([]byte, 1024)
	sluice := datagram.NewSluice(rate, burst)
	for {
		sluice.Wait()
		n, from, _, heard, err := c.Read(buf)
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			time.Sleep(10 * time.Millisecond) // an error of the network: it may pass
			continue
		}
		if heard {
			l.hand(p, from, buf[:n])
		}
	}
}

// take is told of what comes in at a port that is shared.
func (l *Listener) take(_ *artnet.Tenant, b []byte, from netip.AddrPort, at datagram.Arrival) {
	if l.place.Heard(at) {
		l.hand(Artnet, from, b)
	}
}

// hand copies a datagram of somebody who may play, and lets it be taken.
func (l *Listener) hand(p Protocol, from netip.AddrPort, b []byte) {
	if !l.allowed(from.Addr()) {
		return
	}
	var buf []byte
	select {
	case buf = <-l.free:
	default:
		buf = make([]byte, 1024)
	}
	select {
	case l.arrivals <- arrival{p, from.Addr(), buf[:copy(buf, b)]}:
	default:
		select {
		case l.free <- buf:
		default:
		}
	}
}
