package colour

import "noctiluca/assets/observer"

// Scotopic is how strongly a spectrum moves the rods, on the scale of
// Spectrum.XYZ: with the factor 1700/683 it is a scotopic luminance in the
// unit of its Y.
func (s Spectrum) Scotopic() float64 {
	t := observer.Scotopic()
	sum := 0.0
	for nm := 380; nm <= 780; nm++ {
		sum += float64(s.At(float64(nm)) * t.At(float64(nm), 0))
	}
	return float64(sum * scotopicPeak / photopicPeak)
}

// Maximum luminous efficacies, lm/W (CIE 191, and TN 004), and V′ at 555 nm.
const (
	photopicPeak = 683.0
	scotopicPeak = 1699.0
	rodsAt555    = photopicPeak / scotopicPeak
)

// Mesopic is CIE 191:2010, Recommended System for Mesopic Photometry Based on
// Visual Performance (MES2): from photopic and scotopic luminance, cd/m², the
// mesopic luminance and m, how far cones see it: 0 at and under 0.005 cd/m²,
// 1 from 5 cd/m² up.
func Mesopic(photopic, scotopic float64) (luminance, m float64) {
	if photopic <= 0 && scotopic <= 0 {
		return 0, 0
	}
	m = 0.5
	for range 40 {
		luminance = (float64(m*photopic) + float64(float64((1-m)*scotopic)*rodsAt555)) / (m + float64((1-m)*rodsAt555))
		next := 0.0
		if luminance > 0.005 {
			next = min(max(0.7670+float64(0.3334*log10(luminance)), 0), 1)
		}
		if d := next - m; d < 1e-12 && d > -1e-12 {
			break
		}
		m = next
	}
	return luminance, m
}
