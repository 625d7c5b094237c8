package lsl

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"
)

// TestFoundByMulticast: in a network namespace of its own, so that nothing
// leaves the machine, an outlet that listens where Lab Streaming Layer's do is
// found by multicast, on another address than this machine's loopback.
func TestFoundByMulticast(t *testing.T) {
	if os.Getenv("NOCTILUCA_INSIDE") != "" {
		inside(t)
		return
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("ip (iproute2) is missing")
	}
	name := fmt.Sprintf("noctiluca-lsl-%d", os.Getpid())
	ip := func(args ...string) error { return exec.Command("ip", args...).Run() }
	if err := ip("netns", "add", name); err != nil {
		t.Skipf("ip netns add: %v", err)
	}
	defer ip("netns", "del", name)
	for _, args := range [][]string{
		{"link", "set", "lo", "up"}, {"link", "add", "d0", "type", "veth", "peer", "name", "d1"}, {"addr", "add", "10.99.2.1/24", "dev", "d0"},
		{"link", "set", "d0", "up", "multicast", "on"}, {"link", "set", "d1", "up"}, {"route", "add", "224.0.0.0/4", "dev", "d0"},
	} {
		if err := ip(append([]string{"-n", name}, args...)...); err != nil {
			t.Skipf("ip %v: %v", args, err)
		}
	}
	c := exec.Command("ip", "netns", "exec", name, os.Args[0], "-test.run=^TestFoundByMulticast$", "-test.v")
	c.Env = append(os.Environ(), "NOCTILUCA_INSIDE=1")
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("inside the namespace: %v\n%s", err, out)
	}
}

func inside(t *testing.T) {
	d0, err := net.InterfaceByName("d0")
	if err != nil {
		t.Fatal(err)
	}
	o := &outlet{info: Info{Name: "Far", Type: "test", Channels: 1, Rate: 100, Format: "int16", UID: "far", Host: "far"}, pattern: pattern}
	if o.udp, err = net.ListenMulticastUDP("udp4", d0, &net.UDPAddr{IP: net.IPv4(239, 255, 172, 215), Port: 16571}); err != nil {
		t.Fatal(err)
	}
	if o.tcp, err = net.Listen("tcp4", "10.99.2.1:0"); err != nil {
		t.Fatal(err)
	}
	o.info.DataPort = o.tcp.Addr().(*net.TCPAddr).Port
	go o.answer()
	go o.serve()
	defer o.close()
	in, err := New("Far", Options{Now: ours, Ports: []int{1}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	n := 0
	_ = in.Run(ctx, func(Sample) {
		if n++; n == 20 {
			stop()
		}
	})
	if n < 20 {
		t.Errorf("%d samples came, want 20", n)
	}
}
