package safety

import (
	"math"
	"testing"

	"noctiluca/assets/leds"
	"noctiluca/engine/crew"
	"noctiluca/installations"

	"pgregory.net/rapid"
)

// TestPublishedMeasurements: what the stage estimates against what others
// measured with a meter, within 5 %.
func TestPublishedMeasurements(t *testing.T) {
	type light struct{ r, g, b float32 }
	full := light{1, 1, 1}
	disk91 := installations.LED{Type: "disk91's", Volts: 5, Idle: 1, Full: [5]float64{255.0 / 16, 255.0 / 16, 255.0 / 16}}
	for _, c := range []struct {
		source string
		led    installations.LED
		pixels int
		light  light
		mA     float64 // of all
	}{
		{"PJRC, WS2812B of the one kind, white", builtin(t, "ws2812b"), 1, full, 52.5},
		{"PJRC, WS2812B of the other kind, white", builtin(t, "ws2812b-low"), 1, full, 33.5},
		{"Accessible Pixel, 16 WS2812 clones, white", builtin(t, "ws2812"), 16, full, 660},
		{"dest-unreach.be, SK6812 RGBW, red", builtin(t, "sk6812rgbw"), 1, light{1, 0, 0}, 7.98 + 0.23},
		{"dest-unreach.be, SK6812 RGBW, green", builtin(t, "sk6812rgbw"), 1, light{0, 1, 0}, 8.11 + 0.23},
		{"dest-unreach.be, SK6812 RGBW, white emitter", builtin(t, "sk6812rgbw"), 1, full, 16.11 + 0.23},
		{"dest-unreach.be, SK6812 RGBW, dark", builtin(t, "sk6812rgbw"), 100, light{}, 23},
		{"disk91, I = 1 + (R + G + B)/16 mA, white", disk91, 1, full, 1 + 765.0/16},
		{"disk91, half red", disk91, 1, light{128.0 / 255, 0, 0}, 9},
		{"disk91, a dim mixture", disk91, 1, light{16.0 / 255, 32.0 / 255, 64.0 / 255}, 8},
	} {
		inst := wall(c.pixels, []installations.LED{c.led}, []int{-1})
		f := stage(t, inst, 1).Make(0, 0, fill(c.pixels, c.light.r), fill(c.pixels, c.light.g), fill(c.pixels, c.light.b), false)
		got := f.Watts() / c.led.Volts * 1000
		off := 100 * (got - c.mA) / c.mA
		t.Logf("%-48s %7.2f mA measured, %7.2f estimated, %+.1f %%", c.source, c.mA, got, off)
		if math.Abs(off) > 5 {
			t.Errorf("%s: %v mA measured, %v estimated: %+.1f %%", c.source, c.mA, got, off)
		}
		f.Release()
	}
}

func builtin(t *testing.T, name string) installations.LED {
	l := leds.ByName(name)
	if l == nil {
		t.Fatal(name)
	}
	led := installations.LED{Type: name, White: l.White(), Volts: l.Volts, Idle: l.Idle}
	copy(led.Full[:], l.Full)
	return led
}

