package installations

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Bytes of headers, on the way from our data to the wire.
const (
	artSync  = 14 // Art-Net 4, ArtSync, whole
	sacnSync = 49 // ANSI E1.31-2018, table 4-2, whole
	udpIP    = 8 + 20
	// Of Ethernet: preamble 8, addresses and type 14, check 4, gap 12; and
	// what it carries is padded to 46.
	ethernet      = 8 + 14 + 4 + 12
	ethernetLeast = 46
)

// Report is what an installation takes: pixels, universes, bandwidth, power.
type Report struct {
	Name, Title string
	Rate        float64
	Pixels      int
	Fixtures    int
	Limbs       int
	Outputs     []OutputReport
	Supplies    []SupplyReport // a last one without a name is of the fixtures that name none
	Total       Power
	// Assumed is how many pixels have no LED type: they are estimated as the
	// type that draws most.
	Assumed int
}

// OutputReport is what one output sends.
type OutputReport struct {
	Name, Protocol, To string
	Pixels             int
	Universes          int
	Channels           int
	Bits               int     // of a component: 8 or 16
	Packets            float64 // a second, synchronisation included
	Bytes              float64 // a second, as on the wire: with UDP, IPv4 and Ethernet, its preamble and gap
}

// SupplyReport is what one supply has to give.
type SupplyReport struct {
	Name   string
	Pixels int
	Limit  float64 // W, 0 for none
	Power
}

// Power is an estimate in watts, of LEDs alone: not of cables, controllers
// or the loss in a supply.
type Power struct {
	Full  float64 // the most the program can make them draw
	Third float64 // white at a third of full
	Dark  float64 // every pixel dark
}

func (p *Power) add(l *LED, count int) {
	n := float64(count)
	p.Full += float64(n * l.Peak())
	p.Third += float64(n * l.Watts(1.0/3, 1.0/3, 1.0/3))
	p.Dark += float64(n * l.Watts(0, 0, 0))
}

// Survey adds up what an installation takes at its rate.
func Survey(inst *Installation) Report {
	r := Report{
		Name: inst.Name, Title: inst.Title, Rate: inst.Rate,
		Pixels: inst.Pixels.Count(), Fixtures: len(inst.Fixtures), Limbs: len(inst.Scenery.Limbs),
		Supplies: make([]SupplyReport, len(inst.Supplies)+1),
	}
	for i, s := range inst.Supplies {
		r.Supplies[i].Name, r.Supplies[i].Limit = s.Name, s.Watts
	}
	for i := range inst.Fixtures {
		f := &inst.Fixtures[i]
		at := f.Supply
		if at < 0 {
			at = len(inst.Supplies)
		}
		r.Supplies[at].Pixels += f.Count
		r.Supplies[at].add(&f.LED, f.Count)
		r.Total.add(&f.LED, f.Count)
		if f.LED.Assumed {
			r.Assumed += f.Count
		}
	}
	if r.Supplies[len(inst.Supplies)].Pixels == 0 {
		r.Supplies = r.Supplies[:len(inst.Supplies)]
	}
	for i := range inst.Outputs {
		r.Outputs = append(r.Outputs, surveyOutput(&inst.Outputs[i], inst.Rate))
	}
	return r
}

