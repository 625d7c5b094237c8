package colour

import "fmt"

// Emitter is one emitter of a lamp at full.
type Emitter struct {
	XYZ  XYZ     // its colour; luminance in a unit that all emitters of the lamp share
	Cost float64 // what it draws, mA
}

// MaxEmitters is how many emitters a lamp may have.
const MaxEmitters = 5

// Bands is red, green and blue of the nominal LED as spectra: emitters of the
// WS2812B's datasheet (Worldsemi: dominant wavelengths 620–625, 522–525 and
// 465–467 nm), as Gaussian bands with the widths usual for such dies, 18, 34
// and 24 nm.
func Bands() [3]Spectrum {
	return [3]Spectrum{Gaussian(630, 18), Gaussian(521, 34), Gaussian(465, 24)}
}

// Nominal is the lamp whose red, green and blue a field means: Bands at the
// datasheet's 390–420, 660–720 and 180–200 mcd. All three at full have a
// luminance of 1.
func Nominal() [3]Emitter {
	mcd := [3]float64{405, 690, 190}
	var out [3]Emitter
	for i, b := range Bands() {
		c := b.XYZ()
		out[i] = Emitter{XYZ: c.scale(mcd[i] / (mcd[0] + mcd[1] + mcd[2]) / c[1]), Cost: 1}
	}
	return out
}

// Lamp makes colours with up to five emitters: it finds their amounts for a
// colour that is given as red, green and blue of the nominal lamp. Of all
// amounts that give the colour it takes those that draw least. Read only once
// made; any number of goroutines may use it.
type Lamp struct {
	n      int
	in     [MaxEmitters][3]float64 // each emitter in amounts of the nominal lamp's
	scale  float64                 // luminance of nominal white in the lamp's unit
	cost   [MaxEmitters]float64
	basis  matrix // nominal amounts to XYZ
	plans  [1 << MaxEmitters][]triple
	pixels pixels
}

// triple is three emitters and the matrix that gives their amounts.
type triple struct {
	who [3]int
	m   matrix
}

// NewLamp prepares a lamp of 3 to 5 emitters, the first three red, green and
// blue. The lamp's red, green and blue at full together are taken for as
// bright as the nominal lamp's.
func NewLamp(es []Emitter) (*Lamp, error) {
	if len(es) < 3 || len(es) > MaxEmitters {
		return nil, fmt.Errorf("%d emitters: expected 3 to %d", len(es), MaxEmitters)
	}
	nominal := Nominal()
	l := &Lamp{n: len(es), basis: columns(nominal[0].XYZ, nominal[1].XYZ, nominal[2].XYZ)}
	l.scale = es[0].XYZ[1] + es[1].XYZ[1] + es[2].XYZ[1]
	for i, e := range es {
		if !(e.XYZ[1] > 0) || e.XYZ[0] < 0 || e.XYZ[2] < 0 || !(e.Cost >= 0) {
			return nil, fmt.Errorf("emitter %d has XYZ %v and draws %v mA: expected a luminance over 0", i, e.XYZ, e.Cost)
		}
		l.in[i] = l.basis.inverse().times(e.XYZ.scale(1 / l.scale))
		l.cost[i] = e.Cost
	}
	for without := range l.plans {
		l.plans[without] = l.plan(without)
	}
	if len(l.plans[0]) == 0 {
		return nil, fmt.Errorf("the emitters lie on one line: no colour can be mixed from them")
	}
	l.pixels = l.prepare()
	return l, nil
}

// plan lists the triples of emitters, of those not in the set without, that
// are the cheapest way to some colour: the bases of the linear program "least
// cost for this colour" whose reduced costs are none of them negative. Their
// cones fill the gamut.
func (l *Lamp) plan(without int) []triple {
	var out []triple
	for i := range l.n {
		for j := i + 1; j < l.n; j++ {
			for k := j + 1; k < l.n; k++ {
				if (without>>i|without>>j|without>>k)&1 != 0 {
					continue
				}
				m := columns(l.in[i], l.in[j], l.in[k])
				if d := m.determinant(); d < 1e-9 && d > -1e-9 {
					continue
				}
				t := triple{[3]int{i, j, k}, m.inverse()}
				if l.cheapest(t, without) {
					out = append(out, t)
				}
			}
		}
	}
	return out
}

func (l *Lamp) cheapest(t triple, without int) bool {
	for e := range l.n {
		if without>>e&1 != 0 {
			continue
		}
		a := t.m.times(l.in[e])
		saved := 0.0
		for c, who := range t.who {
			saved += float64(l.cost[who] * a[c])
		}
		if saved > l.cost[e]+1e-9 {
			return false
		}
	}
	return true
}

