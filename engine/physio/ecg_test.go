package physio

import (
	"math"
	"testing"
)

func ecgBeats(x []float64, rate float64) (found []Beat, latest float64) {
	d := NewECG(rate)
	for _, v := range x {
		if b, ok := d.Add(v); ok {
			found = append(found, b)
			latest = max(latest, b.Ago)
		}
	}
	return found, latest
}

// Known of the recording: the R waves of its fifteen beats. All but those of
// the first two seconds are found, with none beside them.
func TestECGOnBioSPPy(t *testing.T) {
	want := []float64{284, 1203, 2158, 3188, 4211, 5187, 6200, 7232, 8200, 9157, 10155, 11198, 12159, 13139, 14162}
	x := column(t, "biosppy/ecg.txt", 0)
	found, latest := ecgBeats(x, 1000)
	i := 0
	for i < len(want) && want[i] < 2000 {
		i++
	}
	for _, b := range found {
		if b.At < 1.9 {
			continue
		}
		if i >= len(want) || math.Abs(1000*b.At-want[i]) > 30 {
			t.Errorf("a beat at %.0f ms; next is one at %v", 1000*b.At, want[min(i, len(want)-1):])
		}
		i++
		if b.Quality < 0.4 {
			t.Errorf("the beat at %.3f s has the quality %.2f", b.At, b.Quality)
		}
	}
	t.Logf("%d beats, the latest told %.0f ms after its R wave", len(found), 1000*latest)
	if i != len(want) {
		t.Errorf("%d of %d beats found: %+v", i, len(want), found)
	}
	if latest > 0.4 {
		t.Errorf("a beat is told %.3f s after its R wave, want 0.4 at most", latest)
	}
}

// Another recording, with 10 bits and another lead: the intervals are those
// of one heart, with none missing and none false.
func TestECGOnPyHRV(t *testing.T) {
	x := column(t, "pyhrv/pyhrv_SampleECG.txt", 5)
	found, latest := ecgBeats(x, 1000)
	h := NewHRV(100)
	for _, b := range found {
		if b.At > 3 && b.Interval > 0 {
			h.Add(1000 * b.Interval)
			if b.Interval < 0.5 || b.Interval > 1.1 {
				t.Errorf("an interval of %.3f s at %.2f s: a beat is missing or false", b.Interval, b.At)
			}
		}
	}
	t.Logf("%d beats in %.1f s, mean %.1f ms, SDNN %.1f; latest %.0f ms", len(found), float64(len(x))/1000, h.Mean(), h.SDNN(), 1000*latest)
	if latest > 0.4 {
		t.Errorf("a beat is told %.3f s after its R wave", latest)
	}
}

// wave is an electrocardiogram that is made: P, QRS and T as bumps, with
// times in seconds from the R wave (after McSharry et al. 2003).
func wave(since, interval float64) float64 {
	bump := func(at, width, height float64) float64 {
		d := (since - at) / width
		return height * math.Exp(-d*d/2)
	}
	stretch := math.Sqrt(interval)
	return bump(-0.17*stretch, 0.025, 0.12) + bump(-0.025, 0.009, -0.12) + bump(0, 0.010, 1) + bump(0.028, 0.009, -0.22) + bump(0.26*stretch, 0.05, 0.3)
}

// Beats that are made, at every rate a sensor may have and from a slow heart
// to a fast one, over breathing and the mains.
func TestECGAtAnyRate(t *testing.T) {
	for _, rate := range []float64{100, 128, 250, 360, 500} {
		for _, interval := range []float64{0.4, 0.75, 1.4} {
			var x []float64
			for i := range int(rate * 30) {
				at := float64(i) / rate
				k := math.Floor(at/interval + 0.5)
				v := wave(at-k*interval, interval) + wave(at-(k+1)*interval, interval) + wave(at-(k-1)*interval, interval)
				x = append(x, v+0.3*sine(at*0.25)+0.02*sine(at*50))
			}
			found, latest := ecgBeats(x, rate)
			n := 0
			for _, b := range found {
				if b.At < 4 {
					continue
				}
				n++
				if math.Abs(b.Interval-interval) > 1.2/rate {
					t.Errorf("at %v Hz an interval of %v s is told as %.4f", rate, interval, b.Interval)
				}
			}
			near(t, "beats", float64(n), 26/interval, 1.5)
			if latest > 0.4 {
				t.Errorf("at %v Hz a beat is told %.3f s late", rate, latest)
			}
		}
	}
}

// After artefacts a thousand times as large as the heart it comes back; a flat
// line and noise give no beats of any quality.
func TestECGRecovers(t *testing.T) {
	const rate, interval = 250, 0.8
	d := NewECG(rate)
	last, n := 0.0, 0
	for i := range rate * 60 {
		at := float64(i) / rate
		k := math.Floor(at/interval + 0.5)
		v := wave(at-k*interval, interval)
		if at > 20 && at < 21 {
			v += 1000 * sine(at*7)
		}
		b, ok := d.Add(v)
		if ok && at > 40 {
			n++
			last = b.Quality
			if math.Abs(b.Interval-interval) > 0.01 && n > 1 {
				t.Errorf("after an artefact an interval of %v s at %v", b.Interval, at)
			}
		}
	}
	near(t, "beats in the last twenty seconds", float64(n), 25, 1)
	if last < 0.9 {
		t.Errorf("the quality is %v", last)
	}
	d = NewECG(rate)
	for range rate * 20 {
		if b, ok := d.Add(512); ok {
			t.Fatalf("a beat in a flat line: %+v", b)
		}
	}
}
