package fieldtest

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// someone is a cell with one person in it, at the origin.
func someone(arousal, presence float32) CanopyUniforms {
	u := CanopyUniforms{Time: 40, CellCount: 1, Swell: 0.1, Glint: 0.3, Fireflies: 0.5}
	u.CellPlace[0] = [4]float32{0, 0, 0, 3}
	u.CellAffect[0] = [4]float32{0.2, arousal, 1, presence}
	u.CellPulse[0] = [4]float32{0.15, 0.5, 0.4, 0}
	u.Whole[0] = u.CellAffect[0]
	u.Wake = 0.7*presence + 0.3*max(arousal, 0)
	return u
}

// mean is the mean light of a canopy of 8,000 places around the origin.
func mean(u *CanopyUniforms) float64 {
	sum := 0.0
	for i := range 20 {
		for j := range 20 {
			for k := range 20 {
				px := CanopyPoint{Along: 0.8, Random: float32((i*7+j*13+k*29)%100) / 100}
				r, g, b, _ := ForestCanopy(u, float32(i)-9.7, 0.4*float32(j), float32(k)-9.7, px)
				sum += float64(r + g + b)
			}
		}
	}
	return sum / 3 / 8000
}

func TestCanopyAnswersPeople(t *testing.T) {
	nobody, calm, aroused := someone(0, 0), someone(-0.5, 1), someone(0.8, 1)
	n, c, a := mean(&nobody), mean(&calm), mean(&aroused)
	t.Logf("mean light: nobody %.4f, calm %.4f, aroused %.4f", n, c, a)
	if !(n > 0.0005 && n < 0.01) {
		t.Errorf("with nobody there the mean light is %.4f: expected a sleep of 0.0005 to 0.01", n)
	}
	if !(c > 2*n && a > 1.3*c) {
		t.Errorf("mean light: nobody %.4f, calm %.4f, aroused %.4f: each should be well above the one before", n, c, a)
	}
	if a > 0.15 {
		t.Errorf("mean light with one person aroused is %.3f: the dark is gone", a)
	}
}

// A split crowd tears the veil: over a whole swell it gives less light than
// the same crowd undivided, for the gap between the two camps is dark.
func TestSplitCrowdTearsTheVeil(t *testing.T) {
	undivided, divided := 0.0, 0.0
	for i := range 10 {
		u := someone(0.3, 1)
		u.Swell = float32(i) / 10
		undivided += mean(&u) / 10
		u.Whole[1] = [4]float32{0, 1, 6, 0}
		divided += mean(&u) / 10
	}
	if divided > 0.9*undivided {
		t.Errorf("mean light of a divided crowd is %.4f, of an undivided one %.4f: the gap should take a tenth at least", divided, undivided)
	}
}

// What comes round must not jump: every phase gives the same light at 0 and
// at 1, and near them.
func TestPhasesHaveNoSeam(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := someone(rapid.Float32Range(-1, 1).Draw(t, "arousal"), 1)
		u.Whole[1][0] = rapid.Float32Range(0, 1).Draw(t, "coherence")
		x, y, z := rapid.Float32Range(-12, 12).Draw(t, "x"), rapid.Float32Range(0, 9).Draw(t, "y"), rapid.Float32Range(-12, 12).Draw(t, "z")
		px := CanopyPoint{Along: 1, Random: rapid.Float32Range(0, 1).Draw(t, "random")}
		phases := []*float32{&u.Swell, &u.Glint, &u.CellPulse[0][0]}
		phase := phases[rapid.IntRange(0, 2).Draw(t, "phase")]
		var light [3][3]float32
		for i, at := range [3]float32{0, 0.99999, 1} {
			*phase = at
			light[i][0], light[i][1], light[i][2], _ = ForestCanopy(&u, x, y, z, px)
		}
		for i := range light {
			for c := range 3 {
				if d := math.Abs(float64(light[i][c] - light[0][c])); d > 2e-3 {
					t.Fatalf("component %d differs by %g from one end of the phase to the other: %v", c, d, light)
				}
			}
		}
	})
}

func TestCanopyStaysInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := someone(rapid.Float32Range(-1, 1).Draw(t, "arousal"), rapid.Float32Range(0, 1).Draw(t, "presence"))
		u.CellCount = rapid.IntRange(0, MaxCells).Draw(t, "cells")
		for i := 1; i < u.CellCount; i++ {
			u.CellPlace[i] = [4]float32{float32(3 * i), 0, float32(-i), 2}
			u.CellAffect[i] = u.CellAffect[0]
		}
		u.Whole[1] = [4]float32{rapid.Float32Range(0, 1).Draw(t, "coherence"), rapid.Float32Range(0, 1).Draw(t, "fragmentation"), 5, 0}
		// From 8 s before the hour, when the next fades in, to its end.
		u.Time = rapid.Float32Range(-8, 3600).Draw(t, "time")
		place := rapid.Float32Range(-500, 500)
		r, g, b, a := ForestCanopy(&u, place.Draw(t, "x"), place.Draw(t, "y"), place.Draw(t, "z"),
			CanopyPoint{Flash: rapid.Float32Range(0, 1).Draw(t, "flash"), Along: rapid.Float32Range(0, 1).Draw(t, "along"), Random: rapid.Float32Range(0, 1).Draw(t, "random")})
		for _, v := range [4]float32{r, g, b, a} {
			if !(v >= 0 && v <= 1) {
				t.Fatalf("light %v %v %v, coverage %v: expected 0…1", r, g, b, a)
			}
		}
	})
}

// Value noise on a hashed lattice: even, and of no direction. The bounds are
// those of 64³ independent uniform values, four standard errors wide.
func TestNoiseIsEven(t *testing.T) {
	const n = 64
	var at [n][n][n]float64
	sum, square := 0.0, 0.0
	for i := range n {
		for j := range n {
			for k := range n {
				v := float64(noise(float32(i-n/2), float32(j-n/2), float32(k-n/2)))
				at[i][j][k] = v
				sum += v
				square += v * v
			}
		}
	}
	const count = n * n * n
	mean := sum / count
	variance := square/count - mean*mean
	if d := math.Abs(mean - 0.5); d > 4*math.Sqrt(1.0/12/count) {
		t.Errorf("mean %.5f: expected 0.5", mean)
	}
	if math.Abs(variance-1.0/12) > 4*math.Sqrt(1.0/180/count) {
		t.Errorf("variance %.5f: expected %.5f", variance, 1.0/12)
	}
	for axis, step := range [][3]int{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 0}, {1, 0, 1}, {0, 1, 1}, {1, 1, 1}} {
		c := 0.0
		for i := range n - 1 {
			for j := range n - 1 {
				for k := range n - 1 {
					c += (at[i][j][k] - mean) * (at[i+step[0]][j+step[1]][k+step[2]] - mean)
				}
			}
		}
		const pairs = (n - 1) * (n - 1) * (n - 1)
		if r := c / pairs / variance; math.Abs(r) > 4/math.Sqrt(pairs) {
			t.Errorf("neighbours along %v (%d) correlate by %.4f: expected 0", step, axis, r)
		}
	}
}
