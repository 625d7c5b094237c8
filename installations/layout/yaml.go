package layout

import (
	"fmt"
	"math"
	"net/netip"
	"sort"
	"strconv"
	"strings"

	"noctiluca/installations"
	"noctiluca/installations/space"
)

// Files are what an import writes: names beside each other in one folder, and
// their contents. The first is installation.yaml.
type Files []File

// File is one of them.
type File struct {
	Name string
	Data []byte
}

// many is how many places of a fixture stand in the installation's file; those
// of a larger one go into a table of their own.
const many = 120

// Write makes the installation's files, with comments that say where all came
// from and what to look at.
func (l *Layout) Write() (Files, error) {
	var b strings.Builder
	files := Files{{Name: "installation.yaml"}}
	fmt.Fprintf(&b, "# %s\n# read as %s. Lengths are metres: x right, y up, z towards the viewer.\n", text("Imported from "+l.Source), l.Format)
	for _, n := range l.Notes {
		fmt.Fprintf(&b, "# - %s\n", text2(n))
	}
	fmt.Fprintf(&b, "noctiluca: 1\nname: %s\nrate: 40\n\nfixtures:\n", l.Name)
	tables := map[string]bool{}
	for i := range l.Fixtures {
		f := &l.Fixtures[i]
		if f.Note != "" {
			fmt.Fprintf(&b, "  # %s\n", text2(f.Note))
		}
		fmt.Fprintf(&b, "  - name: %s\n", quoted(f.Name))
		if len(f.Groups) > 0 {
			var gs []string
			for _, g := range f.Groups {
				gs = append(gs, quoted(g))
			}
			fmt.Fprintf(&b, "    groups: [%s]\n", strings.Join(gs, ", "))
		}
		if len(f.Parts) > 0 {
			b.WriteString("    parts:  # groups that some of its pixels belong to, counted from 0\n")
			for _, p := range f.Parts {
				fmt.Fprintf(&b, "      %s: %s\n", quoted(p.Group), pixels(p.Pixels))
			}
		}
		if f.Order != "" {
			fmt.Fprintf(&b, "    order: %s\n", f.Order)
		}
		switch {
		case f.Shape != nil:
			if f.Shape.At != (space.V{}) {
				fmt.Fprintf(&b, "    at: %s\n", place(f.Shape.At))
			}
			if f.Shape.Turn != (space.V{}) {
				fmt.Fprintf(&b, "    turn: %s\n", place(f.Shape.Turn))
			}
			fmt.Fprintf(&b, "    kind: %s\n    %s: %s\n", f.Shape.Kind, f.Shape.Kind, f.Shape.Parameters)
		case len(f.Points) > many:
			name := unique(strings.ToLower(f.Name), tables) + ".csv"
			fmt.Fprintf(&b, "    kind: measured\n    measured: {file: %s}  # %d pixels, a row each\n", quoted(name), len(f.Points))
			files = append(files, File{name, table(f.Points)})
		default:
			fmt.Fprintf(&b, "    kind: points\n    points:\n      at:  # %d pixels\n", len(f.Points))
			for _, p := range f.Points {
				fmt.Fprintf(&b, "        - %s\n", place(p))
			}
		}
	}
	if err := l.outputs(&b); err != nil {
		return nil, err
	}
	b.WriteString(`
# What plays: choose fields and bind them to people's signals (docs/installation.md).
scenes:
  - name: light
    layers:
      - name: all
        field: forest-canopy
        life: fireflies
        parameters:
          Swell: {min: 0.03, max: 0.3, default: 0.06, integrate: true, move: [{signal: arousal, depth: 0.14, rise: 3, fall: 8}]}
          Glint: {min: 0.03, max: 0.8, default: 0.09, integrate: true, move: [{signal: arousal, depth: 0.4, rise: 2, fall: 5}]}
          Wake: {min: 0, max: 1, default: 0.2, move: [{signal: presence, depth: 0.55, rise: 3, fall: 12}]}
          Fireflies: {min: 0, max: 1, default: 0.45, move: [{signal: coherence, depth: 0.3, rise: 3, fall: 6}]}
`)
	files[0].Data = []byte(b.String())
	return files, nil
}

// text2 is a note as a comment: on one line, whole.
func text2(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r < 32 || r == 127 || r == '\u0085' || r == '\u2028' || r == '\u2029' || r == '\ufeff'
	}), " ")
}

