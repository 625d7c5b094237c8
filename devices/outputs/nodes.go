package outputs

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/datagram"
	"noctiluca/devices/output"
	"noctiluca/installations"
)

// nodes sends to the Art-Net nodes that are found, and tells of them. They
// are looked for once the network is there.
type nodes struct {
	lazy
	peer atomic.Pointer[artnet.Peer]
	want []uint16 // port addresses
}

var _ output.Health = (*nodes)(nil)

// openNodes finds nodes on an interface and sends each universe to those that
// put it out.
func openNodes(inst *installations.Installation, g *group, parts []artnet.Part, port *artnet.SharedPort) output.Sender {
	n := &nodes{}
	for _, p := range parts {
		for _, u := range p.Output.Universes {
			n.want = append(n.want, uint16(u.Number))
		}
	}
	first := parts[0].Output
	n.open = func() (output.Sender, error) {
		local, err := artnet.DefaultInterface()
		if first.Interface != "" {
			local, err = datagram.Interface(first.Interface)
		}
		if err != nil {
			return nil, err
		}
		peer, err := artnet.OpenPeer(local, artnet.PeerOptions{Name: inst.Name, Style: artnet.StyleController, Failsafe: first.Failsafe, Port: port})
		if err != nil {
			return nil, err
		}
		n.peer.Store(peer)
		stream := artnet.NewRouted(parts, peer.Subscribers)
		return datagram.NewSender(stream, datagram.NewLink(nil, datagram.Options{}), g.over(inst)), nil
	}
	return n
}

// Device implements output.Health: how many nodes there are, and how many
// universes none of them has.
func (n *nodes) Device() output.Device {
	peer := n.peer.Load()
	if peer == nil {
		return output.Device{State: "no network yet", Wrong: true}
	}
	all := peer.Nodes()
	var d output.Device
	missing := 0
	for _, a := range n.want {
		if len(peer.Subscribers(a)) == 0 {
			missing++
		}
	}
	d.State = fmt.Sprintf("%d nodes", len(all))
	if d.Wrong = missing > 0; d.Wrong {
		d.State += fmt.Sprintf(", %d universes that no node has", missing)
	}
	for _, x := range all {
		d.RoundTrip = max(d.RoundTrip, x.RoundTrip)
	}
	if len(all) > 0 {
		d.Seen = time.Now()
	}
	return d
}

// Close implements output.Sender.
func (n *nodes) Close() error {
	err := n.lazy.Close()
	if peer := n.peer.Load(); peer != nil {
		err = errors.Join(err, peer.Close())
	}
	return err
}
