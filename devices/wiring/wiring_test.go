package wiring

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"noctiluca/installations"

	"pgregory.net/rapid"
)

const two = `noctiluca: 1
name: two
title: Two <wires> & a gap
supplies: [{name: box, watts: 40}]
leds: [{name: l, volts: 5, idle: 0, full: [20, 20, 20]}]
fixtures:
  - {name: a, kind: strip, led: l, supply: box, strip: {points: [[0, 0, 0], [10, 0, 0]], pixels: 201}}
  - {name: b, kind: strip, led: l, strip: {points: [[0, 1, 0], [1, 1, 0]], pixels: 21}}
outputs:
  - {name: one, protocol: artnet, host: 10.0.0.1, universe: 0, fixtures: [{gap: 6}, a, {universe: 8}, {fixture: b, first: 5, count: 10, reverse: true}]}
  - {name: rest, protocol: sacn, multicast: true, universe: 1, fixtures: [{fixture: b, count: 5}, {fixture: b, first: 15}]}
scenes: [{name: s, layers: [{name: l, field: f.kage}]}]
`

func installation(t testing.TB) *installations.Installation {
	t.Helper()
	inst, problems := installations.Open(fstest.MapFS{"i.yaml": {Data: []byte(two)}, "f.kage": {Data: []byte("package main")}}, "i.yaml", nil)
	if inst == nil {
		t.Fatal(problems)
	}
	return inst
}

func TestRowsSayWhatHangsWhere(t *testing.T) {
	s := New(installation(t), Options{})
	var got []string
	for _, o := range s.Outputs {
		for _, r := range o.Rows {
			from, to := r.Wire()
			got = append(got, fmt.Sprintf("%s port %d: %s %s (%d) %s to %s, %.2f m, %.1f W, %.2f A", o.Name, r.Port, r.Fixture, r.Span(), r.Count, from, to, r.Length, r.Watts, r.Amperes))
		}
	}
	want := []string{
		// 3 × 20 mA at 5 V are 0.3 W a pixel. 168 pixels fit after the gap, and
		// the others are in universe 1.
		"one port 1: a 0…200 (201) 0 / 7 to 1 / 99, 10.00 m, 60.3 W, 12.06 A",
		"one port 2: b 14…5 (10) 8 / 1 to 8 / 30, 0.45 m, 3.0 W, 0.60 A",
		"rest port 1: b 0…4 (5) 1 / 1 to 1 / 15, 0.20 m, 1.5 W, 0.30 A",
		"rest port 1: b 15…20 (6) 1 / 16 to 1 / 33, 0.25 m, 1.8 W, 0.36 A",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("rows\n%s\nexpected\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if s.Supplies[0].Watts < 60 || s.Supplies[0].Fixtures[0] != "a" || len(s.Loose) != 0 {
		t.Errorf("supplies %+v, loose %v", s.Supplies, s.Loose)
	}
	// 1.2 A/m on 0.08 Ω/m lose half a volt after √(2·0.5/(1.2·0.08)) = 3.2 m
	// from one side: two parts of 5 m, fed at their ends.
	if f := fmt.Sprint(s.Outputs[0].Rows[0].Feeds); f != "[0 100 200]" {
		t.Errorf("fed at %s", f)
	}
}

// Wherever feeds are put, no pixel is further from its voltage than allowed.
func TestNoPixelLosesMoreThanAllowed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 900).Draw(t, "pixels")
		pitch := rapid.Float64Range(0.005, 0.2).Draw(t, "pitch")
		amperes := rapid.Float64Range(0.005, 0.1).Draw(t, "amperes")
		volts := rapid.SampledFrom([]float64{5, 12, 24}).Draw(t, "volts")
		o := Options{Loss: 0.1, Ohms: rapid.Float64Range(0.02, 0.2).Draw(t, "ohms")}
		far := make([]float64, n)
		for i := range far {
			far[i] = float64(i) * pitch
		}
		feeds := Feeds(far, amperes, volts, o)
		for i := 1; i < len(feeds); i++ {
			// Of a stretch fed at both ends, the middle: a ladder of resistors,
			// summed pixel by pixel.
			k := feeds[i] - feeds[i-1]
			drop := 0.0
			for j := range k / 2 {
				drop += float64(k/2-j) * amperes * pitch * o.Ohms
			}
			// One pixel and pitch of grace: pixels are whole.
			if grace := float64(k/2+1) * amperes * pitch * o.Ohms; drop > o.Loss*volts*1.1+2*grace {
				t.Fatalf("%v V are lost of %v between the feeds %d and %d", drop, volts, feeds[i-1], feeds[i])
			}
		}
		if len(feeds) > 1 && feeds[len(feeds)-1] != n-1 {
			t.Fatalf("the last feed is at %d of %d", feeds[len(feeds)-1], n)
		}
	})
}

func TestSheetsAreWhole(t *testing.T) {
	s := New(installation(t), Options{})
	var svg, file bytes.Buffer
	if WriteSVG(&svg, s) != nil || WritePDF(&file, s) != nil {
		t.Fatal("a sheet could not be written")
	}
	d := xml.NewDecoder(&svg)
	var text strings.Builder
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if c, ok := tok.(xml.CharData); ok {
			text.Write(c)
		}
	}
	for _, w := range []string{"Two <wires> & a gap", "artnet 10.0.0.1", "sacn multicast", "0, 100, 200", "14…5", "dimmed to stay under"} {
		if !strings.Contains(text.String(), w) {
			t.Errorf("the sheet has no %q", w)
		}
	}
	if !bytes.HasPrefix(file.Bytes(), []byte("%PDF-1.4")) || !bytes.HasSuffix(file.Bytes(), []byte("%%EOF\n")) {
		t.Error("the PDF is not whole")
	}
	var again bytes.Buffer
	WritePDF(&again, s)
	if !bytes.Equal(file.Bytes(), again.Bytes()) {
		t.Error("two sheets of one installation differ")
	}
	// However many feeds there are, all are on the sheet.
	var long []int
	for i := range 60 {
		long = append(long, 1000+i)
	}
	s.Outputs[0].Rows[0].Feeds = long
	svg.Reset()
	WriteSVG(&svg, s)
	for _, n := range long {
		if !strings.Contains(svg.String(), fmt.Sprint(n)) {
			t.Errorf("feed %d is not on the sheet", n)
		}
	}
}
