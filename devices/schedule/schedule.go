// Package schedule says when a show is open: by the clock, and by the sun.
//
// It reads no clock: it is told the time, in the time zone that is meant. The
// one idea it owns: a span belongs to the day on which it begins, so that
// "sat sunset..02:00" ends on Sunday.
package schedule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Schedule is the spans in which a show is open. It does not change once
// made, so any number of goroutines may use it.
type Schedule struct {
	spans []span
	place *Place
}

// Place is where the sun is meant: degrees, north and east positive.
type Place struct{ Latitude, Longitude float64 }

// span is a stretch of time on some days of the week.
type span struct {
	days     [7]bool // by time.Weekday
	from, to moment
}

// moment is an instant of a day.
type moment struct {
	sun    string        // sunrise, sunset, or empty for the clock
	offset time.Duration // from the sun's event, or from midnight by the clock
}

// New reads spans, each of the form [DAYS ]FROM..TO. FROM and TO are a time of
// the clock, 18:30, or sunset or sunrise with or without an offset:
// sunset-15m, sunrise+1h30m. DAYS are names of three letters with commas and
// ranges: mon-fri or sat,sun. A span whose end is not after its beginning ends
// on the next day. place may be nil when no span names the sun.
func New(texts []string, place *Place) (*Schedule, error) {
	s := &Schedule{place: place}
	if place != nil && !(place.Latitude >= -90 && place.Latitude <= 90 && place.Longitude >= -180 && place.Longitude <= 180) {
		return nil, fmt.Errorf("place %v, %v: expected a latitude of −90…90 and a longitude of −180…180 degrees", place.Latitude, place.Longitude)
	}
	for _, t := range texts {
		sp, err := parse(t)
		if err != nil {
			return nil, fmt.Errorf("hours %q: %w", t, err)
		}
		if place == nil && (sp.from.sun != "" || sp.to.sun != "") {
			return nil, fmt.Errorf("hours %q: the sun's times need a place", t)
		}
		s.spans = append(s.spans, sp)
	}
	return s, nil
}

// ParsePlace reads LATITUDE,LONGITUDE in degrees, e.g. 48.137,11.575.
func ParsePlace(text string) (*Place, error) {
	lat, lon, ok := strings.Cut(text, ",")
	a, err1 := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	b, err2 := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	if !ok || err1 != nil || err2 != nil || !(a >= -90 && a <= 90 && b >= -180 && b <= 180) {
		return nil, fmt.Errorf("place %q: expected LATITUDE,LONGITUDE in degrees, north and east positive, e.g. 48.137,11.575", text)
	}
	return &Place{a, b}, nil
}

func parse(text string) (span, error) {
	var sp span
	days, hours, two := strings.Cut(strings.TrimSpace(text), " ")
	if !two {
		days, hours = "mon-sun", days
	}
	if err := sp.parseDays(days); err != nil {
		return sp, err
	}
	from, to, ok := strings.Cut(strings.TrimSpace(hours), "..")
	if !ok {
		return sp, fmt.Errorf("%q: expected FROM..TO, e.g. 18:00..23:30 or sunset..sunrise", hours)
	}
	var err error
	if sp.from, err = parseMoment(from); err != nil {
		return sp, err
	}
	sp.to, err = parseMoment(to)
	return sp, err
}

var dayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func (sp *span) parseDays(text string) error {
	for _, part := range strings.Split(strings.ToLower(text), ",") {
		a, b, isRange := strings.Cut(part, "-")
		if !isRange {
			b = a
		}
		first, last := slices.Index(dayNames, a), slices.Index(dayNames, b)
		if first < 0 || last < 0 {
			return fmt.Errorf("day %q: expected mon tue wed thu fri sat sun, with commas, or a range such as mon-fri", part)
		}
		for d := first; ; d = (d + 1) % 7 {
			sp.days[d] = true
			if d == last {
				break
			}
		}
	}
	return nil
}

func parseMoment(text string) (moment, error) {
	for _, sun := range []string{"sunrise", "sunset"} {
		rest, ok := strings.CutPrefix(strings.ToLower(text), sun)
		if !ok {
			continue
		}
		m := moment{sun: sun}
		if rest == "" {
			return m, nil
		}
		d, err := time.ParseDuration(rest)
		if err != nil || rest[0] != '+' && rest[0] != '-' || d < -12*time.Hour || d > 12*time.Hour {
			return m, fmt.Errorf("%q: expected %s with an offset of up to 12 hours, e.g. %s-15m or %s+1h30m", text, sun, sun, sun)
		}
		m.offset = d
		return m, nil
	}
	h, mi, ok := strings.Cut(text, ":")
	hour, err1 := strconv.ParseUint(h, 10, 8)
	minute, err2 := strconv.ParseUint(mi, 10, 8)
	if !ok || err1 != nil || err2 != nil || len(mi) != 2 || minute > 59 || hour > 24 || hour == 24 && minute > 0 {
		return moment{}, fmt.Errorf("%q: expected a time such as 18:30, or sunset or sunrise", text)
	}
	return moment{offset: time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute}, nil
}

// Open says whether an instant lies in a span. Without spans it is always
// open.
func (s *Schedule) Open(t time.Time) bool {
	if len(s.spans) == 0 {
		return true
	}
	for _, sp := range s.spans {
		for back := range 2 { // a span of the day before may reach into this one
			day := time.Date(t.Year(), t.Month(), t.Day()-back, 0, 0, 0, 0, t.Location())
			if !sp.days[day.Weekday()] {
				continue
			}
			from, ok1 := s.at(sp.from, day)
			to, ok2 := s.at(sp.to, day)
			if ok1 && ok2 && !to.After(from) {
				to, ok2 = s.at(sp.to, day.AddDate(0, 0, 1))
			}
			if ok1 && ok2 && !t.Before(from) && t.Before(to) {
				return true
			}
		}
	}
	return false
}

// Next is the instant, within eight days and to the minute, at which Open
// changes; false when it does not.
func (s *Schedule) Next(t time.Time) (time.Time, bool) {
	now := s.Open(t)
	t = t.Truncate(time.Minute)
	for range 8 * 24 * 60 {
		t = t.Add(time.Minute)
		if s.Open(t) != now {
			return t, true
		}
	}
	return time.Time{}, false
}

// at is a moment of a day; false when there is none, as sunset in the summer
// of the far north.
func (s *Schedule) at(m moment, day time.Time) (time.Time, bool) {
	if m.sun == "" {
		// By the clock on the wall, also on days of 23 or 25 hours.
		return time.Date(day.Year(), day.Month(), day.Day(), int(m.offset/time.Hour), int(m.offset/time.Minute)%60, 0, 0, day.Location()), true
	}
	rise, set, ok := Sun(day, *s.place)
	if m.sun == "sunrise" {
		return rise.Add(m.offset), ok
	}
	return set.Add(m.offset), ok
}