// TestFeedsAndTheWhole: in any run of frames no feed is over its fuse, no
// supply over its watts, and all of it not over the whole's.
func TestFeedsAndTheWhole(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		count := rapid.IntRange(2, 40).Draw(rt, "pixels")
		inst := wall(count, []installations.LED{plain, white}, []int{0, 0}, rapid.Float64Range(0.5, 20).Draw(rt, "supply"))
		inst.Safety.Watts = rapid.Float64Range(0.5, 20).Draw(rt, "whole")
		f := &inst.Fixtures[0]
		f.Feeds = []installations.Feed{{At: 0, Fuse: rapid.Float64Range(0.1, 2).Draw(rt, "fuse")}, {At: 1}}
		c := crew.New(1)
		defer c.Close()
		s, err := NewStage(inst, 1, c)
		if err != nil {
			rt.Fatal(err)
		}
		n := 2 * count
		r, g, b := fill(n, 0), fill(n, 0), fill(n, 0)
		for k := range 6 {
			for i := range n {
				r[i], g[i], b[i] = rapid.Float32Range(0, 1).Draw(rt, "r"), rapid.Float32Range(0, 1).Draw(rt, "g"), rapid.Float32Range(0, 1).Draw(rt, "b")
			}
			frame := s.Make(uint64(k), 0, r, g, b, false)
			fr, fg, fb := frame.RGB()
			total, idle := 0.0, 0.0
			for i := range inst.Fixtures {
				fix := &inst.Fixtures[i]
				idle += fix.LED.Volts * fix.LED.Idle / 1000 * float64(count)
				for p := fix.First; p < fix.First+count; p++ {
					total += draw(fix.LED, fr[p], fg[p], fb[p])
				}
			}
			if limit := min(inst.Supplies[0].Watts, inst.Safety.Watts); total+idle > max(limit, idle)+1e-9 {
				rt.Fatalf("frame %d: %v W, limit %v", k, total+idle, limit)
			}
			span := Spans(f)[0]
			amps := 0.0
			for p := span.First; p < span.End; p++ {
				amps += (draw(f.LED, fr[p], fg[p], fb[p]) + f.LED.Volts*f.LED.Idle/1000) / f.LED.Volts
			}
			least := f.LED.Idle / 1000 * float64(span.End-span.First)
			if fuse := f.Feeds[0].Fuse; amps > max(fuse, least)+1e-9 {
				rt.Fatalf("frame %d: %v A through a fuse of %v A", k, amps, fuse)
			}
			frame.Release()
		}
	})
}

// TestDropGrowsWithTheSquare: twice the pixels lose about four times the
// voltage along them; fed at both ends, a quarter.
func TestDropGrowsWithTheSquare(t *testing.T) {
	drop := func(count int, feeds ...installations.Feed) float64 {
		f := &installations.Fixture{Count: count, LED: plain, Link: 0.0062, Feeds: feeds}
		most := 0.0
		for _, s := range Spans(f) {
			cable, links := Drop(f, s, 50)
			most = max(most, cable+links)
		}
		return most
	}
	one, two, both := drop(60, installations.Feed{}), drop(120, installations.Feed{}), drop(120, installations.Feed{}, installations.Feed{At: 1})
	if two/one < 3.9 || two/one > 4.1 || two/both < 3.9 || two/both > 4.2 {
		t.Errorf("60 pixels lose %v V, 120 %v V, 120 fed at both ends %v V", one, two, both)
	}
	// By hand: 60 × 59 / 2 links' worth of 50 mA through 6.2 mΩ.
	if want := 0.05 * 0.0062 * 59 * 60 / 2; math.Abs(one-want) > 1e-9 {
		t.Errorf("60 pixels lose %v V, want %v", one, want)
	}
	if c, _ := Drop(&installations.Fixture{Count: 100, LED: plain, Feeds: []installations.Feed{{Ohms: 0.1}}}, Span{0, 0, 100}, 50); math.Abs(c-0.5) > 1e-9 {
		t.Errorf("5 A through 0.1 Ω lose %v V", c)
	}
}

// TestVoltageAtTheEnd: whatever the light, every pixel of a fixture whose feeds
// are stated keeps its LED's least voltage, by Ohm's law from link to link;
// hue is kept; light that needs no dimming is untouched; and it is said.
func TestVoltageAtTheEnd(t *testing.T) {
	// White from one end: 99 links of 6.2 mΩ, at full 44 mA a pixel, would lose
	// far more than the 0.5 V it may.
	if !keepsVoltage(t, 100, 4.5, 0.0062, []installations.Feed{{}}, 1, func() float32 { return 1 }) {
		t.Error("the end of 100 white pixels fed from one end was never held, or it was not said")
	}
	rapid.Check(t, func(rt *rapid.T) {
		count := rapid.IntRange(2, 150).Draw(rt, "pixels")
		least := rapid.Float64Range(3, 4.8).Draw(rt, "least")
		link := rapid.Float64Range(0, 0.02).Draw(rt, "link")
		var feeds []installations.Feed
		for range rapid.IntRange(1, 3).Draw(rt, "feeds") {
			feeds = append(feeds, installations.Feed{At: rapid.Float64Range(0, 1).Draw(rt, "at"), Ohms: rapid.Float64Range(0, 0.2).Draw(rt, "ohms"), Fuse: rapid.SampledFrom([]float64{0, 0, 1}).Draw(rt, "fuse")})
		}
		keepsVoltage(rt, count, least, link, feeds, 4, func() float32 { return rapid.Float32Range(0, 1).Draw(rt, "light") })
	})
}

