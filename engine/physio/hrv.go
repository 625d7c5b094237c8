package physio

import "math"

// HRV is the variability of the last beat-to-beat intervals, in a ring.
//
// Intervals that a sensor has rounded must not be read for calm or stress:
// steps of 40 ms (an EmotiBit's) alone give an RMSSD of up to about 28 ms.
type HRV struct {
	ring  []float64 // ms
	apart []bool    // the interval does not follow the one before it
	gap   bool
	n     int // intervals so far
	// Running sums over the ring, about shift so that squares stay small; they
	// are taken anew at every turn of the ring, against rounding.
	sum, squares   float64
	steps          float64 // of squared differences
	large, differs int     // differences over 50 ms, differences
}

const hrvShift = 800 // ms

// NewHRV makes one over the last size intervals; 2 at least.
func NewHRV(size int) *HRV {
	size = max(size, 2)
	return &HRV{ring: make([]float64, size), apart: make([]bool, size)}
}

// Add takes the next interval, ms.
func (h *HRV) Add(interval float64) {
	size := len(h.ring)
	at := h.n % size
	if h.n >= size { // the oldest leaves, and its difference to the next
		old := h.ring[at]
		h.count(old, -1)
		if next := (at + 1) % size; !h.apart[next] {
			h.step(h.ring[next]-old, -1)
		}
	}
	if h.n > 0 && !h.gap {
		h.step(interval-h.ring[(at+size-1)%size], 1)
	}
	h.ring[at], h.apart[at], h.gap = interval, h.gap && h.n > 0, false
	h.count(interval, 1)
	h.n++
	if h.n%size == 0 {
		h.sum, h.squares, h.steps, h.large, h.differs = 0, 0, 0, 0, 0
		for i, x := range h.ring {
			h.count(x, 1)
			if i > 0 && !h.apart[i] {
				h.step(x-h.ring[i-1], 1)
			}
		}
	}
}

// Rate is the mean of the rates of the intervals, a minute. It is not 60000 over
// the mean interval, but over their harmonic mean, and so a little more.
func (h *HRV) Rate() float64 {
	n, sum := h.Count(), 0.0
	for _, x := range h.ring[:n] {
		sum += 60000 / x
	}
	return sum / float64(max(n, 1))
}

// Break says that the next interval does not follow the last one: a beat was
// missed or false between them, and their difference is none of the heart's.
func (h *HRV) Break() { h.gap = true }

// Quantum is the step to which all intervals of the ring are rounded, of 40,
// 20, 16, 10, 8, 5, 4 and 2 ms the largest; 1 when there is none.
func (h *HRV) Quantum() float64 {
	n := h.Count()
	if n < 8 {
		return 1
	}
	for _, q := range [...]float64{40, 20, 16, 10, 8, 5, 4, 2} {
		whole := true
		for _, x := range h.ring[:n] {
			if d := x/q - math.Floor(x/q+0.5); math.Abs(d) > 1e-3/q {
				whole = false
				break
			}
		}
		if whole {
			return q
		}
	}
	return 1
}

// Floor is the RMSSD, ms, that the rounding alone may make: √(6 q²/12) for
// beat times whose error is uniform over the quantum q. An RMSSD that is not
// well above it says nothing of the heart.
func (h *HRV) Floor() float64 {
	q := h.Quantum()
	return math.Sqrt(float64(q*q) / 2)
}

func (h *HRV) count(x, sign float64) {
	x -= hrvShift
	h.sum += float64(sign * x)
	h.squares += float64(sign * float64(x*x))
}

func (h *HRV) step(d, sign float64) {
	h.steps += float64(sign * float64(d*d))
	h.differs += int(sign)
	if math.Abs(d) > 50 {
		h.large += int(sign)
	}
}

// Count is how many intervals are in the ring.
func (h *HRV) Count() int { return min(h.n, len(h.ring)) }

// Mean is the mean interval, ms; 0 with none. 60000/Mean is the heart rate,
// which is not the mean of the rates of the beats.
func (h *HRV) Mean() float64 {
	if h.n == 0 {
		return 0
	}
	return hrvShift + h.sum/float64(h.Count())
}

// SDNN is the standard deviation of the intervals, ms, over n − 1.
func (h *HRV) SDNN() float64 {
	n := float64(h.Count())
	if n < 2 {
		return 0
	}
	return math.Sqrt(max(h.squares-float64(h.sum*h.sum)/n, 0) / (n - 1))
}

// RMSSD is the root mean square of successive differences, ms.
func (h *HRV) RMSSD() float64 {
	if h.differs == 0 {
		return 0
	}
	return math.Sqrt(max(h.steps, 0) / float64(h.differs))
}

// NN50 is how many successive differences are larger than 50 ms, and PNN50
// which part of them that is, 0…1.
func (h *HRV) NN50() int { return h.large }

// PNN50 is NN50 over the number of differences, 0…1.
func (h *HRV) PNN50() float64 {
	if h.differs == 0 {
		return 0
	}
	return float64(h.large) / float64(h.differs)
}
