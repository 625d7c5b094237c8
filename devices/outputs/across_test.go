//go:build linux

package outputs

import (
	"bytes"
	"net"
	"strings"
	"testing"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/console"
	"noctiluca/devices/datagram"
	"noctiluca/devices/peers"
	"noctiluca/devices/sacn"
	"noctiluca/installations"

	"golang.org/x/net/ipv4"
)

// TestOutputsAcrossABadNetwork: over a network between two namespaces that
// loses one packet of ten and lets others overtake it, an Art-Net node is found
// by broadcast and gets its universe, and a receiver of sACN by multicast never
// shows an older frame after a newer one. When one of the three packets that end
// the stream arrives, its levels are gone at once.
func TestOutputsAcrossABadNetwork(t *testing.T) {
	if !peers.Alone(t) {
		return
	}
	w := peers.StartWeather(t, 0.1, 40*time.Millisecond)
	var node *artnet.Peer
	var receiver *net.UDPConn
	var err error
	w.Inside(func() {
		node, err = artnet.OpenPeer(peers.Neighbour, artnet.PeerOptions{Name: "oak", Style: artnet.StyleNode, Ports: []artnet.NodePort{{Output: true, Out: 1}}})
		if err != nil {
			return
		}
		if receiver, err = net.ListenUDP("udp4", &net.UDPAddr{Port: sacn.Port}); err != nil {
			return
		}
		far, e := datagram.InterfaceOf(peers.Neighbour)
		if e != nil {
			err = e
			return
		}
		err = ipv4.NewPacketConn(receiver).JoinGroup(far, net.UDPAddrFromAddrPort(sacn.Group(700)))
	})
	if err != nil {
		t.Fatal(err)
	}
	defer node.Close()
	type packet struct {
		at   time.Duration
		data []byte
	}
	var got []packet
	begin, received := time.Now(), make(chan struct{})
	go func() {
		defer close(received)
		buf := make([]byte, 2048)
		for {
			n, err := receiver.Read(buf)
			if err != nil {
				return
			}
			got = append(got, packet{time.Since(begin), bytes.Clone(buf[:n])})
		}
	}()

	inst := wall(
		installations.Output{Name: "sacn", Protocol: "sacn", Multicast: true, Interface: "light", Universes: universes(700, 1), Priority: 100},
		installations.Output{Name: "artnet", Protocol: "artnet", Discover: true, Interface: "light", Universes: universes(1, 2)},
	)
	runners, err := Open(inst)
	if err != nil {
		t.Fatal(err)
	}
	m := frames(t, inst)
	found, known := "", false
	// Replies may be lost, and polls go out every 2.75 s.
	for n, since := 0, time.Now(); n < 200 || !known && time.Since(since) < time.Minute; n++ {
		for i := range m.g {
			m.g[i] = float32(min(n, 255)) / 255 // GRB: the first byte is the frame's number
		}
		f := m.stage.Make(uint64(n), time.Duration(n)*time.Second/60, m.r, m.g, m.b, false)
		for _, r := range runners {
			r.Put(f)
		}
		f.Release()
		time.Sleep(10 * time.Millisecond)
		if _, _, there := w.Counts(artnet.Port); !known && there > 20 { // more than polls and replies
			found = runners[1].Stats().Device.State
			known = strings.Contains(found, "1 nodes, 1 universes that no node has")
		}
	}
	for _, r := range runners {
		if err := r.Stop(30 * time.Second); err != nil {
			t.Error(err)
		}
	}
	time.Sleep(200 * time.Millisecond)
	receiver.Close()
	<-received

	if !known {
		t.Errorf("of the node it is known: %q", found)
	}
	all := console.Address{Protocol: console.SACN, Universe: 700}
	merger := console.NewMerger(console.HTP, all)
	last, ended := -1, false
	for _, p := range got {
		d, err := sacn.ParseData(p.data)
		if err != nil {
			t.Fatal(err)
		}
		ended = ended || d.Options&sacn.Terminated != 0
		merger.SACN(p.data, p.at)
		if ended {
			continue
		}
		if level, ok := merger.Level(all, 1, p.at); !ok || int(level) < last {
			t.Fatalf("frame %d is shown after frame %d", level, last)
		} else {
			last = int(level)
		}
	}
	lost, passed, _ := w.Counts(0)
	c := merger.Counters()
	t.Logf("%d datagrams lost, %d passed; of sACN %d arrived, %d of them overtaken; Art-Net: %s", lost, passed, len(got), c.OutOfOrder, found)
	if last < 150 || c.OutOfOrder == 0 || lost == 0 {
		t.Errorf("the last frame shown is %d, %d were overtaken, %d lost", last, c.OutOfOrder, lost)
	}
	if _, present := merger.Level(all, 1, got[len(got)-1].at); present && ended {
		t.Error("the stream has ended, and its levels are there")
	}
}
