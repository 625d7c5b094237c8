package colour

import "noctiluca/assets/observer"

// Scotopic is how strongly a spectrum moves the rods, on the scale of
// Spectrum.XYZ: a scotopic luminance in the unit of its Y. Over Y it is the S/P
// ratio.
func (s Spectrum) Scotopic() float64 {
	return float64(s.weighted(observer.Scotopic()) * MaxScotopic / MaxPhotopic)
}

// MaxPhotopic and MaxScotopic are the maximum luminous efficacies Km and K′m,
// lm/W (BIPM, Principles governing photometry, 2019). RodsAt555 is V′ at
// 555.016 nm, which ties both together.
const (
	MaxPhotopic = 683.0
	MaxScotopic = 1700.0
	RodsAt555   = MaxPhotopic / MaxScotopic
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
		luminance = (float64(m*photopic) + float64(float64((1-m)*scotopic)*RodsAt555)) / (m + float64((1-m)*RodsAt555))
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
