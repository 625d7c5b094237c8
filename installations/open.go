// Package installations reads installations: one physical artwork each, as a
// folder with an installation.yaml. It holds the model that the rest of the
// program works with, the reader, the patch from pixels to channels, and the
// shipped artworks.
//
// It computes no light, opens no socket and compiles no field. The one idea
// it owns: what Open returns is whole. Every name is resolved, every pixel
// has a place and a channel, and nothing needs to be checked again.
package installations

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"noctiluca/installations/document"
	"noctiluca/installations/format"
)

//go:generate go run ./schema/write

//go:embed cave commons forest tide
var shipped embed.FS

//go:embed installation.schema.json show.schema.json
var schemas embed.FS

// Schemas gives the JSON Schemas that editors complete and check by:
// installation.schema.json and show.schema.json.
func Schemas() fs.FS { return schemas }

// FileName is what the file of an installation's folder is called.
const FileName = "installation.yaml"

// Shipped gives the shipped installations, a folder each.
func Shipped() fs.FS { return shipped }

// ShippedNames lists the shipped installations.
func ShippedNames() []string {
	var names []string
	entries, _ := fs.ReadDir(shipped, ".")
	for _, e := range entries {
		if _, err := fs.Stat(shipped, path.Join(e.Name(), FileName)); err == nil {
			names = append(names, e.Name())
		}
	}
	return names
}

// OpenNamed opens the installation that a command line names: a shipped name,
// or else the path of a folder or of a file. A shipped name goes first; a
// folder of that name is meant by ./NAME.
func OpenNamed(nameOrPath string, fields fs.FS) (*Installation, Problems) {
	if slices.Contains(ShippedNames(), nameOrPath) {
		return Open(shipped, path.Join(nameOrPath, FileName), fields)
	}
	file := nameOrPath
	info, err := os.Stat(file)
	if err == nil && info.IsDir() {
		file = filepath.Join(file, FileName)
		if info, err = os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, Problems{{File: file, Message: missing(nameOrPath)}}
		}
	}
	if err != nil {
		message := fmt.Sprintf("there is no such file or folder, and no shipped installation of that name%s", document.Expected(nameOrPath, ShippedNames()))
		if !errors.Is(err, fs.ErrNotExist) {
			message = reason(err)
		}
		return nil, Problems{{File: file, Message: message}}
	}
	if !info.Mode().IsRegular() {
		return nil, Problems{{File: file, Message: "this is not a file"}}
	}
	return open(os.DirFS(filepath.Dir(file)), filepath.Base(file), file, fields)
}

// missing says what a folder has instead of an installation.
func missing(folder string) string {
	message := "the folder has no file of this name"
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		if ext := strings.ToLower(filepath.Ext(e.Name())); ext == ".yaml" || ext == ".yml" {
			return fmt.Sprintf("%s, but %s: give that one's path, or call it %s", message, e.Name(), FileName)
		}
	}
	return message + ", which makes an installation of it"
}

// Open reads, checks and builds the installation in a file of fsys. fields
// holds the shipped fields, NAME.kage each; it may be nil.
//
// The problems are all that were found, in the order of the file. The
// installation is nil when one of them is an error; warnings come with it.
// Open never panics, whatever the file holds, and takes no more than the
// limits of package document and MaxPixels allow.
func Open(fsys fs.FS, file string, fields fs.FS) (*Installation, Problems) {
	return open(fsys, file, file, fields)
}

func open(fsys fs.FS, file, display string, fields fs.FS) (*Installation, Problems) {
	data, message := readFile(fsys, file, document.MaxBytes)
	if message != "" {
		return nil, Problems{{File: display, Message: message}}
	}
	m := maker{r: &document.Reader{}, fsys: fsys, file: file, display: display, fields: fields}
	if root := m.r.Parse(data); root != nil {
		m.r.Into(root, &m.doc, "the installation")
		m.make()
	}
	var problems Problems
	for _, p := range m.r.Problems() {
		problems = append(problems, Problem{File: display, Line: p.Line, Column: p.Column, Message: p.Message, Warning: p.Warning})
	}
	if m.r.Errors() > 0 {
		return nil, problems
	}
	return &m.inst, problems
}

// readFile reads a whole file that is not over a size, or says why not.
func readFile(fsys fs.FS, file string, most int64) ([]byte, string) {
	if !fs.ValidPath(file) {
		return nil, "not a path inside the folder: no .. and no / at the start"
	}
	info, err := fs.Stat(fsys, file)
	switch {
	case err != nil:
		return nil, reason(err)
	case !info.Mode().IsRegular():
		return nil, "this is not a file"
	case info.Size() > most:
		return nil, fmt.Sprintf("the file has %d bytes: at most %d are read", info.Size(), most)
	}
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, reason(err)
	}
	return data, ""
}

