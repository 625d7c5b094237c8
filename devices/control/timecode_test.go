package control

import (
	"context"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/datagram"
	"noctiluca/devices/peers"
	"noctiluca/engine/show"
)

// TestTimecodeSharesThePort: timecode at Art-Net's own port is chased while
// others of the program hear that port too, and what came to another address
// than the one listened at is not chased.
func TestTimecodeSharesThePort(t *testing.T) {
	if !peers.Alone(t) {
		return
	}
	s := newStage(t, Options{})
	shared := &artnet.SharedPort{}
	var others atomic.Int32
	other, err := shared.Join(1000, 100, func(*artnet.Tenant, []byte, netip.AddrPort, datagram.Arrival) { others.Add(1) })
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- Timecode(ctx, "127.0.0.1:6454", nil, s.Show, s.now, shared) }()
	code := func(to string, minute, frame byte) {
		out, err := net.Dial("udp4", to)
		if err != nil {
			t.Fatal(err)
		}
		defer out.Close()
		out.Write(append([]byte("Art-Net\x00\x00\x97\x00\x0e\x00\x00"), frame%25, 5, minute, 0, 1))
	}
	frame := byte(0)
	var v show.View
	eventually(t, "the timecode", func() bool {
		code("127.0.0.1:6454", 1, frame)
		frame++
		s.Look(&v)
		return v.Code > 64 && v.Code < 67
	})
	before := others.Load()
	code(peers.Here.String()+":6454", 30, 0)
	eventually(t, "the other one", func() bool { return others.Load() > before })
	time.Sleep(20 * time.Millisecond)
	if s.Look(&v); v.Code > 100 {
		t.Errorf("a code for another address was chased: %v", v.Code)
	}
	if others.Load() < 2 {
		t.Errorf("the other one heard %d packets", others.Load())
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := other.Leave(); err != nil {
		t.Error(err)
	}
	if err := Timecode(context.Background(), "10.77.0.99:6454", nil, s.Show, s.now, shared); err == nil {
		t.Error("an address of nobody was listened at")
	}
}
