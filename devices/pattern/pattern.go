// Package pattern is test patterns for whoever stands on a ladder: which
// pixel is which, do the colours come in the right order, does every universe
// arrive. They pass the safety stage like any light, and change slowly.
package pattern

import (
	"fmt"
	"math"

	"noctiluca/installations"
)

// Names of the patterns, and what each is for.
var Names = []string{"identify", "chase", "rgb", "binary", "universes", "white"}

// Select says which pixels are meant; the others stay dark. An empty or
// negative field means all.
type Select struct {
	Output, Fixture string
	Universe        int // -1: all
}

// Pattern paints one pattern on an installation. It belongs to one goroutine.
type Pattern struct {
	name   string
	level  float32
	speed  float64 // pixels a second, of a chase
	rate   float64
	pixels []place
	length []int // pixels of each fixture that are meant, by fixture
}

// place is where a pixel is, if it is meant.
type place struct {
	meant    bool
	fixture  int32
	index    int32 // on its fixture, among those meant
	universe int32 // counted over all outputs
	within   int32 // its number in its universe, from 0
}

// New prepares a pattern. level is 0…1, of linear light.
func New(inst *installations.Installation, name string, level, speed float64, s Select) (*Pattern, error) {
	p := &Pattern{name: name, level: float32(level), speed: speed, rate: inst.Rate,
		pixels: make([]place, inst.Pixels.Count()), length: make([]int, len(inst.Fixtures))}
	switch {
	case !known(name):
		return nil, fmt.Errorf("pattern %q: expected one of %v", name, Names)
	case !(level > 0 && level <= 1):
		return nil, fmt.Errorf("level %v: expected over 0, at most 1", level)
	case !(speed > 0 && speed <= 10000):
		return nil, fmt.Errorf("speed %v: expected over 0, at most 10000 pixels a second", speed)
	}
	fixture := -1
	if s.Fixture != "" {
		for i, f := range inst.Fixtures {
			if f.Name == s.Fixture {
				fixture = i
			}
		}
		if fixture < 0 {
			return nil, fmt.Errorf("there is no fixture %q", s.Fixture)
		}
	}
	meant, outputs, ordinal := 0, 0, int32(0)
	for _, o := range inst.Outputs {
		wanted := s.Output == "" || o.Name == s.Output
		if wanted {
			outputs++
		}
		for _, u := range o.Universes {
			number := int32(0)
			for _, run := range o.Runs {
				if run.Offset < u.Offset || run.Offset >= u.Offset+u.Length {
					continue
				}
				for k := range run.Count {
					n := run.First + k*run.Step
					q := &p.pixels[n]
					q.universe, q.within = ordinal, number
					number++
					q.fixture = inst.Pixels.Fixture[n]
					q.meant = wanted && (fixture < 0 || int(q.fixture) == fixture) && (s.Universe < 0 || u.Number == s.Universe)
					if q.meant {
						meant++
					}
				}
			}
			ordinal++
		}
	}
	switch {
	case s.Output != "" && outputs == 0:
		return nil, fmt.Errorf("there is no output %q", s.Output)
	case len(inst.Outputs) == 0:
		return nil, fmt.Errorf("%s has no outputs: there is nowhere to send a pattern", inst.File)
	case meant == 0:
		return nil, fmt.Errorf("no pixel is meant: nothing of that fixture and output is in universe %d", s.Universe)
	}
	for i := range p.pixels {
		if q := &p.pixels[i]; q.meant {
			q.index = int32(p.length[q.fixture])
			p.length[q.fixture]++
		}
	}
	return p, nil
}

func known(name string) bool {
	for _, n := range Names {
		if n == name {
			return true
		}
	}
	return false
}

// colours tell neighbouring universes apart.
var colours = [6][3]float32{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 0}, {0, 1, 1}, {1, 0, 1}}

// Times in seconds.
const (
	breath = 4.0 // of identify
	hold   = 2.0 // of a colour of rgb
	cross  = 0.5 // from one to the next
	bit    = 1.0 // of binary
	bits   = 10  // 1024 pixels a universe are enough
	lead   = 2.0 // before the first bit
)

// Paint writes the light of frame n.
func (p *Pattern) Paint(r, g, b []float32, n int) {
	t := float64(n) / p.rate
	for i := range p.pixels {
		q := &p.pixels[i]
		var c [3]float32
		if q.meant {
			c = p.colour(q, t)
		}
		r[i], g[i], b[i] = c[0]*p.level, c[1]*p.level, c[2]*p.level
	}
}

func (p *Pattern) colour(q *place, t float64) [3]float32 {
	switch p.name {
	case "identify":
		at := math.Mod(t, breath) / (breath / 2)
		v := 0.1 + float32(0.9*float32(1-math.Abs(at-1)))
		return [3]float32{v, v, v}
	case "chase":
		length := float64(p.length[q.fixture])
		behind := math.Mod(math.Mod(float64(t*p.speed), length)-float64(q.index)+length, length)
		v := float32(max(0, 1-behind/4)) // four pixels of tail
		return [3]float32{v, v, v}
	case "rgb":
		steps := [4][3]float32{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 1}}
		at := math.Mod(t, 4*hold)
		k := int(at / hold)
		into := float32(min(1, (at-float64(k)*hold)/cross))
		now, before := steps[k], steps[(k+3)%4]
		if t < cross {
			before = now
		}
		var c [3]float32
		for i := range c {
			c[i] = before[i] + float32((now[i]-before[i])*into)
		}
		return c
	case "binary":
		at := math.Mod(t, lead+bits*bit)
		if at < lead {
			return [3]float32{0, 0, 1}
		}
		if k := int((at - lead) / bit); int(q.within)>>k&1 == 1 {
			return [3]float32{0, 1, 0}
		}
		return [3]float32{0.15, 0, 0}
	case "universes":
		return colours[int(q.universe)%len(colours)]
	}
	return [3]float32{1, 1, 1}
}
