package engine

import (
	"math"
	"slices"
	"testing"

	"noctiluca/assets/observer"
	"noctiluca/assets/organisms"
	"noctiluca/engine/life"
	"noctiluca/engine/light/colour"
)

// pulse is one stretch of light over 5 % of the whole course's peak.
type pulse struct{ from, to, peak, height float64 }

func pulses(c Course) []pulse {
	most := slices.Max(c.Light)
	var out []pulse
	for i, v := range c.Light {
		t := float64(i) * c.Step
		if v <= 0.05*most {
			continue
		}
		if n := len(out); n == 0 || t-out[n-1].to > 1.5*c.Step {
			out = append(out, pulse{from: t})
		}
		p := &out[len(out)-1]
		p.to = t
		if v > p.height {
			p.height, p.peak = v, t
		}
	}
	return out
}

// TestOrganismsShineAsCited measures each cited figure on the light that the
// organism's life gives, or on the spectrum that its colour is made of: it
// must lie within the cited range.
func TestOrganismsShineAsCited(t *testing.T) {
	measured := 0
	for _, o := range organisms.All() {
		c, err := TimeCourse(o)
		if err != nil {
			t.Fatal(o.Name, err)
		}
		ps := pulses(c)
		if len(ps) == 0 {
			t.Errorf("%s is dark", o.Name)
			continue
		}
		for _, f := range o.Figures {
			got := math.NaN()
			slack := 0.0
			peak, width := Emission(o).PeakAndWidth()
			switch f.What {
			case "peak":
				got, slack = peak, 0.1
			case "width":
				got, slack = width, 0.2
			case "duration":
				got = 0
				for _, p := range ps[:1] {
					got += p.to - p.from
				}
			case "latency":
				got = ps[0].from - c.Start
			case "peak-time":
				got = ps[0].peak - c.Start
			case "period":
				if c.Unit == "h" {
					// From the middle of one night's light to that of the next.
					a, b := ps[0], ps[len(ps)-1]
					if len(ps) > 2 {
						a, b = ps[1], ps[len(ps)-2]
						got = ((b.from + b.to) - (a.from + a.to)) / 2 / float64(len(ps)-3)
					} else {
						got = ((b.from + b.to) - (a.from + a.to)) / 2 / float64(len(ps)-1)
					}
				} else {
					got = (ps[len(ps)-1].peak - ps[0].peak) / float64(len(ps)-1)
				}
			case "flashes", "burst", "burst-period":
				if o.Life != "swarm" {
					got = untilTired(t, o)
					break
				}
				var bursts [][]pulse
				for _, p := range ps {
					if n := len(bursts); n > 0 && p.from-bursts[n-1][len(bursts[n-1])-1].to < 2 {
						bursts[n-1] = append(bursts[n-1], p)
					} else {
						bursts = append(bursts, []pulse{p})
					}
				}
				whole := bursts[:len(bursts)-1] // the last may be cut off
				sum := 0.0
				for _, b := range whole {
					switch f.What {
					case "flashes":
						sum += float64(len(b)) / float64(len(whole))
					case "burst":
						sum += (b[len(b)-1].to - b[0].from) / float64(len(whole))
					}
				}
				got = sum
				if f.What == "burst-period" {
					got = (bursts[len(bursts)-1][0].from - bursts[0][0].from) / float64(len(bursts)-1)
				}
			case "recovery":
				got = recovered(t, o)
			case "rates":
				got = decayRates(c)
			case "steadiness":
				n := int(10 / c.Step)
				last := c.Light[len(c.Light)-n:]
				got = slices.Min(last) / slices.Max(last)
			case "photons", "night-to-day":
				continue // not of the light that LEDs give
			}
			measured++
			t.Logf("%-28s %-13s %8.3f %s, cited %g…%g", o.Latin, f.What, got, f.Unit, f.Low, f.High)
			if !(got >= f.Low-slack && got <= f.High+slack) {
				t.Errorf("%s: %s is %.3f %s, cited %g…%g (%s)", o.Name, f.What, got, f.Unit, f.Low, f.High, f.Source)
			}
		}
	}
	t.Logf("%d figures measured", measured)
}

