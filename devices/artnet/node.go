package artnet

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"noctiluca/devices/datagram"
)

// Peer is our own presence on a network: it polls, keeps the directory of
// those who reply, and replies to others' polls. Its methods may be called
// from any goroutine.
type Peer struct {
	port      *Tenant
	place     datagram.Place // where packets must come in
	broadcast netip.AddrPort
	self      Reply
	answer    *Answerer
	begin     time.Time

	mu        sync.Mutex
	directory *Directory
	routes    atomic.Pointer[map[uint16][]netip.AddrPort]
	greet     []byte // sent once to every node that is new; empty for nothing

	stop  context.CancelFunc
	ended sync.WaitGroup
}

// PeerOptions of a Peer.
type PeerOptions struct {
	// Name is what others see; Style what we are. Ports are told in replies.
	Name  string
	Style byte
	Ports []NodePort
	// Failsafe is told once to each node that is new: hold, zero, full,
	// scene; empty tells nothing.
	Failsafe string
	// Quiet asks, and answers nobody.
	Quiet bool
	// Port is where others of this program use Art-Net's port too; nil opens
	// one for this peer alone.
	Port *SharedPort
}

// OpenPeer opens the port of Art-Net on the network interface that has the
// address local, and begins to poll by the broadcast address of its network.
func OpenPeer(local netip.Addr, o PeerOptions) (*Peer, error) {
	network, mac, err := networkOf(local)
	if err != nil {
		return nil, err
	}
	place, err := datagram.PlaceOf(local)
	if err != nil {
		return nil, fmt.Errorf("artnet: %w", err)
	}
	p := &Peer{
		place: place, broadcast: netip.AddrPortFrom(broadcastOf(network), Port), begin: time.Now(), directory: NewDirectory(),
		self: Reply{IP: local, ESTA: 0x7ff0, ShortName: o.Name, LongName: "Noctiluca " + o.Name, Style: o.Style, Bind: 1, Status2: 0x08, MAC: mac, Ports: o.Ports,
			Report: "#0001 [0000] playing"},
	}
	if !o.Quiet {
		p.answer = NewAnswerer([]netip.Prefix{network}, rand.Float64)
	}
	if f, ok := failsafes[o.Failsafe]; ok {
		p.greet = AppendFailsafe(nil, f, 0)
	}
	empty := map[uint16][]netip.AddrPort{}
	p.routes.Store(&empty)
	if o.Port == nil {
		o.Port = &SharedPort{}
	}
	if p.port, err = o.Port.Join(readRate, readBurst, p.take); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	p.ended.Go(func() { p.poll(ctx) })
	return p, nil
}

// networkOf finds the network and the hardware address of a local address.
func networkOf(local netip.Addr) (netip.Prefix, [6]byte, error) {
	var mac [6]byte
	ifs, err := net.Interfaces()
	if err != nil {
		return netip.Prefix{}, mac, err
	}
	for _, i := range ifs {
		addrs, _ := i.Addrs()
		for _, a := range addrs {
			if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr() == local {
				copy(mac[:], i.HardwareAddr)
				return p.Masked(), mac, nil
			}
		}
	}
	return netip.Prefix{}, mac, fmt.Errorf("artnet: no network interface has the address %v", local)
}

// broadcastOf is the last address of a network.
func broadcastOf(p netip.Prefix) netip.Addr {
	a := p.Addr().As4()
	for bit := p.Bits(); bit < 32; bit++ {
		a[bit/8] |= 0x80 >> (bit % 8)
	}
	return netip.AddrFrom4(a)
}

// DefaultInterface is the address of the first network interface that can
// broadcast and is up.
func DefaultInterface() (netip.Addr, error) {
	ifs, err := net.Interfaces()
	if err != nil {
		return netip.Addr{}, err
	}
	for _, i := range ifs {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagBroadcast == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		addrs, _ := i.Addrs()
		for _, a := range addrs {
			if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is4() {
				return p.Addr(), nil
			}
		}
	}
	return netip.Addr{}, errors.New("no network interface is up that can broadcast; name one")
}

func (p *Peer) poll(ctx context.Context) {
	tick := time.NewTicker(PollEvery)
	defer tick.Stop()
	packet := AppendPoll(nil, PollReplyOnChange)
	for {
		now := time.Since(p.begin)
		p.mu.Lock()
		p.directory.Polled(now)
		p.directory.Expire(now)
		p.route()
		p.mu.Unlock()
		_ = p.port.Send(packet, p.broadcast) // a network that is down comes back
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// route makes the subscribers anew; the mutex is held.
func (p *Peer) route() {
	r := p.directory.Subscribers()
	p.routes.Store(&r)
}

// What is read of the port: a network of 1,000 nodes of four pages each
// replies within a second. The kernel drops what is over it.
const (
	readRate  = 8000
	readBurst = 1000
)

func (p *Peer) take(t *Tenant, b []byte, from netip.AddrPort, at datagram.Arrival) {
	if !p.place.Heard(at) {
		return // of another network that this machine is on
	}
	op, err := Op(b)
	if err != nil {
		return
	}
	now := time.Since(p.begin)
	switch op {
	case OpPoll:
		if p.answer == nil || from.Addr() == p.self.IP {
			return
		}
		poll, err := ParsePoll(b)
		if err != nil || poll.Targeted && !p.within(poll) {
			return
		}
		if after, yes := p.answer.Poll(from.Addr(), now); yes {
			to := netip.AddrPortFrom(from.Addr(), Port)
			time.AfterFunc(after, func() { _ = t.Send(AppendReply(nil, &p.self), to) })
		}
	case OpPollReply:
		r, err := ParseReply(b)
		if err != nil {
			return
		}
		p.mu.Lock()
		_, fresh := p.directory.Hear(from, r, now)
		p.route()
		p.mu.Unlock()
		if fresh && len(p.greet) > 0 {
			_ = t.Send(p.greet, netip.AddrPortFrom(from.Addr(), Port))
		}
	}
}

func (p *Peer) within(poll Poll) bool {
	for _, port := range p.self.Ports {
		if port.Input && port.In >= poll.Bottom && port.In <= poll.Top || port.Output && port.Out >= poll.Bottom && port.Out <= poll.Top {
			return true
		}
	}
	return false
}

// Nodes gives the nodes that are known now.
func (p *Peer) Nodes() []Node {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.directory.Expire(time.Since(p.begin))
	var all []Node
	for _, n := range p.directory.Nodes() {
		all = append(all, *n)
	}
	return all
}

// Subscribers gives who puts a port address out. The slice is not to be changed.
func (p *Peer) Subscribers(address uint16) []netip.AddrPort { return (*p.routes.Load())[address] }

// Close ends it.
func (p *Peer) Close() error {
	p.stop()
	err := p.port.Leave()
	p.ended.Wait()
	return err
}
