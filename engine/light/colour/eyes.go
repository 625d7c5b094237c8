package colour

import "noctiluca/assets/observer"

// weighted sums the spectrum under column 0 of a table, by steps of 1 nm.
func (s Spectrum) weighted(t observer.Table) float64 {
	sum := 0.0
	for nm := shortest; nm <= longest; nm++ {
		sum += float64(s.At(float64(nm)) * t.At(float64(nm), 0))
	}
	return sum
}

// Daylight is the melanopic efficacy of luminous radiation of daylight D65,
// W/lm (CIE S 026:2018, K mel,v D65).
const Daylight = 1.3262e-3

// Melanopic is the melanopic daylight efficacy ratio (CIE S 026, melanopic
// DER): how strongly the spectrum moves the body's clock, over what daylight
// of the same luminance does.
func (s Spectrum) Melanopic() float64 {
	return s.weighted(observer.Melanopic()) / float64(MaxPhotopic*s.XYZ()[1]) / Daylight
}

// BlueHazard is the blue-light hazard efficacy of luminous radiation, W/lm
// (CIE S 017, 17-26-061; B of IEC 62471): radiance weighted for its hazard, in
// W/m²/sr, for each cd/m².
func (s Spectrum) BlueHazard() float64 {
	return s.weighted(observer.BlueHazard()) / float64(MaxPhotopic*s.XYZ()[1])
}

// Photons is how many photons a second a lumen of the spectrum is.
func (s Spectrum) Photons() float64 {
	const hc = 6.62607015e-34 * 299792458 // J m, SI
	sum := 0.0
	for nm := shortest; nm <= longest; nm++ {
		sum += float64(s.At(float64(nm))*float64(nm)) * 1e-9 / hc
	}
	return sum / float64(MaxPhotopic*s.XYZ()[1])
}
