package physio

import (
	"math"
	"testing"
)

// conductance is the recording in µS, by the device's transfer function: 12
// bits of 3 V over 0.12 V/µS.
func conductance(t testing.TB) []float64 {
	x := column(t, "biosppy/eda.txt", 0)
	for i := range x {
		x[i] *= 3.0 / 4096 / 0.12
	}
	return x
}

// Known of the recording: 9 responses, at the highest points of what a filter
// that sees both ways leaves. Six of those places are responses of the skin.
// A causal filter leads, and so finds them up to a second early, but the first:
// that one rises twice, and what is told is the end of its first rise. The
// seventh, 83.3 s, is a small one found at 81.9 s. TestEDAPlaces is of the rest.
func TestEDAOnTheRecording(t *testing.T) {
	d := NewEDA(1000)
	var found []Response
	for _, v := range conductance(t) {
		if r, ok := d.Add(v); ok {
			found = append(found, r)
		}
	}
	near(t, "responses", float64(len(found)), 9, 0)
	for _, want := range []struct{ peak, within, onset float64 }{
		{60.2, 3.2, 54.8}, {68.4, 0.5, 65.7}, {75.6, 0.5, 73.1}, {83.3, 1.5, 80.5}, {106.2, 1, 103.2}, {116.2, 1, 112.5}, {134.7, 1, 131.6},
	} {
		best := Response{Peak: math.Inf(1)}
		for _, r := range found {
			if math.Abs(r.Peak-want.peak) < math.Abs(best.Peak-want.peak) {
				best = r
			}
		}
		near(t, "peak", best.Peak, want.peak, want.within)
		near(t, "onset, by the filter that sees both ways", best.Onset, want.onset, 1.6)
	}
}

// The other two places of the list, 47.6 and 95.0 s, are no responses: there
// the filter that sees both ways has a highest point, because it falls away
// before the steep rise that is to come, while the skin's conductance falls all
// along. What rises there is less than the 0.01 µS that is the least anyone
// counts (W. Boucsein et al., "Publication recommendations for electrodermal
// measurements", Psychophysiology 49 (2012) 1017–1034).
func TestEDAPlaces(t *testing.T) {
	x := conductance(t)
	const pad = 20000 // turned round at the ends, so that the filter rests
	y := make([]float64, 0, len(x)+2*pad)
	for i := pad; i > 0; i-- {
		y = append(y, 2*x[0]-x[i])
	}
	y = append(y, x...)
	for i := 1; i <= pad; i++ {
		y = append(y, 2*x[len(x)-1]-x[len(x)-1-i])
	}
	for _, make := range []func() biquad{func() biquad { return lowPass(1, 1000) }, func() biquad { return highPass(0.05, 1000) }} {
		there, back := make(), make()
		for i := range y {
			y[i] = there.step(y[i])
		}
		for i := len(y) - 1; i >= 0; i-- {
			y[i] = back.step(y[i])
		}
	}
	y = y[pad : pad+len(x)]
	// The highest point within a second of a place, and how far it rises over
	// the lowest one before it.
	top := func(at float64) (place, rise float64) {
		best := int(1000*at) - 1000
		for i := best; i < best+2000; i++ {
			if y[i] > y[best] {
				best = i
			}
		}
		low := best
		for low > 0 && y[low-1] <= y[low] {
			low--
		}
		return float64(best) / 1000, y[best] - y[low]
	}
	for _, want := range []float64{60.2, 68.4, 75.6, 106.2, 116.2, 134.7} {
		at, rise := top(want)
		near(t, "place", at, want, 0.25)
		if rise < 0.3 {
			t.Errorf("the response at %v s rises by %.3f µS", want, rise)
		}
	}
	for _, want := range []float64{47.6, 95.0} {
		at, rise := top(want)
		near(t, "place", at, want, 0.5)
		if rise > 0.01 {
			t.Errorf("what is at %v s rises by %.4f µS", want, rise)
		}
		for i := int(1000*want) - 5000; i < int(1000*want)+5000; i += 1000 {
			if x[i+1000] >= x[i] {
				t.Errorf("the conductance rises from %.3f to %.3f µS at %d s", x[i], x[i+1000], i/1000)
			}
		}
	}
}

// Responses that are made, over a level that falls: onset, height and number
// are known.
func TestEDAOfKnownResponses(t *testing.T) {
	for _, rate := range []float64{4, 15, 250} {
		d := NewEDA(rate)
		var got []Response
		for i := range int(120 * rate) {
			at := float64(i) / rate
			x := 5 - at/200
			for _, onset := range []float64{20, 45, 70, 95} {
				if since := at - onset; since > 0 { // rises in about 2 s, falls in about 8
					x += 0.6 * (math.Exp(-since/6) - math.Exp(-since/0.8))
				}
			}
			if r, ok := d.Add(x); ok {
				got = append(got, r)
			}
		}
		if len(got) != 4 {
			t.Errorf("at %v Hz %d responses, want 4: %+v", rate, len(got), got)
			continue
		}
		for i, r := range got {
			near(t, "onset", r.Onset, float64(20+25*i), 1)
			near(t, "amplitude", r.Amplitude, 0.25, 0.05) // 0.38 by eye; the high-pass takes its part
		}
		if r := d.Rate(); r < 1 || r > 4 {
			t.Errorf("at %v Hz the rate is %v a minute, want 1 to 4", rate, r)
		}
	}
}

func TestBaseline(t *testing.T) {
	var b Baseline
	if z := b.Z(0, 1); z != 0 {
		t.Errorf("before anything is heard Z(0) = %v", z)
	}
	for i := range 60000 { // ten minutes of 70 ± 2
		b.Add(70+2*math.Sqrt2*sine(float64(i)/77), 0.01)
	}
	near(t, "mean", b.Mean(), 70, 0.05)
	near(t, "Z of one spread", b.Z(72, 0.1), 1, 0.05)
	near(t, "Z under the floor", b.Z(72, 10), 0.2, 0.01)
	b.Add(1e6, 0.01) // an artefact
	near(t, "mean after an artefact", b.Mean(), 70, 0.05)
	if b.Confidence(60) != 1 {
		t.Errorf("after ten minutes the confidence is %v", b.Confidence(60))
	}
}
