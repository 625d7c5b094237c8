package observer

import (
	"math"
	"testing"
)

// TestChecksums: the sums of the columns are those that CIE 15 prints under
// its table at 5 nm, 380 to 780 nm: 21.3714, 21.3711 and 21.3715.
func TestChecksums(t *testing.T) {
	table := CIE1931()
	for c, want := range []float64{21.3714, 21.3711, 21.3715} {
		sum := 0.0
		for _, row := range table.Values {
			sum += row[c]
		}
		if math.Abs(sum-want) > 0.0006 {
			t.Errorf("column %d sums to %.5f, not %v", c, sum, want)
		}
	}
	if len(table.Values) != 81 || table.First != 380 || table.Step != 5 {
		t.Errorf("%d rows from %v by %v", len(table.Values), table.First, table.Step)
	}
}

func TestScotopic(t *testing.T) {
	v := Scotopic()
	if got := v.At(555, 0); math.Abs(got-683.0/1699) > 0.006 {
		t.Errorf("V′(555) = %v, standard 0.402", got)
	}
	best, at := 0.0, 0.0
	for nm := 380.0; nm <= 780; nm++ {
		if x := v.At(nm, 0); x > best {
			best, at = x, nm
		}
	}
	if math.Abs(at-507) > 5 {
		t.Errorf("greatest at %v nm, not 507", at)
	}
	if v.At(379, 0) != 0 || v.At(781, 0) != 0 || CIE1931().At(780, 0) == 0 {
		t.Error("wrong at the ends")
	}
}
