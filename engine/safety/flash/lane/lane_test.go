package lane

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// source makes light and extremes around every threshold. What it makes is
// made up for these tests.
type source struct{ *rand.Rand }

func (s source) is(share float32) bool { return s.Float32() < share }

func (s source) signed(v float32) float32 {
	return math.Float32frombits(math.Float32bits(v) | s.Uint32()&SignBit)
}

// bits are as many ones as share says.
func (s source) bits(share float32) (b Bits) {
	for i := range Size {
		if s.is(share) {
			b[i/64] |= 1 << (i % 64)
		}
	}
	return b
}

// lights is how many lights of a block there are.
func (s source) lights() int {
	if s.is(0.5) {
		return Size
	}
	return 16 * (1 + s.IntN(Size/16))
}

// rules are those of a room, those of a screen, and some with every part.
func (s source) rules() *Rules {
	red := NewTrack(20.0/320, Endless, 0)
	switch s.IntN(3) {
	case 0:
		return NewRules(NewTrack(20, 160, float32(1+1.0/17)/float32(1-1.0/17)), red, 0.8)
	case 1:
		return NewRules(NewTrack(20, 160, 0), red, 0.8)
	}
	return NewRules(NewTrack(1+50*s.Float32(), 30+300*s.Float32(), 1+s.Float32()), NewTrack(0.3*s.Float32(), 0.5, 1.5), s.Float32())
}

// near is a value at a threshold of an extreme, or just beside it, or any.
func (s source) near(t *Track, ext, most float32) float32 {
	size := math.Float32frombits(math.Float32bits(ext) &^ SignBit)
	v := most * s.Float32()
	switch s.IntN(6) {
	case 0:
		v = t.Above(size)
	case 1:
		v = t.Below(size)
	case 2:
		v = size
	case 3:
		v = 0
	}
	if s.IntN(3) == 0 {
		v = math.Nextafter32(v, most*float32(s.IntN(2)))
	}
	if v > 0 && v < Endless { // and neither less nor no number
		return v
	}
	return 0
}

// blocks are what one block is followed with, twice the same, except for
// what is written.
func (s source) blocks(y bool) (of [2]*Block) {
	r := s.rules()
	one := &Block{R: new([Size]float32), G: new([Size]float32), B: new([Size]float32), Y: new([Size]float32), OldLum: new([Size]float32), OldRed: new([Size]float32), Rules: r, N: s.lights()}
	for i, f := range []float32{460, 800, 220} {
		one.Full[i] = Of(f)
	}
	red, moves := s.Float32(), s.Float32()
	sat := s.bits(s.Float32())
	one.OldSat = &sat
	for i := range Size {
		one.R[i], one.G[i], one.B[i] = s.Float32(), s.Float32(), s.Float32()
		ext := s.signed(800 * s.Float32())
		if s.is(0.1) {
			ext = s.signed(0)
		}
		one.OldLum[i] = ext
		one.OldRed[i] = s.signed(s.Float32())
		if s.is(0.3) {
			one.OldRed[i] = s.signed(0)
		}
		if y {
			one.Y[i] = s.near(&r.Lum, ext, 1500)
			if !s.is(moves) {
				one.Y[i] = math.Float32frombits(math.Float32bits(ext) &^ SignBit)
			}
		}
		switch {
		case s.is(red): // nearly saturated, or a difference that matters
			one.G[i], one.B[i] = one.R[i]*0.25*s.Float32(), 0
			if s.is(0.5) {
				one.R[i] = s.near(&r.Red, one.OldRed[i], 1)
				one.G[i] = 0
			}
		case s.is(0.5) || red < 0.3:
			v := min(one.R[i], one.G[i]) // no red
			one.R[i], one.G[i] = v, v
		}
	}
	for k := range of {
		b := *one
		b.NextLum, b.NextRed, b.NextSat, b.Codes, b.Sums = new([Size]float32), new([Size]float32), new(Bits), &Codes{{7}, {7}, {7}, {7}}, new([Size]float32)
		for i := range b.Sums {
			b.Sums[i], b.NextLum[i], b.NextRed[i] = float32(i), 7, 7
		}
		of[k] = &b
	}
	return of
}

