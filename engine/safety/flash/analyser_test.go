package flash

import (
	"math"
	"testing"
	"time"

	"noctiluca/engine/crew"
)

// wall is a scene made for these tests: a square of n × n lights, each a
// square of side metres, seen from straight in front of its middle at a
// distance.
func wall(n int, side, distance float64, full [4]float32) *Scene {
	st := Stretch{Count: n * n, Full: full, Area: side * side}
	for y := range n {
		for x := range n {
			st.X = append(st.X, float32((float64(x)-float64(n-1)/2)*side))
			st.Y = append(st.Y, float32((float64(y)-float64(n-1)/2)*side))
			st.Z = append(st.Z, 0)
		}
	}
	return &Scene{Stretches: []Stretch{st}, Places: []Place{{Name: "front", At: [3]float32{0, 0, float32(distance)}, Near: 0.5}}}
}

// grey is an emitter whose R, G and B give the luminances of a screen's white
// of so many cd/m², by sRGB's primaries.
func grey(white float32) [4]float32 {
	return [4]float32{0.2126 * white, 0.7152 * white, 0.0722 * white}
}

// play shows seconds of light at 60 frames a second to an analyser, and gives
// the worst of what it said.
func play(a *Analyser, seconds float64, light func(t float64, i int) (r, g, b float32)) Verdict {
	const rate = 60
	n := 0
	for _, s := range a.scene.Stretches {
		n = max(n, s.First+s.Count)
	}
	r, g, b := make([]float32, n), make([]float32, n), make([]float32, n)
	worst := Verdict{Gain: 1}
	for k := range int(seconds * rate) {
		for i := range n {
			r[i], g[i], b[i] = light(float64(k)/rate, i)
		}
		v := a.Step(time.Duration(float64(k)/rate*float64(time.Second)), r, g, b)
		worst.General, worst.Red, worst.Surround = max(worst.General, v.General), max(worst.Red, v.Red), max(worst.Surround, v.Surround)
		worst.Rolling, worst.Extended = worst.Rolling || v.Rolling, worst.Extended || v.Extended
		worst.Softened, worst.Gain = worst.Softened+v.Softened, min(worst.Gain, v.Gain)
	}
	return worst
}

// square is a wave between two greys.
func square(hz float64, low, high float32) func(float64, int) (float32, float32, float32) {
	return func(t float64, _ int) (float32, float32, float32) {
		v := low
		if math.Mod(t*hz+1e-9, 1) < 0.5 {
			v = high
		}
		return v, v, v
	}
}

