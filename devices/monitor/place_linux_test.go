package monitor

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/datagram"
	"noctiluca/devices/peers"
	"noctiluca/devices/sacn"

	"golang.org/x/net/ipv4"
)

// TestOneInterface: with --listen at the address of one interface the monitor
// shows what a desk sends there by broadcast, by multicast and by unicast, and
// not what goes over another interface.
func TestOneInterface(t *testing.T) {
	if !peers.Alone(t) {
		return
	}
	w := peers.StartWeather(t, 0, time.Millisecond)
	var desk *net.UDPConn
	var err error
	w.Inside(func() {
		if desk, err = net.ListenUDP("udp4", &net.UDPAddr{IP: peers.Neighbour.AsSlice()}); err != nil {
			return
		}
		ifi, e := datagram.InterfaceOf(peers.Neighbour)
		if e != nil {
			err = e
			return
		}
		err = ipv4.NewPacketConn(desk).SetMulticastInterface(ifi)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer desk.Close()
	loopback, err := net.Dial("udp4", "127.0.0.1:6454")
	if err != nil {
		t.Fatal(err)
	}
	defer loopback.Close()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for i := 0; ctx.Err() == nil; i++ {
			everybody := netip.AddrPortFrom(netip.MustParseAddr("10.77.0.255"), artnet.Port)
			_, _ = desk.WriteToUDPAddrPort(dmx(byte(i%255+1), 3, 9), everybody)
			_, _ = desk.WriteToUDPAddrPort(dmx(byte(i%255+1), 4, 9), netip.AddrPortFrom(peers.Here, artnet.Port))
			_, _ = desk.WriteToUDPAddrPort(sacn.AppendData(nil, &sacn.Data{CID: sacn.CID{1}, Universe: 700, Sequence: byte(i), Slots: []byte{7}}), sacn.Group(700))
			_, _ = loopback.Write(dmx(byte(i%255+1), 5, 9))
			time.Sleep(20 * time.Millisecond)
		}
	}()
	var out buffer
	got := runUntil(t, &out, Options{Listen: peers.Here.String(), ArtnetPort: artnet.Port, SacnPort: sacn.Port, Universes: []uint16{700}}, []string{
		"Art-Net universe 3  from 10.77.0.", "Art-Net universe 4  from 10.77.0.", "sACN universe 700  from 10.77.0."}, func() { time.Sleep(20 * time.Millisecond) })
	stop()
	<-ended
	if strings.Contains(got, "universe 5") {
		t.Errorf("it shows what came by the loopback:\n%s", got)
	}
}
