package outputs

import (
	"fmt"

	"noctiluca/devices/artnet"
	"noctiluca/devices/datagram"
	"noctiluca/devices/ddp"
	"noctiluca/devices/kinet"
	"noctiluca/devices/opc"
	"noctiluca/devices/oscout"
	"noctiluca/devices/output"
	"noctiluca/devices/sacn"
	"noctiluca/devices/serial"
	"noctiluca/devices/spi"
	"noctiluca/devices/tpm2"
	"noctiluca/devices/wled"
	"noctiluca/installations"
)

// opener makes the sender of a group of outputs of one protocol.
type opener func(inst *installations.Installation, g *group, o Options) (output.Sender, error)

// openers are the protocols: a new one is a package and a line here, and one
// in installations.
var openers = map[string]opener{
	"artnet":    openArtnet,
	"sacn":      openSacn,
	"ddp":       openDDP,
	"opc":       openOPC,
	"wled":      openWLED,
	"kinet":     openKinet,
	"kinet-dmx": openKinet,
	"tpm2":      openTPM2,
	"osc":       openOSC,
	"enttec":    openSerial,
	"opendmx":   openSerial,
	"adalight":  openSerial,
	"awa":       openSerial,
	"spi":       openSPI,
}

func sender(inst *installations.Installation, g *group, o Options) (output.Sender, error) {
	open, ok := openers[g.protocol]
	if !ok {
		return nil, fmt.Errorf("%s:%d: output %s: the protocol %q cannot be sent", inst.File, inst.Outputs[g.indices[0]].Line, g.name(inst), g.protocol)
	}
	return open(inst, g, o)
}

// datagrams joins a coder with the host of the group's first output.
func datagrams(inst *installations.Installation, g *group, o Options, port int, c datagram.Coder) output.Sender {
	host := datagram.NewHost(inst.Outputs[g.indices[0]].Host, port, o.Lookup)
	return datagram.NewSender(c, datagram.NewLink(host, g.link(inst)), g.over(inst))
}

// link is how the group's packets leave.
func (g *group) link(inst *installations.Installation) datagram.Options {
	return datagram.Options{Broadcast: inst.Outputs[g.indices[0]].Broadcast}
}

// single is the one output of a group whose protocol has a place for one only.
func (g *group) single(inst *installations.Installation) (*installations.Output, error) {
	if len(g.indices) > 1 {
		o := &inst.Outputs[g.indices[1]]
		return nil, fmt.Errorf("%s:%d: output %s: output %s goes there already, and the protocol %s has place for one", inst.File, o.Line, o.Name, inst.Outputs[g.indices[0]].Name, g.protocol)
	}
	return &inst.Outputs[g.indices[0]], nil
}

func openArtnet(inst *installations.Installation, g *group, o Options) (output.Sender, error) {
	var parts []artnet.Part
	for _, i := range g.indices {
		parts = append(parts, artnet.Part{Index: i, Output: &inst.Outputs[i]})
	}
	if parts[0].Output.Discover {
		return openNodes(inst, g, parts, o.ArtNet), nil
	}
	return datagrams(inst, g, o, artnet.Port, artnet.NewStream(parts)), nil
}

func openSacn(inst *installations.Installation, g *group, o Options) (output.Sender, error) {
	var parts []sacn.Part
	for _, i := range g.indices {
		parts = append(parts, sacn.Part{Index: i, Output: &inst.Outputs[i]})
	}
	first := parts[0].Output
	stream := sacn.NewStream(parts, sacn.Options{CID: sacn.NewCID(machine() + " " + inst.Name + " " + first.Host), Source: "Noctiluca " + inst.Name})
	if !first.Multicast {
		return datagrams(inst, g, o, sacn.Port, stream), nil
	}
	return &lazy{open: func() (output.Sender, error) {
		var options datagram.Options
		if first.Interface != "" {
			local, err := datagram.Interface(first.Interface)
			if err != nil {
				return nil, err
			}
			options.Local = local
		}
		return datagram.NewSender(stream, datagram.NewLink(nil, options), g.over(inst)), nil
	}}, nil
}

func openDDP(inst *installations.Installation, g *group, o Options) (output.Sender, error) {
	var parts []ddp.Part
	for _, i := range g.indices {
		parts = append(parts, ddp.Part{Index: i, Output: &inst.Outputs[i]})
	}
	host := datagram.NewHost(parts[0].Output.Host, ddp.Port, o.Lookup)
	sender := datagram.NewSender(ddp.NewStream(parts), datagram.NewLink(host, g.link(inst)), g.over(inst))
	if parts[0].Output.Broadcast {
		return sender, nil // nobody in particular is asked
	}
	return askDDP(sender, host), nil
}

func openOPC(inst *installations.Installation, g *group, o Options) (output.Sender, error) {
	var parts []opc.Part
	for _, i := range g.indices {
		parts = append(parts, opc.Part{Index: i, Output: &inst.Outputs[i]})
	}
	return opc.NewSender(parts, datagram.NewHost(parts[0].Output.Host, opc.Port, o.Lookup)), nil
}

func openWLED(inst *installations.Installation, g *group, o Options) (output.Sender, error) {
	out, err := g.single(inst)
	if err != nil {
		return nil, err
	}
	host := datagram.NewHost(out.Host, wled.Port, o.Lookup)
	stream := &wled.Stream{Index: g.indices[0], Output: out}
	return askWLED(datagram.NewSender(stream, datagram.NewLink(host, g.link(inst)), g.over(inst)), host), nil
}

func openKinet(inst *installations.Installation, g *group, o Options) (output.Sender, error) {
	s := &kinet.Stream{DMX: g.protocol == "kinet-dmx"}
	for _, i := range g.indices {
		s.Parts = append(s.Parts, kinet.Part{Index: i, Output: &inst.Outputs[i]})
	}
	return datagrams(inst, g, o, kinet.Port, s), nil
}

func openTPM2(inst *installations.Installation, g *group, o Options) (output.Sender, error) {
	out, err := g.single(inst)
	if err != nil {
		return nil, err
	}
	return datagrams(inst, g, o, tpm2.Port, &tpm2.Stream{Index: g.indices[0], Output: out}), nil
}

func openOSC(inst *installations.Installation, g *group, o Options) (output.Sender, error) {
	var all several
	for _, i := range g.indices {
		s, err := oscout.NewStream(inst, i)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return datagrams(inst, g, o, oscout.Port, all), nil
}

func openSerial(inst *installations.Installation, g *group, _ Options) (output.Sender, error) {
	out, err := g.single(inst)
	if err != nil {
		return nil, err
	}
	return serial.NewSender(g.indices[0], out)
}

func openSPI(inst *installations.Installation, g *group, _ Options) (output.Sender, error) {
	out, err := g.single(inst)
	if err != nil {
		return nil, err
	}
	return spi.NewSender(g.indices[0], out), nil
}
