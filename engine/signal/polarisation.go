package signal

import "noctiluca/shaders/kage/block/scalar"

// MostSensitive is the largest α for which Esteban and Ray's measure agrees
// with their axioms of what polarisation is: the more of it, the more a camp's
// size counts against mere distance.
const MostSensitive = 1.6

// EstebanRay is the polarisation of weights that stand at evenly spaced places
// of a line of length 1: Σ Σ π_i^(1+α) π_j |y_i − y_j| with π the parts of the
// whole. It is 0 where all stand at one place, and most where half stands at
// each end: 0.25 for α = 1, 0.16494 for α = 1.6. Weights must not be negative;
// of none, or a single place, it is 0. α is held to 0…MostSensitive; at 0 it is
// the Gini coefficient's sum of differences.
//
// Source: J.-M. Esteban, D. Ray, "On the measurement of polarization",
// Econometrica 62 (1994) 819–851.
func EstebanRay(weights []float64, alpha float64) float64 {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	if !(total > 0) || len(weights) < 2 {
		return 0
	}
	alpha = min(max(alpha, 0), MostSensitive)
	sum := 0.0
	for i, w := range weights {
		if w == 0 {
			continue
		}
		// How a camp feels itself one, times how far all others are.
		camp := float64(w/total) * float64(scalar.Pow(float32(w/total), float32(alpha)))
		far := 0.0
		for j, v := range weights {
			d := i - j
			if d < 0 {
				d = -d
			}
			far += float64(v * float64(d))
		}
		sum += float64(camp * far)
	}
	return sum / float64(total*float64(len(weights)-1))
}

// twoPoles is EstebanRay of two even camps at the ends, for MostSensitive:
// 2 × (1/2)^(2+α).
const twoPoles = 0.164938488846612

// polarisation is Esteban and Ray's, of which two even camps at the ends have
// 1, and one person 0.
func (a *axis) polarisation() float64 {
	return float64(EstebanRay(a.bins[:], MostSensitive) / twoPoles * group(a.weight, a.square))
}
