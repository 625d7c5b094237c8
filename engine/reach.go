package engine

import (
	"fmt"
	"slices"

	"noctiluca/assets/organisms"
	"noctiluca/engine/light"
	"noctiluca/engine/light/colour"
	"noctiluca/installations"
)

// Reach is how near a kind of LED comes to the colour of an organism.
type Reach struct {
	Organism *organisms.Organism
	Peak     float64    // of its emission, nm
	LED      string     // the type, e.g. ws2812b; empty where the file names none
	Scenes   []string   // that play the organism on LEDs of this type, in the file's order
	Fixtures []int      // the fixtures of this type that do; ascending
	Wanted   [2]float64 // chromaticity of the organism's spectrum, CIE 1931 x and y
	Shown    [2]float64 // of what those LEDs give
	Distance float64    // ΔE OK between the two, as bright as a nominal LED shows it; 0.02 is just noticed
	Line     int        // where the file names the organism first
}

// Noticed says whether anybody could see the difference.
func (r *Reach) Noticed() bool { return r.Distance >= unreached }

// String is it in a line, e.g. "Pyrocystis lunula, 474 nm: outside ws2812b's
// gamut, ΔE OK 0.15, shown desaturated".
func (r *Reach) String() string {
	led := r.LED
	if led == "" {
		led = "an RGB LED"
	}
	if !r.Noticed() {
		return fmt.Sprintf("%s, %.0f nm: %s shows it, ΔE OK %.2f", r.Organism.Latin, r.Peak, led, r.Distance)
	}
	return fmt.Sprintf("%s, %.0f nm: outside %s's gamut, ΔE OK %.2f, shown desaturated", r.Organism.Latin, r.Peak, led, r.Distance)
}

// Reaches lists, for each organism that a scene plays and each kind of LED
// that it is played on, how near the LED comes to its colour: first what is
// furthest off. It is a pure function of the installation; any goroutine may
// call it. An error is an LED's primaries that mix no colour.
//
// A field's red, green and blue are the nominal LED's, so a colour is brought
// into that one's gamut first, and an LED with primaries of its own then makes
// what is left as well as it can: both are in the figure.
func Reaches(inst *installations.Installation) ([]Reach, error) {
	var out []Reach
	splits := map[string]*light.Split{}
	where := map[string]int{} // where in out an organism on a kind of LED is
	for i := range inst.Scenes {
		s := &inst.Scenes[i]
		for k := range s.Layers {
			l := &s.Layers[k]
			for c := range l.Colours {
				o := l.Colours[c].Organism
				if o == nil {
					continue
				}
				for _, f := range inst.Groups[l.Group].Fixtures {
					led := &inst.Fixtures[f].LED
					kind := fmt.Sprint(*led)
					if splits[kind] == nil {
						split, err := light.NewSplit(led)
						if err != nil {
							return nil, err
						}
						splits[kind] = split
					}
					key := o.Name + "\x00" + kind
					n, known := where[key]
					if !known {
						n, where[key] = len(out), len(out)
						r := reach(o, splits[kind])
						r.Line = l.Colours[c].Line
						if !led.Assumed {
							r.LED = led.Type
						}
						out = append(out, r)
					}
					if !slices.Contains(out[n].Scenes, s.Name) {
						out[n].Scenes = append(out[n].Scenes, s.Name)
					}
					if !slices.Contains(out[n].Fixtures, f) {
						out[n].Fixtures = append(out[n].Fixtures, f)
					}
				}
			}
		}
	}
	for i := range out {
		slices.Sort(out[i].Fixtures)
	}
	slices.SortStableFunc(out, func(a, b Reach) int {
		switch {
		case a.Distance > b.Distance:
			return -1
		case a.Distance < b.Distance:
			return 1
		}
		return 0
	})
	return out, nil
}

// reach is how near LEDs with a split come to an organism's colour.
func reach(o *organisms.Organism, split *light.Split) Reach {
	spectrum := Emission(o)
	wanted := spectrum.XYZ()
	r := Reach{Organism: o}
	r.Peak, _ = spectrum.PeakAndWidth()
	r.Wanted[0], r.Wanted[1] = wanted.Chromaticity()
	nominal, distance := nominalLamp().Reach(wanted)
	r.Shown[0], r.Shown[1] = nominal.Chromaticity()
	r.Distance = distance
	lamp := split.Lamp()
	if lamp == nil {
		return r
	}
	shown, _ := lamp.Reach(nominal)
	r.Shown[0], r.Shown[1] = shown.Chromaticity()
	// As bright as the nominal LED shows it, so that LEDs can be compared: ΔE OK
	// grows with lightness, and lightness with the cube root of light.
	k := nominal.OkLab().L / colour.FromxyY(r.Shown[0], r.Shown[1], 1).OkLab().L
	shown = colour.FromxyY(r.Shown[0], r.Shown[1], float64(float64(k*k)*k))
	r.Distance = shown.OkLab().Distance(nominalLamp().Brightest(wanted).OkLab())
	return r
}
