package observer

import (
	"math"
	"testing"
)

// TestChecksums: the sums of the columns are those that CIE 15:2004 prints
// under its table T.4, which is this one: any digit mistyped shows.
func TestChecksums(t *testing.T) {
	table := CIE1931()
	for c, want := range []float64{21.371524, 21.371327, 21.371540} {
		sum := 0.0
		for _, row := range table.Values {
			sum += row[c]
		}
		if math.Abs(sum-want) > 1e-9 {
			t.Errorf("column %d sums to %.6f, not %.6f", c, sum, want)
		}
	}
	for name, table := range map[string]Table{"CIE 1931": CIE1931(), "V′": Scotopic(), "s_mel": Melanopic(), "B": BlueHazard()} {
		if len(table.Values) != 81 || table.First != 380 || table.Step != 5 {
			t.Errorf("%s: %d rows from %v by %v", name, len(table.Values), table.First, table.Step)
		}
	}
}

// TestLuminousIntegral: the sum of V(λ) at 1 nm is 106.857, and light of equal
// energy is white at x = y = 1/3. The table ends where V is under 4e-5, which
// leaves out 0.0006 of the sum, and z̄, which at 380 nm is still 0.006, loses
// 0.04 of it: a third of a thousandth in y.
func TestLuminousIntegral(t *testing.T) {
	table := CIE1931()
	var sum [3]float64
	for nm := 380.0; nm <= 780; nm++ {
		for c := range sum {
			sum[c] += table.At(nm, c)
		}
	}
	if math.Abs(sum[1]-106.857) > 0.001 {
		t.Errorf("ΣV = %.4f, standard 106.857", sum[1])
	}
	all := sum[0] + sum[1] + sum[2]
	if x, y := sum[0]/all, sum[1]/all; math.Abs(x-1.0/3) > 1e-4 || math.Abs(y-1.0/3) > 1e-4 {
		t.Errorf("equal energy is at %.5f, %.5f", x, y)
	}
}

// TestBetweenRows: at wavelengths between the rows the curve through them
// gives the standard's own values at 1 nm (CVRL, ciexyz31_1.csv; CIE data set
// 10.25039/CIE.DS.xvudnb9b), of which none is in our table. The standard's were
// made by another rule, over more rows: z̄, which is 1.78 at its peak, comes
// out up to 0.0015 apart on its way down, x̄ and ȳ 0.0003.
func TestBetweenRows(t *testing.T) {
	table := CIE1931()
	worst := 0.0
	for nm, want := range map[float64][3]float64{
		381: {0.00150205, 0.0000428264, 0.007083216}, 396: {0.008751373, 0.0002469067, 0.04143771},
		403: {0.01878122, 0.000517876, 0.08915364}, 447: {0.3442624, 0.03288368, 1.7816998},
		458: {0.3032904, 0.05498056, 1.7059369}, 463: {0.2689178, 0.06804208, 1.5960223},
		472: {0.1733273, 0.09904584, 1.1878243}, 473: {0.1626881, 0.1033674, 1.1387611},
		488: {0.04115088, 0.1912735, 0.5203376}, 492: {0.0241444, 0.2267345, 0.4161836},
		498: {0.00796724, 0.2950505, 0.3013375}, 503: {0.00242488, 0.3716986, 0.2347718},
		504: {0.002236293, 0.3892875, 0.2234533}, 508: {0.00517484, 0.4633944, 0.1792254},
		522: {0.08046224, 0.7454636, 0.06867816}, 527: {0.1311145, 0.8224962, 0.05074664},
		546: {0.3740839, 0.9840924, 0.01230723}, 557: {0.5446916, 0.9993046, 0.0048998},
		562: {0.6279758, 0.9897426, 0.0033706}, 588: {1.0090892, 0.781192, 0.001205},
		598: {1.0628068, 0.6566744, 0.00088688}, 622: {0.814946, 0.3568272, 0.00015564},
		631: {0.6215149, 0.2547632, 0.00004416}, 663: {0.13749, 0.05067376, 0},
		716: {0.003833913, 0.001384496, 0}, 718: {0.003334342, 0.001204092, 0},
		733: {0.001158471, 0.0004183452, 0}, 752: {0.0002888871, 0.0001043224, 0},
		768: {0.00009539445, 0.00003444868, 0}, 779: {0.00004448567, 0.00001606459, 0},
	} {
		for c := range want {
			got := table.At(nm, c)
			worst = max(worst, math.Abs(got-want[c]))
			if math.Abs(got-want[c]) > []float64{0.0003, 0.0003, 0.0015}[c] {
				t.Errorf("%v nm, column %d: %.6f, standard %.6f", nm, c, got, want[c])
			}
		}
	}
	t.Logf("largest difference %.6f", worst)
}

