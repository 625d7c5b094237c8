package heartrate

import (
	"encoding/hex"
	"math"
	"testing"
)

func TestNotifications(t *testing.T) {
	for _, c := range []struct {
		bytes string
		want  Measurement
		rr    []float64
		good  bool
	}{
		// Two notifications of real straps, as printed in questions about them.
		{"164d1603", Measurement{Rate: 77, ContactKnown: true, ContactOn: true, Energy: -1}, []float64{771.484375}, true},
		{"103b5304", Measurement{Rate: 59, Energy: -1}, []float64{1081.0546875}, true},
		{"0048", Measurement{Rate: 72, Energy: -1}, nil, true},
		{"01f000", Measurement{Rate: 240, Energy: -1}, nil, true},
		{"0c480100", Measurement{Rate: 72, ContactKnown: true, Energy: 1}, nil, false}, // not on skin
		{"1e46e80300040002", Measurement{Rate: 70, ContactKnown: true, ContactOn: true, Energy: 1000}, []float64{1000, 500}, true},
		{"0000", Measurement{Energy: -1}, nil, false},
	} {
		b, err := hex.DecodeString(c.bytes)
		if err != nil {
			t.Fatal(err)
		}
		var m Measurement
		if err := m.Parse(b); err != nil {
			t.Errorf("%s: %v", c.bytes, err)
			continue
		}
		for i, x := range c.rr {
			if i < m.Count && math.Abs(m.Intervals[i]-x) > 1e-9 {
				t.Errorf("%s: interval %d is %v ms, want %v", c.bytes, i, m.Intervals[i], x)
			}
		}
		if m.Count != len(c.rr) || m.Good() != c.good {
			t.Errorf("%s: %d intervals, good %v; want %d, %v", c.bytes, m.Count, m.Good(), len(c.rr), c.good)
		}
		m.Intervals, m.Count = [MaxIntervals]float64{}, 0
		if m != c.want {
			t.Errorf("%s: %+v, want %+v", c.bytes, m, c.want)
		}
	}
	for _, bad := range []string{"", "00", "0100", "0148", "084801", "104801", "1c48e803ff"} {
		b, _ := hex.DecodeString(bad)
		var m Measurement
		if err := m.Parse(b); err == nil {
			t.Errorf("%q was read as %+v", bad, m)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte{0x16, 0x4d, 0x16, 0x03})
	f.Fuzz(func(t *testing.T, b []byte) {
		var m Measurement
		if m.Parse(b) == nil && (m.Rate < 0 || m.Rate > 65535 || m.Count < 0 || m.Count > MaxIntervals) {
			t.Errorf("%x gives %+v", b, m)
		}
	})
}