// reason is an error of the file system without the path, which the problem
// names already.
func reason(err error) string {
	var e *fs.PathError
	if errors.As(err, &e) {
		if errors.Is(err, fs.ErrNotExist) {
			return "there is no such file"
		}
		return "cannot be read: " + e.Err.Error()
	}
	return "cannot be read: " + err.Error()
}

// maker makes an installation of a document.
type maker struct {
	r             *document.Reader
	fsys, fields  fs.FS
	file, display string
	doc           format.Document
	inst          Installation

	supplies, groups, cells map[string]int
	leds                    map[string]typedLED
	fixtures                map[string]int // −1: of that name, but wrong
	from                    []int          // of each fixture of inst, its place in doc
	full                    bool           // a limit of the whole was reached: no more is built
	watts                   []float64      // of each supply at full
}

func (m *maker) make() {
	d := &m.doc
	m.inst = Installation{Name: d.Name, Title: d.Title, File: m.display, Rate: d.Rate, Mesopic: d.Mesopic, Seed: d.Seed}
	if d.Title == "" {
		m.inst.Title = d.Name
	}
	m.makeCells()
	m.makeSupplies()
	m.makeLEDs()
	m.makeFixtures()
	m.makeOutputs()
	m.makeLives()
	m.makeScenes()
	m.makeSignals()
	m.makeConsole()
	m.makeGovernance()
	m.makeSafety()
	m.makeScenery()
}

// index gives each name its place in a list, and reports those that are there
// twice. An empty name is one that could not be read.
func (m *maker) index(what string, count int, name func(i int) (string, document.Place)) map[string]int {
	at := make(map[string]int, count)
	first := make(map[string]int, count)
	for i := range count {
		n, place := name(i)
		if n == "" {
			continue
		}
		if line, double := first[n]; double {
			m.r.Errorf(place, "%s %s is here twice: it stands on line %d already", what, n, line)
			continue
		}
		at[n], first[n] = i, place.Line
	}
	return at
}

// find looks a name up, and reports it when it is not there.
func find[V any](m *maker, what, name string, known map[string]V, place document.Place) (V, bool) {
	v, ok := known[name]
	if !ok {
		hint := ""
		if !m.r.Full() {
			names := make([]string, 0, len(known))
			for k := range known {
				names = append(names, k)
			}
			slices.Sort(names)
			hint = document.Expected(name, names)
		}
		m.r.Errorf(place, "there is no %s %q%s", what, name, hint)
	}
	return v, ok
}

func (m *maker) makeCells() {
	d := m.doc.Cells
	m.cells = m.index("cell", len(d), func(i int) (string, document.Place) { return d[i].Name, d[i].Object.At("name") })
	for i := range d {
		m.inst.Cells = append(m.inst.Cells, Cell{Name: d[i].Name, At: point(d[i].At), Radius: float32(d[i].Radius)})
	}
}

func (m *maker) makeSupplies() {
	d := m.doc.Supplies
	m.supplies = m.index("supply", len(d), func(i int) (string, document.Place) { return d[i].Name, d[i].At("name") })
	for i := range d {
		m.inst.Supplies = append(m.inst.Supplies, Supply{Name: d[i].Name, Watts: d[i].Watts, Line: d[i].Start().Line})
	}
}

func (m *maker) makeScenery() {
	g := &m.doc.Scenery.Ground
	m.inst.Scenery.Ground = Ground{Centre: point(g.Centre), Size: [2]float32{float32(g.Size[0]), float32(g.Size[1])}, Width: float32(g.Width)}
	for _, p := range g.Stream {
		m.inst.Scenery.Ground.Stream = append(m.inst.Scenery.Ground.Stream, point(p))
	}
	v := &m.doc.Scenery.View
	m.inst.Scenery.View = View{From: point(v.From), At: point(v.At), Angle: float32(v.Angle)}
	if v.From != v.At && v.From[0] == v.At[0] && v.From[2] == v.At[2] {
		m.r.Errorf(v.Object.At("at"), "view: the eye is straight above or below what it looks at, [%g, %g, %g]: move one of them aside", v.At[0], v.At[1], v.At[2])
	}
	if len(g.Stream) == 1 {
		m.r.Errorf(g.At("stream"), "stream: expected none or at least 2 points, got 1")
	}
}

func point(p [3]float64) [3]float32 {
	return [3]float32{float32(p[0]), float32(p[1]), float32(p[2])}
}

// own reports whether a field is a path of the installation's own.
func own(field string) bool { return strings.HasSuffix(field, ".kage") }
