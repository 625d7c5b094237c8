package safety

import (
	"noctiluca/engine/light"
	"noctiluca/engine/safety/flash/lane"
	"noctiluca/installations"
)

// grid is the steps of light that the bytes of a fixture can say. Where they
// are all that its LEDs are sent, its light is rounded to them first of all,
// so that every limit judges what will be seen, and what a limit dims is
// rounded down: bytes made of the light then say it to the bit.
type grid struct {
	curve *light.Curve
	at    [256]float32
}

// newGrid gives a fixture's grid, or nil where its light is told more finely:
// by dither, whose mean is the light, by 16 bits, or as numbers; and where a
// component is no byte by itself, since the LED's own colours or a white
// emitter make several of it.
func newGrid(inst *installations.Installation, fixture int) (*grid, error) {
	f := &inst.Fixtures[fixture]
	if f.LED.White || f.LED.Amber || f.LED.Primaries != nil {
		return nil, nil
	}
	var by *installations.Output
	for i := range inst.Outputs {
		o := &inst.Outputs[i]
		for k := range o.Runs {
			run := &o.Runs[k]
			last := run.First + run.Step*(run.Count-1)
			if run.Count == 0 || max(run.First, last) < f.First || min(run.First, last) >= f.First+f.Count {
				continue
			}
			if o.Dither || run.Wide || o.Protocol == "osc" {
				return nil, nil
			}
			if by != nil && (o.Gamma != by.Gamma || o.Lightness != by.Lightness) {
				return nil, nil
			}
			by = o
		}
	}
	if by == nil {
		return nil, nil
	}
	g := &grid{}
	var err error
	if g.curve, err = light.NewCurve(by.Gamma); err != nil {
		return nil, err
	}
	if by.Lightness {
		g.curve = light.NewLightness()
	}
	for n := range g.at {
		g.at[n] = g.curve.Light(byte(n))
	}
	return g, nil
}

// nearest is the light of the byte that v, 0…1, is sent as.
func (g *grid) nearest(v float32) float32 { return g.at[g.curve.Byte(v)] }

// under is the most light, no more than v, that a byte can say.
func (g *grid) under(v float32) float32 {
	n := g.curve.Byte(v)
	if g.at[n] > v {
		n--
	}
	return g.at[n]
}

// ruled finds the grid of each fixture, and gives it to all who dim.
func (s *Stage) ruled(inst *installations.Installation) error {
	grids := make([]*grid, len(inst.Fixtures))
	for i := range grids {
		var err error
		if grids[i], err = newGrid(inst, i); err != nil {
			return err
		}
	}
	for i := range s.loads {
		s.loads[i].grid = grids[s.loads[i].fixture]
	}
	for i, fixture := range s.room.Fixture {
		if g := grids[fixture]; g != nil {
			steps, err := lane.NewSteps(&g.at)
			if err != nil {
				return err
			}
			s.room.Scene.Stretches[i].Steps = steps
		}
	}
	return nil
}
