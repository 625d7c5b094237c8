package night

import (
	"math"
	"testing"
	"time"

	"noctiluca/engine/sun"
	"noctiluca/installations"
)

func place(t *testing.T, lat, lon float64, zone string) *installations.Where {
	z, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return &installations.Where{Latitude: lat, Longitude: lon, Zone: z}
}

func moment(t *testing.T, s string) installations.Moment {
	m, ok := installations.ParseMoment(s)
	if !ok {
		t.Fatal(s)
	}
	return m
}

// TestAYear simulates a year, minute by minute, at four latitudes, with
// polar day and night and the changes of the clocks, against the definition:
// a curfew from sunset to sunrise holds just when the sun is down, one by the
// clock just when the wall clock says so.
func TestAYear(t *testing.T) {
	for _, c := range []struct {
		name     string
		lat, lon float64
		zone     string
		// Days with no sunset and with no sunrise; clock changes.
		polarDays, polarNights bool
		changes                int
	}{
		{"Tromsø", 69.65, 18.96, "Europe/Oslo", true, true, 2},
		{"Hamburg", 53.55, 9.99, "Europe/Berlin", false, false, 2},
		{"Singapore", 1.35, 103.82, "Asia/Singapore", false, false, 0},
		{"Hobart", -42.88, 147.33, "Australia/Hobart", false, false, 2},
	} {
		where := place(t, c.lat, c.lon, c.zone)
		n := New([]installations.Curfew{
			{Name: "sun", From: moment(t, "sunset"), To: moment(t, "sunrise"), Level: 0, Luminance: 1e7, Melanopic: 100},
			{Name: "clock", From: moment(t, "22:30"), To: moment(t, "06:00"), Level: 0.5, Luminance: 1e7, Melanopic: 100},
			{Name: "mixed", From: moment(t, "22:00"), To: moment(t, "civil dawn"), Level: 0.7, Luminance: 1e7, Melanopic: 100, Fade: 10 * time.Minute},
			{Name: "owls", From: moment(t, "sunset+00:30"), To: moment(t, "04:00"), Dates: []installations.Dates{{FromMonth: 11, FromDay: 15, ToMonth: 2, ToDay: 1}}, Level: 0.2, Luminance: 1e7, Melanopic: 100},
		}, where)
		start := time.Date(2026, 1, 1, 0, 0, 0, 0, where.Zone)
		end := time.Date(2027, 1, 1, 0, 0, 0, 0, where.Zone)
		horizon := -math.Sin(50.0 / 60 * math.Pi / 180)
		minutes, wrong, changes := 0, 0, 0
		_, offset := start.Zone()
		wasDark, sinceChange, longestDark, longestLight := true, 0, 0, 0
		owls, owlsOutside := 0, 0
		for at := start; at.Before(end); at = at.Add(2 * time.Minute) {
			minutes += 2
			n.At(at)
			if _, o := at.Zone(); o != offset {
				offset = o
				changes++
			}
			s, _ := sun.Position(at, c.lat, c.lon)
			before, _ := sun.Position(at.Add(-2*time.Minute), c.lat, c.lon)
			after, _ := sun.Position(at.Add(2*time.Minute), c.lat, c.lon)
			dark := s < horizon
			edge := (before < horizon) != (after < horizon)
			if got := n.Strength(0) == 1; got != dark && !edge {
				wrong++
				if wrong < 4 {
					t.Errorf("%s, %v: the sun stands at %.2f°, curfew %v", c.name, at, math.Asin(s)*180/math.Pi, got)
				}
			}
			if dark == wasDark {
				sinceChange += 2
			} else {
				wasDark, sinceChange = dark, 0
			}
			if dark {
				longestDark = max(longestDark, sinceChange)
			} else {
				longestLight = max(longestLight, sinceChange)
			}
			h, m, _ := at.Clock()
			inClock := h*60+m >= 22*60+30 || h < 6
			if got := n.Strength(1) == 1; got != inClock {
				t.Fatalf("%s, %v: the clock's curfew is %v", c.name, at, got)
			}
			// Mixed: from 22:00 on until dawn, whatever the season.
			if h >= 22 && n.Strength(2) < 1 {
				mid := sun.Noon(at.Year(), at.Month(), at.Day(), c.lon)
				if _, how := sun.Crossing(mid.Add(24*time.Hour), true, -math.Sin(6*math.Pi/180), c.lat, c.lon); how == sun.Crosses {
					t.Fatalf("%s, %v: 22 to civil dawn is in force to %v", c.name, at, n.Strength(2))
				}
			}
			if n.Strength(3) > 0 {
				owls += 2
				if m := at.Month(); m > 2 && m < 11 {
					owlsOutside++
				}
			}
		}
		if changes != c.changes {
			t.Errorf("%s: %d changes of the clock, want %d", c.name, changes, c.changes)
		}
		if (longestLight > 48*60) != c.polarDays || (longestDark > 48*60) != c.polarNights {
			t.Errorf("%s: at most %d h of light and %d h of dark", c.name, longestLight/60, longestDark/60)
		}
		if owls == 0 || owlsOutside > 0 {
			t.Errorf("%s: the season's curfew held for %d minutes, %d of them out of season", c.name, owls, owlsOutside)
		}
		t.Logf("%s: %d minutes, longest light %d h, longest dark %d h, %d clock changes, %d minutes wrong", c.name, minutes, longestLight/60, longestDark/60, changes, wrong)
	}
}

// TestFade: light goes before a curfew and comes after it, slowly, and a
// clock that jumps is followed, not obeyed at once.
func TestFade(t *testing.T) {
	zone := time.UTC
	n := New([]installations.Curfew{{From: moment(t, "22:00"), To: moment(t, "05:00"), Level: 0, Luminance: 200, Melanopic: 0.4, Fade: 10 * time.Minute}}, nil)
	last := Free
	day := time.Date(2026, 3, 3, 12, 0, 0, 0, zone)
	for s := 0; s < 24*3600; s++ {
		at := day.Add(time.Duration(s) * time.Second)
		got := n.At(at)
		if math.Abs(float64(got.Level-last.Level)) > 1.01/600 && s > 0 {
			t.Fatalf("%v: level from %v to %v in a second", at, last.Level, got.Level)
		}
		last = got
		switch {
		case at.Hour() >= 22 || at.Hour() < 5:
			if got.Level != 0 || got.Luminance != 200 || got.Melanopic != 0.4 {
				t.Fatalf("%v: %+v", at, got)
			}
		case at.Hour() > 5 && at.Hour() < 21:
			if got != Free {
				t.Fatalf("%v: %+v", at, got)
			}
		}
	}
	n = New(n.rules, nil)
	n.At(day)
	n.last = day.Add(11*time.Hour - time.Second) // a second passed, and the clock was set
	if got := n.At(day.Add(11 * time.Hour)); got.Level < 0.85 || got.Level > 0.95 {
		t.Errorf("a second after the clock was set to the night: level %v, want a tenth less", got.Level)
	}
	if k := testing.AllocsPerRun(20, func() { n.At(day) }); k != 0 {
		t.Errorf("At allocates %v times", k)
	}
}
