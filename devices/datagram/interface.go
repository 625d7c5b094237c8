package datagram

import (
	"fmt"
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
)

// multicastTTL lets packets to groups pass a few routers of a venue that
// forwards them (ANSI E1.31-2018 leaves the number to the network).
const multicastTTL = 8

// prepare lets a socket send to multicast groups, by the interface that has
// the local address. Go lets every UDP socket broadcast.
func prepare(conn *net.UDPConn, local netip.Addr) error {
	p := ipv4.NewPacketConn(conn)
	if local.IsValid() {
		ifi, err := InterfaceOf(local)
		if err != nil {
			return err
		}
		if err := p.SetMulticastInterface(ifi); err != nil {
			return err
		}
	}
	return p.SetMulticastTTL(multicastTTL)
}

// InterfaceOf finds the network interface that has an address.
func InterfaceOf(a netip.Addr) (*net.Interface, error) {
	ifs, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	for i := range ifs {
		addrs, err := ifs[i].Addrs()
		if err != nil {
			continue
		}
		for _, x := range addrs {
			if p, err := netip.ParsePrefix(x.String()); err == nil && p.Addr() == a {
				return &ifs[i], nil
			}
		}
	}
	return nil, fmt.Errorf("no network interface has the address %v", a)
}

// Interface finds an interface by its name or by an address it has, and gives
// its first IPv4 address.
func Interface(name string) (netip.Addr, error) {
	if a, err := netip.ParseAddr(name); err == nil {
		_, err := InterfaceOf(a)
		return a, err
	}
	ifi, err := net.InterfaceByName(name)
	if err != nil {
		return netip.Addr{}, fmt.Errorf("interface %q: %w", name, err)
	}
	addrs, err := ifi.Addrs()
	if err != nil {
		return netip.Addr{}, fmt.Errorf("interface %q: %w", name, err)
	}
	for _, x := range addrs {
		if p, err := netip.ParsePrefix(x.String()); err == nil && p.Addr().Is4() {
			return p.Addr(), nil
		}
	}
	return netip.Addr{}, fmt.Errorf("interface %q has no IPv4 address", name)
}
