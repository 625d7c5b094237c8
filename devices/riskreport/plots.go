package riskreport

import (
	"fmt"
	"math"
)

// plot is one curve over the show.
type plot struct {
	Title, Unit string
	Values      []float64
	Limit       float64 // a line to stay under; 0: none
	Top         float64 // of the scale
	Most        string
}

// plots are the report's curves.
func (r *Report) plots() []plot {
	pick := func(of func(s *Second) float64) []float64 {
		out := make([]float64, len(r.Seconds))
		for i := range r.Seconds {
			out[i] = of(&r.Seconds[i])
		}
		return out
	}
	limit := 0.0
	for _, s := range r.inst.Supplies {
		limit += s.Watts
	}
	if r.inst.Safety.Watts > 0 {
		limit = r.inst.Safety.Watts
	}
	allowed := float64(2 * r.rules.Most)
	out := []plot{
		{Title: "Luminance of the brightest light", Unit: "cd/m²", Values: pick(func(s *Second) float64 { return s.Peak })},
		{Title: "Luminance of the surroundings", Unit: "cd/m²", Values: pick(func(s *Second) float64 { return s.Around })},
		{Title: "General flashes: transitions in a second, in any 10°", Unit: "", Values: pick(func(s *Second) float64 { return float64(s.Transitions) }), Limit: allowed},
		{Title: "Red flashes: transitions in a second, in any 10°", Unit: "", Values: pick(func(s *Second) float64 { return float64(s.Red) }), Limit: allowed},
		{Title: "Lights softened by the flash limiter, in a frame", Unit: "", Values: pick(func(s *Second) float64 { return float64(s.Softened) })},
		{Title: "Power", Unit: "W", Values: pick(func(s *Second) float64 { return s.Watts }), Limit: limit},
	}
	for i := range out {
		p := &out[i]
		most := 0.0
		for _, v := range p.Values {
			most = max(most, v)
		}
		p.Most = fmt.Sprintf("at most %s %s", figure(most), p.Unit)
		p.Top = round(max(most, p.Limit, 1e-3))
	}
	return out
}

// round gives 1, 2 or 5 times a power of ten that is no less than v.
func round(v float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, k := range []float64{1, 2, 5, 10} {
		if k*p >= v*0.999999 {
			return k * p
		}
	}
	return 10 * p
}

func figure(v float64) string {
	if v >= 100 || v == math.Trunc(v) {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

// points are a plot's points in a box, at most so many: of more seconds than
// that each point is the most of several.
func (p *plot) points(width, height float64, most int) (xs, ys []float64) {
	n := min(len(p.Values), most)
	for i := range n {
		lo, hi := i*len(p.Values)/n, (i+1)*len(p.Values)/n
		v := 0.0
		for _, x := range p.Values[lo:max(hi, lo+1)] {
			v = max(v, x)
		}
		xs = append(xs, width*float64(i)/float64(max(n-1, 1)))
		ys = append(ys, height*(1-v/p.Top))
	}
	if n == 1 {
		xs, ys = append(xs, width), append(ys, ys[0])
	}
	return xs, ys
}
