package installations

import (
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a venue's machine may know no time zones

	"noctiluca/installations/document"
	"noctiluca/installations/format"
)

// Safety is what the light may not do; format.Safety says what each part is.
type Safety struct {
	Places   []Viewer // empty: to be assumed
	Surround Surround
	Glare    Glare
	Watts    float64 // of everything; 0: no limit
	Where    *Where  // nil: nobody said
	Curfews  []Curfew
	Failure  Failure
	Off      []Disabled
}

// Viewer is a place from which people look; At is where their eyes are.
type Viewer struct {
	Name string
	At   [3]float32
	Near float32
}

// Surround is what the light falls on. Area 0 is to be assumed.
type Surround struct{ Area, Reflectance float64 }

// Glare is the cap on each light, cd/m² and W/m²/sr weighted for the
// blue-light hazard.
type Glare struct{ Luminance, Blue float64 }

// Where is a place on Earth, degrees, with its clock.
type Where struct {
	Latitude, Longitude float64
	Zone                *time.Location
}

// Curfew is a rule that holds from one moment of the day to another.
type Curfew struct {
	Name       string
	From, To   Moment
	Dates      []Dates // on which it may begin; empty: every day
	Level      float64
	Luminance  float64 // cd/m²; over 1e6: none
	Melanopic  float64 // melanopic DER; 100: none
	Fade       time.Duration
	FromPreset bool
	Line       int
}

// Moment is a time of the day, by the clock or by the sun.
type Moment struct {
	Sun    bool
	Rising bool          // of the sun: sunrise, dawn
	Below  float64       // degrees of the sun's middle under the horizon
	At     time.Duration // after midnight, or after the sun's moment
}

// Dates is a stretch of the year, both days included; it may pass new year.
type Dates struct{ FromMonth, FromDay, ToMonth, ToDay int }

// Failure is what the light does when there is no program.
type Failure struct {
	Stop   string // dark, fade, hold, scene
	Fade   time.Duration
	Lost   string // dark, hold, scene
	After  time.Duration
	Colour [3]float32
}

// Disabled is a limit that the file turned off, and why.
type Disabled struct{ Limit, Reason string }

// IsOff says whether a limit was turned off: flash, power, glare, curfew.
func (s *Safety) IsOff(limit string) bool {
	for _, d := range s.Off {
		if d.Limit == limit {
			return true
		}
	}
	return false
}

// Feed is where current enters a fixture.
type Feed struct {
	At    float64 // 0…1 along it
	Fuse  float64 // A; 0: none
	Ohms  float64 // of the cable from the supply, there and back
	Cable float64 // its length, m
}

// Copper's resistivity at 20 °C, Ω mm²/m (IEC 60028: 1/58), rounded up as
// electricians do.
const copper = 0.0175

func (m *maker) makeSafety() {
	d := &m.doc.Safety
	s := &m.inst.Safety
	m.index("viewing place", len(d.Places), func(i int) (string, document.Place) { return d.Places[i].Name, d.Places[i].Object.At("name") })
	for i := range d.Places {
		p := &d.Places[i]
		s.Places = append(s.Places, Viewer{Name: p.Name, At: point(p.At), Near: float32(p.Near)})
	}
	s.Surround = Surround{Area: d.Surround.Area, Reflectance: d.Surround.Reflectance}
	s.Glare = Glare{Luminance: d.Glare.Luminance, Blue: d.Glare.Blue}
	s.Watts = d.Watts
	if d.Has("where") {
		w := &Where{Latitude: d.Where.Latitude, Longitude: d.Where.Longitude, Zone: time.UTC}
		zone, err := time.LoadLocation(d.Where.Zone)
		if err != nil || d.Where.Zone == "Local" {
			m.r.Errorf(d.Where.At("zone"), "zone is %q: expected a time zone of the IANA database, e.g. Europe/Berlin", d.Where.Zone)
		} else {
			w.Zone = zone
		}
		s.Where = w
	}
	if d.Preset == "darksky" {
		if s.Where == nil {
			m.r.Errorf(d.At("preset"), "preset darksky: it goes by the sun: give where, with latitude, longitude and zone")
		}
		s.Curfews = append(s.Curfews, DarkSky()...)
	}
	m.index("curfew", len(d.Curfews), func(i int) (string, document.Place) { return d.Curfews[i].Name, d.Curfews[i].At("name") })
	for i := range d.Curfews {
		if c, ok := m.curfew(&d.Curfews[i]); ok {
			s.Curfews = append(s.Curfews, c)
		}
	}
	s.Failure = Failure{Stop: d.Failure.Stop, Fade: seconds(d.Failure.Fade), Lost: d.Failure.Lost, After: seconds(d.Failure.After)}
	for i, v := range d.Failure.Colour {
		s.Failure.Colour[i] = float32(v)
	}
	m.tellControllers(d)
	if (s.Failure.Stop == "scene" || s.Failure.Lost == "scene") && s.Failure.Colour == [3]float32{} {
		m.r.Warnf(d.Failure.Start(), "failure: the safe scene is dark: give its colour")
	}
	for i := range d.Off {
		o := &d.Off[i]
		if o.Limit == "" {
			continue
		}
		reason := strings.TrimSpace(o.Reason)
		if len(reason) < 10 {
			m.r.Errorf(o.At("reason"), "reason is %q: say in a sentence why the limit %s may be off, and who answers for it", o.Reason, o.Limit)
			continue
		}
		s.Off = append(s.Off, Disabled{o.Limit, reason})
		m.r.Warnf(o.Start(), "the limit %s is off: %s", o.Limit, reason)
	}
}

