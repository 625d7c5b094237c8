package physio

import (
	"math"
	"testing"
)

// The authors' ground truth: freq 120, mincutoff 1, beta 0.1, dcutoff 1.
func TestOneEuroAgainstGroundTruth(t *testing.T) {
	at, noisy, want := column(t, "oneeuro/groundTruth.csv", 0), column(t, "oneeuro/groundTruth.csv", 2), column(t, "oneeuro/groundTruth.csv", 3)
	if len(at) != 1200 || len(noisy) != 1200 || len(want) != 1200 {
		t.Fatalf("the ground truth has %d, %d and %d rows, want 1200", len(at), len(noisy), len(want))
	}
	f := OneEuro{MinCutoff: 1, Beta: 0.1, DCutoff: 1}
	worst := 0.0
	for i, x := range noisy {
		dt := 1.0 / 120
		if i > 0 {
			dt = at[i] - at[i-1]
		}
		worst = max(worst, math.Abs(f.Add(x, dt)-want[i]))
	}
	t.Logf("the largest difference is %.2g", worst)
	if worst > 1e-4 {
		t.Errorf("the largest difference is %v, want 1e-4 at most", worst)
	}
}
