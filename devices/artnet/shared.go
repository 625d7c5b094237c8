package artnet

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"noctiluca/devices/datagram"
)

// SharedPort is Art-Net's port, UDP 6454, for all of a program who need it: a
// Peer that polls, and whoever listens for light. Two sockets could be bound
// to it (SO_REUSEADDR), but of a unicast packet only one of them would hear;
// so there is one socket, and everybody gets each packet.
//
// The zero value is ready: the port is opened for the first who joins, and
// closed when the last has left. Its methods may be called from any goroutine.
type SharedPort struct {
	mu    sync.Mutex
	ear   *datagram.Ear
	all   atomic.Pointer[[]*Tenant] // replaced, never changed
	ended chan struct{}             // of the socket that is open
}

// Tenant is one of those who share a port.
type Tenant struct {
	port        *SharedPort
	ear         *datagram.Ear
	rate, burst float64
	mu          sync.Mutex // held while take runs
	take        Take       // nil: it has left
}

// Take is told of a packet, who sent it and where it came in, from the
// goroutine that reads; t is who joined, and may be answered by. It must neither
// keep nor change b, nor leave.
type Take func(t *Tenant, b []byte, from netip.AddrPort, at datagram.Arrival)

// Join opens the port where it is not open yet. The port's packets are taken in
// as fast as the rates of all who share it, in packets a second, add up to, and
// their bursts at once; the kernel drops what is over it.
func (s *SharedPort) Join(rate, burst float64, take Take) (*Tenant, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*Tenant
	if s.ear == nil {
		// Broadcasts reach a socket that is bound to all addresses.
		ear, err := datagram.Listen("udp4", datagram.Place{}, Port, true)
		if err != nil {
			return nil, fmt.Errorf("artnet: port %d: %w: is another Art-Net program running?", Port, err)
		}
		_ = ear.SetReadBuffer(1 << 20)
		s.ear, s.ended = ear, make(chan struct{})
	} else {
		all = append(all, *s.all.Load()...)
	}
	t := &Tenant{port: s, ear: s.ear, rate: rate, burst: burst, take: take}
	all = append(all, t)
	s.all.Store(&all)
	if len(all) == 1 {
		go s.read(s.ear, s.ended)
	}
	return t, nil
}

// read hands every packet to everybody until the socket is closed.
func (s *SharedPort) read(ear *datagram.Ear, ended chan struct{}) {
	defer close(ended)
	buf := make([]byte, 2048)
	var all *[]*Tenant
	var sluice *datagram.Sluice
	for {
		if now := s.all.Load(); now != all {
			all = now
			var rate, burst float64
			for _, t := range *all {
				rate, burst = rate+t.rate, burst+t.burst
			}
			sluice = datagram.NewSluice(rate, burst)
		}
		sluice.Wait()
		n, from, at, _, err := ear.Read(buf)
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			time.Sleep(10 * time.Millisecond) // an error of the network: it may pass
			continue
		}
		for _, t := range *s.all.Load() {
			t.hand(buf[:n], from, at)
		}
	}
}

func (t *Tenant) hand(b []byte, from netip.AddrPort, at datagram.Arrival) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.take != nil {
		t.take(t, b, from, at)
	}
}

// Send sends a packet from the port.
func (t *Tenant) Send(b []byte, to netip.AddrPort) error {
	_, err := t.ear.WriteToUDPAddrPort(b, to)
	return err
}

// Leave ends it: nothing is taken any more when it returns. The last one
// closes the port. To leave twice is no error.
func (t *Tenant) Leave() error {
	t.mu.Lock()
	gone := t.take == nil
	t.take = nil
	t.mu.Unlock()
	if gone {
		return nil
	}
	s := t.port
	s.mu.Lock()
	defer s.mu.Unlock()
	var rest []*Tenant
	for _, o := range *s.all.Load() {
		if o != t {
			rest = append(rest, o)
		}
	}
	if len(rest) > 0 {
		s.all.Store(&rest)
		return nil
	}
	err := s.ear.Close()
	<-s.ended
	s.ear = nil
	return err
}
