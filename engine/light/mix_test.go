package light

import (
	"math"
	"testing"
)

// TestMeet holds each mode of a channel to its formula, worked out by hand,
// at half level and under a mask.
func TestMeet(t *testing.T) {
	picture := func(r, g, b, a float32) Picture {
		return Picture{[]float32{r}, []float32{g}, []float32{b}, []float32{a}}
	}
	for _, c := range []struct {
		mode        int
		level, mask float32
		want        [3]float32
	}{
		{MeetNormal, 1, 1, [3]float32{0.5, 0.25, 0}}, {MeetNormal, 0.5, 1, [3]float32{0.65, 0.325, 0.2}},
		{MeetAdd, 0.5, 1, [3]float32{1.05, 0.525, 0.4}}, {MeetMultiply, 1, 1, [3]float32{0.4, 0.1, 0}},
		{MeetMultiply, 0.5, 1, [3]float32{0.6, 0.25, 0.2}}, {MeetScreen, 1, 1, [3]float32{0.9, 0.55, 0.4}},
		{MeetLighten, 1, 1, [3]float32{0.8, 0.4, 0.4}}, {MeetAdd, 1, 0.5, [3]float32{1.05, 0.525, 0.4}}, {MeetAdd, 1, 0, [3]float32{0.8, 0.4, 0.4}},
		// Y of (0.5, 0.25, 0) is 0.2126/2 + 0.7152/4 = 0.2851.
		{MeetMask, 1, 1, [3]float32{0.8 * 0.2851, 0.4 * 0.2851, 0.4 * 0.2851}},
		{MeetMask, 0.5, 1, [3]float32{0.8 * 0.64255, 0.4 * 0.64255, 0.4 * 0.64255}},
	} {
		var m Meeting
		m[c.mode] = 1
		r, g, b := []float32{0.8}, []float32{0.4}, []float32{0.4}
		m.Meet(r, g, b, picture(0.5, 0.25, 0, 1), c.level, []float32{c.mask}, 0, 1)
		for k, got := range []float32{r[0], g[0], b[0]} {
			if math.Abs(float64(got-c.want[k])) > 1e-6 {
				t.Errorf("mode %d, level %v, mask %v: %v %v %v, want %v", c.mode, c.level, c.mask, r[0], g[0], b[0], c.want)
			}
		}
	}
	// Half-way between two modes lies half-way between their light.
	m := Meeting{MeetAdd: 0.5, MeetMultiply: 0.5}
	r, g, b := []float32{0.8}, []float32{0.4}, []float32{0.4}
	m.Meet(r, g, b, picture(0.5, 0.25, 0, 1), 1, nil, 0, 1)
	if math.Abs(float64(r[0]-(1.3+0.4)/2)) > 1e-6 {
		t.Errorf("half add, half multiply gives %v", r[0])
	}
}

func TestCover(t *testing.T) {
	l := Layer{A: []float32{0.5, 1, float32(math.NaN())}, Level: 0.5}
	a := []float32{0, 0.5, 0.25}
	l.Cover(a, []int32{2, 1, 0})
	if a[2] != 0.25+0.25*0.75 || a[1] != 0.75 || a[0] != 0 {
		t.Errorf("coverage %v", a)
	}
}

// TestGrade: nothing is left as it was; a turn keeps luminance; the primaries
// land where SVG's matrix puts them; no saturation is grey.
func TestGrade(t *testing.T) {
	apply := func(g Grade, x, y, z float32) [3]float32 {
		r, gr, b := []float32{x}, []float32{y}, []float32{z}
		g.Apply(r, gr, b, 0, 0, 1)
		return [3]float32{r[0], gr[0], b[0]}
	}
	if got := apply(NewGrade(0, 1, 1, 0), 0.1, 0.2, 0.3); got != [3]float32{0.1, 0.2, 0.3} {
		t.Errorf("a neutral grade gives %v", got)
	}
	grey := apply(NewGrade(0, 0, 1, 0), 0.5, 0.25, 0)
	if grey[0] != grey[1] || grey[1] != grey[2] || math.Abs(float64(grey[0])-0.2851) > 1e-4 {
		t.Errorf("without saturation %v", grey)
	}
	for turn := float32(-0.5); turn <= 0.5; turn += 0.05 {
		// Near grey nothing is cut off at 0.
		in := [3]float32{0.52, 0.5, 0.47}
		out := apply(NewGrade(turn, 1, 1, 0), in[0], in[1], in[2])
		if d := luma(out[0], out[1], out[2]) - luma(in[0], in[1], in[2]); math.Abs(float64(d)) > 2e-3 {
			t.Errorf("a turn of %v changes the luminance by %v", turn, d)
		}
	}
	// hueRotate(180) of red is (2·0.2126−1, 2·0.2126, 2·0.2126) in the exact
	// weights; negative light is dark.
	if got := apply(NewGrade(0.5, 1, 1, 0), 1, 0, 0); got[0] != 0 || math.Abs(float64(got[1])-0.4252) > 1e-3 || math.Abs(float64(got[2])-0.4252) > 1e-3 {
		t.Errorf("red turned half round is %v", got)
	}
}

// TestSparkleIsNoStrobe: a pixel swells at most once in 2.5 s, slowly, and
// the whole hardly changes.
func TestSparkleIsNoStrobe(t *testing.T) {
	const pixels, rate, seconds = 2000, 60, 60
	low, high := math.Inf(1), math.Inf(-1)
	rises := make([]int, pixels)
	last := make([]float32, pixels)
	for n := range rate * seconds {
		sum := 0.0
		for p := range pixels {
			v := Sparkle(p, 1e6+float64(n)/rate)
			if !(v >= 0 && v <= sparkleMost) {
				t.Fatalf("sparkle %v", v)
			}
			if n > 0 {
				if math.Abs(float64(v-last[p])) > sparkleMost*0.12 {
					t.Fatalf("pixel %d jumps from %v to %v", p, last[p], v)
				}
				if last[p] == 0 && v > 0 {
					rises[p]++
				}
			}
			last[p] = v
			sum += float64(v)
		}
		low, high = min(low, sum/pixels), max(high, sum/pixels)
	}
	t.Logf("mean over the pixels %.3f…%.3f", low, high)
	if high-low > 0.15 {
		t.Errorf("the mean goes from %.3f to %.3f: the whole pulses", low, high)
	}
	for p, n := range rises {
		if n > seconds*2/5+1 {
			t.Errorf("pixel %d swells %d times in a minute", p, n)
		}
	}
}
