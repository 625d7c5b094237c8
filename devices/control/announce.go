package control

import (
	"context"

	"github.com/brutella/dnssd"
)

// announce tells the local network where control and description are, by
// mDNS and DNS-SD (RFC 6762, RFC 6763), until ctx is done.
func (s *Server) announce(ctx context.Context) {
	r, err := dnssd.NewResponder()
	if err != nil {
		s.o.Log("mDNS: " + err.Error())
		return
	}
	for _, a := range []struct {
		kind string
		port uint16
	}{{"_osc._udp", s.Addr().Port()}, {"_oscjson._tcp", s.QueryAddr().Port()}} {
		if a.port == 0 {
			continue
		}
		service, err := dnssd.NewService(dnssd.Config{Name: s.o.Name, Type: a.kind, Port: int(a.port)})
		if err == nil {
			_, err = r.Add(service)
		}
		if err != nil {
			s.o.Log("mDNS: " + err.Error())
		}
	}
	if err := r.Respond(ctx); err != nil && ctx.Err() == nil {
		s.o.Log("mDNS: " + err.Error())
	}
}
