package datagram

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"

	"golang.org/x/net/ipv4"
)

// burst is how many packets go out at once when a frame is spread: half of
// the 32 that the receive queue of an ESP32 holds.
const burst = 16

// shortest is the least time that is worth a sleep between two bursts; more
// bursts go together where a frame has less.
const shortest = 300 * time.Microsecond

// Link is a socket to one host, or to the addresses that packets bring along.
// It belongs to one goroutine.
type Link struct {
	host  *Host // nil: every packet brings its address
	local netip.Addr
	wide  bool // it may broadcast

	conn  *net.UDPConn
	raw   syscall.RawConn
	to    netip.AddrPort // that conn is connected to
	retry time.Time      // no socket is opened before
	wait  time.Duration

	write    func([]ipv4.Message) (int, error) // the socket's; tests give one that refuses
	segments bool                              // the kernel cuts a buffer into packets for us
	messages []ipv4.Message
	spans    []span
	control  [][]byte
	groups   map[netip.AddrPort]*net.UDPAddr
}

// span is a message's part of a batch.
type span struct{ packets, bytes int }

// Options of a Link.
type Options struct {
	// Local is the address of the interface that packets leave by; the zero
	// value lets the system choose.
	Local netip.Addr
	// Broadcast lets packets go to broadcast addresses; without it the host
	// must be one machine.
	Broadcast bool
	// Plain never uses UDP_SEGMENT.
	Plain bool
}

// NewLink makes a link to a host, or with nil one whose packets all bring
// their addresses. No socket is opened yet, so it cannot fail.
func NewLink(host *Host, o Options) *Link {
	return &Link{host: host, local: o.Local, wide: o.Broadcast, segments: segmentsWork && !o.Plain && host != nil, groups: map[netip.AddrPort]*net.UDPAddr{}}
}

// open makes sure that there is a socket for where the packets go now.
func (l *Link) open() error {
	var to netip.AddrPort
	if l.host != nil {
		var err error
		if to, err = l.host.Address(); err != nil {
			return err
		}
	}
	if l.conn != nil && to == l.to {
		return nil
	}
	l.shut()
	if now := time.Now(); now.Before(l.retry) {
		return fmt.Errorf("no socket for %v yet", to)
	}
	var local *net.UDPAddr
	if l.local.IsValid() {
		local = net.UDPAddrFromAddrPort(netip.AddrPortFrom(l.local, 0))
	}
	var conn *net.UDPConn
	var err error
	if l.host != nil {
		conn, err = l.dial(local, to)
	} else {
		conn, err = net.ListenUDP("udp4", local)
	}
	if err == nil && l.host == nil {
		err = prepare(conn, l.local)
	}
	if err != nil {
		if conn != nil {
			conn.Close()
		}
		l.wait = min(max(2*l.wait, 250*time.Millisecond), 5*time.Second)
		l.retry = time.Now().Add(l.wait)
		return err
	}
	_ = conn.SetWriteBuffer(4 << 20) // a frame of many universes at once; the kernel may give less
	l.wait = 0
	if l.raw, err = conn.SyscallConn(); err != nil {
		conn.Close()
		return err
	}
	packets := ipv4.NewPacketConn(conn)
	l.write = func(ms []ipv4.Message) (int, error) { return packets.WriteBatch(ms, 0) }
	l.conn, l.to = conn, to
	return nil
}

// dial makes a socket to an address. Go lets every socket broadcast; here the
// kernel, which knows the networks, refuses it where it was not asked for.
func (l *Link) dial(local *net.UDPAddr, to netip.AddrPort) (*net.UDPConn, error) {
	d := net.Dialer{}
	if local != nil {
		d.LocalAddr = local
	}
	d.Control = func(network, _ string, c syscall.RawConn) error {
		var refused error
		err := c.Control(func(fd uintptr) {
			_ = tellUnreachable(fd, network) // an old kernel: the light goes out all the same
			if !l.wide {
				refused = forbidBroadcast(fd)
			}
		})
		return first(err, refused)
	}
	c, err := d.Dial("udp", to.String())
	if err != nil {
		if !l.wide && errors.Is(err, syscall.EACCES) {
			err = fmt.Errorf("%v is a broadcast address: broadcast: true says that everybody there is meant", to.Addr())
		}
		return nil, err
	}
	return c.(*net.UDPConn), nil
}

func (l *Link) shut() {
	if l.conn != nil {
		l.conn.Close()
		l.conn, l.write = nil, nil
	}
}

// Close closes the socket and ends the looking up of the host.
func (l *Link) Close() error {
	l.shut()
	if l.host != nil {
		l.host.Close()
	}
	return nil
}

