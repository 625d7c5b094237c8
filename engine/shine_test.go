package engine

import (
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"noctiluca/assets/organisms"
	"noctiluca/engine/life"
	"noctiluca/engine/light"
	"noctiluca/engine/light/colour"
	"noctiluca/installations"
)

var write = flag.String("write", "", "the document whose table of organisms is to be written anew")

// shown is how often a second frames are looked at: as often as an
// installation may send them.
const shown = 240

// An eye sees what LEDs show of an organism: a patch of nominal LEDs, as the
// bytes that they are sent, with dither, back to light.
type eye struct {
	rgb     [3]float32 // the organism's colour, as a layer has it
	encoder *light.Encoder
	decoder *light.Decoder
	bytes   []byte
	r, g, b []float32
	frame   uint64
	xyz     [3]colour.XYZ // of the emitters at full
	full    float64       // luminance of the patch at full
}

const patch = 64

func newEye(t *testing.T, o *organisms.Organism) *eye {
	e := &eye{bytes: make([]byte, 3*patch), r: make([]float32, patch), g: make([]float32, patch), b: make([]float32, patch)}
	e.rgb, _ = Nominal(Emission(o).XYZ())
	out := installations.Output{Name: "patch", Gamma: 1, Dither: true, Bytes: len(e.bytes), Runs: []installations.Run{{Step: 1, Count: patch, Order: installations.Order{1, 0, 2}}}}
	var err error
	if e.encoder, err = light.NewEncoder(&out, nil); err != nil {
		t.Fatal(err)
	}
	if e.decoder, err = light.NewDecoder(&out, nil); err != nil {
		t.Fatal(err)
	}
	for i, em := range colour.Nominal() {
		e.xyz[i] = em.XYZ
		e.full += float64(e.rgb[i]) * em.XYZ[1]
	}
	return e
}

// see gives the mean colour that the patch shows for a life's light in the
// next frame.
func (e *eye) see(v float64) colour.XYZ {
	for i := range patch {
		e.r[i], e.g[i], e.b[i] = e.rgb[0]*float32(v), e.rgb[1]*float32(v), e.rgb[2]*float32(v)
	}
	e.encoder.Encode(e.bytes, e.r, e.g, e.b, e.frame)
	e.frame++
	e.decoder.Decode(e.bytes, e.r, e.g, e.b)
	var c colour.XYZ
	for i := range patch {
		for k := range c {
			c[k] += (float64(e.r[i])*e.xyz[0][k] + float64(e.g[i])*e.xyz[1][k] + float64(e.b[i])*e.xyz[2][k]) / patch
		}
	}
	return c
}

// luminance is the patch's, as a share of what it is at full.
func (e *eye) luminance(v float64) float64 { return e.see(v)[1] / e.full }

// watch sees a whole course: its light is replaced by what is seen of it. It
// gives the colour of all of it together.
func (e *eye) watch(c *Course) colour.XYZ {
	var sum colour.XYZ
	for i, v := range c.Light {
		now := e.see(v)
		for k := range sum {
			sum[k] += now[k]
		}
		c.Light[i] = now[1] / e.full
	}
	return sum
}

// pulse is one stretch of light over 5 % of the whole course's peak.
type pulse struct{ from, to, peak, height float64 }

// pulses finds them, with their ends between frames on a straight line.
func pulses(c Course) []pulse {
	limit := 0.05 * slices.Max(c.Light)
	var out []pulse
	for i, v := range c.Light {
		t := float64(i) * c.Step
		before := 0.0
		if i > 0 {
			before = c.Light[i-1]
		}
		if v > limit && (i == 0 || before <= limit) {
			out = append(out, pulse{from: t})
			if i > 0 {
				out[len(out)-1].from -= c.Step * (v - limit) / (v - before)
			}
		}
		if len(out) == 0 {
			continue
		}
		p := &out[len(out)-1]
		switch {
		case v > limit:
			p.to = t
		case before > limit:
			p.to = t - c.Step*(limit-v)/(before-v)
		}
		if v > limit && v > p.height {
			p.height, p.peak = v, t
		}
	}
	return out
}

