package signal

// axisBins is how many bins an axis of affect is cut into for Agreement:
// as many as the usual seven-point scale has answers.
const axisBins = 7

// Agreement is van der Eijk's measure of agreement in an ordered rating
// scale, for the weights that answered each category: 1 when all gave the
// same answer, 0 when the answers are spread evenly, −1 when they stand half
// and half at the two ends. No answer at all, or one category only, is 1.
// At most 16 categories; weights must not be negative.
//
// Source: C. van der Eijk, "Measuring agreement in ordered rating scales",
// Quality & Quantity 35 (2001) 325–341. The weights are peeled into layers of
// equal height, each a pattern of empty and filled categories, and the
// agreements of the patterns are averaged by the weight of the layers.
func Agreement(weights []float64) float64 {
	var rest [16]float64
	k := copy(rest[:], weights)
	total := 0.0
	for _, w := range rest[:k] {
		total += w
	}
	if !(total > 0) || k < 2 {
		return 1
	}
	sum := 0.0
	for {
		low, filled := 0.0, 0
		for _, w := range rest[:k] {
			if w > 0 {
				filled++
				if low == 0 || w < low {
					low = w
				}
			}
		}
		if filled == 0 {
			return sum
		}
		sum += float64(float64(low*float64(filled)) / total * patternAgreement(rest[:k], filled))
		for i := range rest[:k] {
			if rest[i] > 0 {
				rest[i] -= low // exactly 0 for the lowest
			}
		}
	}
}

// patternAgreement is A of a pattern in which the categories above 0 count
// as filled, by triples: 110 and 011 speak for one peak, 101 for two.
func patternAgreement(w []float64, filled int) float64 {
	k := len(w)
	one, two := 0, 0
	for i := 0; i < k; i++ {
		for j := i + 1; j < k; j++ {
			for l := j + 1; l < k; l++ {
				a, b, c := w[i] > 0, w[j] > 0, w[l] > 0
				switch {
				case a && b && !c, !a && b && c:
					one++
				case a && !b && c:
					two++
				}
			}
		}
	}
	unimodality := 1.0
	if one+two > 0 && k > 2 {
		unimodality = float64((k-2)*one-(k-1)*two) / float64((k-2)*(one+two))
	}
	return unimodality * (1 - float64(filled-1)/float64(k-1))
}
