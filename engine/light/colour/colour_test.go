package colour

import (
	"math"
	"testing"

	"github.com/lucasb-eyer/go-colorful"
	"pgregory.net/rapid"
)

// TestSpectralLocus holds the observer to the chromaticities of single
// wavelengths as published, within 0.01, and the fit beside it.
func TestSpectralLocus(t *testing.T) {
	worst, fits := 0.0, 0.0
	for nm, want := range map[float64][2]float64{
		460: {0.1440, 0.0297}, 480: {0.0913, 0.1327}, 500: {0.0082, 0.5384}, 520: {0.0743, 0.8338}, 540: {0.2296, 0.7543},
		560: {0.3731, 0.6245}, 580: {0.5125, 0.4866}, 600: {0.6270, 0.3725}, 620: {0.6915, 0.3083},
	} {
		x, y := Observer(nm).Chromaticity()
		worst = max(worst, math.Abs(x-want[0]), math.Abs(y-want[1]))
		x, y = fit(nm).Chromaticity()
		fits = max(fits, math.Abs(x-want[0]), math.Abs(y-want[1]))
	}
	t.Logf("largest error %.5f; of the fit %.4f", worst, fits)
	if worst > 0.01 {
		t.Errorf("the locus is %.4f off", worst)
	}
	if fits > 0.015 {
		t.Errorf("the fit is %.4f off: mistyped, it or the table", fits)
	}
}

// fit gives x̄, ȳ and z̄ by
// Wyman, Sloan and Shirley, Simple Analytic Approximations to the CIE XYZ
// Color Matching Functions, JCGT 2(2), 2013, equation 4.
func fit(nm float64) XYZ {
	x := float64(1.056*lobe(nm, 599.8, 37.9, 31.0)) + float64(0.362*lobe(nm, 442.0, 16.0, 26.7))
	x -= float64(0.065 * lobe(nm, 501.1, 20.4, 26.2))
	y := float64(0.821*lobe(nm, 568.8, 46.9, 40.5)) + float64(0.286*lobe(nm, 530.9, 16.3, 31.1))
	z := float64(1.217*lobe(nm, 437.0, 11.8, 36.0)) + float64(0.681*lobe(nm, 459.0, 26.0, 13.8))
	return XYZ{x, y, z}
}

// TestBandsAgainstTheFit: two descriptions of one eye, made apart, agree on
// the colour of bands as wide as organisms have.
func TestBandsAgainstTheFit(t *testing.T) {
	worst := 0.0
	for peak := 440.0; peak <= 640; peak += 2 {
		for _, width := range []float64{20, 40, 70, 90} {
			s := Gaussian(peak, width)
			var want XYZ
			for nm := 360.0; nm <= 830; nm++ {
				for i, v := range fit(nm) {
					want[i] += s.At(nm) * v
				}
			}
			x, y := s.XYZ().Chromaticity()
			wx, wy := want.Chromaticity()
			worst = max(worst, math.Abs(x-wx), math.Abs(y-wy))
		}
	}
	t.Logf("largest difference of x or y, bands of 20 to 90 nm at 440 to 640 nm: %.4f", worst)
	if worst > 0.01 {
		t.Errorf("they differ by %.4f", worst)
	}
}

func TestMaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-60, 5).Draw(t, "x")
		if e := math.Abs(exp(x)/math.Exp(x) - 1); e > 1e-14 {
			t.Errorf("exp %v is %v off", x, e)
		}
		y := rapid.Float64Range(1e-12, 1e6).Draw(t, "y")
		if e := math.Abs(log10(y) - math.Log10(y)); e > 1e-13 {
			t.Errorf("log10 %v is %v off", y, e)
		}
		if e := math.Abs(cbrt(y)/math.Cbrt(y) - 1); e > 1e-14 {
			t.Errorf("cbrt %v is %v off", y, e)
		}
		if e := math.Abs(sqrt(y)/math.Sqrt(y) - 1); e > 1e-14 {
			t.Errorf("sqrt %v is %v off", y, e)
		}
	})
}

