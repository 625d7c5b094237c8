package installations

import (
	"bytes"
	"fmt"
	"math"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"noctiluca/installations/document"
)

// whole checks all that an installation without errors promises.
func whole(t testing.TB, inst *Installation) {
	t.Helper()
	px := &inst.Pixels
	n := px.Count()
	for _, l := range []int{len(px.Y), len(px.Z), len(px.Fixture), len(px.Along), len(px.Random)} {
		if l != n {
			t.Fatalf("%d pixels, but a slice of %d", n, l)
		}
	}
	next := 0
	for i, f := range inst.Fixtures {
		if f.First != next || f.Count < 1 || f.Supply < -1 || f.Supply >= len(inst.Supplies) || len(f.Order) < 3 || f.LED.White != (len(f.Order) == 4) {
			t.Fatalf("fixture %d is %+v; its first pixel should be %d", i, f, next)
		}
		for p := f.First; p < f.First+f.Count; p++ {
			if int(px.Fixture[p]) != i {
				t.Fatalf("pixel %d is of fixture %d: expected %d", p, px.Fixture[p], i)
			}
		}
		next += f.Count
	}
	if next != n {
		t.Fatalf("fixtures have %d pixels: expected %d", next, n)
	}
	for p := range n {
		for _, v := range []float32{px.X[p], px.Y[p], px.Z[p]} {
			if !(math.Abs(float64(v)) <= farthest) {
				t.Fatalf("pixel %d is at %v", p, v)
			}
		}
		if !(px.Along[p] >= 0 && px.Along[p] <= 1 && px.Random[p] >= 0 && px.Random[p] < 1) {
			t.Fatalf("pixel %d: along %v, random %v", p, px.Along[p], px.Random[p])
		}
	}
	wired(t, inst)
	for _, s := range inst.Scenes {
		if len(s.Layers) == 0 {
			t.Fatalf("scene %s has no layer", s.Name)
		}
		for _, l := range s.Layers {
			if l.Group < 0 || l.Group >= len(inst.Groups) || len(l.FieldText) == 0 {
				t.Fatalf("layer %+v", l)
			}
			for _, p := range l.Parameters {
				if !(p.Min < p.Max || p.Min == p.Max) || p.Default < p.Min || p.Default > p.Max {
					t.Fatalf("parameter %+v", p)
				}
				for _, m := range p.Modulations {
					if m.Cell < -1 || m.Cell >= len(inst.Cells) {
						t.Fatalf("modulation %+v", m)
					}
				}
			}
		}
	}
	if Survey(inst).Pixels != n {
		t.Fatal("the survey counts other pixels")
	}
}

// wired checks that every pixel has its bytes, once, whole, in one universe.
func wired(t testing.TB, inst *Installation) {
	t.Helper()
	if len(inst.Outputs) == 0 {
		return
	}
	seen := make([]bool, inst.Pixels.Count())
	for _, o := range inst.Outputs {
		end := 0
		universe := make([]int, o.Bytes) // of each byte
		for i, u := range o.Universes {
			if u.Offset != end || u.Length < 1 || u.Length > protocols[o.Protocol].slots || u.Length%2 != 0 && protocols[o.Protocol].even || u.Number < 0 || u.Number > 63999 {
				t.Fatalf("output %s: universe %+v after %d bytes", o.Name, u, end)
			}
			end += u.Length
			for b := u.Offset; b < end; b++ {
				universe[b] = i
			}
		}
		if end != o.Bytes {
			t.Fatalf("output %s: universes hold %d bytes of %d", o.Name, end, o.Bytes)
		}
		taken := make([]bool, o.Bytes)
		for _, r := range o.Runs {
			for i := range r.Count {
				p, at := r.First+i*r.Step, r.Offset+i*r.Width()
				if seen[p] {
					t.Fatalf("pixel %d has bytes twice", p)
				}
				seen[p] = true
				for b := at; b < at+r.Width(); b++ {
					if taken[b] {
						t.Fatalf("output %s: byte %d belongs to two pixels", o.Name, b)
					}
					taken[b] = true
					if universe[b] != universe[at] {
						t.Fatalf("output %s: pixel %d is split over two universes", o.Name, p)
					}
				}
				if universe[r.Offset] != universe[at] {
					t.Fatalf("output %s: run %+v leaves its universe", o.Name, r)
				}
			}
		}
	}
	for p, ok := range seen {
		if !ok {
			t.Fatalf("pixel %d has no bytes", p)
		}
	}
}

