//go:build linux

package console

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/datagram"
	"noctiluca/devices/peers"
	"noctiluca/devices/sacn"
	"noctiluca/engine/show"
	"noctiluca/installations"

	"golang.org/x/net/ipv4"
)

// watched is a show that notes what it is offered and when.
type watched struct {
	*show.Show
	mu     sync.Mutex
	at     []time.Time
	events []show.Event
}

func (w *watched) Offer(e show.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at, w.events = append(w.at, time.Now()), append(w.events, e)
	return nil
}

// of gives the events of a parameter, and when they came.
func (w *watched) of(id show.ID) (values []float32, at []time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, e := range w.events {
		if e.Param == id {
			values, at = append(values, e.Value), append(at, w.at[i])
		}
	}
	return values, at
}

// TestConsoleAcrossABadNetwork: a desk in another namespace sends sACN by
// multicast and Art-Net by broadcast, over a network that loses one packet of
// ten and lets others overtake it. A fader that only rises is never heard to
// fall. Then the wire is cut: sACN's is given back not before 2.5 s, Art-Net's
// not before 10.
func TestConsoleAcrossABadNetwork(t *testing.T) {
	if !peers.Alone(t) {
		return
	}
	w := peers.StartWeather(t, 0.1, 40*time.Millisecond)
	_, s := hands(t, &installations.Console{})
	seen := &watched{Show: s}
	const swell, glow = "/scene/night/canopy/Swell", "/master/saturation"
	config := &installations.Console{Listen: peers.Here.String(), ArtnetPort: artnet.Port, SacnPort: sacn.Port, Release: true, Controls: []installations.Control{
		{Protocol: "sacn", Universe: 700, Channel: 1, Parameter: swell},
		{Protocol: "artnet", Universe: 3, Channel: 1, Parameter: glow},
	}}
	h, err := NewHands(config, "x.yaml", s.Registry, s.NewOrigin(), seen)
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	// The console's groups are joined on the interface that has the address.
	l, err := Listen(config, h, func() time.Duration { return time.Since(begin) }, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = l.Run(ctx) }()
	defer func() { stop(); <-ended }()

	// The desk is beyond the weather.
	var desk *net.UDPConn
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
	// As old desks do: to everybody on the network.
	everybody := netip.MustParseAddrPort("10.77.0.255:6454")
	const sent = 200
	for n := range sent {
		level := []byte{byte(n + 1)}
		_, _ = desk.WriteToUDPAddrPort(sacn.AppendData(nil, &sacn.Data{CID: sacn.NewCID("desk"), Source: []byte("desk"), Priority: 100, Sequence: byte(n), Universe: 700, Slots: level}), sacn.Group(700))
		_, _ = desk.WriteToUDPAddrPort(artnet.AppendDmx(nil, artnet.Dmx{Sequence: byte(n%255 + 1), Address: 3, Data: level}), everybody)
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(100 * time.Millisecond) // what was held back has come
	w.Cut()
	time.Sleep(500 * time.Millisecond) // what had passed has been heard
	for _, c := range []struct {
		path  string
		after time.Duration
	}{{swell, lossSACN}, {glow, lossArtnet}} {
		id, err := s.Find(c.path)
		if err != nil {
			t.Fatal(err)
		}
		before, _ := seen.of(id)
		heard := len(before)
		if len(before) < sent/8 || !slices.IsSorted(before) {
			t.Errorf("%s: of %d levels that rise came %d: %v", c.path, sent, len(before), before)
			continue
		}
		for limit := time.Now().Add(c.after + 20*time.Second); time.Now().Before(limit); time.Sleep(20 * time.Millisecond) {
			if after, _ := seen.of(id); len(after) > heard {
				break
			}
		}
		after, at := seen.of(id)
		if len(after) <= heard {
			t.Errorf("%s: it was never given back", c.path)
			continue
		}
		// Each packet that is heard brings a level; between its arrival and that
		// a busy machine may do something else.
		silent := at[heard].Sub(at[heard-1])
		t.Logf("%s: %d of %d levels were heard, none out of order; given back %.2f s after the last", c.path, heard, sent, silent.Seconds())
		if silent < c.after-300*time.Millisecond {
			t.Errorf("%s: given back %v after its last level, want %v", c.path, silent, c.after)
		}
	}
	lost, passed, _ := w.Counts(0)
	stop()
	<-ended
	counters := h.Merger().Counters()
	t.Logf("on the way %d lost, %d passed, %d of them overtaken", lost, passed, counters.OutOfOrder)
	if lost == 0 || counters.OutOfOrder == 0 {
		t.Errorf("%d were lost and %d overtaken: the weather was too good", lost, counters.OutOfOrder)
	}
}
