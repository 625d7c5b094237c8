// Package life holds the simulations with memory that make light living:
// each gives every pixel of a layer a state of four values, which a field
// reads as the parameter life of Light.
//
// A life has no clock. It advances by fixed ticks, is moved by what the
// cells feel, is seeded, and gives the same bits on every machine: it uses
// IEEE operations in a fixed order and the maths of shaders/kage/block/scalar.
//
// A new life is one new file: a type with Step and State, and a line in makers.
package life

import (
	"fmt"
	"slices"
	"strings"
)

// Life is a simulation over the pixels of one layer. It is used from one
// goroutine; State is read between two Steps by any number.
type Life interface {
	// Step advances by one tick.
	Step(in Influence)
	// State gives x, y, z and w of each pixel, in the order of Config. What
	// they mean is the life's own affair; each is 0…1 unless it says otherwise.
	State() *[4][]float32
}

// Influence is what moves a life in one tick.
type Influence struct {
	Seconds       float32 // length of the tick
	Arousal       float32 // −1…1 of the whole, 0 where there is no signal
	Presence      float32 // 0…1
	Coherence     float32 // 0…1
	Fragmentation float32 // 0…1
}

// Config is what a life is made from. The slices have the same length and
// stay unchanged.
type Config struct {
	Seed    uint64
	X, Y, Z []float32 // positions, metres
}

var makers = map[string]func(Config) Life{
	"fireflies": func(c Config) Life { return newFireflies(c) },
}

// New makes the life of that name.
func New(name string, c Config) (Life, error) {
	m, ok := makers[name]
	if !ok {
		return nil, fmt.Errorf("life %q: expected one of %s", name, strings.Join(Names(), ", "))
	}
	return m(c), nil
}

// Names lists the lives there are, sorted.
func Names() []string {
	var names []string
	for n := range makers {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
