package layout

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"

	"noctiluca/installations"
)

// Exporters write the pixels of an installation for other programs.
var Exporters = map[string]func(io.Writer, *installations.Installation) error{
	"fpp": WriteFPP, "opc": WriteOPC, "csv": WriteCSV, "svg": WriteSVG,
}

// address is where a pixel hangs.
type address struct {
	output, universe, channel int // channel from 0, in the universe
	absolute                  int // channel from 0, outputs one after another
	order                     installations.Order
	width                     int // channels
}

// addresses gives each pixel's; output is −1 where there is none.
func addresses(inst *installations.Installation) []address {
	out := make([]address, inst.Pixels.Count())
	for i := range out {
		out[i].output = -1
	}
	base := 0
	for o := range inst.Outputs {
		u := 0
		us := inst.Outputs[o].Universes
		for _, r := range inst.Outputs[o].Runs {
			for u+1 < len(us) && us[u+1].Offset <= r.Offset {
				u++
			}
			for i := range r.Count {
				at := r.Offset + i*r.Width()
				out[r.First+i*r.Step] = address{o, us[u].Number, at - us[u].Offset, base + at, r.Order, r.Width()}
			}
		}
		base += inst.Outputs[o].Bytes
	}
	return out
}

// WriteCSV writes a row for each pixel: where it is and where it hangs. It is
// what the importer of CSV reads.
func WriteCSV(w io.Writer, inst *installations.Installation) error {
	b := bufio.NewWriter(w)
	b.WriteString("fixture,index,x_m,y_m,z_m,output,protocol,host,universe,channel,order,bits\n")
	for i, a := range addresses(inst) {
		f := &inst.Fixtures[inst.Pixels.Fixture[i]]
		fmt.Fprintf(b, "%s,%d,%s,%s,%s,", f.Name, i-f.First, coordinate(inst.Pixels.X[i]), coordinate(inst.Pixels.Y[i]), coordinate(inst.Pixels.Z[i]))
		if a.output < 0 {
			b.WriteString(",,,,,,\n")
			continue
		}
		o := &inst.Outputs[a.output]
		bits := 8
		if a.width > len(a.order) {
			bits = 16
		}
		fmt.Fprintf(b, "%s,%s,%s,%d,%d,%s,%d\n", o.Name, o.Protocol, o.Host, a.universe, a.channel+1, a.order, bits)
	}
	return b.Flush()
}

func coordinate(v float32) string { return metres(float64(v)) }

// WriteOPC writes the layout of Open Pixel Control: z is up there.
func WriteOPC(w io.Writer, inst *installations.Installation) error {
	b := bufio.NewWriter(w)
	b.WriteString("[\n")
	n := inst.Pixels.Count()
	for i := range n {
		end := ",\n"
		if i == n-1 {
			end = "\n"
		}
		p := inst.Pixels
		fmt.Fprintf(b, `  {"point": [%s, %s, %s]}%s`, coordinate(p.X[i]), metres(-float64(p.Z[i])), coordinate(p.Y[i]), end)
	}
	b.WriteString("]\n")
	return b.Flush()
}

// overlay is a model of FPP's model-overlays.json.
type overlay struct {
	Name         string
	Type         string
	StartChannel int // from 1
	ChannelCount int
	PerNode      int `json:"ChannelCountPerNode"`
	StringCount  int
	PerString    int `json:"StrandsPerString"`
	StartCorner  string
	Orientation  string
}

// WriteFPP writes a model overlay of Falcon Player for each fixture whose
// pixels follow one another on the wire, and for each piece of one that is in
// several places. Channels are counted with the outputs one after another,
// as a rendered .fseq file has them.
func WriteFPP(w io.Writer, inst *installations.Installation) error {
	at := addresses(inst)
	var models []overlay
	for i := range inst.Fixtures {
		f := &inst.Fixtures[i]
		part := 0
		for p := f.First; p < f.First+f.Count; {
			if at[p].output < 0 {
				p++
				continue
			}
			width := at[p].width
			end := p + 1
			for end < f.First+f.Count && at[end].output == at[p].output && at[end].absolute == at[end-1].absolute+width {
				end++
			}
			m := overlay{Name: f.Name, Type: "Channel", StartChannel: at[p].absolute + 1, ChannelCount: (end - p) * width, PerNode: width,
				StringCount: 1, PerString: 1, StartCorner: "TL", Orientation: "horizontal"}
			if part++; part > 1 {
				m.Name = f.Name + "-" + strconv.Itoa(part)
			}
			models = append(models, m)
			p = end
		}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(map[string]any{"models": models, "autoCreate": false})
}

// svgSize is the longer side of a pixel map.
const svgSize = 1000.0

// WriteSVG draws the pixels as seen from the front, a group for each fixture,
// in the order of its wire: data-index and data-universe say more of each.
func WriteSVG(w io.Writer, inst *installations.Installation) error {
	p := inst.Pixels
	low, high := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	for i := range p.Count() {
		for k, v := range [2]float64{float64(p.X[i]), float64(p.Y[i])} {
			low[k], high[k] = min(low[k], v), max(high[k], v)
		}
	}
	scale := svgSize / max(high[0]-low[0], high[1]-low[1], 0.01)
	const margin = 20
	width, height := (high[0]-low[0])*scale+2*margin, (high[1]-low[1])*scale+2*margin
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.1f %.1f">`+"\n<title>%s</title>\n", width, height, escape(inst.Title))
	b.WriteString(`<rect width="100%" height="100%" fill="#0b0f14"/>` + "\n")
	at := addresses(inst)
	for i := range inst.Fixtures {
		f := &inst.Fixtures[i]
		hue := math.Mod(float64(i)*137.508, 360)
		fmt.Fprintf(b, `<g id="%s" fill="hsl(%.0f 80%% 65%%)">`+"\n", f.Name, hue)
		for n := range f.Count {
			k := f.First + n
			wire := ""
			if at[k].output >= 0 {
				wire = fmt.Sprintf(` data-universe="%d" data-channel="%d"`, at[k].universe, at[k].channel+1)
			}
			fmt.Fprintf(b, `<circle cx="%.2f" cy="%.2f" r="2" data-index="%d"%s/>`+"\n", margin+(float64(p.X[k])-low[0])*scale, margin+(high[1]-float64(p.Y[k]))*scale, n, wire)
		}
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.Flush()
}

// escape writes a text for XML.
func escape(s string) string {
	var b []byte
	for _, r := range s {
		switch r {
		case '<':
			b = append(b, "&lt;"...)
		case '>':
			b = append(b, "&gt;"...)
		case '&':
			b = append(b, "&amp;"...)
		case '"':
			b = append(b, "&quot;"...)
		default:
			b = append(b, string(r)...)
		}
	}
	return string(b)
}
