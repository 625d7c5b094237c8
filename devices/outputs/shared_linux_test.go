package outputs

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/console"
	"noctiluca/devices/datagram"
	"noctiluca/devices/peers"
	engine "noctiluca/engine/show"
	"noctiluca/installations"
)

// TestConsoleAndDiscoveryShareThePort: in one process an output that discovers
// its nodes and a console that listens at one interface both have Art-Net's
// port. Beyond a network are a node, which is found, gets its universe and
// hears our answer to its own polls, and a desk, which is heard by unicast and
// by broadcast. When the console leaves the nodes stay; when both have left the
// port is free.
func TestConsoleAndDiscoveryShareThePort(t *testing.T) {
	if !peers.Alone(t) {
		return
	}
	w := peers.StartWeather(t, 0, time.Millisecond)
	var node *artnet.Peer
	var desk *net.UDPConn
	var err error
	far := &artnet.SharedPort{}
	w.Inside(func() {
		node, err = artnet.OpenPeer(peers.Neighbour, artnet.PeerOptions{Name: "oak", Style: artnet.StyleNode, Ports: []artnet.NodePort{{Output: true, Out: 1}}, Port: far})
		if err == nil {
			desk, err = net.ListenUDP("udp4", &net.UDPAddr{IP: peers.Neighbour.AsSlice()})
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer node.Close()
	defer desk.Close()
	var lit atomic.Int32 // light that reached the node
	lamp, err := far.Join(1000, 100, func(_ *artnet.Tenant, b []byte, _ netip.AddrPort, _ datagram.Arrival) {
		if d, err := artnet.ParseDmx(b); err == nil && d.Address == 1 {
			lit.Add(1)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer lamp.Leave()

	const unicast, broadcast, loopback = "/scene/night/canopy/Swell", "/master/saturation", "/master/level"
	config := &installations.Console{Listen: peers.Here.String(), ArtnetPort: artnet.Port, Controls: []installations.Control{
		{Protocol: "artnet", Universe: 3, Channel: 1, Parameter: unicast},
		{Protocol: "artnet", Universe: 4, Channel: 1, Parameter: broadcast},
		{Protocol: "artnet", Universe: 5, Channel: 1, Parameter: loopback},
	}}
	s, err := engine.New(&installations.Installation{Name: "x", File: "x.yaml", Rate: 60, Scenes: []installations.Scene{{Name: "night", Layers: []installations.Layer{{
		Name: "canopy", Level: 1, Parameters: []installations.Parameter{{Name: "Swell", Min: 2, Max: 10, Default: 4}}}}}}}, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h, err := console.NewHands(config, "x.yaml", s.Registry, s.NewOrigin(), s)
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	port := &artnet.SharedPort{}
	inst := wall(installations.Output{Name: "artnet", Protocol: "artnet", Discover: true, Interface: "light", Universes: universes(1, 2)})
	runners, err := OpenWith(inst, Options{ArtNet: port})
	if err != nil {
		t.Fatal(err)
	}
	m := frames(t, inst)
	step := func(n int) {
		f := m.stage.Make(uint64(n), time.Duration(n)*time.Second/60, m.r, m.g, m.b, false)
		runners[0].Put(f)
		f.Release()
		time.Sleep(10 * time.Millisecond)
	}
	step(0) // the nodes are looked for first, and the console comes to it
	listener, err := console.Listen(config, h, func() time.Duration { return time.Since(begin) }, port)
	if err != nil {
		t.Fatal(err)
	}
	if a := listener.Addr(console.Artnet); a.Port() != artnet.Port {
		t.Errorf("the console listens at %v", a)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = listener.Run(ctx) }()
	local, err := net.Dial("udp4", "127.0.0.1:6454") // not the console's interface
	if err != nil {
		t.Fatal(err)
	}
	defer local.Close()
	var view engine.View
	level := func(path string) float32 {
		id, err := s.Find(path)
		if err != nil {
			t.Fatal(err)
		}
		return view.To[id]
	}
	known := func() bool { // the node and we of each other
		all := node.Nodes()
		return strings.Contains(runners[0].Stats().Device.State, "1 nodes, 1 universes that no node has") && len(all) > 0 && all[0].ShortName == "wall"
	}
	heard := false
	for n := 1; n < 6000 && !(heard && known() && lit.Load() > 10); n++ {
		dmx := func(u uint16, level byte) []byte {
			return artnet.AppendDmx(nil, artnet.Dmx{Sequence: byte(n%255 + 1), Address: u, Data: []byte{level, 0}})
		}
		_, _ = desk.WriteToUDPAddrPort(dmx(3, 255), netip.AddrPortFrom(peers.Here, artnet.Port))
		_, _ = desk.WriteToUDPAddrPort(dmx(4, 0), netip.MustParseAddrPort("10.77.0.255:6454"))
		_, _ = local.Write(dmx(5, 0))
		step(n)
		s.Step(time.Since(begin), nil)
		s.Look(&view)
		heard = level(unicast) == 10 && level(broadcast) == 0
	}
	if !heard || !known() || lit.Load() <= 10 {
		t.Errorf("the desk is heard: %v (%v, %v); of the node it is known %q, and it of %v; it got %d packets of light",
			heard, level(unicast), level(broadcast), runners[0].Stats().Device.State, node.Nodes(), lit.Load())
	}
	if level(loopback) == 0 {
		t.Error("the console heard what came by the loopback")
	}
	if e := runners[0].Stats(); e.Errors > 0 {
		t.Errorf("%d errors: %s", e.Errors, e.LastError)
	}
	stop()
	<-ended
	before := lit.Load()
	for n := range 3000 {
		if step(8000 + n); n >= 50 && lit.Load() >= before+20 {
			break
		}
	}
	if lit.Load() < before+20 {
		t.Errorf("when the console has gone the node gets %d packets of light", lit.Load()-before)
	}
	if err := runners[0].Stop(30 * time.Second); err != nil {
		t.Error(err)
	}
	free, err := net.ListenUDP("udp4", &net.UDPAddr{Port: artnet.Port})
	if err != nil {
		t.Fatalf("the port was not given back: %v", err)
	}
	defer free.Close()
	if _, err := port.Join(1, 1, nil); err == nil || !strings.Contains(err.Error(), "port 6454") {
		t.Errorf("the port of another program was joined: %v", err)
	}
}
