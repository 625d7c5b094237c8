// Package layout reads the layouts of other programs and writes them as an
// installation, and writes an installation's pixels as other programs read
// them.
//
// A reader is one file: bytes in, a Layout out; it opens no other file and
// draws nothing. The one idea it owns: a Layout is fixtures in metres, x right,
// y up and z towards the viewer, with what the file says of their wires, and
// what could not be taken over is said in its notes rather than guessed at.
package layout

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"noctiluca/installations/space"
)

// Layout is what was read of a file.
type Layout struct {
	Name     string // a name for the installation
	Source   string // the file, as messages name it
	Format   string // what it was taken for
	Fixtures []Fixture
	Notes    []string // what was assumed, or could not be taken over

	spare bool // pixels without channels go to an output that leads nowhere
}

// Fixture is a set of pixels in the order of its wire.
type Fixture struct {
	Name   string
	Points []space.V // where each pixel is; or else
	Shape  *Shape    // a kind of the installation's format with its parameters
	Order  string    // colour order, e.g. GRB; empty when the file does not say
	Groups []string
	Parts  []Part // groups that only some of its pixels belong to
	Wires  []Wire
	Note   string // a comment beside it

	subs map[string][]Range // its submodels, while it is read
}

// Shape is a kind of fixture that needs no list of its pixels.
type Shape struct {
	Kind       string // strip, grid, …
	At, Turn   space.V
	Parameters string // as a YAML mapping on one line
	Count      int    // pixels
}

// Count is how many pixels a fixture has.
func (f *Fixture) Count() int {
	if f.Shape != nil {
		return f.Shape.Count
	}
	return len(f.Points)
}

// Wire is where a stretch of a fixture's pixels hangs.
type Wire struct {
	Protocol     string // of the installation's format; empty for Art-Net
	Host         string // empty when the file does not say
	Controller   string // what the file calls it, or empty
	Universe     int
	Channel      int // in the universe, from 0
	First, Count int // pixels; Count 0 is all
	Reverse      bool
	Wide         bool // two channels for each colour, coarse then fine
}

// next is the channel behind a wire's last pixel: in the next universe where
// no whole pixel fits any more.
func (w *Wire) next(f *Fixture) (universe, channel int) {
	width := max(len(f.Order), 3)
	if w.Wide {
		width *= 2
	}
	if endless[w.Protocol] {
		return w.Universe, w.Channel + w.Count*width
	}
	return after(w.Universe, w.Channel, w.Count, width)
}

// hang puts a pixel on a wire, which goes on with the last one where it can.
func (f *Fixture) hang(i int, w Wire) {
	if n := len(f.Wires); n > 0 {
		last := &f.Wires[n-1]
		u, c := last.next(f)
		if last.First+last.Count == i && u == w.Universe && c == w.Channel && last.Host == w.Host && last.Protocol == w.Protocol && last.Controller == w.Controller && last.Wide == w.Wide {
			last.Count++
			return
		}
	}
	w.First, w.Count = i, 1
	f.Wires = append(f.Wires, w)
}

// Options are what a file leaves open.
type Options struct {
	// Unit is the length of the file's unit in metres, 0 for the format's
	// own (metres where it has none).
	Unit float64
	// Pitch is the distance of pixels along lines that the file gives without
	// pixels, in metres. 0 stands for 1/60 m, strips of 60 a metre.
	Pitch float64
	Mode  string // of a GDTF fixture type: the name of the DMX mode; empty for the first

	// Up is the axis that points up in a CSV, OPC, OBJ or glTF file: y or z;
	// empty for the format's own: z of OPC, y of the others.
	Up string

	// Networks is the xlights_networks.xml that belongs to a layout of
	// xLights, nil for none, and NetworksName its name, for messages.
	Networks     []byte
	NetworksName string
}

func (o Options) unit(own float64) float64 {
	if o.Unit > 0 {
		return o.Unit
	}
	return own
}

// stand turns a place of a file, in which an axis points up, so that y does.
func (o Options) stand(own string, p space.V) space.V {
	if o.Up != "" {
		own = o.Up
	}
	if own == "z" {
		return space.V{X: p.X, Y: p.Z, Z: -p.Y}
	}
	return p
}

func (o Options) pitch() float64 {
	if o.Pitch > 0 {
		return o.Pitch
	}
	return 1.0 / 60
}

// Error is one thing wrong in a file.
type Error struct {
	File   string
	Line   int    // from 1; 0 when the format has no lines
	Where  string // a place in the file's own terms, or empty
	Detail string // what was seen, with the value, and what must hold
}

func (e *Error) Error() string {
	s := e.File
	if e.Line > 0 {
		s += fmt.Sprintf(":%d", e.Line)
	}
	if e.Where != "" {
		s += ": " + e.Where
	}
	return s + ": " + e.Detail
}

// MaxPixels is the most pixels that are read, as of an installation.
const MaxPixels = 4_000_000

// MaxBytes is the longest file that is read.
const MaxBytes = 64 << 20