// Any wiring that is taken gives every pixel its bytes; and reading them back
// where the wire says they are gives the pixels in the order of the wire.
func TestLayProperty(t *testing.T) {
	orders := []Order{{0, 1, 2}, {1, 0, 2}, {1, 0, 2, 3}}
	rapid.Check(t, func(t *rapid.T) {
		split := rapid.SampledFrom([]int{0, 0, 1, 50, 128}).Draw(t, "split")
		var items []item
		pixels, universe := 0, 5
		var wire []int // pixels in the order of the wire
		for range rapid.IntRange(1, 8).Draw(t, "items") {
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0:
				items = append(items, item{gap: rapid.IntRange(1, 40).Draw(t, "gap"), universe: -1})
			case 1:
				universe += 1000
				items = append(items, item{universe: universe})
			default:
				it := item{first: pixels, count: rapid.IntRange(1, 600).Draw(t, "count"), reverse: rapid.Bool().Draw(t, "reverse"), order: rapid.SampledFrom(orders).Draw(t, "order"), wide: rapid.Bool().Draw(t, "wide"), universe: -1}
				items = append(items, it)
				for k := range it.count {
					if it.reverse {
						k = it.count - 1 - k
					}
					wire = append(wire, it.first+k)
				}
				pixels += it.count
			}
		}
		refused := 0
		l := lay(items, 5, split, protocols["artnet"], func(document.Place, string) { refused++ })
		inst := &Installation{Outputs: []Output{{Protocol: "artnet", Universes: l.universes, Runs: l.runs, Bytes: l.bytes}}}
		inst.Pixels.X = make([]float32, pixels)
		if len(l.opened) != len(l.universes) {
			t.Fatalf("%d universes, %d places", len(l.universes), len(l.opened))
		}
		check(t, func(tb testing.TB) { wired(tb, inst) })
		var back []int
		at := -1
		for _, r := range l.runs {
			if r.Offset <= at {
				t.Fatalf("run %+v stands before its predecessor", r)
			}
			at = r.Offset
			for i := range r.Count {
				back = append(back, r.First+i*r.Step)
			}
		}
		if fmt.Sprint(back) != fmt.Sprint(wire) {
			t.Fatalf("the wire carries %v: expected %v", back, wire)
		}
		if split > 0 {
			for i, u := range l.universes {
				if u.Length > min(512, split*8+1) {
					t.Fatalf("universe %d has %d channels with split %d", i, u.Length, split)
				}
			}
		}
	})
}

// check lets a helper for tests serve a property: what it reports fails it.
func check(t *rapid.T, f func(testing.TB)) {
	r := &reporter{T: t}
	f(r)
}

type reporter struct {
	testing.TB
	T *rapid.T
}

func (r *reporter) Helper()                      {}
func (r *reporter) Fatal(args ...any)            { r.T.Fatal(args...) }
func (r *reporter) Fatalf(s string, args ...any) { r.T.Fatalf(s, args...) }

// The numbers that everybody gets wrong once.
func TestUniverseSizes(t *testing.T) {
	for _, c := range []struct {
		pixels int
		order  Order
		split  int
		want   string
		wide   bool
	}{
		{170, Order{0, 1, 2}, 0, "510", false},
		{171, Order{0, 1, 2}, 0, "510 4", false}, // three channels, made even
		{340, Order{0, 1, 2}, 0, "510 510", false},
		{128, Order{0, 1, 2, 3}, 0, "512", false},
		{129, Order{0, 1, 2, 3}, 0, "512 4", false},
		{171, Order{0, 1, 2}, 171, "510 4", false}, // split is checked before; the wire holds all the same
		{101, Order{0, 1, 2}, 50, "150 150 4", false},
		{85, Order{0, 1, 2}, 0, "510", true}, // of 16 bits half as many
		{86, Order{0, 1, 2}, 0, "510 6", true},
		{64, Order{0, 1, 2, 3}, 0, "512", true},
		{65, Order{0, 1, 2, 3}, 0, "512 8", true},
		{101, Order{0, 1, 2}, 50, "300 300 6", true},
	} {
		l := lay([]item{{count: c.pixels, order: c.order, wide: c.wide, universe: -1}}, 0, c.split, protocols["artnet"], nil)
		got := ""
		for i, u := range l.universes {
			if i > 0 {
				got += " "
			}
			got += fmt.Sprint(u.Length)
			if u.Number != i {
				t.Errorf("universe %d is numbered %d", i, u.Number)
			}
		}
		if got != c.want {
			t.Errorf("%d pixels of %s, 16 bits %v, split %d: %s channels, expected %s", c.pixels, c.order, c.wide, c.split, got, c.want)
		}
	}
}