// TestScotopic: greatest at 507 nm, and K′m/Km ties it to V at 555.016 nm.
func TestScotopic(t *testing.T) {
	v := Scotopic()
	if got := v.At(555.016, 0); math.Abs(got-683.0/1700) > 0.0005 {
		t.Errorf("V′(555.016) = %v, by the definition of the candela 683/1700 = 0.4018", got)
	}
	if at := greatest(v); math.Abs(at-507) > 1 {
		t.Errorf("greatest at %v nm, not 507", at)
	}
	// CIE 1951's own rows at even wavelengths, none of them ours.
	for nm, want := range map[float64]float64{384: 0.000972, 398: 0.00698, 412: 0.0439, 424: 0.1334, 432: 0.2243, 448: 0.431, 462: 0.588, 478: 0.769, 488: 0.884, 502: 0.99, 518: 0.953, 532: 0.781, 548: 0.514, 562: 0.3018, 584: 0.0956, 612: 0.01369, 638: 0.001757, 662: 0.0002689, 698: 0.00002038} {
		if got := v.At(nm, 0); math.Abs(got-want) > 0.0006 || math.Abs(got/want-1) > 0.01 {
			t.Errorf("V′(%v) = %.6f, CIE 1951 %v", nm, got, want)
		}
	}
	if v.At(379, 0) != 0 || v.At(781, 0) != 0 || CIE1931().At(780, 0) == 0 {
		t.Error("wrong at the ends")
	}
}

// TestMelanopicAndHazard: where they are greatest, and rows that are not in
// the tables.
func TestMelanopicAndHazard(t *testing.T) {
	m := Melanopic()
	if at := greatest(m); at != 490 || m.At(490, 0) != 1 {
		t.Errorf("s_mel is greatest at %v nm, %v", at, m.At(at, 0))
	}
	for nm, want := range map[float64]float64{402: 0.0150397, 418: 0.113256, 433: 0.293034, 452: 0.58424, 466: 0.800683, 473: 0.896242, 487: 0.995887, 503: 0.941778, 523: 0.645724, 538: 0.383136, 558: 0.134748, 583: 0.0210534, 622: 0.000803576} {
		if got := m.At(nm, 0); math.Abs(got-want) > 0.003 {
			t.Errorf("s_mel(%v) = %.5f, CIE S 026 %v", nm, got, want)
		}
	}
	b := BlueHazard()
	for nm, want := range map[float64]float64{435: 1, 437: 1, 440: 1, 466: 0.684, 500: 0.1, 550: 0.01, 523: math.Pow(10, -1.46), 577: math.Pow(10, -2.54), 600: 0.001, 622: 0.001, 700: 0.001, 720: 0} {
		if got := b.At(nm, 0); math.Abs(got-want) > 0.01*want {
			t.Errorf("B(%v) = %.5f, IEC 62471 %.5f", nm, got, want)
		}
	}
	for _, table := range []Table{CIE1931(), Scotopic(), m, b} {
		for nm := 380.0; nm <= 780; nm += 0.25 {
			for c := range table.Values[0] {
				if v := table.At(nm, c); v < 0 || v > 1.8 {
					t.Fatalf("at %v nm: %v", nm, v)
				}
			}
		}
	}
}

func greatest(t Table) float64 {
	best, at := 0.0, 0.0
	for nm := 380.0; nm <= 780; nm++ {
		if x := t.At(nm, 0); x > best {
			best, at = x, nm
		}
	}
	return at
}
