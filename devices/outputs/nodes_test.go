package outputs

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/datagram"
	"noctiluca/devices/output"
	"noctiluca/devices/peers"
	"noctiluca/installations"
)

// TestOLAIsFound: OLA's daemon answers our poll, its universes are sent to it
// by unicast, and what it has of them is the frame. A universe that nobody
// has is sent to nobody.
func TestOLAIsFound(t *testing.T) {
	if !peers.Alone(t) {
		return
	}
	// One port of Art-Net for each of the two, so one needs another address:
	// OLA and we share the machine, and only one may have the port on all of
	// them. A namespace for OLA alone is the neighbour in the air.
	ola := peers.StartNeighbour(t, map[string]string{"artnet": "ip = " + peers.Neighbour.String() + "\noutput_ports = 4"})
	for i := range 3 {
		ola.Input("ArtNet", i, 1+i)
	}
	inst := wall(installations.Output{Name: "artnet", Protocol: "artnet", Discover: true, Interface: "light", Universes: universes(1, 4), Sync: true, Failsafe: "hold"})
	runners, err := Open(inst)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	f := frames(t, inst).next(false)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			runners[0].Put(f)
			select {
			case <-done:
				return
			case <-time.After(25 * time.Millisecond):
			}
		}
	}()
	for u := range 3 {
		ola.Expect(1+u, f.Output(0)[u*510:u*510+510])
	}
	s := runners[0].Stats()
	if s.Errors > 0 || !s.Device.Wrong || !strings.Contains(s.Device.State, "1 nodes, 1 universes that no node has") || s.Device.Seen.Before(began) {
		t.Errorf("%+v", s)
	}
	t.Logf("%s; round trip %v with the node's own delay", s.Device.State, s.Device.RoundTrip)
	close(done)
	<-ended
	if err := runners[0].Stop(30 * time.Second); err != nil {
		t.Error(err)
	}
}

// TestTsharkDissectsPolls: what we ask, answer and tell besides light.
func TestTsharkDissectsPolls(t *testing.T) {
	inst := wall(installations.Output{Name: "a", Protocol: "artnet", Universes: universes(3, 2), Sync: true, Failsafe: "zero", TimeCode: "ebu"})
	var b datagram.Batch
	s := artnet.NewStream([]artnet.Part{{Output: &inst.Outputs[0]}})
	f := frames(t, inst).next(false)
	s.Frame(&b, f)
	f.Release()
	var packets []peers.Packet
	add := func(data []byte) {
		packets = append(packets, peers.Packet{To: netip.AddrPortFrom(peers.Here, artnet.Port), Data: data})
	}
	for i := range b.Len() {
		data, _ := b.Packet(i)
		add(data)
	}
	add(artnet.AppendPoll(nil, artnet.PollReplyOnChange))
	add(artnet.AppendReply(nil, &artnet.Reply{IP: peers.Here, ShortName: "forest", LongName: "Noctiluca forest", Report: "#0001 [0000] playing", Style: artnet.StyleController, Ports: []artnet.NodePort{{Output: true, Out: 3}}, Bind: 1}))
	add(artnet.AppendNzs(nil, artnet.Nzs{Sequence: 1, StartCode: 0xdd, Address: 3, Data: make([]byte, 512)}))
	got := peers.Dissect(t, "artnet", packets, "artnet.header.opcode", "artnet.poll_reply.short_name")
	var codes []string
	for _, g := range got {
		codes = append(codes, g[0])
	}
	if want := "0x6000 0x5000 0x5000 0x5200 0x9700 0x2000 0x2100 0x5100"; strings.Join(codes, " ") != want || got[6][1] != "forest" {
		t.Errorf("%v, want %s", got, want)
	}
}

// TestMulticastReachesANeighbour: sACN by multicast from one namespace to
// OLA's daemon in another, synchronised, by a named interface.
func TestMulticastReachesANeighbour(t *testing.T) {
	if !peers.Alone(t) {
		return
	}
	ola := peers.StartNeighbour(t, map[string]string{"e131": "ip = " + peers.Neighbour.String() + "\ninput_ports = 5"})
	for i := range 2 {
		ola.Input("E1.31", i, 700+i)
	}
	inst := wall(installations.Output{Name: "sacn", Protocol: "sacn", Multicast: true, Interface: "light", Universes: universes(700, 2), Priority: 100, PerAddress: true})
	show(t, inst, func(bytes func(o, u int) []byte) {
		for u := range 2 {
			ola.Expect(700+u, bytes(0, u))
		}
	})
}

// TestWLEDTells how it is, beside the light.
func TestWLEDTells(t *testing.T) {
	if !peers.Alone(t) { // a WLED's web server has port 80
		return
	}
	l, err := net.Listen("tcp", peers.Here.String()+":80")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"name":"Oak","ver":"0.15.0","live":true,"lm":"UDP","leds":{"count":30,"fps":40}}`))
	})}
	go func() { _ = server.Serve(l) }()
	defer server.Close()
	runners, err := Open(strip(30, 3, installations.Output{Name: "oak", Protocol: "wled", Host: peers.Here.String(), Timeout: 2}))
	if err != nil {
		t.Fatal(err)
	}
	var d output.Device
	for limit := time.Now().Add(30 * time.Second); d.State == "" && time.Now().Before(limit); time.Sleep(10 * time.Millisecond) {
		d = runners[0].Stats().Device
	}
	if d.State != "Oak, WLED 0.15.0, 30 LEDs, 40 fps, live by UDP" || d.RoundTrip <= 0 || d.Seen.IsZero() || d.Wrong {
		t.Errorf("%+v", d)
	}
	_ = runners[0].Stop(30 * time.Second)
}
