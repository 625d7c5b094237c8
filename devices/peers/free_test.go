package peers

import (
	"net"
	"testing"
)

// TestFreePort: each is another one, can be listened at, and is none that the
// system gives to who asks for any.
func TestFreePort(t *testing.T) {
	a, b := FreePort(t), FreePort(t)
	if a == b || !a.Addr().IsLoopback() || a.Port() < firstPort || a.Port() > lastPort {
		t.Errorf("%v and %v", a, b)
	}
	c, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(a))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	from, err := net.Dial("udp4", a.String())
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	if _, err := from.Write([]byte{1}); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Read(make([]byte, 2)); n != 1 || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
}