// quoted writes a name that YAML may take for something else in quotes.
func quoted(s string) string {
	if c := s[0]; c >= '0' && c <= '9' || c == '.' {
		return strconv.Quote(s)
	}
	switch strings.ToLower(s) {
	case "true", "false", "null", "yes", "no", "on", "off", "nan", "inf", "y", "n":
		return strconv.Quote(s)
	}
	return s
}

// hostText writes a host in quotes unless it is an IPv4 address or a name that
// YAML can take for nothing else: a file may say anything, as 0 or 1e3.
func hostText(host string) string {
	if a, err := netip.ParseAddr(host); err == nil && a.Is4() {
		return host
	}
	plain := func(r rune) bool {
		return r == '.' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	letter := host != "" && (host[0]|0x20 >= 'a' && host[0]|0x20 <= 'z')
	if !letter || strings.IndexFunc(host, func(r rune) bool { return !plain(r) }) >= 0 {
		return strconv.Quote(host)
	}
	return quoted(host)
}

// metres writes a length to a tenth of a millimetre.
func metres(v float64) string {
	v = math.Round(v*1e4) / 1e4
	if v == 0 {
		v = 0 // not −0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func place(p space.V) string {
	return "[" + metres(p.X) + ", " + metres(p.Y) + ", " + metres(p.Z) + "]"
}

// table writes places as the kind measured reads them.
func table(points []space.V) []byte {
	var b strings.Builder
	b.WriteString("index,x,y,z\n")
	for i, p := range points {
		fmt.Fprintf(&b, "%d,%s,%s,%s\n", i, metres(p.X), metres(p.Y), metres(p.Z))
	}
	return []byte(b.String())
}

// stripShape is a strip of so many pixels along a line.
func stripShape(line []space.V, count int) *Shape {
	var ps []string
	for _, p := range line {
		ps = append(ps, place(p))
	}
	return &Shape{Kind: "strip", Count: count, Parameters: fmt.Sprintf("{points: [%s], pixels: %d}", strings.Join(ps, ", "), count)}
}

// hung is a wire with its fixture.
type hung struct {
	Wire
	fixture *Fixture
	width   int // channels a pixel
}

// outputs writes the wires that the file told of, an output for each
// controller. Fixtures without one are named in a comment: a file in which
// some pixels have a channel and some have none is not whole.
func (l *Layout) outputs(b *strings.Builder) error {
	groups := map[string][]hung{}
	var keys, loose []string
	for i := range l.Fixtures {
		f := &l.Fixtures[i]
		wired := 0
		for _, w := range f.Wires {
			if w.Count == 0 {
				w.Count = f.Count() - w.First
			}
			if w.Protocol == "" {
				w.Protocol = "artnet"
			}
			wired += w.Count
			width := max(len(f.Order), 3)
			if w.Wide {
				width *= 2
			}
			key := w.Protocol + "\x00" + w.Host + "\x00" + w.Controller + "\x00" + strconv.FormatBool(w.Wide)
			if groups[key] == nil {
				keys = append(keys, key)
			}
			groups[key] = append(groups[key], hung{w, f, width})
		}
		if wired < f.Count() {
			loose = append(loose, f.Name)
		}
	}
	if len(loose) > 0 && l.spare && len(keys) > 0 {
		return l.writeOutputs(b, append(keys, l.nowhere(groups)), groups)
	}
	if len(loose) > 0 {
		fmt.Fprintf(b, "\n# The file gives no channels for %d of %d fixtures, so there are no outputs yet,\n# and it shows on a screen only. As an example:\n", len(loose), len(l.Fixtures))
		fmt.Fprintf(b, "# outputs:\n#   - {name: controller, protocol: artnet, host: 192.168.1.50, universe: 0, fixtures: [%s]}\n", strings.Join(first(loose, 3), ", "))
		if len(keys) > 0 {
			b.WriteString("# What it gives of others:\n")
			var part strings.Builder
			if err := l.writeOutputs(&part, keys, groups); err != nil {
				return err
			}
			for _, line := range strings.Split(strings.TrimSpace(part.String()), "\n") {
				b.WriteString("# " + line + "\n")
			}
		}
		return nil
	}
	return l.writeOutputs(b, keys, groups)
}

// nowhere makes an output of the pixels without a channel, so that the others
// play.
func (l *Layout) nowhere(groups map[string][]hung) (key string) {
	const host = "127.0.0.254"
	key = "\x00" + host
	channel := 0
	for i := range l.Fixtures {
		f := &l.Fixtures[i]
		width := max(len(f.Order), 3)
		hangs := make([]bool, f.Count())
		for _, w := range f.Wires {
			for k := w.First; k < w.First+w.Count; k++ {
				hangs[k] = true
			}
		}
		for k := 0; k < len(hangs); k++ {
			n := 0
			for k+n < len(hangs) && !hangs[k+n] {
				n++
			}
			if n > 0 {
				w := Wire{Protocol: "ddp", Host: host, Controller: "nowhere", Universe: 1, Channel: channel, First: k, Count: n}
				groups[key] = append(groups[key], hung{w, f, width})
				channel += n * width
				k += n
			}
		}
	}
	return key
}

func first(names []string, n int) []string { return names[:min(n, len(names))] }

func (l *Layout) writeOutputs(b *strings.Builder, keys []string, groups map[string][]hung) error {
	b.WriteString("\noutputs:\n")
	taken := map[string]bool{}
	unknown := 0
	for i, key := range keys {
		ws := groups[key]
		sort.SliceStable(ws, func(i, j int) bool {
			if ws[i].Universe != ws[j].Universe {
				return ws[i].Universe < ws[j].Universe
			}
			return ws[i].Channel < ws[j].Channel
		})
		protocol, host := ws[0].Protocol, ws[0].Host
		comment := ""
		where := "host: " + hostText(host)
		if strings.HasPrefix(key, "\x00") {
			comment = "  # the file gives no channels for these: move them to their controller"
		}
		switch {
		case host == "" && protocol == "sacn":
			where = "multicast: true"
		case !installations.IsHost(host):
			unknown++
			where = fmt.Sprintf("host: 127.0.0.%d", min(unknown, 254)) // each its own
			comment = "  # the file does not say where the controller is: put its address here"
			if host != "" {
				comment = "  # the file says " + text2(strconv.Quote(host)) + ", to which nothing can be sent: put the controller's address here"
			}
		}
		if ws[0].Wide {
			comment += "\n    bits: 16"
		}
		fmt.Fprintf(b, "  - name: %s\n    protocol: %s\n    %s%s\n    universe: %d\n    fixtures:\n", unique(outputName(ws[0].Controller, i, len(keys)), taken), protocol, where, comment, ws[0].Universe)
		if err := l.entries(b, ws); err != nil {
			return err
		}
	}
	return nil
}

func outputName(controller string, i, of int) string {
	if name := cleanName(controller, ""); name != "" {
		return quoted(name)
	}
	if of == 1 {
		return "controller"
	}
	return fmt.Sprintf("controller-%d", i+1)
}

// endless says of a protocol that its universe does not end at 512 channels.
var endless = map[string]bool{"ddp": true, "opc": true, "wled": true}

// entries writes what hangs on one output, in the order of its channels.
func (l *Layout) entries(b *strings.Builder, ws []hung) error {
	universe, channel := ws[0].Universe, 0
	for i, w := range ws {
		long := endless[w.Protocol]
		if w.Universe < universe {
			return l.overlap(w, ws[i-1])
		}
		if w.Universe != universe {
			fmt.Fprintf(b, "      - {universe: %d}\n", w.Universe)
			universe, channel = w.Universe, 0
		}
		gap := w.Channel - channel
		if gap < 0 {
			return l.overlap(w, ws[max(i-1, 0)])
		}
		if gap > 0 {
			fmt.Fprintf(b, "      - {gap: %d}\n", gap)
		}
		channel = w.Channel
		switch {
		case w.First == 0 && w.Count == w.fixture.Count() && !w.Reverse:
			fmt.Fprintf(b, "      - %s\n", quoted(w.fixture.Name))
		default:
			fmt.Fprintf(b, "      - {fixture: %s, first: %d, count: %d", quoted(w.fixture.Name), w.First, w.Count)
			if w.Reverse {
				b.WriteString(", reverse: true")
			}
			b.WriteString("}\n")
		}
		if long {
			channel += w.Count * w.width
			continue
		}
		universe, channel = lie(universe, channel, w.Count, w.width)
	}
	return nil
}

func (l *Layout) overlap(w, before hung) error {
	return &Error{File: l.Source, Where: "fixture " + w.fixture.Name,
		Detail: fmt.Sprintf("it begins at channel %d of universe %d, and %s is there already: a channel has one pixel", w.Channel+1, w.Universe, before.fixture.Name)}
}

// lie is where the wire is after so many pixels: like after, but it stays in a
// universe that is just full.
func lie(universe, channel, count, width int) (int, int) {
	for count > 0 {
		n := min((512-channel)/width, count)
		if n == 0 {
			universe, channel = universe+1, 0
			continue
		}
		channel += n * width
		count -= n
	}
	return universe, channel
}
