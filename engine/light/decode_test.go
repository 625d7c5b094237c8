package light

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"noctiluca/installations"
)

func TestEncodingWhatWasDecodedGivesTheSameBytes(t *testing.T) {
	for _, gamma := range []float64{0, 1, 1.8, 2.2, 2.8, 4} {
		for _, order := range []string{"GRB", "BGR", "GRBW"} {
			o, _ := installations.ParseOrder(order)
			if len(o) == 4 && gamma > 2.8 {
				continue
			}
			const n = 600
			out := installations.Output{Gamma: gamma, Dither: gamma != 1.8, Lightness: gamma == 0, Bytes: n * len(o), Runs: []installations.Run{
				{First: 0, Step: 1, Count: 400, Offset: 0, Order: o}, {First: n - 1, Step: -1, Count: 200, Offset: 400 * len(o), Order: o}}}
			enc, err := NewEncoder(&out, nil)
			if err != nil {
				t.Fatal(err)
			}
			dec, err := NewDecoder(&out, nil)
			if err != nil {
				t.Fatal(err)
			}
			rng := rand.New(rand.NewPCG(1, 2))
			want := make([]byte, out.Bytes)
			for i := range want {
				want[i] = byte(rng.IntN(256))
			}
			if len(o) == 4 { // no more than two colours beside white
				for i := 0; i < len(want); i += 4 {
					want[i+rng.IntN(3)] = 0
				}
				// White and a colour together must not pass full.
				for i := 0; i < len(want); i++ {
					want[i] /= 3
				}
			}
			r, g, b := make([]float32, n), make([]float32, n), make([]float32, n)
			dec.Decode(want, r, g, b)
			got := make([]byte, out.Bytes)
			enc.Encode(got, r, g, b, 5)
			if !bytes.Equal(got, want) {
				t.Errorf("gamma %v, %s: other bytes come back", gamma, order)
			}
			dec.Decode(want[:3], r, g, b)
			if r[1] != 0 || r[n-1] != 0 {
				t.Error("light of channels that are missing")
			}
		}
	}
}

func TestMeasuredLEDsComeBackWithinAStep(t *testing.T) {
	led := installations.LED{Type: "x", White: true, Full: [5]float64{12, 12, 12, 18}, Primaries: [][3]float64{{0.69, 0.31, 400}, {0.17, 0.70, 800}, {0.13, 0.07, 180}, {0.37, 0.37, 1500}}}
	split, err := NewSplit(&led)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		// What a recording holds is what the splitter chose.
		want := split.Amounts(rng.Float32(), rng.Float32(), rng.Float32())
		r, g, b := split.join(want)
		got := split.Amounts(clamp(r), clamp(g), clamp(b))
		for k := range want {
			if d := got[k] - want[k]; d > 1.0/255 || d < -1.0/255 {
				t.Fatalf("emitter %d of %v came back as %v", k, want, got)
			}
		}
	}
}
