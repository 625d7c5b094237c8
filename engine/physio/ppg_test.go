package physio

import (
	"math"
	"testing"

	"noctiluca/engine/physio/turn"
)

func sine(turns float64) float64 {
	s, _ := turn.SinCos(turns)
	return s
}

// beats runs the detector over a whole recording.
func beats(x []float64, rate float64) (found []Beat, latest float64) {
	d := NewPPG(rate)
	for _, v := range x {
		if b, ok := d.Add(v); ok {
			found = append(found, b)
			latest = max(latest, b.Ago)
		}
	}
	return found, latest
}

// Known of the recording: 31 peaks, mean interval 634.8 ms.
func TestPPGOnBioSPPy(t *testing.T) {
	found, latest := beats(column(t, "biosppy/ppg.txt", 0), 1000)
	sum, n := 0.0, 0
	for _, b := range found {
		if b.At > 2 && b.Interval > 0 {
			sum += b.Interval
			n++
			if b.Interval < 0.58 || b.Interval > 0.71 {
				t.Errorf("an interval of %.3f s at %.2f s: a beat is missing or false", b.Interval, b.At)
			}
		}
	}
	near(t, "beats", float64(len(found)), 31, 1)
	near(t, "mean interval, ms", 1000*sum/float64(n), 634.8, 5)
	t.Logf("%d beats, the latest told %.0f ms after its peak", len(found), 1000*latest)
	if latest > 0.4 {
		t.Errorf("a beat is told %.3f s after its peak, want 0.4 at most", latest)
	}
}

// A pulse wave with a high reflected wave: 23 beats after the first two
// seconds, as one counts by eye; none of the reflections.
func TestPPGTakesNoReflectedWaves(t *testing.T) {
	found, latest := beats(column(t, "heartpy/data.csv", 0), 100)
	n := 0
	for _, b := range found {
		if b.At < 2 {
			continue
		}
		n++
		if b.Interval < 0.85 || b.Interval > 1.2 {
			t.Errorf("an interval of %.3f s at %.2f s: a beat is missing or false", b.Interval, b.At)
		}
	}
	if n != 22 {
		t.Errorf("%d beats, want 22", n)
	}
	if latest > 0.4 {
		t.Errorf("a beat is told %.3f s after its peak, want 0.4 at most", latest)
	}
}

// A recording with long artefacts in its first half minute; published for
// all of it: 62.376 beats a minute. The median interval says what the pace
// was without deciding which beats are artefacts.
func TestPPGRecoversFromArtefacts(t *testing.T) {
	found, _ := beats(column(t, "heartpy/data2.csv", 1), 116.996)
	n, good := 0, 0
	sum := 0.0
	for _, b := range found {
		if b.At < 40 {
			continue
		}
		n++
		if b.Interval > 0.75 && b.Interval < 1.2 {
			good++
			sum += b.Interval
		}
	}
	near(t, "beats a minute", 60*float64(good)/sum, 62.376, 1)
	if part := float64(good) / float64(n); part < 0.9 {
		t.Errorf("%d of %d intervals after the artefacts are ones of a heart", good, n)
	}
}

// The recorded EmotiBit: 74 beats by its own count, 989.2 ms in the mean,
// from the infrared light turned round, at 25 samples a second.
func TestPPGOnEmotiBit(t *testing.T) {
	found, latest := beats(emotibitSamples(t, "PI", -1), 25)
	near(t, "beats", float64(len(found)), 74, 1)
	sum, steps := 0.0, 0.0
	n := 0
	for i, b := range found {
		if i < 2 {
			continue
		}
		sum += b.Interval
		n++
		if i > 2 {
			d := b.Interval - found[i-1].Interval
			steps += d * d
		}
	}
	near(t, "mean interval, ms", 1000*sum/float64(n), 989.2, 10)
	rmssd := 1000 * math.Sqrt(steps/float64(n-1))
	t.Logf("RMSSD %.1f ms between the samples; latest beat %.0f ms after its peak", rmssd, 1000*latest)
	if rmssd > 70 {
		t.Errorf("RMSSD %.1f ms: beats are missed or false", rmssd)
	}
	if latest > 0.4 {
		t.Errorf("a beat is told %.3f s after its peak, want 0.4 at most", latest)
	}
}

// Beats of a wave that is made, at every rate a sensor may have, are told to
// a fraction of a sample.
func TestPPGAtAnyRate(t *testing.T) {
	for _, rate := range []float64{20, 25, 50, 64, 100, 117, 250, 500} {
		for _, beat := range []float64{0.45, 0.8, 1.3} {
			var x []float64
			for i := range int(rate * 40) {
				ph := math.Mod(float64(i)/rate/beat, 1)
				x = append(x, 1000+100*math.Exp(-math.Pow((ph-0.3)*beat/0.08, 2)))
			}
			found, _ := beats(x, rate)
			n := 0
			for _, b := range found {
				if b.At < 4 {
					continue
				}
				n++
				if math.Abs(b.Interval-beat) > 0.25/rate+0.001 {
					t.Errorf("at %v Hz an interval of %v s is told as %.4f", rate, beat, b.Interval)
				}
			}
			near(t, "beats", float64(n), 36/beat, 1.5)
		}
	}
}

func TestDetectorsAllocateNothing(t *testing.T) {
	p, e, b, h := NewPPG(250), NewEDA(250), NewBreath(250), NewHRV(60)
	var f OneEuro
	f = OneEuro{MinCutoff: 1, Beta: 0.1, DCutoff: 1}
	var base Baseline
	i := 0
	if n := testing.AllocsPerRun(5000, func() {
		x := sine(float64(i)/200) + sine(float64(i)/900)
		i++
		p.Add(x)
		e.Add(x + 3)
		b.Add(x)
		h.Add(800 + 50*x)
		f.Add(x, 0.004)
		base.Add(x, 0.004)
	}); n != 0 {
		t.Errorf("a sample allocates %v times", n)
	}
}

func BenchmarkPPG(b *testing.B) {
	d := NewPPG(250)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		d.Add(float64(i % 200))
		i++
	}
}