// Send sends a batch, its packets spread over that time, and gives how many
// packets and bytes the kernel took. An error does not stop the rest: what
// can be sent is.
func (l *Link) Send(b *Batch, over time.Duration) (packets, bytes int, err error) {
	if b.Len() == 0 {
		return 0, 0, nil
	}
	if err := l.open(); err != nil {
		return 0, 0, err
	}
	step := b.Len()
	begin := time.Now()
	var pause time.Duration
	if over > 0 && step > burst {
		bursts := (step + burst - 1) / burst
		if most := max(int(over/shortest), 1); bursts > most {
			bursts = most
		}
		step = (step + bursts - 1) / bursts
		pause = over / time.Duration(bursts)
	}
	for i, n := 0, 0; i < b.Len(); n++ {
		if n > 0 {
			if ahead := time.Until(begin.Add(time.Duration(n) * pause)); ahead > shortest/3 {
				time.Sleep(ahead)
			}
		}
		end := min(i+step, b.Len())
		p, by, e := l.burst(b, i, end)
		packets, bytes = packets+p, bytes+by
		err = first(err, e)
		i = end
	}
	return packets, bytes, err
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// burst sends the packets from…end-1.
func (l *Link) burst(b *Batch, from, end int) (packets, bytes int, err error) {
	l.gather(b, from, end)
	refused := 0
	for done := 0; done < len(l.messages); {
		n, e := l.write(l.messages[done:])
		for _, s := range l.spans[done : done+max(n, 0)] {
			packets, bytes = packets+s.packets, bytes+s.bytes
		}
		done += max(n, 0)
		switch {
		case e == nil && n > 0:
			continue
		case e == nil:
			return packets, bytes, first(err, errors.New("the kernel took no packet"))
		}
		// The kernel tells of an earlier packet that was refused, or never
		// reached its host, at the next call, and sends nothing then: the same
		// packets are tried again.
		if why := l.earlier(e); why != nil && refused < 3 {
			refused++
			err = first(err, why)
			continue
		}
		if errors.Is(e, syscall.ENOBUFS) {
			// The network card's queue was full: this packet is lost, and the
			// others may find room. It counts for no fault of the host.
			err = first(err, fmt.Errorf("the network is too slow: no room in its queue on the way to %v", l.to))
			done++
			continue
		}
		if l.segments && cannotSegment(e) {
			// This way out cannot cut buffers; plain packets from here on.
			sent := 0
			for _, s := range l.spans[:done] {
				sent += s.packets
			}
			l.segments = false
			p, by, e := l.burst(b, from+sent, end)
			return packets + p, bytes + by, first(err, e)
		}
		err = first(err, e)
		if errors.Is(e, net.ErrClosed) {
			return packets, bytes, err
		}
		done++ // this one cannot be sent; the others may
		if refused++; refused > 8 {
			return packets, bytes, err
		}
	}
	return packets, bytes, err
}

// earlier puts into words what is told of earlier packets; nil for an error of
// this one. What waits in the socket's queue of errors is the same once more.
func (l *Link) earlier(e error) error {
	switch {
	case l.host == nil:
		return nil
	case errors.Is(e, syscall.ECONNREFUSED):
		e = fmt.Errorf("nobody listens at %v", l.to)
	case errors.Is(e, syscall.EHOSTUNREACH), errors.Is(e, syscall.ENETUNREACH):
		var number syscall.Errno
		errors.As(e, &number)
		e = fmt.Errorf("%v cannot be reached: %w", l.to, number)
	default:
		return nil
	}
	told(l.raw)
	return e
}

// gather fills the messages for the packets from…end-1.
func (l *Link) gather(b *Batch, from, end int) {
	l.messages, l.spans = l.messages[:0], l.spans[:0]
	for i := from; i < end; {
		n := 1
		if l.segments {
			n = b.train(i, end-i)
		}
		head, to := b.Packet(i)
		start := b.parts[i].end - len(head)
		data := b.Buf[start:b.parts[i+n-1].end]
		m := l.message()
		m.Buffers[0] = data
		m.OOB, m.Addr = nil, nil
		if n > 1 {
			m.OOB = l.segment(len(l.messages)-1, len(head))
		}
		if to.IsValid() {
			m.Addr = l.address(to)
		}
		l.spans = append(l.spans, span{n, len(data)})
		i += n
	}
}

// message gives the next message with a place for one buffer.
func (l *Link) message() *ipv4.Message {
	if len(l.messages) < cap(l.messages) {
		l.messages = l.messages[:len(l.messages)+1]
	} else {
		l.messages = append(l.messages, ipv4.Message{})
	}
	m := &l.messages[len(l.messages)-1]
	if m.Buffers == nil {
		m.Buffers = make([][]byte, 1)
	}
	return m
}

// segment gives the control message that asks for parts of a size; message i
// has a buffer of its own for it.
func (l *Link) segment(i, size int) []byte {
	for len(l.control) <= i {
		l.control = append(l.control, nil)
	}
	l.control[i] = appendSegment(l.control[i][:0], size)
	return l.control[i]
}

func (l *Link) address(to netip.AddrPort) *net.UDPAddr {
	a, ok := l.groups[to]
	if !ok {
		a = net.UDPAddrFromAddrPort(to)
		l.groups[to] = a
	}
	return a
}
