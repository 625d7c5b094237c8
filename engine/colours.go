package engine

import (
	"fmt"
	"strconv"
	"sync"

	"noctiluca/assets/organisms"
	"noctiluca/engine/life"
	"noctiluca/engine/light/colour"
	"noctiluca/installations"
)

// Emission is an organism's spectrum.
func Emission(o *organisms.Organism) colour.Spectrum {
	var s colour.Spectrum
	for _, b := range o.Spectrum {
		s = append(s, colour.Band{Peak: b.Peak, Below: b.Width / 2, Above: b.Width / 2, Weight: b.Weight})
	}
	return s
}

// Nominal gives red, green and blue of the nominal LED for a colour, the
// strongest of them 1, and how far it is from the colour, as ΔE OK.
func Nominal(c colour.XYZ) (rgb [3]float32, distance float64) {
	lamp := nominalLamp()
	shown, distance := lamp.Reach(c)
	a := lamp.Amounts(shown)
	most := max(a[0], a[1], a[2])
	if most <= 0 {
		return rgb, distance
	}
	for i := range rgb {
		rgb[i] = float32(a[i] / most)
	}
	return rgb, distance
}

var nominalLamp = sync.OnceValue(func() *colour.Lamp {
	es := colour.Nominal()
	lamp, err := colour.NewLamp(es[:])
	if err != nil {
		panic(err) // the nominal LED is one
	}
	return lamp
})

// colourOf is what a colour of a layer means to its field.
func colourOf(c *installations.Colour) (rgb [3]float32, distance float64) {
	if c.Organism != nil {
		return Nominal(Emission(c.Organism).XYZ())
	}
	var v [3]float64
	for i := range v {
		n, _ := strconv.ParseUint(c.Hex[1+2*i:3+2*i], 16, 8)
		v[i] = linear[n]
	}
	// sRGB's primaries, IEC 61966-2-1.
	var xyz colour.XYZ
	for i, m := range [3][3]float64{{0.4124564, 0.3575761, 0.1804375}, {0.2126729, 0.7151522, 0.0721750}, {0.0193339, 0.1191920, 0.9503041}} {
		xyz[i] = float64(m[0]*v[0]) + float64(m[1]*v[1]) + float64(m[2]*v[2])
	}
	return Nominal(xyz)
}

// linear is the light of an sRGB byte, IEC 61966-2-1, made of operations that
// are the same on every machine: x^2.4 is x² × (x²)^⅕.
var linear = func() (t [256]float64) {
	for n := range t {
		x := float64(n) / 255
		if x <= 0.04045 {
			t[n] = x / 12.92
			continue
		}
		x = (x + 0.055) / 1.055
		q := float64(x * x)
		r := 1.0 // the fifth root of q, by Newton's rule
		for range 40 {
			p := float64(float64(r*r) * float64(r*r))
			r = (float64(4*r) + q/p) / 5
		}
		t[n] = float64(q * r)
	}
	return t
}()

// unreached is how far off, in ΔE OK, a colour may be before it is said: a
// just noticeable difference.
const unreached = 0.02

// Unreached warns of organisms whose colour an LED that plays them cannot
// show, with how far off it will be: between green and blue its gamut is poor.
func Unreached(inst *installations.Installation) installations.Problems {
	var ps installations.Problems
	reaches, err := Reaches(inst)
	if err != nil {
		return nil // who makes the splits for the frames says so
	}
	for i := range reaches {
		if r := &reaches[i]; r.Noticed() {
			ps = append(ps, installations.Problem{File: inst.File, Line: r.Line, Column: 1, Warning: true, Message: r.String() + " (0.02 is just noticed)"})
		}
	}
	return ps
}

// makeLife makes the life of a layer.
func makeLife(l *installations.Layer, c life.Config) (life.Life, error) {
	if l.Living == nil {
		c.Settings = l.Settings
		return life.New(l.Life, c)
	}
	var parts []life.Part
	for _, p := range l.Living.Parts {
		parts = append(parts, life.Part{Name: p.Name, Life: p.Life, Settings: p.Settings, Gives: p.Gives, Drive: p.Drive, Strength: p.Strength})
	}
	m, err := life.NewMix(parts, c)
	if err != nil {
		return nil, fmt.Errorf("life %s of line %d: %w", l.Living.Name, l.Living.Line, err)
	}
	return m, nil
}
