// Package colour goes from the spectrum of an organism to the amounts of a
// lamp's own emitters: CIE XYZ 1931, OkLab, gamut mapping, the eye at night.
//
// It makes no frame and knows no pixel: what it computes it computes once, in
// float64, and package light applies it. The one idea it owns: a colour is
// XYZ until it meets the emitters that must make it.
//
// Results are the same to the bit on every machine. Every function may be
// called from any goroutine.
package colour

import "noctiluca/assets/observer"

// XYZ is a colour of the CIE 1931 2° observer. Y is luminance, in any unit.
type XYZ [3]float64

// Chromaticity gives x and y; 0, 0 for black.
func (c XYZ) Chromaticity() (x, y float64) {
	s := c[0] + c[1] + c[2]
	if s == 0 {
		return 0, 0
	}
	return c[0] / s, c[1] / s
}

// FromxyY is the colour of a chromaticity and luminance.
func FromxyY(x, y, luminance float64) XYZ {
	if y == 0 {
		return XYZ{}
	}
	k := luminance / y
	return XYZ{float64(x * k), luminance, float64((1 - x - y) * k)}
}

// scale multiplies all three.
func (c XYZ) scale(k float64) XYZ {
	return XYZ{float64(c[0] * k), float64(c[1] * k), float64(c[2] * k)}
}

// Observer gives x̄, ȳ and z̄ at a wavelength in nanometres, by the standard's
// table. The usual fit (Wyman, Sloan and Shirley, JCGT 2(2), 2013) is 0.014
// off in y at 520 nm, just where green LEDs are.
func Observer(nm float64) XYZ {
	t := observer.CIE1931()
	return XYZ{t.At(nm, 0), t.At(nm, 1), t.At(nm, 2)}
}

// lobe is a Gaussian with a width of its own on either side.
func lobe(nm, mean, below, above float64) float64 {
	w := above
	if nm < mean {
		w = below
	}
	t := (nm - mean) / w
	return exp(float64(-0.5 * float64(t*t)))
}

// Band is one band of an emission: a Gaussian with a width for each side.
type Band struct {
	Peak   float64 // nm
	Below  float64 // half-width at half maximum on the short side, nm
	Above  float64 // the same on the long side
	Weight float64 // height of the peak, relative to the other bands
}

// Spectrum is an emission: the sum of its bands, in power per nanometre.
type Spectrum []Band

// Gaussian is a spectrum of one band, of a full width at half maximum in nm.
func Gaussian(peak, width float64) Spectrum {
	return Spectrum{{Peak: peak, Below: width / 2, Above: width / 2, Weight: 1}}
}

// halfWidth is σ of a Gaussian whose half-width at half maximum is 1: 1/√(2 ln 2).
const halfWidth = 0.84932180028801904272

// At is the power at a wavelength in nanometres.
func (s Spectrum) At(nm float64) float64 {
	sum := 0.0
	for _, b := range s {
		sum += float64(b.Weight * lobe(nm, b.Peak, float64(b.Below*halfWidth), float64(b.Above*halfWidth)))
	}
	return sum
}

// The range that is summed over, in nanometres; light beyond is not seen.
const shortest, longest = 380, 780

// XYZ is the colour of the spectrum, by steps of 1 nm, scaled so that a
// spectrum of power 1 at 555 nm alone has a luminance of about 1.
func (s Spectrum) XYZ() XYZ {
	var sum XYZ
	for nm := shortest; nm <= longest; nm++ {
		p, o := s.At(float64(nm)), Observer(float64(nm))
		for i := range sum {
			sum[i] += float64(p * o[i])
		}
	}
	return sum
}

// PeakAndWidth measures a spectrum: where it is strongest, and how wide it is
// at half of that, in nanometres, to 0.1 nm.
func (s Spectrum) PeakAndWidth() (peak, width float64) {
	most := 0.0
	for i := shortest * 10; i <= longest*10; i++ {
		if p := s.At(float64(i) / 10); p > most {
			most, peak = p, float64(i)/10
		}
	}
	lo, hi := 0.0, 0.0
	for i := shortest * 10; i <= longest*10; i++ {
		if nm := float64(i) / 10; s.At(nm) >= most/2 {
			if lo == 0 {
				lo = nm
			}
			hi = nm
		}
	}
	return peak, hi - lo
}
