package datagram

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Host is where an output's packets go. Looking a name up can take many
// seconds, so it is done aside, again and again until it works, and once a
// minute after that: a controller may be given another address. Address may
// be called from any goroutine.
type Host struct {
	name  string // as the file has it
	state atomic.Pointer[found]
	stop  context.CancelFunc
}

type found struct {
	to  netip.AddrPort
	err error
}

// Lookup finds the addresses of a name; net.Resolver.LookupNetIP is one.
type Lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)

// The waits of a name that is looked up.
const (
	lookupLimit  = 10 * time.Second // for one question
	lookupFirst  = time.Second      // after the first failure; doubled after each
	lookupSlow   = 30 * time.Second // the longest
	lookupRenews = time.Minute
)

// NewHost begins to look for host[:port]; port is the protocol's own. A nil
// find asks the system, and multicast DNS for names in .local. Close it when
// done.
func NewHost(host string, port int, find Lookup) *Host {
	h := &Host{name: host, stop: func() {}}
	name, p := Split(host, port)
	if a, err := netip.ParseAddr(name); err == nil {
		h.state.Store(&found{to: netip.AddrPortFrom(a, p)})
		return h
	}
	if find == nil {
		find = lookup
	}
	h.state.Store(&found{err: fmt.Errorf("host %s: its address is not known yet", host)})
	ctx, stop := context.WithCancel(context.Background())
	h.stop = stop
	go h.follow(ctx, name, p, find)
	return h
}

// Split takes host[:port] apart; without a port it gives the one named. An
// IPv6 address with a port is in brackets.
func Split(host string, port int) (string, uint16) {
	if name, p, err := net.SplitHostPort(host); err == nil {
		if n, err := strconv.ParseUint(p, 10, 16); err == nil {
			return name, uint16(n)
		}
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"), uint16(port)
}

// Address is the newest known address, or why there is none.
func (h *Host) Address() (netip.AddrPort, error) {
	s := h.state.Load()
	return s.to, s.err
}

// Name is the host as the file has it.
func (h *Host) Name() string { return h.name }

// Close ends the looking up.
func (h *Host) Close() { h.stop() }

func (h *Host) follow(ctx context.Context, name string, port uint16, find Lookup) {
	wait := lookupFirst
	for {
		asked, done := context.WithTimeout(ctx, lookupLimit)
		addrs, err := find(asked, "ip", name)
		done()
		if err == nil && len(addrs) == 0 {
			err = errors.New("the name has no address")
		}
		next := lookupRenews
		if err == nil {
			h.state.Store(&found{to: netip.AddrPortFrom(choose(addrs), port)})
			wait = lookupFirst
		} else {
			// An address that worked once goes on: name servers fail more
			// often than controllers move.
			if h.state.Load().err != nil {
				h.state.Store(&found{err: fmt.Errorf("host %s: %w", h.name, err)})
			}
			next, wait = wait, min(2*wait, lookupSlow)
		}
		t := time.NewTimer(next)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-t.C:
		}
	}
}

// choose prefers IPv4, which is what LED controllers speak.
func choose(addrs []netip.Addr) netip.Addr {
	for _, a := range addrs {
		if a = a.Unmap(); a.Is4() {
			return a
		}
	}
	return addrs[0]
}
