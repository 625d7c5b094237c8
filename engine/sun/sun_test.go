package sun

import (
	"math"
	"testing"
	"time"
)

// TestSunOfOthers compares with published positions and times.
func TestSunOfOthers(t *testing.T) {
	for _, c := range []struct {
		source   string
		at       time.Time
		lat, lon float64
		want     float64 // elevation, degrees, without refraction
	}{
		// Reda and Andreas, Solar Position Algorithm for Solar Radiation
		// Applications (NREL/TP-560-34302), A.5: zenith 50.11162° with a
		// refraction of 0.016°.
		{"NREL SPA, A.5", time.Date(2003, 10, 17, 19, 30, 30, 0, time.UTC), 39.742476, -105.1786, 90 - 50.11162 - 0.0162},
		// Meeus, example 25.a: 1992 October 13, 0h TD, declination −7.78507°:
		// that is the elevation at the pole.
		{"Meeus, example 25.a", time.Date(1992, 10, 12, 23, 59, 1, 0, time.UTC), 90, 0, -7.78507},
	} {
		s, _ := Position(c.at, c.lat, c.lon)
		if got := math.Asin(s) * 180 / math.Pi; math.Abs(got-c.want) > 0.01 {
			t.Errorf("%s: elevation %.4f°, want %.4f°", c.source, got, c.want)
		}
	}
	// NREL SPA, A.5: sunrise 06:12:43 at UTC−7, with 0.5667° of refraction and
	// 0.26667° of radius.
	zone := time.FixedZone("", -7*3600)
	midday := Noon(2003, 10, 17, -105.1786)
	rise, _ := Crossing(midday, true, -math.Sin(0.8333*math.Pi/180), 39.742476, -105.1786)
	for _, c := range []struct {
		what      string
		got, want time.Time
	}{
		{"sunrise", rise, time.Date(2003, 10, 17, 6, 12, 43, 0, zone)},
		{"transit", midday, time.Date(2003, 10, 17, 11, 46, 4, 0, zone)},
	} {
		if d := c.got.Sub(c.want).Abs(); d > 30*time.Second {
			t.Errorf("%s: %v, want %v", c.what, c.got.In(zone), c.want)
		}
	}
}

// Sunrise and sunset as the US Naval Observatory's and other almanacs print
// them, to the minute that they print.
func TestAlmanacs(t *testing.T) {
	for _, c := range []struct {
		place     string
		lat, lon  float64
		zone      float64 // hours
		y, m, d   int
		rise, set string
	}{
		{"Munich", 48.137, 11.575, 2, 2024, 6, 21, "05:13", "21:17"},
		{"London", 51.507, -0.128, 0, 2024, 12, 21, "08:04", "15:53"},
		{"Sydney", -33.868, 151.209, 11, 2024, 12, 21, "05:41", "20:05"},
		{"New York", 40.713, -74.006, -4, 2024, 3, 20, "06:59", "19:09"},
		{"Tokyo", 35.690, 139.692, 9, 2024, 9, 22, "05:29", "17:39"},
	} {
		zone := time.FixedZone("", int(c.zone*3600))
		midday := Noon(c.y, time.Month(c.m), c.d, c.lon)
		for _, e := range []struct {
			rising bool
			want   string
		}{{true, c.rise}, {false, c.set}} {
			got, how := Crossing(midday, e.rising, Sine(Horizon), c.lat, c.lon)
			clock, _ := time.Parse("15:04", e.want)
			want := time.Date(c.y, time.Month(c.m), c.d, clock.Hour(), clock.Minute(), 0, 0, zone)
			if d := got.Sub(want); how != Crosses || d < -90*time.Second || d > 90*time.Second {
				t.Errorf("%s, rising %v: %v, expected %s", c.place, e.rising, got.In(zone), e.want)
			}
		}
	}
}

func TestSine(t *testing.T) {
	for d := -800.0; d < 800; d += 0.37 {
		if e := math.Abs(Sine(d) - math.Sin(d*math.Pi/180)); e > 4e-15 {
			t.Fatalf("sin %v° is off by %v", d, e)
		}
	}
}