// TestColorful: go-colorful judges every conversion.
func TestColorful(t *testing.T) {
	var there, back, distance float64
	for r := 0.0; r <= 1; r += 0.0625 {
		for g := 0.0; g <= 1; g += 0.0625 {
			for b := 0.0; b <= 1; b += 0.0625 {
				c := colorful.LinearRgb(r, g, b)
				x, y, z := c.Xyz()
				l := XYZ{x, y, z}.OkLab()
				wl, wa, wb := c.OkLab()
				there = max(there, math.Abs(l.L-wl), math.Abs(l.A-wa), math.Abs(l.B-wb))
				again := l.XYZ()
				back = max(back, math.Abs(again[0]-x), math.Abs(again[1]-y), math.Abs(again[2]-z))
				_, chroma, _ := c.OkLch()
				distance = max(distance, math.Abs(l.Chroma()-chroma))
				cx, cy := XYZ{x, y, z}.Chromaticity()
				if r+g+b > 0 {
					wx, wy, _ := c.Xyy()
					distance = max(distance, math.Abs(cx-wx), math.Abs(cy-wy))
				}
			}
		}
	}
	t.Logf("largest difference from go-colorful (whose OkLab matrices start from another rounding of sRGB's white): OkLab %.1e, back to XYZ %.1e, chroma and chromaticity %.1e", there, back, distance)
	// go-colorful uses Ottosson's own matrices of ten digits, and sRGB's of seven.
	if there > 2e-4 || back > 1e-9 || distance > 2e-4 {
		t.Error("too far")
	}
}

// srgb is CSS's sRGB as a gamut.
type srgb struct{ toXYZ, toRGB matrix }

func display(r, g, b [2]float64) matrix {
	white := XYZ{0.3127 / 0.3290, 1, (1 - 0.3127 - 0.3290) / 0.3290}
	m := columns(FromxyY(r[0], r[1], 1), FromxyY(g[0], g[1], 1), FromxyY(b[0], b[1], 1))
	k := m.inverse().times(white)
	for i := range m {
		for j := range m[i] {
			m[i][j] *= k[j]
		}
	}
	return m
}

func (s srgb) Contains(c XYZ) bool {
	for _, v := range s.toRGB.times(c) {
		if v < -1e-6 || v > 1+1e-6 {
			return false
		}
	}
	return true
}

func (s srgb) Clip(c XYZ) XYZ {
	v := s.toRGB.times(c)
	for i := range v {
		v[i] = min(max(v[i], 0), 1)
	}
	return s.toXYZ.times(v)
}

// TestGamutMapping: Display P3's corners into sRGB, by the algorithm of CSS
// Color 4. The figures are those that color.js, written by two of its
// editors, expects (test/gamut.js, "P3 primaries to sRGB, CSS algorithm"),
// with its tolerance.
func TestGamutMapping(t *testing.T) {
	s := srgb{toXYZ: display([2]float64{0.64, 0.33}, [2]float64{0.30, 0.60}, [2]float64{0.15, 0.06})}
	s.toRGB = s.toXYZ.inverse()
	p3 := display([2]float64{0.68, 0.32}, [2]float64{0.265, 0.69}, [2]float64{0.15, 0.06})
	worst := 0.0
	for _, c := range []struct{ p3, want XYZ }{
		{XYZ{1, 0, 0}, XYZ{1, 0.04457, 0.045932}},
		{XYZ{0, 1, 0}, XYZ{0, 0.98576, 0.15974}},
		{XYZ{0, 0, 1}, XYZ{0, 0, 1}},
		{XYZ{1, 1, 0}, XYZ{0.99623, 0.99901, 0}},
		{XYZ{0, 1, 1}, XYZ{0, 0.99645, 0.98471}},
		{XYZ{1, 0, 1}, XYZ{1, 0.16736, 0.98264}},
		{XYZ{1, 1, 1}, XYZ{1, 1, 1}},
		{XYZ{2, 0, 1}, XYZ{1, 1, 1}},
		{XYZ{0, 0, 0}, XYZ{0, 0, 0}},
		{XYZ{-1, 0, 0}, XYZ{0, 0, 0}},
	} {
		in := c.p3
		for i, v := range in {
			in[i] = math.Copysign(linear(math.Abs(v)), v)
		}
		got := s.toRGB.times(Map(p3.times(in), s))
		for i, v := range got {
			v = colorful.LinearRgb(v, 0, 0).R
			worst = max(worst, math.Abs(v-c.want[i]))
			if math.Abs(v-c.want[i]) > 0.001 {
				t.Errorf("P3 %v: component %d is %.5f, want %.5f", c.p3, i, v, c.want[i])
			}
		}
	}
	t.Logf("largest difference from color.js %.5f", worst)
}

