package physio

import (
	"math"
	"testing"
)

// Known of the recording: 9 responses, told by a filter that sees both ways.
// It shows a bump before each steep rise, and the bumps at 47.6 and 95.0 s are
// of that kind: they lie in the smooth descents before the rises of 53 and
// 103 s, where a causal filter has nothing to see. The other seven it finds.
func TestEDAOnTheRecording(t *testing.T) {
	d := NewEDA(1000)
	var peaks []float64
	for _, v := range column(t, "biosppy/eda.txt", 0) {
		// The device's transfer function: 12 bits of 3 V over 0.12 V/µS.
		if r, ok := d.Add(v * 3 / 4096 / 0.12); ok {
			peaks = append(peaks, r.Peak)
		}
	}
	near(t, "responses", float64(len(peaks)), 9, 0)
	for _, want := range []float64{60.2, 68.4, 75.6, 83.3, 106.2, 116.2, 134.7} {
		best := math.Inf(1)
		for _, p := range peaks {
			best = min(best, math.Abs(p-want))
		}
		if best > 3.2 {
			t.Errorf("no response within 3.2 s of %v s; there are %v", want, peaks)
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
