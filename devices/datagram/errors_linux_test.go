package datagram

import (
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/peers"
)

// sendUntil sends a frame of 20 packets every 10 ms until an error says that.
func sendUntil(t *testing.T, l *Link, says string) (sent, errors int) {
	t.Helper()
	for limit := time.Now().Add(30 * time.Second); time.Now().Before(limit); time.Sleep(10 * time.Millisecond) {
		n, _, err := l.Send(batch(repeat(20, 530)...), 0)
		sent += n
		if err == nil {
			continue
		}
		errors++
		if strings.Contains(err.Error(), says) {
			return sent, errors
		}
		t.Errorf("it says %v", err)
	}
	t.Errorf("nothing said %q", says)
	return sent, errors
}

// TestHostIsNotThere: that no neighbour has the address, that there is no route
// any more, and that a router knows none are errors of the sends that follow;
// the frame's packets are sent all the same where they can be, the socket's
// queue of errors is left empty, and when the host is there it gets its frames
// without an error.
func TestHostIsNotThere(t *testing.T) {
	if !peers.Alone(t) {
		return
	}
	// A neighbour is asked for three times, once a second; here more quickly.
	if err := os.WriteFile("/proc/sys/net/ipv4/neigh/light/retrans_time_ms", []byte("100"), 0o600); err != nil {
		t.Fatal(err)
	}
	ip := func(args string) {
		t.Helper()
		if out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput(); err != nil {
			t.Fatalf("ip %s: %s", args, out)
		}
	}
	peers.StartWeather(t, 0, 0) // whose far end is peers.Neighbour
	for _, plain := range []bool{false, true} {
		l := NewLink(NewHost("10.77.0.200:6454", 1, nil), Options{Plain: plain})
		sent, _ := sendUntil(t, l, "10.77.0.200:6454 cannot be reached: no route to host")
		if sent%20 != 0 {
			t.Errorf("plain %v: %d packets were sent, which are no whole frames", plain, sent)
		}
		// One error for all the packets that waited, and nothing is left.
		if _, _, err := l.Send(batch(10), 0); err != nil {
			t.Errorf("plain %v: the frame after it: %v", plain, err)
		}
		if n := told(l.raw); n > 1 {
			t.Errorf("plain %v: %d errors are left in the queue", plain, n)
		}
		sendUntil(t, l, "no route to host") // again, as long as it is not there
		if l.segments == plain {
			t.Errorf("plain %v: segments %v", plain, l.segments)
		}
		_ = l.Close()
	}

	// A host that is there, whose route goes and comes back.
	l := NewLink(NewHost(netip.AddrPortFrom(peers.Neighbour, 6454).String(), 1, nil), Options{})
	defer l.Close()
	sendUntil(t, l, "nobody listens at 10.77.0.2:6454")
	ip("route del 10.77.0.0/24 dev light")
	sendUntil(t, l, "10.77.0.2:6454 cannot be reached: network is unreachable")
	ip("route add unreachable 10.77.0.0/24")
	sendUntil(t, l, "10.77.0.2:6454 cannot be reached: no route to host")
	ip("route del unreachable 10.77.0.0/24")
	ip("route add 10.77.0.0/24 dev light src 10.77.0.1")
	ip("addr add 10.77.0.2/24 dev light") // the host is this machine, and nobody listens
	sendUntil(t, l, "nobody listens")
}
