package peers

import (
	"encoding/binary"
	"net"
	"os/exec"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Beyond is an address of the namespace's Ethernet at which nobody is: what
// is sent there leaves, and Heard tells of it.
const Beyond = "10.77.0.9"

// Ear hears the UDP datagrams that leave a namespace by its Ethernet.
type Ear struct {
	t  testing.TB
	fd int
}

// Listen begins to hear. Only Alone.
func Listen(t testing.TB) *Ear {
	t.Helper()
	if out, err := exec.Command("ip", "neigh", "replace", Beyond, "lladdr", "02:00:00:00:00:09", "dev", "light", "nud", "permanent").CombinedOutput(); err != nil {
		t.Fatalf("ip neigh: %s", out)
	}
	air, err := net.InterfaceByName("air")
	if err != nil {
		t.Fatal(err)
	}
	const ip = 0x0008 // ETH_P_IP in network order
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM, ip)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: ip, Ifindex: air.Index}); err != nil {
		t.Fatal(err)
	}
	return &Ear{t, fd}
}

// Heard gives the next datagram to a UDP port, or nil when none came in time.
func (e *Ear) Heard(port uint16, within time.Duration) []byte {
	e.t.Helper()
	buf := make([]byte, 65536)
	for limit := time.Now().Add(within); ; {
		left := time.Until(limit)
		if left <= 0 {
			return nil
		}
		tv := unix.NsecToTimeval(int64(left))
		_ = unix.SetsockoptTimeval(e.fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &tv)
		n, _, err := unix.Recvfrom(e.fd, buf, 0)
		if err != nil {
			continue
		}
		p := buf[:n]
		if len(p) < 28 || p[0]>>4 != 4 || p[9] != unix.IPPROTO_UDP {
			continue
		}
		udp := p[4*int(p[0]&15):]
		if len(udp) >= 8 && binary.BigEndian.Uint16(udp[2:]) == port {
			if size := int(binary.BigEndian.Uint16(udp[4:])); size >= 8 && size <= len(udp) {
				return append([]byte(nil), udp[8:size]...)
			}
		}
	}
}
