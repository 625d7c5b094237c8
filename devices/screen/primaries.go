package screen

import "noctiluca/engine/light/colour"

// primaries turns light in the LEDs' own primaries into that of a display
// (IEC 61966-2-1, linear): the window shows the colours that the LEDs show,
// as an eye sees them that takes the LEDs' white for white. A field's red,
// green and blue mean the nominal lamp of engine/light, which every fixture's
// own emitters are driven to match.
type primaries [3][3]float32

// displayOf is the linear sRGB of CIE XYZ (IEC 61966-2-1, D65).
var displayOf = [3][3]float64{
	{3.2406255, -1.5372080, -0.4986286},
	{-0.9689307, 1.8757561, 0.0415175},
	{0.0557101, -0.2040211, 1.0569959},
}

func newPrimaries() (m primaries) {
	lamp := colour.Nominal()
	for i := range m {
		white := 0.0
		var row [3]float64
		for e := range lamp {
			for k := range 3 {
				row[e] += displayOf[i][k] * lamp[e].XYZ[k]
			}
			white += row[e]
		}
		for e := range row {
			m[i][e] = float32(row[e] / white)
		}
	}
	return m
}

// show fills dst with what r, g and b look like. A display cannot show less
// than none of a primary: such colours keep what is left of them.
func (m *primaries) show(dst *[3][]float32, r, g, b []float32) {
	for c := range dst {
		if cap(dst[c]) < len(r) {
			dst[c] = make([]float32, len(r))
		}
		dst[c] = dst[c][:len(r)]
		k := m[c]
		for i := range r {
			dst[c][i] = max(k[0]*r[i]+k[1]*g[i]+k[2]*b[i], 0)
		}
	}
}
