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
	"noctiluca/installations"
)

// Options beside the installation. The zero value is for playing live.
type Options struct {
	// Lookup finds the addresses of names; nil asks the system.
	Lookup datagram.Lookup
	// ArtNet is the port that nodes are discovered by, where others of the
	// program use it too; nil opens one.
	ArtNet *artnet.SharedPort
}

// group is the outputs that go to one destination.
type group struct {
	protocol string
	indices  []int
}

// Open starts the outputs of an installation.
func Open(inst *installations.Installation) ([]*output.Runner, error) {
	return OpenWith(inst, Options{})
}

// OpenWith is Open with options.
func OpenWith(inst *installations.Installation, o Options) ([]*output.Runner, error) {
	if o.ArtNet == nil {
		o.ArtNet = &artnet.SharedPort{} // outputs on several interfaces share it
	}
	var runners []*output.Runner
	for _, g := range groups(inst) {
		s, err := sender(inst, g, o)
		if err != nil {
			for _, r := range runners {
				_ = r.Stop(time.Second)
			}
			return nil, err
		}
		runners = append(runners, output.Start(g.name(inst), s, output.Options{Rate: g.rate(inst)}))
	}
	return runners, nil
}

// groups sorts the outputs by where they go, in the order of the file.
func groups(inst *installations.Installation) []*group {
	var all []*group
	byKey := map[string]*group{}
	for i := range inst.Outputs {
		o := &inst.Outputs[i]
		key := fmt.Sprint(o.Protocol, o.Multicast, o.Discover, o.Broadcast, " ", o.Interface, " ", o.Device, " ", strings.ToLower(o.Host))
		g := byKey[key]
		if g == nil {
			g = &group{protocol: o.Protocol}
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

// rate is the lowest that an output of the group asks for; 0 for none.
func (g *group) rate(inst *installations.Installation) float64 {
	rate := 0.0
	for _, i := range g.indices {
		if r := inst.Outputs[i].MaxRate; r > 0 && (rate == 0 || r < rate) {
			rate = r
		}
	}
	return rate
}

// over is how long the packets of a frame take to go out.
func (g *group) over(inst *installations.Installation) time.Duration {
	return time.Duration(inst.Outputs[g.indices[0]].Spread * float64(time.Second) / inst.Rate)
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