func wordsOf(v *[Size]float32) (w [Size]uint32) {
	for i, x := range v {
		w[i] = math.Float32bits(x)
	}
	return w
}

// TestFollow: every set follows blocks to the same bits as the plain one.
func TestFollow(t *testing.T) {
	for _, set := range Sets() {
		kernels := [4][2]func(*Block){{set.Dark, plain.Dark}, {set.DarkY, plain.DarkY}, {set.Full, plain.Full}, {set.FullY, plain.FullY}}
		var hot, glows, lit, coded int
		for seed := range uint64(1500) {
			s := source{rand.New(rand.NewPCG(seed, 1))}
			k := s.IntN(4)

			of := s.blocks(k%2 == 1)
			for i, b := range of {
				kernels[k][i](b)
			}
			a, b := of[0], of[1]
			if wordsOf(a.NextLum) != wordsOf(b.NextLum) || wordsOf(a.NextRed) != wordsOf(b.NextRed) || wordsOf(a.Sums) != wordsOf(b.Sums) {
				t.Fatalf("%s, seed %d, kernel %d: other extremes or sums", set.Name, seed, k)
			}
			if x, y := fmt.Sprintf("%x %x", *a.Codes, *a.NextSat), fmt.Sprintf("%x %x", *b.Codes, *b.NextSat); x != y {
				t.Fatalf("%s, seed %d, kernel %d:\n%s, want\n%s", set.Name, seed, k, x, y)
			}
			if a.Glows != b.Glows || a.Lit != b.Lit || (a.Codes.any() && a.Hot == 0) != (b.Codes.any() && b.Hot == 0) {
				t.Fatalf("%s, seed %d, kernel %d: %d %d %d, want %d %d %d", set.Name, seed, k, a.Hot, a.Glows, a.Lit, b.Hot, b.Glows, b.Lit)
			}
			hot, glows, lit = hot+int(b.Hot), glows+int(b.Glows), lit+int(b.Lit)
			for _, c := range b.Codes {
				if c.Any() {
					coded++
				}
			}
		}
		if hot < 500 || glows < 500 || lit < 400 || coded < 1000 {
			t.Errorf("%s: of 1500 blocks only %d turned, in %d codes, %d glowed red, %d were lit", set.Name, hot, coded, glows, lit)
		}
	}
}

func (c *Codes) any() bool { return c[0].Any() || c[1].Any() || c[2].Any() || c[3].Any() }

