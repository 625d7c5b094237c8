package light

import (
	"fmt"

	"noctiluca/engine/light/colour"
	"noctiluca/installations"
)

// Split is how a kind of LED makes a field's red, green and blue with its own
// emitters. It does not change once made, so any number of goroutines may use
// it.
type Split struct {
	white, amber bool
	lamp         *colour.Lamp // nil: red, green and blue are the nominal ones
}

// Amounts gives each emitter's amount, 0…1, in the order R G B W A, for red,
// green and blue of 0…1. Of an emitter that is not there it is 0.
//
// A white emitter whose colour is not known is taken for neutral: it takes
// what red, green and blue have in common, and they give it up.
func (s *Split) Amounts(r, g, b float32) [5]float32 {
	switch {
	case s.lamp != nil:
		a := s.lamp.Split(r, g, b)
		if s.amber && !s.white {
			a[3], a[4] = 0, a[3]
		}
		return a
	case s.white:
		w := min(r, g, b)
		return [5]float32{r - w, g - w, b - w, w}
	}
	return [5]float32{r, g, b}
}

// Lamp is the LED's emitters; nil where red, green and blue are the nominal
// ones and the white, if any, is not known.
func (s *Split) Lamp() *colour.Lamp { return s.lamp }

// NewSplit prepares the split of a kind of LED.
func NewSplit(led *installations.LED) (*Split, error) {
	s := &Split{white: led.White, amber: led.Amber}
	if led.Primaries == nil && !led.Amber {
		return s, nil
	}
	var es []colour.Emitter
	for k, mA := range led.Full {
		if k == 3 && !led.White || k == 4 && !led.Amber {
			continue
		}
		e := colour.Emitter{Cost: max(mA, 1e-3)}
		switch n := len(es); {
		case n < len(led.Primaries):
			p := led.Primaries[n]
			e.XYZ = colour.FromxyY(p[0], p[1], p[2])
		case k < 3:
			e.XYZ = colour.Nominal()[k].XYZ
		default:
			e.XYZ = assumed[k-3]
		}
		es = append(es, e)
	}
	lamp, err := colour.NewLamp(es)
	if err != nil {
		return nil, fmt.Errorf("LED type %s: %w", led.Type, err)
	}
	s.lamp = lamp
	return s, nil
}

// assumed is white and amber of an LED of which only the currents are known:
// 4250 K, as bright as red, green and blue together; and 592 nm (x, y on the
// locus), with 0.3 of that.
var assumed = [2]colour.XYZ{colour.FromxyY(0.369, 0.367, 1), colour.FromxyY(0.579, 0.420, 0.3)}

// Splits is the split of every fixture of an installation.
type Splits struct {
	first []int // pixel of each fixture
	split []*Split
}

// NewSplits prepares the splits; fixtures of one kind of LED share one.
func NewSplits(inst *installations.Installation) (*Splits, error) {
	s := &Splits{}
	made := map[string]*Split{}
	for i := range inst.Fixtures {
		f := &inst.Fixtures[i]
		key := fmt.Sprint(f.LED)
		if made[key] == nil {
			split, err := NewSplit(&f.LED)
			if err != nil {
				return nil, err
			}
			made[key] = split
		}
		s.first = append(s.first, f.First)
		s.split = append(s.split, made[key])
	}
	return s, nil
}

// Of gives the split of the fixture that a pixel belongs to; of none there is
// it is that of a nominal RGB LED.
func (s *Splits) Of(pixel int) *Split {
	if s == nil {
		return &Split{}
	}
	for i := len(s.first) - 1; i >= 0; i-- {
		if s.first[i] <= pixel {
			return s.split[i]
		}
	}
	return &Split{}
}