// untilTired counts the flashes under lasting stimulation that are over a
// fifth of the first.
func untilTired(t *testing.T, o *organisms.Organism) float64 {
	s := map[string]float64{"drift": 0, "steps": 0}
	for k, v := range o.Settings {
		s[k] = v
	}
	s["drift"], s["steps"] = 0, 0
	l, err := life.New(o.Life, life.Config{X: []float32{0}, Y: []float32{0}, Z: []float32{0}, Settings: s})
	if err != nil {
		t.Fatal(err)
	}
	first, n := 0.0, 0.0
	for range 60 {
		most := 0.0
		for k := range 500 {
			in := &life.Influence{Seconds: 1.0 / 500}
			if k == 0 {
				in.Drive = []float32{1}
			}
			l.Step(in)
			most = max(most, float64(l.State()[0][0]))
		}
		if first == 0 {
			first = most
		}
		if most > first/5 {
			n++
		}
	}
	return n
}

// recovered is how long one that was pressed thirty times rests until a press
// gives 95 % of its first light again.
func recovered(t *testing.T, o *organisms.Organism) float64 {
	s := map[string]float64{}
	for k, v := range o.Settings {
		s[k] = v
	}
	s["drift"], s["steps"] = 0, 0
	l, err := life.New(o.Life, life.Config{X: []float32{0}, Y: []float32{0}, Z: []float32{0}, Settings: s})
	if err != nil {
		t.Fatal(err)
	}
	press := func() (most float64) {
		for k := range 500 {
			in := &life.Influence{Seconds: 1.0 / 500}
			if k == 0 {
				in.Drive = []float32{1}
			}
			l.Step(in)
			most = max(most, float64(l.State()[0][0]))
		}
		return most
	}
	first := press()
	for range 29 {
		press()
	}
	for rested := 0.0; rested < 10000; rested += 30 {
		now := life.Save(nil, l)
		if press() >= 0.95*first {
			return rested
		}
		if err := life.Restore(l, now); err != nil {
			t.Fatal(err)
		}
		for range 30 {
			l.Step(&life.Influence{Seconds: 1})
		}
	}
	return math.NaN()
}

// decayRates is the rate of the light's decay just after the peak over that
// of its end.
func decayRates(c Course) float64 {
	at := 0
	for i, v := range c.Light {
		if v > c.Light[at] {
			at = i
		}
	}
	slope := func(from, to float64) float64 {
		i, j := at+int(from/c.Step), at+int(to/c.Step)
		return math.Log(c.Light[i]/c.Light[j]) / (to - from)
	}
	slow := slope(0.8, 1.2)
	// The slow part is taken off before the fast one is measured.
	rest := func(t float64) float64 {
		i, j := at+int(t/c.Step), at+int(1/c.Step)
		return c.Light[i] - c.Light[j]*math.Exp(slow*(1-t))
	}
	return math.Log(rest(0.02)/rest(0.1)) / 0.08 / slow
}

// TestOrganismsColours: the chromaticity of each organism's spectrum against
// that by the standard's table summed at its own 5 nm, without interpolation, and how far from it the
// nominal LED comes.
func TestOrganismsColours(t *testing.T) {
	table := observer.CIE1931()
	worst := 0.0
	for _, o := range organisms.All() {
		s := Emission(o)
		x, y := s.XYZ().Chromaticity()
		var sum colour.XYZ
		for nm := table.First; nm <= 780; nm += table.Step {
			for i := range sum {
				sum[i] += s.At(nm) * table.At(nm, i)
			}
		}
		wx, wy := sum.Chromaticity()
		worst = max(worst, math.Abs(x-wx), math.Abs(y-wy))
		rgb, off := Nominal(s.XYZ())
		t.Logf("%-28s x %.4f y %.4f; LED %.3f %.3f %.3f, ΔE OK %.3f", o.Latin, x, y, rgb[0], rgb[1], rgb[2], off)
		for _, v := range rgb {
			if !(v >= 0 && v <= 1) {
				t.Errorf("%s: %v", o.Name, rgb)
			}
		}
	}
	t.Logf("largest difference of x or y from the table %.5f", worst)
	// Bands of 30 nm and more are summed as well at 5 nm as at 1 nm.
	if worst > 0.0001 {
		t.Error("too far")
	}
}
