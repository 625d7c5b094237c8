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
			out := installations.Output{Gamma: gamma, Bytes: n * len(o), Runs: []installations.Run{
				{First: 0, Step: 1, Count: 400, Offset: 0, Order: o}, {First: n - 1, Step: -1, Count: 200, Offset: 400 * len(o), Order: o}}}
			enc, err := NewEncoder(&out)
			if err != nil {
				t.Fatal(err)
			}
			dec, err := NewDecoder(&out)
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
			enc.Encode(got, r, g, b)
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
