package colour

import (
	"math"
	"testing"

	"noctiluca/assets/observer"
)

// daylight is D65 at 5 nm, 380 to 780 nm (CIE 15 and ISO 11664-2, table of
// relative spectral power).
var daylight = []float64{
	49.9755, 52.3118, 54.6482, 68.7015, 82.7549, 87.1204, 91.4860, 92.4589, 93.4318, 90.0570, 86.6823, 95.7736, 104.865, 110.936, 117.008, 117.410,
	117.812, 116.336, 114.861, 115.392, 115.923, 112.367, 108.811, 109.082, 109.354, 108.578, 107.802, 106.296, 104.790, 106.239, 107.689, 106.047,
	104.405, 104.225, 104.046, 102.023, 100.000, 98.1671, 96.3342, 96.0611, 95.7880, 92.2368, 88.6856, 89.3459, 90.0062, 89.8026, 89.5991, 88.6489,
	87.6987, 85.4936, 83.2886, 83.4939, 83.6992, 81.8630, 80.0268, 80.1207, 80.2146, 81.2462, 82.2778, 80.2810, 78.2842, 74.0027, 69.7213, 70.6652,
	71.6091, 72.9790, 74.3490, 67.9765, 61.6040, 65.7448, 69.8856, 72.4863, 75.0870, 69.3398, 63.5927, 55.0054, 46.4182, 56.6118, 66.8054, 65.0941,
	63.3828,
}

// d65 is straight between the rows, as the standard says.
func d65(nm float64) float64 {
	x := (nm - 380) / 5
	i := min(int(x), len(daylight)-2)
	f := x - float64(i)
	return daylight[i]*(1-f) + daylight[i+1]*f
}

// illuminantA by its formula, CIE 15, equation 3.1.
func illuminantA(nm float64) float64 {
	const c2, t = 1.435e7, 2848.0
	return 100 * math.Pow(560/nm, 5) * (math.Exp(c2/(t*560)) - 1) / (math.Exp(c2/(t*nm)) - 1)
}

func equalEnergy(float64) float64 { return 1 }

// under sums a source under a table's column.
func under(source func(float64) float64, t observer.Table, c int) float64 {
	sum := 0.0
	for nm := 380.0; nm <= 780; nm++ {
		sum += source(nm) * t.At(nm, c)
	}
	return sum
}

// TestIlluminants: what the tables say of the standard illuminants is what the
// standards and the literature print of them, each to the digits that are
// printed.
func TestIlluminants(t *testing.T) {
	xyz := observer.CIE1931()
	for _, c := range []struct {
		name   string
		source func(float64) float64
		x, y   float64 // CIE 15, table T.3
		sp     float64 // S/P: CIE 191, table 2, gives 1.41 for A and 2.47 for D65
		mel    float64 // melanopic DER: CIE S 026, table 3, and its toolbox: A 0.496, D65 1, E 0.906
	}{
		{"A", illuminantA, 0.44758, 0.40745, 1.41, 0.496},
		{"D65", d65, 0.31272, 0.32903, 2.47, 1},
		{"E", equalEnergy, 1.0 / 3, 1.0 / 3, 0, 0.906},
	} {
		v := [3]float64{under(c.source, xyz, 0), under(c.source, xyz, 1), under(c.source, xyz, 2)}
		x, y := v[0]/(v[0]+v[1]+v[2]), v[1]/(v[0]+v[1]+v[2])
		sp := under(c.source, observer.Scotopic(), 0) * MaxScotopic / MaxPhotopic / v[1]
		efficacy := under(c.source, observer.Melanopic(), 0) / MaxPhotopic / v[1]
		hazard := under(c.source, observer.BlueHazard(), 0) / MaxPhotopic / v[1]
		t.Logf("%s: x %.5f y %.5f, S/P %.3f, melanopic %.4f mW/lm, DER %.4f, blue-light hazard %.4f mW/lm", c.name, x, y, sp, 1000*efficacy, efficacy/Daylight, 1000*hazard)
		// Tables from 380 nm miss the end of z̄: up to 0.0001.
		if math.Abs(x-c.x) > 0.0001 || math.Abs(y-c.y) > 0.0001 {
			t.Errorf("%s is at %.5f, %.5f, CIE 15: %.5f, %.5f", c.name, x, y, c.x, c.y)
		}
		if c.sp > 0 && math.Abs(sp-c.sp) > 0.01 {
			t.Errorf("%s: S/P %.4f, CIE 191: %v", c.name, sp, c.sp)
		}
		if math.Abs(efficacy/Daylight-c.mel) > 0.0005 {
			t.Errorf("%s: melanopic DER %.4f, CIE S 026: %v", c.name, efficacy/Daylight, c.mel)
		}
		if c.name == "D65" && math.Abs(1000*efficacy-1.3262) > 0.0001 {
			t.Errorf("D65: %.5f mW/lm, CIE S 026: 1.3262", 1000*efficacy)
		}
	}
	// Km: a watt at 555 nm is 683 lm; K′m: one at 507 nm is 1700 scotopic lm.
	if v := MaxPhotopic * xyz.At(555, 1); v != 683 {
		t.Errorf("683 lm/W at 555 nm: %v", v)
	}
	if v := MaxScotopic * observer.Scotopic().At(507, 0); math.Abs(v-1700) > 1.7 {
		t.Errorf("1700 lm/W at 507 nm: %v", v)
	}
}

// TestNominalEyes: what the nominal LED's emitters do to clocks and retinas is
// what the standards' functions say at their dominant wavelengths, where the
// bands are narrow beside how fast those change: blue, B 0.684 and s_mel 0.801
// at 466 nm over V 0.0775. Green and red lie on steep flanks: there the band's
// short side weighs more than its middle: B falls tenfold in 50 nm, which alone
// makes exp(k²σ²/2) = 1.25 of a band of 34 nm, and faster under 500 nm.
func TestNominalEyes(t *testing.T) {
	v := func(nm float64) float64 { return observer.CIE1931().At(nm, 1) * MaxPhotopic }
	for i, want := range []struct{ hazard, melanopic, factor float64 }{
		{0.001 / v(630), 0.000418 / v(630) / Daylight, 2},
		{0.0378 / v(521), 0.682 / v(521) / Daylight, 1.5},
		{0.684 / v(466), 0.801 / v(466) / Daylight, 1.1},
	} {
		b := Bands()[i]
		t.Logf("%s: melanopic DER %.5f (at its peak %.5f), blue-light hazard %.3g W/lm (%.3g)", []string{"red", "green", "blue"}[i], b.Melanopic(), want.melanopic, b.BlueHazard(), want.hazard)
		for _, r := range []float64{b.Melanopic() / want.melanopic, b.BlueHazard() / want.hazard} {
			if r > want.factor || r < 1/want.factor {
				t.Errorf("emitter %d: %.3f times what it is at its peak", i, r)
			}
		}
	}
}
