package schedule

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// Sunrise and sunset as almanacs print them, to two minutes.
func TestTheSunRisesWhenAlmanacsSay(t *testing.T) {
	for _, c := range []struct {
		zone      string
		p         Place
		date      string
		rise, set string
	}{
		{"Europe/Berlin", Place{48.137, 11.575}, "2024-06-21", "05:13", "21:17"},
		{"Europe/London", Place{51.507, -0.128}, "2024-12-21", "08:04", "15:53"},
		{"Australia/Sydney", Place{-33.868, 151.209}, "2024-12-21", "05:41", "20:05"},
		{"America/New_York", Place{40.713, -74.006}, "2024-03-20", "06:59", "19:09"},
		{"Asia/Tokyo", Place{35.690, 139.692}, "2024-09-22", "05:29", "17:39"},
	} {
		z := zone(t, c.zone)
		day, _ := time.ParseInLocation("2006-01-02", c.date, z)
		rise, set, ok := Sun(day, c.p)
		if !ok {
			t.Fatal(c, "no sun")
		}
		for _, e := range []struct {
			got  time.Time
			want string
		}{{rise, c.rise}, {set, c.set}} {
			want, _ := time.ParseInLocation("2006-01-02 15:04", c.date+" "+e.want, z)
			if d := e.got.Sub(want); d < -2*time.Minute || d > 2*time.Minute {
				t.Errorf("%s %s: %v, expected %s", c.zone, c.date, e.got.Format("15:04:05"), e.want)
			}
		}
	}
}

func TestTheFarNorth(t *testing.T) {
	tromso := Place{69.65, 18.96}
	z := zone(t, "Europe/Oslo")
	if _, _, ok := Sun(time.Date(2024, 6, 21, 0, 0, 0, 0, z), tromso); ok {
		t.Error("the midsummer sun sets")
	}
	rise, set, ok := Sun(time.Date(2024, 12, 21, 0, 0, 0, 0, z), tromso)
	if !ok || rise != set || rise.Hour() != 11 {
		t.Errorf("midwinter: %v to %v", rise, set)
	}
	s, err := New([]string{"sunset..23:00"}, &tromso)
	if err != nil {
		t.Fatal(err)
	}
	if s.Open(time.Date(2024, 6, 21, 22, 30, 0, 0, z)) || !s.Open(time.Date(2024, 12, 21, 13, 0, 0, 0, z)) {
		t.Error("closed in the midnight sun, open from noon in the polar night")
	}
}

func TestOpen(t *testing.T) {
	z := zone(t, "Europe/Berlin")
	munich := &Place{48.137, 11.575}
	// 2024-06-21 is a Friday: sunset at 21:17. 2024-10-27 has 25 hours.
	for _, c := range []struct {
		hours string
		at    string
		want  bool
	}{
		{"18:00..23:30", "2024-06-21 17:59", false},
		{"18:00..23:30", "2024-06-21 18:00", true},
		{"18:00..23:30", "2024-06-21 23:30", false},
		{"fri 22:00..02:00", "2024-06-22 01:59", true},
		{"fri 22:00..02:00", "2024-06-22 22:30", false},
		{"fri 22:00..02:00", "2024-06-21 01:00", false},
		{"sat,sun 10:00..12:00", "2024-06-22 11:00", true},
		{"sat-mon 10:00..12:00", "2024-06-24 11:00", true},
		{"mon-fri 10:00..12:00", "2024-06-22 11:00", false},
		{"sunset-15m..23:00", "2024-06-21 21:00", false},
		{"sunset-15m..23:00", "2024-06-21 21:05", true},
		{"sunset..sunrise", "2024-06-22 04:30", true},
		{"sunset..sunrise", "2024-06-22 05:30", false},
		{"20:00..24:00", "2024-06-21 23:59", true},
		{"00:00..00:00", "2024-06-21 12:00", true}, // ends on the next day: all day
		{"08:00..09:00", "2024-10-27 08:30", true},
		{"08:00..09:00", "2024-10-27 09:01", false},
	} {
		s, err := New([]string{c.hours}, munich)
		if err != nil {
			t.Fatal(err)
		}
		at, _ := time.ParseInLocation("2006-01-02 15:04", c.at, z)
		if got := s.Open(at); got != c.want {
			t.Errorf("%s at %s: %v", c.hours, c.at, got)
		}
	}
}

func TestNext(t *testing.T) {
	s, _ := New([]string{"sat 20:00..22:00"}, nil)
	from := time.Date(2024, 6, 21, 12, 0, 30, 0, time.UTC)
	at, ok := s.Next(from)
	if !ok || at != time.Date(2024, 6, 22, 20, 0, 0, 0, time.UTC) {
		t.Errorf("next is %v, %v", at, ok)
	}
	always, _ := New(nil, nil)
	if _, ok := always.Next(from); ok || !always.Open(from) {
		t.Error("without hours it is always open")
	}
}

func TestHoursThatCannotBeRead(t *testing.T) {
	for text, says := range map[string]string{
		"18:00": "expected FROM..TO", "25:00..26:00": "expected a time", "18:60..19:00": "expected a time", "18:5..19:00": "expected a time",
		"sunset*2..23:00": "with an offset", "sunset+13h..23:00": "up to 12 hours", "monday 18:00..19:00": `day "monday"`, "fri-fry 1:00..2:00": "day", "": "expected FROM..TO",
	} {
		if _, err := New([]string{text}, &Place{}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, expected %s", text, err, says)
		}
	}
	if _, err := New([]string{"sunset..23:00"}, nil); err == nil || !strings.Contains(err.Error(), "place") {
		t.Errorf("the sun without a place: %v", err)
	}
	for _, text := range []string{"", "1", "91,0", "0,181", "a,b", "nan,0"} {
		if p, err := ParsePlace(text); err == nil {
			t.Errorf("place %q is %v", text, p)
		}
	}
}

func FuzzNew(f *testing.F) {
	f.Add("sat,sun sunset-15m..02:00")
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := New([]string{text}, &Place{48, 11}); err == nil {
			s.Open(time.Unix(1.7e9, 0))
		}
	})
}

// East of the date line the calendar is a day ahead of the sun.
func TestTheSunOfKiritimati(t *testing.T) {
	z := time.FixedZone("Line Islands", 14*3600)
	rise, set, ok := Sun(time.Date(2024, 3, 20, 0, 0, 0, 0, z), Place{1.87, -157.4})
	if !ok || rise.Day() != 20 || rise.Hour() != 6 || set.Day() != 20 || set.Hour() != 18 {
		t.Errorf("%v to %v, expected about 06:30 to 18:40 of the 20th", rise, set)
	}
}
