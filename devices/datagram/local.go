package datagram

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
	"golang.org/x/net/ipv4"
)

// mdnsGroup is where multicast DNS asks (RFC 6762, 3).
var mdnsGroup = &net.UDPAddr{IP: net.IPv4(224, 0, 0, 251), Port: 5353}

// lookup finds the addresses of a name as the system does, and of one that
// ends in .local by multicast DNS, which Go's resolver without a C library
// does not speak and most small controllers do.
func lookup(ctx context.Context, network, host string) ([]netip.Addr, error) {
	if !strings.HasSuffix(strings.ToLower(strings.TrimSuffix(host, ".")), ".local") {
		return net.DefaultResolver.LookupNetIP(ctx, network, host)
	}
	addrs, err := local(ctx, host)
	if err == nil {
		return addrs, nil
	}
	// Some networks do have .local in their name server.
	if addrs, e := net.DefaultResolver.LookupNetIP(ctx, network, host); e == nil {
		return addrs, nil
	}
	return nil, err
}

// local asks by a one-shot query (RFC 6762, 5.1) on every interface that can
// multicast, three times, a second apart.
func local(ctx context.Context, host string) ([]netip.Addr, error) {
	question, err := query(host)
	if err != nil {
		return nil, err
	}
	conn, err := net.ListenUDP("udp4", nil)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	ifs, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	p := ipv4.NewPacketConn(conn)
	buf := make([]byte, 9000)
	for range 3 {
		asked := false
		for i := range ifs {
			if ifs[i].Flags&net.FlagUp == 0 || ifs[i].Flags&net.FlagMulticast == 0 {
				continue
			}
			if p.SetMulticastInterface(&ifs[i]) == nil {
				if _, err := conn.WriteToUDP(question, mdnsGroup); err == nil {
					asked = true
				}
			}
		}
		if !asked {
			return nil, fmt.Errorf("%s: no network can be asked by multicast", host)
		}
		_ = conn.SetReadDeadline(time.Now().Add(time.Second))
		for {
			n, err := conn.Read(buf)
			if err != nil {
				if ctx.Err() != nil {
					return nil, ctx.Err()
				}
				break
			}
			if addrs := answers(buf[:n], host); len(addrs) > 0 {
				return addrs, nil
			}
		}
	}
	return nil, fmt.Errorf("%s: nobody on the network has that name", host)
}

// query is a question for the IPv4 address of a name, to be answered to us
// alone (the highest bit of the class, RFC 6762, 5.4).
func query(host string) ([]byte, error) {
	name, err := dnsmessage.NewName(strings.TrimSuffix(host, ".") + ".")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", host, err)
	}
	m := dnsmessage.Message{Questions: []dnsmessage.Question{{Name: name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET | 0x8000}}}
	b, err := m.Pack()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s is no name", host), err)
	}
	return b, nil
}

// answers reads the addresses of a name from a message; nothing where it is
// no answer to it.
func answers(message []byte, host string) []netip.Addr {
	var p dnsmessage.Parser
	h, err := p.Start(message)
	if err != nil || !h.Response || p.SkipAllQuestions() != nil {
		return nil
	}
	var addrs []netip.Addr
	for {
		r, err := p.Answer()
		if err != nil {
			return addrs
		}
		a, ok := r.Body.(*dnsmessage.AResource)
		if ok && strings.EqualFold(strings.TrimSuffix(r.Header.Name.String(), "."), strings.TrimSuffix(host, ".")) {
			addrs = append(addrs, netip.AddrFrom4(a.A))
		}
	}
}