// TestClauses holds the analyser to the published rules, at, just under and
// just over each threshold. A screen of 200 cd/m² that fills 20° by 20°,
// unless a case says otherwise.
func TestClauses(t *testing.T) {
	red := func(hz float64, r, g, b float32) func(float64, int) (float32, float32, float32) {
		return func(t float64, _ int) (float32, float32, float32) {
			if math.Mod(t*hz+1e-9, 1) < 0.5 {
				return r, g, b
			}
			return 0, 0, 0
		}
	}
	// So many of the 40 × 40 lights, a compact square of 1/40 of 20° each.
	some := func(side int, wave func(float64, int) (float32, float32, float32)) func(float64, int) (float32, float32, float32) {
		return func(t float64, i int) (float32, float32, float32) {
			x, y := i%40-20, i/40-20
			if x < -side/2 || x >= side-side/2 || y < -side/2 || y >= side-side/2 {
				return 0, 0, 0
			}
			return wave(t, i)
		}
	}
	const nit = 1.0 / 200
	for _, c := range []struct {
		clause  string
		rules   Rules
		light   func(float64, int) (float32, float32, float32)
		seconds float64
		harmful bool
	}{
		// How often.
		{"WCAG 2.3.1: three flashes in any second are allowed", BT1702(), square(3, 0, 1), 4, false},
		{"WCAG 2.3.1: more than three are not", BT1702(), square(3.6, 0, 1), 4, true},
		{"WCAG 2.3.1: 10 Hz", BT1702(), square(10, 0, 1), 2, true},
		{"WCAG 2.3.1: 30 Hz, a frame up and a frame down", BT1702(), square(30, 0, 1), 2, true},
		{"BT.1702-3: 3 Hz, three flashes and no more", BT1702(), square(3, 20*nit, 1), 4, false},
		{"definition of a flash: steps in one direction are no pair of opposing changes", BT1702(),
			func(t float64, _ int) (float32, float32, float32) {
				v := float32(math.Floor(t*20) / 20 * 0.25)
				return v, v, v
			}, 4, false},

		// How much.
		{"BT.1702-3: 20 cd/m² are a flash", BT1702(), square(5, 10*nit, 30*nit), 3, true},
		{"BT.1702-3: 19.9 cd/m² are none", BT1702(), square(5, 10*nit, 29.9*nit), 3, false},
		{"BT.1702-3: 20.1 cd/m² are", BT1702(), square(5, 10*nit, 30.1*nit), 3, true},
		{"WCAG general flash: 10 % of the most", WCAG(200), square(5, 0, 0.1), 3, true},
		{"WCAG general flash: 9.9 %", WCAG(200), square(5, 0, 0.099), 3, false},
		{"WCAG general flash: 10.1 %", WCAG(200), square(5, 0, 0.101), 3, true},
		{"IRIS: changes in one direction add up over frames", BT1702(),
			func(t float64, _ int) (float32, float32, float32) {
				v := float32(math.Abs(math.Mod(t*5, 1)-0.5) * 2 * 21 * nit)
				return v, v, v
			}, 3, true},

		// How dark.
		{"WCAG general flash: the darker state under 0.80", WCAG(200), square(5, 0.799, 0.95), 3, true},
		{"WCAG general flash: the darker state at 0.80", WCAG(200), square(5, 0.8, 0.95), 3, false},
		{"WCAG general flash: the darker state at 0.801", WCAG(200), square(5, 0.801, 1), 3, false},
		{"BT.1702-3: the darker state at 159 cd/m²", BT1702(), square(5, 159*nit, 179.5*nit), 3, true},
		{"BT.1702-3: at 160 cd/m² the contrast decides, 1/17 is a flash", BT1702(), square(5, 160*nit, 180*nit), 3, true},
		{"BT.1702-3: at 170 cd/m² a contrast just under 1/17 is none", BT1702(), square(5, 170*nit, 191.1*nit), 3, false},
		{"BT.1702-3: at 170 cd/m² a contrast just over 1/17 is", BT1702(), square(5, 170*nit, 191.4*nit), 3, true},

		// How large: 0.006 sr is a square of 4.44°, 8.88 of these lights.
		{"WCAG 2.3.1: 0.0049 sr of 10° (8 × 8 lights)", BT1702(), some(8, square(5, 0, 1)), 3, false},
		{"WCAG 2.3.1: 0.0062 sr of 10° (9 × 9 lights)", BT1702(), some(9, square(5, 0, 1)), 3, true},
		{"WCAG 2.3.1: 0.006 sr count within any 10°: two of 0.004 sr that lie 16° apart", BT1702(),
			func(t float64, i int) (float32, float32, float32) {
				if x, y := i%40, i/40; (x < 7 || x >= 33) && y >= 16 && y < 23 {
					return square(5, 0, 1)(t, i)
				}
				return 0, 0, 0
			}, 3, false},
		{"WCAG 2.3.1: the same two side by side", BT1702(),
			func(t float64, i int) (float32, float32, float32) {
				if x, y := i%40, i/40; (x >= 12 && x < 19 || x >= 21 && x < 28) && y >= 16 && y < 23 {
					return square(5, 0, 1)(t, i)
				}
				return 0, 0, 0
			}, 3, true},
		{"WCAG 2.3.1: flashes of different places add up in a second: two here, two there", BT1702(),
			func(t float64, i int) (float32, float32, float32) {
				s := math.Mod(t, 2)
				if i%40 >= 20 {
					s -= 0.45
				}
				if s >= 0 && s < 0.4 {
					return square(5, 0, 1)(s, i)
				}
				return 0, 0, 0
			}, 4, true},
		{"no clause: sparse glints, each twice a second, are no flash", BT1702(),
			func(t float64, i int) (float32, float32, float32) {
				if math.Mod(t*2+float64(i*7919%1600)/1600, 1) < 0.15 {
					return 1, 1, 1
				}
				return 0, 0, 0
			}, 4, false},
		{"no clause: a band that sweeps over the view once is no flash", BT1702(),
			func(t float64, i int) (float32, float32, float32) {
				if x := float64(i%40) - t*40; x < 0 && x > -10 {
					return 1, 1, 1
				}
				return 0, 0, 0
			}, 4, false},

		// Red.
		{"WCAG red flash: R/(R+G+B) at 0.8", BT1702(), red(5, 0.28, 0.035, 0.035), 3, true},
		{"WCAG red flash: R/(R+G+B) at 0.79", BT1702(), red(5, 0.28, 0.0372, 0.0372), 3, false},
		{"WCAG red flash: R/(R+G+B) at 0.81", BT1702(), red(5, 0.28, 0.0328, 0.0328), 3, true},
		{"WCAG red flash: a change of (R−G−B)×320 of 20", BT1702(), red(5, 20.0/320, 0, 0), 3, true},
		{"WCAG red flash: a change of 19.9", BT1702(), red(5, 19.9/320, 0, 0), 3, false},
		{"WCAG red flash: a change of 20.1", BT1702(), red(5, 20.1/320, 0, 0), 3, true},
		{"WCAG red flash: three a second are allowed", BT1702(), red(3, 0.3, 0, 0), 4, false},
		{"WCAG red flash: red and blue in turn", BT1702(),
			func(t float64, _ int) (float32, float32, float32) {
				if math.Mod(t*5+1e-9, 1) < 0.5 {
					return 0.3, 0, 0
				}
				return 0, 0, 0.3
			}, 3, true},
		{"WCAG red flash: blue is no red", BT1702(), red(5, 0, 0, 0.9), 3, false},

		// For how long.
		{"IRIS extended: 2.5 Hz for 4 s", Room(), square(2.5, 0, 1), 4, false},
		{"IRIS extended: 2.5 Hz for 8 s", Room(), square(2.5, 0, 1), 8, true},
		{"IRIS extended: 1.4 Hz for 20 s", Room(), square(1.4, 0, 1), 20, false},
		{"IRIS extended: 2.5 Hz for 3 s of every 5", Room(), func(t float64, i int) (float32, float32, float32) {
			if math.Mod(t, 5) < 3 {
				return square(2.5, 0, 1)(t, i)
			}
			return 0, 0, 0
		}, 20, false},
	} {
		// 40 × 40 lights of 1/40 of 20° (as seen from the middle).
		side := 2 * math.Tan(10*math.Pi/180) * 3 / 40
		full := grey(200)
		a := New(wall(40, side, 3, full), c.rules, false, crew.New(1))
		v := play(a, c.seconds, c.light)
		if c.harmful != v.Harmful(c.rules) {
			t.Errorf("%s: harmful %v, want %v (general %d, red %d transitions a second, rolling %v, extended %v)", c.clause, v.Harmful(c.rules), c.harmful, v.General, v.Red, v.Rolling, v.Extended)
		}
	}
}

// TestFineBalancedPattern: WCAG's exemption of squares under 0.1°.
func TestFineBalancedPattern(t *testing.T) {
	for _, c := range []struct {
		degrees float64
		harmful bool
	}{{0.09, false}, {0.2, true}} {
		side := 3 * math.Tan(c.degrees*math.Pi/180)
		s := wall(120, side, 3, grey(200))
		st := &s.Stretches[0]
		st.Run = RunFor(side, 3)
		a := New(s, Room(), false, crew.New(1))
		v := play(a, 2, func(t float64, i int) (float32, float32, float32) {
			if (i%120+i/120+int(t*20))%2 == 0 {
				return 1, 1, 1
			}
			return 0, 0, 0
		})
		if v.Harmful(Room()) != c.harmful {
			t.Errorf("a checkerboard of %v° that reverses: %+v", c.degrees, v)
		}
	}
}