// bursts are pulses that follow each other within two seconds.
func bursts(ps []pulse) [][]pulse {
	var out [][]pulse
	for _, p := range ps {
		if n := len(out); n > 0 && p.from-out[n-1][len(out[n-1])-1].to < 2 {
			out[n-1] = append(out[n-1], p)
		} else {
			out = append(out, []pulse{p})
		}
	}
	return out
}

// measure gives a figure as it is measured on the light that is seen, how far
// off that may be, and false where it is not one of light.
func measure(t *testing.T, o *organisms.Organism, f *organisms.Figure, e *eye, c Course, ps []pulse) (got, slack float64, ok bool) {
	// A peak may lie anywhere within a frame; edges are between frames.
	switch f.What {
	case "peak", "second-peak", "width":
		// Of an LED's light the spectrum is the LED's own: what is measured is
		// the curve that the colour is made of, to a tenth of a nanometre.
		peak, width := Emission(o).PeakAndWidth()
		switch f.What {
		case "width":
			return width, 0.2, true
		case "second-peak":
			return second(Emission(o), peak), 0.1, true
		}
		return peak, 0.1, true
	case "duration":
		return ps[0].to - ps[0].from, 0, true
	case "latency":
		return ps[0].from - c.Start, 0, true
	case "rise":
		return ps[0].peak - ps[0].from, c.Step / 2, true
	case "period":
		if c.Unit == "h" {
			// From the middle of one night's light to that of the next, without
			// those that are cut off.
			whole := ps
			if len(ps) > 3 {
				whole = ps[1 : len(ps)-1]
			}
			a, b := whole[0], whole[len(whole)-1]
			return ((b.from + b.to) - (a.from + a.to)) / 2 / float64(len(whole)-1), 0, true
		}
		return (ps[len(ps)-1].peak - ps[0].peak) / float64(len(ps)-1), c.Step / float64(len(ps)-1), true
	case "flashes", "burst", "burst-period":
		if o.Life != "swarm" {
			return untilTired(t, o, e), 0, true
		}
		all := bursts(ps)
		if len(all) < 3 {
			t.Fatalf("%s: %d bursts", o.Name, len(all))
		}
		if f.What == "burst-period" {
			return (all[len(all)-1][0].from - all[0][0].from) / float64(len(all)-1), 0, true
		}
		whole := all[:len(all)-1] // the last may be cut off
		for _, b := range whole {
			if f.What == "flashes" {
				got += float64(len(b)) / float64(len(whole))
			} else {
				got += (b[len(b)-1].to - b[0].from) / float64(len(whole))
			}
		}
		return got, 0, true
	case "recovery":
		return recovered(t, o, e), 0, true
	case "rates":
		return decayRates(c), 0, true
	case "steadiness":
		// As an eye sees it that takes the mean of a quarter of a second.
		n, window := int(10/c.Step), int(0.25/c.Step)
		last := c.Light[len(c.Light)-n:]
		var seen []float64
		for i := window; i <= n; i++ {
			sum := 0.0
			for _, v := range last[i-window : i] {
				sum += v
			}
			seen = append(seen, sum)
		}
		return slices.Min(seen) / slices.Max(seen), 0, true
	}
	return 0, 0, false
}

// second is the highest maximum of a spectrum but that at its peak, nm; NaN if
// there is none.
func second(s colour.Spectrum, peak float64) float64 {
	at, most := math.NaN(), 0.0
	for i := 4000; i <= 7000; i++ {
		nm := float64(i) / 10
		if v := s.At(nm); math.Abs(nm-peak) > 1 && v > s.At(nm-0.1) && v > s.At(nm+0.1) && v > most {
			at, most = nm, v
		}
	}
	return at
}

// candela is how bright the nominal LED's emitters are straight ahead (the
// middle of the WS2812B's datasheet); they shine as a Lambertian surface does,
// π times that in lumens.
var candela = [3]float64{0.405, 0.690, 0.190}

