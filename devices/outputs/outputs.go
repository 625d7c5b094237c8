// Package outputs opens what an installation sends to: one runner for each
// destination, whatever the protocol. Outputs of one protocol that lead to
// one host go together, in one stream: their packets leave in order, and what
// makes a frame show at once comes after all of them.
//
// A host that cannot be reached or found keeps nothing from starting. Its
// output says so in its counters, and tries again.
package outputs

import (
	"fmt"
	"os"
	"strings"
	"time"

	"noctiluca/devices/artnet"
	"noctiluca/devices/datagram"
	"noctiluca/devices/output"
	"noctiluca/devices/sacn"
	"noctiluca/installations"
)

// spread is the part of a frame over which its packets go out when they are
// many: the rest is left for the way and for the controller.
const spread = 0.5

// Options beside the installation. The zero value is for playing live.
type Options struct {
	// Lookup finds the addresses of names; nil asks the system.
	Lookup datagram.Lookup
}

// group is the outputs that go to one destination.
type group struct {
	protocol, to string
	multicast    bool
	indices      []int
}

// Open starts the outputs of an installation.
func Open(inst *installations.Installation) ([]*output.Runner, error) {
	return OpenWith(inst, Options{})
}

// OpenWith is Open with options.
func OpenWith(inst *installations.Installation, o Options) ([]*output.Runner, error) {
	var runners []*output.Runner
	for _, g := range groups(inst) {
		s, err := sender(inst, g, o)
		if err != nil {
			for _, r := range runners {
				_ = r.Stop(time.Second)
			}
			return nil, err
		}
		runners = append(runners, output.Start(g.name(inst), s, output.Options{}))
	}
	return runners, nil
}

// groups sorts the outputs by where they go, in the order of the file.
func groups(inst *installations.Installation) []*group {
	var all []*group
	byKey := map[string]*group{}
	for i := range inst.Outputs {
		out := &inst.Outputs[i]
		key := fmt.Sprintf("%s %v %s", out.Protocol, out.Multicast, strings.ToLower(out.Host))
		g := byKey[key]
		if g == nil {
			g = &group{protocol: out.Protocol, to: out.Host, multicast: out.Multicast}
			byKey[key] = g
			all = append(all, g)
		}
		g.indices = append(g.indices, i)
	}
	return all
}

// name is for status lines: the outputs, or the first and how many more.
func (g *group) name(inst *installations.Installation) string {
	s := inst.Outputs[g.indices[0]].Name
	if n := len(g.indices) - 1; n > 0 {
		s += fmt.Sprintf("+%d", n)
	}
	return s
}

func sender(inst *installations.Installation, g *group, o Options) (output.Sender, error) {
	over := time.Duration(spread * float64(time.Second) / inst.Rate)
	switch g.protocol {
	case "artnet":
		var parts []artnet.Part
		for _, i := range g.indices {
			parts = append(parts, artnet.Part{Index: i, Output: &inst.Outputs[i]})
		}
		host := datagram.NewHost(g.to, artnet.Port, o.Lookup)
		return datagram.NewSender(artnet.NewStream(parts, 0), datagram.NewLink(host, datagram.Options{}), over), nil
	case "sacn":
		var parts []sacn.Part
		for _, i := range g.indices {
			parts = append(parts, sacn.Part{Index: i, Output: &inst.Outputs[i]})
		}
		var host *datagram.Host
		if !g.multicast {
			host = datagram.NewHost(g.to, sacn.Port, o.Lookup)
		}
		stream := sacn.NewStream(parts, sacn.Options{
			CID: sacn.NewCID(machine() + " " + inst.Name + " " + g.to), Source: "Noctiluca " + inst.Name,
		})
		return datagram.NewSender(stream, datagram.NewLink(host, datagram.Options{}), over), nil
	}
	return nil, fmt.Errorf("%s:%d: output %s: the protocol %q cannot be sent", inst.File, inst.Outputs[g.indices[0]].Line, g.name(inst), g.protocol)
}

// machine is what tells this machine from others, and stays: machine-id(5),
// or the host name. It is only used to make identifiers, hashed.
func machine() string {
	if b, err := os.ReadFile("/etc/machine-id"); err == nil && len(b) > 8 {
		return strings.TrimSpace(string(b))
	}
	name, _ := os.Hostname()
	return name
}