// slack is how far under 0 an amount may be by rounding.
const slack = 1e-7

// amounts solves for a colour in nominal amounts, exactly; ok is false where
// it is out of the gamut's cone. bounded also keeps each amount at most 1, if
// need be by dimming.
func (l *Lamp) amounts(c XYZ, without int, bounded bool) (a [MaxEmitters]float64, ok bool) {
	for _, t := range l.plans[without] {
		v := t.m.times(c)
		if v[0] < -slack || v[1] < -slack || v[2] < -slack {
			continue
		}
		for i, who := range t.who {
			a[who] = max(v[i], 0)
		}
		ok = true
		break
	}
	if !ok || !bounded {
		return a, ok
	}
	most, at := 1.0, -1
	for i, v := range a {
		if v > most {
			most, at = v, i
		}
	}
	if at < 0 {
		return a, true
	}
	// One emitter at its most, and the rest of the colour from the others.
	rest := c
	for i := range rest {
		rest[i] -= l.in[at][i]
	}
	if b, ok := l.amounts(rest, without|1<<at, true); ok {
		b[at] = 1
		if sum := l.colourOf(b); near(sum, c) {
			return b, true
		}
	}
	for i := range a {
		a[i] /= most
	}
	return a, true
}

func near(a, b XYZ) bool {
	for i := range a {
		if d := a[i] - b[i]; d > 1e-6 || d < -1e-6 {
			return false
		}
	}
	return true
}

// colourOf is what amounts make, in nominal amounts.
func (l *Lamp) colourOf(a [MaxEmitters]float64) XYZ {
	var c XYZ
	for e := range l.n {
		for i := range c {
			c[i] += float64(a[e] * l.in[e][i])
		}
	}
	return c
}

// Emitters is how many the lamp has.
func (l *Lamp) Emitters() int { return l.n }

// Amounts gives each emitter's amount, 0…1, for a colour whose luminance is 1
// where the lamp's red, green and blue together shine at full. What is out of
// the gamut is brought into it by Map first; what is too bright is dimmed.
func (l *Lamp) Amounts(c XYZ) [MaxEmitters]float64 {
	rgb := l.basis.inverse().times(c)
	if a, ok := l.amounts(rgb, 0, true); ok {
		return a
	}
	a, _ := l.amounts(l.basis.inverse().times(Map(c, l)), 0, true)
	return a
}

// XYZ is the colour of amounts.
func (l *Lamp) XYZ(a [MaxEmitters]float64) XYZ { return l.basis.times(l.colourOf(a)) }

// Reach brings a colour as close as the lamp comes: the colour it will show,
// and ΔE OK from the one that was asked for, both at the brightest the lamp
// can show it. The colour's own luminance does not matter.
func (l *Lamp) Reach(c XYZ) (shown XYZ, distance float64) {
	c = l.Brightest(c)
	if l.Contains(c) {
		return c, 0
	}
	shown = Map(c, l)
	return shown, shown.OkLab().Distance(c.OkLab())
}

// Brightest scales a colour so that the strongest emitter of what will show it
// is just at full.
func (l *Lamp) Brightest(c XYZ) XYZ {
	if c[1] <= 0 {
		return XYZ{}
	}
	// So dim that only its chromaticity can be out of reach.
	c = c.scale(0.01 / c[1])
	a, ok := l.amounts(l.basis.inverse().times(c), 0, false)
	if !ok {
		a, _ = l.amounts(l.basis.inverse().times(Map(c, l)), 0, false)
	}
	most := 0.0
	for _, v := range a {
		most = max(most, v)
	}
	return c.scale(0.999 / most)
}

// Contains implements Gamut.
func (l *Lamp) Contains(c XYZ) bool {
	rgb := l.basis.inverse().times(c)
	a, ok := l.amounts(rgb, 0, true)
	return ok && near(l.colourOf(a), rgb)
}

// Clip implements Gamut: amounts of red, green and blue under 0 and over 1
// are put to it.
func (l *Lamp) Clip(c XYZ) XYZ {
	rgb := l.basis.inverse().times(c)
	if a, ok := l.amounts(rgb, 0, true); ok {
		return l.basis.times(l.colourOf(a))
	}
	v := columns(l.in[0], l.in[1], l.in[2]).inverse().times(rgb)
	var a [MaxEmitters]float64
	for i := range v {
		a[i] = min(max(v[i], 0), 1)
	}
	return l.basis.times(l.colourOf(a))
}
