package physio

import "testing"

// Known of the recording: 16 breaths, 15.3 a minute, by a filter that sees
// both ways. A causal one may differ by a breath at an end: one more breath in
// the same time is 16.3 a minute.
func TestBreathOnTheRecording(t *testing.T) {
	x := column(t, "biosppy/resp.txt", 0)
	d := NewBreath(1000)
	n, sum, intervals := 0, 0.0, 0
	for _, v := range x {
		r, ok := d.Add(v)
		if !ok {
			continue
		}
		if r.At > 2 {
			n++
		}
		if r.Interval > 0 {
			sum += r.Interval
			intervals++
		}
	}
	near(t, "number of breaths", float64(n), 16, 1)
	near(t, "breaths a minute", 60*float64(intervals)/sum, 15.3, 1.1)
}

// A known breath of 4 s, 25 samples a second, with a drift under it.
func TestBreathOfKnownRate(t *testing.T) {
	d := NewBreath(25)
	found := 0
	for i := range 25 * 120 {
		at := float64(i) / 25
		r, ok := d.Add(sine(at/4) + at/100)
		if ok && at > 30 {
			found++
			near(t, "interval", r.Interval, 4, 0.02)
		}
	}
	near(t, "breaths in 90 s", float64(found), 22.5, 1)
}
