// Package monitor listens for light on the network and shows what arrives,
// universe by universe, in a terminal: from whom, how often, whether packets
// are missing, and how bright.
//
// It only listens: it answers nobody, and it is for people who look for a
// fault. The table is kept by Table, which has no socket and no clock.
package monitor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"time"

	"noctiluca/devices/datagram"
	"noctiluca/devices/sacn"

	"golang.org/x/net/ipv4"
)

// Options are the flags of the command line.
type Options struct {
	Listen     string        `default:"0.0.0.0" placeholder:"ADDRESS" help:"Address of the network interface to listen on: unicast, broadcast and multicast that come in there. 0.0.0.0 is all of them."`
	ArtnetPort int           `default:"6454" help:"UDP port of Art-Net; 0 does without."`
	SacnPort   int           `default:"5568" help:"UDP port of sACN; 0 does without."`
	Others     bool          `help:"Also listen for DDP, WLED realtime, KiNET, TPM2.net and Open Pixel Control, on their own ports, and for OSC on UDP 9001."`
	Universes  []uint16      `placeholder:"N" help:"sACN universes whose multicast groups to join, e.g. 1,2,3. Unicast is shown without."`
	For        time.Duration `help:"Listen that long, e.g. 10s, then leave (default: until interrupted)."`
	Once       bool          `help:"Print one table when something has arrived for a second, then leave."`
}

// take is how a table takes a packet of a protocol.
type take func(t *Table, from netip.AddrPort, b []byte, now time.Duration)

// arrival is one packet as a socket hands it to the table.
type arrival struct {
	from  netip.AddrPort
	take  take
	bytes []byte
}

// heard is a protocol and where it is heard.
type heard struct {
	name string
	port int
	take take
}

// Run listens until the context ends, and writes to w: a table that renews
// itself in place where w is a terminal, a line for each universe a second
// otherwise.
func Run(ctx context.Context, w io.Writer, o Options) error {
	if o.ArtnetPort == 0 && o.SacnPort == 0 && !o.Others {
		return errors.New("monitor: --artnet-port 0 and --sacn-port 0: there is nothing to listen to")
	}
	addr, err := netip.ParseAddr(o.Listen)
	if err != nil {
		return fmt.Errorf("monitor: --listen %q: expected an address of this machine, e.g. 192.168.1.5", o.Listen)
	}
	if o.For > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, o.For)
		defer stop()
	}
	arrivals := make(chan arrival, 4096)
	free := make(chan []byte, 4096)
	place, err := datagram.PlaceOf(addr)
	if err != nil {
		return fmt.Errorf("monitor: --listen: %w", err)
	}
	var conns []*datagram.Ear
	defer func() {
		for _, c := range conns {
			c.Close()
		}
	}()
	protocols := []heard{{"Art-Net", o.ArtnetPort, (*Table).ArtNet}, {"sACN", o.SacnPort, (*Table).SACN}}
	if o.Others {
		protocols = append(protocols, others...)
		server, err := listenOPC(ctx, addr, arrivals)
		if err != nil {
			return err
		}
		defer server.Close()
	}
	for _, p := range protocols {
		if p.port == 0 {
			continue
		}
		c, err := datagram.Listen("udp", place, p.port, false)
		if err != nil {
			return fmt.Errorf("monitor: %s on %v port %d: %w; is another program listening there?", p.name, addr, p.port, err)
		}
		conns = append(conns, c)
		_ = c.SetReadBuffer(8 << 20)
		if p.name == "sACN" {
			if err := join(c, place, o.Universes); err != nil {
				return err
			}
		}
		go listen(c, p.take, arrivals, free)
	}
	return show(ctx, w, o, arrivals, free)
}

// join joins the multicast groups of universes, on the interface listened to.
func join(c *datagram.Ear, place datagram.Place, universes []uint16) error {
	p := ipv4.NewPacketConn(c.UDPConn)
	for _, u := range universes {
		if u < 1 || u > sacn.MaxUniverse {
			return fmt.Errorf("monitor: --universes %d: expected 1…%d", u, sacn.MaxUniverse)
		}
		group := net.UDPAddrFromAddrPort(sacn.Group(u))
		if err := p.JoinGroup(place.Interface(), group); err != nil {
			return fmt.Errorf("monitor: the multicast group %v of universe %d: %w", group.IP, u, err)
		}
	}
	return nil
}

// size is the most bytes of a datagram that are looked at: what an Ethernet
// carries whole, and larger ones of OSC.
const size = 9000

// listen hands datagrams over until the socket is closed. When the table is
// behind it drops them, which then shows as gaps: that is what happened.
func listen(c *datagram.Ear, how take, arrivals chan<- arrival, free chan []byte) {
	buf := make([]byte, size)
	for {
		n, from, _, heard, err := c.Read(buf)
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			continue
		}
		if !heard {
			continue
		}
		select {
		case arrivals <- arrival{from, how, buf[:n]}:
			select {
			case buf = <-free:
				buf = buf[:cap(buf)]
			default:
				buf = make([]byte, size)
			}
		default:
		}
	}
}

// show keeps the table and writes it every second.
func show(ctx context.Context, w io.Writer, o Options, arrivals <-chan arrival, free chan<- []byte) error {
	t := NewTable()
	start := time.Now()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	live := isTerminal(w)
	if live {
		defer fmt.Fprint(w, "\x1b[?25h")
		fmt.Fprint(w, "\x1b[?25l")
	}
	heard := false
	for {
		select {
		case <-ctx.Done():
			if !heard && !live {
				_, err := fmt.Fprintln(w, "nothing arrived")
				return err
			}
			return nil
		case a := <-arrivals:
			a.take(t, a.from, a.bytes, time.Since(start))
			if cap(a.bytes) == size {
				select {
				case free <- a.bytes:
				default:
				}
			}
		case <-tick.C:
			var err error
			switch {
			case live:
				_, err = fmt.Fprintf(w, "\x1b[H\x1b[J%s", t.Screen(time.Since(start)))
			case t.Heard():
				_, err = fmt.Fprint(w, t.Lines(time.Since(start)))
			}
			if err != nil {
				return err
			}
			if heard = heard || t.Heard(); heard && o.Once && t.Whole(time.Since(start)) {
				return nil
			}
		}
	}
}

// isTerminal: a person reads w and its lines can be drawn over.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