// TestChoose: every set decides as the plain one does.
func TestChoose(t *testing.T) {
	for _, set := range Sets() {
		dimmed, marks := 0, 0
		for seed := range uint64(1500) {
			s := source{rand.New(rand.NewPCG(seed, 2))}
			r := s.rules()
			rule, most := &r.Lum, float32(1500)
			if s.is(0.5) {
				rule, most = &r.Red, 1
			}
			soft, up := s.bits(s.Float32()), s.bits(s.Float32())
			one := Choice{Old: new([Size]float32), Next: new([Size]float32), Turned: &up, Soft: &soft, Flags: new([Size]uint8), Rule: rule, Near: r.Near, Sign: r.Sign, Most: Of(1 - 3e-6), Back: Of(most * s.Float32() * s.Float32()), N: s.lights()}
			if s.is(0.5) {
				one.Margin = Of(most / 255)
			}
			for i := one.N; i < Size; i++ {
				soft[i/64] &^= 1 << (i % 64)
				up[i/64] &^= 1 << (i % 64)
			}
			flags := uint8(s.IntN(8) << 5)
			for i := range Size {
				if s.is(0.1) {
					flags = uint8(s.IntN(8) << 5)
				}
				one.Flags[i] = flags
				size := most * s.Float32()
				if up[i/64]>>(i%64)&1 != 0 { // it was low, and is over what is allowed
					one.Old[i] = math.Float32frombits(math.Float32bits(size) | SignBit)
					one.Next[i] = math.Nextafter32(rule.Above(size), most*2) + size*float32(s.IntN(2))
				} else {
					one.Old[i] = s.signed(size)
					one.Next[i] = s.signed(size + s.Float32()*most*float32(s.IntN(2)))
				}
			}
			var of [2]Choice
			for k := range of {
				of[k] = one
				of[k].Before, of[k].Gains, of[k].Then = new([Size]float32), new([Size]float32), new(Bits)
				if seed%2 == 0 {
					of[k].Gains = of[k].Before
				}
			}
			for i := range Size {
				g := float32(1)
				if s.is(0.2) {
					g = s.Float32()
				}
				of[0].Before[i], of[1].Before[i] = g, g
			}
			before := *of[0].Before
			set.Choose(&of[0])
			plain.Choose(&of[1])
			a, b := wordsOf(of[0].Gains), wordsOf(of[1].Gains)
			if !slices.Equal(a[:one.N], b[:one.N]) {
				for i := range one.N {
					if a[i] != b[i] {
						t.Fatalf("%s, seed %d, light %d: gain %v, want %v: old %v, next %v, turned %v, soft %v, flags %#x", set.Name, seed, i, of[0].Gains[i], of[1].Gains[i], one.Old[i], one.Next[i],
							up[i/64]>>(i%64)&1, soft[i/64]>>(i%64)&1, one.Flags[i])
					}
				}
			}
			if *of[0].Then != *of[1].Then {
				t.Fatalf("%s, seed %d: marks %x, want %x", set.Name, seed, *of[0].Then, *of[1].Then)
			}
			if *of[1].Gains != before {
				dimmed++
			}
			if *of[1].Then != soft {
				marks++
			}
		}
		if dimmed < 500 || marks < 500 {
			t.Errorf("%s: of 1500 blocks only %d were dimmed, %d marked otherwise", set.Name, dimmed, marks)
		}
	}
}

// TestAdd: every set adds up to what lights one by one do.
func TestAdd(t *testing.T) {
	for _, set := range Sets() {
		for seed := range uint64(300) {
			s := source{rand.New(rand.NewPCG(seed, 4))}
			lights := 1 + s.IntN(MaxLights)
			a := &Areas{Cells: make([]Sum, 300), N: lights}
			for i := range a.A {
				a.A[i], a.B[i] = s.Uint64(), s.Uint64()&s.Uint64()
			}
			want := make([]Sum, 300)
			for i := range want {
				x := Sum{s.Uint64() >> 20, s.Uint64() >> 20}
				want[i], a.Cells[i] = x, x
			}
			for at := 0; at < lights; {
				cell, n := s.IntN(300), 1+s.IntN(1+s.IntN(4))
				n = min(n, lights-at)
				var f Four
				for k := range n {
					f[k] = 1 + s.Uint32N(2e8)
					i := at + k
					want[cell][0] += uint64(f[k]) * (a.A[i/64] >> (i % 64) & 1)
					want[cell][1] += uint64(f[k]) * (a.B[i/64] >> (i % 64) & 1)
				}
				a.Fours, a.Where = append(a.Fours, f), append(a.Where, At(cell, at))
				for i := range n {
					a.Seen = append(a.Seen, Seen{int32(cell), int32(f[i])})
				}
				at += n
			}
			if do := set.Add; seed%2 == 0 {
				do(a)
			} else {
				for i := lights; i < MaxLights; i++ {
					a.A[i/64] &^= 1 << (i % 64)
					a.B[i/64] &^= 1 << (i % 64)
				}
				set.AddFew(a)
			}
			for i := range want {
				if a.Cells[i] != want[i] {
					t.Fatalf("%s, seed %d, cell %d: %d, want %d", set.Name, seed, i, a.Cells[i], want[i])
				}
			}
		}
	}
}

