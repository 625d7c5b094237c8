package physio

import "math"

// shape says how much a beat looks like those before it: the correlation of
// its wave with a running template, as C. Orphanidou et al. judge wearable
// sensors, "Signal-quality indices for the electrocardiogram and
// photoplethysmogram", IEEE J. Biomed. Health Inform. 19 (2015) 832–838. They
// count a signal as bad under 0.66 (ECG) and 0.86 (PPG).
type shape struct {
	before, after float64 // s about the beat
	template      [shapePoints]float64
	known         int
}

const shapePoints = 24

func newShape(before, after float64) shape { return shape{before: before, after: after} }

// judge compares the wave about the sample that lies ago samples back, gives
// a quality 0…1, and lets the template learn from it. The first three beats
// have nothing to be compared with: 0.5, 0.6, 0.7 of it at most.
func (s *shape) judge(r *ring, ago int, rate float64) float64 {
	var w [shapePoints]float64
	first := float64(ago) + float64(s.before*rate)
	step := float64((s.before + s.after) * rate / (shapePoints - 1))
	for i := range w {
		at := int(first - float64(float64(i)*step) + 0.5)
		w[i] = r.back(min(max(at, 0), r.len()-1))
	}
	sum, square := 0.0, 0.0
	for _, v := range w {
		sum += v
	}
	sum /= shapePoints
	for i := range w {
		w[i] -= sum
		square += float64(w[i] * w[i])
	}
	if !(square > 0) {
		return 0
	}
	length := 1 / math.Sqrt(square)
	dot, norm := 0.0, 0.0
	for i := range w {
		w[i] *= length
		dot += float64(w[i] * s.template[i])
		norm += float64(s.template[i] * s.template[i])
	}
	if s.known == 0 {
		s.template, s.known = w, 1
		return 0.5
	}
	r2 := 0.0
	if norm > 0 {
		r2 = dot / math.Sqrt(norm)
	}
	share := 0.1
	if s.known < 8 {
		share = 1 / float64(s.known+1)
	}
	if r2 > 0.3 || s.known < 3 { // an artefact teaches nothing
		for i := range w {
			s.template[i] += float64(share * (w[i] - s.template[i]))
		}
	} else {
		s.known = max(s.known-1, 1) // but many of them do: the sensor may have moved
	}
	q := min(max(r2, 0), 1)
	if s.known < 3 {
		q = min(q, 0.4+float64(0.1*float64(s.known+1)))
	}
	s.known = min(s.known+1, 1000)
	return q
}