func surveyOutput(o *Output, rate float64) OutputReport {
	r := OutputReport{Name: o.Name, Protocol: o.Protocol, To: o.Host, Universes: len(o.Universes), Channels: o.Bytes, Bits: max(o.Bits, 8)}
	switch {
	case o.Multicast:
		r.To = "multicast"
	case o.Discover:
		r.To = "nodes found"
	case o.Device != "":
		r.To = o.Device
	}
	if o.MaxRate > 0 {
		rate = min(rate, o.MaxRate)
	}
	proto := protocols[o.Protocol]
	packets, bytes := 0, 0
	if o.Realtime == warls && o.Protocol == "wled" {
		// At most: every pixel changed. 255 records of 4 bytes a packet.
		proto.packet, proto.header = 0, 0
		for left := o.Bytes / 3; left > 0; left -= 255 {
			packets++
			bytes += onWire(2 + 4*min(left, 255))
		}
	}
	for _, u := range o.Universes {
		for left := u.Length; left > 0 && proto.packet > 0; left -= proto.packet {
			packets++
			bytes += onWire(proto.header + min(left, proto.packet))
		}
		if proto.local {
			bytes += u.Length // the wire is not an Ethernet
		}
	}
	if o.PerAddress {
		packets, bytes = 2*packets, 2*bytes
	}
	if o.Sync {
		sync := artSync
		if o.Protocol == "sacn" {
			sync = sacnSync
		}
		packets++
		bytes += onWire(sync)
	}
	for _, run := range o.Runs {
		r.Pixels += run.Count
	}
	r.Packets, r.Bytes = float64(packets)*rate, float64(bytes)*rate
	return r
}

// onWire is how many bytes of time a datagram takes on an Ethernet.
func onWire(payload int) int { return max(payload+udpIP, ethernetLeast) + ethernet }

// WriteTo writes the report as text for people.
func (r Report) WriteTo(w io.Writer) (int64, error) {
	var b strings.Builder
	title := r.Name
	if r.Title != r.Name {
		title += ": " + r.Title
	}
	fmt.Fprintf(&b, "%s\n%s on %s, %g frames a second\n", title, counted(r.Pixels, "pixel"), counted(r.Fixtures, "fixture"), r.Rate)

	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(&b, "\nOutputs (on the wire, with UDP, IPv4 and Ethernet)\n")
	fmt.Fprintln(t, "output\tto\tpixels\tuniverses\tchannels\tpackets/s\tkB/s\tMbit/s\t")
	var all OutputReport
	for _, o := range r.Outputs {
		to := o.Protocol + " " + o.To
		if o.Bits > 8 {
			to += fmt.Sprintf(" (%d bits)", o.Bits)
		}
		o.row(t, to)
		all.Pixels += o.Pixels
		all.Universes += o.Universes
		all.Channels += o.Channels
		all.Packets += o.Packets
		all.Bytes += o.Bytes
	}
	if len(r.Outputs) == 0 {
		fmt.Fprintln(t, "none\t\t\t\t\t\t\t\t")
	}
	if len(r.Outputs) > 1 {
		all.Name = "all"
		all.row(t, "")
	}
	t.Flush()

	fmt.Fprint(&b, "\nEstimated power of the LEDs, W\n")
	fmt.Fprintln(t, "supply\tpixels\tlimit\tat full\tat a third\tdark\t")
	for _, s := range r.Supplies {
		name, limit := s.Name, "none"
		if name == "" {
			name = "(no supply)"
		}
		if s.Limit > 0 {
			limit = fmt.Sprintf("%g", s.Limit)
		}
		s.row(t, name, s.Pixels, limit)
	}
	if len(r.Supplies) > 1 {
		r.Total.row(t, "all", r.Pixels, "")
	}
	t.Flush()
	if r.Assumed > 0 {
		fmt.Fprintf(&b, "%s pixels have no LED type: estimated as the one that draws most. Name theirs by led.\n", thousands(r.Assumed))
	}
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}

func (o *OutputReport) row(w io.Writer, to string) {
	fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\t%s\t%.0f\t%.2f\t\n", o.Name, to, thousands(o.Pixels), o.Universes, thousands(o.Channels),
		thousands(int(o.Packets+0.5)), o.Bytes/1000, o.Bytes*8/1e6)
}

func (p Power) row(w io.Writer, name string, pixels int, limit string) {
	fmt.Fprintf(w, "%s\t%s\t%s\t%.1f\t%.1f\t%.1f\t\n", name, thousands(pixels), limit, p.Full, p.Third, p.Dark)
}

// thousands writes a number with its thousands apart: 12,000.
func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return thousands(n) + " " + what
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