// photons is how many photons one LED gives off in the first flash of a
// course, with the light of the life as its share of full.
func photons(e *eye, c Course, p pulse) float64 {
	seconds := 0.0
	for i, v := range c.Light {
		if t := float64(i) * c.Step; t >= p.from && t <= p.to {
			seconds += v * c.Step
		}
	}
	sum := 0.0
	for i, band := range colour.Bands() {
		sum += float64(e.rgb[i]) * candela[i] * math.Pi * band.Photons() * seconds
	}
	return sum
}

// TestOrganismsShineAsCited measures each cited figure on the light that LEDs
// show of the organism, byte by byte, or on the spectrum that its colour is
// made of: it must lie within the cited range. So must its chromaticity at
// that of the spectrum, where LEDs reach it. What no light can be held against
// says why.
func TestOrganismsShineAsCited(t *testing.T) {
	var table strings.Builder
	table.WriteString("| organism | figure | cited | measured on the light |\n|---|---|---|---|\n")
	row := func(o *organisms.Organism, what, cited, measured string) {
		fmt.Fprintf(&table, "| %s | %s | %s | %s |\n", o.Latin, what, cited, measured)
	}
	measured := 0
	for _, o := range organisms.All() {
		c, err := timeCourse(o, shown)
		if err != nil {
			t.Fatal(o.Name, err)
		}
		e := newEye(t, o)
		total := e.watch(&c)
		ps := pulses(c)
		if len(ps) == 0 {
			t.Errorf("%s is dark", o.Name)
			continue
		}
		// The colour: of all light that was seen, against what the nominal LED
		// comes to, which Reach says. Half a byte's step in 64 pixels of 256
		// frames is nothing beside 0.002.
		spectrum := Emission(o).XYZ()
		want, off := nominalLamp().Reach(spectrum)
		ax, ay := spectrum.Chromaticity()
		wx, wy := want.Chromaticity()
		x, y := total.Chromaticity()
		if math.Abs(x-wx) > 0.002 || math.Abs(y-wy) > 0.002 {
			t.Errorf("%s shines at %.4f, %.4f, meant %.4f, %.4f", o.Name, x, y, wx, wy)
		}
		reached := "reached"
		if off >= unreached {
			reached = fmt.Sprintf("ΔE OK %.2f off", off)
		}
		row(o, "x, y", fmt.Sprintf("%.3f, %.3f (of the spectrum)", ax, ay), fmt.Sprintf("%.3f, %.3f, %s", x, y, reached))
		for i := range o.Figures {
			f := &o.Figures[i]
			mark := ""
			if f.Verify {
				mark = " [v]"
			}
			cited := strings.TrimSpace(f.Range()+" "+f.Unit) + mark
			got, slack, ok := measure(t, o, f, e, c, ps)
			switch {
			case ok && f.Beyond != "":
				t.Errorf("%s: %s can be measured, and is said to be beyond it", o.Name, f.What)
			case ok:
				measured++
				t.Logf("%-28s %-13s %8.3f %s, cited %s", o.Latin, f.What, got, f.Unit, f.Range())
				if !f.Within(got, slack) {
					t.Errorf("%s: %s is %.4f %s, cited %s (%s)", o.Name, f.What, got, f.Unit, f.Range(), f.Source)
				}
				what := strings.TrimSpace(fmt.Sprintf("%.4g %s", got, f.Unit))
				if f.Unit == "nm" {
					what = fmt.Sprintf("%.1f nm, on the spectrum that its colour is made of", got)
				}
				row(o, f.What, cited, what)
			case f.Beyond == "":
				t.Errorf("%s: %s is not measured, and does not say why", o.Name, f.What)
			case f.What == "photons":
				n := photons(e, c, ps[0])
				t.Logf("%-28s a flash of one LED at full is %.2g photons", o.Latin, n)
				if !(n > f.High) { // or our photometry is off by orders of magnitude: an LED outshines a cell
					t.Errorf("%s: a flash of an LED is %.2g photons, of a cell up to %.2g", o.Name, n, f.High)
				}
				row(o, f.What, cited, fmt.Sprintf("not held: %s; one LED's flash at full is %.1g photons, the light of %.1g to %.1g cells", f.Beyond, n, n/f.High, n/f.Low))
			default:
				row(o, f.What, cited, "not held: "+f.Beyond)
			}
		}
	}
	t.Logf("%d figures measured", measured)
	if *write == "" {
		return
	}
	text, err := os.ReadFile(*write)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- table: organisms -->\n", "<!-- end -->"
	head, rest, ok := strings.Cut(string(text), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no %q", *write, begin)
	}
	if err := os.WriteFile(*write, []byte(head+begin+table.String()+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}

// presser presses one individual of an organism and sees how bright it flashes.
type presser struct {
	l   life.Life
	eye *eye
}

func newPresser(t *testing.T, o *organisms.Organism, e *eye) *presser {
	s := map[string]float64{}
	for k, v := range o.Settings {
		s[k] = v
	}
	s["drift"], s["steps"] = 0, 0
	l, err := life.New(o.Life, life.Config{X: []float32{0}, Y: []float32{0}, Z: []float32{0}, Settings: s})
	if err != nil {
		t.Fatal(err)
	}
	return &presser{l, e}
}

// press once and watch for a second.
func (p *presser) press() (most float64) {
	for k := range shown {
		in := &life.Influence{Seconds: 1.0 / shown}
		if k == 0 {
			in.Drive = []float32{1}
		}
		p.l.Step(in)
		most = max(most, p.eye.luminance(float64(p.l.State()[0][0])))
	}
	return most
}

// untilTired counts the flashes under lasting stimulation that are over a
// fifth of the first.
func untilTired(t *testing.T, o *organisms.Organism, e *eye) float64 {
	p := newPresser(t, o, e)
	first, n := p.press(), 1.0
	for range 59 {
		if p.press() > first/5 {
			n++
		}
	}
	return n
}

// recovered is how long one that was pressed thirty times rests until a press
// gives 95 % of its first light again.
func recovered(t *testing.T, o *organisms.Organism, e *eye) float64 {
	p := newPresser(t, o, e)
	first := p.press()
	for range 29 {
		p.press()
	}
	for rested := 0.0; rested < 10000; rested += 30 {
		now := life.Save(nil, p.l)
		if p.press() >= 0.95*first {
			return rested
		}
		if err := life.Restore(p.l, now); err != nil {
			t.Fatal(err)
		}
		for range 30 {
			p.l.Step(&life.Influence{Seconds: 1})
		}
	}
	return math.NaN()
}

// decayRates is the rate of the light's decay just after the peak over that
// of its end. Each is the slope of the logarithm, fitted to all frames of a
// stretch, so that the steps of a byte average out.
func decayRates(c Course) float64 {
	at := 0
	for i, v := range c.Light {
		if v > c.Light[at] {
			at = i
		}
	}
	fit := func(from, to float64, light func(i int) float64) (rate, begin float64) {
		var n, st, sv, stt, stv float64
		for i := int(from / c.Step); i < int(to/c.Step); i++ {
			v := light(i)
			if v <= 0 {
				continue
			}
			t, l := float64(i)*c.Step, math.Log(v)
			n, st, sv, stt, stv = n+1, st+t, sv+l, stt+t*t, stv+t*l
		}
		slope := (n*stv - st*sv) / (n*stt - st*st)
		return -slope, math.Exp((sv - slope*st) / n)
	}
	slow, begin := fit(0.7, 1.5, func(i int) float64 { return c.Light[at+i] })
	// The slow part is taken off before the fast one is measured.
	fast, _ := fit(0.01, 0.15, func(i int) float64 { return c.Light[at+i] - begin*math.Exp(-slow*float64(i)*c.Step) })
	return fast / slow
}