func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// lamps of the kinds there are; white, amber and their luminances made up
// within what is sold.
func lamps(t testing.TB) map[string]*Lamp {
	n := Nominal()
	white := Emitter{FromxyY(0.372, 0.371, 1.1), 1}
	cold := Emitter{FromxyY(0.313, 0.329, 0.8), 1}
	amber := Emitter{Gaussian(592, 16).XYZ(), 1}
	amber.XYZ = amber.XYZ.scale(0.3 / amber.XYZ[1])
	out := map[string]*Lamp{}
	for name, es := range map[string][]Emitter{
		"RGB": n[:], "RGBW": {n[0], n[1], n[2], white}, "RGBW cold": {n[0], n[1], n[2], cold},
		"RGBA": {n[0], n[1], n[2], amber}, "RGBAW": {n[0], n[1], n[2], white, amber},
		"measured": {{FromxyY(0.690, 0.309, 30), 12}, {FromxyY(0.170, 0.700, 60), 11}, {FromxyY(0.135, 0.075, 14), 12}},
	} {
		l, err := NewLamp(es)
		if err != nil {
			t.Fatal(name, err)
		}
		out[name] = l
	}
	return out
}

// TestChromaticityAskedFor: within the gamut every lamp gives it to 0.002,
// by the exact way and by that of the frames, and never more than full.
func TestChromaticityAskedFor(t *testing.T) {
	for name, l := range lamps(t) {
		worst, saved := 0.0, 0.0
		rapid.Check(t, func(t *rapid.T) {
			var a [MaxEmitters]float64
			for i := range l.n {
				a[i] = rapid.Float64Range(0, 1).Draw(t, "a")
			}
			want := l.XYZ(a)
			if want[1] < 0.01 {
				return
			}
			wx, wy := want.Chromaticity()
			got := l.Amounts(want)
			nominal := l.basis.inverse().times(want)
			fast := l.Split(float32(nominal[0]), float32(nominal[1]), float32(nominal[2]))
			var wide [MaxEmitters]float64
			cost, was := 0.0, 0.0
			for i, v := range fast {
				wide[i] = float64(v)
				if v < 0 || v > 1 || got[i] < 0 || got[i] > 1 {
					t.Fatalf("amounts %v %v", got, fast)
				}
				if i < l.n {
					cost += got[i] * l.cost[i]
					was += a[i] * l.cost[i]
				}
			}
			for _, c := range []XYZ{l.XYZ(got), l.XYZ(wide)} {
				x, y := c.Chromaticity()
				worst = max(worst, math.Abs(x-wx), math.Abs(y-wy))
				if math.Abs(x-wx) > 0.002 || math.Abs(y-wy) > 0.002 {
					t.Fatalf("%s: asked for %.4f, %.4f; got %.4f, %.4f from %v, want e.g. %v", name, wx, wy, x, y, got, a)
				}
			}
			saved = max(saved, 1-cost/was)
		})
		t.Logf("%s: largest error of x or y %.1e; saves up to %.0f %%", name, worst, 100*saved)
	}
}

// TestRGBWhite: the nominal lamp is itself, and white light comes from the
// white emitter.
func TestRGBWhite(t *testing.T) {
	ls := lamps(t)
	if got := ls["RGB"].Split(0.2, 0.5, 0.9); math.Abs(float64(got[0])-0.2) > 1e-6 || math.Abs(float64(got[1])-0.5) > 1e-6 || math.Abs(float64(got[2])-0.9) > 1e-6 {
		t.Errorf("nominal: %v", got)
	}
	l := ls["RGBW"]
	white := l.basis.inverse().times(FromxyY(0.372, 0.371, 0.3))
	a := l.Split(float32(white[0]), float32(white[1]), float32(white[2]))
	if a[0] > 1e-4 || a[1] > 1e-4 || a[2] > 1e-4 || a[3] < 0.2 {
		t.Errorf("the white emitter's own colour comes from %v", a)
	}
}

