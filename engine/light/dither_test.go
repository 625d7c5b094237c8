package light

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"

	"noctiluca/engine/light/colour"
	"noctiluca/installations"
)

// TestDitherMean: over 256 frames the mean of the bytes is the value of 65535
// steps, within 128 of them, at every pixel and emitter.
func TestDitherMean(t *testing.T) {
	noise := thresholds()
	worst := 0.0
	for v := uint32(0); v < 65536; v += 37 {
		for _, pixel := range []int{0, 1, 77, 513, 1023} {
			for emitter := range 3 {
				sum := 0
				for frame := range uint64(256) {
					sum += int(dither(noise, v, pixel, emitter, frame+1000))
				}
				worst = max(worst, math.Abs(float64(sum)*257/256-float64(v)))
			}
		}
	}
	t.Logf("largest error of the mean: %.2f of 65535", worst)
	if worst > 128 {
		t.Error("too far")
	}
	for frame := range uint64(256) {
		if dither(noise, 0, 5, 0, frame) != 0 || dither(noise, 65535, 5, 0, frame) != 255 || dither(noise, 77*257, 5, 0, frame) != 77 {
			t.Fatal("black, full and whole steps must stand still")
		}
	}
}

// TestDitherSpectrum: along the wire the error of one frame is blue noise:
// what an eye could see as blotches, the longest quarter of the waves, holds
// less than white noise would, and of the longer half no wave stands out. In
// time the error has next to nothing slower than 1/16 of the frame rate where
// a step is divided in the middle.
//
// The limits lie between what is told apart: white noise holds 0.25 of its
// power in that quarter, give or take 0.01 of 32 frames, and its strongest wave
// is under twice the mean; an ordered dither's strongest is over twenty times.
func TestDitherSpectrum(t *testing.T) {
	noise := thresholds()
	pattern := func(v uint32, encode func(v uint32, p int, frame uint64) byte) (low, peak float64) {
		var power [dithers / 2]float64
		for frame := range uint64(32) {
			e := make([]complex128, dithers)
			for p := range e {
				e[p] = complex(float64(encode(v, p, frame))-float64(v)/257, 0)
			}
			for k, c := range fourier(e)[:dithers/2] {
				power[k] += real(c)*real(c) + imag(c)*imag(c)
			}
		}
		all, most := 0.0, 0.0
		for k, x := range power {
			if k == 0 {
				continue
			}
			all += x
			if k < dithers/4 {
				most = max(most, x)
			}
			if k < dithers/8 {
				low += x
			}
		}
		return low / all, most / (all / (dithers/2 - 1))
	}
	seen := func(low, peak float64) bool { return low > 0.18 || peak > 5 }
	// The test itself: it must see a pattern in white noise and in an ordered dither.
	rng := rand.New(rand.NewPCG(3, 4))
	step := func(v uint32, threshold float64) byte {
		if float64(v%257)/257 > threshold {
			return byte(v/257) + 1
		}
		return byte(v / 257)
	}
	v := uint32(20*257 + 102)
	if low, peak := pattern(v, func(v uint32, _ int, _ uint64) byte { return step(v, rng.Float64()) }); !seen(low, peak) || low < 0.23 || low > 0.27 {
		t.Errorf("white noise passes for blue: %.3f, %.1f", low, peak)
	}
	ordered := [8]float64{0, 4, 2, 6, 1, 5, 3, 7}
	if low, peak := pattern(v, func(v uint32, p int, _ uint64) byte { return step(v, (ordered[p%8]+0.5)/8) }); !seen(low, peak) || peak < 20 {
		t.Errorf("an ordered dither passes for none: %.3f, %.1f", low, peak)
	}
	for _, share := range []float64{0.1, 0.25, 0.5, 0.6, 0.9} {
		v := uint32(20*257) + uint32(share*257)
		low, peak := pattern(v, func(v uint32, p int, frame uint64) byte { return dither(noise, v, p, 0, frame) })
		t.Logf("at %.2f of a step: the longest quarter of the waves holds %.3f of the error (white noise 0.25); the strongest of the longer half is %.1f times the mean", share, low, peak)
		if seen(low, peak) {
			t.Error("a pattern is to be seen")
		}
		series := make([]complex128, 256)
		for f := range series {
			series[f] = complex(float64(dither(noise, v, 9, 0, uint64(f)))-float64(v)/257, 0)
		}
		slow, sum := 0.0, 0.0
		for k, c := range fourier(series)[:128] {
			x := real(c)*real(c) + imag(c)*imag(c)
			sum += x
			if k < 16 {
				slow += x
			}
		}
		t.Logf("    in time, slower than 1/16 of the frame rate: %.3f of it", slow/sum)
		if share > 0.2 && share < 0.8 && slow/sum > 0.06 {
			t.Error("it flickers slowly")
		}
	}
}

