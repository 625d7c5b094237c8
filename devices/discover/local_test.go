package discover

import (
	"context"
	"net"
	"testing"
	"time"

	"noctiluca/devices/datagram"
	"noctiluca/devices/peers"

	"github.com/brutella/dnssd"
)

// TestNamesInLocal: a host named as WLED names itself is found by multicast
// DNS, from another's responder.
func TestNamesInLocal(t *testing.T) {
	if !peers.Alone(t) {
		return
	}
	responder, err := dnssd.NewResponder()
	if err != nil {
		t.Fatal(err)
	}
	s, err := dnssd.NewService(dnssd.Config{Name: "oak", Type: "_wled._tcp", Host: "wled-oak", Port: 80, IPs: []net.IP{peers.Here.AsSlice()}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := responder.Add(s); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() { _ = responder.Respond(ctx) }()
	h := datagram.NewHost("wled-oak.local", 21324, nil)
	defer h.Close()
	var found error
	for limit := time.Now().Add(time.Minute); time.Now().Before(limit); time.Sleep(50 * time.Millisecond) {
		a, err := h.Address()
		if found = err; err == nil {
			if a.Addr() != peers.Here || a.Port() != 21324 {
				t.Errorf("%v, want %v", a, peers.Here)
			}
			return
		}
	}
	t.Error(found)
}
