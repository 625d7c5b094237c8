package schedule

import (
	"time"

	"noctiluca/engine/sun"
)

// Sun gives sunrise and sunset of the calendar day on which t lies, in t's
// time zone, to about a minute between the polar circles. Where the sun does
// not rise that day both are noon; where it does not set ok is false.
func Sun(t time.Time, p Place) (rise, set time.Time, ok bool) {
	y, m, d := t.Date()
	// The noon of that day is that of the day before or after by the sun where
	// the clocks are far from it, as east of the date line.
	midday := sun.Noon(y, m, d, p.Longitude)
	for _, k := range []int{-1, 1} {
		if at := sun.Noon(y, m, d+k, p.Longitude); at.In(t.Location()).Day() == d {
			midday = at
		}
	}
	height := sun.Sine(sun.Horizon)
	rise, up := sun.Crossing(midday, true, height, p.Latitude, p.Longitude)
	set, down := sun.Crossing(midday, false, height, p.Latitude, p.Longitude)
	return rise.In(t.Location()), set.In(t.Location()), up != sun.StaysUp && down != sun.StaysUp
}