// fourier is the transform of a length that is a power of two.
func fourier(x []complex128) []complex128 {
	n := len(x)
	if n == 1 {
		return []complex128{x[0]}
	}
	even, odd := make([]complex128, n/2), make([]complex128, n/2)
	for i := range even {
		even[i], odd[i] = x[2*i], x[2*i+1]
	}
	even, odd = fourier(even), fourier(odd)
	out := make([]complex128, n)
	for k := range even {
		t := cmplx.Rect(1, -2*math.Pi*float64(k)/float64(n)) * odd[k]
		out[k], out[k+n/2] = even[k]+t, even[k]-t
	}
	return out
}

// TestFadeToBlack: a minute's fade at 60 frames a second on 8-bit output,
// seen through an eye that takes the mean of an eighth of a second over a
// patch of 16 pixels: its lightness never jumps. Without dither it does.
func TestFadeToBlack(t *testing.T) {
	c, err := NewCurve(1)
	if err != nil {
		t.Fatal(err)
	}
	lightness := func(y float64) float64 {
		if y <= 216.0/24389 {
			return 24389.0 / 27 * y
		}
		return 116*math.Cbrt(y) - 16
	}
	noise := thresholds()
	jump := func(encode func(v float32, pixel int, frame uint64) byte) float64 {
		const window, patch = 8, 16
		var seen []float64
		for f := range 3600 {
			v := float32(3599-f) / 3599
			v = v * v * v // even in lightness, as faders are
			sum := 0.0
			for p := range patch {
				sum += float64(encode(v, p, uint64(f))) / 255
			}
			seen = append(seen, sum/patch)
		}
		worst := 0.0
		for f := 2 * window; f < len(seen); f++ {
			a, b := 0.0, 0.0
			for k := range window {
				a += seen[f-window-k] / window
				b += seen[f-k] / window
			}
			// The fade itself goes on during a window: 100/3600 × 8 = 0.22 L*.
			worst = max(worst, math.Abs(lightness(a)-lightness(b)))
		}
		return worst
	}
	with := jump(func(v float32, p int, f uint64) byte { return dither(noise, c.Wide(v), p, 0, f) })
	without := jump(func(v float32, p int, f uint64) byte { return c.Byte(v) })
	t.Logf("largest change of lightness in an eighth of a second: %.2f L* with dither, %.2f without", with, without)
	if with > 1 {
		t.Errorf("%.2f L*: a step to be seen (1 is about the least that is)", with)
	}
	if without < 2 {
		t.Error("the test sees no step where there is one")
	}
}

