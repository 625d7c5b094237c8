package light

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"noctiluca/installations"
)

// TestFineIsTheFormula: 65535 × light^(1/gamma) and 65535 × L*/100, rounded;
// beside a half either neighbour will do, as light has 24 bits.
func TestFineIsTheFormula(t *testing.T) {
	rng := rand.New(rand.NewPCG(16, 16))
	for _, gamma := range []float64{0, 1, 1.8, 2.2, 2.8, 4} {
		formula := func(v float64) float64 { return 65535 * math.Pow(v, 1/gamma) }
		c := NewLightness()
		if gamma == 0 {
			formula = func(v float64) float64 {
				if v <= 216.0/24389 {
					return 655.35 * v * 24389 / 27
				}
				return 655.35 * (116*math.Cbrt(v) - 16)
			}
		} else {
			c, _ = NewCurve(gamma)
		}
		f := c.Fine()
		for range 50000 {
			v := float32(math.Pow(rng.Float64(), 1+3*rng.Float64()))
			exact := formula(float64(v))
			if d := math.Abs(float64(f.Word(v)) - exact); d > 0.51 {
				t.Fatalf("gamma %v: light %v gives %d, the formula %v", gamma, v, f.Word(v), exact)
			}
		}
		for n, v := range c.words() {
			if f.Word(v) != uint16(n) {
				t.Fatalf("gamma %v: the light of %d gives %d", gamma, n, f.Word(v))
			}
		}
		for v, want := range map[float32]uint16{-1: 0, 0: 0, 1: 65535, 2: 65535, float32(math.NaN()): 0, float32(math.Inf(1)): 65535, float32(math.Inf(-1)): 0} {
			if got := f.Word(v); got != want {
				t.Errorf("gamma %v: light %v gives %d, not %d", gamma, v, got, want)
			}
		}
	}
}

// TestSixteenBitsOnTheWire: coarse before fine, in the fixture's order, never
// dithered; and the way back.
func TestSixteenBitsOnTheWire(t *testing.T) {
	for _, gamma := range []float64{0, 1, 2.2} {
		o := &installations.Output{Name: "test", Gamma: gamma, Lightness: gamma == 0, Dither: true, Bits: 16, Bytes: 22, Runs: []installations.Run{
			{First: 2, Step: -1, Count: 2, Order: installations.Order{1, 0, 2}, Wide: true},
			{First: 0, Step: 1, Count: 1, Offset: 14, Order: installations.Order{0, 1, 2, 3}, Wide: true},
		}}
		e, err := NewEncoder(o, nil)
		if err != nil {
			t.Fatal(err)
		}
		r, g, b := []float32{1, 0.2, 0.4}, []float32{0.2, 0, 1}, []float32{0.4, 0.6, 0.00002}
		dst := make([]byte, o.Bytes)
		dst[12], dst[13] = 9, 9
		e.Encode(dst, r, g, b, 0)
		var want []byte
		curve := NewLightness()
		if gamma != 0 {
			curve, _ = NewCurve(gamma)
		}
		f := curve.Fine()
		for i, v := range []float32{1, 0.4, 0.00002, 0, 0.2, 0.6, -1, float32(float32(1) - 0.2), 0, float32(float32(0.4) - 0.2), 0.2} {
			if i == 6 {
				want = append(want, 9, 9)
				continue
			}
			want = binary.BigEndian.AppendUint16(want, f.Word(v))
		}
		if !bytes.Equal(dst, want) {
			t.Errorf("gamma %v:\n got %v\nwant %v", gamma, dst, want)
		}
		if gamma == 1 && string(dst[:6]) != "\xff\xff\x66\x66\x00\x01" {
			t.Errorf("65535, 26214 and 1 are %x", dst[:6])
		}
		again := bytes.Clone(dst)
		for frame := range uint64(300) {
			if e.Encode(again, r, g, b, frame); !bytes.Equal(again, dst) {
				t.Fatalf("gamma %v: frame %d differs: it is dithered", gamma, frame)
			}
		}
		d, err := NewDecoder(o, nil)
		if err != nil {
			t.Fatal(err)
		}
		r2, g2, b2 := make([]float32, 3), make([]float32, 3), make([]float32, 3)
		d.Decode(dst, r2, g2, b2)
		e.Encode(again, r2, g2, b2, 7)
		if !bytes.Equal(again[:14], dst[:14]) {
			t.Errorf("gamma %v: %v came back as %v", gamma, dst, again)
		}
		for i := 14; i < len(dst); i += 2 { // white is added and taken off again
			if d := int(binary.BigEndian.Uint16(again[i:])) - int(binary.BigEndian.Uint16(dst[i:])); d > 1 || d < -1 {
				t.Errorf("gamma %v: %v came back as %v", gamma, dst, again)
			}
		}
		if d.Decode(dst[:1], r2, g2, b2); g2[2] != 0 || r2[0] != 0 {
			t.Error("light of channels that are missing")
		}
		if n := testing.AllocsPerRun(10, func() { e.Encode(dst, r, g, b, 0) }); n != 0 {
			t.Errorf("Encode allocates %v times", n)
		}
	}
}

func BenchmarkFine(b *testing.B) {
	c, _ := NewCurve(2.2)
	f := c.Fine()
	b.Run("byte", func(b *testing.B) {
		for i := range b.N {
			c.Byte(float32(i&1023) / 1024)
		}
	})
	b.Run("word", func(b *testing.B) {
		for i := range b.N {
			f.Word(float32(i&1023) / 1024)
		}
	})
	b.Run("made", func(b *testing.B) {
		for range b.N {
			c.Fine()
		}
	})
}