// TestSpread and TestTell: every set does what the plain one does.
func TestSpread(t *testing.T) {
	for _, set := range Sets() {
		for seed := range uint64(100) {
			s := source{rand.New(rand.NewPCG(seed, 6))}
			const cells = 200
			w := Windows{Before: make([]Sum, cells+1)}
			for i := range w.Before {
				w.Before[i] = Sum{s.Uint64(), s.Uint64()}
			}
			for range s.IntN(30) {
				w.First = append(w.First, int32(len(w.Runs)))
				for range s.IntN(5) {
					from := s.IntN(cells)
					w.Runs = append(w.Runs, Run{int32(from), int32(from + 1 + s.IntN(cells-from))})
				}
			}
			w.Sums = make([]Sum, len(w.First))
			w.First = append(w.First, int32(len(w.Runs)))
			want := w
			want.Sums = make([]Sum, len(w.Sums))
			set.Spread(&w)
			plain.Spread(&want)
			if !slices.Equal(w.Sums, want.Sums) {
				t.Fatalf("%s, seed %d: %v, want %v", set.Name, seed, w.Sums, want.Sums)
			}
		}
	}
}

func TestTell(t *testing.T) {
	for _, set := range Sets() {
		for seed := range uint64(100) {
			s := source{rand.New(rand.NewPCG(seed, 7))}
			a := Tell{Cells: make([]uint8, 100+16), Crowds: make([]Crowd, s.IntN(9))}
			for i := range a.Cells {
				a.Cells[i] = uint8(s.Uint32())
			}
			for i := range a.Crowds {
				for k := range 2 {
					a.Crowds[i].First[k], a.Crowds[i].Second[k] = int32(s.IntN(100)), int32(s.IntN(100))
				}
				for k := range a.Crowds[i].After {
					a.Crowds[i].After[k] = uint8(s.IntN(16) | s.IntN(2)*Then)
				}
			}
			a.Lights = make([]uint8, len(a.Crowds)*32)
			b := a
			b.Lights = make([]uint8, len(a.Lights))
			set.Tell(&a)
			plain.Tell(&b)
			if !slices.Equal(a.Lights, b.Lights) {
				t.Fatalf("%s, seed %d: %v, want %v", set.Name, seed, a.Lights, b.Lights)
			}
		}
	}
}

// BenchmarkKernels are what a light costs, in blocks that lie in the
// second-level cache.
func BenchmarkKernels(b *testing.B) {
	for _, set := range Sets() {
		s := source{rand.New(rand.NewPCG(1, 5))}
		for k, name := range []string{"dark", "darkY", "full", "fullY"} {
			do := []func(*Block){set.Dark, set.DarkY, set.Full, set.FullY}[k]
			for _, turns := range []bool{false, true} {
				of := s.blocks(k%2 == 1)[0]
				for i := range Size {
					of.R[i] = min(of.R[i], of.G[i])
					y := of.luminance(i, k%2 == 1)
					if !turns {
						of.OldLum[i], of.OldRed[i] = -y, math.Float32frombits(SignBit)
					}
				}
				b.Run(fmt.Sprintf("%s/%s/turns=%v", set.Name, name, turns), func(b *testing.B) {
					for range b.N {
						do(of)
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/Size, "ns/light")
				})
			}
		}
		a := &Areas{Cells: make([]Sum, 5000), N: MaxLights}
		for i := 0; i < MaxLights; i += 4 {
			a.Fours, a.Where = append(a.Fours, Four{1, 2, 3, 4}), append(a.Where, At(i, i))
		}
		for i := range a.A {
			a.A[i], a.B[i] = s.Uint64(), s.Uint64()
		}
		b.Run(set.Name+"/add", func(b *testing.B) {
			for range b.N {
				set.Add(a)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/MaxLights, "ns/light")
		})
	}
}