// BenchmarkEncode: an output of 10,000 pixels, per pixel.
func BenchmarkEncode(b *testing.B) {
	const n = 10000
	light := make([]float32, n)
	for i := range light {
		light[i] = float32(i) / n
	}
	for _, c := range []struct {
		name   string
		dither bool
		led    installations.LED
	}{
		{"RGB", false, installations.LED{}}, {"RGB dither", true, installations.LED{}},
		{"RGBW dither", true, installations.LED{White: true, Full: [5]float64{8, 8, 8, 16}, Primaries: [][3]float64{{0.703, 0.297, 0.315}, {0.125, 0.753, 0.537}, {0.135, 0.047, 0.148}, {0.369, 0.367, 1}}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			inst := &installations.Installation{Fixtures: []installations.Fixture{{Count: n, LED: c.led}}}
			order := installations.Order{1, 0, 2, 3}[:3]
			if c.led.White {
				order = order[:4]
			}
			s, err := NewSplits(inst)
			if err != nil {
				b.Fatal(err)
			}
			e, err := NewEncoder(&installations.Output{Dither: c.dither, Runs: []installations.Run{{Step: 1, Count: n, Order: order}}}, s)
			if err != nil {
				b.Fatal(err)
			}
			dst := make([]byte, 4*n)
			b.ReportAllocs()
			for i := range b.N {
				e.Encode(dst, light, light, light, uint64(i))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/pixel")
		})
	}
}

// TestWhiteInTheFrame: end to end, light of the white emitter's own colour
// leaves as white alone, and the bytes of any colour within the gamut mix to
// the chromaticity asked for, to 0.002.
func TestWhiteInTheFrame(t *testing.T) {
	led := installations.LED{White: true, Full: [5]float64{8, 8, 8, 16}, Primaries: [][3]float64{{0.703, 0.297, 0.315}, {0.125, 0.753, 0.537}, {0.135, 0.047, 0.148}, {0.369, 0.367, 1}}}
	inst := &installations.Installation{Fixtures: []installations.Fixture{{Count: 1, LED: led}}}
	s, err := NewSplits(inst)
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEncoder(&installations.Output{Dither: true, Runs: []installations.Run{{Step: 1, Count: 1, Order: installations.Order{3, 0, 1, 2}}}}, s)
	if err != nil {
		t.Fatal(err)
	}
	nominal := colour.Nominal()
	worst := 0.0
	for _, want := range [][3]float32{{0.5, 0.5, 0.5}, {1, 1, 1}, {0.9, 0.6, 0.1}, {0, 0.4, 0.9}, {0.3, 0, 0.6}, {0.02, 0.9, 0.2}} {
		// The mean of 256 frames.
		var mean [4]float64
		dst := make([]byte, 4)
		for frame := range uint64(256) {
			e.Encode(dst, want[:1], want[1:2], want[2:], frame)
			for k, b := range dst {
				mean[k] += float64(b) / 255 / 256
			}
		}
		var asked, got colour.XYZ
		for i := range 3 {
			for k := range 3 {
				asked[i] += float64(want[k]) * nominal[k].XYZ[i]
			}
			for k, v := range mean {
				p := led.Primaries[(k+3)%4]
				got[i] += v * colour.FromxyY(p[0], p[1], p[2])[i]
			}
		}
		ax, ay := asked.Chromaticity()
		gx, gy := got.Chromaticity()
		worst = max(worst, math.Abs(ax-gx), math.Abs(ay-gy))
		t.Logf("%v leaves as W %.3f, R %.3f G %.3f B %.3f", want, mean[0], mean[1], mean[2], mean[3])
	}
	t.Logf("largest error of x or y: %.4f", worst)
	if worst > 0.002 {
		t.Error("too far")
	}
	white := s.Of(0).Lamp().Amounts(colour.FromxyY(0.369, 0.367, 0.5))
	if white[0] > 1e-3 || white[1] > 1e-3 || white[2] > 1e-3 || math.Abs(white[3]-0.5) > 1e-2 {
		t.Errorf("the white emitter's colour leaves as %v", white)
	}
}

// TestDitherOnTheWireStandsStill: spatial dither gives the same bytes in every
// frame, and over the wire their mean is the light; temporal dither does not
// stand still.
func TestDitherOnTheWireStandsStill(t *testing.T) {
	const n = 1024
	light := make([]float32, n)
	for i := range light {
		light[i] = 20.3 / 255
	}
	for _, still := range []bool{false, true} {
		e, err := NewEncoder(&installations.Output{Gamma: 1, Dither: true, Still: still, Bytes: 3 * n, Runs: []installations.Run{{Step: 1, Count: n, Order: installations.Order{0, 1, 2}}}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if still {
			e.Still(5) // a floor of the safety stage takes nothing back
		}
		first, now := make([]byte, 3*n), make([]byte, 3*n)
		e.Encode(first, light, light, light, 0)
		moved, sum := 0, 0
		for frame := range uint64(50) {
			e.Encode(now, light, light, light, frame)
			for i := range now {
				if now[i] != first[i] {
					moved++
				}
			}
		}
		for i := range now {
			sum += int(now[i])
		}
		if mean := float64(sum) / float64(len(now)); math.Abs(mean-20.3) > 0.02 || still && moved > 0 {
			t.Errorf("still %v: the mean is %.3f, want 20.3; %d bytes moved", still, mean, moved)
		}
	}
}