// tellControllers sets what outputs that can tell their controller how to
// fail are to say, where the output says nothing of its own.
func (m *maker) tellControllers(d *format.Safety) {
	for i := range m.doc.Outputs {
		from := &m.doc.Outputs[i]
		for k := range m.inst.Outputs {
			o := &m.inst.Outputs[k]
			if o.Line != from.Start().Line || o.Name != from.Name {
				continue
			}
			switch o.Protocol {
			case "artnet":
				if d.Failure.Has("lost") && !from.Has("failsafe") {
					o.Failsafe = map[string]string{"dark": "zero", "hold": "hold", "scene": "scene"}[d.Failure.Lost]
				}
			case "wled":
				if d.Failure.Has("after") && !from.Has("timeout") {
					o.Timeout = int(d.Failure.After + 0.5)
				}
			}
		}
	}
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func (m *maker) curfew(d *format.Curfew) (Curfew, bool) {
	c := Curfew{Name: d.Name, Level: d.Level, Luminance: d.Luminance, Melanopic: d.Melanopic, Fade: seconds(d.Fade), Line: d.Start().Line}
	ok := true
	for _, k := range []struct {
		key, text string
		to        *Moment
	}{{"from", d.From, &c.From}, {"to", d.To, &c.To}} {
		if k.text == "" {
			ok = false
			continue
		}
		moment, good := ParseMoment(k.text)
		if !good {
			m.r.Errorf(d.At(k.key), "%s is %q: expected a time as 22:30, or sunset, sunrise, civil dusk, nautical dawn …, with an offset as +00:30 or without", k.key, k.text)
			ok = false
		}
		if moment.Sun && m.inst.Safety.Where == nil {
			m.r.Errorf(d.At(k.key), "%s is %q: that goes by the sun: give safety.where", k.key, k.text)
			ok = false
		}
		*k.to = moment
	}
	for i, text := range d.Dates {
		days, good := parseDates(text)
		if !good {
			m.r.Errorf(d.Item("dates", i), "dates: %q: expected two days of the year, month first, as 03-15..07-31", text)
			ok = false
		}
		c.Dates = append(c.Dates, days)
	}
	if d.Level == 1 && d.Luminance >= 1e6 && d.Melanopic >= 100 {
		m.r.Warnf(d.Start(), "curfew %s changes nothing: give level, luminance or melanopic", d.Name)
	}
	return c, ok
}

// ParseMoment reads a time of the day: a clock's, or the sun's with an offset.
// Sunrise and sunset are at 50' under the horizon, for refraction and the
// sun's radius; civil, nautical and astronomical twilight end at 6°, 12° and
// 18° (US Naval Observatory, Rise, Set, and Twilight Definitions).
func ParseMoment(text string) (Moment, bool) {
	if at, ok := clock(text); ok {
		return Moment{At: at}, at < 24*time.Hour
	}
	var m Moment
	name := text
	if i := strings.LastIndexAny(text, "+-"); i > 0 {
		offset, ok := clock(text[i+1:])
		if !ok || offset > 12*time.Hour {
			return Moment{}, false
		}
		if text[i] == '-' {
			offset = -offset
		}
		m.At, name = offset, strings.TrimSpace(text[:i])
	}
	m.Sun = true
	switch name {
	case "sunset", "sunrise":
		m.Below = 50.0 / 60
	case "civil dusk", "civil dawn":
		m.Below = 6
	case "nautical dusk", "nautical dawn":
		m.Below = 12
	case "astronomical dusk", "astronomical dawn":
		m.Below = 18
	default:
		return Moment{}, false
	}
	m.Rising = name == "sunrise" || strings.HasSuffix(name, "dawn")
	return m, true
}

// clock reads HH:MM.
func clock(s string) (time.Duration, bool) {
	h, mm, ok := strings.Cut(s, ":")
	hours, err1 := strconv.Atoi(h)
	minutes, err2 := strconv.Atoi(mm)
	if !ok || err1 != nil || err2 != nil || len(mm) != 2 || len(h) == 0 || len(h) > 2 || hours < 0 || hours > 23 || minutes < 0 || minutes > 59 {
		return 0, false
	}
	return time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute, true
}

func parseDates(s string) (Dates, bool) {
	a, b, ok := strings.Cut(s, "..")
	m1, d1, ok1 := day(a)
	m2, d2, ok2 := day(b)
	return Dates{m1, d1, m2, d2}, ok && ok1 && ok2
}

// day reads MM-DD; 02-29 is a day.
func day(s string) (month, dayOf int, ok bool) {
	t, err := time.Parse("2006-01-02", "2024-"+s)
	return int(t.Month()), t.Day(), err == nil
}

// DarkSky is the preset: DarkSky International's five principles for
// responsible outdoor lighting. Useful and controlled: no light after 23:00.
// Low level: from civil dusk on no light over 100 cd/m². Warm colour: from
// then on no more melanopic content than a black body of 2200 K has, a
// daylight efficacy ratio of 0.34 (CIE S 026). Targeted is for who builds it:
// the report says so.
func DarkSky() []Curfew {
	dusk := Moment{Sun: true, Below: 6}
	dawn := Moment{Sun: true, Below: 6, Rising: true}
	return []Curfew{
		{Name: "darksky-warm-and-low", From: dusk, To: dawn, Level: 1, Luminance: 100, Melanopic: 0.34, Fade: 10 * time.Minute, FromPreset: true},
		{Name: "darksky-dark", From: Moment{At: 23 * time.Hour}, To: dawn, Level: 0, Luminance: 1e7, Melanopic: 100, Fade: 10 * time.Minute, FromPreset: true},
	}
}
