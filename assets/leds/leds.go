// Package leds is what is known of LED types: the current of each emitter,
// measured or from a datasheet, with its source. It is for the estimate of
// power and for the order of colours on the wire, not for colour.
//
// The one idea it owns: where sources differ, the higher figure stands. The
// data is leds.yaml.
package leds

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/goccy/go-yaml"
)

// Type is one type of LED.
type Type struct {
	Name  string    `yaml:"name"`
	Title string    `yaml:"title"`
	Order string    `yaml:"order"` // of its bytes on the wire, e.g. GRB
	Volts float64   `yaml:"volts"`
	Idle  float64   `yaml:"idle"` // mA a pixel when dark
	Full  []float64 `yaml:"full"` // mA of each emitter at full: R G B, and W where it has one
	// Primaries is x, y and relative luminance of each emitter at full; nil
	// where they are the nominal ones of package colour.
	Primaries [][3]float64 `yaml:"primaries"`
	// Candela is the luminous intensity of each emitter at full, straight
	// ahead, in the order of Full; nil where nobody gave it (see Bright).
	Candela []float64 `yaml:"candela"`
	PWM     float64   `yaml:"pwm"` // Hz: how often its driver switches
	// Least is the least supply voltage at which it works; 0 where no source
	// says.
	Least   float64  `yaml:"least"`
	Note    string   `yaml:"note"`
	Sources []string `yaml:"sources"`
}

// White says whether it has a fourth, white emitter.
func (t *Type) White() bool { return len(t.Full) == 4 }

// Watts is its power with every emitter at full.
func (t *Type) Watts() float64 {
	mA := t.Idle
	for _, f := range t.Full {
		mA += f
	}
	return mA * t.Volts / 1000
}

//go:embed leds.yaml
var data []byte

var types = sync.OnceValue(func() []Type {
	var out []Type
	if err := yaml.UnmarshalWithOptions(data, &out, yaml.Strict()); err != nil {
		panic(fmt.Sprintf("assets/leds/leds.yaml: %v", err))
	}
	return out
})

// All lists the types, in the order of the file. Read only; any goroutine
// may call it.
func All() []Type { return types() }

// Names lists the names of all types.
func Names() []string {
	var out []string
	for _, t := range types() {
		out = append(out, t.Name)
	}
	return out
}

// ByName gives the type of that name, or nil.
func ByName(name string) *Type {
	for i := range types() {
		if t := &types()[i]; t.Name == name {
			return t
		}
	}
	return nil
}

// Default is the type that stands for one nobody named: the one that draws
// most, so that an estimate errs to the safe side.
func Default(white bool) *Type {
	var most *Type
	for i := range types() {
		if t := &types()[i]; t.White() == white && (most == nil || t.Watts() > most.Watts()) {
			most = t
		}
	}
	return most
}

// Bright is the luminous intensity, cd, that stands for emitters of which
// only the currents (mA, R G B W A) are known: in proportion to them, as much
// as the brightest type known gives, so that what is judged by it errs to the
// safe side. WS2813A: 480, 1500 and 320 mcd at 18 mA (its datasheet); white
// and amber, of phosphor, 100 and 50 mcd for each mA, are assumed.
func Bright(mA [5]float64) [5]float64 {
	perMA := [5]float64{0.480 / 18, 1.500 / 18, 0.320 / 18, 0.100, 0.050}
	for i := range mA {
		perMA[i] *= mA[i]
	}
	return perMA
}
