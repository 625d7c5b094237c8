package monitor

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// rows is how many streams a screen shows.
const rows = 40

// bars are eighths of a character, from dark to full.
var bars = []rune(" ▁▂▃▄▅▆▇█")

// width is how many characters a bar of levels has.
const width = 24

// bar draws levels: each character the brightest of its stretch of channels.
func bar(levels []byte) string {
	var out [width]rune
	for i := range out {
		from, to := i*len(levels)/width, (i+1)*len(levels)/width
		top := byte(0)
		for _, v := range levels[from:max(to, min(from+1, len(levels)))] {
			top = max(top, v)
		}
		// Anything that is not dark shows.
		n := (int(top)*8 + 254) / 255
		out[i] = bars[n]
	}
	return string(out[:])
}

// figures are what is said of a stream, on the screen and in lines.
type figures struct {
	rate, kbps float64
	lit, top   int
	state      string
}

func (s *stream) figures(now time.Duration) figures {
	f := figures{}
	if d := (now - s.began).Seconds(); d > 0 {
		f.rate, f.kbps = float64(s.since)/d, float64(s.sinceBytes)/1000/d
	}
	for _, v := range s.levels[:s.length] {
		if v > 0 {
			f.lit++
			f.top = max(f.top, int(v))
		}
	}
	var words []string
	switch {
	case s.ended:
		words = append(words, "ended")
	case now-s.last > 2500*time.Millisecond:
		words = append(words, fmt.Sprintf("silent %.0f s", (now-s.last).Seconds()))
	}
	if s.preview {
		words = append(words, "preview")
	}
	if s.sync {
		words = append(words, "synchronised")
	}
	if s.stale > 0 {
		words = append(words, fmt.Sprintf("%d out of order", s.stale))
	}
	f.state = strings.Join(words, ", ")
	return f
}

// label names a stream's source.
func (s *stream) label() string {
	if s.name != "" {
		return s.from.String() + " " + s.name
	}
	return s.from.String()
}

func (s *stream) priorityText() string {
	if s.priority < 0 {
		return ""
	}
	return fmt.Sprint(s.priority)
}

// Screen writes the table for a terminal, and begins to count anew.
func (t *Table) Screen(now time.Duration) string {
	var b strings.Builder
	all := t.sorted()
	total := 0.0
	var body strings.Builder
	w := tabwriter.NewWriter(&body, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "protocol\tuniverse\tsource\tpriority\t/s\tlost\tchannels\tlit\tmost\tlevels\t")
	for i, s := range all {
		f := s.figures(now)
		total += f.rate
		if i < rows {
			fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%.1f\t%d\t%d\t%d\t%d\t▕%s▏ %s\t\n", s.protocol, s.universe, s.label(), s.priorityText(), f.rate, s.lost, s.channels, f.lit, f.top, bar(s.levels[:s.length]), f.state)
		}
		s.restart(now)
	}
	w.Flush()
	fmt.Fprintf(&b, "%d universes, %.0f packets/s%s   (Ctrl-C leaves)\n\n", len(all), total, t.remarks())
	if len(all) == 0 {
		b.WriteString("Nothing has arrived. sACN by multicast needs --universes; a sender that unicasts must send to this machine.\n")
		return b.String()
	}
	b.WriteString(body.String())
	if len(all) > rows {
		fmt.Fprintf(&b, "and %d more\n", len(all)-rows)
	}
	return b.String()
}

// Lines writes one line for each stream, for a file or a pipe, and begins to
// count anew.
func (t *Table) Lines(now time.Duration) string {
	var b strings.Builder
	for _, s := range t.sorted() {
		f := s.figures(now)
		priority := ""
		if s.priority >= 0 {
			priority = fmt.Sprintf("  priority %d", s.priority)
		}
		state := ""
		if f.state != "" {
			state = "  " + f.state
		}
		fmt.Fprintf(&b, "%7.1fs  %s universe %d  from %s%s  %.1f packets/s  %.1f kB/s  lost %d  channels %d  lit %d  most %d  |%s|%s\n",
			now.Seconds(), s.protocol, s.universe, s.label(), priority, f.rate, f.kbps, s.lost, s.channels, f.lit, f.top, bar(s.levels[:s.length]), state)
		s.restart(now)
	}
	if r := t.remarks(); r != "" {
		fmt.Fprintf(&b, "%7.1fs %s\n", now.Seconds(), strings.TrimPrefix(r, ","))
	}
	return b.String()
}

func (s *stream) restart(now time.Duration) {
	s.since, s.sinceBytes, s.began = 0, 0, now
}

// remarks tells of what is not levels.
func (t *Table) remarks() string {
	var b strings.Builder
	names := make([]string, 0, len(t.other))
	for n := range t.other {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		fmt.Fprintf(&b, ", %s %d", n, t.other[n])
	}
	if t.malformed > 0 {
		fmt.Fprintf(&b, ", malformed %d (%s)", t.malformed, printable([]byte(t.lastFault)))
	}
	if t.full > 0 {
		fmt.Fprintf(&b, ", %d packets of more universes than are kept", t.full)
	}
	return b.String()
}