func TestWattsAreThoseOfTheSource(t *testing.T) {
	rgbw := LED{White: true, Volts: 5, Idle: 0.23, Full: [5]float64{7.98, 8.11, 7.98, 16.11}}
	for _, c := range []struct{ r, g, b, mA float64 }{
		{0, 0, 0, 0.23}, {1, 0, 0, 8.21}, {1, 1, 1, 16.34}, {1, 0.5, 0.5, 0.23 + 3.99 + 8.055},
	} {
		if got := rgbw.Watts(c.r, c.g, c.b); math.Abs(got-c.mA*5/1000) > 1e-12 {
			t.Errorf("light %v %v %v: %v W, expected %v mA at 5 V", c.r, c.g, c.b, got, c.mA)
		}
	}
	if got := rgbw.Peak(); math.Abs(got-5*(0.23+16.11)/1000) > 1e-12 {
		t.Errorf("at most %v W", got)
	}
	// Two colours that draw more together than white does.
	rgbw.Full[3] = 5
	if got := rgbw.Peak(); math.Abs(got-5*(0.23+7.98+8.11)/1000) > 1e-12 {
		t.Errorf("at most %v W", got)
	}
}

func TestSurvey(t *testing.T) {
	yaml := `
noctiluca: 1
name: s
title: Survey
rate: 40
supplies: [{name: a, watts: 20}]
fixtures:
  - {name: x, kind: ring, led: ws2812b, supply: a, ring: {radius: 1, pixels: 171}}
  - {name: y, kind: ring, ring: {radius: 1, pixels: 10}}
  - {name: z, kind: ring, led: ws2812b, supply: a, ring: {radius: 1, pixels: 86}}
outputs:
  - {name: o, protocol: artnet, host: h, universe: 0, sync: true, fixtures: [x]}
  - {name: p, protocol: sacn, multicast: true, universe: 1, fixtures: [y]}
  - {name: q, protocol: artnet, host: h, universe: 10, bits: 16, fixtures: [z]}
scenes: [{name: s, layers: [{name: l, field: glow}]}]
`
	inst, problems := Open(fstest.MapFS{"s.yaml": {Data: []byte(yaml)}}, "s.yaml", fields)
	if inst == nil {
		t.Fatal(problems)
	}
	r := Survey(inst)
	// Art-Net: 18 bytes before the data, 28 of UDP and IPv4, 38 of Ethernet;
	// the second universe carries 4 channels: 50 bytes, over the least of 46.
	// ArtSync is 14: padded to 46.
	o := r.Outputs[0]
	if want := 40.0 * (18 + 510 + 28 + 38 + 18 + 4 + 28 + 38 + 46 + 38); o.Bytes != want || o.Packets != 120 {
		t.Errorf("%v bytes and %v packets a second: expected %v and 120", o.Bytes, o.Packets, want)
	}
	if want := 40.0 * (126 + 30 + 28 + 38); r.Outputs[1].Bytes != want {
		t.Errorf("sACN: %v bytes a second: expected %v", r.Outputs[1].Bytes, want)
	}
	o = r.Outputs[2]
	if want := 40.0 * (18 + 510 + 28 + 38 + 18 + 6 + 28 + 38); o.Bytes != want || o.Packets != 80 || o.Universes != 2 || o.Channels != 516 || o.Pixels != 86 {
		t.Errorf("16 bits: %+v, expected %v bytes a second", o, want)
	}
	if q := inst.Outputs[2]; q.Dither || q.Bits != 16 || !q.Runs[0].Wide || inst.Outputs[0].Runs[0].Wide || !inst.Outputs[0].Dither {
		t.Errorf("16 bits: %+v", q)
	}
	if s := r.Supplies[0]; math.Abs(s.Full-257*0.2675) > 1e-9 || math.Abs(s.Third-257*0.0925) > 1e-9 || math.Abs(s.Dark-257*0.005) > 1e-9 {
		t.Errorf("supply: %+v", s)
	}
	if r.Assumed != 10 || len(r.Supplies) != 2 || math.Abs(r.Total.Full-r.Supplies[0].Full-r.Supplies[1].Full) > 1e-9 {
		t.Errorf("%+v", r)
	}
	var b bytes.Buffer
	if _, err := r.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"267 pixels on 3 fixtures, 40 frames a second", "artnet h", "artnet h (16 bits)", "multicast", "68.7", "(no supply)", "10 pixels have no LED type"} {
		if !bytes.Contains(b.Bytes(), []byte(want)) {
			t.Errorf("the report lacks %q:\n%s", want, b.String())
		}
	}
}

func TestOpenNamed(t *testing.T) {
	dir := t.TempDir()
	for name, want := range map[string]string{
		"testdata/small.yaml":  "",
		"forset":               "did you mean forest?",
		dir:                    "the folder has no file of this name",
		"testdata/nothing.yam": "there is no such file",
	} {
		inst, problems := OpenNamed(name, fields)
		if want == "" && inst == nil || want != "" && (inst != nil || !bytes.Contains([]byte(problems.Error()), []byte(want))) {
			t.Errorf("%s: %v, expected %q", name, problems, want)
		}
	}
	// A field of its own is named with the folder, for messages.
	inst, _ := OpenNamed("testdata/small.yaml", fields)
	if got := inst.Scenes[0].Layers[1].FieldFile; got != "testdata/own.kage" {
		t.Errorf("its field is %q", got)
	}
}