// Read reads a file by its extension, and where that is not enough by what it
// holds. name is for messages and for the installation's name. It never
// panics, whatever the file holds.
func Read(name string, data []byte, o Options) (*Layout, error) {
	f, err := find(name, data)
	if err != nil {
		return nil, err
	}
	l, err := f.read(&source{name: name, data: data, Options: o})
	if err != nil {
		return nil, err
	}
	l.Source, l.Format = name, f.name
	if l.Name == "" {
		l.Name = strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	}
	l.Name = cleanName(l.Name, "imported")
	return l, l.check()
}

// format is one kind of file.
type format struct {
	name string
	ext  []string
	is   func(data []byte) bool // nil: the extension is enough
	read func(*source) (*Layout, error)
}

// source is a file that is being read.
type source struct {
	name string
	data []byte
	Options
}

func (s *source) errorf(line int, where, text string, args ...any) error {
	return &Error{File: s.name, Line: line, Where: where, Detail: fmt.Sprintf(text, args...)}
}

// lineAt is the line of an offset.
func (s *source) lineAt(offset int64) int {
	line := 1
	for i, b := range s.data {
		if int64(i) >= offset {
			break
		}
		if b == '\n' {
			line++
		}
	}
	return line
}

// find chooses the reader of a file.
func find(name string, data []byte) (*format, error) {
	ext := strings.ToLower(filepath.Ext(name))
	known := map[string]bool{}
	var hints []string
	for i := range formats {
		f := &formats[i]
		for _, e := range f.ext {
			known[e] = true
			if e != ext {
				continue
			}
			if f.is == nil || f.is(data) {
				return f, nil
			}
			hints = append(hints, f.name)
		}
	}
	if len(hints) > 0 {
		return nil, &Error{File: name, Detail: fmt.Sprintf("it holds none of what %s files are read as: %s", ext, strings.Join(hints, ", "))}
	}
	var all []string
	for e := range known {
		all = append(all, e)
	}
	sort.Strings(all)
	return nil, &Error{File: name, Detail: fmt.Sprintf("the extension is %q: files of %s are read", ext, strings.Join(all, " "))}
}

// check makes what was read fit an installation: names, limits, numbers.
func (l *Layout) check() error {
	var kept []Fixture
	taken := map[string]bool{}
	total := 0
	for i := range l.Fixtures {
		f := &l.Fixtures[i]
		if f.Count() == 0 {
			l.Notes = append(l.Notes, fmt.Sprintf("%s has no pixels and was left out.", text(f.Name)))
			continue
		}
		f.Name = unique(cleanName(f.Name, "fixture"), taken)
		for g := range f.Groups {
			f.Groups[g] = cleanName(f.Groups[g], "group")
		}
		f.Groups = compact(f.Groups)
		f.Parts = slices.DeleteFunc(f.Parts, func(p Part) bool { return slices.Contains(f.Groups, p.Group) })
		for n, p := range f.Points {
			if !(math.Abs(p.X) <= 10000 && math.Abs(p.Y) <= 10000 && math.Abs(p.Z) <= 10000) {
				return &Error{File: l.Source, Where: fmt.Sprintf("fixture %s, pixel %d", f.Name, n), Detail: fmt.Sprintf("it is at [%g, %g, %g] m: must be within ±10000 m; --unit says what one unit of the file is", p.X, p.Y, p.Z)}
			}
		}
		total += f.Count()
		kept = append(kept, *f)
	}
	l.Fixtures = kept
	switch {
	case total == 0:
		return &Error{File: l.Source, Detail: "there are no pixels in it"}
	case total > MaxPixels:
		return &Error{File: l.Source, Detail: fmt.Sprintf("it has %d pixels: at most %d are read", total, MaxPixels)}
	case len(kept) > 4096:
		return &Error{File: l.Source, Detail: fmt.Sprintf("it has %d fixtures: an installation has at most 4096", len(kept))}
	}
	return nil
}

// Pixels counts the pixels.
func (l *Layout) Pixels() int {
	n := 0
	for i := range l.Fixtures {
		n += l.Fixtures[i].Count()
	}
	return n
}

// cleanName makes a name of the installation's format: letters and digits, and
// - _ . inside, at most 64.
func cleanName(s, otherwise string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < 128 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '.' || r == '-'):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 56 {
			break
		}
	}
	out := strings.Trim(b.String(), "-_.")
	if out == "" || out == "all" {
		return otherwise
	}
	return out
}

// unique numbers a name that is taken.
func unique(name string, taken map[string]bool) string {
	out := name
	for n := 2; taken[out]; n++ {
		out = fmt.Sprintf("%s-%d", name, n)
	}
	taken[out] = true
	return out
}

func compact(names []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, n := range names {
		if !seen[n] {
			out = append(out, n)
		}
		seen[n] = true
	}
	return out
}

// text is a piece of a file in a message or a comment: on one line, and cut.
func text(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 32 || r == 127 || r == '\u2028' || r == '\u2029' || r == '\u0085' || r == '\ufeff' || r == '\ufffd' {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return s
}