// keepsVoltage makes frames of light on a fixture of count pixels, requires of
// each what TestVoltageAtTheEnd says, and is whether the stage said that it
// held a voltage by dimming.
func keepsVoltage(t rapid.TB, count int, least, link float64, feeds []installations.Feed, frames int, light func() float32) (held bool) {
	led := installations.LED{Type: "test", Volts: 5, Idle: 1, Full: [5]float64{17.5, 17.5, 17.5}, Least: least}
	inst := wall(count, []installations.LED{led}, []int{-1})
	f := &inst.Fixtures[0]
	f.Link, f.Feeds = link, feeds
	c := crew.New(1)
	defer c.Close()
	s, err := NewStage(inst, 1, c)
	if err != nil {
		t.Fatal(err)
	}
	r, g, b := fill(count, 0), fill(count, 0), fill(count, 0)
	for k := range frames {
		for i := range count {
			v := light()
			r[i], g[i], b[i] = v, v*0.5, v*v
		}
		frame := s.Make(uint64(k), 0, r, g, b, false)
		fr, fg, fb := frame.RGB()
		idle, _ := leastVolts(f, fill(count, 0), fill(count, 0), fill(count, 0))
		got, at := leastVolts(f, fr, fg, fb)
		if got < min(led.Least, idle)-1e-9 {
			t.Fatalf("frame %d: pixel %d has %v V, its least is %v V (%v V dark)", k, at, got, led.Least, idle)
		}
		asked, _ := leastVolts(f, r, g, b)
		if k == 0 && asked > led.Least && !frame.Limited() && fr[0] != r[0] {
			t.Fatalf("light that leaves %v V was dimmed", asked)
		}
		for i := range count {
			if r[i] > 1e-3 && fr[i] > 1e-5 {
				if d := math.Abs(float64(fg[i]/fr[i] - g[i]/r[i])); d > 1e-5 {
					t.Fatalf("pixel %d: green to red was %v and is %v", i, g[i]/r[i], fg[i]/fr[i])
				}
			}
		}
		frame.Release()
	}
	events, _ := s.Events(0, nil)
	for _, e := range events {
		held = held || e.Limit == "voltage" && e.Gain < 1
	}
	return held
}

// leastVolts is the least voltage that a pixel has, and which: every link's
// current summed from the far end, every link's drop subtracted on the way.
func leastVolts(f *installations.Fixture, r, g, b []float32) (least float64, at int) {
	least = f.LED.Volts
	amps := func(p int) float64 {
		return (draw(f.LED, r[p], g[p], b[p])/f.LED.Volts + f.LED.Idle/1000)
	}
	for _, span := range Spans(f) {
		feed := &f.Feeds[span.Feed]
		enters := f.First + int(feed.At*float64(f.Count-1)+0.5)
		total := 0.0
		for p := span.First; p < span.End; p++ {
			total += amps(p)
		}
		for _, way := range []int{1, -1} {
			volts := f.LED.Volts - total*feed.Ohms
			for p := enters; p >= span.First && p < span.End; p += way {
				if volts < least {
					least, at = volts, p
				}
				beyond := 0.0
				for q := p + way; q >= span.First && q < span.End; q += way {
					beyond += amps(q)
				}
				volts -= beyond * f.Link
			}
		}
	}
	return least, at
}
