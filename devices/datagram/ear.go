package datagram

import (
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
)

// Place is where datagrams must come in to be heard: at an interface, told by
// an address that it has, or anywhere. The zero value is anywhere.
type Place struct {
	at  netip.Addr
	ifi *net.Interface // nil for anywhere, and for the loopback
}

// PlaceOf is the place of an interface's address; the unspecified address is
// anywhere.
func PlaceOf(at netip.Addr) (Place, error) {
	if at.IsUnspecified() {
		return Place{}, nil
	}
	p := Place{at: at}
	if at.IsLoopback() || !at.Is4() {
		return p, nil
	}
	var err error
	p.ifi, err = InterfaceOf(at)
	return p, err
}

// Interface is the interface whose multicast groups are to be joined; nil
// leaves the choice to the system.
func (p Place) Interface() *net.Interface { return p.ifi }

// Arrival is where a datagram came in. The zero value says that the system
// did not tell.
type Arrival struct {
	Interface int        // its index
	To        netip.Addr // the address that it was sent to
}

// Heard says whether a datagram came to the place: over its interface, or
// from this machine to its address.
func (p Place) Heard(a Arrival) bool {
	return !p.at.IsValid() || a == Arrival{} || p.ifi != nil && a.Interface == p.ifi.Index || a.To == p.at
}

// Ear is a socket that hears what comes in at a place: unicast, broadcast and
// multicast. Read belongs to one goroutine.
//
// A socket that is bound to an interface's address hears neither multicasts
// nor broadcasts, which have other addresses: so it is bound to all of them,
// and every packet tells where it came in.
type Ear struct {
	*net.UDPConn
	place Place
	tells bool
	oob   []byte
	m     ipv4.ControlMessage
}

// Listen opens a port at a place: network is udp4, or udp, which hears IPv6
// too where everything is heard. With tell it asks of every datagram where it
// came in, even then.
func Listen(network string, place Place, port int, tell bool) (*Ear, error) {
	e := &Ear{place: place, oob: make([]byte, 128)}
	if place.ifi != nil || tell {
		conn, err := net.ListenUDP("udp4", &net.UDPAddr{Port: port})
		if err != nil {
			return nil, err
		}
		if ipv4.NewPacketConn(conn).SetControlMessage(ipv4.FlagInterface|ipv4.FlagDst, true) == nil {
			e.UDPConn, e.tells = conn, true
			return e, nil
		}
		if !place.at.IsValid() {
			e.UDPConn = conn
			return e, nil
		}
		conn.Close() // this system cannot tell: unicast is all that there is
	}
	at := &net.UDPAddr{Port: port}
	if place.at.IsValid() {
		at.IP = place.at.AsSlice()
	}
	conn, err := net.ListenUDP(network, at)
	if err != nil {
		return nil, err
	}
	e.UDPConn = conn
	return e, nil
}

// Tells says whether datagrams tell where they came in.
func (e *Ear) Tells() bool { return e.tells }

// Read reads a datagram, and says whether it came in at the place; those that
// did not are read too, so that the caller can bound how many are.
func (e *Ear) Read(buf []byte) (n int, from netip.AddrPort, at Arrival, heard bool, err error) {
	n, k, _, from, err := e.ReadMsgUDPAddrPort(buf, e.oob)
	if err != nil {
		return 0, from, at, false, err
	}
	from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	if !e.tells {
		return n, from, at, true, nil
	}
	e.m = ipv4.ControlMessage{Dst: e.m.Dst}
	if k == 0 || e.m.Parse(e.oob[:k]) != nil {
		return n, from, at, false, nil
	}
	to, _ := netip.AddrFromSlice(e.m.Dst)
	at = Arrival{e.m.IfIndex, to.Unmap()}
	return n, from, at, e.place.Heard(at), nil
}
