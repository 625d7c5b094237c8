// Package life holds the simulations with memory that make light living:
// each gives every pixel of a layer a state of four values, which a field
// reads as the parameter life of Light.
//
// A life has no clock. It advances by fixed ticks, is moved by what people
// feel in the cells, is seeded, and gives the same bits on every machine: it
// uses IEEE operations in a fixed order and the maths of
// shaders/kage/block/scalar. It can be saved and goes on to the bit. It lives
// on the pixels' own places in space: neighbours are neighbours in the room.
//
// A new life is one new file: a type with Step, State and Memory, and a Kind
// that describes it. docs/life.md holds each against a published result.
package life

import (
	"fmt"
	"slices"
	"strings"

	"noctiluca/engine/life/graph"
)

// Life is a simulation over the pixels of one layer. It is used from one
// goroutine; State is read between two Steps by any number.
type Life interface {
	// Step advances by one tick. It allocates nothing.
	Step(in *Influence)
	// State gives x, y, z and w of each pixel, in the order of Config. What
	// they mean is the life's own affair; each is 0…1 unless it says otherwise.
	State() *[4][]float32
	// Memory lists pointers to all that changes, for Save and Restore:
	// *[]float32, *[]int32, *[]uint8, *float32, *int32, *uint64, *rand.PCG,
	// and Life. Lengths do not change.
	Memory() []any
}

// Influence is what moves a life in one tick.
type Influence struct {
	Seconds       float32 // length of the tick
	Arousal       float32 // −1…1 of the whole, 0 where there is no signal
	Presence      float32 // 0…1
	Coherence     float32 // 0…1: hearts in step
	Fragmentation float32 // 0…1: split into two camps
	// Cells is each cell by itself, in the order of Config.Cells; it may be
	// shorter.
	Cells []Cell
	// Own is the light of each person's own, for lives that go to where people
	// are rather than to their cells.
	Own []Spot
	// Drive stirs single pixels, 0…1, in the order of Config: another life's
	// light, as a rule. Nil: none.
	Drive []float32
}

// Cell is what is felt in one cell.
type Cell struct {
	Presence, Arousal, Valence float32 // 0…1, −1…1, −1…1
	Beat                       float32 // envelope of the heartbeat, 0…1
	Touch                      float32 // 0…1: somebody came or went
}

// Spot is where one person's own light is.
type Spot struct {
	At       [3]float32 // metres
	Presence float32    // 0…1
	Beat     float32    // envelope of their heartbeat, 0…1
}

// Place is where a cell is, metres.
type Place struct {
	At     [3]float32
	Radius float32
}

// Config is what a life is made from. The slices have the same length and
// stay unchanged.
type Config struct {
	Seed    uint64
	X, Y, Z []float32 // positions, metres
	Cells   []Place
	// Settings change a life's own, by name; those of an organism, and those
	// an artist gives. A name that the life does not have is an error.
	Settings map[string]float64
	// Graph is the pixels' neighbours, made when first asked for. A life that
	// is part of another shares it.
	Graph *Neighbours
}

// Neighbours makes a layer's graph once, for all lives on it that need one.
type Neighbours struct{ graph *graph.Graph }

// graph is the pixels' neighbours.
func (c *Config) graph() *graph.Graph {
	if c.Graph == nil {
		c.Graph = &Neighbours{}
	}
	if c.Graph.graph == nil {
		c.Graph.graph = graph.Build(c.X, c.Y, c.Z)
	}
	return c.Graph.graph
}

// Setting is one number of a life that may be changed.
type Setting struct {
	Name     string
	Default  float64
	Min, Max float64
	Unit     string
	Doc      string
}

// Kind describes a life.
type Kind struct {
	Name     string
	Doc      string    // one sentence
	Source   string    // the model's
	Gives    [4]string // x, y, z and w; empty where it is 0
	Settings []Setting
	make     func(c *Config, s settings) Life
}

// settings are a life's numbers, each within its range.
type settings map[string]float64

func (s settings) get(name string) float32 {
	v, ok := s[name]
	if !ok {
		panic("life: setting " + name + " is not declared")
	}
	return float32(v)
}

// New makes the life of that name.
func New(name string, c Config) (Life, error) {
	k, ok := Find(name)
	if !ok {
		return nil, fmt.Errorf("life %q: expected one of %s", name, strings.Join(Names(), ", "))
	}
	s, err := k.Resolve(c.Settings)
	if err != nil {
		return nil, err
	}
	return k.make(&c, s), nil
}

// Resolve fills a kind's settings: those given, else the defaults.
func (k *Kind) Resolve(given map[string]float64) (map[string]float64, error) {
	s := map[string]float64{}
	for _, d := range k.Settings {
		s[d.Name] = d.Default
		v, ok := given[d.Name]
		if !ok {
			continue
		}
		if !(v >= d.Min && v <= d.Max) {
			return nil, fmt.Errorf("life %s: setting %s is %g: must be %g…%g %s", k.Name, d.Name, v, d.Min, d.Max, d.Unit)
		}
		s[d.Name] = v
	}
	for _, name := range sortedKeys(given) {
		if _, ok := s[name]; !ok {
			var names []string
			for _, d := range k.Settings {
				names = append(names, d.Name)
			}
			return nil, fmt.Errorf("life %s has no setting %q: expected one of %s", k.Name, name, strings.Join(names, ", "))
		}
	}
	return s, nil
}

func sortedKeys(m map[string]float64) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// kinds is every life, by name.
var kinds = []*Kind{
	&circadianKind, &firefliesKind, &glowKind, &myceliumKind, &physarumKind, &planktonKind,
	&pulsesKind, &quorumKind, &reactionKind, &swarmKind, &wavesKind,
}

// Kinds lists the lives there are, by name. Read only.
func Kinds() []*Kind { return kinds }

// Find gives the kind of that name.
func Find(name string) (*Kind, bool) {
	for _, k := range kinds {
		if k.Name == name {
			return k, true
		}
	}
	return nil, false
}

// Names lists the lives there are, sorted.
func Names() []string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.Name)
	}
	slices.Sort(names)
	return names
}

// states makes the state of n pixels.
func states(n int) (s [4][]float32) {
	all := make([]float32, 4*n)
	for i := range s {
		s[i] = all[i*n : (i+1)*n : (i+1)*n]
	}
	return s
}