// TestOutOfGamut: what a lamp cannot show keeps hue and lightness as Map
// keeps them; the frames' table is near it.
func TestOutOfGamut(t *testing.T) {
	l := lamps(t)["measured"]
	worst := 0.0
	for g := 0.0; g <= 1; g += 0.01 {
		c := l.basis.times(XYZ{0, g, 1}).scale(0.4)
		nominal := l.basis.inverse().times(c)
		want := l.Amounts(c)
		got := l.Split(float32(nominal[0]), float32(nominal[1]), float32(nominal[2]))
		var wide [MaxEmitters]float64
		for i := range got {
			wide[i] = float64(got[i])
		}
		worst = max(worst, l.XYZ(wide).OkLab().Distance(l.XYZ(want).OkLab()))
	}
	t.Logf("the table is at most ΔE OK %.4f from Map", worst)
	if worst > just {
		t.Errorf("the table is ΔE OK %.4f from Map: to be seen", worst)
	}
}

func TestBadLamps(t *testing.T) {
	n := Nominal()
	for name, es := range map[string][]Emitter{
		"two": n[:2], "line": {n[0], n[0], n[0]}, "dark": {n[0], n[1], {}}, "six": append(append([]Emitter{}, n[:]...), n[:]...),
	} {
		if _, err := NewLamp(es); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// TestMesopic: at the ends of the range the mesopic luminance is that of the
// cones or the rods alone; between it rises with the share of blue. The
// published table of CIE 191 for a source with S/P 1 has Lmes = Lp.
func TestMesopic(t *testing.T) {
	if l, m := Mesopic(10, 25); m != 1 || l != 10 {
		t.Errorf("by day: %v, m %v", l, m)
	}
	if l, m := Mesopic(0.001, 0.003); m != 0 || math.Abs(l-0.003) > 1e-12 {
		t.Errorf("by night: %v, m %v", l, m)
	}
	for _, p := range []float64{0.01, 0.03, 0.1, 0.3, 1, 3} {
		if l, m := Mesopic(p, p); math.Abs(l-p) > 1e-9 || math.Abs(m-(0.767+0.3334*math.Log10(p))) > 1e-9 {
			t.Errorf("S/P 1 at %v: %v, m %v", p, l, m)
		}
		blue, _ := Mesopic(p, 2.5*p)
		red, _ := Mesopic(p, 0.3*p)
		if !(blue > p && red < p) {
			t.Errorf("at %v: blue %v, red %v", p, blue, red)
		}
	}
	// The S/P ratio of a spectrum of equal energy is about 2.3, of a 472 nm band many times that of a 620 nm one.
	blue, red := Gaussian(472, 30), Gaussian(620, 30)
	sp := func(s Spectrum) float64 { return s.Scotopic() / s.XYZ()[1] }
	t.Logf("S/P at 472 nm %.1f, at 620 nm %.3f", sp(blue), sp(red))
	if sp(blue) < 10 || sp(red) > 0.1 {
		t.Error("the rods see the wrong end")
	}
}

// TestNominalPrimaries: dominant wavelengths within the datasheet's range for
// this kind of LED, found where the line from equal-energy white meets the locus.
func TestNominalPrimaries(t *testing.T) {
	for i, r := range [][2]float64{{620, 630}, {515, 530}, {465, 475}} {
		x, y := Nominal()[i].XYZ.Chromaticity()
		at, best := 0.0, 10.0
		for nm := 440.0; nm < 660; nm += 0.5 {
			lx, ly := Observer(nm).Chromaticity()
			d := math.Abs(math.Remainder(math.Atan2(ly-1.0/3, lx-1.0/3)-math.Atan2(y-1.0/3, x-1.0/3), 2*math.Pi))
			if d < best {
				best, at = d, nm
			}
		}
		t.Logf("emitter %d: x %.3f y %.3f, dominant wavelength %.1f nm", i, x, y, at)
		if at < r[0]-1 || at > r[1]+1 {
			t.Errorf("emitter %d has a dominant wavelength of %.1f nm, the datasheet %v", i, at, r)
		}
	}
}

func BenchmarkSplit(b *testing.B) {
	for name, l := range lamps(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				l.Split(0.1, float32(i&255)/255, 0.8)
			}
		})
	}
}
